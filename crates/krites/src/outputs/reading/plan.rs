//! Which outputs the fields of a type take, found once.

use krites_lang::ir::OutputSource;
use krites_lang::{OutputId, Program, Ty, did_you_mean};

use super::super::error::{OutputsError, OutputsProblem};
use super::super::value;
use super::Output;

/// Where a plain value comes from
#[derive(Clone, Copy, Debug)]
pub(super) enum From {
    Output(OutputId),
    Outcome,
}

/// One thing that values come from, in the order of the fields
#[derive(Clone, Debug)]
pub(super) enum Step {
    Value {
        from: From,
        name: Box<str>,
        ty: Ty,
    },
    /// What is `None` where all these outputs are missing; so many steps behind this are its
    Maybe {
        outputs: Box<[OutputId]>,
        steps: usize,
    },
}

/// Which outputs the fields of a type take
#[derive(Debug)]
pub(crate) struct Reading {
    pub(super) steps: Box<[Step]>,
}

/// What a host's type takes
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Whole,
    Number,
    Boolean,
    Text,
    Label,
    Date,
    DateTime,
    Duration,
    Exact,
    /// What its `Deserialize` makes of it
    Any,
}

impl Takes {
    fn words(self) -> &'static str {
        match self {
            Takes::Whole => "a whole number of its width",
            Takes::Number | Takes::Exact => "a number",
            Takes::Boolean => "a boolean",
            Takes::Text => "a text",
            Takes::Label => "a label",
            Takes::Date => "a date",
            Takes::DateTime => "a datetime",
            Takes::Duration => "a duration",
            Takes::Any => "a value",
        }
    }

    /// Tells whether values of an output may be taken, be it some of them only.
    fn fits(self, ty: Ty) -> bool {
        match self {
            Takes::Whole | Takes::Number | Takes::Exact => ty.is_number() || ty == Ty::Float,
            Takes::Boolean => ty == Ty::Boolean,
            Takes::Text => !matches!(ty, Ty::Boolean | Ty::Float),
            Takes::Label => matches!(ty, Ty::Enum(_) | Ty::Text),
            Takes::Date => ty == Ty::Date,
            Takes::DateTime => ty == Ty::DateTime,
            Takes::Duration => ty == Ty::Duration,
            Takes::Any => true,
        }
    }
}

/// Finds which outputs the fields of a type take: it is told of each of them in order.
#[derive(Debug)]
pub struct Plan<'p> {
    program: &'p Program,
    /// Dotted name of the record or value at hand; empty for all outputs
    at: String,
    /// Whether it is an element of a list
    of_list: bool,
    steps: Vec<Step>,
    /// The first thing that does not fit
    error: Option<OutputsError>,
}

impl Reading {
    /// Finds which outputs `T` takes.
    ///
    /// # Errors
    ///
    /// [`OutputsError`] where a field is no output, or its type takes none of its values.
    pub(crate) fn of<T: Output>(program: &Program) -> Result<Reading, OutputsError> {
        let mut plan = Plan {
            program,
            at: String::new(),
            of_list: false,
            steps: Vec::new(),
            error: None,
        };
        T::plan(&mut plan);
        match plan.error {
            Some(error) => Err(error),
            None => Ok(Reading {
                steps: plan.steps.into(),
            }),
        }
    }
}

impl Plan<'_> {
    /// Says that the value is a record, and its fields.
    pub fn record(&mut self, fields: impl FnOnce(&mut Self)) {
        if !self.at.is_empty() && self.from().is_some() {
            return self.refuse_type("a record");
        }
        fields(self);
    }

    /// Says that a record has a field of this name, which may be dotted.
    pub fn field<T: Output>(&mut self, name: &'static str) {
        self.within(name, T::plan);
    }

    /// Says that a record has a field that its own `Deserialize` reads.
    pub fn field_deserialized(&mut self, name: &'static str) {
        self.within(name, |plan| plan.value(Takes::Any));
    }

    fn within(&mut self, name: &str, plan: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        if length > 0 {
            self.at.push('.');
        }
        self.at += name;
        plan(self);
        self.at.truncate(length);
    }

    /// Says that the value is a label, one of these by their text on the wire.
    pub fn labels(&mut self, variants: &'static [&'static str]) {
        let Some((_, ty)) = self.value_of(Takes::Label) else {
            return;
        };
        let Ty::Enum(id) = ty else {
            return;
        };
        let labels = &self.program.policy().enums[id].labels;
        let lacking = labels
            .iter()
            .find(|label| !variants.contains(&&*label.wire));
        if let Some(label) = lacking {
            let known: Vec<String> = variants.iter().map(|known| format!("`{known}`")).collect();
            let detail = format!(
                "its label `{}` is not among {}",
                label.wire,
                known.join(", ")
            );
            let output = self.at.clone();
            self.refuse(OutputsProblem::Refused { output, detail });
        }
    }

    /// Says that the value is a plain one.
    pub(super) fn value(&mut self, takes: Takes) {
        self.value_of(takes);
    }

    fn value_of(&mut self, takes: Takes) -> Option<(From, Ty)> {
        let Some((from, ty, is_list)) = self.from() else {
            self.unknown(takes);
            return None;
        };
        let whole_list = is_list && !self.of_list && takes != Takes::Any;
        if whole_list || !takes.fits(ty) {
            self.refuse_type(takes.words());
            return None;
        }
        self.steps.push(Step::Value {
            from,
            name: self.at.as_str().into(),
            ty,
        });
        Some((from, ty))
    }

    /// Says that the value may be missing.
    pub(super) fn optional<T: Output>(&mut self) {
        if T::SCALAR {
            return T::plan(self);
        }
        let at = self.steps.len();
        let outputs = self.program.policy().outputs.iter_ids();
        let inside = outputs.filter(|(_, output)| {
            let rest = output.name.strip_prefix(&*self.at);
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        let outputs = inside.map(|(id, _)| id).collect();
        self.steps.push(Step::Maybe { outputs, steps: 0 });
        T::plan(self);
        let count = self.steps.len() - at - 1;
        if let Some(Step::Maybe { steps, .. }) = self.steps.get_mut(at) {
            *steps = count;
        }
    }

    /// Says that the value is a list of such values.
    pub(super) fn list<T: Output>(&mut self) {
        match self.from() {
            Some((_, _, true)) if T::SCALAR && !self.of_list => {
                self.of_list = true;
                T::plan(self);
                self.of_list = false;
            }
            Some(_) => self.refuse_type("a sequence"),
            None => self.unknown(Takes::Any),
        }
    }

    /// Where the value at hand comes from, its type, and whether it is a list
    fn from(&self) -> Option<(From, Ty, bool)> {
        let policy = self.program.policy();
        let mut outputs = policy.outputs.iter_ids();
        if let Some((id, output)) = outputs.find(|(_, output)| *output.name == *self.at) {
            let is_list = matches!(output.value, OutputSource::Rows(..));
            return Some((From::Output(id), output.ty.ty, is_list));
        }
        let decide = &policy.decide;
        (*decide.name == *self.at).then_some((From::Outcome, Ty::Enum(decide.ty), false))
    }

    fn unknown(&mut self, takes: Takes) {
        let outputs = &self.program.policy().outputs;
        let field = self.at.clone();
        let inside = |name: &str| {
            let rest = name.strip_prefix(&*field);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        if outputs.iter().any(|output| inside(&output.name)) {
            return self.refuse(OutputsProblem::Type {
                output: field,
                expected: takes.words().to_owned(),
                got: "a record".to_owned(),
            });
        }
        let names = outputs.iter().map(|output| &*output.name);
        let near = did_you_mean(&field, names).map(str::to_owned);
        self.refuse(OutputsProblem::Unknown { field, near });
    }

    fn refuse_type(&mut self, expected: &str) {
        let Some((_, ty, is_list)) = self.from() else {
            return;
        };
        let got = match is_list && !self.of_list {
            true => "a list".to_owned(),
            false => value::words(self.program, ty),
        };
        self.refuse(OutputsProblem::Type {
            output: self.at.clone(),
            expected: expected.to_owned(),
            got,
        });
    }

    fn refuse(&mut self, problem: OutputsProblem) {
        self.error
            .get_or_insert_with(|| OutputsError::planned(problem));
    }
}

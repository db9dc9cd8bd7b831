//! Where the fields of a type go in one policy, found once.

mod columns;

use krites_lang::{Form, InputId, InputPlace, ListId, Prepared, Program, Ty, did_you_mean};

use super::super::names::{Holds, Met, Names, NodeId};
use super::super::{BindError, BindProblem, LackingColumn, UnknownFields};
use super::Fact;
use super::fit::{Fits, fits, form_of};

/// One thing that values go into, in the order of the fields
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// The input of a plain value, with where its variants begin among the labels
    Place(InputPlace, u32),
    /// A plain value that is no input
    Nowhere,
    /// What is missing as a whole where it is `None`; so many steps behind this are its
    Maybe { node: Option<NodeId>, steps: usize },
    /// A list; so many steps behind this are those of each element
    List { list: ListId, steps: usize },
    /// A series; a step for each element is behind this
    Series { node: NodeId, steps: usize },
    /// A list that is no input
    Passed { steps: usize },
}

/// Where the fields of a type go
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(super) steps: Box<[Step]>,
    /// What frames hold for plain values, which every case has
    pub(super) prepared: Prepared,
    /// By enum and variant: the position of the label, negative where there is none
    pub(super) labels: Box<[i64]>,
    /// Fields that are no inputs, by their dotted names
    pub(super) passed: Met,
}

/// Finds where the fields of a type go: it is told of each of them in order.
#[derive(Debug)]
pub struct Plan<'p> {
    names: &'p Names,
    program: &'p Program,
    unknown: UnknownFields,
    /// Where the value at hand goes; `None` where it is no input
    at: Option<NodeId>,
    /// Whether it is an element of the list that the node is
    of_list: bool,
    /// The type that is bound
    facts: &'static str,
    /// The innermost type of fields, and the field in it
    record: &'static str,
    field: &'static str,
    /// The column of a batch whose values are planned, by its name for messages
    column: Option<String>,
    steps: Vec<Step>,
    labels: Vec<i64>,
    taken: Vec<NodeId>,
    passed: Met,
    /// The first thing that does not fit
    error: Option<BindError>,
}

impl Binding {
    /// Finds where the fields of `T` go.
    ///
    /// # Errors
    ///
    /// [`BindError`] where a field is no input and such are refused, where the values of a
    /// field are none of its input, and where a required input has no field.
    pub(crate) fn of<T: Fact>(
        names: &Names,
        program: &Program,
        unknown: UnknownFields,
    ) -> Result<Binding, BindError> {
        let mut plan = Plan::new(names, program, unknown);
        T::plan(&mut plan);
        plan.bound(|plan, lacking| {
            let first = lacking.into_iter().next()?;
            Some(BindProblem::NoField {
                facts: plan.facts,
                input: first.name,
                near: first.near,
            })
        })
    }
}

impl<'p> Plan<'p> {
    fn new(names: &'p Names, program: &'p Program, unknown: UnknownFields) -> Self {
        Plan {
            names,
            program,
            unknown,
            at: Some(NodeId::ROOT),
            of_list: false,
            facts: "",
            record: "",
            field: "",
            column: None,
            steps: Vec::new(),
            labels: Vec::new(),
            taken: Vec::new(),
            passed: Vec::new(),
            error: None,
        }
    }

    /// Makes the binding, where nothing was found that does not fit; `refuse` tells what
    /// is wrong where required inputs lack.
    fn bound(
        mut self,
        refuse: impl FnOnce(&Self, Vec<LackingColumn>) -> Option<BindProblem>,
    ) -> Result<Binding, BindError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if let Some(problem) = refuse(&self, self.lacking()) {
            return Err(BindError::new(problem));
        }
        let prepared = self.program.prepared(of_every_case(&mut self.steps));
        Ok(Binding {
            steps: self.steps.into(),
            prepared,
            labels: self.labels.into(),
            passed: self.passed,
        })
    }

    /// Says that the value is a record, and its fields.
    pub fn record(&mut self, name: &'static str, fields: impl FnOnce(&mut Self)) {
        if let Some(node) = self.at {
            let holds = self.names.node(node).holds;
            let is_record = match holds {
                Holds::Record => true,
                Holds::List(_, plain) => self.of_list && plain.is_none(),
                Holds::Input(_) | Holds::Series(_) => false,
            };
            if !is_record {
                return self.refuse_shape(node, "a record");
            }
        }
        let around = (self.record, self.field);
        if self.facts.is_empty() {
            self.facts = name;
        }
        self.record = name;
        fields(self);
        (self.record, self.field) = around;
    }

    /// Says that a record has a field of this name, which may be dotted.
    pub fn field<T: Fact + ?Sized>(&mut self, name: &'static str) {
        let (around, of_list) = (self.at, self.of_list);
        self.field = name;
        self.of_list = false;
        self.at = around.and_then(|below| self.find(below, name));
        T::plan(self);
        (self.at, self.of_list) = (around, of_list);
    }

    /// Says that a record has a field whose value is taken by its text.
    pub fn field_by_text(&mut self, name: &'static str) {
        self.field::<str>(name);
    }

    fn find(&mut self, below: NodeId, name: &str) -> Option<NodeId> {
        let found = self.names.find(below, name);
        match (found, self.unknown) {
            (Some(node), _) => {
                // A record may be in parts.
                if self.names.node(node).holds != Holds::Record {
                    self.take(node, below, name);
                }
            }
            (None, UnknownFields::Ignore) => {
                self.passed.push((below, self.names.below(below, name)));
            }
            (None, UnknownFields::Refuse) => self.refuse(self.names.unknown(below, name)),
        }
        found
    }

    /// Takes a node for a field, with the elements of a series.
    fn take(&mut self, node: NodeId, below: NodeId, name: &str) {
        let nodes = std::iter::once(&node).chain(self.names.elements(node));
        for node in nodes {
            if self.taken.contains(node) {
                self.error
                    .get_or_insert_with(|| self.names.twice(below, name));
                return;
            }
            self.taken.push(*node);
        }
    }

    /// Says that the value is a plain one.
    pub(super) fn value(&mut self, fits: Fits) {
        if let Some((id, _)) = self.input(fits) {
            let form = form_of(fits, self.program.declared(id).ty.ty);
            let place = self.program.input_place(id, form);
            self.steps.push(Step::Place(place, 0));
        }
    }

    /// Says that the value is a label, one of these by their text on the wire.
    pub fn labels(&mut self, variants: &[&'static str]) {
        let Some((id, node)) = self.input(Fits::Text) else {
            return;
        };
        let (form, from) = (
            form_of(Fits::Label, self.program.declared(id).ty.ty),
            self.labels.len(),
        );
        if form == Form::Label {
            for variant in variants {
                let label = self.program.label_of(id, variant);
                if label.is_none() {
                    self.no_label(id, node, variant);
                }
                self.labels.push(label.unwrap_or(-1));
            }
        }
        let place = self.program.input_place(id, form);
        let from = u32::try_from(from).unwrap_or(u32::MAX);
        self.steps.push(Step::Place(place, from));
    }

    /// Finds the input of a plain value; where there is none it is a step to nowhere.
    fn input(&mut self, value: Fits) -> Option<(InputId, NodeId)> {
        let found = self.at.map(|node| (node, self.names.node(node).holds));
        let id = match found {
            Some((node, Holds::Input(id))) => Some((id, node)),
            Some((node, Holds::List(_, Some(id)))) if self.of_list => Some((id, node)),
            Some((node, _)) => {
                self.refuse_shape(node, value.words());
                None
            }
            None => None,
        };
        match id {
            Some((id, node)) if !fits(value, self.program.declared(id).ty.ty) => {
                self.refuse_shape(node, value.words());
            }
            _ => {}
        }
        if id.is_none() {
            self.steps.push(Step::Nowhere);
        }
        id
    }

    /// Says that the value may be missing.
    pub(super) fn optional<T: Fact>(&mut self) {
        if T::SCALAR {
            return T::plan(self);
        }
        let at = self.steps.len();
        let node = self.at;
        self.steps.push(Step::Maybe { node, steps: 0 });
        T::plan(self);
        self.close(at, |steps| Step::Maybe { node, steps });
    }

    /// Says that the value is a list of such values.
    pub(super) fn list<T: Fact>(&mut self) {
        let at = self.steps.len();
        self.steps.push(Step::Passed { steps: 0 });
        let Some(node) = self.at else {
            T::plan(self);
            return self.close(at, |steps| Step::Passed { steps });
        };
        match self.names.node(node).holds {
            Holds::List(list, _) if !self.of_list => {
                self.of_list = true;
                T::plan(self);
                self.of_list = false;
                self.close(at, |steps| Step::List { list, steps });
            }
            Holds::Series(_) if T::SCALAR => {
                for element in self.names.elements(node) {
                    self.at = Some(*element);
                    T::plan(self);
                }
                self.at = Some(node);
                self.close(at, |steps| Step::Series { node, steps });
            }
            _ => self.refuse_shape(node, "a list"),
        }
    }

    fn close(&mut self, at: usize, step: impl FnOnce(usize) -> Step) {
        let steps = self.steps.len() - at - 1;
        if let Some(place) = self.steps.get_mut(at) {
            *place = step(steps);
        }
    }

    /// The required inputs for which nothing was planned
    fn lacking(&self) -> Vec<LackingColumn> {
        let policy = self.program.policy();
        let mut lacking = Vec::new();
        for node in self.names.all() {
            let found = self.names.node(node);
            let required = match found.holds {
                Holds::Input(id) => {
                    let input = self.program.declared(id);
                    !input.ty.optional && input.default.is_none() && input.group.is_none()
                }
                Holds::List(list, _) => {
                    let list = policy.lists.iter_ids().find(|(id, _)| *id == list);
                    list.is_some_and(|(_, list)| !list.default_empty && list.group.is_none())
                }
                Holds::Record | Holds::Series(_) => false,
            };
            if !required || self.taken.contains(&node) {
                continue;
            }
            // Elements that nobody gives need no fields.
            let around = self.names.list_around(found.parent);
            if around.is_some_and(|list| !self.taken.contains(&list)) {
                continue;
            }
            let passed = self.passed.iter().map(|(_, name)| &**name);
            let near = did_you_mean(&found.dotted, passed).map(str::to_owned);
            lacking.push(LackingColumn {
                name: found.dotted.to_string(),
                near,
            });
        }
        lacking
    }

    fn refuse_shape(&mut self, node: NodeId, got: &'static str) {
        let names = self.names;
        let input = names.node(node).dotted.to_string();
        let expected = names.expected(self.program, node, self.of_list);
        let remedy = self.remedy(node);
        let problem = match &self.column {
            Some(column) if self.record.is_empty() => BindProblem::ColumnType {
                column: column.clone(),
                input,
                got,
                expected,
                remedy,
            },
            _ => BindProblem::FieldType {
                facts: self.record,
                field: self.field,
                input,
                got,
                expected,
                remedy,
            },
        };
        self.refuse(BindError::new(problem));
    }

    /// Which types fit a node
    fn remedy(&self, node: NodeId) -> &'static str {
        let id = match self.names.node(node).holds {
            Holds::Input(id) => id,
            Holds::List(_, Some(id)) if self.of_list => id,
            Holds::List(_, None) if self.of_list => return "a struct that derives `Facts` fits",
            Holds::List(_, None) => return "a vector of structs that derive `Facts` fits",
            Holds::List(_, Some(_)) | Holds::Series(_) => return "a vector of values fits",
            Holds::Record => return "a struct that derives `Facts` fits",
        };
        match self.program.declared(id).ty.ty {
            Ty::Integer => "an integer type fits",
            Ty::Boolean => "`bool` fits",
            Ty::Text => "`String` and `&str` fit",
            Ty::Enum(_) => "an enum that derives `Facts`, `String` and `&str` fit",
            Ty::Date => "`krites::Date` and its text fit",
            Ty::DateTime => "`krites::DateTime` and its text fit",
            Ty::Duration => "`krites::Duration` and its text fit",
            Ty::Float => "integers and floats fit",
            Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_) => {
                "integers, floats, `krites::Exact` and decimals with `#[facts(display)]` fit"
            }
        }
    }

    fn no_label(&mut self, id: InputId, node: NodeId, variant: &'static str) {
        let expected = self.program.expected(id);
        let near = self.program.label_near(id, variant).map(str::to_owned);
        let error = BindError::new(BindProblem::NoLabel {
            input: self.names.node(node).dotted.to_string(),
            variant,
            expected,
            near,
        });
        self.refuse(error);
    }

    fn refuse(&mut self, error: BindError) {
        self.error.get_or_insert(error);
    }
}

/// The places of plain values that are in no list, series, or what may be missing as a
/// whole.
fn of_every_case(steps: &mut [Step]) -> impl Iterator<Item = &mut InputPlace> {
    let mut within = 0_usize;
    steps.iter_mut().filter_map(move |step| {
        let own = within > 0;
        within = within.saturating_sub(1);
        match step {
            Step::Place(place, _) if !own => Some(place),
            Step::Place(..) | Step::Nowhere => None,
            Step::Maybe { steps, .. }
            | Step::List { steps, .. }
            | Step::Series { steps, .. }
            | Step::Passed { steps } => {
                within = within.max(*steps);
                None
            }
        }
    })
}

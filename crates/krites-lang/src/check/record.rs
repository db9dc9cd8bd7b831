//! Records: what each field holds is checked once, where the record is declared;
//! an input of a record's type stands for the record's fields.
//! Invariant: no recursion over records that need one another.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::rc::Rc;

use super::currency::names_currency;
use super::list::HeldList;
use super::names::Meaning;
use super::order;
use super::{Checker, codes, items};
use crate::ast::{self, TypeExpr, TypeKind};
use crate::ids::GroupId;
use crate::ir;
use crate::{Diagnostic, MAX_RECORD_DEPTH, Span};

/// A record whose fields are known
pub(super) struct RecordHead<'a> {
    ast: &'a ast::RecordDecl,
    /// In the order written; none where the record was reported as a whole
    fields: Fields<'a>,
    /// How many records lie within each other, itself included
    depth: usize,
}

pub(super) type Fields<'a> = Rc<[(&'a ast::InputField, Holds)]>;

/// What an entry of `input` or of a record holds
#[derive(Clone)]
pub(super) enum Holds {
    /// A value
    Value(Box<ir::Input>),
    /// Money in a currency that the case names: what is said of its values waits until
    /// all inputs are declared
    OfCase(Box<ir::Input>),
    /// The fields of a record, by its position
    Record(usize),
    /// Any number of values or records
    List(Box<HeldList>),
    /// Nothing that is known: its mistake was reported
    Broken,
}

impl Holds {
    /// The record that lies within.
    fn record(&self) -> Option<usize> {
        match self {
            Holds::Record(record) => Some(*record),
            Holds::List(held) => held.element.record(),
            Holds::Value(_) | Holds::OfCase(_) | Holds::Broken => None,
        }
    }
}

impl<'a> Checker<'a> {
    /// Declares the records of the file at hand, and checks their fields.
    pub(super) fn declare_records(&mut self) {
        let first = self.records.len();
        for ast in items!(self.names, Record) {
            let position = self.records.len();
            self.declare(&ast.name.text, Meaning::Record(position), ast.name.span);
            self.records.push(RecordHead {
                ast,
                fields: Rc::default(),
                depth: 0,
            });
        }
        for (position, ast) in (first..).zip(items!(self.names, Record)) {
            let fields = self.record_fields(ast);
            if let Some(head) = self.records.get_mut(position) {
                head.fields = fields;
            }
        }
        self.check_nesting(first);
    }

    fn record_fields(&mut self, ast: &'a ast::RecordDecl) -> Fields<'a> {
        if ast.fields.is_empty() {
            let name = &ast.name;
            self.report(
                Diagnostic::error(
                    codes::EMPTY_RECORD,
                    format!("`{}` has no fields", name.text),
                    name.span,
                )
                .help(format!(
                    "name them, as in `record {} {{ amount : money(EUR) }}`",
                    name.text
                )),
            );
        }
        self.fields_held(&ast.fields)
    }

    /// Tells what fields hold that stand together, each under a name of its own.
    pub(super) fn fields_held(&mut self, written: &'a [ast::InputField]) -> Fields<'a> {
        let mut known: HashMap<&str, Span> = HashMap::new();
        let mut fields = Vec::with_capacity(written.len());
        for field in written {
            let (name, span) = (&field.path.text, field.path.span);
            if let Some(before) = known.insert(name, span) {
                self.report_twice(name, span, before);
                continue;
            }
            let holds = self.holds(field);
            fields.push((field, holds));
        }
        fields.retain(|(field, _)| {
            let (name, span) = (&field.path.text, field.path.span);
            let mut above = name
                .match_indices('.')
                .filter_map(|(dot, _)| name.get(..dot));
            let found = above.find_map(|above| Some((above, *known.get(above)?)));
            if let Some((above, declared)) = found {
                self.report_below(name, span, above, declared);
            }
            found.is_none()
        });
        fields.into()
    }

    /// Tells what an entry of `input` or of a record holds.
    pub(super) fn holds(&mut self, field: &'a ast::InputField) -> Holds {
        if let TypeKind::List(element) = &field.ty.kind {
            return self.held_list(field, element);
        }
        self.check_default_empty(field);
        match self.record_of(&field.ty) {
            Some((record, name)) => {
                self.check_bare(field, &field.ty, name);
                Holds::Record(record)
            }
            None => self.value_held(field, &field.ty),
        }
    }

    pub(super) fn value_held(&mut self, field: &ast::InputField, written: &TypeExpr) -> Holds {
        let held = if names_currency(written) {
            let stand_in = self.input_of_case(field, written);
            stand_in.map(|input| Holds::OfCase(Box::new(input)))
        } else {
            let input = self.input(field, written);
            input.map(|input| Holds::Value(Box::new(input)))
        };
        held.unwrap_or(Holds::Broken)
    }

    /// Reports what a value can have and a record cannot.
    pub(super) fn check_bare(&mut self, field: &ast::InputField, written: &TypeExpr, record: &str) {
        let optional = written.optional.then_some(written.span);
        let parts = [
            (optional, "`?`"),
            (field.series.map(|(.., span)| span), "index"),
            (field.range.as_ref().map(|range| range.span), "range"),
            (
                field.missing_when.as_ref().map(|value| value.span),
                "`missing when`",
            ),
            (field.model_only, "`model only`"),
            (field.default.as_ref().map(|value| value.span), "default"),
            (
                field
                    .wire
                    .as_ref()
                    .and_then(|wire| Some(wire.last.as_ref()?.span)),
                "second name on the wire",
            ),
        ];
        let Some((span, part)) = parts
            .into_iter()
            .find_map(|(span, part)| Some((span?, part)))
        else {
            return;
        };
        let name = &field.path.text;
        self.report(
            Diagnostic::error(
                codes::STANDS_FOR_FIELDS,
                format!("`{name}` has the fields of `{record}`: it takes no {part}"),
                span,
            )
            .help(format!(
                "leave it out here, and write it behind the fields of `record {record}`"
            )),
        );
    }

    /// Reports a record where a value's type is needed.
    pub(super) fn record_is_no_value(&mut self, name: &ast::Name, declared: Span) {
        let record = &name.text;
        self.report(
            Diagnostic::error(
                codes::RECORD_IS_NO_VALUE,
                format!("`{record}` is a record: a value of its own has another type"),
                name.span,
            )
            .evidence(declared, "declared here")
            .help("give each of its fields that is needed a line of its own"),
        );
    }

    /// Reports records from `first` on that hold themselves, and those that nest too
    /// deep, and takes their fields away. Those before it hold none of these.
    fn check_nesting(&mut self, first: usize) {
        let needs: Vec<Vec<usize>> = self
            .records
            .iter()
            .skip(first)
            .map(|record| {
                let within = record.fields.iter();
                let within = within.filter_map(|(_, holds)| holds.record()?.checked_sub(first));
                within.collect()
            })
            .collect();
        let found = order::order(&needs);
        for cycle in &found.cycles {
            self.report_cycle(first, cycle);
        }
        // A cycle that was not followed to its end leaves no record safe to follow.
        let unfollowed = found.cycles.len() >= order::MAX_CYCLES;
        let in_cycle: HashSet<usize> = found.cycles.into_iter().flatten().collect();
        for node in found.nodes {
            let depth = self.depth(first + node);
            if depth == MAX_RECORD_DEPTH + 1 {
                self.report_too_deep(first + node);
            }
            let Some(record) = self.records.get_mut(first + node) else {
                continue;
            };
            record.depth = depth;
            if unfollowed || depth > MAX_RECORD_DEPTH || in_cycle.contains(&node) {
                record.fields = Rc::default();
            }
        }
    }

    /// How many records lie within each other from this one on.
    fn depth(&self, record: usize) -> usize {
        let fields = self.records.get(record).map(|record| &record.fields);
        let within = fields.into_iter().flat_map(|fields| fields.iter());
        let depths = within.filter_map(|(_, holds)| Some(self.records.get(holds.record()?)?.depth));
        depths.max().unwrap_or(0) + 1
    }

    fn report_cycle(&mut self, first: usize, cycle: &[usize]) {
        let mut along = cycle
            .iter()
            .filter_map(|node| self.records.get(first + node));
        let Some(first) = along.next() else {
            return;
        };
        let name = &first.ast.name;
        let mut diagnostic = Diagnostic::error(
            codes::RECORD_HOLDS_ITSELF,
            format!("`{}` holds itself", name.text),
            name.span,
        );
        for next in along.take(8) {
            let next = &next.ast.name;
            diagnostic = diagnostic.evidence(next.span, format!("by way of `{}`", next.text));
        }
        self.report(diagnostic.help("give the inner one a record of its own, with its own fields"));
    }

    fn report_too_deep(&mut self, record: usize) {
        let Some(head) = self.records.get(record) else {
            return;
        };
        let name = &head.ast.name;
        self.report(
            Diagnostic::error(
                codes::RECORDS_TOO_DEEP,
                format!("records lie more than {MAX_RECORD_DEPTH} deep within each other"),
                name.span,
            )
            .label("one record too many")
            .help("name the fields of an inner record here instead"),
        );
    }

    /// Declares the inputs that an input of a record's type stands for.
    pub(super) fn spread(&mut self, record: usize, input: &'a ast::InputField) {
        let prefix = Prefix {
            name: input.path.text.clone(),
            wire: input
                .wire
                .as_ref()
                .map_or(&input.path.text, |wire| &wire.first.text)
                .clone(),
            private: input.private.is_some(),
            renamed: input.wire.as_ref().map(|wire| wire.first.span),
            group: None,
        };
        let fields = self.fields_of(record);
        let _ = self.spread_below(&fields, &prefix, Some(input.path.span));
    }

    /// Declares what fields stand for below a name; `input` is where a record's are
    /// reported. Recursion follows records within records, which nest
    /// [`MAX_RECORD_DEPTH`] deep; it ends where there are too many inputs.
    pub(super) fn spread_below(
        &mut self,
        fields: &Fields<'a>,
        prefix: &Prefix,
        input: Option<Span>,
    ) -> ControlFlow<()> {
        // What a record without fields would have brought is not known.
        self.names.unread |= fields.is_empty();
        for (field, holds) in fields.iter() {
            let inner = prefix.below(field);
            let span = input.unwrap_or(field.path.span);
            if !self.has_room(inner.name.len(), span) {
                return ControlFlow::Break(());
            }
            match holds {
                Holds::Value(value) | Holds::OfCase(value) => {
                    self.check_above_and_below(&inner.name, span);
                    let Some(meaning) = self.add_inputs(value, field, Some(prefix)) else {
                        return ControlFlow::Break(());
                    };
                    if let Holds::OfCase(_) = holds {
                        self.await_currency(field, meaning, Some(&prefix.name));
                    }
                    self.declare_spread(inner.name, meaning, field, span);
                }
                Holds::List(held) => {
                    let Some(meaning) = self.add_list(held, field, Some(prefix)) else {
                        return ControlFlow::Break(());
                    };
                    self.declare_spread(inner.name, meaning, field, span);
                }
                Holds::Record(within) => {
                    self.declare_spread(inner.name.clone(), Meaning::Fields, field, span);
                    let fields = self.fields_of(*within);
                    self.spread_below(&fields, &inner, Some(span))?;
                }
                Holds::Broken => {
                    self.declare_spread(inner.name, Meaning::Broken, field, span);
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The fields of a record.
    pub(super) fn fields_of(&self, record: usize) -> Fields<'a> {
        let head = self.records.get(record);
        head.map_or_else(Rc::default, |head| head.fields.clone())
    }

    /// Declares a name that an input has from a record's field.
    fn declare_spread(
        &mut self,
        name: String,
        meaning: Meaning,
        field: &ast::InputField,
        input: Span,
    ) {
        let before = self
            .names
            .insert_owned(name.clone(), meaning, field.path.span);
        if let Some(before) = before {
            self.report_taken(&name, input, before);
        }
    }
}

/// What the fields of a record have from what stands around them
#[derive(Default)]
pub(super) struct Prefix {
    pub(super) name: String,
    pub(super) wire: String,
    pub(super) private: bool,
    /// Where a name on the wire is written that is another one
    pub(super) renamed: Option<Span>,
    /// The group that all of it is given with
    pub(super) group: Option<GroupId>,
}

impl Prefix {
    /// What a field is within this.
    pub(super) fn below(&self, field: &ast::InputField) -> Prefix {
        let own = &field.path.text;
        let wire = field.wire.as_ref().map_or(own, |wire| &wire.first.text);
        Prefix {
            name: joined(&self.name, own),
            wire: joined(&self.wire, wire),
            private: self.private || field.private.is_some(),
            renamed: self
                .renamed
                .or(field.wire.as_ref().map(|wire| wire.first.span)),
            group: self.group,
        }
    }
}

/// A name below another, where there is one.
pub(super) fn joined(around: &str, own: &str) -> String {
    if around.is_empty() {
        return own.to_owned();
    }
    format!("{around}.{own}")
}

//! Lists: what each element has, as fields, and as lists within.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::Meaning;
use super::record::{Holds, Prefix, joined};
use super::wire::wire_names;
use super::{Checker, codes};
use crate::ast::{self, TypeExpr, TypeKind};
use crate::ids::ListId;
use crate::ir;
use crate::{Diagnostic, Span};

/// What an entry of `input` or of a record holds that is a list
#[derive(Clone)]
pub(super) struct HeldList {
    /// What an element is
    pub(super) element: Holds,
}

/// The names that are there within the elements of a list
#[derive(Default)]
pub(super) struct ListHead {
    /// By their names within the element; a plain value has none
    pub(super) names: BTreeMap<String, (Member, Span)>,
    /// Fields whose range was reported, by position
    pub(super) unranged: Vec<usize>,
}

/// What a name within an element stands for
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// A field, by position
    Field(usize),
    /// A list
    List(ListId),
    /// The fields of a record
    Fields,
    /// Something that was reported
    Broken,
}

impl<'a> Checker<'a> {
    /// Tells what a list holds; reports what it cannot have.
    pub(super) fn held_list(&mut self, field: &'a ast::InputField, element: &TypeExpr) -> Holds {
        let name = &field.path.text;
        let default = field.default.as_ref().map(|value| value.span);
        let misplaced = [
            (
                field.series.map(|(.., span)| span),
                "index",
                "leave it out: a list has any number of elements",
            ),
            (field.model_only, "`model only`", "leave it out"),
            (
                default,
                "default but `[]`",
                "`default []` takes a list that is not given for empty",
            ),
        ];
        let misplaced = misplaced
            .into_iter()
            .find_map(|(span, part, help)| Some((span?, part, help)));
        if let Some((span, part, help)) = misplaced {
            self.report(
                Diagnostic::error(
                    codes::LIST_MISPLACED,
                    format!("`{name}` is a list: it takes no {part}"),
                    span,
                )
                .help(help),
            );
            return Holds::Broken;
        }
        let element = match self.record_of(element) {
            Some((record, name)) => {
                self.check_bare(field, element, name);
                if !self.check_wire(field) {
                    return Holds::Broken;
                }
                Holds::Record(record)
            }
            None => self.value_held(field, element),
        };
        match element {
            Holds::Broken => Holds::Broken,
            element => Holds::List(Box::new(HeldList { element })),
        }
    }

    /// Reports `default []` behind what is no list.
    pub(super) fn check_default_empty(&mut self, field: &ast::InputField) {
        if let Some(span) = field.default_empty {
            self.report(
                Diagnostic::error(
                    codes::LIST_MISPLACED,
                    format!(
                        "`{}` is no list, so `[]` is no default of it",
                        field.path.text
                    ),
                    span,
                )
                .help("write a value, or declare a `list of` values"),
            );
        }
    }

    /// Reports a list where a value's type is needed.
    pub(super) fn list_is_no_value(&mut self, written: &TypeExpr) {
        self.report(
            Diagnostic::error(
                codes::LIST_MISPLACED,
                "a list is given with the case: nothing is computed as one",
                written.span,
            )
            .help("compute a value of it, as in `count of accounts` or `sum of accounts.balance`"),
        );
    }

    /// Declares the list that an entry of `input` is, or that it has from a record.
    /// `None` where there are too many inputs.
    pub(super) fn add_list(
        &mut self,
        held: &HeldList,
        field: &'a ast::InputField,
        around: Option<&Prefix>,
    ) -> Option<Meaning> {
        let list = match around {
            Some(around) => self.list(held, field, around, None),
            None => self.list(held, field, &Prefix::default(), None),
        };
        list.map(Meaning::List)
    }

    /// Adds a list, outer ones before those within. Recursion follows records and
    /// lists within each other, whose depth is bounded.
    fn list(
        &mut self,
        held: &HeldList,
        field: &'a ast::InputField,
        around: &Prefix,
        within: Option<ListId>,
    ) -> Option<ListId> {
        let place = around.below(field);
        if !self.has_room(place.name.len(), field.path.span) {
            return None;
        }
        let list = self.lists.push(ir::ListInput {
            name: place.name.into(),
            wire: place.wire.into(),
            within,
            group: around.group,
            fields: Vec::new(),
            default_empty: field.default_empty.is_some(),
            private: place.private,
            doc: field.doc.as_ref().map(|doc| doc.text.clone()),
            span: field.path.span,
        });
        self.list_heads.push(ListHead::default());
        match &held.element {
            Holds::Value(value) | Holds::OfCase(value) => {
                let value = ir::Input {
                    name: "".into(),
                    wire: "".into(),
                    private: place.private,
                    ..(**value).clone()
                };
                let member = self.add_field(list, value, field);
                self.await_element(&held.element, field, "", list, member);
            }
            Holds::Record(record) => {
                let inside = Prefix {
                    private: place.private,
                    ..Prefix::default()
                };
                self.fill(list, *record, &inside)?;
            }
            Holds::List(_) | Holds::Broken => {}
        }
        Some(list)
    }

    /// Gives a list the fields of a record.
    fn fill(&mut self, list: ListId, record: usize, around: &Prefix) -> Option<()> {
        for (field, holds) in self.fields_of(record).iter() {
            let place = around.below(field);
            if !self.has_room(place.name.len(), field.path.span) {
                return None;
            }
            let (name, span) = (place.name.clone(), field.path.span);
            let member = match holds {
                Holds::Value(_) | Holds::OfCase(_) if field.series.is_some() => {
                    self.report_series_in_list(field);
                    Member::Broken
                }
                Holds::Value(value) | Holds::OfCase(value) => {
                    let wire = wire_names(field).into_iter().next().unwrap_or_default();
                    let value = ir::Input {
                        name: Arc::from(&*place.name),
                        wire: joined(&around.wire, &wire).into(),
                        private: place.private,
                        ..(**value).clone()
                    };
                    self.add_field(list, value, field)
                }
                Holds::List(held) => Member::List(self.list(held, field, around, Some(list))?),
                Holds::Record(_) => Member::Fields,
                Holds::Broken => Member::Broken,
            };
            let head = self.list_heads.get_mut(crate::Id::position(list))?;
            let before = head.names.insert(name.clone(), (member, span));
            if let Some((_, before)) = before {
                self.report_taken(&name, span, before);
            }
            self.await_element(holds, field, &name, list, member);
            if let Holds::Record(within) = holds {
                self.fill(list, *within, &place)?;
            }
        }
        Some(())
    }

    /// An amount whose currency the case names waits until it is known by which input.
    fn await_element(
        &mut self,
        holds: &Holds,
        field: &'a ast::InputField,
        name: &str,
        list: ListId,
        member: Member,
    ) {
        if let (Holds::OfCase(_), Member::Field(position)) = (holds, member) {
            self.await_field_currency(field, name, list, position);
        }
    }

    fn add_field(&mut self, list: ListId, value: ir::Input, field: &ast::InputField) -> Member {
        let unranged = field.range.is_some() && value.range.is_none();
        let fields = &mut self.lists[list].fields;
        fields.push(value);
        let position = fields.len() - 1;
        self.n_fields += 1;
        if let (true, Some(head)) = (unranged, self.list_heads.get_mut(crate::Id::position(list))) {
            head.unranged.push(position);
        }
        Member::Field(position)
    }

    fn report_series_in_list(&mut self, field: &ast::InputField) {
        let name = &field.path.text;
        let reported = self.diagnostics.iter().any(|found| {
            found.code == codes::LIST_MISPLACED
                && found.primary.place == crate::Place::Text(field.path.span)
        });
        if !reported {
            self.report(
                Diagnostic::error(
                    codes::LIST_MISPLACED,
                    format!("`{name}` is a series, and so is not within a list"),
                    field.path.span,
                )
                .help(format!("declare it as a list: `{name} : list of …`")),
            );
        }
    }

    /// The record that a type names.
    pub(super) fn record_of<'t>(&self, written: &'t TypeExpr) -> Option<(usize, &'t str)> {
        match &written.kind {
            TypeKind::Named(name) => match self.names.get(&name.text)? {
                (Meaning::Record(record), _) => Some((record, &name.text)),
                _ => None,
            },
            _ => None,
        }
    }
}

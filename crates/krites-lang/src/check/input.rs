//! Inputs: each is declared under its name; a series under all of its indices.

use std::sync::Arc;

use super::names::Meaning;
use super::record::{Holds, Prefix, joined};
use super::series::{SeriesHead, indices};
use super::wire::wire_names;
use super::{Checker, codes, items};
use crate::ast;
use crate::ids::InputId;
use crate::ir::{self, Value};
use crate::{Diagnostic, MAX_INPUTS, Span};

/// How many bytes the names may have that inputs take from records
const MAX_SPREAD_BYTES: usize = 64 * 1024 * 1024;

impl<'a> Checker<'a> {
    /// Declares all inputs of the policy.
    pub(super) fn declare_inputs(&mut self, file: &'a ast::File) {
        for decl in items!(file, Input) {
            let from = decl.from.as_ref();
            if from.is_some_and(|from| self.has_cells(from).is_none()) {
                // Its names are in the file
                self.names.unread = true;
            }
        }
        for entry in items!(file, Input).flatten() {
            let field = match entry {
                ast::InputEntry::Field(field) => field,
                ast::InputEntry::Group(group) => {
                    self.declare_group(group);
                    continue;
                }
            };
            let (name, span) = (&field.path.text, field.path.span);
            let held = self.holds(field);
            match &held {
                Holds::Value(input) | Holds::OfCase(input) => {
                    self.check_above_and_below(name, span);
                    if let Some(meaning) = self.add_inputs(input, field, None) {
                        self.declare(name, meaning, span);
                        if let Holds::OfCase(_) = held {
                            self.await_currency(field, meaning, None);
                        }
                    }
                }
                Holds::List(held) => {
                    self.check_above_and_below(name, span);
                    if let Some(meaning) = self.add_list(held, field, None) {
                        self.declare(name, meaning, span);
                    }
                }
                Holds::Record(record) => {
                    if self.declare(name, Meaning::Fields, span) {
                        self.spread(*record, field);
                    }
                }
                Holds::Broken => {
                    let _ = self.names.insert(name, Meaning::Broken, span);
                }
            }
        }
        self.settle_currencies();
        self.settle_groups();
        self.check_wires();
    }

    /// Adds what a field declares, one input or a series of them, all like
    /// `template`; `None` where there are too many.
    pub(super) fn add_inputs(
        &mut self,
        template: &ir::Input,
        field: &'a ast::InputField,
        around: Option<&Prefix>,
    ) -> Option<Meaning> {
        let own = &field.path.text;
        let name: Arc<str> = joined(around.map_or("", |around| &around.name), own).into();
        let around_wire = around.map_or("", |around| &around.wire);
        let mut ids: Vec<InputId> = Vec::new();
        for (index, wire) in indices(field).zip(wire_names(field)) {
            let input = ir::Input {
                name: match index {
                    Some(index) => format!("{name}[{index}]").into(),
                    None => name.clone(),
                },
                wire: joined(around_wire, &wire).into(),
                private: template.private || around.is_some_and(|around| around.private),
                group: around.and_then(|around| around.group),
                ..template.clone()
            };
            ids.push(self.push_input(input, field)?);
        }
        let renamed = around.and_then(|around| around.renamed);
        let renamed = field.wire.as_ref().map(|wire| wire.first.span).or(renamed);
        if let Some(span) = renamed {
            self.renamed.push((ids.clone(), span));
        }
        let Some((first, ..)) = field.series else {
            return ids.first().map(|id| Meaning::Value(Value::Input(*id)));
        };
        self.series.push(SeriesHead {
            name,
            wire: joined(around_wire, own).into(),
            first,
            inputs: ids,
        });
        Some(Meaning::Series(self.series.len() - 1))
    }

    /// Adds an input that `field` declares; `None` where there are too many.
    fn push_input(&mut self, input: ir::Input, field: &ast::InputField) -> Option<InputId> {
        if !self.has_room(0, field.path.span) {
            return None;
        }
        let unranged = field.range.is_some() && input.range.is_none();
        let id = self.inputs.push(input);
        if unranged {
            self.unranged.push(id);
        }
        Some(id)
    }

    /// Tells whether one more input may be declared, whose name takes so many bytes
    /// beside what is written; reports the first that may not.
    pub(super) fn has_room(&mut self, spread: usize, span: Span) -> bool {
        self.spread_bytes += spread;
        let room =
            self.inputs.len() + self.n_fields < MAX_INPUTS && self.spread_bytes <= MAX_SPREAD_BYTES;
        if !room {
            self.report_too_many(span);
        }
        room
    }

    /// What an input too many would have declared is not looked for.
    fn report_too_many(&mut self, span: Span) {
        let reported = self
            .diagnostics
            .iter()
            .any(|found| found.code == codes::TOO_MANY_INPUTS);
        if reported {
            return;
        }
        self.names.unread = true;
        self.report(
            Diagnostic::error(
                codes::TOO_MANY_INPUTS,
                format!("the policy has more than {MAX_INPUTS} inputs"),
                span,
            )
            .label("the fields of records and the elements of series are counted")
            .help("declare the fields that the policy reads, or read a `list of` records"),
        );
    }

    /// Reports a name that lies above or below another input's.
    pub(super) fn check_above_and_below(&mut self, name: &str, span: Span) {
        if let Some((parent, declared)) = self.parent_input(name) {
            self.report_below(name, span, &parent, declared);
        }
    }

    pub(super) fn report_below(&mut self, name: &str, span: Span, parent: &str, declared: Span) {
        self.report(
            Diagnostic::error(
                codes::DECLARED_TWICE,
                format!("`{name}` cannot lie below `{parent}`, which has a value of its own"),
                span,
            )
            .evidence(declared, "declared here")
            .help("rename one of them"),
        );
    }

    /// An input above or below this one in the same dotted name.
    pub(super) fn parent_input(&self, path: &str) -> Option<(String, Span)> {
        let is_input = |meaning: &Meaning| {
            matches!(
                meaning,
                Meaning::Value(Value::Input(_)) | Meaning::Series(_) | Meaning::List(_)
            )
        };
        let above = path.match_indices('.').find_map(|(dot, _)| {
            let parent = path.get(..dot)?;
            let (meaning, span) = self.names.get(parent)?;
            is_input(&meaning).then(|| (parent.to_owned(), span))
        });
        above.or_else(|| {
            let prefix = format!("{path}.");
            let mut below = self.names.below(&prefix);
            let found = below.find(|(_, meaning, _)| is_input(meaning));
            found.map(|(name, _, span)| (name.to_owned(), span))
        })
    }
}

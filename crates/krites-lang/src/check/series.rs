//! Series: inputs that are told apart by an index.

use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::InputId;
use crate::ir::{self, Value};
use crate::limits::MAX_SERIES;
use crate::{Diagnostic, Span};

/// A series that was declared
pub(super) struct SeriesHead {
    pub(super) name: Arc<str>,
    /// Name on the wire of a list of all elements
    pub(super) wire: Arc<str>,
    /// The index of its first element
    pub(super) first: u32,
    pub(super) inputs: Vec<InputId>,
}

impl SeriesHead {
    /// Returns the index of its last element.
    pub(super) fn last(&self) -> u32 {
        let behind = u32::try_from(self.inputs.len()).unwrap_or(u32::MAX);
        self.first.saturating_add(behind).saturating_sub(1)
    }

    pub(super) fn into_series(self) -> ir::Series {
        ir::Series {
            name: self.name,
            wire: self.wire,
            first: self.first,
            inputs: self.inputs,
        }
    }

    fn element(&self, index: u32) -> Option<InputId> {
        let position = index.checked_sub(self.first)?;
        self.inputs.get(position as usize).copied()
    }
}

impl Checker<'_> {
    /// Reports the bounds of a series that are none.
    pub(super) fn check_series(&mut self, field: &ast::InputField) -> bool {
        let Some((first, last, span)) = field.series else {
            return true;
        };
        let name = &field.path.text;
        let (problem, help) = if last < first {
            let help = format!("write the smaller one first: `{name}[{last} to {first}]`");
            ("ends before it begins".to_owned(), help)
        } else if last - first >= MAX_SERIES {
            let most = first.saturating_add(MAX_SERIES - 1);
            let count = u64::from(last - first) + 1;
            (
                format!("has {count} elements, at most {MAX_SERIES} are allowed"),
                format!("declare at most `{name}[{first} to {most}]`"),
            )
        } else {
            return true;
        };
        let headline = format!("the series `{name}` {problem}");
        self.report(Diagnostic::error(codes::SERIES_SIZE, headline, span).help(help));
        false
    }

    /// Resolves `paid[3]`, or a path alone, which must name a value.
    pub(super) fn place(
        &mut self,
        path: &ast::Path,
        index: Option<u32>,
        env: &Env,
    ) -> Option<(Value, Span)> {
        let Some(index) = index else {
            return self.value(path, env);
        };
        match self.resolve(path, env)? {
            (Meaning::Series(position), declared) => {
                let id = self.element(position, index, path.span)?;
                Some((Value::Input(id), declared))
            }
            (_, declared) => {
                self.report(
                    Diagnostic::error(
                        codes::SERIES_INDEX,
                        format!("`{}` is no series, so it has no index", path.text),
                        path.span,
                    )
                    .evidence(declared, "declared here")
                    .help(format!("write `{}` alone", path.text)),
                );
                None
            }
        }
    }

    /// The inputs of a series that a path means: all, or those between two indices.
    pub(super) fn some_of(
        &mut self,
        position: usize,
        over: &ast::ElementPath,
    ) -> Option<Vec<InputId>> {
        let head = self.series.get(position)?;
        let Some((first, last, span)) = over.slice else {
            return Some(head.inputs.clone());
        };
        if last < first {
            let name = &head.name;
            let help = format!("write the smaller one first: `{name}[{last} to {first}]`");
            self.report(
                Diagnostic::error(codes::SLICE, "these indices end before they begin", span)
                    .help(help),
            );
            return None;
        }
        let from = first.checked_sub(head.first).map(|from| from as usize);
        let count = (last - first) as usize + 1;
        let found = from.and_then(|from| head.inputs.get(from..from.checked_add(count)?));
        if let Some(found) = found {
            return Some(found.to_vec());
        }
        let beyond = if first < head.first { first } else { last };
        let _ = self.element(position, beyond, span);
        None
    }

    /// What to write instead of a series as a whole.
    pub(super) fn one_of_a_series(&self, position: usize) -> String {
        match self.series.get(position) {
            Some(SeriesHead { name, first, .. }) => format!(
                "name one of its elements, as in `{name}[{first}]`, or what is made of all: `sum of {name}`"
            ),
            None => "name one of its elements".to_owned(),
        }
    }

    /// Finds an element of a series; reports an index beyond its bounds.
    fn element(&mut self, position: usize, index: u32, span: Span) -> Option<InputId> {
        let head = self.series.get(position)?;
        let (name, first, last) = (head.name.clone(), head.first, head.last());
        let found = head.element(index);
        let declared = head.inputs.first().map(|id| self.inputs[*id].span);
        if found.is_none() {
            let mut diagnostic = Diagnostic::error(
                codes::SERIES_INDEX,
                format!("there is no `{name}[{index}]`"),
                span,
            )
            .help(format!(
                "its elements are `{name}[{first}]` to `{name}[{last}]`"
            ));
            if let Some(declared) = declared {
                diagnostic = diagnostic.evidence(declared, "declared here");
            }
            self.report(diagnostic);
        }
        found
    }
}

/// The indices of the inputs that a field declares, none of one that is no series.
pub(super) fn indices(field: &ast::InputField) -> impl Iterator<Item = Option<u32>> + use<> {
    let (first, last) = match field.series {
        Some((first, last, _)) => (first, last),
        None => (0, 0),
    };
    let is_series = field.series.is_some();
    (first..=last).map(move |index| is_series.then_some(index))
}

/// A name as it is written, with its index.
pub(super) fn written(path: &ast::Path, index: Option<u32>) -> String {
    match index {
        Some(index) => format!("{}[{index}]", path.text),
        None => path.text.clone(),
    }
}

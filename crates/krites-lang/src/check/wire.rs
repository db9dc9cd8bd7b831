//! Names on the wire: where the facts of a case have them under other names.

use std::collections::{BTreeMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use super::series::{indices, written};
use super::{Checker, codes};
use crate::ast;
use crate::ids::InputId;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// Reports names on the wire that a field cannot have.
    pub(super) fn check_wire(&mut self, field: &ast::InputField) -> bool {
        let Some(wire) = &field.wire else {
            return true;
        };
        let (path, first) = (&field.path.text, &wire.first);
        let texts = [Some(first), wire.last.as_ref()];
        if let Some(text) = texts
            .into_iter()
            .flatten()
            .find(|text| text.text.is_empty())
        {
            self.refuse_wire(
                format!("`{path}` has no name on the wire"),
                text.span,
                "write the name that the facts have for it".to_owned(),
            );
            return false;
        }
        let count = indices(field).count();
        let counted = counted(&first.text, count);
        let end = counted.as_ref().and_then(|names| names.last());
        match (field.series, &wire.last) {
            (None, None) => return true,
            (Some(_), Some(last)) if end.is_some_and(|end| *end == last.text) => return true,
            (None, Some(last)) => self.refuse_wire(
                format!("`{path}` is no series: it has one name on the wire"),
                last.span,
                format!("write `from \"{}\"`", first.text),
            ),
            (Some(_), None) => {
                let first_text = &first.text;
                let help = match end {
                    Some(end) => format!("write `from \"{first_text}\" to \"{end}\"`"),
                    None => {
                        format!("write both: `from \"{first_text}1\" to \"{first_text}{count}\"`")
                    }
                };
                self.refuse_wire(
                    format!("the series `{path}` has a first and a last name on the wire"),
                    first.span,
                    help,
                );
            }
            (Some(_), Some(last)) => self.refuse_wire(
                format!(
                    "the names on the wire do not count up to the {count} elements of `{path}`"
                ),
                first.span.to(last.span),
                match end {
                    Some(end) => format!("from `{}` on, the last one is `{end}`", first.text),
                    None => "let both end in a number: `from \"paid1\" to \"paid6\"`".to_owned(),
                },
            ),
        }
        false
    }

    fn refuse_wire(&mut self, headline: String, span: Span, help: String) {
        self.report(Diagnostic::error(codes::WIRE_NAME, headline, span).help(help));
    }

    /// Reports names on the wire that stand for two inputs, or for an input and a
    /// record around another one. Of those that are no names of the policy alone:
    /// names that are have been held against each other.
    pub(super) fn check_wires(&mut self) {
        let renamed = std::mem::take(&mut self.renamed);
        if renamed.is_empty() {
            return;
        }
        let mut known: BTreeMap<Arc<str>, (Arc<str>, Span)> = BTreeMap::new();
        let others: HashSet<InputId> = renamed.iter().flat_map(|(ids, _)| ids).copied().collect();
        for (id, input) in self.inputs.iter_ids() {
            if !others.contains(&id) {
                known.insert(input.wire.clone(), (input.name.clone(), input.span));
            }
        }
        for head in &self.series {
            if let Some(id) = head.inputs.first() {
                let declared = (head.name.clone(), self.inputs[*id].span);
                known.insert(head.wire.clone(), declared);
            }
        }
        for (ids, span) in renamed {
            let inputs = || ids.iter().map(|id| &self.inputs[*id]);
            // One mistake a field, however many of a series' elements it meets.
            let clash = inputs().find_map(|input| Some((input, clashing(&known, &input.wire)?)));
            let Some((input, (other, place))) = clash else {
                let names = inputs().map(|input| (input.wire.clone(), (input.name.clone(), span)));
                known.extend(names.collect::<Vec<_>>());
                continue;
            };
            let headline = format!("`{}` on the wire stands for `{other}` already", input.wire);
            let place = *place;
            self.report(
                Diagnostic::error(codes::WIRE_NAME, headline, span)
                    .evidence(place, "declared here")
                    .help("give each input a name on the wire of its own"),
            );
        }
    }
}

/// The input of the same name, or one below or above it.
fn clashing<'k>(
    known: &'k BTreeMap<Arc<str>, (Arc<str>, Span)>,
    wire: &str,
) -> Option<&'k (Arc<str>, Span)> {
    let above = wire
        .match_indices('.')
        .find_map(|(dot, _)| known.get(wire.get(..dot)?));
    let below = || {
        let prefix = format!("{wire}.");
        let from = (Bound::Excluded(&*prefix), Bound::Unbounded);
        let (name, found) = known.range::<str, _>(from).next()?;
        name.starts_with(&prefix).then_some(found)
    };
    known.get(wire).or(above).or_else(below)
}

/// The names on the wire of the inputs that a field declares, within a record the
/// names there. Invariant: [`Checker::check_wire`] has found them right.
pub(super) fn wire_names(field: &ast::InputField) -> Vec<String> {
    let own = || {
        indices(field)
            .map(|index| written(&field.path, index))
            .collect()
    };
    match (&field.wire, field.series) {
        (None, _) => own(),
        (Some(wire), None) => vec![wire.first.text.clone()],
        (Some(wire), Some(_)) => {
            counted(&wire.first.text, indices(field).count()).unwrap_or_else(own)
        }
    }
}

/// `count` names that go on from `first`, which ends in a number.
fn counted(first: &str, count: usize) -> Option<Vec<String>> {
    let stem = first.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let digits = first.get(stem.len()..)?;
    let from: u64 = digits.parse().ok()?;
    // `pay_01` goes on with `pay_02`.
    let width = if digits.starts_with('0') {
        digits.len()
    } else {
        0
    };
    let numbers = from..from.checked_add(u64::try_from(count).ok()?)?;
    Some(
        numbers
            .map(|number| format!("{stem}{number:0width$}"))
            .collect(),
    )
}

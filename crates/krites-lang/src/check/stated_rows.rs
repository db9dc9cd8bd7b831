//! What a test says of a model that is asked for each row of a rank: an answer a row.

use super::case::Case;
use super::expected_rows::rows_by_name;
use super::names::Meaning;
use super::shares::REST;
use super::{Checker, codes};
use crate::ast;
use crate::ids::ModelId;
use crate::ir::{Literal, StubbedAnswer};
use crate::{Diagnostic, Id as _, Span};

impl Checker<'_> {
    /// Sets an answer for each row, by the rows' names.
    pub(super) fn assign_rows(
        &mut self,
        id: ModelId,
        give: usize,
        path: &ast::Path,
        shares: (&[ast::Share], Span),
        case: &mut Case,
    ) {
        match self.of_rows(id, give, path, shares) {
            Some(values) => case.answer(id, give, StubbedAnswer::OfRows(values)),
            None => case.broken_models.push(id.position()),
        }
    }

    /// The answers for all rows as written; `None` where one was reported.
    fn of_rows(
        &mut self,
        id: ModelId,
        give: usize,
        path: &ast::Path,
        (shares, span): (&[ast::Share], Span),
    ) -> Option<Vec<Literal>> {
        let each = self.model_heads.get(id.position())?.ast.each.as_ref()?;
        let Some((Meaning::Table(table), _)) = self.names.get(&each.text) else {
            return None;
        };
        let rank = self.tables.get(table)?.ast;
        let known = rows_by_name(rank);
        let mut values: Vec<Option<(Literal, Span)>> = vec![None; rank.rows.len()];
        let mut rest: Option<(Literal, Span)> = None;
        let mut sound = true;
        for ast::Share { label, value } in shares {
            let place = match known.get(label.text.as_str()) {
                Some(at) => values.get_mut(*at),
                None if label.text == REST => Some(&mut rest),
                None => {
                    self.no_such_row(codes::CANNOT_SET, rank, label);
                    None
                }
            };
            let Some(place) = place else {
                sound = false;
                continue;
            };
            if let Some((_, before)) = *place {
                self.set_twice(&label.text, label.span, before);
                sound = false;
                continue;
            }
            match self.stated_answer(id, give, path, value) {
                Some(literal) => *place = Some((literal, label.span)),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let unset = values.iter().position(Option::is_none);
        match (unset, &rest) {
            (Some(row), None) => {
                let name = known.iter().find(|(_, at)| **at == row);
                let name = name.map_or("", |(name, _)| name);
                let more = values.iter().filter(|value| value.is_none()).count() - 1;
                let headline = match more {
                    0 => format!("row `{name}` has no answer here"),
                    more => format!("row `{name}` and {more} more have no answer here"),
                };
                let help = format!("give one to all rows that are not named: `{REST} : …`");
                self.report(
                    Diagnostic::error(codes::ANSWER_NOT_GIVEN, headline, span)
                        .evidence(rank.header, "the rank")
                        .help(help),
                );
                return None;
            }
            (None, Some((_, place))) => {
                self.report(
                    Diagnostic::error(
                        codes::SHARES,
                        format!("no row is left for `{REST}`"),
                        *place,
                    )
                    .help("leave it out"),
                );
                return None;
            }
            _ => {}
        }
        let rest = rest.map(|(literal, _)| literal);
        let values = values.into_iter();
        values
            .map(|value| value.map(|(literal, _)| literal).or_else(|| rest.clone()))
            .collect()
    }
}

//! What a test says of a distribution: the probabilities of its labels.

use super::case::Case;
use super::distribution::zero_to_one;
use super::{Checker, codes};
use crate::ast;
use crate::ir::{Literal, StubbedAnswer};
use crate::types::Ty;
use crate::{Diagnostic, Exact, Id as _, Span};

/// The word for all labels that are not named
pub(super) const REST: &str = "rest";

impl Checker<'_> {
    /// Sets the answers of all labels.
    pub(super) fn assign_shares(
        &mut self,
        position: usize,
        shares: &[ast::Share],
        span: Span,
        case: &mut Case,
    ) {
        let Some(labels) = self.distributions.get(position).map(|head| head.labels) else {
            return;
        };
        let Some(values) = self.shares(position, shares, span) else {
            case.broken_models.push(labels.model.position());
            return;
        };
        for (label, value) in values.into_iter().enumerate() {
            case.answer(
                labels.model,
                labels.first as usize + label,
                StubbedAnswer::Same(Literal::Exact(value)),
            );
        }
    }

    /// The probabilities of all labels in their order; `None` where one was reported.
    fn shares(&mut self, position: usize, shares: &[ast::Share], span: Span) -> Option<Vec<Exact>> {
        let head = self.distributions.get(position)?;
        let (ty, name, declared) = (head.ty, head.name.clone(), head.span);
        let mut values: Vec<Option<(Exact, Span)>> = vec![None; head.labels.count as usize];
        let mut rest: Option<(Exact, Span)> = None;
        let mut sound = true;
        for share in shares {
            let label = &share.label;
            let place = match self.label_position(ty, &label.text) {
                None if label.text == REST => Some(&mut rest),
                None => {
                    let _ = self.label(ty, label);
                    None
                }
                Some(at) => values.get_mut(at as usize),
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
            match self.constant(&share.value, Ty::Decimal) {
                Some(Literal::Exact(value)) => {
                    *place = Some((value, label.span));
                    let literal = Literal::Exact(value);
                    let range = zero_to_one();
                    let at = share.value.span;
                    self.check_inside(&literal, Some(&range), &name, Some(declared), at);
                }
                _ => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let total = {
            let written = values.iter().chain([&rest]).flatten();
            let mut written = written.map(|(value, _)| *value);
            written
                .try_fold(Exact::ZERO, |total, value| total.add(value))
                .ok()
        };
        if total != Some(Exact::from_integer(1)) {
            let comes_to =
                total.map_or_else(|| "another sum".to_owned(), |total| total.to_string());
            let help = match rest {
                Some(_) => "let them sum to one".to_owned(),
                None => format!("give what is left to the other labels: `{REST} : …`"),
            };
            self.report(
                Diagnostic::error(
                    codes::SHARES,
                    format!("these probabilities come to {comes_to}, not to 1"),
                    span,
                )
                .help(help),
            );
            return None;
        }
        self.with_rest(values, rest, ty, span)
    }

    /// Shares the rest among the labels that are not named.
    fn with_rest(
        &mut self,
        values: Vec<Option<(Exact, Span)>>,
        rest: Option<(Exact, Span)>,
        ty: crate::EnumId,
        span: Span,
    ) -> Option<Vec<Exact>> {
        let unnamed = values.iter().filter(|value| value.is_none()).count();
        let each = match (rest, unnamed) {
            (None, 0) => Exact::ZERO,
            (Some((_, place)), 0) => {
                self.report(
                    Diagnostic::error(codes::SHARES, "no label is left for `rest`", place)
                        .help("leave it out"),
                );
                return None;
            }
            (Some((rest, _)), unnamed) => {
                let unnamed = Exact::from_integer(i64::try_from(unnamed).ok()?);
                rest.divide(unnamed).ok()?
            }
            (None, unnamed) => {
                let labels = self.enums[ty].labels.iter().zip(&values);
                let mut unset = labels.filter(|(_, value)| value.is_none());
                let first = unset.next().map_or("", |(label, _)| &label.name);
                let headline = match unnamed - 1 {
                    0 => format!("`{first}` has no probability here"),
                    more => format!("`{first}` and {more} more have no probability here"),
                };
                self.report(
                    Diagnostic::error(codes::SHARES, headline, span)
                        .help(format!("give one to all that are not named: `{REST} : 0`")),
                );
                return None;
            }
        };
        let values = values.into_iter();
        Some(
            values
                .map(|value| value.map_or(each, |(value, _)| value))
                .collect(),
        )
    }
}

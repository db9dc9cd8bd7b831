//! `if … then … else …` and `match … { … }`.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Expr, ExprKind, MatchArm};
use crate::{Code, Diagnostic, Span};

impl Reader<'_> {
    /// Builds `if a then b else if c then d else e`.
    pub(super) fn conditional(&mut self, pair: Pair<'_>) -> Expr {
        let span = self.tight_span(&pair);
        let branches = pair
            .into_inner()
            .filter(|part| part.as_rule() == Rule::branch);
        let mut values: Vec<Expr> = branches.map(|branch| self.clause(branch)).collect();
        // The grammar gives pairs, and one more
        let otherwise = values.pop().map(Box::new);
        let mut arms = Vec::with_capacity(values.len() / 2);
        let mut values = values.into_iter();
        while let (Some(condition), Some(value)) = (values.next(), values.next()) {
            arms.push((condition, value));
        }
        let kind = otherwise.map_or(ExprKind::Error, |otherwise| ExprKind::If {
            arms,
            otherwise,
        });
        Expr { kind, span }
    }

    /// Builds `match x { a, b : 1, otherwise : 0 }`.
    pub(super) fn matching(&mut self, pair: Pair<'_>, span: Span) -> Expr {
        let mut subject = None;
        let mut arms = Vec::new();
        let mut otherwise: Option<(Box<Expr>, Span)> = None;
        for part in pair.into_inner() {
            let place = self.tight_span(&part);
            match part.as_rule() {
                Rule::sum => subject = Some(Box::new(self.sum(part))),
                Rule::arm => {
                    if let Some((_, last)) = &otherwise {
                        let last = *last;
                        self.report_not_last(last, place);
                    }
                    let is_otherwise = part
                        .clone()
                        .into_inner()
                        .next()
                        .is_some_and(|first| first.as_rule() == Rule::kw_otherwise);
                    let Some(arm) = self.arm(part, place) else {
                        continue;
                    };
                    if is_otherwise {
                        otherwise = Some((Box::new(arm.value), place));
                    } else {
                        arms.push(arm);
                    }
                }
                _ => {}
            }
        }
        let kind = subject.map_or(ExprKind::Error, |subject| ExprKind::Match {
            subject,
            arms,
            otherwise: otherwise.map(|(value, _)| value),
        });
        Expr { kind, span }
    }

    fn arm(&mut self, pair: Pair<'_>, span: Span) -> Option<MatchArm> {
        let mut tests = Vec::new();
        let mut value = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::cell_test => tests.extend(self.one_test(&part)),
                Rule::expression => value = Some(self.expression(part)),
                _ => {}
            }
        }
        Some(MatchArm {
            tests,
            value: value?,
            span,
        })
    }

    fn report_not_last(&mut self, otherwise: Span, after: Span) {
        self.report(
            Diagnostic::error(Code(139), "`otherwise` comes last in a `match`", after)
                .label("never reached")
                .evidence(otherwise, "this takes all that is left")
                .help("move `otherwise` behind it"),
        );
    }
}

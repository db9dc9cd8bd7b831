//! What is made of all elements of a list or series.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::Span;
use crate::ast::{Aggregate, AggregateKind, ElementPath, Expr, ExprKind, Path};

impl Reader<'_> {
    /// Builds `sum of paid where (each > 0)`, `any flags is "vip"` and their like.
    pub(super) fn aggregate(&mut self, pair: Pair<'_>, span: Span) -> Expr {
        let built = pair.into_inner().next().and_then(|form| self.form(form));
        let kind = built.map_or(ExprKind::Error, |aggregate| {
            ExprKind::Aggregate(Box::new(aggregate))
        });
        Expr { kind, span }
    }

    fn form(&mut self, form: Pair<'_>) -> Option<Aggregate> {
        let mut kind = None;
        let mut item = None;
        let mut over: Option<ElementPath> = None;
        let mut condition = None;
        let mut if_none = None;
        for part in form.into_inner() {
            let span = self.tight_span(&part);
            match part.as_rule() {
                Rule::fold | Rule::quantifier => kind = kind_of(part.as_str()),
                Rule::group => item = Some(self.factor(part)),
                Rule::elements => over = self.elements(&part),
                Rule::filter => condition = Some(self.filter(part)),
                Rule::asked_tail => {
                    let each = Expr {
                        kind: ExprKind::Path(Path {
                            text: "each".to_owned(),
                            span: over.as_ref()?.path.span,
                        }),
                        span: over.as_ref()?.path.span,
                    };
                    let whole = each.span.to(span);
                    let tail = part.into_inner().next()?;
                    condition = Some(self.compared(each, tail, whole));
                }
                Rule::if_none => {
                    let plain = super::parts::part(&part, Rule::bare);
                    if_none = plain.map(|plain| self.sum(plain));
                }
                _ => {}
            }
        }
        Some(Aggregate {
            kind: kind?,
            item,
            over: over?,
            condition,
            if_none,
        })
    }

    fn elements(&mut self, pair: &Pair<'_>) -> Option<ElementPath> {
        let path = super::parts::part(pair, Rule::path).map(|path| self.path(&path))?;
        let slice = match super::parts::part(pair, Rule::slice) {
            Some(slice) => Some(self.slice(&slice)?),
            None => None,
        };
        Some(ElementPath { path, slice })
    }

    /// Builds `[2 to 6]`.
    fn slice(&mut self, pair: &Pair<'_>) -> Option<(u32, u32, Span)> {
        let counts = pair.clone().into_inner();
        let mut counts = counts.filter(|part| part.as_rule() == Rule::count);
        let first = self.small_count(&counts.next()?, u32::MAX)?;
        let last = self.small_count(&counts.next()?, u32::MAX)?;
        Some((first, last, self.tight_span(pair)))
    }

    /// Builds the condition behind `where`.
    fn filter(&mut self, pair: Pair<'_>) -> Expr {
        let span = self.tight_span(&pair);
        let mut negations = Vec::new();
        let mut condition = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::negation => self.negation(&part, &mut negations),
                Rule::group => condition = Some(self.factor(part)),
                Rule::bare_comparison => condition = Some(self.bare_comparison(part)),
                _ => {}
            }
        }
        match condition {
            Some(condition) => self.not(&mut negations, condition),
            None => Expr {
                kind: ExprKind::Error,
                span,
            },
        }
    }

    fn bare_comparison(&mut self, pair: Pair<'_>) -> Expr {
        let whole = self.tight_span(&pair);
        let mut parts = pair.into_inner();
        let subject = parts.next().map(|plain| self.sum(plain));
        match (subject, parts.next()) {
            (Some(subject), Some(tail)) => self.compared(subject, tail, whole),
            (Some(subject), None) => subject,
            (None, _) => Expr {
                kind: ExprKind::Error,
                span: whole,
            },
        }
    }
}

fn kind_of(word: &str) -> Option<AggregateKind> {
    Some(match word {
        "count" => AggregateKind::Count,
        "sum" => AggregateKind::Sum,
        "average" => AggregateKind::Average,
        "min" => AggregateKind::Min,
        "max" => AggregateKind::Max,
        "first" => AggregateKind::First,
        "any" => AggregateKind::Any,
        "every" => AggregateKind::Every,
        _ => return None,
    })
}

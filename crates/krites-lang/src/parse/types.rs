//! Written types and ranges.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Bound, Path, Range, TypeExpr, TypeKind};

/// How many digits behind the point a type may keep
const MAX_DIGITS: u32 = 28;

impl Reader<'_> {
    pub(super) fn type_expr(&mut self, pair: &Pair<'_>) -> TypeExpr {
        let mut optional = None;
        let mut bare_money = None;
        // The grammar gives every type one of these
        let mut kind = TypeKind::Text;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::integer_type => kind = TypeKind::Integer,
                Rule::decimal_type => kind = TypeKind::Decimal(self.digits(&part)),
                Rule::percent_type => kind = TypeKind::Percent(self.digits(&part)),
                Rule::money_type => {
                    kind = TypeKind::Money {
                        currency: self.currency(&part),
                        unrounded: false,
                    }
                }
                Rule::boolean_type => kind = TypeKind::Boolean,
                Rule::date_type => kind = TypeKind::Date,
                Rule::datetime_type => kind = TypeKind::Datetime,
                Rule::duration_type => kind = TypeKind::Duration,
                Rule::type_name => kind = TypeKind::Named(self.name(&part)),
                Rule::question_mark => {
                    let span = self.span(&part);
                    match optional {
                        Some(first) => self.report_twice("`?`", first, span),
                        None => optional = Some(span),
                    }
                }
                Rule::kw_unrounded => {
                    let span = self.span(&part);
                    match bare_money {
                        Some(first) => self.report_twice("`unrounded`", first, span),
                        None => bare_money = Some(span),
                    }
                }
                _ => {}
            }
        }
        if let Some(span) = bare_money {
            match &mut kind {
                TypeKind::Money { unrounded, .. } => *unrounded = true,
                _ => self.report_unrounded(span),
            }
        }
        TypeExpr {
            kind,
            optional: optional.is_some(),
            span: self.tight_span(pair),
        }
    }

    fn report_unrounded(&mut self, span: crate::Span) {
        self.report(
            crate::Diagnostic::error(
                crate::Code(135),
                "`unrounded` belongs to a type of money",
                span,
            )
            .label("this type does not round by itself")
            .help("leave `unrounded` out"),
        );
    }

    fn digits(&mut self, pair: &Pair<'_>) -> Option<u32> {
        let count = pair
            .clone()
            .into_inner()
            .find(|part| part.as_rule() == Rule::count)?;
        self.small_count(&count, MAX_DIGITS)
    }

    fn currency(&self, pair: &Pair<'_>) -> Path {
        pair.clone()
            .into_inner()
            .find(|part| part.as_rule() == Rule::path)
            .map_or_else(
                || Path {
                    text: String::new(),
                    span: self.span(pair),
                },
                |path| self.path(&path),
            )
    }

    /// Builds the range of `in 0 to 120`.
    pub(super) fn in_range(&mut self, pair: &Pair<'_>) -> Option<Range> {
        let range = pair
            .clone()
            .into_inner()
            .find(|part| part.as_rule() == Rule::range)?;
        Some(self.range(&range))
    }

    /// Builds a range from a rule of one.
    pub(super) fn range(&mut self, pair: &Pair<'_>) -> Range {
        let span = self.tight_span(pair);
        let mut low = None;
        let mut high = None;
        let rule = pair.as_rule();
        match rule {
            Rule::below_range => high = self.bound(pair, false),
            Rule::up_to_range => high = self.bound(pair, true),
            Rule::above_range => low = self.bound(pair, false),
            _ => {
                for part in pair.clone().into_inner() {
                    match part.as_rule() {
                        Rule::sum => {
                            low = Some(Bound {
                                value: self.sum(part),
                                inclusive: true,
                            })
                        }
                        Rule::to_range => {
                            let below = part
                                .clone()
                                .into_inner()
                                .any(|word| word.as_rule() == Rule::kw_below);
                            high = self.bound(&part, !below);
                        }
                        Rule::below_range | Rule::above_range | Rule::up_to_range => {
                            return self.range(&part);
                        }
                        _ => {}
                    }
                }
            }
        }
        Range { low, high, span }
    }

    fn bound(&mut self, pair: &Pair<'_>, inclusive: bool) -> Option<Bound> {
        let sum = pair
            .clone()
            .into_inner()
            .find(|part| part.as_rule() == Rule::sum)?;
        Some(Bound {
            value: self.sum(sum),
            inclusive,
        })
    }
}

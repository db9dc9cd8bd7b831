//! Written types and ranges.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Bound, Path, Range, TypeExpr, TypeKind};
use crate::{Code, Diagnostic, Span};

/// How many digits behind the point a type may keep
const MAX_DIGITS: u32 = 28;

impl Reader<'_> {
    pub(super) fn type_expr(&mut self, pair: &Pair<'_>) -> TypeExpr {
        let mut optional = None;
        let mut bare_money = None;
        let mut lists: Vec<Span> = Vec::new();
        let mut first: Option<Span> = None;
        // The grammar gives every type one of these
        let mut kind = TypeKind::Text;
        for part in pair.clone().into_inner() {
            if part.as_rule() != Rule::list_of {
                first = first.or(Some(self.span(&part)));
            }
            match part.as_rule() {
                Rule::list_of => lists.push(self.tight_span(&part)),
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
        let whole = self.tight_span(pair);
        let element = TypeExpr {
            kind,
            optional: optional.is_some(),
            span: first.map_or(whole, |first| first.to(whole.after())),
        };
        if let Some(second) = lists.get(1) {
            self.report_list_of_lists(*second);
        }
        if lists.is_empty() {
            return element;
        }
        TypeExpr {
            kind: TypeKind::List(Box::new(element)),
            optional: false,
            span: whole,
        }
    }

    fn report_list_of_lists(&mut self, second: Span) {
        self.report(
            Diagnostic::error(Code(148), "a list holds no lists", second)
                .label("a second `list of`")
                .help("give its elements a record with a field that is a list"),
        );
    }

    fn report_unrounded(&mut self, span: Span) {
        self.report(
            Diagnostic::error(Code(135), "`unrounded` belongs to a type of money", span)
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
        match pair.as_rule() {
            Rule::below_range | Rule::bare_below => high = self.bound(pair, false),
            Rule::up_to_range | Rule::bare_up_to => high = self.bound(pair, true),
            Rule::above_range | Rule::bare_above => {
                low = self.bound(pair, false);
                for part in pair.clone().into_inner() {
                    high = self.upper(&part).or(high);
                }
            }
            _ => {
                for part in pair.clone().into_inner() {
                    match part.as_rule() {
                        Rule::sum | Rule::bare => {
                            low = Some(Bound {
                                value: self.sum(part),
                                inclusive: true,
                            })
                        }
                        Rule::to_range | Rule::bare_to => high = self.upper(&part),
                        Rule::below_range
                        | Rule::above_range
                        | Rule::up_to_range
                        | Rule::bare_below
                        | Rule::bare_above
                        | Rule::bare_up_to => {
                            return self.range(&part);
                        }
                        _ => {}
                    }
                }
            }
        }
        Range { low, high, span }
    }

    /// Builds the bound of `to 5` or `to below 5`; nothing of another part.
    fn upper(&mut self, part: &Pair<'_>) -> Option<Bound> {
        if !matches!(part.as_rule(), Rule::to_range | Rule::bare_to) {
            return None;
        }
        let mut words = part.clone().into_inner();
        let below = words.any(|word| word.as_rule() == Rule::kw_below);
        self.bound(part, !below)
    }

    fn bound(&mut self, pair: &Pair<'_>, inclusive: bool) -> Option<Bound> {
        let sum = pair
            .clone()
            .into_inner()
            .find(|part| matches!(part.as_rule(), Rule::sum | Rule::bare))?;
        Some(Bound {
            value: self.sum(sum),
            inclusive,
        })
    }
}

//! Sums, products and what they are made of.
//! Invariant: recursion follows brackets alone; the scanner bounds those.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Expr, ExprKind, Factor, LookupUse, Name, Path, ProductOp, SumOp};
use crate::scan::nesting;
use crate::{Code, Diagnostic, Span};

/// How many `if missing` may follow one another
const MAX_ALTERNATIVES: usize = 16;

/// How large an index may be written; the checker knows the series
const MAX_INDEX: u32 = 1_000_000_000;

/// `+ b` or `/ b if zero c`, as written
pub(super) struct Term {
    pub(super) op: u8,
    pub(super) op_span: Span,
    pub(super) value: Expr,
    if_zero: Option<Expr>,
}

impl Reader<'_> {
    /// Builds `a + b * c`, left to right, products first.
    pub(super) fn sum(&mut self, pair: Pair<'_>) -> Expr {
        let mut signs = Vec::new();
        let mut terms: Vec<Term> = Vec::new();
        let mut first = None;
        let whole = self.span(&pair);
        let mut op = (b'+', whole);
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::sign => signs.push(self.span(&part)),
                Rule::arithmetic => {
                    op = (
                        part.as_str().bytes().next().unwrap_or(b'+'),
                        self.span(&part),
                    )
                }
                Rule::if_zero => {
                    let alternative = self.if_zero(whole, part.clone());
                    match terms.last_mut() {
                        Some(term) if term.op == b'/' => term.if_zero = alternative,
                        _ => self.report_if_zero(&part),
                    }
                }
                Rule::unit => match terms.pop() {
                    Some(term) => terms.push(Term {
                        value: self.measured(term.value, &part),
                        ..term
                    }),
                    None => first = first.map(|value| self.measured(value, &part)),
                },
                _ => {
                    let value = match first {
                        None => self.factor(part),
                        Some(_) => self.last_operand(whole, part),
                    };
                    let value = self.negate(&mut signs, value);
                    match first {
                        None => first = Some(value),
                        Some(_) => terms.push(Term {
                            op: op.0,
                            op_span: op.1,
                            value,
                            if_zero: None,
                        }),
                    }
                }
            }
        }
        let first = first.unwrap_or_else(|| Expr {
            kind: ExprKind::Error,
            span: self.tight_span(&pair),
        });
        match self.check_minus(&first, &terms) {
            true => join_terms(first, terms),
            false => Expr {
                kind: ExprKind::Error,
                span: whole,
            },
        }
    }

    /// Puts a sign in front of a value.
    pub(super) fn negate(&mut self, signs: &mut Vec<Span>, value: Expr) -> Expr {
        let Some(sign) = signs.first().copied() else {
            return value;
        };
        if let Some(second) = signs.get(1) {
            self.report(
                Diagnostic::error(Code(134), "two signs of minus stand in a row", *second)
                    .label("one too many")
                    .help(format!("write `{}`", self.quote(value.span))),
            );
        }
        signs.clear();
        let span = sign.to(value.span);
        Expr {
            kind: ExprKind::Negate(Box::new(value)),
            span,
        }
    }

    fn if_zero(&mut self, division: Span, pair: Pair<'_>) -> Option<Expr> {
        let mut signs = Vec::new();
        let mut value = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::sign => signs.push(self.span(&part)),
                Rule::operand => value = Some(self.last_operand(division, part)),
                _ => {}
            }
        }
        value.map(|value| self.negate(&mut signs, value))
    }

    fn report_if_zero(&mut self, pair: &Pair<'_>) {
        self.report(
            Diagnostic::error(
                Code(136),
                "`if zero` belongs to a division",
                self.tight_span(pair),
            )
            .label("no `/` stands right before it")
            .help("write it behind the divisor: `a / b if zero 0`"),
        );
    }

    pub(super) fn factor(&mut self, pair: Pair<'_>) -> Expr {
        let span = self.tight_span(&pair);
        let digits = || pair.as_str().replace('_', "");
        let kind = match pair.as_rule() {
            Rule::number => ExprKind::Number(digits()),
            Rule::rate => ExprKind::Percent(digits().trim_end_matches('%').to_owned()),
            Rule::date => ExprKind::Date(pair.as_str().to_owned()),
            Rule::datetime => ExprKind::Datetime(pair.as_str().to_owned()),
            Rule::between => self.between(pair),
            Rule::part => self.part_of(pair),
            Rule::boolean => ExprKind::Boolean(pair.as_str() == "true"),
            Rule::text => ExprKind::Text(self.quoted(&pair).text),
            Rule::path => ExprKind::Path(self.path(&pair)),
            Rule::call | Rule::plain_call => return self.call(&pair, span),
            Rule::matching => return self.matching(pair, span),
            Rule::operand | Rule::term => return self.operand(pair),
            Rule::remainder => return self.remainder(pair, span),
            Rule::aggregate => return self.aggregate(pair, span),
            Rule::value | Rule::plain_value => return self.value(pair, span),
            Rule::group => {
                // Brackets stay within the span, so that quoting it reads the same
                return match pair
                    .into_inner()
                    .find(|part| part.as_rule() == Rule::expression)
                {
                    Some(inner) => Expr {
                        span,
                        ..self.expression(inner)
                    },
                    None => Expr {
                        kind: ExprKind::Error,
                        span,
                    },
                };
            }
            _ => ExprKind::Error,
        };
        Expr { kind, span }
    }

    fn call(&mut self, pair: &Pair<'_>, span: Span) -> Expr {
        let mut function = None;
        let mut arguments = Vec::new();
        let mut column = None;
        let mut if_none = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::path => {
                    let Path { text, span } = self.path(&part);
                    function = Some(Name { text, span });
                }
                Rule::expression => arguments.push(self.expression(part)),
                Rule::column => column = Some(self.read_column(&part)),
                Rule::if_no_row => if_none = self.if_no_row(part),
                _ => {}
            }
        }
        let kind = match (function, column) {
            (None, _) => ExprKind::Error,
            (Some(function), None) => ExprKind::Call {
                function,
                arguments,
            },
            (Some(lookup), Some(column)) => ExprKind::Lookup(Box::new(LookupUse {
                lookup,
                arguments,
                column,
                if_none,
            })),
        };
        Expr { kind, span }
    }

    /// Builds a name with what stands in for it where it is missing.
    fn value(&mut self, pair: Pair<'_>, span: Span) -> Expr {
        let mut parts = pair.into_inner().peekable();
        let Some(path) = parts.next().map(|part| self.path(&part)) else {
            return Expr {
                kind: ExprKind::Error,
                span,
            };
        };
        if let Some(fired) = parts.next_if(|part| part.as_rule() == Rule::fired) {
            let if_off = super::parts::part(&fired, Rule::boolean);
            let if_off = if_off.map(|value| value.as_str() == "true");
            let kind = ExprKind::Fired { rule: path, if_off };
            return Expr { kind, span };
        }
        let mut subject = Expr {
            span: path.span,
            kind: ExprKind::Path(path),
        };
        if let Some(part) = parts.next_if(|part| part.as_rule() == Rule::index) {
            subject = self.element(subject, &part);
        }
        let alternatives: Vec<Pair<'_>> = parts.collect();
        if alternatives.len() > MAX_ALTERNATIVES {
            self.report(nesting(span));
            return Expr {
                kind: ExprKind::Error,
                span,
            };
        }
        // Each `if missing` belongs to the name before it, so the last is innermost
        let mut rest: Option<Option<Expr>> = None;
        for part in alternatives.into_iter().rev() {
            // No value stands for `fault`
            let alternative = self.signed(&part);
            rest = Some(match (rest, alternative) {
                (None, alternative) => alternative,
                (
                    Some(inner),
                    Some(
                        subject @ Expr {
                            kind: ExprKind::Path(_) | ExprKind::Index { .. },
                            ..
                        },
                    ),
                ) => Some(if_missing(subject, inner, span)),
                (Some(_), _) => {
                    self.report(
                        Diagnostic::error(
                            Code(137),
                            "`if missing` stands behind a name",
                            self.tight_span(&part),
                        )
                        .label(
                            "what stands in here is never missing, so what follows is never used",
                        )
                        .help("leave out the `if missing` that follows"),
                    );
                    return Expr {
                        kind: ExprKind::Error,
                        span,
                    };
                }
            });
        }
        match rest {
            None => subject,
            Some(alternative) => if_missing(subject, alternative, span),
        }
    }

    /// Builds `paid[3]` out of `paid` and its index.
    pub(super) fn element(&mut self, series: Expr, index: &Pair<'_>) -> Expr {
        let span = series.span.to(self.tight_span(index));
        let kind = match (series.kind, self.index(index)) {
            (ExprKind::Path(path), Some(index)) => ExprKind::Index { path, index },
            _ => ExprKind::Error,
        };
        Expr { kind, span }
    }

    /// Reads the index of `paid[3]`.
    pub(super) fn index(&mut self, pair: &Pair<'_>) -> Option<u32> {
        let count = super::parts::part(pair, Rule::count)?;
        self.small_count(&count, MAX_INDEX)
    }

    /// Returns source text for a message.
    pub(super) fn quote(&self, span: Span) -> String {
        super::wording::one_line(self.source_text(span))
    }
}

/// Makes `subject if missing alternative`, which ends where `whole` ends.
fn if_missing(subject: Expr, alternative: Option<Expr>, whole: Span) -> Expr {
    let span = subject.span.to(whole.after());
    let (subject, index) = match subject.kind {
        ExprKind::Path(path) => (path, None),
        ExprKind::Index { path, index } => (path, Some(index)),
        kind => return Expr { kind, span },
    };
    Expr {
        kind: ExprKind::IfMissing {
            subject,
            index,
            alternative: alternative.map(Box::new),
        },
        span,
    }
}

/// Groups factors into products and those into one sum.
fn join_terms(first: Expr, terms: Vec<Term>) -> Expr {
    let mut sum_first = None;
    let mut rest: Vec<(SumOp, Expr)> = Vec::new();
    let mut op = SumOp::Add;
    let mut factor = first;
    let mut factors: Vec<Factor> = Vec::new();
    for term in terms {
        let Term { value, if_zero, .. } = term;
        match term.op {
            b'*' => factors.push(Factor {
                op: ProductOp::Multiply,
                value,
                if_zero,
            }),
            b'/' => factors.push(Factor {
                op: ProductOp::Divide,
                value,
                if_zero,
            }),
            sign => {
                let done = product(factor, std::mem::take(&mut factors));
                match sum_first {
                    None => sum_first = Some(done),
                    Some(_) => rest.push((op, done)),
                }
                op = if sign == b'-' {
                    SumOp::Subtract
                } else {
                    SumOp::Add
                };
                factor = value;
            }
        }
    }
    let last = product(factor, factors);
    match sum_first {
        None => last,
        Some(first) => {
            let span = first.span.to(last.span);
            rest.push((op, last));
            Expr {
                kind: ExprKind::Sum {
                    first: Box::new(first),
                    rest,
                },
                span,
            }
        }
    }
}

fn product(first: Expr, rest: Vec<Factor>) -> Expr {
    let Some(last) = rest.last() else {
        return first;
    };
    let end = last
        .if_zero
        .as_ref()
        .map_or(last.value.span, |value| value.span);
    let span = first.span.to(end);
    Expr {
        kind: ExprKind::Product {
            first: Box::new(first),
            rest,
        },
        span,
    }
}

//! Conditions: comparisons and what joins them.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{CompareOp, Expr, ExprKind, IsWhat, Name, Range, TextTest};
use crate::{Code, Diagnostic, Span};

/// What follows the left side of a comparison
pub(super) enum Tail {
    Compare(CompareOp, bool, Expr),
    Is(bool, IsWhat),
    In(bool, Range),
    InList(bool, Name),
    InLookup(bool, Name),
    Text(bool, TextTest),
}

/// `and` or `or` between two conditions
#[derive(Clone, Copy, PartialEq, Eq)]
enum Junction {
    And,
    Or,
}

impl Reader<'_> {
    /// Builds a condition or value, `if … then … else …` included.
    pub(super) fn expression(&mut self, pair: Pair<'_>) -> Expr {
        match super::parts::part(&pair, Rule::conditional) {
            Some(conditional) => self.conditional(conditional),
            None => self.clause(pair),
        }
    }

    /// Builds `a and b and c`, `a or b or c`, or what stands alone.
    pub(super) fn clause(&mut self, pair: Pair<'_>) -> Expr {
        let whole = self.tight_span(&pair);
        let mut negations: Vec<Span> = Vec::new();
        let mut operands: Vec<Expr> = Vec::new();
        let mut junctions: Vec<(Junction, Span)> = Vec::new();
        for part in pair.into_inner() {
            let span = self.span(&part);
            match part.as_rule() {
                Rule::negation => self.negation(&part, &mut negations),
                Rule::junction => {
                    let junction = match part.as_str() {
                        "&&" | "and" => Junction::And,
                        _ => Junction::Or,
                    };
                    match part.as_str() {
                        "&&" => self.report_sign("&&", "and", span),
                        "||" => self.report_sign("||", "or", span),
                        _ => {}
                    }
                    junctions.push((junction, span));
                }
                _ => {
                    let operand = self.comparison(part);
                    operands.push(self.not(&mut negations, operand));
                }
            }
        }
        let mixed = junctions
            .iter()
            .find(|(junction, _)| junctions.first().is_some_and(|first| first.0 != *junction));
        if let Some((_, second)) = mixed {
            self.report_mixed(&operands, &junctions, *second);
            return Expr {
                kind: ExprKind::Error,
                span: whole,
            };
        }
        let kind = match junctions.first() {
            None => {
                return operands.pop().unwrap_or(Expr {
                    kind: ExprKind::Error,
                    span: whole,
                });
            }
            Some((Junction::And, _)) => ExprKind::And(operands),
            Some((Junction::Or, _)) => ExprKind::Or(operands),
        };
        Expr { kind, span: whole }
    }

    pub(super) fn negation(&mut self, pair: &Pair<'_>, negations: &mut Vec<Span>) {
        let span = self.span(pair);
        if pair.as_str() == "!" {
            self.report_sign("!", "not", span);
        }
        negations.push(span);
    }

    pub(super) fn not(&mut self, negations: &mut Vec<Span>, operand: Expr) -> Expr {
        let Some(first) = negations.first().copied() else {
            return operand;
        };
        if let Some(second) = negations.get(1) {
            self.report(
                Diagnostic::error(Code(134), "`not` stands twice in a row", *second)
                    .label("one too many")
                    .help(format!("write `{}`", self.quote(operand.span))),
            );
        }
        negations.clear();
        let span = first.to(operand.span);
        Expr {
            kind: ExprKind::Not(Box::new(operand)),
            span,
        }
    }

    pub(super) fn report_sign(&mut self, sign: &str, word: &str, span: Span) {
        self.report(
            Diagnostic::error(Code(126), format!("`{sign}` is written `{word}`"), span)
                .help(format!("write `{word}`"))
                .fix(span, self.set_apart(word, span)),
        );
    }

    /// Puts blanks around a word where what it is written for is glued to others.
    pub(super) fn set_apart(&self, word: &str, place: Span) -> String {
        let bytes = self.text.as_bytes();
        let blank = |at: Option<&u8>, bracket: u8| match at {
            Some(byte) if !byte.is_ascii_whitespace() && *byte != bracket => " ",
            _ => "",
        };
        let before = (place.start as usize).checked_sub(1);
        let before = blank(before.and_then(|at| bytes.get(at)), b'(');
        let behind = blank(bytes.get(place.end as usize), b')');
        format!("{before}{word}{behind}")
    }

    /// Shows both readings of `a and b or c`.
    fn report_mixed(&mut self, operands: &[Expr], junctions: &[(Junction, Span)], second: Span) {
        let texts: Vec<String> = operands
            .iter()
            .map(|operand| self.quote(operand.span))
            .collect();
        let kinds: Vec<Junction> = junctions.iter().map(|(junction, _)| *junction).collect();
        let first = junctions.first().map_or(second, |(_, span)| *span);
        let diagnostic = Diagnostic::error(
            Code(120),
            "`and` and `or` are mixed without brackets",
            second,
        )
        .label("two readings from here on")
        .evidence(first, "the other word");
        let help = if texts.len() <= 8 {
            format!(
                "write `{}` or `{}`",
                grouped(&texts, &kinds, Junction::And),
                grouped(&texts, &kinds, Junction::Or)
            )
        } else {
            "put brackets around the parts that belong together".to_owned()
        };
        self.report(diagnostic.help(help));
    }

    fn comparison(&mut self, pair: Pair<'_>) -> Expr {
        let whole = self.tight_span(&pair);
        let mut subject = None;
        let mut tails: Vec<(Tail, Span)> = Vec::new();
        let mut broken = false;
        for part in pair.into_inner() {
            let span = self.tight_span(&part);
            match part.as_rule() {
                Rule::sum => subject = Some(self.sum(part)),
                _ => match self.tail(&part) {
                    Some(tail) => tails.push((tail, span)),
                    None => broken = true,
                },
            }
        }
        let Some(subject) = subject.filter(|_| !broken) else {
            return Expr {
                kind: ExprKind::Error,
                span: whole,
            };
        };
        if tails.len() > 1 {
            self.report_chain(&subject, &tails);
            return Expr {
                kind: ExprKind::Error,
                span: whole,
            };
        }
        match tails.pop() {
            None => subject,
            Some((tail, _)) => join(subject, tail, whole),
        }
    }

    /// Builds a comparison of one tail.
    pub(super) fn compared(&mut self, subject: Expr, tail: Pair<'_>, whole: Span) -> Expr {
        match self.tail(&tail) {
            Some(tail) => join(subject, tail, whole),
            None => subject,
        }
    }

    fn tail(&mut self, pair: &Pair<'_>) -> Option<Tail> {
        match pair.as_rule() {
            Rule::compare_tail | Rule::bare_compare => self.compare_tail(pair),
            Rule::is_tail | Rule::bare_is => Some(self.is_tail(pair)),
            Rule::in_tail | Rule::bare_in => self.in_tail(pair),
            Rule::text_tail | Rule::bare_text => self.text_tail(pair),
            _ => None,
        }
    }

    fn compare_tail(&mut self, pair: &Pair<'_>) -> Option<Tail> {
        let mut parts = pair.clone().into_inner();
        let (sign, right) = (parts.next()?, parts.next()?);
        let right = self.sum(right);
        let written = sign.as_str();
        let is = |negated| Tail::Is(negated, IsWhat::Value(Box::new(right.clone())));
        let (tail, word) = match written {
            "<" => return Some(Tail::Compare(CompareOp::Less, false, right)),
            "<=" => return Some(Tail::Compare(CompareOp::LessOrEqual, false, right)),
            ">" => return Some(Tail::Compare(CompareOp::Greater, false, right)),
            ">=" => return Some(Tail::Compare(CompareOp::GreaterOrEqual, false, right)),
            "before" => return Some(Tail::Compare(CompareOp::Less, true, right)),
            "after" => return Some(Tail::Compare(CompareOp::Greater, true, right)),
            "=<" => (Tail::Compare(CompareOp::LessOrEqual, false, right), "<="),
            "=>" => (Tail::Compare(CompareOp::GreaterOrEqual, false, right), ">="),
            "!=" | "<>" => (is(true), "is not"),
            _ => (is(false), "is"),
        };
        self.report(
            Diagnostic::error(
                Code(125),
                format!("`{written}` does not compare"),
                self.span(&sign),
            )
            .help(format!("write `{word}`"))
            .fix(self.span(&sign), self.set_apart(word, self.span(&sign))),
        );
        Some(tail)
    }

    fn is_tail(&mut self, pair: &Pair<'_>) -> Tail {
        let mut negated = false;
        let mut what = IsWhat::Present;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::kw_not => negated = true,
                Rule::kw_missing => what = IsWhat::Missing,
                Rule::sum | Rule::bare => what = IsWhat::Value(Box::new(self.sum(part))),
                Rule::one_of => {
                    let sums: Vec<Pair<'_>> = part
                        .into_inner()
                        .filter(|part| part.as_rule() == Rule::sum)
                        .collect();
                    what = IsWhat::OneOf(sums.into_iter().map(|sum| self.sum(sum)).collect());
                }
                _ => {}
            }
        }
        Tail::Is(negated, what)
    }

    fn in_tail(&mut self, pair: &Pair<'_>) -> Option<Tail> {
        let mut negated = false;
        let mut tail = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::kw_not => negated = true,
                Rule::range | Rule::bare_range => tail = Some(Tail::In(negated, self.range(&part))),
                Rule::in_list => {
                    tail = self
                        .last_name(&part)
                        .map(|name| Tail::InList(negated, name))
                }
                Rule::in_lookup => {
                    tail = self
                        .last_name(&part)
                        .map(|name| Tail::InLookup(negated, name))
                }
                Rule::bare_list => self.report_bare_list(&part),
                _ => {}
            }
        }
        tail
    }

    /// Reports `1 < x < 3`.
    fn report_chain(&mut self, subject: &Expr, tails: &[(Tail, Span)]) {
        let Some((_, second)) = tails.get(1) else {
            return;
        };
        let help = match tails {
            [
                (Tail::Compare(first_op, _, middle), first),
                (Tail::Compare(second_op, _, last), _),
            ] => {
                let (low, middle_text, high) = (
                    self.quote(subject.span),
                    self.quote(middle.span),
                    self.quote(last.span),
                );
                match (first_op, second_op) {
                    (CompareOp::LessOrEqual, CompareOp::LessOrEqual) => {
                        format!("write `{middle_text} in {low} to {high}`")
                    }
                    (CompareOp::LessOrEqual, CompareOp::Less) => {
                        format!("write `{middle_text} in {low} to below {high}`")
                    }
                    _ => format!(
                        "write `{low} {} and {middle_text} {}`",
                        self.quote(*first),
                        self.quote(*second)
                    ),
                }
            }
            _ => "write two conditions joined by `and`".to_owned(),
        };
        self.report(
            Diagnostic::error(Code(123), "one comparison follows another", *second)
                .label("compared a second time")
                .help(help),
        );
    }
}

/// Puts a subject and what follows it together.
fn join(subject: Expr, tail: Tail, span: Span) -> Expr {
    let subject = Box::new(subject);
    let kind = match tail {
        Tail::Compare(op, worded, right) => ExprKind::Compare {
            op,
            worded,
            left: subject,
            right: Box::new(right),
        },
        Tail::Is(negated, what) => ExprKind::Is {
            subject,
            negated,
            what,
        },
        Tail::In(negated, range) => ExprKind::In {
            subject,
            negated,
            range: Box::new(range),
        },
        Tail::InList(negated, list) => ExprKind::InList {
            subject,
            negated,
            list,
        },
        Tail::InLookup(negated, lookup) => ExprKind::InLookup {
            subject,
            negated,
            lookup,
        },
        Tail::Text(negated, test) => ExprKind::TextTest {
            subject,
            negated,
            test,
        },
    };
    Expr { kind, span }
}

/// Puts runs of `inner` in brackets.
fn grouped(texts: &[String], junctions: &[Junction], inner: Junction) -> String {
    let (inner_word, outer_word) = match inner {
        Junction::And => (" and ", " or "),
        Junction::Or => (" or ", " and "),
    };
    let mut groups: Vec<Vec<&str>> = Vec::new();
    let mut joins = false;
    for (at, text) in texts.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if joins => group.push(text),
            _ => groups.push(vec![text]),
        }
        joins = junctions.get(at) == Some(&inner);
    }
    let written: Vec<String> = groups
        .iter()
        .map(|group| {
            if group.len() > 1 {
                format!("({})", group.join(inner_word))
            } else {
                group.concat()
            }
        })
        .collect();
    written.join(outer_word)
}

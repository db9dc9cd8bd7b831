//! `rounded to …`, `to the power of …`, `remainder of … by …`.

use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use crate::ast::{Expr, ExprKind, RoundTo, Rounding};
use crate::{Code, Diagnostic, Span};

/// How many roundings and powers may stand behind one value
const MAX_TAILS: usize = 4;
/// How many digits a number has behind the point
const MAX_DIGITS: u32 = 28;
const DIGITS: Code = Code(351);
const UNCLEAR: Code = Code(143);

impl Reader<'_> {
    /// Builds a value with the roundings and powers behind it, each of all before.
    pub(super) fn operand(&mut self, pair: Pair<'_>) -> Expr {
        let whole = self.tight_span(&pair);
        let mut signs = Vec::new();
        let mut value = None;
        let mut last = None;
        for (position, part) in pair.into_inner().enumerate() {
            if position > MAX_TAILS {
                self.report_tails(whole);
                value = None;
                break;
            }
            let rule = part.as_rule();
            value = match (rule, value.take()) {
                (Rule::sign, _) => {
                    signs.push(self.span(&part));
                    continue;
                }
                (Rule::rounding_tail, Some(before)) => self.rounding_tail(before, &part),
                (Rule::power_tail, Some(base)) => self
                    .is_base_clear(&base, last, &part)
                    .then(|| self.power_tail(base, &part))
                    .flatten(),
                _ => Some(self.factor(part)),
            };
            if value.is_none() {
                break;
            }
            last = Some(rule);
        }
        match value {
            Some(value) => self.negate(&mut signs, value),
            None => Expr {
                kind: ExprKind::Error,
                span: whole,
            },
        }
    }

    fn report_tails(&mut self, place: Span) {
        self.report(
            Diagnostic::error(
                Code(6),
                format!("more than {MAX_TAILS} roundings and powers stand behind one value"),
                place,
            )
            .help("give the inner parts names of their own in `define { … }`"),
        );
    }

    fn rounding_tail(&mut self, value: Expr, tail: &Pair<'_>) -> Option<Expr> {
        let span = value.span.to(self.tight_span(tail));
        let mode = part(tail, Rule::rounding).map(|words| rounding(words.as_str()));
        let to = match (part(tail, Rule::digits_behind), part(tail, Rule::multiple)) {
            (Some(digits), _) => RoundTo::Digits(self.digits_behind(&digits)?),
            (_, Some(multiple)) => RoundTo::MultipleOf(Box::new(self.signed(&multiple)?)),
            (None, None) => return None,
        };
        let value = Box::new(value);
        let kind = ExprKind::Rounded { value, mode, to };
        Some(Expr { kind, span })
    }

    fn digits_behind(&mut self, pair: &Pair<'_>) -> Option<u32> {
        let digits = part(pair, Rule::whole)?;
        let written = digits.as_str();
        if let Ok(digits @ 0..=MAX_DIGITS) = written.parse() {
            return Some(digits);
        }
        let diagnostic = match written.strip_prefix('-') {
            Some(before) => Diagnostic::error(
                DIGITS,
                "digits before the point are rounded off by a multiple",
                self.span(&digits),
            )
            .help(format!(
                "write `to a multiple of {}`",
                match before.parse() {
                    Ok(zeros @ 0..=9) => 10_u64.pow(zeros).to_string(),
                    _ => "1_000".to_owned(),
                }
            )),
            None => Diagnostic::error(
                DIGITS,
                format!("numbers carry at most {MAX_DIGITS} digits behind the point"),
                self.span(&digits),
            )
            .help("round to fewer digits, as in `rounded to 4 digits`"),
        };
        self.report(diagnostic);
        None
    }

    fn power_tail(&mut self, base: Expr, tail: &Pair<'_>) -> Option<Expr> {
        let span = base.span.to(self.tight_span(tail));
        let exponent = Box::new(self.signed(tail)?);
        let base = Box::new(base);
        let kind = ExprKind::Power { base, exponent };
        Some(Expr { kind, span })
    }

    /// Reports `-2 to the power of 2` and `a to the power of b to the power of c`,
    /// which people read in two ways. `before` is the literal or tail before it.
    fn is_base_clear(&mut self, base: &Expr, before: Option<Rule>, tail: &Pair<'_>) -> bool {
        let (text, raised) = (self.quote(base.span), self.quote(self.tight_span(tail)));
        let readings = match (before, &base.kind) {
            (Some(Rule::number | Rule::rate), _) => text
                .strip_prefix('-')
                .map(|size| format!("`({text}) {raised}` or `-({size} {raised})`")),
            (Some(Rule::power_tail), ExprKind::Power { base, exponent }) => {
                let (first, middle) = (self.quote(base.span), self.quote(exponent.span));
                let last = raised.rsplit("power of ").next().unwrap_or("");
                Some(format!(
                    "`({text}) {raised}` or `{first} to the power of ({middle} to the power of {last})`"
                ))
            }
            _ => None,
        };
        if let Some(readings) = &readings {
            let place = base.span.to(self.tight_span(tail));
            self.report(
                Diagnostic::error(
                    UNCLEAR,
                    "it is not clear what is raised to this power",
                    place,
                )
                .help(format!("write {readings}")),
            );
        }
        readings.is_none()
    }

    /// Builds the last part of what begins at `start`. Behind it, a rounding could be
    /// meant for all of `a * b rounded to 2 digits`, which is reported.
    pub(super) fn last_operand(&mut self, start: Span, operand: Pair<'_>) -> Expr {
        let part = self.tight_span(&operand);
        let parts = operand.clone().into_inner();
        let value = parts
            .take_while(|part| part.as_rule() != Rule::rounding_tail)
            .last()
            .map_or(part, |value| self.tight_span(&value));
        if value.end == part.end {
            return self.factor(operand);
        }
        let quote = |start, end| self.quote(Span { start, end, ..part });
        let tail = quote(value.end, part.end);
        let (all, left) = (
            quote(start.start, value.end),
            quote(start.start, part.start),
        );
        let (value, glue) = (
            quote(part.start, part.end),
            if left.ends_with('-') { "" } else { " " },
        );
        let diagnostic = Diagnostic::error(
            UNCLEAR,
            "it is not clear what is rounded",
            Span {
                end: part.end,
                ..start
            },
        )
        .help(format!("write `({all}) {tail}` or `{left}{glue}({value})`"));
        self.report(diagnostic);
        Expr {
            kind: ExprKind::Error,
            span: part,
        }
    }

    /// Builds `remainder of a by b if zero c`.
    pub(super) fn remainder(&mut self, pair: Pair<'_>, span: Span) -> Expr {
        let mut terms = pair
            .into_inner()
            .filter(|part| part.as_rule() == Rule::term);
        let of = terms.next().map(|of| Box::new(self.operand(of)));
        let mut last = || Some(Box::new(self.last_operand(span, terms.next()?)));
        let (by, if_zero) = (last(), last());
        let kind = match (of, by) {
            (Some(of), Some(by)) => ExprKind::Remainder { of, by, if_zero },
            _ => ExprKind::Error,
        };
        Expr { kind, span }
    }

    /// Builds the value of a part that has one, with its sign.
    pub(super) fn signed(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        let mut signs = Vec::new();
        let mut value: Option<Expr> = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::kw_if
                | Rule::kw_zero
                | Rule::kw_missing
                | Rule::fault
                | Rule::kw_multiple
                | Rule::kw_power => {}
                Rule::sign => signs.push(self.span(&part)),
                Rule::index => value = value.map(|series| self.element(series, &part)),
                Rule::unit => {
                    if let Some(amount) = value.take() {
                        let amount = self.negate(&mut signs, amount);
                        value = Some(self.measured(amount, &part));
                    }
                }
                _ => value = Some(self.factor(part)),
            }
        }
        value.map(|value| self.negate(&mut signs, value))
    }
}

/// The rounding that words of the grammar's rule `rounding` name
pub(super) fn rounding(words: &str) -> Rounding {
    let words: Vec<&str> = words.split_ascii_whitespace().collect();
    match words.as_slice() {
        ["half", "even"] => Rounding::HalfEven,
        ["half", "down"] => Rounding::HalfDown,
        ["up"] => Rounding::Up,
        ["down"] => Rounding::Down,
        _ => Rounding::HalfUp,
    }
}

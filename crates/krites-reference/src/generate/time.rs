//! Dates, datetimes and durations.

use super::Writer;
use super::kind::Kind;

impl Writer<'_, '_> {
    /// A date, datetime or duration made of others.
    pub(super) fn time_form(&mut self, kind: Kind, depth: usize) -> String {
        let sign = self.choose.word(&["+", "-"]);
        match kind {
            Kind::Date => match self.choose.below(6) {
                0 => self.extreme(kind, depth),
                1 => format!("(date of {})", self.atom(Kind::DateTime)),
                _ => {
                    let unit = self.choose.word(&["days", "weeks", "months", "years"]);
                    let amount = self.amount();
                    format!("({} {sign} {amount} {unit})", self.operand(kind, depth))
                }
            },
            Kind::DateTime => match self.choose.below(6) {
                0 => self.extreme(kind, depth),
                1 => format!(
                    "({} {sign} {})",
                    self.operand(kind, depth),
                    self.atom(Kind::Duration)
                ),
                _ => {
                    let unit = self.choose.word(&[
                        "days", "weeks", "months", "years", "hours", "minutes", "seconds",
                    ]);
                    let amount = self.amount();
                    format!("({} {sign} {amount} {unit})", self.operand(kind, depth))
                }
            },
            _ => match self.choose.below(5) {
                0 => self.extreme(kind, depth),
                1 => format!("abs({})", self.operand(kind, depth)),
                2 => format!("({} * {})", self.atom(kind), self.literal(Kind::Whole)),
                _ => format!(
                    "({} - {})",
                    self.atom(Kind::DateTime),
                    self.atom(Kind::DateTime)
                ),
            },
        }
    }

    /// A whole number that a date or datetime tells.
    pub(super) fn time_number(&mut self, depth: usize) -> String {
        let kind = if self.choose.percent(60) {
            Kind::Date
        } else {
            Kind::DateTime
        };
        match self.choose.below(3) {
            0 => {
                let part = match kind {
                    Kind::Date => self.choose.word(&["year", "month", "day", "weekday"]),
                    _ => self
                        .choose
                        .word(&["year", "month", "day", "weekday", "hour", "minute"]),
                };
                format!("({part} of {})", self.bracketed_operand(kind, depth))
            }
            _ => {
                let unit = match kind {
                    Kind::Date => self.choose.word(&["days", "weeks", "months", "years"]),
                    _ => self
                        .choose
                        .word(&["days", "months", "years", "hours", "minutes", "seconds"]),
                };
                let (from, to) = (
                    self.bracketed_operand(kind, depth),
                    self.bracketed_operand(kind, depth),
                );
                format!("({unit} from {from} to {to})")
            }
        }
    }

    pub(super) fn time_test(&mut self, depth: usize) -> String {
        let kind = if self.choose.percent(60) {
            Kind::Date
        } else {
            Kind::DateTime
        };
        let (left, word) = (
            self.operand(kind, depth),
            self.choose.word(&["before", "after"]),
        );
        let right = if self.choose.percent(40) {
            self.literal(kind)
        } else {
            self.operand(kind, depth)
        };
        format!("{left} {word} {right}")
    }

    /// How many of a unit: a number, a name or a bracket.
    fn amount(&mut self) -> String {
        match self.choose.below(5) {
            0 => self.atom(Kind::Whole),
            1 => format!("({} + 1)", self.atom(Kind::Whole)),
            2 => self.choose.between(0, 4_000).to_string(),
            _ => self.choose.between(0, 36).to_string(),
        }
    }

    /// A name, in brackets where more than a name is said.
    pub(super) fn atom(&mut self, kind: Kind) -> String {
        self.named(kind, 0)
    }

    fn bracketed_operand(&mut self, kind: Kind, depth: usize) -> String {
        match self.choose.below(3) {
            0 => self.atom(kind),
            1 => self.literal(kind),
            _ => format!("({})", self.operand(kind, depth)),
        }
    }
}

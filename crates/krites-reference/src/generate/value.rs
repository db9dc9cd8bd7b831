//! Expressions with a value, by kind.
//!
//! What is written is right by construction: a value that may be missing says what
//! stands in, a division what it gives by zero, and a literal stands only where
//! something beside it, or a declared type, tells its kind.

use super::Writer;
use super::kind::Kind;
use super::schema::Named;

impl Writer<'_, '_> {
    /// A value of a kind where its type is declared: anything goes.
    pub(super) fn value(&mut self, kind: Kind, depth: usize) -> String {
        if self.choose.percent(8) {
            return self.literal(kind);
        }
        if depth > 0 && self.choose.percent(12) {
            return self.conditional(kind, depth - 1, true);
        }
        self.operand_or_chain(kind, depth)
    }

    /// A value that tells its kind by itself, for either side of anything.
    pub(super) fn operand(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 {
            return self.named(kind, 0);
        }
        match self.choose.below(10) {
            0..=3 => self.named(kind, depth),
            4 => format!("({})", self.conditional(kind, depth - 1, false)),
            5 => self.matching(kind, depth - 1),
            6 | 7 => self.rarer(kind, depth - 1),
            _ => format!("({})", self.operand_or_chain(kind, depth - 1)),
        }
    }

    fn operand_or_chain(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 || !(kind.is_number() || kind == Kind::Duration) {
            return match kind {
                Kind::Truth if depth > 0 => self.condition(depth - 1),
                _ => self.operand(kind, depth),
            };
        }
        match self.choose.below(5) {
            0 => self.operand(kind, depth),
            1 | 2 => self.product(kind, depth - 1),
            _ => {
                let mut text = self.product(kind, depth - 1);
                for _ in 0..=self.choose.below(3) {
                    let sign = self.choose.word(&[" + ", " - "]);
                    let term = if self.choose.percent(30) {
                        self.literal_beside(kind)
                    } else {
                        self.product(kind, depth - 1)
                    };
                    text.push_str(sign);
                    text.push_str(&term);
                }
                text
            }
        }
    }

    /// A literal that stands in a sum: of a duration, a quantity.
    fn literal_beside(&mut self, kind: Kind) -> String {
        self.literal(kind)
    }

    /// A product whose kind is told.
    pub(super) fn product(&mut self, kind: Kind, depth: usize) -> String {
        let first = self.operand(kind, depth);
        match kind {
            Kind::Whole | Kind::Duration if self.choose.percent(30) => {
                format!("{first} * {}", self.factor(Kind::Whole, depth))
            }
            Kind::Plain => {
                let mut text = match self.choose.below(6) {
                    0 => {
                        let a = self.operand(Kind::Money, depth);
                        let b = self.divisor(Kind::Money, kind);
                        format!("{a} / {b}")
                    }
                    1 => {
                        let a = self.operand(Kind::Whole, depth);
                        let b = self.divisor(Kind::Whole, kind);
                        format!("{a} / {b}")
                    }
                    _ => first,
                };
                for _ in 0..self.choose.below(3) {
                    text = self.times(
                        kind,
                        text,
                        &[Kind::Plain, Kind::Percent, Kind::Whole],
                        depth,
                    );
                }
                text
            }
            Kind::Percent if self.choose.percent(40) => {
                self.times(kind, first, &[Kind::Whole], depth)
            }
            Kind::Money if self.choose.percent(60) => self.times(
                kind,
                first,
                &[Kind::Plain, Kind::Percent, Kind::Whole],
                depth,
            ),
            _ => first,
        }
    }

    fn times(&mut self, gives: Kind, text: String, by: &[Kind], depth: usize) -> String {
        let kind = self.choose.one(by).copied().unwrap_or(Kind::Whole);
        if self.choose.percent(45) {
            format!("{text} / {}", self.divisor(kind, gives))
        } else {
            format!("{text} * {}", self.factor(kind, depth))
        }
    }

    fn factor(&mut self, kind: Kind, depth: usize) -> String {
        if self.choose.percent(40) {
            self.literal(kind)
        } else {
            self.operand(kind, depth.saturating_sub(1))
        }
    }

    /// A divisor: one that is not zero, or with what the division gives then.
    fn divisor(&mut self, kind: Kind, gives: Kind) -> String {
        let known: Vec<Named> = self.scope.of(kind).into_iter().cloned().collect();
        let safe: Vec<&Named> = known
            .iter()
            .filter(|value| value.nonzero && !value.optional)
            .collect();
        if self.choose.percent(40)
            && let Some(value) = self.choose.one(&safe)
        {
            return value.name.clone();
        }
        if self.choose.percent(25) && kind != Kind::Money {
            return match kind {
                Kind::Percent => "12.5%".to_owned(),
                _ => self.choose.word(&["12", "7", "3", "365"]).to_owned(),
            };
        }
        let by = self.named(kind, 0);
        let by = format!("({by})");
        let sign = if gives == Kind::Percent { "%" } else { "" };
        format!("{by} if zero {}{sign}", self.choose.between(0, 9))
    }

    /// A name of the kind, with what stands in where it may be missing.
    pub(super) fn named(&mut self, kind: Kind, depth: usize) -> String {
        let known: Vec<Named> = self.scope.of(kind).into_iter().cloned().collect();
        if known.is_empty() {
            return self.without_names(kind);
        }
        let Some(value) = self.choose.one(&known).cloned() else {
            return self.without_names(kind);
        };
        let name = value.name.clone();
        if !value.optional {
            return match kind {
                Kind::Whole | Kind::Plain | Kind::Percent | Kind::Money | Kind::Amount
                    if self.choose.percent(6) =>
                {
                    format!("(-{name})")
                }
                _ => name,
            };
        }
        let other = known.iter().find(|other| !other.optional);
        let stand_in = match (self.choose.below(6), other) {
            (0, _) => "fault".to_owned(),
            (1 | 2, Some(other)) => other.name.clone(),
            _ => self.literal(kind),
        };
        // A quantity is no literal
        let stand_in = if kind == Kind::Duration && stand_in != "fault" {
            format!("({stand_in})")
        } else {
            stand_in
        };
        let text = format!("{name} if missing {stand_in}");
        if depth == 0 || self.choose.percent(50) {
            format!("({text})")
        } else {
            text
        }
    }

    /// A value of the kind where no name has it, as in a function of others.
    fn without_names(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Truth => "(1 < 2)".to_owned(),
            Kind::Text => "\"x\"".to_owned(),
            Kind::Money | Kind::Amount | Kind::Work => self.named_elsewhere(kind),
            kind => self.literal(kind),
        }
    }

    /// Of these kinds every scope has a name.
    fn named_elsewhere(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Money | Kind::Amount => "min(0, 1)".to_owned(),
            _ => "employed".to_owned(),
        }
    }

    /// Forms of one kind or a few.
    pub(super) fn rarer(&mut self, kind: Kind, depth: usize) -> String {
        let calls: Vec<_> = self
            .scope
            .functions
            .iter()
            .filter(|function| function.result == kind)
            .cloned()
            .collect();
        if self.choose.percent(35)
            && let Some(function) = self.choose.one(&calls).cloned()
        {
            let arguments: Vec<String> = function
                .parameters
                .iter()
                .map(|kind| self.operand(*kind, depth.min(1)))
                .collect();
            return format!("{}({})", function.name, arguments.join(", "));
        }
        if self.scope.lookups
            && self.choose.percent(15)
            && let Some(looked_up) = self.looked_up(kind, depth)
        {
            return looked_up;
        }
        if kind == Kind::Plain
            && self.choose.percent(30)
            && let Some(probability) = self.probability(depth)
        {
            return probability;
        }
        match kind {
            Kind::Truth => format!("({})", self.condition(depth)),
            Kind::Text => self.text_form(depth),
            Kind::Date | Kind::DateTime | Kind::Duration => self.time_form(kind, depth),
            Kind::Work => self.named(kind, depth),
            _ => self.number_form(kind, depth),
        }
    }

    fn number_form(&mut self, kind: Kind, depth: usize) -> String {
        match self.choose.below(9) {
            0 => format!("abs({})", self.operand(kind, depth)),
            1 | 2 => self.extreme(kind, depth),
            3 | 4 => self.aggregate(kind, depth),
            5 if kind == Kind::Whole => {
                format!("length({})", self.operand(Kind::Text, depth))
            }
            5 | 6 if kind == Kind::Whole => self.time_number(depth),
            _ => self.rounding_form(kind, depth),
        }
    }

    /// `min` and `max` of what the first of them tells.
    pub(super) fn extreme(&mut self, kind: Kind, depth: usize) -> String {
        let function = self.choose.word(&["min", "max"]);
        let mut parts = vec![self.operand(kind, depth)];
        for _ in 0..=self.choose.below(2) {
            parts.push(if self.choose.percent(40) {
                self.literal(kind)
            } else {
                self.operand(kind, depth)
            });
        }
        format!("{function}({})", parts.join(", "))
    }

    fn rounding_form(&mut self, kind: Kind, depth: usize) -> String {
        let inner = format!("({})", self.operand(kind, depth));
        let mode = self.choose.word(&[
            "",
            "",
            "half up ",
            "half even ",
            "half down ",
            "up ",
            "down ",
        ]);
        match (self.choose.below(5), kind) {
            (0, Kind::Whole) => {
                let function = self.choose.word(&["floor", "ceiling", "truncate"]);
                format!("{function}({})", self.operand(Kind::Plain, depth))
            }
            (0, Kind::Money | Kind::Amount) => {
                let function = self.choose.word(&["floor", "ceiling", "truncate"]);
                format!("{function}({inner})")
            }
            (1, Kind::Whole | Kind::Plain) => {
                let by = self.divisor(kind, kind);
                format!("(remainder of {inner} by {by})")
            }
            (1, Kind::Money | Kind::Amount) => format!("(remainder of {inner} by 100)"),
            (2, Kind::Plain) => {
                let exponent = self.choose.between(0, 12);
                format!("({inner} to the power of {exponent})")
            }
            (3, Kind::Plain) => {
                let base = self.choose.word(&["0.5", "1.0041", "12", "(-3)"]);
                format!("({base} to the power of (-{}))", self.choose.between(0, 60))
            }
            (4, Kind::Whole | Kind::Money | Kind::Amount) => {
                let of = self.choose.word(&["10", "250", "7"]);
                format!("({inner} rounded {mode}to a multiple of {of})")
            }
            (_, Kind::Whole) => {
                let of = self.choose.word(&["5", "100", "3"]);
                format!("({inner} rounded {mode}to a multiple of {of})")
            }
            _ => {
                let digits = self.choose.below(7);
                format!("({inner} rounded {mode}to {digits} digits)")
            }
        }
    }
}

//! The kinds of values that are generated, and literals of them.

use super::Choose;

/// A kind of value
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Plain,
    Percent,
    Money,
    Truth,
    Text,
    Date,
    DateTime,
    Duration,
    /// A label of `Work`
    Work,
    /// Money of the currency that an input names
    Amount,
}

impl Kind {
    pub(super) const ALL: [Kind; 11] = [
        Kind::Whole,
        Kind::Plain,
        Kind::Percent,
        Kind::Money,
        Kind::Truth,
        Kind::Text,
        Kind::Date,
        Kind::DateTime,
        Kind::Duration,
        Kind::Work,
        Kind::Amount,
    ];

    /// The type as the policy writes it.
    pub(super) fn ty(self) -> &'static str {
        match self {
            Kind::Whole => "integer",
            Kind::Plain => "decimal",
            Kind::Percent => "percent",
            Kind::Money => "money(GBP)",
            Kind::Truth => "boolean",
            Kind::Text => "text",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            Kind::Duration => "duration",
            Kind::Work => "Work",
            Kind::Amount => "money(tx.currency)",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Kind::Whole | Kind::Plain | Kind::Percent | Kind::Money | Kind::Amount
        )
    }

    pub(super) fn is_ordered(self) -> bool {
        !matches!(self, Kind::Truth | Kind::Text | Kind::Work)
    }
}

/// Labels of `Work`, each with its text on the wire
pub(super) const LABELS: [&str; 4] = ["employed", "self_employed", "student", "retired"];

pub(super) const TEXTS: [&str; 12] = [
    "car",
    "Car loan",
    "",
    "straße",
    "ÉCOLE 12",
    " padded ",
    "AB123456",
    "scam and fraud",
    "e\u{301}te",
    "wire transfer, please",
    "a-b_c",
    "\u{1f600} ok",
];

const DATES: [&str; 14] = [
    "2026-11-02",
    "2026-10-31",
    "2024-02-29",
    "2025-02-28",
    "2000-01-31",
    "1999-12-31",
    "1900-03-01",
    "2023-06-15",
    "2026-01-01",
    "2027-03-30",
    "2100-02-28",
    "9999-12-31",
    "0001-01-01",
    "2026-05-31",
];

const INSTANTS: [&str; 9] = [
    "2026-11-02T14:30:00Z",
    "2026-03-29T00:59:59Z",
    "2026-03-29T01:00Z",
    "2026-10-25T00:30:00+01:00",
    "2024-02-29T23:59:59.999999Z",
    "1999-12-31T23:00:00Z",
    "2026-06-15T08:00:00-05:00",
    "2100-01-01T00:00:00Z",
    "2026-06-15T12:00",
];

impl Choose<'_> {
    /// A literal of a kind, as the policy writes it.
    pub(super) fn literal(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Whole => self.whole(),
            Kind::Plain => {
                let places = self.below(5);
                self.digits(places)
            }
            Kind::Percent => {
                let places = self.below(3);
                format!("{}%", self.digits(places))
            }
            Kind::Money | Kind::Amount => {
                let places = self.below(3);
                self.digits(places)
            }
            Kind::Truth => self.word(&["true", "false"]).to_owned(),
            Kind::Text => format!("\"{}\"", self.word(&TEXTS)),
            Kind::Date => self.word(&DATES).to_owned(),
            Kind::DateTime => self.word(&INSTANTS).to_owned(),
            Kind::Duration => {
                let unit = self.word(&["seconds", "minutes", "hours", "days", "weeks"]);
                format!("{} {unit}", self.between(0, 90))
            }
            Kind::Work => self.word(&LABELS).to_owned(),
        }
    }

    fn whole(&mut self) -> String {
        match self.below(20) {
            0 => "9_223_372_036_854_775_807".to_owned(),
            1 => "-9_000_000_000_000_000_000".to_owned(),
            2 => self.between(-1_000_000, 1_000_000).to_string(),
            3..=5 => self.between(0, 2).to_string(),
            _ => self.between(-20, 130).to_string(),
        }
    }

    /// A number with so many digits behind the point.
    pub(super) fn digits(&mut self, places: usize) -> String {
        let whole = match self.below(24) {
            0 => self.between(0, 999_999_999_999_999),
            1 => 0,
            2..=8 => self.between(-20, 20),
            _ => self.between(0, 60_000),
        };
        if places == 0 {
            return whole.to_string();
        }
        let most = 10_i64.pow(u32::try_from(places).unwrap_or(0)) - 1;
        format!("{whole}.{:0places$}", self.between(0, most))
    }
}

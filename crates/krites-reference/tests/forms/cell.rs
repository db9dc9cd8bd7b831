//! The cells of tables, by hand: values are whole numbers of a kind, and a cell is
//! asked of one of them.

use std::fmt::Write as _;

use krites_lang::{Date, Exact};
use krites_reference::Given;
use krites_reference::generate::Choose;

/// What a column's values are; all have an order by their numbers, of which the
/// policy may know nothing
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `integer`
    Whole,
    /// `decimal`, in tenths
    Tenths,
    /// A label of `Colour`
    Colour,
    /// A text
    Word,
    /// `boolean`
    Truth,
    /// A day of January 2026, and of what follows
    Day,
}

const COLOURS: &[&str] = &["red", "green", "blue", "grey"];
const WORDS: &[&str] = &["car", "van", "car park", "Car", ""];

impl Kind {
    pub(crate) const ALL: &[Kind] = &[
        Kind::Whole,
        Kind::Tenths,
        Kind::Colour,
        Kind::Word,
        Kind::Truth,
        Kind::Day,
    ];

    /// The declared type
    pub(crate) fn ty(self) -> &'static str {
        match self {
            Kind::Whole => "integer",
            Kind::Tenths => "decimal",
            Kind::Colour => "Colour",
            Kind::Word => "text",
            Kind::Truth => "boolean",
            Kind::Day => "date",
        }
    }

    /// How many values there are to choose from, from 0 on
    pub(crate) fn count(self) -> i64 {
        match self {
            Kind::Whole | Kind::Tenths => 12,
            Kind::Colour => 4,
            Kind::Word => 5,
            Kind::Truth => 2,
            Kind::Day => 20,
        }
    }

    fn is_ordered(self) -> bool {
        matches!(self, Kind::Whole | Kind::Tenths | Kind::Day)
    }

    pub(crate) fn any_value(self, choose: &mut Choose<'_>) -> i64 {
        choose.between(0, self.count() - 1)
    }

    /// A value as the policy writes it
    pub(crate) fn written(self, value: i64) -> String {
        let at = usize::try_from(value).unwrap();
        match self {
            Kind::Whole => value.to_string(),
            Kind::Tenths => format!("{}.{}", value / 10, value % 10),
            Kind::Colour => COLOURS[at].to_owned(),
            Kind::Word => format!("{:?}", WORDS[at]),
            Kind::Truth => (value == 1).to_string(),
            Kind::Day => format!("2026-01-{:02}", value + 1),
        }
    }

    /// A value as a case gives it
    pub(crate) fn given(self, value: i64) -> Given {
        match self {
            Kind::Whole => Given::Integer(value),
            Kind::Tenths => Given::Exact(Exact::parse(&self.written(value)).unwrap()),
            Kind::Colour => Given::Label(u32::try_from(value).unwrap()),
            Kind::Word => Given::Text(WORDS[usize::try_from(value).unwrap()].to_owned()),
            Kind::Truth => Given::Boolean(value == 1),
            Kind::Day => Given::Date(Date::parse(&self.written(value)).unwrap()),
        }
    }
}

/// An end of a range
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// This value
    At(i64),
    /// The input `limit`, of columns of whole numbers
    Limit,
}

impl Bound {
    fn value(self, limit: i64) -> i64 {
        match self {
            Bound::At(value) => value,
            Bound::Limit => limit,
        }
    }

    fn written(self, kind: Kind) -> String {
        match self {
            Bound::At(value) => kind.written(value),
            Bound::Limit => "limit".to_owned(),
        }
    }
}

/// One alternative of a cell
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    Is(i64),
    /// `a to b`, and `a to below b` where the flag is set
    To(Bound, Bound, bool),
    Below(Bound),
    Above(Bound),
    UpTo(Bound),
    AndAbove(Bound),
}

impl Test {
    fn holds(&self, value: i64, limit: i64) -> bool {
        let at = |bound: &Bound| bound.value(limit);
        match self {
            Test::Is(other) => value == *other,
            Test::To(low, high, true) => at(low) <= value && value < at(high),
            Test::To(low, high, false) => at(low) <= value && value <= at(high),
            Test::Below(high) => value < at(high),
            Test::Above(low) => value > at(low),
            Test::UpTo(high) => value <= at(high),
            Test::AndAbove(low) => value >= at(low),
        }
    }

    fn twice(&self) -> Test {
        let at = |bound: &Bound| match bound {
            Bound::At(value) => Bound::At(value * 2),
            Bound::Limit => Bound::Limit,
        };
        match self {
            Test::Is(value) => Test::Is(value * 2),
            Test::To(low, high, below) => Test::To(at(low), at(high), *below),
            Test::Below(high) => Test::Below(at(high)),
            Test::Above(low) => Test::Above(at(low)),
            Test::UpTo(high) => Test::UpTo(at(high)),
            Test::AndAbove(low) => Test::AndAbove(at(low)),
        }
    }

    fn written(&self, kind: Kind) -> String {
        let at = |bound: &Bound| bound.written(kind);
        match self {
            Test::Is(value) => kind.written(*value),
            Test::To(low, high, true) => format!("{} to below {}", at(low), at(high)),
            Test::To(low, high, false) => format!("{} to {}", at(low), at(high)),
            Test::Below(high) => format!("below {}", at(high)),
            Test::Above(low) => format!("above {}", at(low)),
            Test::UpTo(high) => format!("up to {}", at(high)),
            Test::AndAbove(low) => format!("{} and above", at(low)),
        }
    }

    fn any(kind: Kind, computed: bool, choose: &mut Choose<'_>) -> Test {
        if !kind.is_ordered() || choose.percent(30) {
            return Test::Is(kind.any_value(choose));
        }
        let computed = computed && kind == Kind::Whole;
        let bound = |choose: &mut Choose<'_>| match computed && choose.percent(15) {
            true => Bound::Limit,
            false => Bound::At(kind.any_value(choose)),
        };
        match choose.below(6) {
            0 => Test::Below(bound(choose)),
            1 => Test::Above(bound(choose)),
            2 => Test::UpTo(bound(choose)),
            3 => Test::AndAbove(bound(choose)),
            _ => {
                let low = choose.between(0, kind.count() - 2);
                let high = choose.between(low + 1, kind.count() - 1);
                Test::To(Bound::At(low), Bound::At(high), choose.percent(50))
            }
        }
    }
}

/// What a cell says of its column's value
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Any,
    Missing,
    /// One of the alternatives holds, or none where the flag is set
    Tests(bool, Vec<Test>),
}

impl Cell {
    /// Tells whether the cell holds of a value; a missing one is told by `missing`
    /// and `any` alone.
    pub(crate) fn holds(&self, value: Option<i64>, limit: i64) -> bool {
        match (self, value) {
            (Cell::Any, _) => true,
            (Cell::Missing, value) => value.is_none(),
            (Cell::Tests(..), None) => false,
            (Cell::Tests(negated, tests), Some(value)) => {
                tests.iter().any(|test| test.holds(value, limit)) != *negated
            }
        }
    }

    /// The same cell over values twice as large.
    pub(crate) fn twice(&self) -> Cell {
        match self {
            Cell::Tests(negated, tests) => {
                Cell::Tests(*negated, tests.iter().map(Test::twice).collect())
            }
            other => other.clone(),
        }
    }

    pub(crate) fn written(&self, kind: Kind) -> String {
        match self {
            Cell::Any => "any".to_owned(),
            Cell::Missing => "missing".to_owned(),
            Cell::Tests(negated, tests) => {
                let mut text = String::new();
                if *negated {
                    text.push_str("not ");
                }
                for (position, test) in tests.iter().enumerate() {
                    let comma = if position > 0 { ", " } else { "" };
                    write!(text, "{comma}{}", test.written(kind)).unwrap();
                }
                text
            }
        }
    }

    /// A cell of a column; one of `computed` ones may have bounds that are inputs.
    pub(crate) fn any(kind: Kind, optional: bool, computed: bool, choose: &mut Choose<'_>) -> Cell {
        if choose.percent(25) {
            return Cell::Any;
        }
        if optional && choose.percent(15) {
            return Cell::Missing;
        }
        let mut tests: Vec<Test> = Vec::new();
        for _ in 0..=choose.below(3) {
            let test = Test::any(kind, computed, choose);
            if !tests.contains(&test) {
                tests.push(test);
            }
        }
        Cell::Tests(choose.percent(20), tests)
    }
}

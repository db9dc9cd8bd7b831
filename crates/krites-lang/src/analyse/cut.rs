//! Numbers by cuts: a set of numbers is what lies between cuts, wherever they are.

use std::cmp::Ordering;

use crate::Exact;

/// A place between numbers
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cut {
    /// Before all numbers
    Lowest,
    /// Just before this number
    Before(Exact),
    /// Just behind this number
    After(Exact),
    /// Behind all numbers
    Highest,
}

impl Ord for Cut {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank(*other).unwrap_or_else(|| match (self, other) {
            (Cut::Before(a), Cut::After(b)) => a.cmp(b).then(Ordering::Less),
            (Cut::After(a), Cut::Before(b)) => a.cmp(b).then(Ordering::Greater),
            (Cut::Before(a) | Cut::After(a), Cut::Before(b) | Cut::After(b)) => a.cmp(b),
            _ => Ordering::Equal,
        })
    }
}

impl PartialOrd for Cut {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Cut {
    /// The order where one of them is an end.
    fn rank(self, other: Cut) -> Option<Ordering> {
        let place = |cut: Cut| match cut {
            Cut::Lowest => -1,
            Cut::Before(_) | Cut::After(_) => 0,
            Cut::Highest => 1,
        };
        let order = place(self).cmp(&place(other));
        (order != Ordering::Equal || place(self) != 0).then_some(order)
    }

    /// The same place among numbers that are multiples of 10⁻ᵖ: just before one.
    pub(super) fn on_grid(self, places: u32) -> Cut {
        let up = |value: Exact, past: bool| {
            let (units, found) = value.units_and_places();
            if found <= places && !past {
                return Cut::Before(value);
            }
            let below = match found.checked_sub(places) {
                Some(more) => 10_i128
                    .checked_pow(more)
                    .map(|unit| (units.div_euclid(unit), units % unit != 0)),
                None => 10_i128
                    .checked_pow(places - found)
                    .and_then(|unit| units.checked_mul(unit))
                    .map(|units| (units, false)),
            };
            // Behind a multiple, or behind what lies between two: the next one
            let next = below.map(|(below, between)| below + i128::from(past || between));
            match next.map(|units| Exact::new(units, places)) {
                Some(Ok(next)) => Cut::Before(next),
                _ => Cut::Highest,
            }
        };
        match self {
            Cut::Before(value) => up(value, false),
            Cut::After(value) => up(value, true),
            end => end,
        }
    }
}

/// A set of numbers: what lies between pairs of cuts, in order, none touching another
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spans(Vec<(Cut, Cut)>);

impl Spans {
    pub(super) fn all() -> Spans {
        Spans::between(Cut::Lowest, Cut::Highest)
    }

    /// What lies between two cuts, nothing where they lie the other way round.
    pub(super) fn between(low: Cut, high: Cut) -> Spans {
        match low < high {
            true => Spans(vec![(low, high)]),
            false => Spans::default(),
        }
    }

    /// One number.
    pub(super) fn point(value: Exact) -> Spans {
        Spans(vec![(Cut::Before(value), Cut::After(value))])
    }

    pub(super) fn parts(&self) -> &[(Cut, Cut)] {
        &self.0
    }

    pub(super) fn or(&self, other: &Spans) -> Spans {
        let mut all: Vec<(Cut, Cut)> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut merged: Vec<(Cut, Cut)> = Vec::with_capacity(all.len());
        for (low, high) in all {
            match merged.last_mut() {
                Some((_, end)) if low <= *end => *end = high.max(*end),
                _ => merged.push((low, high)),
            }
        }
        Spans(merged)
    }

    pub(super) fn and(&self, other: &Spans) -> Spans {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some((low, high)), Some((other_low, other_high))) = (one.peek(), two.peek()) {
            let (from, to) = (*low.max(other_low), *high.min(other_high));
            if from < to {
                common.push((from, to));
            }
            match high < other_high {
                true => one.next(),
                false => two.next(),
            };
        }
        Spans(common)
    }

    pub(super) fn not(&self) -> Spans {
        let mut rest = Vec::with_capacity(self.0.len() + 1);
        let mut from = Cut::Lowest;
        for (low, high) in &self.0 {
            if from < *low {
                rest.push((from, *low));
            }
            from = *high;
        }
        if from < Cut::Highest {
            rest.push((from, Cut::Highest));
        }
        Spans(rest)
    }

    /// The first and the last number of each part, `None` where it has none. Without a
    /// grid they may lie just outside of it.
    pub(super) fn ends(
        &self,
        grid: Option<u32>,
    ) -> impl Iterator<Item = (Option<Exact>, Option<Exact>)> {
        let step = grid.and_then(|places| Exact::new(1, places).ok());
        let first = move |cut: Cut| match cut {
            Cut::Before(value) => Some(value),
            Cut::After(value) => step.map_or(Some(value), |step| value.add(step).ok()),
            Cut::Lowest | Cut::Highest => None,
        };
        let last = move |cut: Cut| match cut {
            Cut::After(value) => Some(value),
            Cut::Before(value) => step.map_or(Some(value), |step| value.subtract(step).ok()),
            Cut::Lowest | Cut::Highest => None,
        };
        let parts = self.0.iter();
        parts.map(move |(low, high)| (first(*low), last(*high)))
    }

    /// From a number through another, both in; `None` is without an end.
    pub(super) fn through(low: Option<Exact>, high: Option<Exact>) -> Spans {
        let low = low.map_or(Cut::Lowest, Cut::Before);
        Spans::between(low, high.map_or(Cut::Highest, Cut::After))
    }

    /// What something that keeps order makes of the numbers: at most what lies between
    /// what becomes of the ends.
    pub(super) fn mapped(&self, grid: Option<u32>, each: impl Fn(Exact) -> Exact) -> Spans {
        let parts = self.ends(grid);
        let parts = parts.map(|(low, high)| Spans::through(low.map(&each), high.map(&each)));
        parts.fold(Spans::default(), |all, part| all.or(&part))
    }

    /// The same numbers, where all there are are multiples of 10⁻ᵖ.
    pub(super) fn on_grid(&self, places: u32) -> Spans {
        let parts = self.0.iter();
        let parts = parts.map(|(low, high)| (low.on_grid(places), high.on_grid(places)));
        Spans(parts.filter(|(low, high)| low < high).collect()).or(&Spans::default())
    }
}

/// A number between two cuts, as short as it can be; `None` where there is none.
pub(super) fn between(low: Cut, high: Cut, grid: Option<u32>) -> Option<Exact> {
    let step = Exact::new(1, grid.unwrap_or(0)).ok()?;
    match (low, high) {
        (Cut::Before(value), _) if low < high => Some(value),
        (Cut::Lowest, Cut::Highest) => Some(Exact::ZERO),
        (Cut::Lowest, Cut::After(value)) => Some(value),
        (Cut::Lowest, Cut::Before(value)) => value.subtract(step).ok(),
        (Cut::After(value), Cut::Highest) => value.floor().add(step).ok(),
        (Cut::After(value), Cut::Before(end) | Cut::After(end)) if low < high => {
            shortest(value, end, matches!(high, Cut::After(_)))
        }
        _ => None,
    }
}

/// The number of the fewest places above one and below another, or at most it.
fn shortest(above: Exact, below: Exact, up_to: bool) -> Option<Exact> {
    (0..=28).find_map(|places| match Cut::After(above).on_grid(places) {
        Cut::Before(next) if next < below || (up_to && next == below) => Some(next),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::{Cut, Spans, between};
    use crate::Exact;

    fn number(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn a_grid_moves_a_cut_to_the_next_multiple() {
        let cut = |cut: Cut| cut.on_grid(2);
        assert_eq!(cut(Cut::Before(number("1.5"))), Cut::Before(number("1.5")));
        assert_eq!(cut(Cut::After(number("1.5"))), Cut::Before(number("1.51")));
        assert_eq!(
            cut(Cut::Before(number("1.501"))),
            Cut::Before(number("1.51"))
        );
        assert_eq!(
            cut(Cut::After(number("1.509"))),
            Cut::Before(number("1.51"))
        );
        assert_eq!(
            cut(Cut::After(number("-1.501"))),
            Cut::Before(number("-1.50"))
        );
        assert_eq!(
            cut(Cut::Before(number("-1.501"))),
            Cut::Before(number("-1.50"))
        );
        assert_eq!(
            Cut::After(number("-7")).on_grid(0),
            Cut::Before(number("-6"))
        );
    }

    #[test]
    fn sets_of_numbers_are_joined_cut_and_turned_around() {
        let span = |low, high| Spans::between(Cut::Before(number(low)), Cut::After(number(high)));
        let both = span("1", "3").or(&span("5", "8"));
        assert_eq!(
            both.and(&span("2", "6")),
            span("2", "3").or(&span("5", "6"))
        );
        assert_eq!(both.not().not(), both);
        assert!(both.and(&both.not()).parts().is_empty());
        assert_eq!(both.or(&both.not()), Spans::all());
        assert_eq!(
            span("1", "3")
                .on_grid(0)
                .or(&span("4", "8").on_grid(0))
                .parts()
                .len(),
            1
        );
    }

    #[test]
    fn what_lies_between_is_short() {
        let after = |text| Cut::After(number(text));
        let before = |text| Cut::Before(number(text));
        assert_eq!(
            between(after("0.1"), before("0.2"), None),
            Some(number("0.11"))
        );
        assert_eq!(
            between(after("0.95"), before("12.3"), None),
            Some(number("1"))
        );
        assert_eq!(between(after("-2"), after("-1"), None), Some(number("-1")));
        assert_eq!(
            between(Cut::Lowest, before("5"), Some(2)),
            Some(number("4.99"))
        );
        assert_eq!(between(after("5"), before("5"), None), None);
    }
}

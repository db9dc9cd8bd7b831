//! What a condition leaves open of one slot: ranges or texts, and whether it may be
//! missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Exact;

/// A place between two numbers
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    /// Just before a whole number
    Whole(i64),
    /// Just before a number, or just behind it where the flag is set
    Exact(Exact, bool),
}

/// From a cut to a cut; `None` is an open end
pub(super) type Span = (Option<Cut>, Option<Cut>);

/// Values that are left open
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    /// All, or none
    Every(bool),
    /// Disjoint, in order
    Spans(Vec<Span>),
    /// These, or all but these
    Texts(BTreeSet<Arc<str>>, bool),
}

/// What a condition comes to where the slot is missing
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Fails,
    Holds,
    /// The checker proved that it is not asked then
    Unasked,
}

/// What a condition leaves open of one slot
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SlotSet {
    pub(super) values: Values,
    pub(super) missing: Missing,
}

impl SlotSet {
    pub(super) fn of(values: Values) -> Self {
        Self {
            values,
            missing: Missing::Unasked,
        }
    }

    /// Whether there is a value, or whether there is none
    pub(super) fn there(there: bool) -> Self {
        Self {
            values: Values::Every(there),
            missing: match there {
                true => Missing::Fails,
                false => Missing::Holds,
            },
        }
    }

    pub(super) fn negated(self) -> Self {
        Self {
            values: self.values.complement(),
            missing: match self.missing {
                Missing::Fails => Missing::Holds,
                Missing::Holds => Missing::Fails,
                Missing::Unasked => Missing::Unasked,
            },
        }
    }

    /// This or, where it does not hold, another.
    pub(super) fn or(self, other: &SlotSet) -> Self {
        Self {
            values: self.values.union(&other.values),
            missing: match self.missing {
                Missing::Fails => other.missing,
                known => known,
            },
        }
    }

    /// Whether it says of a slot that it is missing, and no more
    pub(super) fn is_absence(&self) -> bool {
        *self == SlotSet::there(false)
    }
}

impl Values {
    pub(super) fn span(from: Option<Cut>, to: Option<Cut>) -> Self {
        match (from, to) {
            (None, None) => Values::Every(true),
            (Some(from), Some(to)) if from >= to => Values::Every(false),
            span => Values::Spans(vec![span]),
        }
    }

    fn complement(self) -> Self {
        match self {
            Values::Every(all) => Values::Every(!all),
            Values::Texts(texts, among) => Values::Texts(texts, !among),
            Values::Spans(spans) => {
                let mut rest = Vec::with_capacity(spans.len() + 1);
                let mut from = None;
                let mut open = true;
                for (begin, end) in spans {
                    if begin.is_some() {
                        rest.push((from, begin));
                    }
                    from = end;
                    open = end.is_some();
                }
                if open {
                    rest.push((from, None));
                }
                Values::Spans(rest)
            }
        }
    }

    fn union(self, other: &Values) -> Self {
        match (self, other) {
            (Values::Every(true), _) | (_, Values::Every(true)) => Values::Every(true),
            (Values::Every(false), other) => other.clone(),
            (values, Values::Every(false)) => values,
            (Values::Spans(spans), Values::Spans(others)) => {
                let mut all = spans;
                all.extend_from_slice(others);
                Values::Spans(joined(all))
            }
            (Values::Texts(texts, among), Values::Texts(others, others_among)) => {
                texts_united((texts, among), (others, *others_among))
            }
            // One slot is not of two kinds.
            (values, _) => values,
        }
    }
}

/// Brings spans in order, and those together that touch.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    // No cut comes before all cuts as a beginning.
    spans.sort_unstable_by_key(|(from, _)| *from);
    let mut all: Vec<Span> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match all.last_mut() {
            Some((_, end)) if end.is_none_or(|end| from.is_none_or(|from| from <= end)) => {
                *end = match (*end, to) {
                    (Some(end), Some(to)) => Some(end.max(to)),
                    _ => None,
                };
            }
            _ => all.push((from, to)),
        }
    }
    all
}

fn texts_united(
    (texts, among): (BTreeSet<Arc<str>>, bool),
    (others, others_among): (&BTreeSet<Arc<str>>, bool),
) -> Values {
    let both = |all: BTreeSet<Arc<str>>, among| Values::Texts(all, among);
    match (among, others_among) {
        (true, true) => both(&texts | others, true),
        (false, false) => both(&texts & others, false),
        (true, false) => both(others - &texts, false),
        (false, true) => both(&texts - others, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(spans: &[(Option<i64>, Option<i64>)]) -> Values {
        let cut = |cut: Option<i64>| cut.map(Cut::Whole);
        let spans = spans.iter().map(|(from, to)| (cut(*from), cut(*to)));
        Values::Spans(spans.collect())
    }

    #[test]
    fn the_complement_of_spans_is_what_lies_between_them() {
        let some = spans(&[(None, Some(2)), (Some(5), Some(9))]);
        let rest = spans(&[(Some(2), Some(5)), (Some(9), None)]);
        assert_eq!(some.clone().complement(), rest);
        assert_eq!(rest.complement(), some);
    }

    #[test]
    fn spans_that_touch_are_one() {
        let one = spans(&[(Some(1), Some(3)), (Some(7), None)]);
        let other = spans(&[(Some(3), Some(4)), (Some(6), Some(8))]);
        let all = spans(&[(Some(1), Some(4)), (Some(6), None)]);
        assert_eq!(one.union(&other), all);
    }

    #[test]
    fn texts_are_united_among_and_not_among() {
        let texts = |texts: &[&str], among| {
            Values::Texts(texts.iter().map(|text| Arc::from(*text)).collect(), among)
        };
        let all = texts(&["a", "b"], true).union(&texts(&["b", "c"], false));
        assert_eq!(all, texts(&["c"], false));
        let all = texts(&["a", "b"], false).union(&texts(&["b", "c"], false));
        assert_eq!(all, texts(&["b"], false));
        let all = texts(&["a", "b"], false).union(&texts(&["b", "c"], true));
        assert_eq!(all, texts(&["a"], false));
    }

    #[test]
    fn what_is_missing_is_asked_in_order() {
        let below = SlotSet::of(Values::span(None, Some(Cut::Whole(5))));
        let absent = SlotSet::there(false);
        assert_eq!(absent.clone().or(&below).missing, Missing::Holds);
        assert_eq!(below.clone().or(&absent).missing, Missing::Unasked);
        assert_eq!(SlotSet::there(true).or(&below).missing, Missing::Unasked);
    }
}

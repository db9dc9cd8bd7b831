//! Sets of values of one type, and whether the value may be missing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cut::Spans;

/// What a value may be
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    /// Whether it may be missing
    pub(super) missing: bool,
    /// What it may be where it is there
    pub(super) values: Values,
}

/// A set of values that are there
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Numbers, and days, instants and lengths of time by their numbers
    Spans(Spans),
    /// Labels of an enum by position; of a boolean, no and yes
    Labels(Vec<bool>),
    /// These texts, or all but these
    Texts {
        named: BTreeSet<Arc<str>>,
        others: bool,
    },
}

impl Values {
    /// Nothing, of the same kind.
    pub(super) fn none(&self) -> Values {
        match self {
            Values::Spans(_) => Values::Spans(Spans::default()),
            Values::Labels(labels) => Values::Labels(vec![false; labels.len()]),
            Values::Texts { .. } => Values::Texts {
                named: BTreeSet::new(),
                others: false,
            },
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Values::Spans(spans) => spans.parts().is_empty(),
            Values::Labels(labels) => !labels.contains(&true),
            Values::Texts { named, others } => named.is_empty() && !others,
        }
    }

    /// The same, where all numbers there are are multiples of 10⁻ᵖ.
    pub(super) fn on_grid(self, places: Option<u32>) -> Values {
        match (self, places) {
            (Values::Spans(spans), Some(places)) => Values::Spans(spans.on_grid(places)),
            (values, _) => values,
        }
    }

    pub(super) fn not(&self) -> Values {
        match self {
            Values::Spans(spans) => Values::Spans(spans.not()),
            Values::Labels(labels) => Values::Labels(labels.iter().map(|label| !label).collect()),
            Values::Texts { named, others } => Values::Texts {
                named: named.clone(),
                others: !others,
            },
        }
    }

    /// What is in both; sets of two kinds have nothing in common.
    pub(super) fn and(&self, other: &Values) -> Values {
        match (self, other) {
            (Values::Spans(one), Values::Spans(two)) => Values::Spans(one.and(two)),
            (Values::Labels(one), Values::Labels(two)) => {
                Values::Labels(one.iter().zip(two).map(|(one, two)| *one && *two).collect())
            }
            (
                Values::Texts { named, others },
                Values::Texts {
                    named: more,
                    others: all_but,
                },
            ) => {
                let named = match (others, all_but) {
                    (false, false) => named.intersection(more).cloned().collect(),
                    (false, true) => named.difference(more).cloned().collect(),
                    (true, false) => more.difference(named).cloned().collect(),
                    (true, true) => named.union(more).cloned().collect(),
                };
                Values::Texts {
                    named,
                    others: *others && *all_but,
                }
            }
            _ => self.none(),
        }
    }
}

impl Set {
    /// Values that are there.
    pub(super) fn there(values: Values) -> Set {
        Set {
            missing: false,
            values,
        }
    }

    /// The same, where all numbers there are are multiples of 10⁻ᵖ.
    pub(super) fn on_grid(self, places: Option<u32>) -> Set {
        Set {
            missing: self.missing,
            values: self.values.on_grid(places),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.missing && self.values.is_empty()
    }

    /// Nothing, of the same kind.
    pub(super) fn none(&self) -> Set {
        Set {
            missing: false,
            values: self.values.none(),
        }
    }

    pub(super) fn not(&self) -> Set {
        Set {
            missing: !self.missing,
            values: self.values.not(),
        }
    }

    pub(super) fn and(&self, other: &Set) -> Set {
        Set {
            missing: self.missing && other.missing,
            values: self.values.and(&other.values),
        }
    }

    pub(super) fn or(&self, other: &Set) -> Set {
        self.not().and(&other.not()).not()
    }
}

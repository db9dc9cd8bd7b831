//! What an expression may come to.

use std::collections::BTreeSet;

use super::super::cut::Spans;
use super::super::domain::{Domain, number, whole};
use super::super::set::{Set, Values};
use crate::ids::{GroupId, ModelId, SubpolicyId};
use crate::ir::{Literal, Policy};
use crate::types::{DeclaredTy, Ty};

/// What a fault may come of
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::analyse) enum Cause {
    /// What is computed: a number too large, a value that is not there
    Computed,
    /// A model that fails
    Model(ModelId),
    /// A group of inputs that is not given, or stale
    Group(GroupId),
    /// Another policy that is asked
    Policy(SubpolicyId),
    /// It is not known of what
    Any,
}

/// What a value may be, and of what it may be a fault
#[derive(Clone, Debug)]
pub(in crate::analyse) struct Found {
    pub(in crate::analyse) set: Set,
    /// Numbers are multiples of 10⁻ᵖ; `None` where they lie as near as one likes
    pub(in crate::analyse) grid: Option<u32>,
    /// Whether arithmetic that goes on from it rounds for sure, as behind a division
    pub(in crate::analyse) rounds: bool,
    pub(in crate::analyse) faults: BTreeSet<Cause>,
}

/// What a condition may come to
#[derive(Clone, Debug, Default)]
pub(in crate::analyse) struct Truth {
    pub(in crate::analyse) may_hold: bool,
    pub(in crate::analyse) may_fail: bool,
    pub(in crate::analyse) faults: BTreeSet<Cause>,
}

impl Truth {
    /// It may be either.
    pub(in crate::analyse) fn either(faults: BTreeSet<Cause>) -> Truth {
        Truth {
            may_hold: true,
            may_fail: true,
            faults,
        }
    }

    /// It comes to this for sure.
    pub(super) fn sure(holds: bool) -> Truth {
        Truth {
            may_hold: holds,
            may_fail: !holds,
            faults: BTreeSet::new(),
        }
    }

    /// The other truth.
    pub(super) fn not(self) -> Truth {
        Truth {
            may_hold: self.may_fail,
            may_fail: self.may_hold,
            faults: self.faults,
        }
    }

    /// Tells whether it is not known what it comes to.
    pub(in crate::analyse) fn is_open(&self) -> bool {
        self.may_hold && self.may_fail
    }

    /// Tells whether it may come to this.
    pub(in crate::analyse) fn may_be(&self, holds: bool) -> bool {
        if holds { self.may_hold } else { self.may_fail }
    }
}

impl From<Found> for Truth {
    fn from(found: Found) -> Truth {
        let is = |at: usize| match &found.set.values {
            Values::Labels(labels) => labels.get(at).copied().unwrap_or(false),
            _ => true,
        };
        Truth {
            may_hold: is(1),
            may_fail: is(0),
            faults: found.faults,
        }
    }
}

impl From<Truth> for Found {
    fn from(truth: Truth) -> Found {
        Found::of(Set {
            missing: false,
            values: Values::Labels(vec![truth.may_fail, truth.may_hold]),
        })
        .failing(truth.faults)
    }
}

impl Found {
    /// Values of a set, never a fault.
    pub(super) fn of(set: Set) -> Found {
        Found {
            set,
            grid: None,
            rounds: false,
            faults: BTreeSet::new(),
        }
    }

    /// All values of a domain.
    pub(super) fn all(domain: Domain) -> Found {
        Found {
            grid: domain.grid,
            ..Found::of(domain.set)
        }
    }

    /// Anything of a type.
    pub(super) fn any(policy: &Policy, ty: DeclaredTy, faults: BTreeSet<Cause>) -> Found {
        Found::all(Domain::all(policy, ty)).failing(faults)
    }

    /// One value that is there.
    pub(super) fn constant(policy: &Policy, ty: Ty, literal: &Literal) -> Found {
        if let Some(number) = number(literal) {
            let whole = whole(ty);
            let values = Values::Spans(Spans::point(number)).on_grid(whole);
            let grid = match literal {
                Literal::Exact(value) => Some(value.places()),
                _ => whole,
            };
            return Found {
                grid,
                ..Found::of(Set::there(values))
            };
        }
        let domain = Domain::all(policy, DeclaredTy::bare(ty));
        match domain.point(literal) {
            Some(values) => Found::of(Set::there(values)),
            None => Found::all(domain),
        }
    }

    /// The same values, which may be faults of these, too.
    pub(super) fn failing(mut self, faults: impl IntoIterator<Item = Cause>) -> Found {
        self.faults.extend(faults);
        self
    }

    /// No value, as it cannot come to that; what was a fault on the way stays.
    pub(super) fn nothing(&self) -> Found {
        Found {
            set: self.set.none(),
            ..self.clone()
        }
    }

    /// Either of two.
    pub(super) fn or(self, other: Found) -> Found {
        // What there is none of says nothing of how the values lie
        let (one, two) = (self.set.is_empty(), other.set.is_empty());
        let grid = match (one, two) {
            (true, _) => other.grid,
            (_, true) => self.grid,
            _ => self.grid.zip(other.grid).map(|(one, two)| one.max(two)),
        };
        Found {
            set: self.set.or(&other.set),
            grid,
            rounds: (self.rounds || one) && (other.rounds || two),
            faults: self.faults.into_iter().chain(other.faults).collect(),
        }
    }

    /// The same, where the value is there.
    pub(super) fn there(mut self) -> Found {
        self.set.missing = false;
        self
    }

    /// The same, where it is known to lie in a set.
    pub(super) fn within(mut self, known: Option<&Set>) -> Found {
        if let Some(known) = known {
            self.set = self.set.and(known);
        }
        self
    }
}

//! A box of cases: what each value of a policy may be in it, and what its expressions
//! may come to there.
//!
//! It errs on one side alone: what an expression can come to in a case of the box is
//! always told, and more may be. What is not looked into is anything. So what it says
//! cannot be, cannot be.
//! Invariant: work is counted, not timed, and ends when it is used up; what is asked
//! behind that is anything.

mod aggregate;
mod assume;
mod compare;
mod expr;
mod found;
mod memo;
mod number;
mod restrict;
mod table;
#[cfg(test)]
mod tests;
mod truth;
mod value;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub(super) use found::{Cause, Found, Truth};
use memo::{Memo, Shared};

use super::domain::Domain;
use super::set::Set;
use crate::ids::LocalId;
use crate::ir::{Expr, Literal, Policy, Value};
use crate::types::{DeclaredTy, Ty};

/// How deep expressions are looked into, those of names that they read included
const DEPTH: u32 = 120;

/// A box of cases: what each free value may be, inputs, the day, answers of models; and
/// what is known of values that rest on these
#[derive(Clone, Debug)]
pub(super) struct Case<'p> {
    pub(super) policy: &'p Policy,
    /// Where a value lies, where that is less than its declaration says; of what is
    /// computed, where it can be
    known: Rc<BTreeMap<Value, Set>>,
    /// Whether a model, a group or another policy fails
    fails: BTreeMap<Cause, bool>,
    /// What conditions come to that say nothing of single values, by where they lie
    facts: Rc<BTreeMap<usize, Truth>>,
    /// What was found that rests on what is known
    memo: Rc<Memo>,
    work: Rc<Work>,
}

/// What functions and `let` bind, the innermost last
pub(super) type Locals<'p> = Vec<Bound<'p>>;

/// A local that is bound
#[derive(Clone, Debug)]
pub(super) struct Bound<'p> {
    local: LocalId,
    found: Found,
    /// What it is bound to, where it is just that
    to: Option<&'p Expr>,
}

impl<'p> Bound<'p> {
    fn new(local: LocalId, found: Found, to: Option<&'p Expr>) -> Self {
        Self { local, found, to }
    }
}

/// How much was looked into
#[derive(Debug)]
struct Work {
    left: Cell<u64>,
    deep: Cell<u32>,
    /// What no decision asks for
    unasked: BTreeSet<Cause>,
    /// Whether no decision looks at too many elements
    few: bool,
    /// What was found in all boxes, also by other work
    shared: Rc<Shared>,
}

impl Work {
    fn enter(&self) -> Option<Within<'_>> {
        self.left.update(|left| left.saturating_sub(1));
        if self.left.get() == 0 || self.deep.get() >= DEPTH {
            self.shared.cut();
            return None;
        }
        self.deep.update(|deep| deep + 1);
        Some(Within(self))
    }
}

/// One expression that is being looked into
struct Within<'w>(&'w Work);

impl Drop for Within<'_> {
    fn drop(&mut self) {
        self.0.deep.update(|deep| deep - 1);
    }
}

impl<'p> Case<'p> {
    /// All cases that a policy may be given, looked into so many times at most.
    pub(super) fn within(policy: &'p Policy, visits: u64) -> Self {
        Self::knowing(policy, visits, BTreeSet::new(), false)
    }

    /// All cases, where it is known what no decision asks for, and whether none looks at
    /// too many elements.
    pub(super) fn knowing(
        policy: &'p Policy,
        visits: u64,
        unasked: BTreeSet<Cause>,
        few: bool,
    ) -> Self {
        Self {
            policy,
            known: Rc::default(),
            fails: BTreeMap::new(),
            facts: Rc::default(),
            memo: Rc::default(),
            work: Rc::new(Work {
                left: Cell::new(visits),
                deep: Cell::new(0),
                unasked,
                few,
                shared: Rc::default(),
            }),
        }
    }

    /// The same box, looked into so many times at most.
    pub(super) fn afresh(&self, visits: u64) -> Self {
        let work = Work {
            left: Cell::new(visits),
            deep: Cell::new(0),
            unasked: self.work.unasked.clone(),
            few: self.work.few,
            shared: Rc::clone(&self.work.shared),
        };
        Self {
            work: Rc::new(work),
            ..self.clone()
        }
    }

    /// What a condition may come to.
    pub(super) fn truth(&self, condition: &'p Expr) -> Truth {
        self.truth_of(condition, &Locals::new())
    }

    /// What an expression may come to where it is no fault; `None` where its type tells
    /// no values apart.
    pub(super) fn set(&self, expr: &'p Expr) -> Option<Set> {
        (expr.ty != Ty::Float).then(|| self.found(expr, &Locals::new()).set)
    }

    /// The cases of the box in which a condition comes to this; `None` where there is
    /// none.
    pub(super) fn assume(&self, condition: &'p Expr, holds: bool) -> Option<Self> {
        let (narrowed, _) = self.assume_with(condition, holds, &Locals::new())?;
        Some(narrowed)
    }

    /// The cases in which a model, a group or another policy fails, or does not.
    pub(super) fn assume_fails(&self, cause: Cause, fails: bool) -> Option<Self> {
        let (may_fail, may_not) = self.may_fail(cause);
        if !(if fails { may_fail } else { may_not }) {
            return None;
        }
        let mut narrowed = self.clone();
        narrowed.fails.insert(cause, fails);
        narrowed.forget();
        Some(narrowed)
    }

    /// The cases in which a condition is a fault; `None` where there are none.
    pub(super) fn assume_fault(&self, condition: &'p Expr) -> Option<Self> {
        let faults = self.truth(condition).faults;
        if faults.is_empty() {
            return None;
        }
        let mut narrowed = self.clone();
        narrowed.note_fault(condition, faults);
        Some(narrowed)
    }

    /// The cases in which a value, computed where it must be, lies in a set; `None` where
    /// there are none.
    pub(super) fn assume_within(&self, value: Value, within: &Set) -> Option<Self> {
        let mut narrowed = (self.clone(), Locals::new());
        restrict::restrict_value(&mut narrowed, value, within).then_some(narrowed.0)
    }

    /// The cases in which a value is missing; `None` where there are none.
    pub(super) fn assume_missing(&self, value: Value) -> Option<Self> {
        let all = self.value(value, &Locals::new()).set;
        let missing = Set {
            missing: true,
            ..all.none()
        };
        self.assume_within(value, &missing)
    }

    /// Of what a value may be a fault.
    pub(super) fn faults(&self, expr: &'p Expr) -> BTreeSet<Cause> {
        self.found(expr, &Locals::new()).faults
    }

    /// What an expression may come to as a value of a declared type.
    pub(super) fn held_set(&self, expr: &'p Expr, ty: DeclaredTy) -> Set {
        self.held(self.found(expr, &Locals::new()), ty).set
    }

    /// A constant of a declared type, or what is missing, as a set.
    pub(super) fn constant(&self, ty: DeclaredTy, literal: Option<&Literal>) -> Set {
        match literal {
            Some(literal) => Found::constant(self.policy, ty.ty, literal).set,
            None => {
                let none = Domain::all(self.policy, ty).set.none();
                Set {
                    missing: true,
                    ..none
                }
            }
        }
    }

    /// Whether something may fail, and whether it may not; neither, where nothing asks it.
    pub(super) fn may_fail(&self, cause: Cause) -> (bool, bool) {
        self.consult_cause(cause);
        match self.fails.get(&cause) {
            _ if self.work.unasked.contains(&cause) => (false, false),
            Some(fails) => (*fails, !*fails),
            None => (true, true),
        }
    }

    /// How much may still be looked into.
    pub(super) fn work_left(&self) -> u64 {
        self.work.left.get()
    }

    /// What a given value fails with.
    pub(super) fn cause_of(&self, value: Value) -> Option<Cause> {
        match value {
            Value::Input(id) => self.policy.inputs[id].group.map(Cause::Group),
            Value::Model(id, _) => Some(Cause::Model(id)),
            _ => None,
        }
    }

    /// Tells whether all work is used up, so that everything is anything.
    pub(super) fn is_used_up(&self) -> bool {
        self.work.left.get() == 0
    }

    /// Begins to look into something, unless there was enough of it.
    fn enter(&self) -> Option<Within<'_>> {
        self.work.enter()
    }

    /// What was found of values is to be found again.
    fn forget(&mut self) {
        self.memo = Rc::default();
    }

    /// The smallest box that two boxes of the same cases lie in.
    fn join(mut self, other: &Case<'p>) -> Self {
        Rc::make_mut(&mut self.known).retain(|value, set| match other.known.get(value) {
            Some(more) => {
                *set = set.or(more);
                true
            }
            None => false,
        });
        self.fails
            .retain(|cause, fails| other.fails.get(cause) == Some(fails));
        Rc::make_mut(&mut self.facts).retain(|place, fact| match other.facts.get(place) {
            Some(other) => other.may_hold == fact.may_hold && other.may_fail == fact.may_fail,
            None => false,
        });
        self.forget();
        self
    }

    /// A fault that may come of anything.
    fn causes(&self) -> BTreeSet<Cause> {
        BTreeSet::from([Cause::Any])
    }
}

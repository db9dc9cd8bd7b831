//! From conditions to clauses: each a conjunction of what is left open of single slots.
//!
//! A condition is the disjunction of its clauses. Of a conjunction the parts are taken
//! up to the first that may fault or ask for something: what stands behind it is not
//! asked where that does. Then the clauses are what must hold, and the condition itself
//! says whether it does.

use std::collections::BTreeSet;

use super::set::{Cut, Missing, SlotSet, Values};
use crate::Exact;
use crate::program::{ExactRange, Number, Relation, Slot, Truth, Whole};

/// How many clauses a condition has at most; one of more is asked itself
pub(super) const MOST_CLAUSES: usize = 8;
/// Digits behind the point that a bound has at most, which lies on an axis
pub(super) const MOST_PLACES: u32 = 6;
/// Up to here a bound, in units of its last digit, lies on an axis
const MOST_UNITS: i64 = 1 << 60;

/// Sets of slots' values that are asked for together, by position in [`Sets`]
pub(super) type Clause = Vec<u32>;

/// The clauses of a condition
#[derive(Clone, Debug)]
pub(super) struct Clauses {
    pub(super) any: Vec<Clause>,
    /// Whether the condition holds where one of them does
    pub(super) exact: bool,
    /// Whether it may fault or ask for something
    pub(super) costly: bool,
}

/// What conditions leave open of slots
pub(super) struct Sets<'c> {
    pub(super) sets: Vec<(Slot, SlotSet)>,
    /// Whether a slot is read without asking for anything
    at_hand: &'c dyn Fn(Slot) -> bool,
}

/// What becomes of a part of a condition
enum Part {
    Clauses(Vec<Clause>),
    /// It faults nowhere and asks for nothing, but there are no clauses for it
    Aside,
    /// It may fault, or ask for something
    Costly,
}

impl<'c> Sets<'c> {
    pub(super) fn new(at_hand: &'c dyn Fn(Slot) -> bool) -> Self {
        Self {
            sets: Vec::new(),
            at_hand,
        }
    }

    /// The clauses of a condition.
    pub(super) fn condition(&mut self, truth: &Truth) -> Clauses {
        let mut all = Clauses {
            any: vec![Clause::new()],
            exact: true,
            costly: false,
        };
        self.conjunction(std::slice::from_ref(truth), &mut all);
        all
    }

    /// Takes the parts of a conjunction, up to the first that is costly.
    fn conjunction(&mut self, parts: &[Truth], all: &mut Clauses) {
        for part in parts {
            if let Truth::All(parts) = part {
                self.conjunction(parts, all);
                if all.costly {
                    return;
                }
                continue;
            }
            match self.part(part, false) {
                Part::Clauses(any) if all.any.len() * any.len() <= MOST_CLAUSES => {
                    all.any = self.both(&all.any, &any);
                }
                Part::Clauses(_) | Part::Aside => all.exact = false,
                Part::Costly => {
                    (all.exact, all.costly) = (false, true);
                    return;
                }
            }
        }
    }

    fn part(&mut self, truth: &Truth, negated: bool) -> Part {
        let (slot, set) = match truth {
            Truth::Constant(holds) => {
                let none = || vec![Clause::new()];
                return Part::Clauses(if *holds == negated {
                    Vec::new()
                } else {
                    none()
                });
            }
            Truth::Not(inner) => return self.part(inner, !negated),
            Truth::All(parts) if negated => return self.disjunction(parts, negated),
            Truth::Any(parts) if !negated => return self.disjunction(parts, negated),
            Truth::All(parts) | Truth::Any(parts) => return self.all(parts, negated),
            _ => match slot_set(truth) {
                Some((slot, set)) if (self.at_hand)(slot) => (slot, set),
                _ => return Part::Costly,
            },
        };
        let set = match (set, negated) {
            (None, _) => return Part::Aside,
            (Some(set), false) => set,
            (Some(set), true) => set.negated(),
        };
        Part::Clauses(vec![vec![self.add(slot, set)]])
    }

    fn all(&mut self, parts: &[Truth], negated: bool) -> Part {
        let mut all = vec![Clause::new()];
        let mut aside = false;
        for part in parts {
            match self.part(part, negated) {
                Part::Clauses(any) if all.len() * any.len() <= MOST_CLAUSES => {
                    all = self.both(&all, &any);
                }
                Part::Clauses(_) | Part::Aside => aside = true,
                Part::Costly => return Part::Costly,
            }
        }
        match aside {
            true => Part::Aside,
            false => Part::Clauses(all),
        }
    }

    fn disjunction(&mut self, parts: &[Truth], negated: bool) -> Part {
        let mut any: Vec<Clause> = Vec::new();
        let mut aside = false;
        for part in parts {
            match self.part(part, negated) {
                Part::Clauses(more) => {
                    for clause in more {
                        let clause = self.past_absences(&any, clause);
                        self.or(&mut any, clause);
                    }
                }
                Part::Aside => aside = true,
                Part::Costly => return Part::Costly,
            }
        }
        match aside || any.len() > MOST_CLAUSES {
            true => Part::Aside,
            false => Part::Clauses(any),
        }
    }

    /// Adds a clause; two of one and the same slot alone are one.
    fn or(&mut self, any: &mut Vec<Clause>, clause: Clause) {
        if let ([set], Some([last])) = (clause.as_slice(), any.last().map(Vec::as_slice))
            && let (Some((slot, set)), Some((last_slot, last_set))) =
                (self.get(*set), self.get(*last))
            && slot == last_slot
        {
            let both = self.add(*slot, last_set.clone().or(set));
            any.pop();
            any.push(vec![both]);
            return;
        }
        any.push(clause);
    }

    /// Each clause of one together with each of the other.
    fn both(&mut self, one: &[Clause], other: &[Clause]) -> Vec<Clause> {
        let mut all = Vec::with_capacity(one.len() * other.len());
        for first in one {
            for second in other {
                let mut clause = first.clone();
                for set in second {
                    let known = |slot: Slot| {
                        let mut sets = first.iter().filter_map(|set| self.get(*set));
                        sets.any(|(known, set)| *known == slot && set.missing == Missing::Fails)
                    };
                    clause.push(match self.get(*set) {
                        Some((slot, found)) if known(*slot) => self.guarded(*slot, found.clone()),
                        _ => *set,
                    });
                }
                all.push(clause);
            }
        }
        all
    }

    /// A clause that is asked where earlier ones did not hold, some of which say no more
    /// than that a slot is missing.
    fn past_absences(&mut self, earlier: &[Clause], clause: Clause) -> Clause {
        let mut absent = BTreeSet::new();
        for clause in earlier {
            if let [set] = clause.as_slice()
                && let Some((slot, set)) = self.get(*set)
                && set.is_absence()
            {
                absent.insert(slot.id);
            }
        }
        let guarded = clause.into_iter().map(|set| match self.get(set) {
            Some((slot, found)) if absent.contains(&slot.id) => self.guarded(*slot, found.clone()),
            _ => set,
        });
        guarded.collect()
    }

    /// A set of a slot that is not missing where it is asked.
    fn guarded(&mut self, slot: Slot, mut set: SlotSet) -> u32 {
        if set.missing == Missing::Unasked {
            set.missing = Missing::Fails;
        }
        self.add(slot, set)
    }

    fn add(&mut self, slot: Slot, set: SlotSet) -> u32 {
        self.sets.push((slot, set));
        u32::try_from(self.sets.len() - 1).unwrap_or(u32::MAX)
    }

    fn get(&self, set: u32) -> Option<&(Slot, SlotSet)> {
        self.sets.get(set as usize)
    }
}

/// What a condition on one slot leaves open of it; nothing inside where no axis holds
/// its bounds.
fn slot_set(truth: &Truth) -> Option<(Slot, Option<SlotSet>)> {
    let (slot, values) = match truth {
        Truth::Present(slot) => return Some((*slot, Some(SlotSet::there(true)))),
        Truth::Missing(slot) => return Some((*slot, Some(SlotSet::there(false)))),
        Truth::WholeWithin(slot, low, high) => (*slot, Some(whole_span(*low, *high))),
        Truth::WholeAmong(slot, bits) => {
            let among = (0..64).filter(|label| bits >> label & 1 == 1);
            (*slot, Some(wholes(among)))
        }
        Truth::WholeOneOf(subject, values) => {
            let Whole::Slot(slot) = **subject else {
                return None;
            };
            let constants = values.iter().map(|value| match value {
                Whole::Constant(value) => Some(*value),
                _ => None,
            });
            (slot, Some(wholes(constants.collect::<Option<Vec<_>>>()?)))
        }
        Truth::ExactIs(slot, relation, value) => (*slot, related(*relation, *value)),
        Truth::ExactWithin(slot, range) => (*slot, exact_span(range)),
        Truth::ExactOneOf(subject, values) => {
            let Number::Slot(slot) = **subject else {
                return None;
            };
            let mut all = SlotSet::of(Values::Every(false));
            let mut held = true;
            for value in values {
                let Number::Constant(value) = value else {
                    return None;
                };
                match related(Relation::Equal, *value) {
                    Some(one) => all = all.or(&SlotSet::of(one)),
                    None => held = false,
                }
            }
            (slot, held.then_some(all.values))
        }
        Truth::TextAmong(slot, texts, among) => {
            let texts = texts.texts().cloned().collect();
            (*slot, Some(Values::Texts(texts, *among)))
        }
        _ => return None,
    };
    Some((slot, values.map(SlotSet::of)))
}

fn whole_span(low: i64, high: i64) -> Values {
    if low > high {
        return Values::Every(false);
    }
    let from = (low != i64::MIN).then_some(Cut::Whole(low));
    Values::span(from, high.checked_add(1).map(Cut::Whole))
}

fn wholes(values: impl IntoIterator<Item = i64>) -> Values {
    let mut all = SlotSet::of(Values::Every(false));
    for value in values {
        all = all.or(&SlotSet::of(whole_span(value, value)));
    }
    all.values
}

/// A bound, where an axis holds it.
fn on_axis(value: Exact) -> Option<Exact> {
    let units = value.units(MOST_PLACES)?;
    (units.unsigned_abs() <= MOST_UNITS.unsigned_abs()).then_some(value)
}

fn related(relation: Relation, value: Exact) -> Option<Values> {
    let value = on_axis(value)?;
    let (before, behind) = (
        Some(Cut::Exact(value, false)),
        Some(Cut::Exact(value, true)),
    );
    Some(match relation {
        Relation::Less => Values::span(None, before),
        Relation::LessOrEqual => Values::span(None, behind),
        Relation::Greater => Values::span(behind, None),
        Relation::GreaterOrEqual => Values::span(before, None),
        Relation::Equal => Values::span(before, behind),
    })
}

fn exact_span(range: &ExactRange) -> Option<Values> {
    let cut = |bound: Option<(Exact, bool)>, behind_where_in| match bound {
        None => Some(None),
        Some((value, inclusive)) => Some(Some(Cut::Exact(
            on_axis(value)?,
            inclusive == behind_where_in,
        ))),
    };
    Some(Values::span(cut(range.low, false)?, cut(range.high, true)?))
}

//! What values there are of what a policy reads.

use std::collections::BTreeSet;

use super::cut::{self, Cut, Spans};
use super::set::{Set, Values};
use crate::Exact;
use crate::ir::{ConstRange, Literal, Policy, Value};
use crate::types::{Date, DeclaredTy, Ty};

/// All values of a type, within a range
#[derive(Clone, Debug)]
pub(super) struct Domain {
    pub(super) ty: Ty,
    /// Numbers are multiples of 10⁻ᵖ; `None` where they lie as near as one likes
    pub(super) grid: Option<u32>,
    pub(super) set: Set,
}

impl Domain {
    /// What a value of a policy may be by its declaration; `None` for what no cell tests.
    pub(super) fn of_value(policy: &Policy, value: Value) -> Option<Domain> {
        let (ty, range) = match value {
            Value::Input(id) => (policy.inputs[id].ty, policy.inputs[id].range.as_ref()),
            Value::DecisionDate => (DeclaredTy::bare(Ty::Date), None),
            Value::Definition(id) => (policy.definitions[id].ty, None),
            Value::Table(id, output) => (policy.tables[id].outputs.get(output as usize)?.ty, None),
            Value::Model(id, give) => {
                let give = policy.models[id].gives.get(give as usize)?;
                (give.ty, give.range.as_ref())
            }
            Value::Outcome => (DeclaredTy::bare(Ty::Enum(policy.decide.ty)), None),
            Value::Decided(at) => (policy.decide.values.get(at as usize)?.ty, None),
            Value::Local(_) => return None,
        };
        (ty.ty != Ty::Float).then(|| Domain::within(policy, ty, range))
    }

    /// All values of a type.
    pub(super) fn all(policy: &Policy, ty: DeclaredTy) -> Domain {
        Domain::within(policy, ty, None)
    }

    /// All values of a type within a range.
    pub(super) fn within(policy: &Policy, ty: DeclaredTy, range: Option<&ConstRange>) -> Domain {
        let values = match ty.ty {
            Ty::Boolean => Values::Labels(vec![true; 2]),
            Ty::Enum(id) => Values::Labels(vec![true; policy.enums[id].labels.len()]),
            Ty::Text => Values::Texts {
                named: BTreeSet::new(),
                others: true,
            },
            _ => Values::Spans(Spans::all()),
        };
        let mut all = Domain {
            ty: ty.ty,
            grid: whole(ty.ty).or(ty.places),
            set: Set {
                missing: ty.optional,
                values,
            },
        };
        if let Some((low, high)) = all.ends() {
            all.set.values = all.range(Some((low, true)), Some((high, true)));
        }
        if let Some(range) = range {
            let end = |bound: &Option<(Literal, bool)>| {
                let (value, inclusive) = bound.as_ref()?;
                Some((number(value)?, *inclusive))
            };
            let within = all.range(end(&range.low), end(&range.high));
            all.set.values = all.set.values.and(&within);
        }
        all
    }

    /// The first and the last number of the type, where it has them.
    fn ends(&self) -> Option<(Exact, Exact)> {
        let (low, high) = match self.ty {
            Ty::Integer => (i64::MIN, i64::MAX),
            Ty::Date => (0, days(Date::new(9999, 12, 31)?)),
            _ => return None,
        };
        Some((Exact::from_integer(low), Exact::from_integer(high)))
    }

    /// The same cuts, but ends where the type has no more numbers.
    pub(super) fn open(&self, low: Cut, high: Cut) -> (Cut, Cut) {
        let Some((first, last)) = self.ends() else {
            return (low, high);
        };
        let low = if low <= Cut::Before(first) {
            Cut::Lowest
        } else {
            low
        };
        let high = if high > Cut::Before(last) {
            Cut::Highest
        } else {
            high
        };
        (low, high)
    }

    /// A value between two cuts.
    pub(super) fn between(&self, low: Cut, high: Cut) -> Option<Literal> {
        let usual = match self.ty {
            Ty::Date => Date::new(2026, 1, 1).map(days),
            Ty::DateTime => Some(1_767_225_600_000_000),
            _ => None,
        };
        let usual = usual.map(Exact::from_integer);
        let (open_low, open_high) = self.open(low, high);
        let wide = open_low == Cut::Lowest && open_high == Cut::Highest;
        let usual = usual.filter(|_| wide);
        let round = || match self.ty {
            Ty::DateTime | Ty::Duration => round_time(open_low, open_high),
            _ => None,
        };
        let number = match usual.or_else(round) {
            Some(number) => number,
            None => cut::between(open_low, open_high, self.grid)?,
        };
        self.literal(number)
    }

    /// The numbers between two ends, each with whether it is in.
    pub(super) fn range(&self, low: Option<(Exact, bool)>, high: Option<(Exact, bool)>) -> Values {
        let low = match low {
            None => Cut::Lowest,
            Some((value, true)) => Cut::Before(value),
            Some((value, false)) => Cut::After(value),
        };
        let high = match high {
            None => Cut::Highest,
            Some((value, true)) => Cut::After(value),
            Some((value, false)) => Cut::Before(value),
        };
        Values::Spans(self.gridded(Spans::between(low, high)))
    }

    fn gridded(&self, spans: Spans) -> Spans {
        match self.grid {
            Some(places) => spans.on_grid(places),
            None => spans,
        }
    }

    /// One value, as a set.
    pub(super) fn point(&self, value: &Literal) -> Option<Values> {
        let mut values = self.set.values.none();
        match (value, &mut values) {
            (Literal::Text(text), Values::Texts { named, .. }) => {
                named.insert(text.clone());
            }
            (Literal::Boolean(yes), Values::Labels(labels)) => {
                *labels.get_mut(usize::from(*yes))? = true;
            }
            (Literal::Label(label), Values::Labels(labels)) => {
                *labels.get_mut(*label as usize)? = true;
            }
            (value, Values::Spans(spans)) => *spans = self.gridded(Spans::point(number(value)?)),
            _ => return None,
        }
        Some(values)
    }

    /// The value that a number of a set stands for.
    pub(super) fn literal(&self, number: Exact) -> Option<Literal> {
        Some(match self.ty {
            Ty::Integer => Literal::Integer(number.to_integer()?),
            Ty::Date => Literal::Date(Date::default().add_days(number.to_integer()?)?),
            Ty::DateTime => Literal::DateTime(number.to_integer()?),
            Ty::Duration => Literal::Duration(number.to_integer()?),
            _ => Literal::Exact(number),
        })
    }
}

/// The grid of types whose numbers are whole: days, and microseconds.
pub(super) fn whole(ty: Ty) -> Option<u32> {
    matches!(ty, Ty::Integer | Ty::Date | Ty::DateTime | Ty::Duration).then_some(0)
}

/// The number that a value with an order stands for.
pub(super) fn number(value: &Literal) -> Option<Exact> {
    Some(match value {
        Literal::Integer(whole) | Literal::DateTime(whole) | Literal::Duration(whole) => {
            Exact::from_integer(*whole)
        }
        Literal::Exact(value) => *value,
        Literal::Date(day) => Exact::from_integer(days(*day)),
        Literal::Boolean(_) | Literal::Text(_) | Literal::Label(_) => return None,
    })
}

/// Days since the first day there is.
fn days(day: Date) -> i64 {
    Date::default().days_until(day)
}

/// A number of microseconds between two cuts that is of whole days, hours, minutes or
/// seconds.
fn round_time(low: Cut, high: Cut) -> Option<Exact> {
    const SECOND: i64 = 1_000_000;
    let units = [86_400 * SECOND, 3_600 * SECOND, 60 * SECOND, SECOND];
    units.iter().find_map(|unit| {
        let whole = match (low, high) {
            (Cut::Before(low), _) => {
                let low = low.to_integer()?;
                low.div_euclid(*unit) + i64::from(low.rem_euclid(*unit) != 0)
            }
            (Cut::Lowest, Cut::Before(high)) => (high.to_integer()? - 1).div_euclid(*unit),
            _ => return None,
        };
        let found = Exact::from_integer(whole.checked_mul(*unit)?);
        (low <= Cut::Before(found) && Cut::After(found) <= high).then_some(found)
    })
}

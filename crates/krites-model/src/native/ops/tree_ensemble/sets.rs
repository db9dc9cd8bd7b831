//! Tests of membership: a row gets a slot for each set that trees look a column
//! up in, 0 where the value is in the set and 1 where it is not, so that the
//! walk compares it as it does a number.
//!
//! Invariant: what is in a set is looked up once a row, and the walk of trees
//! without sets does not know of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::attributes::RawSet;
use super::forest::Real;

/// Bits of [`Set::small`]
const SMALL: u64 = 64;

/// Numbers, in their order, each once
#[derive(Debug)]
pub(crate) struct Set<T> {
    members: Vec<T>,
    /// The members as bits, where all are whole numbers below [`SMALL`]
    small: Option<u64>,
    /// What comes behind the point of a value counts for nothing
    truncates: bool,
}

impl<T: Real> Set<T> {
    fn new(raw: &RawSet) -> Self {
        let mut members: Vec<T> = raw.members.iter().map(|&x| T::from_f64(x)).collect();
        members.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        members.dedup();
        let bits = members.iter().map(|&member| bit(member));
        Self {
            small: bits.reduce(|all, bit| Some(all? | bit?)).flatten(),
            truncates: !raw.is_exact,
            members,
        }
    }

    fn holds(&self, value: T) -> bool {
        let value = if self.truncates { value.trunc() } else { value };
        match self.small {
            Some(small) => bit(value).is_some_and(|bit| small & bit != 0),
            None => {
                let order = |member: &T| member.partial_cmp(&value);
                let found = self
                    .members
                    .binary_search_by(|member| order(member).unwrap_or(std::cmp::Ordering::Less));
                found.is_ok()
            }
        }
    }
}

/// Returns the bit of a whole number below [`SMALL`].
fn bit<T: Real>(value: T) -> Option<u64> {
    let at = value.to_u64();
    (at < SMALL && T::from_f64(at as f64) == value).then(|| 1 << at)
}

/// A column looked up in a set
#[derive(Debug)]
pub(crate) struct Membership<T> {
    pub(crate) column: u32,
    pub(crate) holds_for_nan: bool,
    pub(crate) set: Arc<Set<T>>,
}

impl<T: Real> Membership<T> {
    /// Returns what the slot holds: 0 or 1.
    pub(crate) fn slot(&self, value: T) -> T {
        let holds = if value.is_nan() {
            self.holds_for_nan
        } else {
            self.set.holds(value)
        };
        T::from_f64(f64::from(u8::from(!holds)))
    }
}

/// The sets of an ensemble, equal ones once
#[derive(Debug)]
pub(crate) struct Sets<T> {
    distinct: Vec<Arc<Set<T>>>,
    /// By the place that tests name
    places: Vec<u32>,
}

impl<T: Real> Sets<T> {
    /// Keeps the sets of an ensemble.
    pub(crate) fn new(sets: &[RawSet]) -> Self {
        let mut distinct = Vec::new();
        let mut known: BTreeMap<(bool, Vec<u64>), u32> = BTreeMap::new();
        let mut places = Vec::with_capacity(sets.len());
        for set in sets {
            let bits = set.members.iter().map(|x| x.to_bits()).collect();
            places.push(*known.entry((set.is_exact, bits)).or_insert_with(|| {
                distinct.push(Arc::new(Set::new(set)));
                distinct.len() as u32 - 1
            }));
        }
        Self { distinct, places }
    }

    /// Tells which of the distinct sets a test names.
    pub(crate) fn place(&self, named: u32) -> u32 {
        self.places.get(named as usize).copied().unwrap_or(0)
    }

    /// Returns a distinct set.
    pub(crate) fn get(&self, place: u32) -> Option<&Arc<Set<T>>> {
        self.distinct.get(place as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[f64], is_exact: bool, members: &[f64], others: &[f64]) {
        let raw = RawSet {
            members: numbers.to_vec(),
            is_exact,
        };
        for nan in [false, true] {
            let of = |x: &f64| {
                let (one, two) = (membership::<f32>(&raw, nan), membership::<f64>(&raw, nan));
                assert_eq!(f64::from(one.slot(*x as f32)), two.slot(*x), "{x}");
                two.slot(*x) == 0.0
            };
            assert!(members.iter().all(of), "{numbers:?}");
            assert!(!others.iter().any(of), "{numbers:?}");
            assert_eq!(of(&f64::NAN), nan);
        }
    }

    fn membership<T: Real>(raw: &RawSet, holds_for_nan: bool) -> Membership<T> {
        Membership {
            column: 0,
            holds_for_nan,
            set: Arc::new(Set::new(raw)),
        }
    }

    #[test]
    fn members_are_found_and_others_are_not() {
        const INFINITY: f64 = f64::INFINITY;
        let beyond = [INFINITY, -INFINITY, -1.0, 31.0, 64.0, 1e30];
        check(&[3.0, 0.0, 3.0], true, &[0.0, -0.0, 3.0], &[1.0, 0.5, 3.5]);
        check(&[3.0, 0.0, 3.0], true, &[], &beyond);
        check(&[1.5, 2.0], true, &[1.5, 2.0], &[1.0, 2.5]);
        check(&[0.0, 40.0], false, &[40.9, 0.5, -0.5], &[39.9, 41.0, 1.0]);
        check(
            &[-1.0, 100.0],
            false,
            &[-1.5, 100.5],
            &[-2.0, -0.5, 0.0, 99.5],
        );
        check(&[0.0, 40.0], false, &[], &beyond);
        check(&[1.5, 40.0], true, &[1.5, 40.0], &[1.0, 40.5]);
        check(&[INFINITY, 1.0], true, &[1.0, INFINITY], &[-INFINITY, 2.0]);
        check(&[], true, &[], &beyond);
        let many: Vec<f64> = (0..70).map(f64::from).collect();
        check(&many, false, &[0.0, 69.0, 12.5], &[70.0, -1.0]);
    }
}

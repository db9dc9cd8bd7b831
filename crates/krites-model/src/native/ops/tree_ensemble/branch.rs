//! A tree node as tests `column <= threshold`, which are all that is walked.
//!
//! For numbers x < t is x <= the number below t, the other orders swap the
//! children, and equality is two tests, of which two sides lead to the same
//! child. Membership is one test of what [`super::sets`] makes of a value.

use super::attributes::{Mode, RawNode};
use super::forest::Real;
use super::plant::{Sprout, Test};

/// A side of a node that leads on
#[derive(Clone, Copy)]
pub(super) enum Side {
    Yes,
    No,
}

/// Where the place of a child is written
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) at: u32,
    pub(super) side: Side,
}

impl Link {
    /// Writes the place of a child.
    pub(super) fn set<T>(self, sprouts: &mut [Sprout<T>], child: u32) {
        match (sprouts.get_mut(self.at as usize), self.side) {
            (Some(Sprout::Test(test)), Side::Yes) => test.yes = child,
            (Some(Sprout::Test(test)), Side::No) => test.no = child,
            _ => {}
        }
    }
}

/// A tree node as one test; or as two of which the first leads to the second
/// when it holds, and else to a child that both have
pub(super) struct Branch<T> {
    pub(super) first: Test<T>,
    pub(super) second: Option<Test<T>>,
    /// Which test and which of its sides lead to the true child
    pub(super) when_true: &'static [(u32, Side)],
    /// Which test and which of its sides lead to the false child
    pub(super) when_false: &'static [(u32, Side)],
}

impl<T: Real> Branch<T> {
    /// Makes the tests of a node that reads the column `feature`.
    pub(super) fn of(node: &RawNode, feature: u32) -> Self {
        let threshold = T::from_f64(node.value);
        let missing = node.missing_is_true;
        let one = |threshold, nan_is_yes| Test::new(threshold, feature, nan_is_yes);
        // Nothing is at or above NaN, and everything is at or below infinity.
        let not_below = |bound: T| {
            if threshold.is_nan() {
                T::from_f64(f64::INFINITY)
            } else {
                bound
            }
        };
        match node.mode {
            Mode::LessOrEqual | Mode::Leaf => Self::single(one(threshold, missing), true),
            Mode::Less => Self::single(one(below(threshold), missing), true),
            Mode::Greater => Self::single(one(not_below(threshold), !missing), false),
            Mode::GreaterOrEqual => Self::single(one(not_below(below(threshold)), !missing), false),
            Mode::Member(set) => Self::single(Test::member(set, feature, missing), true),
            Mode::Equal => Self {
                first: one(threshold, missing),
                second: Some(one(below(threshold), false)),
                when_true: &[(1, Side::No)],
                when_false: &[(0, Side::No), (1, Side::Yes)],
            },
            // NaN differs from every number.
            Mode::NotEqual => Self {
                first: one(threshold, false),
                second: Some(one(below(threshold), false)),
                when_true: &[(0, Side::No), (1, Side::Yes)],
                when_false: &[(1, Side::No)],
            },
        }
    }

    fn single(first: Test<T>, yes_is_true: bool) -> Self {
        let (yes, no): (&[_], &[_]) = (&[(0, Side::Yes)], &[(0, Side::No)]);
        let (when_true, when_false) = if yes_is_true { (yes, no) } else { (no, yes) };
        Self {
            first,
            second: None,
            when_true,
            when_false,
        }
    }
}

/// Returns the bound that a number is at or below when it is below `threshold`.
fn below<T: Real>(threshold: T) -> T {
    let next = threshold.next_down();
    // Nothing is below minus infinity, and nothing is at or below NaN.
    if next == threshold {
        T::from_f64(f64::NAN)
    } else {
        next
    }
}

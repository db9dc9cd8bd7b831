//! A forest as one flat array, in which the two children of a test lie side by side.

use std::ops::{AddAssign, Neg, Sub};

use super::sets::Membership;
use crate::native::arguments::InputElement;

/// A number that trees compare and sum: f32 or f64
pub(crate) trait Real:
    InputElement + AddAssign + Neg<Output = Self> + Sub<Output = Self>
{
    /// Below all other numbers
    const NEG_INFINITY: Self;
    /// Rounds to the type.
    fn from_f64(value: f64) -> Self;
    /// Rounds to a float.
    fn to_f32(self) -> f32;
    /// Widens to a double.
    fn to_f64(self) -> f64;
    /// Returns the nearest whole number from 0 on toward zero.
    fn to_u64(self) -> u64;
    /// Returns the number without what comes behind the point.
    fn trunc(self) -> Self;
    /// Returns the next number below.
    fn next_down(self) -> Self;
    /// Tells whether this is not a number.
    fn is_nan(self) -> bool;
    /// Divides by a count of trees.
    fn divided_by(self, count: usize) -> Self;
}

macro_rules! real {
    ($real:ty) => {
        impl Real for $real {
            const NEG_INFINITY: Self = <$real>::NEG_INFINITY;

            fn from_f64(value: f64) -> Self {
                value as Self
            }

            fn to_f32(self) -> f32 {
                self as f32
            }

            fn to_f64(self) -> f64 {
                self.into()
            }

            fn to_u64(self) -> u64 {
                self as u64
            }

            fn trunc(self) -> Self {
                <$real>::trunc(self)
            }

            fn next_down(self) -> Self {
                <$real>::next_down(self)
            }

            fn is_nan(self) -> bool {
                <$real>::is_nan(self)
            }

            fn divided_by(self, count: usize) -> Self {
                self / count as Self
            }
        }
    };
}

real!(f32);
real!(f64);

/// A test `slot <= threshold`, or a leaf, whose test holds and leads to itself.
///
/// Eight bytes for floats whose links are [`u16`]. A leaf's threshold is its
/// weight where every leaf has one, else 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<T, L> {
    pub(crate) threshold: T,
    /// What of the row is tested, see [`Forest::sources`]
    pub(crate) slot: L,
    /// How far behind this node the child is that the row goes to when the
    /// test holds; the other child is one further
    pub(crate) step: L,
}

/// A place relative to another: [`u16`] or [`u32`]
pub(crate) trait Link: Copy + Into<u32> + TryFrom<u32> + std::fmt::Debug {}

impl Link for u16 {}
impl Link for u32 {}

/// The nodes of all trees: short links where they suffice
#[derive(Debug)]
pub(crate) enum Nodes<T> {
    Short(Vec<Node<T, u16>>),
    Long(Vec<Node<T, u32>>),
}

impl<T: Real> Nodes<T> {
    /// Shortens the links where all of them fit.
    pub(crate) fn new(nodes: Vec<Node<T, u32>>) -> Self {
        let short = |node: &Node<T, u32>| {
            Some(Node {
                threshold: node.threshold,
                slot: u16::try_from(node.slot).ok()?,
                step: u16::try_from(node.step).ok()?,
            })
        };
        match nodes.iter().map(short).collect() {
            Some(nodes) => Self::Short(nodes),
            None => Self::Long(nodes),
        }
    }
}

/// Where a tree begins and how deep it is
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tree {
    pub(crate) root: u32,
    pub(crate) depth: u32,
}

/// A weight that a leaf adds to a target
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight<T> {
    pub(crate) target: u32,
    pub(crate) weight: T,
}

/// All trees.
///
/// INVARIANT: roots and what the steps lead to are places in `nodes`; slots are
/// below [`Self::n_slots`].
#[derive(Debug)]
pub(crate) struct Forest<T> {
    pub(crate) nodes: Nodes<T>,
    pub(crate) trees: Vec<Tree>,
    /// For each node the range of its weights, empty but for leaves
    pub(crate) leaf_weights: Vec<(u32, u32)>,
    pub(crate) weights: Vec<Weight<T>>,
    /// The target that every leaf has exactly one weight for, a number, if
    /// there is one
    pub(crate) single_target: Option<u32>,
    /// Columns of a row, at least 1
    pub(crate) width: usize,
    /// What of a row the slots from 1 hold; slot 0 holds minus infinity
    pub(crate) sources: Vec<Source>,
    /// What the slots behind those hold
    pub(crate) memberships: Vec<Membership<T>>,
}

/// A column that tests read
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    /// Below the width
    pub(crate) column: u32,
    /// With minus infinity in place of NaN, for tests that hold for NaN
    pub(crate) without_nan: bool,
}

impl<T: Real> Forest<T> {
    /// Counts the slots of a row.
    pub(crate) fn n_slots(&self) -> usize {
        self.sources.len() + self.memberships.len() + 1
    }

    /// Returns the weights of a leaf.
    pub(crate) fn weights_of(&self, leaf: u32) -> &[Weight<T>] {
        let (from, to) = self
            .leaf_weights
            .get(leaf as usize)
            .copied()
            .unwrap_or_default();
        self.weights
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }
}

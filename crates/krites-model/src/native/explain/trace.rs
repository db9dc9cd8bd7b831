//! How one element of a step's result follows from the elements that the step
//! reads, as far as explanations need to know.
//!
//! Invariant: what is not surely so is [`Traced::Anything`].

use std::fmt::Debug;

use crate::ModelError;
use crate::buffer::Buffer;
use crate::native::arguments::Arguments;

/// An element of a row of one of a step's operands
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which of the step's operands
    pub(crate) operand: usize,
    /// Where in a row of it
    pub(crate) at: usize,
}

impl Place {
    /// Names an element of the only, or first, operand.
    pub(crate) fn first(at: usize) -> Self {
        Self { operand: 0, at }
    }
}

/// How one element of a result follows from elements of operands
#[derive(Clone, Debug)]
pub(crate) enum Traced {
    /// From any of them
    Anything,
    /// It is that element
    Same(Place),
    /// From these alone
    Of(Vec<Place>),
    /// It is a sum, in floats or doubles
    Sum(Sum),
    /// It is the product of two, in floats or doubles
    Product(Place, Place),
    /// It is the first divided by the second, in floats or doubles
    Quotient(Place, Place),
    /// It is a probability made of a sum
    Probability(Link, Sum),
    /// It is that element divided by the sum of its row
    Share(Place),
    /// Why it has no contributions
    Refused(&'static str),
}

/// What makes a probability of a sum
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// The logistic function
    Logistic {
        /// The columns of the result sum to 1 in each row
        whole: bool,
    },
    /// The softmax over the columns of the result
    Softmax,
}

/// A constant, elements times weights, and the values of trees
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    pub(crate) constant: f64,
    pub(crate) terms: Vec<(Place, f64)>,
    /// The target whose values the trees of the step sum to, and what each is
    /// multiplied with
    pub(crate) trees: Option<(u32, f64)>,
}

impl Sum {
    /// An element times a weight, and a constant
    pub(crate) fn of(place: Place, weight: f64, constant: f64) -> Self {
        Self {
            constant,
            terms: vec![(place, weight)],
            trees: None,
        }
    }

    /// The sum with another sign
    pub(crate) fn negated(mut self) -> Self {
        self.constant = -self.constant;
        for (_, weight) in &mut self.terms {
            *weight = -*weight;
        }
        self.trees = self.trees.map(|(target, factor)| (target, -factor));
        self
    }
}

/// The trees of a step, over rows of its first operand
pub(crate) trait Trees: Debug {
    /// Returns where each tree begins.
    fn roots(&self) -> Vec<u32>;

    /// Tells what stands at a place.
    fn node(&self, at: u32) -> TreeNode;

    /// Returns the sum of a leaf's values for a target.
    fn value(&self, leaf: u32, target: u32) -> f64;

    /// Tells for each row and each place in `tests`, row by row, whether the
    /// test there holds.
    fn outcomes(
        &self,
        arguments: &Arguments<'_, '_>,
        tests: &[u32],
        room: &mut Buffer,
        holds: &mut Vec<bool>,
    ) -> Result<(), ModelError>;
}

/// What stands at a place of a tree
#[derive(Clone, Copy, Debug)]
pub(crate) enum TreeNode {
    Leaf,
    /// The row goes on to another place
    Way(u32),
    /// A test of one column
    Test {
        column: usize,
        yes: u32,
        no: u32,
    },
}

//! Contributions of input columns to what a native model says.
//!
//! From the explained column of an output the graph is followed back over what
//! only makes a probability of a number, to that number: the raw margin. Where
//! it is a sum of elements that depend on one input column each, and of trees
//! over such elements, its Shapley values are known exactly (`margin`,
//! `players`). `background` runs the rows to compare with once, when the
//! explainer is made; `forest` keeps of them what a decision needs, and
//! `shapley` has the formulas.
//!
//! Invariant: no I/O, no clock; sums have one order, in doubles.

mod background;
mod explainer;
mod forest;
mod leaves;
mod margin;
mod players;
mod shapley;
pub(crate) mod trace;

pub(crate) use explainer::explainer;
pub(crate) use trace::{Link, Place, Sum, Traced, TreeNode, Trees};

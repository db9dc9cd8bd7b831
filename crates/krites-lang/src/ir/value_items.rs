//! Values of items that name one each: calibrations and cascades.

use std::sync::Arc;

use super::Expr;
use crate::Exact;
use crate::ids::DefinitionId;

/// A value by points
#[derive(Clone, Debug)]
pub struct Calibration {
    /// What is looked up, a number
    pub of: Expr,
    /// Two points at least, the lowest first
    pub knots: Arc<[Knot]>,
    /// Whether it gives the line between two points, else the value of the lower one;
    /// beyond the first and the last one it gives the value of that one
    pub linear: bool,
}

/// A point of a calibration
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knot {
    /// Where it stands
    pub at: Exact,
    /// The value there
    pub value: Exact,
}

/// Values that are tried in order: the whole value of a definition
#[derive(Clone, Debug)]
pub struct Cascade {
    /// What is tried
    pub tries: Vec<Try>,
    /// Where none of them gives the value; `None` is missing
    pub otherwise: Option<Expr>,
    /// The definition that tells which of them gave the value, counted from 1; 0 for
    /// `otherwise`
    pub stage: Option<DefinitionId>,
}

/// One value that is tried
#[derive(Clone, Debug)]
pub struct Try {
    /// The condition under which it is taken; always where there is none
    pub when: Option<Expr>,
    /// The value
    pub value: Expr,
    /// Whether a fault in the condition or the value leads to the next one
    pub fault_next: bool,
}

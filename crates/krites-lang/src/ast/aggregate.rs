//! What is said of all elements of a list or series, as written.

use super::{Expr, Path};
use crate::Span;

/// `count of applicant.accounts where (missed_payments > 0)`,
/// `sum of (balance * 2) over applicant.accounts`, `every card.paid is 0`
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// What is made of the elements
    pub kind: AggregateKind,
    /// What is summed or compared, an expression over an element; `None` where it
    /// is what the path names
    pub item: Option<Expr>,
    /// The elements
    pub over: ElementPath,
    /// Which of them count, or what must hold for `any` and `every`; in
    /// `every card.paid is 0` the element stands here as the path `each`
    pub condition: Option<Expr>,
    /// `if none 0`
    pub if_none: Option<Expr>,
}

/// What is made of the elements
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateKind {
    /// How many there are
    Count,
    /// Their sum, in order
    Sum,
    /// Their sum divided by their number
    Average,
    /// The smallest
    Min,
    /// The largest
    Max,
    /// The first
    First,
    /// Whether the condition holds for one of them
    Any,
    /// Whether the condition holds for each of them
    Every,
}

/// `applicant.accounts.balance`, `card.paid[2 to 6]`
#[derive(Clone, Debug)]
pub struct ElementPath {
    /// A list, a field of a list's records, or a series
    pub path: Path,
    /// `[2 to 6]`: first and last index of a series
    pub slice: Option<(u32, u32, Span)>,
}

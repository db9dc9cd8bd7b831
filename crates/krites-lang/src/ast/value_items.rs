//! Items that name one value each: bands, calibrations, cascades.

use super::{Expr, FromFile, Name, Range, TypeExpr};
use crate::Span;

/// `bands size of loan.amount : Size { S up to 1_500, M up to 4_000, XL above }`
#[derive(Clone, Debug)]
pub struct BandsDecl {
    /// Name
    pub name: Name,
    /// What lies in one of the bands
    pub subject: Expr,
    /// The enum
    pub ty: TypeExpr,
    /// As written
    pub bands: Vec<Band>,
    /// The whole item
    pub span: Span,
}

/// `M up to 4_000`
#[derive(Clone, Debug)]
pub struct Band {
    /// The label
    pub label: Name,
    /// What it takes
    pub edge: BandEdge,
    /// The whole band
    pub span: Span,
}

/// What a band takes, beside what the bands before it have taken
#[derive(Clone, Debug)]
pub enum BandEdge {
    /// `up to n`
    UpTo(Expr),
    /// `below n`
    Below(Expr),
    /// `from n`
    From(Expr),
    /// `above`: all that is left above
    RestAbove,
    /// `below`: all that is left below
    RestBelow,
    /// `missing`
    Missing,
}

/// `calibration pd of score : decimal in 0 to 1 linear { 0 : 0.001, 0.1 : 0.04 }`
#[derive(Clone, Debug)]
pub struct CalibrationDecl {
    /// Name
    pub name: Name,
    /// What is looked up
    pub subject: Expr,
    /// Declared type
    pub ty: TypeExpr,
    /// The range that every value lies in
    pub range: Option<Range>,
    /// What stands between two points
    pub course: Course,
    /// Points in order
    pub knots: Vec<Knot>,
    /// `missing : value`
    pub missing: Option<(Expr, Span)>,
    /// The file that its points stand in
    pub from: Option<Box<FromFile>>,
    /// The whole item
    pub span: Span,
}

/// What a calibration gives between two points
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The straight line between them
    Linear,
    /// The value of the lower one
    Steps,
}

/// `0.1 : 0.04`
#[derive(Clone, Debug)]
pub struct Knot {
    /// Where it stands
    pub at: Expr,
    /// The value there
    pub value: Expr,
    /// The whole point
    pub span: Span,
}

/// `cascade intent : Intent { try small.top when small.sure; otherwise other }`
#[derive(Clone, Debug)]
pub struct CascadeDecl {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
    /// Asked in order
    pub tries: Vec<Try>,
    /// Where none of them gives the value
    pub otherwise: Option<Resort>,
    /// The whole item
    pub span: Span,
}

/// `try value when condition on fault next`
#[derive(Clone, Debug)]
pub struct Try {
    /// The value
    pub value: Expr,
    /// When it is taken; always where nothing is said
    pub when: Option<Expr>,
    /// `on fault next`
    pub fault_next: Option<Span>,
    /// The whole entry
    pub span: Span,
}

/// `otherwise value`
#[derive(Clone, Debug)]
pub struct Resort {
    /// The value; `None` stands for `missing`
    pub value: Option<Expr>,
    /// The whole entry
    pub span: Span,
}

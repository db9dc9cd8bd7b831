//! Written types and ranges, and definitions, which may have a type.

use super::{Expr, Name, Path};
use crate::Span;

/// `name : type = expression`, the type optional
#[derive(Clone, Debug)]
pub struct Definition {
    /// Name
    pub name: Path,
    /// Declared type
    pub ty: Option<TypeExpr>,
    /// Its value
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// A written type
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Which type
    pub kind: TypeKind,
    /// `?` behind it
    pub optional: bool,
    /// Where it stands
    pub span: Span,
}

/// The kinds of written types
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `integer`
    Integer,
    /// `decimal` or `decimal(2)`
    Decimal(Option<u32>),
    /// `percent` or `percent(2)`
    Percent(Option<u32>),
    /// `money(GBP)` or `money(GBP) unrounded`
    Money {
        /// The currency, or the input that names it
        currency: Path,
        /// `unrounded`
        unrounded: bool,
    },
    /// `boolean`
    Boolean,
    /// `text`
    Text,
    /// `date`
    Date,
    /// `datetime`
    Datetime,
    /// `duration`
    Duration,
    /// `list of Account`
    List(Box<TypeExpr>),
    /// The name of an enum or record
    Named(Name),
}

/// A range in words
#[derive(Clone, Debug)]
pub struct Range {
    /// Lower bound
    pub low: Option<Bound>,
    /// Upper bound
    pub high: Option<Bound>,
    /// Where it stands
    pub span: Span,
}

/// One end of a range
#[derive(Clone, Debug)]
pub struct Bound {
    /// The value
    pub value: Expr,
    /// Whether the value itself is in the range
    pub inclusive: bool,
}

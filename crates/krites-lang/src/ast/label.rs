//! Reasons, and enums with their labels.

use super::{Name, Text};
use crate::Span;

/// `reason R01 "internal wording" customer "customer's wording"`
#[derive(Clone, Debug)]
pub struct ReasonDecl {
    /// The code
    pub code: Name,
    /// Internal wording
    pub text: Text,
    /// Customer's wording
    pub customer: Option<Text>,
    /// The whole item
    pub span: Span,
}

/// `enum Name { a < b }` or `enum Name { a, b = "wire" code 1 }`
#[derive(Clone, Debug)]
pub struct EnumDecl {
    /// Name of the type
    pub name: Name,
    /// Labels as written
    pub labels: Vec<EnumLabel>,
    /// Whether the labels are joined by `<`, mildest first
    pub ordered: bool,
    /// The whole item
    pub span: Span,
}

/// One label of an enum
#[derive(Clone, Debug)]
pub struct EnumLabel {
    /// The label
    pub name: Name,
    /// `= "text on the wire"`
    pub wire: Option<Text>,
    /// `code 3`: the number that models take
    pub code: Option<(i64, Span)>,
}

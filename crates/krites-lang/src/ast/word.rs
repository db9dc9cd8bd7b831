//! A word, a dotted name, a quoted text, each with its place.

use crate::Span;

/// A word with its place
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word, backticks removed
    pub text: String,
    /// Where it stands
    pub span: Span,
}

/// A dotted name such as `applicant.age`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The words joined by dots, backticks removed
    pub text: String,
    /// Where it stands
    pub span: Span,
}

/// A quoted text, unescaped
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What stands between the quotes
    pub text: String,
    /// Where it stands, quotes included
    pub span: Span,
}

//! What policies share: names from other files, named lists, functions.

use super::{Expr, ListFile, Name, Range, Text, TypeExpr};
use crate::Span;

/// `use R01, Employment from "common/reasons.krites"`
#[derive(Clone, Debug)]
pub struct UseDecl {
    /// The names that are brought in
    pub names: Vec<Name>,
    /// The file, below the release's folder
    pub from: Text,
    /// The whole item
    pub span: Span,
}

/// `list fraud_words = fraud, scam, "wire transfer"`
#[derive(Clone, Debug)]
pub struct NamedListDecl {
    /// Name
    pub name: Name,
    /// Its values
    pub values: ListValues,
    /// The whole item
    pub span: Span,
}

/// What a named list holds
#[derive(Clone, Debug)]
pub enum ListValues {
    /// `= fraud, scam`; a bare word is a text
    Written(Vec<Expr>),
    /// `: text from "postcodes.csv"`
    File(ListFile),
}

/// `function name(a : type in range, …) : type = value`
#[derive(Clone, Debug)]
pub struct FunctionDecl {
    /// Name
    pub name: Name,
    /// What it is given
    pub parameters: Vec<Parameter>,
    /// Type of the result
    pub ty: TypeExpr,
    /// `r = rate / 12`: values of its own, in order
    pub bindings: Vec<Binding>,
    /// The result
    pub value: Expr,
    /// The whole item
    pub span: Span,
}

/// `rate : percent in 0.01% and above`
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
    /// What it must lie in
    pub range: Option<Range>,
}

/// `r : decimal = rate / 12`, the type optional
#[derive(Clone, Debug)]
pub struct Binding {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: Option<TypeExpr>,
    /// Its value
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

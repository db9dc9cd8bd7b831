//! Functions and named lists, checked.

use std::sync::Arc;

use super::{ConstRange, Expr, ListValues};
use crate::Span;
use crate::ids::LocalId;
use crate::types::{DeclaredTy, Ty};

/// A function. Its arguments are computed before it, its bindings in order, all of
/// them, then its value.
#[derive(Clone, Debug)]
pub struct Function {
    /// Name
    pub name: Arc<str>,
    /// What it is given
    pub parameters: Vec<Parameter>,
    /// Values of its own, in order
    pub bindings: Vec<Binding>,
    /// The result, before it is rounded to its type
    pub value: Expr,
    /// Type of the result; never optional
    pub ty: DeclaredTy,
    /// Where it is declared
    pub span: Span,
}

/// A parameter
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What its uses read
    pub local: LocalId,
    /// What an argument must lie in, else the call is a fault
    pub range: Option<ConstRange>,
}

/// A value of a function's own
#[derive(Clone, Debug)]
pub struct Binding {
    /// What its uses read; its type says how it is rounded
    pub local: LocalId,
    /// Its value
    pub value: Expr,
}

/// A named list
#[derive(Clone, Debug)]
pub struct NamedList {
    /// Name
    pub name: Arc<str>,
    /// Type of its values: text, integer, decimal or date
    pub ty: Ty,
    /// Its values
    pub values: ListValues,
    /// Where it is declared
    pub span: Span,
}

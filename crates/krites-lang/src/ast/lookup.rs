//! Lookups and lists whose values stand in files.

use super::{Expr, Name, Text, TypeExpr};
use crate::Span;

/// `lookup routing from "queues.csv" key intent : Intent -> queue : Queue, note : text?`
#[derive(Clone, Debug)]
pub struct LookupDecl {
    /// Name
    pub name: Name,
    /// The file, below the release's folder
    pub file: Text,
    /// The column that a row is found by
    pub key: FileColumn,
    /// The columns that it gives
    pub columns: Vec<FileColumn>,
    /// The whole item
    pub span: Span,
}

/// `queue : Queue`: a column of a file, by its name there
#[derive(Clone, Debug)]
pub struct FileColumn {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
}

/// `: text from "postcodes.csv" column "code"`, of a named list
#[derive(Clone, Debug)]
pub struct ListFile {
    /// Type of its values
    pub ty: TypeExpr,
    /// The file, below the release's folder
    pub file: Text,
    /// The column; the list's own name where it is left out
    pub column: Option<Text>,
}

/// `routing(intent).queue if none general`
#[derive(Clone, Debug)]
pub struct LookupUse {
    /// The lookup
    pub lookup: Name,
    /// The key; a lookup takes one
    pub arguments: Vec<Expr>,
    /// The column that is read
    pub column: Name,
    /// What stands where the key has no row
    pub if_none: Option<IfNone>,
}

/// What stands where a key has no row, or nothing in the column
#[derive(Clone, Debug)]
pub enum IfNone {
    /// `if none fault`
    Fault,
    /// `if none general`
    Value(Expr),
}

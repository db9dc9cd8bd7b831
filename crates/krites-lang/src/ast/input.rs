//! Inputs and records as written.

use std::slice::Iter;

use super::{Expr, FromFile, InputEntry, Name, Path, Range, Text, TypeExpr};
use crate::Span;

/// `input { … }`
#[derive(Clone, Debug)]
pub struct InputDecl {
    /// As written
    pub entries: Vec<InputEntry>,
    /// The file that inputs stand in; then `entries` stand in place of some of its own
    pub from: Option<Box<FromFile>>,
    /// The inputs of the file, `entries` in the places of those that they stand for
    pub in_file: Vec<InputEntry>,
}

impl<'a> IntoIterator for &'a InputDecl {
    type Item = &'a InputEntry;
    type IntoIter = Iter<'a, InputEntry>;

    fn into_iter(self) -> Self::IntoIter {
        match self.from {
            Some(_) => self.in_file.iter(),
            None => self.entries.iter(),
        }
    }
}

/// `path : type in range missing when value default value from "wire" "doc"`,
/// in `input` or in a record
#[derive(Clone, Debug)]
pub struct InputField {
    /// Dotted name
    pub path: Path,
    /// `[1 to 6]`: first and last index of a series
    pub series: Option<(u32, u32, Span)>,
    /// Declared type
    pub ty: TypeExpr,
    /// `in 0 to 120`
    pub range: Option<Range>,
    /// `missing when -1`: the value that stands for a missing one
    pub missing_when: Option<Expr>,
    /// `model only`: a float that is merely fed to models
    pub model_only: Option<Span>,
    /// `private`
    pub private: Option<Span>,
    /// `default 12`
    pub default: Option<Expr>,
    /// `default []`, of a list
    pub default_empty: Option<Span>,
    /// `from "pay_amt1" to "pay_amt6"`
    pub wire: Option<WireName>,
    /// Description
    pub doc: Option<Text>,
    /// The whole entry
    pub span: Span,
}

/// The name on the wire, where it is another one; of a series, the first and the
/// last one
#[derive(Clone, Debug)]
pub struct WireName {
    /// The name, or that of a series' first element
    pub first: Text,
    /// The name of a series' last element
    pub last: Option<Text>,
}

/// `record Account { … }`
#[derive(Clone, Debug)]
pub struct RecordDecl {
    /// Name of the type
    pub name: Name,
    /// Its fields
    pub fields: Vec<InputField>,
    /// The whole item
    pub span: Span,
}

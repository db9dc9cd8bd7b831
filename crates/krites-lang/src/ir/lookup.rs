//! Lookups and lists whose values stand in files, checked against what is declared
//! of the files alone.

use std::sync::Arc;

use super::{Expr, Literal};
use crate::Span;
use crate::ids::LookupId;
use crate::types::{Currency, DeclaredTy, Ty};

/// A lookup
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Name
    pub name: Arc<str>,
    /// Type of its keys
    pub key: Ty,
    /// Types of what it gives, by column
    pub columns: Vec<DeclaredTy>,
    /// What is declared of its file
    pub file: FileTable,
    /// Where a value is read that every label of the key must have a row for
    pub every_label: Option<Span>,
    /// Where it is declared
    pub span: Span,
}

/// What a named list holds
#[derive(Clone, Debug)]
pub enum ListValues {
    /// Constants of the policy, no two the same
    Constants(Vec<Literal>),
    /// What a column of a file holds
    File(FileTable),
}

/// What is declared of a file: the same for policies that may share what is loaded
/// of it
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileTable {
    /// The file, below the release's folder
    pub path: Arc<str>,
    /// The column of the keys, or of a list's values
    pub key: FileColumn,
    /// The columns that a lookup gives
    pub columns: Vec<FileColumn>,
    /// Whether texts are searched for the words of its keys
    pub searched: bool,
}

/// A column of a file
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileColumn {
    /// Its name in the file's first line
    pub name: Arc<str>,
    /// What its fields are
    pub ty: FieldType,
    /// Whether a field may be empty, and its value missing
    pub optional: bool,
}

/// What a field is, without the ids of a policy
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldType {
    /// A whole number
    Integer,
    /// A plain number of at most so many digits behind the point
    Decimal(Option<u32>),
    /// A percentage; its fraction has at most so many digits behind the point
    Percent(Option<u32>),
    /// An amount of at most so many digits behind the point
    Money(Currency, Option<u32>),
    /// `true` or `false`
    Boolean,
    /// A text
    Text,
    /// A day
    Date,
    /// An instant
    DateTime,
    /// A length of time
    Duration,
    /// One of these texts on the wire, by the positions of an enum's labels
    Label(Arc<[Arc<str>]>),
}

/// A value that is read of a lookup
#[derive(Clone, Debug)]
pub struct LookupUse {
    /// Which lookup
    pub lookup: LookupId,
    /// Which of its columns
    pub column: u32,
    /// The key, of the type of its keys
    pub key: Expr,
    /// What stands where the key has no row, or its row nothing in the column
    pub if_none: IfNone,
}

/// What stands where a lookup gives nothing
#[derive(Clone, Debug)]
pub enum IfNone {
    /// Nothing does: every key has a row, and the column has no empty fields
    Proved,
    /// A fault
    Fault,
    /// Another value, of the column's type
    Value(Expr),
    /// The value is missing
    Missing,
}

impl super::Policy {
    /// Calls `each` with what is declared of files, and where: lists first, then
    /// lookups, in the order of their ids.
    pub fn each_file<'p>(&'p self, each: &mut dyn FnMut(&'p FileTable, Span)) {
        for list in &self.named_lists {
            if let ListValues::File(file) = &list.values {
                each(file, list.span);
            }
        }
        for lookup in &self.lookups {
            each(&lookup.file, lookup.span);
        }
    }
}

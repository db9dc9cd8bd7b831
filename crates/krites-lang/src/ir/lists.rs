//! Lists of the case, and what is made of their elements.

use std::sync::Arc;

use super::{Expr, Input, Labels};
use crate::Span;
use crate::ast::AggregateKind;
use crate::ids::{GroupId, InputId, ListId, LocalId, TableId};
use crate::types::DeclaredTy;

/// A list of the case: an input of its own, or a field of another list's records
#[derive(Clone, Debug)]
pub struct ListInput {
    /// Dotted name, such as `applicant.accounts`; of a field its name within the
    /// record
    pub name: Arc<str>,
    /// Name on the wire
    pub wire: Arc<str>,
    /// The list whose elements have it as a field
    pub within: Option<ListId>,
    /// What each element has: a record's fields, or one without a name
    pub fields: Vec<Input>,
    /// The group that it is given with, on request; none within another list
    pub group: Option<GroupId>,
    /// Whether a list that is not given is empty: `default []`
    pub default_empty: bool,
    /// Never in clear outside the process
    pub private: bool,
    /// Description
    pub doc: Option<String>,
    /// Where it is declared
    pub span: Span,
}

impl ListInput {
    /// Tells whether its elements are values, and not records.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(&*self.fields, [field] if field.name.is_empty())
    }
}

/// A value that is there while an expression is computed
#[derive(Clone, Debug)]
pub struct Local {
    /// Name, for messages
    pub name: Arc<str>,
    /// What it holds
    pub ty: LocalTy,
}

/// What a local holds
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalTy {
    /// A value; where its type has digits, it is rounded when it is bound
    Value(DeclaredTy),
    /// The elements of a list within the record at hand
    Elements(ListId),
}

/// What is made of the elements of a list or series
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// What is made
    pub kind: AggregateKind,
    /// The elements
    pub over: Over,
    /// Which elements count; for `any` and `every` what must hold
    pub condition: Option<Expr>,
    /// What is summed, compared or given, of each element that counts
    pub value: Option<Expr>,
    /// What stands where no element counts; there for average, min, max and first
    /// unless an element is sure to count
    pub if_none: Option<Expr>,
}

/// The elements that an aggregate looks at, in order
#[derive(Clone, Debug)]
pub enum Over {
    /// Of a series: `each` is bound to one after the other
    Series {
        /// Its inputs
        inputs: Vec<InputId>,
        /// What their uses read
        each: LocalId,
    },
    /// Of a list
    List {
        /// Which
        list: ListId,
        /// Of a list within a record: the local that holds this record's elements
        elements: Option<LocalId>,
        /// Fields that are used, by position, each with the local it is bound to
        fields: Vec<(usize, LocalId)>,
        /// Lists within the record that are used, each with its local
        inner: Vec<(ListId, LocalId)>,
    },
    /// Of a table: the rows that count, in the order in which they do
    Rows {
        /// Which
        table: TableId,
        /// Outputs that are used, by position, each with the local it is bound to
        fields: Vec<(u32, LocalId)>,
    },
    /// Of a distribution: its labels, in the order of the enum
    Labels {
        /// Its answers
        labels: Labels,
        /// What uses of the label read
        label: Option<LocalId>,
        /// What uses of its probability read
        probability: Option<LocalId>,
    },
}

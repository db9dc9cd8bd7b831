//! What lookups and lists hold that stand in files: read once, immutable, found by
//! key.
//! Invariant: no I/O, bytes are handed in; a file with a mistake gives no table.

mod csv;
mod field;
mod header;
mod index;
mod key_table;
mod load;
mod problems;
mod row;
mod words;

use std::sync::Arc;

use crate::ids::{Id as _, LookupId, NamedListId};
use crate::ir::{self, FileTable, ListValues};
use crate::{Diagnostic, Span};

pub use key_table::KeyTable;
pub(crate) use key_table::RowFound;
pub use problems::{file_not_there, file_unreadable};
pub(crate) use row::Found;

/// What a policy's lookups and lists in files hold
#[derive(Clone, Debug, Default)]
pub struct Data {
    /// By named list; nothing where it stands in the policy, or is not at hand
    lists: Vec<Option<Arc<KeyTable>>>,
    /// By lookup; nothing where it is not at hand
    lookups: Vec<Option<Arc<KeyTable>>>,
}

static NONE: Data = Data {
    lists: Vec::new(),
    lookups: Vec::new(),
};

impl Data {
    /// Returns the data of policies that name no files.
    #[must_use]
    pub fn none() -> &'static Data {
        &NONE
    }

    /// Takes the tables of a policy's files: `table` gives what was loaded of each.
    /// One that was loaded by another declaration is left out.
    pub fn of(
        policy: &ir::Policy,
        mut table: impl FnMut(&FileTable) -> Option<Arc<KeyTable>>,
    ) -> Data {
        let mut find = |file: &FileTable| table(file).filter(|table| table.declared() == file);
        let lists = policy.named_lists.iter().map(|list| match &list.values {
            ListValues::File(file) => find(file),
            ListValues::Constants(_) => None,
        });
        let lists = lists.collect();
        let lookups = policy.lookups.iter();
        Data {
            lists,
            lookups: lookups.map(|lookup| find(&lookup.file)).collect(),
        }
    }

    /// Returns what is wrong with the data for this policy: a label without a row,
    /// where the policy reads one for every label.
    #[must_use]
    pub fn check(&self, policy: &ir::Policy) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (id, lookup) in policy.lookups.iter_ids() {
            if let (Some(every), Some(table)) = (lookup.every_label, self.lookup(id)) {
                found.extend(load::labels_without_row(table, lookup, every));
            }
        }
        found
    }

    #[inline]
    pub(crate) fn list(&self, id: NamedListId) -> Option<&KeyTable> {
        self.lists.get(id.position())?.as_deref()
    }

    #[inline]
    pub(crate) fn lookup(&self, id: LookupId) -> Option<&KeyTable> {
        self.lookups.get(id.position())?.as_deref()
    }
}

/// Adds to what is wrong with a file where the policy declares it.
#[must_use]
pub fn declared_at(mut found: Vec<Diagnostic>, declared: Span) -> Vec<Diagnostic> {
    let elsewhere = |found: &&mut Diagnostic| found.primary.place != declared.into();
    for diagnostic in found.iter_mut().filter(elsewhere) {
        diagnostic.evidence.push(crate::Label {
            place: declared.into(),
            text: "declared here".to_owned(),
        });
    }
    found
}

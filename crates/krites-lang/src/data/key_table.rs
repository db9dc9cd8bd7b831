//! The rows of one file, found by key.

use super::index::Index;
use super::row::{Bytes, Found, exact_key, whole_key};
use super::words::WordIndex;
use crate::Exact;
use crate::ir::FileTable;

/// What was loaded of a file of a lookup or list: keys with their values, in compact
/// memory
#[derive(Debug)]
pub struct KeyTable {
    pub(super) declared: FileTable,
    pub(super) rows: Index,
    /// The words of the keys, where texts are searched for them
    pub(super) words: Option<WordIndex>,
}

/// The row of a key
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowFound<'d> {
    table: &'d KeyTable,
    values: &'d [u8],
}

impl KeyTable {
    /// Returns the declaration that it was loaded by.
    #[must_use]
    pub fn declared(&self) -> &FileTable {
        &self.declared
    }

    /// Returns how many keys it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether it has no keys.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many bytes it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.rows.size() + self.words.as_ref().map_or(0, WordIndex::size)
    }

    #[inline]
    pub(crate) fn of_text(&self, key: &str) -> Option<RowFound<'_>> {
        self.row(key.as_bytes())
    }

    /// The row of a whole number, a day or a label.
    #[inline]
    pub(crate) fn of_whole(&self, key: i64) -> Option<RowFound<'_>> {
        self.row(&whole_key(key))
    }

    /// The row of a plain number, among plain or whole ones.
    #[inline]
    pub(crate) fn of_exact(&self, key: Exact) -> Option<RowFound<'_>> {
        match self.declared.key.ty {
            crate::ir::FieldType::Integer => self.of_whole(key.to_integer()?),
            _ => self.row(&exact_key(key)),
        }
    }

    #[inline]
    fn row(&self, key: &[u8]) -> Option<RowFound<'_>> {
        let values = self.rows.find(key)?;
        Some(RowFound {
            table: self,
            values,
        })
    }

    /// Tells whether a text has the words of a key, capitals or not. `buffer` is
    /// empty, and written to.
    pub(crate) fn has_words_in(&self, text: &str, buffer: &mut String) -> bool {
        self.words
            .as_ref()
            .is_some_and(|words| words.finds(text, buffer))
    }
}

impl<'d> RowFound<'d> {
    /// The value of a column; `None` where there is no such column.
    #[inline]
    pub(crate) fn value(&self, column: u32) -> Option<Found<'d>> {
        let mut values = Bytes(self.values);
        let mut columns = self.table.declared.columns.iter();
        for before in columns.by_ref().take(column as usize) {
            values.value(before)?;
        }
        values.value(columns.next()?)
    }
}

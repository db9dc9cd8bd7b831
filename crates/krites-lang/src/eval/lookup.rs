//! Rows of files, looked up by a key, and values looked for in lists from files.

use std::sync::Arc;

use crate::data::{Found, RowFound};
use crate::ids::{LookupId, NamedListId};
use crate::program::{Key, KeyCode, Listed, LookupCode, Slot, Words};
use crate::{Exact, Span};

use super::fault::FaultKind;
use super::frame::Frame;
use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
    /// Looks a value up into a slot; tells whether there is one.
    pub(super) fn look_up(&mut self, code: &LookupCode, into: Slot) -> Result<bool, Stop> {
        let read = |frame: &mut Frame, row: Option<RowFound<'_>>| {
            let found = row.map_or(Some(Found::Missing), |row| row.value(code.column));
            match found? {
                Found::Missing => return Some(Ok(false)),
                Found::Whole(value) => frame.set_whole(into, value),
                Found::Exact(value) => frame.set_exact(into, value),
                Found::Text(text) if !frame.set_text(into, text) => return Some(Err(())),
                Found::Text(_) => {}
            }
            Some(Ok(true))
        };
        match self.with_row(code.lookup, &code.key, read)?.flatten() {
            Some(Ok(there)) => Ok(there),
            Some(Err(())) => Err(self.fault(FaultKind::TextTooLong, code.span)),
            None => Err(self.no_data(self.name_of(code.lookup), code.span)),
        }
    }

    /// Tells whether a lookup has a row for a key.
    pub(super) fn in_lookup(&mut self, key: &Key) -> Result<bool, Stop> {
        let there = self.with_row(key.lookup, &key.key, |_, row| row.is_some())?;
        there.ok_or_else(|| self.no_data(self.name_of(key.lookup), key.span))
    }

    /// Has the key, and reads its row; `None` where the data are not at hand.
    fn with_row<T>(
        &mut self,
        lookup: LookupId,
        key: &KeyCode,
        read: impl FnOnce(&mut Frame, Option<RowFound<'_>>) -> T,
    ) -> Result<Option<T>, Stop> {
        match key {
            KeyCode::Whole(key) => {
                let key = self.whole(key)?;
                let table = self.answers.data().lookup(lookup);
                Ok(table.map(|table| read(self.frame, table.of_whole(key))))
            }
            KeyCode::Text(key) => {
                let mark = self.frame.scratch.len();
                let key = self.words(key);
                let read = key.map(|key| {
                    let table = self.answers.data().lookup(lookup)?;
                    let row = table.of_text(key.as_str(self.frame));
                    Some(read(self.frame, row))
                });
                self.frame.scratch.truncate(mark);
                read
            }
        }
    }

    /// Tells whether a value is in a list that stands in a file.
    pub(super) fn listed_in_file(
        &mut self,
        listed: &Listed,
        list: NamedListId,
    ) -> Result<bool, Stop> {
        let there = match listed {
            Listed::Text(words, _) => {
                let mark = self.frame.scratch.len();
                let text = self.words(words);
                let there = text.map(|text| {
                    let table = self.answers.data().list(list)?;
                    Some(table.of_text(text.as_str(self.frame)).is_some())
                });
                self.frame.scratch.truncate(mark);
                there?
            }
            Listed::Whole(whole, _) => {
                let value = self.whole(whole)?;
                let table = self.answers.data().list(list);
                table.map(|table| table.of_whole(value).is_some())
            }
            Listed::Exact(number, _) => {
                let value: Exact = self.number(number)?;
                let table = self.answers.data().list(list);
                table.map(|table| table.of_exact(value).is_some())
            }
        };
        there.ok_or_else(|| self.no_list(list))
    }

    /// Tells whether a text has a word of a list that stands in a file.
    pub(super) fn contains_word_in_file(
        &mut self,
        words: &Words,
        list: NamedListId,
    ) -> Result<bool, Stop> {
        let mark = self.frame.scratch.len();
        let text = self.words(words);
        let found = text.map(|text| {
            let mut buffer = std::mem::take(&mut self.frame.buffer);
            buffer.clear();
            let table = self.answers.data().list(list);
            let found = table.map(|table| table.has_words_in(text.as_str(self.frame), &mut buffer));
            self.frame.buffer = buffer;
            found
        });
        self.frame.scratch.truncate(mark);
        found?.ok_or_else(|| self.no_list(list))
    }

    /// The fault where a key has no row, or nothing in the column.
    pub(super) fn no_row_for_key(&mut self, code: &LookupCode) -> Stop {
        let lookup = self.name_of(code.lookup);
        self.fault(FaultKind::NoKey { lookup }, code.span)
    }

    fn name_of(&self, lookup: LookupId) -> Arc<str> {
        self.program.policy.lookups[lookup].name.clone()
    }

    fn no_list(&mut self, list: NamedListId) -> Stop {
        let list = &self.program.policy.named_lists[list];
        self.no_data(list.name.clone(), list.span)
    }

    fn no_data(&mut self, name: Arc<str>, span: Span) -> Stop {
        self.fault(FaultKind::NoData { name }, span)
    }
}

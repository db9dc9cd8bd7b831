//! Lines: indents, groups of entries under one another, comments and blank lines.

use std::mem::Discriminant;

use super::PrintError;
use super::phrase::{COLUMNS, INDENT, Phrase, width};
use crate::ast::{Item, Note, Notes, Side};
use crate::parse::{MAX_BYTES, MAX_ENTRY_BYTES, MAX_LINE_BYTES};
use crate::scan::MAX_NODES;

/// How wide a column may be that others are set under
const WIDEST: usize = 48;

/// An entry, or an item on one line
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// What stands under the columns of the entries around it
    pub(super) columns: Vec<Phrase>,
    /// What follows, on lines of their own where it is long
    pub(super) parts: Vec<Phrase>,
}

/// Text that is being written
#[derive(Debug)]
pub(super) struct Writer<'f> {
    notes: &'f Notes,
    out: String,
    indent: usize,
    /// Entries that are still to be written, each with the comment behind it
    group: Vec<(Entry, Option<&'f str>)>,
    /// Whether nothing stands in the block, or in the file, yet
    fresh: bool,
    /// Whether a blank line comes before what is written next
    blank: bool,
    /// What the item before was, where it was one line
    before: Option<Discriminant<Item>>,
    /// What was written of which a file may hold a limited number
    nodes: usize,
    error: Option<PrintError>,
}

impl<'f> Writer<'f> {
    pub(super) fn new(notes: &'f Notes) -> Self {
        Self {
            notes,
            out: String::new(),
            indent: 0,
            group: Vec::new(),
            fresh: true,
            blank: false,
            before: None,
            nodes: 0,
            error: None,
        }
    }

    /// Returns the text.
    pub(super) fn finish(mut self) -> Result<String, PrintError> {
        self.flush();
        let long_line = self.out.lines().any(|line| line.len() >= MAX_LINE_BYTES);
        match self.error {
            Some(error) => Err(error),
            None if long_line || self.out.len() > MAX_BYTES || self.nodes > MAX_NODES => {
                Err(PrintError::TooLong)
            }
            None => Ok(self.out),
        }
    }

    /// Sets what follows apart by a blank line.
    pub(super) fn apart(&mut self) {
        self.flush();
        self.blank = !self.fresh;
    }

    /// Sets an item apart from the one before, unless both are of one kind and one
    /// line each.
    pub(super) fn begin_item(&mut self, one_line: Option<Discriminant<Item>>) {
        if one_line.is_none() || self.before != one_line {
            self.apart();
        }
        self.before = one_line;
    }

    /// Remembers that a part could not be read.
    pub(super) fn unread(&mut self) {
        self.error = Some(PrintError::Unread);
    }

    /// Returns the notes at one side of an item or entry.
    pub(super) fn notes(&self, at: u32, side: Side) -> &'f [Note] {
        self.notes.of(at, side)
    }

    /// Returns whether a comment stands in a block, or a blank line between its
    /// entries; one before the first or behind the last of them is not kept.
    pub(super) fn is_noted(&self, block: u32, mut entries: impl Iterator<Item = u32>) -> bool {
        let comment = |at, side| self.comment(at, side).is_some();
        let before = |at| self.notes(at, Side::Before);
        let is_text = |note: &Note| note.text.is_some();
        let first = entries.next();
        comment(block, Side::Opening)
            || self.notes(block, Side::Closing).iter().any(is_text)
            || first.is_some_and(|at| before(at).iter().any(is_text) || comment(at, Side::Behind))
            || entries.any(|at| !before(at).is_empty() || comment(at, Side::Behind))
    }

    /// Writes the comments and blank lines before an item or entry.
    pub(super) fn before(&mut self, at: u32) {
        self.write_notes(self.notes.of(at, Side::Before));
    }

    fn write_notes(&mut self, notes: &'f [Note]) {
        for note in notes {
            match &note.text {
                None => self.apart(),
                Some(text) => {
                    self.flush();
                    self.begin_line();
                    self.out.push_str(text);
                    self.out.push('\n');
                    self.nodes += 1;
                }
            }
        }
    }

    /// Writes an entry with the comments at it.
    pub(super) fn entry(&mut self, at: u32, entry: Entry) {
        self.entry_to(at, at, entry);
    }

    /// Writes an entry that holds several, from the first to the last one.
    pub(super) fn entry_to(&mut self, first: u32, last: u32, entry: Entry) {
        self.before(first);
        self.group.push((entry, self.behind(last)));
        self.nodes += 1;
    }

    /// Opens a block behind its head.
    pub(super) fn open(&mut self, at: u32, mut head: Phrase) {
        self.before(at);
        self.flush();
        head.push(" {");
        self.begin_line();
        self.look_at(&head);
        // Deeper than the entries that follow
        write_part(&head, self.indent, self.indent + INDENT, &mut self.out);
        if let Some(comment) = self.comment(at, Side::Opening) {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
        self.indent += INDENT;
        self.fresh = true;
        self.blank = false;
        self.nodes += 1;
    }

    /// Closes the block that was opened last.
    pub(super) fn close(&mut self, at: u32) {
        self.write_notes(self.notes.of(at, Side::Closing));
        self.flush();
        self.blank = false;
        self.indent = self.indent.saturating_sub(INDENT);
        if self.fresh && self.out.ends_with("{\n") {
            self.out.pop();
            self.out.push_str(" }");
        } else {
            self.fresh = false;
            self.begin_line();
            self.out.push('}');
        }
        self.fresh = false;
        if let Some(comment) = self.behind(at) {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
    }

    /// Writes the comments at the end of the file.
    pub(super) fn close_file(&mut self, at: u32) {
        self.apart();
        self.before(at);
    }

    fn behind(&self, at: u32) -> Option<&'f str> {
        self.comment(at, Side::Behind)
    }

    fn comment(&self, at: u32, side: Side) -> Option<&'f str> {
        self.notes
            .of(at, side)
            .first()
            .and_then(|note| note.text.as_deref())
    }

    fn begin_line(&mut self) {
        if self.blank {
            self.out.push('\n');
        }
        self.blank = false;
        self.fresh = false;
        self.pad(self.indent);
    }

    fn pad(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    /// Writes the entries at hand under one another.
    fn flush(&mut self) {
        let group = std::mem::take(&mut self.group);
        let widths = widths(&group);
        let mut written = Vec::with_capacity(group.len());
        let mut under = 0;
        for (entry, comment) in group {
            let text = self.written(&entry, &widths);
            let fits = width(&text) <= COLUMNS - INDENT && !text.contains('\n');
            if comment.is_some() && fits {
                under = under.max(width(&text));
            }
            written.push((text, comment));
        }
        for (text, comment) in written {
            self.begin_line();
            self.out.push_str(&text);
            if let Some(comment) = comment {
                let last = text.rsplit('\n').next().unwrap_or("");
                let is_one_line = last.len() == text.len();
                self.pad(
                    if is_one_line {
                        under.saturating_sub(width(last))
                    } else {
                        0
                    } + 1,
                );
                self.out.push_str(comment);
            }
            self.out.push('\n');
        }
    }

    /// Returns an entry's lines without the first indent.
    fn written(&mut self, entry: &Entry, widths: &[usize]) -> String {
        let mut text = String::new();
        for (column, wide) in entry.columns.iter().zip(widths) {
            text.push_str(column.flat());
            let pad = wide.saturating_sub(width(column.flat()));
            // A column that no entry of the group fills takes no blank
            let blanks = if *wide == 0 && column.flat().is_empty() {
                0
            } else {
                pad + 1
            };
            text.extend(std::iter::repeat_n(' ', blanks));
            self.look_at(column);
        }
        let flat: usize = entry.parts.iter().map(|part| width(part.flat()) + 1).sum();
        let used = self.indent + width(&text);
        let fits = used + flat <= COLUMNS + 1;
        for (at, part) in entry.parts.iter().enumerate() {
            self.look_at(part);
            let (used, indent) = match at {
                0 => (used, self.indent),
                _ => (self.indent + INDENT, self.indent + INDENT),
            };
            if fits {
                text.push_str(part.flat());
                text.push(' ');
                continue;
            }
            if at > 0 {
                new_line(&mut text, indent);
            }
            write_part(part, used, indent, &mut text);
        }
        text.truncate(text.trim_end_matches(' ').len());
        if text.len() > MAX_ENTRY_BYTES {
            self.error = self.error.or(Some(PrintError::TooLong));
        }
        text
    }

    fn look_at(&mut self, phrase: &Phrase) {
        if phrase.is_broken() {
            self.unread();
        }
    }
}

/// Adds a part that begins in the column `used`.
fn write_part(part: &Phrase, used: usize, indent: usize, text: &mut String) {
    for (at, line) in part.lines(used, indent).iter().enumerate() {
        if at > 0 {
            new_line(text, indent + line.level * INDENT);
        }
        text.push_str(line.text);
    }
}

fn new_line(text: &mut String, indent: usize) {
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}

/// Returns how wide each column of a group is.
fn widths(group: &[(Entry, Option<&str>)]) -> Vec<usize> {
    let mut widths = Vec::new();
    for (entry, _) in group {
        for (at, column) in entry.columns.iter().enumerate() {
            if at == widths.len() {
                widths.push(0);
            }
            let wide = width(column.flat());
            if let Some(widest) = widths.get_mut(at)
                && wide <= WIDEST
            {
                *widest = wide.max(*widest);
            }
        }
    }
    widths
}

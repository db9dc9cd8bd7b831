//! A piece of text that knows where it may go on in the next line.

use std::ops::Range;

use unicode_width::UnicodeWidthStr as _;

use super::names;
use crate::scan::begins_step;

/// How many columns a line has
pub(super) const COLUMNS: usize = 100;
/// How many columns an indent has
pub(super) const INDENT: usize = 4;

/// Text with the blanks at which it may be broken
#[derive(Debug, Default)]
pub(super) struct Phrase {
    text: String,
    breaks: Vec<Break>,
    depth: u32,
    /// Words that would be read otherwise if a name began here, and where that is
    taken: (usize, &'static [&'static str]),
    /// Whether a part of it could not be read
    broken: bool,
}

/// A blank at which a text may be broken
#[derive(Clone, Copy, Debug)]
struct Break {
    /// Its byte
    at: usize,
    /// How many brackets are open there
    depth: u32,
    kind: BreakKind,
}

/// When a blank is broken at
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BreakKind {
    /// Where the line is full
    Fill,
    /// With all others of its depth
    Every,
    /// Likewise; what follows closes what the line began that is broken
    Close,
}

/// A line of a text that was broken
#[derive(Debug)]
pub(super) struct Line<'p> {
    /// How many times it is indented
    pub(super) level: usize,
    pub(super) text: &'p str,
}

impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }
}

impl Phrase {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Tells which words would be read otherwise if the text went on with them.
    pub(super) fn beware(&mut self, taken: &'static [&'static str]) {
        self.taken = (self.text.len(), taken);
    }

    /// Adds a name that is used.
    pub(super) fn name(&mut self, name: &str) {
        let (at, taken) = self.taken;
        let taken = if at == self.text.len() { taken } else { &[] };
        self.text.push_str(&names::used_but(name, taken));
    }

    /// Stands for a part that could not be read.
    pub(super) fn unread(&mut self) {
        self.broken = true;
    }

    /// Returns whether a part could not be read.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Adds what was written apart.
    pub(super) fn append(&mut self, other: Phrase) {
        let (start, depth) = (self.text.len(), self.depth);
        self.breaks.extend(other.breaks.iter().map(|found| Break {
            at: start + found.at,
            depth: depth + found.depth,
            ..*found
        }));
        self.append_unbroken(other);
    }

    /// Adds what was written apart, and is not to be broken.
    pub(super) fn append_unbroken(&mut self, other: Phrase) {
        self.text.push_str(&other.text);
        self.broken |= other.broken;
    }

    /// Opens a bracket.
    pub(super) fn open(&mut self, bracket: &str) {
        self.text.push_str(bracket);
        self.depth += 1;
    }

    /// Closes a bracket.
    pub(super) fn close(&mut self, bracket: &str) {
        self.text.push_str(bracket);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Adds a blank at which a long text is broken, as others of its depth are
    /// where that serves.
    pub(super) fn fill(&mut self) {
        self.blank(BreakKind::Fill);
    }

    /// Adds a blank at which a long text is broken, with all others of its depth.
    pub(super) fn every(&mut self) {
        self.blank(BreakKind::Every);
    }

    /// Adds a blank before a sign that closes, alone on its line where the text
    /// before it is broken.
    pub(super) fn closing(&mut self) {
        self.blank(BreakKind::Close);
    }

    fn blank(&mut self, kind: BreakKind) {
        self.breaks.push(Break {
            at: self.text.len(),
            depth: self.depth,
            kind,
        });
        self.text.push(' ');
    }

    /// Returns the text on one line.
    pub(super) fn flat(&self) -> &str {
        &self.text
    }

    /// Cuts the text into lines: the first one begins in the column `used`, the
    /// others are indented further than `indent`.
    pub(super) fn lines(&self, used: usize, indent: usize) -> Vec<Line<'_>> {
        let mut lines = Vec::new();
        let whole = 0..self.text.len();
        self.cut(whole, used, indent, 0, &mut lines);
        lines
    }

    /// Cuts a part whose first line is indented `level` times.
    fn cut<'p>(
        &'p self,
        range: Range<usize>,
        used: usize,
        indent: usize,
        level: usize,
        lines: &mut Vec<Line<'p>>,
    ) {
        let text = self.text.get(range.clone()).unwrap_or("");
        let cuts = if used + width(text) <= COLUMNS {
            Vec::new()
        } else {
            self.cuts(range.clone(), used, indent + (level + 1) * INDENT)
        };
        if cuts.is_empty() {
            lines.push(Line { level, text });
            return;
        }
        let (mut start, mut used, mut inner) = (range.start, used, level);
        for cut in cuts {
            self.cut(start..cut.at, used, indent, inner, lines);
            start = cut.at + 1;
            inner = level + usize::from(cut.kind != BreakKind::Close);
            used = indent + inner * INDENT;
        }
        self.cut(start..range.end, used, indent, inner, lines);
    }

    /// Chooses where a text that is too long is broken: outside of as many brackets
    /// as can be.
    fn cuts(&self, range: Range<usize>, used: usize, next: usize) -> Vec<Break> {
        let from = self.breaks.partition_point(|found| found.at < range.start);
        let to = self.breaks.partition_point(|found| found.at < range.end);
        let inner = self.breaks.get(from..to).unwrap_or(&[]);
        let Some(depth) = inner.iter().map(|found| found.depth).min() else {
            return Vec::new();
        };
        let outer = inner
            .iter()
            .filter(|found| found.depth == depth && !self.may_not_begin(found.at + 1));
        if outer.clone().any(|found| found.kind != BreakKind::Fill) {
            return outer
                .filter(|found| found.kind != BreakKind::Fill)
                .copied()
                .collect();
        }
        let mut cuts: Vec<Break> = Vec::new();
        let (mut start, mut used) = (range.start, used);
        let mut last: Option<Break> = None;
        let ends = outer.map(|found| (found.at, Some(*found)));
        for (end, found) in ends.chain([(range.end, None)]) {
            let so_far = self.text.get(start..end).unwrap_or("");
            if used + width(so_far) > COLUMNS
                && let Some(last) = last
            {
                cuts.push(last);
                (start, used) = (last.at + 1, next);
            }
            last = found;
        }
        cuts
    }

    /// Returns whether a line that begins here would be taken for a step of its own.
    fn may_not_begin(&self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or("");
        let end = rest.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_');
        begins_step(rest.get(..end.unwrap_or(rest.len())).unwrap_or(""))
    }
}

/// Returns how many columns a text takes as people see it: a wide sign takes two, one
/// that is put upon another takes none.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

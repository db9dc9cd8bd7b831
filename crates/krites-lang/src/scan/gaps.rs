//! What stands between tokens: comments and blank lines.

use std::ops::Range;

/// A comment or a blank line
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gap {
    /// What it is
    pub(crate) kind: GapKind,
    /// First byte
    pub(crate) start: usize,
    /// First byte after it, blanks at the end of the line aside
    pub(crate) end: usize,
}

/// What stands between two tokens
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GapKind {
    /// A comment with nothing before it on its line
    Own,
    /// A comment behind something on its line
    Behind,
    /// One or more blank lines
    Blank,
}

/// Adds the comments and blank lines of a range between two tokens, which ends
/// where a line's first token begins, or the text ends.
pub(super) fn read(text: &str, range: Range<usize>, gaps: &mut Vec<Gap>) {
    let mut at = range.start;
    let known = gaps.len();
    let before = text.get(..at).unwrap_or("");
    let mut first = !matches!(before, "" | "\u{feff}");
    for line in text.get(range).unwrap_or("").split_inclusive('\n') {
        let inner = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let kind = match (inner.is_empty(), first) {
            (false, true) => GapKind::Behind,
            (false, false) => GapKind::Own,
            (true, false) if line.ends_with('\n') => GapKind::Blank,
            (true, _) => {
                first = false;
                continue;
            }
        };
        first = false;
        let again = kind == GapKind::Blank
            && gaps
                .iter()
                .skip(known)
                .last()
                .is_some_and(|gap| gap.kind == GapKind::Blank);
        if !again {
            let end = start + inner.len();
            gaps.push(Gap { kind, start, end });
        }
    }
}

//! What a cell of a file may not hold: the scanner, which looks at the lines of a
//! policy, does not see it.

use std::ops::Range;

use crate::scan::{MAX_NESTING, TokenKind, Tokens, nesting, span};
use crate::{Code, Diagnostic, SourceId};

/// The code of a cell with a comment
const COMMENT: Code = Code(440);

/// Returns what keeps a cell from being read: `found`, of its signs, or else quotes
/// that are not closed, brackets too deep within each other, a comment.
pub(in crate::parse) fn check_cell(
    text: &str,
    source: SourceId,
    cell: Range<usize>,
    found: Option<Diagnostic>,
) -> Option<Diagnostic> {
    match found {
        Some(found) if matches!(found.code.0, 121 | 122) => {
            return Some(found.help(
                "say how the file writes numbers, `numbers \"1.234,56\"`; two values have a blank behind the comma",
            ));
        }
        Some(found) => return Some(found),
        None => {}
    }
    let cut = text.get(..cell.end).unwrap_or(text);
    let mut depth = 0;
    let mut before = cell.start;
    let comment = |from: usize, to: usize| {
        let gap = cut.get(from..to).unwrap_or("");
        gap.find('#').map(|at| comment(source, from + at, cell.end))
    };
    for token in Tokens::at(cut, cell.start) {
        if let Some(found) = comment(before, token.start) {
            return Some(found);
        }
        before = token.end;
        match token.kind {
            TokenKind::Open | TokenKind::OpenBlock => depth += 1,
            TokenKind::Close | TokenKind::CloseBlock => depth -= i32::from(depth > 0),
            TokenKind::OpenText => {
                return Some(
                    Diagnostic::error(
                        Code(101),
                        "a quoted text is not closed in its cell",
                        span(source, token.start, token.start + 1),
                    )
                    .label("the quote opens here")
                    .help("close the text with `\"`; a quote within it is written `\\\"`"),
                );
            }
            _ => {}
        }
        if usize::try_from(depth).is_ok_and(|depth| depth > MAX_NESTING) {
            return Some(nesting(span(source, token.start, token.end)));
        }
    }
    comment(before, cell.end)
}

fn comment(source: SourceId, start: usize, end: usize) -> Diagnostic {
    Diagnostic::error(
        COMMENT,
        "a cell of a file holds no comment",
        span(source, start, end),
    )
    .label("`#` begins a comment")
    .help("put the comment into a column of its own, and `ignore` it")
}

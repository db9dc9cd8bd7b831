//! Rows of a table that go on in the next line, as text in cells of a document does.

use super::reader::Reader;
use super::table::is_rule;
use crate::scan::{Node, TokenKind};
use crate::{Code, Diagnostic};

impl Reader<'_> {
    /// Reports a row that goes on in the next line; tells whether it does.
    pub(super) fn is_wrapped(&mut self, line: &Node, next: Option<&Node>, columns: usize) -> bool {
        let Some(next) = next.filter(|next| next.body.is_none() && !next.broken) else {
            return false;
        };
        let ends = self
            .source_text(self.span_of(line))
            .trim_end()
            .ends_with('|');
        let first = self.source_text(self.span_of(next)).trim_start_matches('|');
        // Nearly all rows end where they should, before one that begins with a value
        if ends && !first.trim_start().starts_with('|') {
            return false;
        }
        let (cells, behind) = (self.cells_of(line), self.cells_of(next));
        let is_row = |cells: &[&str]| !cells.is_empty() && !cells.iter().all(|cell| is_rule(cell));
        let breaks = !ends && cells.len() + behind.len() == columns;
        let blank = behind.iter().filter(|cell| cell.is_empty()).count();
        let filled = behind.len() - blank;
        let wraps = ends
            && behind.len() == columns
            && behind.first().is_some_and(|cell| cell.is_empty())
            && blank > filled
            && filled > 0;
        if line.broken || !is_row(&cells) || !(breaks || wraps) {
            return false;
        }
        self.report(
            Diagnostic::error(
                Code(112),
                "a row goes on in the next line",
                self.span_of(next),
            )
            .label("this belongs to the row above")
            .evidence(self.span_of(line), "the row")
            .help("write the row on one line, however long it is"),
        );
        true
    }

    /// The texts of a line's cells; none where it is no row.
    fn cells_of(&self, line: &Node) -> Vec<&str> {
        let mut bars: Vec<usize> = self
            .tokens(line.head.clone())
            .filter(|token| token.kind == TokenKind::Bar)
            .map(|token| token.start)
            .collect();
        let begins = bars.first() == Some(&line.head.start);
        if bars.last().is_some_and(|last| last + 1 < line.head.end) {
            bars.push(line.head.end);
        }
        let between = bars.windows(2).filter_map(|pair| match pair {
            [left, right] => self.text.get(left + 1..*right),
            _ => None,
        });
        between.map(str::trim).filter(|_| begins).collect()
    }
}

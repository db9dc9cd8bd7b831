//! Columns of items that are no tables: each is a part of the item, by its word.

use super::SheetReader;
use crate::ast::{Column, ColumnKind, ColumnPart, Expr, ExprKind, FromFile};
use crate::parse::FileKind;
use crate::parse::cells::RowCell;
use crate::parse::grammar::{Pair, Rule};
use crate::parse::reader::Reader;
use crate::parse::wording::one_line;
use crate::scan::span;
use crate::{Code, Diagnostic, Sources, Span, did_you_mean};

/// The code of a word that is no part of the item
const NO_SUCH_PART: Code = Code(441);
/// The code of a part that no column gives
const PART_WITHOUT_COLUMN: Code = Code(442);

/// The parts of an item that stands in a file
#[derive(Clone, Copy)]
pub(in crate::parse) struct ItemParts {
    /// What the item is called: `a calibration`
    pub(in crate::parse) item: &'static str,
    /// Those that a column must give
    pub(in crate::parse) needed: &'static [ColumnPart],
    /// Those that may be left out
    pub(in crate::parse) spare: &'static [ColumnPart],
}

impl ItemParts {
    fn all(&self) -> impl Iterator<Item = ColumnPart> {
        self.needed.iter().chain(self.spare).copied()
    }

    /// Writes columns for the parts that are needed: `at = "…"; value = "…"`.
    fn example(&self) -> String {
        let maps = self.needed.iter();
        let maps: Vec<String> = maps
            .map(|part| format!("{} = \"…\"", part.word()))
            .collect();
        maps.join("; ")
    }
}

impl Reader<'_> {
    /// Builds a column of its word, which stands before `=` or is a header.
    pub(in crate::parse) fn part_column(&mut self, cell: &RowCell, parts: ItemParts) -> Column {
        let place = span(self.source, cell.start, cell.end);
        let text = self.text.get(cell.clone()).unwrap_or("");
        let kind = match parts.all().find(|part| part.word() == text) {
            Some(part) => ColumnKind::Part(part),
            None => {
                self.report_no_part(text, place, parts);
                ColumnKind::Error
            }
        };
        Column { kind, span: place }
    }

    /// Reports a word that is no part, one for all headers of a file.
    fn report_no_part(&mut self, word: &str, place: Span, parts: ItemParts) {
        let is_told = |found: &Diagnostic| found.code == NO_SUCH_PART;
        if self.kind == FileKind::Sheet && self.diagnostics.iter().any(is_told) {
            return;
        }
        let words: Vec<&str> = parts.all().map(ColumnPart::word).collect();
        let help = match did_you_mean(word, words.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!(
                "its columns are `{}`; say in the policy which they are, and leave out the others: `{{ {}; ignore \"…\" }}`",
                words.join("`, `"),
                parts.example()
            ),
        };
        let headline = format!("{} has no column `{}`", parts.item, one_line(word));
        self.report(Diagnostic::error(NO_SUCH_PART, headline, place).help(help));
    }

    /// Reads a cell as a value; an [`ExprKind::Error`] where it is none, which is
    /// reported.
    pub(in crate::parse) fn value_cell(&mut self, cell: &RowCell) -> Expr {
        let place = span(self.source, cell.start, cell.end);
        let pair = if cell.is_empty() {
            self.report_blank(place, "write a value here, or clear the whole row");
            None
        } else {
            self.read(Rule::output_cell, cell.start, cell.clone())
        };
        let value = pair.and_then(|pair: Pair<'_>| pair.into_inner().next());
        match value {
            Some(value) => self.expression(value),
            None => Expr {
                kind: ExprKind::Error,
                span: place,
            },
        }
    }
}

impl<'s> SheetReader<'s> {
    /// Reads the header of an item that has parts, as [`SheetReader::new`] does.
    pub(in crate::parse) fn of_parts(
        sources: &'s Sources,
        from: &FromFile,
        parts: ItemParts,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        Self::new(sources, from, diagnostics, |reader, cell| {
            reader.part_column(cell, parts)
        })
    }

    /// Returns which of a row's cells gives a part.
    pub(in crate::parse) fn position(&self, part: ColumnPart) -> Option<usize> {
        let mut columns = self.columns();
        columns.position(|column| matches!(column.kind, ColumnKind::Part(found) if found == part))
    }

    /// Holds that each part has a column at most, and each that is needed one.
    pub(in crate::parse) fn has_parts(&mut self, from: &FromFile, parts: ItemParts) -> bool {
        let mut sound = true;
        for part in parts.all() {
            let is_part =
                |column: &&Column| matches!(column.kind, ColumnKind::Part(found) if found == part);
            let places: Vec<Span> = self
                .columns()
                .filter(is_part)
                .map(|column| column.span)
                .collect();
            match places.as_slice() {
                // What is broken may have been meant
                [] if parts.needed.contains(&part) && !from.has_broken() => {
                    let headers = self.header();
                    self.reader.report(
                        Diagnostic::error(
                            PART_WITHOUT_COLUMN,
                            format!("no column of `{}` gives `{}`", from.file.text, part.word()),
                            from.span,
                        )
                        .evidence(headers, "the headers")
                        .help(format!(
                            "say which it is: `{{ {} }}` behind the file",
                            parts.example()
                        )),
                    );
                }
                [_] => continue,
                [] if !parts.needed.contains(&part) => continue,
                [] => {}
                [first, second, ..] => {
                    let what = format!("`{}`", part.word());
                    self.reader.report_twice(&what, *first, *second);
                }
            }
            sound = false;
        }
        sound
    }
}

//! Items that stand in a file: what their columns are.

use super::expr::{self, Level};
use super::items::{alone, entry};
use super::lines::{Entry, Writer};
use super::names;
use super::phrase::Phrase;
use crate::ast::{ColumnKind, Expr, ExprKind, FromFile, Text, Written};

/// Adds the file to an item's head.
pub(super) fn head(from: &FromFile, out: &mut Phrase) {
    out.push(" from ");
    out.push(&names::text(&from.file.text));
    if let Some(sheet) = &from.sheet {
        out.push(" sheet ");
        out.push(&names::text(&sheet.text));
    }
}

/// Tells whether a value would be read on over the `=` behind it, or not up to there.
pub(super) fn needs_brackets(value: &Expr) -> bool {
    expr::level(value) < Level::Sum || has_elements(value)
}

/// Tells whether elements are looked at, whose condition may go on.
fn has_elements(value: &Expr) -> bool {
    let mut found = matches!(value.kind, ExprKind::Aggregate(_));
    value.each_part(&mut |part| found |= has_elements(part));
    found
}

impl Writer<'_> {
    /// Writes the block of an item that is no table.
    pub(super) fn parts_of_file(&mut self, from: &FromFile, more: Vec<(u32, Entry)>) {
        let column = |map: usize| {
            let map = from.columns.get(map);
            match map.map(|map| &map.column.kind) {
                Some(ColumnKind::Part(part)) => Phrase::from(part.word()),
                _ => {
                    let mut out = Phrase::default();
                    out.unread();
                    out
                }
            }
        };
        self.columns_of_file(from, column, more);
    }

    /// Writes what stands in the item's block, in the order of the text; `column`
    /// writes what the cells of a column are, `more` are entries of the item's own.
    pub(super) fn columns_of_file(
        &mut self,
        from: &FromFile,
        column: impl Fn(usize) -> Phrase,
        more: Vec<(u32, Entry)>,
    ) {
        let mut entries = more;
        for (at, map) in from.columns.iter().enumerate() {
            let column = column(at);
            let mut value = Phrase::from("= ");
            value.push(&names::text(&map.header.text));
            if let Some((written, _)) = map.written {
                value.push(match written {
                    Written::Fraction => " as fraction",
                    Written::Percent => " as percent",
                    Written::Text => " as text",
                });
            }
            let columns = vec![column];
            let parts = vec![value];
            entries.push((map.span.start, Entry { columns, parts }));
        }
        let headers = from.ignored.iter().map(|ignored| ("ignore", ignored));
        let bins = from
            .ignored_bins
            .iter()
            .map(|ignored| ("ignore bin", ignored));
        for (word, ignored) in headers.chain(bins) {
            let headers: Vec<String> = ignored.headers.iter().map(quoted).collect();
            let headers = Phrase::from(headers.join(", ").as_str());
            entries.push((ignored.span.start, entry([word], headers)));
        }
        if let Some(numbers) = &from.numbers {
            let line = format!("numbers {}", quoted(numbers));
            entries.push((numbers.span.start, alone(Phrase::from(line.as_str()))));
        }
        entries.sort_by_key(|(at, _)| *at);
        for (at, entry) in entries {
            self.entry(at, entry);
        }
    }
}

fn quoted(text: &Text) -> String {
    names::text(&text.text)
}

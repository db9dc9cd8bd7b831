//! `from "limits.xlsx" sheet "Limits" { … }`: which file an item stands in, and what
//! its columns are.

use super::cells::RowCell;
use super::grammar::{Pair, Rule};
use super::reader::Reader;
use super::sheet::NumberFormat;
use crate::ast::{Column, ColumnMap, FileCells, FromFile, Ignored, Text, Written};
use crate::scan::Node;
use crate::{Code, Diagnostic, Span};

/// The code of a sample that shows no way to write numbers
const NUMBERS: Code = Code(150);
/// The code of rows beside a file
const ROWS_HERE: Code = Code(151);

/// A column map whose left side is still to be built
struct Unbuilt {
    value: RowCell,
    header: Text,
    written: Option<(Written, Span)>,
    span: Span,
}

impl Reader<'_> {
    /// Builds the file of an item from its head, and what stands in its block, which
    /// may be left out. `build` makes a column of what is written before `=`.
    ///
    /// Returns `None` where an entry is broken.
    pub(super) fn file_of_item(
        &mut self,
        head: &Pair<'_>,
        block: Option<&[Node]>,
        build: impl FnMut(&mut Self, &RowCell) -> Column,
    ) -> Option<FromFile> {
        let nothing_else = |_: &mut Self, _: Pair<'_>| Some(());
        self.file_and_more(head, block, Rule::from_entry, build, nothing_else)
    }

    /// Builds the file of an item whose block has entries of its own, too: those of
    /// the rule `entry` that `other` is handed.
    pub(super) fn file_and_more(
        &mut self,
        head: &Pair<'_>,
        block: Option<&[Node]>,
        rule: Rule,
        mut build: impl FnMut(&mut Self, &RowCell) -> Column,
        mut other: impl FnMut(&mut Self, Pair<'_>) -> Option<()>,
    ) -> Option<FromFile> {
        let span = self.tight_span(head);
        let mut names = head.clone().into_inner();
        let mut texts = names.by_ref().filter(|part| part.as_rule() == Rule::text);
        let (file, sheet) = (texts.next()?, texts.next());
        let mut from = FromFile {
            file: self.quoted(&file),
            sheet: sheet.map(|sheet| self.quoted(&sheet)),
            columns: Vec::new(),
            ignored: Vec::new(),
            ignored_bins: Vec::new(),
            card: rule == Rule::card_entry,
            block: block.is_some(),
            numbers: None,
            span,
            cells: FileCells::NotRead,
        };
        let mut sound = true;
        for node in block.unwrap_or_default() {
            if self.shown(node.head.clone()).starts_with('|') {
                self.report_rows_here("rows", node, from.span);
                return None;
            }
            let entry = self.entry(rule, node);
            sound &= entry.is_some();
            let parts = entry.into_iter().flat_map(Pair::into_inner);
            let mut maps = Vec::new();
            for part in parts.filter(|part| part.as_rule() != Rule::EOI) {
                sound &= match part.as_rule() {
                    Rule::ignore_entry
                    | Rule::ignored_bins
                    | Rule::numbers_entry
                    | Rule::column_map => self.file_entry(&part, &mut from, &mut maps),
                    Rule::base_row | Rule::feature_map | Rule::group_field => other(self, part),
                    _ => Some(()),
                }
                .is_some();
            }
            // What is built reads entries of its own
            for map in maps {
                let column = build(self, &map.value);
                from.columns.push(ColumnMap {
                    column,
                    header: map.header,
                    written: map.written,
                    span: map.span,
                });
            }
        }
        sound.then_some(from)
    }

    /// Reports rows in the block of an item whose rows stand in a file; `rows` says
    /// what they are.
    pub(super) fn report_rows_here(&mut self, rows: &str, node: &Node, from: Span) {
        let place = self.span_of(node);
        self.report(
            Diagnostic::error(
                ROWS_HERE,
                format!("the {rows} stand in the file, and here as well"),
                place,
            )
            .evidence(from, "the file")
            .help(format!(
                "keep one of the two: remove these {rows}, or leave out `from` and the file"
            )),
        );
    }

    fn file_entry(
        &mut self,
        part: &Pair<'_>,
        from: &mut FromFile,
        maps: &mut Vec<Unbuilt>,
    ) -> Option<()> {
        let span = self.tight_span(part);
        match part.as_rule() {
            Rule::ignore_entry | Rule::ignored_bins => {
                let texts = part.clone().into_inner();
                let headers = texts.filter(|part| part.as_rule() == Rule::text);
                let headers = headers.map(|header| self.quoted(&header)).collect();
                let ignored = match part.as_rule() {
                    Rule::ignored_bins => &mut from.ignored_bins,
                    _ => &mut from.ignored,
                };
                ignored.push(Ignored { headers, span });
            }
            Rule::numbers_entry => {
                let sample = super::parts::part(part, Rule::text)?;
                let sample = self.quoted(&sample);
                if NumberFormat::of(&sample.text).is_none() {
                    self.report(
                        Diagnostic::error(
                            NUMBERS,
                            format!("`{}` does not show how numbers are written", sample.text),
                            sample.span,
                        )
                        .help("write one thousand two hundred and thirty-four, and 56 hundredths, as the file would: `numbers \"1.234,56\"`"),
                    );
                    return None;
                }
                self.set_text("`numbers`", &mut from.numbers, sample, span);
            }
            Rule::column_map => {
                let value = super::parts::part(part, Rule::sum)?;
                let value = self.tight_span(&value);
                let header = super::parts::part(part, Rule::text)?;
                let header = self.quoted(&header);
                let written = super::parts::part(part, Rule::written);
                let written = written.map(|written| {
                    let span = self.tight_span(&written);
                    let word = written.into_inner().last();
                    let written = match word.map_or("", |word| word.as_str()) {
                        "fraction" => Written::Fraction,
                        "percent" => Written::Percent,
                        _ => Written::Text,
                    };
                    (written, span)
                });
                maps.push(Unbuilt {
                    value: value.start as usize..value.end as usize,
                    header,
                    written,
                    span,
                });
            }
            _ => {}
        }
        Some(())
    }
}

//! Lookups, lists from files, and what reads a lookup.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use crate::ast::{FileColumn, IfNone, Item, ListFile, LookupDecl, Name};
use crate::scan::Node;

impl Reader<'_> {
    /// Builds `lookup routing from "queues.csv" key intent : Intent -> queue : Queue`.
    pub(super) fn lookup(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        self.no_body(node, "lookup");
        let pair = self.head(Rule::lookup_head, node, rest)?;
        let (name, file) = self.name_and_text(&pair);
        let columns = pair
            .into_inner()
            .filter(|part| part.as_rule() == Rule::file_column);
        let mut columns = columns.map(|column| self.file_column(&column));
        let key = columns.next()??;
        let columns: Option<Vec<FileColumn>> = columns.collect();
        Some(Item::Lookup(LookupDecl {
            name: name?,
            file: file?,
            key,
            columns: columns?,
            span: self.span_of(node),
        }))
    }

    fn file_column(&mut self, pair: &Pair<'_>) -> Option<FileColumn> {
        let name = self.last_name(pair)?;
        let ty = part(pair, Rule::type_expr)?;
        Some(FileColumn {
            name,
            ty: self.type_expr(&ty),
        })
    }

    /// Builds `: text from "postcodes.csv" column "code"`.
    pub(super) fn list_file(&mut self, pair: Pair<'_>) -> Option<ListFile> {
        let ty = part(&pair, Rule::type_expr)?;
        let ty = self.type_expr(&ty);
        let texts = pair
            .into_inner()
            .filter(|part| part.as_rule() == Rule::text);
        let mut texts = texts.map(|text| self.quoted(&text));
        Some(ListFile {
            ty,
            file: texts.next()?,
            column: texts.next(),
        })
    }

    /// Builds the column that `routing(intent).queue` reads.
    pub(super) fn read_column(&mut self, pair: &Pair<'_>) -> Name {
        let path = self.path(pair);
        let mut span = path.span;
        span.start = (span.start + 1).min(span.end);
        Name {
            text: path.text.trim_start_matches('.').to_owned(),
            span,
        }
    }

    /// Builds `if none fault`, `if none general`.
    pub(super) fn if_no_row(&mut self, pair: Pair<'_>) -> Option<IfNone> {
        match part(&pair, Rule::in_no_row) {
            Some(value) => Some(IfNone::Value(self.sum(value))),
            None => Some(IfNone::Fault),
        }
    }
}

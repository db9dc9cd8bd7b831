//! Items, one after the other.

use super::label::reason;
use super::library::{named_list, one_line_function, use_decl};
use super::lines::{Entry, Writer};
use super::phrase::Phrase;
use super::table::one_line_table;
use super::{lookup, names};
use crate::ast::Item;

impl Writer<'_> {
    /// Writes an item that begins at `at`. One on a line stands together with the
    /// one before where that is of its kind.
    pub(super) fn item(&mut self, item: &Item, at: u32) {
        match item {
            Item::Policy(header) => self.block().policy(header, at),
            Item::Reason(decl) => self.line(item, at, reason(decl)),
            Item::Use(decl) => self.line(item, at, use_decl(decl)),
            Item::List(list) => self.line(item, at, named_list(list)),
            Item::Lookup(decl) => self.line(item, at, lookup::lookup(decl)),
            Item::Always(always) => self.line(item, at, super::decide::always(always)),
            Item::Forbid(decl) => self.line(item, at, super::forbid::forbid(decl)),
            Item::Accept(decl) => self.line(item, at, super::accept::accept(decl)),
            Item::Enum(decl) => match self.one_line_enum(decl, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().enum_decl(decl, at),
            },
            Item::Record(record) => self.block().record(record, at),
            Item::Function(function) => match one_line_function(function) {
                Some(line) => self.line(item, at, line),
                None => self.block().function(function, at),
            },
            Item::Input(decl) => match super::fields::one_line_input(decl) {
                Some(line) => self.line(item, at, line),
                None => self.block().input(decl, at),
            },
            Item::Define(definitions) => self.block().define(definitions, at),
            Item::Bands(decl) => match self.one_line_bands(decl, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().bands(decl, at),
            },
            Item::Calibration(decl) => match self.one_line_calibration(decl, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().calibration(decl, at),
            },
            Item::Cascade(decl) => self.block().cascade(decl, at),
            Item::Scorecard(decl) => match super::scorecard::one_line_scorecard(decl) {
                Some(line) => self.line(item, at, line),
                None => self.block().scorecard(decl, at),
            },
            Item::Columns(columns) => match self.one_line_columns(columns, at) {
                Some(line) => self.line(item, at, line),
                None => self.block().columns(columns, at),
            },
            Item::Model(model) => self.block().model(model, at),
            Item::Subpolicy(decl) => self.block().subpolicy(decl, at),
            Item::Table(table) => match one_line_table(table) {
                Some(line) => self.line(item, at, line),
                None => self.block().table(table, at),
            },
            Item::Rules(set) => self.block().rules(set, at),
            Item::Decide(decide) => self.block().decide(decide, at),
            Item::Output(entries) => self.block().output(entries, at),
            Item::Shadow(decl) => self.block().shadow(decl, at),
            Item::Reasons(reasons) => self.block().reasons(reasons, at),
            Item::Example(example) => self.block().example(example, at),
            Item::Test(test) => self.block().test(test, at),
            Item::Error { .. } => self.block().unread(),
        }
    }

    /// Writes an item that stands on one line.
    fn line(&mut self, item: &Item, at: u32, line: Entry) {
        self.begin_item(Some(std::mem::discriminant(item)));
        self.entry(at, line);
    }

    /// Begins an item of several lines.
    fn block(&mut self) -> &mut Self {
        self.begin_item(None);
        self
    }
}

/// Makes an entry of words under one another and a value.
pub(super) fn entry<const N: usize>(columns: [&str; N], value: Phrase) -> Entry {
    Entry {
        columns: columns.into_iter().map(Phrase::from).collect(),
        parts: vec![value],
    }
}

/// Makes an entry that is under nothing.
pub(super) fn alone(line: Phrase) -> Entry {
    Entry {
        columns: Vec::new(),
        parts: vec![line],
    }
}

/// Writes an item's first words, and its title.
pub(super) fn titled(word: &str, name: &str, title: Option<&crate::ast::Text>) -> Phrase {
    let mut head = Phrase::from(word);
    head.push(" ");
    head.push(&names::declared(name));
    if let Some(title) = title {
        head.push(" ");
        head.push(&names::text(&title.text));
    }
    head
}

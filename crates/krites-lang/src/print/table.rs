//! Tables, their cells under one another.

use super::expr::{self, separate};
use super::items::{alone, titled};
use super::lines::{Entry, Writer};
use super::phrase::{Phrase, width};
use super::{decide, from_file, grid, names, types};
use crate::ast::{Cell, CellKind, Column, ColumnKind, Ranking, TableDecl};

/// How wide a cell may be that others are set under
const WIDEST: usize = 100;

/// Makes the line of a table that stands in a file and has no block.
pub(super) fn one_line_table(table: &TableDecl) -> Option<Entry> {
    let from = table.from.as_ref()?;
    (!from.block).then(|| alone(head(table)))
}

impl Writer<'_> {
    pub(super) fn table(&mut self, table: &TableDecl, at: u32) {
        self.open(at, head(table));
        if let Some(from) = &table.from {
            self.columns_of_file(
                from,
                |map| {
                    let map = from.columns.get(map);
                    map.map_or_else(broken, |map| mapped(&map.column, table))
                },
                Vec::new(),
            );
            self.close(at);
            return;
        }
        let (headers, rows) = match &table.grid {
            Some(grid) => grid::cells(table, grid),
            None => {
                let headers = table.columns.iter().map(|column| header(column, table));
                let rows = table.rows.iter();
                let rows = rows.map(|row| row.cells.iter().map(cell).collect());
                (headers.collect(), rows.collect())
            }
        };
        let headers: Vec<Phrase> = headers;
        let widths: Vec<usize> = (0..headers.len())
            .map(|column| {
                let cells = std::iter::once(&headers).chain(&rows);
                let cells = cells.filter_map(|row| row.get(column));
                let widths = cells.map(|cell| width(cell.flat()));
                widths.filter(|wide| *wide <= WIDEST).max().unwrap_or(0)
            })
            .collect();
        self.entry(table.header.start, alone(line(headers, &widths)));
        // The comments before the first row stand behind this line
        let rule: String = widths
            .iter()
            .map(|wide| format!("{}|", "-".repeat(wide + 2)))
            .collect();
        self.entry(NOWHERE, alone(Phrase::from(format!("|{rule}").as_str())));
        for (place, cells) in table.lines().zip(rows) {
            self.entry(place.start, alone(line(cells, &widths)));
        }
        self.close(at);
    }
}

/// Where nothing begins, as an item's head stands before it
const NOWHERE: u32 = u32::MAX - 1;

fn head(table: &TableDecl) -> Phrase {
    let mut head = titled(table.keyword(), &table.name.text, None);
    head.push(decide::off(&table.validity));
    match (&table.ranking, &table.grid) {
        (Some(ranking), _) => ordered(ranking, &mut head),
        (_, Some(_)) => grid::by(table, &mut head),
        (None, None) => head.push(&format!(" {}", table.policy.words())),
    }
    head.push(" -> ");
    let mut because = table.because;
    let mut count = 0;
    for output in &table.outputs {
        // `because` stays where it is among the outputs
        if because.is_some_and(|span| span.start < output.name.span.start) {
            separate(count, &mut head);
            head.push("because");
            because = None;
            count += 1;
        }
        separate(count, &mut head);
        head.push(&names::declared(&output.name.text));
        head.push(" : ");
        types::write(&output.ty, &mut head);
        for trend in &output.trends {
            head.push(if trend.rises {
                " rises with "
            } else {
                " falls with "
            });
            head.push(&names::used(&trend.with.text));
        }
        if let Some(value) = &output.value {
            head.push(" = ");
            expr::part(value, expr::Level::Sum, &mut head);
        }
        count += 1;
    }
    if because.is_some() {
        separate(count, &mut head);
        head.push("because");
    }
    decide::days(&table.validity, &mut head);
    if let Some(from) = &table.from {
        from_file::head(from, &mut head);
    }
    head
}

/// Writes what a column of a file is, before the `=` of its header.
fn mapped(column: &Column, table: &TableDecl) -> Phrase {
    match &column.kind {
        ColumnKind::Test(value) if from_file::needs_brackets(value) => {
            let mut out = Phrase::default();
            expr::bracketed(value, &mut out);
            out
        }
        _ => header(column, table),
    }
}

/// Writes the order of a rank, and which rows it keeps.
fn ordered(ranking: &Ranking, head: &mut Phrase) {
    head.push(" by ");
    head.push(&names::declared(&ranking.by.text));
    if let Some(floor) = &ranking.at_least {
        head.push(", at least ");
        expr::part(floor, expr::Level::Sum, head);
    }
    if let Some((count, _)) = ranking.at_most {
        head.push(&format!(", at most {count}"));
    }
}

fn header(column: &Column, table: &TableDecl) -> Phrase {
    let is_output = |text: &str| {
        let bare = text.replace('`', "");
        table.outputs.iter().any(|output| output.name.text == bare)
    };
    match &column.kind {
        ColumnKind::Id => Phrase::from("id"),
        ColumnKind::Because => Phrase::from("because"),
        ColumnKind::Off => Phrase::from("off"),
        ColumnKind::From => Phrase::from("from"),
        ColumnKind::Through => Phrase::from("through"),
        ColumnKind::Open => Phrase::from("open when"),
        ColumnKind::Output(index) => {
            let name = table
                .outputs
                .get(*index)
                .map_or("", |output| output.name.text.as_str());
            let mut header = Phrase::default();
            header.beware(&["because"]);
            header.name(name);
            header
        }
        ColumnKind::Test(value) => {
            let mut header = Phrase::default();
            header.beware(&["id", "because", "off", "from", "through"]);
            expr::whole(value, &mut header);
            // What reads like an output's name is a value to test in brackets
            while is_output(header.flat()) {
                let mut outer = Phrase::default();
                outer.open("(");
                outer.append(header);
                outer.close(")");
                header = outer;
            }
            header
        }
        ColumnKind::Part(_) | ColumnKind::Error => broken(),
    }
}

/// Writes a cell.
pub(super) fn cell(cell: &Cell) -> Phrase {
    let mut out = Phrase::default();
    match &*cell.kind {
        CellKind::Id(name) => out.push(name),
        CellKind::Any => out.push("any"),
        CellKind::Missing => out.push("missing"),
        CellKind::Otherwise => out.push("otherwise"),
        CellKind::Nothing => out.push("-"),
        CellKind::Off => out.push("off"),
        CellKind::Day(day) => out.push(day),
        CellKind::Tests { negated, tests } => {
            out.push(if *negated { "not " } else { "" });
            for (at, test) in tests.iter().enumerate() {
                separate(at, &mut out);
                expr::test(test, &mut out);
            }
        }
        CellKind::Value(value) => expr::whole(value, &mut out),
        CellKind::Error => return broken(),
    }
    out
}

fn broken() -> Phrase {
    let mut out = Phrase::default();
    out.unread();
    out
}

/// Puts the cells of a row between bars. A row is one line, however long.
fn line(cells: Vec<Phrase>, widths: &[usize]) -> Phrase {
    let mut line = Phrase::from("|");
    for (cell, wide) in cells.into_iter().zip(widths) {
        let pad = wide.saturating_sub(width(cell.flat()));
        line.push(" ");
        line.append_unbroken(cell);
        line.push(&" ".repeat(pad + 1));
        line.push("|");
    }
    line
}

//! `grid name by a, b -> … { | … | }`: each cell below the heads becomes a row of a
//! table, with the heads of its line and column as its tests.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::cells::{CellCache, RowCell};
use super::grammar::Rule;
use super::reader::Reader;
use super::table::{Head, error_row, is_rule};
use super::tokens;
use crate::ast::{
    Cell, CellKind, Column, ColumnKind, Expr, Grid, GridCell, GridLine, Item, TableDecl,
    TableOutput, TableRow,
};
use crate::scan::{Node, TokenKind, span};
use crate::{Code, Diagnostic, MAX_GRID_CELLS, MAX_GRID_HEAD, MAX_GRID_VALUES, Span, print};

const CORNER: Code = Code(146);
const VALUES_OF_CELL: Code = Code(147);
const HEADS: Code = Code(149);
const TOO_LARGE: Code = Code(417);

/// The columns of the table that a grid is
struct Columns<'c> {
    all: &'c [Column],
    /// What the heads of lines test
    first: &'c ColumnKind,
    /// What the heads of columns test
    second: &'c ColumnKind,
    /// What a cell gives, in the order behind `->`
    given: &'c [Column],
    outputs: &'c [TableOutput],
}

impl<'s> Reader<'s> {
    pub(super) fn grid(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self
            .head(Rule::grid_head, node, rest)
            .and_then(|pair| self.table_head(pair));
        let lines = self.body(node, "grid")?;
        let head = head?;
        let Some((header, lines)) = lines.split_first() else {
            self.report_no_lines("grid", &head.name, "heads: `| | small | large |`");
            return None;
        };
        let all = columns(&head, self.span_of(header));
        let [_, first, second, given @ ..] = all.as_slice() else {
            return None;
        };
        let columns = Columns {
            all: &all,
            first: &first.kind,
            second: &second.kind,
            given,
            outputs: &head.outputs,
        };
        let grid = self.grid_lines(header, lines, &columns, &head.by)?;
        let rows = self.rows_of(&grid, &columns, head.name.span)?;
        Some(Item::Table(TableDecl {
            name: head.name,
            validity: head.validity,
            policy: head.policy.0,
            policy_span: head.policy.1,
            ranking: None,
            grid: Some(Box::new(grid)),
            outputs: head.outputs,
            because: head.because,
            from: None,
            columns: all,
            header: self.span_of(header),
            rows,
            span: self.span_of(node),
        }))
    }

    /// Reads the lines as they stand.
    fn grid_lines(
        &mut self,
        header: &Node,
        lines: &[Node],
        columns: &Columns<'_>,
        by: &[Expr],
    ) -> Option<Grid> {
        let place = self.span_of(header);
        let heads = self.row_cells(header)?;
        let (corner, across) = heads.split_first()?;
        let corner = self.corner(corner, by);
        if across.is_empty() {
            self.report(
                Diagnostic::error(Code(114), "the grid has no columns", place)
                    .help("head them behind the corner: `| | small | large |`"),
            );
            return None;
        }
        let mut cache = CellCache::default();
        let across = across
            .iter()
            .map(|cell| self.grid_head(cell, columns.second, &mut cache))
            .collect();
        let mut found = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let cells = self.row_cells(line);
            let is_rule = |cell| is_rule(self.cell_text(cell));
            if at == 0
                && cells
                    .as_ref()
                    .is_some_and(|cells| cells.iter().all(is_rule))
            {
                continue;
            }
            let cells = cells.unwrap_or_default();
            let whole = self.span_of(line);
            let fits =
                cells.is_empty() || self.fits_header(whole, cells.len(), (place, heads.len()));
            let cells = if fits { cells } else { Vec::new() };
            found.push(self.grid_line(&cells, columns, whole, &mut cache));
        }
        Some(Grid {
            corner,
            across,
            lines: found,
        })
    }

    /// Holds that the corner is blank, or names both values; tells whether it does.
    fn corner(&mut self, cell: &RowCell, by: &[Expr]) -> bool {
        if cell.is_empty() {
            return false;
        }
        let words = |range| -> Vec<&str> {
            let tokens = self.tokens(range);
            let texts = tokens.filter_map(|token| self.text.get(token.start..token.end));
            texts.collect()
        };
        let places = by
            .iter()
            .map(|value| value.span.start as usize..value.span.end as usize);
        let values: Vec<Vec<&str>> = places.clone().map(words).collect();
        if words(cell.clone()) != values.join(&"\\") {
            let values: Vec<String> = places.map(|place| self.shown(place)).collect();
            self.report(
                Diagnostic::error(
                    CORNER,
                    "the corner of a grid is blank, or names both values",
                    span(self.source, cell.start, cell.end),
                )
                .help(format!(
                    "leave it blank, or write `{}`",
                    values.join(" \\ ")
                )),
            );
        }
        true
    }

    fn grid_head(&mut self, cell: &RowCell, tests: &ColumnKind, cache: &mut CellCache<'s>) -> Cell {
        let place = span(self.source, cell.start, cell.end);
        if cell.is_empty() {
            self.report_blank(place, "write what the head tests, or `any`");
        } else if cell.len() > MAX_GRID_HEAD {
            self.report(
                Diagnostic::error(
                    TOO_LARGE,
                    format!("the head of a grid is longer than {MAX_GRID_HEAD} bytes"),
                    place,
                )
                .help("name the values: `define` a condition, or take an enum by `bands`"),
            );
        } else {
            return self.cell(cell, tests, cache);
        }
        unread(place)
    }

    /// Reads the cells of a line; none where it is no line of the grid.
    fn grid_line(
        &mut self,
        cells: &[RowCell],
        columns: &Columns<'_>,
        span: Span,
        cache: &mut CellCache<'s>,
    ) -> GridLine {
        let Some((head, cells)) = cells.split_first() else {
            return GridLine {
                head: unread(span),
                cells: Vec::new(),
                span,
            };
        };
        GridLine {
            head: self.grid_head(head, columns.first, cache),
            cells: cells
                .iter()
                .map(|cell| self.grid_cell(cell, columns, cache))
                .collect(),
            span,
        }
    }

    /// Reads what a cell gives: values with commas between them.
    fn grid_cell(
        &mut self,
        cell: &RowCell,
        columns: &Columns<'_>,
        cache: &mut CellCache<'s>,
    ) -> GridCell {
        let place = span(self.source, cell.start, cell.end);
        let broken = GridCell {
            values: vec![unread(place)],
            span: place,
        };
        if cell.is_empty() {
            self.report_blank(place, "write what the grid gives here");
            return broken;
        }
        // A comma within a number parts no values
        if let Some(diagnostic) = tokens::check(self.text, self.source, cell.clone()) {
            self.report(diagnostic);
            return broken;
        }
        let values = self.values_of_cell(cell);
        let left_out = columns.given.get(values.len()..);
        let needed =
            left_out.map(|left_out| left_out.iter().find(|column| !columns.may_lack(column)));
        match needed {
            Some(None) => {}
            Some(Some(column)) => {
                let name = columns.name(column);
                self.report(
                    Diagnostic::error(VALUES_OF_CELL, format!("the cell gives no `{name}`"), place)
                        .evidence(column.span, "has no `?`")
                        .help(format!("write {}", columns.written())),
                );
                return broken;
            }
            None => {
                let (found, wanted) = (values.len(), columns.given.len());
                self.report(
                    Diagnostic::error(
                        VALUES_OF_CELL,
                        format!("the cell gives {found} values instead of {wanted}"),
                        place,
                    )
                    .help(format!("write {}", columns.written())),
                );
                return broken;
            }
        }
        let values = values.iter().zip(columns.given);
        let values = values.map(|(value, column)| self.cell(value, &column.kind, cache));
        GridCell {
            values: values.collect(),
            span: place,
        }
    }

    /// Cuts a cell at its commas, but for those within brackets.
    fn values_of_cell(&self, cell: &RowCell) -> Vec<RowCell> {
        let mut values = Vec::new();
        let mut start = cell.start;
        let mut depth = 0_usize;
        for token in self.tokens(cell.clone()) {
            match token.kind {
                TokenKind::Open | TokenKind::OpenBlock => depth += 1,
                TokenKind::Close | TokenKind::CloseBlock => depth = depth.saturating_sub(1),
                TokenKind::Comma if depth == 0 => {
                    values.push(self.row_cell(start..token.start));
                    start = token.end;
                }
                _ => {}
            }
        }
        values.push(self.row_cell(start..cell.end));
        values
    }

    /// Makes a row of each cell, called by the heads it stands under.
    fn rows_of(&mut self, grid: &Grid, columns: &Columns<'_>, name: Span) -> Option<Vec<TableRow>> {
        let n_cells = grid.lines.len().saturating_mul(grid.across.len());
        let n_values = n_cells.saturating_mul(columns.given.len());
        if n_cells > MAX_GRID_CELLS || n_values > MAX_GRID_VALUES {
            self.report(
                Diagnostic::error(
                    TOO_LARGE,
                    format!(
                        "the grid has more than {MAX_GRID_CELLS} cells, or {MAX_GRID_VALUES} values in them"
                    ),
                    name,
                )
                .help("split it into several"),
            );
            return None;
        }
        let lines: Vec<&Cell> = grid.lines.iter().map(|line| &line.head).collect();
        let down = self.names_of_heads(&lines, "rows");
        let across = self.names_of_heads(&grid.across.iter().collect::<Vec<_>>(), "columns");
        let nothing = Arc::new(CellKind::Nothing);
        let unread = Arc::new(CellKind::Error);
        let any = Arc::new(CellKind::Any);
        let test = |head: &Cell| match *head.kind {
            CellKind::Otherwise => Cell {
                kind: Arc::clone(&any),
                span: head.span,
            },
            _ => head.clone(),
        };
        let mut rows = Vec::with_capacity(n_cells);
        for (line, row) in grid.lines.iter().zip(&down) {
            if line.cells.is_empty() {
                rows.push(error_row(columns.all, line.span));
            }
            let heads = grid.across.iter().zip(&across);
            for (cell, (head, column)) in line.cells.iter().zip(heads) {
                let span = cell.span;
                let id = match (row, column) {
                    (Some(row), Some(column)) => CellKind::Id(format!("{row} / {column}")),
                    _ => CellKind::Error,
                };
                let id = Cell {
                    kind: Arc::new(id),
                    span,
                };
                let mut cells = Vec::with_capacity(columns.all.len());
                cells.extend([id, test(&line.head), test(head)]);
                cells.extend(cell.values.iter().cloned());
                let is_read = |value: &Cell| !matches!(*value.kind, CellKind::Error);
                let left_out = match cell.values.iter().all(is_read) {
                    true => &nothing,
                    false => &unread,
                };
                cells.resize_with(columns.all.len(), || Cell {
                    kind: Arc::clone(left_out),
                    span,
                });
                rows.push(TableRow { cells, span });
            }
        }
        Some(rows)
    }

    /// The names of heads, as they are printed; `None` where one is wrong.
    fn names_of_heads(&mut self, heads: &[&Cell], of: &str) -> Vec<Option<String>> {
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut names = Vec::with_capacity(heads.len());
        for (number, head) in (1..).zip(heads) {
            let name = print::cell(head);
            if matches!(*head.kind, CellKind::Otherwise) && number != heads.len() {
                self.report(
                    Diagnostic::error(
                        HEADS,
                        format!("`otherwise` is the last of the {of}"),
                        head.span,
                    )
                    .label("nothing behind it is ever taken")
                    .help("move it to the end"),
                );
            }
            let Some(name) = name else {
                names.push(None);
                continue;
            };
            if let Some(first) = seen.get(&name) {
                self.report(
                    Diagnostic::error(HEADS, format!("two {of} have the head `{name}`"), head.span)
                        .label("never taken")
                        .evidence(*first, "the first one")
                        .help("keep one of the two"),
                );
                names.push(None);
                continue;
            }
            seen.insert(name.clone(), head.span);
            names.push(Some(name));
        }
        names
    }
}

impl Columns<'_> {
    /// Tells whether a cell may leave out this value at its end.
    fn may_lack(&self, column: &Column) -> bool {
        match column.kind {
            ColumnKind::Output(output) => {
                let output = self.outputs.get(output);
                output.is_some_and(|output| output.ty.optional)
            }
            _ => true,
        }
    }

    fn name(&self, column: &Column) -> &str {
        match column.kind {
            ColumnKind::Output(output) => {
                let output = self.outputs.get(output);
                output.map_or("", |output| output.name.text.as_str())
            }
            _ => "because",
        }
    }

    /// Writes what a cell is made of.
    fn written(&self) -> String {
        let names: Vec<&str> = self.given.iter().map(|column| self.name(column)).collect();
        format!("a value for each, in this order: `{}`", names.join(", "))
    }
}

/// The columns of the table: the name of the row, its tests, what it gives.
fn columns(head: &Head<'_>, header: Span) -> Vec<Column> {
    let id = Column {
        kind: ColumnKind::Id,
        span: header,
    };
    let tests = head.by.iter().map(|value| Column {
        kind: ColumnKind::Test(value.clone()),
        span: value.span,
    });
    let outputs = head.outputs.iter().enumerate();
    let outputs = outputs.map(|(at, output)| Column {
        kind: ColumnKind::Output(at),
        span: output.name.span,
    });
    let because = head.because.map(|span| Column {
        kind: ColumnKind::Because,
        span,
    });
    let mut given: Vec<Column> = outputs.chain(because).collect();
    given.sort_by_key(|column| column.span.start);
    std::iter::once(id).chain(tests).chain(given).collect()
}

fn unread(span: Span) -> Cell {
    Cell {
        kind: Arc::new(CellKind::Error),
        span,
    }
}

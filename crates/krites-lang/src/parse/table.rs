//! `table name first match -> … { | … | }`: the head and the lines.

use std::ops::Range;
use std::sync::Arc;

use super::cells::{CellCache, RowCell};
use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{
    Cell, CellKind, Column, Expr, HitPolicy, Item, Name, Ranking, TableDecl, TableOutput, TableRow,
    Trend, Validity,
};
use crate::scan::{Node, TokenKind, span};
use crate::{Code, Diagnostic, Span};

/// What stands before the block
pub(super) struct Head<'s> {
    pub(super) name: Name,
    pub(super) validity: Validity,
    pub(super) policy: (HitPolicy, Span),
    pub(super) ranking: Option<Box<Ranking>>,
    /// Of a grid: the values that its heads test
    pub(super) by: Vec<Expr>,
    pub(super) outputs: Vec<TableOutput>,
    pub(super) because: Option<Span>,
    /// `from "limits.csv"`
    pub(super) from: Option<Pair<'s>>,
}

impl<'s> Reader<'s> {
    pub(super) fn table(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self
            .head(Rule::table_head, node, rest)
            .and_then(|pair| self.table_head(pair));
        if let Some(head) = &head
            && let Some(from) = &head.from
        {
            return self.table_from(head, from, node).map(Item::Table);
        }
        self.table_of(node, head)
    }

    pub(super) fn table_of(&mut self, node: &Node, head: Option<Head<'s>>) -> Option<Item> {
        let lines = self.body(node, "table")?;
        // Without the head nobody knows what the cells are
        let Head {
            name,
            validity,
            policy: (policy, policy_span),
            ranking,
            outputs,
            because,
            ..
        } = head?;
        let mut lines = lines.iter();
        let Some(header_line) = lines.next() else {
            self.report_no_lines("table", &name, "headers: `| id | age | verdict |`");
            return None;
        };
        let header_cells = self.row_cells(header_line)?;
        let columns: Vec<Column> = header_cells
            .iter()
            .map(|cell| self.column(cell, &outputs, policy))
            .collect();
        let header = self.span_of(header_line);
        let mut cache = CellCache::default();
        let mut rows = Vec::new();
        let mut lines = lines.enumerate().peekable();
        while let Some((at, line)) = lines.next() {
            let next = lines.peek().map(|(_, next)| *next);
            if self.is_wrapped(line, next, columns.len()) {
                rows.push(error_row(&columns, self.span_of(line)));
                let _ = lines.next();
                continue;
            }
            let Some(cells) = self.row_cells(line) else {
                rows.push(error_row(&columns, self.span_of(line)));
                continue;
            };
            if at == 0 && cells.iter().all(|cell| is_rule(self.cell_text(cell))) {
                continue;
            }
            rows.push(self.row(line, &cells, &columns, header, &mut cache));
        }
        Some(Item::Table(TableDecl {
            name,
            validity,
            policy,
            policy_span,
            ranking,
            grid: None,
            outputs,
            because,
            from: None,
            columns,
            header,
            rows,
            span: self.span_of(node),
        }))
    }

    pub(super) fn report_no_lines(&mut self, keyword: &str, name: &Name, first: &str) {
        self.report(
            Diagnostic::error(
                Code(114),
                format!("the {keyword} `{}` has no lines", name.text),
                name.span,
            )
            .help(format!("begin with a line of {first}")),
        );
    }

    /// Builds a table whose rows stand in a file; they are read once it is there.
    fn table_from(&mut self, head: &Head<'_>, from: &Pair<'_>, node: &Node) -> Option<TableDecl> {
        let outputs = &head.outputs;
        let from = self.file_of_item(from, node.body.as_deref(), |reader, cell| {
            reader.column(cell, outputs, head.policy.0)
        })?;
        Some(TableDecl {
            name: head.name.clone(),
            validity: head.validity.clone(),
            policy: head.policy.0,
            policy_span: head.policy.1,
            ranking: None,
            grid: None,
            outputs: outputs.clone(),
            because: head.because,
            header: from.span,
            from: Some(from),
            columns: Vec::new(),
            rows: Vec::new(),
            span: self.span_of(node),
        })
    }

    /// Builds the head of a table or grid. A grid takes the first row that matches.
    pub(super) fn table_head(&mut self, pair: Pair<'s>) -> Option<Head<'s>> {
        let validity = self.validity(&pair);
        let mut name = None;
        let mut policy = Some((HitPolicy::First, self.tight_span(&pair)));
        let mut by = Vec::new();
        let mut outputs = Vec::new();
        let mut because: Option<Span> = None;
        let mut from = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::from_file => from = Some(part),
                Rule::name => name = Some(self.name(&part)),
                Rule::hit_policy => {
                    let words: Vec<&str> = part.as_str().split_whitespace().collect();
                    let found = HitPolicy::of_words(&words.join(" "));
                    policy = found.zip(Some(self.tight_span(&part)));
                }
                Rule::sum => by.push(self.sum(part)),
                Rule::table_output => {
                    let ty =
                        super::parts::part(&part, Rule::type_expr).map(|ty| self.type_expr(&ty));
                    let place = self.tight_span(&part);
                    match (self.last_name(&part), ty, because) {
                        (Some(name), Some(ty), _) => outputs.push(TableOutput {
                            name,
                            ty,
                            value: None,
                            trends: self.trends(&part),
                        }),
                        (_, _, Some(first)) => self.report_twice("`because`", first, place),
                        _ => because = Some(place),
                    }
                }
                _ => {}
            }
        }
        Some(Head {
            name: name?,
            validity,
            policy: policy?,
            ranking: None,
            by,
            outputs,
            because,
            from,
        })
    }

    /// What an output is said to rise or fall with.
    fn trends(&self, output: &Pair<'_>) -> Vec<Trend> {
        let trends = output.clone().into_inner();
        let trends = trends.filter(|part| part.as_rule() == Rule::trend);
        trends
            .filter_map(|trend| {
                Some(Trend {
                    rises: super::parts::part(&trend, Rule::kw_rises).is_some(),
                    with: self.path(&super::parts::part(&trend, Rule::path)?),
                    span: self.tight_span(&trend),
                })
            })
            .collect()
    }

    /// Cuts a line into cells; `None` where it is no row.
    pub(super) fn row_cells(&mut self, line: &Node) -> Option<Vec<RowCell>> {
        if line.broken {
            return None;
        }
        let text = self.shown(line.head.clone());
        let place = span(self.source, line.head.start, line.head.end);
        if line.body.is_some() || !text.starts_with('|') {
            self.report(
                Diagnostic::error(Code(114), "a line of a table begins with `|`", place)
                    .label("not a row")
                    .help("write `| … | … |`, and close the table with `}` on a line of its own"),
            );
            return None;
        }
        let bars: Vec<usize> = self
            .tokens(line.head.clone())
            .filter(|token| token.kind == TokenKind::Bar)
            .map(|token| token.start)
            .collect();
        let mut cells: Vec<RowCell> = bars
            .windows(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(self.row_cell(left + 1..*right)),
                _ => None,
            })
            .collect();
        let last = bars.last().copied().unwrap_or(line.head.start);
        if last + 1 < line.head.end || bars.len() < 2 {
            self.report(
                Diagnostic::error(Code(115), "the row does not end with `|`", place.after())
                    .label("expected `|` here")
                    .help("close the last cell with `|`"),
            );
            cells.push(self.row_cell(last + 1..line.head.end));
        }
        Some(cells)
    }

    fn row(
        &mut self,
        line: &Node,
        cells: &[RowCell],
        columns: &[Column],
        header: Span,
        cache: &mut CellCache<'s>,
    ) -> TableRow {
        let whole = self.span_of(line);
        if !self.fits_header(whole, cells.len(), (header, columns.len())) {
            return error_row(columns, whole);
        }
        let cells = cells
            .iter()
            .zip(columns)
            .map(|(cell, column)| self.cell(cell, &column.kind, cache))
            .collect();
        TableRow { cells, span: whole }
    }

    /// Holds that a row has one cell for each column of the header.
    pub(super) fn fits_header(&mut self, row: Span, found: usize, header: (Span, usize)) -> bool {
        let (header, wanted) = header;
        if found == wanted {
            return true;
        }
        let few = if found < wanted { "few" } else { "many" };
        let noun = if found == 1 { "cell" } else { "cells" };
        self.report(
            Diagnostic::error(
                Code(112),
                format!("the row has too {few} cells: {found} instead of {wanted}"),
                row,
            )
            .label(format!("{found} {noun}"))
            .evidence(header, format!("{wanted} columns"))
            .help("give the row one cell for each column; `any` tests nothing, `-` gives nothing"),
        );
        false
    }
}

/// Makes a row of unread cells, one for each column.
pub(super) fn error_row(columns: &[Column], span: Span) -> TableRow {
    let cells = columns
        .iter()
        .map(|_| Cell {
            kind: Arc::new(CellKind::Error),
            span,
        })
        .collect();
    TableRow { cells, span }
}

/// Returns whether a cell is part of the line under the header.
pub(super) fn is_rule(text: &str) -> bool {
    let dashes = text.trim_matches(':');
    dashes.len() >= 2 && dashes.bytes().all(|byte| byte == b'-')
}

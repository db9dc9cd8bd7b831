//! Cells of a table. Each distinct text is parsed once for each use.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{
    Cell, CellKind, CellTest, Column, ColumnKind, Expr, ExprKind, HitPolicy, Path, SumOp,
    TableOutput,
};
use crate::scan::span;
use crate::{Code, Diagnostic, Span};

/// The bytes between two bars, blanks around them aside
pub(super) type RowCell = Range<usize>;

/// What cells said, by use and text
#[derive(Default)]
pub(super) struct CellCache<'s> {
    parsed: HashMap<(Use, &'s str), Parsed>,
}

/// What a cell is parsed as
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Use {
    Id,
    Test,
    Output,
    Because,
    Day,
    Off,
    Open,
}

/// A parsed cell where it was met first
struct Parsed {
    place: Span,
    kind: Arc<CellKind>,
    diagnostics: Vec<Diagnostic>,
}

impl<'s> Reader<'s> {
    /// Leaves out the blanks around a cell.
    pub(super) fn row_cell(&self, range: Range<usize>) -> RowCell {
        let text = self.text.get(range.clone()).unwrap_or("");
        let start = range.start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }

    pub(super) fn cell_text(&self, cell: &RowCell) -> &'s str {
        self.text.get(cell.clone()).unwrap_or("")
    }

    /// Builds a column from its header.
    pub(super) fn column(
        &mut self,
        cell: &RowCell,
        outputs: &[TableOutput],
        policy: HitPolicy,
    ) -> Column {
        let place = span(self.source, cell.start, cell.end);
        let text = self.cell_text(cell);
        let output = outputs
            .iter()
            .position(|output| output.name.text == text.replace('`', ""));
        let kind = match (text, output) {
            ("", _) => {
                self.report_blank(place, "a header names a value to test, or an output");
                ColumnKind::Error
            }
            ("id", None) => ColumnKind::Id,
            ("because", _) => ColumnKind::Because,
            ("off", None) => ColumnKind::Off,
            ("from", None) => ColumnKind::From,
            ("through", None) => ColumnKind::Through,
            (_, Some(index)) => ColumnKind::Output(index),
            _ if policy == HitPolicy::Rank && is_open_when(text) => ColumnKind::Open,
            _ => {
                let pair = self.read(Rule::header_cell, cell.start, cell.clone());
                match pair.and_then(|pair| pair.into_inner().next()) {
                    Some(pair) => ColumnKind::Test(self.expression(pair)),
                    None => ColumnKind::Error,
                }
            }
        };
        Column { kind, span: place }
    }

    /// Builds a cell of a column.
    pub(super) fn cell(
        &mut self,
        cell: &RowCell,
        column: &ColumnKind,
        cache: &mut CellCache<'s>,
    ) -> Cell {
        let place = span(self.source, cell.start, cell.end);
        let used = match column {
            ColumnKind::Id => Use::Id,
            ColumnKind::Test(_) => Use::Test,
            ColumnKind::Output(_) => Use::Output,
            ColumnKind::Because => Use::Because,
            ColumnKind::From | ColumnKind::Through => Use::Day,
            ColumnKind::Off => Use::Off,
            ColumnKind::Open => Use::Open,
            ColumnKind::Part(_) | ColumnKind::Error => {
                return Cell {
                    kind: Arc::new(CellKind::Error),
                    span: place,
                };
            }
        };
        let text = self.cell_text(cell);
        if used == Use::Id && is_row_name(text) {
            // No other row has this name
            let kind = Arc::new(CellKind::Id(text.to_owned()));
            return Cell { kind, span: place };
        }
        if let Some(parsed) = cache.parsed.get(&(used, text)) {
            let kind = Arc::clone(&parsed.kind);
            for diagnostic in &parsed.diagnostics {
                self.report(diagnostic.clone().moved(parsed.place, place));
            }
            return Cell { kind, span: place };
        }
        let before = self.diagnostics.len();
        let kind = Arc::new(self.parse_cell(used, cell, place));
        let diagnostics = self.diagnostics.get(before..).unwrap_or(&[]).to_vec();
        let parsed = Parsed {
            place,
            kind: Arc::clone(&kind),
            diagnostics,
        };
        cache.parsed.insert((used, text), parsed);
        Cell { kind, span: place }
    }

    fn parse_cell(&mut self, used: Use, cell: &RowCell, place: Span) -> CellKind {
        let text = self.cell_text(cell);
        match (used, text) {
            (Use::Open, "") => self.report_blank(place, "write `any` where the row is always open"),
            (Use::Open, "any") => return CellKind::Any,
            (Use::Open, _) => {
                let pair = self.read(Rule::open_cell, cell.start, cell.clone());
                let inner = pair.and_then(|pair| super::parts::part(&pair, Rule::expression));
                return inner.map_or(CellKind::Error, |pair| CellKind::Value(self.expression(pair)));
            }
            (Use::Test, "") => self.report_blank(place, "write `any` where the row tests nothing here"),
            (Use::Id, "") => self.report_blank(place, "give the row a name, such as `R-01`"),
            (Use::Day, "") => self.report_blank(place, "write `-` where the row has no such day"),
            (Use::Off, "") => self.report_blank(place, "write `-` where the row holds"),
            (_, "") => self.report_blank(place, "write `-` where the row gives nothing here"),
            (Use::Test, "n/a" | "N/A" | "n.a." | "#N/A") => self.report(
                Diagnostic::error(Code(110), format!("`{text}` says nothing in a column of tests"), place)
                    .label("a test")
                    .help("write `any` where every value will do, `missing` where the value must be missing"),
            ),
            (Use::Test, "-") => self.report(
                Diagnostic::error(Code(110), "`-` says nothing in a column of tests", place)
                    .label("a test")
                    .help("write `any` where every value will do, `missing` where the value must be missing")
                    .fix(place, "any"),
            ),
            (Use::Output | Use::Because | Use::Day | Use::Off, "-") => return CellKind::Nothing,
            (Use::Output | Use::Because, "missing" | "any" | "otherwise") => self.report(
                Diagnostic::error(Code(117), format!("`{text}` stands among tests, not among outputs"), place)
                    .label("an output")
                    .help("write `-` where the row gives nothing here"),
            ),
            (Use::Id, _) => self.report(
                Diagnostic::error(Code(116), "the name of a row is made of letters, digits, `-`, `_` and `.`", place)
                    .help("write a name such as `R-01`"),
            ),
            (Use::Test | Use::Output, _) if let Some(number) = number_in_brackets(text) => {
                let help = format!("write `-{number}` where it is below zero, else `{number}`");
                self.report(
                    Diagnostic::error(Code(119), "a number stands in brackets", place)
                        .label("below zero, or not?")
                        .help(help),
                );
            }
            (Use::Test, _) if is_whole_number(text) => {
                let tests = vec![CellTest::Value(whole_number(text, place))];
                return CellKind::Tests { negated: false, tests };
            }
            (Use::Output, _) if is_whole_number(text) => {
                return CellKind::Value(whole_number(text, place));
            }
            (Use::Test, _) => return self.test_cell(cell).unwrap_or(CellKind::Error),
            (Use::Output, _) => {
                let pair = self.read(Rule::output_cell, cell.start, cell.clone());
                let inner = pair.and_then(|pair| pair.into_inner().next());
                return inner.map_or(CellKind::Error, |pair| CellKind::Value(self.expression(pair)));
            }
            (Use::Off, "off") => return CellKind::Off,
            (Use::Off, _) => self.report(
                Diagnostic::error(Code(145), "the column `off` says which rows are switched off", place)
                    .help("write `off`, or `-` where the row holds"),
            ),
            (Use::Day, _) => {
                let pair = self.read(Rule::day_cell, cell.start, cell.clone());
                let date = pair.and_then(|pair| super::parts::part(&pair, Rule::date));
                return date.map_or(CellKind::Error, |date| CellKind::Day(date.as_str().to_owned()));
            }
            (Use::Because, _) => {
                let pair = self.read(Rule::because_cell, cell.start, cell.clone());
                let name = pair.and_then(|pair| self.last_name(&pair));
                return name.map_or(CellKind::Error, |name| {
                    let path = Path { text: name.text, span: name.span };
                    CellKind::Value(Expr { span: path.span, kind: ExprKind::Path(path) })
                });
            }
        }
        CellKind::Error
    }

    fn test_cell(&mut self, cell: &RowCell) -> Option<CellKind> {
        let pair = self.read(Rule::test_cell, cell.start, cell.clone())?;
        let mut negated = false;
        let mut tests = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_any => return Some(CellKind::Any),
                Rule::kw_missing => return Some(CellKind::Missing),
                Rule::kw_otherwise => return Some(CellKind::Otherwise),
                Rule::kw_not => negated = true,
                Rule::cell_test => tests.extend(self.one_test(&part)),
                _ => {}
            }
        }
        Some(CellKind::Tests { negated, tests })
    }

    pub(super) fn one_test(&mut self, pair: &Pair<'_>) -> Option<CellTest> {
        let mut parts = pair.clone().into_inner();
        let first = parts.next()?;
        if first.as_rule() == Rule::sum && parts.next().is_none() {
            let value = self.sum(first);
            self.check_dash(&value);
            return Some(CellTest::Value(value));
        }
        Some(CellTest::Range(self.range(pair)))
    }

    /// Reports `1 - 3`, which is meant as a range.
    fn check_dash(&mut self, value: &Expr) {
        let ExprKind::Sum { first, rest } = &value.kind else {
            return;
        };
        let is_literal =
            |expr: &Expr| matches!(expr.kind, ExprKind::Number(_) | ExprKind::Percent(_));
        if let [(SumOp::Subtract, last)] = rest.as_slice()
            && is_literal(first)
            && is_literal(last)
        {
            let (low, high) = (self.quote(first.span), self.quote(last.span));
            // Blanks around it would not help
            let glued = |found: &Diagnostic| found.code == Code(124);
            let _ = self.diagnostics.pop_if(|found| glued(found));
            self.report(
                Diagnostic::error(
                    Code(138),
                    format!("`{low} - {high}` is a difference, not a range"),
                    value.span,
                )
                .help(format!(
                    "write `{low} to {high}`, or `{low} to below {high}`"
                )),
            );
        }
    }

    pub(super) fn report_blank(&mut self, place: Span, help: &str) {
        self.report(
            Diagnostic::error(Code(111), "a cell is blank", place)
                .label("nothing stands here")
                .help(help),
        );
    }
}

/// Tells whether a cell is digits alone, which need no grammar: tables have many.
fn is_whole_number(text: &str) -> bool {
    (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn whole_number(text: &str, span: Span) -> Expr {
    let kind = ExprKind::Number(text.to_owned());
    Expr { kind, span }
}

/// Returns the number of a cell that is a number in brackets, which accountants read as
/// below zero.
fn number_in_brackets(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?.trim();
    let digits = inner.trim_end_matches('%');
    let is_sign = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
    let is_number = digits.starts_with(|sign: char| sign.is_ascii_digit());
    (is_number && digits.bytes().all(is_sign)).then_some(inner)
}

/// Tells whether a header reads `open when`.
fn is_open_when(text: &str) -> bool {
    let mut words = text.split_whitespace();
    (words.next(), words.next(), words.next()) == (Some("open"), Some("when"), None)
}

/// Tells whether a row may have this name in its column `id`.
pub(crate) fn is_row_name(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !text.is_empty() && text.bytes().all(is_sign)
}

//! What the cells of a scorecard's row say: bins, percentages among them, and what
//! all rows of a feature share.

use std::sync::Arc;

use super::cells::RowCell;
use super::grammar::Rule;
use super::reader::Reader;
use super::scorecard_file::Row;
use super::sheet::hundredfold;
use crate::ast::{Cell, CellKind, CellTest, Expr, ExprKind, FeatureDecl, Name, Written};
use crate::scan::span;
use crate::{Code, Diagnostic, Span};

/// The code of a feature that says two things of itself
const TWO_OF_A_FEATURE: Code = Code(446);

/// Reads the reason of a row, which all rows of a feature share; `None` where it is
/// wrong.
pub(super) fn because(reader: &mut Reader<'_>, row: &Row, feature: &mut FeatureDecl) -> Option<()> {
    let Some(cell) = said(reader, row.because.as_ref()) else {
        return Some(());
    };
    let pair = reader.read(Rule::because_cell, cell.start, cell.clone())?;
    let found: Name = reader.last_name(&pair)?;
    match &feature.because {
        None => feature.because = Some(found),
        Some(before) if before.text == found.text => {}
        Some(before) => {
            report_two(reader, "reasons", found.span, before.span);
            return None;
        }
    }
    Some(())
}

/// Reads the baseline of a row, as its reason.
pub(super) fn baseline(
    reader: &mut Reader<'_>,
    row: &Row,
    feature: &mut FeatureDecl,
) -> Option<()> {
    let Some(cell) = said(reader, row.baseline.as_ref()) else {
        return Some(());
    };
    let found = reader.value_cell(cell);
    let same = |one: &Expr, other: &Expr| match (&one.kind, &other.kind) {
        (ExprKind::Number(one), ExprKind::Number(other)) => one == other,
        _ => false,
    };
    match &feature.baseline {
        None => feature.baseline = Some(found),
        Some(before) if same(before, &found) => {}
        Some(before) => {
            report_two(reader, "baselines", found.span, before.span);
            return None;
        }
    }
    Some(())
}

/// Returns a cell that says something.
fn said<'c>(reader: &Reader<'_>, cell: Option<&'c RowCell>) -> Option<&'c RowCell> {
    cell.filter(|cell| !matches!(reader.cell_text(cell), "" | "-"))
}

fn report_two(reader: &mut Reader<'_>, what: &str, place: Span, before: Span) {
    reader.report(
        Diagnostic::error(
            TWO_OF_A_FEATURE,
            format!("the feature has two {what}"),
            place,
        )
        .evidence(before, "the other one")
        .help("write it once: in one row of the feature, the same in all, or in the policy"),
    );
}

/// Makes percentages of the bare numbers that a bin is made of.
pub(super) fn as_rates(test: &mut Option<Cell>, written: Written) {
    let Some(cell) = test else {
        return;
    };
    let CellKind::Tests { negated, tests } = &*cell.kind else {
        return;
    };
    let (negated, mut tests) = (*negated, tests.clone());
    let rate = |value: &mut Expr| {
        if let ExprKind::Number(number) = &value.kind {
            let (sign, digits) = match number.strip_prefix('-') {
                Some(digits) => ("-", digits),
                None => ("", number.as_str()),
            };
            value.kind = ExprKind::Percent(match written {
                Written::Fraction => format!("{sign}{}", hundredfold(digits)),
                Written::Percent | Written::Text => number.clone(),
            });
        }
    };
    for test in &mut tests {
        match test {
            CellTest::Value(value) => rate(value),
            CellTest::Range(range) => {
                let bounds = [&mut range.low, &mut range.high].into_iter().flatten();
                bounds.for_each(|bound| rate(&mut bound.value));
            }
        }
    }
    cell.kind = Arc::new(CellKind::Tests { negated, tests });
}

impl Reader<'_> {
    /// Reads a bin: what it takes, and where it stands; `missing` stands alone.
    pub(super) fn bin_cell(&mut self, cell: &RowCell) -> Option<Vec<(Option<Cell>, Span)>> {
        let place = span(self.source, cell.start, cell.end);
        if cell.is_empty() {
            self.report_blank(
                place,
                "write what the bin takes, such as `below 25` or `missing`",
            );
            return None;
        }
        let pair = self.read(Rule::bin_cell, cell.start, cell.clone())?;
        let mut bins = Vec::new();
        let mut tests: Vec<CellTest> = Vec::new();
        let mut negated = false;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_otherwise => return Some(vec![(None, place)]),
                Rule::kw_not => negated = true,
                Rule::cell_test => tests.extend(self.one_test(&part)),
                Rule::bin_alternative => {
                    let inner = part.into_inner().next()?;
                    match inner.as_rule() {
                        Rule::cell_test => tests.extend(self.one_test(&inner)),
                        _ => bins.push(test(CellKind::Missing, place)),
                    }
                }
                _ => {}
            }
        }
        if !tests.is_empty() {
            bins.push(test(CellKind::Tests { negated, tests }, place));
        }
        Some(bins)
    }
}

fn test(kind: CellKind, span: Span) -> (Option<Cell>, Span) {
    let kind = Arc::new(kind);
    (Some(Cell { kind, span }), span)
}

//! Bins of a scorecard's file, as the policy would have them of the feature's type.

use std::sync::Arc;

use super::Checker;
use crate::Exact;
use crate::ast::{self, Bin, Bound, CellKind, CellTest, ExprKind};
use crate::types::Ty;

impl Checker<'_> {
    /// A bin of a file as the policy would have it: a label of an enum may stand there
    /// by its text on the wire, and a text or truth value without quotes.
    pub(super) fn in_own_words(&self, bin: &Bin, ty: Ty) -> Bin {
        of_tests(bin, |test| match test {
            CellTest::Value(value) => CellTest::Value(self.in_own_word(value, ty)),
            CellTest::Range(_) => test.clone(),
        })
    }

    fn in_own_word(&self, value: &ast::Expr, ty: Ty) -> ast::Expr {
        let word = match &value.kind {
            ExprKind::Text(word) | ExprKind::Number(word) => word,
            ExprKind::Path(path) => &path.text,
            _ => return value.clone(),
        };
        let kind = match ty {
            Ty::Text => ExprKind::Text(word.clone()),
            Ty::Boolean if word.eq_ignore_ascii_case("true") => ExprKind::Boolean(true),
            Ty::Boolean if word.eq_ignore_ascii_case("false") => ExprKind::Boolean(false),
            Ty::Enum(id) => {
                let labels = &self.enums[id].labels;
                let by_name = labels.iter().find(|label| *label.name == **word);
                let by_wire = labels.iter().find(|label| *label.wire == **word);
                // A word of the policy's own is a label, a text of the file is the data's
                let found = match value.kind {
                    ExprKind::Path(_) => by_name.or(by_wire),
                    _ => by_wire.or(by_name),
                };
                let text = found.map_or(word.as_str(), |label| &label.name);
                ExprKind::Path(ast::Path {
                    text: text.to_owned(),
                    span: value.span,
                })
            }
            _ => return value.clone(),
        };
        ast::Expr {
            kind,
            span: value.span,
        }
    }
}

/// A bin of whole numbers, where tools put bounds between two of them: `below 25.5`
/// is `up to 25`.
pub(super) fn with_whole_bounds(bin: &Bin) -> Bin {
    of_tests(bin, |test| match test {
        CellTest::Value(_) => test.clone(),
        CellTest::Range(range) => {
            let mut range = range.clone();
            range
                .low
                .iter_mut()
                .for_each(|low| whole(low, Exact::ceiling));
            range
                .high
                .iter_mut()
                .for_each(|high| whole(high, Exact::floor));
            CellTest::Range(range)
        }
    })
}

/// Moves a bound that is no whole number to the next one within the range.
fn whole(bound: &mut Bound, next: impl Fn(Exact) -> Exact) {
    let ExprKind::Number(number) = &bound.value.kind else {
        return;
    };
    if let Ok(value) = Exact::parse(number)
        && value.to_integer().is_none()
    {
        bound.value.kind = ExprKind::Number(next(value).to_string());
        bound.inclusive = true;
    }
}

/// A bin with its tests made anew.
fn of_tests(bin: &Bin, each: impl FnMut(&CellTest) -> CellTest) -> Bin {
    let mut bin = bin.clone();
    if let Some(cell) = &mut bin.test
        && let CellKind::Tests { negated, tests } = &*cell.kind
    {
        let negated = *negated;
        let tests = tests.iter().map(each).collect();
        cell.kind = Arc::new(CellKind::Tests { negated, tests });
    }
    bin
}

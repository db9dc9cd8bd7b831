//! Features of scorecards: each becomes a table of one column.

use std::borrow::Cow;
use std::sync::Arc;

use super::file_bin::with_whole_bounds;
use super::scorecard::exact;
use super::table::Subject;
use super::value_items::typed;
use super::{Checker, Env, codes, source};
use crate::ast::{self, FeatureDecl};
use crate::ir::{self, Literal, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Exact, Span, print};

/// How many digits points have at most before the point, and behind it: no
/// difference of two of them is too large
const MAX_DIGITS: (u32, u32) = (15, 10);

impl<'a> Checker<'a> {
    /// The table of a feature, and its best points.
    pub(super) fn feature(
        &mut self,
        feature: &'a FeatureDecl,
        name: String,
        ty: Ty,
        in_file: bool,
    ) -> Option<(ir::Table, Exact)> {
        let subject = self.feature_subject(&name, &feature.value);
        if feature.bins.is_empty() {
            self.no_bins(feature);
            return None;
        }
        let (mut tests, mut values, mut rows) = (Vec::new(), Vec::new(), ir::Rows::default());
        let mut best: Option<Exact> = None;
        let mut sound = true;
        for bin in &feature.bins {
            let mut bin = Cow::Borrowed(bin);
            if let (true, Some(subject)) = (in_file, &subject) {
                if bin.is_missing() && !subject.optional {
                    // Tools write such a bin for every feature
                    continue;
                }
                bin = Cow::Owned(self.in_own_words(&bin, subject.ty));
            }
            let id = bin.written();
            if in_file
                && subject
                    .as_ref()
                    .is_some_and(|subject| subject.ty == Ty::Integer)
            {
                bin = Cow::Owned(with_whole_bounds(&bin));
            }
            let points = self.points(&bin.points, ty);
            let before = self.diagnostics.len();
            let test = match (&bin.test, &subject) {
                (None, _) => Some(None),
                // Told where the value is looked at as a whole
                (Some(_), Some(subject)) if bin.is_missing() && !subject.optional => None,
                (Some(cell), Some(subject)) => self.test_cell(subject, cell),
                (Some(_), None) => None,
            };
            if let (true, Some(subject)) = (in_file, &subject) {
                let found = self.diagnostics.get_mut(before..).unwrap_or_default();
                source::advise_bin(found, subject.ty);
            }
            let (Some(points), Some(test)) = (points, test) else {
                sound = false;
                continue;
            };
            best = Some(best.map_or(exact(&points), |best| best.max(exact(&points))));
            let points = literal(points, ty, bin.points.span);
            rows.push(&ir::NewRow {
                id: &id,
                tests: &[test.map(|test| position(&mut tests, test))],
                otherwise: false,
                values: &[Some(position(&mut values, points))],
                because: None,
                validity: ir::Validity::default(),
                span: bin.span,
            });
        }
        let subject = subject?;
        sound &= in_file && !subject.optional || self.tells_missing(feature, &subject);
        if sound && rows.is_empty() {
            self.no_bins(feature);
            return None;
        }
        sound.then(|| {
            let table = ir::Table {
                name: Arc::from(name.as_str()),
                form: ir::TableForm::Bins,
                policy: ir::HitPolicy::First,
                validity: ir::Validity::default(),
                ranking: None,
                columns: vec![ir::TestColumn {
                    header: Arc::from(print::expression(&feature.value)),
                    subject: Some(subject.value),
                    cells: tests,
                }],
                outputs: vec![ir::TableOutput {
                    name: Arc::from(name.as_str()),
                    ty: DeclaredTy::bare(ty),
                    cells: values.into_iter().collect(),
                    at_hand: None,
                    trends: Vec::new(),
                }],
                rows,
                span: feature.value.span,
            };
            (table, best.unwrap_or_default())
        })
    }

    fn no_bins(&mut self, feature: &FeatureDecl) {
        self.report(
            Diagnostic::error(
                codes::NO_BINS,
                "this feature has no bins",
                feature.value.span,
            )
            .help("add one, such as `below 25 : 10`"),
        );
    }

    /// Holds that a bin takes a missing value, where there may be one.
    fn tells_missing(&mut self, feature: &FeatureDecl, subject: &Subject) -> bool {
        if subject.optional && feature.bins.iter().any(|bin| bin.test.is_none()) {
            return true;
        }
        let missing = feature.bins.iter().find(|bin| bin.is_missing());
        self.told_where_missing(subject, missing.map(|bin| bin.span), || {
            "add a bin for it, such as `missing : 0`".to_owned()
        })
    }

    fn feature_subject(&mut self, name: &str, value: &'a ast::Expr) -> Option<Subject> {
        let found = self.maybe(value, None, &Env::default())?;
        let (ty, optional, span) = (found.ty, found.optional, value.span);
        let value = match found.kind {
            ir::ExprKind::Value(value) => value,
            _ => Value::Definition(self.define_column(name, found)),
        };
        Some(Subject {
            value,
            ty,
            optional,
            span,
        })
    }

    /// Points as they are written: a constant of few digits.
    pub(super) fn points(&mut self, written: &ast::Expr, ty: Ty) -> Option<Literal> {
        let found = self.constant(written, ty)?;
        let (before, behind) = MAX_DIGITS;
        let value = exact(&found);
        let limit = Exact::from_integer(10_i64.pow(before));
        if value.abs() < limit && value.places() <= behind {
            return Some(found);
        }
        self.report(
            Diagnostic::error(
                codes::POINTS_DIGITS,
                "these points have too many digits",
                written.span,
            )
            .help(format!(
                "write at most {before} digits before the point and {behind} behind it"
            )),
        );
        None
    }

    /// Points that were looked at before.
    pub(super) fn quiet_points(&mut self, written: &ast::Expr, ty: Ty) -> Exact {
        let before = self.diagnostics.len();
        let found = self.points(written, ty);
        self.diagnostics.truncate(before);
        found.as_ref().map_or(Exact::ZERO, exact)
    }
}

fn literal(points: Literal, ty: Ty, span: Span) -> ir::Expr {
    typed(ir::ExprKind::Literal(points), ty, span)
}

/// Appends a cell; returns its position.
fn position(cells: &mut Vec<ir::Expr>, cell: ir::Expr) -> u32 {
    cells.push(cell);
    u32::try_from(cells.len() - 1).unwrap_or(u32::MAX)
}

//! What an output of a table is said to rise or fall with.

use super::table::Subject;
use super::{Checker, codes};
use crate::ast::{self, ColumnKind, ExprKind, HitPolicy, TableDecl, Trend};
use crate::ir;
use crate::types::DeclaredTy;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// Finds the columns that outputs are said to rise or fall with; `None` where one
    /// cannot.
    pub(super) fn trends(
        &mut self,
        decl: &TableDecl,
        subjects: &[Option<Option<Subject>>],
        outputs: &[Option<DeclaredTy>],
    ) -> Option<Vec<Vec<ir::Trend>>> {
        let mut sound = true;
        let mut all = Vec::with_capacity(decl.outputs.len());
        for (output, ty) in decl.outputs.iter().zip(outputs) {
            let mut found = Vec::with_capacity(output.trends.len());
            for trend in &output.trends {
                let trend = ty.and_then(|ty| self.trend(decl, output, trend, ty, subjects));
                sound &= trend.is_some();
                found.extend(trend);
            }
            all.push(found);
        }
        sound.then_some(all)
    }

    fn trend(
        &mut self,
        decl: &TableDecl,
        output: &ast::TableOutput,
        trend: &Trend,
        ty: DeclaredTy,
        subjects: &[Option<Option<Subject>>],
    ) -> Option<ir::Trend> {
        let (name, with) = (&output.name.text, &trend.with.text);
        let verb = if trend.rises { "rise" } else { "fall" };
        let one_counts = matches!(
            decl.policy,
            HitPolicy::Unique | HitPolicy::First | HitPolicy::Any | HitPolicy::Priority
        );
        if !one_counts {
            let policy = decl.policy.words();
            let headline = format!("`{name}` cannot {verb}: of `{policy}`, several rows may count");
            return self.no_trend(headline, trend.span, "leave it out".to_owned());
        }
        if !ty.ty.is_ordered() {
            let headline = format!("`{name}` is {}, which does not {verb}", self.words(ty.ty));
            return self.no_trend(headline, trend.span, "leave it out".to_owned());
        }
        let tested = |column: &ast::Column| match &column.kind {
            ColumnKind::Test(value) => match &value.kind {
                ExprKind::Path(path) => path.text == *with,
                _ => false,
            },
            _ => false,
        };
        let Some(position) = decl.columns.iter().position(tested) else {
            let headline = format!("`{}` does not test `{with}`", decl.name.text);
            let help = format!("name a value that a column tests, or add a column `{with}`");
            return self.no_trend(headline, trend.span, help);
        };
        // What is wrong with the column is told of it
        let subject = subjects.get(position)?.as_ref()?.as_ref()?;
        if !subject.ty.is_ordered() {
            let words = self.words(subject.ty);
            let headline = format!("`{with}` is {words}, which has no order to {verb} with");
            return self.no_trend(headline, trend.span, "leave it out".to_owned());
        }
        Some(ir::Trend {
            rises: trend.rises,
            with: subject.value,
            span: trend.span,
        })
    }

    fn no_trend(&mut self, headline: String, span: Span, help: String) -> Option<ir::Trend> {
        self.report(Diagnostic::error(codes::NO_TREND, headline, span).help(help));
        None
    }
}

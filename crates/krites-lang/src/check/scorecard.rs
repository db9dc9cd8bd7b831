//! Scorecards: each feature becomes a table of one column, the points their sum.

use std::sync::Arc;

use super::names::Meaning;
use super::value_items::typed;
use super::{Checker, codes, items};
use crate::ast::{self, ExprKind, FeatureDecl, ScorecardDecl, SumOp};
use crate::ids::{DefinitionId, List, ScorecardId, TableId};
use crate::ir::{self, Literal, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Exact, Id as _};

/// A scorecard whose points have a name
pub(super) struct ScorecardHead<'a> {
    pub(super) ast: &'a ScorecardDecl,
    /// The points' type: whole, where all are written so
    ty: Ty,
    /// The table and the name of each feature; `None` where it was reported
    features: Vec<Option<(TableId, &'a str)>>,
    points: DefinitionId,
}

impl<'a> Checker<'a> {
    /// Declares all scorecards, behind all other tables: a scorecard's features are
    /// tables too.
    pub(super) fn declare_scorecards(&mut self, file: &'a ast::File) {
        for decl in items!(file, Scorecard) {
            if let Some(from) = &decl.from
                && self.has_cells(&from.file).is_none()
            {
                // Its features, and so its names, are in the file
                let name = &decl.name;
                self.declare(&name.text, Meaning::Broken, name.span);
                continue;
            }
            let meaning = Meaning::Scorecard(self.scorecards.len());
            let sole = self.declare(&decl.name.text, meaning, decl.name.span);
            let ty = points_type(decl);
            let mut features = Vec::with_capacity(decl.features.len());
            for feature in &decl.features {
                let Some(path) = self.feature_name(decl, feature) else {
                    features.push(None);
                    continue;
                };
                let table = TableId::new(self.tables.len() + self.feature_types.len());
                self.feature_types.push(ty);
                let below = ast::Name {
                    text: path.text.clone(),
                    span: path.span,
                };
                let meaning = Meaning::Value(Value::Table(table, 0));
                self.declare_below(&decl.name, &below, meaning, sole);
                features.push(Some((table, path.text.as_str())));
            }
            let sum = self.sum_of_points(decl, ty, &features);
            let points = self.define(format!("{}.points", decl.name.text), sum);
            let below = ast::Name {
                text: "points".to_owned(),
                span: decl.name.span,
            };
            let meaning = Meaning::Value(Value::Definition(points));
            self.declare_below(&decl.name, &below, meaning, sole);
            self.scorecards.push(ScorecardHead {
                ast: decl,
                ty,
                features,
                points,
            });
        }
    }

    /// The name of a feature: its own, or that of its value.
    fn feature_name(
        &mut self,
        decl: &ScorecardDecl,
        feature: &'a FeatureDecl,
    ) -> Option<&'a ast::Path> {
        match (&feature.name, &feature.value.kind) {
            (Some(name), _) => return Some(name),
            (None, ExprKind::Path(path)) => return Some(path),
            _ => {}
        }
        self.report(
            Diagnostic::error(
                codes::FEATURE_NAME,
                "a feature that is more than a name has a name of its own",
                feature.value.span,
            )
            .help(match decl.from {
                Some(_) => {
                    "define the value under a name, and write that: `\"Debt to income\" = ratio`"
                }
                None => "write a name before it: `ratio = debt / income`",
            }),
        );
        None
    }

    fn sum_of_points(
        &mut self,
        decl: &ScorecardDecl,
        ty: Ty,
        features: &[Option<(TableId, &str)>],
    ) -> ir::Expr {
        let span = decl.name.span;
        let base = decl.base.as_ref().and_then(|base| self.points(base, ty));
        let base = base.unwrap_or_else(|| zero(ty));
        let points = features.iter().flatten().map(|(table, _)| {
            let value = ir::ExprKind::Value(Value::Table(*table, 0));
            (SumOp::Add, typed(value, ty, span))
        });
        let base = typed(ir::ExprKind::Literal(base), ty, span);
        typed(
            ir::ExprKind::Sum(Box::new(base), points.collect()),
            ty,
            span,
        )
    }

    /// The type of a feature's points, of a table behind all others.
    pub(super) fn feature_type(&self, table: TableId) -> Option<DeclaredTy> {
        let position = table.position().checked_sub(self.tables.len())?;
        self.feature_types
            .get(position)
            .copied()
            .map(DeclaredTy::bare)
    }

    /// Checks all scorecards; their features join the tables.
    pub(super) fn check_scorecards(
        &mut self,
        tables: Option<&mut List<TableId, ir::Table>>,
    ) -> Option<List<ScorecardId, ir::Scorecard>> {
        let mut found = Vec::new();
        let mut scorecards = List::default();
        // One whose file is wrong was not declared
        let mut sound = items!(self.file, Scorecard).count() == self.scorecards.len();
        for head in std::mem::take(&mut self.scorecards) {
            match self.check_scorecard(&head, &mut found) {
                Some(scorecard) => {
                    scorecards.push(scorecard);
                }
                None => sound = false,
            }
            self.scorecards.push(head);
        }
        if let Some(tables) = tables {
            for table in found {
                tables.push(table);
            }
        }
        sound.then_some(scorecards)
    }

    fn check_scorecard(
        &mut self,
        head: &ScorecardHead<'a>,
        tables: &mut Vec<ir::Table>,
    ) -> Option<ir::Scorecard> {
        let decl = head.ast;
        let mut features = Vec::with_capacity(decl.features.len());
        let mut sound = true;
        for (feature, named) in decl.features.iter().zip(&head.features) {
            let Some((table, name)) = named else {
                sound = false;
                continue;
            };
            let because = feature.because.as_ref().map(|code| self.reason(code));
            let baseline = feature
                .baseline
                .as_ref()
                .map(|baseline| self.points(baseline, head.ty));
            let whole = format!("{}.{name}", decl.name.text);
            let checked = self.feature(feature, whole, head.ty, decl.from.is_some());
            let (Some((checked, best)), Some(because), Some(baseline)) =
                (checked, or_none(because), or_none(baseline))
            else {
                sound = false;
                continue;
            };
            tables.push(checked);
            features.push(ir::Feature {
                name: Arc::from(*name),
                table: *table,
                because,
                baseline: baseline.map_or(best, |baseline| exact(&baseline)),
            });
        }
        if decl.features.is_empty() {
            self.report(
                Diagnostic::error(
                    codes::NO_FEATURES,
                    format!("`{}` has no features", decl.name.text),
                    decl.name.span,
                )
                .help("add one, such as `age because R32 { below 25 : 10; 25 and above : 35 }`"),
            );
            sound = false;
        }
        let base = decl
            .base
            .as_ref()
            .map(|base| self.quiet_points(base, head.ty));
        sound.then(|| ir::Scorecard {
            name: Arc::from(decl.name.text.as_str()),
            base: base.unwrap_or_default(),
            features,
            points: head.points,
            span: decl.name.span,
        })
    }
}

/// Integers where all points are written as whole numbers, else plain numbers.
fn points_type(decl: &ScorecardDecl) -> Ty {
    let features = decl.features.iter();
    let points = features.flat_map(|feature| {
        let bins = feature.bins.iter().map(|bin| &bin.points);
        bins.chain(&feature.baseline)
    });
    // Tools write whole points as `29.0`, too
    let in_file = decl.from.is_some();
    let is_whole = |points: &ast::Expr| match &points.kind {
        ExprKind::Number(digits) => match digits.split_once('.') {
            Some((_, places)) => in_file && places.bytes().all(|digit| digit == b'0'),
            None => true,
        },
        _ => true,
    };
    match points.chain(&decl.base).all(is_whole) {
        true => Ty::Integer,
        false => Ty::Decimal,
    }
}

fn zero(ty: Ty) -> Literal {
    match ty {
        Ty::Integer => Literal::Integer(0),
        _ => Literal::Exact(Exact::ZERO),
    }
}

pub(super) fn exact(points: &Literal) -> Exact {
    match points {
        Literal::Integer(points) => Exact::from_integer(*points),
        Literal::Exact(points) => *points,
        _ => Exact::ZERO,
    }
}

/// `None` where something that is written was reported.
fn or_none<T>(written: Option<Option<T>>) -> Option<Option<T>> {
    match written {
        None => Some(None),
        Some(found) => found.map(Some),
    }
}

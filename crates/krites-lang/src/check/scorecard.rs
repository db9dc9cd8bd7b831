//! Scorecards: each feature becomes a table of one column, the points their sum.

use std::sync::Arc;

use super::names::Meaning;
use super::table::Subject;
use super::value_items::typed;
use super::{Checker, Env, codes, items};
use crate::ast::{self, CellKind, ExprKind, FeatureDecl, ScorecardDecl, SumOp};
use crate::ids::{DefinitionId, List, ScorecardId, TableId};
use crate::ir::{self, Literal, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Exact, Id as _, Span};

/// How many digits points have at most before the point, and behind it: no
/// difference of two of them is too large
const MAX_DIGITS: (u32, u32) = (15, 10);

/// A scorecard whose points have a name
pub(super) struct ScorecardHead<'a> {
    ast: &'a ScorecardDecl,
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
            let meaning = Meaning::Scorecard(self.scorecards.len());
            let sole = self.declare(&decl.name.text, meaning, decl.name.span);
            let ty = points_type(decl);
            let mut features = Vec::with_capacity(decl.features.len());
            for feature in &decl.features {
                let Some(path) = self.feature_name(feature) else {
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
    fn feature_name(&mut self, feature: &'a FeatureDecl) -> Option<&'a ast::Path> {
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
            .help("write a name before it: `ratio = debt / income`"),
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
        let mut sound = true;
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
            let checked = self.feature(feature, whole, head.ty);
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

    /// The table of a feature, and its best points.
    fn feature(
        &mut self,
        feature: &'a FeatureDecl,
        name: String,
        ty: Ty,
    ) -> Option<(ir::Table, Exact)> {
        let subject = self.feature_subject(&name, &feature.value);
        if feature.bins.is_empty() {
            self.report(
                Diagnostic::error(
                    codes::NO_BINS,
                    "this feature has no bins",
                    feature.value.span,
                )
                .help("add one, such as `below 25 : 10`"),
            );
            return None;
        }
        let (mut tests, mut values, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut best: Option<Exact> = None;
        let mut sound = true;
        for bin in &feature.bins {
            let points = self.points(&bin.points, ty);
            let test = match (&bin.test, &subject) {
                (None, _) => Some(None),
                // Told where the value is looked at as a whole
                (Some(cell), Some(subject))
                    if matches!(*cell.kind, CellKind::Missing) && !subject.optional =>
                {
                    None
                }
                (Some(cell), Some(subject)) => self.test_cell(subject, cell),
                (Some(_), None) => None,
            };
            let (Some(points), Some(test)) = (points, test) else {
                sound = false;
                continue;
            };
            best = Some(best.map_or(exact(&points), |best| best.max(exact(&points))));
            rows.push(ir::Row {
                id: Arc::from(bin.written()),
                tests: [test.map(|test| position(&mut tests, test))].into(),
                otherwise: false,
                values: [Some(position(
                    &mut values,
                    literal(points, ty, bin.points.span),
                ))]
                .into(),
                because: None,
                validity: ir::Validity::default(),
                span: bin.span,
            });
        }
        let subject = subject?;
        sound &= self.tells_missing(feature, &subject);
        sound.then(|| {
            let table = ir::Table {
                name: Arc::from(name.as_str()),
                policy: ir::HitPolicy::First,
                validity: ir::Validity::default(),
                ranking: None,
                columns: vec![ir::TestColumn {
                    subject: Some(subject.value),
                    cells: tests,
                }],
                outputs: vec![ir::TableOutput {
                    name: Arc::from(name.as_str()),
                    ty: DeclaredTy::bare(ty),
                    cells: values,
                    at_hand: None,
                }],
                rows,
                span: feature.value.span,
            };
            (table, best.unwrap_or_default())
        })
    }

    /// Holds that a bin takes a missing value, where there may be one.
    fn tells_missing(&mut self, feature: &FeatureDecl, subject: &Subject) -> bool {
        if subject.optional && feature.bins.iter().any(|bin| bin.test.is_none()) {
            return true;
        }
        let missing = feature.bins.iter().find(|bin| {
            let test = bin.test.as_ref();
            test.is_some_and(|cell| matches!(*cell.kind, CellKind::Missing))
        });
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
    fn points(&mut self, written: &ast::Expr, ty: Ty) -> Option<Literal> {
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
    fn quiet_points(&mut self, written: &ast::Expr, ty: Ty) -> Exact {
        let before = self.diagnostics.len();
        let found = self.points(written, ty);
        self.diagnostics.truncate(before);
        found.as_ref().map_or(Exact::ZERO, exact)
    }

    /// Resolves `behaviour.shortfalls`, which stands for outcomes.
    pub(super) fn owed_shortfalls(
        &mut self,
        owed: &ast::OwedShortfalls,
        outcomes: &[u32],
    ) -> Option<ir::OwedShortfalls> {
        let path = &owed.path;
        let scorecard = path.text.strip_suffix(".shortfalls");
        let found = scorecard.and_then(|name| self.names.get(name));
        let Some((Meaning::Scorecard(position), _)) = found else {
            if !matches!(found, Some((Meaning::Broken, _))) && !self.names.unread {
                self.no_shortfalls(path);
            }
            return None;
        };
        let head = self.scorecards.get(position)?;
        if head
            .ast
            .features
            .iter()
            .all(|feature| feature.because.is_none())
        {
            let declared = head.ast.name.span;
            self.report(
                Diagnostic::error(
                    codes::NO_FEATURE_REASONS,
                    "no feature of this scorecard has a reason",
                    path.span,
                )
                .evidence(declared, "declared here")
                .help("give its features reasons, as in `age because R32 { … }`"),
            );
            return None;
        }
        Some(ir::OwedShortfalls {
            outcomes: outcomes.to_vec(),
            scorecard: ScorecardId::new(position),
            if_asked: owed.if_asked.is_some(),
        })
    }

    fn no_shortfalls(&mut self, path: &ast::Path) {
        let names: Vec<String> = self
            .names
            .having(|meaning| matches!(meaning, Meaning::Scorecard(_)))
            .map(|name| format!("{name}.shortfalls"))
            .collect();
        let help = match self.close(&path.text, names.iter().map(String::as_str)) {
            Some(close) => format!("did you mean `{close}`?"),
            None if names.is_empty() => "the policy has no scorecard".to_owned(),
            None => format!("write `{}`", names.join("` or `")),
        };
        self.report(
            Diagnostic::error(
                codes::NOT_SHORTFALLS,
                format!("`{}` are not the shortfalls of a scorecard", path.text),
                path.span,
            )
            .help(help),
        );
    }
}

/// Integers where all points are written without a decimal point, else plain numbers.
fn points_type(decl: &ScorecardDecl) -> Ty {
    let features = decl.features.iter();
    let points = features.flat_map(|feature| {
        let bins = feature.bins.iter().map(|bin| &bin.points);
        bins.chain(&feature.baseline)
    });
    let is_whole = |points: &ast::Expr| match &points.kind {
        ExprKind::Number(digits) => !digits.contains('.'),
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

fn exact(points: &Literal) -> Exact {
    match points {
        Literal::Integer(points) => Exact::from_integer(*points),
        Literal::Exact(points) => *points,
        _ => Exact::ZERO,
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

/// `None` where something that is written was reported.
fn or_none<T>(written: Option<Option<T>>) -> Option<Option<T>> {
    match written {
        None => Some(None),
        Some(found) => found.map(Some),
    }
}

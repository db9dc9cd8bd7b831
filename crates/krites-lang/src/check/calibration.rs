//! Calibrations: points, and what stands between them.

use std::cmp::Ordering;

use super::expr::boolean;
use super::table::Subject;
use super::value_items::{typed, with_bound};
use super::{Checker, codes, source};
use crate::ast::{CalibrationDecl, Course};
use crate::ids::LocalId;
use crate::ir::{self, ConstRange, Knot, Literal};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Exact, MAX_KNOTS, Span};

impl Checker<'_> {
    pub(super) fn calibration(
        &mut self,
        decl: &CalibrationDecl,
        ty: DeclaredTy,
        range: Option<&ConstRange>,
    ) -> Option<ir::Expr> {
        if !matches!(ty.ty, Ty::Decimal | Ty::Percent | Ty::Money(_)) {
            self.report(
                Diagnostic::error(
                    codes::CALIBRATION_TYPE,
                    "a calibration gives plain numbers, percentages or money in one currency",
                    decl.ty.span,
                )
                .help("declare it `decimal` or `percent`; for whole values, `decimal(0)`"),
            );
            return None;
        }
        let (subject, bound) = self.looked_at("calibration", &decl.subject)?;
        if !subject.ty.is_number() {
            self.not_a_number(&decl.subject, subject.ty);
            return None;
        }
        if let Some(from) = &decl.from {
            self.has_cells(from)?;
        }
        let knots = self.knots(decl, &subject, ty, range);
        let missing = decl
            .missing
            .as_ref()
            .map(|(value, _)| self.knot_value(value, ty, range, &decl.name.text));
        let told = ty.optional && decl.missing.is_none()
            || self.told_where_missing(
                &subject,
                decl.missing.as_ref().map(|(_, span)| *span),
                || "add `missing : VALUE` to the points, or a `?` to the type".to_owned(),
            );
        let (knots, true) = (knots?, told) else {
            return None;
        };
        let missing = match missing {
            Some(value) => Some(typed(ir::ExprKind::Literal(value?), ty.ty, decl.name.span)),
            None => None,
        };
        Some(built(decl, &subject, bound, knots, missing, ty.ty))
    }

    /// The points, each further than the one before it.
    fn knots(
        &mut self,
        decl: &CalibrationDecl,
        subject: &Subject,
        ty: DeclaredTy,
        range: Option<&ConstRange>,
    ) -> Option<Vec<Knot>> {
        if decl.knots.len() > MAX_KNOTS {
            self.report(
                Diagnostic::error(
                    codes::TOO_MANY_KNOTS,
                    format!("`{}` has more than {MAX_KNOTS} points", decl.name.text),
                    decl.name.span,
                )
                .help("leave out points that lie on the line between two others"),
            );
            return None;
        }
        let mut knots: Vec<Knot> = Vec::with_capacity(decl.knots.len());
        let mut sound = true;
        let mut before: Option<Span> = None;
        for knot in &decl.knots {
            let found = self.diagnostics.len();
            let at = self
                .constant(&knot.at, subject.ty)
                .and_then(|at| exact(&at));
            self.advise(decl, found, subject.ty);
            let value = self.knot_value(&knot.value, ty, range, &decl.name.text);
            self.advise(decl, found, ty.ty);
            let (Some(at), Some(value)) = (at, value.and_then(|value| exact(&value))) else {
                sound = false;
                continue;
            };
            if let (Some(last), Some(place)) = (knots.last(), before)
                && last.at.cmp(&at) != Ordering::Less
            {
                self.report(
                    Diagnostic::error(codes::KNOTS_ORDER, "the points do not rise", knot.at.span)
                        .evidence(place, "the point before it")
                        .help("write the points in order, the lowest first, each once"),
                );
                sound = false;
            }
            before = Some(knot.at.span);
            knots.push(Knot { at, value });
        }
        if decl.knots.len() < 2 {
            self.report(
                Diagnostic::error(
                    codes::KNOTS_FEW,
                    format!("`{}` has fewer than two points", decl.name.text),
                    decl.name.span,
                )
                .help(match decl.from {
                    Some(_) => "give the file a row for each point, two at the least",
                    None => "write at least two, such as `0 : 0.001, 1 : 0.9`",
                }),
            );
            sound = false;
        }
        sound.then_some(knots)
    }

    /// Says of mistakes from `found` on what the policy could say of the file.
    fn advise(&mut self, decl: &CalibrationDecl, found: usize, ty: Ty) {
        if decl.from.is_some() {
            let found = self.diagnostics.get_mut(found..).unwrap_or_default();
            source::advise(found, ty);
        }
    }

    /// A value of a point, as its type and range have it.
    fn knot_value(
        &mut self,
        value: &crate::ast::Expr,
        ty: DeclaredTy,
        range: Option<&ConstRange>,
        name: &str,
    ) -> Option<Literal> {
        let found = self.constant(value, ty.ty)?;
        self.check_digits(&found, ty, value.span);
        self.check_inside(&found, range, name, None, value.span);
        Some(found)
    }
}

/// What a constant is as an exact number.
fn exact(literal: &Literal) -> Option<Exact> {
    match literal {
        Literal::Integer(value) => Some(Exact::from_integer(*value)),
        Literal::Exact(value) => Some(*value),
        _ => None,
    }
}

/// The value by the points, and what is given where there is none to look up.
fn built(
    decl: &CalibrationDecl,
    subject: &Subject,
    bound: Option<(LocalId, ir::Expr)>,
    knots: Vec<Knot>,
    missing: Option<ir::Expr>,
    ty: Ty,
) -> ir::Expr {
    let span = decl.name.span;
    let calibration = ir::Calibration {
        of: super::convert::widen(subject.there(), Ty::Decimal),
        knots: knots.into(),
        linear: decl.course == Course::Linear,
    };
    let value = typed(ir::ExprKind::Calibrated(Box::new(calibration)), ty, span);
    let present = boolean(ir::ExprKind::Present(subject.value), span);
    let found = match missing {
        Some(missing) => {
            let kind = ir::ExprKind::Cases(vec![(present, value)], Box::new(missing));
            typed(kind, ty, span)
        }
        None if subject.optional => {
            let attempt = ir::Try {
                when: Some(present),
                value,
                fault_next: false,
            };
            let cascade = ir::Cascade {
                tries: vec![attempt],
                otherwise: None,
                stage: None,
            };
            ir::Expr {
                optional: true,
                ..typed(ir::ExprKind::Cascade(Box::new(cascade)), ty, span)
            }
        }
        None => value,
    };
    with_bound(bound, found)
}

//! Bands: labels for the values between bounds.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::expr::boolean;
use super::table::Subject;
use super::value_items::{typed, with_bound};
use super::{Checker, codes};
use crate::ast::{Band, BandEdge, BandsDecl, CompareOp};
use crate::ids::EnumId;
use crate::ir::{self, Literal};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn bands(&mut self, decl: &BandsDecl, ty: DeclaredTy) -> Option<ir::Expr> {
        let (Ty::Enum(id), false) = (ty.ty, ty.optional) else {
            self.report(
                Diagnostic::error(
                    codes::BANDS_TYPE,
                    "bands give labels of an enum",
                    decl.ty.span,
                )
                .help("name the enum, without `?`: a band `LABEL missing` takes a missing value"),
            );
            return None;
        };
        let (subject, bound) = self.looked_at("bands", &decl.subject)?;
        if !subject.ty.is_ordered() {
            let words = self.words(subject.ty);
            self.report(
                Diagnostic::error(
                    codes::NO_ORDER,
                    format!("{words} has no order, so it lies in no band"),
                    subject.span,
                )
                .help("choose by its values: `match x { a, b : 1, otherwise : 2 }`"),
            );
            return None;
        }
        let labels = self.band_labels(decl, id);
        let bounds = self.band_bounds(decl, &subject);
        let takes_missing = decl
            .bands
            .iter()
            .find(|band| matches!(band.edge, BandEdge::Missing));
        let told = self.told_where_missing(&subject, takes_missing.map(|band| band.span), || {
            "add a band for it, such as `unknown missing`".to_owned()
        });
        let (labels, bounds, true) = (labels?, bounds?, told) else {
            return None;
        };
        let mut arms = Vec::with_capacity(decl.bands.len());
        let mut otherwise = None;
        let present = |span| boolean(ir::ExprKind::Present(subject.value), span);
        for ((band, label), bound) in decl.bands.iter().zip(labels).zip(bounds) {
            let span = band.span;
            let value = constant(Literal::Label(label), ty.ty, band.label.span);
            match (compared(&band.edge), bound) {
                (Some(op), Some(bound)) => {
                    let (left, right) = (subject.there(), constant(bound, subject.ty, span));
                    let kind = ir::ExprKind::Compare(op, Box::new(left), Box::new(right));
                    arms.push((boolean(kind, span), value));
                }
                _ if matches!(band.edge, BandEdge::Missing) => {
                    // It comes first: the others ask of a value that is there
                    let missing = ir::ExprKind::Not(Box::new(present(span)));
                    arms.insert(0, (boolean(missing, span), value));
                }
                _ => otherwise = Some(value),
            }
        }
        let kind = ir::ExprKind::Cases(arms, Box::new(otherwise?));
        Some(with_bound(bound, typed(kind, ty.ty, decl.name.span)))
    }

    /// Each band's label, each once.
    fn band_labels(&mut self, decl: &BandsDecl, id: EnumId) -> Option<Vec<u32>> {
        let mut seen: HashMap<u32, Span> = HashMap::new();
        let mut labels = Vec::with_capacity(decl.bands.len());
        let mut sound = true;
        for band in &decl.bands {
            let Some(label) = self.label(id, &band.label) else {
                sound = false;
                continue;
            };
            labels.push(label);
            if let Some(before) = seen.insert(label, band.label.span) {
                self.report(
                    Diagnostic::error(
                        codes::BAND_TWICE,
                        format!("two bands give `{}`", band.label.text),
                        band.label.span,
                    )
                    .evidence(before, "given here")
                    .help("join the two, or give one of them another label"),
                );
                sound = false;
            }
        }
        sound.then_some(labels)
    }

    /// The bound of each band that has one; they are written in one style, in order,
    /// and the last band takes what is left.
    fn band_bounds(&mut self, decl: &BandsDecl, subject: &Subject) -> Option<Vec<Option<Literal>>> {
        let of_values = decl
            .bands
            .iter()
            .filter(|band| !matches!(band.edge, BandEdge::Missing));
        let of_values: Vec<&Band> = of_values.collect();
        if !self.check_style(decl, &of_values) {
            return None;
        }
        let mut bounds = Vec::with_capacity(decl.bands.len());
        let mut sound = true;
        let mut before: Option<(Literal, Span)> = None;
        for band in &decl.bands {
            let (BandEdge::UpTo(expr) | BandEdge::Below(expr) | BandEdge::From(expr)) = &band.edge
            else {
                bounds.push(None);
                continue;
            };
            let bound = self.constant(expr, subject.ty);
            sound &= bound.is_some();
            if let Some(bound) = &bound {
                let wanted = match band.edge {
                    BandEdge::From(_) => Ordering::Greater,
                    _ => Ordering::Less,
                };
                if let Some((last, place)) = &before
                    && last.order(bound) != Some(wanted)
                {
                    let direction = match wanted {
                        Ordering::Greater => "falls",
                        _ => "rises",
                    };
                    self.report(
                        Diagnostic::error(
                            codes::BANDS_ORDER,
                            format!("each bound {direction} from band to band"),
                            expr.span,
                        )
                        .label("this one does not")
                        .evidence(*place, "the bound before it")
                        .help("write the bands in order, each bound once"),
                    );
                    sound = false;
                }
                before = Some((bound.clone(), expr.span));
            }
            bounds.push(bound);
        }
        sound.then_some(bounds)
    }

    fn check_style(&mut self, decl: &BandsDecl, bands: &[&Band]) -> bool {
        let style = bands.first().map(|band| Style::of(&band.edge));
        let (Some((last, rest)), Some(Some(style))) = (bands.split_last(), style) else {
            return self.no_bounds(decl);
        };
        for band in rest {
            if Style::of(&band.edge) != Some(style) {
                self.report(
                    Diagnostic::error(
                        codes::BANDS_STYLE,
                        "all bands of a list are written in one style",
                        band.span,
                    )
                    .evidence(
                        rest.first().map_or(band.span, |first| first.span),
                        "the first one",
                    )
                    .help(style.example()),
                );
                return false;
            }
        }
        let is_rest = match style {
            Style::UpTo | Style::Below => matches!(last.edge, BandEdge::RestAbove),
            Style::From => matches!(last.edge, BandEdge::RestBelow),
        };
        if !is_rest || rest.is_empty() {
            let rest = match style {
                Style::From => "below",
                Style::UpTo | Style::Below => "above",
            };
            self.report(
                Diagnostic::error(
                    codes::BANDS_OPEN,
                    "the last band takes all that is left",
                    last.span,
                )
                .help(format!(
                    "end with a label and `{rest}` alone: {}",
                    style.example()
                )),
            );
            return false;
        }
        true
    }

    fn no_bounds(&mut self, decl: &BandsDecl) -> bool {
        self.report(
            Diagnostic::error(
                codes::BANDS_OPEN,
                format!("`{}` has no bound", decl.name.text),
                decl.name.span,
            )
            .help(Style::UpTo.example()),
        );
        false
    }
}

/// How bands are written
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    UpTo,
    Below,
    From,
}

impl Style {
    fn of(edge: &BandEdge) -> Option<Style> {
        match edge {
            BandEdge::UpTo(_) => Some(Style::UpTo),
            BandEdge::Below(_) => Some(Style::Below),
            BandEdge::From(_) => Some(Style::From),
            BandEdge::RestAbove | BandEdge::RestBelow | BandEdge::Missing => None,
        }
    }

    fn example(self) -> &'static str {
        match self {
            Style::UpTo => "`S up to 1_500, M up to 4_000, XL above`",
            Style::Below => "`young below 25, middle below 60, old above`",
            Style::From => "`A from 590, B from 560, C below`",
        }
    }
}

fn compared(edge: &BandEdge) -> Option<CompareOp> {
    match edge {
        BandEdge::UpTo(_) => Some(CompareOp::LessOrEqual),
        BandEdge::Below(_) => Some(CompareOp::Less),
        BandEdge::From(_) => Some(CompareOp::GreaterOrEqual),
        BandEdge::RestAbove | BandEdge::RestBelow | BandEdge::Missing => None,
    }
}

fn constant(literal: Literal, ty: Ty, span: Span) -> ir::Expr {
    typed(ir::ExprKind::Literal(literal), ty, span)
}

//! Bands and cascades: items that name one value each.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::expr::boolean;
use super::table::Subject;
use super::{Checker, Env, codes};
use crate::ast::{self, Band, BandEdge, BandsDecl, CascadeDecl, CompareOp};
use crate::ids::{DefinitionId, EnumId, LocalId};
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

    /// The value that an item looks at; what is more than a name is computed once,
    /// under a local.
    pub(super) fn looked_at(
        &mut self,
        name: &str,
        expr: &ast::Expr,
    ) -> Option<(Subject, Option<(LocalId, ir::Expr)>)> {
        let found = self.maybe(expr, None, &Env::default())?;
        let (ty, optional) = (found.ty, found.optional);
        let (value, bound) = match found.kind {
            ir::ExprKind::Value(value) => (value, None),
            _ => {
                // What is more than a name is never missing
                let local = self.add_local(name, DeclaredTy::bare(ty));
                (ir::Value::Local(local), Some((local, found)))
            }
        };
        let span = expr.span;
        Some((
            Subject {
                value,
                ty,
                optional,
                span,
            },
            bound,
        ))
    }

    /// Holds that a value that may be missing is told of, and no other; `told` is
    /// where it is.
    pub(super) fn told_where_missing(
        &mut self,
        subject: &Subject,
        told: Option<Span>,
        help: impl FnOnce() -> String,
    ) -> bool {
        match (subject.optional, told) {
            (false, Some(span)) => self.report(
                Diagnostic::error(
                    codes::NEVER_MISSING,
                    "what is looked at is never missing",
                    span,
                )
                .evidence(subject.span, "always there")
                .help("remove `missing` here"),
            ),
            (true, None) => self.report(
                Diagnostic::error(
                    codes::MISSING_NOT_TOLD,
                    "what is looked at may be missing, and nothing says what then",
                    subject.span,
                )
                .help(help()),
            ),
            _ => return true,
        }
        false
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

    pub(super) fn cascade(
        &mut self,
        decl: &CascadeDecl,
        ty: DeclaredTy,
        stage: DefinitionId,
    ) -> Option<ir::Expr> {
        let mut rest = Env::default();
        let mut tries = Vec::with_capacity(decl.tries.len());
        let mut sound = self.check_ends(decl, ty);
        for attempt in &decl.tries {
            let mut env = rest.clone();
            let mut when = None;
            if let Some(written) = &attempt.when {
                match self.condition(written, &rest) {
                    Some(condition) => {
                        env.assume(&condition, true);
                        // After a fault nothing is known of it
                        if attempt.fault_next.is_none() {
                            rest.assume(&condition, false);
                        }
                        when = Some(condition);
                    }
                    None => {
                        self.assume_mentioned(written, &mut env);
                        self.assume_mentioned(written, &mut rest);
                        sound = false;
                    }
                }
            }
            match self.of_declared(&attempt.value, ty, &env) {
                Some(value) => tries.push(ir::Try {
                    when,
                    value,
                    fault_next: attempt.fault_next.is_some(),
                }),
                None => sound = false,
            }
        }
        let resort = decl
            .otherwise
            .as_ref()
            .and_then(|resort| resort.value.as_ref());
        let otherwise = resort.map(|value| self.of_declared(value, ty, &rest));
        if otherwise.as_ref().is_some_and(Option::is_none) || !sound {
            return None;
        }
        let cascade = ir::Cascade {
            tries,
            otherwise: otherwise.flatten(),
            stage: Some(stage),
        };
        Some(ir::Expr {
            optional: ty.optional,
            ..typed(
                ir::ExprKind::Cascade(Box::new(cascade)),
                ty.ty,
                decl.name.span,
            )
        })
    }

    /// Types a value of a declared type, missing where that has a `?`.
    pub(super) fn of_declared(
        &mut self,
        value: &ast::Expr,
        ty: DeclaredTy,
        env: &Env,
    ) -> Option<ir::Expr> {
        let found = if ty.optional {
            self.maybe(value, Some(ty.ty), env)?
        } else {
            self.expr(value, Some(ty.ty), env)?
        };
        self.coerce_maybe(found, ty.ty)
    }

    /// Reports a cascade without a `try` or an end, and a `try` that takes it all.
    fn check_ends(&mut self, decl: &CascadeDecl, ty: DeclaredTy) -> bool {
        let name = &decl.name;
        if decl.tries.is_empty() {
            self.report(
                Diagnostic::error(
                    codes::NOTHING_TRIED,
                    format!("`{}` tries nothing", name.text),
                    name.span,
                )
                .help("write `try VALUE when CONDITION` before `otherwise`"),
            );
            return false;
        }
        let always = |attempt: &&ast::Try| attempt.when.is_none() && attempt.fault_next.is_none();
        if let Some(attempt) = decl.tries.iter().find(always) {
            self.report(
                Diagnostic::error(
                    codes::TRY_TAKES_ALL,
                    "nothing behind this `try` is ever reached",
                    attempt.span,
                )
                .help("say when it is taken, `when …`, or what a fault leads to, `on fault next`; the last value stands behind `otherwise`"),
            );
            return false;
        }
        let headline = match &decl.otherwise {
            None => "nothing says what holds where no `try` gives the value",
            Some(resort) if resort.value.is_none() && !ty.optional => {
                "its type has no `?`, but it may be missing"
            }
            Some(_) => return true,
        };
        let span = decl
            .otherwise
            .as_ref()
            .map_or(name.span, |resort| resort.span);
        let spelled = self.spelled(ty.ty);
        self.report(
            Diagnostic::error(codes::CASCADE_END, headline, span).help(format!(
                "end with `otherwise VALUE`, or with `otherwise missing` and the type `{spelled}?`"
            )),
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

impl Subject {
    /// The value, where it is known to be there.
    pub(super) fn there(&self) -> ir::Expr {
        typed(ir::ExprKind::Value(self.value), self.ty, self.span)
    }
}

/// An expression that is never missing.
pub(super) fn typed(kind: ir::ExprKind, ty: Ty, span: Span) -> ir::Expr {
    ir::Expr {
        kind,
        ty,
        optional: false,
        span,
    }
}

fn constant(literal: Literal, ty: Ty, span: Span) -> ir::Expr {
    typed(ir::ExprKind::Literal(literal), ty, span)
}

/// Computes what is looked at under its local first.
pub(super) fn with_bound(bound: Option<(LocalId, ir::Expr)>, found: ir::Expr) -> ir::Expr {
    match bound {
        None => found,
        Some((local, value)) => ir::Expr {
            ty: found.ty,
            optional: found.optional,
            span: found.span,
            kind: ir::ExprKind::Let(local, Box::new(value), Box::new(found)),
        },
    }
}

//! What numbers come to through arithmetic, and whether its digits suffice.

use std::collections::BTreeSet;

use super::super::cut::Spans;
use super::super::set::{Set, Values};
use super::{Case, Cause, Found, Locals};
use crate::Exact;
use crate::ast::{ProductOp, SumOp};
use crate::ir::{Bounds, Calibration, Expr, ExprKind, Factor};
use crate::types::Ty;

/// So many digits a number has at most
const DIGITS: u32 = 28;

impl<'p> Case<'p> {
    /// What arithmetic may come to.
    pub(super) fn number(&self, expr: &'p Expr, locals: &Locals<'p>) -> Found {
        let of = |part: &'p Expr| self.found(part, locals);
        match &expr.kind {
            ExprKind::Sum(first, rest) => rest.iter().fold(of(first), |total, (op, term)| {
                let term = of(term);
                sum(
                    expr.ty,
                    total,
                    match op {
                        SumOp::Add => term,
                        SumOp::Subtract => negated(term),
                    },
                )
            }),
            ExprKind::Product(first, rest) => rest.iter().fold(of(first), |product, factor| {
                self.factor(expr.ty, product, factor, locals)
            }),
            ExprKind::Negate(inner) => turned(expr.ty, of(inner), Bounds::negate),
            ExprKind::Abs(inner) => turned(expr.ty, of(inner), Bounds::abs),
            ExprKind::Min(parts) => self.extreme(expr, parts, Bounds::least, locals),
            ExprKind::Max(parts) => self.extreme(expr, parts, Bounds::greatest, locals),
            ExprKind::ToWhole(side, inner) => {
                let found = of(inner).rounded(0, |value| side.of(value));
                fits(expr.ty, found)
            }
            ExprKind::ToDigits(inner, places, rounding) => {
                of(inner).rounded(*places, |value| value.round(*places, *rounding))
            }
            ExprKind::ToMultiple(value, multiple, rounding) => {
                let (value, multiple) = (of(value), of(multiple));
                let bounds = bounds(&value).multiple(bounds(&multiple), *rounding);
                let grid = multiple.grid;
                made(expr.ty, bounds, grid, false, [value, multiple]).failing([Cause::Computed])
            }
            ExprKind::Remainder(value, by, if_zero) => {
                let (value, by) = (of(value), of(by));
                let bounds = bounds(&by).remainder();
                let grid = is_whole(expr.ty).then_some(0);
                let found = set_to(bounds, grid, false, [value, by]);
                let found = match if_zero {
                    Some(alternative) => found.or(of(alternative)),
                    None => found,
                };
                found.failing([Cause::Computed])
            }
            ExprKind::Power(base, exponent) => {
                let (base, exponent) = (of(base), of(exponent));
                let bounds = bounds(&base).power(bounds(&exponent));
                made(expr.ty, bounds, None, true, [base, exponent]).failing([Cause::Computed])
            }
            ExprKind::Calibrated(calibration) => {
                calibrated(expr.ty, calibration, of(&calibration.of))
            }
            ExprKind::Length(text) => {
                let bounds = Bounds::through(Some(Exact::ZERO), None);
                made(expr.ty, bounds, Some(0), false, [of(text)])
            }
            ExprKind::InCurrency(inner) => of(inner).failing([Cause::Computed]),
            _ => self.unknown(expr, locals),
        }
    }

    fn factor(&self, ty: Ty, product: Found, factor: &'p Factor, locals: &Locals<'p>) -> Found {
        let mut value = self.found(&factor.value, locals);
        if factor.op == ProductOp::Multiply {
            let bounds = bounds(&product).times(bounds(&value));
            let grid = product.grid.zip(value.grid).map(|(one, two)| one + two);
            let rounds = product.rounds || value.rounds;
            return made(ty, bounds, grid, rounds, [product, value]);
        }
        let zero = Set::there(Values::Spans(Spans::point(Exact::ZERO)));
        let may_be_zero = !value.set.and(&zero).is_empty();
        value.set = value.set.and(&zero.not());
        let bounds = bounds(&product).over(bounds(&value));
        let never = value.set.is_empty();
        let found = made(ty, bounds, None, true, [product, value]);
        let found = if never { found.nothing() } else { found };
        match &factor.if_zero {
            Some(alternative) if may_be_zero => found.or(self.found(alternative, locals)),
            _ if may_be_zero => found.failing([Cause::Computed]),
            _ => found,
        }
    }

    fn extreme(
        &self,
        expr: &'p Expr,
        parts: &'p [Expr],
        pick: fn(Bounds, Bounds) -> Bounds,
        locals: &Locals<'p>,
    ) -> Found {
        let parts = parts.iter().map(|part| self.found(part, locals));
        let picked = parts.reduce(|one, two| {
            let bounds = pick(bounds(&one), bounds(&two));
            let grid = one.grid.zip(two.grid).map(|(one, two)| one.max(two));
            let rounds = one.rounds && two.rounds;
            set_to(bounds, grid, rounds, [one, two])
        });
        picked.unwrap_or_else(|| self.unknown(expr, locals))
    }
}

impl Found {
    /// Rounded to so many places by what keeps order.
    fn rounded(self, places: u32, round: impl Fn(Exact) -> Exact) -> Found {
        let values = match &self.set.values {
            Values::Spans(spans) => Values::Spans(spans.mapped(self.grid, round)),
            other => other.clone(),
        };
        let grid = self.grid.map_or(places, |grid| grid.min(places));
        Found {
            set: Set::there(values.on_grid(Some(grid))),
            grid: Some(grid),
            rounds: false,
            faults: self.faults,
        }
    }
}

/// The sum of two.
pub(super) fn sum(ty: Ty, one: Found, other: Found) -> Found {
    let bounds = bounds(&one).plus(bounds(&other));
    let grid = one.grid.zip(other.grid).map(|(one, other)| one.max(other));
    let rounds = one.rounds || other.rounds;
    made(ty, bounds, grid, rounds, [one, other])
}

/// A term that is subtracted: what it is added as is no fault of its own.
fn negated(term: Found) -> Found {
    let (bounds, grid, rounds) = (bounds(&term).negate(), term.grid, term.rounds);
    set_to(bounds, grid, rounds, [term])
}

/// What lies between the first and the last number of a set.
pub(super) fn between(found: Found) -> Found {
    let bounds = bounds(&found);
    set_to(bounds, None, true, [found]).failing([Cause::Computed])
}

/// Another sign or none: exact, but for the least whole number.
fn turned(ty: Ty, of: Found, turn: fn(Bounds) -> Bounds) -> Found {
    let (bounds, grid, rounds) = (turn(bounds(&of)), of.grid, of.rounds);
    let found = set_to(bounds, grid, rounds, [of]);
    if is_whole(ty) { fits(ty, found) } else { found }
}

fn calibrated(ty: Ty, calibration: &Calibration, of: Found) -> Found {
    let values = || calibration.knots.iter().map(|knot| knot.value);
    let bounds = Bounds::through(values().min(), values().max());
    let places = values().map(Exact::places).max();
    match calibration.linear {
        true => made(ty, bounds, None, true, [of]).failing([Cause::Computed]),
        false => set_to(bounds, places, false, [of]),
    }
}

/// The numbers between the first and the last one of a set.
fn bounds(found: &Found) -> Bounds {
    let Values::Spans(spans) = &found.set.values else {
        return Bounds::ANY;
    };
    let mut ends = spans.ends(found.grid);
    let Some((low, first)) = ends.next() else {
        return Bounds::ANY;
    };
    let high = ends.last().map_or(first, |(_, last)| last);
    Bounds::through(low, high)
}

/// A result within bounds, of the faults of its parts, and where it may not fit of its
/// own.
fn made<const N: usize>(
    ty: Ty,
    bounds: Bounds,
    grid: Option<u32>,
    rounds: bool,
    parts: [Found; N],
) -> Found {
    fits(ty, set_to(bounds, grid, rounds, parts))
}

fn set_to<const N: usize>(
    bounds: Bounds,
    grid: Option<u32>,
    rounds: bool,
    parts: [Found; N],
) -> Found {
    let (low, high) = bounds.ends();
    let never = parts.iter().any(|part| part.set.values.is_empty());
    let spans = match never {
        true => Spans::default(),
        false => Spans::through(low, high),
    };
    let faults: BTreeSet<Cause> = parts.into_iter().flat_map(|part| part.faults).collect();
    Found {
        set: Set::there(Values::Spans(spans).on_grid(grid)),
        grid,
        rounds,
        faults,
    }
}

/// Adds the fault of a result that is too large, unless its digits suffice for all.
fn fits(ty: Ty, found: Found) -> Found {
    let (low, high) = bounds(&found).ends();
    let room = match (found.grid, found.rounds) {
        _ if is_whole(ty) => None,
        (_, true) => Some(DIGITS),
        (Some(places), false) => DIGITS.checked_sub(places),
        (None, false) => Some(0),
    };
    let holds = |end: Option<Exact>| {
        end.is_some_and(|end| match room {
            None => end.to_integer().is_some(),
            Some(digits) => below_power(end, digits),
        })
    };
    if found.set.values.is_empty() || (holds(low) && holds(high)) {
        return found;
    }
    found.failing([Cause::Computed])
}

/// Tells whether values are whole numbers of 64 bits.
fn is_whole(ty: Ty) -> bool {
    matches!(ty, Ty::Integer | Ty::Duration)
}

/// Tells whether a number has at most so many digits before the point.
fn below_power(number: Exact, digits: u32) -> bool {
    let (units, places) = number.units_and_places();
    let whole = 10_u128
        .checked_pow(places)
        .map(|one| units.unsigned_abs() / one);
    let power = 10_u128.checked_pow(digits);
    whole
        .zip(power)
        .is_some_and(|(whole, power)| digits > 0 && whole < power)
}

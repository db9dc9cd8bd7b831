//! What a number can come to: the bounds that its expression gives it.
//! Invariant: no value that is no fault lies outside of its bounds.

use std::cmp::Ordering;

use super::{ConstRange, Expr, ExprKind, Literal, Value};
use crate::ast::{ProductOp, Rounding, SumOp};
use crate::types::{DeclaredTy, Ty};
use crate::{Exact, NumberFault};

/// The numbers between two ends, both in
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    low: End,
    high: End,
    /// Whether it is never zero, though the ends may leave zero in
    nonzero: bool,
    /// Whether sums and products of it are exact, so that none of them becomes zero
    /// by rounding
    exact: bool,
}

/// An end of bounds
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Lowest,
    At(Exact),
    Highest,
}

impl Bounds {
    /// Any number, by arithmetic that may round
    pub(crate) const ANY: Bounds = Bounds {
        low: End::Lowest,
        high: End::Highest,
        nonzero: false,
        exact: false,
    };

    /// From a number through another; `None` is without an end
    pub(crate) fn through(low: Option<Exact>, high: Option<Exact>) -> Bounds {
        let low = low.map_or(End::Lowest, End::At);
        Bounds::between(low, high.map_or(End::Highest, End::At))
    }

    /// The first and the last number; `None` is without an end
    pub(crate) fn ends(self) -> (Option<Exact>, Option<Exact>) {
        let number = |end: End| match end {
            End::At(value) => Some(value),
            End::Lowest | End::Highest => None,
        };
        (number(self.low), number(self.high))
    }

    /// This number alone
    fn point(value: Exact) -> Bounds {
        let end = End::At(value);
        Bounds::between(end, end).exactly(true)
    }

    fn between(low: End, high: End) -> Bounds {
        Bounds {
            low,
            high,
            ..Bounds::ANY
        }
    }

    /// Bounds within a declared range.
    pub(crate) fn declared(range: &ConstRange) -> Bounds {
        let end = |bound: &Option<(Literal, bool)>, open| match bound {
            Some((Literal::Integer(value), _)) => End::At(Exact::from_integer(*value)),
            Some((Literal::Exact(value), _)) => End::At(*value),
            _ => open,
        };
        let bounds = Bounds::between(end(&range.low, End::Lowest), end(&range.high, End::Highest));
        let bound = range.low.as_ref().or(range.high.as_ref());
        let zero = match bound {
            Some((Literal::Integer(_), _)) => Literal::Integer(0),
            _ => Literal::Exact(Exact::ZERO),
        };
        bounds.without_zero(!range.contains(&zero))
    }

    /// The same bounds, where it is known that zero is none of their values.
    pub(crate) fn without_zero(self, known: bool) -> Bounds {
        Bounds {
            nonzero: self.nonzero || known,
            ..self
        }
    }

    /// Bounds of what becomes a value of a declared type.
    pub(crate) fn held_to(self, ty: DeclaredTy, rounding: Rounding) -> Bounds {
        match ty.places {
            Some(places) => self.rounded(|value| Ok(value.round(places, rounding))),
            None if ty.minor_unit => Bounds::ANY,
            None => self,
        }
    }

    /// The same bounds, of a value that is exact or goes on from a quotient.
    pub(crate) fn exactly(self, exact: bool) -> Bounds {
        Bounds { exact, ..self }
    }

    /// Tells whether zero is ruled out.
    pub(crate) fn excludes_zero(&self) -> bool {
        self.nonzero || self.is_positive() || self.is_negative()
    }

    /// Tells whether nothing below zero is in.
    pub(crate) fn is_never_negative(&self) -> bool {
        self.low >= End::At(Exact::ZERO)
    }

    /// Returns the least power of ten that nothing lies above, by its exponent.
    pub(crate) fn below(&self) -> Option<u32> {
        let End::At(high) = self.high else {
            return None;
        };
        (0..28).find(|exponent| {
            let power = 10_i64.checked_pow(*exponent).map(Exact::from_integer);
            power.is_some_and(|power| high <= power)
        })
    }

    fn is_positive(&self) -> bool {
        self.low > End::At(Exact::ZERO)
    }

    fn is_negative(&self) -> bool {
        self.high < End::At(Exact::ZERO)
    }

    /// Finds the bounds of a number; `values` tells those of what it reads.
    pub(crate) fn of(expr: &Expr, values: &dyn Fn(Value) -> Bounds) -> Bounds {
        let of = |part: &Expr| Bounds::of(part, values);
        match &expr.kind {
            ExprKind::Literal(Literal::Integer(value)) => {
                Bounds::point(Exact::from_integer(*value))
            }
            ExprKind::Literal(Literal::Exact(value)) => Bounds::point(*value),
            ExprKind::Value(value) => values(*value),
            ExprKind::IfMissing(value, None) => values(*value),
            ExprKind::IfMissing(value, Some(alternative)) => values(*value).or(of(alternative)),
            ExprKind::Widen(inner) | ExprKind::InCurrency(inner) => of(inner),
            ExprKind::Negate(inner) => of(inner).negate(),
            ExprKind::Abs(inner) => of(inner).abs(),
            ExprKind::Sum(first, rest) => rest.iter().fold(of(first), |sum, (op, term)| {
                let term = of(term);
                sum.plus(match op {
                    SumOp::Add => term,
                    SumOp::Subtract => term.negate(),
                })
            }),
            ExprKind::Product(first, rest) => rest.iter().fold(of(first), |product, factor| {
                let found = of(&factor.value);
                match (factor.op, &factor.if_zero) {
                    (ProductOp::Multiply, _) => product.times(found),
                    (ProductOp::Divide, None) => product.over(found),
                    (ProductOp::Divide, Some(alternative)) => {
                        product.over(found).or(of(alternative))
                    }
                }
            }),
            ExprKind::Min(parts) => {
                let least = parts.iter().map(of).reduce(Bounds::least);
                least.unwrap_or(Bounds::ANY)
            }
            ExprKind::Max(parts) => {
                let greatest = parts.iter().map(of).reduce(Bounds::greatest);
                greatest.unwrap_or(Bounds::ANY)
            }
            ExprKind::Cases(arms, otherwise) => arms
                .iter()
                .fold(of(otherwise), |all, (_, value)| all.or(of(value))),
            ExprKind::Let(local, value, body) => {
                let bound = of(value);
                Bounds::of(body, &|read| {
                    if read == Value::Local(*local) {
                        bound
                    } else {
                        values(read)
                    }
                })
            }
            ExprKind::ToWhole(side, inner) => of(inner).rounded(|value| Ok(side.of(value))),
            ExprKind::ToDigits(inner, places, rounding) => {
                of(inner).rounded(|value| Ok(value.round(*places, *rounding)))
            }
            ExprKind::ToMultiple(inner, multiple, rounding) => {
                of(inner).multiple(of(multiple), *rounding)
            }
            ExprKind::Remainder(_, by, if_zero) => {
                let rest = of(by).remainder();
                if_zero
                    .as_ref()
                    .map_or(rest, |alternative| rest.or(of(alternative)))
            }
            ExprKind::Power(base, exponent) => of(base).power(of(exponent)),
            ExprKind::Calibrated(calibration) => calibration
                .knots
                .iter()
                .map(|knot| Bounds::point(knot.value).exactly(!calibration.linear))
                .reduce(Bounds::or)
                // The line between two points may cross zero
                .map_or(Bounds::ANY, |all| Bounds {
                    nonzero: false,
                    ..all
                }),
            ExprKind::Length(_) => Bounds::between(End::At(Exact::ZERO), End::Highest),
            _ => Bounds::ANY.exactly(expr.ty == Ty::Integer),
        }
    }

    /// Either of two
    fn or(self, other: Bounds) -> Bounds {
        Bounds {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            nonzero: self.excludes_zero() && other.excludes_zero(),
            exact: self.exact && other.exact,
        }
    }

    pub(crate) fn negate(self) -> Bounds {
        Bounds {
            low: self.high.negate(),
            high: self.low.negate(),
            ..self
        }
    }

    pub(crate) fn abs(self) -> Bounds {
        if self.is_never_negative() {
            return self;
        }
        let zero = End::At(Exact::ZERO);
        let other = self.negate();
        Bounds {
            low: zero.max(other.low),
            high: self.high.max(other.high),
            ..self
        }
    }

    pub(crate) fn plus(self, other: Bounds) -> Bounds {
        let exact = self.exact && other.exact;
        let low = self.low.plus(other.low, End::Lowest);
        let high = self.high.plus(other.high, End::Highest);
        Bounds::between(low, high).exactly(exact)
    }

    pub(crate) fn times(self, other: Bounds) -> Bounds {
        let exact = self.exact && other.exact;
        Bounds::corners(self, other, End::times)
            .exactly(exact)
            .without_zero(exact && self.excludes_zero() && other.excludes_zero())
    }

    pub(crate) fn over(self, other: Bounds) -> Bounds {
        // Beside zero a quotient knows no bounds.
        if other.is_positive() || other.is_negative() {
            Bounds::corners(self, other, End::over)
        } else {
            Bounds::ANY
        }
    }

    /// The smaller of two
    pub(crate) fn least(self, other: Bounds) -> Bounds {
        self.extreme(other, End::min)
    }

    /// The larger of two
    pub(crate) fn greatest(self, other: Bounds) -> Bounds {
        self.extreme(other, End::max)
    }

    fn extreme(self, other: Bounds, pick: fn(End, End) -> End) -> Bounds {
        Bounds {
            low: pick(self.low, other.low),
            high: pick(self.high, other.high),
            nonzero: self.excludes_zero() && other.excludes_zero(),
            exact: self.exact && other.exact,
        }
    }

    /// What is monotonous in both lies between its values at the ends.
    fn corners(self, other: Bounds, at: fn(End, End) -> End) -> Bounds {
        let corners = [
            at(self.low, other.low),
            at(self.low, other.high),
            at(self.high, other.low),
            at(self.high, other.high),
        ];
        let low = corners.into_iter().min().unwrap_or(End::Lowest);
        let high = corners.into_iter().max().unwrap_or(End::Highest);
        Bounds::between(low, high)
    }

    /// What rounding, which keeps order, makes of it.
    fn rounded(self, round: impl Fn(Exact) -> Result<Exact, NumberFault>) -> Bounds {
        let end = |end: End| match end {
            End::At(value) => round(value).map_or(None, |value| Some(End::At(value))),
            open => Some(open),
        };
        let low = end(self.low).unwrap_or(End::Lowest);
        let high = end(self.high).unwrap_or(End::Highest);
        Bounds::between(low, high).exactly(true)
    }

    pub(crate) fn multiple(self, of: Bounds, rounding: Rounding) -> Bounds {
        match (of.low, of.high) {
            (End::At(low), End::At(high)) if low == high => self
                .rounded(|value| value.round_to_multiple(low, rounding))
                .exactly(of.exact),
            _ => Bounds::ANY,
        }
    }

    /// Between zero and the divisor
    pub(crate) fn remainder(self) -> Bounds {
        let zero = End::At(Exact::ZERO);
        Bounds::between(self.low.min(zero), self.high.max(zero))
    }

    pub(crate) fn power(self, exponent: Bounds) -> Bounds {
        let one = End::At(Exact::from_integer(1));
        if self.low >= one && exponent.is_never_negative() {
            Bounds::between(one, End::Highest)
        } else if self.is_never_negative() {
            Bounds::between(End::At(Exact::ZERO), End::Highest)
        } else {
            Bounds::ANY
        }
    }
}

impl End {
    fn negate(self) -> End {
        match self {
            End::Lowest => End::Highest,
            End::At(value) => End::At(value.negate()),
            End::Highest => End::Lowest,
        }
    }

    /// Which side of zero it is on
    fn side(self) -> Ordering {
        self.cmp(&End::At(Exact::ZERO))
    }

    fn plus(self, other: End, unknown: End) -> End {
        match (self, other) {
            (End::At(one), End::At(other)) => one.add_rounded(other).map_or(unknown, End::At),
            _ => unknown,
        }
    }

    fn times(self, other: End) -> End {
        let product = match (self, other) {
            (End::At(one), End::At(other)) => one.multiply_rounded(other).ok(),
            _ => None,
        };
        product.map_or_else(|| self.infinite(other), End::At)
    }

    /// Divides by what is not zero.
    fn over(self, other: End) -> End {
        let quotient = match (self, other) {
            (End::At(one), End::At(other)) => one.divide(other).ok(),
            (_, End::Lowest | End::Highest) => Some(Exact::ZERO),
            _ => None,
        };
        quotient.map_or_else(|| self.infinite(other), End::At)
    }

    /// Beyond all numbers, on the side where the product of two ends is
    fn infinite(self, other: End) -> End {
        match (self.side(), other.side()) {
            (Ordering::Equal, _) | (_, Ordering::Equal) => End::At(Exact::ZERO),
            (one, other) if one == other => End::Highest,
            _ => End::Lowest,
        }
    }
}

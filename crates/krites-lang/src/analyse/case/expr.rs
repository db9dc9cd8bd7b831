//! What expressions may come to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::cut::{Cut, Spans};
use super::super::domain::number;
use super::super::set::{Set, Values};
use super::{Bound, Case, Cause, Found, Locals, Truth};
use crate::Exact;
use crate::ast::DatePart;
use crate::ids::{FunctionId, LocalId};
use crate::ir::{
    Cascade, ConstRange, DistributionQuery, Expr, ExprKind, IfNone, Literal, LocalTy, LookupUse,
    Value,
};
use crate::types::{DeclaredTy, Ty};

impl<'p> Case<'p> {
    /// What an expression may come to; anything where that would take too much work.
    pub(super) fn found(&self, expr: &'p Expr, locals: &Locals<'p>) -> Found {
        match self.enter() {
            Some(_within) if expr.ty == Ty::Boolean => self.truth_within(expr, locals),
            Some(_within) => self.found_within(expr, locals),
            None => self.anything(expr, self.causes()),
        }
    }

    /// Anything of an expression's type.
    pub(super) fn anything(&self, expr: &Expr, faults: BTreeSet<Cause>) -> Found {
        let ty = DeclaredTy {
            optional: expr.optional,
            ..DeclaredTy::bare(expr.ty)
        };
        Found::any(self.policy, ty, faults)
    }

    /// Values of whatever type; those of conditions, where they are no conditions by form.
    pub(super) fn found_within(&self, expr: &'p Expr, locals: &Locals<'p>) -> Found {
        match &expr.kind {
            ExprKind::Literal(literal) => Found::constant(self.policy, expr.ty, literal),
            ExprKind::Value(value) => {
                let found = self.value(*value, locals);
                // The checker proved that it is there
                if expr.optional { found } else { found.there() }
            }
            ExprKind::IfMissing(value, alternative) => {
                let found = self.value(*value, locals);
                if !found.set.missing {
                    return found;
                }
                match alternative {
                    Some(alternative) => found.there().or(self.found(alternative, locals)),
                    None => found.there().failing([Cause::Computed]),
                }
            }
            ExprKind::Widen(inner) => self.found(inner, locals),
            ExprKind::Cases(arms, otherwise) => self.cases(arms, otherwise, locals),
            ExprKind::Let(local, value, body) => {
                let mut inner = locals.clone();
                let found = self.bound(*local, self.found(value, locals));
                let exactly = !self.has_digits(*local);
                inner.push(Bound::new(*local, found, exactly.then_some(value)));
                self.found(body, &inner)
            }
            ExprKind::Call(function, arguments) => self.call(*function, arguments, locals),
            ExprKind::Cascade(cascade) => self.cascade(expr, cascade, locals),
            ExprKind::Stage(value) => self.stage(expr, *value),
            ExprKind::Asked(policy, _) => {
                let (fails, gives) = self.may_fail(Cause::Policy(*policy));
                let found = self.anything(expr, BTreeSet::new());
                let found = if gives { found } else { found.nothing() };
                found.failing(fails.then_some(Cause::Policy(*policy)))
            }
            ExprKind::Lookup(looked_up) => self.looked_up(expr, looked_up, locals),
            ExprKind::Part(part, of) => {
                let (low, high) = match part {
                    DatePart::Year => (1, 9999),
                    DatePart::Month => (1, 12),
                    DatePart::Day => (1, 31),
                    DatePart::Weekday => (1, 7),
                    DatePart::Hour => (0, 23),
                    DatePart::Minute => (0, 59),
                    DatePart::Date => return self.unknown(expr, locals),
                };
                let faults = self.found(of, locals).faults;
                self.numbers_of(expr, low, high, faults.into_iter().chain([Cause::Computed]))
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(expr, aggregate, locals),
            ExprKind::Distribution(asked) => {
                let found = self.unknown(expr, locals);
                match asked.query {
                    DistributionQuery::Top | DistributionQuery::Second => found,
                    _ => Found {
                        set: self.numbers_of(expr, 0, 1, []).set,
                        ..found
                    },
                }
            }
            _ if expr.ty.is_number() || expr.ty == Ty::Duration => self.number(expr, locals),
            _ => self.unknown(expr, locals),
        }
    }

    /// Anything; it may be a fault of its own, or of its parts.
    pub(super) fn unknown(&self, expr: &'p Expr, locals: &Locals<'p>) -> Found {
        let mut faults = BTreeSet::from([Cause::Computed]);
        if matches!(
            expr.kind,
            ExprKind::Aggregate(_) | ExprKind::Distribution(_)
        ) {
            faults = self.causes();
        } else {
            expr.each_part(&mut |part| faults.extend(self.found(part, locals).faults));
        }
        self.anything(expr, faults)
    }

    /// Whole numbers from one to another.
    fn numbers_of(
        &self,
        expr: &Expr,
        low: i64,
        high: i64,
        faults: impl IntoIterator<Item = Cause>,
    ) -> Found {
        let mut found = self.anything(expr, BTreeSet::new()).failing(faults);
        let low = Cut::Before(Exact::from_integer(low));
        let high = Cut::After(Exact::from_integer(high));
        let within = Values::Spans(Spans::between(low, high)).on_grid(found.grid);
        found.set.values = found.set.values.and(&within);
        found
    }

    fn cases(&self, arms: &'p [(Expr, Expr)], otherwise: &'p Expr, locals: &Locals<'p>) -> Found {
        let mut found = self.anything(otherwise, BTreeSet::new()).nothing();
        let mut rest = Cow::Borrowed(self);
        let mut locals = Cow::Borrowed(locals);
        for (condition, value) in arms {
            let truth = rest.truth_of(condition, &locals);
            found.faults.extend(truth.faults.iter().copied());
            if !truth.may_fail {
                return found.or(rest.found(value, &locals));
            }
            if truth.may_hold {
                if let Some((taken, locals)) = rest.assume_with(condition, true, &locals) {
                    found = found.or(taken.found(value, &locals));
                }
                match rest.assume_with(condition, false, &locals) {
                    Some((narrowed, bound)) => {
                        rest = Cow::Owned(narrowed);
                        locals = Cow::Owned(bound);
                    }
                    None => return found,
                }
            }
        }
        found.or(rest.found(otherwise, &locals))
    }

    /// What a local holds once it is bound: rounded where its type says so.
    pub(super) fn bound(&self, local: LocalId, found: Found) -> Found {
        match self.policy.locals[local].ty {
            LocalTy::Value(ty) => self.held(found, ty),
            LocalTy::Elements(_) => found,
        }
    }

    pub(super) fn has_digits(&self, local: LocalId) -> bool {
        matches!(self.policy.locals[local].ty, LocalTy::Value(ty) if ty.has_digits())
    }

    fn call(&self, id: FunctionId, arguments: &'p [Expr], locals: &Locals<'p>) -> Found {
        let function = &self.policy.functions[id];
        let mut faults = BTreeSet::new();
        let mut inner = Locals::new();
        for (parameter, argument) in function.parameters.iter().zip(arguments) {
            let mut found = self.bound(parameter.local, self.found(argument, locals));
            if let Some(range) = &parameter.range {
                let within = found.set.and(&range_set(range, found.grid));
                if within != found.set {
                    found.faults.insert(Cause::Computed);
                }
                found.set = within;
            }
            faults.append(&mut found.faults);
            inner.push(Bound::new(parameter.local, found, None));
        }
        for binding in &function.bindings {
            let mut found = self.bound(binding.local, self.found(&binding.value, &inner));
            faults.append(&mut found.faults);
            inner.push(Bound::new(binding.local, found, None));
        }
        let found = self.found(&function.value, &inner);
        self.held(found, function.ty).failing(faults)
    }

    fn cascade(&self, expr: &Expr, cascade: &'p Cascade, locals: &Locals<'p>) -> Found {
        let mut found = self.anything(expr, BTreeSet::new()).nothing();
        let faults = self.tried(cascade, locals, &mut |_, value| {
            let so_far = std::mem::replace(&mut found, self.anything(expr, BTreeSet::new()));
            found = match value {
                Some(value) => so_far.or(value),
                None => so_far.or(self.none(expr)),
            };
        });
        found.failing(faults)
    }

    /// Which `try` gives the value of a cascade.
    fn stage(&self, expr: &Expr, value: Value) -> Found {
        let mut stages = BTreeSet::new();
        let mut faults = BTreeSet::new();
        if let Value::Definition(id) = value
            && let ExprKind::Cascade(cascade) = &self.policy.definitions[id].value.kind
        {
            faults = self.tried(cascade, &Locals::new(), &mut |stage, value| {
                faults.extend(value.into_iter().flat_map(|value| value.faults));
                stages.insert(stage);
            });
        }
        let mut found = self.anything(expr, BTreeSet::new()).nothing();
        for stage in stages {
            found = found.or(self.numbers_of(expr, stage, stage, []));
        }
        found.failing(faults)
    }

    /// Calls `each` with the values of a cascade that may be taken, by the number of their
    /// `try`; of what the cascade may be a fault.
    fn tried(
        &self,
        cascade: &'p Cascade,
        locals: &Locals<'p>,
        each: &mut dyn FnMut(i64, Option<Found>),
    ) -> BTreeSet<Cause> {
        let mut all = BTreeSet::new();
        for (number, attempt) in (1..).zip(&cascade.tries) {
            let truth = match &attempt.when {
                Some(when) => self.truth_of(when, locals),
                None => Truth::sure(true),
            };
            let mut faults = truth.faults;
            if truth.may_hold {
                let mut value = self.found(&attempt.value, locals);
                faults.append(&mut value.faults);
                each(number, Some(value));
            }
            let goes_on = truth.may_fail || (attempt.fault_next && !faults.is_empty());
            if !attempt.fault_next {
                all.append(&mut faults);
            }
            if !goes_on {
                return all;
            }
        }
        let otherwise = cascade.otherwise.as_ref();
        each(0, otherwise.map(|value| self.found(value, locals)));
        all
    }

    /// What is missing.
    fn none(&self, expr: &Expr) -> Found {
        let mut none = self.anything(expr, BTreeSet::new()).nothing();
        none.set.missing = true;
        none
    }

    fn looked_up(&self, expr: &'p Expr, looked_up: &'p LookupUse, locals: &Locals<'p>) -> Found {
        let faults = self.found(&looked_up.key, locals).faults;
        let found = self.anything(expr, faults);
        match &looked_up.if_none {
            IfNone::Proved | IfNone::Missing => found,
            IfNone::Fault => found.failing([Cause::Computed]),
            IfNone::Value(value) => {
                let value = self.found(value, locals);
                found.failing(value.faults)
            }
        }
    }

    /// Tells whether an expression looks at elements of lists itself.
    pub(super) fn looks_at_elements(expr: &Expr) -> bool {
        let mut looks = matches!(expr.kind, ExprKind::Aggregate(_));
        expr.each_part(&mut |part| looks |= Self::looks_at_elements(part));
        looks
    }

    /// Tells whether an expression reads what is bound around it, and so may come to
    /// several values in one case.
    pub(in crate::analyse) fn reads_locals(expr: &Expr) -> bool {
        let mut reads = false;
        expr.each_value(&mut |value| reads |= matches!(value, Value::Local(_)));
        reads
    }
}

/// What lies in a range between constants.
pub(super) fn range_set(range: &ConstRange, grid: Option<u32>) -> Set {
    let end = |bound: &Option<(Literal, bool)>| {
        let (value, inclusive) = bound.as_ref()?;
        Some((number(value)?, *inclusive))
    };
    let low = end(&range.low).map_or(Cut::Lowest, |(value, inclusive)| match inclusive {
        true => Cut::Before(value),
        false => Cut::After(value),
    });
    let high = end(&range.high).map_or(Cut::Highest, |(value, inclusive)| match inclusive {
        true => Cut::After(value),
        false => Cut::Before(value),
    });
    Set {
        missing: false,
        values: Values::Spans(Spans::between(low, high)).on_grid(grid),
    }
}

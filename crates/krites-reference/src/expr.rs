//! Expressions, from left to right.

use std::sync::Arc;

use krites_lang::ast::CompareOp;
use krites_lang::ir::{
    Expr, ExprKind, IfNone, ListValues, LocalTy, LookupUse, TextFunction, TextTest,
};
use krites_lang::{Currency, FunctionId, LocalId, NamedListId, Ty};
use num_rational::BigRational;

use crate::run::{Found, Local, Run};
use crate::{Fault, Value, bind, calendar, number, text};

impl<'p> Run<'p, '_> {
    /// The value of an expression that may be missing.
    pub(crate) fn value(&mut self, expr: &'p Expr) -> Found<Option<Value>> {
        match &expr.kind {
            ExprKind::Value(value) => self.named(*value),
            ExprKind::Asked(id, give) => self.asked(*id, *give),
            ExprKind::Let(local, value, body) => {
                let value = self.value(value)?;
                self.bind_local(*local, value);
                self.value(body)
            }
            ExprKind::Cases(arms, otherwise) => {
                for (condition, value) in arms {
                    if self.truth(condition)? {
                        return self.value(value);
                    }
                }
                self.value(otherwise)
            }
            ExprKind::Cascade(cascade) => self.cascade(cascade),
            ExprKind::Stage(cascade) => self.stage(*cascade),
            ExprKind::Lookup(looked_up) if matches!(looked_up.if_none, IfNone::Missing) => {
                self.looked_up(looked_up)
            }
            _ => self.there(expr).map(Some),
        }
    }

    /// What a lookup has for a key: nothing where there is no row, or the row has
    /// nothing in the column.
    fn looked_up(&mut self, looked_up: &'p LookupUse) -> Found<Option<Value>> {
        let key = self.there(&looked_up.key)?;
        let Some(rows) = self.reference.lookup(looked_up.lookup) else {
            return self.broken("a lookup whose file is not there");
        };
        let row = rows.row(&key);
        Ok(row.and_then(|row| row.get(looked_up.column as usize)?.clone()))
    }

    /// The values of a named list.
    fn listed(&self, list: NamedListId) -> Option<Vec<Value>> {
        Some(match &self.policy.named_lists[list].values {
            ListValues::Constants(values) => values.iter().map(Value::of).collect(),
            ListValues::File(_) => self.reference.list(list)?.keys().cloned().collect(),
        })
    }

    pub(crate) fn truth(&mut self, expr: &'p Expr) -> Found<bool> {
        match self.there(expr)? {
            Value::Boolean(value) => Ok(value),
            _ => self.broken("not a truth"),
        }
    }

    pub(crate) fn number(&mut self, expr: &'p Expr) -> Found<BigRational> {
        match self.there(expr)? {
            Value::Number(value) => Ok(value),
            Value::Duration(value) => Ok(BigRational::from_integer(value)),
            _ => self.broken("not a number"),
        }
    }

    pub(crate) fn integer(&mut self, expr: &'p Expr) -> Found<i64> {
        let value = self.number(expr)?;
        match number::to_integer(&value) {
            Some(value) => Ok(value),
            None => self.broken("not a whole number of 64 bits"),
        }
    }

    fn text(&mut self, expr: &'p Expr) -> Found<Arc<str>> {
        match self.there(expr)? {
            Value::Text(value) => Ok(value),
            _ => self.broken("not a text"),
        }
    }

    /// The value of an expression that is never missing.
    pub(crate) fn there(&mut self, expr: &'p Expr) -> Found<Value> {
        let computed = &self.reference.computed;
        computed.set(computed.get() + 1);
        let zone = self.reference.zone;
        match &expr.kind {
            ExprKind::Value(_)
            | ExprKind::Let(..)
            | ExprKind::Cases(..)
            | ExprKind::Cascade(_)
            | ExprKind::Asked(..)
            | ExprKind::Stage(_) => match self.value(expr)? {
                Some(value) => Ok(value),
                None => self.broken("missing where it never is"),
            },
            ExprKind::Literal(literal) => Ok(Value::of(literal)),
            ExprKind::Widen(inner) => self.there(inner),
            ExprKind::Sum(..)
            | ExprKind::Product(..)
            | ExprKind::Negate(_)
            | ExprKind::Abs(_)
            | ExprKind::ToWhole(..)
            | ExprKind::ToDigits(..)
            | ExprKind::ToMultiple(..)
            | ExprKind::Remainder(..)
            | ExprKind::Calibrated(_)
            | ExprKind::Power(..) => self.computed(expr),
            ExprKind::Min(parts) => self.extreme(parts, std::cmp::Ordering::Less),
            ExprKind::Max(parts) => self.extreme(parts, std::cmp::Ordering::Greater),
            ExprKind::IfMissing(value, alternative) => match (self.named(*value)?, alternative) {
                (Some(value), _) => Ok(value),
                (None, Some(alternative)) => self.there(alternative),
                (None, None) => Err(self.fault(Fault::Missing)),
            },
            ExprKind::Fired(id, if_off) => Ok(Value::Boolean(self.fired(*id, *if_off)?)),
            ExprKind::Present(value) => Ok(Value::Boolean(self.named(*value)?.is_some())),
            ExprKind::Compare(op, left, right) => self.compare(*op, left, right),
            ExprKind::OneOf(subject, values) => {
                let subject = self.there(subject)?;
                for value in values {
                    if self.there(value)? == subject {
                        return Ok(Value::Boolean(true));
                    }
                }
                Ok(Value::Boolean(false))
            }
            ExprKind::InRange(subject, low, high) => {
                self.in_range(subject, low.as_ref(), high.as_ref())
            }
            ExprKind::Not(inner) => Ok(Value::Boolean(!self.truth(inner)?)),
            ExprKind::And(parts) => self.chain(parts, true),
            ExprKind::Or(parts) => self.chain(parts, false),
            ExprKind::InCurrency(inner) => {
                let value = self.there(inner)?;
                match (self.currency_of(inner.ty), self.currency_of(expr.ty)) {
                    (Some(one), Some(other)) if one == other => Ok(value),
                    (Some(one), Some(other)) => Err(self.fault(Fault::currencies(one, other))),
                    _ => self.broken("money without a currency"),
                }
            }
            ExprKind::Move(value, amount, unit) => {
                let value = self.there(value)?;
                let amount = self.integer(amount)?;
                self.noted(calendar::moved(&value, amount, *unit, zone))
            }
            ExprKind::Shift(..) | ExprKind::Elapsed(..) | ExprKind::DurationOf(..) => {
                self.of_time(expr)
            }
            ExprKind::Between(unit, from, to) => {
                let (from, to) = (self.there(from)?, self.there(to)?);
                let passed = self.noted(calendar::between(*unit, &from, &to, zone))?;
                Ok(Value::Number(number::whole(passed)))
            }
            ExprKind::Part(part, inner) => {
                let inner = self.there(inner)?;
                self.noted(calendar::part(*part, &inner, zone))
            }
            ExprKind::TextTest(subject, test) => self.text_test(subject, test),
            ExprKind::InList(subject, list) => {
                let subject = self.there(subject)?;
                match self.listed(*list) {
                    Some(values) => Ok(Value::Boolean(values.contains(&subject))),
                    None => self.broken("a list whose file is not there"),
                }
            }
            ExprKind::InLookup(key, lookup) => {
                let key = self.there(key)?;
                match self.reference.lookup(*lookup) {
                    Some(rows) => Ok(Value::Boolean(rows.row(&key).is_some())),
                    None => self.broken("a lookup whose file is not there"),
                }
            }
            ExprKind::Lookup(looked_up) => match (self.looked_up(looked_up)?, &looked_up.if_none) {
                (Some(value), _) => Ok(value),
                (None, IfNone::Value(value)) => self.there(value),
                (None, IfNone::Fault) => {
                    let name = &self.policy.lookups[looked_up.lookup].name;
                    Err(self.fault(Fault::NoKey(Arc::clone(name))))
                }
                (None, IfNone::Proved | IfNone::Missing) => {
                    self.broken("nothing where there always is something")
                }
            },
            ExprKind::Text(function, parts) => self.made_text(*function, parts),
            ExprKind::Length(inner) => {
                let count = self.text(inner)?.chars().count();
                Ok(Value::Number(BigRational::from_integer(count.into())))
            }
            ExprKind::Call(id, arguments) => self.call(*id, arguments),
            ExprKind::Distribution(found) => self.read(found),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, expr.ty),
        }
    }

    pub(crate) fn bind_local(&mut self, local: LocalId, value: Option<Value>) {
        let value = match self.policy.locals[local].ty {
            LocalTy::Value(ty) => value.map(|value| self.rounded(value, ty)),
            LocalTy::Elements(_) => value,
        };
        self.locals.insert(local, Local::Value(value));
    }

    /// All of them, or one of them, asked up to the first that decides it.
    fn chain(&mut self, parts: &'p [Expr], all: bool) -> Found<Value> {
        for part in parts {
            if self.truth(part)? != all {
                return Ok(Value::Boolean(!all));
            }
        }
        Ok(Value::Boolean(all))
    }

    fn extreme(&mut self, parts: &'p [Expr], wanted: std::cmp::Ordering) -> Found<Value> {
        let mut found: Option<Value> = None;
        for part in parts {
            let value = self.there(part)?;
            if found
                .as_ref()
                .is_none_or(|found| value.order(found) == Some(wanted))
            {
                found = Some(value);
            }
        }
        match found {
            Some(found) => Ok(found),
            None => self.broken("the smallest of nothing"),
        }
    }

    fn ordered(&mut self, left: &Value, right: &Value) -> Found<std::cmp::Ordering> {
        match left.order(right) {
            Some(order) => Ok(order),
            None => self.broken("no order between these"),
        }
    }

    fn compare(&mut self, op: CompareOp, left: &'p Expr, right: &'p Expr) -> Found<Value> {
        let (left, right) = (self.there(left)?, self.there(right)?);
        let order = self.ordered(&left, &right)?;
        Ok(Value::Boolean(match op {
            CompareOp::Less => order.is_lt(),
            CompareOp::LessOrEqual => order.is_le(),
            CompareOp::Greater => order.is_gt(),
            CompareOp::GreaterOrEqual => order.is_ge(),
        }))
    }

    /// As `subject >= low and subject <= high`.
    fn in_range(
        &mut self,
        subject: &'p Expr,
        low: Option<&'p (Box<Expr>, bool)>,
        high: Option<&'p (Box<Expr>, bool)>,
    ) -> Found<Value> {
        let subject = self.there(subject)?;
        if let Some((low, inclusive)) = low {
            let low = self.there(low)?;
            let order = self.ordered(&subject, &low)?;
            if order.is_lt() || (order.is_eq() && !inclusive) {
                return Ok(Value::Boolean(false));
            }
        }
        if let Some((high, inclusive)) = high {
            let high = self.there(high)?;
            let order = self.ordered(&subject, &high)?;
            if order.is_gt() || (order.is_eq() && !inclusive) {
                return Ok(Value::Boolean(false));
            }
        }
        Ok(Value::Boolean(true))
    }

    fn currency_of(&self, ty: Ty) -> Option<Currency> {
        match ty {
            Ty::Money(currency) => Some(currency),
            Ty::MoneyOf(id) => self.currency(id),
            _ => None,
        }
    }

    fn text_test(&mut self, subject: &'p Expr, test: &'p TextTest) -> Found<Value> {
        let subject = self.text(subject)?;
        Ok(Value::Boolean(match test {
            TextTest::StartsWith(part) => subject.starts_with(&*self.text(part)?),
            TextTest::EndsWith(part) => subject.ends_with(&*self.text(part)?),
            TextTest::Contains(part) => subject.contains(&*self.text(part)?),
            TextTest::ContainsWordIn(list) => {
                let Some(entries) = self.listed(*list) else {
                    return self.broken("a list whose file is not there");
                };
                text::contains_word_in(&subject, &entries)
            }
            TextTest::Matches(pattern) => match self.reference.pattern(*pattern) {
                Some(pattern) => pattern.matches(&subject),
                None => return self.broken("a pattern that cannot be read"),
            },
        }))
    }

    fn made_text(&mut self, function: TextFunction, parts: &'p [Expr]) -> Found<Value> {
        let made = match (function, parts) {
            (TextFunction::Concat, parts) => {
                let mut all = String::new();
                for part in parts {
                    all.push_str(&self.text(part)?);
                }
                Some(all)
            }
            (TextFunction::Lower, [part]) => Some(self.text(part)?.to_lowercase()),
            (TextFunction::Upper, [part]) => Some(self.text(part)?.to_uppercase()),
            (TextFunction::Trim, [part]) => Some(self.text(part)?.trim().to_owned()),
            (TextFunction::Left, [part, count]) => {
                let part = self.text(part)?;
                Some(text::left(&part, self.integer(count)?))
            }
            (TextFunction::Right, [part, count]) => {
                let part = self.text(part)?;
                Some(text::right(&part, self.integer(count)?))
            }
            _ => None,
        };
        match made {
            Some(made) => {
                let made = self.noted(text::made(made))?;
                Ok(Value::Text(made.into()))
            }
            None => self.broken("a text of other parts"),
        }
    }

    /// Arguments in order, then their ranges in order, then the bindings in order,
    /// all of them, then the result.
    fn call(&mut self, id: FunctionId, arguments: &'p [Expr]) -> Found<Value> {
        let policy = self.policy;
        let function = &policy.functions[id];
        let mut given = Vec::with_capacity(arguments.len());
        for argument in arguments {
            given.push(self.there(argument)?);
        }
        for (parameter, value) in function.parameters.iter().zip(given) {
            self.bind_local(parameter.local, Some(value));
        }
        for parameter in &function.parameters {
            let inside = match (&parameter.range, self.locals.get(&parameter.local)) {
                (Some(range), Some(Local::Value(Some(value)))) => bind::inside(range, value),
                _ => true,
            };
            if !inside {
                let name = Arc::clone(&policy.locals[parameter.local].name);
                return Err(self.fault(Fault::Argument(Arc::clone(&function.name), name)));
            }
        }
        for binding in &function.bindings {
            let value = self.value(&binding.value)?;
            self.bind_local(binding.local, value);
        }
        let value = self.there(&function.value)?;
        Ok(self.rounded(value, function.ty))
    }
}

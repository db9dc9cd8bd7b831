//! What conditions may come to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::cut::{Cut, Spans};
use super::super::domain::number;
use super::super::set::Values;
use super::{Case, Found, Locals, Truth};
use crate::ast::RuleSetMode;
use crate::ids::RuleId;
use crate::ir::{Expr, ExprKind, Literal, Outcome, Rule, Validity, Value};

impl<'p> Case<'p> {
    /// What a condition may come to.
    pub(super) fn truth_of(&self, condition: &'p Expr, locals: &Locals<'p>) -> Truth {
        self.found(condition, locals).into()
    }

    pub(super) fn truth_within(&self, expr: &'p Expr, locals: &Locals<'p>) -> Found {
        self.consult_condition(expr);
        if let Some(fact) = self.facts.get(&place(expr)) {
            return fact.clone().into();
        }
        match &expr.kind {
            ExprKind::Present(value) => {
                let found = self.value(*value, locals);
                Truth {
                    may_hold: !found.set.values.is_empty(),
                    may_fail: found.set.missing,
                    faults: found.faults,
                }
                .into()
            }
            ExprKind::Not(inner) => self.truth_of(inner, locals).not().into(),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let ends = matches!(expr.kind, ExprKind::Or(_));
                self.condition_once(expr, locals, || self.junction(parts, ends, locals).into())
            }
            ExprKind::Compare(..) | ExprKind::OneOf(..) | ExprKind::InRange(..) => {
                self.comparison(expr, locals).into()
            }
            ExprKind::TextTest(..) | ExprKind::InList(..) | ExprKind::InLookup(..) => {
                let mut faults = BTreeSet::new();
                expr.each_part(&mut |part| faults.extend(self.found(part, locals).faults));
                Truth::either(faults).into()
            }
            ExprKind::Fired(rule, if_off) => self.fired(*rule, *if_off).into(),
            _ => self.found_within(expr, locals),
        }
    }

    /// What several conditions come to, asked in order up to one that is `ends`.
    fn junction(&self, parts: &'p [Expr], ends: bool, locals: &Locals<'p>) -> Truth {
        let mut here = Cow::Borrowed(self);
        let mut locals = Cow::Borrowed(locals);
        let mut all = Truth::default();
        for (at, part) in parts.iter().enumerate() {
            let truth = here.truth_of(part, &locals);
            all.faults.extend(truth.faults.iter().copied());
            let (may_end, may_go_on) = (truth.may_be(ends), truth.may_be(!ends));
            all.set(ends, may_end);
            if !may_go_on {
                return all;
            }
            if may_end && at + 1 < parts.len() {
                match here.assume_with(part, !ends, &locals) {
                    Some((narrowed, bound)) => {
                        here = Cow::Owned(narrowed);
                        locals = Cow::Owned(bound);
                    }
                    None => return all,
                }
            }
        }
        all.set(!ends, true);
        all
    }

    /// Whether a rule fires, as what asks for it is told; `if_off` stands for a rule that
    /// does not hold on the day.
    fn fired(&self, id: RuleId, if_off: Option<bool>) -> Truth {
        let policy = self.policy;
        let set = policy.rule_sets.iter().find(|set| set.rules.contains(&id));
        let of_set = set.map_or((true, false), |set| self.holds_today(&set.validity));
        let own = self.holds_today(&policy.rules[id].validity);
        let (may_be_on, may_be_off) = (of_set.0 && own.0, of_set.1 || own.1);
        let mut all = Truth::default();
        if may_be_off {
            all.set(if_off.unwrap_or(false), true);
        }
        if !may_be_on {
            return all;
        }
        let first = set.filter(|set| set.mode == RuleSetMode::First);
        let before = first.into_iter().flat_map(|set| &set.rules);
        for before in before.take_while(|before| **before != id) {
            let rule = &policy.rules[*before];
            let (may_be_on, may_be_off) = self.holds_today(&rule.validity);
            if rule.shadow || !may_be_on {
                continue;
            }
            let truth = self.fires(rule);
            all.faults.extend(truth.faults.iter().copied());
            all.may_fail |= truth.may_hold;
            if !truth.may_fail && !may_be_off {
                return all;
            }
        }
        let truth = self.fires(&policy.rules[id]);
        all.faults.extend(truth.faults);
        all.may_hold |= truth.may_hold;
        all.may_fail |= truth.may_fail;
        all
    }

    /// Whether a rule that is asked fires; it fails, too, where its outcome cannot be
    /// computed.
    pub(in crate::analyse) fn fires(&self, rule: &'p Rule) -> Truth {
        let mut truth = match &rule.when {
            Some(when) => self.truth(when),
            None => Truth::sure(true),
        };
        if let (Outcome::Computed(outcome), true) = (&rule.then.outcome, truth.may_hold) {
            let found = self.found(outcome, &Locals::new());
            truth.faults.extend(found.faults);
        }
        truth
    }

    /// Whether something may hold on the day, and whether it may not.
    pub(in crate::analyse) fn holds_today(&self, validity: &Validity) -> (bool, bool) {
        if validity.off {
            return (false, true);
        }
        if validity.is_always() {
            return (true, false);
        }
        let day = |day: Option<_>| day.and_then(|day| number(&Literal::Date(day)));
        let low = day(validity.from).map_or(Cut::Lowest, Cut::Before);
        let high = day(validity.through).map_or(Cut::Highest, Cut::After);
        let days = Values::Spans(Spans::between(low, high)).on_grid(Some(0));
        let today = self.value(Value::DecisionDate, &Locals::new()).set.values;
        let holds = !today.and(&days).is_empty();
        (holds, !today.and(&days.not()).is_empty())
    }
}

impl Truth {
    fn set(&mut self, holds: bool, may_be: bool) {
        match holds {
            true => self.may_hold |= may_be,
            false => self.may_fail |= may_be,
        }
    }
}

/// Where an expression lies in the policy, which tells it from others.
pub(super) fn place(expr: &Expr) -> usize {
    std::ptr::from_ref(expr).addr()
}

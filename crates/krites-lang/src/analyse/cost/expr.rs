//! What an expression takes at most.

use super::{Counter, sum};
use crate::MAX_LIST;
use crate::MAX_STEPS;
use crate::ids::FunctionId;
use crate::ir::{Aggregate, Expr, ExprKind, Over};

impl Counter<'_> {
    /// A step for each of its parts, so many times over; of alternatives the largest.
    pub(super) fn expr(&mut self, expr: &Expr, times: u64) -> u64 {
        let own = match &expr.kind {
            ExprKind::Call(function, _) => self.function(*function).saturating_add(1),
            ExprKind::Distribution(found) => u64::from(found.labels.count),
            _ => 1,
        };
        let own = own.saturating_mul(times);
        let parts = match &expr.kind {
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, times),
            ExprKind::Cases(arms, otherwise) => {
                let mut conditions = 0_u64;
                let mut largest = self.expr(otherwise, times);
                for (condition, value) in arms {
                    conditions = conditions.saturating_add(self.expr(condition, times));
                    largest = largest.max(self.expr(value, times));
                }
                conditions.saturating_add(largest)
            }
            _ => {
                let mut all = 0_u64;
                expr.each_part(&mut |part| all = all.saturating_add(self.expr(part, times)));
                all
            }
        };
        own.saturating_add(parts)
    }

    fn aggregate(&mut self, aggregate: &Aggregate, times: u64) -> u64 {
        let all = times.saturating_mul(self.elements(&aggregate.over));
        // A decision looks at no more.
        let all = match aggregate.over {
            Over::List { .. } => all.min(MAX_STEPS),
            _ => all,
        };
        let each = [&aggregate.condition, &aggregate.value];
        let each = each.into_iter().flatten();
        let of_each = sum(each.map(|part| self.expr(part, all)));
        let none = aggregate.if_none.as_ref();
        let none = none.map_or(0, |none| self.expr(none, times));
        sum([all, of_each, none].into_iter())
    }

    fn elements(&self, over: &Over) -> u64 {
        let count = match over {
            Over::Series { inputs, .. } => inputs.len(),
            Over::List { .. } => MAX_LIST,
            Over::Rows { table, .. } => self.policy.tables[*table].rows.len(),
            Over::Labels { labels, .. } => labels.count as usize,
        };
        count as u64
    }

    fn function(&mut self, id: FunctionId) -> u64 {
        if let Some(known) = self.functions.get(&id) {
            return *known;
        }
        let function = &self.policy.functions[id];
        let bindings = function.bindings.iter();
        let bindings = sum(bindings.map(|binding| self.expr(&binding.value, 1)));
        let steps = self.expr(&function.value, 1).saturating_add(bindings);
        self.functions.insert(id, steps);
        steps
    }
}

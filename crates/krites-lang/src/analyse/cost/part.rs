//! What each thing that is asked takes by itself.

use super::{CostPart, Counter, sum};
use crate::analyse::flow::Node;
use crate::ir::{HitPolicy, Outcome, OutputSource, Step};

impl Counter<'_> {
    /// What one thing takes that is asked, where it takes something by itself.
    pub(super) fn part(&mut self, node: Node) -> Option<CostPart> {
        let policy = self.policy;
        let (name, steps, model_calls, span) = match node {
            Node::Definition(id) => {
                let found = &policy.definitions[id];
                let steps = self.expr(&found.value, 1).saturating_add(1);
                (format!("`{}`", found.name), steps, 0, found.span)
            }
            Node::Rows(id) => {
                let table = &policy.tables[id];
                let mut steps = self.tests(table);
                if table.policy == HitPolicy::Any {
                    // All that its rows give is compared, whichever is asked for.
                    let outputs = (0_u32..).zip(&table.outputs);
                    let compared = outputs.map(|(at, _)| self.output(id, table, at));
                    steps = sum(compared).saturating_add(steps);
                }
                (format!("table `{}`", table.name), steps, 0, table.span)
            }
            Node::Kept(id) => {
                let table = &policy.tables[id];
                (
                    format!("rank `{}`", table.name),
                    self.order(id, table),
                    0,
                    table.span,
                )
            }
            Node::Cell(id, at) => {
                let table = &policy.tables[id];
                if table.policy == HitPolicy::Any {
                    return None;
                }
                let name = &table.outputs.get(at as usize)?.name;
                (
                    format!("`{name}`"),
                    self.output(id, table, at),
                    0,
                    table.span,
                )
            }
            Node::Model(id) => {
                let model = &policy.models[id];
                let calls = self.rows_of(model);
                let steps = self.feed(id, model).saturating_mul(calls);
                (format!("model `{}`", model.name), steps, calls, model.span)
            }
            Node::Subpolicy(id) => {
                let asked = &policy.subpolicies[id];
                let feeds = asked.feeds.iter();
                let steps = sum(feeds.map(|feed| self.expr(&feed.value, 1)));
                (
                    format!("policy `{}`", asked.name),
                    steps.saturating_add(1),
                    0,
                    asked.span,
                )
            }
            Node::Fires(id) | Node::InShadow(id) => {
                let rule = &policy.rules[id];
                let mut steps = 1;
                if let Some(when) = &rule.when {
                    steps = self.expr(when, 1).saturating_add(steps);
                }
                if let Outcome::Computed(outcome) = &rule.then.outcome {
                    steps = self.expr(outcome, 1).saturating_add(steps);
                }
                let with = rule.then.with.iter().flatten();
                steps = sum(with.map(|expr| self.expr(expr, 1))).saturating_add(steps);
                (format!("rule `{}`", rule.name), steps, 0, rule.span)
            }
            Node::Output(id) => {
                let output = &policy.outputs[id];
                let mut steps = 1;
                if let Some(when) = &output.when {
                    steps = self.expr(when, 1).saturating_add(steps);
                }
                if let OutputSource::Expr(value) = &output.value {
                    steps = self.expr(value, 1).saturating_add(steps);
                }
                (format!("output `{}`", output.name), steps, 0, output.span)
            }
            Node::Enforced(id) | Node::Noted(id) => {
                let always = &policy.always[id];
                let steps = self.expr(&always.condition, 1).saturating_add(1);
                (
                    format!("`always \"{}\"`", always.title),
                    steps,
                    0,
                    always.span,
                )
            }
            Node::Input(_)
            | Node::List(_)
            | Node::Group(_)
            | Node::Local(_)
            | Node::Outcome
            | Node::Decided(_)
            | Node::Shortfalls => return None,
        };
        Some(CostPart {
            name,
            steps,
            model_calls,
            span,
        })
    }

    /// The steps of `decide` themselves.
    pub(super) fn decide(&mut self) -> CostPart {
        let decide = &self.policy.decide;
        let mut steps = 0_u64;
        for step in &decide.steps {
            steps = steps.saturating_add(1);
            if let Step::Evaluate(evaluate) = step {
                let with = evaluate.with.iter().flatten();
                steps = sum(with.map(|expr| self.expr(expr, 1))).saturating_add(steps);
            }
        }
        CostPart {
            name: format!("`decide {}`", decide.name),
            steps,
            model_calls: 0,
            span: decide.span,
        }
    }
}

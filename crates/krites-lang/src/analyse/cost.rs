//! What a decision takes at most: steps of evaluation, calls of models and of other
//! policies. All that a decision may ask is counted once, since it is asked once.
//! Texts and lookups count as steps of one size. Numbers beyond 64 bits stay there.

mod expr;

use std::collections::BTreeMap;

use super::codes;
use super::flow::{Flow, Node};
use crate::ids::{FunctionId, TableId};
use crate::ir::{HitPolicy, Model, Outcome, OutputSource, Policy, Step, Table};
use crate::{Diagnostic, Span};

/// So many of the costliest parts are shown
const SHOWN: usize = 3;

/// What a decision takes at most
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Steps of evaluation
    pub steps: u64,
    /// Calls of models; one for each row of a rank counts for each
    pub model_calls: u64,
    /// Other policies that are asked, without what these take
    pub policies_asked: u64,
    /// What it is made of, the most steps first
    pub parts: Vec<CostPart>,
}

/// A part of what a decision takes
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostPart {
    /// What it is, such as "table `terms`"
    pub name: String,
    /// Steps
    pub steps: u64,
    /// Calls of models
    pub model_calls: u64,
    /// Where it is declared
    pub span: Span,
}

impl Cost {
    /// Counts what a decision of a policy takes at most.
    #[must_use]
    pub fn of(policy: &Policy) -> Cost {
        let mut counter = Counter {
            policy,
            functions: BTreeMap::new(),
        };
        let mut parts: Vec<CostPart> = Vec::new();
        let mut policies_asked = 0;
        for node in Flow::of(policy).asked_for(asking(policy)) {
            policies_asked += u64::from(matches!(node, Node::Subpolicy(_)));
            parts.extend(counter.part(node));
        }
        parts.push(counter.decide());
        let again: Vec<CostPart> = policy
            .shadows
            .iter()
            .map(|shadow| CostPart {
                name: format!("shadow `{}`", shadow.name),
                steps: sum(parts.iter().map(|part| part.steps)),
                model_calls: sum(parts.iter().map(|part| part.model_calls)),
                span: shadow.span,
            })
            .collect();
        policies_asked *= 1 + policy.shadows.len() as u64;
        parts.extend(again);
        parts.sort_by(|one, other| {
            let most = |part: &CostPart| (part.steps, part.model_calls);
            most(other)
                .cmp(&most(one))
                .then(one.span.start.cmp(&other.span.start))
        });
        Cost {
            steps: sum(parts.iter().map(|part| part.steps)),
            model_calls: sum(parts.iter().map(|part| part.model_calls)),
            policies_asked,
            parts,
        }
    }

    /// Says how many steps and calls of models, as in `1_234 steps, 2 model calls`.
    #[must_use]
    pub fn counted(&self) -> String {
        let steps = counted(self.steps, "step");
        format!("{steps}, {}", counted(self.model_calls, "model call"))
    }
}

/// Results, and what is noted behind them.
fn asking(policy: &Policy) -> impl Iterator<Item = Node> {
    let outputs = policy.outputs.iter_ids().map(|(id, _)| Node::Output(id));
    let decided = (0_u32..)
        .zip(&policy.decide.values)
        .map(|(at, _)| Node::Decided(at));
    let always = policy.always.iter_ids();
    let always = always.map(|(id, always)| match always.enforce {
        true => Node::Enforced(id),
        false => Node::Noted(id),
    });
    let rules = policy.rules.iter_ids().filter(|(_, rule)| rule.shadow);
    let rules = rules.map(|(id, _)| Node::InShadow(id));
    let models = policy.models.iter_ids().filter(|(_, model)| model.shadow);
    let models = models.map(|(id, _)| Node::Model(id));
    [Node::Outcome, Node::Shortfalls]
        .into_iter()
        .chain(outputs)
        .chain(decided)
        .chain(always)
        .chain(rules)
        .chain(models)
}

/// Reports a policy of which a decision may take more than its budget.
pub(super) fn analyse(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    let Some(budget) = &policy.budget else {
        return;
    };
    let cost = Cost::of(policy);
    let over = |most: Option<u64>, taken: u64| most.is_some_and(|most| taken > most);
    let (steps, calls) = (
        over(budget.steps, cost.steps),
        over(budget.model_calls, cost.model_calls),
    );
    let taken = match (steps, calls) {
        (false, false) => return,
        (true, false) => counted(cost.steps, "step"),
        (false, true) => counted(cost.model_calls, "model call"),
        (true, true) => format!(
            "{} and {}",
            counted(cost.steps, "step"),
            counted(cost.model_calls, "model call")
        ),
    };
    let headline = format!("a decision may take {taken}, more than its budget");
    let mut diagnostic = Diagnostic::error(codes::OVER_BUDGET, headline, budget.span)
        .label("the budget")
        .help("let less be looked at, or write a larger `budget`");
    let mut parts = cost.parts;
    if !steps {
        parts.retain(|part| part.model_calls > 0);
        parts.sort_by_key(|part| std::cmp::Reverse(part.model_calls));
    }
    for part in parts.iter().take(SHOWN) {
        let takes = match steps {
            true => counted(part.steps, "step"),
            false => counted(part.model_calls, "model call"),
        };
        diagnostic = diagnostic.evidence(part.span, format!("{} may take {takes}", part.name));
    }
    diagnostics.push(diagnostic);
}

/// `1 step`, `2_000 steps`
fn counted(number: u64, thing: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!(
        "{} {thing}{many}",
        crate::print::number(&number.to_string())
    )
}

fn sum(all: impl Iterator<Item = u64>) -> u64 {
    all.fold(0, u64::saturating_add)
}

struct Counter<'p> {
    policy: &'p Policy,
    /// What a call of a function takes
    functions: BTreeMap<FunctionId, u64>,
}

impl Counter<'_> {
    /// What one thing takes that is asked, where it takes something by itself.
    fn part(&mut self, node: Node) -> Option<CostPart> {
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
    fn decide(&mut self) -> CostPart {
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

    /// All cells of tests, row by row.
    fn tests(&mut self, table: &Table) -> u64 {
        let of_cells: Vec<Vec<u64>> = table
            .columns
            .iter()
            .map(|column| column.cells.iter().map(|cell| self.expr(cell, 1)).collect())
            .collect();
        let rows = table.rows.iter().map(|row| {
            let cells = row.tests.iter().zip(&of_cells);
            let cells = cells.map(|(cell, costs)| {
                cell.and_then(|cell| costs.get(cell as usize))
                    .map_or(1, |cost| cost.saturating_add(1))
            });
            sum(cells).saturating_add(1)
        });
        sum(rows)
    }

    /// What an output takes in each row, by its cells.
    fn cells(&mut self, table: &Table, at: usize) -> Vec<u64> {
        let cells = table
            .outputs
            .get(at)
            .map_or(&[][..], |output| &output.cells);
        let costs: Vec<u64> = cells.iter().map(|cell| self.expr(cell, 1)).collect();
        let rows = table.rows.iter().map(|row| {
            let cell = row.values.get(at).copied().flatten();
            cell.and_then(|cell| costs.get(cell as usize))
                .map_or(1, |cost| cost.saturating_add(1))
        });
        rows.collect()
    }

    /// Of one row, or of all where all that match count or are compared.
    fn output(&mut self, id: TableId, table: &Table, at: u32) -> u64 {
        let mut rows = self.cells(table, at as usize);
        if table.ranking.is_some() {
            let needs = self.policy.needs_of_output(id, at);
            for output in needs.outputs {
                let more = self.cells(table, output as usize);
                for (row, more) in rows.iter_mut().zip(more) {
                    *row = row.saturating_add(more);
                }
            }
        }
        match table.policy {
            HitPolicy::Unique | HitPolicy::First | HitPolicy::Priority => {
                rows.into_iter().max().unwrap_or(0)
            }
            _ => sum(rows.into_iter()),
        }
    }

    /// What orders the rows of a rank.
    fn order(&mut self, id: TableId, table: &Table) -> u64 {
        let Some(ranking) = &table.ranking else {
            return 0;
        };
        let floor = ranking.at_least.as_ref();
        let floor = floor.map_or(0, |floor| self.expr(floor, 1));
        self.output(id, table, ranking.by).saturating_add(floor)
    }

    fn rows_of(&self, model: &Model) -> u64 {
        let each = model.each.as_ref();
        each.map_or(1, |each| self.policy.tables[each.table].rows.len() as u64)
    }

    /// What is computed to feed a model once.
    fn feed(&mut self, id: crate::ids::ModelId, model: &Model) -> u64 {
        let columns = model.inputs.iter().flat_map(|input| &input.columns);
        let fed = sum(columns.map(|column| self.expr(&column.value, 1))).saturating_add(1);
        let Some(each) = &model.each else {
            return fed;
        };
        let table = &self.policy.tables[each.table];
        let needs = self.policy.needs_of_feed(id).outputs;
        let needs = needs.into_iter().map(|output| {
            let rows = self.cells(table, output as usize);
            rows.into_iter().max().unwrap_or(0)
        });
        sum(needs).saturating_add(fed)
    }
}

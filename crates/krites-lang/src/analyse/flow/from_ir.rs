//! The graph of a policy.

use std::collections::BTreeSet;

use super::reads::{Reader, rows_of};
use super::{Flow, How, Node};
use crate::ast::RuleSetMode;
use crate::ids::{DefinitionId, RuleId, TableId};
use crate::ir::{
    ExprKind, HitPolicy, Model, Outcome, OutputSource, OwedOf, Policy, Step, Table, Value,
};

impl<'p> Flow<'p> {
    pub(in crate::analyse) fn of(policy: &'p Policy) -> Flow<'p> {
        let mut flow = Flow::default();
        flow.groups(policy);
        let mut columns = BTreeSet::new();
        for (id, table) in policy.tables.iter_ids() {
            // What is off is missing, whatever it would test.
            if !table.validity.off {
                flow.table(policy, id, table, &mut columns);
            }
        }
        for (id, definition) in policy.definitions.iter_ids() {
            let how = match definition.value.kind {
                ExprKind::Asked(..) => How::Within,
                _ if columns.contains(&id) => How::Tests,
                _ => How::Reads,
            };
            let by = Reader {
                node: Node::Definition(id),
                how,
            };
            flow.reads(policy, &definition.value, by);
            flow.currency(definition.ty.ty, by, definition.span);
        }
        flow.asked(policy);
        flow.rules(policy);
        flow.decide(policy);
        flow.results(policy);
        flow
    }

    /// Reading a value of a group asks for the group.
    fn groups(&mut self, policy: &'p Policy) {
        for (id, group) in policy.groups.iter_ids() {
            let asked = Node::Group(id);
            let by = |node| Reader {
                node,
                how: How::Decides,
            };
            if let (Some(as_of), Some(_)) = (group.as_of, group.stale_after) {
                self.read(Node::Input(as_of), None, by(asked), group.span);
            }
            for input in &group.inputs {
                let span = policy.inputs[*input].span;
                self.read(asked, None, by(Node::Input(*input)), span);
            }
            for list in &group.lists {
                let span = policy.lists[*list].span;
                self.read(asked, None, by(Node::List(*list)), span);
            }
        }
    }

    fn table(
        &mut self,
        policy: &'p Policy,
        id: TableId,
        table: &'p Table,
        columns: &mut BTreeSet<DefinitionId>,
    ) {
        let rows = Reader {
            node: Node::Rows(id),
            how: How::Tests,
        };
        for column in &table.columns {
            let mut how = How::Tests;
            if let Some(Value::Definition(definition)) = column.subject
                && is_column(&policy.definitions[definition].name, &table.name)
            {
                // The definition stands for the column.
                columns.insert(definition);
                how = How::Within;
            }
            if let Some(subject) = column.subject {
                self.value(subject, Reader { how, ..rows }, table.span);
            }
            for cell in &column.cells {
                self.reads(policy, cell, rows);
            }
        }
        let kept = Reader {
            node: rows_of(policy, id),
            how: How::Within,
        };
        if let Some(ranking) = &table.ranking {
            self.read(rows.node, None, kept, table.span);
            let floor = Reader {
                how: How::Decides,
                ..kept
            };
            if let Some(at_least) = &ranking.at_least {
                self.reads(policy, at_least, floor);
            }
            let by = table.outputs.get(ranking.by as usize);
            for cell in by.iter().flat_map(|output| output.cells.others()) {
                self.reads(policy, cell, floor);
            }
        }
        for (at, output) in (0_u32..).zip(&table.outputs) {
            let cell = Reader {
                node: Node::Cell(id, at),
                how: How::Reads,
            };
            let within = Reader {
                how: How::Within,
                ..cell
            };
            self.read(kept.node, None, within, table.span);
            for value in output.cells.others() {
                self.reads(policy, value, cell);
                if table.policy == HitPolicy::Any {
                    // All rows that match are compared.
                    self.reads(policy, value, rows);
                }
            }
            self.currency(output.ty.ty, cell, table.span);
            if let Some(local) = output.at_hand {
                let by = Reader {
                    node: Node::Local(local),
                    how: How::Within,
                };
                self.read(rows.node, None, by, table.span);
                for value in output.cells.others() {
                    self.reads(
                        policy,
                        value,
                        Reader {
                            how: How::Reads,
                            ..by
                        },
                    );
                }
            }
        }
    }

    /// Models and other policies rest on all that they are fed.
    fn asked(&mut self, policy: &'p Policy) {
        for (id, model) in policy.models.iter_ids() {
            for input in &model.inputs {
                for column in &input.columns {
                    let by = Reader {
                        node: Node::Model(id),
                        how: How::Fed(Some(&column.name)),
                    };
                    self.reads(policy, &column.value, by);
                }
            }
            self.of_rows(id, model);
        }
        for (id, asked) in policy.subpolicies.iter_ids() {
            let by = Reader {
                node: Node::Subpolicy(id),
                how: How::Fed(None),
            };
            for feed in &asked.feeds {
                self.reads(policy, &feed.value, by);
            }
        }
    }

    /// A model for each row of a rank rests on which rows are open, and cells of the
    /// rank on its answers.
    fn of_rows(&mut self, id: crate::ids::ModelId, model: &'p Model) {
        let Some(each) = &model.each else {
            return;
        };
        let by = Reader {
            node: Node::Model(id),
            how: How::Decides,
        };
        self.read(Node::Rows(each.table), None, by, model.span);
        for (answer, local) in (0_u32..).zip(&each.answers) {
            let by = Reader {
                node: Node::Local(*local),
                how: How::Within,
            };
            self.read(Node::Model(id), Some(answer), by, model.span);
        }
    }

    fn rules(&mut self, policy: &'p Policy) {
        for (id, rule) in policy.rules.iter_ids() {
            let node = match (acts(policy, id), rule.validity.off) {
                (true, _) => Node::Fires(id),
                (false, false) => Node::InShadow(id),
                (false, true) => continue,
            };
            let how = How::Decides;
            let by = Reader { node, how };
            if let Some(when) = &rule.when {
                self.reads(policy, when, by);
            }
            if let Outcome::Computed(outcome) = &rule.then.outcome {
                self.reads(policy, outcome, by);
            }
        }
        for set in &policy.rule_sets {
            if set.mode == RuleSetMode::First {
                let acting: Vec<&RuleId> =
                    set.rules.iter().filter(|id| acts(policy, **id)).collect();
                for pair in acting.windows(2) {
                    if let [before, behind] = pair {
                        let by = Reader {
                            node: Node::Fires(**behind),
                            how: How::Precedes,
                        };
                        let span = policy.rules[**before].span;
                        self.read(Node::Fires(**before), None, by, span);
                    }
                }
            }
        }
    }

    fn decide(&mut self, policy: &'p Policy) {
        let decide = &policy.decide;
        let speaks = Reader {
            node: Node::Outcome,
            how: How::Speaks,
        };
        for step in &decide.steps {
            match step {
                Step::Rules(set) => {
                    let set = &policy.rule_sets[*set];
                    let rules = set.rules.iter().filter(|_| !set.validity.off);
                    for rule in rules.filter(|rule| acts(policy, **rule)) {
                        self.read(Node::Fires(*rule), None, speaks, decide.span);
                    }
                }
                Step::Rule(rule) if acts(policy, *rule) => {
                    self.read(Node::Fires(*rule), None, speaks, decide.span);
                }
                Step::Evaluate(evaluate) => self.value(evaluate.value, speaks, evaluate.span),
                // What a stop rests on has spoken.
                Step::Rule(_) | Step::StopOnce(_) | Step::StopOnceAtLeast(_) => {}
            }
        }
        for (at, value) in (0_u32..).zip(&decide.values) {
            let by = Reader {
                node: Node::Decided(at),
                how: How::Reads,
            };
            policy.each_decided(at as usize, &mut |expr| self.reads(policy, expr, by));
            self.currency(value.ty.ty, by, decide.span);
        }
    }

    fn results(&mut self, policy: &'p Policy) {
        for (id, output) in policy.outputs.iter_ids() {
            let by = Reader {
                node: Node::Output(id),
                how: How::Reads,
            };
            let decides = Reader {
                how: How::Decides,
                ..by
            };
            output
                .when
                .iter()
                .for_each(|when| self.reads(policy, when, decides));
            match &output.value {
                OutputSource::Expr(value) => self.reads(policy, value, by),
                OutputSource::Rows(table, at) => {
                    self.read(Node::Cell(*table, *at), None, by, output.span);
                }
            }
            self.currency(output.ty.ty, by, output.span);
        }
        for owed in &policy.owed.then {
            let by = Reader {
                node: Node::Shortfalls,
                how: How::Reads,
            };
            match owed.of {
                OwedOf::Shortfalls(id) => {
                    let card = &policy.scorecards[id];
                    for feature in &card.features {
                        self.read(Node::Cell(feature.table, 0), None, by, card.span);
                    }
                }
                OwedOf::Contributions(id) => {
                    self.read(Node::Model(id), None, by, policy.models[id].span);
                }
            }
        }
        for (id, always) in policy.always.iter_ids() {
            let node = match always.enforce {
                true => Node::Enforced(id),
                false => Node::Noted(id),
            };
            let how = How::Reads;
            self.reads(policy, &always.condition, Reader { node, how });
        }
    }
}

/// Tells whether a rule may ever act.
fn acts(policy: &Policy, id: RuleId) -> bool {
    let rule = &policy.rules[id];
    !rule.shadow && !rule.validity.off
}

/// Tells whether a definition was made for a column of a table.
fn is_column(definition: &str, table: &str) -> bool {
    let rest = definition.strip_prefix(table);
    rest.is_some_and(|rest| rest.starts_with(".column "))
}

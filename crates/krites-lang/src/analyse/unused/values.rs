//! Values that nothing reads, and what gives such values.

use std::collections::{BTreeMap, BTreeSet};

use super::Declared;
use crate::Span;
use crate::analyse::flow::{Flow, Node};
use crate::ids::{ListId, TableId};
use crate::ir::{
    Expectation, HitPolicy, Input, ListPlace, Policy, Scorecard, Table, TableForm, Value,
};
use crate::types::Ty;

/// Looks for values that are given or computed, and read nowhere.
pub(super) fn unused<'p>(policy: &'p Policy, flow: Flow<'p>) -> Vec<Declared<'p>> {
    let mut uses = Uses {
        policy,
        flow,
        named: BTreeSet::new(),
    };
    uses.add_rest();
    let mut unused = uses.inputs();
    unused.extend(uses.lists());
    unused.extend(uses.groups());
    unused.extend(uses.definitions());
    unused.extend(uses.asked());
    let tables = policy.tables.iter_ids();
    let tables = tables.filter(|(_, table)| table.form != TableForm::Bins);
    tables.for_each(|(id, table)| uses.table(id, table, &mut unused));
    unused.extend(uses.scorecards());
    unused
}

/// What reads what
struct Uses<'p> {
    policy: &'p Policy,
    flow: Flow<'p>,
    /// What is named where nothing is computed of it
    named: BTreeSet<Node>,
}

impl<'p> Uses<'p> {
    fn is_used(&self, node: Node) -> bool {
        self.is_used_outside(node, |_| false)
    }

    /// Tells whether something reads it that is not `within` the same thing, be that a
    /// part of it that the policy does not write, such as the sum of a scorecard.
    fn is_used_outside(&self, node: Node, within: impl Fn(Node) -> bool) -> bool {
        let is_idle = |reader| match reader {
            Node::Definition(id) => {
                let made = self.policy.definitions[id].made;
                made && !self.named.contains(&reader) && !self.flow.is_read(reader, |_| false)
            }
            _ => false,
        };
        let within = |reader| within(reader) || is_idle(reader);
        self.named.contains(&node) || self.flow.is_read(node, within)
    }

    /// Adds what is named by what no decision asks for: what is off, tests, models in
    /// shadow.
    fn add_rest(&mut self) {
        let policy = self.policy;
        for rule in policy.rules.iter().filter(|rule| rule.validity.off) {
            let node = Node::Outcome;
            let flow = &mut self.flow;
            rule.when
                .iter()
                .for_each(|when| flow.named_by(policy, node, when));
            rule.then
                .each_expr(&mut |expr| flow.named_by(policy, node, expr));
        }
        for (id, table) in policy.tables.iter_ids() {
            if !table.validity.off {
                continue;
            }
            for cell in table.each_cell() {
                self.flow.named_by(policy, Node::Rows(id), cell);
            }
            let subjects = table.columns.iter().filter_map(|column| column.subject);
            self.named.extend(subjects.filter_map(node_of));
        }
        let fields = policy.lists.iter().flat_map(|list| &list.fields);
        for input in policy.inputs.iter().chain(fields) {
            if let Ty::MoneyOf(currency) = input.ty.ty {
                self.named.insert(Node::Input(currency));
            }
        }
        let stood_for = policy.shadows.iter().flat_map(|shadow| &shadow.with);
        self.named
            .extend(stood_for.map(|replaced| Node::Model(replaced.by)));
        for expected in policy.tests.iter().flat_map(|test| &test.expects) {
            match expected {
                Expectation::Value(expr, ..) => self.flow.named_by(policy, Node::Outcome, expr),
                Expectation::List(ListPlace::Rows(table, output), ..) => {
                    self.named.insert(Node::Cell(*table, *output));
                }
                Expectation::Rows(table, ..) => {
                    self.named.insert(Node::Rows(*table));
                }
                _ => {}
            }
        }
    }

    /// Inputs that one entry declares, such as a series or a field of a record, are used
    /// where one of them is.
    fn inputs(&self) -> Vec<Declared<'p>> {
        let policy = self.policy;
        let fields = policy.lists.iter().flat_map(|list| &list.fields);
        let mut used: BTreeSet<(u32, u32)> = fields.map(|field| place(field.span)).collect();
        let mut unused: BTreeMap<(u32, u32), &Input> = BTreeMap::new();
        let forbidden: BTreeSet<_> = policy
            .forbidden
            .iter()
            .flat_map(|found| &found.inputs)
            .collect();
        for (id, input) in policy.inputs.iter_ids() {
            let held = input.private || input.group.is_some() || forbidden.contains(&id);
            if held || self.is_used(Node::Input(id)) {
                used.insert(place(input.span));
            } else {
                unused.entry(place(input.span)).or_insert(input);
            }
        }
        unused.retain(|place, _| !used.contains(place));
        let mut series: BTreeMap<&str, &str> = BTreeMap::new();
        for found in &policy.series {
            let elements = found.inputs.iter().map(|id| &*policy.inputs[*id].name);
            series.extend(elements.map(|element| (element, &*found.name)));
        }
        let declared = |input: &'p Input| {
            let of_series = series.get(&*input.name).copied();
            Declared {
                noun: "input",
                name: of_series.unwrap_or(&input.name),
                never: "used",
                span: input.span,
                help: match of_series.is_some() || input.ty.ty == Ty::Float {
                    true => "remove it".to_owned(),
                    false => recorded(&input.name),
                },
            }
        };
        unused.into_values().map(declared).collect()
    }

    fn lists(&self) -> Vec<Declared<'p>> {
        let policy = self.policy;
        let forbidden: BTreeSet<&ListId> = policy
            .forbidden
            .iter()
            .flat_map(|found| &found.lists)
            .collect();
        let lists = policy.lists.iter_ids().filter(|(id, list)| {
            let held = list.private || list.group.is_some() || list.within.is_some();
            !held && !forbidden.contains(id) && !self.is_used(Node::List(*id))
        });
        lists
            .map(|(_, list)| Declared {
                noun: "input",
                name: &list.name,
                never: "used",
                span: list.span,
                help: format!(
                    "remove it, or look at its elements: `count of {}`",
                    list.name
                ),
            })
            .collect()
    }

    /// A group of which nothing is read is never asked for; its age is looked at only
    /// when it is.
    fn groups(&self) -> Vec<Declared<'p>> {
        let within = |reader| matches!(reader, Node::Group(_));
        let groups = self.policy.groups.iter().filter(|group| {
            let inputs = group.inputs.iter().map(|id| Node::Input(*id));
            let lists = group.lists.iter().map(|id| Node::List(*id));
            !inputs
                .chain(lists)
                .any(|node| self.is_used_outside(node, within))
        });
        groups
            .map(|group| Declared {
                noun: "group",
                name: &group.name,
                never: "asked for",
                span: group.span,
                help: "remove it, or read one of its inputs".to_owned(),
            })
            .collect()
    }

    fn definitions(&self) -> Vec<Declared<'p>> {
        let definitions = self.policy.definitions.iter_ids();
        let definitions = definitions
            .filter(|(id, definition)| !definition.made && !self.is_used(Node::Definition(*id)));
        definitions
            .map(|(_, definition)| Declared {
                noun: "definition",
                name: &definition.name,
                never: "used",
                span: definition.span,
                help: recorded(&definition.name),
            })
            .collect()
    }

    /// Models and other policies; those in shadow are run to be recorded.
    fn asked(&self) -> Vec<Declared<'p>> {
        let models = self.policy.models.iter_ids();
        let models = models.filter(|(id, model)| !model.shadow && !self.is_used(Node::Model(*id)));
        let models = models.map(|(_, model)| Declared {
            noun: "model",
            name: &model.name,
            never: "asked",
            span: model.span,
            help: match model.gives.first() {
                Some(give) => format!("remove it, or read `{}`", give.name),
                None => "remove it".to_owned(),
            },
        });
        let policies = self.policy.subpolicies.iter_ids().filter(|(_, asked)| {
            let mut gives = asked.gives.iter();
            !gives.any(|give| self.is_used(Node::Definition(give.definition)))
        });
        let policies = policies.map(|(_, asked)| Declared {
            noun: "policy",
            name: &asked.name,
            never: "asked",
            span: asked.span,
            help: "remove it, or read what it gives".to_owned(),
        });
        models.chain(policies).collect()
    }

    /// A table none of whose outputs is read, or those of its outputs that are not.
    fn table(&self, id: TableId, table: &'p Table, unused: &mut Vec<Declared<'p>>) {
        let rank = table.policy == HitPolicy::Rank;
        let within = |reader| match reader {
            Node::Cell(of, _) | Node::Rows(of) | Node::Kept(of) => of == id,
            Node::Local(_) => true,
            Node::Model(model) => self.policy.models[model].is_for(id),
            _ => false,
        };
        let is_used = |node| self.is_used_outside(node, within);
        let outputs = (0_u32..).zip(&table.outputs);
        let (read, idle): (Vec<_>, Vec<_>) =
            outputs.partition(|(at, _)| is_used(Node::Cell(id, *at)));
        if read.is_empty() && ![Node::Rows(id), Node::Kept(id)].into_iter().any(is_used) {
            let help = match table.outputs.first() {
                Some(first) if first.ty.ty == Ty::Enum(self.policy.decide.ty) => {
                    format!(
                        "let it speak: `evaluate {}` in `decide`; or remove it",
                        first.name
                    )
                }
                Some(first) => format!("remove it, or read `{}`", first.name),
                None => "remove it".to_owned(),
            };
            unused.push(Declared {
                noun: noun(table.form),
                name: &table.name,
                never: "used",
                span: table.span,
                help,
            });
            return;
        }
        let orders =
            |at| at == 0 && matches!(table.policy, HitPolicy::Priority | HitPolicy::OutputOrder);
        let idle = idle
            .into_iter()
            .filter(|(at, _)| !rank && !orders(*at) && !read.is_empty());
        unused.extend(idle.map(|(_, output)| Declared {
            noun: "output",
            name: &output.name,
            never: "used",
            span: table.span,
            help: "remove it, and its column".to_owned(),
        }));
    }

    fn scorecards(&self) -> Vec<Declared<'p>> {
        let is_read = |card: &Scorecard| {
            let mut features = card.features.iter();
            self.is_used(Node::Definition(card.points))
                || features.any(|feature| self.is_used(Node::Cell(feature.table, 0)))
        };
        let cards = self.policy.scorecards.iter().filter(|card| !is_read(card));
        cards
            .map(|card| Declared {
                noun: "scorecard",
                name: &card.name,
                never: "used",
                span: card.span,
                help: format!("remove it, or read `{}.points`", card.name),
            })
            .collect()
    }
}

fn recorded(name: &str) -> String {
    format!("remove it; or record it: `output {{ record {name} }}`")
}

fn place(span: Span) -> (u32, u32) {
    (span.start, span.end)
}

fn noun(form: TableForm) -> &'static str {
    match form {
        TableForm::Grid => "grid",
        TableForm::Rows | TableForm::Bins => "table",
    }
}

fn node_of(value: Value) -> Option<Node> {
    match value {
        Value::Input(id) => Some(Node::Input(id)),
        Value::Definition(id) => Some(Node::Definition(id)),
        Value::Table(id, output) => Some(Node::Cell(id, output)),
        Value::Model(id, _) => Some(Node::Model(id)),
        _ => None,
    }
}

//! Whether a result rests on what is forbidden.

use super::codes;
use super::flow::{Edge, Flow, How, Node};
use crate::Diagnostic;
use crate::ids::{GroupId, ListId, ModelId};
use crate::ir::{ExprKind, Forbidden, Policy};

/// Reports each result that is found to rest on a forbidden input, once an input, over
/// the shortest way.
pub(super) fn analyse(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    if policy.forbidden.is_empty() {
        return;
    }
    let flow = Flow::of(policy);
    for forbidden in &policy.forbidden {
        let way = flow.way_to_result(&sources(policy, forbidden));
        diagnostics.extend(way.and_then(|way| leak(policy, forbidden, &way)));
    }
}

/// What is forbidden; of a group all whose sure inputs are, whether it is there, too.
fn sources(policy: &Policy, forbidden: &Forbidden) -> Vec<Node> {
    let inputs = forbidden.inputs.iter().map(|id| Node::Input(*id));
    let lists = forbidden.lists.iter().map(|id| Node::List(*id));
    let groups = policy.groups.iter_ids().map(|(id, _)| id);
    let groups = groups.filter(|id| tells_group(policy, forbidden, *id));
    inputs.chain(lists).chain(groups.map(Node::Group)).collect()
}

/// Tells whether what is forbidden alone says that a group is there.
fn tells_group(policy: &Policy, forbidden: &Forbidden, id: GroupId) -> bool {
    let group = &policy.groups[id];
    let sure_inputs = group.inputs.iter().filter(|id| {
        let input = &policy.inputs[**id];
        !input.ty.optional && input.default.is_none()
    });
    let is_sure = |id: &&ListId| !policy.lists[**id].default_empty;
    let sure_lists = group.lists.iter().filter(is_sure);
    let mut inputs = sure_inputs.peekable();
    let mut lists = sure_lists.peekable();
    let some = inputs.peek().is_some() || lists.peek().is_some();
    some && inputs.all(|id| forbidden.inputs.contains(id))
        && lists.all(|id| forbidden.lists.contains(id))
}

fn leak(policy: &Policy, forbidden: &Forbidden, way: &[Edge<'_>]) -> Option<Diagnostic> {
    let result = way.last()?.to;
    let result = named(policy, result);
    let headline = format!(
        "{result} rests on `{}`, which is forbidden in every result",
        forbidden.name
    );
    let mut diagnostic = Diagnostic::error(codes::RESTS_ON_FORBIDDEN, headline, forbidden.span)
        .label("forbidden here");
    let mut tested = false;
    let told = way.iter().filter(|edge| edge.how != How::Within);
    for (number, edge) in (1..).zip(told) {
        let subject = match number {
            1 => format!("`{}`", origin(policy, edge.from, &forbidden.name)),
            _ => format!("… {}", subject(policy, edge, tested)),
        };
        tested = edge.how == How::Tests;
        diagnostic = diagnostic.evidence(
            edge.span,
            format!("{number}: {subject} {}", step(policy, edge)),
        );
    }
    Some(diagnostic.help(
        "take it out of one of these steps; or, if a result may rest on it, remove the `forbid`",
    ))
}

/// The name of the input that a way begins with.
fn origin(policy: &Policy, node: Node, forbidden: &str) -> String {
    match node {
        Node::Input(id) => policy.inputs[id].name.to_string(),
        Node::List(id) => policy.lists[id].name.to_string(),
        Node::Group(id) => policy.groups[id].name.to_string(),
        _ => forbidden.to_owned(),
    }
}

/// What a step goes on with: what the one before came to.
fn subject(policy: &Policy, edge: &Edge<'_>, tested: bool) -> String {
    match edge.from {
        Node::Model(id) => match edge.answer {
            Some(answer) => format!("whose answer `{}`", answer_name(policy, id, answer)),
            None => "whose answer".to_owned(),
        },
        Node::Definition(id)
            if matches!(policy.definitions[id].value.kind, ExprKind::Asked(..)) =>
        {
            format!("whose answer `{}`", policy.definitions[id].name)
        }
        Node::Cell(id, output) if tested && edge.how != How::Speaks => {
            let output = policy.tables[id].outputs.get(output as usize);
            format!("whose `{}`", output.map_or("", |output| &*output.name))
        }
        _ => "which".to_owned(),
    }
}

/// What a model gives, by its position.
fn answer_name(policy: &Policy, id: ModelId, answer: u32) -> &str {
    let model = &policy.models[id];
    let mut distributions = model.distributions.iter();
    let distribution = distributions.find(|found| found.labels.first == answer);
    let give = model.gives.get(answer as usize);
    match (distribution, give) {
        (Some(distribution), _) => &distribution.name,
        (None, Some(give)) => &give.name,
        (None, None) => &model.name,
    }
}

/// What happens to it.
fn step(policy: &Policy, edge: &Edge<'_>) -> String {
    let to = named(policy, edge.to);
    match (edge.how, edge.to) {
        (How::Fed(Some(name)), _) => format!("is fed to {to} as `{name}`"),
        (How::Fed(None), _) => format!("is fed to {to}"),
        (How::Tests, _) => format!("is tested by {to}"),
        (How::Speaks, _) => format!("speaks in `decide {}`", policy.decide.name),
        (How::Precedes, _) => format!("is asked before {to}"),
        (How::Decides, Node::Fires(_)) => format!("decides whether {to} fires"),
        (How::Decides, Node::Output(_)) => format!("decides whether {to} is given"),
        (How::Decides, Node::Group(_)) => format!("tells how old {to} is"),
        (How::Decides, Node::Input(_) | Node::List(_)) => {
            format!("decides whether {to} is there")
        }
        (How::Decides, Node::Kept(_)) => format!("decides which rows are kept of {to}"),
        (How::Decides, Node::Model(_)) => format!("decides of which rows {to} is asked"),
        (How::Decides | How::Reads | How::Within, _) => format!("is read by {to}"),
    }
}

/// A thing as people call it.
fn named(policy: &Policy, node: Node) -> String {
    match node {
        Node::Input(id) => format!("`{}`", policy.inputs[id].name),
        Node::List(id) => format!("`{}`", policy.lists[id].name),
        Node::Group(id) => format!("`{}`", policy.groups[id].name),
        Node::Definition(id) => {
            let name = &*policy.definitions[id].name;
            // Behind the dot stands a number of ours.
            match name.split_once(".column ") {
                Some((table, _)) => format!("table `{table}`"),
                None => format!("`{name}`"),
            }
        }
        Node::Rows(id) | Node::Kept(id) => format!("table `{}`", policy.tables[id].name),
        Node::Cell(id, output) => {
            let output = policy.tables[id].outputs.get(output as usize);
            format!("`{}`", output.map_or("", |output| &*output.name))
        }
        Node::Local(local) => {
            let mut outputs = policy.tables.iter().flat_map(|table| &table.outputs);
            let of_row = outputs.find(|output| output.at_hand == Some(local));
            format!(
                "`{}`",
                of_row.map_or(&policy.locals[local].name, |output| &output.name)
            )
        }
        Node::Model(id) => format!("`{}`", policy.models[id].name),
        Node::Subpolicy(id) => format!("policy `{}`", policy.subpolicies[id].name),
        Node::Fires(id) => format!("rule `{}`", policy.rules[id].name),
        Node::Outcome => format!("`{}`", policy.decide.name),
        Node::Decided(at) => {
            let value = policy.decide.values.get(at as usize);
            format!("`{}`", value.map_or("", |value| &*value.name))
        }
        Node::Output(id) => format!("output `{}`", policy.outputs[id].name),
        Node::Shortfalls => "`reasons`".to_owned(),
        Node::InShadow(id) => format!("rule `{}`", policy.rules[id].name),
        Node::Enforced(id) | Node::Noted(id) => format!("`always \"{}\"`", policy.always[id].title),
    }
}

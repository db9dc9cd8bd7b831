//! What was found of something that must always hold, in words.

use super::super::codes;
use super::tries::Witness;
use super::{Proof, Why};
use crate::Diagnostic;
use crate::ids::{AlwaysId, InputId, ModelId};
use crate::ir::{Always, GivenElement, Literal, Policy, StubbedAnswer, StubbedModel, Test};
use crate::print::name;

/// A case of more values stands on several lines
const WIDE: usize = 80;

pub(super) fn report(policy: &Policy, id: AlwaysId, proof: &Proof) -> Option<Diagnostic> {
    let always = &policy.always[id];
    match proof {
        Proof::Holds => None,
        Proof::Broken(witness) => Some(broken(policy, always, witness)),
        Proof::Undecided(why) => Some(undecided(policy, always, *why)),
    }
}

fn broken(policy: &Policy, always: &Always, witness: &Witness) -> Diagnostic {
    let title = &always.title;
    let found = match always.enforce {
        true => Diagnostic::warning(
            codes::ENFORCED,
            format!("a case has no decision, as `always \"{title}\"` does not hold"),
            always.span,
        ),
        false => Diagnostic::error(
            codes::DOES_NOT_HOLD,
            format!("`always \"{title}\"` does not hold"),
            always.span,
        ),
    };
    let help = format!(
        "change what decides so, or what must hold; this case shows it: {}",
        example(policy, &witness.case)
    );
    found
        .label(format!(
            "broken by a case that was decided: {}",
            witness.came_to
        ))
        .evidence(always.condition.span, "this is what does not hold")
        .help(help)
}

fn undecided(policy: &Policy, always: &Always, why: Why) -> Diagnostic {
    let title = &always.title;
    let label = match why {
        Why::TooMuch => "there is too much to tell apart".to_owned(),
        Why::Open(outcome) => {
            let labels = &policy.enums[policy.decide.ty].labels;
            let label = labels
                .get(outcome as usize)
                .map_or("", |label| &*label.name);
            format!(
                "no case was found that breaks it, and none could be ruled out where {} is {label}",
                policy.decide.name
            )
        }
    };
    Diagnostic::note(
        codes::UNDECIDED,
        format!("`always \"{title}\"` is neither proved nor refuted"),
        always.span,
    )
    .label(label)
    .help("it is looked at behind each decision all the same; declared ranges of inputs and of what models give make it easier to prove")
}

/// A case as an example that can be pasted.
fn example(policy: &Policy, case: &Test) -> String {
    let mut entries = Vec::new();
    if let Some(date) = case.decision_date {
        entries.push(format!("decision_date = {date}"));
    }
    for (id, value) in &case.inputs {
        entries.push(format!(
            "{} = {}",
            path(&policy.inputs[*id].name),
            written_input(policy, *id, value.as_ref())
        ));
    }
    for (id, elements) in &case.lists {
        let list = &policy.lists[*id];
        let elements = elements
            .iter()
            .map(|element| written_element(policy, *id, element));
        let elements: Vec<String> = elements.collect();
        entries.push(format!("{} = [{}]", path(&list.name), elements.join(", ")));
    }
    for (id, stub) in &case.models {
        answers(policy, *id, stub, &mut entries);
    }
    let line = entries.join(", ");
    match line.len() <= WIDE {
        true => format!("example breaks_it {{ {line} }}"),
        false => format!("example breaks_it {{\n    {}\n}}", entries.join("\n    ")),
    }
}

fn written_input(policy: &Policy, id: InputId, value: Option<&Literal>) -> String {
    match value {
        Some(value) => policy.written(value, policy.inputs[id].ty.ty),
        None => "missing".to_owned(),
    }
}

fn written_element(policy: &Policy, id: crate::ListId, element: &GivenElement) -> String {
    let list = &policy.lists[id];
    let written = list.fields.iter().zip(&element.fields);
    let written = written.map(|(field, value)| match value {
        Some(value) => (field, policy.written(value, field.ty.ty)),
        None => (field, "missing".to_owned()),
    });
    if list.is_plain() {
        return written.map(|(_, value)| value).collect();
    }
    let fields = written.map(|(field, value)| format!("{} = {value}", path(&field.name)));
    let lists = element.lists.iter();
    let lists = lists.map(|(inner, _)| format!("{} = []", path(&policy.lists[*inner].name)));
    let all: Vec<String> = fields.chain(lists).collect();
    format!("{{ {} }}", all.join(", "))
}

fn answers(policy: &Policy, id: ModelId, stub: &StubbedModel, entries: &mut Vec<String>) {
    let model = &policy.models[id];
    let StubbedModel::Answers(answers) = stub else {
        entries.push(format!("{} = fault", path(&model.name)));
        return;
    };
    let of = |position: usize| {
        let mut found = answers.iter().filter(|(at, _)| *at == position);
        match found.next() {
            Some((_, StubbedAnswer::Same(value))) => Some(value),
            _ => None,
        }
    };
    let written = |position: usize| {
        let give = model.gives.get(position)?;
        Some(policy.written(of(position)?, give.ty.ty))
    };
    let in_distribution = |position: usize| {
        model.distributions.iter().any(|found| {
            let first = found.labels.first as usize;
            (first..first + found.labels.count as usize).contains(&position)
        })
    };
    for (position, give) in model.gives.iter().enumerate() {
        if let Some(value) = written(position).filter(|_| !in_distribution(position)) {
            entries.push(format!("{} = {value}", path(&give.name)));
        }
    }
    for distribution in &model.distributions {
        let labels = policy.enums[distribution.ty].labels.iter().enumerate();
        let shares = labels.filter_map(|(at, label)| {
            let value = written(distribution.labels.first as usize + at)?;
            Some(format!("{} : {value}", name(&label.name)))
        });
        let shares: Vec<String> = shares.collect();
        entries.push(format!(
            "{} = {{ {} }}",
            path(&distribution.name),
            shares.join(", ")
        ));
    }
}

/// A dotted name as it is written, an index at its end included.
fn path(dotted: &str) -> String {
    let (dotted, index) = match dotted.find('[') {
        Some(at) => dotted.split_at(at),
        None => (dotted, ""),
    };
    let parts: Vec<_> = dotted.split('.').map(name).collect();
    parts.join(".") + index
}

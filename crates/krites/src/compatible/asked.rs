//! What a policy asks of those who call it: inputs, lists and the fields of their
//! elements, by their names on the wire.

use std::collections::{HashMap, HashSet};

use krites_lang::ir::{Input, ListInput, Policy};
use krites_lang::{GroupId, Id as _, ListId};

use super::{SchemaChange, ty_words};

/// One name that callers give a value under
struct Asked {
    /// Dotted; of a field of a list's elements with brackets: `accounts[].balance`
    wire: String,
    /// The list whose elements have it
    list: Option<String>,
    /// The group on request that it is given with: then it is required where the
    /// group is given
    group: Option<String>,
    /// Its type in words, without `?`
    ty: String,
    optional: bool,
    required: bool,
}

impl Asked {
    fn input(policy: &Policy, input: &Input) -> Self {
        Self {
            wire: input.wire.to_string(),
            list: None,
            group: group_of(policy, input.group),
            ty: ty_words(policy, input.ty.ty),
            optional: input.ty.optional,
            required: !input.ty.optional && input.default.is_none(),
        }
    }

    /// Whether those are refused who gave `before`, and do not give this.
    fn is_newly_required(&self, before: &Asked) -> bool {
        let was_required = before.required && (before.group.is_none() || self.group.is_some());
        self.required && !was_required
    }

    fn words(&self) -> String {
        let Self { ty, .. } = self;
        match self.optional {
            true => format!("{ty}?"),
            false => ty.clone(),
        }
    }
}

/// Lists what would break those who give `next` what they gave `current`.
pub(super) fn compare(name: &str, current: &Policy, next: &Policy, found: &mut Vec<SchemaChange>) {
    let (current, next) = (asked(current), asked(next));
    let (before, after) = (by_wire(&current), by_wire(&next));
    let policy = || name.to_owned();
    // Of a list that is new, gone or another one, its fields need no words.
    let mut whole: HashSet<&str> = HashSet::new();
    for was in &current {
        let (input, from) = (was.wire.clone(), was.words());
        if was.list.as_deref().is_some_and(|list| whole.contains(list)) {
            whole.insert(&was.wire);
            continue;
        }
        let Some(is) = after.get(&*was.wire) else {
            whole.insert(&was.wire);
            let policy = policy();
            found.push(SchemaChange::InputDropped { policy, input });
            continue;
        };
        let newly_required = is.is_newly_required(was);
        if was.ty != is.ty {
            whole.insert(&was.wire);
        } else if !newly_required {
            continue;
        }
        found.push(SchemaChange::InputChanged {
            policy: policy(),
            input,
            from,
            to: match newly_required {
                true => format!("{}, required", is.words()),
                false => is.words(),
            },
        });
    }
    // Of these something could be given before, on request or not.
    let known_groups: HashSet<&str> = next
        .iter()
        .filter(|is| before.contains_key(&*is.wire))
        .filter_map(|is| is.group.as_deref())
        .collect();
    let mut new_groups: HashSet<&str> = HashSet::new();
    for is in &next {
        if is.list.as_deref().is_some_and(|list| whole.contains(list)) {
            whole.insert(&is.wire);
            continue;
        }
        if before.contains_key(&*is.wire) {
            continue;
        }
        whole.insert(&is.wire);
        match &is.group {
            Some(group) if !known_groups.contains(&**group) => {
                let first = new_groups.insert(group);
                if first {
                    let (policy, group) = (policy(), group.clone());
                    found.push(SchemaChange::GroupAdded { policy, group });
                }
            }
            _ if is.required => {
                let (policy, input) = (policy(), is.wire.clone());
                found.push(SchemaChange::InputRequired { policy, input });
            }
            _ => {}
        }
    }
}

/// The group of an input, by its name on the wire.
fn group_of(policy: &Policy, group: Option<GroupId>) -> Option<String> {
    group.map(|group| policy.groups[group].wire.to_string())
}

fn by_wire(asked: &[Asked]) -> HashMap<&str, &Asked> {
    asked.iter().map(|one| (&*one.wire, one)).collect()
}

/// All that a policy asks for; a list stands before what its elements have.
fn asked(policy: &Policy) -> Vec<Asked> {
    let inputs = policy.inputs.iter();
    let mut all: Vec<Asked> = inputs.map(|input| Asked::input(policy, input)).collect();
    // A series may come as a list, of exactly its elements.
    all.extend(policy.series.iter().map(|series| Asked {
        wire: series.wire.to_string(),
        list: None,
        group: None,
        ty: format!("a list of {} values", series.inputs.len()),
        optional: false,
        required: false,
    }));
    let mut names: Vec<String> = Vec::new();
    for list in &policy.lists {
        let around = list.within.map(|outer| name_of(&names, outer));
        let wire = within(around, &list.wire);
        all.push(Asked {
            wire: wire.clone(),
            list: around.map(str::to_owned),
            group: group_of(policy, list.group),
            ty: kind_of(list).to_owned(),
            optional: false,
            required: !list.default_empty,
        });
        all.extend(list.fields.iter().map(|field| Asked {
            wire: within(Some(&wire), &field.wire),
            list: Some(wire.clone()),
            ..Asked::input(policy, field)
        }));
        names.push(wire);
    }
    all
}

/// The name of a list that stood before.
fn name_of(names: &[String], list: ListId) -> &str {
    names.get(list.position()).map_or("", |name| name)
}

fn within(list: Option<&str>, wire: &str) -> String {
    match list {
        Some(list) if wire.is_empty() => format!("{list}[]"),
        Some(list) => format!("{list}[].{wire}"),
        None => wire.to_owned(),
    }
}

fn kind_of(list: &ListInput) -> &'static str {
    match list.is_plain() {
        true => "a list of values",
        false => "a list of records",
    }
}

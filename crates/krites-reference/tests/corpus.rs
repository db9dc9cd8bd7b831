//! The policies of `tests/corpus` and of the specification: each case is decided
//! by the engine as by the reference.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

#[path = "../../krites-lang/tests/support/page.rs"]
mod page;
#[path = "../../krites-lang/tests/support/mod.rs"]
mod support;

use std::path::Path;

use krites_lang::ir::{Input, Policy};
use krites_lang::{Date, Exact, Id as _, InputId, ModelId, Program, Ty};
use krites_reference::{Asks, Both, Case, Ending, Given, Reference, Stub};
use support::{Alone, StubFiles, checked};

/// Policies with their names and, where there is one, the file of their cases.
fn policies() -> Vec<(String, String, Option<String>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let mut all = Vec::new();
    for folder in ["accept", "decide"] {
        for entry in std::fs::read_dir(corpus.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| found == "krites") {
                let name = format!("{folder}/{}", path.file_name().unwrap().display());
                let text = std::fs::read_to_string(&path).unwrap();
                let cases = std::fs::read_to_string(path.with_extension("cases")).ok();
                all.push((name, text, cases));
            }
        }
    }
    all.extend(examples());
    all.sort();
    all
}

/// The examples of the specification, each in its policy.
fn examples() -> Vec<(String, String, Option<String>)> {
    let blocks = page::blocks();
    let prelude = page::prelude(&blocks);
    let modules = page::modules(&blocks);
    let mut all = Vec::new();
    for block in &blocks {
        let words: Vec<&str> = block.info.split(' ').collect();
        let text = match words.as_slice() {
            ["krites"] => format!("{}{}", page::MODELS, block.text),
            ["krites", "fragment", kind @ ..] => {
                let kind = kind.first().copied();
                page::completed(&prelude, &block.text, kind)
            }
            _ => continue,
        };
        // The prelude's example is a case where it has all that the policy needs.
        let usual = format!("{text}\ntest \"usual\" {{ given usual; expect age = 34 }}\n");
        let [usual, text] = [usual, text].map(|text| format!("{text}\n{modules}"));
        let text = match checked("usual", &usual).1 {
            Some(_) => usual,
            None => text,
        };
        all.push((format!("language.md:{}", block.line), text, None));
    }
    all
}

/// The cases of a `.cases` file, those left out that hand in what has no value.
fn cases(policy: &Policy, text: &str) -> Vec<Case> {
    let mut all: Vec<Option<Case>> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("case ") {
            all.push(Some(Case {
                decision_date: Date::parse("2026-11-02").unwrap(),
                ..Case::default()
            }));
            continue;
        }
        let last = all.last_mut().unwrap();
        *last = last.take().and_then(|case| stated(policy, line, case));
    }
    all.into_iter().flatten().collect()
}

/// A case with what one line states.
fn stated(policy: &Policy, line: &str, mut case: Case) -> Option<Case> {
    if let Some(date) = line.strip_prefix("date ") {
        case.decision_date = Date::parse(date).unwrap();
    } else if let Some((model, words)) = line.split_once(" -> ") {
        let mut models = policy.models.iter();
        let id = ModelId::new(models.position(|known| *known.name == *model).unwrap());
        let stub = if words.starts_with("failed ") || ["late", "busy"].contains(&words) {
            Stub::Fault
        } else {
            Stub::Answers(words.split(", ").map(answer).collect::<Option<_>>()?)
        };
        case.models.insert(id, stub);
    } else {
        let (name, value) = line.split_once('=').unwrap();
        let mut inputs = policy.inputs.iter();
        let position = inputs
            .position(|input| *input.name == *name.trim())
            .unwrap();
        let id = InputId::new(position);
        let given = field(policy, &policy.inputs[id], value.trim())?;
        case.inputs.insert(id, given);
    }
    Some(case)
}

fn answer(words: &str) -> Option<Given> {
    let exact = |value: Exact| {
        // What a 64-bit float does not carry cannot be handed in as one.
        let carried = Exact::from_f64(value.to_f64()) == Ok(value);
        carried.then_some(Given::Exact(value))
    };
    match words.split_once(' ') {
        Some(("float", value)) => exact(Exact::from_f32(value.parse().unwrap()).ok()?),
        Some(("double", value)) => exact(Exact::from_f64(value.parse().unwrap()).ok()?),
        Some(("integer", value)) => Some(Given::Integer(value.parse().unwrap())),
        Some(("boolean", value)) => Some(Given::Boolean(value.parse().unwrap())),
        Some(("text", value)) => Some(Given::Text(value.to_owned())),
        _ => Some(Given::Missing),
    }
}

/// The value of a field of text; `None` where it is none of the input's type.
fn field(policy: &Policy, input: &Input, text: &str) -> Option<Given> {
    if text.is_empty() {
        return Some(Given::Missing);
    }
    match input.ty.ty {
        Ty::Integer | Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_) => {
            Exact::parse(text).ok().map(Given::Exact)
        }
        Ty::Boolean => text.parse().ok().map(Given::Boolean),
        Ty::Text => Some(Given::Text(text.to_owned())),
        Ty::Date => Date::parse(text).map(Given::Date),
        Ty::Enum(id) => {
            let mut labels = policy.enums[id].labels.iter();
            let position = labels.position(|label| *label.wire == *text)?;
            Some(Given::Label(u32::try_from(position).unwrap()))
        }
        _ => None,
    }
}

/// The policies that a policy asks, with those that they ask.
fn asks(alone: &Alone) -> Vec<Asks<'_>> {
    let asked = alone.asked.iter();
    asked
        .map(|(program, alone)| Asks {
            program,
            asked: asks(alone),
        })
        .collect()
}

#[test]
fn the_engine_decides_as_the_reference() {
    let (mut count, mut refused, mut failures) = (0, 0, Vec::new());
    for (name, text, file) in policies() {
        let (_, policy, diagnostics) = checked(&name, &text);
        let policy = policy.unwrap_or_else(|| panic!("{name}: {diagnostics:?}"));
        let program = Program::compile(policy);
        let policy = program.policy();
        let mut all: Vec<Case> = policy
            .tests
            .iter()
            // Other policies decide for themselves.
            .map(|test| Case {
                policies: Default::default(),
                ..Case::of_test(policy, test)
            })
            .collect();
        all.extend(file.iter().flat_map(|file| cases(policy, file)));
        let files = StubFiles::of(&text).1;
        let files = files.data();
        let alone = Alone::of(policy, &text);
        let asked = asks(&alone);
        let references = asked.iter().map(Asks::reference).collect();
        let reference = Reference::with_files(policy, files).asking(references);
        for test in &policy.tests {
            let unmet = reference.unmet(test);
            failures.extend(
                unmet
                    .iter()
                    .map(|unmet| format!("{name}: {}: {unmet}", test.title)),
            );
        }
        let mut both = Both::with_files(&program, files).asking(asked);
        for case in &all {
            count += 1;
            match both.compare(case) {
                Ok(verdict) => {
                    refused += usize::from(verdict.ending == Ending::Refused);
                }
                Err(difference) => failures.push(format!("{name}\n{difference}")),
            }
        }
    }
    println!(
        "{count} cases, {refused} refused, {} differ",
        failures.len()
    );
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
    assert!(count > 100, "{count} cases");
}

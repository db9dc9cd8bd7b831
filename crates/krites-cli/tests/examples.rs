//! The examples as an analyst runs them: each is checked, passes its tests and
//! decides every row of its data.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A folder of a policy, the rows it decides, how often it says what, and the
/// answers of models that the models' `expected.csv` has as well
struct Example {
    folder: &'static str,
    data: &'static str,
    outcomes: &'static [(&'static str, usize)],
    answers: &'static [&'static str],
}

const EXAMPLES: &[Example] = &[
    Example {
        folder: "loan/v1",
        data: "loan/data/german_credit.csv",
        outcomes: &[],
        answers: &[],
    },
    Example {
        folder: "loan/v2",
        data: "loan/data/german_credit.csv",
        outcomes: &[],
        answers: &[],
    },
    Example {
        folder: "personal_loan",
        data: "personal_loan/data/applications.csv",
        outcomes: &[
            ("approve", 428),
            ("approve_reduced", 75),
            ("decline", 33),
            ("refer", 464),
        ],
        answers: &["default_risk.probability"],
    },
    Example {
        folder: "card_fraud",
        data: "card_fraud/data/transactions.csv",
        outcomes: &[
            ("allow", 1779),
            ("block", 25),
            ("hold", 31),
            ("step_up", 50),
        ],
        answers: &["fraud.probability", "anomaly.score"],
    },
    Example {
        folder: "chat_routing",
        data: "chat_routing/data/messages.csv",
        outcomes: &[
            ("bot", 29),
            ("cards", 62),
            ("complaints", 25),
            ("fraud_desk", 59),
            ("lending", 30),
            ("mortgages", 30),
            ("payments", 32),
            ("service", 60),
            ("triage", 25),
        ],
        answers: &[
            "topic_small.intent.top",
            "topic_small.intent.top_probability",
            "topic_large.intent.top",
            "topic_large.intent.top_probability",
        ],
    },
    Example {
        folder: "next_best_action",
        data: "next_best_action/data/customers.csv",
        outcomes: &[("call", 56), ("make_offer", 363), ("no_action", 181)],
        answers: &["attrition.score"],
    },
];

/// Folders of policies that other tests decide: this one, with the model of `v1`,
/// `tests/saved_requests.rs`; that which needs ONNX Runtime, `tests/card_sequence.rs`
const ELSEWHERE: &[&str] = &["card_fraud_sequence", "loan/on_request"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// What a command printed on both streams, or both of them where it failed
fn krites(arguments: &[&str]) -> Result<(String, String), String> {
    let output = Command::new(env!("CARGO_BIN_EXE_krites"))
        .args(arguments)
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    if output.status.success() {
        Ok((out, err))
    } else {
        Err(format!("{arguments:?}\n{out}{err}"))
    }
}

fn decides(example: &Example) {
    let folder = root().join(example.folder);
    let folder = folder.to_str().unwrap();
    let (out, _) = krites(&["check", folder]).unwrap_or_else(|why| panic!("{why}"));
    let always = ["personal_loan", "card_fraud"].contains(&example.folder);
    assert_eq!(out.contains("  1 of 1 `always` proved\n"), always, "{out}");
    let (out, _) = krites(&["test", folder]).unwrap_or_else(|why| panic!("{why}"));
    assert!(out.contains("\nok      "), "{out}");

    let data = root().join(example.data);
    let data = data.to_str().unwrap();
    let rows = csv::Reader::from_path(data).unwrap().records().count();
    let (out, err) = krites(&["run", folder, "--input", data, "--date", "2026-11-02"])
        .unwrap_or_else(|why| panic!("{why}"));
    assert!(err.contains(&format!("{rows} rows decided")), "{err}");
    let decisions: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for decision in &decisions {
        let outcome = decision["outcome"].as_str().unwrap().to_owned();
        *outcomes.entry(outcome).or_default() += 1;
    }
    // What the loan examples come to depends on a limit of 20 ms, which a busy
    // machine may break.
    if example.outcomes.is_empty() {
        return;
    }
    let expected = example.outcomes.iter();
    let expected = expected.map(|(outcome, count)| ((*outcome).to_owned(), *count));
    assert_eq!(outcomes, expected.collect(), "{}", example.folder);
    answers_are_those_of_python(example, &decisions);
}

/// Holds what models answered in the decisions, where they were asked, against
/// what the same files answered where they were made.
fn answers_are_those_of_python(example: &Example, decisions: &[Value]) {
    let expected = root().join(example.folder).join("models/expected.csv");
    let mut expected = csv::Reader::from_path(expected).unwrap();
    let header = expected.headers().unwrap().clone();
    let mut compared: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, decision) in expected.records().zip(decisions) {
        let row = row.unwrap();
        for name in example.answers {
            let position = header.iter().position(|column| column == *name).unwrap();
            let theirs = &row[position];
            match &decision["outputs"][name] {
                Value::Null => continue,
                Value::String(ours) => assert_eq!(ours, theirs, "{name}, {decision}"),
                ours => {
                    let (ours, theirs) = (ours.as_f64().unwrap(), theirs.parse::<f64>().unwrap());
                    let apart = (ours - theirs).abs();
                    assert!(apart <= 2e-6 + 1e-5 * theirs.abs(), "{name}, {decision}");
                }
            }
            *compared.entry(name).or_default() += 1;
        }
    }
    println!("{}: answers compared {compared:?}", example.folder);
    assert_eq!(compared.len(), example.answers.len(), "{compared:?}");
}

#[test]
fn every_example_checks_passes_its_tests_and_decides_its_data() {
    EXAMPLES.iter().for_each(decides);
}

#[test]
fn no_folder_with_a_policy_is_left_out() {
    let mut found = BTreeSet::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // A workspace of its own decides its policies itself.
                if !path.join("Cargo.toml").exists() {
                    folders.push(path);
                }
            } else if path
                .extension()
                .is_some_and(|extension| extension == "krites")
                && fs::read_to_string(&path).unwrap().contains("\npolicy ")
            {
                let within = path.parent().unwrap().strip_prefix(root()).unwrap();
                found.insert(within.to_str().unwrap().to_owned());
            }
        }
    }
    let listed = EXAMPLES.iter().map(|example| example.folder);
    let listed = listed.chain(ELSEWHERE.iter().copied());
    assert_eq!(found, listed.map(str::to_owned).collect());
}

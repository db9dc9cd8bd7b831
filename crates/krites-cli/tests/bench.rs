//! `krites bench`: what it says of cases, and what it refuses; times are looked at for
//! their order alone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "each test uses what it needs")]
mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{Folder, Said, krites};

const POLICY: &str = r#"policy small { version "1"; on fault refer because F00 }
reason F00 "Could not be computed"
enum Outcome { approve < refer < decline }
input {
    age  : integer in 0 to 120
    part : integer?
}
define { whole : integer = part if missing fault }
decide outcome : Outcome most severe {
    rule young when age < 18 then decline
    rule none when age > 60 and whole > 1 then refer
    rule rest otherwise then approve
}
"#;

fn bench(folder: &Folder, input: &str, rows: &str, more: &[&str]) -> Said {
    let policy = folder.file("small.krites", POLICY);
    let input = folder.file(input, rows);
    let mut arguments = vec!["bench", &policy, "--input", &input, "--date", "2026-11-02"];
    arguments.extend(["--seconds", "0.05"]);
    arguments.extend(more);
    krites(arguments)
}

/// The object for programs, with its times taken out once they are in order
fn document(said: &Said) -> Value {
    let mut document: Value =
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}", said.out));
    let times = document["microseconds"].take();
    let times = ["p50", "p90", "p99", "p99_9", "max"].map(|part| times[part].as_f64().unwrap());
    assert!(times[0] > 0.0, "{times:?}");
    assert!(times.is_sorted(), "{times:?}");
    for (name, least) in [("decisions", 64.0), ("decisions_a_second", 1.0)] {
        let number = document[name].take().as_f64().unwrap();
        assert!(number >= least, "{name}: {number}");
    }
    assert!(document["clock_microseconds"].take().as_f64().unwrap() >= 0.0);
    document
}

#[test]
fn cases_are_told_by_outcome_with_those_that_failed() {
    let folder = Folder::new("bench_cases");
    let rows = "age,part\n34,1\nold,1\n17,1\n61,\n40,\n134,1\n";
    let said = bench(
        &folder,
        "rows.csv",
        rows,
        &["--format", "json", "--threads", "2"],
    );
    // A row was refused.
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    let place = format!("{}/small.krites", folder.path());
    let mut found = document(&said);
    let fault = found["faulted"]["first"]["message"].take();
    assert!(
        fault.as_str().unwrap().contains("missing"),
        "{fault} at {place}"
    );
    assert_eq!(
        found,
        json!({
            "format": 1,
            "failure": null,
            "policy": "small",
            "date": "2026-11-02",
            "input": Path::new(folder.path()).join("rows.csv").display().to_string(),
            "cases": 4,
            "cut": false,
            "outcomes": [
                { "outcome": "approve", "cases": 2, "share": 0.5 },
                { "outcome": "decline", "cases": 1, "share": 0.25 },
                { "outcome": "refer", "cases": 1, "share": 0.25 },
            ],
            "refused": {
                "count": 2,
                "first": {
                    "row": 2,
                    "message": "`age`: expected a whole number, got \"old\"",
                },
            },
            "faulted": { "count": 1, "first": { "row": 4, "message": null } },
            "threads": 2,
            "seconds": 0.05,
            "decisions": null,
            "decisions_a_second": null,
            "microseconds": null,
            "clock_microseconds": null,
        })
    );
}

#[test]
fn lines_of_json_are_timed_and_told_to_people() {
    let folder = Folder::new("bench_lines");
    let rows = "{\"age\": 34}\n{\"age\": 17}\n\n{\"age\": 40}\n";
    let said = bench(&folder, "rows.jsonl", rows, &[]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = said.out.lines().collect();
    let input = Path::new(folder.path()).join("rows.jsonl");
    assert_eq!(
        lines[..2],
        [
            format!("small: 3 cases of `{}`, as of 2026-11-02", input.display()),
            "outcomes: approve 66.7 % (2), decline 33.3 % (1)".to_owned(),
        ]
    );
    let begin = [
        "1 thread for 0.05 s: ",
        "a decision in microseconds: p50 ",
        "each with a reading of the clock in it, which takes ",
    ];
    assert_eq!(lines.len(), 5, "{}", said.out);
    for (line, begin) in lines[2..].iter().zip(begin) {
        assert!(line.starts_with(begin), "{line}");
    }
}

#[test]
fn a_file_without_a_case_that_can_be_decided_is_refused() {
    let folder = Folder::new("bench_none");
    let input = |name: &str| Path::new(folder.path()).join(name).display().to_string();
    for (name, rows, words) in [
        (
            "empty.csv",
            "age,part\n",
            format!(
                "`{}` has no cases; it needs a row at least",
                input("empty.csv")
            ),
        ),
        (
            "empty.jsonl",
            "\n",
            format!(
                "`{}` has no cases; it needs a row at least",
                input("empty.jsonl")
            ),
        ),
        (
            "bad.jsonl",
            "{\"age\": 134}\n{}\n",
            format!(
                "none of the 2 cases of `{}` can be decided; row 1: `age`: 134 lies outside the range 0 to 120",
                input("bad.jsonl")
            ),
        ),
        (
            "rows.txt",
            "",
            format!("`{}` is neither .csv nor .jsonl", input("rows.txt")),
        ),
    ] {
        let said = bench(&folder, name, rows, &[]);
        let expected = (Some(1), "", format!("error: {words}\n"));
        assert_eq!((said.code, said.out.as_str(), said.err), expected);
        let said = bench(&folder, name, rows, &["--format", "json"]);
        assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
        let found: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(found, json!({ "format": 1, "failure": words }));
    }
}

#[test]
fn a_missing_file_a_wrong_policy_and_wrong_numbers_are_told() {
    let folder = Folder::new("bench_wrong");
    let policy = folder.file("small.krites", POLICY);
    let wrong = folder.file("wrong.krites", POLICY.replace("age < 18", "aeg < 18"));
    let rows = folder.file("rows.csv", "age\n34\n");
    let said = krites(["bench", &policy, "--input", "nowhere.csv"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(
        said.err,
        "error: `nowhere.csv` cannot be read: there is no such file or folder\n"
    );
    let said = krites(["bench", &wrong, "--input", &rows]);
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains("did you mean `age`?"), "{}", said.err);
    let said = krites(["bench", &wrong, "--input", &rows, "--format", "json"]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert!(found["failure"].is_string(), "{found}");
    for (option, value) in [
        ("--seconds", "0"),
        ("--seconds", "NaN"),
        ("--seconds", "soon"),
        ("--threads", "0"),
        ("--threads", "257"),
    ] {
        let said = krites(["bench", &policy, "--input", &rows, option, value]);
        assert_eq!(said.code, Some(2), "{option} {value}");
    }
}

//! What it saves to declare a bureau's part of an application on request, over the
//! 1,000 applications of `examples/loan`: the share of requests is printed, and each
//! decision is what it is with everything given, and what version 1 decides.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use krites::{Case, Date, Engine, Release, Step};
use serde_json::{Map, Value};

/// The columns that the bureau knows of
const OF_THE_BUREAU: [&str; 3] = ["credit_history", "existing_credits", "other_plans"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/loan")
}

/// The policy on request, with the model of version 1.
fn on_request() -> Release {
    let read = |file: &str| std::fs::read(folder().join(file)).unwrap();
    let builder = Release::builder()
        .policy("loan.krites", read("on_request/loan.krites"))
        .model("default_risk.onnx", read("v1/default_risk.onnx"));
    match builder.build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    }
}

/// What an applicant hands in, and what the bureau knows.
fn parted(header: &csv::StringRecord, row: &csv::StringRecord) -> (Value, Value) {
    let (mut application, mut report) = (Map::new(), Map::new());
    let (unused, unseen) = (
        ["row_id", "default_flag"],
        ["personal_status", "foreign_worker"],
    );
    for (name, field) in header.iter().zip(row) {
        let last = name.rsplit('.').next().unwrap();
        let value: Value = match field {
            "" => Value::Null,
            field => serde_json::from_str(field).unwrap_or_else(|_| field.into()),
        };
        if OF_THE_BUREAU.contains(&last) {
            report.insert(last.to_owned(), value);
        } else if !unused.contains(&name) && !unseen.contains(&last) {
            application.insert(name.to_owned(), value);
        }
    }
    (application.into(), report.into())
}

/// Decides a case as a service would; tells whether the bureau was asked.
fn staged(case: &mut Case, report: &Value) -> (bool, Vec<u8>) {
    let mut asked = false;
    loop {
        let needs = match case.step().unwrap() {
            Step::Decided(decision) => return (asked, decision.canonical()),
            Step::Needs(needs) => needs,
        };
        assert!(!asked, "the bureau is asked twice");
        asked = true;
        case.give_group(needs.group().unwrap(), report).unwrap();
    }
}

#[test]
fn a_bureau_on_request_is_asked_less_and_decides_the_same() {
    let today = Date::new(2026, 11, 22).unwrap();
    let engine = Engine::new(on_request());
    let mut decider = engine.decider("loan").unwrap();
    let first = Engine::new(Release::from_path(folder().join("v1")).unwrap());
    let mut first = first.decider("loan").unwrap();
    let mut reader = csv::Reader::from_path(folder().join("data/german_credit.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let columns = first.columns(&header).unwrap();

    let (mut all, mut asked, mut run) = (0_usize, 0_usize, 0_usize);
    for row in reader.records() {
        let row = row.unwrap();
        let (application, report) = parted(&header, &row);
        let mut everything = application.clone();
        everything["bureau"] = report.clone();
        let at_once = decider.decide(today, &everything).unwrap();
        let needed = at_once.groups().any(|group| group.state.is_asked());
        let expected = first.decide_row(today, &columns, &row).unwrap();
        assert_eq!(at_once.outcome(), expected.outcome(), "{everything}");
        for output in ["rate", "monthly"] {
            assert_eq!(
                at_once.output(output),
                expected.output(output),
                "{everything}"
            );
        }

        let mut case = engine.open("loan", today, &application, &[]).unwrap();
        let (was_asked, canonical) = staged(&mut case, &report);
        assert_eq!(canonical, at_once.canonical(), "{everything}");
        assert_eq!(was_asked, needed);
        all += 1;
        asked += usize::from(was_asked);
        run += at_once.to_owned().models_run().len();
    }
    let share = |part: usize, of: usize| 100.0 * part as f64 / of as f64;
    println!(
        "{all} applications: {asked} requests to the bureau, {:.1} % saved; of the {} that rules decide without the model, {:.1} %",
        share(all - asked, all),
        all - run,
        share(all - asked, all - run),
    );
    assert_eq!((all, asked, run), (1_000, 939, 886));
}

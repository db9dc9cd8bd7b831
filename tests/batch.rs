//! A batch decides its rows as they are decided one by one, wherever they ask models: the
//! examples, and models of the host that fail, that stand in, that run in shadow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use krites::{
    Columns, Date, DecideError, Decider, Decision, Engine, Envelope, Facts, Release, Rows,
    UnknownFields,
};
use krites_model::{
    Call, ElementType, InputSpec, InputTensor, Model, ModelError, OutputSpec, OutputTensor,
    Signature,
};
use serde::Deserialize;

fn day() -> Date {
    Date::new(2026, 11, 2).unwrap()
}

/// All that a decision tells: its record, in which the canonical bytes are, or the error
fn told(decided: Result<Decision<'_>, DecideError>) -> String {
    match decided {
        Ok(decision) => {
            let record = serde_json::to_string(&decision.record(Envelope::default())).unwrap();
            let canonical = String::from_utf8(decision.canonical()).unwrap();
            format!("{record}\n{canonical}")
        }
        Err(error) => format!("error: {error}"),
    }
}

fn batch(decider: &mut Decider, rows: &(impl Rows + ?Sized)) -> Vec<String> {
    let mut all = Vec::new();
    let done = decider.decide_batch(day(), rows, |row, decided| {
        assert_eq!(row, all.len());
        all.push(told(decided));
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    all
}

#[derive(Clone, Debug, Deserialize, Facts)]
struct Account {
    opened: String,
    balance: i64,
    missed_payments: i64,
}

/// The fields of a column, as what they are
enum Fields {
    Whole(Vec<Option<i64>>),
    Boolean(Vec<Option<bool>>),
    Accounts(Vec<Option<Vec<Account>>>),
    Text(Vec<Option<String>>),
}

impl Fields {
    fn of<'f>(fields: impl Iterator<Item = &'f str> + Clone) -> Fields {
        fn all<'f, T>(
            mut fields: impl Iterator<Item = &'f str>,
            read: impl Fn(&str) -> Option<T>,
        ) -> Option<Vec<Option<T>>> {
            fields.try_fold(Vec::new(), |mut all, field| {
                all.push(match field {
                    "" => None,
                    field => Some(read(field)?),
                });
                Some(all)
            })
        }
        if let Some(all) = all(fields.clone(), |field| field.parse().ok()) {
            return Fields::Whole(all);
        }
        if let Some(all) = all(fields.clone(), |field| field.parse().ok()) {
            return Fields::Boolean(all);
        }
        if let Some(all) = all(fields.clone(), |field| serde_json::from_str(field).ok()) {
            return Fields::Accounts(all);
        }
        Fields::Text(all(fields, |field| Some(field.to_owned())).unwrap())
    }
}

/// Decides the rows of an example one by one and as a batch; tells how many there are, and
/// how many asked a model.
fn example(release: Release, policy: &str, data: &str) -> (usize, usize) {
    let engine = Engine::new(release).unknown_fields(UnknownFields::Ignore);
    let mut decider = engine.decider(policy).unwrap();
    let mut reader = csv::Reader::from_path(examples().join(data)).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().take(400).map(Result::unwrap).collect();
    let by_row = decider.columns(&header).unwrap();
    let mut asked = 0;
    let alone: Vec<String> = rows
        .iter()
        .map(|row| {
            let decided = decider.decide_row(day(), &by_row, row);
            let decision = decided.as_ref().ok();
            let answered = |decision: &Decision<'_>| decision.answers().any(|(_, a)| a.is_some());
            asked += usize::from(decision.is_some_and(answered));
            told(decided)
        })
        .collect();
    let fields: Vec<Fields> = (0..header.len())
        .map(|at| Fields::of(rows.iter().map(|row| row.get(at).unwrap())))
        .collect();
    let columns = header.iter().zip(&fields).fold(
        Columns::new(rows.len()),
        |all, (name, fields)| match fields {
            Fields::Whole(values) => all.column(name, values),
            Fields::Boolean(values) => all.column(name, values),
            Fields::Accounts(values) => all.column(name, values),
            Fields::Text(values) => all.column(name, values),
        },
    );
    for (row, (batch, alone)) in batch(&mut decider, &columns).iter().zip(&alone).enumerate() {
        assert_eq!(batch, alone, "{policy}, row {row}");
    }
    (rows.len(), asked)
}

fn examples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
}

#[test]
fn the_examples_are_decided_alike() {
    for (folder, policy, data) in [
        ("loan/v1", "loan", "loan/data/german_credit.csv"),
        ("loan/v2", "loan", "loan/data/german_credit.csv"),
        (
            "personal_loan",
            "personal_loan",
            "personal_loan/data/applications.csv",
        ),
        (
            "card_fraud",
            "card_fraud",
            "card_fraud/data/transactions.csv",
        ),
        (
            "chat_routing",
            "chat_routing",
            "chat_routing/data/messages.csv",
        ),
        (
            "next_best_action",
            "next_best_action",
            "next_best_action/data/customers.csv",
        ),
    ] {
        let release = Release::from_path(examples().join(folder));
        let release = release.unwrap_or_else(|error| panic!("{folder}: {error}"));
        let (rows, asked) = example(release, policy, data);
        assert!(rows > 300, "{folder}");
        assert!(
            asked * 4 > rows,
            "{folder}: {asked} of {rows} asked a model"
        );
    }
}

/// A model of the host that answers `factor * x`, counts calls and rows, and fails for a whole call in which an `x` is 13
struct Scorer {
    signature: Signature,
    factor: f32,
    batches_change_bits: bool,
    calls: AtomicU64,
    rows: AtomicU64,
}

impl Scorer {
    fn new(factor: f32, batches_change_bits: bool) -> Arc<Scorer> {
        let spec = |name: &str| (name.to_owned(), ElementType::Float);
        let (name, element) = spec("x");
        let inputs = vec![InputSpec {
            name,
            element,
            width: 1,
            columns: Vec::new(),
        }];
        let (name, element) = spec("y");
        let outputs = vec![OutputSpec {
            name,
            element,
            width: 1,
            classes: None,
        }];
        Arc::new(Scorer {
            signature: Signature { inputs, outputs },
            factor,
            batches_change_bits,
            calls: AtomicU64::new(0),
            rows: AtomicU64::new(0),
        })
    }

    /// Calls and rows since the last time
    fn counted(&self) -> (u64, u64) {
        (
            self.calls.swap(0, Ordering::Relaxed),
            self.rows.swap(0, Ordering::Relaxed),
        )
    }
}

impl fmt::Debug for Scorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scorer")
    }
}

impl Model for Scorer {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &'static str {
        "scorer"
    }

    fn batching_changes_bits(&self) -> bool {
        self.batches_change_bits
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let ([InputTensor::Float(fed)], [OutputTensor::Float(answers)]) =
            (call.inputs, &mut *call.outputs)
        else {
            panic!("one input and one output of floats")
        };
        assert_eq!(fed.dim(), answers.dim());
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(fed.nrows() as u64, Ordering::Relaxed);
        for (answer, x) in answers.iter_mut().zip(fed) {
            if *x == 13.0 {
                return Err(ModelError::Failed {
                    detail: "thirteen".to_owned(),
                });
            }
            *answer = x * self.factor;
        }
        Ok(())
    }
}

/// Asks one model, then where that is not sure another, one in shadow, and one whose answers
/// stand in; what is wrong with an answer is now handled, now a fault of the row.
const POLICY: &str = r#"
policy scored { version "1"; on fault refer because M00 }
reason M00 "Could not be computed"
reason R01 "Too high"
enum Outcome { approve < refer < decline }
input {
    x     : integer in 0 to 1_000
    other : integer?
}
define { shifted = x * 3 - 17 }
model first from "first.onnx" {
    feed { x = x }
    give y : decimal in 0 to 900 = y
    on fault decline because R01
}
model second from "second.onnx" {
    feed { x = other if missing 13 }
    give y : decimal = y
}
model third from "third.onnx" {
    feed { x = x }
    give y : decimal in 0 to 500 = y
    on fault use y = 0 and tag stood_in
}
model challenger from "second.onnx" shadow {
    feed { x = x }
    give y : decimal in 0 to 900 = y
}
shadow with_challenger { with first = challenger; compare outcome }
cascade score : decimal? {
    try second.y when x is not 21 and second.y < 50 on fault next
    try first.y when shifted > 1
    try third.y when x < 900
    otherwise missing
}
decide outcome : Outcome most severe {
    rule small when x < 5 then approve
    rule high when x > 3 and score is present and score > 300 then decline because R01
    rule both when x > 40 and third.y > second.y then refer because R01
    rule rest otherwise then approve
}
output { score : decimal? = score; record third.y if asked }
reasons { for refer, decline : rules that spoke }
"#;

#[derive(Clone, Copy, Debug, Facts)]
struct Scored {
    x: i64,
    other: Option<i64>,
}

/// Deciders of the same policy and models of their own, with these models
fn scored(batches_change_bits: bool) -> (Decider, Arc<Release>, Vec<Arc<Scorer>>) {
    let factors = [1.5, 0.75, 2.0];
    let models = factors.map(|factor| Scorer::new(factor, batches_change_bits));
    let files = ["first.onnx", "second.onnx", "third.onnx"];
    let builder = Release::builder().policy("scored.krites", POLICY);
    let release = files
        .iter()
        .zip(&models)
        .fold(builder, |builder, (file, model)| {
            builder.host_model(*file, model.clone(), file.as_bytes())
        })
        .build();
    let release = Arc::new(release.unwrap_or_else(|error| panic!("{error}")));
    let decider = Engine::new(release.clone()).decider("scored").unwrap();
    (decider, release, models.into())
}

fn cases(rows: usize) -> Vec<Scored> {
    (0..rows as i64)
        .map(|row| Scored {
            // Some of them are out of range.
            x: (row * 37 + row / 7) % 1_003,
            other: (row % 5 > 0).then_some(row * 11 % 90),
        })
        .collect()
}

#[test]
fn rows_that_wait_for_models_are_decided_as_alone() {
    for batches_change_bits in [false, true] {
        let (mut single, single_release, single_models) = scored(batches_change_bits);
        let (mut many, many_release, many_models) = scored(batches_change_bits);
        for rows in [0, 1, 2, 63, 64, 65, 255, 256, 257, 1_000] {
            let cases = cases(rows);
            let alone: Vec<String> = cases
                .iter()
                .map(|case| told(single.decide_facts(day(), case)))
                .collect();
            let together = batch(&mut many, cases.as_slice());
            for (row, (together, alone)) in together.iter().zip(&alone).enumerate() {
                assert_eq!(together, alone, "row {row} of {rows}: {:?}", cases[row]);
            }
            assert_eq!(together.len(), rows);
            for (model, (single, many)) in single_models.iter().zip(&many_models).enumerate() {
                let ((calls, asked), (together, _)) = (single.counted(), many.counted());
                assert_eq!(calls, asked);
                if batches_change_bits {
                    assert_eq!(together, calls);
                } else if model != 1 && rows == 64 {
                    assert!(asked > 10 && together <= 2, "{together} for {asked} rows");
                }
            }
            for (single, many) in single_release
                .models()
                .values()
                .zip(many_release.models().values())
            {
                assert_eq!(single.fault_counts(), many.fault_counts());
            }
            if rows == 1_000 {
                let errors = alone.iter().filter(|told| told.starts_with("error"));
                assert!(errors.count() > 0);
                for words in ["thirteen", "stood_in", "outside", "approve", "refer"] {
                    let found = alone.iter().filter(|told| told.contains(words)).count();
                    assert!(found > 0, "{words}");
                }
            }
        }
    }
}

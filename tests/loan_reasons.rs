//! A model's reasons on the real loan data: for each case that owes some, those are
//! listed that the language's choices owe; and each reason that was verified is tried
//! anew, by code of this test alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use krites::{Date, Decider, Engine, Release};
use krites_model::{
    Call, Explained, Explainer, InputTensor, Model, ModelError, NativeModel, NotExplained,
    OnnxModel, OutputTensor, Scratch, Signature,
};
use ndarray::Array2;

const AT_MOST: usize = 4;

/// The columns of the model, each with the code of its reason; some share one
const REASONS: [(&str, &str); 18] = [
    ("applicant.age", "S01"),
    ("applicant.employment_since", "S02"),
    ("applicant.job", "S02"),
    ("applicant.housing", "S03"),
    ("applicant.residence_since", "S03"),
    ("applicant.checking", "S04"),
    ("applicant.savings", "S04"),
    ("applicant.credit_history", "S05"),
    ("applicant.existing_credits", "S05"),
    ("applicant.other_plans", "S05"),
    ("property", "S06"),
    ("applicant.dependents", "S07"),
    ("applicant.telephone", "S08"),
    ("loan.amount", "S09"),
    ("loan.term_months", "S10"),
    ("loan.purpose", "S11"),
    ("loan.instalment_rate", "S12"),
    ("loan.other_debtors", "S13"),
];

fn loan() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/loan")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(loan().join("v1").join(name)).unwrap()
}

/// The example's policy, whose model gives reasons behind those of the rules.
fn policy(verified: &str) -> String {
    let text = String::from_utf8(file("loan.krites")).unwrap();
    let replaced = |text: String, from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    };
    let features: Vec<String> = REASONS
        .iter()
        .map(|(column, code)| format!("{column} : {code}"))
        .collect();
    let reasons = format!(
        "probabilities of class 1\n    reasons {verified} {{ {} }}\n",
        features.join(", ")
    );
    let text = replaced(text, "probabilities of class 1\n", &reasons);
    let text = replaced(text, "within 20 ms\n", "within 60000 ms\n");
    let text = replaced(
        text,
        "reasons at most 3 {\n    for refer, decline : rules that spoke\n",
        &format!(
            "reasons at most {AT_MOST} {{\n    for refer, decline : rules that spoke, then default_risk.contributions\n"
        ),
    );
    let mut codes: Vec<&str> = REASONS.iter().map(|(_, code)| *code).collect();
    codes.dedup();
    let declared: Vec<String> = codes
        .iter()
        .map(|code| format!("reason {code} \"{code}\""))
        .collect();
    // What the example's tests expect holds without these reasons.
    let end = text.find("example typical {").unwrap();
    format!("{}\n{}\n", text.get(..end).unwrap(), declared.join("\n"))
}

/// The model of the example, which keeps what it was fed
#[derive(Debug)]
struct Kept {
    model: NativeModel,
    fed: Arc<Mutex<Vec<f32>>>,
}

impl Model for Kept {
    fn signature(&self) -> &Signature {
        self.model.signature()
    }

    fn backend(&self) -> &'static str {
        "kept"
    }

    fn batching_changes_bits(&self) -> bool {
        false
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        if let [InputTensor::Float(rows)] = call.inputs {
            let mut fed = self.fed.lock().unwrap();
            // The case itself comes first; it is forgotten behind each decision.
            if fed.is_empty() {
                fed.extend(rows.row(0));
            }
        }
        self.model.run(call)
    }

    fn explainer(&self, explained: &Explained<'_>) -> Result<Box<dyn Explainer>, NotExplained> {
        self.model.explainer(explained)
    }
}

fn native() -> NativeModel {
    let onnx = OnnxModel::parse(&file("default_risk.onnx")).unwrap();
    NativeModel::from_onnx(&onnx).unwrap()
}

/// A decider over the policy, and what its model was fed last.
fn decider(verified: &str) -> (Decider, Arc<Mutex<Vec<f32>>>) {
    let fed = Arc::new(Mutex::new(Vec::new()));
    let model = Kept {
        model: native(),
        fed: fed.clone(),
    };
    let release = Release::builder()
        .policy("loan.krites", policy(verified))
        .host_model(
            "default_risk.onnx",
            Arc::new(model),
            &file("default_risk.onnx"),
        )
        .file("default_risk.card.json", file("default_risk.card.json"))
        .file(
            "default_risk.background.csv",
            file("default_risk.background.csv"),
        )
        .build();
    match release {
        Ok(release) => (Engine::new(release).decider("loan").unwrap(), fed),
        Err(error) => panic!("{error}"),
    }
}

/// What a decision owes reasons for
struct Owing {
    outcome: String,
    /// Codes of what spoke for the outcome, in order
    spoken: Vec<String>,
    reasons: Vec<String>,
    /// By column: the contribution, and whether it gave its reason
    features: Vec<(String, f64, bool)>,
    base: f64,
    margin: f64,
    fed: Vec<f32>,
}

/// Decides all applications; those that owe reasons.
fn owing(verified: &str) -> Vec<Owing> {
    let (mut decider, fed) = decider(verified);
    let day = Date::new(2026, 11, 22).unwrap();
    let mut reader = csv::Reader::from_path(loan().join("data/german_credit.csv")).unwrap();
    let columns = decider.columns(reader.headers().unwrap()).unwrap();
    let mut all = Vec::new();
    for row in reader.records() {
        fed.lock().unwrap().clear();
        let decision = decider.decide_row(day, &columns, &row.unwrap()).unwrap();
        assert_eq!(decision.faults().count(), 0);
        let outcome = decision.outcome();
        if outcome == "approve" {
            assert_eq!(decision.reasons().count(), 0);
            assert_eq!(decision.explained().count(), 0);
            continue;
        }
        let explained = decision.explained().next().expect("it owes contributions");
        assert!(explained.fault.is_none());
        let spoken = decision.spoken().filter(|voice| voice.outcome == outcome);
        all.push(Owing {
            outcome: outcome.to_owned(),
            spoken: spoken
                .filter_map(|voice| voice.because.map(str::to_owned))
                .collect(),
            reasons: decision
                .reasons()
                .map(|reason| reason.code.to_owned())
                .collect(),
            features: explained
                .features
                .iter()
                .map(|one| (one.name.to_owned(), one.contribution, one.gives))
                .collect(),
            base: explained.base,
            margin: explained.margin,
            fed: fed.lock().unwrap().clone(),
        });
    }
    all
}

/// Codes by what raised the answer, the most first, each with its column.
fn by_contribution(case: &Owing) -> Vec<(String, String)> {
    let codes: BTreeMap<&str, &str> = REASONS.into_iter().collect();
    let mut raised: Vec<(f64, &str)> = case
        .features
        .iter()
        .filter(|(_, value, _)| *value > 0.0)
        .map(|(column, value, _)| (*value, column.as_str()))
        .collect();
    raised.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    raised
        .into_iter()
        .map(|(_, column)| (column.to_owned(), codes[column].to_owned()))
        .collect()
}

/// What is listed, where only some columns count.
fn listed(case: &Owing, counts: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut listed: Vec<String> = Vec::new();
    let raised = by_contribution(case).into_iter();
    let raised = raised
        .filter(|(column, _)| counts(column))
        .map(|(_, code)| code);
    for code in case.spoken.iter().cloned().chain(raised) {
        if !listed.contains(&code) {
            listed.push(code);
        }
    }
    listed.truncate(AT_MOST);
    listed
}

#[test]
fn every_case_lists_the_reasons_that_are_owed() {
    let all = owing("");
    let mut of_models = 0;
    for case in &all {
        assert_eq!(case.reasons, listed(case, &|_| true), "{:?}", case.features);
        of_models += case
            .reasons
            .iter()
            .filter(|code| code.starts_with('S'))
            .count();
        // All columns have a reason: base and contributions are the margin.
        let sum: f64 = case.features.iter().map(|(_, value, _)| value).sum();
        let apart = (case.base + sum - case.margin).abs();
        assert!(apart <= 1e-6 + 1e-5 * case.margin.abs(), "{apart:e}");
        let probability = 1.0 / (1.0 + (-case.margin).exp());
        let own = answer(&native(), std::slice::from_ref(&case.fed));
        assert!((probability - own).abs() < 1e-6, "{probability} and {own}");
    }
    let declined = all.iter().filter(|case| case.outcome == "decline").count();
    println!(
        "{declined} declined, {} referred; {of_models} reasons of the model",
        all.len() - declined
    );
    assert!(declined > 0 && of_models > 0);
}

/// The mean of what the model answers for rows.
fn answer(model: &NativeModel, rows: &[Vec<f32>]) -> f64 {
    let width = rows.first().unwrap().len();
    let matrix = Array2::from_shape_vec((rows.len(), width), rows.concat()).unwrap();
    let specs = model.signature().outputs.iter();
    let mut outputs: Vec<_> = specs
        .map(|spec| OutputTensor::for_spec(spec, rows.len()))
        .collect();
    let at = |name: &str| {
        let mut specs = model.signature().outputs.iter();
        specs.position(|spec| spec.name == name).unwrap()
    };
    model
        .run(&mut Call {
            inputs: &[InputTensor::Float(matrix.view())],
            outputs: &mut outputs,
            within: None,
            scratch: &mut Scratch::default(),
        })
        .unwrap();
    let Some(OutputTensor::Float(values)) = outputs.get(at("probabilities")) else {
        panic!("probabilities are floats");
    };
    let bad = values.column(1);
    bad.iter().map(|value| f64::from(*value)).sum::<f64>() / rows.len() as f64
}

#[test]
fn every_verified_reason_lowers_the_answer_when_it_is_tried_anew() {
    let model = native();
    let mut background =
        csv::Reader::from_path(loan().join("v1/default_risk.background.csv")).unwrap();
    let header: Vec<String> = background
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows: Vec<Vec<f32>> = background
        .records()
        .map(|row| {
            row.unwrap()
                .iter()
                .map(|cell| cell.parse().unwrap())
                .collect()
        })
        .collect();
    let without = |case: &Owing, column: &str| {
        let at = header.iter().position(|name| name == column).unwrap();
        let mut tried = vec![case.fed.clone(); rows.len()];
        for (tried, row) in tried.iter_mut().zip(&rows) {
            *tried.get_mut(at).unwrap() = *row.get(at).unwrap();
        }
        answer(&model, &tried)
    };
    let (mut kept, mut dropped) = (0_u32, 0_u32);
    for case in owing("verified") {
        let own = answer(&model, std::slice::from_ref(&case.fed));
        for (column, value, gives) in &case.features {
            if *gives {
                kept += 1;
                assert!(*value > 0.0, "{column}");
                assert!(own > without(&case, column), "{column}");
            }
        }
        // Far from equal, so that rounding does not decide
        let counts = |column: &str| own - without(&case, column) > 1e-12;
        assert_eq!(case.reasons, listed(&case, &counts));
        let tried = listed(&case, &|_| true);
        let gone = tried.iter().filter(|code| !case.reasons.contains(code));
        dropped += u32::try_from(gone.count()).unwrap();
    }
    let share = 100.0 * f64::from(dropped) / f64::from(kept + dropped);
    println!("{kept} reasons verified, {dropped} dropped: {share:.1} %");
    assert!(kept > 0);
}

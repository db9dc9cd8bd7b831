//! The models of the loan example, natively and by ONNX Runtime; and a model
//! that only ONNX Runtime can run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use krites::lang::Exact;
use krites::{Date, Engine, OutputValue, Release, ReleaseBuilder};
use krites_model::testing::{ModelBuilder, say_skipped};
use krites_model::{ElementType, OnnxModel};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};

const MODEL: &str = "default_risk.onnx";
const VERSIONS: [&str; 2] = ["v1", "v2"];

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn loan() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/loan")
}

/// Returns the library, or says that the test is skipped.
fn runtime() -> Option<OnnxRuntime> {
    match OnnxRuntime::locate(&Hints::default()) {
        Ok(runtime) => Some(runtime),
        Err(error) => {
            say_skipped(&error);
            None
        }
    }
}

/// The policy's inputs, columns and model, with a decision that always asks the
/// model.
fn probe(version: &str) -> String {
    let text = std::fs::read_to_string(loan().join(version).join("loan.krites")).unwrap();
    let between = |from: &str, to: &str| {
        let start = text.find(from).unwrap_or_else(|| panic!("no `{from}`"));
        let end = start
            + text[start..]
                .find(to)
                .unwrap_or_else(|| panic!("no `{to}`"));
        &text[start..end]
    };
    format!(
        "{}{}{}\ndecide outcome : Outcome most severe {{\n    \
         rule risky when default_risk.probability > 50% then decline\n    \
         rule rest otherwise then approve\n}}\n",
        between("policy loan", "define {"),
        between("columns features", "model default_risk"),
        // However long a busy machine takes
        between("model default_risk", "table terms")
            .replace("within 20 ms", "within 60000 ms")
            // No card is handed in.
            .replace("outside training range record", ""),
    )
}

fn model_bytes(version: &str) -> Vec<u8> {
    std::fs::read(loan().join(version).join(MODEL)).unwrap()
}

/// P(default) of every application, as a policy sees it.
fn probabilities(builder: ReleaseBuilder, backend: &str) -> Vec<f64> {
    let release = match builder.build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    };
    let shown = release.models()[MODEL].backend();
    assert!(shown.starts_with(backend), "{shown}");
    let mut decider = Engine::new(release).decider("loan").unwrap();
    let mut reader = csv::Reader::from_path(loan().join("data/german_credit.csv")).unwrap();
    let columns = decider.columns(reader.headers().unwrap()).unwrap();
    let rows = reader.records().map(|row| {
        let decision = decider.decide_row(day(), &columns, &row.unwrap()).unwrap();
        let faults: Vec<_> = decision.faults().collect();
        assert!(faults.is_empty(), "{faults:?}");
        match decision.answers().next().unwrap() {
            ("default_risk.probability", Some(OutputValue::Exact(value))) => value.to_f64(),
            other => panic!("{other:?}"),
        }
    });
    rows.collect()
}

/// The answers that ONNX Runtime gave where the models were made.
fn expected() -> Vec<Vec<f64>> {
    let mut reader = csv::Reader::from_path(loan().join("models/expected.csv")).unwrap();
    assert_eq!(reader.headers().unwrap(), vec!["row_id", "p_v1", "p_v2"]);
    let mut columns = vec![Vec::new(), Vec::new()];
    for row in reader.records() {
        let row = row.unwrap();
        for (column, field) in columns.iter_mut().zip(row.iter().skip(1)) {
            column.push(field.parse().unwrap());
        }
    }
    columns
}

fn check(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), 1_000, "{what}");
    assert_eq!(expected.len(), 1_000, "{what}");
    let mut worst = 0.0_f64;
    for (row, (a, b)) in found.iter().zip(expected).enumerate() {
        let apart = (a - b).abs();
        worst = worst.max(apart);
        assert!(
            apart <= 1e-6 + 1e-5 * b.abs(),
            "{what}, row {}: {a} and {b}",
            row + 1
        );
    }
    println!("{what}: 1000 rows, at most {worst:e} apart");
}

fn native(version: &str) -> ReleaseBuilder {
    Release::builder()
        .policy("probe.krites", probe(version))
        .model(MODEL, model_bytes(version))
}

#[test]
fn native_answers_are_those_that_the_models_were_exported_with() {
    for (version, expected) in VERSIONS.iter().zip(expected()) {
        let found = probabilities(native(version), "native");
        check(
            &format!("{version} native, expected.csv"),
            &found,
            &expected,
        );
    }
}

#[test]
fn native_answers_are_those_of_onnx_runtime() {
    let Some(runtime) = runtime() else { return };
    for version in VERSIONS {
        let bytes = model_bytes(version);
        let signature = OnnxModel::parse(&bytes).unwrap().signature().clone();
        let workers = NonZeroUsize::MIN;
        let model = OnnxRuntimeModel::load(&runtime, &bytes, signature, workers).unwrap();
        let by_runtime = Release::builder()
            .policy("probe.krites", probe(version))
            .host_model(MODEL, Arc::new(model), &bytes);
        let theirs = probabilities(by_runtime, "onnxruntime ");
        let ours = probabilities(native(version), "native");
        check(
            &format!("{version} native, onnxruntime {}", runtime.version()),
            &ours,
            &theirs,
        );
    }
}

#[test]
fn both_versions_decide_every_application() {
    for version in VERSIONS {
        let release = Release::from_path(loan().join(version)).unwrap();
        let tests: usize = release
            .test_reports()
            .iter()
            .map(|(_, all)| all.len())
            .sum();
        assert!(tests > 0, "{version} has no tests");
        let mut decider = Engine::new(release).decider("loan").unwrap();
        let mut reader = csv::Reader::from_path(loan().join("data/german_credit.csv")).unwrap();
        let columns = decider.columns(reader.headers().unwrap()).unwrap();
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            let decision = decider.decide_row(day(), &columns, &row).unwrap();
            assert_eq!(decision.faults().count(), 0, "{version}, row {}", rows + 1);
            rows += 1;
        }
        assert_eq!(rows, 1_000);
    }
}

/// A policy over a model with an operator that is not native
fn foreign() -> ReleaseBuilder {
    const POLICY: &str = r#"
policy foreign { version "1" }
enum Outcome { accept < refuse }
input { age : integer }
model curve from "curve.onnx" {
    feed { x = age }
    give y : decimal = y rounded to 4 digits
    within 5000 ms
    on fault refuse
}
decide outcome : Outcome most severe {
    rule high when curve.y > 0.9 then refuse
    rule rest otherwise then accept
}
output { y : decimal = curve.y }
"#;
    let curve = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .node("com.microsoft.Gelu", &["x"], &["y"], &[])
        .build();
    Release::builder()
        .policy("foreign.krites", POLICY)
        .model("curve.onnx", curve)
}

#[test]
fn a_model_outside_of_the_native_table_goes_to_onnx_runtime() {
    let Some(runtime) = runtime() else { return };
    let release = match foreign().build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    };
    let backend = release.models()["curve.onnx"].backend().to_owned();
    assert_eq!(backend, format!("onnxruntime {}", runtime.version()));
    let engine = Engine::new(release);
    let mut decider = engine.decider("foreign").unwrap();
    // x times the normal distribution function, by Abramowitz and Stegun, table 26.1.
    for (age, expected, outcome) in [
        (0, "0", "accept"),
        (1, "0.8413", "accept"),
        (2, "1.9545", "refuse"),
    ] {
        let facts = serde_json::json!({ "age": age });
        let decision = decider.decide(day(), &facts).unwrap();
        let expected = Exact::parse(expected).unwrap();
        assert_eq!(decision.output("y"), Some(OutputValue::Exact(expected)));
        assert_eq!(decision.outcome(), outcome);
        let record = decision.record(krites::Envelope::default());
        let record = serde_json::to_value(record).unwrap();
        assert_eq!(record["models"][0]["backend"], backend);
    }
}

/// Set in a process of its own, since a library stays once it is loaded
const CHILD: &str = "KRITES_TEST_WITHOUT_ONNXRUNTIME";

#[test]
fn without_the_library_such_a_model_is_refused_with_the_remedy() {
    let run = |stated: &str| {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_without_the_library", "--nocapture"])
            .env_remove("ORT_DYLIB_PATH")
            .env(CHILD, stated)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}");
        text
    };
    for (stated, words) in [
        ("", "the ONNX Runtime library was not found"),
        ("nowhere/libonnxruntime.so", "nowhere/libonnxruntime.so"),
    ] {
        let text = run(stated);
        assert!(text.contains("`curve.onnx` needs ONNX Runtime"), "{text}");
        assert!(text.contains("Gelu"), "{text}");
        assert!(text.contains(words), "{text}");
        assert!(text.contains("pip install onnxruntime"), "{text}");
        assert!(text.contains("foreign.krites:5"), "{text}");
    }
}

#[test]
fn child_without_the_library() {
    let Some(stated) = std::env::var_os(CHILD) else {
        return;
    };
    let builder = match stated.is_empty() {
        true => foreign().onnxruntime_stated_only(),
        false => foreign().onnxruntime_library(PathBuf::from(stated)),
    };
    let error = builder.build().unwrap_err();
    println!("{error}");
    let krites::LoadErrorKind::Policies { errors } = error.kind() else {
        panic!("{error}");
    };
    for diagnostic in &errors[0].diagnostics {
        println!("{}", diagnostic.help.as_deref().unwrap_or_default());
    }
}

/// Rows of `curve.onnx` with what `answer` gives for each
fn curve_golden(rows: usize, answer: impl Fn(f64) -> f64) -> String {
    let rows = (0..rows).map(|at| {
        let x = f64::from(u32::try_from(at).unwrap()) / 8.0 - 3.0;
        format!("{x},{}\n", answer(x))
    });
    format!("x,expect y\n{}", rows.collect::<String>())
}

#[test]
fn golden_vectors_are_held_against_onnx_runtime_where_it_serves() {
    if runtime().is_none() {
        return;
    }
    // Gelu by 0.5 x (1 + erf(x / sqrt 2))
    let erf = |x: f64| 2.0 / std::f64::consts::PI.sqrt() * erf_series(x);
    let gelu = |x: f64| 0.5 * x * (1.0 + erf(x / std::f64::consts::SQRT_2));
    for rows in [1, 40] {
        let golden = curve_golden(rows, gelu);
        let release = foreign().file("curve.golden.csv", golden).build();
        let release = release.unwrap_or_else(|error| panic!("{error}"));
        let part = &release.models()["curve.onnx"];
        assert!(part.backend().starts_with("onnxruntime"));
        part.check_golden().unwrap();
        // One row is no evidence of what batches do to the bits.
        let alone = part.model().batching_changes_bits();
        assert!(alone || rows == 40);
    }
    let wrong = curve_golden(40, |x| if x > 1.5 { gelu(x) + 0.001 } else { gelu(x) });
    let error = foreign()
        .file("curve.golden.csv", wrong)
        .build()
        .unwrap_err();
    let said = error.to_string();
    assert!(said.contains("curve.golden.csv"), "{said}");
    assert!(said.contains("of 40 rows differ"), "{said}");
}

/// The sum of (-1)^n x^(2n+1) / (n! (2n+1)), Abramowitz and Stegun 7.1.5
fn erf_series(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..200 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum
}

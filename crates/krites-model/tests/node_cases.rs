//! The node test cases of ONNX, natively: by rows where the operator goes row
//! by row, and folded, with all inputs as constants.
//!
//! `KRITES_ONNX_CASES` is the folder `backend/test/data/node` of the onnx
//! package.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use krites_model::testing::{CaseTensor, NodeCase, Values, say_skipped};
use krites_model::{
    Call, InputTensor, Model, NativeModel, OnnxModel, OutputTensor, Scratch, native_operators,
};
use ndarray::ArrayView2;

/// Cases of native operators that are outside of the table all the same, by
/// the beginning of their names
const OUTSIDE: &[(&str, &str)] = &[
    ("test_batchnorm_epsilon_training", LEARNS),
    ("test_batchnorm_example_training", LEARNS),
    ("test_cast_FLOAT_to_STRING", EIGHT_DIGITS),
    ("test_castlike_FLOAT_to_STRING", EIGHT_DIGITS),
    ("test_matmul_3d", WEIGHTS),
    ("test_matmul_4d", WEIGHTS),
    (
        "test_strnormalizer_export_monday",
        "stop words leave texts out",
    ),
    ("test_training_dropout", LEARNS),
];

const LEARNS: &str = "the net learns";
const EIGHT_DIGITS: &str =
    "ONNX Runtime writes eight digits of a float, the case as many as needed";
const WEIGHTS: &str = "a product of three dimensions or more on both sides";

/// Reads the numbered files of a case.
fn files(case: &Path, kind: &str) -> Vec<Vec<u8>> {
    let file = |idx| std::fs::read(case.join(format!("test_data_set_0/{kind}_{idx}.pb")));
    (0..).map_while(|idx| file(idx).ok()).collect()
}

fn input<'a>(tensor: &'a CaseTensor, texts: &'a [&'a str]) -> InputTensor<'a> {
    let shape = (tensor.dims[0], tensor.width());
    match &tensor.values {
        Values::Float(elements) => {
            InputTensor::Float(ArrayView2::from_shape(shape, elements).unwrap())
        }
        Values::Double(elements) => {
            InputTensor::Double(ArrayView2::from_shape(shape, elements).unwrap())
        }
        Values::Integer(elements) => {
            InputTensor::Integer(ArrayView2::from_shape(shape, elements).unwrap())
        }
        Values::Boolean(elements) => {
            InputTensor::Boolean(ArrayView2::from_shape(shape, elements).unwrap())
        }
        Values::Text(_) => InputTensor::Text(ArrayView2::from_shape(shape, texts).unwrap()),
    }
}

/// Runs a model and compares its outputs; a refusal is told.
fn run(bytes: &[u8], given: &[&CaseTensor], n_rows: usize, case: &NodeCase) -> Result<(), String> {
    let onnx = OnnxModel::parse(bytes).map_err(|error| error.to_string())?;
    let model = NativeModel::from_onnx(&onnx).map_err(|error| error.to_string())?;
    let texts: Vec<Vec<&str>> = given
        .iter()
        .map(|tensor| match &tensor.values {
            Values::Text(elements) => elements.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        })
        .collect();
    let inputs: Vec<_> = given
        .iter()
        .zip(&texts)
        .map(|(tensor, texts)| input(tensor, texts))
        .collect();
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, n_rows))
        .collect();
    let call = &mut Call {
        inputs: &inputs,
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    };
    model.run(call).map_err(|error| error.to_string())?;
    for (output, answer) in outputs.iter().zip(&case.answers) {
        compare(output, answer)?;
    }
    Ok(())
}

fn compare(output: &OutputTensor, answer: &CaseTensor) -> Result<(), String> {
    let close = |a: f64, b: f64| {
        a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 + 1e-5 * b.abs()
    };
    let all = match (output, &answer.values) {
        (OutputTensor::Float(a), Values::Float(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| close(a.into(), b.into()))
        }
        (OutputTensor::Double(a), Values::Double(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| close(a, b))
        }
        (OutputTensor::Integer(a), Values::Integer(b)) => a.iter().eq(b),
        (OutputTensor::Boolean(a), Values::Boolean(b)) => a.iter().eq(b),
        (OutputTensor::Text(a), Values::Text(b)) => a.iter().eq(b),
        _ => false,
    };
    if all {
        return Ok(());
    }
    Err(format!("wrong: {output:?} is not {answer:?}"))
}

/// In which ways a case ran, and what was said where it did not
#[derive(Default)]
struct Outcome {
    by_rows: bool,
    folded: bool,
    said: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Outcome {
    fn note(&mut self, result: Result<(), String>) -> bool {
        match result {
            Ok(()) => return true,
            Err(said) if said.starts_with("wrong") => self.wrong.push(said),
            Err(said) => {
                self.said.insert(said);
            }
        }
        false
    }
}

fn try_case(case: &NodeCase) -> Outcome {
    let mut outcome = Outcome::default();
    let n_rows = case.answers[0].dims.first().copied();
    let fits = |tensor: &CaseTensor| n_rows.is_some() && tensor.dims.first().copied() == n_rows;
    let n_inputs = case.given.len();
    let all: Vec<bool> = case.given.iter().map(fits).collect();
    let one = |idx: usize| {
        (0..n_inputs)
            .map(|other| other == idx && all[idx])
            .collect()
    };
    let ways = std::iter::once(all.clone()).chain((0..n_inputs).map(one));
    for free in ways.collect::<BTreeSet<Vec<bool>>>() {
        let Some(bytes) = free.contains(&true).then(|| case.by_rows(&free)).flatten() else {
            continue;
        };
        let given: Vec<&CaseTensor> = case
            .given
            .iter()
            .zip(&free)
            .filter(|(_, free)| **free)
            .map(|(tensor, _)| tensor)
            .collect();
        outcome.by_rows |= outcome.note(run(&bytes, &given, n_rows.unwrap_or(0), case));
    }
    let row = CaseTensor {
        dims: vec![1],
        values: Values::Integer(vec![0]),
    };
    if let Some(bytes) = case.folded() {
        outcome.folded = outcome.note(run(&bytes, &[&row], 1, case));
    }
    outcome
}

#[test]
fn the_node_cases_of_onnx_pass_or_are_named() {
    let Ok(folder) = std::env::var("KRITES_ONNX_CASES") else {
        return say_skipped(&"no node cases at KRITES_ONNX_CASES");
    };
    let native: BTreeSet<&str> = native_operators().collect();
    let mut folders: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let (mut ran, mut by_rows, mut folded) = (0, 0, 0);
    let mut operators: BTreeMap<String, ([usize; 2], BTreeMap<String, usize>)> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for folder in &folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let model = std::fs::read(folder.join("model.onnx")).unwrap();
        let of_case = NodeCase::operators(&model).unwrap();
        let of = match of_case.as_slice() {
            [one] => one.clone(),
            _ => "several".to_owned(),
        };
        let (passed, outside) = operators.entry(of).or_default();
        let mut leave_out = |reason: String| *outside.entry(reason).or_default() += 1;
        if let Some(missing) = of_case
            .iter()
            .find(|operator| !native.contains(operator.as_str()))
        {
            leave_out(format!("{missing} is not native"));
            continue;
        }
        let case = match NodeCase::read(&model, &files(folder, "input"), &files(folder, "output")) {
            Ok(case) => case,
            Err(reason) => {
                leave_out(reason);
                continue;
            }
        };
        let listed = OUTSIDE.iter().find(|(begin, _)| name.starts_with(begin));
        let outcome = try_case(&case);
        let passes = outcome.by_rows || outcome.folded;
        if let Some((_, reason)) = listed {
            assert!(!passes, "{name} passes and is said not to");
            leave_out((*reason).to_owned());
            continue;
        }
        for wrong in &outcome.wrong {
            unexplained.push(format!("{name}: {wrong}"));
        }
        by_rows += usize::from(outcome.by_rows);
        folded += usize::from(outcome.folded);
        if passes {
            ran += 1;
            passed[0] += usize::from(outcome.by_rows);
            passed[1] += usize::from(outcome.folded);
        } else if case.is_empty() {
            leave_out("it answers no elements".to_owned());
        } else if of_case[0].starts_with("ai.onnx.ml.") && case.given[0].dims.len() > 2 {
            leave_out("an operator over features, in three dimensions".to_owned());
        } else {
            unexplained.push(format!("{name}: {:?}", outcome.said));
        }
    }
    for (operator, ([by_rows, folded], outside)) in &operators {
        let outside: Vec<String> = outside
            .iter()
            .map(|(reason, count)| format!("{count} outside: {reason}"))
            .collect();
        println!(
            "{operator}: {by_rows} by rows, {folded} folded; {}",
            outside.join("; ")
        );
    }
    println!(
        "{} cases: {ran} ran, {by_rows} of them by rows and {folded} of them folded",
        folders.len()
    );
    assert!(
        unexplained.is_empty(),
        "{} unexplained:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
}

//! Native answers against those that came with the models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use krites_model::testing::say_skipped;
use krites_model::{
    Attribution, Explained, InputRows, Model, NativeModel, NotExplained, NotNative, OnnxModel,
    OutputTensor, Scratch, Unit,
};
use ndarray::Axis;
use support::{Column, Fixture, compare, fixtures, score};

/// Outputs of the shared models that tell contributions, in both attributions
const N_EXPLAINED: usize = 24;

#[test]
fn native_models_answer_as_their_fixtures_say() {
    let Some(fixtures) = fixtures() else {
        return say_skipped(&"no models at KRITES_DATA");
    };
    let mut native = Vec::new();
    for fixture in fixtures {
        let model = OnnxModel::parse(&fixture.bytes).unwrap();
        let model = match NativeModel::from_onnx(&model) {
            Ok(model) => model,
            Err(error) => {
                println!("{}: not native: {error}", fixture.name);
                assert!(matches!(error, NotNative::Operator { .. }), "{error}");
                continue;
            }
        };
        let inputs = fixture.inputs(model.signature());
        let n_rows = fixture.n_rows();
        let mut scratch = Scratch::default();
        let batch = score(&model, &inputs, 0, n_rows, &mut scratch).unwrap();
        let worst = compare(&fixture, model.signature(), &batch);
        println!(
            "{}: native, {n_rows} rows, at most {worst:.2e} away",
            fixture.name
        );
        for row_idx in 0..n_rows {
            let row = score(&model, &inputs, row_idx, row_idx + 1, &mut scratch).unwrap();
            for (one, all) in row.iter().zip(&batch) {
                assert_same_bits(one, all, row_idx);
            }
        }
        native.push(fixture.name);
    }
    for name in [
        "german_gbdt",
        "german_gbdt_challenger",
        "german_scorecard",
        "german_pipeline_strings",
        "taiwan_gbdt",
        "taiwan_gbdt_challenger",
        "taiwan_mlp",
        "taiwan_scorecard",
        "marketing_propensity_strings",
        "card_fraud_gbdt",
        "card_fraud_iforest",
        "banking77_tfidf_lr",
        "banking77_tokens_lr",
    ] {
        assert!(
            native.iter().any(|native| native == name),
            "{name} is not native"
        );
    }
}

/// Explains the last column of each output of a model that is a score, and says
/// how it went.
fn explained(fixture: &Fixture, model: &NativeModel, attribution: Attribution) -> Vec<String> {
    let signature = model.signature();
    let columns = fixture.inputs(signature).into_iter();
    let n_rows = fixture.n_rows();
    let inputs = columns.map(|column| match column {
        Column::Float(floats) => OutputTensor::Float(floats),
        Column::Text(texts) => OutputTensor::Text(texts),
    });
    let inputs: Vec<_> = inputs.collect();
    let free = inputs
        .iter()
        .zip(&signature.inputs)
        .any(|(input, spec)| input.dim().1 != spec.width);
    if free {
        return vec!["an input of any number of columns".to_owned()];
    }
    let rows = InputRows::new(signature, inputs).unwrap();
    let few = 0..n_rows.min(100);
    let background = rows.inputs().iter().map(|input| match input {
        OutputTensor::Float(all) => {
            OutputTensor::Float(all.slice_axis(Axis(0), few.clone().into()).to_owned())
        }
        OutputTensor::Text(all) => {
            OutputTensor::Text(all.slice_axis(Axis(0), few.clone().into()).to_owned())
        }
        other => panic!("{other:?}"),
    });
    let background = &InputRows::new(signature, background.collect()).unwrap();
    let n_players = signature.inputs.iter().map(|input| input.width).sum();
    let mut lines = Vec::new();
    let mut scratch = Scratch::default();
    let answers = score(model, &fixture.inputs(signature), 0, n_rows, &mut scratch).unwrap();
    for (output, spec) in signature.outputs.iter().enumerate() {
        let asked = Explained {
            output,
            column: spec.width - 1,
            background,
            attribution,
        };
        let explainer = match model.explainer(&asked) {
            Ok(explainer) => explainer,
            Err(NotExplained::NotAScore { .. }) => continue,
            Err(error) => {
                lines.push(format!("`{}`: {error}", spec.name));
                continue;
            }
        };
        let OutputTensor::Float(answers) = &answers[output] else {
            panic!("scores are not floats")
        };
        for (row_idx, answer) in answers.column(spec.width - 1).iter().enumerate() {
            let mut contributions = vec![0.0; n_players];
            let margin = rows.view(row_idx..row_idx + 1, |row| {
                explainer
                    .explain(row, &mut contributions, &mut scratch)
                    .unwrap()
            });
            let sum = explainer.base() + contributions.iter().sum::<f64>();
            assert!(
                (sum - margin).abs() <= 1e-6 + 1e-5 * margin.abs(),
                "{sum} is not {margin}"
            );
            let linked = match explainer.unit() {
                Unit::LogOdds => 1.0 / (1.0 + (-margin).exp()),
                Unit::Output => margin,
                Unit::Logit => continue,
            };
            let apart = (linked - f64::from(*answer)).abs();
            assert!(
                apart <= 1e-6 + 1e-5 * linked.abs(),
                "{linked} is not {answer}"
            );
        }
        lines.push(format!("`{}`: explained, {}", spec.name, explainer.unit()));
    }
    lines
}

#[test]
fn contributions_of_the_shared_models_sum_to_their_margins() {
    let Some(fixtures) = fixtures() else {
        return say_skipped(&"no models at KRITES_DATA");
    };
    let mut n_explained = 0;
    for fixture in fixtures {
        let model = OnnxModel::parse(&fixture.bytes).unwrap();
        let model = NativeModel::from_onnx(&model).unwrap();
        for attribution in [Attribution::Interventional, Attribution::PathDependent] {
            for line in explained(&fixture, &model, attribution) {
                n_explained += usize::from(line.contains(": explained"));
                println!("{}: {attribution:?}: {line}", fixture.name);
            }
        }
    }
    assert_eq!(n_explained, N_EXPLAINED);
}

fn assert_same_bits(one: &OutputTensor, all: &OutputTensor, row_idx: usize) {
    match (one, all) {
        (OutputTensor::Float(one), OutputTensor::Float(all)) => {
            let bits = |x: &f32| x.to_bits();
            assert!(
                one.row(0)
                    .iter()
                    .map(bits)
                    .eq(all.row(row_idx).iter().map(bits))
            );
        }
        (OutputTensor::Integer(one), OutputTensor::Integer(all)) => {
            assert_eq!(one.row(0), all.row(row_idx));
        }
        (OutputTensor::Text(one), OutputTensor::Text(all)) => {
            assert_eq!(one.row(0), all.row(row_idx));
        }
        other => panic!("{other:?}"),
    }
}

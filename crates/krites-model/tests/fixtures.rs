//! Native answers against those that came with the models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use krites_model::testing::say_skipped;
use krites_model::{Model, NativeModel, NotNative, OnnxModel, OutputTensor, Scratch};
use support::{compare, fixtures, score};

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

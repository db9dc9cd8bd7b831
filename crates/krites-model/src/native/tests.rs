//! Native evaluation of small models, good and hostile.

use ndarray::Array2;

use super::*;
use crate::testing::{Attribute, ModelBuilder};
use crate::{ElementType, Scratch};

/// A binary classifier of two trees over two columns, with a Cast and a Mul
/// behind it; `edit` changes the lists of the trees.
fn classifier(edit: impl FnOnce(&mut Vec<(&'static str, Attribute)>)) -> Vec<u8> {
    use Attribute::{Floats, Integers, Text, Texts};
    let mut attributes = vec![
        ("nodes_treeids", Integers(vec![0, 0, 0, 1, 1, 1])),
        ("nodes_nodeids", Integers(vec![0, 1, 2, 0, 1, 2])),
        ("nodes_featureids", Integers(vec![0, 0, 0, 1, 0, 0])),
        ("nodes_truenodeids", Integers(vec![1, 0, 0, 1, 0, 0])),
        ("nodes_falsenodeids", Integers(vec![2, 0, 0, 2, 0, 0])),
        (
            "nodes_missing_value_tracks_true",
            Integers(vec![1, 0, 0, 0, 0, 0]),
        ),
        ("nodes_values", Floats(vec![0.5, 0.0, 0.0, 10.0, 0.0, 0.0])),
        (
            "nodes_modes",
            Texts(vec![
                "BRANCH_LEQ",
                "LEAF",
                "LEAF",
                "BRANCH_LT",
                "LEAF",
                "LEAF",
            ]),
        ),
        ("class_treeids", Integers(vec![0, 0, 1, 1])),
        ("class_nodeids", Integers(vec![1, 2, 1, 2])),
        ("class_ids", Integers(vec![0, 0, 0, 0])),
        ("class_weights", Floats(vec![-1.0, 1.0, -0.5, 0.25])),
        ("classlabels_int64s", Integers(vec![0, 1])),
        ("post_transform", Text("LOGISTIC")),
    ];
    edit(&mut attributes);
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 2])
        .output("label", ElementType::Integer, &[-1])
        .output("probabilities", ElementType::Float, &[-1, 2])
        .floats("one", &[], &[1.0])
        .node(
            "ai.onnx.ml.TreeEnsembleClassifier",
            &["x"],
            &["l", "p"],
            &attributes,
        )
        .node("Cast", &["l"], &["label"], &[("to", Attribute::Integer(7))])
        .node("Mul", &["p", "one"], &["probabilities"], &[])
        .build()
}

/// Sets one number of a list.
fn set(attributes: &mut [(&'static str, Attribute)], name: &str, at: usize, value: i64) {
    for (attribute, values) in attributes {
        match values {
            Attribute::Integers(values) if *attribute == name => values[at] = value,
            _ => {}
        }
    }
}

fn native(bytes: &[u8]) -> Result<NativeModel, NotNative> {
    NativeModel::from_onnx(&OnnxModel::parse(bytes).unwrap())
}

fn run(model: &NativeModel, rows: &Array2<f32>) -> Result<Vec<OutputTensor>, ModelError> {
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, rows.nrows()))
        .collect();
    let inputs = [InputTensor::Float(rows.view())];
    let scratch = &mut Scratch::default();
    model.run(&mut Call {
        inputs: &inputs,
        outputs: &mut outputs,
        within: None,
        scratch,
    })?;
    Ok(outputs)
}

#[test]
fn a_small_classifier_gives_the_sum_of_its_leaves() {
    let model = native(&classifier(|_| {})).unwrap();
    let rows = Array2::from_shape_vec(
        (4, 2),
        vec![0.5, 9.0, 0.6, 10.0, f32::NAN, f32::NAN, 0.0, 10.0],
    );
    let outputs = run(&model, &rows.unwrap()).unwrap();
    let OutputTensor::Float(scores) = &outputs[1] else {
        panic!()
    };
    for (row, votes) in scores
        .rows()
        .into_iter()
        .zip([-1.5_f64, 1.25, -0.75, -0.75])
    {
        let expected = 1.0 / (1.0 + (-votes).exp());
        assert!(
            (f64::from(row[1]) - expected).abs() < 1e-7,
            "{row} is not {expected}"
        );
        assert!((row[0] + row[1] - 1.0).abs() < 1e-7);
    }
    let labels = Array2::from_shape_vec((4, 1), vec![0, 1, 0, 0]).unwrap();
    assert_eq!(outputs[0], OutputTensor::Integer(labels));
}

#[test]
fn damaged_trees_are_refused() {
    for (name, at, value, problem) in [
        (
            "nodes_featureids",
            0,
            2,
            "tree 0: node 0 reads the column 2 of 2",
        ),
        (
            "nodes_featureids",
            0,
            -1,
            "tree 0: node 0 reads the column -1 of 2",
        ),
        (
            "nodes_truenodeids",
            0,
            0,
            "tree 0: node 0 is not reached from the root",
        ),
        (
            "nodes_truenodeids",
            0,
            2,
            "tree 0: node 1 is not reached from the root",
        ),
        (
            "nodes_falsenodeids",
            3,
            9,
            "tree 1: node 0 has the child 9, which is not there",
        ),
        ("nodes_nodeids", 2, 1, "tree 0: two nodes have the number 1"),
        ("class_nodeids", 0, 9, "a weight belongs to no node"),
        (
            "class_ids",
            0,
            5,
            "tree 0: leaf 1 votes for the class or target 5",
        ),
    ] {
        let bytes = classifier(|attributes| set(attributes, name, at, value));
        let error = native(&bytes).unwrap_err();
        assert!(error.is_malformed());
        let message = format!("node 0 (TreeEnsembleClassifier) is damaged: {problem}");
        assert_eq!(error.to_string(), message);
    }
    let bytes = classifier(|attributes| attributes.retain(|(name, _)| *name != "nodes_values"));
    assert_eq!(
        native(&bytes).unwrap_err().to_string(),
        "node 0 (TreeEnsembleClassifier) is damaged: `nodes_values` has 0 values where 6 are needed"
    );
}

#[test]
fn an_operator_outside_of_the_table_is_named() {
    let bytes = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 2])
        .output("y", ElementType::Float, &[-1, 2])
        .node("Loop", &["x"], &["y"], &[])
        .build();
    let error = native(&bytes).unwrap_err();
    assert!(!error.is_malformed());
    assert_eq!(
        error.to_string(),
        "node 0 (Loop) uses the operator `Loop`, which is not native"
    );
}

#[test]
fn changed_bytes_never_panic() {
    let good = classifier(|_| {});
    let rows = Array2::from_elem((9, 2), 0.25);
    for at in 0..good.len() {
        for flip in [0x01, 0x02, 0x10, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= flip;
            if let Ok(model) = OnnxModel::parse(&bytes)
                && let Ok(model) = NativeModel::from_onnx(&model)
            {
                let _ = run(&model, &rows);
            }
        }
        let _ = OnnxModel::parse(&good[..at]);
    }
}

#[test]
fn a_batch_equals_its_rows_bit_for_bit_in_any_memory_layout() {
    let model = native(&classifier(|_| {})).unwrap();
    let rows = Array2::from_shape_fn((701, 2), |(row, column)| {
        if row % 13 == 0 {
            f32::NAN
        } else {
            (row * (7 + column) % 23) as f32 / 1.7
        }
    });
    let batch = run(&model, &rows).unwrap();
    let columns_first = rows.t().as_standard_layout().into_owned();
    let columns_first = columns_first.reversed_axes();
    assert!(!columns_first.is_standard_layout());
    assert_eq!(batch, run(&model, &columns_first).unwrap());
    let OutputTensor::Float(scores) = &batch[1] else {
        panic!()
    };
    for (row_idx, row) in rows.rows().into_iter().enumerate() {
        let one = run(&model, &row.to_owned().insert_axis(ndarray::Axis(0))).unwrap();
        let OutputTensor::Float(one) = &one[1] else {
            panic!()
        };
        assert!(
            one.iter()
                .zip(scores.row(row_idx))
                .all(|(a, b)| a.to_bits() == b.to_bits())
        );
    }
}

#[test]
fn a_call_that_does_not_fit_is_an_error() {
    let model = native(&classifier(|_| {})).unwrap();
    let error = run(&model, &Array2::zeros((3, 5))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the call does not fit the model: input `x` is 3 × 5 of type float, where 3 × 2 of type float is needed"
    );
    assert_eq!(
        run(&model, &Array2::zeros((0, 2))).unwrap()[0].dim(),
        (0, 1)
    );
}

//! Types that ONNX Runtime lacks, and nodes that contradict themselves.

use ndarray::{Array2, array};

use crate::testing::{Attribute, ModelBuilder};
use crate::{
    Call, ElementType, InputTensor, Model, ModelError, NativeModel, NotNative, OnnxModel,
    OutputTensor, Scratch,
};

use Attribute::{Float, Floats, Integers};

fn native(
    operator: &str,
    element: ElementType,
    attributes: &[(&str, Attribute)],
) -> Result<NativeModel, NotNative> {
    let bytes = ModelBuilder::new()
        .input("x", element, &[-1, 3])
        .output("y", element, &[-1, 3])
        .node(operator, &["x"], &["y"], attributes)
        .build();
    NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap())
}

/// Rows of one of the types that ONNX Runtime lacks
enum Rows<'r> {
    Doubles(&'r Array2<f64>),
    Integers(&'r Array2<i64>),
}

fn run(model: &NativeModel, rows: &Rows<'_>) -> Result<OutputTensor, ModelError> {
    let input = match rows {
        Rows::Doubles(rows) => InputTensor::Double(rows.view()),
        Rows::Integers(rows) => InputTensor::Integer(rows.view()),
    };
    let spec = &model.signature().outputs[0];
    let mut outputs = [OutputTensor::for_spec(spec, input.dim().0)];
    model.run(&mut Call {
        inputs: &[input],
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    })?;
    let [output] = outputs;
    Ok(output)
}

#[test]
fn doubles_are_filled_in_as_floats_are() {
    for (missing, values) in [(f32::NAN, vec![1.5]), (0.1, vec![1.0, -2.0, f32::NAN])] {
        let attributes = [
            ("imputed_value_floats", Floats(values.clone())),
            ("replaced_value_float", Float(missing)),
        ];
        let model = native("ai.onnx.ml.Imputer", ElementType::Double, &attributes).unwrap();
        let rows: Array2<f64> = array![
            [0.0, f64::NAN, 0.1],
            [f64::from(0.1_f32), 1e300, f64::from(0.1_f32)]
        ];
        let OutputTensor::Double(given) = run(&model, &Rows::Doubles(&rows)).unwrap() else {
            panic!("no doubles");
        };
        for ((row, column), &x) in rows.indexed_iter() {
            let value = values.get(column).or(values.first()).unwrap();
            let is_missing = if missing.is_nan() {
                x.is_nan()
            } else {
                x == f64::from(missing)
            };
            let expected = if is_missing { f64::from(*value) } else { x };
            assert_eq!(given[(row, column)].to_bits(), expected.to_bits());
        }
    }
}

#[test]
fn doubles_and_whole_numbers_are_compared_with_a_threshold() {
    let threshold = [("threshold", Float(0.1))];
    let model = native("ai.onnx.ml.Binarizer", ElementType::Double, &threshold).unwrap();
    // The float is a little above a tenth.
    let rows = array![
        [0.1, f64::from(0.1_f32), 0.100_000_01],
        [f64::INFINITY, -1.0, 0.2]
    ];
    assert_eq!(
        run(&model, &Rows::Doubles(&rows)),
        Ok(OutputTensor::Double(array![
            [0.0, 0.0, 1.0],
            [1.0, 0.0, 1.0]
        ]))
    );
    let missing = array![[0.1, f64::NAN, 0.2]];
    let detail = "an element that is compared with a threshold is NaN".to_owned();
    assert_eq!(
        run(&model, &Rows::Doubles(&missing)),
        Err(ModelError::Failed { detail })
    );
    let model = native("ai.onnx.ml.Binarizer", ElementType::Integer, &threshold).unwrap();
    let rows = array![[0, 1, i64::MIN]];
    assert_eq!(
        run(&model, &Rows::Integers(&rows)),
        Ok(OutputTensor::Integer(array![[0, 1, 0]]))
    );
}

#[test]
fn nodes_that_contradict_themselves_are_refused() {
    let floats = |name, n: usize| (name, Floats(vec![0.5; n]));
    for (operator, attributes, problem) in [
        (
            "ai.onnx.ml.Scaler",
            vec![floats("offset", 1), floats("scale", 3)],
            "it has 1 offsets for 3 factors",
        ),
        (
            "ai.onnx.ml.Scaler",
            vec![floats("offset", 2), floats("scale", 2)],
            "it has 2 factors for 3 columns",
        ),
        (
            "ai.onnx.ml.Scaler",
            vec![],
            "it has 0 factors for 3 columns",
        ),
        (
            "ai.onnx.ml.Imputer",
            vec![floats("imputed_value_floats", 2)],
            "it fills 2 values in for 3 columns",
        ),
        (
            "ai.onnx.ml.Imputer",
            vec![],
            "what it fills in is not of one type",
        ),
        (
            "ai.onnx.ml.FeatureVectorizer",
            vec![("inputdimensions", Integers(vec![1, 2]))],
            "it has 1 inputs and the number of columns for 2",
        ),
        (
            "ai.onnx.ml.FeatureVectorizer",
            vec![("inputdimensions", Integers(vec![-1]))],
            "input 0 gets -1 columns",
        ),
    ] {
        let error = native(operator, ElementType::Float, &attributes).unwrap_err();
        assert!(error.is_malformed(), "{error}");
        assert!(error.to_string().ends_with(problem), "{error}");
    }
    let wide = [("inputdimensions", Integers(vec![i64::MAX]))];
    let error = native("ai.onnx.ml.FeatureVectorizer", ElementType::Float, &wide).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("it gives no columns or too many")
    );
}

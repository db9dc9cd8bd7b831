//! Encoders that contradict themselves, and their errors at run time.

use ndarray::array;

use crate::testing::{Attribute, Elements, ModelBuilder};
use crate::{
    Call, ElementType, InputTensor, Model, ModelError, NativeModel, NotNative, OnnxModel,
    OutputTensor, Scratch,
};

use Attribute::{Floats, Integer, Integers, Tensor, Texts};

fn native(
    operator: &str,
    (from, to): (ElementType, ElementType),
    attributes: &[(&str, Attribute)],
) -> Result<NativeModel, NotNative> {
    let bytes = ModelBuilder::new()
        .opset("ai.onnx.ml", 4)
        .input("x", from, &[-1])
        .output("y", to, &[-1])
        .node(operator, &["x"], &["y"], attributes)
        .build();
    NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap())
}

#[test]
fn encoders_that_contradict_themselves_are_refused() {
    use ElementType::{Double as D, Float as F, Integer as I, Text as T};
    const LABEL: &str = "ai.onnx.ml.LabelEncoder";
    const HOT: &str = "ai.onnx.ml.OneHotEncoder";
    const MAPPER: &str = "ai.onnx.ml.CategoryMapper";
    let keys = || ("keys_int64s", Integers(vec![1, 2]));
    let values = |n: usize| ("values_floats", Floats(vec![0.5; n]));
    for (operator, types, attributes, problem) in [
        (
            LABEL,
            (I, F),
            vec![keys(), values(3)],
            "it has 3 values for 2 keys",
        ),
        (LABEL, (I, F), vec![keys()], "it has no values"),
        (
            LABEL,
            (T, F),
            vec![keys(), values(2)],
            "it has no keys of its input's type, text",
        ),
        (
            LABEL,
            (D, F),
            vec![
                ("keys_tensor", Tensor(Elements::Floats(vec![1.0]))),
                values(1),
            ],
            "its keys are float, its input is double",
        ),
        (
            LABEL,
            (I, F),
            vec![keys(), values(2), ("values_int64s", Integers(vec![1, 2]))],
            "it has values of two types",
        ),
        (
            LABEL,
            (I, F),
            vec![
                keys(),
                values(2),
                ("default_tensor", Tensor(Elements::Integers(vec![1]))),
            ],
            "what unknown keys become has another type than its values",
        ),
        (
            LABEL,
            (I, F),
            vec![
                keys(),
                values(2),
                ("default_tensor", Tensor(Elements::Floats(vec![1.0, 2.0]))),
            ],
            "what unknown keys become is not one value",
        ),
        (HOT, (I, F), vec![], "its categories are not of one type"),
        (
            HOT,
            (T, F),
            vec![
                ("cats_strings", Texts(vec!["a"])),
                ("cats_int64s", Integers(vec![1])),
            ],
            "its categories are not of one type",
        ),
        (
            MAPPER,
            (I, T),
            vec![("cats_int64s", Integers(vec![1]))],
            "it has 0 texts for 1 whole numbers",
        ),
        (
            MAPPER,
            (F, T),
            vec![
                ("cats_strings", Texts(vec!["a"])),
                ("cats_int64s", Integers(vec![1])),
            ],
            "its keys are integer, its input is float",
        ),
    ] {
        let error = native(operator, types, &attributes).unwrap_err();
        assert!(error.is_malformed(), "{error}");
        assert!(error.to_string().ends_with(problem), "{error}");
    }
}

#[test]
fn an_unknown_category_is_an_error_where_zeros_are_off() {
    let attributes = [("cats_int64s", Integers(vec![1, 2])), ("zeros", Integer(0))];
    let types = (ElementType::Integer, ElementType::Float);
    let model = native("ai.onnx.ml.OneHotEncoder", types, &attributes).unwrap();
    let run = |rows: ndarray::Array2<i64>| {
        let spec = &model.signature().outputs[0];
        let mut outputs = [OutputTensor::for_spec(spec, rows.nrows())];
        model.run(&mut Call {
            inputs: &[InputTensor::Integer(rows.view())],
            outputs: &mut outputs,
            within: None,
            scratch: &mut Scratch::default(),
        })?;
        let [output] = outputs;
        Ok(output)
    };
    assert_eq!(
        run(array![[2], [1]]),
        Ok(OutputTensor::Float(array![[0.0, 1.0], [1.0, 0.0]]))
    );
    let detail = "a category is not one that the encoder knows".to_owned();
    assert_eq!(run(array![[2], [3]]), Err(ModelError::Failed { detail }));
}

//! Encoders and operators that make features: native answers against those of
//! ONNX Runtime, over generated models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod cells;

use cells::{Cells, compare, floats, pick, runtime, some, texts, width};
use krites_model::ElementType;
use krites_model::testing::{Attribute, Elements, ModelBuilder, Numbers};

use Attribute::{Float, Floats, Integer, Integers, Tensor, Text, Texts};

/// Attributes of a node
type Attributes = Vec<(&'static str, Attribute)>;

#[test]
fn imputers_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(1);
    for case in 0..600 {
        let columns = 1 + numbers.below(4);
        let n_values = pick(numbers, &[1, columns]);
        let element = pick(numbers, &[ElementType::Float, ElementType::Integer]);
        let mut attributes: Attributes = Vec::new();
        if element == ElementType::Float {
            attributes.push(("imputed_value_floats", Floats(floats(numbers, n_values))));
            if numbers.below(4) > 0 {
                let replaced = pick(numbers, &[f32::NAN, 0.0, 1.0, f32::INFINITY]);
                attributes.push(("replaced_value_float", Float(replaced)));
            }
        } else {
            let values = some(numbers, n_values, &[5, -7, 0, i64::MAX]);
            attributes.push(("imputed_value_int64s", Integers(values)));
            if numbers.below(4) > 0 {
                let replaced = pick(numbers, &[0, 1, -1, i64::MIN]);
                attributes.push(("replaced_value_int64", Integer(replaced)));
            }
        }
        let rows = Cells::some(numbers, element, 5, columns);
        let dims = rows.dims(numbers);
        let model = ModelBuilder::new()
            .input("x", element, &dims)
            .output("y", element, &dims)
            .node("ai.onnx.ml.Imputer", &["x"], &["y"], &attributes);
        let what = format!("case {case}: {attributes:?}");
        compare(&runtime, &what, model, &[rows]);
    }
    println!("600 models of Imputer compared");
}

/// Makes keys or values of a type, as a list where there is one for it, or as a
/// tensor.
fn side(
    numbers: &mut Numbers,
    element: ElementType,
    len: usize,
    names: [&'static str; 4],
    tensor: bool,
) -> (&'static str, Attribute) {
    let elements = Cells::some(numbers, element, 1, len).elements();
    let [strings, integers, floats, tensors] = names;
    match elements {
        Elements::Texts(all) if !tensor => (strings, Texts(all)),
        Elements::Integers(all) if !tensor => (integers, Integers(all)),
        Elements::Floats(all) if !tensor => (floats, Floats(all)),
        elements => (tensors, Tensor(elements)),
    }
}

#[test]
fn label_encoders_agree() {
    use ElementType::{Double as D, Float as F, Integer as I, Text as T};
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(2);
    // The pairs of types that ONNX Runtime has
    let early = [
        (F, F),
        (F, I),
        (F, T),
        (I, F),
        (I, I),
        (I, T),
        (T, F),
        (T, I),
        (T, T),
    ];
    let late = [(I, D), (T, D), (D, I), (D, T), (D, D)];
    for case in 0..1000 {
        let version = pick(numbers, &[1, 2, 3, 4, 4, 4]);
        let (mut from, mut to) = pick(numbers, &early);
        let mut attributes: Attributes = Vec::new();
        if version == 1 {
            (from, to) = pick(numbers, &[(T, I), (I, T)]);
            let len = 1 + numbers.below(6);
            attributes.push(("classes_strings", Texts(texts(numbers, len))));
        } else {
            if version == 4 && numbers.below(3) == 0 {
                (from, to) = pick(numbers, &late);
            }
            let len = 1 + numbers.below(8);
            let names = ["keys_strings", "keys_int64s", "keys_floats", "keys_tensor"];
            let tensor = version == 4 && numbers.below(2) == 0;
            attributes.push(side(numbers, from, len, names, tensor));
            let names = [
                "values_strings",
                "values_int64s",
                "values_floats",
                "values_tensor",
            ];
            let tensor = version == 4 && numbers.below(2) == 0;
            attributes.push(side(numbers, to, len, names, tensor));
        }
        if version == 4 && numbers.below(3) == 0 {
            let default = Cells::some(numbers, to, 1, 1).elements();
            attributes.push(("default_tensor", Tensor(default)));
        }
        if numbers.below(2) == 0 {
            attributes.push(("default_int64", Integer(pick(numbers, &[0, -9, 3]))));
            let default = pick(numbers, &["", "none", "é"]);
            attributes.push(("default_string", Text(default)));
            let default = pick(numbers, &[f32::NAN, 2.5, -1.0]);
            if version > 1 {
                attributes.push(("default_float", Float(default)));
            }
        }
        let columns = 1 + numbers.below(3);
        let rows = Cells::some(numbers, from, 6, columns);
        let dims = rows.dims(numbers);
        let model = ModelBuilder::new()
            .opset("ai.onnx.ml", version)
            .input("x", from, &dims)
            .output("y", to, &dims)
            .node("ai.onnx.ml.LabelEncoder", &["x"], &["y"], &attributes);
        let what = format!("case {case}: version {version}, {attributes:?}");
        compare(&runtime, &what, model, &[rows]);
    }
    println!("1000 models of LabelEncoder compared");
}

#[test]
fn one_hot_encoders_agree() {
    use ElementType::{Double as D, Float as F, Integer as I, Text as T};
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(3);
    for case in 0..800 {
        let element = pick(numbers, &[T, I, F, D]);
        let n_categories = 1 + numbers.below(6);
        let mut attributes: Attributes = Vec::new();
        // Categories of the other type know nothing.
        let as_texts = if numbers.below(20) == 0 {
            element != T
        } else {
            element == T
        };
        if as_texts {
            attributes.push(("cats_strings", Texts(texts(numbers, n_categories))));
        } else {
            let categories = some(numbers, n_categories, &[0, 1, 2, 3, -1, 7, 1 << 40]);
            attributes.push(("cats_int64s", Integers(categories)));
        }
        if numbers.below(3) > 0 {
            attributes.push(("zeros", Integer(pick(numbers, &[0, 1]))));
        }
        let columns = pick(numbers, &[1, 1, 2, 3]);
        let rows = Cells::some(numbers, element, 6, columns);
        let dims = rows.dims(numbers);
        let wide = width(columns * n_categories);
        let model = ModelBuilder::new()
            .input("x", element, &dims)
            .output("y", F, &[-1, wide])
            .integers("shape", &[2], &[-1, wide])
            .integers("keep", &[2], &[0, -1])
            .node("ai.onnx.ml.OneHotEncoder", &["x"], &["h"], &attributes);
        let model = match numbers.below(3) {
            0 => model.node("Reshape", &["h", "shape"], &["y"], &[]),
            1 => model.node("Reshape", &["h", "keep"], &["y"], &[]),
            _ => model.node("Flatten", &["h"], &["y"], &[]),
        };
        let what = format!("case {case}: {attributes:?}");
        compare(&runtime, &what, model, &[rows]);
    }
    println!("800 models of OneHotEncoder compared");
}

#[test]
fn category_mappers_agree() {
    use ElementType::{Integer as I, Text as T};
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(4);
    for case in 0..500 {
        let (from, to) = pick(numbers, &[(T, I), (I, T)]);
        let len = 1 + numbers.below(6);
        let integers = some(numbers, len, &[0, 1, 2, -1, 3, i64::MAX]);
        let mut attributes = vec![
            ("cats_strings", Texts(texts(numbers, len))),
            ("cats_int64s", Integers(integers)),
        ];
        if numbers.below(2) == 0 {
            attributes.push(("default_int64", Integer(pick(numbers, &[0, -9, 3]))));
            let default = pick(numbers, &["", "none", "é"]);
            attributes.push(("default_string", Text(default)));
        }
        let columns = 1 + numbers.below(3);
        let rows = Cells::some(numbers, from, 6, columns);
        let dims = rows.dims(numbers);
        let model = ModelBuilder::new()
            .opset("ai.onnx.ml", pick(numbers, &[1, 2, 3]))
            .input("x", from, &dims)
            .output("y", to, &dims)
            .node("ai.onnx.ml.CategoryMapper", &["x"], &["y"], &attributes);
        let what = format!("case {case}: {attributes:?}");
        compare(&runtime, &what, model, &[rows]);
    }
    println!("500 models of CategoryMapper compared");
}

#[test]
fn scaled_and_normalised_rows_agree() {
    use ElementType::{Double as D, Float as F, Integer as I};
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(5);
    for case in 0..800 {
        let columns = 1 + numbers.below(if case % 10 == 0 { 40 } else { 5 });
        let element = pick(numbers, &[F, F, D, I]);
        let (operator, element, attributes): (_, _, Attributes) = match numbers.below(3) {
            0 => {
                let threshold = pick(numbers, &[0.0, 1.0, -1.5, 0.5, f32::INFINITY]);
                let all = [("threshold", Float(threshold))];
                let attributes = all.into_iter().take(numbers.below(2));
                ("ai.onnx.ml.Binarizer", F, attributes.collect())
            }
            1 => {
                let n_values = pick(numbers, &[1, columns]);
                let offset = some(numbers, n_values, &[0.0, 1e9, -0.3, 2.5]);
                let scale = some(numbers, n_values, &[1.0, 0.0, -0.7, 1e-3, 30.0]);
                let attributes = vec![("offset", Floats(offset)), ("scale", Floats(scale))];
                ("ai.onnx.ml.Scaler", element, attributes)
            }
            _ => {
                let all = [("norm", Text(pick(numbers, &["MAX", "L1", "L2"])))];
                let attributes = all.into_iter().take(numbers.below(8));
                ("ai.onnx.ml.Normalizer", element, attributes.collect())
            }
        };
        let rows = match (operator, element) {
            // ONNX Runtime multiplies whole numbers, which can overflow.
            ("ai.onnx.ml.Normalizer", I) => {
                Cells::Integer(ndarray::Array2::from_shape_fn((5, columns), |_| {
                    pick(numbers, &[0, 0, 1, -1, 5, -40_000, 1_000_000_000])
                }))
            }
            _ => Cells::some(numbers, element, 5, columns),
        };
        let wide = width(columns);
        // One column of rows is one row to it.
        let dims = match operator {
            "ai.onnx.ml.Normalizer" => vec![-1, wide],
            _ => rows.dims(numbers),
        };
        let model = ModelBuilder::new()
            .input("x", element, &dims)
            .output("y", F, &dims)
            .node(operator, &["x"], &["y"], &attributes);
        let what = format!("case {case}: {operator} {attributes:?} of {element}");
        compare(&runtime, &what, model, &[rows]);
    }
    println!("800 models of Binarizer, Scaler and Normalizer compared");
}

#[test]
fn features_side_by_side_agree() {
    use ElementType::{Double as D, Float as F, Integer as I};
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(6);
    const NAMES: [&str; 3] = ["a", "b", "c"];
    for case in 0..500 {
        let element = pick(numbers, &[F, D, I]);
        let n_inputs = 1 + numbers.below(3);
        let mut model = ModelBuilder::new();
        let (mut rows, mut dimensions) = (Vec::new(), Vec::new());
        for &name in NAMES.iter().take(n_inputs) {
            let columns = 1 + numbers.below(4);
            rows.push(Cells::some(numbers, element, 4, columns));
            model = model.input(name, element, &[-1, width(columns)]);
            dimensions.push(width(numbers.below(5)));
        }
        dimensions[0] += 1;
        let total = dimensions.iter().sum();
        let attributes = [("inputdimensions", Integers(dimensions))];
        let model = model.output("y", F, &[-1, total]).node(
            "ai.onnx.ml.FeatureVectorizer",
            &NAMES[..n_inputs],
            &["y"],
            &attributes,
        );
        let what = format!("case {case}: {attributes:?} of {element}");
        compare(&runtime, &what, model, &rows);
    }
    println!("500 models of FeatureVectorizer compared");
}

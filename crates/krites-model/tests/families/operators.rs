//! A small model for each operator of the native table, as far as one is known here.

use krites_model::ElementType::{self, Boolean, Float, Integer, Text as Texts_};
use krites_model::testing::Attribute::{self, Floats, Integer as Int, Integers, Text, Texts};
use krites_model::testing::ModelBuilder;

/// Models of one operator by its name
pub(crate) fn operators() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for name in [
        "Abs",
        "Neg",
        "Ceil",
        "Exp",
        "Floor",
        "Log",
        "Relu",
        "Sigmoid",
        "Sqrt",
        "Tanh",
        "Softmax",
        "LogSoftmax",
        "Identity",
        "Flatten",
        "LeakyRelu",
        "Elu",
        "Selu",
        "Softplus",
        "Softsign",
        "HardSigmoid",
        "Erf",
        "Sign",
        "Reciprocal",
        "Round",
        "Dropout",
        "ThresholdedRelu",
        "Celu",
        "HardSwish",
        "Mish",
        "Gelu",
        "Sin",
        "Cos",
    ] {
        all.push((name, one(name, Float, Float, 3, &[])));
    }
    all.push(("IsNaN", one("IsNaN", Float, Boolean, 3, &[])));
    all.push(("Not", one("Not", Boolean, Boolean, 3, &[])));
    for name in [
        "ReduceL1",
        "ReduceL2",
        "ReduceMax",
        "ReduceMin",
        "ReduceSum",
        "ReduceMean",
        "ReduceSumSquare",
        "ReduceLogSumExp",
        "ReduceProd",
    ] {
        all.push((
            name,
            one(name, Float, Float, 1, &[("axes", Integers(vec![1]))]),
        ));
    }
    for name in ["ArgMax", "ArgMin"] {
        all.push((name, one(name, Float, Integer, 1, &[("axis", Int(1))])));
    }
    for name in [
        "Add", "Sub", "Mul", "Div", "Max", "Min", "Pow", "Sum", "PRelu", "Mod",
    ] {
        all.push((name, two(name, Float)));
    }
    for name in ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"] {
        all.push((name, two(name, Boolean)));
    }
    for name in ["And", "Or", "Xor"] {
        let model = ModelBuilder::new()
            .input("a", Boolean, &[-1, 2])
            .input("b", Boolean, &[-1, 2])
            .output("y", Boolean, &[-1, 2])
            .node(name, &["a", "b"], &["y"], &[]);
        all.push((name, model.build()));
    }
    all.push((
        "Clip",
        from(3, 3)
            .floats("low", &[], &[-1.0])
            .floats("high", &[], &[1.0])
            .node("Clip", &["x", "low", "high"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Where",
        from(3, 3)
            .floats("low", &[1], &[-1.0])
            .node("Greater", &["x", "low"], &["c"], &[])
            .node("Where", &["c", "x", "low"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Concat",
        from(3, 6)
            .node("Concat", &["x", "x"], &["y"], &[("axis", Int(1))])
            .build(),
    ));
    all.push((
        "Gather",
        from(3, 2)
            .integers("at", &[2], &[2, 0])
            .node("Gather", &["x", "at"], &["y"], &[("axis", Int(1))])
            .build(),
    ));
    all.push((
        "ai.onnx.ml.ArrayFeatureExtractor",
        from(3, 2)
            .integers("at", &[1, 2], &[2, 0])
            .node(
                "ai.onnx.ml.ArrayFeatureExtractor",
                &["x", "at"],
                &["y"],
                &[],
            )
            .build(),
    ));
    all.push((
        "Slice",
        from(3, 2)
            .integers("a", &[1], &[0])
            .integers("b", &[1], &[2])
            .integers("axes", &[1], &[1])
            .node("Slice", &["x", "a", "b", "axes"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Split",
        from(4, 2)
            .output("z", Float, &[-1, 2])
            .node("Split", &["x"], &["y", "z"], &[("axis", Int(1))])
            .build(),
    ));
    all.push((
        "Reshape",
        from(3, 3)
            .integers("to", &[2], &[-1, 3])
            .node("Reshape", &["x", "to"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Squeeze",
        ModelBuilder::new()
            .input("x", Float, &[-1, 1])
            .output("y", Float, &[-1])
            .integers("axes", &[1], &[1])
            .node("Squeeze", &["x", "axes"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Unsqueeze",
        ModelBuilder::new()
            .input("x", Float, &[-1])
            .output("y", Float, &[-1, 1])
            .integers("axes", &[1], &[1])
            .node("Unsqueeze", &["x", "axes"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Transpose",
        from(3, 2)
            .floats("w", &[2, 3], &[1.0; 6])
            .node(
                "Transpose",
                &["w"],
                &["turned"],
                &[("perm", Integers(vec![1, 0]))],
            )
            .node("MatMul", &["x", "turned"], &["y"], &[])
            .build(),
    ));
    all.push(("Cast", one("Cast", Float, Integer, 3, &[("to", Int(7))])));
    all.push((
        "TopK",
        from(3, 2)
            .output("at", Integer, &[-1, 2])
            .integers("k", &[1], &[2])
            .node("TopK", &["x", "k"], &["y", "at"], &[])
            .build(),
    ));
    all.push((
        "OneHot",
        ModelBuilder::new()
            .input("x", Integer, &[-1])
            .output("y", Float, &[-1, 3])
            .integers("depth", &[], &[3])
            .floats("values", &[2], &[0.0, 1.0])
            .node("OneHot", &["x", "depth", "values"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Expand",
        from(3, 3)
            .floats("w", &[1], &[2.0])
            .integers("to", &[2], &[1, 3])
            .node("Expand", &["w", "to"], &["wide"], &[])
            .node("Mul", &["x", "wide"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Tile",
        from(3, 6)
            .integers("times", &[2], &[1, 2])
            .node("Tile", &["x", "times"], &["y"], &[])
            .build(),
    ));
    all.push((
        "ConstantOfShape",
        from(3, 3)
            .integers("to", &[2], &[1, 3])
            .node("ConstantOfShape", &["to"], &["wide"], &[])
            .node("Add", &["x", "wide"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Shape",
        from(3, 3)
            .node("Shape", &["x"], &["to"], &[])
            .node("Reshape", &["x", "to"], &["y"], &[])
            .build(),
    ));
    all.push((
        "BatchNormalization",
        from(2, 2)
            .floats("s", &[2], &[1.0, 2.0])
            .floats("b", &[2], &[0.0, 1.0])
            .floats("m", &[2], &[0.5, 0.0])
            .floats("v", &[2], &[1.0, 4.0])
            .node(
                "BatchNormalization",
                &["x", "s", "b", "m", "v"],
                &["y"],
                &[],
            )
            .build(),
    ));
    all.push((
        "LayerNormalization",
        from(2, 2)
            .opset("", 17)
            .floats("s", &[2], &[1.0, 2.0])
            .floats("b", &[2], &[0.0, 1.0])
            .node(
                "LayerNormalization",
                &["x", "s", "b"],
                &["y"],
                &[("axis", Int(-1))],
            )
            .build(),
    ));
    all.push((
        "MatMul",
        from(2, 2)
            .floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
            .node("MatMul", &["x", "w"], &["y"], &[])
            .build(),
    ));
    all.push((
        "Gemm",
        from(2, 2)
            .floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
            .node(
                "Gemm",
                &["x", "w"],
                &["y"],
                &[("alpha", Attribute::Float(0.5))],
            )
            .build(),
    ));
    all.push((
        "Constant",
        from(2, 2)
            .node(
                "Constant",
                &[],
                &["c"],
                &[("value", Attribute::Doubles(vec![1.0, 2.0]))],
            )
            .node("Cast", &["x"], &["d"], &[("to", Int(11))])
            .node("Add", &["d", "c"], &["e"], &[])
            .node("Cast", &["e"], &["y"], &[("to", Int(1))])
            .build(),
    ));
    all.push((
        "ai.onnx.ml.Binarizer",
        one(
            "ai.onnx.ml.Binarizer",
            Float,
            Float,
            3,
            &[("threshold", Attribute::Float(0.5))],
        ),
    ));
    all.push((
        "ai.onnx.ml.Scaler",
        one(
            "ai.onnx.ml.Scaler",
            Float,
            Float,
            3,
            &[("offset", Floats(vec![0.5])), ("scale", Floats(vec![2.0]))],
        ),
    ));
    all.push((
        "ai.onnx.ml.Normalizer",
        one(
            "ai.onnx.ml.Normalizer",
            Float,
            Float,
            3,
            &[("norm", Text("MAX"))],
        ),
    ));
    all.push((
        "ai.onnx.ml.Imputer",
        one(
            "ai.onnx.ml.Imputer",
            Float,
            Float,
            3,
            &[("imputed_value_floats", Floats(vec![1.0]))],
        ),
    ));
    all.push((
        "ai.onnx.ml.FeatureVectorizer",
        from(3, 3)
            .node(
                "ai.onnx.ml.FeatureVectorizer",
                &["x"],
                &["y"],
                &[("inputdimensions", Integers(vec![3]))],
            )
            .build(),
    ));
    all.push((
        "ai.onnx.ml.LabelEncoder",
        ModelBuilder::new()
            .input("x", Texts_, &[-1, 1])
            .output("y", Float, &[-1, 1])
            .node(
                "ai.onnx.ml.LabelEncoder",
                &["x"],
                &["y"],
                &[
                    ("keys_strings", Texts(vec!["red", "blue"])),
                    ("values_floats", Floats(vec![1.0, 2.0])),
                    ("default_float", Attribute::Float(-1.0)),
                ],
            )
            .build(),
    ));
    all.push((
        "ai.onnx.ml.CategoryMapper",
        ModelBuilder::new()
            .input("x", Texts_, &[-1, 1])
            .output("y", Integer, &[-1, 1])
            .node(
                "ai.onnx.ml.CategoryMapper",
                &["x"],
                &["y"],
                &[
                    ("cats_strings", Texts(vec!["red", "blue"])),
                    ("cats_int64s", Integers(vec![1, 2])),
                    ("default_int64", Int(-1)),
                ],
            )
            .build(),
    ));
    all.push(("ai.onnx.ml.SVMRegressor", svm()));
    all.push(("ai.onnx.ml.SVMClassifier", svm_classifier()));
    all.push(("ai.onnx.ml.ZipMap", zip_map()));
    all.into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

fn from(n_in: i64, n_out: i64) -> ModelBuilder {
    ModelBuilder::new()
        .input("x", Float, &[-1, n_in])
        .output("y", Float, &[-1, n_out])
}

fn one(
    operator: &str,
    from: ElementType,
    to: ElementType,
    width: i64,
    attributes: &[(&str, Attribute)],
) -> Vec<u8> {
    let opset = if operator.starts_with("Reduce") {
        11
    } else {
        15
    };
    ModelBuilder::new()
        .opset("", opset)
        .input("x", from, &[-1, 3])
        .output("y", to, &[-1, width])
        .node(operator, &["x"], &["y"], attributes)
        .build()
}

fn two(operator: &str, to: ElementType) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("y", to, &[-1, 3])
        .floats("c", &[3], &[0.5, -2.0, 3.0])
        .node(operator, &["x", "c"], &["y"], &[])
        .build()
}

fn svm() -> Vec<u8> {
    let attributes = [
        ("coefficients", Floats(vec![0.5, -0.25, 1.0])),
        ("kernel_params", Floats(vec![0.3, 0.0, 3.0])),
        ("kernel_type", Text("RBF")),
        ("n_supports", Int(3)),
        ("rho", Floats(vec![0.125])),
        (
            "support_vectors",
            Floats(vec![0.1, 0.2, -0.3, 1.5, 2.0, -0.5, 0.0, 1.0, 0.75]),
        ),
    ];
    from(3, 1)
        .node("ai.onnx.ml.SVMRegressor", &["x"], &["y"], &attributes)
        .build()
}

fn svm_classifier() -> Vec<u8> {
    let attributes = [
        ("classlabels_ints", Integers(vec![0, 1])),
        ("coefficients", Floats(vec![0.5, -0.25, 1.0])),
        ("kernel_params", Floats(vec![0.3, 0.0, 3.0])),
        ("kernel_type", Text("RBF")),
        ("prob_a", Floats(vec![-1.5])),
        ("prob_b", Floats(vec![0.25])),
        ("rho", Floats(vec![0.125])),
        (
            "support_vectors",
            Floats(vec![0.1, 0.2, -0.3, 1.5, 2.0, -0.5, 0.0, 1.0, 0.75]),
        ),
        ("vectors_per_class", Integers(vec![2, 1])),
    ];
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("label", Integer, &[-1])
        .output("scores", Float, &[-1, 2])
        .node(
            "ai.onnx.ml.SVMClassifier",
            &["x"],
            &["label", "scores"],
            &attributes,
        )
        .build()
}

fn zip_map() -> Vec<u8> {
    let attributes = [("classlabels_strings", Texts(vec!["good", "bad"]))];
    ModelBuilder::new()
        .input("x", Float, &[-1, 2])
        .maps_output("y", Texts_)
        .node("ai.onnx.ml.ZipMap", &["x"], &["y"], &attributes)
        .build()
}

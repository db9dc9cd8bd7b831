//! The closed table of native operators.
//!
//! A family of operators has a file with a builder: it checks the attributes
//! and shapes of a node once and adds steps to the plan.

mod cast;
mod encode;
mod feature;
mod linear;
mod maps;
mod matmul;
mod row;
mod svm;
mod tensor;
mod text;
mod transform;
mod tree_ensemble;
mod weights;
mod zeros;

pub(crate) use maps::check as check_maps;
pub(crate) use text::Splitter;
pub(crate) use tree_ensemble::{Forest, Graft, join, sum_of};

use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Value};

/// Adds the steps of a node and returns its results in order.
type Builder = fn(&mut Plan, &NodeContext<'_>) -> Result<Vec<Value>, NotNative>;

/// Operators by name, sorted; `docs/models.md` tells the types of each
const TABLE: &[(&str, Builder)] = &[
    ("Abs", tensor::unary),
    ("Acos", tensor::unary),
    ("Acosh", tensor::unary),
    ("Add", tensor::binary),
    ("And", tensor::binary),
    ("ArgMax", tensor::arg),
    ("ArgMin", tensor::arg),
    ("Asin", tensor::unary),
    ("Asinh", tensor::unary),
    ("Atan", tensor::unary),
    ("Atanh", tensor::unary),
    ("BatchNormalization", tensor::batch_normalization),
    ("Cast", cast::build),
    ("CastLike", cast::like),
    ("Ceil", tensor::unary),
    ("Celu", tensor::unary),
    ("Clip", tensor::clip),
    ("Compress", tensor::compress),
    ("Concat", tensor::concat),
    ("Constant", tensor::constant),
    ("ConstantOfShape", tensor::of_shape),
    ("Cos", tensor::unary),
    ("Cosh", tensor::unary),
    ("CumSum", tensor::cum_sum),
    ("Div", tensor::binary),
    ("Dropout", tensor::dropout),
    ("Elu", tensor::unary),
    ("Equal", tensor::binary),
    ("Erf", tensor::unary),
    ("Exp", tensor::unary),
    ("Expand", tensor::expand),
    ("Flatten", tensor::flatten),
    ("Floor", tensor::unary),
    ("Gather", tensor::gather),
    ("GatherElements", tensor::gather_elements),
    ("Gelu", tensor::unary),
    ("Gemm", tensor::gemm),
    ("Greater", tensor::binary),
    ("GreaterOrEqual", tensor::binary),
    ("HardSigmoid", tensor::unary),
    ("HardSwish", tensor::unary),
    ("Hardmax", tensor::softmax),
    ("Identity", tensor::identity),
    ("IsInf", tensor::unary),
    ("IsNaN", tensor::unary),
    ("LayerNormalization", tensor::layer_normalization),
    ("LeakyRelu", tensor::unary),
    ("Less", tensor::binary),
    ("LessOrEqual", tensor::binary),
    ("Log", tensor::unary),
    ("LogSoftmax", tensor::softmax),
    ("LpNormalization", tensor::lp_normalization),
    ("MatMul", tensor::matmul),
    ("Max", tensor::many),
    ("Mean", tensor::many),
    ("Min", tensor::many),
    ("Mish", tensor::unary),
    ("Mod", tensor::binary),
    ("Mul", tensor::binary),
    ("Neg", tensor::unary),
    ("NonZero", tensor::non_zero),
    ("Not", tensor::unary),
    ("OneHot", tensor::one_hot),
    ("Or", tensor::binary),
    ("PRelu", tensor::binary),
    ("Pad", tensor::pad),
    ("Pow", tensor::binary),
    ("Range", tensor::range),
    ("Reciprocal", tensor::unary),
    ("ReduceL1", tensor::reduce),
    ("ReduceL2", tensor::reduce),
    ("ReduceLogSum", tensor::reduce),
    ("ReduceLogSumExp", tensor::reduce),
    ("ReduceMax", tensor::reduce),
    ("ReduceMean", tensor::reduce),
    ("ReduceMin", tensor::reduce),
    ("ReduceProd", tensor::reduce),
    ("ReduceSum", tensor::reduce),
    ("ReduceSumSquare", tensor::reduce),
    ("Relu", tensor::unary),
    ("Reshape", tensor::reshape),
    ("Round", tensor::unary),
    ("Selu", tensor::unary),
    ("Shape", tensor::shape),
    ("Shrink", tensor::unary),
    ("Sigmoid", tensor::unary),
    ("Sign", tensor::unary),
    ("Sin", tensor::unary),
    ("Sinh", tensor::unary),
    ("Size", tensor::shape),
    ("Slice", tensor::slice),
    ("Softmax", tensor::softmax),
    ("Softplus", tensor::unary),
    ("Softsign", tensor::unary),
    ("Split", tensor::split),
    ("Sqrt", tensor::unary),
    ("Squeeze", tensor::squeeze),
    ("StringNormalizer", text::string_normalizer),
    ("Sub", tensor::binary),
    ("Sum", tensor::many),
    ("Tan", tensor::unary),
    ("Tanh", tensor::unary),
    ("TfIdfVectorizer", text::tf_idf_vectorizer),
    ("ThresholdedRelu", tensor::unary),
    ("Tile", tensor::tile),
    ("TopK", tensor::top),
    ("Transpose", tensor::transpose),
    ("Trilu", tensor::trilu),
    ("Unsqueeze", tensor::unsqueeze),
    ("Where", tensor::choose),
    ("Xor", tensor::binary),
    (
        "ai.onnx.ml.ArrayFeatureExtractor",
        tensor::array_feature_extractor,
    ),
    ("ai.onnx.ml.Binarizer", feature::binarizer),
    ("ai.onnx.ml.CategoryMapper", encode::category_mapper),
    ("ai.onnx.ml.DictVectorizer", maps::dict_vectorizer),
    ("ai.onnx.ml.FeatureVectorizer", feature::feature_vectorizer),
    ("ai.onnx.ml.Imputer", feature::imputer),
    ("ai.onnx.ml.LabelEncoder", encode::label_encoder),
    ("ai.onnx.ml.LinearClassifier", linear::classifier),
    ("ai.onnx.ml.LinearRegressor", linear::regressor),
    ("ai.onnx.ml.Normalizer", row::normalizer),
    ("ai.onnx.ml.OneHotEncoder", encode::one_hot),
    ("ai.onnx.ml.SVMClassifier", svm::classifier),
    ("ai.onnx.ml.SVMRegressor", svm::regressor),
    ("ai.onnx.ml.Scaler", feature::scaler),
    ("ai.onnx.ml.TreeEnsemble", tree_ensemble::ensemble),
    (
        "ai.onnx.ml.TreeEnsembleClassifier",
        tree_ensemble::classifier,
    ),
    ("ai.onnx.ml.TreeEnsembleRegressor", tree_ensemble::regressor),
    ("ai.onnx.ml.ZipMap", maps::zip_map),
    ("com.microsoft.Tokenizer", text::tokenizer),
];

/// Finds the builder of an operator, named with its domain.
pub(crate) fn builder(operator: &str) -> Option<Builder> {
    let at = TABLE
        .binary_search_by_key(&operator, |(name, _)| name)
        .ok()?;
    TABLE.get(at).map(|(_, builder)| *builder)
}

/// Lists the operators of the native table, sorted; those outside of the
/// default domain with their domain.
///
/// A use of a listed operator can still be outside of the table, by its types
/// or shapes; [`NotNative`] then says so.
pub fn native_operators() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_finds_each_of_its_operators() {
        assert!(TABLE.is_sorted_by_key(|(name, _)| name));
        assert!(native_operators().all(|operator| builder(operator).is_some()));
        assert!(builder("Loop").is_none());
    }
}

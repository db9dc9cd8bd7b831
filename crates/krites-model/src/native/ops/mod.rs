//! The closed table of native operators.
//!
//! A family of operators has a file with a builder: it checks the attributes
//! and shapes of a node once and adds steps to the plan.

mod binary;
mod cast;
mod concat;
mod encode;
mod feature;
mod linear;
mod maps;
mod matmul;
mod reduce;
mod reshape;
mod row;
mod select;
mod text;
mod transform;
mod tree_ensemble;
mod unary;
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
    ("Abs", unary::build),
    ("Add", binary::build),
    ("And", binary::build),
    ("ArgMax", reduce::arg),
    ("ArgMin", reduce::arg),
    ("Cast", cast::build),
    ("Ceil", unary::build),
    ("Concat", concat::build),
    ("Constant", reshape::constant),
    ("Div", binary::build),
    ("Equal", binary::build),
    ("Exp", unary::build),
    ("Flatten", reshape::flatten),
    ("Floor", unary::build),
    ("Gather", select::gather),
    ("Gemm", matmul::gemm),
    ("Greater", binary::build),
    ("GreaterOrEqual", binary::build),
    ("Identity", reshape::identity),
    ("Less", binary::build),
    ("LessOrEqual", binary::build),
    ("Log", unary::build),
    ("MatMul", matmul::matmul),
    ("Max", binary::many),
    ("Min", binary::many),
    ("Mul", binary::build),
    ("Neg", unary::build),
    ("Not", unary::build),
    ("Or", binary::build),
    ("Pow", binary::build),
    ("ReduceL2", reduce::reduce),
    ("ReduceMax", reduce::reduce),
    ("ReduceMin", reduce::reduce),
    ("ReduceSum", reduce::reduce),
    ("Relu", unary::build),
    ("Reshape", reshape::reshape),
    ("Sigmoid", unary::build),
    ("Softmax", row::softmax),
    ("Sqrt", unary::build),
    ("Squeeze", reshape::squeeze),
    ("StringNormalizer", text::string_normalizer),
    ("Sub", binary::build),
    ("Sum", binary::many),
    ("Tanh", unary::build),
    ("TfIdfVectorizer", text::tf_idf_vectorizer),
    (
        "ai.onnx.ml.ArrayFeatureExtractor",
        select::array_feature_extractor,
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

//! Operators that ONNX Runtime is trusted with.

use super::functions::Functions;
use crate::onnx::graph::{domain, operator_name};
use crate::onnx::proto::NodeProto;
use crate::onnx::shown;

/// Operators of com.microsoft that its own tools write for models of banks: texts,
/// quantized nets, nets that were fused. The others are seldom tried with files of
/// strangers.
const MICROSOFT: [&str; 31] = [
    "Attention",
    "BiasGelu",
    "DequantizeLinear",
    "DynamicQuantizeLSTM",
    "DynamicQuantizeMatMul",
    "EmbedLayerNormalization",
    "FastGelu",
    "FusedConv",
    "FusedGemm",
    "FusedMatMul",
    "Gelu",
    "MatMulIntegerToFloat",
    "MatMulNBits",
    "MultiHeadAttention",
    "QAttention",
    "QGemm",
    "QLinearAdd",
    "QLinearAveragePool",
    "QLinearConcat",
    "QLinearGlobalAveragePool",
    "QLinearLeakyRelu",
    "QLinearMul",
    "QLinearReduceMean",
    "QLinearSigmoid",
    "QLinearSoftmax",
    "QLinearWhere",
    "QuantizeLinear",
    "QuickGelu",
    "SkipLayerNormalization",
    "SkipSimplifiedLayerNormalization",
    "Tokenizer",
];

/// Tells what is wrong with the operator of a node, if something is.
pub(super) fn not_trusted(node: &NodeProto, functions: &Functions<'_>) -> Option<String> {
    let trusted = match domain(&node.domain) {
        "" | "ai.onnx.ml" => true,
        "com.microsoft" => MICROSOFT.contains(&node.op_type.as_str()),
        _ => false,
    };
    if trusted || functions.defines(node) {
        return None;
    }
    let operator = operator_name(node);
    Some(format!(
        "uses the operator `{}`, which is not handed to ONNX Runtime",
        shown(&operator)
    ))
}

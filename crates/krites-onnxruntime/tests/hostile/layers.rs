//! Layers of nets with sizes, strides and groups that no net has.

use krites_model::testing::{Attribute, Elements, ModelBuilder};

use super::Hostile;
use super::loops::model;

use Attribute::{Integer as Int, Integers};

/// Adds the sum of `k` to `x`
fn summed(model: ModelBuilder) -> Vec<u8> {
    model
        .node("ReduceSum", &["k"], &["sum"], &[("keepdims", Int(0))])
        .node("Add", &["x", "sum"], &["y"], &[])
        .build()
}

/// A layer over `x` as [N, 1, 3]
fn layer(operator: &str, weights: &[i64], attributes: &[(&str, Attribute)]) -> Vec<u8> {
    let count = weights.iter().product::<i64>() as usize;
    let model = model()
        .integers("axes", &[1], &[1])
        .floats("w", weights, &vec![1.0; count])
        .node("Unsqueeze", &["x", "axes"], &["q"], &[]);
    let inputs: &[&str] = if operator.contains("Conv") {
        &["q", "w"]
    } else {
        &["q"]
    };
    summed(model.node(operator, inputs, &["k"], attributes))
}

/// A layer over `x` as [1, 1, 3, 1]
fn picture(operator: &str, more: &[&str], attributes: &[(&str, Attribute)]) -> ModelBuilder {
    let model = model()
        .integers("shape", &[4], &[1, 1, -1, 1])
        .floats("boxes", &[1, 4], &[0.0; 4])
        .integers("which", &[1], &[0])
        .integers("beyond", &[1], &[1 << 40])
        .node("Reshape", &["x", "shape"], &["q"], &[]);
    let inputs: Vec<&str> = [&["q"], more].concat();
    model.node(operator, &inputs, &["k"], attributes)
}

fn recurrent(operator: &str, gates: i64, hidden: i64, attributes: &[(&str, Attribute)]) -> Vec<u8> {
    let of = |size: i64| vec![1.0; (gates * 2 * size) as usize];
    let mut all = vec![("hidden_size", Int(hidden))];
    all.extend_from_slice(attributes);
    summed(
        model()
            .integers("axes", &[1], &[0])
            .floats("w", &[1, gates * 2, 3], &of(3))
            .floats("r", &[1, gates * 2, 2], &of(2))
            .node("Unsqueeze", &["x", "axes"], &["q"], &[])
            .node(operator, &["q", "w", "r"], &["k"], &all),
    )
}

/// A net that counts in bytes
fn quantized(scale: f32, axis: i64) -> Vec<u8> {
    model()
        .floats("s", &[], &[scale])
        .constant("z", &[], &Elements::Bytes(vec![0]))
        .node(
            "QuantizeLinear",
            &["x", "s", "z"],
            &["k"],
            &[("axis", Int(axis))],
        )
        .node("DequantizeLinear", &["k", "s", "z"], &["y"], &[])
        .build()
}

pub(crate) fn files() -> Vec<Hostile> {
    let one = |name: &'static str, value: i64| [(name, Integers(vec![value]))];
    let kernel = |value: i64| ("kernel_shape", Integers(vec![value]));
    let sequence = |operator: &str, at: i64| {
        model()
            .integers("at", &[], &[at])
            .node("SequenceConstruct", &["x"], &["q"], &[])
            .node(operator, &["q", "at"], &["y"], &[])
            .build()
    };
    let ngrams = |indexes: i64, most: i64| {
        ModelBuilder::new()
            .input("x", krites_model::ElementType::Integer, &[-1, 3])
            .output("y", krites_model::ElementType::Float, &[-1, -1])
            .node(
                "TfIdfVectorizer",
                &["x"],
                &["y"],
                &[
                    ("mode", Attribute::Text("TF")),
                    ("min_gram_length", Int(1)),
                    ("max_gram_length", Int(most)),
                    ("max_skip_count", Int(0)),
                    ("ngram_counts", Integers(vec![0])),
                    ("ngram_indexes", Integers(vec![indexes])),
                    ("pool_int64s", Integers(vec![1])),
                ],
            )
            .build()
    };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("a convolution", layer("Conv", &[1, 1, 1], &[])),
        (
            "a convolution of no groups",
            layer("Conv", &[1, 1, 1], &[("group", Int(0))]),
        ),
        (
            "a convolution of -1 groups",
            layer("Conv", &[1, 1, 1], &[("group", Int(-1))]),
        ),
        (
            "a convolution of 2^62 groups",
            layer("Conv", &[1, 1, 1], &[("group", Int(1 << 62))]),
        ),
        (
            "a convolution by strides of 0",
            layer("Conv", &[1, 1, 1], &one("strides", 0)),
        ),
        (
            "a convolution dilated by 0",
            layer("Conv", &[1, 1, 1], &one("dilations", 0)),
        ),
        (
            "a convolution of a kernel of nothing",
            layer("Conv", &[1, 1, 0], &[]),
        ),
        (
            "a convolution of a kernel of 0",
            layer("Conv", &[1, 1, 1], &one("kernel_shape", 0)),
        ),
        (
            "a convolution of another kernel",
            layer("Conv", &[1, 1, 1], &one("kernel_shape", 7)),
        ),
        (
            "a convolution of five dimensions",
            layer("Conv", &[1, 1, 1, 1, 1], &[]),
        ),
        ("a convolution of one dimension", layer("Conv", &[1], &[])),
        ("a convolution padded by 2^40", {
            layer(
                "Conv",
                &[1, 1, 1],
                &[("pads", Integers(vec![1 << 40, 1 << 40]))],
            )
        }),
        (
            "a convolution cut by pads",
            layer("Conv", &[1, 1, 1], &[("pads", Integers(vec![-5, -5]))]),
        ),
        (
            "a turned convolution of no groups",
            layer("ConvTranspose", &[1, 1, 1], &[("group", Int(0))]),
        ),
        (
            "a turned convolution by strides of 0",
            layer("ConvTranspose", &[1, 1, 1], &one("strides", 0)),
        ),
        (
            "a turned convolution to 2^40",
            layer("ConvTranspose", &[1, 1, 1], &one("output_shape", 1 << 40)),
        ),
        (
            "a pool of a kernel of 0",
            layer("MaxPool", &[1], &[kernel(0)]),
        ),
        (
            "a pool by strides of 0",
            layer(
                "MaxPool",
                &[1],
                &[kernel(1), ("strides", Integers(vec![0]))],
            ),
        ),
        (
            "a pool of 2^62",
            layer("AveragePool", &[1], &[kernel(1 << 62)]),
        ),
        ("a pool without a kernel", layer("AveragePool", &[1], &[])),
        (
            "a norm over no channels",
            layer("LRN", &[1], &[("size", Int(0))]),
        ),
        ("blocks of 0", {
            summed(picture("SpaceToDepth", &[], &[("blocksize", Int(0))]))
        }),
        (
            "regions of a picture that is not there",
            summed(picture("RoiAlign", &["boxes", "beyond"], &[])),
        ),
        ("regions sampled 2^40 times", {
            summed(picture(
                "RoiAlign",
                &["boxes", "which"],
                &[("sampling_ratio", Int(1 << 40))],
            ))
        }),
        ("regions of 2^31 by 2^31", {
            let sizes = [
                ("output_height", Int(1 << 31)),
                ("output_width", Int(1 << 31)),
            ];
            summed(picture("RoiAlign", &["boxes", "which"], &sizes))
        }),
        ("an LSTM", recurrent("LSTM", 4, 2, &[])),
        ("an LSTM of nothing", recurrent("LSTM", 4, 0, &[])),
        ("an LSTM of -1", recurrent("LSTM", 4, -1, &[])),
        ("an LSTM of 2^62", recurrent("LSTM", 4, 1 << 62, &[])),
        ("a GRU of 2^31", recurrent("GRU", 3, 1 << 31, &[])),
        ("a GRU in both directions at once", {
            recurrent(
                "GRU",
                3,
                2,
                &[("direction", Attribute::Text("bidirectional"))],
            )
        }),
        ("an LSTM by functions that nobody knows", {
            recurrent(
                "LSTM",
                4,
                2,
                &[("activations", Attribute::Texts(vec!["Nope"; 3]))],
            )
        }),
        ("bytes by a scale of 0", quantized(0.0, 1)),
        ("bytes by a scale of NaN", quantized(f32::NAN, 1)),
        ("bytes along an axis that is not there", quantized(1.0, 99)),
        ("a sequence beyond its end", sequence("SequenceAt", 99)),
        (
            "a sequence without what is not in it",
            sequence("SequenceErase", -99),
        ),
        ("n-grams in column -1, unread", ngrams(-1, 1)),
        ("n-grams of more words than lists", ngrams(0, 1 << 62)),
        ("attention of no heads", {
            summed(
                model()
                    .opset("", 23)
                    .integers("axes", &[1], &[0])
                    .node("Unsqueeze", &["x", "axes"], &["q"], &[])
                    .node(
                        "Attention",
                        &["q", "q", "q"],
                        &["k"],
                        &[("q_num_heads", Int(0)), ("kv_num_heads", Int(0))],
                    ),
            )
        }),
        ("attention that does not say how many heads", {
            summed(
                model()
                    .opset("", 23)
                    .integers("axes", &[1], &[0])
                    .node("Unsqueeze", &["x", "axes"], &["q"], &[])
                    .node("Attention", &["q", "q", "q"], &["k"], &[]),
            )
        }),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

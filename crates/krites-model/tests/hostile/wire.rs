//! Files that are hostile before a graph is read of them, and the bytes to write them.

use krites_model::ElementType::Float;
use krites_model::testing::ModelBuilder;

use super::Hostile;

/// Field numbers of `onnx.proto`
pub(crate) const GRAPH: u64 = 7;
pub(crate) const FUNCTIONS: u64 = 25;
pub(crate) const NODE: u64 = 1;
pub(crate) const INITIALIZER: u64 = 5;
pub(crate) const INPUT: u64 = 11;
pub(crate) const OUTPUT: u64 = 12;
pub(crate) const SPARSE: u64 = 15;

/// A number in the form of protobuf.
pub(crate) fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push((number & 127) as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A field that is a message, a text or a packed list.
pub(crate) fn field(number: u64, content: &[u8]) -> Vec<u8> {
    [
        varint(number << 3 | 2),
        varint(content.len() as u64),
        content.to_vec(),
    ]
    .concat()
}

/// A field that is a number.
pub(crate) fn number(field: u64, value: i64) -> Vec<u8> {
    [varint(field << 3), varint(value as u64)].concat()
}

/// A model that doubles its input, with more in its graph.
pub(crate) fn with(graph: &[u8]) -> Vec<u8> {
    let mut bytes = doubling().build();
    bytes.extend(field(GRAPH, graph));
    bytes
}

/// A model that doubles its input.
pub(crate) fn doubling() -> ModelBuilder {
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("y", Float, &[-1, 3])
        .node("Add", &["x", "x"], &["y"], &[])
}

/// A node of inputs, outputs, operator and attributes.
pub(crate) fn node(
    inputs: &[&str],
    outputs: &[&str],
    operator: &str,
    attributes: &[Vec<u8>],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    inputs
        .iter()
        .for_each(|name| bytes.extend(field(1, name.as_bytes())));
    outputs
        .iter()
        .for_each(|name| bytes.extend(field(2, name.as_bytes())));
    bytes.extend(field(4, operator.as_bytes()));
    attributes
        .iter()
        .for_each(|attribute| bytes.extend(field(5, attribute)));
    bytes
}

/// An output of floats, without a shape, for the end of a model.
fn floats_out(name: &str) -> Vec<u8> {
    let type_ = field(2, &field(1, &number(1, 1)));
    field(
        GRAPH,
        &field(OUTPUT, &[field(1, name.as_bytes()), type_].concat()),
    )
}

/// Nests `inner` by `wrap` so many times.
fn nested(times: usize, mut inner: Vec<u8>, wrap: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    for _ in 0..times {
        inner = wrap(&inner);
    }
    inner
}

pub(crate) fn files() -> Vec<Hostile> {
    let whole = doubling().build();
    let cut = |part: usize| whole[..whole.len() * part / 8].to_vec();
    let flipped = |at: usize, mask: u8| {
        let mut bytes = whole.clone();
        let at = at % bytes.len();
        bytes[at] ^= mask;
        bytes
    };
    // A body in an attribute in a node in a body
    let deep = |times| {
        let body = nested(times, Vec::new(), |body| {
            let attribute = [field(1, b"body"), field(6, body), number(20, 5)].concat();
            field(NODE, &node(&["x"], &[], "If", &[attribute]))
        });
        with(&body)
    };
    let mut groups = varint(99 << 3 | 3).repeat(100_000);
    groups.extend(varint(99 << 3 | 4).repeat(100_000));
    let types = nested(40, field(1, &number(1, 1)), |inner| {
        field(4, &field(1, inner))
    });
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("no bytes", vec![]),
        ("one byte", vec![0x3a]),
        ("zeros", vec![0; 4096]),
        ("ones", vec![0xff; 4096]),
        (
            "a download page",
            b"<!DOCTYPE html><title>404</title>".to_vec(),
        ),
        (
            "an archive",
            b"PK\x03\x04\x14\x00\x00\x00\x08\x00model.onnx".to_vec(),
        ),
        (
            "a pickle",
            b"\x80\x04\x95\x9a\x02\x00\x00\x00\x00\x00\x00\x8c\x0csklearn.tree\x94".to_vec(),
        ),
        (
            "a length of four billion billions",
            [varint(7 << 3 | 2), varint(u64::MAX >> 1)].concat(),
        ),
        ("a number without an end", vec![0x80; 64]),
        ("an eighth of a model", cut(1)),
        ("half of a model", cut(4)),
        ("seven eighths of a model", cut(7)),
        ("all but the last byte", whole[..whole.len() - 1].to_vec()),
        ("a bit flipped in the head", flipped(0, 1)),
        ("a bit flipped in the first length", flipped(3, 0x40)),
        ("a bit flipped in a name", flipped(whole.len() / 2, 0x80)),
        (
            "a model behind a model",
            [whole.clone(), whole.clone()].concat(),
        ),
        (
            "fields that nobody knows",
            [whole.clone(), field(500, &[7; 100])].concat(),
        ),
        (
            "a graph that is a number",
            [number(8, 8), number(7, 1)].concat(),
        ),
        ("a graph of nothing", field(GRAPH, &[])),
        ("no graph", number(1, 8)),
        (
            "a hundred thousand groups in one another",
            [whole.clone(), groups].concat(),
        ),
        (
            "a group that never ends",
            [whole.clone(), varint(99 << 3 | 3)].concat(),
        ),
        ("ten bodies in one another", deep(10)),
        ("five thousand bodies in one another", deep(5000)),
        (
            "sequences of sequences",
            with(&field(INPUT, &[field(1, b"s"), field(2, &types)].concat())),
        ),
        (
            "a name that is not UTF-8",
            with(&field(NODE, &field(1, &[0xff, 0xfe]))),
        ),
        (
            "a million empty nodes",
            with(&field(NODE, &[]).repeat(1_000_000)),
        ),
        (
            "a million empty attributes",
            with(&field(NODE, &field(5, &[]).repeat(1_000_000))),
        ),
        (
            "a million empty constants",
            with(&field(INITIALIZER, &[]).repeat(1_000_000)),
        ),
        (
            "a million sparse constants",
            with(&field(SPARSE, &field(1, &[])).repeat(1_000_000)),
        ),
        (
            "a million empty inputs",
            with(&field(INPUT, &[]).repeat(1_000_000)),
        ),
        (
            "a million operator sets",
            [whole.clone(), field(8, &[]).repeat(1_000_000)].concat(),
        ),
        (
            "a million functions",
            [whole.clone(), field(FUNCTIONS, &[]).repeat(1_000_000)].concat(),
        ),
        (
            "an input of a million dimensions",
            with(&field(
                INPUT,
                &[
                    field(1, b"z"),
                    field(
                        2,
                        &field(
                            1,
                            &[number(1, 1), field(2, &field(1, &[]).repeat(1_000_000))].concat(),
                        ),
                    ),
                ]
                .concat(),
            )),
        ),
        (
            "a million names that a node reads",
            [
                with(&field(
                    NODE,
                    &[
                        field(1, b"x").repeat(1_000_000),
                        field(4, b"Sum"),
                        field(2, b"z"),
                    ]
                    .concat(),
                )),
                floats_out("z"),
            ]
            .concat(),
        ),
        (
            "a million empty texts",
            with(&field(
                NODE,
                &[
                    field(2, b"z"),
                    field(4, b"Constant"),
                    field(
                        5,
                        &[field(1, b"value_strings"), field(9, &[]).repeat(1_000_000)].concat(),
                    ),
                ]
                .concat(),
            )),
        ),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

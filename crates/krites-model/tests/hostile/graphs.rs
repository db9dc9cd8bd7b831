//! Files whose graph contradicts itself: names, circles, sizes, types, versions.

use krites_model::ElementType::{Float, Integer, Text as Texts_};
use krites_model::testing::Attribute::{self, Floats, Integer as Int, Integers, Text, Texts};
use krites_model::testing::ModelBuilder;

use super::Hostile;
use super::wire::{
    FUNCTIONS, GRAPH, INITIALIZER, INPUT, NODE, OUTPUT, SPARSE, doubling, field, node, number, with,
};

/// A constant with its data in another file.
fn external(name: &str, location: &str) -> Vec<u8> {
    let entry = [field(1, b"location"), field(2, location.as_bytes())].concat();
    let tensor = [
        number(1, 3),
        number(2, 1),
        field(8, name.as_bytes()),
        field(13, &entry),
        number(14, 1),
    ];
    with(&field(INITIALIZER, &tensor.concat()))
}

fn shaped(dims: &[i64]) -> Vec<u8> {
    let dims = dims
        .iter()
        .flat_map(|&dim| number(1, dim))
        .collect::<Vec<_>>();
    let tensor = [dims, number(2, 1), field(8, b"w"), field(9, &[0; 16])].concat();
    with(&field(INITIALIZER, &tensor))
}

/// A model of identities, each behind the one before.
fn chain(len: usize, n_outputs: usize, labels: usize) -> Vec<u8> {
    let mut model = ModelBuilder::new().input("x", Float, &[-1, 2]);
    model = model.node(
        "ai.onnx.ml.LinearClassifier",
        &["x"],
        &["l", "n0"],
        &[("classlabels_ints", Integers((0..labels as i64).collect()))],
    );
    for idx in 0..len {
        model = model.node(
            "Identity",
            &[&format!("n{idx}")],
            &[&format!("n{}", idx + 1)],
            &[],
        );
    }
    for idx in 0..n_outputs {
        let name = format!("o{idx}");
        model = model.node("Identity", &[&format!("n{len}")], &[&name], &[]);
        model = model.output(&name, Float, &[-1, -1]);
    }
    model.build()
}

fn versions(of: &[(&str, i64)]) -> Vec<u8> {
    // The first that is named counts, so these stand before those of the builder.
    let mut bytes = Vec::new();
    for (domain, version) in of {
        bytes.extend(field(
            8,
            &[field(1, domain.as_bytes()), number(2, *version)].concat(),
        ));
    }
    bytes.extend(doubling().build());
    bytes
}

pub(crate) fn files() -> Vec<Hostile> {
    let new = ModelBuilder::new;
    let wide = |dims: &[i64]| {
        new()
            .input("x", Float, dims)
            .output("y", Float, &[-1, 1])
            .node("Identity", &["x"], &["y"], &[])
            .build()
    };
    let recursive = {
        let function = [
            field(1, b"again"),
            field(4, b"x"),
            field(5, b"y"),
            field(
                7,
                &[node(&["x"], &["y"], "again", &[]), field(7, b"local")].concat(),
            ),
            field(10, b"local"),
        ]
        .concat();
        let mut bytes = new()
            .input("x", Float, &[-1, 3])
            .output("y", Float, &[-1, 3])
            .node("local.again", &["x"], &["y"], &[])
            .build();
        bytes.extend(field(FUNCTIONS, &function));
        bytes
    };
    let sparse = {
        let values = [
            number(1, 2),
            number(2, 1),
            field(8, b"w"),
            field(4, &[0; 8]),
        ]
        .concat();
        let places = [number(1, 2), number(2, 7), field(7, &[1, 2])].concat();
        let tensor = [field(1, &values), field(2, &places), number(3, i64::MAX)].concat();
        let mut bytes = new()
            .input("x", Float, &[-1, 3])
            .output("y", Float, &[-1, 3])
            .node("Add", &["x", "w"], &["y"], &[])
            .build();
        bytes.extend(field(GRAPH, &field(SPARSE, &tensor)));
        bytes
    };
    let port = |number_of: u64, name: &str, type_: &[u8]| {
        with(&field(
            number_of,
            &[field(1, name.as_bytes()), field(2, type_)].concat(),
        ))
    };
    let doubled = {
        let mut model = new()
            .input("x", Float, &[-1, 64])
            .output("y", Float, &[-1, -1]);
        let mut name = "x".to_owned();
        for idx in 0..60 {
            let next = if idx == 59 {
                "y".to_owned()
            } else {
                format!("c{idx}")
            };
            model = model.node("Concat", &[&name, &name], &[&next], &[("axis", Int(1))]);
            name = next;
        }
        model.build()
    };
    let shared = {
        let n = 1 << 16;
        let mut model =
            new()
                .input("x", Float, &[-1, n])
                .floats("w", &[n, 1], &vec![1.0; n as usize]);
        for idx in 0..2000 {
            let name = format!("y{idx}");
            model = model.node("MatMul", &["x", "w"], &[&name], &[]);
        }
        let names: Vec<String> = (0..2000).map(|idx| format!("y{idx}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        model
            .node("Sum", &names, &["y"], &[])
            .output("y", Float, &[-1, 1])
            .build()
    };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("data in a file above", external("w", "../../etc/passwd")),
        (
            "data in a file of the machine",
            external("w", "/etc/passwd"),
        ),
        (
            "a name with a NUL",
            doubling().input("x\0", Float, &[-1]).build(),
        ),
        (
            "a constant without a name",
            doubling().floats("", &[1], &[1.0]).build(),
        ),
        (
            "a result with a NUL",
            doubling().node("Neg", &["x"], &["z\0"], &[]).build(),
        ),
        (
            "two inputs of one name",
            doubling().input("x", Float, &[-1]).build(),
        ),
        (
            "two outputs of one name",
            doubling().output("y", Float, &[-1]).build(),
        ),
        (
            "two constants of one name",
            doubling()
                .floats("w", &[1], &[1.0])
                .floats("w", &[1], &[2.0])
                .build(),
        ),
        (
            "two results of one name",
            doubling().node("Neg", &["x"], &["y"], &[]).build(),
        ),
        (
            "a result named as an input",
            doubling().node("Neg", &["x"], &["x"], &[]).build(),
        ),
        (
            "a result named as a constant",
            doubling()
                .floats("w", &[1], &[1.0])
                .node("Neg", &["x"], &["w"], &[])
                .build(),
        ),
        (
            "a constant that stands in for an input",
            with(&field(
                INITIALIZER,
                &[
                    number(1, 3),
                    number(2, 1),
                    field(8, b"x"),
                    field(4, &[0; 12]),
                ]
                .concat(),
            )),
        ),
        (
            "a dense and a sparse constant of one name",
            [
                sparse.clone(),
                field(
                    GRAPH,
                    &field(
                        INITIALIZER,
                        &[number(2, 1), field(8, b"w"), field(4, &[0; 4])].concat(),
                    ),
                ),
            ]
            .concat(),
        ),
        (
            "a node that reads itself",
            doubling().node("Neg", &["z"], &["z"], &[]).build(),
        ),
        (
            "a circle of three nodes",
            doubling()
                .node("Neg", &["a"], &["b"], &[])
                .node("Abs", &["b"], &["c"], &[])
                .node("Exp", &["c"], &["a"], &[])
                .build(),
        ),
        (
            "a value that nothing makes",
            doubling().node("Neg", &["nothing"], &["z"], &[]).build(),
        ),
        (
            "an output that nothing makes",
            doubling().output("z", Float, &[-1]).build(),
        ),
        (
            "an output that is an input",
            new()
                .input("x", Float, &[-1, 2])
                .output("x", Float, &[-1, 2])
                .build(),
        ),
        (
            "an output that is a constant",
            doubling()
                .floats("w", &[1], &[1.0])
                .output("w", Float, &[1])
                .build(),
        ),
        ("no outputs", new().input("x", Float, &[-1]).build()),
        (
            "no inputs",
            new()
                .floats("w", &[1, 2], &[1.0, 2.0])
                .output("y", Float, &[-1, 2])
                .node("Identity", &["w"], &["y"], &[])
                .build(),
        ),
        (
            "an operator without a name",
            doubling()
                .node("", &["x"], &["z"], &[])
                .output("z", Float, &[-1, 3])
                .build(),
        ),
        (
            "an operator that nobody knows",
            doubling()
                .node("Summon", &["x"], &["z"], &[])
                .output("z", Float, &[-1, 3])
                .build(),
        ),
        (
            "a domain that nobody knows",
            doubling()
                .node("evil.corp.Add", &["x"], &["z"], &[])
                .output("z", Float, &[-1, 3])
                .build(),
        ),
        (
            "an operator with a new line and colours in its name",
            doubling()
                .node("Add\n\u{1b}[31merror", &["x"], &["z"], &[])
                .output("z", Float, &[-1, 3])
                .build(),
        ),
        (
            "a name of a million letters",
            doubling()
                .node(&"A".repeat(1_000_000), &["x"], &["z"], &[])
                .output("z", Float, &[-1, 3])
                .build(),
        ),
        ("operator set 0", versions(&[("", 0)])),
        ("operator set -1", versions(&[("", -1)])),
        ("operator set i64::MAX", versions(&[("", i64::MAX)])),
        ("operator set i64::MIN", versions(&[("", i64::MIN)])),
        ("a column count of i64::MAX", wide(&[-1, i64::MAX])),
        ("a column count of a billion", wide(&[-1, 1_000_000_000])),
        ("a column count of zero", wide(&[-1, 0])),
        ("a batch of i64::MAX", wide(&[i64::MAX, 2])),
        ("nine dimensions", wide(&[-1, 2, 2, 2, 2, 2, 2, 2, 2])),
        (
            "an output of a billion columns",
            doubling()
                .output("z", Float, &[-1, 1_000_000_000])
                .node("Neg", &["x"], &["z"], &[])
                .build(),
        ),
        ("a constant of i64::MAX elements", shaped(&[i64::MAX])),
        (
            "a constant whose sizes overflow",
            shaped(&[1 << 32, 1 << 32, 1 << 32]),
        ),
        (
            "a constant whose sizes overflow to its true size",
            shaped(&[1 << 62, 4, 4]),
        ),
        ("a constant of a negative size", shaped(&[-4])),
        ("a constant beyond its bytes", shaped(&[5])),
        ("a constant short of its bytes", shaped(&[3])),
        (
            "a constant that ends inside of an element",
            with(&field(
                INITIALIZER,
                &[
                    number(1, 4),
                    number(2, 1),
                    field(8, b"w"),
                    field(9, &[0; 15]),
                ]
                .concat(),
            )),
        ),
        (
            "a constant of no type",
            with(&field(
                INITIALIZER,
                &[number(1, 1), field(8, b"w"), field(9, &[0; 4])].concat(),
            )),
        ),
        (
            "a constant of a type that nobody knows",
            with(&field(
                INITIALIZER,
                &[
                    number(1, 1),
                    number(2, 1000),
                    field(8, b"w"),
                    field(9, &[0; 4]),
                ]
                .concat(),
            )),
        ),
        (
            "texts that are not UTF-8",
            with(&field(
                INITIALIZER,
                &[
                    number(1, 1),
                    number(2, 8),
                    field(8, b"w"),
                    field(6, &[0xff]),
                ]
                .concat(),
            )),
        ),
        ("a sparse constant", sparse),
        (
            "an input that is a sequence",
            port(INPUT, "s", &field(4, &field(1, &field(1, &number(1, 1))))),
        ),
        (
            "an input that is a map",
            port(INPUT, "m", &field(5, &number(1, 8))),
        ),
        (
            "an output that is a sequence",
            port(OUTPUT, "x", &field(4, &[])),
        ),
        (
            "an output of maps that nothing makes",
            port(OUTPUT, "x", &field(4, &field(1, &field(5, &number(1, 8))))),
        ),
        (
            "an input of complex numbers",
            port(INPUT, "z", &field(1, &number(1, 14))),
        ),
        (
            "an input of type -1",
            port(INPUT, "z", &field(1, &number(1, -1))),
        ),
        (
            "an input without a type",
            with(&field(INPUT, &field(1, b"z"))),
        ),
        ("a function that calls itself", recursive),
        (
            "a loop without an end",
            doubling()
                .node("Loop", &["x"], &["z"], &[])
                .output("z", Float, &[-1, 3])
                .build(),
        ),
        (
            "a body that reads what nobody makes",
            with(&field(
                NODE,
                &node(
                    &["x"],
                    &["z"],
                    "If",
                    &[[
                        field(1, b"then_branch"),
                        field(6, &field(NODE, &node(&["nowhere"], &["inner"], "Neg", &[]))),
                        number(20, 5),
                    ]
                    .concat()],
                ),
            )),
        ),
        ("columns that double sixty times", doubled),
        ("a thousand sums that turn a million columns", turned()),
        (
            "a constant of a billion elements from eight bytes",
            new()
                .input("x", Float, &[-1, 2])
                .output("y", Float, &[-1, 2])
                .integers("shape", &[1], &[1 << 30])
                .node("ConstantOfShape", &["shape"], &["zeros"], &[])
                .node("ReduceSum", &["zeros"], &["zero"], &[])
                .node("Add", &["x", "zero"], &["y"], &[])
                .build(),
        ),
        (
            "weights of half a megabyte that two thousand nodes share",
            shared,
        ),
        (
            "ten thousand outputs behind ten thousand nodes",
            chain(10_000, 10_000, 2),
        ),
        (
            "two thousand outputs of ten thousand classes",
            chain(1, 2000, 10_000),
        ),
        (
            "a width by n_targets of i64::MAX",
            new()
                .input("x", Float, &[-1, 2])
                .output("y", Float, &[-1, -1])
                .node(
                    "ai.onnx.ml.TreeEnsembleRegressor",
                    &["x"],
                    &["y"],
                    &[("n_targets", Int(i64::MAX))],
                )
                .build(),
        ),
        (
            "a million texts as classes",
            new()
                .input("x", Float, &[-1, 1])
                .output("label", Texts_, &[-1])
                .output("p", Float, &[-1, 2])
                .node(
                    "ai.onnx.ml.LinearClassifier",
                    &["x"],
                    &["label", "p"],
                    &[
                        ("classlabels_strings", Texts(vec!["a"; 1_000_000])),
                        ("coefficients", Floats(vec![1.0])),
                    ],
                )
                .build(),
        ),
        (
            "an attribute twice",
            doubling()
                .node(
                    "Gather",
                    &["x", "at"],
                    &["z"],
                    &[("axis", Int(1)), ("axis", Int(0))],
                )
                .integers("at", &[1], &[0])
                .output("z", Float, &[-1, 1])
                .build(),
        ),
        (
            "an axis that is a float",
            doubling()
                .node(
                    "Gather",
                    &["x", "at"],
                    &["z"],
                    &[("axis", Attribute::Float(1.0))],
                )
                .integers("at", &[1], &[0])
                .output("z", Float, &[-1, 1])
                .build(),
        ),
        (
            "labels that are one number",
            new()
                .input("x", Float, &[-1, 2])
                .output("l", Integer, &[-1])
                .output("p", Float, &[-1, 2])
                .node(
                    "ai.onnx.ml.LinearClassifier",
                    &["x"],
                    &["l", "p"],
                    &[
                        ("classlabels_ints", Int(2)),
                        ("coefficients", Floats(vec![1.0; 4])),
                    ],
                )
                .build(),
        ),
        (
            "a norm that is a number",
            doubling()
                .node("ai.onnx.ml.Normalizer", &["x"], &["z"], &[("norm", Int(2))])
                .output("z", Float, &[-1, 3])
                .build(),
        ),
        (
            "a norm that nobody knows",
            doubling()
                .node(
                    "ai.onnx.ml.Normalizer",
                    &["x"],
                    &["z"],
                    &[("norm", Text("L7"))],
                )
                .output("z", Float, &[-1, 3])
                .build(),
        ),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

/// Sums along the first of two dimensions, each over a copy that is turned
fn turned() -> Vec<u8> {
    let mut model = ModelBuilder::new()
        .input("x", Float, &[-1, 1 << 20])
        .output("y", Float, &[-1, 4])
        .integers("shape", &[3], &[0, 1 << 18, 4])
        .integers("axis", &[1], &[1])
        .node("Reshape", &["x", "shape"], &["deep"], &[]);
    let keep = [("keepdims", Int(0))];
    let mut sum = "s0".to_owned();
    model = model.node("ReduceSum", &["deep", "axis"], &["s0"], &keep);
    for idx in 1..1000 {
        let (next, joined) = (format!("s{idx}"), format!("j{idx}"));
        model = model
            .node("ReduceSum", &["deep", "axis"], &[&next], &keep)
            .node("Add", &[&sum, &next], &[&joined], &[]);
        sum = joined;
    }
    model.node("Identity", &[&sum], &["y"], &[]).build()
}

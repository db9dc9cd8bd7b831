//! Loops and branches that do not end, or stand deep in one another.

use krites_model::ElementType::{self, Boolean, Float, Integer};
use krites_model::testing::{Attribute, Elements, ModelBuilder};

use super::Hostile;
use super::wire::{field, node};

/// A model of `x` and `y` with constants that loops need
pub(crate) fn model() -> ModelBuilder {
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("y", Float, &[-1, -1])
        .constant("always", &[], &Elements::Booleans(vec![true]))
        .constant("never", &[1], &Elements::Booleans(vec![false]))
}

/// A body that carries `a` to `to`, and goes on by `by`
fn body(by: &str, to: &str) -> ModelBuilder {
    ModelBuilder::new()
        .input("turn", Integer, &[])
        .input("goes_on", Boolean, &[])
        .input("a", Float, &[-1, 3])
        .output(by, Boolean, &[])
        .output(to, Float, &[-1, 3])
}

fn graph(body: ModelBuilder) -> (&'static str, Attribute) {
    ("body", Attribute::Body(Box::new(body)))
}

fn looped(body: ModelBuilder) -> Vec<u8> {
    model()
        .node("Loop", &["", "always", "x"], &["y"], &[graph(body)])
        .build()
}

/// A branch that gives `x`
fn plain(name: &str) -> ModelBuilder {
    ModelBuilder::new()
        .output(name, Float, &[-1, 3])
        .node("Identity", &["x"], &[name], &[])
}

fn branches(then: ModelBuilder, otherwise: ModelBuilder) -> Vec<(&'static str, Attribute)> {
    vec![
        ("then_branch", Attribute::Body(Box::new(then))),
        ("else_branch", Attribute::Body(Box::new(otherwise))),
    ]
}

/// Branches within branches
fn deep_branches(depth: usize) -> Vec<u8> {
    let mut inner = plain("r0");
    for level in 1..=depth {
        let (name, other) = (format!("r{level}"), format!("e{level}"));
        inner = ModelBuilder::new().output(&name, Float, &[-1, 3]).node(
            "If",
            &["above"],
            &[&name],
            &branches(inner, plain(&other)),
        );
    }
    model()
        .node(
            "ReduceMax",
            &["x"],
            &["most"],
            &[("keepdims", Attribute::Integer(0))],
        )
        .node(
            "Cast",
            &["most"],
            &["above"],
            &[("to", Attribute::Integer(9))],
        )
        .node("If", &["above"], &["y"], &branches(inner, plain("e")))
        .build()
}

/// The same in bytes, since builders would take the stack that a reader must not
fn deeper_branches(depth: usize) -> Vec<u8> {
    let mut body = field(1, &node(&["x"], &["y"], "Identity", &[]));
    for _ in 0..depth {
        let branch = |name: &str| {
            let kind = super::wire::number(20, 5);
            [field(1, name.as_bytes()), field(6, &body), kind].concat()
        };
        let both = [branch("then_branch")];
        body = field(1, &node(&["always"], &["y"], "If", &both));
    }
    let mut bytes = model().build();
    bytes.extend(field(7, &body));
    bytes
}

/// Loops within loops, of one turn each
fn deep_loops(depth: usize) -> Vec<u8> {
    let named = |level: usize| {
        let name = |what: &str| format!("{what}{level}");
        ModelBuilder::new()
            .input(&name("turn"), Integer, &[])
            .input(&name("goes_on"), Boolean, &[])
            .input(&name("a"), Float, &[-1, 3])
            .output(&name("then"), Boolean, &[])
            .output(&name("b"), Float, &[-1, 3])
            .node("Identity", &[&name("goes_on")], &[&name("then")], &[])
    };
    let mut inner = named(0).node("Neg", &["a0"], &["b0"], &[]);
    for level in 1..=depth {
        let (from, to) = (format!("a{level}"), format!("b{level}"));
        inner = named(level).node("Loop", &["once", "", &from], &[&to], &[graph(inner)]);
    }
    model()
        .integers("once", &[], &[1])
        .node("Loop", &["once", "", "x"], &["y"], &[graph(inner)])
        .build()
}

pub(crate) fn files() -> Vec<Hostile> {
    let empty = || {
        model()
            .node("Cast", &["x"], &["whole"], &[("to", Attribute::Integer(7))])
            .node("Compress", &["whole", "never"], &["none"], &[])
    };
    let carries = |element: ElementType| {
        ModelBuilder::new()
            .input("turn", Integer, &[])
            .input("goes_on", Boolean, &[])
            .input("a", element, &[-1, 3])
    };
    let scanned = |count: i64, body: ModelBuilder| {
        model()
            .floats("start", &[3], &[0.0; 3])
            .node(
                "Scan",
                &["start", "x"],
                &["end", "y"],
                &[graph(body), ("num_scan_inputs", Attribute::Integer(count))],
            )
            .build()
    };
    let step = || {
        ModelBuilder::new()
            .input("so_far", Float, &[3])
            .input("row", Float, &[3])
            .output("then", Float, &[3])
            .output("given", Float, &[3])
            .node("Add", &["so_far", "row"], &["then"], &[])
            .node("Identity", &["then"], &["given"], &[])
    };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("an endless loop of nothing", looped(body("goes_on", "a"))),
        (
            "an endless loop of a constant",
            looped(body("on", "a").constant("on", &[], &Elements::Booleans(vec![true]))),
        ),
        (
            "an endless loop of a folded constant",
            looped(
                body("on", "a")
                    .constant("off", &[], &Elements::Booleans(vec![false]))
                    .node("Not", &["off"], &["on"], &[]),
            ),
        ),
        (
            "an endless loop of a shape",
            looped(body("on", "a").node("Size", &["turn"], &["one"], &[]).node(
                "Cast",
                &["one"],
                &["on"],
                &[("to", Attribute::Integer(9))],
            )),
        ),
        (
            "an endless loop of a constant branch",
            looped(body("on", "a").node(
                "If",
                &["always"],
                &["on"],
                &branches(
                    ModelBuilder::new().output("yes", Boolean, &[]).constant(
                        "yes",
                        &[],
                        &Elements::Booleans(vec![true]),
                    ),
                    ModelBuilder::new().output("no", Boolean, &[]).constant(
                        "no",
                        &[],
                        &Elements::Booleans(vec![true]),
                    ),
                ),
            )),
        ),
        (
            "an endless loop of a value outside",
            looped(body("always", "a")),
        ),
        (
            "an endless loop whose only node is not read",
            looped(body("goes_on", "a").node("Neg", &["a"], &["unread"], &[])),
        ),
        (
            "a loop of nothing of i64::MAX turns",
            model()
                .integers("turns", &[], &[i64::MAX])
                .node(
                    "Loop",
                    &["turns", "", "x"],
                    &["y"],
                    &[graph(body("goes_on", "a"))],
                )
                .build(),
        ),
        (
            "a loop of i64::MAX turns",
            model()
                .integers("turns", &[], &[i64::MAX])
                .node(
                    "Loop",
                    &["turns", "", "x"],
                    &["y"],
                    &[graph(body("goes_on", "b").node("Neg", &["a"], &["b"], &[]))],
                )
                .build(),
        ),
        (
            "a loop of -1 turns",
            model()
                .integers("turns", &[], &[-1])
                .node(
                    "Loop",
                    &["turns", "", "x"],
                    &["y"],
                    &[graph(body("goes_on", "b").node("Neg", &["a"], &["b"], &[]))],
                )
                .build(),
        ),
        (
            "a loop that lists rows without an end",
            model()
                .output("z", Float, &[-1, 3])
                .node(
                    "Loop",
                    &["", "always", "x"],
                    &["y", "listed"],
                    &[graph(
                        body("goes_on", "b")
                            .output("c", Float, &[-1, 3])
                            .node("Neg", &["a"], &["b"], &[])
                            .node("Abs", &["a"], &["c"], &[]),
                    )],
                )
                .node("Identity", &["y"], &["z"], &[])
                .build(),
        ),
        (
            "as many turns as nobody says",
            empty()
                .node(
                    "Loop",
                    &["none", "", "x"],
                    &["y"],
                    &[graph(body("goes_on", "b").node("Neg", &["a"], &["b"], &[]))],
                )
                .build(),
        ),
        (
            "a loop that goes on by nothing",
            looped(
                body("on", "b")
                    .node("Compress", &["goes_on", "never"], &["on"], &[])
                    .node("Neg", &["a"], &["b"], &[]),
            ),
        ),
        (
            "a loop that carries nothing from the second turn on",
            looped(
                carries(Float)
                    .output("on", Boolean, &[])
                    .output("b", Float, &[-1, 3])
                    .node("Compress", &["a", "never"], &["b"], &[])
                    .node("Cast", &["a"], &["on"], &[("to", Attribute::Integer(9))]),
            ),
        ),
        (
            "a loop that goes on by a float",
            looped(body("a", "b").node("Neg", &["a"], &["b"], &[])),
        ),
        (
            "a loop without a body",
            model()
                .node("Loop", &["", "always", "x"], &["y"], &[])
                .build(),
        ),
        (
            "a loop whose body takes nothing",
            looped(ModelBuilder::new().output("b", Float, &[-1, 3]).node(
                "Neg",
                &["x"],
                &["b"],
                &[],
            )),
        ),
        ("twenty-eight branches in one another", deep_branches(28)),
        ("two hundred branches in one another", deeper_branches(200)),
        (
            "two thousand branches in one another",
            deeper_branches(2_000),
        ),
        ("twelve loops in one another", deep_loops(12)),
        ("twenty-eight loops in one another", deep_loops(28)),
        (
            "a branch without another",
            model()
                .node(
                    "If",
                    &["always"],
                    &["y"],
                    &branches(plain("e"), plain("f"))[..1],
                )
                .build(),
        ),
        (
            "branches of several conditions",
            model()
                .node("Cast", &["x"], &["all"], &[("to", Attribute::Integer(9))])
                .node("If", &["all"], &["y"], &branches(plain("e"), plain("f")))
                .build(),
        ),
        (
            "branches of no condition",
            empty()
                .node("Cast", &["none"], &["by"], &[("to", Attribute::Integer(9))])
                .node("If", &["by"], &["y"], &branches(plain("e"), plain("f")))
                .build(),
        ),
        (
            "branches of two numbers of results",
            model()
                .node(
                    "If",
                    &["always"],
                    &["y", "z"],
                    &branches(plain("e"), plain("f")),
                )
                .build(),
        ),
        ("a scan of rows", scanned(1, step())),
        ("a scan of no inputs", scanned(0, step())),
        ("a scan of -1 inputs", scanned(-1, step())),
        ("a scan of i64::MAX inputs", scanned(i64::MAX, step())),
        (
            "a scan of ten million rows by nothing",
            model()
                .integers("rows", &[2], &[10_000_000, 3])
                .floats("start", &[3], &[0.0; 3])
                .node("ConstantOfShape", &["rows"], &["long"], &[])
                .node(
                    "Scan",
                    &["start", "long"],
                    &["end", "given"],
                    &[
                        graph(
                            ModelBuilder::new()
                                .input("s", Float, &[3])
                                .input("r", Float, &[3])
                                .output("s", Float, &[3])
                                .output("r", Float, &[3]),
                        ),
                        ("num_scan_inputs", Attribute::Integer(1)),
                    ],
                )
                .node("Add", &["x", "end"], &["y"], &[])
                .build(),
        ),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

//! Numbers that crash processors, and sizes that take all memory there is.

use krites_model::ElementType::{Float, Integer, Text};
use krites_model::testing::{Attribute, Elements, ModelBuilder};

use super::Hostile;
use super::loops::model;

/// A model of whole numbers
fn whole() -> ModelBuilder {
    ModelBuilder::new()
        .input("x", Integer, &[-1, 3])
        .output("y", Integer, &[-1, -1])
}

/// Adds the sum of a value to `x`
fn summed(model: ModelBuilder, value: &str) -> Vec<u8> {
    let keep = [("keepdims", Attribute::Integer(0))];
    model
        .node("ReduceSum", &[value], &["sum"], &keep)
        .node("Add", &["x", "sum"], &["y"], &[])
        .build()
}

/// A node that makes much of a constant of one float and a list of whole numbers
fn much(operator: &str, sizes: &[i64]) -> Vec<u8> {
    let model = model()
        .floats("w", &[1], &[1.0])
        .integers("sizes", &[sizes.len() as i64], sizes);
    let inputs: &[&str] = match operator {
        "ConstantOfShape" => &["sizes"],
        _ => &["w", "sizes"],
    };
    summed(model.node(operator, inputs, &["k"], &[]), "k")
}

/// A value that is joined to itself so many times
fn doubled(model: ModelBuilder, operator: &str, from: &str, times: usize) -> ModelBuilder {
    let axis = [("axis", Attribute::Integer(0))];
    let attributes = if operator == "Concat" { &axis[..] } else { &[] };
    (0..times).fold(model, |model, at| {
        let (to, before) = (format!("d{at}"), format!("d{}", at.wrapping_sub(1)));
        let before = if at == 0 { from } else { &before };
        model.node(operator, &[before, before], &[&to], attributes)
    })
}

pub(crate) fn files() -> Vec<Hostile> {
    let by = |operator: &str, by: &[i64]| {
        whole()
            .integers("by", &[by.len() as i64], by)
            .node(operator, &["x", "by"], &["y"], &[])
            .build()
    };
    let least = |operator: &str| {
        whole()
            .integers("least", &[1], &[i64::MIN + 1])
            .integers("by", &[1], &[-1])
            .node("Add", &["x", "least"], &["low"], &[])
            .node(operator, &["low", "by"], &["y"], &[])
            .build()
    };
    let narrow = |operator: &str, elem_type: i64| {
        model()
            .node(
                "Cast",
                &["x"],
                &["n"],
                &[("to", Attribute::Integer(elem_type))],
            )
            .node(operator, &["n", "n"], &["d"], &[])
            .node("Cast", &["d"], &["y"], &[("to", Attribute::Integer(1))])
            .build()
    };
    let range = |start: i64, end: i64, step: i64| {
        model()
            .integers("start", &[], &[start])
            .integers("end", &[], &[end])
            .integers("step", &[], &[step])
            .node("Range", &["start", "end", "step"], &["r"], &[])
            .node("Cast", &["r"], &["k"], &[("to", Attribute::Integer(1))])
    };
    let at = |operator: &str, place: i64| {
        let model = model().floats("w", &[2], &[1.0, 2.0]);
        let dims: &[i64] = if operator == "GatherND" {
            &[1, 1]
        } else {
            &[1]
        };
        let model = model.integers("at", dims, &[place]);
        summed(model.node(operator, &["w", "at"], &["k"], &[]), "k")
    };
    let texts = || {
        ModelBuilder::new()
            .input("x", Text, &[-1, 1])
            .output("y", Text, &[-1, 1])
    };
    let resized = |scales: Vec<f32>| {
        let model = model().floats("w", &[1, 1, 2, 2], &[1.0; 4]).constant(
            "scales",
            &[4],
            &Elements::Floats(scales),
        );
        summed(model.node("Resize", &["w", "", "scales"], &["k"], &[]), "k")
    };
    let matched = |pattern: &'static str| {
        ModelBuilder::new()
            .opset("", 20)
            .input("x", Text, &[-1, 1])
            .output("y", krites_model::ElementType::Boolean, &[-1, 1])
            .node(
                "RegexFullMatch",
                &["x"],
                &["y"],
                &[("pattern", Attribute::Text(pattern))],
            )
            .build()
    };
    let einsum = |equation: &'static str| {
        model()
            .node(
                "Einsum",
                &["x", "x"],
                &["y"],
                &[("equation", Attribute::Text(equation))],
            )
            .build()
    };
    let normalized = |locale: &'static str| {
        ModelBuilder::new()
            .input("x", Text, &[1, -1])
            .output("y", Text, &[1, -1])
            .node(
                "StringNormalizer",
                &["x"],
                &["y"],
                &[
                    ("case_change_action", Attribute::Text("LOWER")),
                    ("locale", Attribute::Text(locale)),
                ],
            )
            .build()
    };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("whole numbers divided by zero", by("Div", &[2, 0, 2])),
        ("whole numbers divided by -1", by("Div", &[2, -1, 2])),
        (
            "whole numbers divided by themselves",
            whole().node("Div", &["x", "x"], &["y"], &[]).build(),
        ),
        ("the remainder of zero", by("Mod", &[0])),
        ("the remainder of -1", by("Mod", &[-1])),
        ("the least number divided by -1", least("Div")),
        ("the remainder of the least number by -1", least("Mod")),
        ("narrow numbers divided by themselves", narrow("Div", 6)),
        ("bytes divided by themselves", narrow("Div", 2)),
        ("the remainder of bytes by themselves", narrow("Mod", 3)),
        ("whole numbers divided by 7", by("Div", &[7])),
        (
            "floats divided by themselves",
            model().node("Div", &["x", "x"], &["y"], &[]).build(),
        ),
        (
            "a range of steps of zero",
            range(0, 5, 0).node("Identity", &["k"], &["y"], &[]).build(),
        ),
        (
            "a range of ten billion",
            summed(range(0, 10_000_000_000, 1), "k"),
        ),
        (
            "a range from the least to the greatest",
            summed(range(i64::MIN, i64::MAX, 1), "k"),
        ),
        (
            "ConstantOfShape of terabytes",
            much("ConstantOfShape", &[10_000_000, 10_000_000]),
        ),
        (
            "ConstantOfShape of ten gigabytes",
            much("ConstantOfShape", &[2_500_000_000]),
        ),
        (
            "ConstantOfShape whose sizes overflow",
            much("ConstantOfShape", &[1 << 32, 1 << 32, 4]),
        ),
        ("ConstantOfShape of -1", much("ConstantOfShape", &[-1])),
        (
            "Expand to terabytes",
            much("Expand", &[10_000_000, 10_000_000]),
        ),
        ("Expand to -3", much("Expand", &[-3])),
        ("Tile to terabytes", much("Tile", &[10_000_000_000_000])),
        ("Tile by -4", much("Tile", &[-4])),
        ("Tile of Tile of Tile", {
            let mut model = model()
                .floats("t0", &[1], &[1.0])
                .integers("by", &[1], &[100_000]);
            for at in 0..5 {
                let (from, to) = (format!("t{at}"), format!("t{}", at + 1));
                model = model.node("Tile", &[&from, "by"], &[&to], &[]);
            }
            summed(model, "t5")
        }),
        ("Pad by terabytes", much("Pad", &[10_000_000_000_000, 0])),
        ("Pad by less than there is", much("Pad", &[-5, -5])),
        ("Resize to terabytes", resized(vec![1.0, 1.0, 1e6, 1e7])),
        ("Resize by -1", resized(vec![1.0, 1.0, -1.0, 1.0])),
        ("Resize by NaN", resized(vec![1.0, 1.0, f32::NAN, 1.0])),
        ("columns that double sixty times as it is made", {
            let model = model().floats("w", &[1], &[1.0]);
            summed(doubled(model, "Concat", "w", 60), "d59")
        }),
        ("texts that double sixty times", {
            let model = texts()
                .opset("", 20)
                .constant("w", &[1], &Elements::Texts(vec!["ab"]));
            doubled(model, "StringConcat", "w", 60)
                .node("StringConcat", &["d59", "x"], &["y"], &[])
                .build()
        }),
        ("texts of a case that double sixty times", {
            doubled(texts().opset("", 20), "StringConcat", "x", 60)
                .node("StringConcat", &["d59", "x"], &["y"], &[])
                .build()
        }),
        ("OneHot of terabytes", {
            let model =
                model()
                    .integers("w", &[1], &[1])
                    .integers("depth", &[], &[10_000_000_000_000]);
            let model = model.floats("v", &[2], &[0.0, 1.0]);
            summed(model.node("OneHot", &["w", "depth", "v"], &["k"], &[]), "k")
        }),
        ("RandomNormal of terabytes", {
            let shape = Attribute::Integers(vec![10_000_000, 10_000_000]);
            summed(
                model().node("RandomNormal", &[], &["k"], &[("shape", shape)]),
                "k",
            )
        }),
        ("a product of terabytes", {
            let model = model()
                .floats("a", &[1_000_000, 1], &vec![1.0; 1_000_000])
                .floats("b", &[1, 1_000_000], &vec![1.0; 1_000_000]);
            summed(model.node("MatMul", &["a", "b"], &["k"], &[]), "k")
        }),
        ("Gather beyond the end", at("Gather", 99_999_999)),
        ("Gather at i64::MIN", at("Gather", i64::MIN)),
        ("GatherND beyond the end", at("GatherND", 99_999_999)),
        (
            "GatherElements beyond the end",
            at("GatherElements", 99_999_999),
        ),
        ("GatherND of -5 batches", {
            let model = model()
                .floats("w", &[2], &[1.0, 2.0])
                .integers("at", &[1, 1], &[1]);
            let batches = [("batch_dims", Attribute::Integer(-5))];
            summed(model.node("GatherND", &["w", "at"], &["k"], &batches), "k")
        }),
        ("ScatterND beyond the end", {
            let model = model()
                .floats("w", &[2], &[1.0, 2.0])
                .integers("at", &[1, 1], &[-99_999_999])
                .floats("u", &[1], &[1.0]);
            summed(model.node("ScatterND", &["w", "at", "u"], &["k"], &[]), "k")
        }),
        ("Slice by steps of zero", {
            let of =
                |model: ModelBuilder, name: &str, value: i64| model.integers(name, &[1], &[value]);
            let model = of(of(of(of(model(), "a", 0), "b", 3), "ax", 1), "st", 0);
            model
                .node("Slice", &["x", "a", "b", "ax", "st"], &["y"], &[])
                .build()
        }),
        ("an expression for texts that explodes", matched("(a+)+$")),
        ("an expression for texts that is not one", matched("((((")),
        (
            "an expression for texts of a million turns",
            matched("((a{1000}){1000}){1000}"),
        ),
        ("an equation of too few inputs", einsum("ij,jk,kl->il")),
        ("an equation of ellipses", einsum("...i...j,jk->ij")),
        ("an equation of arrows", einsum("->->")),
        ("an equation of nothing", einsum("")),
        ("a locale that nobody knows", normalized("xx_YY")),
        ("a locale that is a path", normalized("../../etc/passwd")),
        ("a locale of a format", normalized("%s%n%n")),
        ("places of three dimensions beyond the end of a million", {
            let model = model().floats("w", &[1, 1], &[1.0]);
            let model = model.constant("at", &[1, 1], &Elements::Integers(vec![1 << 40]));
            summed(model.node("GatherElements", &["w", "at"], &["k"], &[]), "k")
        }),
        ("operator set two billion", {
            model()
                .opset("", 1 << 31)
                .node("Neg", &["x"], &["y"], &[])
                .build()
        }),
        ("operator set one", {
            model()
                .opset("", 1)
                .node("Neg", &["x"], &["y"], &[])
                .build()
        }),
        ("a version of the format of i64::MAX", {
            let mut bytes = model().node("Neg", &["x"], &["y"], &[]).build();
            bytes.extend(super::wire::number(1, i64::MAX));
            bytes
        }),
        ("a version of the format of -1", {
            let mut bytes = model().node("Neg", &["x"], &["y"], &[]).build();
            bytes.extend(super::wire::number(1, -1));
            bytes
        }),
        ("an output of another type", {
            ModelBuilder::new()
                .input("x", Float, &[-1, 3])
                .output("y", Integer, &[-1, 3])
                .node("Neg", &["x"], &["y"], &[])
                .build()
        }),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}

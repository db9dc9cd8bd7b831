//! Distributions that models give: their classes by the model or by a file, and
//! what changes with the file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;

use krites::{Date, Engine, LoadErrorKind, OutputValue, Release, ReleaseBuilder};
use krites_model::ElementType;
use krites_model::testing::{Attribute, ModelBuilder};

const SCORES: [f32; 3] = [0.0, 2.0, 1.0];

/// Scores three classes by a softmax, and does not say which they are.
fn unnamed() -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("scores", ElementType::Float, &[-1, 3])
        .floats("weights", &[1, 3], &SCORES)
        .node("MatMul", &["x", "weights"], &["raw"], &[])
        .node(
            "Softmax",
            &["raw"],
            &["scores"],
            &[("axis", Attribute::Integer(1))],
        )
        .build()
}

/// The same by an operator that names its classes.
fn named() -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("label", ElementType::Text, &[-1])
        .output("scores", ElementType::Float, &[-1, 3])
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["x"],
            &["label", "scores"],
            &[
                ("coefficients", Attribute::Floats(SCORES.to_vec())),
                ("intercepts", Attribute::Floats(vec![0.0; 3])),
                ("post_transform", Attribute::Text("SOFTMAX")),
                (
                    "classlabels_strings",
                    Attribute::Texts(vec!["other", "card-lost", "cash"]),
                ),
            ],
        )
        .build()
}

fn policy(named_by: &str) -> String {
    format!(
        "policy topics {{ version \"1\"; on fault refer }}\n\
         enum Outcome {{ approve < refer < decline }}\n\
         enum Intent {{ cash, lost = \"card-lost\", other }}\n\
         input {{ x : decimal }}\n\
         model topic from \"topic.onnx\" {{\n\
             feed {{ x }}\n\
             give intent : distribution of Intent = scores{named_by}\n\
         }}\n\
         decide outcome : Outcome most severe {{\n\
             rule lost when topic.intent.top is lost then refer\n\
             rule rest otherwise then approve\n\
         }}\n\
         output {{\n\
             when outcome is one of [approve, refer] {{\n\
                 top  : Intent  = topic.intent.top\n\
                 next : Intent  = topic.intent.second\n\
                 all  : decimal = sum of topic.intent\n\
             }}\n\
         }}\n\
         test \"stated\" {{\n\
             given  with x = 1, topic.intent = {{ lost : 0.5, rest : 0.5 }}\n\
             expect outcome = refer, next = cash\n\
         }}\n"
    )
}

fn named_by(names: &str) -> ReleaseBuilder {
    Release::builder()
        .policy("topics.krites", policy(" named by \"names/topics.json\""))
        .module("names/topics.json", names)
        .model("topic.onnx", unnamed())
}

const NAMES: &str = "[\"other\", \"card-lost\", \"cash\"]";

/// The outcome, the two most probable labels, and the answers by name.
fn decided(release: Release) -> (String, [String; 2], Vec<(String, f64)>) {
    let mut decider = Engine::new(release).decider("topics").unwrap();
    let facts = serde_json::json!({ "x": 1 });
    let decision = decider
        .decide(Date::new(2026, 11, 22).unwrap(), &facts)
        .unwrap();
    let label = |name: &str| decision.output(name).unwrap().to_string();
    let answers = decision.answers().map(|(name, value)| match value {
        Some(OutputValue::Exact(value)) => (name.to_owned(), value.to_f64()),
        other => panic!("{name}: {other:?}"),
    });
    (
        decision.outcome().to_owned(),
        [label("top"), label("next")],
        answers.collect(),
    )
}

#[test]
fn a_model_or_a_file_names_the_classes() {
    let by_model = Release::builder()
        .policy("topics.krites", policy(""))
        .model("topic.onnx", named());
    for builder in [named_by(NAMES), by_model] {
        let (outcome, top, answers) = decided(builder.build().unwrap());
        assert_eq!(
            (outcome.as_str(), top),
            ("refer", ["card-lost".into(), "cash".into()])
        );
        let names: Vec<&str> = answers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["cash", "lost", "other"].map(|label| format!("topic.intent.probability({label})"))
        );
        let total: f64 = SCORES.map(|score| f64::from(score).exp()).iter().sum();
        for ((_, found), score) in answers.iter().zip([1.0_f64, 2.0, 0.0]) {
            assert!((found - score.exp() / total).abs() < 1e-6, "{answers:?}");
        }
    }
}

#[test]
fn a_changed_file_of_class_names_changes_the_policy() {
    let base = named_by(NAMES).build().unwrap();
    let same = base.derive().build().unwrap();
    let next = base
        .derive()
        .module("names/topics.json", "[\"card-lost\", \"cash\", \"other\"]")
        .build()
        .unwrap();
    let part = |release: &Release| release.policy("topics").unwrap().part().clone();
    assert!(Arc::ptr_eq(&part(&base), &part(&same)));
    assert!(!Arc::ptr_eq(&part(&base), &part(&next)));
    assert_ne!(base.fingerprint(), next.fingerprint());
    let models = |release: &Release| release.models()["topic.onnx"].clone();
    assert!(Arc::ptr_eq(&models(&base), &models(&next)));
    let (outcome, top, _) = decided(next);
    assert_eq!(
        (outcome.as_str(), top),
        ("approve", ["cash".into(), "other".into()])
    );
}

#[test]
fn a_file_of_class_names_that_does_not_fit_is_refused() {
    for (names, code) in [
        ("[\"other\", \"cash\"]", "K0622"),
        ("[\"other\", \"cash\", \"lost\"]", "K0620"),
        ("{}", "K0174"),
    ] {
        let error = named_by(names).build().unwrap_err();
        let LoadErrorKind::Policies { errors } = error.kind() else {
            panic!("{error}");
        };
        let found = errors[0]
            .diagnostics
            .iter()
            .map(|found| found.code.to_string());
        assert_eq!(found.collect::<Vec<_>>(), [code], "{names}");
    }
}

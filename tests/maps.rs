//! Models as converters write them for Python users: a map of features goes in, a
//! list of maps comes out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use krites::{Date, Engine, LoadErrorKind, OutputValue, Release};
use krites_model::ElementType;
use krites_model::testing::{Attribute, ModelBuilder};

/// Scores a map of three features; `last` makes the list of maps.
fn model(last: &str) -> Vec<u8> {
    let vocabulary = Attribute::Texts(vec!["income", "age", "job=clerk"]);
    let labels = || Attribute::Texts(vec!["bad", "good"]);
    let classifier = [
        (
            "coefficients",
            Attribute::Floats(vec![0.5, 0.0, 0.25, -0.5, 0.125, 0.0]),
        ),
        ("intercepts", Attribute::Floats(vec![0.0, 0.0])),
        ("classlabels_strings", labels()),
    ];
    ModelBuilder::new()
        .map_input("features", ElementType::Text, ElementType::Float)
        .output("label", ElementType::Text, &[-1])
        .maps_output("probabilities", ElementType::Text)
        .node(
            "ai.onnx.ml.DictVectorizer",
            &["features"],
            &["row"],
            &[("string_vocabulary", vocabulary)],
        )
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["row"],
            &["label", "scores"],
            &classifier,
        )
        .node(last, &["scores"], &["last"], &[])
        .node(
            "ai.onnx.ml.ZipMap",
            &["last"],
            &["probabilities"],
            &[("classlabels_strings", labels())],
        )
        .build()
}

fn policy(columns: &str) -> String {
    format!(
        "policy loans {{ version \"1\"; on fault refer }}\n\
         enum Outcome {{ approve < refer < decline }}\n\
         input {{ income : decimal; age : integer; clerk : boolean }}\n\
         columns row {{ {columns} }}\n\
         model risk from \"risk.onnx\" {{\n\
             feed {{ features = row }}\n\
             give bad   : decimal = probabilities of class \"bad\"\n\
             give label : text    = label\n\
         }}\n\
         decide outcome : Outcome most severe {{\n\
             rule risky when risk.bad > 1 then decline\n\
             rule rest otherwise then approve\n\
         }}\n\
         output {{ bad : decimal = risk.bad; label : text = risk.label }}\n"
    )
}

const COLUMNS: &str = "income; age; \"job=clerk\" = clerk";

#[test]
fn a_map_is_fed_by_the_names_of_its_keys_and_read_by_its_classes() {
    let release = Release::builder()
        .policy("loans.krites", policy(COLUMNS))
        .model("risk.onnx", model("Identity"))
        .build()
        .unwrap();
    assert_eq!(release.models()["risk.onnx"].backend(), "native");
    let mut decider = Engine::new(release).decider("loans").unwrap();
    let facts = serde_json::json!({ "income": 2, "age": 40, "clerk": true });
    let day = Date::new(2026, 11, 23).unwrap();
    let decision = decider.decide(day, &facts).unwrap();
    assert_eq!(decision.outcome(), "decline");
    // 0.5 × 2 + 0.25 × 1 against -0.5 × 2 + 0.125 × 40
    let Some(OutputValue::Exact(bad)) = decision.output("bad") else {
        panic!("no number");
    };
    assert!((bad.to_f64() - 1.25).abs() < 1e-6);
    assert_eq!(decision.output("label").unwrap().to_string(), "good");
}

#[test]
fn a_map_that_is_fed_otherwise_or_not_native_is_refused() {
    let swapped = "age; income; \"job=clerk\" = clerk";
    for (columns, last, code, headline) in [
        (
            swapped,
            "Identity",
            "K0612",
            "column 1 of `features` is `income` to the model, `age` is fed",
        ),
        (
            COLUMNS,
            "Unknown",
            "K0601",
            "the model `risk.onnx` cannot be used: output `probabilities` is a list of maps; \
             convert the model again with zipmap off",
        ),
    ] {
        let error = Release::builder()
            .policy("loans.krites", policy(columns))
            .model("risk.onnx", model(last))
            .build()
            .unwrap_err();
        let LoadErrorKind::Policies { errors } = error.kind() else {
            panic!("{error}");
        };
        let found = &errors[0].diagnostics[0];
        assert_eq!(
            (found.code.to_string().as_str(), found.headline.as_str()),
            (code, headline)
        );
    }
}

//! The example that only ONNX Runtime runs: it decides where the library is present, and
//! is refused with operator and remedy where it is not, while all others go on.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::PathBuf;
use std::process::Command;

use krites::{Date, Engine, ReleaseBuilder};
use krites_model::testing::say_skipped;
use krites_onnxruntime::{Hints, OnnxRuntime};

const MODEL: &str = "sequence.onnx";

/// The examples whose models are native
const NATIVE: [&str; 6] = [
    "card_fraud",
    "chat_routing",
    "loan/v1",
    "loan/v2",
    "next_best_action",
    "personal_loan",
];

fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

fn builder(name: &str) -> ReleaseBuilder {
    ReleaseBuilder::from_path(&example(name)).unwrap()
}

#[test]
fn it_decides_where_the_library_is_present() {
    if let Err(error) = OnnxRuntime::locate(&Hints::default()) {
        say_skipped(&error);
        return;
    }
    let release = builder("card_fraud_sequence").build();
    let release = release.unwrap_or_else(|error| panic!("{error}"));
    let model = &release.models()[MODEL];
    assert!(model.backend().starts_with("onnxruntime "));
    // What numpy said of these rows was asked when the release was built.
    assert!(model.golden().is_some());
    assert!(model.card().is_some());
    let mut decider = Engine::new(release).decider("card_sequence").unwrap();
    let path = example("card_fraud_sequence").join("payments.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let columns = decider.columns(reader.headers().unwrap()).unwrap();
    let day = Date::new(2026, 11, 2).unwrap();
    let mut outcomes = [0; 3];
    for row in reader.records() {
        let decision = decider.decide_row(day, &columns, &row.unwrap()).unwrap();
        assert_eq!(decision.faults().count(), 0);
        let known = ["allow", "step_up", "hold"];
        outcomes[known
            .iter()
            .position(|name| *name == decision.outcome())
            .unwrap()] += 1;
    }
    println!("allowed, asked, held: {outcomes:?}");
    assert!(outcomes[0] > 20 && outcomes[2] > 0, "{outcomes:?}");
}

/// Set in a process of its own, since a library stays once it is loaded
const CHILD: &str = "KRITES_TEST_WITHOUT_ONNXRUNTIME";

#[test]
fn without_the_library_it_alone_is_refused_with_operator_and_remedy() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_without_the_library", "--nocapture"])
        .env_remove("ORT_DYLIB_PATH")
        .env(CHILD, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("decided without it: 6"), "{text}");
}

#[test]
fn child_without_the_library() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let foreign = builder("card_fraud_sequence").onnxruntime_stated_only();
    let error = foreign.build().unwrap_err();
    let krites::LoadErrorKind::Policies { errors } = error.kind() else {
        panic!("{error}");
    };
    let help = errors[0].diagnostics[0].help.as_deref().unwrap();
    let said = format!("{error}; {help}");
    for part in [
        "needs ONNX Runtime",
        "`first` (Conv)",
        "pip install onnxruntime",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    // Building them runs their tests, by their models.
    let built = NATIVE.map(|name| {
        let built = builder(name).onnxruntime_stated_only().build();
        built.unwrap_or_else(|error| panic!("{name}: {error}"))
    });
    for release in &built {
        let mut models = release.models().values();
        assert!(models.all(|model| model.backend() == "native"));
    }
    println!("decided without it: {}", built.len());
}

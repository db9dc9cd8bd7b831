//! Files that are pinned to hashes: what differs is refused before it is taken apart.

use krites::{Fingerprint, FingerprintError, LoadErrorKind, PinMismatch, Release, ReleaseBuilder};
use krites_model::ElementType;
use krites_model::testing::{ModelBuilder, say_skipped};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};

const POLICY: &str = r#"
policy curve { version "1" }
use Outcome from "names.krites"
input { age : integer }
model curve from "curve.onnx" {
    feed { x = age }
    give y : decimal = y rounded to 4 digits
    within 5000 ms
    on fault refuse
}
decide outcome : Outcome most severe {
    rule high when curve.y > 0.9 then refuse
    rule rest otherwise then accept
}
output { y : decimal = curve.y }
"#;

const NAMES: &str = "enum Outcome { accept < refuse }\n";

const CARD: &str = r#"{ "owner": "Retail Credit Risk" }"#;

/// A model of one operator, over a column
fn model(operator: &str) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .node(operator, &["x"], &["y"], &[])
        .build()
}

fn builder(model: Vec<u8>) -> ReleaseBuilder {
    Release::builder()
        .policy("curve.krites", POLICY)
        .module("names.krites", NAMES)
        .model("curve.onnx", model)
        .file("curve.card.json", CARD)
}

fn hash(bytes: impl AsRef<[u8]>) -> Fingerprint {
    blake3_of(bytes.as_ref()).parse().unwrap()
}

/// The hash in digits, as another tool would tell it: that of a model that a host gives
fn blake3_of(bytes: &[u8]) -> String {
    let release = Release::builder()
        .policy("other.krites", OTHER)
        .host_model("m", constant(), bytes)
        .build()
        .unwrap();
    release.models()["m"].hash().to_string()
}

const OTHER: &str = r#"
policy other { version "1" }
enum Outcome { yes < no }
decide outcome : Outcome most severe { rule rest otherwise then yes }
"#;

fn constant() -> std::sync::Arc<dyn krites_model::Model> {
    let parsed = krites_model::OnnxModel::parse(&model("Identity")).unwrap();
    std::sync::Arc::new(krites_model::NativeModel::from_onnx(&parsed).unwrap())
}

fn mismatches(builder: ReleaseBuilder) -> (Vec<PinMismatch>, String) {
    let error = builder.build().unwrap_err();
    let LoadErrorKind::Pinned { mismatches } = error.kind() else {
        panic!("{error}");
    };
    (mismatches.clone(), error.to_string())
}

#[test]
fn a_release_whose_files_have_their_hashes_is_built() {
    let identity = model("Identity");
    let pinned = builder(identity.clone())
        .pinned("curve.onnx", hash(&identity))
        .pinned("curve.krites", hash(POLICY))
        .pinned("names.krites", hash(NAMES))
        .pinned("curve.card.json", hash(CARD));
    let release = pinned.build().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(release.models()["curve.onnx"].hash(), hash(&identity));

    // Of a release before, parts are held to their hashes as files are
    let of_before = || release.derive().policy("other.krites", OTHER);
    let kept = of_before()
        .pinned("curve.onnx", hash(&identity))
        .pinned("names.krites", hash(NAMES))
        .pinned("curve.card.json", hash(CARD));
    assert!(kept.build().is_ok());
    let (found, _) = mismatches(of_before().pinned("curve.onnx", hash("another")));
    assert_eq!(found[0].found, Some(hash(&identity)));
    // What stood beside the model goes with it
    let swapped = release.derive().model("curve.onnx", model("Relu"));
    let (found, _) = mismatches(swapped.pinned("curve.card.json", hash(CARD)));
    assert_eq!(found[0].found, None);
}

#[test]
fn what_differs_is_named_with_both_hashes() {
    let identity = model("Identity");
    let other = hash("another");
    let all = [
        "curve.card.json",
        "curve.krites",
        "curve.onnx",
        "names.krites",
    ];
    let contents: [&[u8]; 4] = [
        CARD.as_bytes(),
        POLICY.as_bytes(),
        &identity,
        NAMES.as_bytes(),
    ];
    let mut every = builder(identity.clone());
    for (file, content) in all.into_iter().zip(contents) {
        let (found, said) = mismatches(builder(identity.clone()).pinned(file, other));
        let mismatch = PinMismatch {
            file: file.to_owned(),
            expected: other,
            found: Some(hash(content)),
        };
        assert_eq!(found, [mismatch]);
        let expected = format!("`{file}` is pinned to {other}, and its content has the hash");
        assert!(said.starts_with(&expected), "{said}");
        assert!(said.contains("pin its hash"), "{said}");
        every = every.pinned(file, other);
    }
    let (found, said) = mismatches(every);
    let named: Vec<&str> = found.iter().map(|found| found.file.as_str()).collect();
    assert_eq!(named, all);
    assert!(said.ends_with("(and 3 more)"), "{said}");
}

#[test]
fn a_folder_is_held_to_its_hashes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/loan/v1");
    let model = "default_risk.onnx";
    let bytes = std::fs::read(folder.join(model)).unwrap();
    let builder = || ReleaseBuilder::from_path(&folder).unwrap();
    assert!(builder().pinned(model, hash(&bytes)).build().is_ok());
    let (found, _) = mismatches(builder().pinned(model, hash("another")));
    assert_eq!(found[0].found, Some(hash(&bytes)));
}

#[test]
fn a_pin_of_no_file_is_an_error() {
    let known = builder(model("Identity")).pinned("models/curve.onnx", hash("another"));
    let (found, said) = mismatches(known);
    assert_eq!(found[0].found, None);
    assert!(
        said.contains("the release has no file of this name"),
        "{said}"
    );
}

#[test]
fn a_model_that_differs_is_not_parsed_and_gets_no_session() {
    // No model at all: it would be told were it parsed
    let (found, _) = mismatches(builder(b"no model".to_vec()).pinned("curve.onnx", hash("it")));
    assert_eq!(found[0].found, Some(hash("no model")));

    let foreign = model("com.microsoft.Gelu");
    if let Err(error) = OnnxRuntime::locate(&Hints::default()) {
        return say_skipped(&error);
    }
    let made = OnnxRuntimeModel::sessions_made();
    mismatches(builder(foreign.clone()).pinned("curve.onnx", hash("another")));
    assert_eq!(OnnxRuntimeModel::sessions_made(), made);
    let right = builder(foreign.clone()).pinned("curve.onnx", hash(&foreign));
    right.build().unwrap_or_else(|error| panic!("{error}"));
    assert!(OnnxRuntimeModel::sessions_made() > made);
}

#[test]
fn a_hash_is_read_as_it_is_shown() {
    let shown = hash("it").to_string();
    assert_eq!(shown.parse(), Ok(hash("it")));
    assert_eq!(shown.to_uppercase().parse(), Ok(hash("it")));
    let error = "12ab".parse::<Fingerprint>().unwrap_err();
    assert_eq!(error, FingerprintError::Length { found: 4 });
    let wrong = shown.replacen(|c: char| c.is_ascii_hexdigit(), "g", 1);
    let error = wrong.parse::<Fingerprint>().unwrap_err();
    assert_eq!(error, FingerprintError::Digit { found: 'g', at: 1 });
    assert_eq!(
        error.to_string(),
        "a hash has hexadecimal digits alone, and `g` stands at place 1"
    );
    // Signs of several bytes
    let error = "é".repeat(32).parse::<Fingerprint>().unwrap_err();
    assert_eq!(error, FingerprintError::Length { found: 32 });
}

//! What no result may rest on: the example of a loan is proved, and a leak that is
//! planted into it is found, with its whole way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use krites::{LoadErrorKind, Release, ReleaseBuilder};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/personal_loan")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(folder().join(file)).unwrap()
}

fn loan(policy: String) -> ReleaseBuilder {
    let bytes = |file: &str| std::fs::read(folder().join(file)).unwrap();
    let (card, background) = (
        "models/default_risk.card.json",
        "models/default_risk.background.csv",
    );
    Release::builder()
        .policy("personal_loan.krites", policy)
        .module("common/reasons.krites", read("common/reasons.krites"))
        .model(
            "models/default_risk.onnx",
            bytes("models/default_risk.onnx"),
        )
        .file(card, bytes(card))
        .file(background, bytes(background))
}

#[test]
fn the_loan_rests_on_nobodys_sex() {
    let policy = read("personal_loan.krites");
    assert!(policy.contains("forbid applicant.sex in every result"));
    loan(policy).build().unwrap();
}

#[test]
fn a_leak_through_a_models_feed_is_found_with_its_way() {
    let policy = read("personal_loan.krites");
    let feed = "amount        = loan.amount\n";
    let planted = policy.replace(feed, "amount        = shown_amount\n");
    assert_ne!(policy, planted);
    // The answer that is recorded, and what moved it, would be nearer than the outcome.
    let planted = planted
        .replace("    record default_risk.probability if asked\n", "")
        .replace(", then default_risk.contributions if asked", "");
    let define = "\ndefine { shown_amount : money(USD) = \
        if applicant.sex is present and applicant.sex is \"f\" then loan.amount + 1 else loan.amount }\n";
    let error = loan(planted + define).build().unwrap_err();
    let LoadErrorKind::Policies { errors } = error.kind() else {
        panic!("{error}");
    };
    let found: Vec<_> = errors[0].errors().collect();
    let [found] = found[..] else {
        panic!("{errors:?}");
    };
    assert_eq!(found.code.to_string(), "K0950");
    assert_eq!(
        found.headline,
        "`outcome` rests on `applicant.sex`, which is forbidden in every result"
    );
    let way: Vec<&str> = found.evidence.iter().map(|step| &*step.text).collect();
    assert_eq!(
        way,
        [
            "1: `applicant.sex` is read by `shown_amount`",
            "2: … which is fed to `default_risk` as `amount`",
            "3: … whose answer `default_risk.probability` is tested by table `terms`",
            "4: … which speaks in `decide outcome`",
        ]
    );
    let source = errors[0].sources.describe(&found.evidence[1].place);
    assert!(source.contains("personal_loan.krites"), "{source}");
}

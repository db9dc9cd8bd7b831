//! The policy of eligibility with a model behind its rules, and the model.

use krites::Release;

use super::case::{FEATURES, RANGES};
use super::support::{ELIGIBILITY, Random};
use super::trees::{Tree, classifier, leaf_wise};

/// From which answer on the model has a case declined, or referred
pub(crate) const DECLINE: f64 = 0.7;
pub(crate) const REFER: f64 = 0.3;

pub(crate) fn release() -> Release {
    let builder = Release::builder()
        .policy("eligibility.krites", text())
        .model("risk.onnx", model());
    match builder.build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    }
}

fn text() -> String {
    // Its example knows nothing of what is added.
    let (rules, _) = ELIGIBILITY.split_once("example typical").unwrap();
    let mut text = rules.to_owned();
    for (before, added) in [
        (
            "enum Outcome",
            "reason RISK \"The model's answer\"\n".to_owned(),
        ),
        ("    existing_customer : boolean\n", INPUTS.to_owned()),
        ("rules eligibility first", MODEL.to_owned()),
        (
            "    rule fast_track",
            format!(
                "    rule risk_high when risk.pd >= {DECLINE} then decline because RISK\n    \
                 rule risk_middle when risk.pd >= {REFER} then refer because RISK\n"
            ),
        ),
    ] {
        let at = text.find(before).unwrap();
        text.insert_str(at, &added);
    }
    text
}

const INPUTS: &str = "    utilisation       : integer in 0 to 100
    enquiries         : integer in 0 and above
    accounts          : integer in 0 and above
    oldest_account    : integer in 0 and above
    savings           : money(GBP) in 0 to 10_000_000
    card_limit        : money(GBP) in 0 to 10_000_000
";

const MODEL: &str = "columns features {
    age, income, score = bureau_score if missing 0, debt, loan_amount, term, months_at_address, defaults_count
    existing_customer, utilisation, enquiries, accounts, oldest_account, savings, card_limit
}

model risk from \"risk.onnx\" {
    feed { x = features }
    give pd : decimal in 0 to 1 = scores of class 1
    on fault refer because FAULT
}

";

/// As onnxmltools writes two classes: 100 trees of 31 leaves, over the columns' ranges.
fn model() -> Vec<u8> {
    let mut random = Random(1);
    let mut trees: Vec<Tree> = (0..100)
        .map(|_| leaf_wise(&mut random, FEATURES, 31))
        .collect();
    // Tests of columns from 0 to 1 go to where the values of each column lie.
    for node in trees.iter_mut().flatten() {
        let [low, high] = RANGES[node.feature];
        node.threshold = low + (high - low) * node.threshold;
    }
    classifier(&trees, FEATURES as i64, "BRANCH_LEQ", false)
}

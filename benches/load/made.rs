//! Policies of any size, made from a seed, with cases that tell whether they were read.

use std::fmt::Write as _;

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;

use support::{Random, limits};

/// A policy, the file that it stands in where it has one, and what it says
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) policy: String,
    pub(crate) file: Option<String>,
    /// How many rows or rules it has
    pub(crate) n: usize,
    /// Cases as JSON, each with its output `n`, or else its outcome
    pub(crate) cases: Vec<(String, String)>,
}

/// Rows of two texts, two ranges that overlap with their neighbours, and a number of
/// their own, in random order; the last one is for the rest.
pub(crate) fn table(n_rows: usize) -> Made {
    let rows = limits::rows(n_rows);
    let case = |segment: &str, product: &str, age: i64, amount: i64| {
        format!(r#"{{"segment":"{segment}","product":"{product}","age":{age},"amount":{amount}}}"#)
    };
    // Behind its neighbour's overlap, so that it is in one row alone
    let cases = rows.iter().step_by(n_rows / 10).map(|row| {
        let amount = (row.amount.0 + row.amount.1) / 2;
        let case = case(&row.segment, &row.product, row.age.0 + 5, amount);
        (case, row.id.to_string())
    });
    let other = case("", "PRODUCT_00", 20, 1);
    Made {
        name: format!("table of {n_rows} rows"),
        policy: limits::POLICY.to_owned(),
        n: n_rows,
        cases: cases.chain([(other, limits::NO_ROW.to_string())]).collect(),
        file: Some(limits::csv(&rows)),
    }
}

/// Rules of which the first one counts, over a text and an amount: ten amounts a text,
/// the largest first.
pub(crate) fn first_rules(n_rules: usize) -> Made {
    let mut policy = String::from(
        "policy made { version \"1\"; on fault refer because FAULT }\n\
         reason FAULT \"The case could not be computed\"\n\
         reason LARGE \"The amount is large\"\n\
         enum Outcome { approve < decline < refer }\n\
         input { key : text; amount : integer in 0 to 1_000_000 }\n\
         rules limits first {\n",
    );
    for rule in 0..n_rules {
        let (key, amount) = (rule / 10, (10 - rule % 10) * 1_000);
        writeln!(
            policy,
            "    rule r{rule} when key is \"k{key}\" and amount > {amount} then decline because LARGE"
        )
        .unwrap();
    }
    policy += "}\ndecide outcome : Outcome first match {\n    evaluate limits\n    rule rest otherwise then approve\n}\n";
    let last = (n_rules - 1) / 10;
    let case = |key: usize, amount: u32, outcome: &str| {
        let case = format!(r#"{{"key":"k{key}","amount":{amount}}}"#);
        (case, outcome.to_owned())
    };
    Made {
        name: format!("{n_rules} rules, `first`"),
        policy,
        file: None,
        n: n_rules,
        cases: vec![
            case(last, 1_000, "approve"),
            case(last, 1_001, "decline"),
            case(last + 1, 9_999, "approve"),
        ],
    }
}

/// Rules that all count, of two conditions each over thirty fields.
pub(crate) fn all_rules(n_rules: usize) -> Made {
    let mut policy = String::from(
        "policy made { version \"1\"; on fault refer because FAULT }\n\
         reason FAULT \"The case could not be computed\"\n\
         reason ALERT \"A rule matched\"\n\
         enum Outcome { quiet < alert < refer }\n\
         input {\n",
    );
    let (mut low, mut high) = (String::new(), String::new());
    for at in 0..30 {
        writeln!(policy, "    num_{at} : integer in 0 to 1_000_000").unwrap();
        let comma = if at == 0 { "" } else { "," };
        write!(low, "{comma}\"num_{at}\":500000").unwrap();
        write!(high, "{comma}\"num_{at}\":{}", at % 2 * 1_000_000).unwrap();
    }
    policy += "}\nrules alerts all {\n";
    let mut random = Random(6);
    for rule in 0..n_rules {
        // One of even and one of odd place
        let (one, other) = (random.whole(0, 15) * 2, random.whole(0, 15) * 2 + 1);
        let (below, above) = (random.whole(100, 400_000), random.whole(600_000, 900_000));
        writeln!(policy, "    rule r{rule} when num_{one} < {below} and num_{other} >= {above} then alert because ALERT").unwrap();
    }
    policy += "}\ndecide outcome : Outcome most severe {\n    evaluate alerts\n    rule rest otherwise then quiet\n}\n";
    Made {
        name: format!("{n_rules} rules, `all`"),
        policy,
        file: None,
        n: n_rules,
        cases: vec![
            (format!("{{{low}}}"), "quiet".to_owned()),
            (format!("{{{high}}}"), "alert".to_owned()),
        ],
    }
}

//! Policies of any size, made from a seed, with cases that tell whether they were read.

use std::fmt::Write as _;

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;

use support::Random;

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

const TABLE: &str = r#"
policy made { version "1"; on fault refer because FAULT }

reason FAULT "The case could not be computed"

enum Outcome { found < refer }

input {
    segment : text
    product : text
    age     : integer in 0 to 200
    amount  : integer in 0 to 1_000_000
}

table terms first match -> number : integer from "made.csv"

decide outcome : Outcome first match { rule always otherwise then found }

output { n : integer = terms.number }
"#;

/// Rows of two texts, two ranges that overlap with their neighbours, and a number of
/// their own, in random order; the last one is for the rest.
pub(crate) fn table(n_rows: usize) -> Made {
    let (texts, ages, amounts) = match n_rows {
        100 => (5, 2, 2),
        10_000 => (20, 5, 5),
        100_000 => (50, 5, 8),
        _ => unreachable!("there is no table of {n_rows} rows"),
    };
    let (age, amount) = (60 / ages, 100_000 / amounts);
    let mut rows = Vec::with_capacity(n_rows);
    for (segment, product) in (0..texts).flat_map(|one| (0..texts).map(move |two| (one, two))) {
        for (age_at, amount_at) in (0..ages).flat_map(|one| (0..amounts).map(move |two| (one, two)))
        {
            let from = (18 + age_at * age, amount_at * amount);
            rows.push((segment, product, from));
        }
    }
    let mut random = Random(2);
    for at in (1..rows.len()).rev() {
        let other = random.whole(0, at as i64 + 1);
        rows.swap(at, other as usize);
    }
    rows.truncate(n_rows - 1);
    let mut file = String::from("id,segment,product,age,amount,number\n");
    for (id, (segment, product, (from_age, from_amount))) in (1..).zip(&rows) {
        let (to_age, to_amount) = (from_age + age + 3, from_amount + amount + amount / 10);
        writeln!(
            file,
            "R{id},\"\"\"SEG_{segment:02}\"\"\",\"\"\"PRODUCT_{product:02}\"\"\",{from_age} to below {to_age},{from_amount} to below {to_amount},{id}"
        )
        .unwrap();
    }
    writeln!(file, "REST,any,any,any,any,0").unwrap();
    // Behind its neighbour's overlap, so that it is in one row alone
    let cases = (1..).zip(&rows).step_by(n_rows / 10).map(|(id, (segment, product, from))| {
        let (age, amount) = (from.0 + 5, from.1 + amount / 2);
        let case = format!(
            r#"{{"segment":"SEG_{segment:02}","product":"PRODUCT_{product:02}","age":{age},"amount":{amount}}}"#
        );
        (case, format!("{id}"))
    });
    let other = r#"{"segment":"","product":"PRODUCT_00","age":20,"amount":1}"#;
    Made {
        name: format!("table of {n_rows} rows"),
        policy: TABLE.to_owned(),
        n: n_rows,
        cases: cases.chain([(other.to_owned(), "0".to_owned())]).collect(),
        file: Some(file),
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

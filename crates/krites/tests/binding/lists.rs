//! Lists as rows of CSV hold them, of a host's own types, and in cases on their way.

use krites::{Decider, UnknownFields};
use serde::Serialize;

use super::{day, engine, told};

fn decider(unknown: UnknownFields) -> Decider {
    let decider = engine("lists").decider("lists").unwrap();
    decider.unknown_fields(unknown)
}

/// What comes of a row, without the lists that have a default.
fn row(decider: &mut Decider, fields: &[(&str, &str)]) -> String {
    let columns = match decider.columns(fields.iter().map(|(name, _)| *name)) {
        Ok(columns) => columns,
        Err(error) => return format!("refused: {error}"),
    };
    let row: Vec<&str> = fields.iter().map(|(_, field)| *field).collect();
    let words = told(decider.decide_row(day(), &columns, &csv::StringRecord::from(row)));
    words.replace(" = [] by default", "")
}

#[test]
fn a_column_holds_a_list_as_json_text() {
    let mut decider = decider(UnknownFields::Refuse);
    let mut row = |flags: &str, others: &str| {
        let accounts = ("home.accounts", "[]");
        let fields = [("age", "1"), accounts, ("flags", flags), ("others", others)];
        row(&mut decider, &fields)
    };
    let cases = [
        (
            r#"["vip", "x"]"#,
            r#" [{"on": "2026-01-31", "amount": 1.50}] "#,
            r#"taken: age = 1, flags = ["vip","x"], home.accounts = [], notes = … by default, others = [{"on":"2026-01-31","amount":1.5}], rates"#,
        ),
        (
            "",
            "",
            "taken: age = 1, flags, home.accounts = [], notes = … by default, others, rates",
        ),
        (
            "vip",
            "",
            "refused: `flags`: not valid JSON at line 1, column 1 of the field: expected value",
        ),
        (
            "[] x",
            "",
            "refused: `flags`: not valid JSON at line 1, column 4 of the field: trailing characters",
        ),
        (
            "[\"a\",\n \"b\"",
            "",
            "refused: `flags`: not valid JSON at line 2, column 4 of the field: the text ends too early",
        ),
        (
            "null",
            "",
            "taken: age = 1, flags, home.accounts = [], notes = … by default, others, rates",
        ),
        (
            "1",
            "",
            "refused: `flags`: expected a list of values, got a number",
        ),
        ("[1]", "", "refused: `flags[1]`: expected text, got 1"),
        (
            "[]",
            r#"[{"on": "2026-01-31", "amount": 1}, {"on": "2026-01-31", "amount": -1}]"#,
            "refused: `others[2].amount`: -1 lies outside the range 0 and above",
        ),
        (
            "[]",
            r#"[{"on": "2026-01-31", "amount": 1, "zzz": 1}]"#,
            "refused: there is no input `others[1].zzz`",
        ),
        (
            "[]",
            r#"[{"amount": 1, "amount": 1}]"#,
            "refused: `others[1].amount`: it is given twice",
        ),
    ];
    for (flags, others, words) in cases {
        assert_eq!(row(flags, others), words, "{flags} {others}");
        // What was refused leaves nothing behind.
        assert!(row("[]", "").starts_with("taken"));
    }
}

#[test]
fn columns_of_lists_are_known_and_lacked_by_name() {
    let mut strict = decider(UnknownFields::Refuse);
    assert_eq!(
        row(&mut strict, &[("age", "1")]),
        "refused: the header lacks the required column `home.accounts`"
    );
    assert_eq!(
        row(&mut strict, &[("age", "1"), ("others.amount", "")]),
        "refused: there is no input `others.amount`"
    );
    let mut lenient = decider(UnknownFields::Ignore);
    assert_eq!(
        row(&mut lenient, &[("age", "1"), ("home.account", "[]")]),
        "refused: the header lacks the required column `home.accounts` (column `home.account` is no input)"
    );
    let others = r#"[{"on": "2026-01-31", "amount": 1, "zzz": 1}]"#;
    let fields = [("age", "1"), ("home.accounts", "[]"), ("others", others)];
    assert!(row(&mut lenient, &fields).contains(r#"others = [{"on":"2026-01-31","amount":1}]"#));
    assert_eq!(
        row(&mut lenient, &[("age", "1"), ("home.accounts", "")]),
        "refused: `home.accounts`: it may not be missing"
    );
}

/// Facts as a host has them
#[derive(Serialize)]
struct Facts {
    age: u8,
    home: Home,
    flags: &'static [&'static str],
    rates: (f64, Option<f32>),
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<Vec<Charge>>,
}

#[derive(Serialize)]
struct Home {
    accounts: Vec<Account>,
}

#[derive(Clone, Default, Serialize)]
struct Account {
    kind: Kind,
    balance: i64,
    limit: Option<u32>,
    holder: Holder,
    charges: Vec<Charge>,
    marks: [u8; 2],
}

#[derive(Clone, Copy, Default, Serialize)]
enum Kind {
    #[default]
    #[serde(rename = "current")]
    Current,
    #[serde(rename = "SAVING")]
    Savings,
}

#[derive(Clone, Default, Serialize)]
struct Holder {
    name: String,
}

#[derive(Clone, Default, Serialize)]
struct Charge {
    on: String,
    amount: f64,
}

fn charge(amount: f64) -> Charge {
    let on = "2026-01-31".to_owned();
    Charge { on, amount }
}

fn facts() -> Facts {
    let charges = vec![charge(1.0), charge(0.25)];
    let savings = Account {
        kind: Kind::Savings,
        balance: -7,
        limit: Some(9),
        charges,
        marks: [3, 4],
        ..Account::default()
    };
    Facts {
        age: 1,
        home: Home {
            accounts: vec![Account::default(), savings],
        },
        flags: &["vip"],
        rates: (0.5, None),
        others: None,
    }
}

#[test]
fn lists_of_the_hosts_own_types_are_lists() {
    let mut decider = decider(UnknownFields::Refuse);
    let words = concat!(
        r#"taken: age = 1, flags = ["vip"], home.accounts = ["#,
        r#"{"kind":"current","balance":0,"open":true,"limit":null,"holder.born":null,"#,
        r#""charges":[],"marks":[0,0]},"#,
        r#"{"kind":"SAVING","balance":-7,"open":true,"limit":9,"holder.born":null,"#,
        r#""charges":[{"on":"2026-01-31","amount":1},"#,
        r#"{"on":"2026-01-31","amount":0.25}],"marks":[3,4]}], "#,
        "notes = … by default, others = [] by default, rates = [0.5,null]"
    );
    let mut facts = facts();
    for _ in 0..2 {
        assert_eq!(told(decider.decide(day(), &facts)), words);
    }
    if let Some(account) = facts.home.accounts.last_mut() {
        account.charges.push(charge(f64::NAN));
    }
    assert_eq!(
        told(decider.decide(day(), &facts)),
        "refused: `home.accounts[2].charges[3].amount`: the number is not finite"
    );
}

#[test]
fn a_map_among_records_misleads_nobody() {
    let mut decider = decider(UnknownFields::Ignore);
    let element = |text: &str| -> serde_json::Value { serde_json::from_str(text).unwrap() };
    let others = [
        element(r#"{"on": "2026-01-31", "zzz": 1, "amount": 1}"#),
        element(r#"{"amount": 2, "on": "2026-01-31"}"#),
        element(r#"{"on": "2026-01-31", "amount": 3, "zzz": {"on": 1}}"#),
    ];
    let facts = serde_json::json!({"others": others, "age": 1, "home": {"accounts": []}});
    for _ in 0..2 {
        let words = told(decider.decide(day(), &facts));
        assert!(
            words.contains(r#""amount":2},{"on":"2026-01-31","amount":3}]"#),
            "{words}"
        );
    }
}

#[test]
fn a_list_is_given_with_the_case_and_never_later() {
    let engine = engine("lists");
    let words = |name: &str, facts: &serde_json::Value| {
        let opened = engine.open("lists", day(), facts, &[name]);
        opened.map(|_| ()).unwrap_err().to_string()
    };
    let facts = serde_json::json!({"home": {"accounts": []}});
    assert_eq!(
        words("flags", &facts),
        "`flags`: expected an input that may come later, got a list"
    );
    assert_eq!(
        words("others.amount", &facts),
        "there is no input `others.amount`"
    );
    let lacking = serde_json::json!({});
    assert_eq!(
        words("age", &lacking),
        "`home.accounts`: it is required and was not given"
    );
    let mut case = engine.open("lists", day(), &facts, &["age"]).unwrap();
    let more = serde_json::json!({"age": 1, "flags": ["a"]});
    assert_eq!(
        case.give(&more).unwrap_err().to_string(),
        "`flags`: a list is given with the first facts of a case, and not later"
    );
    case.give(&serde_json::json!({"age": 1})).unwrap();
    assert!(matches!(case.step(), Ok(krites::Step::Decided(_))));
}

#[test]
fn unknown_fields_of_elements_are_listed_once() {
    let mut decider = decider(UnknownFields::Ignore);
    let charge = r#"{"on": "2026-01-31", "amount": 1, "amuont": 2}"#;
    let text = format!(
        r#"{{"age": 1, "home": {{"accounts": []}}, "flag": [], "others": [{charge}, {charge}]}}"#
    );
    let found = decider.unknown_in_json(&text).unwrap();
    let found: Vec<(&str, Option<&str>)> = found
        .iter()
        .map(|field| (&*field.name, field.near.as_deref()))
        .collect();
    let amount = ("others[].amuont", Some("others[].amount"));
    assert_eq!(found, [("flag", Some("flags")), amount]);
}

#[test]
fn a_list_of_one_too_many_is_refused_however_it_comes() {
    let mut decider = decider(UnknownFields::Refuse);
    let too_many = "refused: `flags`: the list has more than 10000 elements";
    for (count, taken) in [(10_000, true), (10_001, false), (100_001, false)] {
        let flags = vec!["x"; count];
        let facts = serde_json::json!({"age": 1, "home": {"accounts": []}, "flags": flags});
        let text = serde_json::to_string(&facts).unwrap();
        let column = serde_json::to_string(&flags).unwrap();
        let fields = [("age", "1"), ("home.accounts", "[]"), ("flags", &*column)];
        let ways = [
            told(decider.decide(day(), &facts)),
            told(decider.decide_json(day(), &text)),
            row(&mut decider, &fields),
        ];
        for words in ways {
            assert_eq!(words.starts_with("taken"), taken, "{count}");
            assert!(taken || words == too_many, "{words}");
        }
    }
}

#[test]
fn what_nests_without_end_is_refused() {
    let mut decider = decider(UnknownFields::Ignore);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut words = |others: &str| {
        let text = format!(r#"{{"age": 1, "home": {{"accounts": []}}, {others}}}"#);
        told(decider.decide_json(day(), &text))
    };
    assert_eq!(
        words(&format!(r#""flags": {deep}"#)),
        "refused: `flags[1]`: expected text, got a list"
    );
    assert_eq!(
        words(&format!(r#""others": {deep}"#)),
        "refused: `others[1]`: expected a record of `amount`, `on`, got a list"
    );
    assert_eq!(
        words(&format!(r#""others": [{{"zzz": {deep}}}]"#)),
        "refused: `others[1].zzz`: objects and lists lie more than 64 deep within each other"
    );
}

/// What a record holds of lists binds again, as columns or as JSON, to the same.
#[test]
fn lists_of_a_record_are_the_facts_of_the_case() {
    let mut decider = decider(UnknownFields::Refuse);
    let facts = r#"{"age": 1, "home": {"accounts": []}, "flags": ["a\"b", "\u00e9,;\n"],
        "rates": [0.50, null, "12.5%"], "others": [{"on": "2026-01-31", "amount": 1.50}]}"#;
    let first = told(decider.decide_json(day(), facts));
    let decision = decider.decide_json(day(), facts).unwrap();
    let record = serde_json::to_value(decision.record(krites::Envelope::default())).unwrap();
    let mut again = serde_json::Map::new();
    for name in ["flags", "rates", "others"] {
        let value = record["inputs"][name]["value"].as_str().unwrap();
        again.insert(name.to_owned(), serde_json::from_str(value).unwrap());
    }
    again.insert("age".to_owned(), 1.into());
    again.insert("home.accounts".to_owned(), serde_json::json!([]));
    assert_eq!(told(decider.decide(day(), &again)), first);
}

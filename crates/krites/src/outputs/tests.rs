use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{OutputsError, outputs_into};
use crate::bind::testing::{Bench, compile};
use crate::bind::{Names, UnknownFields, bind_json};

const FULL: &str = r#"{"applicant": {"age": 34, "income": 1, "employment": "SELF-EMPL",
    "born": "1992-02-29", "address": {"city": "Zürich"}}, "loan": {"amount": 1250.10},
    "bureau": {"score": 700, "rate": "7.5%", "factor": 0.1}}"#;

const BARE: &str = r#"{"applicant": {"age": 17, "income": 1, "employment": "student"},
    "loan": {"amount": 3}}"#;

fn decided(facts: &str) -> Bench {
    let mut bench = Bench::new();
    bench.begin();
    let Bench {
        program,
        names,
        frame,
    } = &mut bench;
    bind_json(names, program, frame, facts, UnknownFields::Refuse).unwrap();
    bench.decide();
    bench
}

fn read<T: DeserializeOwned>(facts: &str) -> Result<T, OutputsError> {
    let bench = decided(facts);
    outputs_into(&bench.program, &bench.frame)
}

fn refused<T: DeserializeOwned>(facts: &str) -> String {
    read::<T>(facts)
        .err()
        .map_or("no error".to_owned(), |error| error.to_string())
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Approve,
    Refer,
    Decline,
}

#[derive(Deserialize, Debug, PartialEq)]
enum Job {
    #[serde(rename = "SELF-EMPL")]
    SelfEmployed,
    #[serde(rename = "student")]
    Student,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Offer {
    limit: Decimal,
    rate: Option<f64>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Bonus {
    points: Option<u16>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Whole {
    outcome: Outcome,
    years: u8,
    factor: Option<Decimal>,
    job: Job,
    born: Option<String>,
    city: Option<String>,
    secured: bool,
    offer: Offer,
    bonus: Option<Bonus>,
    granted: Option<Decimal>,
}

#[test]
fn a_struct_takes_every_output_in_its_own_type() {
    let expected = Whole {
        outcome: Outcome::Approve,
        years: 34,
        factor: Some(Decimal::new(1, 1)),
        job: Job::SelfEmployed,
        born: Some("1992-02-29".to_owned()),
        city: Some("Zürich".to_owned()),
        secured: false,
        offer: Offer {
            limit: Decimal::new(125_010, 2),
            rate: Some(0.075),
        },
        bonus: Some(Bonus { points: Some(700) }),
        granted: Some(Decimal::new(125_010, 2)),
    };
    assert_eq!(read::<Whole>(FULL).unwrap(), expected);
}

#[test]
fn what_is_missing_is_none_and_so_is_a_record_of_nothing() {
    let expected = Whole {
        outcome: Outcome::Decline,
        years: 17,
        factor: None,
        job: Job::Student,
        born: None,
        city: None,
        secured: false,
        offer: Offer {
            limit: Decimal::new(3, 0),
            rate: None,
        },
        bonus: None,
        granted: None,
    };
    assert_eq!(read::<Whole>(BARE).unwrap(), expected);
}

#[test]
fn a_map_holds_what_is_given() {
    let all: serde_json::Value = read(BARE).unwrap();
    let expected = serde_json::json!({
        "years": 17, "job": "student", "secured": false, "offer": {"limit": "3"},
        "outcome": "decline",
    });
    assert_eq!(all, expected);
    let all: serde_json::Value = read(FULL).unwrap();
    assert_eq!(all["offer"]["rate"], "0.075");
    assert_eq!(all["granted"], "1250.1");
    let names: BTreeMap<String, IgnoredAny> = read(FULL).unwrap();
    assert_eq!(names.len(), 10);
}

#[test]
fn dotted_fields_numbers_as_floats_and_texts_are_taken() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Flat {
        #[serde(rename = "offer.limit")]
        limit: f32,
        #[serde(rename = "bonus.points")]
        points: String,
        offer: Rate,
        granted: f64,
        years: f64,
    }
    #[derive(Deserialize, Debug, PartialEq)]
    struct Rate {
        rate: String,
    }
    let flat: Flat = read(FULL).unwrap();
    let expected = Flat {
        limit: 1250.1,
        points: "700".to_owned(),
        offer: Rate {
            rate: "0.075".to_owned(),
        },
        granted: 1250.1,
        years: 34.0,
    };
    assert_eq!(flat, expected);
}

#[test]
fn a_whole_exact_number_is_an_integer_of_any_width() {
    let facts = |amount: &str| BARE.replace("\"amount\": 3", &format!("\"amount\": {amount}"));
    #[derive(Deserialize)]
    struct Limit<T> {
        #[serde(rename = "offer.limit")]
        limit: T,
    }
    assert_eq!(read::<Limit<i8>>(&facts("3.00")).unwrap().limit, 3);
    assert_eq!(
        read::<Limit<u64>>(&facts("18446744073709551615"))
            .unwrap()
            .limit,
        u64::MAX
    );
    assert_eq!(
        read::<Limit<i128>>(&facts("1e27")).unwrap().limit,
        10_i128.pow(27)
    );
    let words = "output `offer.limit` is an amount in GBP, expected a whole number of its width";
    assert_eq!(refused::<Limit<i64>>(&facts("3.5")), words);
    assert_eq!(
        refused::<Limit<i8>>(&facts("300")),
        "output `offer.limit`: its value does not fit a whole number of its width"
    );
}

#[test]
fn errors_name_the_output_and_never_its_value() {
    #[derive(Deserialize, Debug)]
    struct Years<T> {
        #[serde(rename = "years")]
        _years: T,
    }
    let words = "output `years` is a whole number, expected a boolean";
    assert_eq!(refused::<Years<bool>>(FULL), words);
    let words = "output `years` is a whole number, expected a sequence";
    assert_eq!(refused::<Years<Vec<u8>>>(FULL), words);

    #[derive(Deserialize, Debug)]
    struct Unknown {
        #[serde(rename = "yeers")]
        _yeers: u8,
    }
    let words = "the policy gives no output `yeers`; did you mean `years`?";
    assert_eq!(refused::<Unknown>(FULL), words);

    #[derive(Deserialize, Debug)]
    struct Nested {
        #[serde(rename = "offer")]
        _offer: Limits,
    }
    #[derive(Deserialize, Debug)]
    struct Limits {
        #[serde(rename = "limits")]
        _limits: u8,
    }
    let words = "the policy gives no output `offer.limits`; did you mean `offer.limit`?";
    assert_eq!(refused::<Nested>(FULL), words);

    #[derive(Deserialize, Debug)]
    struct Granted {
        #[serde(rename = "granted")]
        _granted: Decimal,
    }
    let words = "output `granted` is missing, and the field that takes it may not be";
    assert_eq!(refused::<Granted>(BARE), words);
    #[derive(Deserialize, Debug)]
    struct Flattened {
        #[serde(flatten)]
        _granted: Granted,
    }
    assert_eq!(refused::<Flattened>(BARE), words);

    #[derive(Deserialize, Debug)]
    struct Secured {
        #[serde(rename = "offer")]
        _offer: bool,
    }
    assert_eq!(
        refused::<Secured>(FULL),
        "output `offer` is a record, expected a boolean"
    );
    let words = "outputs are read into a struct or a map, expected a whole number of its width";
    assert_eq!(refused::<u8>(FULL), words);
}

#[test]
fn another_crates_words_are_kept_only_where_nothing_is_private() {
    #[derive(Deserialize, Debug)]
    struct Odd {
        #[serde(rename = "job", deserialize_with = "fail")]
        _job: (),
    }
    fn fail<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        let job = String::deserialize(deserializer)?;
        Err(serde::de::Error::custom(format!("{job} is odd")))
    }
    assert_eq!(refused::<Odd>(FULL), "output `job`: the value is refused");

    let open = crate::bind::testing::POLICY.replace(" private", "");
    let program = compile(&open);
    let names = Names::new(&program);
    let mut frame = program.frame();
    program.begin(&mut frame, krites_lang::Date::parse("2026-11-02").unwrap());
    bind_json(&names, &program, &mut frame, FULL, UnknownFields::Refuse).unwrap();
    program
        .decide(&mut frame, &mut krites_lang::NoModels)
        .unwrap();
    let error = outputs_into::<Odd>(&program, &frame).unwrap_err();
    assert_eq!(error.to_string(), "output `job`: SELF-EMPL is odd");
}

#[test]
fn a_label_without_a_variant_and_a_field_too_few_are_refused() {
    #[derive(Deserialize, Debug)]
    struct Work {
        #[serde(rename = "job")]
        _job: Job,
    }
    let employed = FULL.replace("SELF-EMPL", "employed");
    let words = "output `job`: its label is not among `SELF-EMPL`, `student`";
    assert_eq!(refused::<Work>(&employed), words);

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Few {
        #[serde(rename = "years")]
        _years: u8,
    }
    assert_eq!(
        refused::<Few>(FULL),
        "output `factor` has no field that takes it"
    );

    #[derive(Deserialize, Debug)]
    struct Flat {
        #[serde(rename = "offer.limits")]
        _limits: u8,
    }
    let words = "the policy gives no output `offer.limits`; did you mean `offer.limit`?";
    assert_eq!(refused::<Flat>(FULL), words);
}

#[test]
fn the_error_is_one_word_wide_and_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<OutputsError>();
    assert_eq!(size_of::<Option<OutputsError>>(), size_of::<usize>());
}

const LISTS: &str = "\
policy lists { version \"1\" }
enum Outcome { approve < refer }
input { age : integer }
table fees collect list -> fee : money(EUR), kind : Outcome? {
    | age      | fee  | kind  |
    |----------|------|-------|
    | above 17 | 10.5 | refer |
    | above 20 | 20   | -     |
}
decide outcome : Outcome most severe { rule rest otherwise then approve }
output {
    fees  : list of money(EUR) = fees.fee
    kinds : list of Outcome?   = fees.kind
}
";

#[test]
fn lists_are_read_into_vectors() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Lists {
        fees: Vec<Decimal>,
        kinds: Vec<Option<Outcome>>,
    }
    #[derive(Deserialize, Debug)]
    #[expect(dead_code, reason = "it is never read")]
    struct Present {
        kinds: Vec<Outcome>,
    }

    let program = compile(LISTS);
    let mut frame = program.frame();
    let day = krites_lang::Date::parse("2026-11-02").unwrap();
    program.begin(&mut frame, day);
    let age = <krites_lang::InputId as krites_lang::Id>::new(0);
    program.set_integer(&mut frame, age, 30).unwrap();
    program.finish_inputs(&mut frame).unwrap();
    program
        .decide(&mut frame, &mut krites_lang::NoModels)
        .unwrap();
    let found: Lists = outputs_into(&program, &frame).unwrap();
    let expected = Lists {
        fees: vec![Decimal::new(105, 1), Decimal::from(20)],
        kinds: vec![Some(Outcome::Refer), None],
    };
    assert_eq!(found, expected);
    let missing = outputs_into::<Present>(&program, &frame).unwrap_err();
    assert!(missing.to_string().contains("kinds"), "{missing}");
}

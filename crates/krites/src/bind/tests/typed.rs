use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::super::testing::Bench;
use super::super::{BindError, Learned, UnknownFields, bind_typed};

#[derive(Serialize)]
struct Facts {
    applicant: Applicant,
    loan: Loan,
    #[serde(skip_serializing_if = "Option::is_none")]
    bureau: Option<Bureau>,
}

#[derive(Serialize)]
struct Applicant {
    age: u8,
    income: Decimal,
    employment: Employment,
    born: Option<String>,
    sex: Option<&'static str>,
    address: Option<Address>,
}

#[derive(Serialize)]
struct Address {
    city: String,
}

#[derive(Serialize)]
enum Employment {
    #[serde(rename = "SELF-EMPL")]
    SelfEmployed,
}

#[derive(Serialize)]
struct Loan {
    amount: Amount,
    term: Option<i64>,
    secured: bool,
}

#[derive(Serialize)]
struct Amount(f64);

#[derive(Serialize, Default)]
struct Bureau {
    score: Option<u64>,
    rate: Option<f32>,
    factor: Option<f64>,
}

fn facts() -> Facts {
    Facts {
        applicant: Applicant {
            age: 34,
            income: Decimal::new(4_100_050, 2),
            employment: Employment::SelfEmployed,
            born: Some("1992-02-29".to_owned()),
            sex: None,
            address: Some(Address {
                city: "Zürich".to_owned(),
            }),
        },
        loan: Loan {
            amount: Amount(0.1),
            term: None,
            secured: true,
        },
        bureau: Some(Bureau {
            score: Some(700),
            rate: Some(0.1),
            factor: Some(0.1 + 0.2),
        }),
    }
}

/// Binds twice with what was learned; both must go alike.
fn check<T: Serialize + ?Sized>(facts: &T, unknown: UnknownFields) -> Result<Bench, BindError> {
    let mut learned = Learned::default();
    let mut bench = Bench::new();
    let mut bind = |learned: &mut Learned| {
        bench.begin();
        let Bench {
            program,
            names,
            frame,
        } = &mut bench;
        bind_typed(names, learned, program, frame, facts, unknown)
    };
    let first = bind(&mut learned).map_err(|error| error.to_string());
    let second = bind(&mut learned);
    assert_eq!(
        first,
        second.as_ref().copied().map_err(|error| error.to_string())
    );
    second.map(|()| bench)
}

fn bound<T: Serialize + ?Sized>(facts: &T) -> Bench {
    check(facts, UnknownFields::Refuse).unwrap_or_else(|error| panic!("{error}"))
}

fn refused<T: Serialize + ?Sized>(facts: &T) -> String {
    check(facts, UnknownFields::Refuse)
        .err()
        .map_or("no error".to_owned(), |error| error.to_string())
}

/// The least that the policy requires, and one more field.
fn with<T: Serialize>(field: &str, value: T) -> BTreeMap<String, serde_json::Value> {
    let mut facts: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    facts.insert("applicant.age".to_owned(), 34.into());
    facts.insert("applicant.income".to_owned(), 1000.into());
    facts.insert("applicant.employment".to_owned(), "student".into());
    facts.insert("loan.amount".to_owned(), "12.50".into());
    facts.insert(field.to_owned(), serde_json::to_value(value).unwrap());
    facts
}

#[derive(Serialize)]
struct Flat<T> {
    #[serde(rename = "applicant.age")]
    age: i32,
    #[serde(rename = "applicant.income")]
    income: u128,
    #[serde(rename = "applicant.employment")]
    employment: &'static str,
    loan: BTreeMap<&'static str, f32>,
    #[serde(rename = "bureau.factor")]
    factor: T,
}

fn flat<T>(factor: T) -> Flat<T> {
    let loan = [("amount", 0.1_f32)].into();
    Flat {
        age: 34,
        income: 1000,
        employment: "employed",
        loan,
        factor,
    }
}

#[test]
fn nested_structs_fill_every_type_exactly() {
    let bench = bound(&facts());
    let expected = [
        ("applicant.age", "34"),
        ("applicant.income", "41000.5"),
        ("applicant.employment", "SELF-EMPL"),
        ("applicant.born", "1992-02-29"),
        ("applicant.sex", "-"),
        ("applicant.address.city", "Zürich"),
        ("loan.amount", "0.1"),
        ("loan.term", "12"),
        ("loan.secured", "true"),
        ("bureau.score", "700"),
        ("bureau.rate", "0.1"),
        ("bureau.factor", "0.30000000000000004"),
    ];
    for (input, value) in expected {
        assert_eq!(bench.value(input), value, "{input}");
    }
}

#[test]
fn a_record_may_be_none_or_skipped_or_unit() {
    let mut facts = facts();
    facts.bureau = None;
    facts.applicant.address = None;
    let bench = bound(&facts);
    assert_eq!(bench.value("bureau.score"), "-");
    assert_eq!(bench.value("applicant.address.city"), "-");
    assert_eq!(
        refused(&()),
        "`applicant.age`: it is required and was not given"
    );
}

#[test]
fn dotted_names_and_maps_are_records_too() {
    let bench = bound(&flat(Some(2_u8)));
    assert_eq!(bench.value("applicant.age"), "34");
    assert_eq!(bench.value("loan.amount"), "0.1");
    assert_eq!(bench.value("bureau.factor"), "2");
    let bench = bound(&with(
        "bureau",
        BTreeMap::from([("score", Some(3)), ("rate", None)]),
    ));
    assert_eq!(bench.value("bureau.score"), "3");
    assert_eq!(bench.value("loan.amount"), "12.5");
}

#[test]
fn text_of_every_length_is_taken_from_display() {
    struct Long(usize);
    impl Serialize for Long {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(&"x".repeat(self.0))
        }
    }
    #[derive(Serialize)]
    struct More {
        #[serde(flatten)]
        facts: Facts,
        #[serde(rename = "applicant.address.city")]
        city: Long,
    }
    for length in [3, 100] {
        let mut facts = facts();
        facts.applicant.address = None;
        // `None` has set the city already.
        let more = More {
            facts,
            city: Long(length),
        };
        assert_eq!(
            refused(&more),
            "`applicant.address.city`: it is given twice"
        );
        let mut facts = with("bureau.score", 1);
        facts.insert(
            "applicant.address.city".to_owned(),
            "x".repeat(length).into(),
        );
        assert_eq!(bound(&facts).value("applicant.address.city").len(), length);
    }
}

#[test]
fn wrong_types_are_refused_by_name() {
    let cases: [(&str, serde_json::Value, &str); 10] = [
        (
            "applicant.age",
            "34".into(),
            "expected a whole number, got \"34\"",
        ),
        (
            "applicant.age",
            1.5.into(),
            "expected a whole number, got 1.5",
        ),
        (
            "applicant.age",
            121.into(),
            "121 lies outside the range 0 to 120",
        ),
        (
            "applicant.age",
            serde_json::json!([1]),
            "expected a whole number, got a list",
        ),
        (
            "applicant.age",
            serde_json::json!({"x": 1}),
            "expected a whole number, got a record",
        ),
        (
            "applicant.born",
            3.into(),
            "expected a date as 2026-11-02, got 3",
        ),
        ("loan.secured", 1.into(), "expected true or false, got 1"),
        (
            "applicant.employment",
            "EMPLOYED".into(),
            "\"EMPLOYED\" is not one of employed, SELF-EMPL, student",
        ),
        (
            "applicant.sex",
            3.into(),
            "expected text, got a private value",
        ),
        (
            "loan",
            3.into(),
            "expected a record of `amount`, `secured`, `term`, got a number",
        ),
    ];
    for (input, value, words) in cases {
        assert_eq!(refused(&with(input, value)), format!("`{input}`: {words}"));
    }
    assert_eq!(
        refused(&3),
        "expected a record of `applicant`, `bureau`, `loan`, got a number"
    );
    assert_eq!(
        refused("x"),
        "expected a record of `applicant`, `bureau`, `loan`, got text"
    );
    let keys = BTreeMap::from([(1, 2)]);
    assert_eq!(
        refused(&keys),
        "expected field names that are text, got a number"
    );
}

#[test]
fn whole_numbers_beyond_64_bits_are_exact_or_too_large() {
    let most = 9_999_999_999_999_999_999_999_999_999_i128;
    assert_eq!(bound(&flat(most)).value("bureau.factor"), most.to_string());
    assert_eq!(
        bound(&flat(u64::MAX)).value("bureau.factor"),
        u64::MAX.to_string()
    );
    let too_large = "`bureau.factor`: the number is too large or has too many digits";
    assert_eq!(refused(&flat(most + 1)), too_large);
    assert_eq!(refused(&flat(u128::MAX)), too_large);
    assert_eq!(refused(&flat(1e300)), too_large);
    assert_eq!(refused(&flat(f32::MAX)), too_large);
    assert_eq!(
        refused(&flat(f64::NAN)),
        "`bureau.factor`: the number is not finite"
    );
    assert_eq!(
        refused(&flat(f32::INFINITY)),
        "`bureau.factor`: the number is not finite"
    );
    let score = "`bureau.score`: the number is too large or has too many digits";
    assert_eq!(refused(&with("bureau.score", u64::MAX)), score);
}

#[test]
fn an_unknown_field_is_refused_or_passed_over() {
    let facts = with("applicant.agee", vec![1]);
    let words = "there is no input `applicant.agee`; did you mean `applicant.age`?";
    assert_eq!(refused(&facts), words);
    assert_eq!(refused(&with("zzz", 1)), "there is no input `zzz`");
    let bench = check(&facts, UnknownFields::Ignore).unwrap();
    assert_eq!(bench.value("applicant.age"), "34");

    // What was learned while ignoring does not let it pass when refusing.
    let (mut bench, mut learned) = (Bench::new(), Learned::default());
    let Bench {
        program,
        names,
        frame,
    } = &mut bench;
    #[derive(Serialize)]
    struct Odd {
        odd: u8,
    }
    let mut bind = |unknown| {
        let bound = bind_typed(
            names,
            &mut learned,
            program,
            frame,
            &Odd { odd: 1 },
            unknown,
        );
        bound.unwrap_err().to_string()
    };
    assert!(bind(UnknownFields::Ignore).contains("`applicant.age`"));
    assert_eq!(bind(UnknownFields::Refuse), "there is no input `odd`");
}

#[test]
fn a_value_given_twice_is_refused() {
    let twice = with("applicant", BTreeMap::from([("age", 3)]));
    assert_eq!(refused(&twice), "`applicant.age`: it is given twice");
}

#[test]
fn what_was_learned_of_other_facts_never_misleads() {
    let (mut bench, mut learned) = (Bench::new(), Learned::default());
    let mut bind = |facts: &dyn Fn(&mut Learned, &mut Bench) -> Result<(), BindError>| {
        bench.begin();
        facts(&mut learned, &mut bench).unwrap_or_else(|error| panic!("{error}"));
        ["applicant.age", "loan.term", "bureau.score", "loan.amount"]
            .map(|input| bench.value(input))
    };
    fn typed<T: Serialize>(facts: T) -> impl Fn(&mut Learned, &mut Bench) -> Result<(), BindError> {
        move |learned,
              Bench {
                  program,
                  names,
                  frame,
              }| {
            bind_typed(
                names,
                learned,
                program,
                frame,
                &facts,
                UnknownFields::Refuse,
            )
        }
    }
    // One buffer for every key, so that different keys lie at one address.
    let reused = |age: i64, score: i64| {
        struct Keys(Vec<(&'static str, serde_json::Value)>);
        impl Serialize for Keys {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                let mut key = String::with_capacity(64);
                for (name, value) in &self.0 {
                    key.clear();
                    key.push_str(name);
                    map.serialize_entry(&key, value)?;
                }
                map.end()
            }
        }
        let mut facts = vec![
            ("applicant.age", age.into()),
            ("bureau.score", score.into()),
            ("loan.amount", "7".into()),
            ("applicant.income", "1".into()),
            ("applicant.employment", "student".into()),
        ];
        if score % 2 == 0 {
            facts.swap(0, 1);
        }
        Keys(facts)
    };
    for _ in 0..3 {
        assert_eq!(bind(&typed(facts())), ["34", "12", "700", "0.1"]);
        assert_eq!(bind(&typed(flat(1))), ["34", "12", "-", "0.1"]);
        assert_eq!(bind(&typed(reused(5, 3))), ["5", "12", "3", "7"]);
        assert_eq!(bind(&typed(reused(6, 4))), ["6", "12", "4", "7"]);
        let map: HashMap<String, serde_json::Value> = with("loan.term", 9).into_iter().collect();
        assert_eq!(bind(&typed(map)), ["34", "9", "-", "12.5"]);
        let mut without = facts();
        without.bureau = None;
        assert_eq!(bind(&typed(without)), ["34", "12", "-", "0.1"]);
    }
}

#[test]
fn what_was_learned_of_another_policy_is_forgotten() {
    let mut learned = Learned::default();
    for _ in 0..2 {
        let mut bench = Bench::new();
        bench.begin();
        let Bench {
            program,
            names,
            frame,
        } = &mut bench;
        bind_typed(
            names,
            &mut learned,
            program,
            frame,
            &facts(),
            UnknownFields::Refuse,
        )
        .unwrap();
        assert_eq!(bench.value("loan.amount"), "0.1");
    }
}

#[test]
fn a_private_value_never_stands_in_another_crates_error() {
    struct Failing;
    impl Serialize for Failing {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("secret 4711"))
        }
    }
    assert_eq!(
        refused(&flat(Failing)),
        "`bureau.factor`: the value cannot be serialized"
    );
    assert_eq!(refused(&Failing), "the value cannot be serialized");
    let facts = BTreeMap::from([("loan.amount", Failing)]);
    assert_eq!(refused(&facts), "`loan.amount`: secret 4711");
}

#[test]
fn a_number_in_disguise_is_read_from_its_digits() {
    // As serde_json's numbers serialize under its `arbitrary_precision`.
    #[derive(Serialize)]
    #[serde(rename = "$serde_json::private::Number")]
    struct Number {
        #[serde(rename = "$serde_json::private::Number")]
        digits: &'static str,
    }
    let bench = bound(&flat(Number {
        digits: "1.2345678901234567890123",
    }));
    assert_eq!(bench.value("bureau.factor"), "1.2345678901234567890123");
}

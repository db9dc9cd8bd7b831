//! Types that derive `Outputs` are read and refused as serde reads and refuses them, and
//! whether they fit a policy is known before the first case.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and looks at values by their `Debug`"
)]

use std::fmt::Debug;

use krites::{Date, Decider, Duration, Engine, Exact, Outputs, OutputsError, Release};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const POLICY: &str = "\
policy offers { version \"1\"; rounding half up }
enum Outcome { approve < refer < decline }
enum Job { employed, self_employed = \"SELF-EMPL\" }
input {
    age    : integer in 0 to 150
    amount : money(GBP)
    rate   : percent(2)?
    job    : Job
    city   : text?
    born   : date?
    lasted : duration?
}
table fees collect list -> fee : money(EUR), kind : Outcome? {
    | age      | fee  | kind  |
    |----------|------|-------|
    | above 17 | 10.5 | refer |
    | above 20 | 20   | -     |
}
decide outcome : Outcome most severe {
    rule minor when age < 18 then decline
    rule old when age > 65 then refer
    rule rest otherwise then approve
}
output {
    years       : integer = age
    grown       : boolean = age >= 18
    job         : Job = job
    city        : text? = city
    born        : date? = born
    lasted      : duration? = lasted
    offer.limit : money(GBP) = amount
    bonus.rate  : percent(2)? = rate
    bonus.city  : text? = city
    fees        : list of money(EUR) = fees.fee
    kinds       : list of Outcome? = fees.kind
    when outcome is approve {
        granted : money(GBP) = amount
    }
}
";

fn engine(policy: &str) -> Engine {
    let release = Release::builder().policy("offers.krites", policy).build();
    Engine::new(release.unwrap_or_else(|error| panic!("{error}")))
}

fn decider() -> Decider {
    engine(POLICY).decider("offers").unwrap()
}

fn day() -> Date {
    Date::new(2026, 11, 2).unwrap()
}

/// Facts of every shape: ages, amounts, and what is there
fn cases() -> impl Iterator<Item = String> {
    let amounts = [
        "0",
        "3",
        "3.00",
        "3.5",
        "300",
        "-1",
        "18446744073709551615",
        "1e27",
    ];
    let further = [
        "",
        r#", "rate": 0.075"#,
        r#", "city": "Leeds", "born": "1980-02-29""#,
        r#", "lasted": "P3DT4H", "rate": 1, "city": """#,
    ];
    let jobs = ["employed", "SELF-EMPL"];
    [5, 18, 30, 70].into_iter().flat_map(move |age| {
        amounts.into_iter().flat_map(move |amount| {
            further
                .into_iter()
                .zip(jobs.into_iter().cycle())
                .map(move |(further, job)| {
                    format!(r#"{{"age": {age}, "amount": {amount}, "job": "{job}"{further}}}"#)
                })
        })
    })
}

/// Reads every case both ways, and counts those that were read and those that were not.
fn both<T: Outputs + DeserializeOwned + Debug>() -> (usize, usize) {
    let mut decider = decider();
    let mut reader = decider.outputs_reader::<T>().unwrap();
    let (mut read, mut refused) = (0, 0);
    for case in cases() {
        let decision = decider.decide_json(day(), &case).unwrap();
        let told = |found: Result<T, OutputsError>| match found {
            Ok(found) => format!("{found:?}"),
            Err(error) => format!("error: {error}"),
        };
        let expected = told(decision.outputs_into());
        assert_eq!(told(reader.read(&decision)), expected, "{case}");
        match expected.starts_with("error: ") {
            true => refused += 1,
            false => read += 1,
        }
    }
    (read, refused)
}

#[derive(Debug, Deserialize, Outputs)]
#[serde(rename_all = "snake_case")]
#[outputs(rename_all = "snake_case")]
enum Outcome {
    Approve,
    Refer,
    Decline,
}

#[derive(Debug, Deserialize, Outputs)]
enum Job {
    #[serde(rename = "employed")]
    Employed,
    #[serde(rename = "SELF-EMPL")]
    #[outputs(rename = "SELF-EMPL")]
    SelfEmployed,
}

#[derive(Debug, Deserialize, Outputs)]
struct Bonus {
    #[outputs(deserialize)]
    rate: Option<Decimal>,
    city: Option<String>,
}

#[derive(Debug, Deserialize, Outputs)]
struct All<T: 'static> {
    outcome: Outcome,
    years: T,
    grown: bool,
    job: Job,
    city: Option<String>,
    #[outputs(deserialize)]
    born: Option<String>,
    #[serde(rename = "offer.limit")]
    #[outputs(deserialize)]
    limit: Decimal,
    bonus: Option<Bonus>,
    fees: Vec<f64>,
    kinds: Vec<Option<Outcome>>,
    #[outputs(deserialize)]
    granted: Option<Decimal>,
    #[serde(skip)]
    _note: String,
}

#[derive(Debug, Deserialize, Outputs)]
struct Offer<T: 'static> {
    offer: Limit<T>,
}

#[derive(Debug, Deserialize, Outputs)]
struct Limit<T: 'static> {
    limit: T,
}

#[derive(Debug, Deserialize, Outputs)]
#[serde(rename_all = "camelCase")]
struct Granted {
    granted: f32,
    bonus: Option<Bonus>,
}

#[derive(Debug, Deserialize, Outputs)]
struct Kinds {
    kinds: Vec<Outcome>,
    bonus: Bonus,
}

#[test]
fn outputs_are_read_as_serde_reads_them() {
    let all = cases().count();
    assert_eq!(both::<All<u8>>(), (all, 0));
    assert_eq!(both::<All<f64>>(), (all, 0));
    assert_eq!(both::<All<String>>(), (all, 0));
    assert_eq!(both::<Offer<f64>>(), (all, 0));
    let some = [
        both::<Offer<i8>>(),
        both::<Offer<u64>>(),
        both::<Granted>(),
        both::<Kinds>(),
    ];
    for (read, refused) in some {
        assert!(read > 10 && refused > 10, "{read} and {refused}");
    }
}

#[test]
fn values_that_serde_has_no_word_for_are_read_as_they_are() {
    #[derive(Debug, PartialEq, Outputs)]
    struct Own {
        years: Exact,
        #[outputs(flatten)]
        offer: Flat,
        born: Option<Date>,
        lasted: Option<Duration>,
    }
    #[derive(Debug, PartialEq, Outputs)]
    struct Flat {
        #[outputs(rename = "offer.limit")]
        limit: Exact,
    }
    let mut decider = decider();
    let mut reader = decider.outputs_reader::<Own>().unwrap();
    let case = r#"{"age": 30, "amount": 3.50, "job": "employed", "born": "1980-02-29"}"#;
    let decision = decider.decide_json(day(), case).unwrap();
    let expected = Own {
        years: Exact::new(30, 0).unwrap(),
        offer: Flat {
            limit: Exact::new(35, 1).unwrap(),
        },
        born: Date::new(1980, 2, 29),
        lasted: None,
    };
    assert_eq!(reader.read(&decision).unwrap(), expected);
}

/// Makes types of one field, and what is said of them.
macro_rules! misfits {
    ($($words:literal { $($fields:tt)* })*) => {$({
        #[derive(Outputs)]
        #[allow(dead_code, reason = "its fields are looked at, no value is made")]
        struct Case { $($fields)* }
        let error = decider().outputs_reader::<Case>().unwrap_err();
        assert_eq!(error.to_string(), $words);
    })*};
}

#[test]
fn what_does_not_fit_is_told_before_the_first_case() {
    #[derive(Outputs)]
    #[outputs(rename_all = "lowercase")]
    #[allow(dead_code, reason = "no value is made")]
    enum Few {
        Approve,
        Decline,
    }
    misfits! {
        "the policy gives no output `yeers`; did you mean `years`?" { yeers: u8 }
        "the policy gives no output `bonus.citi`; did you mean `bonus.city`?"
            { #[outputs(rename = "bonus.citi")] city: Option<String> }
        "output `years` is a whole number, expected a boolean" { years: bool }
        "output `grown` is a boolean, expected a text" { grown: String }
        "output `city` is a text, expected a whole number of its width" { city: Option<i64> }
        "output `city` is a text, expected a record" { city: Bonus }
        "output `city` is a text, expected a sequence" { city: Vec<String> }
        "output `fees` is a list, expected a number" { fees: f64 }
        "output `fees` is an amount in EUR, expected a boolean" { fees: Vec<bool> }
        "output `offer` is a record, expected a number" { offer: f64 }
        "output `outcome`: its label `refer` is not among `approve`, `decline`" { outcome: Few }
    }
}

#[test]
fn a_reader_follows_the_release() {
    #[derive(Debug, PartialEq, Outputs)]
    struct Years {
        years: u8,
    }
    let engine = engine(POLICY);
    let mut decider = engine.decider("offers").unwrap();
    let mut reader = decider.outputs_reader::<Years>().unwrap();
    let case = r#"{"age": 30, "amount": 3, "job": "employed"}"#;
    let mut read = |decider: &mut Decider| {
        let decision = decider.decide_json(day(), case).unwrap();
        reader.read(&decision).map_err(|error| error.to_string())
    };
    assert_eq!(read(&mut decider), Ok(Years { years: 30 }));
    // Outputs stand elsewhere.
    let build = |policy: &str| {
        let release = Release::builder().policy("offers.krites", policy);
        release.build().unwrap()
    };
    let other = POLICY.replace("output {", "output {\n    first : boolean = age > 1");
    engine.publish(build(&other)).unwrap();
    assert_eq!(read(&mut decider), Ok(Years { years: 30 }));
    engine.publish_with_schema_change(build(&POLICY.replace("years       :", "age_then :")));
    let words = "the policy gives no output `years`";
    for _ in 0..2 {
        assert_eq!(read(&mut decider), Err(words.to_owned()));
    }
    engine.rollback().unwrap();
    assert_eq!(read(&mut decider), Ok(Years { years: 30 }));
}

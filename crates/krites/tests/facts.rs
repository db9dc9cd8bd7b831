//! Types that derive `Facts` are taken and refused as serde takes and refuses them, and
//! whether they fit a policy is known before the first case.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::borrow::Cow;
use std::fmt::Debug;

use krites::facts::{Fact, Plan, Sink};
use krites::{
    BindProblem, Date, DateTime, DecideError, Decider, Decision, Duration, Engine, Envelope, Exact,
    Facts, Release, UnknownFields,
};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// SplitMix64 (Steele, Lea, Flood, 2014)
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// One of these, seldom the last one
    fn mostly<T: Copy>(&mut self, usual: &[T], odd: T) -> T {
        if self.below(40) == 0 {
            return odd;
        }
        self.one_of(usual)
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(5) > 0).then(|| make(self))
    }

    fn list<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(4)).map(|_| make(self)).collect()
    }
}

fn day() -> Date {
    Date::new(2026, 11, 2).unwrap()
}

fn decider(policy: &str) -> Decider {
    let release = Release::builder().policy("test.krites", policy).build();
    let engine = Engine::new(release.unwrap_or_else(|error| panic!("{error}")));
    let name = policy.split_whitespace().nth(1).unwrap();
    engine.decider(name).unwrap()
}

/// The record of a decision, which has every input, or the error
fn told(decided: Result<Decision<'_>, DecideError>) -> String {
    match decided {
        Ok(decision) => serde_json::to_string(&decision.record(Envelope::default())).unwrap(),
        Err(error) => format!("error: {error}"),
    }
}

/// Decides cases both ways, with private inputs and without.
fn both<T: Facts + Serialize + Debug>(
    policy: &str,
    unknown: UnknownFields,
    mut make: impl FnMut(&mut Random) -> T,
) {
    both_by(policy, unknown, &mut make);
    // A record has values of the others alone.
    both_by(&policy.replace(" private", ""), unknown, &mut make);
}

fn both_by<T: Facts + Serialize + Debug>(
    policy: &str,
    unknown: UnknownFields,
    make: &mut impl FnMut(&mut Random) -> T,
) {
    let deciders = [decider(policy), decider(policy)];
    let mut deciders = deciders.map(|found| found.unknown_fields(unknown));
    let [serde, derived] = &mut deciders;
    derived.check_facts::<T>().unwrap();
    let mut random = Random(3);
    let (mut decided, mut refused) = (0, 0);
    for _ in 0..400 {
        let facts = make(&mut random);
        let expected = told(serde.decide(day(), &facts));
        assert_eq!(
            told(derived.decide_facts(day(), &facts)),
            expected,
            "{facts:?}"
        );
        match expected.starts_with("error: ") {
            true => refused += 1,
            false => decided += 1,
        }
    }
    assert!(decided > 40 && refused > 20, "{decided} and {refused}");
}

const TYPES: &str = include_str!("bind_corpus/types.krites");

#[derive(Debug, Facts, Serialize)]
struct Types<'a> {
    age: u8,
    bureau: Bureau,
    income: Option<i64>,
    factor: Option<f64>,
    #[facts(display)]
    rate: Decimal,
    housing: Option<Housing>,
    since: Option<&'a str>,
    holder: Holder,
    secret: Option<i64>,
    #[serde(rename = "tx.currency")]
    currency: Cow<'a, str>,
    #[serde(flatten)]
    amount: Amount,
    #[serde(skip)]
    _note: String,
}

#[derive(Debug, Facts, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bureau {
    score_value: Option<i16>,
}

#[derive(Clone, Copy, Debug, Facts, Serialize)]
#[facts(rename_all = "UPPERCASE")]
#[serde(rename_all = "UPPERCASE")]
enum Housing {
    Rent,
    Own,
}

#[derive(Debug, Facts, Serialize)]
struct Holder {
    born: Option<String>,
    resident: Option<bool>,
    phones: Option<Box<str>>,
}

#[derive(Debug, Facts, Serialize)]
struct Amount {
    #[serde(rename(serialize = "tx.amount", deserialize = "amount"))]
    amount: Option<u64>,
}

fn types(random: &mut Random) -> Types<'static> {
    Types {
        age: random.mostly(&[18, 40, 120], 121),
        bureau: Bureau {
            score_value: random.maybe(|random| random.one_of(&[-1, 0, 700])),
        },
        income: random.maybe(|random| random.mostly(&[0, 1, 20_000], -1)),
        factor: random.maybe(|random| random.mostly(&[0.1, -7.0, 1e20], f64::NAN)),
        rate: Decimal::new(random.mostly(&[0, 5, 10], 7), random.mostly(&[2, 1], 3)),
        housing: random.maybe(|random| random.one_of(&[Housing::Rent, Housing::Own])),
        since: random.maybe(|random| random.mostly(&["2001-02-28", "2026-11-02"], "1999-12-31")),
        holder: Holder {
            born: random.maybe(|random| random.mostly(&["1980-01-01"], "1980-13-01").to_owned()),
            resident: random.maybe(|random| random.one_of(&[true, false])),
            phones: random.maybe(|random| random.one_of(&["", "a long number", "é"]).into()),
        },
        secret: random.maybe(|random| random.mostly(&[0, 9], 10)),
        currency: Cow::Borrowed(random.mostly(&["GBP", "JPY"], "ZZZ")),
        amount: Amount {
            amount: random.maybe(|random| random.mostly(&[0, 12], u64::MAX)),
        },
        _note: String::new(),
    }
}

#[test]
fn plain_values_and_records_are_taken_as_serde_takes_them() {
    both(TYPES, UnknownFields::Refuse, types);
}

const LISTS: &str = include_str!("bind_corpus/lists.krites");

#[derive(Debug, Facts, Serialize)]
struct Lists {
    age: i32,
    home: Home,
    flags: Option<Vec<String>>,
    rates: Vec<Option<f32>>,
    others: Option<Vec<Charge>>,
}

#[derive(Debug, Facts, Serialize)]
struct Home {
    accounts: Vec<Account>,
}

#[derive(Debug, Facts, Serialize)]
struct Account {
    kind: &'static str,
    balance: u32,
    open: Option<bool>,
    limit: Option<u8>,
    holder: Person,
    charges: Vec<Charge>,
    marks: [i64; 2],
}

#[derive(Debug, Facts, Serialize)]
struct Person {
    name: String,
    born: Option<Day>,
}

#[derive(Debug, Facts, Serialize)]
struct Charge {
    on: Day,
    amount: i64,
}

/// A date of the host that is read from its text
#[derive(Clone, Copy, Debug)]
struct Day(Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl krites::facts::Fact for Day {
    const SCALAR: bool = true;

    fn plan(plan: &mut krites::facts::Plan<'_>) {
        <Date as krites::facts::Fact>::plan(plan);
    }

    fn put(&self, sink: &mut krites::facts::Sink<'_>) {
        self.0.put(sink);
    }
}

fn charge(random: &mut Random) -> Charge {
    Charge {
        on: Day(day()),
        amount: random.mostly(&[1, 2], -1),
    }
}

fn lists(random: &mut Random) -> Lists {
    let account = |random: &mut Random| Account {
        kind: random.mostly(&["current", "SAVING"], "savings"),
        balance: random.one_of(&[0, 4_000_000_000]),
        open: random.maybe(|random| random.one_of(&[true, false])),
        limit: random.maybe(|random| random.mostly(&[0, 9, 99], 10)),
        holder: Person {
            name: random
                .one_of(&["", "a", "a name of some length"])
                .to_owned(),
            born: random.maybe(|_| Day(Date::new(1980, 2, 29).unwrap())),
        },
        charges: random.list(charge),
        marks: [random.one_of(&[1, 2]), i64::MAX],
    };
    Lists {
        age: 40,
        home: Home {
            accounts: random.list(account),
        },
        flags: random.maybe(|random| random.list(|random| random.one_of(&["a", "b"]).to_owned())),
        rates: random.list(|random| random.maybe(|random| random.mostly(&[0.1, 1.0], 1.1))),
        others: random.maybe(|random| random.list(charge)),
    }
}

#[test]
fn lists_are_taken_as_serde_takes_them() {
    both(LISTS, UnknownFields::Refuse, lists);
}

const SERIES: &str = include_str!("bind_corpus/series.krites");

#[derive(Debug, Facts, Serialize)]
struct Series {
    #[facts(rename = "PAY_AMT1")]
    #[serde(rename = "PAY_AMT1")]
    first: i64,
    #[facts(rename = "PAY_AMT2")]
    #[serde(rename = "PAY_AMT2")]
    second: i64,
    #[facts(rename = "PAY_AMT3")]
    #[serde(rename = "PAY_AMT3")]
    third: i64,
    asked: Vec<Option<i64>>,
    v: Option<[Option<f64>; 2]>,
    months: [Option<u8>; 2],
    /// No input: passed over
    further: Vec<Charge>,
    furthest: Option<Person>,
}

fn series(random: &mut Random) -> Series {
    let count = random.mostly(&[2], 3);
    Series {
        first: random.one_of(&[0, 7, 9, -1]),
        second: 2,
        third: 3,
        asked: (0..count)
            .map(|_| random.maybe(|random| random.one_of(&[0, 99])))
            .collect(),
        v: random.maybe(|random| [Some(f64::NAN), random.maybe(|random| random.one_of(&[0.5]))]),
        months: [Some(7), random.maybe(|_| 9)],
        further: random.list(charge),
        furthest: random.maybe(|_| Person {
            name: String::new(),
            born: None,
        }),
    }
}

#[test]
fn series_are_taken_as_serde_takes_them_and_what_is_no_input_is_passed_over() {
    both(SERIES, UnknownFields::Ignore, series);
}

const SMALL: &str = "\
policy small { version \"1\" }
enum Outcome { approve < refer }
enum Job { employed = \"EMPLOYED\", retired = \"RETIRED\" }
record Charge { amount : money(GBP) }
input {
    applicant.age : integer in 0 to 150
    job           : Job?
    income        : money(GBP)?
    note          : text?
    at            : datetime?
    lasted        : duration?
    on            : date?
    weight        : decimal? model only
    charges       : list of Charge default []
}
decide outcome : Outcome most severe {
    rule old when applicant.age > 65 then refer
    rule rest otherwise then approve
}
";

/// Why a type does not fit a policy
fn misfit<T: Facts>(unknown: UnknownFields) -> String {
    let mut decider = decider(SMALL).unknown_fields(unknown);
    let first = decider.check_facts::<T>().unwrap_err().to_string();
    assert_eq!(decider.check_facts::<T>().unwrap_err().to_string(), first);
    first
}

/// Makes types of one field or two, and what is said of them.
macro_rules! misfits {
    ($($unknown:ident $words:literal { $($fields:tt)* })*) => {$({
        #[derive(Facts)]
        #[allow(dead_code, reason = "its fields are looked at, no value is made")]
        struct Case { $($fields)* }
        assert_eq!(misfit::<Case>(UnknownFields::$unknown), $words);
    })*};
}

#[derive(Facts)]
struct Age {
    age: u8,
}

#[derive(Facts)]
#[facts(rename_all = "SCREAMING_SNAKE_CASE")]
enum Job {
    Employed,
    Retierd,
}

#[test]
fn what_does_not_fit_is_told_before_the_first_case() {
    let _ = [Job::Employed, Job::Retierd];
    misfits! {
        Refuse "field `applicant.age` of `Case` is text, and `applicant.age` takes a whole \
                number: an integer type fits"
            { #[facts(rename = "applicant.age")] age: String }
        Refuse "field `applicant` of `Case` is a number, and `applicant` takes a record of \
                `age`: a struct that derives `Facts` fits"
            { applicant: i64 }
        Refuse "field `income` of `Case` is a boolean, and `income` takes an amount in GBP: \
                integers, floats, `krites::Exact` and decimals with `#[facts(display)]` fit"
            { applicant: Age, income: Option<bool> }
        Refuse "field `note` of `Case` is a record, and `note` takes text: `String` and `&str` fit"
            { applicant: Age, note: Option<Age> }
        Refuse "field `note` of `Case` is a list, and `note` takes text: `String` and `&str` fit"
            { applicant: Age, note: Vec<String> }
        Refuse "field `charges` of `Case` is a number, and `charges` takes a record of `amount`: \
                a struct that derives `Facts` fits"
            { applicant: Age, charges: Vec<i64> }
        Refuse "field `charges` of `Case` is a record, and `charges` takes a list of records: \
                a vector of structs that derive `Facts` fits"
            { applicant: Age, charges: Age }
        Refuse "there is no input `charges[].age`"
            { applicant: Age, charges: Vec<Age> }
        Ignore "`charges[].amount` is required, and `Case` has no field for it"
            { applicant: Age, charges: Vec<Age> }
        Refuse "there is no input `incom`; did you mean `income`?"
            { applicant: Age, incom: i64 }
        Refuse "`applicant.age` is required, and `Case` has no field for it"
            { income: Option<i64> }
        Ignore "`applicant.age` is required, and `Case` has no field for it; `aplicant.age` is \
                no input: was it meant?"
            { #[facts(rename = "aplicant.age")] age: u8 }
        Refuse "variant `RETIERD` is no label of `job`, which takes one of EMPLOYED, RETIRED; \
                did you mean `RETIRED`?"
            { applicant: Age, job: Job }
        Refuse "`applicant.age`: it is given twice"
            { applicant: Age, #[facts(rename = "applicant.age")] again: u8 }
    }
}

#[test]
fn values_that_serde_has_no_word_for_are_taken_as_they_are() {
    #[derive(Facts)]
    struct Case<'a, T> {
        applicant: &'a Age,
        income: T,
        at: Option<DateTime>,
        lasted: Option<Duration>,
        on: Date,
        note: char,
        weight: f32,
    }
    let mut decider = decider(SMALL);
    let case = Case {
        applicant: &Age { age: 66 },
        income: Exact::new(12_050, 2).unwrap(),
        at: DateTime::from_microseconds(0),
        lasted: None,
        on: day(),
        note: 'é',
        weight: 0.1,
    };
    let record = decider.decide_facts(day(), &case).unwrap();
    assert_eq!(record.outcome(), "refer");
    let record = serde_json::to_value(record.record(Envelope::default())).unwrap();
    let value = |name: &str| {
        record["inputs"][name]["value"]
            .as_str()
            .unwrap_or("-")
            .to_owned()
    };
    let names = ["applicant.age", "income", "at", "lasted", "on", "note"];
    let expected = [
        "66",
        "120.5",
        "1970-01-01T00:00:00Z",
        "-",
        "2026-11-02",
        "é",
    ];
    assert_eq!(names.map(value), expected);
    // The type of a parameter makes another type.
    let case = Case {
        applicant: case.applicant,
        income: 7,
        at: None,
        lasted: None,
        on: day(),
        note: 'n',
        weight: 1.0,
    };
    let decision = decider.decide_facts(day(), &case).unwrap();
    assert_eq!(decision.outcome(), "refer");
}

/// Facts written by hand that plan two fields, and give as many of them as it says
struct Partial(usize);

impl Fact for Partial {
    const SCALAR: bool = false;

    fn plan(plan: &mut Plan<'_>) {
        plan.record("Partial", |plan| {
            plan.field::<u8>("applicant.age");
            plan.field::<Option<i64>>("income");
        });
    }

    fn put(&self, sink: &mut Sink<'_>) {
        if self.0 > 0 {
            66_u8.put(sink);
        }
        if self.0 > 1 {
            Some(120_i64).put(sink);
        }
    }
}

impl Facts for Partial {
    type Static = Partial;
}

#[test]
fn what_is_planned_and_not_given_is_missing() {
    let mut decider = decider(SMALL);
    for _ in 0..2 {
        let error = decider.decide_facts(day(), &Partial(0)).unwrap_err();
        assert!(
            matches!(&error, DecideError::Facts(error) if error.to_string().contains("applicant.age")),
            "{error}"
        );
        for (given, income) in [(1, ""), (2, "120")] {
            let decision = decider.decide_facts(day(), &Partial(given)).unwrap();
            let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
            let value = record["inputs"]["income"]["value"].as_str();
            assert_eq!(value.unwrap_or_default(), income);
        }
    }
}

#[test]
fn a_binding_follows_the_release() {
    #[derive(Facts)]
    struct Case {
        applicant: Age,
    }
    let build = |policy: &str| {
        Release::builder()
            .policy("small.krites", policy)
            .build()
            .unwrap()
    };
    let engine = Engine::new(build(SMALL));
    let mut decider = engine.decider("small").unwrap();
    let case = Case {
        applicant: Age { age: 66 },
    };
    let outcome = |decider: &mut Decider| {
        let decision = decider.decide_facts(day(), &case);
        decision.map(|decision| decision.outcome().to_owned())
    };
    assert_eq!(outcome(&mut decider).unwrap(), "refer");
    let pooled = engine.decide_facts_with("small", day(), &case, |decision| {
        decision.outcome().to_owned()
    });
    assert_eq!(pooled.unwrap(), "refer");
    // Slots lie elsewhere.
    let other = SMALL.replace("input {", "input {\n    before : integer default 4");
    engine.publish(build(&other)).unwrap();
    assert_eq!(outcome(&mut decider).unwrap(), "refer");
    let renamed = SMALL.replace("applicant.age", "applicant.years");
    engine.publish_with_schema_change(build(&renamed));
    for _ in 0..2 {
        let error = outcome(&mut decider).unwrap_err();
        let DecideError::Facts(error) = error else {
            panic!("{error}");
        };
        assert!(
            matches!(error.problem(), BindProblem::Unknown { .. }),
            "{error}"
        );
    }
    engine.rollback().unwrap();
    assert_eq!(outcome(&mut decider).unwrap(), "refer");
}

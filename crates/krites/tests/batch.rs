//! A batch of columns, or of typed facts, is decided as its rows are one by one; columns
//! that do not fit the policy are refused before any row is decided.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::ops::ControlFlow;

use krites::{
    BindProblem, ByText, Columns, Date, DecideError, Decider, Decimals, Decision, Engine, Envelope,
    Exact, Facts, Release, Rows, UnknownFields, Validity,
};
use rust_decimal::Decimal;

const ROWS: usize = 600;

fn day() -> Date {
    Date::new(2026, 11, 2).unwrap()
}

fn engine(policy: &str) -> Engine {
    let release = Release::builder().policy("test.krites", policy).build();
    Engine::new(release.unwrap_or_else(|error| panic!("{error}")))
}

fn decider(policy: &str) -> Decider {
    let name = policy.split_whitespace().nth(1).unwrap();
    engine(policy).decider(name).unwrap()
}

/// The record of a decision, which has every input, or the error
fn told(decided: Result<Decision<'_>, DecideError>) -> String {
    match decided {
        Ok(decision) => serde_json::to_string(&decision.record(Envelope::default())).unwrap(),
        Err(error) => format!("error: {error}"),
    }
}

fn batch(decider: &mut Decider, rows: &(impl Rows + ?Sized)) -> Vec<String> {
    let mut all = Vec::new();
    let done = decider.decide_batch(day(), rows, |row, decided| {
        assert_eq!(row, all.len());
        all.push(told(decided));
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    all
}

/// What each row is told alone, as a batch of typed facts and as columns, is the same.
fn alike<F: Facts>(policy: &str, unknown: UnknownFields, facts: &[F], columns: &Columns<'_>) {
    let mut decider = decider(policy).unknown_fields(unknown);
    let alone: Vec<String> = facts
        .iter()
        .map(|facts| told(decider.decide_facts(day(), facts)))
        .collect();
    let refused = alone.iter().filter(|told| told.starts_with("error: "));
    let refused = refused.count();
    assert!(refused > 20 && alone.len() - refused > 40, "{refused}");
    assert_eq!(batch(&mut decider, facts), alone);
    decider.check_columns(columns).unwrap();
    assert_eq!(batch(&mut decider, columns), alone);
}

/// One of these for a row, a step of `by` further than for the row before
fn pick<T: Copy>(row: usize, by: usize, all: &[T]) -> T {
    all[(row * by + row / 7) % all.len()]
}

const TYPES: &str = include_str!("bind_corpus/types.krites");

#[derive(Clone, Debug, Facts)]
struct Types<'a> {
    age: u8,
    #[facts(rename = "bureau.scoreValue")]
    score: Option<i16>,
    income: Option<i64>,
    factor: Option<f64>,
    #[facts(display)]
    rate: Decimal,
    housing: Option<Housing>,
    since: Option<&'a str>,
    holder: Option<Person>,
    #[facts(rename = "tx.currency")]
    currency: &'a str,
    #[facts(rename = "tx.amount")]
    amount: Option<Exact>,
    note: bool,
}

#[derive(Clone, Copy, Debug, Facts)]
#[facts(rename_all = "UPPERCASE")]
enum Housing {
    Rent,
    Own,
}

#[derive(Clone, Debug, Facts)]
struct Person {
    born: Option<Date>,
    resident: Option<bool>,
}

fn types() -> Vec<Types<'static>> {
    let amount = |units| Exact::new(units, 2).ok();
    let born = [None, Date::new(1980, 2, 29)];
    (0..ROWS)
        .map(|row| Types {
            age: pick(row, 1, &[18, 40, 120, 3, 77, 121]),
            score: pick(row, 2, &[None, Some(-1), Some(700)]),
            income: pick(row, 3, &[Some(0), None, Some(20_000), Some(7), Some(-1)]),
            factor: pick(row, 5, &[Some(0.1), None, Some(-7.0), Some(1e20)]),
            rate: Decimal::new(pick(row, 1, &[0, 5, 10, 7]), pick(row, 3, &[2, 1, 2, 2])),
            housing: pick(row, 1, &[Some(Housing::Rent), None, Some(Housing::Own)]),
            since: pick(row, 2, &[None, Some("2001-02-28"), Some("2026-11-02")]),
            holder: (row % 3 > 0).then(|| Person {
                born: pick(row, 1, &born),
                resident: pick(row, 3, &[Some(true), None]),
            }),
            currency: pick(row, 1, &["GBP", "JPY", "GBP", "GBP", "GBP", "GBP", "ZZZ"]),
            amount: pick(row, 1, &[amount(100), None, amount(1_200)]),
            note: true,
        })
        .collect()
}

/// What a field of all facts is
fn column<'f, F, T>(facts: &'f [F], field: impl Fn(&'f F) -> T) -> Vec<T> {
    facts.iter().map(field).collect()
}

#[test]
fn columns_of_every_type_are_taken_as_typed_facts_are() {
    let facts = types();
    let age = column(&facts, |facts| facts.age);
    let score = column(&facts, |facts| facts.score);
    let since = column(&facts, |facts| facts.since.map(str::to_owned));
    let holder = column(&facts, |facts| facts.holder.clone());
    let currency = column(&facts, |facts| facts.currency);
    let rate = column(&facts, |facts| facts.rate);
    let housing = column(&facts, |facts| facts.housing);
    let note = vec![true; ROWS];
    // Numbers and a mask, as flags and as bits from the third bit on
    let income = column(&facts, |facts| facts.income.unwrap_or(5));
    let has_income = column(&facts, |facts| facts.income.is_some());
    let factor = column(&facts, |facts| facts.factor.unwrap_or(f64::NAN));
    let mut has_factor = vec![0_u8; ROWS / 8 + 1];
    for (row, facts) in facts.iter().enumerate() {
        let at = row + 3;
        has_factor[at / 8] |= u8::from(facts.factor.is_some()) << (at % 8);
    }
    let amount = column(&facts, |facts| facts.amount);
    let columns = Columns::new(ROWS)
        .column("age", &age)
        .column("bureau.scoreValue", score)
        .column_with("income", &income, Validity::Flags(&has_income))
        .column_with(
            "factor",
            &factor,
            Validity::Bits {
                bits: &has_factor,
                offset: 3,
            },
        )
        .column("rate", ByText(&rate))
        .column("housing", &housing[..])
        .column("since", &since)
        .column("holder", &holder)
        .column("tx.currency", &currency)
        .column(String::from("tx.amount"), &amount)
        .column("note", &note);
    alike(TYPES, UnknownFields::Ignore, &facts, &columns);
}

#[test]
fn decimals_of_a_scale_are_the_numbers_that_they_stand_for() {
    let policy = "policy sums { version \"1\" }\n\
        enum Outcome { approve < decline }\n\
        input { amount : money(GBP) in 0 and above; rate : decimal? }\n\
        decide outcome : Outcome most severe { rule rest otherwise then approve }\n\
        output { sum : money(GBP) = amount; by : decimal? = rate }\n";
    let amounts = Decimals {
        units: &[12_345, 100, 0, -1, i128::MAX],
        scale: 2,
    };
    let rates = Decimals {
        units: &[1_000, 2, 50, 4, 5],
        scale: 29,
    };
    let columns = Columns::new(5)
        .column("amount", amounts)
        .column("rate", rates);
    let mut decider = decider(policy);
    let mut told = Vec::new();
    let done = decider.decide_batch(day(), &columns, |_, decided| match decided {
        Ok(decision) => told.push(decision.outputs().map(|(_, value)| value.unwrap()).fold(
            String::new(),
            |told, value| match told.as_str() {
                "" => value.to_string(),
                _ => format!("{told} {value}"),
            },
        )),
        Err(error) => told.push(error.to_string()),
    });
    done.unwrap();
    assert_eq!(told[0], "123.45 0.00000000000000000000000001");
    // 29 digits behind the point are too many, but where the last is zero
    assert!(told[1].starts_with("`rate`: "), "{}", told[1]);
    assert_eq!(told[2], "0 0.0000000000000000000000000005");
    assert!(
        told[3].starts_with("`amount`: -0.01 lies outside"),
        "{}",
        told[3]
    );
    assert!(told[4].starts_with("`amount`: "), "{}", told[4]);
}

#[derive(Clone, Debug, Facts)]
struct Case {
    home: Home,
    pays: Vec<i64>,
    spent: [Option<u8>; 2],
    bureau: Option<Bureau>,
}

#[derive(Clone, Copy, Debug, Facts)]
struct Home {
    rooms: u8,
    garden: bool,
}

#[derive(Clone, Copy, Debug, Facts)]
struct Bureau {
    score: i64,
    rate: Option<f32>,
}

#[test]
fn lists_series_records_and_groups_stand_in_columns() {
    let policy = "policy listed { version \"1\"; on fault decline }\n\
        enum Outcome { approve < decline }\n\
        record Home { rooms : integer in 0 to 9; garden : boolean }\n\
        input {\n\
            home : Home\n\
            pays : list of integer in 0 and above\n\
            spent[1 to 2] : integer?\n\
            bureau on request {\n\
                score : integer in 0 to 999\n\
                rate  : percent?\n\
            }\n\
        }\n\
        define { paid : integer = sum of pays }\n\
        decide outcome : Outcome most severe {\n\
            rule big when home.rooms > 5 and bureau.score < 500 then decline\n\
            rule rest otherwise then approve\n\
        }\n\
        output { paid : integer = paid; garden : boolean = home.garden }\n";
    let facts: Vec<Case> = (0..ROWS)
        .map(|row| Case {
            home: Home {
                rooms: pick(row, 1, &[0, 7, 9, 6, 2, 10]),
                garden: row % 2 == 0,
            },
            pays: (0..row % 4)
                .map(|at| pick(row, at, &[1, 2, 3, 9, 4, -1]))
                .collect(),
            spent: [Some(1), pick(row, 1, &[None, Some(2)])],
            bureau: (row % 3 > 0).then(|| Bureau {
                score: pick(row, 3, &[400, 600, 300, 999, 1_000]),
                rate: pick(row, 1, &[None, Some(0.1)]),
            }),
        })
        .collect();
    let home = column(&facts, |facts| facts.home);
    let pays = column(&facts, |facts| facts.pays.clone());
    let spent = column(&facts, |facts| facts.spent);
    let bureau = column(&facts, |facts| facts.bureau);
    let whole = Columns::new(ROWS)
        .column("home", &home)
        .column("pays", &pays)
        .column("spent", &spent)
        .column("bureau", &bureau);
    alike(policy, UnknownFields::Refuse, &facts, &whole);
    // The same field by field; a group of which a row has nothing is not given.
    let rooms = column(&facts, |facts| facts.home.rooms);
    let garden = column(&facts, |facts| facts.home.garden);
    let [first, second] = [0, 1].map(|at| column(&facts, |facts| facts.spent[at]));
    let score = column(&facts, |facts| facts.bureau.map(|bureau| bureau.score));
    let rate = column(&facts, |facts| facts.bureau.and_then(|bureau| bureau.rate));
    let apart = Columns::new(ROWS)
        .column("home.rooms", &rooms)
        .column("home.garden", &garden)
        .column("pays", &pays)
        .column("spent[1]", &first)
        .column("spent[2]", &second)
        .column("bureau.score", &score)
        .column("bureau.rate", &rate);
    alike(policy, UnknownFields::Refuse, &facts, &apart);
}

#[test]
fn columns_that_do_not_fit_are_refused_before_a_row_is_decided() {
    let policy = TYPES.replace("money(GBP)? in", "money(GBP) in");
    let mut decider = decider(&policy);
    let (ages, texts) = ([30_i64, 40], ["GBP", "JPY"]);
    let incomes = [0_i64, 0];
    let fitting = || {
        Columns::new(2)
            .column("age", ages)
            .column("income", incomes)
            .column("tx.currency", texts)
    };
    assert_eq!(batch(&mut decider, &fitting()).len(), 2);
    let mut refused = |columns: Columns<'_>| {
        let checked = decider.check_columns(&columns).unwrap_err().to_string();
        let decided = decider.decide_batch(day(), &columns, |row, _| panic!("row {row}"));
        let error = decided.unwrap_err();
        assert_eq!(error.to_string(), checked);
        assert!(matches!(error, DecideError::Facts(_)));
        checked
    };
    let long = [30_i64; 3];
    for (columns, words) in [
        (
            fitting().column("tx.amont", ages),
            "there is no input `tx.amont`; did you mean `tx.amount`?",
        ),
        (fitting().column("age", ages), "`age`: it is given twice"),
        (
            fitting().column("score", texts),
            "there is no input `score`; did you mean `bureau.scoreValue`?",
        ),
        (
            fitting().column("bureau.scoreValue", texts),
            "column `bureau.scoreValue` is text, and `bureau.scoreValue` takes a whole number: \
             an integer type fits",
        ),
        (
            fitting().column("holder", ages),
            "column `holder` is a number, and `holder` takes a record of `born`, `phones`, \
             `resident`: a struct that derives `Facts` fits",
        ),
        (
            fitting().column("factor", long),
            "column `factor` has 3 rows, the batch has 2",
        ),
        (
            fitting().column_with("factor", &ages, Validity::Flags(&[true])),
            "the validity of column `factor` is told for 1 rows, the batch has 2",
        ),
        (
            fitting().column_with(
                "factor",
                &ages,
                Validity::Bits {
                    bits: &[3],
                    offset: 7,
                },
            ),
            "the validity of column `factor` is told for 1 rows, the batch has 2",
        ),
        (
            Columns::new(2).column("tx.currency", texts),
            "the batch lacks the required columns `age`, `income`",
        ),
    ] {
        assert_eq!(refused(columns), words);
    }
    let mut lenient = decider.unknown_fields(UnknownFields::Ignore);
    let columns = Columns::new(2)
        .column("aje", ages)
        .column("income", incomes)
        .column("tx.currency", texts);
    let error = lenient.check_columns(&columns).unwrap_err();
    let DecideError::Facts(error) = error else {
        panic!("{error}")
    };
    assert!(matches!(error.problem(), BindProblem::LacksColumns { .. }));
    assert_eq!(
        error.to_string(),
        "the batch lacks the required column `age` (column `aje` is no input)"
    );
}

#[test]
fn a_batch_goes_on_with_its_release_and_ends_where_it_is_told() {
    let before = "policy ages { version \"1\" }\n\
        enum Outcome { approve < decline }\n\
        input { age : integer }\n\
        decide outcome : Outcome most severe {\n\
            rule young when age < 18 then decline\n\
            rule rest otherwise then approve\n\
        }\n";
    let engine = engine(before);
    let mut decider = engine.decider("ages").unwrap();
    let ages: Vec<u32> = (0..100).collect();
    let columns = Columns::new(100).column("age", &ages);
    let behind = before.replace("\"1\"", "\"2\"").replace("18", "21");
    let release = Release::builder().policy("test.krites", behind);
    let mut release = Some(release.build().unwrap());
    let mut declined = 0;
    let done = decider.decide_batch(day(), &columns, |row, decided| {
        if row == 5 {
            engine.publish(release.take().unwrap()).unwrap();
        }
        let decided = decided.unwrap();
        assert_eq!(decided.policy().1, Some("1"));
        declined += usize::from(decided.outcome() == "decline");
    });
    done.unwrap();
    assert_eq!(declined, 18);
    let mut seen = 0;
    let done = decider.try_decide_batch(day(), &columns, |row, decided| {
        let decided = decided.unwrap();
        assert_eq!(decided.policy().1, Some("2"));
        seen += 1;
        match decided.outcome() {
            "approve" => ControlFlow::Break(row),
            _ => ControlFlow::Continue(()),
        }
    });
    assert_eq!((done.unwrap(), seen), (ControlFlow::Break(21), 22));
    let none = Columns::new(0).column("age", [0_i64; 0]);
    let done = decider.decide_batch(day(), &none, |row, _| panic!("row {row}"));
    done.unwrap();
}

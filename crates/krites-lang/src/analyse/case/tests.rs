//! What is said of the cases of small policies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use super::{Case, Cause};
use crate::ir::{Expr, Policy, Value};
use crate::{
    ModelInterface, ModelProblem, ModelSource, Sources, analyse::axis::Axis, check, parse,
};

/// More than any of these takes
const VISITS: u64 = 1_000_000;

struct NoModels;

impl ModelSource for NoModels {
    fn interface(&self, _: &str) -> Result<ModelInterface, ModelProblem> {
        panic!("no models")
    }
}

const HEAD: &str = r#"
policy p { version "1"; on fault refer }
enum Outcome { approve < refer < decline }
enum Job { employed, student, retired }
input {
    age    : integer in 0 to 120
    income : money(GBP) in 0 to 1_000_000
    debt   : money(GBP) in 0 and above
    months : integer in 6 to 84
    job    : Job
    home   : boolean
    score  : integer? in 0 to 999
    kind   : text
    g on request { size : integer in 0 to 9 }
}
function larger(a : integer, b : integer) : integer = if a > b then a else b
table caps first match -> cap : money(GBP), note : text? {
    | age      | cap    | note  |
    |----------|--------|-------|
    | below 25 | 500    | "low" |
    | up to 60 | 10_000 | -     |
    | any      | 1_000  | "old" |
}
decide outcome : Outcome most severe { rule rest otherwise then approve }
"#;

fn policy(conditions: &str) -> Policy {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let source = sources.add("p.krites", format!("{HEAD}define {{\n{conditions}\n}}\n"));
    let file = parse(&sources, source, &mut diagnostics);
    let policy = check(&file, &NoModels, &mut diagnostics);
    policy.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

fn named<'p>(policy: &'p Policy, name: &str) -> &'p Expr {
    let mut all = policy.definitions.iter();
    &all.find(|found| *found.name == *name).expect(name).value
}

/// Tells whether a condition may hold and whether it may not.
fn truth(condition: &str) -> (bool, bool) {
    let policy = policy(&format!("c = {condition}"));
    let truth = Case::within(&policy, VISITS).truth(named(&policy, "c"));
    (truth.may_hold, truth.may_fail)
}

/// What a value may be where a condition holds.
fn left(condition: &str, input: &str) -> String {
    let policy = policy(&format!("c = {condition}"));
    let case = Case::within(&policy, VISITS).assume(named(&policy, "c"), true);
    let id = policy.inputs.iter_ids();
    let (id, _) = id
        .into_iter()
        .find(|(_, found)| *found.name == *input)
        .unwrap();
    let value = Value::Input(id);
    let Some(case) = case else {
        return "nothing".to_owned();
    };
    let domain = crate::analyse::domain::Domain::of_value(&policy, value).unwrap();
    let set = case.value(value, &Vec::new()).set;
    let axis = Axis::new(domain, [&set].into_iter());
    axis.words(&policy, &axis.place(&set))
}

const EITHER: (bool, bool) = (true, true);
const HOLDS: (bool, bool) = (true, false);
const FAILS: (bool, bool) = (false, true);

#[test]
fn comparisons_go_by_declared_ranges() {
    assert_eq!(truth("age < 18"), EITHER);
    assert_eq!(truth("age <= 120"), HOLDS);
    assert_eq!(truth("age > 120"), FAILS);
    assert_eq!(truth("age in 0 to 120"), HOLDS);
    assert_eq!(truth("age is one of [121, 130]"), FAILS);
    assert_eq!(truth("age + months < 205"), HOLDS);
    assert_eq!(truth("age - months > 114"), FAILS);
    assert_eq!(truth("income / months <= 166_667"), HOLDS);
    assert_eq!(truth("larger(age, 18) >= 18"), HOLDS);
    assert_eq!(truth("score is present"), EITHER);
    assert_eq!(truth("(score if missing -1) >= -1"), HOLDS);
    assert_eq!(truth("kind is \"a\""), EITHER);
}

#[test]
fn parts_of_a_condition_know_of_each_other() {
    assert_eq!(truth("age < 18 and age >= 18"), FAILS);
    assert_eq!(truth("age < 18 or age >= 18"), HOLDS);
    assert_eq!(truth("age < 18 and age >= 17"), EITHER);
    assert_eq!(
        truth("job is student and job is one of [employed, retired]"),
        FAILS
    );
    assert_eq!(truth("home or not home"), HOLDS);
    assert_eq!(truth("debt > income and debt < 0"), FAILS);
    assert_eq!(truth("score is present and score > 999"), FAILS);
    assert_eq!(
        truth("kind is \"a\" and kind is one of [\"b\", \"c\"]"),
        FAILS
    );
    assert_eq!(truth("not (age < 18 or home) and home"), FAILS);
}

#[test]
fn choices_and_tables_are_seen_through() {
    assert_eq!(truth("(if age < 18 then 1 else 2) > 2"), FAILS);
    assert_eq!(
        truth("age < 18 and (if age < 25 then 1 else 2) is 2"),
        FAILS
    );
    assert_eq!(truth("age < 25 and caps.cap > 500"), FAILS);
    assert_eq!(truth("caps.cap <= 10_000"), HOLDS);
    assert_eq!(truth("caps.note is present and caps.cap is 10_000"), FAILS);
    assert_eq!(
        truth("(match job { student : 1, employed : 2, retired : 3 }) in 1 to 3"),
        HOLDS
    );
    assert_eq!(
        truth("job is student and (match job { student : 1, employed, retired : 3 }) > 1"),
        FAILS
    );
}

#[test]
fn a_condition_narrows_what_it_names() {
    assert_eq!(left("age < 18", "age"), "0 to 17");
    assert_eq!(left("not (age < 18)", "age"), "18 to 120");
    assert_eq!(left("age < 18 or age > 64", "age"), "0 to 17, 65 to 120");
    assert_eq!(
        left("age in 18 to below 65 and age is not 20", "age"),
        "18 to 19, 21 to 64"
    );
    assert_eq!(left("caps.cap > 5_000", "age"), "25 to 60");
    assert_eq!(left("(if home then age else 0) > 30", "home"), "true");
    assert_eq!(left("(if home then age else 0) > 30", "age"), "31 to 120");
    assert_eq!(
        left(
            "(match job { student : 1, employed, retired : 2 }) is 2",
            "job"
        ),
        "employed, retired"
    );
    assert_eq!(left("(score if missing 0) > 10", "score"), "11 to 999");
    assert_eq!(left("age > 200", "age"), "nothing");
    assert_eq!(left("g.size > 3", "g.size"), "4 to 9");
}

#[test]
fn faults_are_told_by_what_they_come_of() {
    let policy = policy(
        "a = g.size > 3\nb = debt * 2 > 5\nc = income * 2 > 5\nd = (score if missing fault) > 1",
    );
    let case = Case::within(&policy, VISITS);
    let faults = |case: &Case<'_>, name| {
        let faults = case.truth(named(&policy, name)).faults;
        faults.into_iter().collect::<Vec<Cause>>()
    };
    let group = Cause::Group(crate::Id::new(0));
    assert_eq!(faults(&case, "a"), [group]);
    assert_eq!(faults(&case, "b"), [Cause::Computed]);
    assert_eq!(faults(&case, "c"), []);
    assert_eq!(faults(&case, "d"), [Cause::Computed]);
    let given = case.assume_fails(group, false).unwrap();
    assert_eq!(faults(&given, "a"), []);
    let absent = case.assume_fails(group, true).unwrap();
    let truth = absent.truth(named(&policy, "a"));
    assert!(!truth.may_hold && !truth.may_fail);
    // What came to something did not fail
    let seen = case.assume(named(&policy, "a"), false).unwrap();
    assert_eq!(faults(&seen, "a"), []);
}

#[test]
fn work_that_is_used_up_proves_nothing() {
    let policy = policy("a = age > 200");
    let case = Case::within(&policy, 1);
    let truth = case.truth(named(&policy, "a"));
    assert!(case.is_used_up() && truth.may_hold && truth.may_fail);
}

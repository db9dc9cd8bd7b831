//! Inputs on request as a host meets them: a case that waits for a group, is given
//! it, refused it, or set aside while releases change; and the same case with
//! everything given at once, in every form.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use krites::{
    Case, Date, DecideError, Decider, Engine, Envelope, GroupState, PublishError, Release, Step,
};
use serde::Serialize;
use serde_json::{Value, json};

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn build(text: &str) -> Release {
    match Release::builder().policy("loans.krites", text).build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    }
}

const LOANS: &str = r#"
policy loans { version "1"; on fault refer because M00 }

reason R07 "Debts too high"
reason M00 "Not computed"
reason M02 "No report"

enum Outcome { approve < refer < decline }
record Account { balance : money(GBP); note : text? private }

input {
    age    : integer in 0 to 120
    amount : money(GBP) in 0 and above
    bureau on request from "creditReport" {
        score    : integer? in 0 to 999 missing when -1
        debt     : money(GBP) in 0 and above from "totalDebt"
        accounts : list of Account
        extra    : text?
        limit    : money(GBP) default 5
        as_of    : date
        stale after 30 days
        on fault refer because M02
    }
    fraud on request { hits : integer in 0 and above; }
}

decide outcome : Outcome most severe {
    rule young when age < 18 then decline
    stop once decline
    rule indebted when amount > 1_000 and bureau.debt > amount / 2 then refer because R07
    rule many when amount > 2_000 and count of bureau.accounts > 3 then refer
    rule fraud when amount > 5_000 and fraud.hits > 0 then decline
    rule rest otherwise then approve
}

output {
    when amount > 1_000 {
        score : integer? = bureau.score
        limit : money(GBP) = bureau.limit
    }
}

reasons { for refer : rules that spoke }
"#;

fn decider() -> Decider {
    Engine::new(build(LOANS)).decider("loans").unwrap()
}

fn report() -> Value {
    json!({
        "score": 640, "totalDebt": "100.50", "as_of": "2026-11-01",
        "accounts": [{"balance": 10}, {"balance": "20.00", "note": "secret"}],
    })
}

fn application(amount: u32) -> Value {
    json!({"age": 40, "amount": amount})
}

fn with_report(amount: u32) -> Value {
    let mut facts = application(amount);
    facts["creditReport"] = report();
    facts
}

/// A case that waits for its report.
fn waiting(engine: &Engine, amount: u32) -> Case {
    let mut case = engine
        .open("loans", day(), &application(amount), &[])
        .unwrap();
    match case.step().unwrap() {
        Step::Needs(needs) => assert_eq!(needs.group(), Some("creditReport")),
        Step::Decided(decision) => panic!("decided: {}", decision.outcome()),
    }
    case
}

/// The canonical bytes of a case that is decided.
fn finished(case: &mut Case) -> (String, Vec<u8>) {
    match case.step().unwrap() {
        Step::Decided(decision) => (decision.outcome().to_owned(), decision.canonical()),
        Step::Needs(needs) => panic!("it waits for {needs}"),
    }
}

#[test]
fn a_case_asks_for_a_group_only_where_a_rule_does() {
    let engine = Engine::new(build(LOANS));
    for facts in [
        json!({"age": 17, "amount": 1_000}),
        json!({"age": 40, "amount": 900}),
    ] {
        let mut case = engine.open("loans", day(), &facts, &[]).unwrap();
        let Step::Decided(decision) = case.step().unwrap() else {
            panic!("it waits");
        };
        let groups: Vec<_> = decision.groups().collect();
        assert_eq!(groups[0].name, "bureau");
        assert!(
            groups
                .iter()
                .all(|group| group.state == GroupState::Awaited)
        );
        assert!(decision.to_owned().groups_asked().is_empty());
    }
    let mut case = waiting(&engine, 9_000);
    // Asked again it says the same: all that may be given, by its names on the wire.
    let Step::Needs(needs) = case.step().unwrap() else {
        panic!("decided without a report");
    };
    let names = ["score", "totalDebt", "extra", "limit", "as_of", "accounts"];
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("creditReport.{name}"))
        .collect();
    assert_eq!(needs.fields(), names);

    case.give_group("creditReport", &report()).unwrap();
    let Step::Needs(needs) = case.step().unwrap() else {
        panic!("nobody knows the hits");
    };
    assert_eq!((needs.group(), needs.fields().len()), (Some("fraud"), 1));
    case.give_json(r#"{"fraud.hits": 0}"#).unwrap();
    let Step::Decided(decision) = case.step().unwrap() else {
        panic!("everything is there");
    };
    assert_eq!(decision.outcome(), "approve");
    assert_eq!(decision.output("score").unwrap().to_string(), "640");
    assert_eq!(decision.output("limit").unwrap().to_string(), "5");
    let groups: Vec<_> = decision.groups().collect();
    assert!(groups.iter().all(|group| group.state == GroupState::Asked));
    assert_eq!(groups[0].as_of, Date::new(2026, 11, 1));
    assert_eq!(groups[1].as_of, None);
    assert_eq!(decision.to_owned().groups_asked(), ["bureau", "fraud"]);
}

#[test]
fn step_by_step_is_as_all_at_once() {
    let engine = Engine::new(build(LOANS));
    let mut decider = engine.decider("loans").unwrap();
    for amount in [500, 1_500, 2_500, 9_000] {
        for debt in ["0", "800", "5000"] {
            let mut facts = with_report(amount);
            facts["creditReport"]["totalDebt"] = debt.into();
            facts["fraud"] = json!({"hits": 1});
            let at_once = decider.decide(day(), &facts).unwrap().canonical();
            let mut case = engine
                .open("loans", day(), &application(amount), &[])
                .unwrap();
            let canonical = loop {
                let needs = match case.step().unwrap() {
                    Step::Decided(decision) => break decision.canonical(),
                    Step::Needs(needs) => needs,
                };
                let group = needs.group().unwrap();
                case.give_group(group, &facts[group]).unwrap();
            };
            assert_eq!(canonical, at_once, "{amount}, {debt}");
        }
    }
}

#[test]
fn what_will_not_come_is_the_groups_fault() {
    let engine = Engine::new(build(LOANS));
    let mut plain = engine.decider("loans").unwrap();
    let decision = plain.decide(day(), &application(1_500)).unwrap_err();
    // The rule's fault is handled, the output's is not: it names the group.
    assert_eq!(
        decision.to_string(),
        "output `score` could not be computed: `bureau` is not given"
    );
    let text = LOANS.replace(
        "when amount > 1_000 {",
        "when outcome is approve and amount > 1_000 {",
    );
    let engine = Engine::new(build(&text));
    let mut plain = engine.decider("loans").unwrap();
    let decision = plain.decide(day(), &application(1_500)).unwrap();
    assert_eq!(decision.outcome(), "refer");
    let codes: Vec<&str> = decision.reasons().map(|reason| reason.code).collect();
    assert_eq!(codes, ["M02"]);
    let voice = decision.spoken().next().unwrap();
    assert_eq!((voice.name, voice.fault), ("bureau", true));
    let at_once = decision.canonical();

    let mut case = waiting(&engine, 1_500);
    case.refuse("creditReport").unwrap();
    assert_eq!(finished(&mut case), ("refer".to_owned(), at_once));
    // It went on without the report.
    let error = case.give(&json!({"creditReport": report()})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`bureau` (`creditReport` on the wire): the case went on without it: it was refused"
    );
    for group in ["creditReport", "bureau", "nonsense"] {
        let error = case.refuse(group).unwrap_err();
        assert!(matches!(error, DecideError::NotAwaited { .. }), "{error}");
    }
    // One that is refused before it is asked for may still come until then.
    let mut case = engine
        .open("loans", day(), &application(1_500), &[])
        .unwrap();
    case.refuse("creditReport").unwrap();
    case.give_group("creditReport", &report()).unwrap();
    assert_eq!(finished(&mut case).0, "approve");
}

#[test]
fn what_is_refused_of_a_group_harms_nothing() {
    let engine = Engine::new(build(LOANS));
    let mut case = waiting(&engine, 1_500);
    let mut refused = |facts: Value, words: &str| {
        let error = case.give(&facts).unwrap_err().to_string();
        assert_eq!(error, words);
        let Step::Needs(needs) = case.step().unwrap() else {
            panic!("it was decided by what was refused: {facts}");
        };
        assert_eq!(needs.group(), Some("creditReport"));
    };
    let with = |name: &str, value: Value| {
        let mut facts = json!({"creditReport": report()});
        facts["creditReport"][name] = value;
        facts
    };
    refused(
        with("score", 1_000.into()),
        "`bureau.score` (`creditReport.score` on the wire): 1000 lies outside the range 0 to 999",
    );
    refused(
        with("as_of", Value::Null),
        "`bureau.as_of` (`creditReport.as_of` on the wire): it may not be missing",
    );
    refused(
        with("accounts", Value::Null),
        "`bureau.accounts` (`creditReport.accounts` on the wire): it is required and was not given",
    );
    refused(
        with("scores", 3.into()),
        "there is no input `creditReport.scores`; did you mean `creditReport.score`?",
    );
    refused(
        json!({"creditReport": {"totalDebt": 5, "accounts": []}}),
        "`bureau.as_of` (`creditReport.as_of` on the wire): it is required and was not given",
    );
    refused(
        json!({"creditReport": report(), "age": 41}),
        "`age`: it is given twice",
    );
    for nothing in [
        json!({}),
        json!({"creditReport": null}),
        json!({"creditReport": {}}),
        json!({"creditReport": {"score": null, "totalDebt": null, "accounts": null}}),
        json!({"creditReport": {"score": -1}}),
    ] {
        refused(
            nothing,
            "nothing is given: what will not come is refused by its name",
        );
    }
    case.give(&json!({"creditReport": report()})).unwrap();
    let error = case.give(&json!({"creditReport": report()})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`bureau` (`creditReport` on the wire): it is given twice"
    );
    assert_eq!(finished(&mut case).0, "approve");
}

/// Facts of a host's own types: the report may be there or not
#[derive(Serialize)]
struct Facts {
    age: u8,
    amount: u32,
    #[serde(rename = "creditReport")]
    bureau: Option<Report>,
}

#[derive(Serialize)]
struct Report {
    score: Option<i32>,
    #[serde(rename = "totalDebt")]
    debt: u32,
    accounts: Vec<Account>,
    as_of: String,
}

#[derive(Serialize)]
struct Account {
    balance: u32,
}

#[test]
fn a_group_is_given_or_not_in_every_form_of_facts() {
    let mut decider = decider();
    let facts = |bureau| Facts {
        age: 40,
        amount: 500,
        bureau,
    };
    let full = || Report {
        score: Some(640),
        debt: 100,
        accounts: vec![Account { balance: 3 }],
        as_of: "2026-11-01".to_owned(),
    };
    let state = |decider: &mut Decider, facts: &Facts| {
        let decision = decider.decide(day(), facts).unwrap();
        decision.groups().next().unwrap().state
    };
    assert_eq!(state(&mut decider, &facts(Some(full()))), GroupState::Given);
    assert_eq!(state(&mut decider, &facts(None)), GroupState::NotGiven);
    for json in [
        r#"{"age": 40, "amount": 500}"#,
        r#"{"age": 40, "amount": 500, "creditReport": null, "fraud": null}"#,
        r#"{"age": 40, "amount": 500, "creditReport": {}, "fraud.hits": null}"#,
        r#"{"age": 40, "amount": 500, "creditReport.as_of": null, "creditReport.score": null}"#,
    ] {
        let decision = decider.decide_json(day(), json).unwrap();
        let states: Vec<_> = decision.groups().map(|group| group.state).collect();
        assert_eq!(
            states,
            [GroupState::NotGiven, GroupState::NotGiven],
            "{json}"
        );
    }
    let dotted = r#"{"age": 40, "amount": 500, "creditReport.as_of": "2026-11-01",
        "creditReport.totalDebt": 3, "creditReport": {"accounts": []}}"#;
    let decision = decider.decide_json(day(), dotted).unwrap();
    assert_eq!(decision.groups().next().unwrap().state, GroupState::Given);
    // Given, and so held against its types, though nothing asks for it.
    let error = decider
        .decide_json(
            day(),
            r#"{"age": 17, "amount": 1, "creditReport": {"totalDebt": 3}}"#,
        )
        .unwrap_err();
    assert!(error.to_string().contains("creditReport.as_of"), "{error}");
}

#[test]
fn rows_without_a_groups_columns_or_fields_do_not_give_it() {
    let mut decider = decider();
    let columns = decider.columns(["age", "amount"]).unwrap();
    let row = |fields: &[&str]| csv::StringRecord::from(fields.to_vec());
    let state = |decision: krites::Decision<'_>| decision.groups().next().unwrap().state;
    let decision = decider.decide_row(day(), &columns, &row(&["40", "500"]));
    assert_eq!(state(decision.unwrap()), GroupState::NotGiven);

    let header = [
        "age",
        "amount",
        "creditReport.totalDebt",
        "creditReport.as_of",
        "creditReport.accounts",
    ];
    let columns = decider.columns(header).unwrap();
    let decision = decider.decide_row(day(), &columns, &row(&["40", "500", "", "", ""]));
    assert_eq!(state(decision.unwrap()), GroupState::NotGiven);
    let full = ["40", "500", "3", "2026-11-01", "[]"];
    let decision = decider.decide_row(day(), &columns, &row(&full));
    assert_eq!(state(decision.unwrap()), GroupState::Given);
    let part = ["40", "500", "3", "", "[]"];
    let error = decider
        .decide_row(day(), &columns, &row(&part))
        .unwrap_err();
    assert!(
        error.to_string().contains("it may not be missing"),
        "{error}"
    );
    // Columns of a part of it are a mistake of the file.
    let error = decider
        .columns(["age", "amount", "creditReport.score"])
        .unwrap_err();
    for lacking in [
        "creditReport.totalDebt",
        "creditReport.as_of",
        "creditReport.accounts",
    ] {
        assert!(error.to_string().contains(lacking), "{error}");
    }
    assert!(!error.to_string().contains("fraud"), "{error}");
}

#[test]
fn the_record_says_which_groups_were_asked_for() {
    let mut decider = decider();
    let mut record = |facts: &Value| {
        let decision = decider.decide(day(), facts).unwrap();
        let record = decision.record(Envelope::default());
        let result = String::from_utf8(record.canonical().to_vec()).unwrap();
        (serde_json::to_value(&record).unwrap(), result)
    };
    let (json, result) = record(&with_report(1_500));
    assert_eq!(
        json["groups"],
        json!({"bureau": {"state": "asked", "as_of": "2026-11-01"}, "fraud": {"state": "not given"}})
    );
    assert!(
        result.contains(r#""asked":{"bureau":"2026-11-01"}"#),
        "{result}"
    );
    assert_eq!(
        json["inputs"]["bureau.score"],
        json!({"state": "given", "private": false, "value": "640"})
    );
    assert_eq!(json["inputs"]["bureau.limit"]["state"], "defaulted");
    assert_eq!(json["inputs"]["bureau.extra"]["state"], "missing");
    assert_eq!(
        json["inputs"]["fraud.hits"],
        json!({"state": "not given", "private": false})
    );
    assert!(!json.to_string().contains("secret"));

    // Given and not asked for, its values stand in the record all the same.
    let (json, result) = record(&with_report(500));
    assert_eq!(json["groups"]["bureau"]["state"], "given");
    assert_eq!(json["inputs"]["bureau.score"]["value"], "640");
    assert_eq!(json["inputs"]["bureau.limit"]["value"], "5");
    assert_eq!(
        json["inputs"]["bureau.accounts"]["value"],
        r#"[{"balance":10},{"balance":20}]"#
    );
    assert!(result.contains(r#""asked":{}"#), "{result}");

    let (json, _) = record(&application(500));
    assert_eq!(json["groups"]["bureau"], json!({"state": "not given"}));
    assert_eq!(
        json["inputs"]["bureau.accounts"],
        json!({"state": "not given", "private": false})
    );

    // A stale report: what was given, and the fault.
    let mut stale = with_report(1_500);
    stale["creditReport"]["as_of"] = "2026-10-22".into();
    let text = LOANS.replace("when amount > 1_000 {", "when outcome is approve {");
    let text = text.replace("score : integer? = bureau.score", "score : integer? = 3");
    let text = text.replace(
        "limit : money(GBP) = bureau.limit",
        "limit : money(GBP) = 3",
    );
    let mut decider = Engine::new(build(&text)).decider("loans").unwrap();
    let decision = decider.decide(day(), &stale).unwrap();
    assert_eq!(decision.outcome(), "refer");
    let json = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(
        json["groups"]["bureau"],
        json!({"state": "fault", "as_of": "2026-10-22"})
    );
    assert_eq!(json["inputs"]["bureau.score"]["value"], "640");
    assert_eq!(json["faults"][0]["fault"], "`bureau` is stale");
}

#[test]
fn a_private_group_stays_inside() {
    let text = LOANS.replace("from \"creditReport\" {", "from \"creditReport\" private {");
    let mut decider = Engine::new(build(&text)).decider("loans").unwrap();
    let decision = decider.decide(day(), &with_report(1_500)).unwrap();
    let record = decision.record(Envelope::default());
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(json["groups"]["bureau"], json!({"state": "asked"}));
    assert!(!json["inputs"].to_string().contains("640"));
    assert!(
        json["result"]
            .as_str()
            .unwrap()
            .contains(r#""asked":{"bureau":null}"#)
    );
    let mut wrong = with_report(1_500);
    wrong["creditReport"]["score"] = 4_711.into();
    let error = decider.decide(day(), &wrong).unwrap_err();
    assert!(!error.to_string().contains("4711"), "{error}");
}

/// Thousands of cases wait on several threads while another one publishes: each ends
/// on the release that it began with.
#[test]
fn cases_that_wait_end_on_the_release_they_began_with() {
    const THREADS: u64 = 4;
    const ROUNDS: u64 = 60;
    const AT_ONCE: u64 = 25;
    let release = |version: u64| {
        // Each version has a limit of its own, so that its decisions are told apart.
        let text = LOANS
            .replace("version \"1\"", &format!("version \"{version}\""))
            .replace("default 5", &format!("default {version}"));
        Arc::new(build(&text))
    };
    let releases: Vec<Arc<Release>> = (1..=8).map(release).collect();
    let engine = Engine::new(releases[0].clone());
    let (stop, crossed) = (AtomicBool::new(false), AtomicU64::new(0));
    let finish = |mut case: Case, began: &Arc<Release>, version: &str| match case.step().unwrap() {
        Step::Decided(decision) => {
            assert!(Arc::ptr_eq(decision.release(), began));
            assert_eq!(decision.policy().1, Some(version));
            assert_eq!(decision.output("limit").unwrap().to_string(), version);
            if !Arc::ptr_eq(engine.deployment().release(), began) {
                crossed.fetch_add(1, Ordering::Relaxed);
            }
        }
        Step::Needs(needs) => panic!("it waits for {needs}"),
    };
    thread::scope(|scope| {
        let publisher = scope.spawn(|| {
            let mut turn = 0;
            while !stop.load(Ordering::Relaxed) {
                turn = (turn + 1) % releases.len();
                engine.publish(releases[turn].clone()).unwrap();
                thread::yield_now();
            }
        });
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..ROUNDS {
                        let cases: Vec<Case> =
                            (0..AT_ONCE).map(|_| waiting(&engine, 1_500)).collect();
                        // Each is given its report on another thread than it began on.
                        let answered = thread::scope(|scope| {
                            let answer = |mut case: Case| {
                                case.give_group("creditReport", &report()).unwrap();
                                case
                            };
                            let done = scope.spawn(move || {
                                cases.into_iter().map(answer).collect::<Vec<Case>>()
                            });
                            done.join().unwrap()
                        });
                        for case in answered {
                            let began = case.release().clone();
                            let found = releases.iter().position(|one| Arc::ptr_eq(one, &began));
                            let version = (found.unwrap() + 1).to_string();
                            finish(case, &began, &version);
                        }
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
        stop.store(true, Ordering::Relaxed);
        publisher.join().unwrap();
    });
    let (all, crossed) = (THREADS * ROUNDS * AT_ONCE, crossed.into_inner());
    println!("{all} cases waited, {crossed} of them across a publication");
    assert!(crossed > all / 10, "{crossed} of {all}");
}

#[test]
fn a_case_that_waits_keeps_its_release_alive_and_no_longer() {
    let first = Arc::new(build(LOANS));
    let engine = Engine::new(first.clone());
    let mut case = waiting(&engine, 1_500);
    let second = build(&LOANS.replace("version \"1\"", "version \"2\""));
    drop(engine.publish(second).unwrap());
    let third = build(&LOANS.replace("version \"1\"", "version \"3\""));
    drop(engine.publish(third).unwrap());
    assert!(
        Arc::strong_count(&first) > 1,
        "the case let go of its release"
    );
    case.give_group("creditReport", &report()).unwrap();
    assert_eq!(finished(&mut case).0, "approve");
    drop(case);
    assert_eq!(Arc::strong_count(&first), 1);
}

#[test]
fn what_a_release_changes_of_groups_is_told() {
    let changes = |from: &str, to: &str| {
        let engine = Engine::new(build(from));
        match engine.publish(build(to)) {
            Ok(_) => Vec::new(),
            Err(PublishError::SchemaChange { changes }) => {
                changes.iter().map(ToString::to_string).collect()
            }
            Err(error) => panic!("{error}"),
        }
    };
    const PLAIN: &str = r#"
policy p { version "1"; on fault refer }
enum Outcome { approve < refer }
input { age : integer; bureau.score : integer; bureau.note : text? }
decide outcome : Outcome most severe { rule a when age < 18 then refer; rule rest otherwise then approve }
"#;
    let group = |inside: &str| {
        let block = format!("age : integer; bureau on request {{ {inside} }} }}");
        PLAIN.replace(
            "age : integer; bureau.score : integer; bureau.note : text? }",
            &block,
        )
    };
    let none: [&str; 0] = [];
    let same = group("score : integer; note : text?");
    // What was required may be left out, and comes by the same names.
    assert_eq!(changes(PLAIN, &same), none);
    assert_eq!(
        changes(&same, &same.replace("{ score", "{ more : text?; score")),
        none
    );
    assert_eq!(
        changes(&same, PLAIN),
        ["input `bureau.score` of `p` was integer and is integer, required"]
    );
    // Whoever gives the group is refused without what is new in it.
    assert_eq!(
        changes(
            &same,
            &group("score : integer; note : text?; debt : integer")
        ),
        ["input `bureau.debt` of `p` is new and required"]
    );
    assert_eq!(
        changes(&same, &group("score : integer; note : text")),
        ["input `bureau.note` of `p` was text? and is text, required"]
    );
    assert_eq!(
        changes(&same, &group("score : decimal; note : text?")),
        ["input `bureau.score` of `p` was integer and is decimal"]
    );
    let two = PLAIN.replace(
        "note : text? }",
        "note : text?; fraud on request { hits : integer; names : list of text } }",
    );
    assert_eq!(
        changes(PLAIN, &two),
        ["`fraud` of `p` is new and given on request: without it, asking for it is a fault"]
    );
    assert_eq!(
        changes(&two, PLAIN),
        [
            "input `fraud.hits` of `p` is gone",
            "input `fraud.names` of `p` is gone"
        ]
    );
}

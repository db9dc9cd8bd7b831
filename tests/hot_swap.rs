//! Releases are swapped while decisions run: one decision, one release.
//!
//! `KRITES_LONG=1 cargo test --release --test hot_swap -- --nocapture` runs the
//! swap under load for ten seconds and prints what it counted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/hosted.rs"]
mod hosted;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use krites::lang::OutputValue;
use krites::{
    Date, Decider, Decision, Engine, Envelope, LoadError, PublishError, Release, ReleaseBuilder,
    SchemaChange, Step,
};
use krites_model::ElementType;
use krites_model::testing::ModelBuilder;
use serde::Serialize;

use hosted::hosted;

const THREADS: usize = 8;
const VERSIONS: u32 = 16;

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

#[derive(Serialize)]
struct Facts {
    x: u32,
}

/// A model file that answers `answer` whatever it is fed.
fn onnx(answer: f32) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .floats("nothing", &[1], &[0.0])
        .floats("answer", &[1], &[answer])
        .node("Mul", &["x", "nothing"], &["zero"], &[])
        .node("Add", &["zero", "answer"], &["y"], &[])
        .build()
}

/// The same with an input of another name, or of another width.
fn onnx_of_another_interface(input: &str, width: i64) -> Vec<u8> {
    let zeros = vec![0.0; usize::try_from(width).unwrap()];
    ModelBuilder::new()
        .input(input, ElementType::Float, &[-1, width])
        .output("y", ElementType::Float, &[-1, 1])
        .floats("zeros", &[width, 1], &zeros)
        .node("MatMul", &[input, "zeros"], &["y"], &[])
        .build()
}

/// A policy that carries its version in its header, a table's cell, a row's name
/// and an output.
fn policy(version: u32) -> String {
    format!(
        r#"
policy swap {{
    version "{version}"
}}

enum Outcome {{ accept < refuse }}

input {{ x : integer in 0 to 1_000 }}

model file from "file.onnx" {{
    feed {{ x }}
    give version : decimal = y
    on fault refuse
}}

model hosted from "hosted" {{
    feed {{ x }}
    give version : decimal = y
    on fault refuse
}}

table part first match -> verdict : Outcome, version : integer {{
    | id       | x         | verdict | version   |
    |----------|-----------|---------|-----------|
    | L{version} | below 500 | accept  | {version} |
    | H{version} | any       | refuse  | {version} |
}}

decide outcome : Outcome most severe {{
    evaluate part.verdict
}}

output {{
    by_text  : integer = {version}
    by_table : integer = part.version
    by_file  : decimal = file.version
    by_host  : decimal = hosted.version
}}

test "the lower half is accepted" {{
    given  with x = 3
    expect outcome = accept, by_table = {version}, by_file = {version}, by_host = {version}
}}
"#
    )
}

#[expect(clippy::cast_precision_loss, reason = "versions are small")]
fn builder(version: u32) -> ReleaseBuilder {
    let (model, _) = hosted(move |_| Ok(version as f32));
    Release::builder()
        .policy("swap.krites", policy(version))
        .model("file.onnx", onnx(version as f32))
        .host_model("hosted", model, &version.to_le_bytes())
}

fn release(version: u32) -> Arc<Release> {
    Arc::new(builder(version).build().unwrap())
}

/// The version that all parts of a decision agree on.
fn version_of(decision: &Decision<'_>, releases: &[Arc<Release>], x: u32) -> Option<u32> {
    let version: u32 = decision.policy().1?.parse().ok()?;
    let text = version.to_string();
    let own = &releases[version as usize - 1];
    let outputs = ["by_text", "by_table", "by_file", "by_host"]
        .iter()
        .all(|name| {
            decision
                .output(name)
                .is_some_and(|value| value.to_string() == text)
        });
    let answers = decision
        .answers()
        .all(|(_, value)| value.is_some_and(|value| value.to_string() == text));
    let row = format!("{}{version}", if x < 500 { 'L' } else { 'H' });
    let rows = decision
        .rows()
        .all(|(_, chosen)| chosen == Some(row.as_str()));
    let outcome = decision.outcome() == if x < 500 { "accept" } else { "refuse" };
    let same_release = Arc::ptr_eq(decision.release(), own);
    (outputs && answers && rows && outcome && same_release).then_some(version)
}

/// Tells whether the record names the release, policy and models of `version`,
/// and holds its canonical bytes.
fn record_agrees(decision: &Decision<'_>, releases: &[Arc<Release>], version: u32) -> bool {
    let own = &releases[version as usize - 1];
    let part = own.policy("swap").unwrap();
    let record = decision.record(Envelope::default());
    let canonical = String::from_utf8(record.canonical().to_vec()).unwrap();
    let json = serde_json::to_value(&record).unwrap();
    let models = json["models"].as_array().unwrap();
    json["release"] == own.fingerprint().to_string()
        && json["policy"]["version"].as_str() == Some(&version.to_string())
        && json["policy"]["hash"] == part.part().hash().to_string()
        && models.len() == 2
        && models
            .iter()
            .zip(part.models())
            .all(|(shown, model)| shown["hash"] == model.hash().to_string())
        && json["result"] == canonical
        && canonical.contains(&format!("\"version\":\"{version}\""))
        && canonical.contains(&format!("\"file.version\":\"{version}\""))
        && canonical.contains(&format!("\"hosted.version\":\"{version}\""))
        && canonical.contains(&format!("\"by_table\":\"{version}\""))
}

/// What one thread saw
#[derive(Default)]
struct Tally {
    /// Decisions by version
    decided: Vec<u64>,
    failed: u64,
    mixed: u64,
}

impl Tally {
    fn count(&mut self, version: Option<u32>) {
        self.decided.resize(VERSIONS as usize, 0);
        match version {
            Some(version) => self.decided[version as usize - 1] += 1,
            None => self.mixed += 1,
        }
    }
}

/// Decides in every way there is until told to stop.
fn decide_all(
    engine: &Engine,
    releases: &[Arc<Release>],
    worker: usize,
    stop: &AtomicBool,
) -> Tally {
    let mut tally = Tally::default();
    let mut decider: Decider = engine.decider("swap").unwrap();
    let mut turn = u32::try_from(worker).unwrap();
    while !stop.load(Ordering::Relaxed) {
        turn = turn.wrapping_add(1);
        let x = turn.wrapping_mul(389) % 1_001;
        let facts = Facts { x };
        // Most decisions go the common way.
        match turn % 16 {
            0 => match engine.decide("swap", day(), &facts) {
                Err(_) => tally.failed += 1,
                Ok(decision) => {
                    let version: u32 = decision.policy().1.unwrap().parse().unwrap();
                    let agree = ["by_text", "by_table", "by_file", "by_host"]
                        .iter()
                        .all(|name| decision.output(name) == decision.policy().1);
                    let same = Arc::ptr_eq(decision.release(), &releases[version as usize - 1]);
                    tally.count((agree && same).then_some(version));
                }
            },
            1 => {
                let mut case = engine
                    .open("swap", day(), &serde_json::json!({}), &["x"])
                    .unwrap();
                let waits =
                    matches!(case.step(), Ok(Step::Needs(needs)) if needs.fields() == ["x"]);
                case.give(&facts).unwrap();
                match case.step() {
                    Ok(Step::Decided(decision)) if waits => {
                        tally.count(version_of(&decision, releases, x));
                    }
                    _ => tally.failed += 1,
                }
            }
            2 => match decider.decide_json(day(), &format!("{{\"x\":{x}}}")) {
                Err(_) => tally.failed += 1,
                Ok(decision) => {
                    let version = version_of(&decision, releases, x);
                    let agrees =
                        version.is_some_and(|version| record_agrees(&decision, releases, version));
                    tally.count(version.filter(|_| agrees));
                }
            },
            _ => match decider.decide(day(), &facts) {
                Err(_) => tally.failed += 1,
                Ok(decision) => tally.count(version_of(&decision, releases, x)),
            },
        }
    }
    tally
}

/// Publishes about a thousand times a second, for `span` and until there were
/// `wanted`; gives up after a minute.
fn publish_all(engine: &Engine, releases: &[Arc<Release>], span: Duration, wanted: u64) -> u64 {
    let begun = Instant::now();
    let mut published = 0_u64;
    while begun.elapsed() < span || published < wanted {
        if begun.elapsed() > Duration::from_mins(1) {
            break;
        }
        let due = u64::try_from(begun.elapsed().as_millis()).unwrap() + 1;
        if published >= due {
            thread::sleep(Duration::from_micros(300));
            continue;
        }
        let current = usize::try_from(published).unwrap() % releases.len();
        let next = (current + 1) % releases.len();
        let replaced = engine.publish(releases[next].clone()).unwrap();
        assert!(Arc::ptr_eq(&replaced, &releases[current]));
        published += 1;
    }
    published
}

#[test]
fn no_decision_mixes_releases_while_thousands_are_published() {
    let long = std::env::var_os("KRITES_LONG").is_some_and(|value| value == "1");
    let (span, wanted) = match long {
        true => (Duration::from_secs(10), 5_000),
        false => (Duration::from_secs(2), 1_000),
    };
    let releases: Vec<Arc<Release>> = (1..=VERSIONS).map(release).collect();
    let engine = Engine::new(releases[0].clone());
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let (published, tallies) = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|worker| {
                let (engine, releases, stop) = (&engine, &releases, &stop);
                scope.spawn(move || decide_all(engine, releases, worker, stop))
            })
            .collect();
        let published = publish_all(&engine, &releases, span, wanted);
        stop.store(true, Ordering::Relaxed);
        let tallies: Vec<Tally> = workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect();
        (published, tallies)
    });
    let seconds = begun.elapsed().as_secs_f64();
    let failed: u64 = tallies.iter().map(|tally| tally.failed).sum();
    let mixed: u64 = tallies.iter().map(|tally| tally.mixed).sum();
    let decided: u64 = tallies.iter().flat_map(|tally| &tally.decided).sum();
    let by_version = (0..VERSIONS as usize).map(|version| {
        let counts = tallies
            .iter()
            .filter_map(|tally| tally.decided.get(version));
        counts.sum::<u64>()
    });
    let deciding = by_version.filter(|count| *count > 0).count();
    println!(
        "hot swap, {THREADS} threads, {seconds:.1} s: publishes {published}, decisions {decided} \
         by {deciding} of {VERSIONS} releases, failed {failed}, mixed {mixed}"
    );
    assert_eq!((failed, mixed), (0, 0));
    assert!(published >= wanted, "{published} publishes");
    assert!(decided > 0 && deciding > 1, "{decided} by {deciding}");
    assert_eq!(engine.deployment().sequence(), published + 1);
}

/// Two policies over three models; `second` names two of them.
const FIRST: &str = r#"
policy first { version "1"; on fault refuse }
enum Outcome { accept < refuse }
input { x : integer in 0 to 1_000 }
model a from "a.onnx" { feed { x }; give y : decimal = y }
decide outcome : Outcome most severe {
    rule low when a.y < 100 then accept
    rule rest otherwise then refuse
}
test "low" { given with x = 1; expect outcome = accept }
"#;

const SECOND: &str = r#"
policy second { version "1"; on fault refuse }
enum Outcome { accept < refuse }
input { x : integer in 0 to 1_000 }
model a from "a.onnx" { feed { x }; give y : decimal = y }
model b from "b.onnx" { feed { x }; give y : decimal = y }
decide outcome : Outcome most severe {
    rule low when a.y + b.y < 100 then accept
    rule rest otherwise then refuse
}
test "low" { given with x = 1; expect outcome = accept }
"#;

fn two_policies() -> Release {
    Release::builder()
        .policy("first.krites", FIRST)
        .policy("second.krites", SECOND)
        .model("a.onnx", onnx(1.0))
        .model("b.onnx", onnx(2.0))
        .model("spare.onnx", onnx(3.0))
        .build()
        .unwrap()
}

#[test]
fn one_new_model_rebuilds_nothing_else() {
    let base = two_policies();
    let next = base.derive().model("b.onnx", onnx(4.0)).build().unwrap();
    for name in ["first", "second"] {
        assert!(
            Arc::ptr_eq(
                base.policy(name).unwrap().part(),
                next.policy(name).unwrap().part()
            ),
            "{name} was checked anew"
        );
    }
    for file in ["a.onnx", "spare.onnx"] {
        assert!(
            Arc::ptr_eq(&base.models()[file], &next.models()[file]),
            "{file} was loaded anew"
        );
    }
    assert!(!Arc::ptr_eq(
        &base.models()["b.onnx"],
        &next.models()["b.onnx"]
    ));
    assert_ne!(
        base.models()["b.onnx"].hash(),
        next.models()["b.onnx"].hash()
    );
    assert_ne!(base.fingerprint(), next.fingerprint());
    // Only the policy over the new model is tested anew.
    let tested: Vec<&str> = next
        .test_reports()
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(tested, ["second"]);
    // The new model answers, and only where it is asked.
    let engine = Engine::new(next);
    let mut decider = engine.decider("second").unwrap();
    let decision = decider.decide(day(), &Facts { x: 1 }).unwrap();
    let answers: Vec<String> = decision
        .answers()
        .map(|(name, value)| format!("{name} {}", value.unwrap()))
        .collect();
    assert_eq!(answers, ["a.y 1", "b.y 4"]);
}

#[test]
fn equal_content_has_an_equal_fingerprint() {
    let base = two_policies();
    assert_eq!(base.fingerprint(), two_policies().fingerprint());
    let same_bytes = base.derive().model("b.onnx", onnx(2.0)).build().unwrap();
    assert_eq!(base.fingerprint(), same_bytes.fingerprint());
    assert!(Arc::ptr_eq(
        &base.models()["b.onnx"],
        &same_bytes.models()["b.onnx"]
    ));
    let same_text = base.derive().policy("first.krites", FIRST).build().unwrap();
    assert_eq!(base.fingerprint(), same_text.fingerprint());
    assert!(Arc::ptr_eq(
        base.policy("first").unwrap().part(),
        same_text.policy("first").unwrap().part()
    ));
    let another_text = base
        .derive()
        .policy("first.krites", format!("{FIRST}# a comment\n"))
        .build()
        .unwrap();
    assert_ne!(base.fingerprint(), another_text.fingerprint());
    assert!(Arc::ptr_eq(
        base.policy("second").unwrap().part(),
        another_text.policy("second").unwrap().part()
    ));
    // What a host says of its model counts, not the object.
    let with_hosted = |content: &[u8]| {
        let (model, _) = hosted(|_| Ok(1.0));
        let builder = base.derive().host_model("spare.onnx", model, content);
        builder.build().unwrap().fingerprint()
    };
    assert_eq!(with_hosted(b"1"), with_hosted(b"1"));
    assert_ne!(with_hosted(b"1"), with_hosted(b"2"));
}

/// Builds a candidate that must be refused, over a running engine.
fn refused(engine: &Engine, candidate: ReleaseBuilder, words: &[&str]) -> LoadError {
    let before = engine.deployment();
    let error = candidate.build().unwrap_err();
    let text = error.to_string();
    for word in words {
        assert!(text.contains(word), "`{word}` is not in: {text}");
    }
    let after = engine.deployment();
    assert!(Arc::ptr_eq(&before, &after));
    assert_eq!(before.sequence(), after.sequence());
    assert_eq!(
        before.release().fingerprint(),
        after.release().fingerprint()
    );
    for name in ["first", "second"] {
        let decision = engine.decide(name, day(), &Facts { x: 1 }).unwrap();
        assert_eq!(decision.outcome(), "accept");
        assert!(Arc::ptr_eq(decision.release(), before.release()));
    }
    error
}

#[test]
fn a_refused_candidate_changes_nothing() {
    let engine = Engine::new(two_policies());
    let base = engine.deployment().release().clone();
    let derived = || base.derive();

    // A policy with a mistake.
    let text = FIRST.replace("a.y < 100", "a.z < 100");
    refused(
        &engine,
        derived().policy("first.krites", text),
        &["first.krites:7", "a.z"],
    );
    // A policy whose own test fails, by its text and by a new model.
    let text = FIRST.replace("expect outcome = accept", "expect outcome = refuse");
    refused(
        &engine,
        derived().policy("first.krites", text),
        &["1 of 1 tests of `first` failed", "\"low\"", "outcome"],
    );
    refused(
        &engine,
        derived().model("b.onnx", onnx(500.0)),
        &["1 of 1 tests of `second` failed"],
    );
    // A model that is not there.
    let text = FIRST.replace("a.onnx", "nowhere.onnx");
    refused(
        &engine,
        derived().policy("first.krites", text),
        &["first.krites:5", "`nowhere.onnx`"],
    );
    // A model that is no model.
    for bytes in [&b""[..], b"not a model", &onnx(1.0)[..40], &[0xff; 4096]] {
        refused(&engine, derived().model("a.onnx", bytes), &["`a.onnx`"]);
    }
    // One that no policy names is not lost without a word.
    refused(
        &engine,
        derived().model("unnamed.onnx", b"not a model"),
        &["`unnamed.onnx`"],
    );
    // Two policies of one name.
    refused(
        &engine,
        derived().policy("third.krites", FIRST),
        &[
            "two policies are called `first`",
            "first.krites",
            "third.krites",
        ],
    );
    // Nothing at all.
    refused(&engine, Release::builder(), &["no policy"]);
}

#[test]
fn a_model_of_another_interface_is_checked_against_the_policy() {
    let engine = Engine::new(two_policies());
    let base = engine.deployment().release().clone();
    refused(
        &engine,
        base.derive()
            .model("b.onnx", onnx_of_another_interface("z", 1)),
        &["second.krites:", "x"],
    );
    refused(
        &engine,
        base.derive()
            .model("b.onnx", onnx_of_another_interface("x", 2)),
        &["second.krites:", "x"],
    );
    // Model and policy together are fine: only what the change touches is new.
    let text = SECOND.replace(
        r#"model b from "b.onnx" { feed { x }"#,
        r#"model b from "b.onnx" { feed { z = x }"#,
    );
    let next = base
        .derive()
        .model("b.onnx", onnx_of_another_interface("z", 1))
        .policy("second.krites", text)
        .build()
        .unwrap();
    let part = |release: &Release, name: &str| release.policy(name).unwrap().part().clone();
    assert!(Arc::ptr_eq(&part(&base, "first"), &part(&next, "first")));
    assert!(!Arc::ptr_eq(&part(&base, "second"), &part(&next, "second")));
}

#[test]
fn a_model_of_a_wider_interface_checks_the_policy_anew() {
    // `label` is new and nobody reads it: the text stands, the check runs again.
    let wider = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .output("label", ElementType::Float, &[-1, 1])
        .floats("nothing", &[1], &[0.0])
        .node("Mul", &["x", "nothing"], &["y"], &[])
        .node("Identity", &["y"], &["label"], &[])
        .build();
    let base = two_policies();
    let next = base.derive().model("b.onnx", wider).build().unwrap();
    let part = |release: &Release, name: &str| release.policy(name).unwrap().part().clone();
    assert!(Arc::ptr_eq(&part(&base, "first"), &part(&next, "first")));
    assert!(!Arc::ptr_eq(&part(&base, "second"), &part(&next, "second")));
    assert_eq!(part(&base, "second").hash(), part(&next, "second").hash());
}

#[test]
fn publish_returns_what_it_replaced_and_rollback_goes_back() {
    let releases: Vec<Arc<Release>> = (1..=3).map(release).collect();
    let engine = Engine::new(releases[0].clone());
    let other = engine.clone();
    assert!(matches!(
        engine.rollback(),
        Err(PublishError::NothingToRollBack)
    ));
    assert_eq!(engine.deployment().sequence(), 1);

    let replaced = engine.publish(releases[1].clone()).unwrap();
    assert!(Arc::ptr_eq(&replaced, &releases[0]));
    let replaced = engine.publish(releases[2].clone()).unwrap();
    assert!(Arc::ptr_eq(&replaced, &releases[1]));
    assert_eq!(engine.deployment().sequence(), 3);
    // Clones share it.
    assert!(Arc::ptr_eq(other.deployment().release(), &releases[2]));

    let mut decider = engine.decider("swap").unwrap();
    let mut by = || {
        let decision = decider.decide(day(), &Facts { x: 1 }).unwrap();
        decision.policy().1.unwrap().to_owned()
    };
    assert_eq!(by(), "3");
    let replaced = engine.rollback().unwrap();
    assert!(Arc::ptr_eq(&replaced, &releases[2]));
    assert_eq!(by(), "2");
    assert_eq!(engine.deployment().sequence(), 4);
    // What was rolled back is the release before now: it can be taken up again.
    engine.rollback().unwrap();
    assert_eq!(by(), "3");
}

/// The policy that the schema tests change
const SCHEMA: &str = r#"
policy schema { version "1" }
enum Outcome { accept < refuse }
enum Channel { branch, online }
input {
    age     : integer in 0 to 120
    income  : money(EUR)?
    channel : Channel default branch
    note    : text default "none"
}
decide outcome : Outcome most severe {
    rule young when age < 18 then refuse
    rule rest otherwise then accept
}
output {
    years : integer = age
    when outcome is accept {
        limit : money(EUR) = income if missing 0
    }
}
"#;

fn schema(changes: &[(&str, &str)]) -> Release {
    let mut text = SCHEMA.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "`{from}` is not in the policy");
        text = text.replace(from, to);
    }
    match Release::builder().policy("schema.krites", text).build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    }
}

/// Publishes the policy with `changes`; tells what the engine has against it.
fn changes_of(changes: &[(&str, &str)]) -> Vec<String> {
    let engine = Engine::new(schema(&[]));
    let before = engine.deployment();
    let candidate = Arc::new(schema(changes));
    match engine.publish(candidate.clone()) {
        Ok(replaced) => {
            assert!(Arc::ptr_eq(&replaced, before.release()));
            Vec::new()
        }
        Err(PublishError::SchemaChange { changes }) => {
            assert!(!changes.is_empty());
            assert!(Arc::ptr_eq(&before, &engine.deployment()));
            // Told so, the engine takes it.
            let replaced = engine.publish_with_schema_change(candidate.clone());
            assert!(Arc::ptr_eq(&replaced, before.release()));
            assert!(Arc::ptr_eq(engine.deployment().release(), &candidate));
            changes.iter().map(ToString::to_string).collect()
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_release_that_breaks_callers_is_refused_with_every_reason() {
    type Changes = &'static [(&'static str, &'static str)];
    let cases: &[(Changes, &[&str])] = &[
        (
            &[("    note    : text default \"none\"\n", "")],
            &["input `note` of `schema` is gone"],
        ),
        (
            &[("note    : text", "remark  : text")],
            &["input `note` of `schema` is gone"],
        ),
        (
            &[
                (
                    "age     : integer in 0 to 120",
                    "age     : decimal in 0 to 120",
                ),
                ("years : integer", "years : decimal"),
            ],
            &[
                "input `age` of `schema` was integer and is decimal",
                "output `years` of `schema` was integer and is decimal",
            ],
        ),
        (
            &[
                ("income  : money(EUR)?", "income  : money(GBP)?"),
                ("limit : money(EUR)", "limit : money(GBP)"),
            ],
            &[
                "input `income` of `schema` was money(EUR)? and is money(GBP)?",
                "output `limit` of `schema` was money(EUR)? and is money(GBP)?",
            ],
        ),
        (
            &[
                ("income  : money(EUR)?", "income  : money(EUR)"),
                ("income if missing 0", "income"),
            ],
            &["input `income` of `schema` was money(EUR)? and is money(EUR), required"],
        ),
        (
            &[("channel : Channel default branch", "channel : Channel")],
            &[
                "input `channel` of `schema` was one of branch, online and is one of branch, online, required",
            ],
        ),
        (
            &[(
                "enum Channel { branch, online }",
                "enum Channel { branch, online, phone }",
            )],
            &[
                "input `channel` of `schema` was one of branch, online and is one of branch, online, phone",
            ],
        ),
        (
            &[(
                "    note    : text",
                "    purpose : text\n    note    : text",
            )],
            &["input `purpose` of `schema` is new and required"],
        ),
        (
            &[("    years : integer = age\n", "")],
            &["output `years` of `schema` is gone"],
        ),
        (
            &[
                ("    when outcome is accept {\n", ""),
                ("if missing 0\n    }", "if missing 0"),
            ],
            &["output `limit` of `schema` was money(EUR)? and is money(EUR)"],
        ),
        (
            &[("accept < refuse", "accept < refer < refuse")],
            &[
                "output `outcome` of `schema` was one of accept, refuse and is one of accept, refer, refuse",
            ],
        ),
        (
            &[
                ("decide outcome", "decide verdict"),
                ("when outcome is", "when verdict is"),
            ],
            &["output `outcome` of `schema`"],
        ),
        (
            &[("policy schema", "policy another")],
            &["policy `schema` is gone"],
        ),
        // What callers need not know of.
        (
            &[("version \"1\"", "version \"2\""), ("age < 18", "age < 21")],
            &[],
        ),
        (
            &[(
                "    note    : text",
                "    purpose : text?\n    note    : text",
            )],
            &[],
        ),
        (
            &[(
                "    note    : text",
                "    purpose : text default \"x\"\n    note    : text",
            )],
            &[],
        ),
        (
            &[(
                "    years : integer = age\n",
                "    years : integer = age\n    more : integer = age\n",
            )],
            &[],
        ),
        (
            &[(
                "age     : integer in 0 to 120",
                "age     : integer in 0 to 130",
            )],
            &[],
        ),
    ];
    for (changes, expected) in cases {
        let found = changes_of(changes);
        assert_eq!(found.len(), expected.len(), "{changes:?}: {found:#?}");
        for (found, expected) in found.iter().zip(*expected) {
            assert!(found.starts_with(expected), "{changes:?}: {found}");
        }
    }
}

/// The lists that the tests below change; names on the wire are what counts
const LISTS: &str = r#"
policy lists { version "1" }
enum Outcome { accept < refuse }
record Charge { amount : money(EUR) from "amt"; note : text? }
record Debt { kind : text; rate : decimal?; charges : list of Charge from "fees" }
input {
    debts : list of Debt from "loans"
    flags : list of text? default []
    paid[1 to 2] : integer?
}
decide outcome : Outcome most severe { rule rest otherwise then accept }
"#;

#[test]
fn lists_and_the_fields_of_their_elements_are_compared_by_their_names_on_the_wire() {
    type Changes = &'static [(&'static str, &'static str)];
    let release = |changes: Changes| {
        let mut text = LISTS.to_owned();
        for (from, to) in changes {
            assert!(text.contains(from), "`{from}` is not in the policy");
            text = text.replace(from, to);
        }
        let built = Release::builder().policy("lists.krites", text).build();
        built.unwrap_or_else(|error| panic!("{error}"))
    };
    let cases: &[(Changes, &[&str])] = &[
        (
            &[("debts : list of Debt from \"loans\"", "other : integer?")],
            &["input `loans` of `lists` is gone"],
        ),
        (
            &[("from \"loans\"", "from \"debts\"")],
            &[
                "input `loans` of `lists` is gone",
                "input `debts` of `lists` is new and required",
            ],
        ),
        (
            &[("list of Debt", "list of text")],
            &["input `loans` of `lists` was a list of records and is a list of values"],
        ),
        (
            &[("flags : list of text? default []", "flags : text?")],
            &["input `flags` of `lists` was a list of values and is text?"],
        ),
        (
            &[("default []", "")],
            &["input `flags` of `lists` was a list of values and is a list of values, required"],
        ),
        (
            &[("text? default", "text default")],
            &["input `flags[]` of `lists` was text? and is text, required"],
        ),
        (
            &[("text? default", "integer? default")],
            &["input `flags[]` of `lists` was text? and is integer?"],
        ),
        (
            &[("kind : text;", "kind : integer;"), ("from \"amt\"", "")],
            &[
                "input `loans[].kind` of `lists` was text and is integer",
                "input `loans[].fees[].amt` of `lists` is gone",
                "input `loans[].fees[].amount` of `lists` is new and required",
            ],
        ),
        (
            &[("from \"fees\"", "")],
            &[
                "input `loans[].fees` of `lists` is gone",
                "input `loans[].charges` of `lists` is new and required",
            ],
        ),
        (
            &[("note : text?", "note : text")],
            &["input `loans[].fees[].note` of `lists` was text? and is text, required"],
        ),
        (
            &[("paid[1 to 2]", "paid[1 to 3]")],
            &["input `paid` of `lists` was a list of 2 values and is a list of 3 values"],
        ),
        // What callers need not know of.
        (&[("debts : list", "loans : list")], &[]),
        (&[("amount : money(EUR)", "sum : money(EUR)")], &[]),
        (
            &[(
                "note : text?",
                "note : text?; more : list of text default []",
            )],
            &[],
        ),
        (
            &[(
                "rate : decimal?",
                "rate : decimal?; months : integer default 12",
            )],
            &[],
        ),
        (&[("kind : text;", "kind : text?;")], &[]),
        (
            &[("flags :", "more : list of Charge default []\n    flags :")],
            &[],
        ),
    ];
    for (changes, expected) in cases {
        let engine = Engine::new(release(&[]));
        let found: Vec<String> = match engine.publish(release(changes)) {
            Ok(_) => Vec::new(),
            Err(PublishError::SchemaChange { changes }) => {
                changes.iter().map(ToString::to_string).collect()
            }
            Err(error) => panic!("{error}"),
        };
        assert_eq!(found, *expected, "{changes:?}");
    }
}

#[test]
fn a_refusal_carries_its_changes_as_data() {
    let engine = Engine::new(schema(&[]));
    let candidate = schema(&[
        (
            "    note    : text default \"none\"\n",
            "    purpose : text\n",
        ),
        ("    years : integer = age\n", ""),
    ]);
    let error = engine.publish(candidate).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the release changes what callers see: input `note` of `schema` is gone; \
         input `purpose` of `schema` is new and required; output `years` of `schema` is gone"
    );
    let PublishError::SchemaChange { changes } = error else {
        panic!("another error");
    };
    let (policy, input) = ("schema".to_owned(), "note".to_owned());
    assert_eq!(changes[0], SchemaChange::InputDropped { policy, input });
}

#[test]
fn the_old_release_is_freed_once_nothing_uses_it() {
    let engine = Engine::new(release(1));
    let old: Weak<Release> = Arc::downgrade(engine.deployment().release());
    let mut decider = engine.decider("swap").unwrap();
    decider.decide(day(), &Facts { x: 1 }).unwrap();
    // Idle deciders of several threads.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| engine.decide("swap", day(), &Facts { x: 1 }).unwrap());
        }
    });
    drop(engine.publish(release(2)).unwrap());
    // It can be rolled back to.
    assert!(old.upgrade().is_some());
    drop(engine.publish(release(3)).unwrap());
    // The decider holds it until its next decision, or until it is told.
    assert!(old.upgrade().is_some());
    decider.release();
    assert!(old.upgrade().is_none(), "the first release is still alive");
    // It decides again, with what is current now.
    let decision = decider.decide(day(), &Facts { x: 1 }).unwrap();
    assert_eq!(decision.policy().1, Some("3"));

    // A decider that goes on deciding lets go by itself.
    let third = Arc::downgrade(engine.deployment().release());
    drop(engine.publish(release(4)).unwrap());
    drop(engine.publish(release(5)).unwrap());
    assert!(third.upgrade().is_some());
    decider.decide(day(), &Facts { x: 1 }).unwrap();
    assert!(
        third.upgrade().is_none(),
        "the third release is still alive"
    );
}

#[test]
fn a_decision_that_runs_while_releases_change_keeps_none_alive() {
    let (entered_tx, entered) = mpsc::channel();
    let (go, go_rx) = mpsc::channel::<()>();
    let gate = std::sync::Mutex::new((entered_tx, go_rx));
    let count = AtomicU64::new(0);
    let (slow, calls) = hosted(move |_| {
        // The first call is the policy's own test.
        if count.fetch_add(1, Ordering::SeqCst) == 1 {
            let (entered, go) = &*gate.lock().unwrap();
            entered.send(()).unwrap();
            go.recv().unwrap();
        }
        Ok(1.0)
    });
    let first = builder(1)
        .host_model("hosted", slow, b"slow")
        .build()
        .unwrap();
    let engine = Engine::new(first);
    let old = Arc::downgrade(engine.deployment().release());
    thread::scope(|scope| {
        let running = scope.spawn(|| engine.decide("swap", day(), &Facts { x: 1 }).unwrap());
        entered.recv().unwrap();
        drop(engine.publish(release(2)).unwrap());
        drop(engine.publish(release(3)).unwrap());
        go.send(()).unwrap();
        let decision = running.join().unwrap();
        // It went on with the release that it began with.
        assert_eq!(decision.policy().1, Some("1"));
        assert_eq!(decision.output("by_host"), Some("1"));
    });
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    assert!(
        old.upgrade().is_none(),
        "an idle decider keeps the first release alive"
    );
}

#[test]
fn a_policy_that_a_release_drops_decides_no_more() {
    let engine = Engine::new(two_policies());
    let mut decider = engine.decider("second").unwrap();
    decider.decide(day(), &Facts { x: 1 }).unwrap();
    let without = Release::builder()
        .policy("first.krites", FIRST)
        .model("a.onnx", onnx(1.0))
        .build()
        .unwrap();
    let error = engine.publish(without).unwrap_err();
    assert!(
        error.to_string().contains("policy `second` is gone"),
        "{error}"
    );
    engine.publish_with_schema_change(
        Release::builder()
            .policy("first.krites", FIRST)
            .model("a.onnx", onnx(1.0))
            .build()
            .unwrap(),
    );
    let error = decider.decide(day(), &Facts { x: 1 }).unwrap_err();
    assert_eq!(error.to_string(), "the release has no policy `second`");
    engine.rollback().unwrap();
    let decision = decider.decide(day(), &Facts { x: 1 }).unwrap();
    assert!(matches!(
        decision.answers().next(),
        Some(("a.y", Some(OutputValue::Exact(_))))
    ));
}

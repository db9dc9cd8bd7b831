//! Lookups and lists from files as parts of releases: loaded once, shared, replaced
//! while the policy stays, refused with everything that is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krites::{DataPart, Date, Engine, Envelope, LoadErrorKind, Release, ReleaseBuilder, Step};
use krites_model::ElementType;
use krites_model::testing::ModelBuilder;
use serde_json::json;
use support::mistakes;

const POLICY: &str = r#"
policy claims { version "1"; on fault refer }
enum Outcome { approve < refer < decline }
enum Queue { cards, general }
lookup routing from "data/queues.csv" key code : text -> queue : Queue, cap : money(GBP)?
list blocked : text from "data/blocked.csv"
input { code : text; amount : money(GBP) in 0 and above }
define {
    queue = routing(code).queue if none general
    cap : money(GBP) = routing(code).cap if none 100
}
decide outcome : Outcome most severe {
    rule blocked when code in list blocked then decline
    rule large when amount > cap then refer
    rule rest otherwise then approve
}
output { queue : Queue = queue; cap : money(GBP) = cap }
test "a row" { given with code = "lost", amount = 40; expect queue = cards, outcome = approve }
"#;
const QUEUES: &str = "code,queue,cap\nlost,cards,50\nother,general,\n";
const BLOCKED: &str = "blocked\nstolen\n";

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn claims() -> ReleaseBuilder {
    Release::builder()
        .policy("claims.krites", POLICY)
        .file("data/queues.csv", QUEUES)
        .file("data/blocked.csv", BLOCKED)
}

fn file(release: &Release, name: &str) -> Arc<DataPart> {
    let mut files = release.files().filter(|part| part.file() == name);
    let part = files.next().unwrap().clone();
    assert!(files.next().is_none(), "{name} is loaded twice");
    part
}

fn same_file(one: &Release, other: &Release, name: &str) -> bool {
    Arc::ptr_eq(&file(one, name), &file(other, name))
}

fn same_policy(one: &Release, other: &Release, name: &str) -> bool {
    let part = |release: &Release| release.policy(name).unwrap().part().clone();
    Arc::ptr_eq(&part(one), &part(other))
}

fn outcome(engine: &Engine, code: &str, amount: i64) -> (String, String) {
    let facts = json!({"code": code, "amount": amount});
    let decided = engine.decide("claims", day(), &facts).unwrap();
    let queue = decided.output("queue").unwrap().to_string();
    (decided.outcome().to_owned(), queue)
}

#[test]
fn a_lookup_is_replaced_while_all_else_is_shared() {
    let base = Arc::new(claims().build().unwrap());
    let engine = Engine::new(base.clone());
    assert_eq!(
        outcome(&engine, "lost", 60),
        ("refer".into(), "cards".into())
    );
    assert_eq!(
        outcome(&engine, "new", 60),
        ("approve".into(), "general".into())
    );
    let next = base
        .derive()
        .file("data/queues.csv", format!("{QUEUES}new,cards,20.50\n"))
        .build()
        .unwrap();
    assert!(same_policy(&base, &next, "claims"));
    assert!(same_file(&base, &next, "data/blocked.csv"));
    assert!(!same_file(&base, &next, "data/queues.csv"));
    assert_eq!(file(&next, "data/queues.csv").table().len(), 3);
    assert_ne!(base.fingerprint(), next.fingerprint());
    // The policy's tests are run anew.
    assert_eq!(next.test_reports().len(), 1);
    assert!(next.derive().build().unwrap().test_reports().is_empty());
    // A case goes on with the release that it began with.
    let facts = json!({"code": "new"});
    let mut case = engine.open("claims", day(), &facts, &["amount"]).unwrap();
    engine.publish(next).unwrap();
    assert_eq!(
        outcome(&engine, "new", 60),
        ("refer".into(), "cards".into())
    );
    case.give(&json!({"amount": 60})).unwrap();
    match case.step().unwrap() {
        Step::Decided(decision) => assert_eq!(decision.outcome(), "approve"),
        Step::Needs(what) => panic!("needs {what}"),
    }
    engine.rollback().unwrap();
    assert_eq!(
        outcome(&engine, "new", 60),
        ("approve".into(), "general".into())
    );
}

#[test]
fn a_list_is_replaced_while_all_else_is_shared() {
    let base = Arc::new(claims().build().unwrap());
    let next = base.derive().file("data/blocked.csv", "blocked\nother \n");
    let next = next.build().unwrap();
    assert!(same_policy(&base, &next, "claims"));
    assert!(same_file(&base, &next, "data/queues.csv"));
    assert!(!same_file(&base, &next, "data/blocked.csv"));
    assert_eq!(outcome(&Engine::new(base.clone()), "other", 1).0, "approve");
    assert_eq!(outcome(&Engine::new(next), "other", 1).0, "decline");
    // One by which a test of the policy fails is refused.
    let failing = base.derive().file("data/blocked.csv", "blocked\nlost\n");
    let error = failing.build().unwrap_err();
    assert!(
        matches!(error.kind(), LoadErrorKind::Tests { .. }),
        "{error}"
    );
}

/// A model that gives so many hundredths of what it is fed.
fn onnx(hundredths: f32) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .floats("factor", &[1], &[hundredths / 100.0])
        .node("Mul", &["x", "factor"], &["y"], &[])
        .build()
}

#[test]
fn a_model_is_replaced_while_data_are_shared() {
    let model = "model score from \"score\" { feed { x = routing(code).cap if none 0 }; \
        give p : decimal = y rounded to 2 digits }\n";
    let policy = POLICY.replace("decide outcome", &format!("{model}decide outcome"));
    let policy = policy
        .replace(
            "rule large when amount > cap",
            "rule large when score.p >= 1",
        )
        .replace("queue = cards, outcome = approve", "queue = cards");
    let base = claims()
        .policy("claims.krites", policy)
        .model("score", onnx(1.0))
        .build()
        .unwrap();
    let next = base.derive().model("score", onnx(2.0)).build().unwrap();
    assert!(same_policy(&base, &next, "claims"));
    assert!(same_file(&base, &next, "data/queues.csv"));
    assert!(same_file(&base, &next, "data/blocked.csv"));
    assert_eq!(outcome(&Engine::new(base), "lost", 1).0, "approve");
    assert_eq!(outcome(&Engine::new(next), "lost", 1).0, "refer");
}

#[test]
fn the_same_content_again_changes_nothing() {
    let base = claims().build().unwrap();
    let next = base.derive().file("data/queues.csv", QUEUES).build();
    let next = next.unwrap();
    assert!(same_file(&base, &next, "data/queues.csv"));
    assert!(next.test_reports().is_empty());
    assert_eq!(base.fingerprint(), next.fingerprint());
    assert_eq!(base.fingerprint(), claims().build().unwrap().fingerprint());
    // A file that no policy names does not matter.
    let beside = claims().file("data/more.csv", "x\n1\n").build().unwrap();
    assert_eq!(base.fingerprint(), beside.fingerprint());
}

#[test]
fn policies_of_one_declaration_share_what_is_loaded() {
    let other = |columns: &str| {
        format!(
            "policy other {{ version \"1\" }}\nenum Outcome {{ approve < refer }}\n\
             enum Queue {{ cards, general }}\n\
             lookup routing from \"data/queues.csv\" key code : text -> {columns}\n\
             input {{ code : text }}\n\
             decide outcome : Outcome most severe {{\n\
                 rule cards when (routing(code).queue if none general) is cards then refer\n\
                 rule rest otherwise then approve\n}}\n"
        )
    };
    let same = claims()
        .policy("other.krites", other("queue : Queue, cap : money(GBP)?"))
        .build()
        .unwrap();
    let queues = |policy: &str| {
        let files = same.policy(policy).unwrap().files().iter();
        let mut files = files.filter(|part| part.file() == "data/queues.csv");
        files.next().unwrap().clone()
    };
    assert!(Arc::ptr_eq(&queues("claims"), &queues("other")));
    assert_eq!(same.files().count(), 2);
    let apart = claims()
        .policy("other.krites", other("queue : Queue"))
        .build()
        .unwrap();
    assert_eq!(apart.files().count(), 3);
    // Both are replaced by one file, and both have the same hash.
    let next = apart
        .derive()
        .file("data/queues.csv", "code,queue,cap\nlost,general,\n");
    let next = next.build().map(|_| ());
    let error = next.unwrap_err();
    assert!(matches!(error.kind(), LoadErrorKind::Tests { policy, .. } if policy == "claims"));
    let mut hashes: Vec<_> = apart
        .files()
        .map(|part| (part.file(), part.hash()))
        .collect();
    hashes.dedup();
    assert_eq!(hashes.len(), 2);
}

#[test]
fn other_columns_of_a_file_need_it_again() {
    let base = claims().build().unwrap();
    let policy = POLICY.replace("rest otherwise", "others otherwise");
    let renamed = base
        .derive()
        .policy("claims.krites", policy)
        .build()
        .unwrap();
    assert!(!same_policy(&base, &renamed, "claims"));
    assert!(same_file(&base, &renamed, "data/queues.csv"));
    let policy = POLICY.replace("cap : money(GBP)?\n", "cap : decimal?\n");
    let policy = policy.replace(
        "cap : money(GBP) = routing(code).cap if none 100",
        "cap : money(GBP) = 100",
    );
    let changed = base.derive().policy("claims.krites", policy);
    let error = changed.clone().build().unwrap_err();
    assert_eq!(
        mistakes(&error),
        [
            "claims.krites:5:8 K0489 the file `data/queues.csv` cannot be read: it was loaded by another declaration, and is needed once more"
        ]
    );
    let next = changed.file("data/queues.csv", QUEUES).build().unwrap();
    assert!(same_file(&base, &next, "data/blocked.csv"));
    assert!(!same_file(&base, &next, "data/queues.csv"));
}

#[test]
fn a_file_with_mistakes_is_refused_with_all_of_them() {
    let base = claims().build().unwrap();
    let text = "code,queue,cap\nlost,desk,1.005\nlost,cards,\n,cards,1\n";
    let error = base.derive().file("data/queues.csv", text).build();
    assert_eq!(
        mistakes(&error.unwrap_err()),
        [
            "data/queues.csv, row 2, column 2 K0494 `queue` of this row is none of its labels: `desk`",
            "data/queues.csv, row 2, column 3 K0494 `cap` of this row is a number of too many digits: `1.005`",
            "data/queues.csv, row 3, column 1 K0495 this `code` stands in an earlier row, too",
            "data/queues.csv, row 4, column 1 K0494 `code` of this row is empty",
        ]
    );
    let bytes = b"blocked\nM\xfcller\n".to_vec();
    let error = base.derive().file("data/blocked.csv", bytes).build();
    assert_eq!(
        mistakes(&error.unwrap_err()),
        ["data/blocked.csv, row 2, column 1 K0490 the file has bytes that are no UTF-8"]
    );
    let error = Release::builder()
        .policy("claims.krites", POLICY)
        .file("data/queue.csv", QUEUES);
    assert_eq!(
        mistakes(&error.build().unwrap_err()),
        [
            "claims.krites:6:6 K0489 there is no file `data/blocked.csv`",
            "claims.krites:5:8 K0489 there is no file `data/queues.csv`",
        ]
    );
}

#[test]
fn a_mistake_of_a_file_that_two_policies_name_is_told_once() {
    let second = POLICY.replace("policy claims", "policy others");
    let error = claims()
        .policy("others.krites", second)
        .file("data/queues.csv", "code,queue\n")
        .build()
        .unwrap_err();
    assert_eq!(
        mistakes(&error),
        ["data/queues.csv, row 1, column 1 K0492 the file has no column `cap`"]
    );
}

#[test]
fn the_record_names_the_files_by_their_content() {
    let release = claims().build().unwrap();
    let hash = |name: &str| file(&release, name).hash().to_string();
    let expected = json!([
        {"file": "data/blocked.csv", "hash": hash("data/blocked.csv")},
        {"file": "data/queues.csv", "hash": hash("data/queues.csv")},
    ]);
    let mut decider = Engine::new(release).decider("claims").unwrap();
    let facts = json!({"code": "lost", "amount": 1});
    let decision = decider.decide(day(), &facts).unwrap();
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(record["files"], expected);
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("lookups")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("data")).unwrap();
    folder
}

#[test]
fn files_are_read_below_the_folder_and_nowhere_else() {
    let folder = folder("below");
    fs::write(folder.join("claims.krites"), POLICY).unwrap();
    fs::write(folder.join("data/queues.csv"), QUEUES).unwrap();
    fs::write(folder.join("data/blocked.csv"), BLOCKED).unwrap();
    let release = Release::from_path(&folder).unwrap();
    assert_eq!(
        release.fingerprint(),
        claims().build().unwrap().fingerprint()
    );
    fs::remove_file(folder.join("data/blocked.csv")).unwrap();
    fs::write(folder.join("data/blokced.csv"), BLOCKED).unwrap();
    let error = Release::from_path(&folder).unwrap_err();
    let LoadErrorKind::Policies { errors } = error.kind() else {
        panic!("{error}");
    };
    let help = errors[0].diagnostics[0].help.as_deref();
    assert_eq!(help, Some("did you mean `data/blokced.csv`?"));
    let outside = POLICY.replace("data/blocked.csv", "../below/data/blokced.csv");
    fs::write(folder.join("claims.krites"), outside).unwrap();
    let found = mistakes(&Release::from_path(&folder).unwrap_err());
    assert!(found[0].ends_with(
        "K0489 the file `../below/data/blokced.csv` cannot be read: it must lie in the policy's folder"
    ), "{found:?}");
    // Nor is a folder read as a file.
    let no_file = POLICY.replace("data/blocked.csv", "data");
    fs::write(folder.join("claims.krites"), no_file).unwrap();
    let found = mistakes(&Release::from_path(&folder).unwrap_err());
    assert!(
        found[0].ends_with("K0489 the file `data` cannot be read: it is not a file"),
        "{found:?}"
    );
}

#[test]
fn every_label_of_a_key_has_a_row_when_the_release_is_built() {
    let policy = POLICY
        .replace(
            "enum Queue",
            "enum Code { lost, other = \"OTHER\" }\nenum Queue",
        )
        .replace("key code : text", "key code : Code")
        .replace("code : text; amount", "code : Code; amount")
        .replace(" if none general", "")
        .replace("code in list blocked", "amount < 0")
        .replace("code = \"lost\"", "code = lost");
    let policy = policy.replace("list blocked : text from \"data/blocked.csv\"\n", "");
    let base = Release::builder()
        .policy("claims.krites", policy)
        .file(
            "data/queues.csv",
            "code,queue,cap\nlost,cards,50\nOTHER,general,\n",
        )
        .build()
        .unwrap();
    let fewer = base
        .derive()
        .file("data/queues.csv", "code,queue,cap\nlost,cards,50\n");
    let found = mistakes(&fewer.build().unwrap_err());
    assert!(
        found[0].ends_with("K0497 `data/queues.csv` has no row for `OTHER`"),
        "{found:?}"
    );
}

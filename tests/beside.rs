//! Files that stand beside a model: what is read of them, what refuses a release, what
//! counts as a change.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/hosted.rs"]
mod hosted;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krites::lang::Held;
use krites::{BesideProblem, LoadErrorKind, ModelCard, ModelPart, Release, ReleaseBuilder};
use krites_model::testing::{Attribute, ModelBuilder};
use krites_model::{ElementType, InputTensor, OutputTensor};

/// `answer = 2 a + 3 b + bias` over a matrix `rows` of two columns and an input `bias`,
/// and the text `job` as it is given
fn model(factor: f32) -> Vec<u8> {
    ModelBuilder::new()
        .input("rows", ElementType::Float, &[-1, 2])
        .input("bias", ElementType::Double, &[-1, 1])
        .input("job", ElementType::Text, &[-1, 1])
        .output("answer", ElementType::Float, &[-1, 1])
        .output("same", ElementType::Text, &[-1, 1])
        .output("twice", ElementType::Float, &[-1, 2])
        .floats("weights", &[2, 1], &[factor, 3.0])
        .node("MatMul", &["rows", "weights"], &["product"], &[])
        .node(
            "Cast",
            &["bias"],
            &["small"],
            &[("to", Attribute::Integer(1))],
        )
        .node("Add", &["product", "small"], &["answer"], &[])
        .node("Identity", &["job"], &["same"], &[])
        .node("Add", &["rows", "rows"], &["twice"], &[])
        .build()
}

const CARD: &str = include_str!("beside/card.json");
const GOLDEN: &str = "age,income,bias,job,expect answer,expect same,expect twice[1]\n\
                      1,2,0.5,clerk,8.5,clerk,2\n\
                      -1,1e1,0,\"a, b\",28,\"a, b\",-2\n\
                      NaN,0,0,,NaN,,nan\n";
const BACKGROUND: &str = "age;income;bias;job\n18;1;2;clerk\n75;inf;-inf;\n";

/// A release needs a policy.
fn base() -> ReleaseBuilder {
    Release::builder().policy("other.krites", OTHER)
}

fn release(files: &[(&str, &str)]) -> ReleaseBuilder {
    let builder = base().model("m.onnx", model(2.0));
    let add = |builder: ReleaseBuilder, (path, text): &(&str, &str)| {
        builder.file(*path, text.as_bytes().to_vec())
    };
    files.iter().fold(builder, add)
}

fn all() -> [(&'static str, &'static str); 3] {
    [
        ("m.card.json", CARD),
        ("m.golden.csv", GOLDEN),
        ("m.background.csv", BACKGROUND),
    ]
}

fn built(builder: ReleaseBuilder) -> Release {
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

fn part(release: &Release) -> &Arc<ModelPart> {
    &release.models()["m.onnx"]
}

fn refused(builder: ReleaseBuilder) -> (BesideProblem, String) {
    let Err(error) = builder.build() else {
        panic!("it is taken");
    };
    match error.kind() {
        LoadErrorKind::Beside { error: found } => (found.problem().clone(), error.to_string()),
        other => panic!("{other}"),
    }
}

#[test]
fn a_card_golden_vectors_and_a_background_are_kept_with_their_model() {
    let release = built(release(&all()));
    let part = part(&release);
    let card = part.card().unwrap();
    assert_eq!(card.owner.as_deref(), Some("Retail Credit Risk"));
    assert_eq!(card.metrics[0].0, "auc");
    let interface = part.interface();
    assert!(interface.has_background);
    assert_eq!(interface.inputs[0].columns, ["age", "income"]);
    let stated = interface.card.as_ref().unwrap();
    assert_eq!(
        stated.fields,
        [
            "owner",
            "purpose",
            "limits of use",
            "training data",
            "training period",
            "training ranges",
            "code version",
            "framework",
            "metrics"
        ]
    );
    let ranges: Vec<_> = stated
        .training
        .iter()
        .map(|range| (range.input, range.column))
        .collect();
    assert_eq!(ranges, [(0, 0), (0, 1), (2, 0)]);
    assert!(matches!(&stated.training[2].held, Held::Texts(texts) if texts.len() == 2));

    let background = part.background().unwrap();
    assert_eq!(background.n_rows(), 2);
    background.view(0..2, |inputs| match inputs {
        [
            InputTensor::Float(rows),
            InputTensor::Double(bias),
            InputTensor::Text(job),
        ] => {
            assert_eq!(rows, ndarray::array![[18.0, 1.0], [75.0, f32::INFINITY]]);
            assert_eq!(bias, ndarray::array![[2.0], [f64::NEG_INFINITY]]);
            assert_eq!(job, ndarray::array![["clerk"], [""]]);
        }
        other => panic!("{other:?}"),
    });
    let golden = part.golden().unwrap();
    let names: Vec<_> = golden
        .expected()
        .iter()
        .map(|column| column.name())
        .collect();
    assert_eq!(names, ["expect answer", "expect same", "expect twice[1]"]);
    assert_eq!(golden.inputs().n_rows(), 3);
    part.check_golden().unwrap();
    let files: Vec<_> = part.beside().map(|(file, _)| file).collect();
    assert_eq!(files, ["m.card.json", "m.golden.csv", "m.background.csv"]);
}

#[test]
fn rows_are_read_the_same_however_a_program_writes_them() {
    let lines = r#"{"age":18,"income":1,"bias":2,"job":"clerk"}
                   {"bias":"-inf","job":"","income":"inf","age":75}"#;
    let lists = "{\"rows\":[18,1.0],\"bias\":2e0,\"job\":\"clerk\"}\r\n\r\n{\"rows\":[75,\"inf\"],\"bias\":\"-inf\",\"job\":\"\"}";
    let marked = format!("\u{feff}{}", BACKGROUND.replace('\n', "\r\n"));
    let reordered = "job,bias,income,age\nclerk,2,1,18\n,-inf,inf,75";
    let card = ("m.card.json", CARD);
    let rows = |path, text| {
        let release = built(release(&[card, (path, text)]));
        part(&release).background().unwrap().clone()
    };
    let as_written = rows("m.background.csv", BACKGROUND);
    assert_eq!(rows("m.background.jsonl", lines), as_written);
    assert_eq!(rows("m.background.jsonl", lists), as_written);
    assert_eq!(rows("m.background.csv", &marked), as_written);
    assert_eq!(rows("m.background.csv", reordered), as_written);
}

#[test]
fn numbers_are_the_nearest_floats() {
    let text =
        "rows[1],rows[2],bias,job\n0.1,16777217,0.1,x\n3.4028235e38,1e-46,9007199254740993,x\n";
    let release = built(release(&[("m.background.csv", text)]));
    let rows = part(&release).background().unwrap().clone();
    assert_eq!(
        rows.inputs()[0],
        OutputTensor::Float(ndarray::array![[0.1, 16_777_216.0], [f32::MAX, 0.0]])
    );
    assert_eq!(
        rows.inputs()[1],
        OutputTensor::Double(ndarray::array![[0.1], [9_007_199_254_740_992.0]])
    );
}

/// `mistakes.txt` has files, each behind `=== its name`, and behind `--- ` what is said.
#[test]
fn what_is_wrong_is_told_with_its_place_and_the_remedy() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/beside/mistakes.txt");
    let text = fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    let mut cases = 0;
    for case in text.split("=== ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let content = rest.split("--- ").next().unwrap();
        let mut files = vec![(name, content)];
        if name != "m.card.json" && !content.contains("rows[1]") {
            files.push(("m.card.json", CARD));
        }
        let (_, said) = refused(release(&files));
        found.push_str(&format!("=== {name}\n{content}--- {said}\n"));
        cases += 1;
    }
    assert!(cases > 30, "{cases}");
    if std::env::var_os("KRITES_BLESS").is_some() {
        fs::write(&path, found).unwrap();
    } else {
        assert_eq!(found, text);
    }
}

#[test]
fn a_model_that_answers_otherwise_is_refused_with_the_worst_row() {
    let golden = "rows[1],rows[2],bias,job,expect answer,expect same\n\
                  1,2,0,a,8,a\n100,2,0,a,206,a\n10,2,0,a,26,a\n";
    built(release(&[("m.golden.csv", golden)]));
    let other = base()
        .model("m.onnx", model(2.5))
        .file("m.golden.csv", golden);
    let (problem, _) = refused(other);
    let BesideProblem::Golden(mismatch) = problem else {
        panic!("{problem}");
    };
    assert_eq!((mismatch.row, mismatch.rows_off, mismatch.rows), (2, 3, 3));
    assert_eq!(mismatch.name, "expect answer");
    assert_eq!(
        (mismatch.expected.as_str(), mismatch.got.as_str()),
        ("206", "256")
    );
    assert_eq!(mismatch.difference, Some(50.0));
}

#[test]
fn answers_may_differ_by_a_part_of_what_is_expected_and_no_more() {
    let golden =
        |answer: &str| format!("rows[1],rows[2],bias,job,expect answer\n0,0,100000,a,{answer}\n");
    built(release(&[("m.golden.csv", &golden("100000.9"))]));
    let (problem, _) = refused(release(&[("m.golden.csv", &golden("100002"))]));
    assert!(matches!(problem, BesideProblem::Golden(_)), "{problem}");
    let (problem, _) = refused(release(&[("m.golden.csv", &golden("NaN"))]));
    assert!(matches!(problem, BesideProblem::Golden(_)), "{problem}");
}

#[test]
fn a_card_of_another_model_is_refused_before_the_model_is_read() {
    let zeros = "0".repeat(64);
    let card = format!(r#"{{"model_hash": "{zeros}"}}"#);
    let broken = base()
        .model("m.onnx", "no model at all")
        .file("m.card.json", card.as_str());
    let (problem, said) = refused(broken);
    assert!(
        matches!(problem, BesideProblem::OtherModel { .. }),
        "{said}"
    );
    let found = blake3_of(b"no model at all");
    assert!(said.contains(&zeros) && said.contains(&found), "{said}");

    let hash = blake3_of(&model(2.0));
    for written in [hash.to_uppercase(), format!("blake3:{hash}")] {
        let card = format!(r#"{{"model_hash": "{written}"}}"#);
        built(release(&[("m.card.json", &card)]));
    }
}

/// The hash of a file, as a release tells it.
fn blake3_of(bytes: &[u8]) -> String {
    let (host, _) = hosted::hosted(|_| Ok(0.0));
    let release = built(base().host_model("host", host, bytes));
    release.models()["host"].hash().to_string()
}

#[test]
fn what_stands_beside_a_model_is_part_of_the_release() {
    let before = built(release(&all()));
    let mut prints = vec![before.fingerprint(), built(release(&[])).fingerprint()];
    let changed = [
        ("m.card.json", CARD.replace("0.7844", "0.7845")),
        ("m.golden.csv", GOLDEN.replace("NaN,0,0,", "NaN,1,0,")),
        ("m.background.csv", BACKGROUND.replace("18", "19")),
    ];
    for (path, text) in changed {
        let derived = built(before.derive().file(path, text.as_str()));
        assert_eq!(part(&derived).hash(), part(&before).hash(), "{path}");
        assert!(!Arc::ptr_eq(part(&derived), part(&before)), "{path}");
        // It takes effect without the model's bytes, and the model is not loaded anew.
        assert!(Arc::ptr_eq(part(&derived).model(), part(&before).model()));
        assert_eq!(part(&derived).beside().count(), 3);
        prints.push(derived.fingerprint());
    }
    let distinct: std::collections::BTreeSet<_> = prints.iter().collect();
    assert_eq!(distinct.len(), prints.len());
    assert_eq!(built(release(&all())).fingerprint(), before.fingerprint());
}

#[test]
fn it_stays_with_its_model_and_goes_with_it() {
    let before = built(release(&all()));
    let same = built(
        before
            .derive()
            .policy("new.krites", OTHER.replace("policy other", "policy new")),
    );
    assert!(Arc::ptr_eq(part(&same), part(&before)));
    let same = built(before.derive().model("m.onnx", model(2.0)));
    assert!(Arc::ptr_eq(part(&same), part(&before)));
    let same = built(before.derive().file("m.card.json", CARD));
    assert!(Arc::ptr_eq(part(&same), part(&before)));

    let other = built(before.derive().model("m.onnx", model(7.0)));
    assert_eq!(part(&other).beside().count(), 0);
    assert!(part(&other).interface().card.is_none());
    let anew = before.derive().model("m.onnx", model(7.0));
    let anew = built(anew.file("m.card.json", CARD));
    assert_eq!(part(&anew).beside().count(), 1);

    // A card that names the columns otherwise leaves rows behind.
    let renamed = CARD.replace("\"income\"", "\"salary\"");
    let (problem, _) = refused(before.derive().file("m.card.json", renamed.as_str()));
    assert_eq!(problem, BesideProblem::OtherColumns);
}

const OTHER: &str = r#"
policy other { version "1" }
enum Outcome { approve < decline }
input { age : integer }
decide outcome : Outcome most severe { rule rest otherwise then approve }
"#;

#[test]
fn models_of_the_host_may_have_them_too() {
    let host = || {
        let (host, calls) = hosted::hosted(|_| Ok(0.5));
        (host, calls)
    };
    let (model, calls) = host();
    let builder = base()
        .host_model("score", model, b"1")
        .file("score.card.json", r#"{"owner": "Risk"}"#)
        .file("score.golden.jsonl", "{\"x\": 1, \"expect y\": 0.5}\n");
    let before = built(builder);
    assert_eq!(calls.load(std::sync::atomic::Ordering::SeqCst), 1);
    let part = |release: &Release| release.models()["score"].clone();
    assert!(part(&before).card().is_some());
    let same = built(before.derive().host_model("score", host().0, b"1"));
    assert!(part(&same).golden().is_some());
    let other = built(before.derive().host_model("score", host().0, b"2"));
    assert!(part(&other).golden().is_none());
}

#[test]
fn the_folder_of_a_policy_is_looked_through_for_them() {
    let folder = Folder::new("looked-through");
    folder.write("models/m.onnx", &model(2.0));
    for (path, text) in all() {
        folder.write(&format!("models/{path}"), text.as_bytes());
    }
    let policy = r#"
policy scored { version "1"; on fault refer because R1 }
reason R1 "Fault"
enum Outcome { approve < refer < decline }
input { age : integer; job : text }
columns features { age = age; income = 1 }
model m from "models/m.onnx" { feed { rows = features, bias = 0, job = job }; give answer : decimal = answer; outside training range record }
decide outcome : Outcome most severe { rule rest otherwise then approve }
output { record m.answer }
"#;
    folder.write("scored.krites", policy.as_bytes());
    let release = built(ReleaseBuilder::from_path(&folder.0).unwrap());
    assert_eq!(release.models()["models/m.onnx"].beside().count(), 3);

    // What is wrong is told where the policy names the model.
    folder.write("models/m.card.json", b"{\"ownr\": \"Risk\"}");
    let error = ReleaseBuilder::from_path(&folder.0).unwrap().build();
    let error = error.unwrap_err().to_string();
    assert!(error.contains("models/m.card.json"), "{error}");
    assert!(error.contains("scored.krites:7"), "{error}");
    // Something that cannot be read is not passed over.
    fs::remove_file(folder.0.join("models/m.card.json")).unwrap();
    fs::create_dir(folder.0.join("models/m.card.json")).unwrap();
    let error = ReleaseBuilder::from_path(&folder.0).unwrap().build();
    assert!(error.unwrap_err().to_string().contains("m.card.json"));
}

/// A folder that goes with the test
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("krites-beside-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_that_are_too_large_are_refused() {
    let header = "rows[1],rows[2],bias,job\n";
    let rows = |count: usize| format!("{header}{}", "1,2,3,x\n".repeat(count));
    built(release(&[("m.background.csv", &rows(10_000))]));
    let (problem, _) = refused(release(&[("m.background.csv", &rows(10_001))]));
    assert_eq!(problem, BesideProblem::TooManyRows { limit: 10_000 });
    let card = format!("{{\"owner\": \"{}\"}}", "x".repeat(1 << 20));
    let (problem, said) = refused(release(&[("m.card.json", &card)]));
    assert!(matches!(problem, BesideProblem::TooLarge { .. }));
    assert!(said.len() < 400, "{said}");
    // Deep nesting and long names are errors as others are.
    let deep = format!("{{\"training\": {}", "[".repeat(200_000));
    assert!(ModelCard::read("m.card.json", deep.as_bytes()).is_err());
    let (_, said) = refused(release(&[("m.golden.csv", &"y".repeat(100_000))]));
    assert!(said.len() < 1_000, "{}", said.len());
}

/// Cut files and changed bytes are read or refused, and nothing else.
#[test]
fn damaged_files_never_end_the_process() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 1).unwrap()
    };
    let lines = "{\"rows\":[1,2],\"bias\":0.5,\"job\":\"clerk\",\"expect answer\":8.5}\n\
                 {\"rows[1]\":1,\"rows[2]\":2,\"bias\":\"NaN\",\"job\":\"\\u00e9\",\"expect answer\":\"NaN\"}\n";
    let before = built(release(&[]));
    let files = all().into_iter().chain([("m.golden.jsonl", lines)]);
    let mut refused = 0;
    for (path, text) in files {
        let bytes = text.as_bytes();
        let cut = (0..bytes.len()).step_by(3).map(|at| bytes[..at].to_vec());
        let mut all: Vec<Vec<u8>> = cut.collect();
        for _ in 0..300 {
            let mut changed = bytes.to_vec();
            for _ in 0..1 + random() % 3 {
                let at = random() % changed.len();
                match random() % 4 {
                    0 => drop(changed.remove(at)),
                    1 => changed.insert(at, u8::try_from(random() % 256).unwrap()),
                    2 => changed[at] = u8::try_from(random() % 256).unwrap(),
                    _ => changed[at] = b",;\"\n{}[]:-.e\0\xff"[random() % 14],
                }
            }
            all.push(changed);
        }
        all.push(
            (0..500)
                .map(|_| u8::try_from(random() % 256).unwrap())
                .collect(),
        );
        for bytes in all {
            if let Err(error) = before.derive().file(path, bytes).build() {
                assert!(error.to_string().len() < 2_000);
                refused += 1;
            }
        }
    }
    assert!(refused > 800, "{refused}");
}

//! `krites model golden`, and what a card adds to `krites model inspect`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use krites::{NewGolden, Release};
use krites_model::ElementType;
use krites_model::testing::{Attribute, ModelBuilder};

const POLICY: &str = r#"
policy scored { version "1" }
enum Outcome { approve < decline }
input { age : integer }
decide outcome : Outcome most severe { rule rest otherwise then approve }
"#;

/// Divides `x` by 3 as a float, and gives `d` twice and `job` as they are.
fn model() -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 2])
        .input("d", ElementType::Double, &[-1, 1])
        .input("job", ElementType::Text, &[-1, 1])
        .output("third", ElementType::Float, &[-1, 2])
        .output("twice", ElementType::Double, &[-1, 1])
        .output("same", ElementType::Text, &[-1, 1])
        .output("whole", ElementType::Integer, &[-1, 1])
        .output("is_zero", ElementType::Boolean, &[-1, 1])
        .floats("three", &[1], &[3.0])
        .node("Div", &["x", "three"], &["third"], &[])
        .node("Add", &["d", "d"], &["twice"], &[])
        .node("Identity", &["job"], &["same"], &[])
        .node("IsNaN", &["d"], &["is_zero"], &[])
        .node(
            "Cast",
            &["is_zero"],
            &["whole"],
            &[("to", Attribute::Integer(7))],
        )
        .build()
}

const ROWS: &str = "id;x[2];x[1];d;job\n\
                    1;1;0.1;1e-320;clerk\n\
                    2;-0;3.4e38;NaN;\"a; \"\"b\"\"\"\n\
                    3;inf;1e-45;-inf;\n\
                    4;16777216;7;0.1; x\n";

fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("golden")
        .join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("m.onnx"), model()).unwrap();
    fs::write(path.join("rows.csv"), ROWS).unwrap();
    path
}

fn krites(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_krites"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

const GOLDEN: [&str; 5] = ["model", "golden", "m.onnx", "--input", "rows.csv"];

#[test]
fn what_is_written_is_what_the_model_is_held_to() {
    let folder = folder("written");
    let (code, out, noted) = krites(&folder, &GOLDEN);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "m.golden.csv: 4 rows\n"),
        "{noted}"
    );
    assert!(noted.contains("passed over: `id`"), "{noted}");
    let written = fs::read_to_string(folder.join("m.golden.csv")).unwrap();
    assert_eq!(
        written,
        "x[1],x[2],d,job,expect third[1],expect third[2],expect twice,expect same,expect whole,expect is_zero\n\
         0.1,1,1e-320,clerk,0.033333335,0.33333334,2e-320,clerk,0,false\n\
         3.4e38,-0,NaN,\"a; \"\"b\"\"\",1.1333333e38,-0,NaN,\"a; \"\"b\"\"\",1,true\n\
         1e-45,inf,-inf,,0,inf,-inf,,0,false\n\
         7,16777216,0.1, x,2.3333333,5592405.5,0.2, x,0,false\n"
    );
    let lines = ["--output", "lines.jsonl", "--rows", "3"];
    let (code, ..) = krites(&folder, &[&GOLDEN[..], &lines].concat());
    assert_eq!(code, Some(0));
    let lines = fs::read_to_string(folder.join("lines.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 3);
    assert!(
        lines.contains(r#""d": "NaN", "job": "a; \"b\"", "expect third[1]": 1.1333333e38"#),
        "{lines}"
    );

    // Both are read back to the bits that the model was asked and gave.
    let new =
        NewGolden::from_paths(&folder.join("m.onnx"), &folder.join("rows.csv"), None).unwrap();
    for (file, text, rows) in [("m.golden.csv", written, 4), ("m.golden.jsonl", lines, 3)] {
        let release = Release::builder()
            .policy("p.krites", POLICY)
            .model("m.onnx", model())
            .file(file, text.as_str())
            .build()
            .unwrap();
        let golden = release.models()["m.onnx"].golden().unwrap();
        assert_eq!(golden.inputs().n_rows(), rows);
        if rows == 4 {
            // NaN is not equal to itself, and shown alike.
            let shown = |golden: &krites::GoldenRows| {
                let text = format!("{:?} {:?}", golden.inputs(), golden.expected());
                text.replace("strides=[1, 0]", "strides=[1, 1]")
            };
            assert_eq!(shown(golden), shown(new.rows()));
        }
    }
}

#[test]
fn nothing_is_replaced_unasked() {
    let folder = folder("replaced");
    fs::write(folder.join("m.golden.csv"), "mine").unwrap();
    let (code, out, said) = krites(&folder, &GOLDEN);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(said.contains("--force"), "{said}");
    assert_eq!(fs::read(folder.join("m.golden.csv")).unwrap(), b"mine");
    let lines = ["--output", "m.golden.jsonl"];
    let (code, _, said) = krites(&folder, &[&GOLDEN[..], &lines].concat());
    assert_eq!(code, Some(1), "{said}");
    assert!(!folder.join("m.golden.jsonl").exists());
    let (code, ..) = krites(&folder, &[&GOLDEN[..], &["--force"]].concat());
    assert_eq!(code, Some(0));
    // What cannot be written leaves nothing.
    fs::write(folder.join("rows.csv"), "x[1],d,job\n1,2,x\n").unwrap();
    let (code, _, said) = krites(&folder, &[&GOLDEN[..], &["--output", "new.csv"]].concat());
    assert_eq!(code, Some(1));
    assert!(said.contains("`x[2]` is not there"), "{said}");
    assert!(!folder.join("new.csv").exists());
}

#[test]
fn a_card_is_shown_and_names_the_columns() {
    let folder = folder("card");
    let card = r#"{"owner": "Risk", "metrics": {"auc": 0.79}, "columns": {"x": ["age", "income"]},
        "training": {"from": "2020-01-01", "through": "2024-12-31", "ranges": {"age": [18, 75]}}}"#;
    fs::write(folder.join("m.card.json"), card).unwrap();
    let (code, out, _) = krites(&folder, &["model", "inspect", "m.onnx"]);
    assert_eq!(code, Some(0));
    let shown = "Its card:\n  owner: Risk\n  training period: 2020-01-01 to 2024-12-31\n  \
                 in training, age: 18 to 75\n  auc: 0.79\n";
    assert!(out.contains(shown), "{out}");
    let (code, out, _) = krites(&folder, &["model", "inspect", "--format", "json", "m.onnx"]);
    assert_eq!(code, Some(0));
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    let stated: serde_json::Value = serde_json::from_str(card).unwrap();
    assert_eq!(told["card"], stated);
    let (code, _, said) = krites(&folder, &GOLDEN);
    assert_eq!(code, Some(1));
    assert!(said.contains("`age`, `income` are not there"), "{said}");

    let card = format!(r#"{{"model_hash": "{}"}}"#, "0".repeat(64));
    fs::write(folder.join("m.card.json"), card).unwrap();
    for arguments in [&["model", "inspect", "m.onnx"][..], &GOLDEN] {
        let (code, _, said) = krites(&folder, arguments);
        assert_eq!(code, Some(1));
        assert!(said.contains("the card is of the model 0000"), "{said}");
    }
    let (code, out, said) = krites(&folder, &["model", "inspect", "--format", "json", "m.onnx"]);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["card"], serde_json::Value::Null);
    let failure = told["card_failure"].as_str().unwrap();
    assert!(
        failure.contains("the card is of the model 0000"),
        "{failure}"
    );
}

//! `krites model inspect` as a data scientist meets it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use krites_model::ElementType;
use krites_model::testing::{Attribute, ModelBuilder};
use serde_json::{Value, json};

/// The exit code, what is on standard output, and what on standard error
type Said = (Option<i32>, String, String);

fn krites(folder: &Path, arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_krites"))
        .current_dir(folder)
        .env_remove("ORT_DYLIB_PATH")
        .env_remove("VIRTUAL_ENV")
        .env_remove("CONDA_PREFIX")
        .env_remove("LD_LIBRARY_PATH")
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

fn inspect(folder: &Path, file: &str) -> Said {
    krites(folder, &["model", "inspect", file])
}

/// An empty folder of one test
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("model")
        .join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// What stands behind the line before the block
fn pasted(out: &str) -> &str {
    out.split_once("names of the policy:\n\n").unwrap().1
}

/// A classifier over `labels`, whose input and output have these names.
fn classifier(input: &str, output: &str, labels: (&'static str, Attribute), n: i64) -> Vec<u8> {
    let label = match labels.1 {
        Attribute::Texts(_) => ElementType::Text,
        _ => ElementType::Integer,
    };
    let count = usize::try_from(n).unwrap();
    ModelBuilder::new()
        .input(input, ElementType::Float, &[-1, 2])
        .output("label", label, &[-1])
        .output(output, ElementType::Float, &[-1, n])
        .node(
            "ai.onnx.ml.LinearClassifier",
            &[input],
            &["label", output],
            &[
                labels,
                ("coefficients", Attribute::Floats(vec![0.5; 2 * count])),
                ("intercepts", Attribute::Floats(vec![0.0; count])),
                ("post_transform", Attribute::Text("SOFTMAX")),
            ],
        )
        .build()
}

/// The block in a policy with the inputs that it names.
fn policy(block: &str, inputs: &[(&str, &str)]) -> String {
    let mut declared = String::new();
    for (name, ty) in inputs {
        writeln!(declared, "    `{name}` : {ty}").unwrap();
    }
    format!(
        "policy pasted {{\n    version \"1\"\n    on fault refer because M00\n}}\n\
         reason M00 \"It could not be computed\"\n\
         enum Outcome {{ approve < refer }}\n\
         input {{\n{declared}}}\n{block}\n\
         decide outcome : Outcome most severe {{\n    rule rest otherwise then approve\n}}\n"
    )
}

/// Asserts that the block checks in a policy, and stands as it would be written.
#[track_caller]
fn assert_checks(folder: &Path, block: &str, inputs: &[(&str, &str)]) {
    fs::write(folder.join("pasted.krites"), policy(block, inputs)).unwrap();
    let (code, _, err) = krites(folder, &["check", "pasted.krites"]);
    assert_eq!(code, Some(0), "{err}\n{block}");
    krites(folder, &["fmt", "pasted.krites"]);
    let formatted = fs::read_to_string(folder.join("pasted.krites")).unwrap();
    assert!(formatted.contains(block.trim_end()), "{formatted}\n{block}");
}

#[test]
fn a_model_is_shown_with_its_signature_its_operators_and_its_backend() {
    let (code, out, err) = inspect(&examples().join("loan/v1"), "default_risk.onnx");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let expected = r#"default_risk.onnx: 43,681 bytes, written by OnnxMLTools 1.16.0, operators of ai.onnx 9, ai.onnx.ml 1
backend: native
hash: 45e95218ec54ee6ecfa5eb324e12637d57841eb7304596e9dd321c376b4020ad

input   input          float    18 columns
output  label          integer  1 column
output  probabilities  float    2 columns, of the classes 0, 1

1 × Cast
2 × Identity
1 × Mul
1 × ai.onnx.ml.TreeEnsembleClassifier
90 trees with 1,168 nodes
1 element of constants

Its card:
  owner: Retail credit risk
  purpose: Probability that an instalment loan ends as a bad credit, for the example's policy
  limits of use: An example on 1,000 applications of the 1970s: not for lending
  framework: lightgbm 4.7.0
  training data: sha256:536c30da90042c1b04ab353cb3b6964bc67e3655156cca8ac98805d9e6e746ab
  training cases: 700
  in training, applicant.age: 19 to 75
  in training, applicant.employment_since: 1 to 5
  in training, applicant.job: 1 to 4
  in training, applicant.housing: 1 to 3
  in training, applicant.residence_since: 1 to 4
  in training, applicant.checking: 1 to 4
  in training, applicant.savings: 1 to 5
  in training, applicant.credit_history: 0 to 4
  in training, applicant.existing_credits: 1 to 4
  in training, applicant.other_plans: 1 to 3
  in training, property: -1 to 3
  in training, applicant.dependents: 1 to 2
  in training: 6 more columns
  auc: 0.7905

To paste; what stands right of `=` are names of the policy:

columns input_columns {
    applicant.age              = applicant_age
    applicant.employment_since = applicant_employment_since
    applicant.job              = applicant_job
    applicant.housing          = applicant_housing
    applicant.residence_since  = applicant_residence_since
    applicant.checking         = applicant_checking
    applicant.savings          = applicant_savings
    applicant.credit_history   = applicant_credit_history
    applicant.existing_credits = applicant_existing_credits
    applicant.other_plans      = applicant_other_plans
    property
    applicant.dependents       = applicant_dependents
    applicant.telephone        = applicant_telephone
    loan.amount                = loan_amount
    loan.term_months           = loan_term_months
    loan.purpose               = loan_purpose
    loan.instalment_rate       = loan_instalment_rate
    loan.other_debtors         = loan_other_debtors
}

model default_risk from "default_risk.onnx" {
    feed { input = input_columns }
    give label           : integer = label
    give probabilities_1 : decimal = probabilities of class 1
    outside training range fault
}
"#;
    assert_eq!(out, expected);
}

#[test]
fn a_model_is_shown_to_programs() {
    let folder = examples().join("chat_routing/models");
    let told_of = |file: &str| {
        let (code, out, err) = krites(&folder, &["model", "inspect", "--format", "json", file]);
        assert_eq!(err, "");
        (code, serde_json::from_str::<Value>(&out).unwrap())
    };
    let (code, mut told) = told_of("topic_small.onnx");
    assert_eq!(code, Some(0));
    let (_, shown, _) = inspect(&folder, "topic_small.onnx");
    assert_eq!(told["paste"].take(), Value::from(pasted(&shown)));
    let operators = [
        ("Flatten", 1),
        ("Mul", 1),
        ("TfIdfVectorizer", 1),
        ("ai.onnx.ml.LinearClassifier", 1),
        ("ai.onnx.ml.Normalizer", 2),
        ("com.microsoft.Tokenizer", 1),
    ];
    let operators = operators
        .map(|(operator, nodes)| json!({"operator": operator, "nodes": nodes, "native": true}));
    let classes = [
        "account",
        "balance",
        "complaint",
        "declined",
        "dispute",
        "fraud",
        "loan",
        "lost_card",
        "mortgage",
        "pin",
        "transfer",
    ];
    let expected = json!({
        "format": 1,
        "file": "topic_small.onnx",
        "failure": null,
        "bytes": 18694,
        "hash": "16745bb9380772d8fbb3a2372bcfcf053cf24dec3f601f73228923f51d8a9c2e",
        "producer": "skl2onnx 1.20.0",
        "operator_sets": {"ai.onnx": 15, "ai.onnx.ml": 1, "com.microsoft": 1},
        "backend": {"name": "native", "why": null, "failure": null},
        "inputs": [{"name": "message", "type": "text", "width": 1, "columns": []}],
        "outputs": [
            {"name": "label", "type": "text", "width": 1, "classes": null},
            {"name": "probabilities", "type": "float", "width": 11, "classes": classes},
        ],
        "operators": operators,
        "trees": 0,
        "tree_nodes": 0,
        "constant_elements": 239,
        "card": null,
        "card_failure": null,
        "paste": null,
    });
    assert_eq!(told, expected);

    let (code, told) = told_of("absent.onnx");
    assert_eq!(code, Some(1));
    let failure = told["failure"].as_str().unwrap();
    assert!(failure.contains("absent.onnx"), "{failure}");
}

#[test]
fn the_block_of_every_example_model_checks_in_a_policy() {
    let mut looked_at = 0;
    for folder in ["loan/models", "card_fraud/models", "chat_routing/models"] {
        for file in fs::read_dir(examples().join(folder)).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|ending| ending == "onnx") {
                let name = file.file_name().unwrap().to_str().unwrap();
                let (code, out, err) = inspect(file.parent().unwrap(), name);
                assert_eq!((code, err.as_str()), (Some(0), ""), "{name}");
                assert!(out.contains("\nbackend: native\n"), "{out}");
                assert!(pasted(&out).contains("model "), "{out}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 3, "{looked_at}");
}

#[test]
fn names_of_every_kind_are_pasted_so_that_they_check() {
    let folder = folder("names");
    let texts = Attribute::Texts(vec!["lost card", "Lost-Card", "say \"no\"", "9"]);
    let file = folder.join("2nd model.onnx");
    let odd = classifier("the input", "if", ("classlabels_strings", texts), 4);
    fs::write(&file, odd).unwrap();
    let (code, out, err) = inspect(&folder, "2nd model.onnx");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let block = pasted(&out);
    assert_eq!(
        block,
        r#"columns the_input_columns { the_input_1, the_input_2 }

enum if_class {
    lost_card   = "lost card"
    lost_card_2 = "Lost-Card"
    say_no      = "say \"no\""
    x_9         = "9"
}

model x_2nd_model from "2nd model.onnx" {
    feed { "the input" = the_input_columns }
    give label : text                     = label
    give `if`  : distribution of if_class = "if"
}
"#
    );
    assert_checks(
        &folder,
        block,
        &[("the_input_1", "decimal"), ("the_input_2", "decimal")],
    );
}

#[test]
fn whole_number_classes_are_codes_and_the_last_of_two_is_read() {
    let folder = folder("codes");
    let integers = |labels| ("classlabels_ints", Attribute::Integers(labels));
    let three = classifier("x", "scores", integers(vec![3, -1, 20]), 3);
    fs::write(folder.join("three.onnx"), three).unwrap();
    let (_, out, _) = inspect(&folder, "three.onnx");
    let facts = [("x_1", "decimal"), ("x_2", "decimal")];
    assert_checks(&folder, pasted(&out), &facts);
    assert!(out.contains("class_20 code 20"), "{out}");
    let two = classifier("x", "scores", integers(vec![0, 1]), 2);
    fs::write(folder.join("two.onnx"), two).unwrap();
    let (_, out, _) = inspect(&folder, "two.onnx");
    assert_checks(&folder, pasted(&out), &facts);
    assert!(
        out.contains("give scores_1 : decimal = scores of class 1"),
        "{out}"
    );
}

#[test]
fn a_model_outside_of_the_table_says_what_of_it_is() {
    let folder = folder("outside");
    let bytes = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 2])
        .output("y", ElementType::Float, &[-1, 2])
        .node("NotYetKnown", &["x"], &["y"], &[])
        .build();
    fs::write(folder.join("odd.onnx"), bytes).unwrap();
    let (code, out, err) = inspect(&folder, "odd.onnx");
    assert_eq!(code, Some(1), "{out}{err}");
    let line = "\nbackend: onnxruntime, since node 0 (NotYetKnown) uses the operator \
                `NotYetKnown`, which is not native\n";
    assert!(out.contains(line), "{out}");
    assert!(
        out.contains("1 × NotYetKnown, which is not native\n"),
        "{out}"
    );
    assert!(
        err.starts_with("error: the model `odd.onnx` needs ONNX Runtime"),
        "{err}"
    );
}

#[test]
fn what_is_no_model_is_told_in_words() {
    let folder = folder("none");
    fs::write(folder.join("empty.onnx"), "").unwrap();
    fs::write(
        folder.join("text.onnx"),
        "version https://git-lfs.github.com\n",
    )
    .unwrap();
    fs::write(folder.join("cut.onnx"), [8, 7, 0x12, 200]).unwrap();
    for (file, words) in [
        ("absent.onnx", "there is no such file"),
        ("empty.onnx", "the file is empty"),
        ("text.onnx", "it is a text file"),
        ("cut.onnx", "this is not an ONNX model"),
    ] {
        let (code, out, err) = inspect(&folder, file);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{file}");
        assert!(err.contains(words), "{file}: {err}");
        assert!(err.contains(file), "{file}: {err}");
    }
    let (code, _, err) = krites(&folder, &["model", "inspect"]);
    assert_eq!(code, Some(2), "{err}");
}

#[test]
fn columns_that_the_model_names_are_pasted_under_these_names() {
    let folder = folder("columns");
    let vocabulary = Attribute::Texts(vec!["age", "home owner", "Income"]);
    let bytes = ModelBuilder::new()
        .map_input("facts", ElementType::Text, ElementType::Float)
        .output("row", ElementType::Float, &[-1, 3])
        .node(
            "ai.onnx.ml.DictVectorizer",
            &["facts"],
            &["row"],
            &[("string_vocabulary", vocabulary)],
        )
        .build();
    fs::write(folder.join("facts.onnx"), bytes).unwrap();
    let (code, out, err) = inspect(&folder, "facts.onnx");
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let types = ["age", "home_owner", "income"].map(|name| (name, "decimal"));
    assert_checks(&folder, pasted(&out), &types);
    assert!(out.contains("\"home owner\" = home_owner"), "{out}");
}

//! The tool as an analyst meets it: what it prints, and its exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What a command said
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn krites<I: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = I>) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_krites"))
        .args(arguments)
        .output()
        .unwrap();
    let said = Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    for text in [&said.out, &said.err] {
        assert!(!text.contains("panicked"), "{text}");
    }
    said
}

/// Runs a command that must fail with exit code 1, nothing on standard output
/// and all of `words` on standard error.
fn fails<I: AsRef<std::ffi::OsStr>>(
    arguments: impl IntoIterator<Item = I>,
    words: &[&str],
) -> String {
    let said = krites(arguments);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert_eq!(said.out, "");
    for word in words {
        assert!(said.err.contains(word), "`{word}` is not in:\n{}", said.err);
    }
    assert!(said.err.len() < 20_000, "{} bytes", said.err.len());
    said.err
}

/// A folder of this test alone
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("cli")
            .join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// Writes a file, and returns its path.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn loan(name: &str) -> PathBuf {
    root().join("examples/loan").join(name)
}

/// A policy without models
const SMALL: &str = r#"policy small { version "1" }
reason R01 "Too young"
enum Outcome { approve < refer < decline }
enum Housing { rent = "RENT", own = "OWN" }
input {
    applicant.age     : integer in 0 to 120
    applicant.housing : Housing
    income            : money(EUR)
    remark            : text?
}
decide outcome : Outcome most severe {
    rule young when applicant.age < 18 then decline because R01
    rule rest otherwise then approve
}
output {
    when outcome is approve { limit : money(EUR) = income * 2 }
}
reasons at most 3 { for decline : rules that spoke }
test "a minor is declined" {
    given  with applicant.age = 17, applicant.housing = rent, income = 1
    expect outcome = decline, reasons = [R01]
}
"#;

const HEADER: &str = "applicant.age,applicant.housing,income,remark\n";

/// Decides rows with [`SMALL`].
fn run(folder: &Folder, input: &str, rows: impl AsRef<[u8]>) -> Said {
    let policy = folder.file("small.krites", SMALL);
    let input = folder.file(input, rows);
    krites(["run", &policy, "--input", &input, "--date", "2026-11-02"])
}

/// Reads JSON lines.
fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// `row outcome` or `row ! error`, line by line.
fn brief(text: &str) -> Vec<String> {
    let brief = lines(text).into_iter().map(|line| {
        let row = &line["row"];
        match line.get("error") {
            Some(error) => format!("{row} ! {}", error.as_str().unwrap()),
            None => format!("{row} {}", line["outcome"].as_str().unwrap()),
        }
    });
    brief.collect()
}

#[test]
fn the_loan_example_is_checked_tested_and_run() {
    for version in ["v1", "v2"] {
        let folder = loan(version);
        let said = krites([Path::new("check"), &folder]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(
            said.out
                .starts_with("loan: no errors; 18 inputs, 13 rules, 1 table, 1 model\n"),
            "{}",
            said.out
        );
        assert!(
            said.out.contains("default_risk.onnx: native"),
            "{}",
            said.out
        );

        let said = krites([Path::new("test"), &folder.join("loan.krites")]);
        assert_eq!(said.code, Some(0), "{}", said.out);
        assert!(
            said.out
                .contains("ok      loan: a minor is declined before any model runs"),
            "{}",
            said.out
        );
        assert!(said.out.contains(" passed tests, 0 failed"), "{}", said.out);

        let data = loan("data/german_credit.csv");
        let said = krites([
            Path::new("run"),
            &folder,
            Path::new("--input"),
            &data,
            Path::new("--date"),
            Path::new("2026-11-22"),
        ]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(
            said.err
                .contains("1000 rows decided as of 2026-11-22, 0 failed"),
            "{}",
            said.err
        );
        let decisions = lines(&said.out);
        assert_eq!(decisions.len(), 1_000);
        for (row, decision) in (1..).zip(&decisions) {
            assert_eq!(decision["row"], row);
            let outcome = decision["outcome"].as_str().unwrap();
            assert!(
                ["approve", "refer", "decline"].contains(&outcome),
                "{outcome}"
            );
            let approved = outcome == "approve";
            assert_eq!(decision["outputs"]["rate"].is_number(), approved);
            assert_eq!(decision["reasons"].as_array().unwrap().is_empty(), approved);
        }
    }
}

#[test]
fn wrong_usage_ends_with_code_2() {
    let policy = loan("v1");
    let policy = policy.to_str().unwrap();
    for arguments in [
        &[][..],
        &["chekc"],
        &["check"],
        &["run", policy],
        &["run", policy, "--input", "x.csv", "--date", "2026-02-30"],
        &["run", policy, "--input", "x.csv", "--date", "22.11.2026"],
        &["run", policy, "--input", "x.csv", "--colour"],
    ] {
        let said = krites(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(!said.err.is_empty(), "{arguments:?}");
        assert_eq!(said.out, "");
    }
    let said = krites(["run", policy, "--input", "x.csv", "--date", "2026-02-30"]);
    let words = "the calendar has no such day; write it as 2026-11-02";
    assert!(said.err.contains(words), "{}", said.err);
    assert_eq!(krites(["--help"]).code, Some(0));
    assert_eq!(krites(["--version"]).code, Some(0));
}

#[test]
fn a_file_that_is_no_policy_is_an_error() {
    let folder = Folder::new("no_policy");
    let mut noise = 1_u32;
    let random: Vec<u8> = (0..4_096)
        .map(|_| {
            // Marsaglia, "Xorshift RNGs" (2003)
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            noise.to_le_bytes()[0]
        })
        .collect();
    let elf = fs::read(env!("CARGO_BIN_EXE_krites")).unwrap();
    let deep = format!("{SMALL}rules r all {{ rule x when {}", "(".repeat(60_000));
    let files: &[(&str, Vec<u8>, &[&str])] = &[
        (
            "empty",
            Vec::new(),
            &["error[K0005]: the file holds no policy", "empty.krites:1:1"],
        ),
        (
            "blank",
            b"\n\n# a comment\n".to_vec(),
            &["the file holds no policy"],
        ),
        (
            "random",
            random,
            &["error[K0002]: not a text file", "random.krites:1:1"],
        ),
        (
            "elf",
            elf[..4_096].to_vec(),
            &["error[K0002]: not a text file"],
        ),
        (
            "latin",
            b"policy p { version \"\xe9\" }".to_vec(),
            &["UTF-8"],
        ),
        (
            "huge",
            vec![b'('; 10_000_000],
            &["error[K0001]", "larger than 8 MiB"],
        ),
        (
            "wide",
            vec![b'('; 1_000_000],
            &["error[K0004]: a line is longer than 64 KiB"],
        ),
        (
            "lines",
            b"(\n".repeat(500_000),
            &["error[K0006]: brackets nest more than 64 deep"],
        ),
        (
            "deep",
            deep.into_bytes(),
            &["brackets nest more than 64 deep"],
        ),
        (
            "prose",
            b"Dear colleague,\nplease approve everything.\n".to_vec(),
            &["error[K"],
        ),
    ];
    for (name, bytes, words) in files {
        let file = folder.file(&format!("{name}.krites"), bytes);
        for command in ["check", "test"] {
            let err = fails([command, &file], words);
            // What nobody can read is not shown.
            assert!(!err.contains('\u{fffd}'), "{err}");
        }
        let rows = folder.file("rows.csv", HEADER);
        fails(["run", &file, "--input", &rows], words);
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_path_without_policies_is_an_error() {
    let folder = Folder::new("no_path");
    let missing = folder.0.join("nowhere.krites");
    fails(
        [Path::new("check"), &missing],
        &["nowhere.krites` cannot be read: there is no such file"],
    );
    folder.file("notes.txt", "no policy");
    fails(
        ["check", folder.path()],
        &["there is no policy file (`*.krites`) in `"],
    );
    fs::create_dir(folder.0.join("folder.krites")).unwrap();
    fails(
        ["check", folder.path()],
        &["folder.krites` cannot be read: it is a folder"],
    );
}

#[test]
fn a_model_that_cannot_be_used_is_an_error_at_its_place() {
    let folder = Folder::new("models");
    let onnx = fs::read(loan("v1/default_risk.onnx")).unwrap();
    let policy = fs::read_to_string(loan("v1/loan.krites")).unwrap();
    folder.file("loan.krites", &policy);
    let place = "loan.krites:114:25";
    fails(
        ["check", folder.path()],
        &[
            place,
            "the model `default_risk.onnx` cannot be read: there is no such file",
        ],
    );
    let cases: &[(&[u8], &str)] = &[
        (b"", "the file is empty"),
        (
            &onnx[..onnx.len() / 2],
            "the file is cut off or of another format",
        ),
        (&onnx[..40], "`default_risk.onnx`"),
        (&[0xff; 4_096], "this is not an ONNX model"),
        (
            policy.as_bytes(),
            "this is not an ONNX model: it is a text file",
        ),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "`default_risk.onnx`",
        ),
    ];
    for (bytes, words) in cases {
        folder.file("default_risk.onnx", bytes);
        for command in ["check", "test"] {
            fails([command, folder.path()], &["error[K0601]", place, words]);
        }
    }
    fs::remove_file(folder.0.join("default_risk.onnx")).unwrap();
    fs::create_dir(folder.0.join("default_risk.onnx")).unwrap();
    fails(["check", folder.path()], &[place, "it is not a file"]);
}

#[test]
fn a_model_that_lacks_what_it_is_fed_is_an_error() {
    let folder = Folder::new("feeds");
    for file in ["default_risk.onnx", "default_risk.card.json"] {
        fs::copy(loan("v1").join(file), folder.0.join(file)).unwrap();
    }
    let policy = fs::read_to_string(loan("v1/loan.krites")).unwrap();
    let check = |from: &str, to: &str, words: &[&str]| {
        assert!(policy.contains(from), "{from}");
        let file = folder.file("loan.krites", policy.replace(from, to));
        fails(["check", &file], words)
    };
    check(
        "feed { input = features }",
        "feed { inptu = features }",
        &[
            "error[K0602]: the model `default_risk.onnx` has no input `inptu`",
            "loan.krites:115:12",
            "did you mean `input`?",
        ],
    );
    check(
        "applicant.telephone, loan.amount, loan.term_months",
        "loan.amount, loan.term_months",
        &["error[K0604]", "18", "17"],
    );
    check(
        "= probabilities of class 1",
        "= probabilities of class 7",
        &["error[K0608]", "loan.krites:116"],
    );
    check(
        "= probabilities of",
        "= probability of",
        &["error[K0607]", "probabilities"],
    );
}

#[test]
fn a_model_outside_of_the_policys_folder_is_refused() {
    let folder = Folder::new("outside");
    let inner = folder.0.join("inner");
    fs::create_dir(&inner).unwrap();
    let model = folder.0.join("risk.onnx");
    fs::copy(loan("v1/default_risk.onnx"), &model).unwrap();
    let policy = fs::read_to_string(loan("v1/loan.krites")).unwrap();
    let check = |path: &str, words: &str| {
        let text = policy.replace("\"default_risk.onnx\"", &format!("\"{path}\""));
        fs::write(inner.join("loan.krites"), text).unwrap();
        fails(
            [Path::new("check"), &inner],
            &["error[K0601]", "loan.krites:114:25", words],
        );
    };
    let outside = "it must lie in the policy's folder";
    check("../risk.onnx", outside);
    check("models/../../risk.onnx", outside);
    check(model.to_str().unwrap(), outside);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../risk.onnx", inner.join("link.onnx")).unwrap();
        check("link.onnx", "it leads out of the policy's folder");
        std::os::unix::fs::symlink(&folder.0, inner.join("up")).unwrap();
        check("up/risk.onnx", "it leads out of the policy's folder");
    }
    // Below the folder is fine.
    fs::create_dir(inner.join("models")).unwrap();
    fs::copy(&model, inner.join("models/risk.onnx")).unwrap();
    let card = inner.join("models/risk.card.json");
    fs::copy(loan("v1/default_risk.card.json"), card).unwrap();
    let text = policy.replace("\"default_risk.onnx\"", "\"models/risk.onnx\"");
    fs::write(inner.join("loan.krites"), text).unwrap();
    let said = krites([Path::new("check"), &inner]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn names_of_other_files_are_looked_for_below_the_policys_folder() {
    let folder = Folder::new("names");
    fs::create_dir(folder.0.join("common")).unwrap();
    let text = SMALL.replace(
        "reason R01 \"Too young\"\nenum Outcome { approve < refer < decline }\n",
        "use R01 from \"common/reasons.krites\"\nuse Outcome from \"outcomes.krites\"\n",
    );
    let policy = folder.file("small.krites", text);
    let outcomes = "enum Outcome { approve < refer < decline }\n";
    let own = folder.file("outcomes.krites", outcomes);
    folder.file("common/reasons.krites", "reason R01 \"Too young\"\n");
    for path in [policy.as_str(), folder.path()] {
        for command in ["check", "test"] {
            let said = krites([command, path]);
            assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        }
        let rows = folder.file("rows.csv", format!("{HEADER}17,RENT,1,\n"));
        let arguments = ["run", path, "--input", &rows, "--date", "2026-11-02"];
        let said = krites(arguments);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.contains("R01"), "{}", said.out);
    }
    // A mistake is shown in its own file, with the lines of the others.
    folder.file("outcomes.krites", outcomes.replace("decline", "refuse"));
    folder.file("common/reasons.krites", "table t\n");
    let path = |name: &str| folder.0.join(name).display().to_string();
    fails(
        ["check", &policy],
        &[
            "error[K0205]: `Outcome` has no label `decline`",
            &format!("--> {}:", path("small.krites")),
            &format!("::: {own}:1:6"),
            "error[K0222]: `table` stands in a file of names",
            &format!("--> {}:1:1", path("common/reasons.krites")),
            &format!("::: {}:2:", path("small.krites")),
            "its names are used here",
        ],
    );
    fails(
        ["check", &own],
        &["error[K0200]", "check a file of names with a policy"],
    );
}

/// A policy whose table stands in the sheet of a workbook.
const IN_A_FILE: &str = r#"policy terms { version "1" }
enum Outcome { approve < refer < decline }
input { age : integer in 0 to 120 }
table terms first match -> verdict : Outcome, cap : money(EUR)? from "pricing.xlsx" sheet "Limits"
decide outcome : Outcome most severe { evaluate terms.verdict }
output { cap : money(EUR)? = terms.cap }
test "a minor is declined" { given with age = 17; expect outcome = decline }
"#;

/// A workbook of one sheet with these rows, and a blank one of another name.
fn workbook(rows: &[[&str; 3]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Notes").unwrap();
    let sheet = book.add_worksheet().set_name("Limits").unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn tables_in_workbooks_are_checked_tested_and_run() {
    let folder = Folder::new("workbook");
    let policy = folder.file("terms.krites", IN_A_FILE);
    let rows = [
        ["age", "verdict", "cap"],
        ["below 18", "decline", "-"],
        ["any", "approve", "1_500"],
    ];
    folder.file("pricing.xlsx", workbook(&rows));
    for path in [policy.as_str(), folder.path()] {
        for command in ["check", "test"] {
            let said = krites([command, path]);
            assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
        }
    }
    let input = folder.file("rows.csv", "age\n30\n");
    let said = krites(["run", &policy, "--input", &input, "--date", "2026-11-02"]);
    assert!(said.out.contains("1500"), "{}{}", said.out, said.err);

    let mut wrong = rows;
    wrong[0][2] = "limit";
    wrong[1] = ["18 - 20", "declined", "-"];
    folder.file("pricing.xlsx", workbook(&wrong));
    let place = |cell: &str| {
        let file = folder.0.join("pricing.xlsx").display().to_string();
        format!("--> {file}, sheet Limits, {cell}\n  |\n2 | ")
    };
    fails(["check", &policy], &["error[K0502]", "`limit`"]);
    wrong[0][2] = "cap";
    folder.file("pricing.xlsx", workbook(&wrong));
    fails(
        ["check", &policy],
        &[
            &format!("{}18 - 20", place("cell A2")),
            &format!("{}declined", place("cell B2")),
            "error[K0205]: `Outcome` has no label `declined`",
        ],
    );
}

#[test]
fn every_mistake_of_a_file_is_shown_in_source_order() {
    let file = root().join("tests/corpus/reject/eight_mistakes.krites");
    if !file.exists() {
        return;
    }
    let err = fails([Path::new("check"), &file], &["8 errors"]);
    assert_eq!(err.matches("error[K").count(), 8, "{err}");
    let name = "eight_mistakes.krites:";
    let places = err.match_indices(name).map(|(at, _)| {
        let line = err[at + name.len()..].split(':').next().unwrap();
        line.parse::<u32>().unwrap()
    });
    let places: Vec<u32> = places.collect();
    assert_eq!(places.len(), 8, "{err}");
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_failed_test_is_shown_and_stops_a_run() {
    let folder = Folder::new("failed_test");
    let text = SMALL.replace("outcome = decline, reasons", "outcome = refer, reasons");
    let policy = folder.file("small.krites", text);
    let said = krites(["test", &policy]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("FAILED  small: a minor is declined"),
        "{}",
        said.out
    );
    assert!(said.out.contains("small.krites:21:"), "{}", said.out);
    assert!(
        said.out.contains("0 passed tests, 1 failed"),
        "{}",
        said.out
    );
    // It is a policy without mistakes all the same.
    assert_eq!(krites(["check", &policy]).code, Some(0));
    let rows = folder.file("rows.csv", format!("{HEADER}34,OWN,1,\n"));
    fails(
        ["run", &policy, "--input", &rows],
        &["1 of 1 tests of `small` failed"],
    );
}

#[test]
fn a_bad_row_is_reported_by_number_and_stops_no_other() {
    let folder = Folder::new("bad_rows");
    let mut rows = HEADER.as_bytes().to_vec();
    for row in [
        &b"34,OWN,1200.50,\n"[..],
        b"old,OWN,1,\n",
        b"134,OWN,1,\n",
        b"34,CASTLE,1,\n",
        b"34,OWN\n",
        b"34,OWN,1,a,b\n",
        b"34,OWN,1,\xff\xfe\n",
        b"17,RENT,1,\"two\nlines, one field\"\n",
        b"34,OWN,,\n",
        b"34,OWN,1.234,\n",
        b"34,OWN,1e99,\n",
        b"34,OWN,0,\"a \"\"quoted\"\" word\"\n",
    ] {
        rows.extend_from_slice(row);
    }
    let said = run(&folder, "rows.csv", &rows);
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert_eq!(
        brief(&said.out),
        [
            "1 approve",
            "2 ! `applicant.age`: expected a whole number, got \"old\"",
            "3 ! `applicant.age`: 134 lies outside the range 0 to 120",
            "4 ! `applicant.housing`: \"CASTLE\" is not one of RENT, OWN",
            "5 ! the header has 4 columns, the row has 2 fields",
            "6 ! the header has 4 columns, the row has 5 fields",
            "7 ! column `remark` is not valid UTF-8 from byte 0 on",
            "8 decline",
            "9 ! `income`: it may not be missing",
            "10 ! `income`: 1.234 has more than 2 digits behind the point",
            "11 ! `income`: the number is too large or has too many digits",
            "12 approve",
        ]
    );
    for line in lines(&said.out) {
        if let Some(error) = line.get("error") {
            let shown = format!("row {}: {}\n", line["row"], error.as_str().unwrap());
            assert!(said.err.contains(&shown), "{shown}{}", said.err);
        }
    }
    assert!(
        said.err
            .contains("3 rows decided as of 2026-11-02, 9 failed"),
        "{}",
        said.err
    );
    let first = &lines(&said.out)[0];
    assert_eq!(
        first,
        &json!({
            "row": 1,
            "outcome": "approve",
            "outputs": {"limit": 2401},
            "reasons": [],
            "spoken": ["outcome.rest"],
            "models": [],
        })
    );
}

#[test]
fn a_bad_line_of_json_is_reported_by_number_and_stops_no_other() {
    let folder = Folder::new("bad_lines");
    let mut rows = Vec::new();
    for row in [
        &br#"{"applicant": {"age": 34, "housing": "OWN"}, "income": 1200.50}"#[..],
        br#"{"applicant.age": 17, "applicant.housing": "RENT", "income": "1", "id": 7}"#,
        br#"{"applicant": {"age": "old", "housing": "OWN"}, "income": 1}"#,
        br#"{"applicant": {"age": 134, "housing": "OWN"}, "income": 1}"#,
        br#"{"applicant": {"age": 34, "housing": "CASTLE"}, "income": 1}"#,
        br#"{"applicant": {"age": 34, "housing": "OWN"}"#,
        br"[1, 2]",
        b"",
        b"{\"remark\": \"\xff\"}",
        br#"{"applicant": {"age": 34}, "income": 1}"#,
        br#"{"applicant": {"age": 34, "housing": "OWN"}, "income": 0.1, "remark": null}"#,
    ] {
        rows.extend_from_slice(row);
        rows.push(b'\n');
    }
    // The last line needs no end.
    rows.pop();
    let said = run(&folder, "rows.jsonl", &rows);
    assert_eq!(said.code, Some(1), "{}", said.err);
    let found = brief(&said.out);
    let expected = [
        "1 approve",
        "2 decline",
        "3 ! `applicant.age`: expected a whole number, got \"old\"",
        "4 ! `applicant.age`: 134 lies outside the range 0 to 120",
        "5 ! `applicant.housing`: \"CASTLE\" is not one of RENT, OWN",
        "6 ! not valid JSON at line 1, column 43: ",
        "7 ! ",
        "9 ! not valid UTF-8 from byte 12 on",
        "10 ! `applicant.housing`: it is required and was not given",
        "11 approve",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
    assert!(
        said.err
            .contains("3 rows decided as of 2026-11-02, 7 failed"),
        "{}",
        said.err
    );
}

#[test]
fn the_mark_of_utf_8_counts_for_nothing_in_lines_of_json() {
    let folder = Folder::new("marked_lines");
    let row = r#"{"applicant": {"age": 34, "housing": "OWN"}, "income": 1}"#;
    let said = run(&folder, "rows.jsonl", format!("\u{feff}{row}\r\n{row}\n"));
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(brief(&said.out), ["1 approve", "2 approve"]);
}

#[test]
fn one_json_text_on_several_lines_is_told() {
    let folder = Folder::new("one_text");
    let note = "note: the file has one JSON text on several lines; .jsonl has an object a line\n";
    for (rows, told) in [
        ("[{\"income\": 1},\n{\"income\": 2}]\n", true),
        ("[\n{\"income\": 1}\n]\n", true),
        ("{\n\"income\": 1\n}\n", true),
        ("{\"income\": 1}\n", false),
        ("[1]\n", false),
    ] {
        let said = run(&folder, "rows.jsonl", rows);
        assert_eq!(said.code, Some(1), "{rows}");
        assert_eq!(said.err.matches(note).count(), usize::from(told), "{rows}");
    }
}

#[test]
fn a_row_of_another_width_behind_a_blank_line_has_no_quote_left_open() {
    let folder = Folder::new("blank_line");
    let rows = format!("{HEADER}\n34,OWN\n34,OWN,1,\n34,\"OWN\n\",1\n");
    let said = run(&folder, "rows.csv", rows);
    let found = brief(&said.out);
    let width = "1 ! the header has 4 columns, the row has 2 fields";
    assert_eq!(found[..2], [width, "2 approve"], "{found:#?}");
    assert!(found[2].ends_with("is a quote left open?"), "{found:#?}");
}

#[test]
fn a_huge_row_is_refused_and_the_next_is_decided() {
    let folder = Folder::new("huge_rows");
    let huge = "x".repeat(20_000_000);
    let good = "{\"applicant\":{\"age\":34,\"housing\":\"OWN\"},\"income\":1}\n";
    let said = run(
        &folder,
        "rows.jsonl",
        format!("{{\"remark\":\"{huge}\"}}\n{good}"),
    );
    assert_eq!(
        brief(&said.out),
        ["1 ! the line is longer than 16 MiB", "2 approve"]
    );
    // A field of a table is taken, or refused in few words.
    let said = run(
        &folder,
        "rows.csv",
        format!("{HEADER}{huge},OWN,1,\n34,OWN,1,{huge}\n34,OWN,1,\n"),
    );
    let found = brief(&said.out);
    assert!(
        found[0].starts_with("1 ! `applicant.age`: expected a whole number, got \"xxx"),
        "{}",
        &found[0][..200]
    );
    assert!(found[0].len() < 300, "{} bytes", found[0].len());
    assert_eq!(found[2], "3 approve");
    // A quote that never ends takes the rest of the file into one row.
    let said = run(
        &folder,
        "rows.csv",
        format!("{HEADER}34,OWN,1,\n34,OWN,1,\"oh\n34,OWN,1,\n"),
    );
    assert_eq!(
        brief(&said.out),
        [
            "1 approve",
            "2 ! a quote opens on line 3, in column `remark`, and never closes"
        ]
    );
    assert_eq!(said.code, Some(1), "{}", said.err);
    // One that another row's quote closes takes the rows between.
    let said = run(
        &folder,
        "rows.csv",
        format!("{HEADER}34,OWN,1,\"oh\n34,OWN,1,\n34,OWN,1,\"no\"\n17,OWN,1,\n"),
    );
    assert_eq!(
        brief(&said.out),
        [
            "1 ! a quote closes on line 4 before its field ends; \
             it opens on line 2, in column `remark`",
            "2 decline"
        ]
    );
    let said = run(
        &folder,
        "rows.csv",
        "applicant.age,\"applicant.housing\n1,OWN\n",
    );
    assert_eq!(
        said.err,
        "error: a quote opens in the header, on line 1, and never closes\n"
    );
}

#[test]
fn a_field_of_a_line_that_looks_like_an_input_is_noted_once() {
    let folder = Folder::new("noted");
    let row =
        r#"{"applicant": {"age": 34, "housing": "OWN", "id": 1}, "income": 1, "remarks": "x"}"#;
    let said = run(&folder, "rows.jsonl", format!("{row}\n{row}\n"));
    assert_eq!(brief(&said.out), ["1 approve", "2 approve"]);
    let notes: Vec<&str> = said
        .err
        .lines()
        .filter(|line| line.starts_with("note"))
        .collect();
    assert_eq!(
        notes,
        ["note: field `remarks` is no input; did you mean `remark`?"]
    );
    // Of a required input, the row itself says so.
    let row = r#"{"applicant": {"age": 34, "hausing": "OWN"}, "income": 1}"#;
    let said = run(&folder, "rows.jsonl", row);
    assert_eq!(
        brief(&said.out),
        [
            "1 ! `applicant.housing`: it is required and was not given; \
          `applicant.hausing` is no input: was it meant?"
        ]
    );
}

#[test]
fn many_bad_rows_are_counted_and_few_are_shown() {
    let folder = Folder::new("many_bad");
    let mut rows = HEADER.to_owned();
    for age in 0..100 {
        writeln!(rows, "{},OWN,1,", 1_000 + age).unwrap();
    }
    let said = run(&folder, "rows.csv", rows);
    assert_eq!(said.code, Some(1));
    assert_eq!(lines(&said.out).len(), 100);
    let shown = said
        .err
        .lines()
        .filter(|line| line.starts_with("row "))
        .count();
    assert_eq!(shown, 20);
    assert!(
        said.err.contains("… and 80 more rows that failed"),
        "{}",
        said.err
    );
}

#[test]
fn a_table_without_rows_is_fine_and_one_without_a_header_is_not() {
    let folder = Folder::new("no_rows");
    let said = run(&folder, "rows.csv", HEADER);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert!(said.err.contains("0 rows decided"), "{}", said.err);
    let said = run(&folder, "rows.jsonl", "");
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    let said = run(&folder, "rows.csv", "");
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert_eq!(said.err, "error: the file has no header line\n");
}

#[test]
fn a_header_that_does_not_fit_is_an_error() {
    let folder = Folder::new("headers");
    let cases: &[(&[u8], &str)] = &[
        (
            b"remark\nx\n",
            "error: the header lacks the required columns `applicant.age`, \
             `applicant.housing`, `income`\n",
        ),
        (
            b"applicant.age,applicant.housing\n1,OWN\n",
            "error: the header lacks the required column `income`\n",
        ),
        (
            b"applicant.age,applicant.housing,income,income\n1,OWN,1,1\n",
            "error: column `income` stands twice in the header\n",
        ),
        (
            b"applicant.age;applicant.housing;income\n1;OWN;1\n",
            "`income`; columns are set apart by commas, not by `;`\n",
        ),
        (
            b"applicant.age\tapplicant.housing\tincome\n1\tOWN\t1\n",
            "columns are set apart by commas, not by tabs\n",
        ),
        (
            b"applicant.age,\xff\n1,2\n",
            "error: the header is not valid UTF-8; save the file as UTF-8\n",
        ),
    ];
    for (rows, words) in cases {
        let said = run(&folder, "rows.csv", rows);
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
        assert!(said.err.ends_with(words), "{}", said.err);
    }
    // Other columns are passed over; one that looks misspelt is pointed at.
    let rows = "\u{feff}id,applicant.age,applicant.housing,income,remakr\n7,34,OWN,1,x\n";
    let said = run(&folder, "rows.csv", rows);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(brief(&said.out), ["1 approve"]);
    assert!(
        said.err
            .starts_with("note: column `remakr` is no input; did you mean `remark`?\n"),
        "{}",
        said.err
    );
    assert!(!said.err.contains("`id`"), "{}", said.err);
    // The ends of lines are those of any system.
    let said = run(
        &folder,
        "rows.csv",
        format!("{HEADER}34,OWN,1,\n").replace('\n', "\r\n"),
    );
    assert_eq!(brief(&said.out), ["1 approve"]);
}

#[test]
fn decisions_go_where_they_are_told() {
    let folder = Folder::new("output");
    let policy = folder.file("small.krites", SMALL);
    let rows = folder.file("rows.csv", format!("{HEADER}34,OWN,1,\n17,OWN,1,\n"));
    let run = |input: &str, output: &str| {
        krites([
            "run",
            &policy,
            "--input",
            input,
            "--output",
            output,
            "--date",
            "2026-11-02",
        ])
    };
    let output = folder.0.join("decisions.jsonl");
    let output = output.to_str().unwrap();
    let said = run(&rows, output);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert_eq!(
        brief(&fs::read_to_string(output).unwrap()),
        ["1 approve", "2 decline"]
    );
    // What is read is never written over.
    let before = fs::read(&rows).unwrap();
    let said = run(&rows, &rows);
    assert_eq!(said.code, Some(1));
    assert_eq!(
        said.err,
        "error: `--output` is the file that is read; name another\n"
    );
    assert_eq!(fs::read(&rows).unwrap(), before);
    // Nor is a file that exists, where the rows cannot be read.
    for (input, words) in [
        (
            folder.file("rows.xlsx", "x"),
            "rows.xlsx` is neither .csv nor .jsonl",
        ),
        (
            folder.path().to_owned() + "/no.csv",
            "no.csv` cannot be read: there is no such file",
        ),
    ] {
        let said = run(&input, output);
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains(words), "{}", said.err);
        assert_eq!(fs::read_to_string(output).unwrap().lines().count(), 2);
    }
    let said = run(&rows, &format!("{}/no/such/folder.jsonl", folder.path()));
    assert_eq!(said.code, Some(1));
    assert!(
        said.err
            .contains("folder.jsonl` cannot be written: there is no such file or folder"),
        "{}",
        said.err
    );
    fs::create_dir(folder.0.join("folder.csv")).unwrap();
    let said = run(&format!("{}/folder.csv", folder.path()), output);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("it is a folder"), "{}", said.err);
}

#[test]
fn of_several_policies_one_is_named() {
    let folder = Folder::new("several");
    folder.file("a.krites", SMALL);
    folder.file("b.krites", SMALL.replace("policy small", "policy other"));
    let rows = folder.file("rows.csv", format!("{HEADER}34,OWN,1,\n"));
    let said = krites(["check", folder.path()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(
        said.out,
        "other: no errors; 4 inputs, 2 rules, 0 tables, 0 models\n\
         small: no errors; 4 inputs, 2 rules, 0 tables, 0 models\n"
    );
    fails(
        ["run", folder.path(), "--input", &rows],
        &[
            "error: the folder has several policies; say with `--policy` which decides: other, small",
        ],
    );
    fails(
        ["run", folder.path(), "--input", &rows, "--policy", "smal"],
        &["error: there is no policy `smal`; there are other, small"],
    );
    let said = krites(["run", folder.path(), "--input", &rows, "--policy", "small"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(brief(&said.out), ["1 approve"]);

    folder.file("c.krites", SMALL);
    fails(
        ["check", folder.path()],
        &["error: two policies are called `small`: `a.krites` and `c.krites`"],
    );
    // Mistakes of all files are shown.
    folder.file("b.krites", SMALL.replace("income * 2", "incom * 2"));
    folder.file("c.krites", SMALL.replace("income * 2", "incoem * 2"));
    let err = fails(
        ["check", folder.path()],
        &["b.krites:", "c.krites:", "2 errors"],
    );
    assert_eq!(err.matches("did you mean `income`?").count(), 2, "{err}");
}

#[test]
fn nobody_has_to_read_to_the_end() {
    let folder = Folder::new("pipes");
    let policy = folder.file("small.krites", SMALL);
    let mut rows = HEADER.to_owned();
    rows.push_str(&"34,OWN,1,\n".repeat(20_000));
    let rows = folder.file("rows.csv", rows);
    for arguments in [
        &["check", &policy][..],
        &["test", &policy],
        &["run", &policy, "--input", &rows],
        &["check", "nowhere.krites"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_krites"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        drop(child.stderr.take());
        let code = child.wait().unwrap().code();
        // A panic ends with 101.
        assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {code:?}");
    }
}

#[test]
fn files_of_lookups_are_checked_and_their_mistakes_told_by_cell() {
    let folder = Folder::new("lookups");
    let lookup = "lookup limits from \"limits.csv\" key remark : text -> limit : money(EUR)?\n\
         define { cap : money(EUR) = limits(remark if missing \"none\").limit if none 7 }\n";
    let policy = SMALL
        .replace("decide outcome", &format!("{lookup}decide outcome"))
        .replace("income * 2", "min(cap, income * 2)");
    let policy = folder.file("small.krites", policy);
    folder.file("limits.csv", "remark,limit\ngood,1500.50\nnone,\n");
    let said = krites(["check", &policy]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains("\n  limits.csv: 2 keys\n"),
        "{}",
        said.out
    );
    let rows = format!("{HEADER}34,OWN,1000,good\n34,OWN,1000,bad\n");
    let input = folder.file("rows.csv", rows);
    let said = krites(["run", &policy, "--input", &input, "--date", "2026-11-02"]);
    let limits: Vec<Value> = lines(&said.out)
        .into_iter()
        .map(|line| line["outputs"]["limit"].clone())
        .collect();
    assert_eq!(
        limits,
        [Value::from(1500.5), Value::from(7)],
        "{}",
        said.out
    );

    folder.file("limits.csv", "remark;limit\ngood;1.500,50\n");
    let said = krites(["check", &policy]);
    assert_eq!(said.code, Some(1));
    for wanted in [
        "error[K0494]: `limit` of this row is no number: `1.500,50`",
        "limits.csv, row 2, column 2",
        "lookup limits from",
        "1 error",
    ] {
        assert!(said.err.contains(wanted), "{wanted}: {}", said.err);
    }
}

#[test]
fn a_line_tells_how_far_a_rank_came_that_failed() {
    let folder = Folder::new("failed_rank");
    let policy = r#"
policy p { version "1"; on fault refer }
enum Outcome { approve < refer < decline }
enum Offer { card, loan, home }
input { age : integer; limit : integer?; score : integer? }
rank offers by value, at most 2 -> offer : Offer, value : integer {
    | id | age      | open when                    | offer | value                  |
    | A  | below 18 | any                          | card  | 1                      |
    | B  | any      | any                          | loan  | age                    |
    | C  | any      | (limit if missing fault) > 0 | home  | score if missing fault |
    | D  | any      | any                          | card  | 9                      |
}
decide outcome : Outcome most severe {
    rule some when count of offers > 1 then approve
    rule rest otherwise then decline
}
"#;
    let policy = folder.file("p.krites", policy);
    let rows = folder.file("rows.csv", "age,limit,score\n30,5,1\n30,,1\n30,5,\n");
    let said = krites(["run", &policy, "--input", &rows, "--date", "2026-11-02"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let closed = json!({"row": "A", "state": "closed by age: below 18"});
    let lines = lines(&said.out);
    let ranks: Vec<&Value> = lines.iter().map(|line| &line["ranks"]["offers"]).collect();
    let all = json!([
        {"row": "B", "value": 30, "state": "kept"},
        {"row": "D", "value": 9, "state": "kept"},
        {"row": "C", "value": 1, "state": "beyond the most that are kept"},
        closed,
    ]);
    assert_eq!(*ranks[0], all);
    // A cell failed
    let looked_at = json!([
        closed,
        {"row": "B", "state": "open"},
        {"row": "C", "state": "not asked"},
        {"row": "D", "state": "not asked"},
    ]);
    assert_eq!(*ranks[1], looked_at);
    // A value failed
    let valued = json!([
        {"row": "B", "value": 30, "state": "open"},
        closed,
        {"row": "C", "state": "open"},
        {"row": "D", "state": "open"},
    ]);
    assert_eq!(*ranks[2], valued);
    for line in &lines[1..] {
        assert_eq!(line["outcome"], "refer");
    }
}

#[test]
fn a_line_tells_the_rows_points_and_candidates_of_its_decision() {
    let folder = Folder::new("explained");
    let policy = r#"
policy p { version "1"; on fault refer }
enum Outcome { approve < refer < decline }
enum Offer { card, loan, none }
input { age : integer; debt : money(EUR) private }
scorecard risk base 1.5 {
    age  { below 25 : 1; 25 and above : 3 }
    debt { up to 100 : 5; above 100 : 0 }
}
table fees rule order -> fee : integer {
    | id | age      | fee |
    | A  | any      | 10  |
    | B  | above 30 | 20  |
}
rank offers by worth, at least 2 -> offer : Offer, worth : integer {
    | id | age      | open when  | offer | worth |
    | C  | above 30 | any        | card  | 9     |
    | L  | any      | debt > 500 | loan  | 7     |
    | N  | any      | any        | none  | 1     |
}
decide outcome : Outcome most severe {
    rule low when risk.points < 5 then refer
    rule rest otherwise then approve
}
output { fees : integer = sum of fees.fee; n : integer = count of offers }
"#;
    let policy = folder.file("p.krites", policy);
    let input = folder.file("rows.csv", "age,debt\n40,200\n");
    let said = krites(["run", &policy, "--input", &input, "--date", "2026-11-02"]);
    let line = &lines(&said.out)[0];
    assert_eq!(line["rows"], json!({"fees": ["A", "B"]}), "{}", said.err);
    assert_eq!(
        line["scores"],
        json!({"risk": {
            "base": 1.5,
            "points": 4.5,
            "features": {"age": {"points": 3, "bin": "25 and above"}, "debt": {"points": 0}},
            "shortfalls": {"debt": 5},
        }})
    );
    assert_eq!(
        line["ranks"],
        json!({"offers": [
            {"row": "C", "value": 9, "state": "kept"},
            {"row": "N", "value": 1, "state": "below the floor"},
            {"row": "L", "state": "closed by open when: debt > 500"},
        ]})
    );
}

#[test]
fn rows_without_the_columns_of_a_group_on_request_are_decided_without_it() {
    let folder = Folder::new("on_request");
    let policy = folder.file(
        "bureau.krites",
        r#"policy bureau { version "1" }
reason M02 "No report of the credit bureau"
enum Outcome { approve < refer < decline }
input {
    age : integer
    bureau on request {
        score : integer?
        as_of : date
        stale after 30 days
        on fault refer because M02
    }
}
decide outcome : Outcome most severe {
    rule young when age < 18 then decline
    stop once decline
    rule thin  when bureau.score is missing then refer
    rule poor  when bureau.score if missing 999 < 500 then decline
    rule rest  otherwise then approve
}
reasons at most 1 { for refer : rules that spoke }
"#,
    );
    let run = |name: &str, rows: &str| {
        let rows = folder.file(name, rows);
        krites(["run", &policy, "--input", &rows, "--date", "2026-11-02"])
    };
    let said = run("without.csv", "age\n17\n40\n");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(brief(&said.out), ["1 decline", "2 refer"]);
    assert_eq!(lines(&said.out)[1]["reasons"], json!(["M02"]));
    let said = run(
        "with.csv",
        "age,bureau.score,bureau.as_of\n\
         17,,\n\
         40,,\n\
         40,640,2026-10-20\n\
         40,,2026-10-20\n\
         40,640,2026-09-20\n\
         40,640,\n",
    );
    assert_eq!(said.code, Some(1), "{}", said.err);
    let decided = brief(&said.out);
    assert_eq!(
        decided[..5],
        ["1 decline", "2 refer", "3 approve", "4 refer", "5 refer"]
    );
    assert!(decided[5].starts_with("6 ! `bureau.as_of`"), "{decided:?}");
    let said = run(
        "rows.jsonl",
        "{\"age\":17}\n{\"age\":40}\n\
         {\"age\":40,\"bureau\":{\"score\":640,\"as_of\":\"2026-10-20\"}}\n",
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(brief(&said.out), ["1 decline", "2 refer", "3 approve"]);
    // A part of its columns is no group
    let rows = folder.file("part.csv", "age,bureau.score\n40,640\n17,\n");
    let arguments = ["run", &policy, "--input", &rows, "--date", "2026-11-02"];
    fails(arguments, &["bureau.as_of"]);
}

/// Policies that ask each other are taken from their folder, be it named or one of its
/// files.
#[test]
fn a_policy_that_asks_another_finds_it_beside_itself() {
    let folder = Folder::new("asks");
    let caller = folder.file(
        "caller.krites",
        "policy caller { version \"1\"; on fault no }\nenum O { yes < no }\ninput { n : integer }\n\
         subpolicy other from \"callee\" {\n    feed { n }\n    give o : O = o\n}\n\
         decide o : O most severe {\n    rule one when other.o is no then no\n    rule rest otherwise then yes\n}\n\
         test \"t\" { given with n = 3; expect o = yes }\n",
    );
    folder.file(
        "callee.krites",
        "policy callee { version \"1\" }\nenum O { yes < no }\ninput { n : integer }\n\
         decide o : O most severe {\n    rule many when n > 5 then no\n    rule rest otherwise then yes\n}\n\
         test \"u\" { given with n = 6; expect o = no }\n",
    );
    for path in [folder.path(), &caller] {
        let said = krites(["check", path]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.contains("caller: no errors") && said.out.contains("callee: no errors"));
        let said = krites(["test", path]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.contains("2 passed tests"), "{}", said.out);
    }
    let rows = folder.file("rows.csv", "n\n3\n7\n");
    for policy in [
        vec![caller.as_str()],
        vec![folder.path(), "--policy", "caller"],
    ] {
        let arguments = ["run"].into_iter().chain(policy);
        let said = krites(arguments.chain(["--input", &rows]));
        assert_eq!(said.code, Some(0), "{}", said.err);
        let lines = said.out.lines();
        let outcomes = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        let outcomes: Vec<Value> = outcomes.map(|line| line["outcome"].clone()).collect();
        assert_eq!(outcomes, ["yes", "no"]);
    }
    let lonely = folder.file(
        "lonely.krites",
        "policy lonely { version \"1\"; on fault no }\nenum O { yes < no }\ninput { n : integer }\n\
         subpolicy other from \"nobody\" {\n    feed { n }\n    give o : O = o\n}\n\
         decide o : O most severe { rule rest otherwise then yes }\n",
    );
    fails(["check", &lonely], &["K0770", "no policy `nobody`"]);
}

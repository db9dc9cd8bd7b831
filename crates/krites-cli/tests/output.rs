//! `krites check` for programs, and `krites check --fix`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Folder, Said, krites};

/// A policy without mistakes
const RIGHT: &str = r#"policy limits { version "1" }
reason R01 "Too young"
enum Outcome { approve < decline }
input { age : integer; share : percent }
"#;

fn right() -> String {
    format!(
        "{RIGHT}decide outcome : Outcome most severe {{\n    \
         rule young when age < 18 and share > 45% then decline because R01\n    \
         rule rest otherwise then approve\n}}\n"
    )
}

/// The same with three, each with a mend
fn wrong() -> String {
    right()
        .replace("age < 18 and share > 45%", "agee < 18 and share > 45")
        .replace("then approve", "then aprove")
}

fn document(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}", said.out))
}

#[test]
fn what_is_found_is_one_json_object() {
    let folder = Folder::new("output_json");
    let path = folder.file("limits.krites", wrong());
    let said = krites(["check", "--format", "json", &path]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    let found = document(&said);
    assert_eq!(found["format"], 1);
    assert_eq!(
        (&found["errors"], &found["failure"]),
        (&json!(3), &Value::Null)
    );
    let first = &found["diagnostics"][0];
    assert_eq!(
        *first,
        json!({
            "code": "K0202",
            "severity": "error",
            "headline": "`agee` is not declared",
            "file": path,
            "line": 6, "column": 21, "end_line": 6, "end_column": 25,
            "cell": null,
            "node": null,
            "about": null,
            "accepted": null,
            "label": "",
            "evidence": [{
                "file": path,
                "line": 4, "column": 9, "end_line": 4, "end_column": 12,
                "cell": null,
                "node": null,
                "label": "`age` is declared here",
            }],
            "help": "did you mean `age`?",
            "fix": {
                "title": "write `age`",
                "edits": [{
                    "file": path,
                    "line": 6, "column": 21, "end_line": 6, "end_column": 25,
                    "cell": null,
                    "node": null,
                    "text": "age",
                }],
            },
        })
    );
}

#[test]
fn columns_count_characters() {
    let folder = Folder::new("output_columns");
    let text = right().replace("Too young\"", "Zu jung, 日本\" customr \"x\"");
    let path = folder.file("limits.krites", text);
    let found = document(&krites(["check", "--format", "json", &path]));
    let first = &found["diagnostics"][0];
    assert_eq!(
        (&first["line"], &first["column"]),
        (&json!(2), &json!(26)),
        "{first:#}"
    );
}

#[test]
fn a_policy_without_mistakes_and_one_that_is_not_there() {
    let folder = Folder::new("output_none");
    let path = folder.file("limits.krites", right());
    let said = krites(["check", "--format", "json", &path]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    let found = document(&said);
    assert_eq!(
        (&found["errors"], &found["diagnostics"]),
        (&json!(0), &json!([]))
    );
    let said = krites(["check", "--format", "json", &format!("{path}s")]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    let found = document(&said);
    assert!(
        found["failure"]
            .as_str()
            .unwrap()
            .contains("cannot be read"),
        "{found:#}"
    );
    assert_eq!(found["diagnostics"], json!([]));
    let said = krites(["check", "--format", "sarif", &format!("{path}s")]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    let invocation = &document(&said)["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = &invocation["toolExecutionNotifications"][0];
    assert!(
        notes["message"]["text"]
            .as_str()
            .unwrap()
            .contains("cannot be read")
    );
}

#[test]
fn what_is_found_is_sarif() {
    let folder = Folder::new("output_sarif");
    let path = folder.file("mit leer.krites", wrong());
    let said = krites(["check", "--format", "sarif", &path]);
    assert_eq!((said.code, said.err.as_str()), (Some(1), ""));
    let log = document(&said);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "krites");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    let uri = format!("file://{}", path.replace(' ', "%20"));
    let region = json!({ "startLine": 6, "startColumn": 21, "endLine": 6, "endColumn": 25 });
    let first = &results[0];
    assert_eq!(first["ruleId"], "K0202");
    assert_eq!(first["level"], "error");
    assert_eq!(
        first["message"]["text"],
        "`agee` is not declared\nhelp: did you mean `age`?"
    );
    assert_eq!(
        first["locations"],
        json!([{ "physicalLocation": { "artifactLocation": { "uri": uri }, "region": region } }])
    );
    assert_eq!(first["relatedLocations"][0]["id"], 1);
    assert_eq!(
        first["relatedLocations"][0]["message"]["text"],
        "`age` is declared here"
    );
    assert_eq!(
        first["fixes"],
        json!([{
            "description": { "text": "write `age`" },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri },
                "replacements": [{ "deletedRegion": region, "insertedContent": { "text": "age" } }],
            }],
        }])
    );
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        has_what_the_schema_requires(result);
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(
            !rule["shortDescription"]["text"]
                .as_str()
                .unwrap()
                .is_empty()
        );
    }
}

/// The properties that `sarif-schema-2.1.0.json` requires of a result and what it holds.
fn has_what_the_schema_requires(result: &Value) {
    assert!(result["message"]["text"].is_string());
    assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
    for fix in result["fixes"].as_array().unwrap() {
        let changes = fix["artifactChanges"].as_array().unwrap();
        assert!(!changes.is_empty());
        for change in changes {
            assert!(change["artifactLocation"]["uri"].is_string());
            let replacements = change["replacements"].as_array().unwrap();
            assert!(!replacements.is_empty());
            assert!(
                replacements
                    .iter()
                    .all(|one| one["deletedRegion"].is_object())
            );
        }
    }
    let related = result["relatedLocations"].as_array().unwrap();
    for location in related
        .iter()
        .chain(result["locations"].as_array().unwrap())
    {
        let region = &location["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() > 0);
        assert!(region["startColumn"].as_u64().unwrap() > 0);
    }
}

#[test]
fn cells_of_a_file_are_told_by_row_and_column() {
    let folder = Folder::new("output_cells");
    let text = right().replace(
        "decide outcome",
        "table caps first match -> cap : integer from \"caps.csv\"\n\
         define { c : integer? = caps.cap }\ndecide outcome",
    );
    let path = folder.file("limits.krites", text);
    folder.file("caps.csv", "age,cap\nany,x1\n");
    let found = document(&krites(["check", "--format", "json", &path]));
    let cells: Vec<&Value> = found["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| !found["cell"].is_null())
        .collect();
    assert!(!cells.is_empty(), "{found:#}");
    assert_eq!(
        cells[0]["cell"],
        json!({ "sheet": null, "row": 2, "column": 2 })
    );
    assert_eq!(cells[0]["line"], Value::Null);
    let log = document(&krites(["check", "--format", "sarif", &path]));
    assert!(log.to_string().contains("logicalLocations"), "{log:#}");
}

#[test]
fn what_is_certain_is_mended() {
    let folder = Folder::new("output_fix");
    let path = folder.file("limits.krites", format!("\u{feff}{}", wrong()));
    let said = krites(["check", "--fix", &path]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        format!("\u{feff}{}", right())
    );
    for line in [
        format!("{path}:6: write `age`\n"),
        format!("{path}:6: write `45%`\n"),
        format!("{path}:7: write `approve`\n"),
        "limits: no errors".to_owned(),
    ] {
        assert!(said.out.contains(&line), "{line} is not in:\n{}", said.out);
    }
    assert_eq!(folder.names(), ["limits.krites"]);
}

#[test]
fn what_is_left_is_told_and_other_files_stay() {
    let folder = Folder::new("output_left");
    let used =
        "reason R09 \"x\"\nenum Side { left, right }\nfunction f(a : intger) : integer = a\n";
    let module = folder.file("common/names.krites", used);
    let text = wrong().replace("then decline", "then nonsense").replace(
        "reason R01",
        "use Side, f from \"common/names.krites\"\nreason R01",
    );
    let path = folder.file("limits.krites", text);
    let said = krites(["check", "--fix", "--format", "json", &path]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains(&format!("{path}:7: write `45%`")),
        "{}",
        said.err
    );
    assert!(document(&said)["errors"].as_u64().unwrap() > 0);
    assert_eq!(
        fs::read_to_string(&module).unwrap(),
        used,
        "outside of the path"
    );
    let said = krites(["check", "--fix", folder.path()]);
    assert_eq!(said.code, Some(1));
    assert!(
        fs::read_to_string(&module)
            .unwrap()
            .contains("a : integer)"),
        "{}{}",
        said.out,
        said.err
    );
    assert!(said.err.contains("nonsense"), "{}", said.err);
}

#[test]
fn what_a_decision_takes_at_most_is_shown() {
    let folder = Folder::new("output_cost");
    let plain = folder.file("limits.krites", right());
    let said = krites(["check", "--cost", &plain]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let line = said.out.lines().nth(1).unwrap();
    assert!(line.starts_with("  at most "), "{line}");
    assert!(line.contains(" steps, 0 model calls; "), "{line}");
    assert!(line.contains("rule `outcome.young` "), "{line}");
    assert!(!krites(["check", &plain]).out.contains("at most"));

    let budgeted = right().replace("version \"1\"", "version \"1\"; budget 2 steps");
    let path = folder.file("limits.krites", budgeted);
    let said = krites(["check", &path]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("error[K0960]"), "{}", said.err);
}

/// A table with a gap, accepted or not
fn gap(accepted: &str) -> String {
    let table = "table terms unique -> rate : percent { | age | rate |\n| below 18 | 1% |\n| 18 to 60 | 2% | }\n";
    let used = "rule dear when terms.rate > 1% then decline because R01\n    rule rest";
    right().replace("rule rest", used)
        + &table.replace("{ |", "{\n|").replace("| }", "|\n}")
        + accepted
}

#[test]
fn what_is_accepted_is_counted_and_fails_nothing() {
    let folder = Folder::new("output_accepted");
    let path = folder.file("limits.krites", gap(""));
    assert_eq!(krites(["check", &path]).code, Some(0));
    let said = krites(["check", "--strict", &path]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("warning[K0900]"), "{}", said.err);

    let path = folder.file(
        "limits.krites",
        gap("accept K0900 in terms \"As of May\"\n"),
    );
    let said = krites(["check", "--strict", &path]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    assert!(
        said.out.contains("\n  1 finding accepted\n"),
        "{}",
        said.out
    );

    let found = document(&krites(["check", "--format", "json", &path]));
    assert_eq!(
        (&found["warnings"], &found["accepted"]),
        (&json!(0), &json!(1))
    );
    let finding = &found["diagnostics"][0];
    assert_eq!(finding["about"], "terms");
    assert_eq!(finding["accepted"], "As of May");
    let found = document(&krites(["check", "--format", "sarif", &path]));
    assert_eq!(
        found["runs"][0]["results"][0]["suppressions"],
        json!([{ "kind": "inSource", "justification": "As of May" }])
    );

    let stale = right() + "accept K0900 \"As of May\"\n";
    let path = folder.file("limits.krites", stale);
    let said = krites(["check", "--strict", &path]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("warning[K0967]"), "{}", said.err);
    let said = krites(["check", "--strict", "--fix", &path]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
    let mended = fs::read_to_string(&path).unwrap();
    assert_eq!(mended.trim_end(), right().trim_end());

    // Beside an error, all that is not accepted is shown
    let broken = gap("always \"none is approved\": outcome is decline\n");
    let path = folder.file("limits.krites", broken);
    let said = krites(["check", &path]);
    assert_eq!(said.code, Some(1));
    for words in ["error[K0951]", "warning[K0900]", "\n1 error\n"] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
}

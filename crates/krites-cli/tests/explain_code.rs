//! `krites explain-code` as an analyst meets it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use krites::lang::explanations;

/// The exit code, what is on standard output, and what on standard error
fn explain_code(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_krites"))
        .arg("explain-code")
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

#[test]
fn a_code_is_explained_with_an_example() {
    let (code, out, err) = explain_code(&["K0125"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some("K0125: `=` does not compare"));
    assert!(out.contains("\nWrong:\n\n    age = 18\n"), "{out}");
    assert!(out.ends_with("\nRight:\n\n    age is 18\n"), "{out}");
    assert!(!out.contains("```"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 104), "{out}");
}

#[test]
fn a_code_may_be_written_shortly() {
    let whole = explain_code(&["K0401"]);
    for short in ["k0401", "401", "k401", "0401"] {
        assert_eq!(explain_code(&[short]), whole, "{short}");
    }
}

#[test]
fn an_unknown_code_is_told_with_those_near_it() {
    let (code, out, err) = explain_code(&["K0127"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("there is no code K0127"), "{err}");
    assert!(
        err.contains("near it are K0125, K0126, K0128, K0129"),
        "{err}"
    );
    for word in ["E0401", "K", "", "K04011111", "-K0401", "K+401", "４０１"] {
        let (code, out, err) = explain_code(&["--", word]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{word}");
        assert!(err.contains(&format!("`{word}` is no code")), "{err}");
    }
}

#[test]
fn without_a_code_all_are_listed() {
    let (code, out, err) = explain_code(&[]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    for page in explanations() {
        let line = format!("\n  {}  {}\n", page.code, page.title());
        assert!(out.contains(&line), "{line}");
    }
    let headed: Vec<&str> = out
        .lines()
        .filter(|line| line.starts_with(char::is_alphabetic))
        .collect();
    assert!(headed.len() > 5, "{headed:?}");
}

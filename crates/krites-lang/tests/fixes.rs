//! Fixes mend: a refused policy of the corpus all of whose errors have one is accepted
//! when they were applied, and a fix takes away what it is of.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::path::Path;

use krites_lang::{Diagnostic, mend};
use support::checked;

/// How often a file is mended and checked again, as by `krites check --fix`
const ROUNDS: usize = 10;

fn found(text: &str) -> Vec<Diagnostic> {
    checked("fixes.krites", text).2
}

/// Mends a text as often as that changes something, and returns what is wrong then.
fn mended(text: &str) -> (String, Vec<Diagnostic>) {
    let mut text = text.to_owned();
    let mut left = found(&text);
    for _ in 0..ROUNDS {
        // The file itself is the first source
        let Some(source) = left
            .iter()
            .find_map(|found| Some(found.fix.as_ref()?.edits.first()?.span.source))
        else {
            break;
        };
        let next = mend(&text, source, &left).text;
        if next == text {
            break;
        }
        text = next;
        left = found(&text);
    }
    (text, left)
}

fn rejected() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/reject");
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "krites"));
    paths.sort();
    let read = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Some((name, std::fs::read_to_string(path).ok()?))
    };
    let texts = paths.iter().filter_map(|path| read(path));
    // The sources of these are several
    texts
        .filter(|(_, text)| {
            let behind = ["module", "file", "policy"].map(|what| format!("\n# {what} "));
            !behind.iter().any(|line| text.contains(line))
        })
        .collect()
}

#[test]
fn what_can_be_mended_is_accepted_then() {
    let (mut mendable, mut errors, mut fixes) = (0, 0, 0);
    let mut failures = Vec::new();
    let all = rejected();
    for (name, text) in &all {
        let wrong = found(text);
        let count = wrong.iter().filter(|one| one.fix.is_some()).count();
        errors += wrong.len();
        fixes += count;
        if count == 0 || count < wrong.len() {
            continue;
        }
        mendable += 1;
        let (after, left) = mended(text);
        if !left.is_empty() {
            failures.push(format!("{name}: {left:#?}\n{after}"));
        }
    }
    println!(
        "{} policies, {mendable} of which can be mended; {fixes} of {errors} errors have a fix",
        all.len()
    );
    assert!(
        failures.is_empty(),
        "{}\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    assert!(mendable >= 10, "{mendable}");
    assert!(fixes >= 60, "{fixes}");
}

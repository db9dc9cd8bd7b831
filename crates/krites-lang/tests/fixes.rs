//! Fixes mend: a refused policy of the corpus all of whose errors have one is accepted
//! when they were applied; each alone takes away what it is of, breaks nothing else, and
//! leaves what an analyst wrote.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use krites_lang::{Diagnostic, Sources, mend, parse};
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
    [of_folder("reject"), of_folder("mistakes")].concat()
}

fn of_folder(folder: &str) -> Vec<(String, String)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let folder = corpus.join(folder);
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
    assert!(mendable >= 100, "{mendable}");
    assert!(fixes >= 200, "{fixes}");
}

/// How many errors of syntax a text has
fn broken(text: &str) -> usize {
    let mut sources = Sources::default();
    let source = sources.add("fixes.krites", text.to_owned());
    let mut found = Vec::new();
    parse(&sources, source, &mut found);
    found.len()
}

/// Words of a text, signs and case aside.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|sign: char| !sign.is_alphanumeric());
    words
        .filter(|word| word.len() > 2)
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn each_fix_takes_away_what_it_is_of() {
    let mut failures = Vec::new();
    for (name, text) in &rejected() {
        let wrong = found(text);
        let syntax = broken(text);
        for one in wrong.iter().filter(|one| one.fix.is_some()) {
            let Some(edit) = one.fix.as_ref().and_then(|fix| fix.edits.first()) else {
                continue;
            };
            let after = mend(text, edit.span.source, [one]).text;
            let same = |left: &&Diagnostic| left.code == one.code && left.headline == one.headline;
            let (before, left) = (wrong.iter().filter(same).count(), found(&after));
            // The next one of the same entry may be told only now
            let next = left
                .iter()
                .filter(same)
                .all(|left| left.primary != one.primary);
            if left.iter().filter(same).count() >= before && !next {
                failures.push(format!("{name}: {} stays\n{after}", one.headline));
            }
            if broken(&after) > syntax {
                failures.push(format!("{name}: {} breaks more\n{after}", one.headline));
            }
            let lost: Vec<String> = words(text).difference(&words(&after)).cloned().collect();
            let edits = one.fix.iter().flat_map(|fix| &fix.edits);
            let replaced: String = edits
                .filter_map(|edit| text.get(edit.span.start as usize..edit.span.end as usize))
                .collect();
            // A misspelt word goes; all else that is written stays
            if lost.len() > 6 || lost.iter().any(|word| !words(&replaced).contains(word)) {
                failures.push(format!("{name}: {lost:?} are lost\n{after}"));
            }
            let comments = |text: &str| text.matches('#').count();
            if comments(&after) < comments(text) {
                failures.push(format!("{name}: a comment is lost\n{after}"));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{}\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

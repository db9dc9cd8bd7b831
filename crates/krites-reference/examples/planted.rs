//! Plants the mistakes of `planted/list.txt` into a copy of the sources, one by one,
//! and tells whether decisions at random find each.
//!
//! `cargo run --release -p krites-reference --example planted [WORDS]…`: with words,
//! only the mistakes whose text has one of them. `KRITES_DECISIONS` says after how many
//! decisions a mistake counts as not found.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a tool that ends where something is amiss"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

#[path = "../planted/list.rs"]
mod list;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().expect("the workspace");
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let copy = std::env::temp_dir().join(format!("krites-planted-{}", std::process::id()));
    copied(&root, &copy);
    let target = copy.join("target");

    let sound = decides(&copy, &target);
    assert!(
        sound == Found::Nothing,
        "the sources differ from the reference before anything is planted: {sound:?}"
    );
    let mut missed = Vec::new();
    let mut planted = 0;
    for bug in list::bugs() {
        if !wanted.is_empty() && !wanted.iter().any(|words| bug.words.contains(words)) {
            continue;
        }
        planted += 1;
        let file = copy.join(&bug.file);
        let text = std::fs::read_to_string(&file).expect("a source file");
        let changed = bug.planted(&text).expect("the list fits the sources");
        std::fs::write(&file, changed).expect("a file of the copy");
        let begun = Instant::now();
        let found = decides(&copy, &target);
        std::fs::write(&file, text).expect("a file of the copy");
        println!(
            "{:<12} {:>4} s  {}",
            format!("{found:?}"),
            begun.elapsed().as_secs(),
            bug.words
        );
        if found != Found::Difference {
            missed.push(bug.words);
        }
    }
    std::fs::remove_dir_all(&copy).expect("the copy");
    println!("{planted} planted, {} missed", missed.len());
    ExitCode::from(u8::from(!missed.is_empty()))
}

/// What decisions at random came to
#[derive(Debug, PartialEq)]
enum Found {
    Difference,
    Nothing,
    DoesNotBuild,
}

/// What is printed where the two interpreters differ, where both differ from brute
/// force, and where the engine panics
const FOUND: [&str; 3] = [
    "--- difference",
    "assertion `left == right` failed",
    "panicked at crates/krites-lang",
];

fn decides(copy: &Path, target: &Path) -> Found {
    let decisions = std::env::var("KRITES_DECISIONS").unwrap_or("100000".to_owned());
    let output = Command::new("cargo")
        .args(["test", "--offline", "-p", "krites-reference"])
        .args(["--test", "forms", "--test", "generated"])
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUST_BACKTRACE", "0")
        .env("KRITES_DECISIONS", decisions)
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        Found::Nothing
    } else if FOUND.iter().any(|words| text.contains(words)) {
        Found::Difference
    } else {
        println!("{text}\n{}", String::from_utf8_lossy(&output.stderr));
        Found::DoesNotBuild
    }
}

/// Copies what the tests need: sources, manifests, the page, the corpus.
fn copied(root: &Path, copy: &Path) {
    for part in [
        "Cargo.toml",
        "Cargo.lock",
        "crates",
        "docs",
        "tests",
        "benches",
        "examples",
    ] {
        copy_all(&root.join(part), &copy.join(part));
    }
}

fn copy_all(from: &PathBuf, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("a folder of the copy");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy_all(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).expect("a folder of the copy");
        }
        std::fs::copy(from, to).expect("a file of the copy");
    }
}

//! Every example of `docs/language.md` is what the page says it is.
//!
//! The info string of a block tells what it stands for:
//!
//! - `krites`: a whole policy; `krites prelude`: the items the others stand in;
//! - `krites fragment`: items; with `define` or `when` behind it, lines of
//!   `define { … }` or conditions, one a line;
//!   A line `name = …  # gives 3` has this value in the prelude's example `usual`;
//! - `krites module common/reasons.krites`: a file that policies use;
//! - `krites reject K0310`: a fragment that gives exactly this diagnostic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use krites_lang::{NoModels, Program};
use support::{checked, rendered};

const PAGE: &str = include_str!("../../../docs/language.md");

/// The models that the page speaks of
const MODELS: &str = "\
# model models/default_risk.onnx: age float, income float -> probabilities float[2] classes 0,1, label integer
# model models/churn.onnx: input float[3] -> score float
";

/// One block: the line it begins on, its info string and its text
struct Block {
    line: usize,
    info: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, text) in (1..).zip(PAGE.lines()) {
        match text.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                open = true;
                let (info, text) = (info.to_owned(), String::new());
                all.push(Block { line, info, text });
            }
            None if open => {
                let block = all.last_mut().unwrap();
                block.text.push_str(text);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!open, "the last block is not closed");
    all
}

/// Cuts the prelude into items, each with its first word.
fn prelude(blocks: &[Block]) -> Vec<(String, String)> {
    let block = blocks
        .iter()
        .find(|block| block.info == "krites prelude")
        .unwrap();
    let mut items: Vec<(String, String)> = Vec::new();
    for line in block.text.lines() {
        let begins = line.starts_with(|sign: char| sign.is_ascii_lowercase());
        if begins {
            let word = line.split(' ').next().unwrap().to_owned();
            items.push((word, String::new()));
        }
        let (_, text) = items.last_mut().unwrap();
        text.push_str(line);
        text.push('\n');
    }
    items
}

/// The page's files of names, each behind a line that tells its path.
fn modules(blocks: &[Block]) -> String {
    let file = |block: &Block| {
        let path = block.info.strip_prefix("krites module ")?;
        Some(format!("# module {path}\n{}", block.text))
    };
    blocks.iter().filter_map(file).collect()
}

/// Puts a fragment into the prelude, whose header, decision and reasons give way
/// to the fragment's own.
fn completed(prelude: &[(String, String)], fragment: &str, kind: Option<&str>) -> String {
    let fragment = match kind {
        Some("define") => format!("define {{\n{fragment}}}\n"),
        Some("when") => {
            let rules: String = (1..)
                .zip(fragment.lines())
                .map(|(number, line)| format!("rule r{number} when {line} then refer\n"))
                .collect();
            format!("rules fragment all {{\n{rules}}}\n")
        }
        _ => fragment.to_owned(),
    };
    let own = |word: &str| fragment.lines().any(|line| line.starts_with(word));
    let mut text = MODELS.to_owned();
    for (word, item) in prelude {
        let replaced = match word.as_str() {
            "policy" | "decide" => own(word),
            "reason" => item
                .split(' ')
                .nth(1)
                .is_some_and(|code| own(&format!("reason {code} "))),
            _ => false,
        };
        if !replaced {
            let evaluated = item.replace(
                "{\n    rule rest",
                "{\n    evaluate fragment\n    rule rest",
            );
            text.push_str(if kind == Some("when") {
                &evaluated
            } else {
                item
            });
        }
    }
    text.push_str(&fragment);
    text.push_str(&expectations(&fragment));
    text
}

/// A test of each line that ends with `# gives …`, in the prelude's example.
fn expectations(fragment: &str) -> String {
    let mut tests = String::new();
    for line in fragment.lines() {
        if let Some((definition, value)) = line.split_once("# gives ") {
            let name = definition.trim().split([' ', ':']).next().unwrap();
            tests.push_str(&format!(
                "test \"{name}\" {{ given usual; expect {name} = {value} }}\n"
            ));
        }
    }
    tests
}

#[test]
fn every_example_of_the_page_is_what_it_says() {
    let blocks = blocks();
    let prelude = prelude(&blocks);
    let modules = modules(&blocks);
    let mut failures = Vec::new();
    let mut counts = [0_usize; 3];
    for block in &blocks {
        let words: Vec<&str> = block.info.split(' ').collect();
        let (text, code) = match words.as_slice() {
            // Not read by this version yet
            ["krites", "soon", ..] => continue,
            // Read with the policies that use it
            ["krites", "module", _] => continue,
            ["krites"] => (format!("{MODELS}{}", block.text), None),
            ["krites", "prelude"] => (completed(&prelude, "", None), None),
            ["krites", "fragment", kind @ ..] => (
                completed(&prelude, &block.text, kind.first().copied()),
                None,
            ),
            ["krites", "reject", code, kind @ ..] => {
                let text = completed(&prelude, &block.text, kind.first().copied());
                (text, Some(*code))
            }
            other => panic!("line {}: no block is of the kind {other:?}", block.line),
        };
        let text = format!("{text}{modules}");
        let (sources, policy, diagnostics) = checked("language.md", &text);
        let found: Vec<String> = diagnostics
            .iter()
            .map(|found| found.code.to_string())
            .collect();
        let expected: Vec<&str> = code.into_iter().collect();
        counts[usize::from(code.is_some()) + usize::from(words.len() == 1) * 2] += 1;
        if found != expected {
            failures.push(format!(
                "line {}: expected {expected:?}\n{}",
                block.line,
                rendered(&sources, &diagnostics)
            ));
        }
        let Some(policy) = policy else {
            continue;
        };
        for report in Program::compile(policy).run_tests(&mut NoModels) {
            for failure in report.failures {
                failures.push(format!("line {}: {}: {failure}", block.line, report.title));
            }
        }
    }
    println!(
        "{} fragments, {} rejected, {} policies",
        counts[0], counts[1], counts[2]
    );
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
    assert!(counts.iter().all(|count| *count > 0));
}

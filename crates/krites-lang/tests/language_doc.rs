//! Every example of `docs/language.md` is what the page says it is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

#[path = "support/page.rs"]
mod page;
mod support;

use krites_lang::{Program, Severity, analyse};
use page::{MODELS, blocks, completed, modules, prelude};
use support::{Alone, checked, rendered};

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
            // Read with the policies that use it
            ["krites", "module" | "file" | "policy", _] => continue,
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
        let (sources, policy, mut diagnostics) = checked("language.md", &text);
        if diagnostics.is_empty()
            && let Some(policy) = &policy
        {
            let found = analyse(policy).into_iter();
            diagnostics.extend(found.filter(|found| found.severity == Severity::Error));
        }
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
        let Some(policy) = policy.filter(|_| diagnostics.is_empty()) else {
            continue;
        };
        let mut alone = Alone::of(&policy, &text);
        for report in Program::compile(policy).run_tests(&mut alone) {
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

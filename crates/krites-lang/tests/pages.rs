//! The page of each code says what is so: its wrong example gives the code, its right
//! one is accepted, and nothing is found of it over all cases; `docs/diagnostics.md` is
//! made of the pages.

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

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use krites_lang::{Explanation, Part, Program, Snippet, analyse, explain, explanations};
use page::{MODELS, blocks, completed, prelude};
use support::{Alone, checked, rendered};

/// Codes whose page shows no wrong example, with the reason
const NOT_SHOWN: &[(u16, &str)] = &[
    (1, "a file of more than 8 MiB"),
    (2, "bytes that are no text"),
    (3, "a character that is not seen"),
    (4, "a line of more than 64 KiB"),
    (6, "more brackets than anybody reads"),
    (7, "a character that is not seen"),
    (8, "a million items"),
    (9, "a thousand errors"),
    (10, "an entry of more than 1 MiB"),
    (211, "hundreds of definitions that rest on each other"),
    (215, "more than 100,000 inputs"),
    (216, "17 records within each other"),
    (228, "more than 1,000 files"),
    (362, "a pattern of more than 1,000 bytes"),
    (365, "more than 10,000 values"),
    (379, "more than 10,000 elements"),
    (417, "a head of more than 500 bytes"),
    (463, "more than 10,000 points"),
    (490, "bytes that are no text"),
    (498, "a file of more than 256 MiB"),
    (633, "17 models"),
    (
        771,
        "two policies that ask each other: found where a release is built",
    ),
    (778, "nine policies that ask each other"),
    (906, "rows that meet in a hundred million ways"),
    (654, "whether a model can be explained, its graph tells"),
];

/// What examples give that are a part of a policy: most of what it declares is not used
const NOT_OF_EXAMPLES: &[u16] = &[930];

/// What the snippet is checked as, and which other codes it gives beside the page's
fn policy(prelude: &[(String, String)], snippet: Snippet) -> (String, BTreeSet<String>) {
    let (kind, also) = match snippet.kind.split_once("also") {
        Some((kind, also)) => (kind.trim(), also),
        None => (snippet.kind, ""),
    };
    let files = ["\n# module ", "\n# file ", "\n# policy "];
    let begin = files.iter().filter_map(|file| snippet.text.find(file));
    let (own, files) = match begin.min() {
        Some(begin) => snippet.text.split_at(begin + 1),
        None => (snippet.text, ""),
    };
    let text = match kind {
        "whole" => format!("{MODELS}{own}"),
        "" => completed(prelude, own, None),
        "define" | "when" => completed(prelude, own, Some(kind)),
        other => panic!("no example is of the kind `{other}`"),
    };
    let also = also.split_whitespace().map(str::to_owned).collect();
    (text + files, also)
}

#[test]
fn every_example_is_what_its_page_says() {
    let prelude = prelude(&blocks());
    let mut failures = Vec::new();
    let mut without = BTreeSet::new();
    for page in explanations() {
        let mut examples = 0;
        for part in page.parts() {
            let (snippet, wrong) = match part {
                Part::Words(_) => continue,
                Part::Wrong(snippet) => (snippet, true),
                Part::Right(snippet) => (snippet, false),
            };
            examples += usize::from(wrong);
            let (text, mut expected) = policy(&prelude, snippet);
            if wrong {
                expected.insert(page.code.to_string());
            }
            let (sources, policy, diagnostics) = checked("page.krites", &text);
            let over_all_cases = policy.as_ref().map(analyse).unwrap_or_default();
            let found: BTreeSet<String> = (diagnostics.iter().chain(&over_all_cases))
                .filter(|found| found.code == page.code || !NOT_OF_EXAMPLES.contains(&found.code.0))
                .filter(|found| found.accepted.is_none())
                .map(|found| found.code.to_string())
                .collect();
            if found != expected {
                failures.push(format!(
                    "{}: expected {expected:?}\n{}{}",
                    page.code,
                    rendered(&sources, &diagnostics),
                    rendered(&sources, &over_all_cases)
                ));
            }
            let Some(policy) = policy.filter(|_| !wrong) else {
                continue;
            };
            let mut alone = Alone::of(&policy, &text);
            for report in Program::compile(policy).run_tests(&mut alone) {
                for failure in report.failures {
                    failures.push(format!("{}: {}: {failure}", page.code, report.title));
                }
            }
        }
        if examples == 0 {
            without.insert(page.code.0);
        }
    }
    for (code, why) in NOT_SHOWN {
        println!("K{code:04} shows no example: {why}");
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let excused: BTreeSet<u16> = NOT_SHOWN.iter().map(|(code, _)| *code).collect();
    assert_eq!(without, excused);
}

/// Codes that the sources report
fn reported() -> BTreeSet<u16> {
    let mut folders = vec![manifest().join("src")];
    let mut codes = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            for found in text.split("Code(").skip(1) {
                let digits: String = found.chars().take_while(char::is_ascii_digit).collect();
                codes.extend(digits.parse::<u16>());
            }
        }
    }
    codes
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let explained: BTreeSet<u16> = explanations().iter().map(|page| page.code.0).collect();
    let written: BTreeSet<u16> = std::fs::read_dir(manifest().join("codes"))
        .unwrap()
        .map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name[1..5].parse().unwrap()
        })
        .collect();
    println!("{} pages", written.len());
    assert_eq!(written, explained, "pages that `src/explain.rs` lists");
    assert_eq!(reported(), explained, "codes that the sources report");
}

#[test]
fn pages_are_read_as_they_are_written() {
    let mut last = None;
    for page in explanations() {
        assert!(last < Some(page.code), "{} is out of order", page.code);
        last = Some(page.code);
        assert_eq!(explain(page.code).unwrap().title(), page.title());
        let file = manifest().join(format!("codes/{}.md", page.code));
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.starts_with(&format!("# {}: {}\n", page.code, page.title())));
        assert!(
            !page.title().is_empty() && !page.title().ends_with('.'),
            "{}",
            page.code
        );
        let parts = page.parts();
        assert!(matches!(parts[0], Part::Words(_)), "{}", page.code);
        // A fence of another kind would be no part.
        let examples = parts.iter().filter(|part| !matches!(part, Part::Words(_)));
        assert_eq!(
            text.matches("```").count(),
            2 * examples.count(),
            "{}",
            page.code
        );
        for line in text.lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", page.code);
        }
    }
}

#[test]
fn the_list_of_diagnostics_is_made_of_the_pages() {
    let path = manifest().join("../../docs/diagnostics.md");
    let made = made();
    if std::env::var_os("KRITES_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found.replace("\r\n", "\n") == made,
        "docs/diagnostics.md differs from the pages; KRITES_BLESS=1 writes it anew"
    );
}

/// Writes `docs/diagnostics.md`.
fn made() -> String {
    let mut index = String::from(
        "# Diagnostics\n\n\
         Each mistake that is found in a policy has a code. This is what the codes mean, each \
         with an example that is refused and one that is not; `krites explain-code K0401` \
         prints the whole page of one. The examples stand in the policy with whose items those \
         of [the specification](language.md) stand, unless they have their own; the lines \
         behind `# file …`, `# module …` or `# policy …` are those of another file. This page \
         is made of the files in `crates/krites-lang/codes`.\n",
    );
    let mut pages = String::new();
    let mut group = "";
    for page in explanations() {
        if page.code.group() != group {
            group = page.code.group();
            index.push_str(&format!("\n## {group}\n\n| Code | |\n|---|---|\n"));
            pages.push_str(&format!("\n## {group}, one by one\n"));
        }
        let (code, title) = (page.code, page.title());
        index.push_str(&format!("| [{code}](#{code}) | {title} |\n"));
        pages.push_str(&entry(page));
    }
    index + &pages
}

/// The title, the first paragraph and the examples of a page
fn entry(page: &Explanation) -> String {
    let (code, title) = (page.code, page.title());
    let mut entry = format!("\n### <a id=\"{code}\"></a>{code}: {title}\n");
    let mut told = false;
    for part in page.parts() {
        match part {
            Part::Words(_) if told => {}
            Part::Words(words) => {
                told = true;
                let first = words.split("\n\n").next().unwrap();
                entry.push_str(&format!("\n{}\n", first.replace('\n', " ")));
            }
            Part::Wrong(snippet) => {
                entry.push_str(&format!("\nWrong:\n\n```krites\n{}```\n", snippet.text));
            }
            Part::Right(snippet) => {
                entry.push_str(&format!("\nRight:\n\n```krites\n{}```\n", snippet.text));
            }
        }
    }
    entry
}

fn manifest() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

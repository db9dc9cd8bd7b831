//! Whatever is read is printed, read again as the same tree and printed as the
//! same text: every policy of the repository and of the specification.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use krites_lang::ast::Side;
use krites_lang::testing::{Printed, print_law};
use krites_lang::{Sources, parse};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All policies below a folder, in order.
fn policies(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            policies(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "krites")
        {
            found.push(path);
        }
    }
}

/// Texts with the name each is reported under.
fn texts() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for folder in [
        "tests/corpus",
        "examples",
        "benches",
        "crates/krites-lang/tests",
    ] {
        policies(&root().join(folder), &mut paths);
    }
    let mut texts: Vec<(String, String)> = paths
        .into_iter()
        .map(|path| {
            let mut text = std::fs::read_to_string(&path).unwrap();
            // Files of data behind the policy are none of its text
            let data = text.find("\n# file ").map_or(text.len(), |end| end + 1);
            text.truncate(data);
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                text,
            )
        })
        .collect();
    texts.extend(blocks());
    texts
}

/// The blocks of `docs/language.md`, each as a file.
fn blocks() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(root().join("docs/language.md")).unwrap();
    let mut blocks = Vec::new();
    let mut parts = page.split("\n```");
    parts.next();
    while let (Some(block), Some(_)) = (parts.next(), parts.next()) {
        let (info, text) = block.split_once('\n').unwrap();
        let words: Vec<&str> = info.split(' ').collect();
        if words[0] != "krites" || words[1..].first() == Some(&"file") {
            continue;
        }
        let text = match *words.last().unwrap() {
            "define" => format!("define {{\n{text}\n}}\n"),
            "when" => {
                let rules: Vec<String> = (1..)
                    .zip(text.lines())
                    .map(|(number, line)| format!("rule r{number} when {line} then refer"))
                    .collect();
                format!("rules shown all {{\n{}\n}}\n", rules.join("\n"))
            }
            _ => text.to_owned(),
        };
        blocks.push((format!("language.md: {info}"), text));
    }
    blocks
}

#[derive(Default)]
struct Tally {
    printed: usize,
    unread: usize,
    comments: BTreeMap<Side, usize>,
    kinds: BTreeMap<String, usize>,
    failures: Vec<String>,
}

impl Tally {
    fn hold(&mut self, name: &str, text: &str) -> Option<Printed> {
        match print_law(text) {
            Ok(Some(printed)) => {
                self.printed += 1;
                for (side, count) in &printed.comments {
                    *self.comments.entry(*side).or_default() += count;
                }
                for (kind, count) in &printed.kinds {
                    *self.kinds.entry(kind.clone()).or_default() += count;
                }
                return Some(printed);
            }
            Ok(None) => self.unread += 1,
            Err(problem) => self.failures.push(format!("{name}: {problem}")),
        }
        None
    }
}

#[test]
fn what_is_printed_is_read_as_it_was() {
    let mut tally = Tally::default();
    for (name, text) in texts() {
        tally.hold(&name, &text);
    }
    println!(
        "{} texts printed, {} not read, comments {:?}",
        tally.printed, tally.unread, tally.comments
    );
    assert!(
        tally.failures.is_empty(),
        "\n{}",
        tally.failures.join("\n\n")
    );
    assert!(tally.printed > 200, "{} printed", tally.printed);
    let declared = declared();
    let lacking: Vec<&String> = declared
        .iter()
        .filter(|kind| !tally.kinds.contains_key(*kind) && !NOT_PRINTED.contains(&kind.as_str()))
        .collect();
    println!(
        "{} kinds of nodes, of which are not met: {lacking:?}",
        declared.len()
    );
    assert!(lacking.is_empty(), "no text has {lacking:?}");
}

/// Kinds of nodes that no text may have without being refused, or that are of no
/// item
const NOT_PRINTED: &[&str] = &[
    "ClassNames{",
    "Error",
    "Error{",
    "File{",
    "Module{",
    "Note{",
    "Notes{",
    "Read(",
    "Refused",
];

#[test]
fn the_layout_is_as_it_is_shown() {
    let mut differing = Vec::new();
    let mut paths = Vec::new();
    policies(&root().join("tests/corpus/print"), &mut paths);
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let printed = print_law(&text).unwrap().expect("is read").text;
        let expected = path.with_extension("expected");
        if std::env::var_os("KRITES_BLESS").is_some() {
            std::fs::write(&expected, &printed).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != printed {
            differing.push(format!("{}\n{printed}", path.display()));
        }
    }
    assert!(!paths.is_empty());
    assert!(differing.is_empty(), "\n{}", differing.join("\n\n"));
}

#[test]
fn a_comment_may_stand_on_any_line() {
    let mut tally = Tally::default();
    for (name, text) in texts() {
        let Ok(Some(plain)) = print_law(&text) else {
            continue;
        };
        let lines = text.lines().count();
        let before: usize = plain.comments.values().sum();
        // Nothing stands before a byte order mark
        let text = text.trim_start_matches('\u{feff}');
        let behind = |line: &str| match line.contains('#') {
            true => line.to_owned(),
            false => format!("{line} # behind"),
        };
        let spread = [
            text.lines()
                .map(|line| format!("# own\n{line}\n"))
                .collect::<String>(),
            text.lines()
                .map(|line| format!("\n  # own\n\n\n{line}\n"))
                .collect(),
            text.lines()
                .map(|line| format!("{}\n", behind(line)))
                .collect(),
            format!("\n\n# first\n{text}\n# last"),
        ];
        let added = [
            lines,
            lines,
            text.lines().filter(|line| !line.contains('#')).count(),
            2,
        ];
        for (text, added) in spread.iter().zip(added) {
            let Some(printed) = tally.hold(&name, text) else {
                tally.failures.push(format!(
                    "{name}: a comment keeps it from being read\n{text}"
                ));
                continue;
            };
            let found: usize = printed.comments.values().sum();
            if found != before + added {
                tally.failures.push(format!(
                    "{name}: {added} comments added to {before} give {found}"
                ));
            }
        }
    }
    println!(
        "{} texts printed, comments {:?}",
        tally.printed, tally.comments
    );
    tally.failures.truncate(5);
    assert!(
        tally.failures.is_empty(),
        "\n{}",
        tally.failures.join("\n\n")
    );
    assert_eq!(
        tally.comments.len(),
        4,
        "before, opening, closing and behind"
    );
}

/// A policy in which a name stands wherever one may
const NAMED: &str = include_str!("named.krites");

#[test]
fn every_word_of_the_language_may_be_a_name() {
    let grammar =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/grammar.pest"))
            .unwrap();
    let mut words: BTreeSet<String> = grammar
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()) && !word.is_empty())
        .map(str::to_owned)
        .collect();
    let odd = [
        "monthly fee",
        "ä",
        "7",
        "a#b",
        "a|b",
        " ",
        "-",
        "\"",
        "each",
        "rule",
        "over",
        "by",
    ];
    words.extend(odd.map(str::to_owned));
    let mut tally = Tally::default();
    for (number, word) in words.iter().enumerate() {
        let alone = format!("`{word}`");
        let dotted = [format!("`{word}`.`{word}`"), format!("x.`{word}`")];
        // Behind a dot one word is like another
        let dotted = dotted.into_iter().filter(|_| number % 8 == 0);
        for written in std::iter::once(alone).chain(dotted) {
            // A name of one word where the grammar has no other
            let one = if written.starts_with('x') {
                "x"
            } else {
                &format!("`{word}`")
            };
            let quoted = format!("\"{}\"", written.replace('"', "\\\""));
            let text = NAMED
                .replace("\"PATH\"", &quoted)
                .replace("PATH", &written)
                .replace("NAME", one);
            if tally.hold(word, &text).is_none() {
                let mut sources = Sources::default();
                let source = sources.add("named.krites", text);
                let mut diagnostics = Vec::new();
                parse(&sources, source, &mut diagnostics);
                tally.failures.push(format!("`{word}`: {diagnostics:#?}"));
            }
        }
    }
    println!("{} words, {} texts", words.len(), tally.printed);
    tally.failures.truncate(3);
    assert!(
        tally.failures.is_empty(),
        "\n{}",
        tally.failures.join("\n\n")
    );
}

/// The types and variants that `src/ast` declares.
fn declared() -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ast")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut in_enum = false;
        for line in text.lines() {
            in_enum = (in_enum || line.starts_with("pub enum ")) && line != "}";
            let variant = line
                .strip_prefix("    ")
                .filter(|line| in_enum && line.starts_with(|sign: char| sign.is_ascii_uppercase()));
            let name = line.strip_prefix("pub struct ").or(variant);
            let Some(name) = name else {
                continue;
            };
            let end = name
                .find(|sign: char| !sign.is_ascii_alphanumeric())
                .unwrap();
            let holds = name[end..]
                .trim_start()
                .chars()
                .next()
                .filter(|sign| "({".contains(*sign));
            kinds.insert(format!(
                "{}{}",
                &name[..end],
                holds.map(String::from).unwrap_or_default()
            ));
        }
    }
    kinds
}

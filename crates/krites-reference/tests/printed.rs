//! Policies at random and those of the corpus, with comments at random wherever one
//! may stand and blanks wherever they do not matter: what is printed is read as the
//! same tree with the same comments in order, and printed again as the same text.
//! `KRITES_FILES` says how many policies are made, `KRITES_SEED` with which seed
//! they begin; both have a default.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

#[path = "support/number.rs"]
mod number;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use krites_lang::ast::Side;
use krites_lang::testing::print_law;
use krites_lang::{Sources, parse};
use krites_reference::generate::{self, Choose};

use number::number;

/// Files whose entries are printed in another order than they have: their comments
/// go with them
const PUT_IN_ORDER: &[&str] = &["budget.krites", "layout.krites"];

/// Files of the corpus are spread so often
const TIMES: u64 = 4;

fn first_mistake(text: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add("spread.krites", text);
    let mut diagnostics = Vec::new();
    parse(&sources, source, &mut diagnostics);
    let found = &diagnostics[0];
    format!(
        "{} {}",
        sources.describe(&found.primary.place),
        found.headline
    )
}

/// What may stand behind `#`
const WORDS: &[&str] = &[
    "",
    " income",
    " a \"quote\"",
    " `tick",
    " } ) ] {",
    " rule x when a < b then decline; # more",
    " | 1 | 2 |",
    " ä € 😀",
    " \"",
    "# ##",
    " \\",
    "\twith a tab",
];

/// Cuts a line into what counts and its comment.
fn cut(line: &str) -> (&str, Option<&str>) {
    let (mut quote, mut escaped) = (None, false);
    for (at, sign) in line.char_indices() {
        match (quote, sign) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if sign == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(sign),
            (None, '#') => return (&line[..at], Some(&line[at..])),
            (None, _) => {}
        }
    }
    (line, None)
}

/// All comments of a text, in order.
fn comments(text: &str) -> Vec<&str> {
    let all = text.lines().filter_map(|line| cut(line).1);
    all.map(str::trim_end).collect()
}

/// Puts comments and blanks into a text
struct Spread<'c> {
    choose: Choose<'c>,
    /// In a hundred places, how many get a comment
    often: usize,
    count: usize,
    out: String,
}

impl Spread<'_> {
    fn text(seed: u64, text: &str) -> String {
        let mut choose = Choose::seeded(seed);
        let often = *choose.one(&[0, 5, 20, 60]).unwrap();
        let windows = choose.percent(10);
        let mut spread = Spread {
            choose,
            often,
            count: 0,
            out: String::new(),
        };
        for line in text.lines() {
            spread.between();
            spread.line(line);
        }
        spread.between();
        match windows {
            true => spread.out.replace('\n', "\r\n"),
            false => spread.out,
        }
    }

    fn comment(&mut self) {
        self.count += 1;
        let words = self.choose.word(WORDS);
        write!(self.out, "#c{}{words}", self.count).unwrap();
    }

    fn blanks(&mut self) {
        let blanks = self.choose.word(&["", "", " ", "    ", "\t", "  \t "]);
        self.out.push_str(blanks);
    }

    /// Writes comments and blank lines where a line begins.
    fn between(&mut self) {
        while self.choose.percent(self.often) {
            if self.choose.percent(60) {
                self.blanks();
                self.comment();
            }
            self.blanks();
            self.out.push('\n');
        }
    }

    /// Writes a line, spread over several ones where a bracket or a sign leaves it
    /// open.
    fn line(&mut self, line: &str) {
        let (code, comment) = cut(line);
        let row = code.trim_start().starts_with('|');
        let (mut quote, mut escaped, mut open) = (None, false, 0_usize);
        let mut before = '\n';
        for sign in code.chars() {
            let inside = quote.is_some();
            match (quote, sign) {
                _ if escaped => escaped = false,
                (Some('"'), '\\') => escaped = true,
                (Some(mark), _) if sign == mark => quote = None,
                (Some(_), _) => {}
                (None, '"' | '`') => quote = Some(sign),
                (None, '(' | '[') => open += 1,
                (None, ')' | ']') => open = open.saturating_sub(1),
                (None, _) => {}
            }
            self.out.push(sign);
            let blank = sign == ' ' && !inside && before != '\n';
            if blank && self.choose.percent(self.often / 4) {
                self.blanks();
            }
            let breaks = matches!(sign, '(' | '[') || (sign == ',' && open > 0);
            if breaks && !inside && !row && self.choose.percent(self.often) {
                self.broken();
            }
            if sign != ' ' {
                before = sign;
            }
        }
        match comment {
            Some(comment) => self.out.push_str(comment),
            None if self.choose.percent(self.often) => {
                self.blanks();
                self.comment();
            }
            None => self.blanks(),
        }
        self.out.push('\n');
    }

    /// Ends a line within brackets.
    fn broken(&mut self) {
        if self.choose.percent(50) {
            self.blanks();
            self.comment();
        }
        // Further in, no item begins
        self.out.push_str("\n        ");
    }
}

#[derive(Default)]
struct Tally {
    files: usize,
    /// Of these, how many are refused as they are
    unread: usize,
    bytes: usize,
    comments: BTreeMap<Side, usize>,
    failures: Vec<String>,
}

impl Tally {
    /// Holds one text, and the comments that are put into it.
    fn hold(&mut self, name: &str, plain: &str, seed: u64) {
        let text = Spread::text(seed, plain);
        self.files += 1;
        self.bytes += text.len();
        match print_law(&text) {
            Ok(Some(printed)) => {
                for (side, count) in &printed.comments {
                    *self.comments.entry(*side).or_default() += count;
                }
                let (mut before, mut after) = (comments(&text), comments(&printed.text));
                if PUT_IN_ORDER.contains(&name) {
                    before.sort_unstable();
                    after.sort_unstable();
                }
                if before != after {
                    self.failures.push(format!(
                        "{name}: comments\n{before:?}\nare printed as\n{after:?}\n{text}\n--- printed\n{}",
                        printed.text
                    ));
                }
            }
            // What is refused as it is says nothing of what is put into it
            Ok(None) if matches!(print_law(plain), Ok(None)) => self.unread += 1,
            Ok(None) => self.failures.push(format!(
                "{name}: is not read: {}\n{text}",
                first_mistake(&text)
            )),
            Err(problem) => self.failures.push(format!("{name}: {problem}")),
        }
    }

    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.unread += other.unread;
        self.bytes += other.bytes;
        for (side, count) in other.comments {
            *self.comments.entry(side).or_default() += count;
        }
        self.failures.extend(other.failures);
    }

    fn told(mut self, what: &str) {
        println!(
            "{} {what}, {} not read, {} KiB, with {} comments {:?}: {} fail",
            self.files,
            self.unread,
            self.bytes / 1024,
            self.comments.values().sum::<usize>(),
            self.comments,
            self.failures.len()
        );
        self.failures.sort_by_key(String::len);
        self.failures.truncate(3);
        assert!(self.failures.is_empty(), "\n{}", self.failures.join("\n\n"));
        assert!(
            self.unread * 20 < self.files,
            "{} are not read",
            self.unread
        );
        let sides = [Side::Before, Side::Opening, Side::Closing, Side::Behind];
        for side in sides {
            let count = self.comments.get(&side).copied().unwrap_or(0);
            assert!(count * 4 >= self.files, "{count} comments {side:?}");
        }
    }
}

#[test]
fn policies_at_random_are_printed_as_they_are() {
    let wanted = number("KRITES_FILES", 500);
    let seed = number("KRITES_SEED", 1) as u64;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut tally = Tally::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= wanted {
                return tally;
            }
            let seed = (seed + number as u64).wrapping_mul(0x0009_e377_9b97);
            let generated = generate::policy(&mut Choose::seeded(seed));
            tally.hold(&format!("policy {number}"), &generated.text, !seed);
        }
    };
    let mut all = Tally::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            all.add(thread.join().unwrap());
        }
    });
    assert_eq!(all.files, wanted);
    all.told("policies at random");
}

#[test]
fn policies_of_the_corpus_are_printed_as_they_are() {
    let mut tally = Tally::default();
    for folder in ["accept", "decide", "print"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/corpus")
            .join(folder);
        let entries = std::fs::read_dir(folder).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        // A file has the same comments wherever it is tried
        paths.sort();
        for path in paths {
            if path.extension().is_none_or(|found| found != "krites") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().display().to_string();
            // Nothing stands before a byte order mark
            let text = text.trim_start_matches('\u{feff}');
            // Files of data stand behind the policy, and are none
            let text = text
                .split_once("\n# file ")
                .map_or(text, |(policy, _)| policy);
            for seed in 0..TIMES {
                let seed = tally.files as u64 * TIMES + seed;
                tally.hold(&name, text, seed);
            }
        }
    }
    tally.told("policies of the corpus");
}

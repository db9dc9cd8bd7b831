//! The engine decides as the reference does: policies of the corpus, with their models
//! and files, and policies made by the bytes, each on cases made by the bytes.

#![no_main]

#[path = "../../crates/krites-lang/tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::sync::LazyLock;

use krites_lang::testing::print_law;
use krites_lang::{ModelSource, Program, Sources, check, parse};
use krites_reference::generate::{self, Choose};
use krites_reference::{Both, Files};
use libfuzzer_sys::fuzz_target;
use support::{StubFiles, checked};

/// Cases a policy
const CASES: usize = 4;

fuzz_target!(|bytes: &[u8]| {
    // The first two bytes say which policy of the corpus it is, or that it is none
    let (first, rest) = bytes.split_at(bytes.len().min(2));
    let first = first
        .iter()
        .fold(0, |first, byte| first << 8 | usize::from(*byte));
    let mut choose = Choose::bytes(rest);
    if first % 2 == 0
        && let Some(policy) = CORPUS.get(first / 2 % CORPUS.len())
    {
        return decide(&policy.text, &policy.program, &policy.files, &mut choose);
    }
    let generated = generate::policy(&mut choose);
    if let Err(problem) = print_law(&generated.text) {
        panic!("{problem}\n--- text\n{}", generated.text);
    }
    if let Some(program) = compiled(&generated.text, &generated.models) {
        decide(&generated.text, &program, &generate::files(), &mut choose);
    }
});

fn decide(text: &str, program: &Program, files: &Files, choose: &mut Choose<'_>) {
    let mut both = Both::with_files(program, files);
    for _ in 0..CASES {
        let case = generate::case(choose, program.policy());
        if let Err(difference) = both.compare(&case) {
            panic!("{}", difference.with_text(text));
        }
    }
}

fn compiled(text: &str, models: &dyn ModelSource) -> Option<Program> {
    let mut sources = Sources::default();
    let source = sources.add("fuzz.krites", text);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    check(&file, models, &mut diagnostics).map(Program::compile)
}

/// A policy of the corpus
struct Known {
    text: String,
    program: Program,
    files: Files,
}

/// Policies of the corpus
static CORPUS: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for folder in ["decide", "accept"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../tests/corpus")
            .join(folder);
        let entries = std::fs::read_dir(folder).expect("the corpus");
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "krites")
            })
            .collect();
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).expect("a policy");
            let policy = checked(&path.display().to_string(), &text).1;
            let files = StubFiles::of(&text).1.data().clone();
            all.extend(policy.map(|policy| Known {
                text,
                program: Program::compile(policy),
                files,
            }));
        }
    }
    assert!(all.len() > 100, "{} policies", all.len());
    all
});

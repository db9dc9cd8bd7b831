//! The engine decides as the reference does: policies of the corpus, and policies
//! made by the bytes, each on cases made by the bytes.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use krites_lang::testing::print_law;
use krites_lang::{ModelSource, Program, Sources, check, parse};
use krites_reference::Both;
use krites_reference::generate::{self, Choose};
use libfuzzer_sys::fuzz_target;

/// Cases a policy
const CASES: usize = 4;

fuzz_target!(|bytes: &[u8]| {
    let (first, rest) = match bytes.split_first() {
        Some((first, rest)) => (usize::from(*first), rest),
        None => (0, bytes),
    };
    let mut choose = Choose::bytes(rest);
    if let Some((text, program)) = CORPUS.get(first) {
        return decide(text, program, &mut choose);
    }
    let generated = generate::policy(&mut choose);
    if let Err(problem) = print_law(&generated.text) {
        panic!("{problem}\n--- text\n{}", generated.text);
    }
    if let Some(program) = compiled(&generated.text, &generated.models) {
        decide(&generated.text, &program, &mut choose);
    }
});

fn decide(text: &str, program: &Program, choose: &mut Choose<'_>) {
    let mut both = Both::with_files(program, &generate::files());
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

/// Policies of the corpus that ask no models, each with its text
static CORPUS: LazyLock<Vec<(String, Program)>> = LazyLock::new(|| {
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
            let text = std::fs::read_to_string(path).expect("a policy");
            let program = compiled(&text, &generate::Models::default());
            all.extend(program.map(|program| (text, program)));
        }
    }
    // Half of what the first byte may be is left for policies made by the bytes
    all.truncate(128);
    assert!(all.len() > 20, "{} policies", all.len());
    all
});

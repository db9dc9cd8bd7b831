//! Any bytes are read, checked and, where they are a policy, compiled and tested, with
//! the files that stand behind it as in the corpus; each diagnostic has its place within
//! the text, and can be painted.

#![no_main]

#[path = "../../crates/krites-cli/src/paint/diagnostic.rs"]
mod diagnostic;
#[path = "../../crates/krites-lang/tests/support/mod.rs"]
mod support;

use annotate_snippets::Renderer;
use krites_lang::{
    Diagnostic, ModelInterface, ModelProblem, ModelSource, NoModels, Place, Program, Severity,
    Sources, check, parse_with_modules, source_from_bytes,
};
use libfuzzer_sys::fuzz_target;
use support::StubFiles;

fuzz_target!(|bytes: &[u8]| {
    let mut sources = Sources::default();
    let (bytes, files) = match std::str::from_utf8(bytes) {
        Ok(text) => {
            let (policy, files) = StubFiles::of(text);
            (policy.into_bytes(), files)
        }
        Err(_) => (bytes.to_vec(), StubFiles::default()),
    };
    let source = match source_from_bytes(&mut sources, "fuzz.krites", bytes) {
        Ok(source) => source,
        Err((_, refused)) => return hold(&sources, &[refused]),
    };
    let mut diagnostics = Vec::new();
    let file = parse_with_modules(&mut sources, source, &files, &mut diagnostics);
    let policy = check(&file, &NoFiles, &mut diagnostics);
    hold(&sources, &diagnostics);
    let wrong = diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error);
    assert_eq!(policy.is_none(), wrong, "{diagnostics:#?}");
    if let Some(policy) = policy {
        hold(&sources, &support::loaded(&policy, &files).1);
        Program::compile(policy).run_tests(&mut NoModels);
    }
});

fn hold(sources: &Sources, diagnostics: &[Diagnostic]) {
    for found in diagnostics {
        assert!(
            !found.headline.is_empty() && !found.headline.contains('\n'),
            "{found:#?}"
        );
        for label in std::iter::once(&found.primary).chain(&found.evidence) {
            if let Place::Text(span) = &label.place {
                let text = sources.get(span.source).expect("a source").text();
                let range = span.start as usize..span.end as usize;
                assert!(text.get(range).is_some(), "{found:#?}");
            }
        }
        Renderer::plain().render(&diagnostic::groups(sources, found));
    }
}

/// There are no model files
struct NoFiles;

impl ModelSource for NoFiles {
    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem> {
        Err(ModelProblem {
            headline: format!("there is no model file `{file}`"),
            node: None,
            help: "put the file into the release".to_owned(),
        })
    }
}

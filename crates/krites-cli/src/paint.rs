//! Diagnostics for people: painted here and nowhere else.

mod diagnostic;

use std::io::{ErrorKind, IsTerminal as _};

use annotate_snippets::Renderer;
use krites::lang::{Diagnostic, Sources};
use krites::{LoadError, LoadErrorKind};

/// Paints why a release cannot be built.
pub(crate) fn load_error(error: &LoadError) {
    let LoadErrorKind::Policies { errors } = error.kind() else {
        complain!("error: {error}");
        return;
    };
    let mut count = 0;
    for policy in errors {
        let found = policy.diagnostics.iter();
        let open = found.filter(|found| found.accepted.is_none());
        diagnostics(&policy.sources, open);
        count += policy.errors().count();
    }
    complain!("{count} {}", if count == 1 { "error" } else { "errors" });
}

/// Paints diagnostics, one behind the other.
pub(crate) fn diagnostics<'d>(
    sources: &Sources,
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
) {
    let renderer = if std::io::stderr().is_terminal() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    for diagnostic in diagnostics {
        let painted = renderer.render(&diagnostic::groups(sources, diagnostic));
        complain!("{}\n", without_doubled_lines(&painted));
    }
}

/// What the system said, in words for people
pub(crate) fn io_error(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "it is not permitted".to_owned(),
        _ => error.to_string(),
    }
}

/// Where two groups meet, each has a line with a bar alone.
fn without_doubled_lines(painted: &str) -> String {
    let mut lines: Vec<&str> = painted.lines().collect();
    lines.dedup_by(|second, first| second == first && first.contains('|'));
    lines.join("\n")
}

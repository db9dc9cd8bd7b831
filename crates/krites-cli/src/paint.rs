//! Diagnostics for people: painted here and nowhere else.

mod diagnostic;

use std::io::IsTerminal as _;

use annotate_snippets::Renderer;
use krites::{LoadError, LoadErrorKind, PolicyErrors};

/// Paints why a release cannot be built.
pub(crate) fn load_error(error: &LoadError) {
    let LoadErrorKind::Policies { errors } = error.kind() else {
        complain!("error: {error}");
        return;
    };
    let renderer = if std::io::stderr().is_terminal() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut count = 0;
    for PolicyErrors {
        sources,
        diagnostics,
    } in errors
    {
        for diagnostic in diagnostics {
            complain!(
                "{}\n",
                renderer.render(&diagnostic::groups(sources, diagnostic))
            );
        }
        count += diagnostics.len();
    }
    complain!("{count} {}", if count == 1 { "error" } else { "errors" });
}

//! What is wrong with a path, or with what is found behind it.

use super::{ModuleProblem, NO_SUCH_FILE};
use crate::{Code, Diagnostic, Span, did_you_mean};

const OUTSIDE: Code = Code(221);

/// Returns what is wrong with a path that names no file below the folder.
pub(super) fn outside(path: &str, span: Span) -> Option<Diagnostic> {
    let mut bytes = path.bytes();
    let drive =
        bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic()) && bytes.next() == Some(b':');
    let error = |headline: &str| Diagnostic::error(OUTSIDE, headline, span);
    let found = if path.is_empty() {
        error("no file is named here").help(
            "name it by its path below the release's folder, as in `\"common/reasons.krites\"`",
        )
    } else if path.contains('\\') {
        error("a path has `/` between its names")
            .help(format!("write `\"{}\"`", path.replace('\\', "/")))
    } else if path.starts_with('/') || drive {
        error("a file is named by its path below the release's folder")
            .label("begins outside of it")
            .help(
                "put the file into the folder, and name it from there: `\"common/reasons.krites\"`",
            )
    } else if path.split('/').any(|name| name == "..") {
        error("the path leads out of the release's folder")
            .label("`..` is the folder above")
            .help("put the file into the folder, and name it from there, wherever the file stands that uses it")
    } else if path.split('/').any(|name| matches!(name, "" | ".")) {
        let names: Vec<&str> = path
            .split('/')
            .filter(|name| !matches!(*name, "" | "."))
            .collect();
        let help = match names.join("/") {
            short if short.is_empty() => "name the file".to_owned(),
            short => format!("write `\"{short}\"`"),
        };
        error("the path has parts that name nothing").help(help)
    } else {
        return None;
    };
    Some(found)
}

pub(super) fn not_given(path: &str, span: Span, problem: &ModuleProblem) -> Diagnostic {
    match problem {
        ModuleProblem::Unreadable { why } => Diagnostic::error(
            NO_SUCH_FILE,
            format!("the file `{path}` cannot be read: {why}"),
            span,
        )
        .help("put a readable file into the release's folder, under this name"),
        ModuleProblem::NotThere { known } => not_there(path, span, known),
    }
}

pub(super) fn not_there(path: &str, span: Span, known: &[String]) -> Diagnostic {
    let help = match meant(path, known) {
        Some(close) => format!("did you mean `\"{close}\"`?"),
        None => "add it to the release, under its path below the folder".to_owned(),
    };
    let headline = format!("there is no file `{path}` in the release");
    Diagnostic::error(NO_SUCH_FILE, headline, span).help(help)
}

/// Returns the file that was meant: one of this name elsewhere, or one whose path
/// is alike. What stands behind its point is no part of a path's likeness.
pub(crate) fn meant<'k>(path: &str, known: &'k [String]) -> Option<&'k str> {
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let elsewhere = known.iter().find(|other| name(other) == name(path));
    if let Some(elsewhere) = elsewhere {
        return Some(elsewhere);
    }
    let plain = |path: &str| {
        let stem = path.strip_suffix(".krites").unwrap_or(path);
        stem.replace('.', "_")
    };
    let stems: Vec<String> = known.iter().map(|path| plain(path)).collect();
    let close = did_you_mean(&plain(path), stems.iter().map(String::as_str))?;
    let position = stems.iter().position(|stem| stem == close)?;
    known.get(position).map(String::as_str)
}

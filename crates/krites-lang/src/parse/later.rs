//! What belongs to the language to come, and what to write until then. Items of
//! that kind are told apart by their first word, in `item`.

use crate::scan::{Token, TokenKind};
use crate::{Code, Diagnostic, Span};

/// Words of the language to come, where this version expects something else:
/// what they begin, and what to write until then
const WORDS: &[(&str, &str, &str)] = &[(
    "then",
    "a second source of reasons",
    "until then, write `rules that spoke` alone",
)];

/// Words that take `of` in the language to come
const PREFIXES: &[&str] = &["all"];

/// Makes the diagnostic for a word that belongs to the language to come.
pub(super) fn later(token: Token, seen: &str, before: &str, place: Span) -> Option<Diagnostic> {
    if token.kind != TokenKind::Word {
        return None;
    }
    let (feature, help) = feature(seen, before)?;
    let headline = format!("{feature} is not yet part of the language");
    Some(
        Diagnostic::error(Code(131), headline, place)
            .label("not read by this version")
            .help(help),
    )
}

fn feature(seen: &str, before: &str) -> Option<(String, &'static str)> {
    if seen == "of" && PREFIXES.contains(&before) {
        let help = "until then, compute it outside of the policy and take it as an input";
        return Some((format!("`{before} of`"), help));
    }
    // `then` is missed more often than it is one too many
    let follows = match seen {
        "then" => before == "spoke",
        _ => true,
    };
    WORDS
        .iter()
        .find(|(word, ..)| *word == seen && follows)
        .map(|(_, feature, help)| ((*feature).to_owned(), *help))
}

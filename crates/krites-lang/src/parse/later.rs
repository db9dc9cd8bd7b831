//! What belongs to the language to come, and what to write until then.

use crate::scan::{Token, TokenKind};
use crate::{Code, Diagnostic, Span};

/// Words that take `of` in the language to come
const PREFIXES: &[&str] = &["all"];

/// Makes the diagnostic for a word that belongs to the language to come.
pub(super) fn later(token: Token, seen: &str, before: &str, place: Span) -> Option<Diagnostic> {
    if token.kind != TokenKind::Word {
        return None;
    }
    if seen != "of" || !PREFIXES.contains(&before) {
        return None;
    }
    let headline = format!("`{before} of` is not yet part of the language");
    Some(
        Diagnostic::error(Code(131), headline, place)
            .label("not read by this version")
            .help("until then, compute it outside of the policy and take it as an input"),
    )
}

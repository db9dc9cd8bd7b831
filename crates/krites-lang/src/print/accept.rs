//! Findings that are accepted.

use super::items::alone;
use super::lines::Entry;
use super::names;
use super::phrase::Phrase;
use crate::ast::AcceptDecl;

/// Writes what is accepted.
pub(super) fn accept(decl: &AcceptDecl) -> Entry {
    let mut line = Phrase::from("accept ");
    line.name(&decl.code.text);
    if let Some(within) = &decl.within {
        line.push(" in ");
        line.name(&within.text);
    }
    line.push(" ");
    line.push(&names::text(&decl.reason.text));
    alone(line)
}

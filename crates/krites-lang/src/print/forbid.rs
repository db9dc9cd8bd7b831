//! What no result may rest on.

use super::items::alone;
use super::lines::Entry;
use super::phrase::Phrase;
use crate::ast::ForbidDecl;

/// Writes what no result may rest on.
pub(super) fn forbid(decl: &ForbidDecl) -> Entry {
    let mut line = Phrase::from("forbid ");
    for (at, input) in decl.inputs.iter().enumerate() {
        super::expr::separate(at, &mut line);
        line.name(&input.path.text);
        if let Some(index) = input.index {
            line.push(&format!("[{index}]"));
        }
    }
    line.push(" in every result");
    alone(line)
}

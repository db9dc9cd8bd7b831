//! What a policy declares and nothing needs.
//!
//! It errs on one side alone: what anything names counts as used, be that off, in shadow,
//! in a test, or itself not used, so that one mistake is told once. What other files
//! declare is theirs, and a record or a report of a group comes as a whole.

mod names;
mod values;

use super::codes;
use super::flow::Flow;
use crate::ir::Policy;
use crate::{Diagnostic, Span};

/// Something that is declared
struct Declared<'p> {
    /// What it is, such as `table`
    noun: &'static str,
    name: &'p str,
    /// What never happens to it
    never: &'static str,
    span: Span,
    help: String,
}

/// Reports what is declared in the policy's own file and not used, in the order written.
pub(super) fn analyse(policy: &Policy, flow: Flow<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut unused = values::unused(policy, flow);
    unused.extend(names::unused(policy));
    let own = policy.decide.span.source;
    unused.retain(|declared| declared.span.source == own);
    unused.sort_by_key(|declared| declared.span.start);
    diagnostics.extend(unused.into_iter().map(told));
}

fn told(declared: Declared<'_>) -> Diagnostic {
    let Declared {
        noun, name, never, ..
    } = &declared;
    Diagnostic::warning(
        codes::NEVER_USED,
        format!("{noun} `{name}` is never {never}"),
        declared.span,
    )
    .about(name)
    .help(declared.help)
}

//! Findings that the policy accepts, each with a reason.

use std::sync::Arc;

use super::codes;
use crate::ir::{Accepted, Policy, Within};
use crate::{Diagnostic, Place, Severity, Span};

/// Marks findings that are accepted, and tells of acceptances of nothing. Errors are
/// never accepted.
pub(super) fn settle(policy: &Policy, found: &mut Vec<Diagnostic>) {
    let mut of_nothing = Vec::new();
    for accepted in &policy.accepted {
        let mut any = false;
        for finding in found.iter_mut().filter(|finding| accepted.fits(finding)) {
            any = true;
            finding.accepted = Some(Arc::clone(&accepted.reason));
        }
        if !any {
            of_nothing.push(accepted.of_nothing());
        }
    }
    found.append(&mut of_nothing);
}

impl Accepted {
    /// Tells whether this is about a finding that is not yet accepted.
    fn fits(&self, finding: &Diagnostic) -> bool {
        finding.code == self.code
            && finding.severity != Severity::Error
            && finding.accepted.is_none()
            && self
                .within
                .as_ref()
                .is_none_or(|within| within.has(finding))
    }

    fn of_nothing(&self) -> Diagnostic {
        let place = match &self.within {
            Some(within) => format!(" in `{}`", within.name),
            None => String::new(),
        };
        Diagnostic::warning(
            codes::ACCEPTS_NOTHING,
            format!("there is no {}{place} to accept", self.code),
            self.span,
        )
        .label("what was accepted here is gone, or an error, or accepted before")
        .help("remove this line")
        .fix(self.span, "")
    }
}

impl Within {
    /// Tells whether a finding is about this, or stands in it.
    fn has(&self, finding: &Diagnostic) -> bool {
        let about = finding.about.as_deref();
        let rest = about.and_then(|about| about.strip_prefix(&*self.name));
        let stands = |place: &Span| matches!(&finding.primary.place, Place::Text(span) if place.contains(*span));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            || self.places.iter().any(stands)
    }
}

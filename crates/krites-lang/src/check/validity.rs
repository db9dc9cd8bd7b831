//! The days on which a part of the policy holds.

use super::{Checker, codes};
use crate::ast::{self, Until};
use crate::ir;
use crate::types::Date;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// Checks when something holds; what has days of its own reads the day of the
    /// decision.
    pub(super) fn validity(&mut self, written: &ast::Validity) -> Option<ir::Validity> {
        let from = written.from.as_ref().map(|day| self.day(day));
        let until = written.until.as_ref().map(|(kind, day)| {
            let date = self.day(day)?;
            Some((*kind, date, day.span))
        });
        let mut validity = ir::Validity {
            off: written.off.is_some(),
            ..ir::Validity::default()
        };
        if let Some(day) = &written.from {
            self.reads_date.get_or_insert(day.span);
            validity.from = Some(from??);
        }
        if let Some((_, day)) = &written.until {
            self.reads_date.get_or_insert(day.span);
            let (kind, date, span) = until??;
            let last = match kind {
                Until::Through => Some(date),
                Until::Before => date.add_days(-1),
            };
            let never = last.is_none() || validity.from.is_some_and(|from| last < Some(from));
            if never {
                self.never_valid(written, span);
                return None;
            }
            validity.through = last;
        }
        Some(validity)
    }

    fn day(&mut self, day: &ast::Day) -> Option<Date> {
        let found = Date::parse(&day.text);
        if found.is_none() {
            self.no_such_day(&day.text, day.span);
        }
        found
    }

    fn never_valid(&mut self, written: &ast::Validity, until: Span) {
        let mut diagnostic = Diagnostic::error(
            codes::NEVER_VALID,
            "it ends before it begins, so that it never holds",
            until,
        );
        if let Some(from) = &written.from {
            diagnostic = diagnostic.evidence(from.span, "it begins here");
        }
        self.report(diagnostic.help(
            "put the earlier day first: `from 2026-01-01 through 2026-12-31`; what shall not hold at all is `off`",
        ));
    }
}

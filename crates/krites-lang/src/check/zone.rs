//! The policy's time zone, and the datetimes that are read in it.

use super::literal::typed;
use super::{Checker, codes, items};
use crate::ast::{self, Item};
use crate::calendar::{DateTime, DateTimeProblem, Zone};
use crate::ir::{self, Literal};
use crate::types::Ty;
use crate::{Diagnostic, Span};

/// What is known of the time zone
#[derive(Default)]
pub(super) struct HeaderZone {
    /// The zone; UTC where what was meant is not known, so that no follow-on error
    /// comes of it
    known: Option<Zone>,
    /// Whether it was said that there is none
    reported: bool,
}

impl<'a> Checker<'a> {
    /// Finds the zone that the header names; reports one that does not exist.
    pub(super) fn find_zone(&mut self, file: &'a ast::File) {
        let unread = file
            .items
            .iter()
            .any(|item| matches!(item, Item::Error { keyword, .. } if keyword == "policy"));
        let header = items!(file, Policy).next();
        let written = header.and_then(|header| header.time_zone.as_ref());
        self.zone.known = match written {
            None if unread => Zone::named("UTC"),
            None => None,
            Some(name) => match Zone::named(&name.text) {
                Some(zone) => Some(zone),
                None => {
                    self.unknown_zone(name);
                    Zone::named("UTC")
                }
            },
        };
    }

    fn unknown_zone(&mut self, name: &ast::Text) {
        let written = name.text.trim();
        let city = written.rsplit('/').next().unwrap_or(written);
        let of_city = |zone: &&str| {
            let found = zone.rsplit('/').next().unwrap_or(zone);
            found.eq_ignore_ascii_case(&city.replace(' ', "_"))
        };
        let meant = Zone::all_names()
            .find(|zone| zone.eq_ignore_ascii_case(written))
            .or_else(|| Zone::all_names().find(of_city))
            // What is short is close to many.
            .or_else(|| {
                self.close(written, Zone::all_names())
                    .map(|near| near.name)
                    .filter(|_| written.len() > 4 && !written.contains(['+', '-']))
            });
        let help = match meant {
            Some(zone) => format!("did you mean `\"{zone}\"`?"),
            None => "write the name of a zone of the tz database, as in `\"Europe/London\"`, or `\"UTC\"`"
                .to_owned(),
        };
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_TIME_ZONE,
                format!("there is no time zone `{}`", name.text),
                name.span,
            )
            .help(help),
        );
    }

    /// The policy's zone; where there is none, reports that `what` needs one, once.
    pub(super) fn zone(&mut self, what: &str, span: Span) -> Option<Zone> {
        if self.zone.known.is_none() && !std::mem::replace(&mut self.zone.reported, true) {
            let header = items!(self.file, Policy).next();
            let mut diagnostic = Diagnostic::error(
                codes::NEEDS_TIME_ZONE,
                format!("{what} depends on the time zone, and the policy has none"),
                span,
            )
            .help("name it in the header: `time zone \"Europe/London\"`");
            if let Some(header) = header {
                diagnostic = diagnostic.evidence(header.name.span, "declared without a time zone");
            }
            self.report(diagnostic);
        }
        self.zone.known.clone()
    }

    /// Types a datetime as written, a local one in the policy's zone.
    pub(super) fn datetime(&mut self, text: &str, span: Span) -> Option<ir::Expr> {
        let zone = self.zone.known.clone();
        match DateTime::parse(text, zone.as_ref()) {
            Ok(found) => Some(typed(
                Literal::DateTime(found.microseconds()),
                Ty::DateTime,
                span,
            )),
            Err(DateTimeProblem::NeedsOffset) => {
                self.zone("a datetime without `Z` or an offset", span);
                None
            }
            Err(problem) => {
                self.no_such_datetime(text, problem, zone.as_ref(), span);
                None
            }
        }
    }

    fn no_such_datetime(
        &mut self,
        text: &str,
        problem: DateTimeProblem,
        zone: Option<&Zone>,
        span: Span,
    ) {
        let zone = zone.map_or("UTC", Zone::name);
        const AS_IN: &str =
            "write date and time, as in `2026-11-02T14:30` or `2026-11-02T14:30:00Z`";
        let (headline, help) = match problem {
            DateTimeProblem::NoSuchDay => {
                self.no_such_day(text.get(..10).unwrap_or(text), span);
                return;
            }
            DateTimeProblem::Skipped { earlier, later } => (
                format!("clocks in {zone} go forward past {text}"),
                format!("say which instant is meant: `{earlier}` or `{later}`"),
            ),
            DateTimeProblem::Twice { earlier, later } => (
                format!("clocks in {zone} show {text} twice"),
                format!(
                    "say which instant is meant: `{earlier}` is the first, `{later}` the second"
                ),
            ),
            DateTimeProblem::Shape => (format!("{text} is no datetime"), AS_IN.to_owned()),
            problem => (
                format!("{text} is no datetime: {problem}"),
                AS_IN.to_owned(),
            ),
        };
        self.report(Diagnostic::error(codes::NO_SUCH_DATETIME, headline, span).help(help));
    }
}

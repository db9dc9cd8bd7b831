//! Datetimes and durations enter the frame from their text.

use crate::calendar::{DateTime, DateTimeProblem, Duration, DurationProblem};
use crate::ids::InputId;
use crate::program::Program;

use super::frame::Frame;
use super::refused::{InputError, InputProblem, Quoted};

impl Program {
    /// Sets a datetime from RFC 3339; without an offset it is the local time in the
    /// policy's zone.
    pub(super) fn set_datetime_text(
        &self,
        frame: &mut Frame,
        id: InputId,
        text: &str,
    ) -> Result<(), InputError> {
        match DateTime::parse(text, self.zone.as_ref()) {
            Ok(found) => self.set_whole_value(frame, id, found.microseconds(), &text),
            Err(problem) => Err(self.no_datetime(id, text, problem)),
        }
    }

    /// Sets a duration from ISO 8601, years and months aside.
    pub(super) fn set_duration_text(
        &self,
        frame: &mut Frame,
        id: InputId,
        text: &str,
    ) -> Result<(), InputError> {
        match Duration::parse(text) {
            Ok(found) => self.set_whole_value(frame, id, found.microseconds(), &text),
            Err(problem) => Err(self.no_duration(id, text, problem)),
        }
    }

    #[cold]
    fn no_datetime(&self, id: InputId, text: &str, problem: DateTimeProblem) -> InputError {
        let why = match problem {
            DateTimeProblem::Shape => return self.wrong_type(id, &Quoted(text)),
            // The instants that it may be tell the value.
            DateTimeProblem::Skipped { .. } if self.declared(id).private => {
                "local clocks skip this time; it needs an offset".to_owned()
            }
            DateTimeProblem::Twice { .. } if self.declared(id).private => {
                "local clocks show this time twice; it needs an offset".to_owned()
            }
            problem => problem.to_string(),
        };
        let got = self.shown(id, &Quoted(text));
        self.refuse(id, InputProblem::NoSuchTime { got, why })
    }

    #[cold]
    fn no_duration(&self, id: InputId, text: &str, problem: DurationProblem) -> InputError {
        if problem == DurationProblem::Shape {
            return self.wrong_type(id, &Quoted(text));
        }
        let got = self.shown(id, &Quoted(text));
        let why = problem.to_string();
        self.refuse(id, InputProblem::NoSuchTime { got, why })
    }
}

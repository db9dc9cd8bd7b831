//! Many cases of one policy: columns, or a slice of typed facts, decided row by row by one
//! release.
//!
//! Invariant: a row is decided as a case of its own is, whatever rows stand beside it.

mod column;
mod columns;
mod rows;

use std::convert::Infallible;
use std::ops::ControlFlow;

use krites_lang::{Date, Progress};

use crate::bind::facts;
use crate::case::Needs;
use crate::decider::{Bound, DecideError, Decider};
use crate::decision::Decision;
use crate::workspace::Workspace;

pub use column::{ByText, Column, Decimals, Validity};
pub use columns::Columns;
pub use rows::Rows;
use rows::To;

impl Decider {
    /// Decides the rows of a batch, one after the other: `each` is handed the number of each
    /// row, from 0 and in order, with its decision, which it reads in place.
    ///
    /// All rows are decided by the release that is current when the batch begins, whatever is
    /// published meanwhile. A fault of a row, or a value of it that is refused, is that row's
    /// alone. The decision date is the same for all rows.
    ///
    /// # Errors
    ///
    /// [`DecideError::Facts`] where columns or type do not fit the policy, whatever the
    /// values are: no row is decided then; [`DecideError::NoSuchPolicy`] where the policy is
    /// gone.
    pub fn decide_batch<R: Rows + ?Sized>(
        &mut self,
        decision_date: Date,
        rows: &R,
        mut each: impl FnMut(usize, Result<Decision<'_>, DecideError>),
    ) -> Result<(), DecideError> {
        let done = self.try_decide_batch(decision_date, rows, |row, decided| {
            each(row, decided);
            ControlFlow::<Infallible>::Continue(())
        })?;
        match done {
            ControlFlow::Continue(()) => Ok(()),
        }
    }

    /// Decides the rows of a batch as [`Decider::decide_batch`] does, until `each` breaks;
    /// returns what it broke with.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide_batch`].
    pub fn try_decide_batch<R: Rows + ?Sized, B>(
        &mut self,
        decision_date: Date,
        rows: &R,
        mut each: impl FnMut(usize, Result<Decision<'_>, DecideError>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, DecideError> {
        let unknown = self.unknown.unwrap_or_default();
        let Bound {
            deployment,
            policy,
            workspace,
        } = self.follow()?;
        let release = deployment.release();
        let Workspace {
            frame,
            calls,
            bindings,
            ..
        } = &mut **workspace;
        let (names, program) = (&policy.part.names, policy.program());
        let found = rows.binding(To {
            names,
            program,
            unknown,
            bindings,
        })?;
        for row in 0..rows.rows() {
            let put = (
                |sink: &mut facts::Sink<'_>| rows.put(row, sink),
                decision_date,
            );
            let bound = facts::bind_by(names, program, frame, &found.0, put);
            let decided = match bound {
                Err(error) => Err(error.into()),
                Ok(()) => match program.decide(frame, calls) {
                    Ok(Progress::Decided) => Ok(Decision {
                        release,
                        policy,
                        frame,
                    }),
                    Ok(Progress::Needs(needs)) => {
                        let needs = Needs::of(program.policy(), needs);
                        Err(DecideError::Waits(needs.to_string()))
                    }
                    Err(error) => Err(error.into()),
                },
            };
            if let ControlFlow::Break(with) = each(row, decided) {
                return Ok(ControlFlow::Break(with));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Looks whether columns fit the policy of the current release, whatever their values
    /// are; of a type that derives [`Facts`](crate::Facts), [`Decider::check_facts`] tells it.
    ///
    /// # Errors
    ///
    /// [`DecideError::Facts`] where a column is no input and such are refused
    /// ([`Decider::unknown_fields`]), where its values are none of its input, where an input
    /// has two columns, where a column is shorter or longer than the batch, and for all
    /// required inputs without a column.
    pub fn check_columns(&mut self, columns: &Columns<'_>) -> Result<(), DecideError> {
        let unknown = self.unknown.unwrap_or_default();
        let policy = &self.follow()?.policy;
        columns.bound(&policy.part.names, policy.program(), unknown)?;
        Ok(())
    }
}

//! Many cases of one policy: columns, or a slice of typed facts, decided row by row by one
//! release.
//!
//! Invariant: a row is decided as a case of its own is, whatever rows stand beside it.

mod block;
mod column;
mod columns;
mod rows;

use std::convert::Infallible;
use std::ops::ControlFlow;

use krites_lang::Date;

use crate::decider::{Bound, DecideError, Decider};
use crate::decision::Decision;
use crate::workspace::Workspace;

use block::Batch;
pub(crate) use block::Block;
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
    /// Models are called once for all rows of a block that ask them, where a row's answer has
    /// the same bits in a batch as alone: native models always, sessions of ONNX Runtime where
    /// that was found (`OnnxRuntimeModel::prove_batches`), models of the host where they say
    /// so. Others are called row by row. Rows are then decided block by block, of 256 at most,
    /// and each is handed out as soon as it and those before it are decided; the decider keeps
    /// a frame for each row of a block.
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
    /// returns what it broke with. Models may have been asked for rows of the same block behind
    /// that; nothing of these is left.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide_batch`].
    pub fn try_decide_batch<R: Rows + ?Sized, B>(
        &mut self,
        decision_date: Date,
        rows: &R,
        each: impl FnMut(usize, Result<Decision<'_>, DecideError>) -> ControlFlow<B>,
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
            block,
            ..
        } = &mut **workspace;
        let (names, program) = (&policy.part.names, policy.program());
        let found = rows.binding(To {
            names,
            program,
            unknown,
            bindings,
        })?;
        let batch = Batch {
            rows,
            binding: &found.0,
            decision_date,
            names,
            release,
            policy,
        };
        Ok(match calls.begin_batch() {
            true => batch.decide_blocks(block, calls, each),
            false => batch.decide_each(frame, calls, each),
        })
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

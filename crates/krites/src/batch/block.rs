//! The rows of a batch, each in a frame: where models are asked, a block of rows goes through
//! them together.

use std::ops::ControlFlow;
use std::sync::Arc;

use krites_lang::{Date, Frame, Needs, Progress};

use super::rows::Source;
use crate::bind::Names;
use crate::bind::facts::{self, Binding, Sink};
use crate::calls::{ModelCalls, Waits};
use crate::case;
use crate::decider::DecideError;
use crate::decision::Decision;
use crate::part::ReleasedPolicy;
use crate::release::Release;

/// Rows that are decided together where models are asked: as many as native models take at
/// once, and few enough for their frames to stay near
const BLOCK: usize = 256;

/// Memory of the rows that are decided together
#[derive(Debug, Default)]
pub(crate) struct Block {
    frames: Vec<Frame>,
    /// By frame: why its row has no decision
    refused: Vec<Option<DecideError>>,
    waiting: Vec<Waits>,
    answered: Vec<Waits>,
}

/// What is the same for all rows of a batch
pub(super) struct Batch<'b, R: ?Sized> {
    pub(super) rows: &'b R,
    pub(super) binding: &'b Binding,
    pub(super) decision_date: Date,
    pub(super) names: &'b Names,
    pub(super) release: &'b Arc<Release>,
    pub(super) policy: &'b Arc<ReleasedPolicy>,
}

/// How far a row came
enum Came {
    Decided,
    Waits(Waits),
}

impl<R: Source + ?Sized> Batch<'_, R> {
    /// Decides row by row, in one frame.
    pub(super) fn decide_each<B>(
        &self,
        frame: &mut Frame,
        calls: &mut ModelCalls,
        mut each: impl FnMut(usize, Result<Decision<'_>, DecideError>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for row in 0..self.rows.rows() {
            let came = self.begin(row, frame, calls);
            each(row, came.map(|_| self.decision(frame)))?;
        }
        ControlFlow::Continue(())
    }

    /// Decides block by block: each model is called once for all rows of a block that wait
    /// for it.
    pub(super) fn decide_blocks<B>(
        &self,
        block: &mut Block,
        calls: &mut ModelCalls,
        mut each: impl FnMut(usize, Result<Decision<'_>, DecideError>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let n_rows = self.rows.rows();
        for first in (0..n_rows).step_by(BLOCK) {
            calls.put_off(true);
            self.decide_block(first, BLOCK.min(n_rows - first), block, calls);
            calls.put_off(false);
            let decided = block.frames.iter().zip(block.refused.drain(..));
            for (row, (frame, refused)) in (first..).zip(decided) {
                let decided = match refused {
                    None => Ok(self.decision(frame)),
                    Some(error) => Err(error),
                };
                each(row, decided)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn decide_block(&self, first: usize, n_rows: usize, block: &mut Block, calls: &mut ModelCalls) {
        let Block {
            frames,
            refused,
            waiting,
            answered,
        } = block;
        let program = self.policy.program();
        if frames.len() < n_rows {
            frames.resize_with(n_rows, || program.frame());
        }
        refused.clear();
        waiting.clear();
        for (at, frame) in frames.iter_mut().enumerate().take(n_rows) {
            let came = self.begin(first + at, frame, calls);
            if let Ok(Came::Waits(mut waits)) = came {
                waits.row = at;
                waiting.push(waits);
            }
            refused.push(came.err());
        }
        while !waiting.is_empty() {
            calls.call_waiting();
            std::mem::swap(waiting, answered);
            for waits in answered.drain(..) {
                let (Some(frame), Some(refused)) =
                    (frames.get_mut(waits.row), refused.get_mut(waits.row))
                else {
                    continue;
                };
                program.answer_pending(frame, waits.model, calls, |calls, answers| {
                    calls.answer_waiting(waits, answers)
                });
                match self.go_on(waits.row, frame, calls) {
                    Ok(Came::Decided) => {}
                    Ok(Came::Waits(waits)) => waiting.push(waits),
                    Err(error) => *refused = Some(error),
                }
            }
        }
    }

    /// Binds a row, and decides it as far as it goes.
    #[inline]
    fn begin(
        &self,
        row: usize,
        frame: &mut Frame,
        calls: &mut ModelCalls,
    ) -> Result<Came, DecideError> {
        let put = |sink: &mut Sink<'_>| self.rows.put(row, sink);
        let program = self.policy.program();
        facts::bind_by(
            self.names,
            program,
            frame,
            self.binding,
            (put, self.decision_date),
        )?;
        self.go_on(row, frame, calls)
    }

    #[inline]
    fn go_on(
        &self,
        row: usize,
        frame: &mut Frame,
        calls: &mut ModelCalls,
    ) -> Result<Came, DecideError> {
        let program = self.policy.program();
        match program.decide(frame, calls)? {
            Progress::Decided => Ok(Came::Decided),
            Progress::Needs(Needs::Model(model)) => Ok(Came::Waits(calls.waits(row, model))),
            Progress::Needs(needs) => {
                let needs = case::Needs::of(program.policy(), needs);
                Err(DecideError::Waits(needs.to_string()))
            }
        }
    }

    #[inline]
    fn decision<'d>(&'d self, frame: &'d Frame) -> Decision<'d> {
        Decision {
            release: self.release,
            policy: self.policy,
            frame,
        }
    }
}

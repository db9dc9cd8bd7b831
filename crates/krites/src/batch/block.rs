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
    /// By frame: how far its row came, or why it has no decision
    came: Vec<Result<Came, DecideError>>,
    /// Rows that wait, by frame
    waiting: Vec<(usize, Waits)>,
    answered: Vec<(usize, Waits)>,
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
#[derive(Debug)]
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
            self.decide_block(first, BLOCK.min(n_rows - first), block, calls, &mut each)?;
        }
        ControlFlow::Continue(())
    }

    /// Decides a block; a row is handed out as soon as it and those before it are decided,
    /// while its frame is at hand.
    fn decide_block<B>(
        &self,
        first: usize,
        n_rows: usize,
        block: &mut Block,
        calls: &mut ModelCalls,
        each: &mut impl FnMut(usize, Result<Decision<'_>, DecideError>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let Block {
            frames,
            came,
            waiting,
            answered,
        } = block;
        let program = self.policy.program();
        if frames.len() < n_rows {
            frames.resize_with(n_rows, || program.frame());
        }
        came.clear();
        waiting.clear();
        for (at, frame) in frames.iter_mut().enumerate().take(n_rows) {
            let own = calls.putting_off(|calls| self.begin(first + at, frame, calls));
            if let Ok(Came::Waits(waits)) = own {
                waiting.push((at, waits));
            }
            came.push(own);
        }
        let mut next = 0;
        while next < n_rows {
            calls.call_waiting();
            std::mem::swap(waiting, answered);
            let mut answered = answered.drain(..);
            loop {
                // All before the next row that waits.
                while let (Some(frame), Some(own)) = (frames.get(next), came.get_mut(next))
                    && !matches!(own, Ok(Came::Waits(_)))
                {
                    let own = std::mem::replace(own, Ok(Came::Decided));
                    each(first + next, own.map(|_| self.decision(frame)))?;
                    next += 1;
                }
                let Some((at, waits)) = answered.next() else {
                    break;
                };
                let (Some(frame), Some(own)) = (frames.get_mut(at), came.get_mut(at)) else {
                    continue;
                };
                program.answer_pending(frame, waits.model, calls, |calls, answers| {
                    calls.answer_waiting(waits, answers)
                });
                *own = calls.putting_off(|calls| self.go_on(frame, calls));
                if let Ok(Came::Waits(waits)) = own {
                    waiting.push((at, *waits));
                }
            }
        }
        ControlFlow::Continue(())
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
        self.go_on(frame, calls)
    }

    #[inline]
    fn go_on(&self, frame: &mut Frame, calls: &mut ModelCalls) -> Result<Came, DecideError> {
        let program = self.policy.program();
        match program.decide(frame, calls)? {
            Progress::Decided => Ok(Came::Decided),
            Progress::Needs(Needs::Model(model)) => Ok(Came::Waits(calls.waits(model))),
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

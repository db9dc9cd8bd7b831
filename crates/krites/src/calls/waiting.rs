//! Calls that are put off: the rows of a batch that ask one model wait for each other, and
//! the model is called once for all of them.
//!
//! Invariant: a row is answered what it would be answered alone. A model whose answers may
//! differ in their bits with the rows beside is not put off, and where a call of many rows
//! fails, each of them is asked alone.

use std::time::Duration;

use krites_lang::{Answer, Feed, Id as _, ModelCall, ModelFault, ModelId};
use krites_model::{ModelError, OutputTensor, Signature};

use super::outputs::{ask, make_room, read};
use super::tensors::one_row;
use super::{Callable, ModelCalls, fault};

/// The rows that wait for a model
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Whether its calls may be put off
    can_wait: bool,
    asking: Queue,
    /// Those of the last call, for which the answers below are
    called: Queue,
    outputs: Vec<OutputTensor>,
    /// Whether the call of all of them failed
    failed: bool,
}

/// What rows feed a model
#[derive(Debug, Default)]
struct Queue {
    rows: usize,
    /// One tensor an input, row after row; texts behind the last row keep their room
    feeds: Vec<Feed>,
    /// How long the model may take for one row
    within_ms: Option<u64>,
}

impl Queue {
    fn clear(&mut self) {
        self.rows = 0;
        for feed in &mut self.feeds {
            match feed {
                Feed::Float(values) => values.clear(),
                Feed::Double(values) => values.clear(),
                Feed::Integer(values) => values.clear(),
                Feed::Boolean(values) => values.clear(),
                Feed::Text(_) => {}
            }
        }
    }

    /// Leaves no texts behind the last row.
    fn end(&mut self, signature: &Signature) {
        for (feed, input) in self.feeds.iter_mut().zip(&signature.inputs) {
            if let Feed::Text(texts) = feed {
                texts.truncate(self.rows * input.width);
            }
        }
    }

    fn push(&mut self, call: &ModelCall<'_>) {
        if self.feeds.len() == call.feeds.len() {
            for (all, fed) in self.feeds.iter_mut().zip(call.feeds) {
                append(all, fed, self.rows);
            }
        } else {
            // The first row
            self.feeds = call.feeds.to_vec();
        }
        self.rows += 1;
        self.within_ms = call.within_ms;
    }
}

/// Appends what one more row is fed.
fn append(all: &mut Feed, fed: &Feed, rows: usize) {
    match (all, fed) {
        (Feed::Float(all), Feed::Float(fed)) => all.extend_from_slice(fed),
        (Feed::Double(all), Feed::Double(fed)) => all.extend_from_slice(fed),
        (Feed::Integer(all), Feed::Integer(fed)) => all.extend_from_slice(fed),
        (Feed::Boolean(all), Feed::Boolean(fed)) => all.extend_from_slice(fed),
        (Feed::Text(all), Feed::Text(fed)) => {
            let first = rows * fed.len();
            all.resize_with(all.len().max(first + fed.len()), String::new);
            for (to, text) in all.iter_mut().skip(first).zip(fed) {
                to.clone_from(text);
            }
        }
        // An input has one type.
        _ => {}
    }
}

/// A row that waits for a model
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waits {
    pub(crate) model: ModelId,
    /// Its place in the call
    at: usize,
}

impl ModelCalls {
    /// Begins a batch; tells whether there is a model whose calls may be put off.
    pub(crate) fn begin_batch(&mut self) -> bool {
        let mut any = false;
        for model in &mut self.models {
            let can_wait = !model.of_rank && !model.part.model.batching_changes_bits();
            model.waiting.can_wait = can_wait;
            model.waiting.asking.clear();
            any |= can_wait;
        }
        any
    }

    /// Puts off the calls that are made meanwhile.
    #[inline]
    pub(crate) fn putting_off<T>(&mut self, meanwhile: impl FnOnce(&mut Self) -> T) -> T {
        self.put_off = true;
        meanwhile(PuttingOff(self).0)
    }

    /// Says that a row waits for the model that it was the last one to ask.
    pub(crate) fn waits(&self, model: ModelId) -> Waits {
        let asked = self.models.get(model.position());
        let rows = asked.map_or(0, |model| model.waiting.asking.rows);
        let at = rows.saturating_sub(1);
        Waits { model, at }
    }

    /// Calls each model that rows wait for, once for all of them.
    pub(crate) fn call_waiting(&mut self) {
        for model in &mut self.models {
            if model.waiting.asking.rows > 0 {
                model.call_waiting();
            }
        }
    }

    /// Tells what a row that waited is answered.
    pub(crate) fn answer_waiting(
        &mut self,
        waits: Waits,
        answers: &mut [Answer],
    ) -> Result<(), ModelFault> {
        let model = self.models.get_mut(waits.model.position());
        let answered = model.map(|model| model.answer_waiting(waits.at, answers));
        answered.unwrap_or(Ok(())).map_err(|error| fault(&error))
    }
}

/// Puts off no longer once it is dropped, be it since a model of the host panicked.
struct PuttingOff<'c>(&'c mut ModelCalls);

impl Drop for PuttingOff<'_> {
    fn drop(&mut self) {
        self.0.put_off = false;
    }
}

impl Callable {
    /// Puts a call off, where it may be.
    #[inline]
    pub(super) fn waits(&mut self, call: &ModelCall<'_>) -> bool {
        // What is decided again in shadow does not wait.
        let can_wait = self.waiting.can_wait && !call.again && call.rows == 1;
        if can_wait {
            self.waiting.asking.push(call);
        }
        can_wait
    }

    fn call_waiting(&mut self) {
        let Self {
            part,
            scratch,
            waiting,
            ..
        } = self;
        let Waiting {
            asking,
            called,
            outputs,
            failed,
            ..
        } = waiting;
        std::mem::swap(asking, called);
        asking.clear();
        let rows = called.rows;
        // As long as the rows may take one by one
        let within = called
            .within_ms
            .map(|within| Duration::from_millis(within.saturating_mul(rows as u64)));
        let signature = part.model.signature();
        called.end(signature);
        make_room(signature, outputs, rows);
        let memory = (outputs.as_mut_slice(), scratch);
        *failed = ask(part, &called.feeds, rows, memory, within).is_err();
    }

    fn answer_waiting(&mut self, at: usize, answers: &mut [Answer]) -> Result<(), ModelError> {
        let called = &self.waiting.called;
        if !self.waiting.failed {
            read(&self.gives, &self.waiting.outputs, at, answers);
            return Ok(());
        }
        let rows = called.rows;
        let within = called.within_ms.map(Duration::from_millis);
        let feeds: Vec<Feed> = called
            .feeds
            .iter()
            .map(|feed| one_row(feed, at, rows))
            .collect();
        self.run(1, &feeds, within)?;
        read(&self.gives, &self.outputs, 0, answers);
        Ok(())
    }
}

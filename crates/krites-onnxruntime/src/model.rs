//! A model as a pool of sessions.

use std::num::NonZeroUsize;
use std::time::Instant;

use crossbeam_queue::ArrayQueue;
use krites_model::{Call, InputTensor, Model, ModelError, OutputTensor, Scratch, Signature};
use ort::session::Session;

use crate::load::{self, Ports};
use crate::zeros::{Zeros, learn_widths};
use crate::{LoadError, OnnxRuntime, tensors};

/// A model that ONNX Runtime runs.
///
/// It holds one session for each worker; each session has one thread and is
/// used by one call at a time. A call that finds none left fails with
/// [`ModelError::Busy`] and does not wait.
///
/// [`Call::within`] is checked when a run has ended: an answer that came too
/// late becomes [`ModelError::Late`], but a run that does not end is not
/// stopped.
pub struct OnnxRuntimeModel {
    signature: Signature,
    backend: String,
    ports: Ports,
    sessions: ArrayQueue<Session>,
}

impl std::fmt::Debug for OnnxRuntimeModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnnxRuntimeModel")
            .field("backend", &self.backend)
            .field("sessions", &self.sessions.capacity())
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

impl OnnxRuntimeModel {
    /// Loads a model into a session for each of `workers`.
    ///
    /// `bytes` are those that `signature` was read from. Every session runs
    /// once on zeros and empty texts, so that the first call is not slow; of
    /// what the model says to those only the numbers of columns are looked at:
    /// the signature has them where neither graph nor ONNX Runtime tell them.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when ONNX Runtime refuses the graph or sees another
    /// signature in it.
    pub fn load(
        runtime: &OnnxRuntime,
        bytes: &[u8],
        mut signature: Signature,
        workers: NonZeroUsize,
    ) -> Result<Self, LoadError> {
        let mut first = load::session(runtime, bytes)?;
        let ports = load::ports(&first, &signature)?;
        learn_widths(&mut first, &ports, &mut signature);
        let sessions = ArrayQueue::new(workers.get());
        let backend = format!("onnxruntime {}", runtime.version());
        let model = Self {
            signature,
            backend,
            ports,
            sessions,
        };
        model.warm_up_and_keep(first);
        for _ in 1..workers.get() {
            model.warm_up_and_keep(load::session(runtime, bytes)?);
        }
        Ok(model)
    }

    fn warm_up_and_keep(&self, session: Session) {
        let mut lease = Lease {
            session: Some(session),
            pool: &self.sessions,
        };
        let specs = &self.signature.inputs;
        let zeros: Vec<Zeros> = specs.iter().map(Zeros::of).collect();
        let inputs: Vec<InputTensor<'_>> = zeros.iter().map(Zeros::view).collect();
        let specs = &self.signature.outputs;
        let mut outputs: Vec<_> = specs
            .iter()
            .map(|spec| OutputTensor::for_spec(spec, 1))
            .collect();
        let scratch = &mut Scratch::default();
        let call = Call {
            inputs: &inputs,
            outputs: &mut outputs,
            within: None,
            scratch,
        };
        if let Some(session) = lease.session.as_mut() {
            // An encoder may know neither zero nor the empty text.
            let _ = self.run_rows(session, call.inputs, call.outputs, 0, 1);
        }
    }

    fn run_rows(
        &self,
        session: &mut Session,
        inputs: &[InputTensor<'_>],
        outputs: &mut [OutputTensor],
        start: usize,
        n_rows: usize,
    ) -> Result<(), ModelError> {
        let values = tensors::values(&self.ports, &self.signature, inputs, start, n_rows)?;
        let results = session.run(values).map_err(tensors::failed)?;
        for (output, spec) in outputs.iter_mut().zip(&self.signature.outputs) {
            let result = results.get(&spec.name).ok_or_else(|| ModelError::Failed {
                detail: format!("there is no output `{}`", spec.name),
            })?;
            tensors::read(result, output, spec, start, n_rows)?;
        }
        Ok(())
    }

    /// Compares a call with the signature and returns its number of rows.
    fn check(
        &self,
        inputs: &[InputTensor<'_>],
        outputs: &[OutputTensor],
    ) -> Result<usize, ModelError> {
        let Signature {
            inputs: input_specs,
            outputs: output_specs,
        } = &self.signature;
        if inputs.len() != input_specs.len() || outputs.len() != output_specs.len() {
            let detail = format!(
                "{} inputs and {} outputs where the model has {} and {}",
                inputs.len(),
                outputs.len(),
                input_specs.len(),
                output_specs.len()
            );
            return Err(ModelError::Shape { detail });
        }
        let n_rows = outputs.first().map_or(0, |output| output.dim().0);
        for ((input, spec), port) in inputs.iter().zip(input_specs).zip(&self.ports.inputs) {
            let (rows, columns) = input.dim();
            let fits = columns == spec.width || (port.free_width && columns > 0);
            if rows != n_rows || !fits || input.element() != spec.element {
                return Err(wrong(
                    "input",
                    &spec.name,
                    input.dim(),
                    (n_rows, spec.width),
                ));
            }
        }
        for (output, spec) in outputs.iter().zip(output_specs) {
            if output.dim() != (n_rows, spec.width) || output.element() != spec.element {
                return Err(wrong(
                    "output",
                    &spec.name,
                    output.dim(),
                    (n_rows, spec.width),
                ));
            }
        }
        Ok(n_rows)
    }
}

impl Model for OnnxRuntimeModel {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &str {
        &self.backend
    }

    fn batching_changes_bits(&self) -> bool {
        true
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let n_rows = self.check(call.inputs, call.outputs)?;
        let started = call.within.map(|within| (within, Instant::now()));
        let mut lease = Lease {
            session: self.sessions.pop(),
            pool: &self.sessions,
        };
        let Some(session) = lease.session.as_mut() else {
            return Err(ModelError::Busy);
        };
        let at_once = if self.ports.one_row { 1 } else { n_rows.max(1) };
        for start in (0..n_rows).step_by(at_once) {
            let rows = at_once.min(n_rows - start);
            self.run_rows(session, call.inputs, call.outputs, start, rows)?;
            if let Some((within, started)) = started
                && started.elapsed() > within
            {
                let within_ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
                return Err(ModelError::Late { within_ms });
            }
        }
        Ok(())
    }
}

/// A session out of the pool, which goes back when dropped
struct Lease<'a> {
    session: Option<Session>,
    pool: &'a ArrayQueue<Session>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            // INVARIANT: the pool has a place for each session there is.
            let _ = self.pool.push(session);
        }
    }
}

#[cold]
fn wrong(kind: &str, name: &str, given: (usize, usize), needed: (usize, usize)) -> ModelError {
    let detail = format!(
        "{kind} `{name}` is {} × {}, where {} × {} of the declared type is needed",
        given.0, given.1, needed.0, needed.1
    );
    ModelError::Shape { detail }
}

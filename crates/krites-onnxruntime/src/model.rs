//! A model as a pool of sessions.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_queue::ArrayQueue;
use krites_model::{Call, InputTensor, Model, ModelError, OutputTensor, Signature};
use ort::session::Session;

use crate::lane::{self, Lane};
use crate::load::{self, Ports};
use crate::watchdog::{self, Watched};
use crate::zeros::{Zeros, set_widths};
use crate::{LoadError, OnnxRuntime, tensors};

/// A model that ONNX Runtime runs.
///
/// It holds one session for each worker; each session has one thread and is
/// used by one call at a time. A call that finds none left fails with
/// [`ModelError::Busy`] and does not wait.
///
/// A run that lasts beyond [`Call::within`] is cut, and the call fails with
/// [`ModelError::Late`]; so does one that ends by itself, but too late. The session can
/// be used afterwards. ONNX Runtime ends a run between two nodes, those in the bodies of
/// loops and branches included: a single node that takes long is not cut, nor is the
/// making of a session.
pub struct OnnxRuntimeModel {
    pub(crate) signature: Signature,
    backend: String,
    ports: Ports,
    lanes: ArrayQueue<Lane>,
    /// How long a run may take when the model is loaded
    pub(crate) first_run: Duration,
    /// Batches were tried, and gave the bits of their rows
    pub(crate) batches_keep_bits: AtomicBool,
}

impl std::fmt::Debug for OnnxRuntimeModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnnxRuntimeModel")
            .field("backend", &self.backend)
            .field("sessions", &self.lanes.capacity())
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

impl OnnxRuntimeModel {
    /// How long the first run of each session may take when a model is loaded, if nobody
    /// says otherwise: ten seconds
    pub const FIRST_RUN: Duration = Duration::from_secs(10);

    /// Loads a model into a session for each of `workers`.
    ///
    /// `bytes` are those that `signature` was read from. Every session runs
    /// once on zeros and empty texts, so that the first call is not slow; of
    /// what the model says to those only the numbers of columns are looked at:
    /// the signature has them where neither graph nor ONNX Runtime tell them.
    /// These runs may take [`Self::FIRST_RUN`] each.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when the file has what ONNX Runtime would not survive
    /// ([`OnnxModel::check_hazards`](krites_model::OnnxModel::check_hazards)), when it
    /// refuses the graph or sees another signature in it, or when a first run does not end.
    pub fn load(
        runtime: &OnnxRuntime,
        bytes: &[u8],
        signature: Signature,
        workers: NonZeroUsize,
    ) -> Result<Self, LoadError> {
        Self::load_within(runtime, bytes, signature, workers, Self::FIRST_RUN)
    }

    /// Loads a model as [`Self::load`] does, where a first run may take `first_run`.
    ///
    /// # Errors
    ///
    /// As of [`Self::load`].
    pub fn load_within(
        runtime: &OnnxRuntime,
        bytes: &[u8],
        signature: Signature,
        workers: NonZeroUsize,
        first_run: Duration,
    ) -> Result<Self, LoadError> {
        load::check(bytes)?;
        watchdog::start().map_err(|error| LoadError::Thread {
            detail: error.to_string(),
        })?;
        let first = load::session(runtime, bytes)?;
        let ports = load::ports(&first.session, &signature)?;
        let mut model = Self {
            signature,
            backend: format!("onnxruntime {}", runtime.version()),
            ports,
            lanes: ArrayQueue::new(workers.get()),
            first_run,
            batches_keep_bits: AtomicBool::new(false),
        };
        let unknown = load::widths(&first.session, &mut model.signature);
        load::check_widths(&model.signature)?;
        let widths = model.warm_up_and_keep(first, &unknown)?;
        set_widths(&mut model.signature, &widths);
        load::check_widths(&model.signature)?;
        for _ in 1..workers.get() {
            model.warm_up_and_keep(load::session(runtime, bytes)?, &[])?;
        }
        Ok(model)
    }

    /// Counts the sessions of this process, in use or not, whatever their models.
    #[must_use]
    pub fn sessions_alive() -> usize {
        let (made, dropped) = lane::counts();
        made.saturating_sub(dropped)
    }

    /// Counts the sessions that this process has made.
    #[must_use]
    pub fn sessions_made() -> usize {
        lane::counts().0
    }

    /// Runs a session on a row of zeros, and counts the columns of the outputs whose
    /// places are `unknown`.
    fn warm_up_and_keep(
        &self,
        lane: Lane,
        unknown: &[usize],
    ) -> Result<Vec<(usize, usize)>, LoadError> {
        let mut lease = Lease {
            lane: Some(lane),
            pool: &self.lanes,
        };
        let specs = &self.signature.inputs;
        let zeros: Vec<Zeros> = specs.iter().map(Zeros::of).collect();
        let inputs: Vec<InputTensor<'_>> = zeros.iter().map(Zeros::view).collect();
        let mut widths = Vec::new();
        let Some(lane) = lease.lane.as_mut() else {
            return Ok(widths);
        };
        let ran = within(lane, Some(self.first_run), |session, watched| {
            let values = tensors::values(&self.ports, &self.signature, &inputs, 0, 1)?;
            let results = lane::run(session, watched, values).map_err(tensors::failed)?;
            let specs = self.signature.outputs.iter().enumerate();
            let unknown = specs.filter(|(idx, _)| unknown.contains(idx));
            widths.extend(unknown.filter_map(|(idx, spec)| {
                let count = tensors::count(results.get(&spec.name)?)?;
                Some((idx, count))
            }));
            Ok(())
        });
        match ran {
            Err(ModelError::Late { within_ms }) => Err(LoadError::Endless { within_ms }),
            // An encoder may know neither zero nor the empty text.
            _ => Ok(widths),
        }
    }

    /// Answers rows in one session, within a time.
    pub(crate) fn answer(
        &self,
        inputs: &[InputTensor<'_>],
        outputs: &mut [OutputTensor],
        time: Option<Duration>,
    ) -> Result<(), ModelError> {
        let n_rows = self.check(inputs, outputs)?;
        let mut lease = Lease {
            lane: self.lanes.pop(),
            pool: &self.lanes,
        };
        let lane = lease.lane.as_mut().ok_or(ModelError::Busy)?;
        let at_once = if self.ports.one_row { 1 } else { n_rows.max(1) };
        within(lane, time, |session, watched| {
            for start in (0..n_rows).step_by(at_once) {
                let rows = at_once.min(n_rows - start);
                self.run_rows(session, watched, inputs, outputs, start, rows)?;
            }
            Ok(())
        })
    }

    fn run_rows(
        &self,
        session: &mut Session,
        watched: Option<&Watched>,
        inputs: &[InputTensor<'_>],
        outputs: &mut [OutputTensor],
        start: usize,
        n_rows: usize,
    ) -> Result<(), ModelError> {
        let values = tensors::values(&self.ports, &self.signature, inputs, start, n_rows)?;
        let results = lane::run(session, watched, values).map_err(tensors::failed)?;
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
        !self.batches_keep_bits.load(Ordering::Relaxed)
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        self.answer(call.inputs, call.outputs, call.within)
    }
}

/// Uses a session for at most a time.
fn within(
    lane: &mut Lane,
    time: Option<Duration>,
    run: impl FnOnce(&mut Session, Option<&Watched>) -> Result<(), ModelError>,
) -> Result<(), ModelError> {
    let Some(time) = time else {
        return run(&mut lane.session, None);
    };
    let begun = Instant::now();
    // A deadline beyond the end of all clocks is none.
    let armed = begun.checked_add(time).map(|at| lane.watched.arm(at));
    let ran = run(&mut lane.session, Some(&lane.watched));
    let cut = armed.is_some_and(|armed| armed.disarm());
    if !cut {
        ran?;
    }
    if cut || begun.elapsed() > time {
        let within_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        return Err(ModelError::Late { within_ms });
    }
    Ok(())
}

/// A session out of the pool, which goes back when dropped
struct Lease<'a> {
    lane: Option<Lane>,
    pool: &'a ArrayQueue<Lane>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(lane) = self.lane.take() {
            // INVARIANT: the pool has a place for each session there is.
            let _ = self.pool.push(lane);
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

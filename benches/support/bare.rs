//! ONNX Runtime without `krites-onnxruntime`: a session whose input and outputs
//! are bound once, for models of one input of floats.

use std::time::Instant;

use krites_model::{ElementType, Signature};
use ndarray::Array2;
use ort::environment::Environment;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{IoBinding, Session};

use ort::value::Tensor;

use super::subject::{Nanoseconds, Rows};
use super::support::{CASES, Visits};

/// A session and its input, for calls of one number of rows
pub(crate) struct Bare {
    session: Session,
    binding: IoBinding,
    input: Tensor<f32>,
    rows: Array2<f32>,
    at_once: usize,
    visits: Visits,
}

impl Bare {
    /// Binds a model, none where it has other inputs or outputs of texts.
    pub(crate) fn new(
        environment: &Environment,
        bytes: &[u8],
        signature: &Signature,
        rows: &[Rows],
        at_once: usize,
    ) -> ort::Result<Option<Self>> {
        let [Rows::Floats(rows)] = rows else {
            return Ok(None);
        };
        let session = Session::builder(environment)?
            .with_intra_threads(1)?
            .with_inter_threads(1)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .commit_from_memory(bytes)?;
        let mut binding = session.create_binding()?;
        let allocator = session.allocator();
        let input = Tensor::<f32>::new(allocator, [at_once, rows.ncols()])?;
        binding.bind_input(&signature.inputs[0].name, &input)?;
        for (spec, declared) in signature.outputs.iter().zip(session.outputs()) {
            let rank = declared
                .dtype()
                .tensor_shape()
                .map_or(2, |shape| shape.len());
            let shape = &[at_once, spec.width][..rank];
            let name = &spec.name;
            match spec.element {
                ElementType::Float => {
                    let output = Tensor::<f32>::new(allocator, shape)?;
                    binding.bind_output(name, output)?;
                }
                ElementType::Integer => {
                    let output = Tensor::<i64>::new(allocator, shape)?;
                    binding.bind_output(name, output)?;
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(Self {
            session,
            binding,
            input,
            rows: rows.clone(),
            at_once,
            visits: Visits::new(),
        }))
    }

    /// Answers as many rows as there are cases and tells the time a row. The
    /// rows are put into the input before the clock starts.
    pub(crate) fn pass(&mut self) -> Nanoseconds {
        let mut taken = 0.0;
        for _ in 0..CASES / self.at_once {
            let (_, input) = self.input.extract_tensor_mut();
            for to in input.chunks_exact_mut(self.rows.ncols()) {
                let row = self.rows.row(self.visits.next() % self.rows.nrows());
                to.copy_from_slice(row.as_slice().unwrap());
            }
            let begun = Instant::now();
            let outputs = self.session.run_binding(&self.binding).unwrap();
            taken += begun.elapsed().as_secs_f64();
            drop(outputs);
        }
        taken * 1e9 / CASES as f64
    }

    /// Returns the floats that it gives for the first rows, output by output.
    pub(crate) fn answer(&mut self) -> Vec<f32> {
        let (_, input) = self.input.extract_tensor_mut();
        let rows = self.rows.rows().into_iter().cycle();
        for (to, row) in input.chunks_exact_mut(self.rows.ncols()).zip(rows) {
            to.copy_from_slice(row.as_slice().unwrap());
        }
        let outputs = self.session.run_binding(&self.binding).unwrap();
        let floats = outputs
            .values()
            .filter_map(|value| Some(value.try_extract_tensor::<f32>().ok()?.1.to_vec()));
        floats.flatten().collect()
    }
}

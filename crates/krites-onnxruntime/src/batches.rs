//! Whether the rows that share a batch change a row's answer, found out on rows at hand.

use std::sync::atomic::Ordering;

use krites_model::{InputRows, ModelError, OutputTensor};

use crate::OnnxRuntimeModel;

/// How many rows share a run when batches are tried; all of them come last
const SIZES: [usize; 3] = [2, 3, 7];

/// What batches of rows gave, held against the same rows alone
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Batches {
    /// Every row gave the same bits in every batch
    Same {
        /// How many rows were tried
        rows: usize,
    },
    /// A row gave other bits, or the batch failed
    Differ {
        /// How many rows shared the batch
        size: usize,
        /// The row, from 0; of a batch that failed its first one
        row: usize,
        /// The output, `None` where the batch failed
        output: Option<String>,
    },
    /// Fewer than two rows make no batch
    TooFewRows,
}

impl OnnxRuntimeModel {
    /// Runs the rows one by one and in batches of 2, 3, 7 and all of them, and compares
    /// the bits of all outputs.
    ///
    /// Where all are the same, [`batching_changes_bits`] is false from now on, and the
    /// engine asks for many rows in one call; where a row differs it is true. This is
    /// evidence, not a proof: other rows, other batches and other machines can differ,
    /// since ONNX Runtime chooses how it computes a product by the sizes of its factors.
    /// Rows should be as many as batches will have, and like the cases of the policy.
    ///
    /// Every run has the time that a first run has when a model is loaded.
    ///
    /// [`batching_changes_bits`]: krites_model::Model::batching_changes_bits
    ///
    /// # Errors
    ///
    /// [`ModelError`] where a row alone fails, the rows are not those of the model, or all
    /// sessions are busy; nothing is changed by that.
    pub fn prove_batches(&self, rows: &InputRows) -> Result<Batches, ModelError> {
        let n_rows = rows.n_rows();
        let mut alone = Vec::with_capacity(n_rows);
        for row in 0..n_rows {
            alone.push(self.answers(rows, row, 1)?);
        }
        let found = if n_rows < 2 {
            Batches::TooFewRows
        } else {
            let sizes = SIZES.iter().copied().filter(|&size| size < n_rows);
            let mut sizes = sizes.chain([n_rows]);
            sizes
                .find_map(|size| self.differs(rows, &alone, size).transpose())
                .unwrap_or(Ok(Batches::Same { rows: n_rows }))?
        };
        let same = matches!(found, Batches::Same { .. });
        self.batches_keep_bits.store(same, Ordering::Relaxed);
        Ok(found)
    }

    /// Finds the first row that differs in batches of a size.
    fn differs(
        &self,
        rows: &InputRows,
        alone: &[Vec<OutputTensor>],
        size: usize,
    ) -> Result<Option<Batches>, ModelError> {
        for (batch, alone) in alone.chunks(size).enumerate() {
            let start = batch * size;
            let together = match self.answers(rows, start, alone.len()) {
                Ok(together) => together,
                Err(ModelError::Busy) => return Err(ModelError::Busy),
                Err(_) => {
                    return Ok(Some(Batches::Differ {
                        size,
                        row: start,
                        output: None,
                    }));
                }
            };
            for (idx, alone) in alone.iter().enumerate() {
                let outputs = together.iter().zip(alone).zip(&self.signature.outputs);
                for ((together, alone), spec) in outputs {
                    if !same_row(together, idx, alone) {
                        return Ok(Some(Batches::Differ {
                            size,
                            row: start + idx,
                            output: Some(spec.name.clone()),
                        }));
                    }
                }
            }
        }
        Ok(None)
    }

    fn answers(
        &self,
        rows: &InputRows,
        start: usize,
        n_rows: usize,
    ) -> Result<Vec<OutputTensor>, ModelError> {
        let specs = self.signature.outputs.iter();
        let mut outputs: Vec<_> = specs
            .map(|spec| OutputTensor::for_spec(spec, n_rows))
            .collect();
        rows.view(start..start + n_rows, |inputs| {
            self.answer(inputs, &mut outputs, Some(self.first_run))
        })?;
        Ok(outputs)
    }
}

/// Compares a row of a batch, bit by bit, with the one row of an answer.
fn same_row(together: &OutputTensor, row: usize, alone: &OutputTensor) -> bool {
    match (together, alone) {
        (OutputTensor::Float(a), OutputTensor::Float(b)) => {
            let bits = |x: &f32| x.to_bits();
            a.row(row).iter().map(bits).eq(b.iter().map(bits))
        }
        (OutputTensor::Double(a), OutputTensor::Double(b)) => {
            let bits = |x: &f64| x.to_bits();
            a.row(row).iter().map(bits).eq(b.iter().map(bits))
        }
        (OutputTensor::Integer(a), OutputTensor::Integer(b)) => a.row(row).iter().eq(b.iter()),
        (OutputTensor::Boolean(a), OutputTensor::Boolean(b)) => a.row(row).iter().eq(b.iter()),
        (OutputTensor::Text(a), OutputTensor::Text(b)) => a.row(row).iter().eq(b.iter()),
        _ => false,
    }
}

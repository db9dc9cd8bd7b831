//! Rows of a model's inputs that are kept: a background set, golden vectors.

use std::ops::Range;
use std::time::Duration;

use ndarray::{Array2, Axis, Slice};

use crate::{Call, InputTensor, Model, ModelError, OutputTensor, Scratch, Signature};

/// Rows of a model's inputs, owned: a matrix for each input, in the order of the
/// signature, all of as many rows
#[derive(Clone, Debug, PartialEq)]
pub struct InputRows {
    inputs: Vec<OutputTensor>,
    n_rows: usize,
}

impl InputRows {
    /// Keeps a matrix for each input of `signature`.
    ///
    /// # Errors
    ///
    /// [`ModelError::Shape`] where there are fewer or more of them than inputs, one
    /// has another type or another number of columns, or their numbers of rows
    /// differ.
    pub fn new(signature: &Signature, inputs: Vec<OutputTensor>) -> Result<Self, ModelError> {
        let n_rows = inputs.first().map_or(0, |input| input.dim().0);
        if inputs.len() != signature.inputs.len() {
            let detail = format!(
                "{} inputs where the model has {}",
                inputs.len(),
                signature.inputs.len()
            );
            return Err(ModelError::Shape { detail });
        }
        for (input, spec) in inputs.iter().zip(&signature.inputs) {
            if input.element() != spec.element || input.dim() != (n_rows, spec.width) {
                return Err(spec.wrong(input.element(), input.dim(), n_rows));
            }
        }
        Ok(Self { inputs, n_rows })
    }

    /// Counts the rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Returns the matrix of each input.
    #[must_use]
    pub fn inputs(&self) -> &[OutputTensor] {
        &self.inputs
    }

    /// Views some rows, as a call takes them; rows beyond the last are left out.
    pub fn view<R>(&self, rows: Range<usize>, then: impl FnOnce(&[InputTensor<'_>]) -> R) -> R {
        let texts = self.texts(&rows);
        then(&self.views(&texts, rows))
    }

    /// Asks a model some rows; rows beyond the last are left out.
    ///
    /// `within` is how long the call may take; `outputs` are in the order of the model's
    /// signature, of as many rows.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the model fails, or its inputs are others.
    pub fn ask(
        &self,
        rows: Range<usize>,
        model: &dyn Model,
        within: Option<Duration>,
        outputs: &mut [OutputTensor],
        scratch: &mut Scratch,
    ) -> Result<(), ModelError> {
        let texts = self.texts(&rows);
        model.run(&mut Call {
            inputs: &self.views(&texts, rows),
            outputs,
            within,
            scratch,
        })
    }

    /// The texts of some rows, for [`InputRows::views`] to show.
    fn texts(&self, rows: &Range<usize>) -> Vec<Option<Array2<&str>>> {
        let rows = self.within(rows);
        let inputs = self.inputs.iter();
        let texts = inputs.map(|input| match input {
            OutputTensor::Text(all) => {
                let shape = (rows.len(), all.ncols());
                let text = |(row, column)| all.get((rows.start + row, column));
                Some(Array2::from_shape_fn(shape, |at| {
                    text(at).map_or("", String::as_str)
                }))
            }
            _ => None,
        });
        texts.collect()
    }

    fn within(&self, rows: &Range<usize>) -> Range<usize> {
        let end = rows.end.min(self.n_rows);
        rows.start.min(end)..end
    }

    fn views<'v>(
        &'v self,
        texts: &'v [Option<Array2<&'v str>>],
        rows: Range<usize>,
    ) -> Vec<InputTensor<'v>> {
        let rows = Slice::from(self.within(&rows));
        let with_texts = self.inputs.iter().zip(texts);
        let views = with_texts.filter_map(|(input, texts)| {
            Some(match input {
                OutputTensor::Float(all) => InputTensor::Float(all.slice_axis(Axis(0), rows)),
                OutputTensor::Double(all) => InputTensor::Double(all.slice_axis(Axis(0), rows)),
                OutputTensor::Integer(all) => InputTensor::Integer(all.slice_axis(Axis(0), rows)),
                OutputTensor::Boolean(all) => InputTensor::Boolean(all.slice_axis(Axis(0), rows)),
                OutputTensor::Text(_) => InputTensor::Text(texts.as_ref()?.view()),
            })
        });
        views.collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::{ElementType, InputSpec};

    fn signature() -> Signature {
        let input = |name: &str, element, width| InputSpec {
            name: name.to_owned(),
            element,
            width,
            columns: Vec::new(),
        };
        Signature {
            inputs: vec![
                input("x", ElementType::Float, 2),
                input("job", ElementType::Text, 1),
            ],
            outputs: Vec::new(),
        }
    }

    #[test]
    fn rows_are_viewed_as_a_call_takes_them() {
        let texts = array![["clerk".to_owned()], ["cook".to_owned()]];
        let inputs = vec![
            OutputTensor::Float(array![[1.0, 2.0], [3.0, 4.0]]),
            OutputTensor::Text(texts),
        ];
        let rows = InputRows::new(&signature(), inputs).unwrap();
        rows.view(1..9, |inputs| match inputs {
            [InputTensor::Float(x), InputTensor::Text(job)] => {
                assert_eq!(x, array![[3.0, 4.0]]);
                assert_eq!(job, array![["cook"]]);
            }
            other => panic!("{other:?}"),
        });
    }

    #[test]
    fn what_does_not_fit_the_signature_is_refused() {
        let x = OutputTensor::Float(array![[1.0, 2.0]]);
        let two_texts = OutputTensor::Text(array![[String::new()], [String::new()]]);
        for inputs in [
            vec![x.clone()],
            vec![x.clone(), x.clone()],
            vec![x, two_texts],
        ] {
            assert!(matches!(
                InputRows::new(&signature(), inputs),
                Err(ModelError::Shape { .. })
            ));
        }
    }
}

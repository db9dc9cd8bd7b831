//! What explains the answers of a policy's models, made when it is released, and asked
//! for one case at a time.

use std::sync::Arc;
use std::time::Duration;

use krites_lang::ir::ModelReasons;
use krites_lang::{Diagnostic, Feed, ModelFault, Program, Verified, not_explained};
use krites_model::{
    Attribution, Explained, Explainer, InputRows, Model, ModelError, OutputTensor, Scratch,
};
use ndarray::{Array2, Axis};

use crate::part::ModelPart;

/// What explains one model of a policy, in the order of its reasons
#[derive(Clone, Debug)]
pub(crate) struct ModelExplainer {
    pub(crate) explainer: Arc<dyn Explainer>,
    background: Arc<InputRows>,
    /// Input and column of each feature that has a reason
    features: Vec<(usize, usize)>,
    /// The same, counted over the columns of all inputs
    flat: Vec<usize>,
    /// Columns of all inputs
    n_columns: usize,
    /// Output and column of the answer
    answer: (usize, usize),
    /// How long the policy lets a call take
    within: Option<Duration>,
}

/// Makes what explains the models of a policy, for each model one where it has reasons.
///
/// # Errors
///
/// A diagnostic for each model that cannot be explained.
pub(crate) fn of_policy(
    program: &Program,
    models: &[Arc<ModelPart>],
) -> Result<Vec<Option<ModelExplainer>>, Vec<Diagnostic>> {
    let mut refused = Vec::new();
    let mut explainers = Vec::with_capacity(models.len());
    for (declared, part) in program.policy().models.iter().zip(models) {
        let Some(reasons) = &declared.reasons else {
            explainers.push(None);
            continue;
        };
        let gives = declared.gives.get(reasons.give);
        let answer = gives.map_or((0, 0), |give| (give.output, give.column));
        let within = declared.within_ms.map(Duration::from_millis);
        match ModelExplainer::new(part, reasons, answer, within) {
            Ok(explainer) => explainers.push(Some(explainer)),
            Err(why) => refused.push(not_explained(&declared.file, &why, reasons.span)),
        }
    }
    if refused.is_empty() {
        Ok(explainers)
    } else {
        Err(refused)
    }
}

impl ModelExplainer {
    fn new(
        part: &ModelPart,
        reasons: &ModelReasons,
        answer: (usize, usize),
        within: Option<Duration>,
    ) -> Result<Self, String> {
        let background = part.background();
        let background = background.ok_or("there are no cases to explain it against")?;
        let explained = Explained {
            output: answer.0,
            column: answer.1,
            background,
            attribution: Attribution::Interventional,
        };
        let explainer = part.model().explainer(&explained);
        let explainer = explainer.map_err(|why| why.to_string())?;
        let widths = part
            .model()
            .signature()
            .inputs
            .iter()
            .map(|spec| spec.width);
        let before = |input: usize| widths.clone().take(input).sum::<usize>();
        let features = reasons.features.iter();
        let features: Vec<_> = features
            .map(|feature| (feature.input, feature.column))
            .collect();
        Ok(Self {
            explainer: Arc::from(explainer),
            background: background.clone(),
            flat: features
                .iter()
                .map(|(input, column)| before(*input) + column)
                .collect(),
            n_columns: widths.clone().sum(),
            features,
            answer,
            within,
        })
    }

    /// Fills the contribution of each feature and returns the margin; `all` is memory
    /// for those of all columns.
    pub(crate) fn explain(
        &self,
        row: &[krites_model::InputTensor<'_>],
        all: &mut Vec<f64>,
        contributions: &mut [f64],
        scratch: &mut Scratch,
    ) -> Result<f64, ModelError> {
        all.clear();
        all.resize(self.n_columns, 0.0);
        let margin = self.explainer.explain(row, all, scratch)?;
        for (place, flat) in contributions.iter_mut().zip(&self.flat) {
            *place = all.get(*flat).copied().unwrap_or_default();
        }
        Ok(margin)
    }

    /// Answers for the case, and on average where a feature has the value of each
    /// background row.
    pub(crate) fn without(
        &self,
        model: &dyn Model,
        feeds: &[Feed],
        feature: usize,
        scratch: &mut Scratch,
    ) -> Result<Verified, ModelFault> {
        let place = self.features.get(feature);
        let (input, column) = *place.ok_or_else(|| failed("there is no such feature"))?;
        let n_rows = self.background.n_rows();
        let own: Vec<OutputTensor> = feeds.iter().map(|feed| repeated(feed, 1)).collect();
        let own = self.mean(model, own, 0.0, scratch)?;
        let mut rows: Vec<OutputTensor> = feeds.iter().map(|feed| repeated(feed, n_rows)).collect();
        if let (Some(to), Some(from)) = (rows.get_mut(input), self.background.inputs().get(input)) {
            replace(to, from, column);
        }
        let above = self.mean(model, rows, own, scratch)?;
        // Equal answers are above by nothing, whatever their mean rounds to.
        Ok(Verified { own, moved: -above })
    }

    /// The mean of what the answers for rows are above a number, summed in their order.
    fn mean(
        &self,
        model: &dyn Model,
        inputs: Vec<OutputTensor>,
        number: f64,
        scratch: &mut Scratch,
    ) -> Result<f64, ModelFault> {
        let rows = InputRows::new(model.signature(), inputs).map_err(|error| failed(&error))?;
        let n_rows = rows.n_rows();
        let at_once = if model.batching_changes_bits() {
            1
        } else {
            n_rows.max(1)
        };
        let mut sum = 0.0;
        for start in (0..n_rows).step_by(at_once) {
            let count = at_once.min(n_rows - start);
            let specs = model.signature().outputs.iter();
            let mut outputs: Vec<_> = specs
                .map(|spec| OutputTensor::for_spec(spec, count))
                .collect();
            rows.ask(
                start..start + count,
                model,
                self.within,
                &mut outputs,
                scratch,
            )
            .map_err(|error| failed(&error))?;
            let (output, column) = self.answer;
            for row in 0..count {
                let answer = match outputs.get(output) {
                    Some(OutputTensor::Float(values)) => {
                        values.get((row, column)).copied().map(f64::from)
                    }
                    Some(OutputTensor::Double(values)) => values.get((row, column)).copied(),
                    _ => None,
                }
                .ok_or_else(|| failed("it gave no such number"))?;
                sum += answer - number;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "rows are few")]
        Ok(sum / n_rows.max(1) as f64)
    }
}

fn failed(why: &(impl std::fmt::Display + ?Sized)) -> ModelFault {
    ModelFault::Failed(why.to_string())
}

/// One row as many.
fn repeated(feed: &Feed, n_rows: usize) -> OutputTensor {
    fn rows<T: Clone>(row: &[T], n_rows: usize) -> Array2<T> {
        Array2::from_shape_fn((n_rows, row.len()), |(_, column)| {
            #[expect(clippy::indexing_slicing, reason = "the array is as wide as the row")]
            row[column].clone()
        })
    }
    match feed {
        Feed::Float(row) => OutputTensor::Float(rows(row, n_rows)),
        Feed::Double(row) => OutputTensor::Double(rows(row, n_rows)),
        Feed::Integer(row) => OutputTensor::Integer(rows(row, n_rows)),
        Feed::Boolean(row) => OutputTensor::Boolean(rows(row, n_rows)),
        Feed::Text(row) => OutputTensor::Text(rows(row, n_rows)),
    }
}

/// Takes over a column, row by row; tensors of two types stay as they are.
fn replace(to: &mut OutputTensor, from: &OutputTensor, column: usize) {
    fn column_of<T: Clone>(to: &mut Array2<T>, from: &Array2<T>, column: usize) {
        if column < to.ncols() && column < from.ncols() {
            let from = from.index_axis(Axis(1), column);
            to.index_axis_mut(Axis(1), column).assign(&from);
        }
    }
    match (to, from) {
        (OutputTensor::Float(to), OutputTensor::Float(from)) => column_of(to, from, column),
        (OutputTensor::Double(to), OutputTensor::Double(from)) => column_of(to, from, column),
        (OutputTensor::Integer(to), OutputTensor::Integer(from)) => column_of(to, from, column),
        (OutputTensor::Boolean(to), OutputTensor::Boolean(from)) => column_of(to, from, column),
        (OutputTensor::Text(to), OutputTensor::Text(from)) => column_of(to, from, column),
        _ => {}
    }
}

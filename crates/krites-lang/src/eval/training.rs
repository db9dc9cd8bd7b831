//! What a model is fed, held against what its training held.
//! Invariant: nothing is allocated unless something lies outside in the way of a fault.

use std::sync::Arc;

use crate::ids::{Id as _, ModelId};
use crate::ir::OutsideTraining;
use crate::program::{FeedCode, HeldTexts, Program, TrainingCode};

use super::fault::ModelFault;
use super::frame::Frame;
use super::model::Answers;
use super::run::Run;
use super::state::{Feed, ModelState};

impl<A: Answers> Run<'_, '_, A> {
    /// Notes the columns of a row, which is filled, that lie outside. Labels that are fed as
    /// texts were noted as they were filled.
    pub(super) fn hold_to_training(
        &mut self,
        id: ModelId,
        feed: &Feed,
        row: usize,
        input: &FeedCode,
    ) {
        let begin = row * input.columns.len();
        match (feed, &input.training) {
            (Feed::Float(values), TrainingCode::Float(held)) => {
                self.hold_numbers(id, input, values.get(begin..), held);
            }
            (Feed::Double(values), TrainingCode::Double(held)) => {
                self.hold_numbers(id, input, values.get(begin..), held);
            }
            (Feed::Integer(values), TrainingCode::Integer(held)) => {
                self.hold_numbers(id, input, values.get(begin..), held);
            }
            (Feed::Text(values), TrainingCode::Text(held)) => {
                let values = values.get(begin..).unwrap_or_default();
                for (at, (value, held)) in (input.first..).zip(values.iter().zip(held)) {
                    if let HeldTexts::Texts(held) = held
                        && held.binary_search_by(|held| (**held).cmp(value)).is_err()
                    {
                        self.frame.add_outside(id, at);
                    }
                }
            }
            _ => {}
        }
    }

    /// Notes numbers below the least or above the greatest. NaN is neither: it stands for a
    /// value that is not there, and no range tells whether training had such.
    fn hold_numbers<V: PartialOrd>(
        &mut self,
        id: ModelId,
        input: &FeedCode,
        values: Option<&[V]>,
        held: &[(V, V)],
    ) {
        let values = values.unwrap_or_default();
        for (at, (value, (least, greatest))) in (input.first..).zip(values.iter().zip(held)) {
            if value < least || value > greatest {
                self.frame.add_outside(id, at);
            }
        }
    }

    /// Notes a label that is fed as a text, by its column within the input.
    pub(super) fn hold_label(&mut self, id: ModelId, input: &FeedCode, at: usize, label: usize) {
        if let TrainingCode::Text(held) = &input.training
            && let Some(HeldTexts::Labels(held)) = held.get(at)
            && held.get(label) == Some(&false)
            && let Ok(at) = u32::try_from(at)
        {
            self.frame.add_outside(id, input.first + at);
        }
    }

    /// The fault of a model that is fed what its training did not hold, where the policy
    /// says that this is one.
    pub(super) fn outside_training(&self, id: ModelId) -> Option<ModelFault> {
        let program = self.program;
        if program.models[id].outside_training != Some(OutsideTraining::Fault) {
            return None;
        }
        let first = *self.frame.outside(id).first()?;
        let feed = Arc::from(program.fed_column(id, first)?);
        Some(ModelFault::OutsideTraining { feed })
    }
}

// INVARIANT: `Program::frame` sized the list by the program that made the id.
#[expect(
    clippy::indexing_slicing,
    reason = "the frame is sized by the program that made the index"
)]
impl Frame {
    pub(super) fn clear_outside(&mut self, id: ModelId) {
        self.rare.outside[id.position()].clear();
    }

    /// Keeps a column, once, in the order of columns.
    fn add_outside(&mut self, id: ModelId, column: u32) {
        let columns = &mut self.rare.outside[id.position()];
        if let Err(at) = columns.binary_search(&column) {
            columns.insert(at, column);
        }
    }

    fn outside(&self, id: ModelId) -> &[u32] {
        &self.rare.outside[id.position()]
    }
}

impl Program {
    /// Walks the columns, by name, that a model was fed and its training did not hold, in
    /// the order in which it is fed; of one that is asked for each row of a rank, those that
    /// lay outside in some row. None where the policy does not look at them, or the model was
    /// not asked.
    pub fn outside_training<'f>(
        &'f self,
        frame: &'f Frame,
        id: ModelId,
    ) -> impl Iterator<Item = &'f str> + use<'f> {
        let is_fed = !matches!(frame.model(id), ModelState::NotRun | ModelState::Stated);
        let columns = frame.outside(id).iter().filter(move |_| is_fed);
        columns.filter_map(move |column| self.fed_column(id, *column))
    }

    /// The name of a column, by its position among all that a model is fed.
    fn fed_column(&self, id: ModelId, column: u32) -> Option<&str> {
        let inputs = self.policy().models[id].inputs.iter();
        let mut columns = inputs.flat_map(|input| &input.columns);
        let column = columns.nth(usize::try_from(column).ok()?)?;
        Some(&column.name)
    }
}

//! What a model is fed: one tensor an input, row after row.

use crate::ids::{Id as _, ModelId};
use crate::program::{ColumnCode, Fed, FeedCode, Whole};
use crate::{Exact, NumberFault, Span};

use super::fault::FaultKind;
use super::model::Answers;
use super::run::{Run, Stop};
use super::state::{Feed, SlotState};

/// A float of a tensor: the nearest to what it is made of
trait Float: Copy + Default {
    fn of_whole(value: i64) -> Self;
    fn of_exact(value: Exact) -> Self;

    /// `None` where the number is beyond all of these
    fn of_float(value: f64) -> Option<Self>;
}

impl Float for f32 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the tensor's nearest float is wanted"
    )]
    fn of_whole(value: i64) -> f32 {
        value as f32
    }

    fn of_exact(value: Exact) -> f32 {
        value.to_f32()
    }

    fn of_float(value: f64) -> Option<f32> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the tensor's nearest float is wanted"
        )]
        let float = value as f32;
        (!float.is_infinite()).then_some(float)
    }
}

impl Float for f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the tensor's nearest float is wanted"
    )]
    fn of_whole(value: i64) -> f64 {
        value as f64
    }

    fn of_exact(value: Exact) -> f64 {
        value.to_f64()
    }

    fn of_float(value: f64) -> Option<f64> {
        Some(value)
    }
}

impl<A: Answers> Run<'_, '_, A> {
    /// Fills what a model is fed, for each of its rows.
    pub(super) fn fill_feeds(&mut self, id: ModelId) -> Result<(), Stop> {
        self.frame.clear_outside(id);
        for row in 0..self.rows_fed(id) {
            let filled = self
                .bring_row(id, row)
                .and_then(|()| self.fill_row(id, row));
            if let Err(stop) = filled {
                // What is fed is not known, nor where it lies.
                self.frame.clear_outside(id);
                return Err(stop);
            }
        }
        Ok(())
    }

    /// Fills one row of each tensor.
    fn fill_row(&mut self, id: ModelId, row: usize) -> Result<(), Stop> {
        let program = self.program;
        for (position, input) in program.models[id].inputs.iter().enumerate() {
            // The buffer leaves the frame while code that reads the frame fills it.
            let mut feed = match self.feed_slot(id, position) {
                Some(feed) => std::mem::replace(feed, Feed::Boolean(Vec::new())),
                None => continue,
            };
            let filled = self.fill_feed(id, &mut feed, row, input);
            if let Some(slot) = self.feed_slot(id, position) {
                *slot = feed;
            }
            filled?;
        }
        Ok(())
    }

    fn feed_slot(&mut self, id: ModelId, position: usize) -> Option<&mut Feed> {
        self.frame.feeds.get_mut(id.position())?.get_mut(position)
    }

    fn fill_feed(
        &mut self,
        id: ModelId,
        feed: &mut Feed,
        row: usize,
        input: &FeedCode,
    ) -> Result<(), Stop> {
        let (columns, span) = (&input.columns, self.program.models[id].span);
        match feed {
            Feed::Float(values) => self.fill_numbers(values, row, (input, span)),
            Feed::Double(values) => self.fill_numbers(values, row, (input, span)),
            Feed::Integer(values) => self.fill_values(values, row, columns, |run, column| {
                Ok(match column {
                    ColumnCode::Whole(whole) => run.whole(whole)?,
                    ColumnCode::Truth(truth) => i64::from(run.truth(truth)?),
                    column => {
                        let number = run.column_number(column, span)?;
                        number.to_integer().unwrap_or_default()
                    }
                })
            }),
            Feed::Boolean(values) => self.fill_values(values, row, columns, |run, column| {
                Ok(match column {
                    ColumnCode::Truth(truth) => run.truth(truth)?,
                    ColumnCode::Whole(whole) => run.whole(whole)? != 0,
                    _ => false,
                })
            }),
            Feed::Text(values) => self.fill_texts(id, values, row, input),
        }?;
        self.hold_to_training(id, feed, row, input);
        Ok(())
    }

    /// Fills one row of a tensor of floats.
    #[inline]
    fn fill_numbers<V: Float>(
        &mut self,
        values: &mut Vec<V>,
        row: usize,
        (input, span): (&FeedCode, Span),
    ) -> Result<(), Stop> {
        let first = row * input.columns.len();
        values.resize(first + input.columns.len(), V::default());
        let columns = input.slots.iter().zip(&input.columns);
        for (value, (fed, column)) in values.iter_mut().skip(first).zip(columns) {
            *value = match fed {
                Fed::Whole(slot) if self.frame.state(*slot) == SlotState::Present => {
                    V::of_whole(self.frame.whole(*slot))
                }
                Fed::Exact(slot) if self.frame.state(*slot) == SlotState::Present => {
                    V::of_exact(self.frame.exact(*slot))
                }
                _ => self.float_column(column, span)?,
            };
        }
        Ok(())
    }

    /// Computes one column of floats.
    #[inline(never)]
    fn float_column<V: Float>(&mut self, column: &ColumnCode, span: Span) -> Result<V, Stop> {
        Ok(match column {
            ColumnCode::Whole(whole) => V::of_whole(self.whole(whole)?),
            ColumnCode::Float(bits) => match V::of_float(self.float(bits)?) {
                Some(float) => float,
                None => return Err(self.number_fault(NumberFault::TooLarge, span)),
            },
            column => V::of_exact(self.column_number(column, span)?),
        })
    }

    /// Fills one row of a tensor of whole numbers or truths.
    #[inline]
    fn fill_values<V>(
        &mut self,
        values: &mut Vec<V>,
        row: usize,
        columns: &[ColumnCode],
        value: impl Fn(&mut Self, &ColumnCode) -> Result<V, Stop>,
    ) -> Result<(), Stop> {
        values.truncate(row * columns.len());
        for column in columns {
            values.push(value(self, column)?);
        }
        Ok(())
    }

    /// Fills one row of a tensor of texts; they keep their room.
    fn fill_texts(
        &mut self,
        id: ModelId,
        values: &mut Vec<String>,
        row: usize,
        input: &FeedCode,
    ) -> Result<(), Stop> {
        let columns = &input.columns;
        let first = row * columns.len();
        values.resize_with(first + columns.len(), String::new);
        let fed = values.iter_mut().skip(first).zip(columns);
        for (at, (value, column)) in fed.enumerate() {
            value.clear();
            match column {
                ColumnCode::Text(words) => {
                    self.ask_text(words, |text| value.push_str(text))?;
                }
                ColumnCode::Wire { label, wires } => {
                    let label = usize::try_from(self.whole(label)?).unwrap_or(usize::MAX);
                    value.push_str(wires.get(label).map_or("", |wire| wire));
                    self.hold_label(id, input, at, label);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn column_number(&mut self, column: &ColumnCode, span: Span) -> Result<Exact, Stop> {
        Ok(match column {
            ColumnCode::Truth(truth) => Exact::from_integer(i64::from(self.truth(truth)?)),
            ColumnCode::Whole(whole) => Exact::from_integer(self.whole(whole)?),
            ColumnCode::Exact(number) => self.number(number)?,
            ColumnCode::Label {
                label,
                slot,
                codes,
                missing,
            } => {
                if let (Some(slot), Some(missing)) = (slot, missing)
                    && !self.ready(*slot)?
                {
                    return Ok(*missing);
                }
                let label = usize::try_from(self.whole(label)?).unwrap_or(usize::MAX);
                match codes.get(label) {
                    Some(code) => *code,
                    None => return Err(self.fault(FaultKind::Missing, span)),
                }
            }
            ColumnCode::Text(_) | ColumnCode::Float(_) | ColumnCode::Wire { .. } => Exact::ZERO,
        })
    }

    fn float(&mut self, bits: &Whole) -> Result<f64, Stop> {
        Ok(f64::from_bits(self.whole(bits)?.cast_unsigned()))
    }
}

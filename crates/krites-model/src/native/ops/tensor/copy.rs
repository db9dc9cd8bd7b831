//! The kernel that copies elements from known places.

use super::item::Item;
use super::pick;
use crate::buffer::{Buffer, Texts};
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Traced};
use crate::native::join_trees::Part;
use crate::native::plan::Kernel;
use crate::{ElementType, ModelError};

/// Copies elements from known places
#[derive(Debug)]
pub(super) struct Copy {
    element: ElementType,
    width: usize,
    moves: Moves,
}

/// What is copied for each row
#[derive(Debug)]
enum Moves {
    /// Single elements of the first input, with its elements from row to row
    Places(usize, Vec<u32>),
    /// For each input its elements from row to row, and what is copied of it
    Runs(Vec<(usize, Vec<Run>)>),
}

/// Elements that stand side by side in an input and in the result
#[derive(Clone, Copy, Debug)]
struct Run {
    from: usize,
    to: usize,
    len: usize,
}

impl Moves {
    fn of(items: &[&Item], places: &[pick::Place]) -> Self {
        let mut runs: Vec<(usize, Vec<Run>)> = items
            .iter()
            .map(|item| (item.stride(), Vec::new()))
            .collect();
        let mut n_runs = 0;
        let mut last: Option<pick::Place> = None;
        for (to, place) in places.iter().enumerate() {
            let Some((_, runs)) = runs.get_mut(place.source as usize) else {
                continue;
            };
            let goes_on = last.is_some_and(|last| {
                last.source == place.source && last.at.checked_add(1) == Some(place.at)
            });
            match runs.last_mut() {
                Some(run) if goes_on => run.len += 1,
                _ => {
                    n_runs += 1;
                    let from = place.at as usize;
                    runs.push(Run { from, to, len: 1 });
                }
            }
            last = Some(*place);
        }
        match items {
            [item] if n_runs > places.len() / 4 => {
                let places = places.iter().map(|place| place.at);
                Self::Places(item.stride(), places.collect())
            }
            _ => Self::Runs(runs),
        }
    }
}

impl Kernel for Copy {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => self.copy::<f32>(arguments, output),
            ElementType::Double => self.copy::<f64>(arguments, output),
            ElementType::Integer => self.copy::<i64>(arguments, output),
            ElementType::Boolean => self.copy::<bool>(arguments, output),
            ElementType::Text => self.copy_texts(arguments, output),
        }
    }

    fn trace(&self, _: usize, at: usize) -> Traced {
        let place = match &self.moves {
            Moves::Places(_, places) => places.get(at).map(|&place| Place::first(place as usize)),
            Moves::Runs(sources) => sources.iter().enumerate().find_map(|(operand, (_, runs))| {
                // Runs stand in the order of the result.
                let behind = runs.partition_point(|run| run.to <= at);
                let run = runs.get(behind.checked_sub(1)?)?;
                let run = Some(run).filter(|run| at < run.to + run.len)?;
                Some(Place {
                    operand,
                    at: run.from + at - run.to,
                })
            }),
        };
        place.map_or(Traced::Anything, Traced::Same)
    }

    fn part(&self) -> Part<'_> {
        let (columns, width) = match &self.moves {
            Moves::Places(width, places) => {
                (places.iter().map(|&at| at as usize).collect(), *width)
            }
            Moves::Runs(sources) => match sources.as_slice() {
                [(width, runs)] => {
                    let columns = runs.iter().flat_map(|run| run.from..run.from + run.len);
                    (columns.collect(), *width)
                }
                _ => return Part::Other,
            },
        };
        // A constant has no rows.
        if width == 0 {
            return Part::Other;
        }
        Part::Columns { columns, width }
    }
}

impl Copy {
    /// Makes the step for elements at `places` of `items`.
    pub(super) fn new(element: ElementType, items: &[&Item], places: &[pick::Place]) -> Self {
        Self {
            element,
            width: places.len(),
            moves: Moves::of(items, places),
        }
    }

    fn copy<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let to = T::resized(output, arguments.n_rows * self.width);
        match &self.moves {
            Moves::Places(stride, places) => {
                let from = arguments.array::<T>(0)?;
                for (row_idx, to) in to.chunks_exact_mut(self.width).enumerate() {
                    let from = from.get(row_idx * stride..).unwrap_or_default();
                    for (to, &place) in to.iter_mut().zip(places) {
                        *to = from.get(place as usize).copied().unwrap_or_default();
                    }
                }
            }
            Moves::Runs(sources) => {
                for (idx, (stride, runs)) in sources.iter().enumerate() {
                    let from = arguments.array::<T>(idx)?;
                    for (row_idx, to) in to.chunks_exact_mut(self.width).enumerate() {
                        let from = from.get(row_idx * stride..).unwrap_or_default();
                        for run in runs {
                            let to = to.get_mut(run.to..run.to + run.len);
                            let from = from.get(run.from..run.from + run.len);
                            if let (Some(to), Some(from)) = (to, from) {
                                to.copy_from_slice(from);
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn copy_texts(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let to = output.texts_mut(arguments.n_rows * self.width);
        let copy = |from: Texts<'_>, at: usize, to: &mut String| {
            to.clear();
            to.push_str(from.get(at));
        };
        match &self.moves {
            Moves::Places(stride, places) => {
                let from = arguments.texts(0)?;
                for (row_idx, to) in to.chunks_exact_mut(self.width).enumerate() {
                    for (to, &place) in to.iter_mut().zip(places) {
                        copy(from, row_idx * stride + place as usize, to);
                    }
                }
            }
            Moves::Runs(sources) => {
                for (idx, (stride, runs)) in sources.iter().enumerate() {
                    let from = arguments.texts(idx)?;
                    for (row_idx, to) in to.chunks_exact_mut(self.width).enumerate() {
                        for run in runs {
                            let to = to.iter_mut().skip(run.to).take(run.len);
                            for (at, to) in (run.from..).zip(to) {
                                copy(from, row_idx * stride + at, to);
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

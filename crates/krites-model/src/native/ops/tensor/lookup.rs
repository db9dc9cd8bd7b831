//! The kernel that reads elements by places which rows hold.

use crate::buffer::Buffer;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::plan::Kernel;
use crate::{ElementType, ModelError};

/// Elements of the first input by the places in the second
#[derive(Debug)]
pub(super) struct Lookup {
    pub(super) element: ElementType,
    /// Places that there are
    pub(super) len: usize,
    /// Elements of the first input from row to row
    pub(super) stride: usize,
    pub(super) places: Places,
    /// Places that a row holds
    pub(super) n_places: usize,
}

/// What a place names
#[derive(Debug)]
pub(super) enum Places {
    /// So many elements side by side
    Entries { size: usize },
    /// The element so many steps behind a base, for each place its own
    Elements { along: usize, bases: Vec<u32> },
}

impl Kernel for Lookup {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => self.read::<f32>(arguments, output),
            ElementType::Double => self.read::<f64>(arguments, output),
            ElementType::Integer => self.read::<i64>(arguments, output),
            ElementType::Boolean => self.read::<bool>(arguments, output),
            ElementType::Text => {
                let from = arguments.texts(0)?;
                let to = output.texts_mut(arguments.n_rows * self.n_places * self.size());
                self.each(arguments, |at, from_at| {
                    if let Some(to) = to.get_mut(at) {
                        to.clear();
                        to.push_str(from.get(from_at));
                    }
                })
            }
        }
    }
}

impl Lookup {
    fn size(&self) -> usize {
        match self.places {
            Places::Entries { size } => size,
            Places::Elements { .. } => 1,
        }
    }

    fn read<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let from = arguments.array::<T>(0)?;
        let to = T::resized(output, arguments.n_rows * self.n_places * self.size());
        self.each(arguments, |at, from_at| {
            if let (Some(to), Some(from)) = (to.get_mut(at), from.get(from_at)) {
                *to = *from;
            }
        })
    }

    /// Calls `copy` with each place of the result and where its element lies.
    fn each(
        &self,
        arguments: &Arguments<'_, '_>,
        mut copy: impl FnMut(usize, usize),
    ) -> Result<(), ModelError> {
        let places = arguments.array::<i64>(1)?;
        let size = self.size();
        for (row_idx, row) in places.chunks_exact(self.n_places.max(1)).enumerate() {
            let first = row_idx * self.stride;
            for (at, &place) in row.iter().enumerate() {
                let found = super::item::place(place, self.len);
                let found = found.ok_or_else(|| self.beyond(place))?;
                let to = (row_idx * self.n_places + at) * size;
                match &self.places {
                    Places::Entries { .. } => {
                        for offset in 0..size {
                            copy(to + offset, first + found * size + offset);
                        }
                    }
                    Places::Elements { along, bases } => {
                        let base = bases.get(at).map_or(0, |&base| base as usize);
                        copy(to, first + base + found * along);
                    }
                }
            }
        }
        Ok(())
    }

    #[cold]
    fn beyond(&self, place: i64) -> ModelError {
        ModelError::Failed {
            detail: format!("the place {place} is beyond a list of {}", self.len),
        }
    }
}

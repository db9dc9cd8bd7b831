//! The elements of lists, read out of a frame.

use std::ops::Range;

use crate::ids::ListId;
use crate::program::{Program, unpacked};

use super::frame::Frame;
use super::state::Given;
use super::value::OutputValue;

impl Program {
    /// Returns how a list came by its elements.
    #[must_use]
    pub fn list_given(&self, frame: &Frame, list: ListId) -> Given {
        frame.columns(list).given
    }

    /// Returns the elements of a list that is an input, by the numbers that
    /// [`Program::element`] takes.
    #[must_use]
    pub fn elements(&self, frame: &Frame, list: ListId) -> Range<usize> {
        match self.lists[list].within {
            Some(_) => 0..0,
            None => 0..frame.columns(list).length(),
        }
    }

    /// Returns the elements of a list that lies within an element of another one.
    #[must_use]
    pub fn elements_within(&self, frame: &Frame, list: ListId, element: usize) -> Range<usize> {
        let (start, length) = unpacked(frame.columns(list).range(element));
        start..start + length
    }

    /// Returns the value of a field of an element, by its position in
    /// [`ListInput::fields`](crate::ir::ListInput::fields), where it is there.
    #[must_use]
    pub fn element<'a>(
        &'a self,
        frame: &'a Frame,
        list: ListId,
        element: usize,
        field: usize,
    ) -> Option<OutputValue<'a>> {
        let ty = self.policy.lists[list].fields.get(field)?.ty.ty;
        let value = frame.columns(list).value(field, element)?;
        self.typed(frame, value, ty)
    }
}

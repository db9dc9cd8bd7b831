//! Lists that go out: what the rows of a table give.

use std::fmt;

use crate::ids::TableId;
use crate::program::Program;
use crate::types::Ty;

use super::frame::Frame;
use super::value::OutputValue;

/// A list of values of a decided case, such as what all rows of a table give
#[derive(Clone, Copy)]
pub struct ListValue<'a> {
    program: &'a Program,
    frame: &'a Frame,
    table: TableId,
    output: u32,
}

impl<'a> ListValue<'a> {
    pub(super) fn new(
        program: &'a Program,
        frame: &'a Frame,
        table: TableId,
        output: u32,
    ) -> ListValue<'a> {
        ListValue {
            program,
            frame,
            table,
            output,
        }
    }

    /// Returns how many elements there are, missing ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frame.rows(self.table).len()
    }

    /// Tells whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the type of the elements.
    #[must_use]
    pub fn ty(&self) -> Ty {
        let outputs = &self.program.policy.tables[self.table].outputs;
        let found = outputs.get(self.output as usize);
        found.map_or(Ty::Integer, |output| output.ty.ty)
    }

    /// Walks the elements in order, with those that are missing.
    pub fn iter(&self) -> impl Iterator<Item = Option<OutputValue<'a>>> + use<'a> {
        let (this, ty) = (*self, self.ty());
        (0..self.len()).map(move |at| {
            let held = this
                .frame
                .cells(this.table)
                .value(this.output as usize, at)?;
            this.program.typed(this.frame, held, ty)
        })
    }
}

impl PartialEq for ListValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for ListValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// As people read it: the elements in brackets, with commas
impl fmt::Display for ListValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (position, value) in self.iter().enumerate() {
            f.write_str(if position > 0 { ", " } else { "" })?;
            match value {
                Some(value) => fmt::Display::fmt(&value, f)?,
                None => f.write_str("missing")?,
            }
        }
        f.write_str("]")
    }
}

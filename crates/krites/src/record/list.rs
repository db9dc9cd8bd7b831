//! The elements of a list as JSON text, which binds again as it stands.

use std::io::{self, Write as _};
use std::ops::Range;

use krites_lang::{Frame, ListId, OutputValue, Program};

use super::canonical::{separate, write_text};

/// Returns a list's elements without their private fields; fields stand under their
/// names on the wire, numbers in the shortest form.
pub(super) fn list_text(program: &Program, frame: &Frame, list: ListId) -> String {
    let mut out = Vec::with_capacity(64);
    let elements = program.elements(frame, list);
    let writer = Writer { program, frame };
    // Writing to memory does not fail, and what is written is text.
    let _ = writer.list(&mut out, list, elements);
    String::from_utf8(out).unwrap_or_default()
}

struct Writer<'a> {
    program: &'a Program,
    frame: &'a Frame,
}

impl Writer<'_> {
    fn list(&self, out: &mut Vec<u8>, list: ListId, elements: Range<usize>) -> io::Result<()> {
        out.write_all(b"[")?;
        for (position, element) in elements.enumerate() {
            separate(out, position)?;
            match self.program.policy().lists[list].is_plain() {
                true => self.value(out, list, element, 0)?,
                false => self.record(out, list, element)?,
            }
        }
        out.write_all(b"]")
    }

    fn record(&self, out: &mut Vec<u8>, list: ListId, element: usize) -> io::Result<()> {
        let lists = &self.program.policy().lists;
        out.write_all(b"{")?;
        let mut written = 0;
        let mut name = |out: &mut Vec<u8>, wire: &str| {
            separate(out, written)?;
            written += 1;
            write_text(out, wire)?;
            out.write_all(b":")
        };
        for (position, field) in lists[list].fields.iter().enumerate() {
            if !field.private {
                name(out, &field.wire)?;
                self.value(out, list, element, position)?;
            }
        }
        for (id, inner) in lists.iter_ids() {
            if inner.within == Some(list) && !inner.private {
                name(out, &inner.wire)?;
                let elements = self.program.elements_within(self.frame, id, element);
                self.list(out, id, elements)?;
            }
        }
        out.write_all(b"}")
    }

    fn value(
        &self,
        out: &mut Vec<u8>,
        list: ListId,
        element: usize,
        field: usize,
    ) -> io::Result<()> {
        let value = self.program.element(self.frame, list, element, field);
        match value {
            None => out.write_all(b"null"),
            Some(
                value @ (OutputValue::Integer(_) | OutputValue::Exact(_) | OutputValue::Boolean(_)),
            ) => write!(out, "{value}"),
            Some(value) => write_text(out, &value.to_string()),
        }
    }
}

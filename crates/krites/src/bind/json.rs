//! Facts as JSON text, read by the policy's names and types.
//! Invariant: a number is read from its digits, never by way of a float.

/// Values that are neither objects nor lists, where one of these is read
macro_rules! other_values {
    () => {
        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
            Err(self.reader.wrong(self.node, "a boolean"))
        }

        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
            Err(self.reader.wrong(self.node, "a number"))
        }

        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
            Err(self.reader.wrong(self.node, "a number"))
        }

        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
            Err(self.reader.wrong(self.node, "a number"))
        }

        fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
            Err(self.reader.wrong(self.node, "text"))
        }
    };
}

mod cursor;
mod fast;
mod key;
mod list;
mod record;

use std::collections::HashSet;

use krites_lang::{Date, Frame, InputId, Program};
use serde::Deserializer as _;
use serde_json::value::RawValue;

use super::UnknownFields;
use super::columns::UnknownField;
use super::error::{BindError, BindProblem};
use super::learned::Learned;
use super::names::{Holds, Met, Names, NodeId};
use super::skim::{Skimmed, skim};
pub(super) use fast::{Order, bind_fast};
use key::Seen;
pub(crate) use list::bind_list_text;
use record::RecordSeed;

/// Binds the facts of a JSON object to a frame that [`Program::begin`] emptied.
///
/// Nested objects are records; dotted field names work as well. A series is a list
/// under its name, or its elements under theirs.
///
/// # Errors
///
/// [`BindError`] for the first thing that is refused; the frame is then half
/// filled and wants another `begin`.
pub(crate) fn bind_json(
    names: &Names,
    program: &Program,
    frame: &mut Frame,
    text: &str,
    unknown: UnknownFields,
) -> Result<(), BindError> {
    let mut reader = Reader::new(names, program, frame, text, unknown);
    let read = reader.read();
    let bound = read.and_then(|()| Ok(program.finish_inputs(frame)?));
    bound.map_err(|error| {
        let met = || {
            let mut met = Met::new();
            if unknown == UnknownFields::Ignore {
                // It was read before: what fails now fails no more than then.
                let _ = collect(names, program, text, &mut met);
            }
            met
        };
        names.meant(program, error, met)
    })
}

/// Binds as [`bind_json`] does, by what earlier texts taught where that is enough; where
/// it is not, the frame is emptied anew for the decision date.
///
/// # Errors
///
/// As [`bind_json`].
pub(crate) fn bind_json_learning(
    names: &Names,
    learned: &mut Learned,
    program: &Program,
    frame: &mut Frame,
    (text, decision_date): (&str, Date),
    unknown: UnknownFields,
) -> Result<(), BindError> {
    if bind_fast(names, &mut learned.order, program, frame, text) {
        return Ok(());
    }
    program.begin(frame, decision_date);
    bind_json(names, program, frame, text, unknown)
}

/// Lists the fields of a JSON object that are no inputs.
///
/// # Errors
///
/// [`BindError`] as [`bind_json`], but for what is not given.
pub(crate) fn unknown_json(
    names: &Names,
    program: &Program,
    text: &str,
) -> Result<Vec<UnknownField>, BindError> {
    let mut met = Met::new();
    collect(names, program, text, &mut met)?;
    // A field of a list's elements is named once.
    let mut seen = HashSet::new();
    let once = met.iter().filter(|(_, name)| seen.insert(name));
    let unknown = once.map(|(below, name)| UnknownField {
        near: names.near(*below, name),
        name: name.clone(),
    });
    Ok(unknown.collect())
}

/// Collects the fields of a JSON object that are no inputs, by their dotted names.
fn collect(names: &Names, program: &Program, text: &str, met: &mut Met) -> Result<(), BindError> {
    let mut frame = program.frame();
    let mut reader = Reader::new(names, program, &mut frame, text, UnknownFields::Ignore);
    reader.met = Some(met);
    reader.read()
}

/// Takes bytes for text.
///
/// # Errors
///
/// [`BindError`] with the place where they are none.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, BindError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        BindError::new(BindProblem::Utf8 { offset })
    })
}

/// The state of one reading
struct Reader<'a> {
    names: &'a Names,
    program: &'a Program,
    frame: &'a mut Frame,
    unknown: UnknownFields,
    /// Where fields that are passed over are noted, if anybody asks
    met: Option<&'a mut Met>,
    text: &'a str,
    /// The record or series that is being read
    at: NodeId,
    /// Our own error, on its way out through serde_json
    refused: Option<BindError>,
}

impl<'a> Reader<'a> {
    fn new(
        names: &'a Names,
        program: &'a Program,
        frame: &'a mut Frame,
        text: &'a str,
        unknown: UnknownFields,
    ) -> Self {
        Self {
            names,
            program,
            frame,
            unknown,
            met: None,
            text,
            at: NodeId::ROOT,
            refused: None,
        }
    }

    fn read(&mut self) -> Result<(), BindError> {
        let mut json = serde_json::Deserializer::from_str(self.text);
        let all = RecordSeed {
            reader: &mut *self,
            node: NodeId::ROOT,
        };
        let read = json.deserialize_any(all).and_then(|()| json.end());
        read.map_err(|error| self.error(&error))
    }

    /// Keeps our own error and stops serde_json by one of its own.
    #[cold]
    fn refuse<E: serde::de::Error>(&mut self, error: BindError) -> E {
        self.refused = Some(error.numbered(self.program, self.frame));
        E::custom("refused")
    }

    #[cold]
    fn error(&mut self, error: &serde_json::Error) -> BindError {
        if let Some(refused) = self.refused.take() {
            return refused;
        }
        // Of the kinds of errors, this one alone repeats the value.
        if error.is_data() {
            return self.names.shape(self.program, self.at, "something else");
        }
        json_error(error.line(), error.column(), error)
    }

    /// Binds one value to an input.
    fn leaf(&mut self, node: NodeId, id: InputId, value: &RawValue) -> Result<(), BindError> {
        let raw = value.get();
        let (program, frame) = (self.program, &mut *self.frame);
        match raw.as_bytes() {
            [b'"', ..] => return self.text(id, raw),
            b"true" => program.set_boolean(frame, id, true)?,
            b"false" => program.set_boolean(frame, id, false)?,
            b"null" => program.set_missing(frame, id)?,
            [b'[', ..] => return Err(self.wrong_leaf(node, "a list")),
            [b'{', ..] => return Err(self.wrong_leaf(node, "an object")),
            _ => program.set_number_text(frame, id, raw)?,
        }
        Ok(())
    }

    /// The error for a value of another kind than an input or an element has.
    #[cold]
    fn wrong_leaf(&self, node: NodeId, got: &'static str) -> BindError {
        match self.names.node(node).holds {
            Holds::List(..) => self.names.element_shape(self.program, node, got),
            _ => self.names.shape(self.program, node, got),
        }
    }

    fn text(&mut self, id: InputId, raw: &str) -> Result<(), BindError> {
        let inside = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        if !inside.contains('\\') {
            return Ok(self.program.set_text(self.frame, id, inside)?);
        }
        // Half a surrogate pair is found here only.
        let unescaped: String = serde_json::from_str(raw).map_err(|error| {
            let start = raw
                .as_ptr()
                .addr()
                .saturating_sub(self.text.as_ptr().addr());
            let (line, column) = position(self.text, start + error.column());
            json_error(line, column, &error)
        })?;
        Ok(self.program.set_text(self.frame, id, &unescaped)?)
    }
}

/// Line and column of a byte offset, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count();
    (line, column)
}

fn json_error(line: usize, column: usize, error: &serde_json::Error) -> BindError {
    let words = error.to_string();
    let detail = words
        .rsplit_once(" at line ")
        .map_or(&*words, |(detail, _)| detail);
    let detail = match detail {
        _ if error.is_eof() => "the text ends too early",
        other => other,
    };
    BindError::new(BindProblem::Json {
        line,
        column,
        detail: detail.to_owned(),
    })
}

impl Reader<'_> {
    /// Takes every input of a record or series for missing.
    fn missing<E: serde::de::Error>(&mut self, node: NodeId) -> Result<(), E> {
        let set = self.names.set_missing(self.program, self.frame, node);
        set.map_err(|error| self.refuse(error.into()))
    }

    /// Refuses a value of another kind than a record or series is.
    #[cold]
    fn wrong<E: serde::de::Error>(&mut self, node: NodeId, got: &'static str) -> E {
        let error = self.names.shape(self.program, node, got);
        self.refuse(error)
    }

    /// Looks through the value of a field that is no input.
    fn pass_over(&mut self, seen: &Seen, below: NodeId, value: &RawValue) -> Result<(), BindError> {
        let raw = value.get();
        if !raw.starts_with(['{', '[']) {
            return Ok(());
        }
        let field = || self.names.below(below, &seen.last);
        match skim(raw) {
            Skimmed::Fine => Ok(()),
            Skimmed::TooDeep => Err(BindError::new(BindProblem::TooDeep { field: field() })),
            Skimmed::Twice => Err(BindError::new(BindProblem::TwiceWithin { field: field() })),
        }
    }
}

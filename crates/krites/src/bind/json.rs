//! Facts as JSON text, read by the policy's names and types.
//! Invariant: a number is read from its digits, never by way of a float.

use std::fmt;

use krites_lang::{Frame, InputId, Program};
use serde::Deserializer as _;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::UnknownFields;
use super::error::{BindError, BindProblem};
use super::names::{Names, NodeId};

/// Binds the facts of a JSON object to a frame that [`Program::begin`] emptied.
///
/// Nested objects are records; dotted field names work as well.
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
    let mut reader = Reader {
        names,
        program,
        frame,
        unknown,
        text,
        at: NodeId::ROOT,
        refused: None,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let all = RecordSeed {
        reader: &mut reader,
        node: NodeId::ROOT,
    };
    let read = json.deserialize_map(all).and_then(|()| json.end());
    if let Err(error) = read {
        return Err(reader.error(&error));
    }
    program.finish_inputs(frame)?;
    Ok(())
}

/// The state of one reading
struct Reader<'a> {
    names: &'a Names,
    program: &'a Program,
    frame: &'a mut Frame,
    unknown: UnknownFields,
    text: &'a str,
    /// The record that is being read
    at: NodeId,
    /// Our own error, on its way out through serde_json
    refused: Option<BindError>,
}

impl Reader<'_> {
    /// Keeps our own error and stops serde_json by one of its own.
    #[cold]
    fn refuse<E: serde::de::Error>(&mut self, error: BindError) -> E {
        self.refused = Some(error);
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
            [b'[', ..] => return Err(self.names.shape(program, node, "a list")),
            [b'{', ..] => return Err(self.names.shape(program, node, "an object")),
            _ => program.set_number_text(frame, id, raw)?,
        }
        Ok(())
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

/// Reads the fields of an object
struct RecordSeed<'r, 'a> {
    reader: &'r mut Reader<'a>,
    node: NodeId,
}

/// `null` is a record whose inputs are all missing.
impl<'de> DeserializeSeed<'de> for RecordSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let around = std::mem::replace(&mut self.reader.at, self.node);
        let Self { reader, node } = self;
        json.deserialize_option(RecordSeed {
            reader: &mut *reader,
            node,
        })?;
        reader.at = around;
        Ok(())
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<(), E> {
        let Reader {
            names,
            program,
            frame,
            ..
        } = &mut *self.reader;
        let set = names.set_missing(program, frame, self.node);
        set.map_err(|error| self.reader.refuse(error.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let Self { reader, node } = self;
        while let Some(found) = fields.next_key_seed(KeySeed {
            reader: &mut *reader,
            below: node,
        })? {
            let Some(found) = found else {
                fields.next_value::<IgnoredAny>()?;
                continue;
            };
            match reader.names.node(found).input {
                None => fields.next_value_seed(RecordSeed {
                    reader: &mut *reader,
                    node: found,
                })?,
                Some(id) => {
                    let value: &RawValue = fields.next_value()?;
                    reader
                        .leaf(found, id, value)
                        .map_err(|error| reader.refuse(error))?;
                }
            }
        }
        Ok(())
    }
}

/// Reads a key: the node, or `None` for one to pass over
struct KeySeed<'r, 'a> {
    reader: &'r mut Reader<'a>,
    below: NodeId,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Option<NodeId>;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_, '_> {
    type Value = Option<NodeId>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Self::Value, E> {
        let Self { reader, below } = self;
        match (reader.names.find(below, key), reader.unknown) {
            (Some(node), _) => Ok(Some(node)),
            (None, UnknownFields::Ignore) => Ok(None),
            (None, UnknownFields::Refuse) => {
                let unknown = reader.names.unknown(below, key);
                Err(reader.refuse(unknown))
            }
        }
    }
}

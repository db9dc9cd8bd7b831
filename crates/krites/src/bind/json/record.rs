//! The fields of an object.

use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::names::{Holds, NodeId};
use super::Reader;
use super::key::{KeySeed, Seen};
use super::list::ArraySeed;

/// Reads the fields of an object
pub(super) struct RecordSeed<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) node: NodeId,
}

/// `null` is a record whose inputs are all missing.
impl<'de> DeserializeSeed<'de> for RecordSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let around = std::mem::replace(&mut self.reader.at, self.node);
        let Self { reader, node } = self;
        json.deserialize_any(RecordSeed {
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

    other_values!();

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        match self.node {
            NodeId::ROOT => Err(self.reader.wrong(self.node, "null")),
            node => self.reader.missing(node),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(self.reader.wrong(self.node, "a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<(), A::Error> {
        let Self { reader, node } = self;
        read_fields(reader, node, fields)
    }
}

/// Reads the fields of an object below a node.
pub(super) fn read_fields<'de, A: MapAccess<'de>>(
    reader: &mut Reader<'_>,
    node: NodeId,
    mut fields: A,
) -> Result<(), A::Error> {
    let mut seen = Seen::default();
    while let Some(found) = fields.next_key_seed(KeySeed {
        reader: &mut *reader,
        below: node,
        seen: &mut seen,
    })? {
        let Some(found) = found else {
            let value: &RawValue = fields.next_value()?;
            reader
                .pass_over(&seen, node, value)
                .map_err(|error| reader.refuse(error))?;
            continue;
        };
        match reader.names.node(found).holds {
            Holds::Record => fields.next_value_seed(RecordSeed {
                reader: &mut *reader,
                node: found,
            })?,
            Holds::Series(_) | Holds::List(..) => fields.next_value_seed(ArraySeed {
                reader: &mut *reader,
                node: found,
            })?,
            Holds::Input(id) => {
                let value: &RawValue = fields.next_value()?;
                reader
                    .leaf(found, id, value)
                    .map_err(|error| reader.refuse(error))?;
            }
        }
    }
    Ok(())
}

//! The elements of a series.

use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::names::{Holds, NodeId};
use super::Reader;

/// Reads the elements of a series
pub(super) struct SeriesSeed<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) node: NodeId,
}

/// `null` is a series whose elements are all missing.
impl<'de> DeserializeSeed<'de> for SeriesSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let around = std::mem::replace(&mut self.reader.at, self.node);
        let Self { reader, node } = self;
        json.deserialize_any(SeriesSeed {
            reader: &mut *reader,
            node,
        })?;
        reader.at = around;
        Ok(())
    }
}

impl<'de> Visitor<'de> for SeriesSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    other_values!();

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.reader.missing(self.node)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(self.reader.wrong(self.node, "an object"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Self { reader, node } = self;
        let names = reader.names;
        let places = names.elements(node);
        for (position, place) in places.iter().enumerate() {
            let Some(value) = elements.next_element::<&RawValue>()? else {
                return Err(reader.refuse(names.length(node, places.len(), position)));
            };
            if let Holds::Input(id) = names.node(*place).holds {
                reader
                    .leaf(*place, id, value)
                    .map_err(|error| reader.refuse(error))?;
            }
        }
        let mut got = places.len();
        while elements.next_element::<IgnoredAny>()?.is_some() {
            got += 1;
        }
        match got == places.len() {
            true => Ok(()),
            false => Err(reader.refuse(names.length(node, places.len(), got))),
        }
    }
}

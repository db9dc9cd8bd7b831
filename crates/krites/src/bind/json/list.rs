//! The elements of lists and series.

use std::fmt;

use krites_lang::{Frame, InputError, ListId, Program};
use serde::de::{Deserialize as _, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::UnknownFields;
use super::super::error::BindError;
use super::super::names::{Holds, Names, NodeId};
use super::Reader;
use super::record::read_fields;

/// Binds a list from the JSON text of its elements, such as a column of CSV has.
///
/// # Errors
///
/// [`BindError`] for the first thing that is refused.
pub(crate) fn bind_list_text(
    names: &Names,
    program: &Program,
    frame: &mut Frame,
    node: NodeId,
    text: &str,
    unknown: UnknownFields,
) -> Result<(), BindError> {
    let mut reader = Reader::new(names, program, frame, text, unknown);
    let mut json = serde_json::Deserializer::from_str(text);
    let all = ArraySeed {
        reader: &mut reader,
        node,
    };
    let read = all.deserialize(&mut json).and_then(|()| json.end());
    read.map_err(|error| {
        let error = reader.error(&error);
        error.at_column(&names.node(node).dotted)
    })
}

/// Reads the elements of a list or of a series
pub(super) struct ArraySeed<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) node: NodeId,
}

impl Reader<'_> {
    /// Does what a list's elements ask for.
    fn list_step<E: serde::de::Error>(
        &mut self,
        step: impl FnOnce(&Program, &mut Frame) -> Result<(), InputError>,
    ) -> Result<(), E> {
        step(self.program, self.frame).map_err(|error| self.refuse(error.into()))
    }
}

/// `null` is a list that is not given, and a series whose elements are all missing.
impl<'de> DeserializeSeed<'de> for ArraySeed<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let around = std::mem::replace(&mut self.reader.at, self.node);
        let Self { reader, node } = self;
        json.deserialize_any(ArraySeed {
            reader: &mut *reader,
            node,
        })?;
        reader.at = around;
        Ok(())
    }
}

impl<'de> Visitor<'de> for ArraySeed<'_, '_> {
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

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<(), A::Error> {
        match self.reader.names.node(self.node).holds {
            Holds::List(list, _) => self.list(list, elements),
            Holds::Series(_) => self.series(elements),
            _ => Err(self.reader.wrong(self.node, "a list")),
        }
    }
}

impl ArraySeed<'_, '_> {
    /// As many elements as there are.
    fn list<'de, A: SeqAccess<'de>>(self, list: ListId, mut elements: A) -> Result<(), A::Error> {
        let Self { reader, node } = self;
        reader.list_step(|program, frame| program.begin_list(frame, list))?;
        while elements
            .next_element_seed(ElementSeed {
                reader: &mut *reader,
                node,
            })?
            .is_some()
        {}
        reader.list_step(|program, frame| program.end_list(frame))
    }

    /// One element for each input of the series.
    fn series<'de, A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
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

/// Reads one element
struct ElementSeed<'r, 'a> {
    reader: &'r mut Reader<'a>,
    node: NodeId,
}

impl ElementSeed<'_, '_> {
    #[cold]
    fn wrong<E: serde::de::Error>(self, got: &'static str) -> E {
        let Self { reader, node } = self;
        let error = reader.names.element_shape(reader.program, node, got);
        reader.refuse(error)
    }
}

impl<'de> DeserializeSeed<'de> for ElementSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let Self { reader, node } = self;
        reader.list_step(|program, frame| program.begin_element(frame))?;
        match reader.names.node(node).holds {
            Holds::List(_, Some(id)) => {
                let value = <&RawValue>::deserialize(json)?;
                reader
                    .leaf(node, id, value)
                    .map_err(|error| reader.refuse(error))?;
            }
            _ => json.deserialize_any(ElementSeed {
                reader: &mut *reader,
                node,
            })?,
        }
        reader.list_step(|program, frame| program.end_element(frame))
    }
}

impl<'de> Visitor<'de> for ElementSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        Err(self.wrong("a boolean"))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        Err(self.wrong("a number"))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        Err(self.wrong("a number"))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        Err(self.wrong("a number"))
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        Err(self.wrong("text"))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Err(self.wrong("null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(self.wrong("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<(), A::Error> {
        read_fields(self.reader, self.node, fields)
    }
}

//! The names of an object's fields.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Visitor};

use super::super::UnknownFields;
use super::super::error::BindError;
use super::super::names::NodeId;
use super::Reader;

/// The names of one object that no input would find to be given twice
#[derive(Default)]
pub(super) struct Seen {
    /// Records and series, in order
    nodes: Vec<NodeId>,
    /// Names that are no inputs
    unknown: HashSet<String>,
    /// The last one of these
    pub(super) last: String,
}

/// Reads a key: the node, or `None` for one to pass over
pub(super) struct KeySeed<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) below: NodeId,
    pub(super) seen: &'r mut Seen,
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
        let Self {
            reader,
            below,
            seen,
        } = self;
        let Some(node) = reader.names.find(below, key) else {
            return match reader.note(below, key, seen) {
                Ok(()) => Ok(None),
                Err(error) => Err(reader.refuse(error)),
            };
        };
        // An input that is given twice is found where it is set.
        if reader.names.node(node).input().is_none() {
            match seen.nodes.binary_search(&node) {
                Err(position) => seen.nodes.insert(position, node),
                Ok(_) => {
                    let twice = reader.names.twice(below, key);
                    return Err(reader.refuse(twice));
                }
            }
        }
        Ok(Some(node))
    }
}

impl Reader<'_> {
    /// Notes a field that is no input, or refuses it.
    fn note(&mut self, below: NodeId, key: &str, seen: &mut Seen) -> Result<(), BindError> {
        if self.unknown == UnknownFields::Refuse {
            return Err(self.names.unknown(below, key));
        }
        if !seen.unknown.insert(key.to_owned()) {
            return Err(self.names.twice(below, key));
        }
        key.clone_into(&mut seen.last);
        if let Some(met) = &mut self.met {
            met.push((below, self.names.below(below, key)));
        }
        Ok(())
    }
}

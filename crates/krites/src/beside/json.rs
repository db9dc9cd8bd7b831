//! Objects of JSON with their fields in order, each as it is written, so that places,
//! digits and fields that come twice are not lost.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of an object
#[derive(Debug)]
pub(crate) struct Object<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object in braces")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// What the parser said, without the place, which is told by itself.
pub(crate) fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// The line that a value stands on within the text that it was read from.
pub(crate) fn line_of(text: &str, value: &RawValue) -> u64 {
    let start = value.get().as_ptr().addr();
    let before = start.saturating_sub(text.as_ptr().addr());
    let before = text.as_bytes().get(..before).unwrap_or(&[]);
    before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1
}

//! Outputs by name, dotted ones as records.

use krites_lang::ir::{self, Value};
use krites_lang::{Frame, Id as _, OutputId, Program, Ty};
use serde::Deserializer;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::OutputsError;
use super::value::Output;

/// All outputs whose names begin with a prefix
#[derive(Clone, Copy)]
pub(super) struct Outputs<'a> {
    pub(super) program: &'a Program,
    pub(super) frame: &'a Frame,
    /// Dotted name of the record; empty for all outputs
    pub(super) prefix: &'a str,
}

impl<'a> Outputs<'a> {
    /// Returns an output's name within this record.
    fn within(&self, name: &'a str) -> Option<&'a str> {
        match self.prefix {
            "" => Some(name),
            prefix => name.strip_prefix(prefix)?.strip_prefix('.'),
        }
    }

    fn read(self, fields: Option<&'static [&'static str]>) -> Fields<'a> {
        Fields {
            record: self,
            fields,
            position: 0,
            next: None,
        }
    }

    /// Tells whether all outputs of the record are missing.
    fn is_missing(&self) -> bool {
        let mut outputs = self.program.policy().outputs.iter_ids();
        outputs.all(|(id, output)| {
            self.within(&output.name).is_none() || self.program.output(self.frame, id).is_none()
        })
    }

    fn found<T>(&self, read: Result<T, OutputsError>) -> Result<T, OutputsError> {
        read.map_err(|error| match self.prefix {
            "" => error.inside(self.program, ""),
            prefix => error
                .inside(self.program, prefix)
                .at(self.program, prefix, "a record"),
        })
    }
}

impl<'a> Deserializer<'a> for Outputs<'a> {
    type Error = OutputsError;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        self.found(visitor.visit_map(self.read(None)))
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, OutputsError> {
        self.found(visitor.visit_map(self.read(Some(fields))))
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        match !self.prefix.is_empty() && self.is_missing() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, OutputsError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <W: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Walks the fields of a record
struct Fields<'a> {
    record: Outputs<'a>,
    /// What a struct asks for; `None` for a map
    fields: Option<&'static [&'static str]>,
    /// How many outputs were passed; the outcome comes after the last
    position: usize,
    next: Option<Field<'a>>,
}

enum Field<'a> {
    Value(Output<'a>),
    Record(Outputs<'a>),
}

impl<'a> Fields<'a> {
    /// Tells whether an output is a field here, and not of a record within.
    fn is_field(&self, within: &str) -> bool {
        !within.contains('.') || self.fields.is_some_and(|fields| fields.contains(&within))
    }

    fn advance(&mut self) -> Option<(&'a str, Field<'a>)> {
        let Outputs { program, frame, .. } = self.record;
        let policy = program.policy();
        while let Some(output) = policy.outputs.iter().nth(self.position) {
            let id = OutputId::new(self.position);
            self.position += 1;
            let Some(within) = self.record.within(&output.name) else {
                continue;
            };
            if self.is_field(within) {
                let value = program.output(frame, id);
                if value.is_none() && self.fields.is_none() {
                    continue;
                }
                let (name, ty) = (&*output.name, output.ty.ty);
                return Some((
                    within,
                    Field::Value(Output {
                        program,
                        name,
                        ty,
                        value,
                    }),
                ));
            }
            if let Some((head, record)) = self.new_record(output, within) {
                return Some((head, Field::Record(record)));
            }
        }
        (self.position == policy.outputs.len()).then(|| self.outcome())?
    }

    /// The record that an output belongs to, where it is the first one of it.
    fn new_record(
        &self,
        output: &'a ir::Output,
        within: &'a str,
    ) -> Option<(&'a str, Outputs<'a>)> {
        let (head, rest) = within.split_once('.')?;
        let prefix = output.name.get(..output.name.len() - rest.len() - 1)?;
        let record = Outputs {
            prefix,
            ..self.record
        };
        let mut before = self
            .record
            .program
            .policy()
            .outputs
            .iter()
            .take(self.position - 1);
        let seen = before.any(|other| {
            let field = self
                .record
                .within(&other.name)
                .is_none_or(|within| self.is_field(within));
            !field && record.within(&other.name).is_some()
        });
        let absent = seen || (self.fields.is_none() && record.is_missing());
        (!absent).then_some((head, record))
    }

    fn outcome(&mut self) -> Option<(&'a str, Field<'a>)> {
        self.position += 1;
        let Outputs {
            program,
            frame,
            prefix,
        } = self.record;
        let decide = &program.policy().decide;
        let name = &*decide.name;
        let asked = self.fields.is_none_or(|fields| fields.contains(&name));
        if !prefix.is_empty() || !asked {
            return None;
        }
        let (ty, value) = (Ty::Enum(decide.ty), program.value(frame, Value::Outcome));
        Some((
            name,
            Field::Value(Output {
                program,
                name,
                ty,
                value,
            }),
        ))
    }
}

impl<'a> MapAccess<'a> for Fields<'a> {
    type Error = OutputsError;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, OutputsError> {
        let Some((name, field)) = self.advance() else {
            return Ok(None);
        };
        self.next = Some(field);
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, OutputsError> {
        match self.next.take() {
            Some(Field::Value(output)) => {
                let Output { program, name, .. } = output;
                seed.deserialize(output)
                    .map_err(|error| error.at(program, name, &output.words()))
            }
            Some(Field::Record(record)) => seed.deserialize(record),
            None => Err(serde::de::Error::custom(
                "a value was asked for before its name",
            )),
        }
    }
}

//! One output as the type of the caller wants it.

use krites_lang::{OutputValue, Program, Ty};
use serde::Deserializer;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::OutputsError;
use crate::bind::StackText;

/// One output, or the outcome
#[derive(Clone, Copy, Debug)]
pub(super) struct Output<'a> {
    pub(super) program: &'a Program,
    /// Dotted name
    pub(super) name: &'a str,
    pub(super) ty: Ty,
    /// `None` where it is missing
    pub(super) value: Option<OutputValue<'a>>,
}

impl<'a> Output<'a> {
    /// What the policy gives, in words.
    pub(super) fn words(&self) -> String {
        match self.value {
            Some(OutputValue::List(_)) => "a list".to_owned(),
            _ => words(self.program, self.ty),
        }
    }

    fn there(&self) -> Result<OutputValue<'a>, OutputsError> {
        self.value.ok_or_else(|| OutputsError::missing(self.name))
    }

    fn whole<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        match self.there()? {
            OutputValue::Integer(value) => visitor.visit_i64(value),
            OutputValue::Exact(value) if value.places() == 0 => {
                let whole = value
                    .round(0, krites_lang::ast::Rounding::Down)
                    .to_decimal();
                let whole = whole.normalize().mantissa();
                match (i64::try_from(whole), u64::try_from(whole)) {
                    (Ok(whole), _) => visitor.visit_i64(whole),
                    (_, Ok(whole)) => visitor.visit_u64(whole),
                    _ => visitor.visit_i128(whole),
                }
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn text<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        match self.there()? {
            OutputValue::Integer(value) => shortest(&value, visitor),
            _ => self.deserialize_any(visitor),
        }
    }
}

/// Values of a type, in words
pub(super) fn words(program: &Program, ty: Ty) -> String {
    match ty {
        Ty::Integer => "a whole number".to_owned(),
        Ty::Decimal => "a number".to_owned(),
        Ty::Percent => "a fraction".to_owned(),
        Ty::Money(currency) => format!("an amount in {}", currency.code()),
        Ty::Boolean => "a boolean".to_owned(),
        Ty::Text => "a text".to_owned(),
        Ty::Date => "a date".to_owned(),
        Ty::MoneyOf(_) => "an amount in the currency of the case".to_owned(),
        Ty::DateTime => "a datetime".to_owned(),
        Ty::Duration => "a duration".to_owned(),
        Ty::Float => "a number".to_owned(),
        Ty::Enum(id) => match program.policy().enums.iter_ids().find(|(at, _)| *at == id) {
            Some((_, found)) => format!("a label of `{}`", found.name),
            None => "a label".to_owned(),
        },
    }
}

fn shortest<'a, V: Visitor<'a>>(
    value: &impl std::fmt::Display,
    visitor: V,
) -> Result<V::Value, OutputsError> {
    match StackText::of(value) {
        Some(text) => visitor.visit_str(text.as_str()),
        None => visitor.visit_string(value.to_string()),
    }
}

/// The elements of a list, each read as an output is
struct Elements<'a, I> {
    values: I,
    of: Output<'a>,
}

impl<'a, I> SeqAccess<'a> for Elements<'a, I>
where
    I: Iterator<Item = Option<OutputValue<'a>>>,
{
    type Error = OutputsError;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, OutputsError> {
        let Some(value) = self.values.next() else {
            return Ok(None);
        };
        seed.deserialize(Output { value, ..self.of }).map(Some)
    }
}

macro_rules! forward {
    ($to:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
            self.$to(visitor)
        }
    )*};
}

impl<'a> Deserializer<'a> for Output<'a> {
    type Error = OutputsError;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        match self.there()? {
            OutputValue::Integer(value) => visitor.visit_i64(value),
            OutputValue::Exact(value) => shortest(&value, visitor),
            OutputValue::Float(value) => visitor.visit_f64(value),
            OutputValue::Boolean(value) => visitor.visit_bool(value),
            OutputValue::Text(value) => visitor.visit_borrowed_str(value),
            OutputValue::Date(value) => shortest(&value, visitor),
            OutputValue::DateTime(value) => shortest(&value, visitor),
            OutputValue::Duration(value) => shortest(&value, visitor),
            OutputValue::Label { wire, .. } => visitor.visit_borrowed_str(wire),
            OutputValue::List(values) => visitor.visit_seq(Elements {
                values: values.iter(),
                of: self,
            }),
        }
    }

    forward! {
        whole: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    forward! { text: deserialize_str deserialize_string }

    fn deserialize_f64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        match self.there()? {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest float is what is asked for"
            )]
            OutputValue::Integer(value) => visitor.visit_f64(value as f64),
            OutputValue::Exact(value) => visitor.visit_f64(value.to_f64()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        match self.there()? {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest float is what is asked for"
            )]
            OutputValue::Integer(value) => visitor.visit_f32(value as f32),
            // Not by way of `f64`, which would round twice.
            OutputValue::Exact(value) => visitor.visit_f32(value.to_f32()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        match self.value {
            None => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, OutputsError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, OutputsError> {
        match self.there()? {
            OutputValue::Label { wire: text, .. } | OutputValue::Text(text) => {
                let text: BorrowedStrDeserializer<'a, OutputsError> =
                    BorrowedStrDeserializer::new(text);
                text.deserialize_enum(name, variants, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, OutputsError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <W: Visitor<'a>>
        bool char bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

//! Keys of maps: texts.

use serde::ser::{Impossible, Serialize, Serializer};

use super::error::{BindError, BindProblem};
use super::stack_text::StackText;

/// Hands a map's key on to `take`
pub(super) struct KeySerializer<F> {
    pub(super) take: F,
}

fn no_key<T>(got: &'static str) -> Result<T, BindError> {
    let expected = "field names that are text".to_owned();
    Err(BindError::new(BindProblem::Shape {
        field: None,
        expected,
        got,
    }))
}

macro_rules! refused {
    ($($method:ident($ty:ty) = $got:literal;)*) => {$(
        fn $method(self, _: $ty) -> Result<R, BindError> {
            no_key($got)
        }
    )*};
}

impl<R, F: FnOnce(&str) -> Result<R, BindError>> Serializer for KeySerializer<F> {
    type Ok = R;
    type Error = BindError;
    type SerializeSeq = Impossible<R, BindError>;
    type SerializeTuple = Impossible<R, BindError>;
    type SerializeTupleStruct = Impossible<R, BindError>;
    type SerializeTupleVariant = Impossible<R, BindError>;
    type SerializeMap = Impossible<R, BindError>;
    type SerializeStruct = Impossible<R, BindError>;
    type SerializeStructVariant = Impossible<R, BindError>;

    #[inline]
    fn serialize_str(self, key: &str) -> Result<R, BindError> {
        (self.take)(key)
    }

    fn serialize_char(self, key: char) -> Result<R, BindError> {
        (self.take)(key.encode_utf8(&mut [0; 4]))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        key: &'static str,
    ) -> Result<R, BindError> {
        (self.take)(key)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        key: &T,
    ) -> Result<R, BindError> {
        key.serialize(self)
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, key: &T) -> Result<R, BindError> {
        match StackText::of(key) {
            Some(text) => (self.take)(text.as_str()),
            None => (self.take)(&key.to_string()),
        }
    }

    refused! {
        serialize_bool(bool) = "a boolean";
        serialize_i8(i8) = "a number";
        serialize_i16(i16) = "a number";
        serialize_i32(i32) = "a number";
        serialize_i64(i64) = "a number";
        serialize_i128(i128) = "a number";
        serialize_u8(u8) = "a number";
        serialize_u16(u16) = "a number";
        serialize_u32(u32) = "a number";
        serialize_u64(u64) = "a number";
        serialize_u128(u128) = "a number";
        serialize_f32(f32) = "a number";
        serialize_f64(f64) = "a number";
        serialize_bytes(&[u8]) = "bytes";
        serialize_unit_struct(&'static str) = "nothing";
    }

    fn serialize_unit(self) -> Result<R, BindError> {
        no_key("nothing")
    }

    fn serialize_none(self) -> Result<R, BindError> {
        no_key("nothing")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, key: &T) -> Result<R, BindError> {
        key.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<R, BindError> {
        no_key("a variant with data")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, BindError> {
        no_key("a list")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, BindError> {
        no_key("a list")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, BindError> {
        no_key("a list")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, BindError> {
        no_key("a variant with data")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, BindError> {
        no_key("a record")
    }

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStruct, BindError> {
        no_key("a record")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, BindError> {
        no_key("a variant with data")
    }
}

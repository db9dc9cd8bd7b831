//! One value: what a host's type says it is, held against what the node holds.

use krites_lang::{Exact, Frame, InputId, InputProblem, Program, Ty};
use serde::ser::{Impossible, Serialize, Serializer};

use super::super::error::BindError;
use super::super::names::{Holds, NodeId};
use super::super::stack_text::StackText;
use super::Binder;
use super::list::Elements;
use super::record::{self, Record};

/// Binds one value to a node
pub(super) struct ValueSerializer<'b, 'a> {
    pub(super) binder: &'b mut Binder<'a>,
    pub(super) node: NodeId,
    /// Whether it is an element of the list that the node is
    pub(super) of_list: bool,
}

impl<'b, 'a> ValueSerializer<'b, 'a> {
    /// The input that a plain value is for.
    #[inline]
    fn input(&self, got: &'static str) -> Result<InputId, BindError> {
        match self.binder.names.node(self.node).holds {
            Holds::Input(id) => Ok(id),
            Holds::List(_, Some(id)) if self.of_list => Ok(id),
            Holds::Record | Holds::Series(_) | Holds::List(..) => Err(self.shape(got)),
        }
    }

    fn shape(&self, got: &'static str) -> BindError {
        let Binder { names, program, .. } = &*self.binder;
        match self.of_list {
            true => names.element_shape(program, self.node, got),
            false => names.shape(program, self.node, got),
        }
    }

    fn missing(self) -> Result<(), BindError> {
        // Facts of `()` give nothing; what is required is missed at the end.
        if self.node == NodeId::ROOT {
            return Ok(());
        }
        if self.of_list {
            let id = self.input("nothing")?;
            return Ok(self.binder.program.set_missing(self.binder.frame, id)?);
        }
        let Binder {
            names,
            program,
            frame,
            ..
        } = self.binder;
        Ok(names.set_missing(program, frame, self.node)?)
    }

    fn wide(self, whole: Result<i128, std::num::TryFromIntError>) -> Result<(), BindError> {
        let id = self.input("a number")?;
        set_wide(self.binder.program, self.binder.frame, id, whole.ok())
    }

    fn record(self) -> Result<Record<'b, 'a>, BindError> {
        match self.binder.names.node(self.node).holds {
            Holds::Record => Ok(Record::new(self.binder, self.node)),
            Holds::List(_, None) if self.of_list => Ok(Record::new(self.binder, self.node)),
            Holds::Input(_) | Holds::Series(_) | Holds::List(..) => Err(self.shape("a record")),
        }
    }

    fn elements(self) -> Result<Elements<'b, 'a>, BindError> {
        match self.binder.names.node(self.node).holds {
            Holds::Series(_) => Ok(Elements::of_series(self.binder, self.node)),
            Holds::List(list, _) if !self.of_list => {
                Elements::of_list(self.binder, self.node, list)
            }
            Holds::Record | Holds::Input(_) | Holds::List(..) => Err(self.shape("a list")),
        }
    }
}

/// Sets an input to a whole number of more than 64 bits; `None` is one of more than 128.
pub(in crate::bind) fn set_wide(
    program: &Program,
    frame: &mut Frame,
    id: InputId,
    whole: Option<i128>,
) -> Result<(), BindError> {
    let exact = whole.and_then(|whole| Exact::new(whole, 0).ok());
    let integer = program.declared(id).ty.ty == Ty::Integer;
    match exact {
        Some(value) if !integer || value.to_integer().is_some() => {
            Ok(program.set_exact(frame, id, value)?)
        }
        _ => Err(program.refuse(id, InputProblem::NumberTooLarge).into()),
    }
}

macro_rules! whole_numbers {
    ($($method:ident($ty:ty);)*) => {$(
        #[inline]
        fn $method(self, value: $ty) -> Result<(), BindError> {
            self.serialize_i64(i64::from(value))
        }
    )*};
}

impl<'b, 'a> Serializer for ValueSerializer<'b, 'a> {
    type Ok = ();
    type Error = BindError;
    type SerializeSeq = Elements<'b, 'a>;
    type SerializeTuple = Elements<'b, 'a>;
    type SerializeTupleStruct = Elements<'b, 'a>;
    type SerializeTupleVariant = Impossible<(), BindError>;
    type SerializeMap = Record<'b, 'a>;
    type SerializeStruct = Record<'b, 'a>;
    type SerializeStructVariant = Impossible<(), BindError>;

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), BindError> {
        let id = self.input("a boolean")?;
        Ok(self
            .binder
            .program
            .set_boolean(self.binder.frame, id, value)?)
    }

    whole_numbers! {
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
    }

    #[inline]
    fn serialize_i64(self, value: i64) -> Result<(), BindError> {
        let id = self.input("a number")?;
        Ok(self
            .binder
            .program
            .set_integer(self.binder.frame, id, value)?)
    }

    #[inline]
    fn serialize_u64(self, value: u64) -> Result<(), BindError> {
        match i64::try_from(value) {
            Ok(value) => self.serialize_i64(value),
            Err(_) => self.wide(Ok(i128::from(value))),
        }
    }

    fn serialize_i128(self, value: i128) -> Result<(), BindError> {
        self.wide(Ok(value))
    }

    fn serialize_u128(self, value: u128) -> Result<(), BindError> {
        self.wide(i128::try_from(value))
    }

    fn serialize_f32(self, value: f32) -> Result<(), BindError> {
        let id = self.input("a number")?;
        let Binder { program, frame, .. } = self.binder;
        Ok(program.set_float_32(frame, id, value)?)
    }

    fn serialize_f64(self, value: f64) -> Result<(), BindError> {
        let id = self.input("a number")?;
        let Binder { program, frame, .. } = self.binder;
        Ok(program.set_float(frame, id, value)?)
    }

    fn serialize_char(self, value: char) -> Result<(), BindError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), BindError> {
        let id = self.input("text")?;
        Ok(self.binder.program.set_text(self.binder.frame, id, value)?)
    }

    /// Dates and numbers of other crates come this way.
    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result<(), BindError> {
        match StackText::of(value) {
            Some(text) => self.serialize_str(text.as_str()),
            None => self.serialize_str(&value.to_string()),
        }
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), BindError> {
        Err(self.shape("bytes"))
    }

    #[inline]
    fn serialize_none(self) -> Result<(), BindError> {
        self.missing()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), BindError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), BindError> {
        self.missing()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), BindError> {
        self.missing()
    }

    #[inline]
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), BindError> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), BindError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), BindError> {
        Err(self.shape("a variant with data"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements<'b, 'a>, BindError> {
        self.elements()
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements<'b, 'a>, BindError> {
        self.elements()
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Elements<'b, 'a>, BindError> {
        self.elements()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, BindError> {
        Err(self.shape("a variant with data"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Record<'b, 'a>, BindError> {
        self.record()
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Record<'b, 'a>, BindError> {
        if name == record::NUMBER_TOKEN {
            let id = self.input("a number")?;
            return Ok(Record::number(self.binder, self.node, id));
        }
        self.record()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, BindError> {
        Err(self.shape("a variant with data"))
    }
}

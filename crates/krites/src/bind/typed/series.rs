//! The elements of a list or tuple.

use serde::ser::{Serialize, SerializeSeq, SerializeTuple, SerializeTupleStruct};

use super::super::error::BindError;
use super::super::learned::Target;
use super::super::names::NodeId;
use super::Binder;

/// Binds the elements of a list to those of a series
pub(super) struct Series<'b, 'a> {
    binder: &'b mut Binder<'a>,
    node: NodeId,
    /// How many elements came
    got: usize,
}

impl<'b, 'a> Series<'b, 'a> {
    pub(super) fn new(binder: &'b mut Binder<'a>, node: NodeId) -> Self {
        Self {
            binder,
            node,
            got: 0,
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), BindError> {
        let place = self.binder.names.elements(self.node).get(self.got);
        self.got += 1;
        // How many are too many is told at the end.
        place.map_or(Ok(()), |place| {
            self.binder.value(Target::Node(*place), value)
        })
    }

    fn finish(self) -> Result<(), BindError> {
        let names = self.binder.names;
        let expected = names.elements(self.node).len();
        match self.got == expected {
            true => Ok(()),
            false => Err(names.length(self.node, expected, self.got)),
        }
    }
}

macro_rules! elements {
    ($($kind:ident::$method:ident;)*) => {$(
        impl $kind for Series<'_, '_> {
            type Ok = ();
            type Error = BindError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), BindError> {
                self.element(value)
            }

            fn end(self) -> Result<(), BindError> {
                self.finish()
            }
        }
    )*};
}
elements! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
}

//! The elements of a list or tuple: those of a series, or of a list of the case.

use serde::ser::{Serialize, SerializeSeq, SerializeTuple, SerializeTupleStruct};

use krites_lang::ListId;

use super::super::error::BindError;
use super::super::learned::Target;
use super::super::names::NodeId;
use super::{Binder, ValueSerializer};

/// Binds the elements of a list or tuple
pub(super) struct Elements<'b, 'a> {
    binder: &'b mut Binder<'a>,
    node: NodeId,
    /// How many elements came
    got: usize,
    kind: Kind,
}

/// What the elements go into
enum Kind {
    /// The elements of a series
    Series,
    /// A list: all its elements are recalled from the same position on
    List { from: usize },
}

impl<'b, 'a> Elements<'b, 'a> {
    pub(super) fn of_series(binder: &'b mut Binder<'a>, node: NodeId) -> Self {
        Self {
            binder,
            node,
            got: 0,
            kind: Kind::Series,
        }
    }

    pub(super) fn of_list(
        binder: &'b mut Binder<'a>,
        node: NodeId,
        list: ListId,
    ) -> Result<Self, BindError> {
        binder.program.begin_list(binder.frame, list)?;
        Ok(Self {
            kind: Kind::List {
                from: binder.position,
            },
            binder,
            node,
            got: 0,
        })
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), BindError> {
        match self.kind {
            Kind::Series => self.of_the_series(value),
            Kind::List { from } => {
                let done = self.of_the_list(from, value);
                let binder = &*self.binder;
                done.map_err(|error| error.numbered(binder.program, binder.frame))
            }
        }
    }

    fn of_the_series<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), BindError> {
        let place = self.binder.names.elements(self.node).get(self.got);
        self.got += 1;
        // How many are too many is told at the end.
        place.map_or(Ok(()), |place| {
            self.binder.value(Target::Node(*place), value)
        })
    }

    fn of_the_list<T: Serialize + ?Sized>(
        &mut self,
        from: usize,
        value: &T,
    ) -> Result<(), BindError> {
        let binder = &mut *self.binder;
        binder.program.begin_element(binder.frame)?;
        binder.position = from;
        value.serialize(ValueSerializer {
            binder: &mut *binder,
            node: self.node,
            of_list: true,
        })?;
        Ok(binder.program.end_element(binder.frame)?)
    }

    fn finish(self) -> Result<(), BindError> {
        let binder = self.binder;
        let expected = match self.kind {
            Kind::List { .. } => return Ok(binder.program.end_list(binder.frame)?),
            Kind::Series => binder.names.elements(self.node).len(),
        };
        match self.got == expected {
            true => Ok(()),
            false => Err(binder.names.length(self.node, expected, self.got)),
        }
    }
}

macro_rules! elements {
    ($($kind:ident::$method:ident;)*) => {$(
        impl $kind for Elements<'_, '_> {
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

//! The fields of a struct or map.

use krites_lang::InputId;
use serde::ser::{Serialize, SerializeMap, SerializeStruct};

use super::super::error::BindError;
use super::super::key::KeySerializer;
use super::super::learned::Target;
use super::super::names::NodeId;
use super::Binder;

/// The struct, and its only field, that a number of serde_json serializes as
/// where somebody has switched on its `arbitrary_precision`
pub(super) const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// Binds the fields of a struct or map to the nodes below a record
pub(super) struct Record<'b, 'a> {
    binder: &'b mut Binder<'a>,
    node: NodeId,
    /// Where a map's next value goes
    pending: Target,
    /// The input, where this is a number in disguise
    number: Option<InputId>,
}

impl<'b, 'a> Record<'b, 'a> {
    #[inline]
    pub(super) fn new(binder: &'b mut Binder<'a>, node: NodeId) -> Self {
        Self {
            binder,
            node,
            pending: Target::Nowhere,
            number: None,
        }
    }

    pub(super) fn number(binder: &'b mut Binder<'a>, node: NodeId, id: InputId) -> Self {
        Self {
            binder,
            node,
            pending: Target::Nowhere,
            number: Some(id),
        }
    }

    #[cold]
    fn digits<T: Serialize + ?Sized>(&mut self, id: InputId, value: &T) -> Result<(), BindError> {
        let Binder { program, frame, .. } = &mut *self.binder;
        let take = |digits: &str| Ok(program.set_number_text(frame, id, digits)?);
        value.serialize(KeySerializer { take })
    }
}

impl SerializeStruct for Record<'_, '_> {
    type Ok = ();
    type Error = BindError;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), BindError> {
        if let Some(id) = self.number {
            return self.digits(id, value);
        }
        let target = self.binder.field(self.node, key)?;
        self.binder.value(target, value)
    }

    /// A skipped field keeps its position, so that those behind it are recalled.
    fn skip_field(&mut self, _: &'static str) -> Result<(), BindError> {
        self.binder.position += 1;
        Ok(())
    }

    #[inline]
    fn end(self) -> Result<(), BindError> {
        Ok(())
    }
}

impl SerializeMap for Record<'_, '_> {
    type Ok = ();
    type Error = BindError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), BindError> {
        let (binder, node) = (&mut *self.binder, self.node);
        let take = |key: &str| binder.field_text(node, key);
        self.pending = key.serialize(KeySerializer { take })?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), BindError> {
        self.binder.value(self.pending, value)
    }

    fn end(self) -> Result<(), BindError> {
        Ok(())
    }
}

//! Code that looks up rows of files.

use super::from_ir_expr::Compiler;
use super::{Kind, Slot, Whole, Words};
use crate::Span;
use crate::ids::LookupId;
use crate::ir::{Expr, LookupUse};

/// A value of a row
#[derive(Clone, Debug)]
pub(crate) struct LookupCode {
    pub(crate) lookup: LookupId,
    pub(crate) column: u32,
    pub(crate) key: KeyCode,
    /// Where the value goes, to be taken from there at once
    pub(crate) slot: Slot,
    /// Its kind
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// Whether a lookup has a row for a key
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) lookup: LookupId,
    pub(crate) key: KeyCode,
    pub(crate) span: Span,
}

/// A key
#[derive(Clone, Debug)]
pub(crate) enum KeyCode {
    Text(Words),
    /// A whole number, a day or a label
    Whole(Whole),
}

impl Compiler {
    pub(super) fn key(&self, key: &Expr) -> KeyCode {
        match Kind::of(key.ty) {
            Kind::Text => KeyCode::Text(self.words(key)),
            Kind::Whole | Kind::Exact => KeyCode::Whole(self.whole(key)),
        }
    }

    /// Code for a value of a row, what stands in for it aside.
    pub(super) fn looked_up(&self, looked_up: &LookupUse, expr: &Expr) -> LookupCode {
        let slots = &self.lookups[looked_up.lookup];
        // The checker found the column in the same list
        let slot = slots.get(looked_up.column as usize).copied();
        LookupCode {
            lookup: looked_up.lookup,
            column: looked_up.column,
            key: self.key(&looked_up.key),
            slot: slot.unwrap_or(Slot { id: 0, at: 0 }),
            kind: Kind::of(expr.ty),
            span: expr.span,
        }
    }
}

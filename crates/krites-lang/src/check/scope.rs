//! Names that are there in one part of the policy alone.

use std::collections::BTreeMap;

use super::Checker;
use super::names::Meaning;
use crate::Span;
use crate::ids::LocalId;
use crate::ir::{self, LocalTy, Value};
use crate::types::DeclaredTy;

/// Names of one part of the policy
pub(super) enum Scope {
    /// A function: its parameters and values; nothing around it is seen
    Function(BTreeMap<String, (LocalId, Span)>),
}

/// What a name stands for in the innermost parts
pub(super) enum Seen {
    /// This, here
    Here(Meaning, Span),
    /// Nothing, and what is around is not seen
    Nothing,
    /// Nothing here: look further out
    Outside,
}

impl Checker<'_> {
    /// Looks a name up, from the innermost part outward.
    pub(super) fn seen(&mut self, name: &str) -> Seen {
        if let Some(scope) = self.scopes.last() {
            match scope {
                Scope::Function(names) => {
                    return match names.get(name) {
                        Some((local, span)) => {
                            Seen::Here(Meaning::Value(Value::Local(*local)), *span)
                        }
                        None => Seen::Nothing,
                    };
                }
            }
        }
        Seen::Outside
    }

    /// Tells whether a name stands for something here.
    pub(super) fn is_named(&self, name: &str) -> bool {
        match self.scopes.last() {
            Some(Scope::Function(names)) => names.contains_key(name),
            None => self.names.get(name).is_some(),
        }
    }

    /// Makes a local.
    pub(super) fn add_local(&mut self, name: &str, ty: DeclaredTy) -> LocalId {
        self.locals.push(ir::Local {
            name: name.into(),
            ty: LocalTy::Value(ty),
        })
    }
}

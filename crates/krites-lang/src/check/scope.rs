//! Names that are there in one part of the policy alone.

use std::collections::BTreeMap;

use super::Checker;
use super::elements::Elements;
use super::names::Meaning;
use crate::Span;
use crate::ids::LocalId;
use crate::ir::{self, LocalTy, Value};
use crate::types::DeclaredTy;

/// Names of one part of the policy
pub(super) enum Scope {
    /// A function: its parameters and values; nothing around it is seen
    Function(BTreeMap<String, (LocalId, Span)>),
    /// An element of a list or series; what is around it is seen
    Elements(Elements),
    /// A row of a rank: what is known of it; what is around it is seen
    Row(BTreeMap<String, (LocalId, Span)>),
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
        for position in (0..self.scopes.len()).rev() {
            match self.scopes.get(position) {
                Some(Scope::Function(names)) => {
                    return match names.get(name) {
                        Some((local, span)) => {
                            Seen::Here(Meaning::Value(Value::Local(*local)), *span)
                        }
                        None => Seen::Nothing,
                    };
                }
                Some(Scope::Row(names)) => {
                    if let Some((local, span)) = names.get(name) {
                        return Seen::Here(Meaning::Value(Value::Local(*local)), *span);
                    }
                }
                Some(Scope::Elements(_)) => {
                    if let Some((meaning, span)) = self.of_element(position, name) {
                        return Seen::Here(meaning, span);
                    }
                }
                None => {}
            }
        }
        Seen::Outside
    }

    /// Finds what a name stands for here.
    pub(super) fn lookup(&mut self, name: &str) -> Option<(Meaning, Span)> {
        match self.seen(name) {
            Seen::Here(meaning, span) => Some((meaning, span)),
            Seen::Nothing => None,
            Seen::Outside => self.names.get(name),
        }
    }

    /// Tells whether a name stands for something here.
    pub(super) fn is_named(&self, name: &str) -> bool {
        for scope in self.scopes.iter().rev() {
            match scope {
                Scope::Function(names) => return names.contains_key(name),
                Scope::Elements(elements) if self.element_has(elements, name) => return true,
                Scope::Row(names) if names.contains_key(name) => return true,
                Scope::Elements(_) | Scope::Row(_) => {}
            }
        }
        self.names.get(name).is_some()
    }

    /// The names of the function at hand, all that it sees; none outside of one.
    pub(super) fn function_names(&self) -> Option<&BTreeMap<String, (LocalId, Span)>> {
        self.scopes.iter().rev().find_map(|scope| match scope {
            Scope::Function(names) => Some(names),
            Scope::Elements(_) | Scope::Row(_) => None,
        })
    }

    /// Tells whether a name belongs to an element at hand, not to the policy.
    pub(super) fn is_of_element(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| match scope {
            Scope::Elements(elements) => self.element_has(elements, name),
            Scope::Row(names) => names.contains_key(name),
            Scope::Function(_) => false,
        })
    }

    /// Makes a local.
    pub(super) fn add_local(&mut self, name: &str, ty: DeclaredTy) -> LocalId {
        self.locals.push(ir::Local {
            name: name.into(),
            ty: LocalTy::Value(ty),
        })
    }
}

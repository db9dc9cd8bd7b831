//! The types that a policy was given as facts: what the next release has to be ready for.

use std::any::TypeId;
use std::sync::Arc;

use arc_swap::ArcSwap;
use krites_lang::Program;

use super::super::names::Names;
use super::super::{BindError, UnknownFields};
use super::Facts;
use super::binding::MOST;
use super::plan::Binding;

/// A type, with what finds where its fields go
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownType {
    pub(super) ty: TypeId,
    pub(super) unknown: UnknownFields,
    pub(super) bind: fn(&Names, &Program, UnknownFields) -> Result<Binding, BindError>,
}

impl KnownType {
    pub(super) fn of<T: Facts>(unknown: UnknownFields) -> KnownType {
        KnownType {
            ty: TypeId::of::<T::Static>(),
            unknown,
            bind: Binding::of::<T>,
        }
    }

    fn is(&self, other: &KnownType) -> bool {
        self.ty == other.ty && self.unknown == other.unknown
    }
}

/// The types that a policy was given by whoever decides with it; clones share them.
/// Nobody waits for another one here.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownTypes(Arc<ArcSwap<Vec<KnownType>>>);

impl KnownTypes {
    /// Adds a type; of too many the oldest goes.
    pub(super) fn add(&self, known: KnownType) {
        self.0.rcu(|types| {
            if types.iter().any(|other| other.is(&known)) {
                return types.clone();
            }
            let surplus = (types.len() + 1).saturating_sub(MOST);
            let kept = types.iter().skip(surplus).copied();
            Arc::new(kept.chain([known]).collect())
        });
    }

    /// Adds the types of another policy.
    pub(crate) fn add_all(&self, others: &KnownTypes) {
        for known in others.0.load().iter() {
            self.add(*known);
        }
    }

    pub(super) fn all(&self) -> Arc<Vec<KnownType>> {
        self.0.load_full()
    }
}

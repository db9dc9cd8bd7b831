//! What earlier facts taught about where their fields go.

use super::UnknownFields;
use super::json::Order;
use super::names::{Names, NodeId, Outline};

/// Most fields that are remembered; further ones are searched for each time
const MOST: usize = 4096;

/// Where the fields of earlier facts went, by their position in the traversal
///
/// A struct's field is recognised by the address of its key. It is a hint that
/// makes binding faster and never different: facts of another shape are
/// searched for, and remembered instead. What was learned of one policy holds of every
/// other whose inputs have the same names: of the next release, as a rule.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    names: Outline,
    unknown: UnknownFields,
    fields: Vec<Field>,
    /// Of JSON
    pub(super) order: Order,
}

/// Where a field goes
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Node(NodeId),
    /// Nowhere, and that is no error
    Nowhere,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    /// A struct's key. INVARIANT: it is `'static`, so that no other text ever
    /// lies at its address. A map's key does not live that long: `None`.
    key: Option<&'static str>,
    below: NodeId,
    target: Target,
}

impl Learned {
    /// Forgets what was learned of other names or under other orders.
    pub(super) fn prepare(&mut self, names: &Names, unknown: UnknownFields) {
        if self.names != names.outline() || self.unknown != unknown {
            self.names = names.outline();
            self.unknown = unknown;
            self.fields.clear();
        }
    }

    /// Returns where a struct's field went, where it is known.
    #[inline]
    pub(super) fn recall(
        &self,
        position: usize,
        below: NodeId,
        key: &'static str,
    ) -> Option<Target> {
        let field = self.fields.get(position)?;
        let same = std::ptr::eq(field.key?, key) && field.below == below;
        same.then_some(field.target)
    }

    /// Returns where a map's field went, where it is known.
    pub(super) fn recall_text(
        &self,
        position: usize,
        below: NodeId,
        key: &str,
        names: &Names,
    ) -> Option<Target> {
        let field = self.fields.get(position)?;
        match field.target {
            Target::Node(node) if field.below == below => {
                // A child's own name, or a dotted name from the root on.
                let found = names.node(node);
                let same = *found.name == *key && found.parent == below
                    || below == NodeId::ROOT && *found.dotted == *key;
                same.then_some(field.target)
            }
            Target::Node(_) | Target::Nowhere => None,
        }
    }

    /// Remembers where a field went.
    pub(super) fn learn(
        &mut self,
        position: usize,
        below: NodeId,
        key: Option<&'static str>,
        target: Target,
    ) {
        if position >= MOST {
            return;
        }
        if position >= self.fields.len() {
            let filler = Field {
                key: None,
                below,
                target: Target::Nowhere,
            };
            self.fields.resize(position + 1, filler);
        }
        if let Some(field) = self.fields.get_mut(position) {
            *field = Field { key, below, target };
        }
    }
}

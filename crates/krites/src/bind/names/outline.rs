//! The outline of names: equal for policies whose inputs have the same names in the same
//! order, so that what was learned of the one holds of the other.

use krites_lang::Id as _;

use super::{Holds, Names};

/// The first half of a hash over all names: names that differ have another one
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::bind) struct Outline(u128);

impl Outline {
    /// Reads the outline of names that are complete.
    pub(super) fn of(names: &Names) -> Outline {
        let mut hasher = blake3::Hasher::new();
        let number = |hasher: &mut blake3::Hasher, number: usize| {
            hasher.update(&(number as u64).to_le_bytes());
        };
        for node in &names.nodes {
            // Lengths stand before names, so that no two trees write the same bytes.
            number(&mut hasher, node.parent.0 as usize);
            number(&mut hasher, node.dotted.len());
            hasher.update(node.dotted.as_bytes());
            number(&mut hasher, node.name.len());
            let (kind, at, plain) = match node.holds {
                Holds::Record => (0, 0, None),
                Holds::Input(id) => (1, id.position(), None),
                Holds::Series(position) => (2, position, None),
                Holds::List(id, plain) => (3, id.position(), plain),
            };
            hasher.update(&[kind, u8::from(plain.is_some())]);
            number(&mut hasher, at);
            number(&mut hasher, plain.map_or(0, |id| id.position()));
        }
        for series in &names.series {
            number(&mut hasher, series.len());
            for node in series {
                number(&mut hasher, node.0 as usize);
            }
        }
        let mut half = [0; 16];
        hasher.finalize_xof().fill(&mut half);
        Outline(u128::from_le_bytes(half))
    }
}

impl Names {
    pub(in crate::bind) fn outline(&self) -> Outline {
        self.outline
    }
}

//! The names of inputs as JSON has them, ready to be compared with its bytes.

use super::{Holds, Names, Node, NodeId};

/// Words of eight bytes that a name takes at most
const WORDS: usize = 4;

/// `"name":` of an input or a record, as it stands in JSON without spaces
#[derive(Clone, Copy, Debug)]
pub(in crate::bind) struct Key {
    words: [u64; WORDS],
    /// The bytes of the words that count
    mask: [u64; WORDS],
    /// How many bytes it takes; none where it has no room here
    len: u8,
    /// Of a record, series or list: its place among the others of its record, from 0
    pub(in crate::bind) place: u8,
    /// The record that it is a name in
    pub(in crate::bind) below: NodeId,
    pub(in crate::bind) node: NodeId,
    pub(in crate::bind) holds: Holds,
}

/// A place that none of the first 64 has
const NO_PLACE: u8 = u8::MAX;

impl Key {
    fn new(node: NodeId, found: &Node, below: NodeId, name: &str, place: u8) -> Key {
        let mut key = Key {
            words: [0; WORDS],
            mask: [0; WORDS],
            len: 0,
            place,
            below,
            node,
            holds: found.holds,
        };
        let text = format!("\"{name}\":");
        // A name with an escape is written otherwise, and so is compared elsewhere.
        let plain = name
            .bytes()
            .all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
        if text.len() > 8 * WORDS || !plain {
            return key;
        }
        let words = key.words.iter_mut().zip(&mut key.mask);
        for ((word, mask), bytes) in words.zip(text.as_bytes().chunks(8)) {
            for (at, byte) in bytes.iter().enumerate() {
                *word |= u64::from(*byte) << (8 * at);
                *mask |= 0xff << (8 * at);
            }
        }
        key.len = u8::try_from(text.len()).unwrap_or(0);
        key
    }

    /// Tells how many bytes it takes, where JSON goes on with it.
    #[inline]
    pub(in crate::bind) fn begins(&self, json: &[u8]) -> Option<usize> {
        let mut padded = [0; 8 * WORDS];
        let window = match json.first_chunk::<{ 8 * WORDS }>() {
            Some(window) => window,
            None => {
                let (bytes, _) = padded.split_at_mut(json.len());
                bytes.copy_from_slice(json);
                &padded
            }
        };
        let (words, _) = window.as_chunks::<8>();
        let pairs = words.iter().zip(self.words.iter().zip(&self.mask));
        let other = pairs.fold(0, |other, (word, (own, mask))| {
            other | (u64::from_le_bytes(*word) ^ own) & mask
        });
        (other == 0 && self.len > 0).then_some(usize::from(self.len))
    }
}

/// A key by its position among all keys of the names
pub(in crate::bind) type KeyIndex = u32;

impl Names {
    /// Makes the keys of all nodes, two of each: its name within its record, and its
    /// dotted name.
    pub(super) fn make_keys(&mut self) {
        let mut keys = Vec::with_capacity(2 * self.nodes.len());
        for (position, found) in (0..).zip(&self.nodes) {
            let node = NodeId(position);
            let beside = self.node(found.parent).children.iter();
            let further = beside.filter(|(_, other)| self.node(*other).input().is_none());
            let place = further.map(|(_, other)| *other).position(|at| at == node);
            let place = place.filter(|place| *place < 64);
            let place = place.and_then(|place| u8::try_from(place).ok());
            let place = place.unwrap_or(NO_PLACE);
            keys.push(Key::new(node, found, found.parent, &found.name, place));
            // It is told apart from itself by its other name only if it is an input.
            keys.push(Key::new(node, found, NodeId::ROOT, &found.dotted, NO_PLACE));
        }
        self.keys = keys.into();
    }

    /// How many keys there are
    pub(in crate::bind) fn n_keys(&self) -> usize {
        self.keys.len()
    }

    #[inline]
    pub(in crate::bind) fn key(&self, index: KeyIndex) -> Option<&Key> {
        self.keys.get(index as usize)
    }

    /// Finds the key by which `name` stands for something below a record.
    pub(in crate::bind) fn find_key(&self, below: NodeId, name: &str) -> Option<KeyIndex> {
        let node = self.find(below, name)?;
        let found = self.node(node);
        let index = 2 * node.0;
        if found.parent == below && *found.name == *name {
            return Some(index);
        }
        (below == NodeId::ROOT && *found.dotted == *name).then_some(index + 1)
    }
}

/// Where a key was met: at the beginning of a record, or behind what stood before it
#[derive(Clone, Copy)]
pub(in crate::bind) struct Spot(usize);

impl Spot {
    pub(in crate::bind) fn beginning(record: NodeId) -> Spot {
        Spot(2 * record.0 as usize)
    }

    pub(in crate::bind) fn behind(field: NodeId) -> Spot {
        Spot(2 * field.0 as usize + 1)
    }

    pub(in crate::bind) fn index(self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::program;
    use super::*;

    #[test]
    fn a_key_is_met_where_json_goes_on_with_it_and_nowhere_else() {
        let program = program();
        let names = Names::new(&program);
        let index = names.find_key(NodeId::ROOT, "applicant.age").unwrap();
        let key = names.key(index).unwrap();
        for (json, length) in [
            ("\"applicant.age\":", Some(16)),
            ("\"applicant.age\":1}", Some(16)),
            ("\"applicant.age\":12345678901234567890,", Some(16)),
            ("\"applicant.agf\":1234567890123456789,", None),
            ("\"applicant.ag\":1234567890123456789,", None),
            ("\"applicant.age\"", None),
            ("", None),
        ] {
            assert_eq!(key.begins(json.as_bytes()), length, "{json}");
        }
        assert!(names.find_key(NodeId::ROOT, "age").is_none());
        let applicant = names.find(NodeId::ROOT, "applicant").unwrap();
        let plain = names.find_key(applicant, "age").unwrap();
        assert_eq!(names.key(plain).unwrap().node, key.node);
        assert_ne!(plain, index);
    }
}

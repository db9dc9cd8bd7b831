//! Entries of bytes, each found by its key: open addressing over places in one
//! arena, a part of the hash beside each, so that an entry that is not meant is
//! hardly ever looked at.

use std::hash::{BuildHasher as _, RandomState};

use super::row::{Bytes, push_text_bytes};

/// Entries in one arena, and the slots that find them
#[derive(Debug)]
pub(super) struct Index {
    bytes: Vec<u8>,
    /// Part of the hash above, place in the arena plus one below; zero is empty.
    /// INVARIANT: one of them at least is empty.
    slots: Box<[u64]>,
    len: usize,
    /// Random, so that nobody writes a file whose keys collide
    hasher: RandomState,
}

/// Why an entry is not added
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is one with this key, at this place
    Known,
    /// The arena would exceed 4 GiB, or more entries come than were said
    Full,
}

impl Index {
    /// Makes room for so many entries at most.
    pub(super) fn for_entries(most: usize) -> Self {
        // Three of four slots are taken at most
        let slots = most + most / 3 + 2;
        Self {
            bytes: Vec::new(),
            slots: vec![0; slots].into_boxed_slice(),
            len: 0,
            hasher: RandomState::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Gives back the room that is not used.
    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.bytes.capacity() + size_of_val(&*self.slots)
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, key: &[u8], rest: &[u8]) -> Result<(), Refused> {
        let (mut slot, tag) = self.home(key);
        loop {
            match self.slots.get(slot).copied() {
                None => slot = 0,
                Some(0) => break,
                Some(taken) if self.behind(taken, tag, key).is_some() => {
                    return Err(Refused::Known);
                }
                Some(_) => slot += 1,
            }
        }
        let at = u32::try_from(self.bytes.len() + 1).map_err(|_| Refused::Full)?;
        if self.len + 2 > self.slots.len() {
            return Err(Refused::Full);
        }
        if let Some(place) = self.slots.get_mut(slot) {
            *place = u64::from(tag) << 32 | u64::from(at);
        }
        push_text_bytes(key, &mut self.bytes);
        self.bytes.extend_from_slice(rest);
        self.len += 1;
        Ok(())
    }

    /// Returns the bytes behind the key in its entry, and all that follow those.
    #[inline]
    pub(super) fn find(&self, key: &[u8]) -> Option<&[u8]> {
        let (mut slot, tag) = self.home(key);
        loop {
            match self.slots.get(slot).copied() {
                None => slot = 0,
                Some(0) => return None,
                Some(taken) => match self.behind(taken, tag, key) {
                    None => slot += 1,
                    found => return found,
                },
            }
        }
    }

    /// The slot where a key is looked for first, and its part of the hash.
    #[inline]
    fn home(&self, key: &[u8]) -> (usize, u32) {
        let hash = self.hasher.hash_one(key);
        // The upper half of a product is as even as the hash, whatever the length
        let slot = (u128::from(hash) * self.slots.len() as u128) >> 64;
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
        let tag = hash as u32;
        (slot as usize, tag)
    }

    /// What stands behind the key in an entry, where this is its key.
    #[inline]
    fn behind(&self, taken: u64, tag: u32, key: &[u8]) -> Option<&[u8]> {
        if taken >> 32 != u64::from(tag) {
            return None;
        }
        let at = (taken & u64::from(u32::MAX)) as usize;
        let mut entry = Bytes(self.bytes.get(at.checked_sub(1)?..)?);
        let found = entry.text_bytes()?;
        (found == key).then_some(entry.0)
    }
}

//! Entries of bytes, each found by its key. They lie in one arena, those of like
//! hashes beside each other, and where each few of them begin in a list of its own,
//! so that to find one touches hardly more of memory than the entry itself.

use std::hash::{BuildHasher as _, RandomState};

use super::row::{Bytes, push_text_bytes};

/// Entries, some two of them in a bucket
#[derive(Debug)]
pub(super) struct Index {
    /// Keys and what stands behind them, each behind its length
    bytes: Box<[u8]>,
    /// Where the entries of each bucket begin, and where the last ones end
    starts: Box<[u32]>,
    len: usize,
    hasher: RandomState,
}

impl Index {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Returns how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + size_of_val(&*self.starts)
    }

    /// Returns what stands behind a key.
    #[inline]
    pub(super) fn find(&self, key: &[u8]) -> Option<&[u8]> {
        let buckets = self.starts.len().checked_sub(1)?;
        let bucket = share(self.hasher.hash_one(key), buckets);
        let (start, end) = (self.starts.get(bucket)?, self.starts.get(bucket + 1)?);
        let mut entries = Bytes(self.bytes.get(*start as usize..*end as usize)?);
        while !entries.0.is_empty() {
            let (found, behind) = (entries.text_bytes()?, entries.text_bytes()?);
            if found == key {
                return Some(behind);
            }
        }
        None
    }
}

/// Entries on their way into an index, by open addressing over places in the arena, a
/// part of the hash beside each
#[derive(Debug)]
pub(super) struct Entries {
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
    /// There is one with this key
    Known,
    /// The arena would exceed 4 GiB, or more entries come than were said
    Full,
}

impl Entries {
    /// Makes room for so many entries at most.
    pub(super) fn at_most(most: usize) -> Self {
        // Three of four slots are taken at most
        let slots = most + most / 3 + 2;
        Self {
            bytes: Vec::new(),
            slots: vec![0; slots].into_boxed_slice(),
            len: 0,
            hasher: RandomState::new(),
        }
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, key: &[u8], behind: &[u8]) -> Result<(), Refused> {
        let hash = self.hasher.hash_one(key);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is wanted")]
        let tag = hash as u32;
        let mut slot = share(hash, self.slots.len());
        loop {
            match self.slots.get(slot).copied() {
                None => slot = 0,
                Some(0) => break,
                Some(taken) if self.is(taken, tag, key) => return Err(Refused::Known),
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
        push_text_bytes(behind, &mut self.bytes);
        self.len += 1;
        Ok(())
    }

    fn is(&self, taken: u64, tag: u32, key: &[u8]) -> bool {
        if taken >> 32 != u64::from(tag) {
            return false;
        }
        let at = (taken & u64::from(u32::MAX)) as usize;
        let entry = at.checked_sub(1).and_then(|at| self.bytes.get(at..));
        entry.and_then(|entry| Bytes(entry).text_bytes()) == Some(key)
    }

    /// Puts the entries into their buckets; `None` where they are beyond 4 GiB.
    pub(super) fn into_index(self) -> Option<Index> {
        let Self {
            bytes: written,
            slots,
            len,
            hasher,
        } = self;
        drop(slots);
        let buckets = len / 2 + 1;
        let entries = || {
            let mut rest = Bytes(&written);
            std::iter::from_fn(move || {
                let before = rest.0;
                let key = rest.text_bytes()?;
                rest.text_bytes()?;
                let entry = before.get(..before.len() - rest.0.len())?;
                Some((key, entry))
            })
        };
        let bucket = |key: &[u8]| share(hasher.hash_one(key), buckets);
        // How long each bucket is, one place further, so that the sums are the starts
        let mut starts = vec![0_u32; buckets + 1];
        for (key, entry) in entries() {
            let length = starts.get_mut(bucket(key) + 1)?;
            *length = length.checked_add(u32::try_from(entry.len()).ok()?)?;
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum = sum.checked_add(*start)?;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut bytes = vec![0; written.len()].into_boxed_slice();
        for (key, entry) in entries() {
            let at = next.get_mut(bucket(key))?;
            let place = *at as usize;
            bytes
                .get_mut(place..place + entry.len())?
                .copy_from_slice(entry);
            *at = at.checked_add(u32::try_from(entry.len()).ok()?)?;
        }
        Some(Index {
            bytes,
            starts: starts.into_boxed_slice(),
            len,
            hasher,
        })
    }
}

/// The place of a hash among so many: the upper half of their product, which is as
/// even as the hash is.
#[inline]
fn share(hash: u64, places: usize) -> usize {
    ((u128::from(hash) * places as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::{Entries, Refused};

    #[test]
    fn every_entry_is_found_and_nothing_else() {
        for count in [0_usize, 1, 2, 3, 1_000] {
            let mut entries = Entries::at_most(count);
            let key = |number: usize| format!("key {number}{}", "x".repeat(number % 200));
            for number in 0..count {
                let behind = number.to_le_bytes();
                assert_eq!(entries.add(key(number).as_bytes(), &behind), Ok(()));
                let again = entries.add(key(number).as_bytes(), b"");
                assert_eq!(again, Err(Refused::Known));
            }
            let index = entries.into_index().unwrap();
            assert_eq!(index.len(), count);
            for number in 0..count {
                let found = index.find(key(number).as_bytes());
                assert_eq!(found, Some(number.to_le_bytes().as_slice()));
                assert_eq!(index.find(format!("{}y", key(number)).as_bytes()), None);
            }
            assert_eq!(index.find(b""), None);
        }
    }

    #[test]
    fn no_more_entries_come_than_were_said() {
        let mut entries = Entries::at_most(3);
        let mut added = 0;
        while entries.add(&[added], b"") == Ok(()) {
            added += 1;
        }
        assert!((3..=5).contains(&added));
        assert_eq!(entries.into_index().unwrap().len(), usize::from(added));
    }
}

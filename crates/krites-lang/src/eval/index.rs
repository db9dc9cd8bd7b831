//! What an index leaves open for the case at hand.
//!
//! The values of its slots become codes, these lead to a leaf, and there the bits of all
//! axes are brought together. What is left is walked in order.

use crate::program::{Axes, Index, Leaf, Node, Place, Segments};

use super::frame::Frame;
use super::state::SlotState;

/// The entries that an index leaves open, in order
pub(super) struct Open<'p> {
    index: &'p Index,
    leaf: Leaf,
    /// The word of bits that is walked, and what is left of it
    word: usize,
    bits: u64,
    /// The entry that was found last: several clauses may be of one
    last: Option<u32>,
}

/// What is found in an index
pub(super) struct Found {
    pub(super) entry: u32,
    /// Whether only the entry itself can tell that it holds
    pub(super) asked: bool,
}

/// Whether each slot has a code
struct Taken(bool);

impl Taken {
    /// The code of a slot in this state. There is none where it is neither there nor known
    /// to be missing, nor where it is missing and a condition must not be asked about it.
    #[inline]
    fn code(&mut self, place: &Place, state: SlotState, code: impl FnOnce() -> u32) -> u32 {
        let known = match state {
            SlotState::Present => return code(),
            SlotState::Missing => place.missing,
            SlotState::Unset => place.not_given,
            SlotState::Fault | SlotState::Pending => {
                self.0 = false;
                return place.missing;
            }
        };
        self.0 &= !(place.proven && known == place.missing);
        known
    }
}

// INVARIANT: an index is made whole, with room in the frame for its codes.
#[expect(
    clippy::indexing_slicing,
    reason = "positions are made with what they index"
)]
impl Frame {
    /// Finds what an index leaves open; `None` where a slot has no code, so that each entry
    /// is to be asked.
    #[inline]
    pub(super) fn open<'p>(&mut self, index: &'p Index) -> Option<Open<'p>> {
        if !self.take_codes(&index.axes, index.room) {
            return None;
        }
        let mut node = index.root;
        let leaf = loop {
            match &index.nodes[node as usize] {
                Node::Leaf(leaf) => break *leaf,
                Node::Split(split) => {
                    let code = self.codes[index.room + split.axis as usize];
                    let segment = index.segment(split.segments, code);
                    node = index.children[split.children as usize + segment];
                }
            }
        };
        let mut open = Open {
            index,
            leaf,
            word: 0,
            bits: 0,
            last: None,
        };
        self.find_masks(&open);
        open.bits = open.bits_of(self, 0);
        Some(open)
    }

    /// Notes the codes of all slots; tells whether each has one.
    fn take_codes(&mut self, axes: &Axes, room: usize) -> bool {
        let mut taken = Taken(true);
        let mut codes = std::mem::take(&mut self.codes);
        let mut at = room;
        let mut next = |code| {
            codes[at] = code;
            at += 1;
        };
        for axis in &axes.dense {
            let slot = axis.place.slot;
            let state = self.state(slot);
            next(taken.code(&axis.place, state, || axis.code(self.whole(slot))));
        }
        for axis in &axes.whole {
            let slot = axis.place.slot;
            let state = self.state(slot);
            next(taken.code(&axis.place, state, || axis.code(self.whole(slot))));
        }
        for axis in &axes.exact {
            let slot = axis.place.slot;
            let state = self.state(slot);
            next(taken.code(&axis.place, state, || axis.code(self.exact(slot))));
        }
        for axis in &axes.text {
            let slot = axis.place.slot;
            let state = self.state(slot);
            next(taken.code(&axis.place, state, || {
                let (prefix, text) = self.packed_text(slot);
                axis.codes.find(prefix, text)
            }));
        }
        for axis in &axes.state {
            let state = self.state(axis.place.slot);
            next(taken.code(&axis.place, state, || 0));
        }
        self.codes = codes;
        taken.0
    }

    /// Finds the masks of a leaf's axes for the codes of the case, and notes where they
    /// begin behind these.
    fn find_masks(&mut self, open: &Open<'_>) {
        let (index, leaf) = (open.index, open.leaf);
        let n_words = leaf.n_words();
        let axes = &index.leaf_axes[leaf.axes.0 as usize..leaf.axes.1 as usize];
        let behind = index.room + index.axes.len();
        for (at, axis) in axes.iter().enumerate() {
            let code = self.codes[index.room + axis.axis as usize];
            let segment = index.segment(axis.segments, code);
            let mask = axis.masks as usize + segment * n_words;
            self.codes[behind + at] = mask as u32;
        }
    }
}

// INVARIANT: as above.
#[expect(
    clippy::indexing_slicing,
    reason = "positions are made with what they index"
)]
impl Index {
    #[inline]
    fn segment(&self, segments: Segments, code: u32) -> usize {
        match segments {
            Segments::Codes => code as usize,
            Segments::Starts(first, count) => {
                let starts = &self.starts[first as usize..(first + count) as usize];
                if starts.len() <= 8 {
                    starts.iter().map(|start| usize::from(*start <= code)).sum()
                } else {
                    starts.partition_point(|start| *start <= code)
                }
            }
        }
    }
}

// INVARIANT: as above.
#[expect(
    clippy::indexing_slicing,
    reason = "positions are made with what they index"
)]
impl Open<'_> {
    /// A word of the bits that all axes leave open.
    #[inline]
    fn bits_of(&self, frame: &Frame, word: usize) -> u64 {
        let n_left = (self.leaf.n_clauses as usize).saturating_sub(word * 64);
        let mut bits = match n_left {
            0 => return 0,
            1..64 => (1 << n_left) - 1,
            _ => u64::MAX,
        };
        let n_axes = (self.leaf.axes.1 - self.leaf.axes.0) as usize;
        let behind = self.index.room + self.index.axes.len();
        for mask in &frame.codes[behind..behind + n_axes] {
            bits &= self.index.masks[*mask as usize + word];
        }
        bits
    }

    /// The next entry that is left open.
    #[inline]
    pub(super) fn next(&mut self, frame: &Frame) -> Option<Found> {
        loop {
            while self.bits == 0 {
                self.word += 1;
                if self.word >= self.leaf.n_words() {
                    return None;
                }
                self.bits = self.bits_of(frame, self.word);
            }
            let bit = self.bits.trailing_zeros() as usize;
            self.bits &= self.bits - 1;
            let clause = self.word * 64 + bit;
            let entry = self.index.entries[self.leaf.entries as usize + clause];
            if self.last == Some(entry) {
                continue;
            }
            self.last = Some(entry);
            let asked = self.index.masks[self.leaf.asked as usize + self.word] >> bit & 1 == 1;
            return Some(Found { entry, asked });
        }
    }
}

#[cfg(test)]
impl crate::program::Program {
    /// Asks a table of the case in `frame` for its rows; tells what it came to.
    pub(crate) fn ask_table(&self, frame: &mut Frame, id: crate::ids::TableId) -> String {
        let mut run = super::run::Run {
            program: self,
            frame,
            answers: &mut super::model::NoModels,
            asks: super::run::Asks::Freely,
            again: None,
        };
        format!("{:?}", run.find_rows(id))
    }
}

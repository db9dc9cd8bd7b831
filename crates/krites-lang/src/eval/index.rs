//! What an index leaves open for the case at hand.
//!
//! The values of its slots become codes, these lead to a leaf, and there the bits of all
//! axes are brought together. What is left is walked in order.

use std::ops::Range;

use crate::program::{Axes, Index, Leaf, Node, Place, Segments, Shape};

use super::frame::Frame;
use super::state::SlotState;

/// So many machine words of bits are brought together at a time
const BLOCK: usize = 8;

/// The entries that an index leaves open, in order
pub(super) struct Open<'p> {
    index: &'p Index,
    leaf: Leaf,
    /// The entries of 64 clauses, what is left of them, and which are asked themselves
    entries: &'p [u32],
    bits: u64,
    asked: u64,
    /// Which word of bits that is
    word: usize,
    /// Words of bits, and which is the first of them
    block: [u64; BLOCK],
    first: usize,
    /// The entry that was found last, if any: several clauses may be of one
    last: u32,
}

/// In place of an entry
const NONE: u32 = u32::MAX;

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
        match index.shape {
            Shape::Word(leaf) => self.open_word(index, leaf),
            Shape::Words(leaf) => self.open_words(index, leaf),
            Shape::Tree => self.open_tree(index),
        }
    }

    /// Brings the bits of all axes together as their codes are found.
    fn open_word<'p>(&self, index: &'p Index, leaf: Leaf) -> Option<Open<'p>> {
        let mut open = Open::new(index, leaf);
        open.begin_word(0, leaf.bits_of_last());
        let known = self.each_code(&index.axes, |place, code| {
            open.bits &= index.masks[(place.masks + code) as usize];
        });
        known.then_some(open)
    }

    /// Finds the masks of all axes as their codes are found.
    fn open_words<'p>(&mut self, index: &'p Index, leaf: Leaf) -> Option<Open<'p>> {
        let n_words = leaf.n_words() as u32;
        let mut codes = std::mem::take(&mut self.codes);
        let mut masks = codes[index.masks_at()].iter_mut();
        let known = self.each_code(&index.axes, |place, code| {
            if let Some(mask) = masks.next() {
                *mask = place.masks + code * n_words;
            }
        });
        self.codes = codes;
        if !known {
            return None;
        }
        let mut open = Open::new(index, leaf);
        open.begin_block(self, 0);
        Some(open)
    }

    fn open_tree<'p>(&mut self, index: &'p Index) -> Option<Open<'p>> {
        let mut codes = std::mem::take(&mut self.codes);
        let mut at = index.room;
        let known = self.each_code(&index.axes, |_, code| {
            codes[at] = code;
            at += 1;
        });
        self.codes = codes;
        if !known {
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
        let mut open = Open::new(index, leaf);
        let n_axes = index.axes.len();
        let (codes, room) = self.codes[index.room..].split_at_mut(n_axes);
        let masks = index.masks_of(leaf, codes);
        if leaf.n_words() == 1 {
            let all = |bits, mask: usize| bits & index.masks[mask];
            open.begin_word(0, masks.fold(leaf.bits_of_last(), all));
        } else {
            for (room, mask) in room.iter_mut().zip(masks) {
                *room = mask as u32;
            }
            open.begin_block(self, 0);
        }
        Some(open)
    }

    /// Hands out the codes of all slots; tells whether each has one.
    #[inline]
    fn each_code(&self, axes: &Axes, mut take: impl FnMut(&Place, u32)) -> bool {
        let mut taken = Taken(true);
        for axis in &axes.dense {
            let place = &axis.place;
            let code = || axis.code(self.whole(place.slot));
            take(place, taken.code(place, self.state(place.slot), code));
        }
        for axis in &axes.whole {
            let place = &axis.place;
            let code = || axis.code(self.whole(place.slot));
            take(place, taken.code(place, self.state(place.slot), code));
        }
        for axis in &axes.exact {
            let place = &axis.place;
            let code = || axis.code(self.exact(place.slot));
            take(place, taken.code(place, self.state(place.slot), code));
        }
        for axis in &axes.text {
            let place = &axis.place;
            let code = || {
                let (prefix, text) = self.packed_text(place.slot);
                axis.codes.find(prefix, text)
            };
            take(place, taken.code(place, self.state(place.slot), code));
        }
        for axis in &axes.state {
            let place = &axis.place;
            take(place, taken.code(place, self.state(place.slot), || 0));
        }
        taken.0
    }
}

// INVARIANT: as above.
#[expect(
    clippy::indexing_slicing,
    reason = "positions are made with what they index"
)]
impl Index {
    /// Where the frame has room for where the masks of axes begin
    #[inline]
    fn masks_at(&self) -> Range<usize> {
        let n_axes = self.axes.len();
        self.room + n_axes..self.room + 2 * n_axes
    }

    /// Where the masks of a leaf's axes begin, for the codes of a case.
    #[inline]
    fn masks_of(&self, leaf: Leaf, codes: &[u32]) -> impl Iterator<Item = usize> {
        let axes = &self.leaf_axes[leaf.axes.0 as usize..leaf.axes.1 as usize];
        let n_words = leaf.n_words();
        axes.iter().map(move |axis| {
            let code = codes[axis.axis as usize];
            axis.masks as usize + self.segment(axis.segments, code) * n_words
        })
    }

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
impl<'p> Open<'p> {
    #[inline]
    fn new(index: &'p Index, leaf: Leaf) -> Self {
        Self {
            index,
            leaf,
            entries: &[],
            bits: 0,
            asked: 0,
            word: 0,
            block: [0; BLOCK],
            first: 0,
            last: NONE,
        }
    }

    #[inline]
    fn begin_word(&mut self, word: usize, bits: u64) {
        (self.word, self.bits) = (word, bits);
        if bits != 0 {
            self.entries = &self.index.entries[self.leaf.entries as usize + word * 64..];
            self.asked = self.index.masks[self.leaf.asked as usize + word];
        }
    }

    /// Brings together what all axes leave open, from a word on.
    fn begin_block(&mut self, frame: &Frame, word: usize) {
        let count = (self.leaf.n_words() - word).min(BLOCK);
        let mut block = [u64::MAX; BLOCK];
        let n_axes = (self.leaf.axes.1 - self.leaf.axes.0) as usize;
        let behind = self.index.masks_at().start;
        for mask in &frame.codes[behind..behind + n_axes] {
            let from = *mask as usize + word;
            let mask = &self.index.masks[from..from + count];
            match mask.first_chunk::<BLOCK>() {
                Some(mask) => and(&mut block, mask),
                None => and(&mut block, mask),
            }
        }
        if word + count == self.leaf.n_words() && count > 0 {
            block[count - 1] &= self.leaf.bits_of_last();
        }
        (self.block, self.first) = (block, word);
        self.begin_word(word, if count > 0 { block[0] } else { 0 });
    }

    /// Goes on to the next word in which an entry is left open; tells whether there is one.
    #[inline(never)]
    fn next_word(&mut self, frame: &Frame) -> bool {
        while self.bits == 0 {
            let word = self.word + 1;
            if word >= self.leaf.n_words() {
                return false;
            }
            match self.block.get(word - self.first) {
                Some(bits) => self.begin_word(word, *bits),
                None => self.begin_block(frame, word),
            }
        }
        true
    }

    /// Takes what is left open of the next word in which something is, where all of it
    /// holds, and no entry is met twice: the entries of the word, and their bits.
    #[inline]
    pub(super) fn take_sure(&mut self, frame: &Frame) -> Option<(&'p [u32], u64)> {
        if self.bits == 0 && !self.next_word(frame) {
            return None;
        }
        if !self.index.once || self.bits & self.asked != 0 {
            return None;
        }
        Some((self.entries, std::mem::take(&mut self.bits)))
    }

    /// The next entry that is left open.
    #[inline]
    pub(super) fn next(&mut self, frame: &Frame) -> Option<Found> {
        loop {
            if self.bits == 0 && !self.next_word(frame) {
                return None;
            }
            let bit = self.bits.trailing_zeros() as usize;
            self.bits &= self.bits - 1;
            let entry = self.entries[bit];
            if self.last != entry {
                self.last = entry;
                let asked = self.asked >> bit & 1 == 1;
                return Some(Found { entry, asked });
            }
        }
    }
}

#[inline]
fn and(block: &mut [u64; BLOCK], mask: &[u64]) {
    for (bits, mask) in block.iter_mut().zip(mask) {
        *bits &= mask;
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

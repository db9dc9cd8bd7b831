//! The texts of a frame: one behind the other in its arena, each slot with its
//! range.

use std::ops::Range;

use crate::MAX_TEXTS;
use crate::packed::prefix;
use crate::program::Slot;

use super::frame::Frame;
use super::state::SlotState;

/// How many bytes of text a frame keeps room for from one case to the next
pub(super) const KEPT: usize = 1 << 20;

/// A text: a range of the frame's arena
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TextRange {
    start: u32,
    end: u32,
    /// Its first bytes, to compare by
    prefix: u64,
}

// INVARIANT: as for the rest of the frame.
#[expect(
    clippy::indexing_slicing,
    reason = "the frame is sized by the program that made the index"
)]
impl Frame {
    /// Forgets all texts; what a rare large case took is given back.
    #[inline]
    pub(super) fn clear_texts(&mut self) {
        for texts in [&mut self.arena, &mut self.scratch, &mut self.buffer] {
            texts.clear();
            if texts.capacity() > KEPT {
                texts.shrink_to(KEPT);
            }
        }
    }

    pub(super) fn text(&self, slot: Slot) -> &str {
        self.text_at(self.text[slot.at as usize])
    }

    pub(super) fn text_at(&self, range: TextRange) -> &str {
        self.arena
            .get(range.start as usize..range.end as usize)
            .unwrap_or("")
    }

    pub(super) fn text_range(&self, slot: Slot) -> TextRange {
        self.text[slot.at as usize]
    }

    /// A text with its first bytes.
    #[inline]
    pub(super) fn packed_text(&self, slot: Slot) -> (u64, &str) {
        (self.text[slot.at as usize].prefix, self.text(slot))
    }

    /// The part of a text at these bytes of it.
    pub(super) fn text_part(&self, whole: TextRange, part: Range<usize>) -> TextRange {
        let text = self.text_at(whole).get(part.clone()).unwrap_or("");
        let start = whole.start.saturating_add(offset(part.start));
        TextRange {
            start,
            end: start.saturating_add(offset(text.len())),
            prefix: prefix(text),
        }
    }

    /// Writes a text into the arena; `None` where the texts of the case leave no
    /// room for it.
    pub(super) fn add_text(&mut self, value: &str) -> Option<TextRange> {
        let start = self.arena.len();
        if start + value.len() > MAX_TEXTS {
            return None;
        }
        self.arena.push_str(value);
        Some(TextRange {
            start: offset(start),
            end: offset(self.arena.len()),
            prefix: prefix(value),
        })
    }

    /// Writes a text into the arena and takes it; tells whether there was room.
    #[must_use]
    pub(super) fn set_text(&mut self, slot: Slot, value: &str) -> bool {
        let there = self.put_text(slot, value);
        if there {
            self.set_state(slot, SlotState::Present);
        }
        there
    }

    /// As [`Frame::set_text`], without saying that it is there.
    #[inline]
    #[must_use]
    pub(super) fn put_text(&mut self, slot: Slot, value: &str) -> bool {
        let range = self.add_text(value);
        if let Some(range) = range {
            self.text[slot.at as usize] = range;
        }
        range.is_some()
    }

    /// Takes a text that is in the arena.
    pub(super) fn set_text_range(&mut self, slot: Slot, range: TextRange) {
        self.text[slot.at as usize] = range;
        self.states[slot.id as usize] = SlotState::Present;
    }

    /// Writes a text that was just made into the arena; as [`Frame::add_text`].
    pub(super) fn keep_made(&mut self, made: Range<usize>) -> Option<TextRange> {
        let scratch = std::mem::take(&mut self.scratch);
        let kept = self.add_text(scratch.get(made).unwrap_or(""));
        self.scratch = scratch;
        kept
    }

    /// Writes a text of the arena onto the scratch.
    pub(super) fn copy_to_scratch(&mut self, range: TextRange) {
        let text = self.arena.get(range.start as usize..range.end as usize);
        self.scratch.push_str(text.unwrap_or(""));
    }
}

/// An offset; the arena has no more than [`MAX_TEXTS`] bytes.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

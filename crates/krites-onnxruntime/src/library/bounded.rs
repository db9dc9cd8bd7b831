//! Reading parts of a file that nobody has vouched for: no part, nor all parts together,
//! beyond a cap.

use std::cell::Cell;
use std::fs::File;
use std::ops::Range;

use object::read::{ReadCache, ReadRef};

/// The largest part that is read
const MAX_PART: u64 = 64 << 20;

/// All that is read of one file
const MAX_ALL: u64 = 192 << 20;

/// Texts are looked for in parts of this size
const BLOCK: u64 = 1 << 18;

/// A file and how much of it was read
pub(super) struct Parts {
    file: ReadCache<File>,
    read: Cell<u64>,
    /// A part was beyond the cap
    capped: Cell<bool>,
}

impl Parts {
    pub(super) fn of(file: File) -> Self {
        Self {
            file: ReadCache::new(file),
            read: Cell::new(0),
            capped: Cell::new(false),
        }
    }

    /// Tells whether a part was not read for its size.
    pub(super) fn were_capped(&self) -> bool {
        self.capped.get()
    }

    fn take(&self, size: u64) -> Result<(), ()> {
        let read = self.read.get().saturating_add(size);
        if size > MAX_PART || read > MAX_ALL {
            self.capped.set(true);
            return Err(());
        }
        self.read.set(read);
        Ok(())
    }
}

/// A piece of the file, itself a file within one for several machines
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    parts: &'a Parts,
    offset: u64,
    len: u64,
}

impl<'a> Piece<'a> {
    pub(super) fn whole(parts: &'a Parts) -> Result<Self, ()> {
        let len = (&parts.file).len()?;
        Ok(Self {
            parts,
            offset: 0,
            len,
        })
    }

    /// Returns a piece of this piece.
    pub(super) fn piece(self, offset: u64, len: u64) -> Option<Self> {
        (offset.checked_add(len)? <= self.len).then_some(Self {
            parts: self.parts,
            offset: self.offset.checked_add(offset)?,
            len,
        })
    }
}

impl<'a> ReadRef<'a> for Piece<'a> {
    fn len(self) -> Result<u64, ()> {
        Ok(self.len)
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'a [u8], ()> {
        let end = offset.checked_add(size).ok_or(())?;
        if end > self.len {
            return Err(());
        }
        self.parts.take(size)?;
        let at = self.offset.checked_add(offset).ok_or(())?;
        (&self.parts.file).read_bytes_at(at, size)
    }

    /// Reads a whole block for each text: tables of symbols have thousands of them.
    fn read_bytes_at_until(self, range: Range<u64>, delimiter: u8) -> Result<&'a [u8], ()> {
        let end = range.end.min(self.len);
        let within = |start: u64, size: u64| -> Result<&'a [u8], ()> {
            let at = self.offset.checked_add(start).ok_or(())?;
            (&self.parts.file).read_bytes_at(at, size)
        };
        let mut block = range.start / BLOCK * BLOCK;
        // A text that begins at the end of a block is read with the next one, too
        for blocks in 1..=2 {
            let size = (BLOCK * blocks).min(self.len.saturating_sub(block));
            if blocks == 2 {
                self.parts.take(BLOCK)?;
                block = range.start / BLOCK * BLOCK;
            }
            let bytes = within(block, size)?;
            let from = usize::try_from(range.start - block).map_err(|_| ())?;
            let to = usize::try_from(end.saturating_sub(block)).map_err(|_| ())?;
            let text = bytes.get(from..to.min(bytes.len())).ok_or(())?;
            if let Some(length) = text.iter().position(|byte| *byte == delimiter) {
                return text.get(..length).ok_or(());
            }
        }
        Err(())
    }
}

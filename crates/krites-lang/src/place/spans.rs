//! Many places of one source, in five bytes each where they are short.

use super::{SourceId, Span};
use crate::positions::Positions;

/// Places of one source, in any order
#[derive(Clone, Debug)]
pub(crate) struct Spans {
    source: SourceId,
    starts: Vec<u32>,
    lengths: Positions,
}

impl Default for Spans {
    fn default() -> Self {
        Self {
            source: SourceId::FIRST,
            starts: Vec::new(),
            lengths: Positions::default(),
        }
    }
}

impl Spans {
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<Span> {
        let start = *self.starts.get(at)?;
        Some(Span {
            source: self.source,
            start,
            end: start + self.lengths.get(at)?,
        })
    }

    pub(crate) fn push(&mut self, span: Span) {
        self.source = span.source;
        let length = span.end.saturating_sub(span.start);
        self.lengths.set(self.starts.len(), Some(length));
        self.starts.push(span.start);
    }

    /// Gives back the room that was kept for further places.
    pub(crate) fn shrink(&mut self) {
        self.starts.shrink_to_fit();
        self.lengths.shrink();
    }
}

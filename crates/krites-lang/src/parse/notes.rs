//! What the comments and blank lines of a file stand at; `ast::Notes` says where
//! they go.

use crate::ast::{self, Note, Side};
use crate::scan::{Gap, GapKind, Node};

/// An item or entry as comments see it
#[derive(Clone, Copy, Debug)]
struct Place {
    start: usize,
    end: usize,
    /// The brace that opens its block, where it has entries
    brace: Option<usize>,
}

/// Places what stands between the entries of a file.
pub(super) fn placed(file: &ast::File, text: &str, nodes: &[Node], gaps: &[Gap]) -> ast::Notes {
    if gaps.is_empty() {
        return ast::Notes::default();
    }
    let mut braces = Vec::new();
    collect_braces(nodes, &mut braces);
    let mut places: Vec<Place> = file
        .anchors()
        .iter()
        .map(|anchor| {
            let start = anchor.start as usize;
            let found = braces.binary_search_by_key(&start, |(node, _)| *node).ok();
            let brace = found.and_then(|at| braces.get(at)).map(|(_, brace)| *brace);
            Place {
                start,
                end: anchor.end as usize,
                brace: if anchor.block {
                    brace.or(Some(start))
                } else {
                    None
                },
            }
        })
        .collect();
    places.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut placer = Placer {
        text,
        places: &places,
        next: 0,
        open: Vec::new(),
        ended: None,
    };
    let notes = gaps.iter().filter_map(|gap| placer.place(gap)).collect();
    ast::Notes::new(notes)
}

/// Collects where blocks belong and where they open, in source order.
fn collect_braces(nodes: &[Node], braces: &mut Vec<(usize, usize)>) {
    for node in nodes {
        if let Some(body) = &node.body {
            braces.push((node.head.start, node.brace));
            collect_braces(body, braces);
        }
    }
}

/// Goes through the places and the gaps side by side
struct Placer<'p> {
    text: &'p str,
    places: &'p [Place],
    next: usize,
    /// What has begun and not ended, innermost last
    open: Vec<Place>,
    /// What ended last, the outermost where several did
    ended: Option<Place>,
}

impl Placer<'_> {
    fn place(&mut self, gap: &Gap) -> Option<Note> {
        self.go_to(gap.start);
        let blank = gap.kind == GapKind::Blank;
        let inner = self.open.last().copied();
        let (at, side) = match inner {
            // Within an entry, or within the head of an item
            Some(place) if place.brace.is_none_or(|brace| gap.start < brace) => {
                if blank {
                    return None;
                }
                (place.start, Side::Before)
            }
            _ => self.between(gap, inner),
        };
        let text = self.text.get(gap.start..gap.end);
        Some(Note {
            at: u32::try_from(at).unwrap_or(Note::END),
            side,
            text: text.filter(|_| !blank).map(str::to_owned),
        })
    }

    /// Places what stands between the entries of a block, or between the items.
    fn between(&self, gap: &Gap, block: Option<Place>) -> (usize, Side) {
        let brace = block.and_then(|block| block.brace);
        if gap.kind == GapKind::Behind {
            if let (Some(block), Some(brace)) = (block, brace)
                && self.is_blank(brace + 1, gap.start)
            {
                return (block.start, Side::Opening);
            }
            if let Some(ended) = self.ended
                && brace.is_none_or(|brace| ended.start > brace)
                && self.same_line(ended.end, gap.start)
            {
                return (ended.start, Side::Behind);
            }
        }
        let next = self.places.get(self.next);
        match (next, block) {
            (Some(next), Some(block)) if next.start >= block.end => (block.start, Side::Closing),
            (Some(next), _) => (next.start, Side::Before),
            (None, Some(block)) => (block.start, Side::Closing),
            (None, None) => (Note::END as usize, Side::Before),
        }
    }

    /// Opens and ends what begins and ends before a byte.
    fn go_to(&mut self, at: usize) {
        while let Some(place) = self
            .places
            .get(self.next)
            .copied()
            .filter(|place| place.start < at)
        {
            self.end_before(place.start);
            self.open.push(place);
            self.next += 1;
        }
        self.end_before(at);
    }

    fn end_before(&mut self, at: usize) {
        while let Some(place) = self.open.pop_if(|place| place.end <= at) {
            self.ended = Some(place);
        }
    }

    fn is_blank(&self, from: usize, to: usize) -> bool {
        let bytes = self.text.as_bytes().get(from..to).unwrap_or(&[]);
        bytes.iter().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    fn same_line(&self, from: usize, to: usize) -> bool {
        let bytes = self.text.as_bytes().get(from..to).unwrap_or(&[]);
        // From behind, as a line is short where a file is long
        !bytes.iter().rev().any(|byte| *byte == b'\n')
    }
}

//! The tree of an index: splits by the codes of an axis, down to leaves of few clauses.

use std::collections::HashMap;

use super::leaf::{Leaf, LeafAxis};
use super::split::{Cutting, best};
use super::{Axes, CodedClauses, Index};

/// Up to so many clauses go into one leaf, a machine word of bits
const WORD: usize = 64;
/// Beyond so many splits there is no further one
const DEEPEST: usize = 16;
/// How often clauses stand in leaves, on average, before splitting ends
const MOST_COPIES: usize = 6;

/// A node
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node {
    Split(Split),
    Leaf(Leaf),
}

/// What leads on by the code of an axis
#[derive(Clone, Copy, Debug)]
pub(crate) struct Split {
    pub(crate) axis: u32,
    pub(crate) segments: Segments,
    /// Where its children begin
    pub(crate) children: u32,
}

/// Which segment a code lies in
#[derive(Clone, Copy, Debug)]
pub(crate) enum Segments {
    /// Each code is one
    Codes,
    /// By where they begin: so many of [`Index::starts`], from the first on
    Starts(u32, u32),
}

/// What leads to a leaf
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Nothing: it is the one leaf, and has one word
    Word(Leaf),
    /// Nothing: it is the one leaf, and each code of each axis has masks in it
    Words(Leaf),
    /// A tree, from its root on
    Tree,
}

/// Builds the tree
pub(super) struct Builder<'c> {
    pub(super) clauses: &'c CodedClauses,
    /// By axis: the codes that lead here, from the first to before the second
    pub(super) path: Vec<(u32, u32)>,
    nodes: Vec<Node>,
    starts: Vec<u32>,
    children: Vec<u32>,
    pub(super) leaf_axes: Vec<LeafAxis>,
    pub(super) masks: Vec<u64>,
    pub(super) entries: Vec<u32>,
}

impl<'c> Builder<'c> {
    pub(super) fn new(clauses: &'c CodedClauses) -> Self {
        Self {
            clauses,
            path: clauses.counts.iter().map(|count| (0, *count)).collect(),
            nodes: Vec::new(),
            starts: Vec::new(),
            children: Vec::new(),
            leaf_axes: Vec::new(),
            masks: Vec::new(),
            entries: Vec::new(),
        }
    }

    pub(super) fn index(mut self, mut axes: Axes) -> Index {
        let all: Vec<u32> = (0..number(self.clauses.clauses.len())).collect();
        let root = self.node(&all, 0);
        let shape = match self.nodes.as_slice() {
            [Node::Leaf(leaf)] => self.shape(*leaf, &mut axes),
            _ => Shape::Tree,
        };
        let clauses = &self.clauses.clauses;
        let mut neighbours = clauses.iter().zip(clauses.iter().skip(1));
        Index {
            axes,
            shape,
            once: neighbours.all(|(one, next)| one.entry != next.entry),
            nodes: self.nodes.into(),
            root,
            starts: self.starts.into(),
            children: self.children.into(),
            leaf_axes: self.leaf_axes.into(),
            masks: self.masks.into(),
            entries: self.entries.into(),
            room: 0,
        }
    }

    /// The shape of a tree that is one leaf; tells its axes where their masks begin.
    fn shape(&mut self, leaf: Leaf, axes: &mut Axes) -> Shape {
        if leaf.n_words() == 1 {
            for (axis, place) in (0..).zip(axes.places_mut()) {
                place.masks = self.masks_of_codes(leaf, axis);
            }
            return Shape::Word(leaf);
        }
        let (first, last) = (leaf.axes.0 as usize, leaf.axes.1 as usize);
        let found = self.leaf_axes.get(first..last).unwrap_or_default();
        let by_code = |axis: &LeafAxis| matches!(axis.segments, Segments::Codes);
        if found.len() < axes.len() || !found.iter().all(by_code) {
            return Shape::Tree;
        }
        // All axes are there, in order.
        for (axis, place) in found.iter().zip(axes.places_mut()) {
            place.masks = axis.masks;
        }
        Shape::Words(leaf)
    }

    /// Makes the node for these clauses and what is below it; returns its number.
    fn node(&mut self, clauses: &[u32], depth: usize) -> u32 {
        let copies = self.entries.len() + clauses.len();
        let spent = copies > MOST_COPIES * self.clauses.clauses.len() + 16 * WORD;
        let cutting = match clauses.len() <= WORD || depth == DEEPEST || spent {
            true => None,
            false => best(self, clauses),
        };
        let node = match cutting {
            Some(cutting) => Node::Split(self.split(clauses, &cutting, depth)),
            None => Node::Leaf(self.leaf(clauses)),
        };
        self.nodes.push(node);
        number(self.nodes.len() - 1)
    }

    fn split(&mut self, clauses: &[u32], cutting: &Cutting, depth: usize) -> Split {
        let axis = cutting.axis as usize;
        let whole = self.path.get(axis).copied().unwrap_or_default();
        let lists = cutting.lists(self, clauses);
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut nodes = Vec::with_capacity(lists.len());
        let mut from = whole.0;
        let ends = cutting.bounds.iter().copied().chain([whole.1]);
        for (list, to) in lists.into_iter().zip(ends) {
            // Where clauses change at bounds alone, the same clauses are one node.
            let node = match known.get(&list).filter(|_| cutting.whole) {
                Some(node) => *node,
                None => {
                    self.set_path(axis, (from, to));
                    let node = self.node(&list, depth + 1);
                    known.insert(list, node);
                    node
                }
            };
            nodes.push(node);
            from = to;
        }
        self.set_path(axis, whole);
        let segments = self.segments(cutting.axis, &cutting.bounds);
        let children = number(self.children.len());
        match segments {
            Segments::Starts(..) => self.children.extend(nodes),
            Segments::Codes => {
                let codes = self.segments_of_codes(cutting.axis, &cutting.bounds);
                let of_codes = codes.map(|segment| nodes.get(segment).copied().unwrap_or(0));
                self.children.extend(of_codes);
            }
        }
        Split {
            axis: cutting.axis,
            segments,
            children,
        }
    }

    fn set_path(&mut self, axis: usize, range: (u32, u32)) {
        if let Some(place) = self.path.get_mut(axis) {
            *place = range;
        }
    }

    fn count(&self, axis: u32) -> u32 {
        self.clauses.counts.get(axis as usize).copied().unwrap_or(0)
    }

    /// Keeps the bounds of segments, unless there are about as many as codes.
    pub(super) fn segments(&mut self, axis: u32, bounds: &[u32]) -> Segments {
        if self.count(axis) as usize <= 2 * bounds.len() + 8 {
            return Segments::Codes;
        }
        let first = number(self.starts.len());
        self.starts.extend_from_slice(bounds);
        Segments::Starts(first, number(bounds.len()))
    }

    /// Makes a mask for each code of an axis, of a leaf of one word; returns where they
    /// begin.
    fn masks_of_codes(&mut self, leaf: Leaf, axis: u32) -> u32 {
        let axes = self
            .leaf_axes
            .get(leaf.axes.0 as usize..leaf.axes.1 as usize);
        let found = axes
            .unwrap_or_default()
            .iter()
            .find(|found| found.axis == axis);
        let found = found.copied();
        let first = number(self.masks.len());
        let masks: Vec<u64> = (0..self.count(axis))
            .map(|code| {
                let Some(found) = found else {
                    return u64::MAX;
                };
                let segment = match found.segments {
                    Segments::Codes => code as usize,
                    Segments::Starts(first, count) => {
                        let starts = self.starts.get(first as usize..(first + count) as usize);
                        starts.map_or(0, |starts| starts.partition_point(|start| *start <= code))
                    }
                };
                let mask = self.masks.get(found.masks as usize + segment);
                mask.copied().unwrap_or_default()
            })
            .collect();
        self.masks.extend(masks);
        first
    }

    /// The segment of each code of an axis.
    pub(super) fn segments_of_codes<'b>(
        &self,
        axis: u32,
        bounds: &'b [u32],
    ) -> impl Iterator<Item = usize> + use<'b> {
        let mut segment = 0;
        (0..self.count(axis)).map(move |code| {
            while bounds.get(segment).is_some_and(|bound| *bound <= code) {
                segment += 1;
            }
            segment
        })
    }
}

pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

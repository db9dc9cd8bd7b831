//! The walk of rows through a forest: eight trees at a time for one row, eight
//! rows at a time for one tree, so that the loads of one overlap with those of
//! the others. No branch depends on a row.
//!
//! Invariant: the sum of a row goes over the trees in their order, whatever
//! rows stand beside it.

use super::forest::{Forest, Link, Node, Nodes, Real, Source, Tree};

/// Trees or rows that are walked side by side
const LANES: usize = 8;

/// Blocks of rows that go through a tree before the next tree is read
const BLOCKS: usize = 8;

/// Elements that the slots of these blocks may have together, so that they
/// stay in the cache
const MOST_ELEMENTS: usize = 1 << 13;

impl<T: Real> Forest<T> {
    /// Counts the elements that a walk of `n_rows` needs room for.
    pub(crate) fn room(&self, n_rows: usize) -> usize {
        let lanes = if n_rows < LANES { 1 } else { LANES };
        self.n_slots() * lanes * (n_rows / LANES).clamp(1, self.n_blocks())
    }

    /// Calls `on_sum` with each row and the sum of the single weights of the
    /// leaves that it ends in.
    pub(crate) fn sum(&self, rows: &[T], room: &mut [T], on_sum: impl FnMut(usize, T)) {
        match &self.nodes {
            Nodes::Short(nodes) => self.sum_over(nodes, rows, room, on_sum),
            Nodes::Long(nodes) => self.sum_over(nodes, rows, room, on_sum),
        }
    }

    /// Calls `on_leaf` with each row and each leaf it ends in: for one row in
    /// the order of the trees.
    pub(crate) fn walk(&self, rows: &[T], room: &mut [T], on_leaf: impl FnMut(usize, u32)) {
        match &self.nodes {
            Nodes::Short(nodes) => self.walk_over(nodes, rows, room, on_leaf),
            Nodes::Long(nodes) => self.walk_over(nodes, rows, room, on_leaf),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a walk ends at a place in `nodes`")]
    fn sum_over<L: Link>(
        &self,
        nodes: &[Node<T, L>],
        rows: &[T],
        room: &mut [T],
        mut on_sum: impl FnMut(usize, T),
    ) {
        let n_slots = self.n_slots();
        let (blocks, rest) = self.split(rows);
        let mut row_idx = 0;
        for blocks in blocks.chunks(self.width * LANES * self.n_blocks()) {
            let (slots, _) = room.as_chunks_mut::<LANES>();
            let blocks = blocks.chunks_exact(self.width * LANES);
            let n_blocks = blocks.len();
            for (block, slots) in blocks.zip(slots.chunks_exact_mut(n_slots)) {
                self.fill_block(block, slots);
            }
            let mut sums = [[T::default(); LANES]; BLOCKS];
            for &tree in &self.trees {
                let slots = slots.chunks_exact(n_slots).take(n_blocks);
                for (slots, sums) in slots.zip(&mut sums) {
                    let ends = walk_block(nodes, tree, slots);
                    for (sum, end) in sums.iter_mut().zip(ends) {
                        *sum += nodes[end as usize].threshold;
                    }
                }
            }
            for &sum in sums.as_flattened().iter().take(n_blocks * LANES) {
                on_sum(row_idx, sum);
                row_idx += 1;
            }
        }
        for row in rest.chunks_exact(self.width) {
            let row = self.fill_row(row, room);
            let mut sum = T::default();
            for trees in self.trees.chunks(LANES) {
                let ends = walk_row(nodes, trees, row);
                for (end, _) in ends.into_iter().zip(trees) {
                    sum += nodes[end as usize].threshold;
                }
            }
            on_sum(row_idx, sum);
            row_idx += 1;
        }
    }

    fn walk_over<L: Link>(
        &self,
        nodes: &[Node<T, L>],
        rows: &[T],
        room: &mut [T],
        mut on_leaf: impl FnMut(usize, u32),
    ) {
        let (blocks, rest) = self.split(rows);
        let mut row_idx = 0;
        for block in blocks.chunks_exact(self.width * LANES) {
            let (slots, _) = room.as_chunks_mut::<LANES>();
            self.fill_block(block, slots);
            for &tree in &self.trees {
                for (lane, end) in walk_block(nodes, tree, slots).into_iter().enumerate() {
                    on_leaf(row_idx + lane, end);
                }
            }
            row_idx += LANES;
        }
        for row in rest.chunks_exact(self.width) {
            let row = self.fill_row(row, room);
            for trees in self.trees.chunks(LANES) {
                for (end, _) in walk_row(nodes, trees, row).into_iter().zip(trees) {
                    on_leaf(row_idx, end);
                }
            }
            row_idx += 1;
        }
    }

    /// Counts the blocks that go through a tree together, at least one.
    fn n_blocks(&self) -> usize {
        (MOST_ELEMENTS / (self.n_slots() * LANES)).clamp(1, BLOCKS)
    }

    /// Splits rows into whole blocks and the rest.
    fn split<'a>(&self, rows: &'a [T]) -> (&'a [T], &'a [T]) {
        rows.split_at(rows.len() - rows.len() % (self.width * LANES))
    }

    /// Fills the slots of one row.
    #[expect(clippy::indexing_slicing, reason = "columns are below the width")]
    pub(super) fn fill_row<'a>(&self, row: &[T], slots: &'a mut [T]) -> &'a [T] {
        if let Some((least, slots)) = slots.split_first_mut() {
            *least = T::NEG_INFINITY;
            for (slot, source) in slots.iter_mut().zip(&self.sources) {
                *slot = read(row[source.column as usize], *source);
            }
            if !self.memberships.is_empty() {
                self.look_up_row(row, slots);
            }
        }
        slots
    }

    /// Fills the slots of [`LANES`] rows.
    #[expect(
        clippy::indexing_slicing,
        reason = "a block has so many rows, columns are below the width"
    )]
    fn fill_block(&self, block: &[T], slots: &mut [[T; LANES]]) {
        let Some((least, slots)) = slots.split_first_mut() else {
            return;
        };
        *least = [T::NEG_INFINITY; LANES];
        for (slot, source) in slots.iter_mut().zip(&self.sources) {
            for (lane, to) in slot.iter_mut().enumerate() {
                *to = read(block[lane * self.width + source.column as usize], *source);
            }
        }
        if !self.memberships.is_empty() {
            self.look_up_block(block, slots);
        }
    }

    /// Fills the slots of memberships, which lie behind those of columns.
    #[inline(never)]
    #[expect(clippy::indexing_slicing, reason = "columns are below the width")]
    fn look_up_row(&self, row: &[T], slots: &mut [T]) {
        let slots = slots.iter_mut().skip(self.sources.len());
        for (slot, membership) in slots.zip(&self.memberships) {
            *slot = membership.slot(row[membership.column as usize]);
        }
    }

    /// Fills the slots of memberships of [`LANES`] rows.
    #[inline(never)]
    #[expect(
        clippy::indexing_slicing,
        reason = "a block has so many rows, columns are below the width"
    )]
    fn look_up_block(&self, block: &[T], slots: &mut [[T; LANES]]) {
        let slots = slots.iter_mut().skip(self.sources.len());
        for (slot, membership) in slots.zip(&self.memberships) {
            for (lane, to) in slot.iter_mut().enumerate() {
                *to = membership.slot(block[lane * self.width + membership.column as usize]);
            }
        }
    }
}

/// Returns what a slot holds of a value.
fn read<T: Real>(value: T, source: Source) -> T {
    if source.without_nan & value.is_nan() {
        T::NEG_INFINITY
    } else {
        value
    }
}

/// Walks one row through up to [`LANES`] trees and returns where it ends.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "slots are below their number")]
fn walk_row<T: Real, L: Link>(nodes: &[Node<T, L>], trees: &[Tree], row: &[T]) -> [u32; LANES] {
    let mut at = [0; LANES];
    let mut depth = 0;
    for (at, tree) in at.iter_mut().zip(trees) {
        *at = tree.root;
        depth = depth.max(tree.depth);
    }
    for _ in 0..depth {
        for at in &mut at {
            *at = next(nodes, *at, |slot| row[slot]);
        }
    }
    at
}

/// Walks [`LANES`] rows through one tree and returns where they end.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "slots are below their number")]
fn walk_block<T: Real, L: Link>(
    nodes: &[Node<T, L>],
    tree: Tree,
    slots: &[[T; LANES]],
) -> [u32; LANES] {
    let mut at = [tree.root; LANES];
    for _ in 0..tree.depth {
        for (lane, at) in at.iter_mut().enumerate() {
            *at = next(nodes, *at, |slot| slots[slot][lane]);
        }
    }
    at
}

/// Takes one step; a leaf stays where it is.
#[inline(always)]
#[expect(
    clippy::indexing_slicing,
    clippy::neg_cmp_op_on_partial_ord,
    reason = "steps lead to places in `nodes`; NaN goes where a test does not hold"
)]
fn next<T: Real, L: Link>(nodes: &[Node<T, L>], at: u32, value: impl Fn(usize) -> T) -> u32 {
    let Node {
        threshold,
        slot,
        step,
    } = nodes[at as usize];
    let slot: u32 = slot.into();
    at + step.into() + u32::from(!(value(slot as usize) <= threshold))
}

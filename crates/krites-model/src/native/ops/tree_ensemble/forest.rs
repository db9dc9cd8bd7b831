//! A forest as one flat array, and the walk over it.

use crate::native::arguments::InputElement;

/// Trees or rows that are walked side by side, so that the loads of one
/// overlap with those of the others
pub(crate) const LANES: usize = 8;

/// The bit of [`FlatNode::feature`] that sends NaN to `yes`
const NAN_IS_YES: u32 = 1 << 31;

/// A number that trees compare and sum: f32 or f64
pub(crate) trait Real: InputElement + std::ops::AddAssign {
    /// Rounds to the type.
    fn from_f64(value: f64) -> Self;
    /// Rounds to a float.
    fn to_f32(self) -> f32;
    /// Returns the next number below.
    fn next_down(self) -> Self;
    /// Tells whether this is not a number.
    fn is_nan(self) -> bool;
    /// Divides by a count of trees.
    fn divided_by(self, count: usize) -> Self;
}

macro_rules! real {
    ($real:ty) => {
        impl Real for $real {
            fn from_f64(value: f64) -> Self {
                value as Self
            }

            fn to_f32(self) -> f32 {
                self as f32
            }

            fn next_down(self) -> Self {
                <$real>::next_down(self)
            }

            fn is_nan(self) -> bool {
                <$real>::is_nan(self)
            }

            fn divided_by(self, count: usize) -> Self {
                self / count as Self
            }
        }
    };
}

real!(f32);
real!(f64);

/// A test `feature <= threshold`, or a leaf, which is its own child.
///
/// Sixteen bytes for floats. A leaf's threshold is its weight where every leaf
/// has one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlatNode<T> {
    threshold: T,
    feature: u32,
    yes: u32,
    no: u32,
}

impl<T: Real> FlatNode<T> {
    /// Makes a test. `feature` is below 2^31.
    pub(crate) fn test(threshold: T, feature: u32, nan_is_yes: bool) -> Self {
        let flag = if nan_is_yes { NAN_IS_YES } else { 0 };
        Self {
            threshold,
            feature: feature | flag,
            yes: 0,
            no: 0,
        }
    }

    /// Makes the leaf that stands at `at`.
    pub(crate) fn leaf(weight: T, at: u32) -> Self {
        Self {
            threshold: weight,
            feature: 0,
            yes: at,
            no: at,
        }
    }

    /// Sets the children.
    pub(crate) fn set_children(&mut self, yes: u32, no: u32) {
        (self.yes, self.no) = (yes, no);
    }

    /// Returns the children.
    pub(crate) fn children(&self) -> [u32; 2] {
        [self.yes, self.no]
    }

    /// Returns the weight of a leaf.
    pub(crate) fn weight(&self) -> T {
        self.threshold
    }
}

/// Where a tree begins and how deep it is
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tree {
    pub(crate) root: u32,
    pub(crate) depth: u32,
}

/// A weight that a leaf adds to a target
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight<T> {
    pub(crate) target: u32,
    pub(crate) weight: T,
}

/// All trees.
///
/// INVARIANT: children and roots are places in `nodes`; features are below
/// `width`, which is at least 1.
#[derive(Debug)]
pub(crate) struct Forest<T> {
    pub(crate) nodes: Vec<FlatNode<T>>,
    pub(crate) trees: Vec<Tree>,
    /// For each node the range of its weights, empty but for leaves
    pub(crate) leaf_weights: Vec<(u32, u32)>,
    pub(crate) weights: Vec<Weight<T>>,
    /// The target that every leaf has exactly one weight for, if there is one
    pub(crate) single_target: Option<u32>,
    /// Columns of a row
    pub(crate) width: usize,
}

impl<T: Real> Forest<T> {
    /// Returns the weights of a leaf.
    pub(crate) fn weights_of(&self, leaf: u32) -> &[Weight<T>] {
        let (from, to) = self
            .leaf_weights
            .get(leaf as usize)
            .copied()
            .unwrap_or_default();
        self.weights
            .get(from as usize..to as usize)
            .unwrap_or_default()
    }

    /// Calls `on_leaf` with each row and each leaf it ends in: for one row in
    /// the order of the trees.
    pub(crate) fn walk(&self, rows: &[T], mut on_leaf: impl FnMut(usize, u32, T)) {
        let blocks = rows.chunks_exact(self.width * LANES);
        let rest = blocks.remainder();
        let done = blocks.len() * LANES;
        for (block_idx, block) in blocks.enumerate() {
            self.walk_block(block, |lane, leaf, weight| {
                on_leaf(block_idx * LANES + lane, leaf, weight)
            });
        }
        for (row_idx, row) in rest.chunks_exact(self.width).enumerate() {
            self.walk_row(row, |leaf, weight| on_leaf(done + row_idx, leaf, weight));
        }
    }

    /// Walks one row through [`LANES`] trees at a time.
    #[expect(
        clippy::indexing_slicing,
        reason = "roots and children are places in `nodes`"
    )]
    fn walk_row(&self, row: &[T], mut on_leaf: impl FnMut(u32, T)) {
        for group in self.trees.chunks(LANES) {
            let mut at = [group[0].root; LANES];
            let mut depth = 0;
            for (at, tree) in at.iter_mut().zip(group) {
                *at = tree.root;
                depth = depth.max(tree.depth);
            }
            for _ in 0..depth {
                for at in &mut at {
                    *at = self.next(*at, row);
                }
            }
            for (&leaf, _) in at.iter().zip(group) {
                on_leaf(leaf, self.nodes[leaf as usize].weight());
            }
        }
    }

    /// Walks [`LANES`] rows through one tree at a time.
    #[expect(
        clippy::indexing_slicing,
        reason = "roots and children are places in `nodes`"
    )]
    fn walk_block(&self, block: &[T], mut on_leaf: impl FnMut(usize, u32, T)) {
        let mut rows = [block; LANES];
        for (to, row) in rows.iter_mut().zip(block.chunks_exact(self.width)) {
            *to = row;
        }
        for tree in &self.trees {
            let mut at = [tree.root; LANES];
            for _ in 0..tree.depth {
                for (at, row) in at.iter_mut().zip(rows) {
                    *at = self.next(*at, row);
                }
            }
            for (lane, leaf) in at.into_iter().enumerate() {
                on_leaf(lane, leaf, self.nodes[leaf as usize].weight());
            }
        }
    }

    /// Takes one step; a leaf stays where it is. No branch depends on the row.
    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "children are places in `nodes`, features below the width"
    )]
    fn next(&self, at: u32, row: &[T]) -> u32 {
        let node = self.nodes[at as usize];
        let x = row[(node.feature & !NAN_IS_YES) as usize];
        let nan = x.is_nan() & (node.feature & NAN_IS_YES != 0);
        let yes = u32::from((x <= node.threshold) | nan).wrapping_neg();
        node.no ^ ((node.no ^ node.yes) & yes)
    }
}

//! Generated trees: as data, and walked slowly, as the specification has it.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    reason = "each test file uses a part; a test fails by panicking"
)]

use krites_model::testing::Numbers;

mod lists;

#[allow(unused_imports, reason = "each test file uses a part")]
pub(crate) use lists::{doubles, lists, positions};

/// The mode of a test of membership, which is told from the others by its place
pub(crate) const MODES: [&str; 7] = [
    "BRANCH_LEQ",
    "BRANCH_LT",
    "BRANCH_GTE",
    "BRANCH_GT",
    "BRANCH_EQ",
    "BRANCH_NEQ",
    "BRANCH_MEMBER",
];

/// A few numbers, so that rows meet thresholds; now and then none, or an end of
/// the numbers.
pub(crate) fn value(numbers: &mut Numbers) -> f32 {
    match numbers.below(20) {
        0 => f32::NAN,
        1 => f32::INFINITY,
        2 => f32::NEG_INFINITY,
        3 => -0.0,
        _ => numbers.below(9) as f32 - 4.0,
    }
}

/// A node as the file has it
pub(crate) struct Node {
    pub(crate) mode: &'static str,
    pub(crate) column: usize,
    pub(crate) threshold: f32,
    pub(crate) members: Vec<f32>,
    pub(crate) children: [usize; 2],
    pub(crate) missing_is_true: bool,
    /// Target and weight
    pub(crate) weights: Vec<(usize, f32)>,
}

/// A tree, its root first
pub(crate) type Tree = Vec<Node>;

/// Which targets a leaf has weights for
#[derive(Clone, Debug)]
pub(crate) enum Votes {
    /// One weight, for this target
    For(usize),
    /// One weight, for any target
    One,
    /// One weight for each target
    All,
    /// Up to two weights for any targets
    Some,
}

/// What is generated
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) width: usize,
    pub(crate) n_targets: usize,
    pub(crate) votes: Votes,
    /// Tests of a tree at most
    pub(crate) n_tests: usize,
    /// A weight can be no number
    pub(crate) odd_weights: bool,
    /// No weight is below zero
    pub(crate) positive: bool,
    pub(crate) modes: &'static [&'static str],
}

impl Kind {
    fn weight(&self, numbers: &mut Numbers) -> f32 {
        let weight = numbers.below(1000) as f32 / 700.0;
        match numbers.below(9) {
            0 if self.odd_weights => value(numbers),
            _ if self.positive => weight / 8.0,
            _ => weight - 0.7,
        }
    }

    fn leaf(&self, numbers: &mut Numbers) -> Node {
        let targets: Vec<usize> = match self.votes {
            Votes::For(target) => vec![target],
            Votes::One => vec![numbers.below(self.n_targets)],
            Votes::All => (0..self.n_targets).collect(),
            Votes::Some => (0..numbers.below(3))
                .map(|_| numbers.below(self.n_targets))
                .collect(),
        };
        let weights = targets.into_iter();
        Node {
            mode: "LEAF",
            column: 0,
            threshold: numbers.below(9) as f32 - 4.0,
            members: Vec::new(),
            children: [0, 0],
            missing_is_true: false,
            weights: weights
                .map(|target| (target, self.weight(numbers)))
                .collect(),
        }
    }

    fn test(&self, numbers: &mut Numbers, first_child: usize) -> Node {
        Node {
            mode: self.modes[numbers.below(self.modes.len())],
            column: numbers.below(self.width),
            threshold: value(numbers),
            members: members(numbers),
            children: [first_child, first_child + 1],
            missing_is_true: numbers.below(2) == 1,
            weights: Vec::new(),
        }
    }

    /// Makes a tree; each test splits a leaf at random.
    pub(crate) fn tree(&self, numbers: &mut Numbers) -> Tree {
        let mut tree = vec![self.leaf(numbers)];
        for _ in 0..numbers.below(self.n_tests + 1) {
            let leaves = leaves(&tree);
            let at = leaves[numbers.below(leaves.len())];
            tree[at] = self.test(numbers, tree.len());
            tree.extend([self.leaf(numbers), self.leaf(numbers)]);
        }
        tree
    }

    /// Makes a tree some of whose nodes are the true child of several tests, each
    /// the false child of the one before, as converters write a set of values.
    pub(crate) fn shared_tree(&self, numbers: &mut Numbers) -> Tree {
        let mut tree = vec![self.leaf(numbers)];
        for _ in 0..numbers.below(self.n_tests / 2 + 1) {
            let leaves = leaves(&tree);
            let mut at = leaves[numbers.below(leaves.len())];
            let shared = tree.len();
            tree.push(self.leaf(numbers));
            // Where tests of equality differ in that, ONNX Runtime listens to the first.
            let missing_is_true = numbers.below(2) == 1;
            for _ in 0..1 + numbers.below(4) {
                let mut test = self.test(numbers, shared);
                test.missing_is_true = missing_is_true;
                test.children = [shared, tree.len()];
                tree[at] = test;
                at = tree.len();
                tree.push(self.leaf(numbers));
            }
        }
        tree
    }
}

/// The leaves of a tree
fn leaves(tree: &Tree) -> Vec<usize> {
    let all = 0..tree.len();
    all.filter(|&at| tree[at].mode == "LEAF").collect()
}

/// A few members of a set: small whole numbers; wide ones; with fractions.
fn members(numbers: &mut Numbers) -> Vec<f32> {
    let n_members = 1 + numbers.below(5);
    let wide = numbers.below(3) == 0;
    let mut members: Vec<f32> = (0..n_members)
        .map(|_| numbers.below(5) as f32 - if wide { 2.0 } else { 0.0 })
        .collect();
    match numbers.below(6) {
        0 if wide => members.extend((0..numbers.below(40)).map(|x| x as f32 * 3.0)),
        1 if !wide => members.push(1.5),
        2 if wide => members.push(1000.0),
        _ => {}
    }
    members
}

/// The sums of a row as the specification has them.
pub(crate) fn by_hand(trees: &[Tree], n_targets: usize, row: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0; n_targets];
    for tree in trees {
        for &(target, weight) in &leaf_of(tree, row).weights {
            sums[target] += weight;
        }
    }
    sums
}

/// The leaf that a row ends in.
fn leaf_of<'t>(tree: &'t Tree, row: &[f32]) -> &'t Node {
    let mut node = &tree[0];
    while node.mode != "LEAF" {
        let is_true = is_true(node, row);
        node = &tree[node.children[usize::from(!is_true)]];
    }
    node
}

/// Tells whether a test sends a row to its true child.
pub(crate) fn is_true(node: &Node, row: &[f32]) -> bool {
    let (x, threshold) = (row[node.column], node.threshold);
    let holds = match node.mode {
        "BRANCH_LEQ" => x <= threshold,
        "BRANCH_LT" => x < threshold,
        "BRANCH_GTE" => x >= threshold,
        "BRANCH_GT" => x > threshold,
        "BRANCH_EQ" => x == threshold,
        "BRANCH_NEQ" => x != threshold,
        _ => node.members.contains(&x),
    };
    holds || (x.is_nan() && node.missing_is_true)
}

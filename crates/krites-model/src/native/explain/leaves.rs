//! The leaves of a forest, each with the conditions on the way to it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::shapley::{MAX_PLAYERS, all};
use super::trace::{TreeNode, Trees};

/// Conditions on the ways to all leaves
const MAX_CONDITIONS: usize = 1 << 23;

/// Places on the ways to all leaves, those of value zero with them
const MAX_VISITED: usize = 1 << 24;

/// Stands for the player of a column that depends on no input
pub(super) const NOBODY: usize = u32::MAX as usize;

/// A test on the way to a leaf
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition {
    /// Which of the tests
    pub(super) test: u32,
    /// Whether it must hold
    pub(super) holds: bool,
    /// Its player, by place among those of the leaf
    pub(super) player: u8,
}

/// A test that is passed on the way to a leaf: its place, whether it holds, its player
type Passed = (u32, bool, usize);

/// A leaf, once for each way to it
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) value: f64,
    /// So many conditions from the root on are those of the leaf before
    shared: u32,
    /// Places of its other conditions in [`Leaves::conditions`]
    own: Range<u32>,
    /// Places of its players in [`Leaves::players`]
    players: Range<u32>,
}

impl Leaf {
    /// Counts its players.
    pub(super) fn n_players(&self) -> usize {
        self.players.len()
    }
}

/// The leaves of a forest, tree by tree, each behind the one that shares most of its
/// way with it
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub(super) leaves: Vec<Leaf>,
    /// Those that a leaf does not share with the leaf before
    conditions: Vec<Condition>,
    /// Conditions on the ways to all leaves, those that are shared counted each time
    pub(super) n_conditions: usize,
    players: Vec<u32>,
    /// Places of the tests in the forest
    pub(super) tests: Vec<u32>,
}

impl Leaves {
    /// Lists the leaves of `trees` with their values for a target, times a
    /// factor. `players` tells the player of a column. Leaves of value zero are
    /// left out unless `whole` is set.
    ///
    /// # Errors
    ///
    /// Why there are no contributions.
    pub(super) fn of(
        trees: &dyn Trees,
        (target, factor): (u32, f64),
        whole: bool,
        mut player: impl FnMut(usize) -> Option<usize>,
    ) -> Result<Self, String> {
        let mut leaves = Self::default();
        let mut tests = BTreeMap::new();
        let mut columns = BTreeMap::new();
        let mut way: Vec<Passed> = Vec::new();
        let mut before = Vec::new();
        let mut n_visited = 0;
        for root in trees.roots() {
            let mut waiting = vec![(root, 0, None)];
            while let Some((at, depth, condition)) = waiting.pop() {
                way.truncate(depth);
                way.extend(condition);
                let depth = way.len();
                match trees.node(at) {
                    TreeNode::Way(to) => waiting.push((to, depth, None)),
                    TreeNode::Test { column, yes, no } => {
                        let found = *columns.entry(column).or_insert_with(|| player(column));
                        let Some(player) = found else {
                            return Err(format!(
                                "column {} that its trees test follows from several input columns",
                                column + 1
                            ));
                        };
                        waiting.push((no, depth, Some((at, false, player))));
                        waiting.push((yes, depth, Some((at, true, player))));
                    }
                    TreeNode::Leaf => {
                        let value = trees.value(at, target) * factor;
                        if !value.is_finite() {
                            return Err("a leaf of its trees holds no finite number".to_owned());
                        }
                        if value != 0.0 || whole {
                            leaves.push(value, (&before, &way), &mut tests)?;
                            before.clone_from(&way);
                        }
                    }
                }
                n_visited += 1;
                if n_visited > MAX_VISITED {
                    return Err(too_many());
                }
            }
        }
        Ok(leaves)
    }

    fn push(
        &mut self,
        value: f64,
        (before, way): (&[Passed], &[Passed]),
        tests: &mut BTreeMap<u32, u32>,
    ) -> Result<(), String> {
        let (first_condition, first_player) = (self.conditions.len(), self.players.len());
        self.n_conditions += way.len();
        if self.n_conditions > MAX_CONDITIONS || self.leaves.len() > MAX_CONDITIONS {
            return Err(too_many());
        }
        let pairs = way.iter().zip(before);
        let shared = pairs.take_while(|(one, other)| one == other).count();
        for (depth, &(at, holds, player)) in way.iter().enumerate() {
            let own = self.players.get(first_player..).unwrap_or_default();
            let place = match own.iter().position(|&own| own as usize == player) {
                Some(place) => place,
                None => {
                    self.players.push(player as u32);
                    self.players.len() - 1 - first_player
                }
            };
            if place >= MAX_PLAYERS {
                return Err(format!(
                    "a leaf of its trees depends on more than {MAX_PLAYERS} input columns"
                ));
            }
            if depth < shared {
                continue;
            }
            let test = *tests.entry(at).or_insert_with(|| {
                self.tests.push(at);
                self.tests.len() as u32 - 1
            });
            self.conditions.push(Condition {
                test,
                holds,
                player: place as u8,
            });
        }
        self.leaves.push(Leaf {
            value,
            shared: shared as u32,
            own: first_condition as u32..self.conditions.len() as u32,
            players: first_player as u32..self.players.len() as u32,
        });
        Ok(())
    }

    /// Returns the players of a leaf.
    pub(super) fn players(&self, leaf: &Leaf) -> &[u32] {
        let Range { start, end } = leaf.players;
        self.players
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// Returns the conditions of a leaf that the leaf before does not share.
    fn own(&self, leaf: &Leaf) -> &[Condition] {
        let Range { start, end } = leaf.own;
        self.conditions
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// Shows each leaf with all conditions on the way to it.
    pub(super) fn each_way(&self, mut with: impl FnMut(&Leaf, &[Condition])) {
        let mut way = Vec::new();
        for leaf in &self.leaves {
            way.truncate(leaf.shared as usize);
            way.extend_from_slice(self.own(leaf));
            with(leaf, &way);
        }
    }

    /// Shows each leaf with a mask of its players that meet their conditions, where
    /// `holds` says which tests hold; `failed` is room for those that do not, by depth.
    pub(super) fn each_met(
        &self,
        holds: &[bool],
        failed: &mut Vec<u64>,
        mut with: impl FnMut(usize, &Leaf, u64),
    ) {
        failed.clear();
        for (at, leaf) in self.leaves.iter().enumerate() {
            failed.truncate(leaf.shared as usize);
            let mut now = failed.last().copied().unwrap_or(0);
            for condition in self.own(leaf) {
                let fails = holds.get(condition.test as usize) != Some(&condition.holds);
                now |= u64::from(fails) << condition.player;
                failed.push(now);
            }
            with(at, leaf, all(leaf.n_players()) & !now);
        }
    }
}

fn too_many() -> String {
    format!("the ways to its leaves have more than {MAX_CONDITIONS} tests")
}

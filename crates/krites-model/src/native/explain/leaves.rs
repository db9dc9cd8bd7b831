//! The leaves of a forest, each with the conditions on the way to it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::shapley::MAX_PLAYERS;
use super::trace::{TreeNode, Trees};

/// Conditions on the ways to all leaves
const MAX_CONDITIONS: usize = 1 << 23;

/// Places on the ways to all leaves, those of value zero with them
const MAX_VISITED: usize = 1 << 24;

/// Stands for the player of a column that depends on no input
pub(super) const NOBODY: usize = usize::MAX;

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

/// A leaf, once for each way to it
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) value: f64,
    pub(super) conditions: Range<usize>,
    /// Places of its players in [`Leaves::players`]
    pub(super) players: Range<usize>,
}

/// The leaves of a forest, tree by tree
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub(super) leaves: Vec<Leaf>,
    pub(super) conditions: Vec<Condition>,
    pub(super) players: Vec<usize>,
    /// Places of the tests in the forest
    pub(super) tests: Vec<u32>,
}

impl Leaves {
    /// Lists the leaves of `trees` with their values for a target, times a
    /// factor. `players` tells the player of a column. Leaves of value zero are
    /// left out unless `all` is set.
    ///
    /// # Errors
    ///
    /// Why there are no contributions.
    pub(super) fn of(
        trees: &dyn Trees,
        (target, factor): (u32, f64),
        all: bool,
        mut player: impl FnMut(usize) -> Option<usize>,
    ) -> Result<Self, String> {
        let mut leaves = Self::default();
        let mut tests = BTreeMap::new();
        let mut columns = BTreeMap::new();
        let mut way: Vec<(u32, bool, usize)> = Vec::new();
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
                        if value != 0.0 || all {
                            leaves.push(value, &way, &mut tests)?;
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
        way: &[(u32, bool, usize)],
        tests: &mut BTreeMap<u32, u32>,
    ) -> Result<(), String> {
        let (first_condition, first_player) = (self.conditions.len(), self.players.len());
        if first_condition + way.len() > MAX_CONDITIONS || self.leaves.len() > MAX_CONDITIONS {
            return Err(too_many());
        }
        for &(at, holds, player) in way {
            let test = *tests.entry(at).or_insert_with(|| {
                self.tests.push(at);
                self.tests.len() as u32 - 1
            });
            let own = self.players.get(first_player..).unwrap_or_default();
            let place = match own.iter().position(|&own| own == player) {
                Some(place) => place,
                None => {
                    self.players.push(player);
                    self.players.len() - 1 - first_player
                }
            };
            if place >= MAX_PLAYERS {
                return Err(format!(
                    "a leaf of its trees depends on more than {MAX_PLAYERS} input columns"
                ));
            }
            self.conditions.push(Condition {
                test,
                holds,
                player: place as u8,
            });
        }
        self.leaves.push(Leaf {
            value,
            conditions: first_condition..self.conditions.len(),
            players: first_player..self.players.len(),
        });
        Ok(())
    }

    /// Returns the conditions of a leaf.
    pub(super) fn conditions(&self, leaf: &Leaf) -> &[Condition] {
        self.conditions
            .get(leaf.conditions.clone())
            .unwrap_or_default()
    }

    /// Returns the players of a leaf.
    pub(super) fn players(&self, leaf: &Leaf) -> &[usize] {
        self.players.get(leaf.players.clone()).unwrap_or_default()
    }

    /// Masks the players of a leaf that meet their conditions, where `holds`
    /// says which tests hold.
    pub(super) fn met(&self, leaf: &Leaf, holds: &[bool]) -> u64 {
        let mut met = super::shapley::all(leaf.players.len());
        for condition in self.conditions(leaf) {
            let fails = holds.get(condition.test as usize) != Some(&condition.holds);
            met &= !(u64::from(fails) << condition.player);
        }
        met
    }
}

fn too_many() -> String {
    format!("the ways to its leaves have more than {MAX_CONDITIONS} tests")
}

//! An index over rows or rules: which of them a case leaves open, without asking each.
//!
//! Their conditions become clauses (`clause`), the values of slots are cut into coded
//! pieces (`axis`), and a tree over the codes (`tree`) leads to a leaf: the few clauses
//! that may hold, as bits, and for each code of an axis the bits that it leaves open. What
//! is found is a superset of what holds: entries that the index does not know whole are
//! asked themselves.
//!
//! Nothing is asked for on the way that the conditions themselves would not have asked
//! for, and nothing that could fault: an entry's clauses end where it may.

mod axis;
mod clause;
mod leaf;
mod set;
mod split;
#[cfg(test)]
mod tests;
mod texts;
mod tree;

pub(crate) use axis::{Axes, Place};
pub(crate) use leaf::{Leaf, LeafAxis};
pub(crate) use tree::{Node, Segments, Shape};

use axis::{Codes, coded};
use clause::{Clause, Clauses, Sets};
use tree::Builder;

use super::from_ir_expr::Compiler;
use super::{Producer, Slot, Truth};

/// Below so many entries each is asked
const FEWEST: usize = 4;

/// An index over entries
#[derive(Clone, Debug)]
pub(crate) struct Index {
    pub(crate) axes: Axes,
    pub(crate) nodes: Box<[Node]>,
    pub(crate) root: u32,
    pub(crate) shape: Shape,
    /// Whether each entry has one clause
    pub(crate) once: bool,
    /// Where segments of codes begin, but for the first
    pub(crate) starts: Box<[u32]>,
    /// Nodes by segment
    pub(crate) children: Box<[u32]>,
    pub(crate) leaf_axes: Box<[LeafAxis]>,
    /// Bits of leaves
    pub(crate) masks: Box<[u64]>,
    /// The entries of leaves
    pub(crate) entries: Box<[u32]>,
    /// Where the frame has room for codes
    pub(crate) room: usize,
}

/// The conditions of entries, each given once though many entries share it
#[derive(Default)]
pub(super) struct Entries<'t> {
    pub(super) conditions: Vec<&'t Truth>,
    pub(super) entries: Vec<Entry>,
}

impl<'t> Entries<'t> {
    /// Adds a condition; returns its position.
    pub(super) fn condition(&mut self, truth: &'t Truth) -> u32 {
        self.conditions.push(truth);
        tree::number(self.conditions.len() - 1)
    }
}

/// A row or a rule
pub(super) struct Entry {
    /// The conditions that must all hold, by position, in the order in which they are
    /// asked
    pub(super) conditions: Vec<u32>,
    /// Whether something else is asked behind them
    pub(super) asked: bool,
}

/// A clause of an entry: on axes, the codes that it leaves open
struct CodedClause {
    entry: u32,
    /// By position among the sets
    tests: Vec<u32>,
    /// Whether the entry's conditions hold where it does
    exact: bool,
}

/// Clauses with the codes that they leave open
struct CodedClauses {
    clauses: Vec<CodedClause>,
    sets: Vec<(u32, Codes)>,
    /// By axis: how many codes it has
    counts: Vec<u32>,
}

impl Compiler {
    /// Makes an index, where it saves asking. Beside inputs, `there` are slots that were
    /// asked for before; `room` is how much the frame has for codes, and an index adds
    /// its own.
    pub(super) fn index(
        &self,
        entries: &Entries<'_>,
        there: &[Slot],
        room: &mut usize,
    ) -> Option<Index> {
        if self.plain || entries.entries.len() < FEWEST {
            return None;
        }
        let at_hand = |slot: Slot| {
            let producer = self.producers.get(slot.id as usize);
            let date = self.decision_date;
            matches!(producer, Some(Producer::Input(_)))
                || date == Some(slot)
                || there.contains(&slot)
        };
        let mut sets = Sets::new(&at_hand);
        let conditions = entries.conditions.iter();
        let conditions: Vec<_> = conditions.map(|truth| sets.condition(truth)).collect();
        let clauses = clauses(entries, &conditions)?;
        let coded = coded(&sets.sets, &self.defaults);
        let clauses = CodedClauses {
            clauses,
            sets: coded.sets,
            counts: coded.counts,
        };
        let mut index = Builder::new(&clauses).index(coded.axes);
        index.room = *room;
        // The codes of a case, and behind them where the masks of its leaf are
        *room += 2 * clauses.counts.len();
        Some(index)
    }
}

/// The clauses of all entries, in order; `None` where these leave too few entries out.
fn clauses(entries: &Entries<'_>, conditions: &[Clauses]) -> Option<Vec<CodedClause>> {
    let mut clauses = Vec::with_capacity(entries.entries.len());
    let mut tested = 0;
    for (number, entry) in (0_u32..).zip(&entries.entries) {
        let (any, exact) = joined(conditions, &entry.conditions);
        tested += usize::from(any.iter().all(|clause| !clause.is_empty()));
        clauses.extend(any.into_iter().map(|tests| CodedClause {
            entry: number,
            tests,
            exact: exact && !entry.asked,
        }));
    }
    (tested * 2 >= entries.entries.len()).then_some(clauses)
}

/// Brings the clauses of conditions together that must all hold; tells whether these say
/// it all.
fn joined(conditions: &[Clauses], parts: &[u32]) -> (Vec<Clause>, bool) {
    let mut all = vec![Clause::new()];
    let mut exact = true;
    for part in parts {
        let Some(condition) = conditions.get(*part as usize) else {
            continue;
        };
        exact &= condition.exact;
        if all.len() * condition.any.len() > clause::MOST_CLAUSES {
            exact = false;
        } else if let ([one], [other]) = (all.as_mut_slice(), condition.any.as_slice()) {
            one.extend_from_slice(other);
        } else {
            all = all
                .iter()
                .flat_map(|one| {
                    let each = condition.any.iter();
                    each.map(|other| [one.as_slice(), other].concat())
                })
                .collect();
        }
        if condition.costly {
            exact = false;
            break;
        }
    }
    (all, exact)
}

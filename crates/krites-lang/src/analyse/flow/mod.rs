//! What rests on what: a policy as a graph of what is computed, from inputs to results.
//!
//! It errs on one side alone: what an expression names counts as read, whatever it comes
//! to. What decides whether something is asked needs no edges of its own, since all that
//! a decision asks is read by something that rests on what asks it, up to a result.
//! Invariant: built in time linear in the policy, the same for the same policy.

mod from_ir;
mod reads;

use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, VecDeque};

use crate::Span;
use crate::ids::{
    AlwaysId, DefinitionId, GroupId, InputId, ListId, LocalId, ModelId, OutputId, RuleId,
    SubpolicyId, TableId,
};

/// Something that is given or computed
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Input(InputId),
    List(ListId),
    /// Whether a group on request is there, and whether it is not stale
    Group(GroupId),
    Definition(DefinitionId),
    /// Which rows of a table match
    Rows(TableId),
    /// Which of the rows of a rank that match are kept, and in which order
    Kept(TableId),
    /// An output of a table
    Cell(TableId, u32),
    /// What cells of a rank read of the row at hand
    Local(LocalId),
    Model(ModelId),
    Subpolicy(SubpolicyId),
    /// Whether a rule fires, and for what
    Fires(RuleId),
    /// The outcome, the reasons of what spoke, and the tags
    Outcome,
    /// What is decided with the outcome
    Decided(u32),
    Output(OutputId),
    /// The reasons of shortfalls and contributions
    Shortfalls,
    /// An `always` without which there is no decision
    Enforced(AlwaysId),
    /// An `always` that is only noted
    Noted(AlwaysId),
    /// A rule in shadow
    InShadow(RuleId),
}

impl Node {
    pub(super) fn is_result(self) -> bool {
        matches!(
            self,
            Node::Outcome
                | Node::Decided(_)
                | Node::Output(_)
                | Node::Shortfalls
                | Node::Enforced(_)
        )
    }
}

/// How one thing rests on another
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum How<'p> {
    /// As a part of the same thing: not worth a word
    Within,
    /// It reads it
    Reads,
    /// It is fed it, under a name where there is one
    Fed(Option<&'p str>),
    /// A table tests it
    Tests,
    /// It decides whether this is given, fires or is asked
    Decides,
    /// It stands before this, which is asked only then
    Precedes,
    /// It speaks
    Speaks,
}

/// That one thing rests on another
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge<'p> {
    pub(super) from: Node,
    pub(super) to: Node,
    pub(super) how: How<'p>,
    /// What is named of `from`, where that is one of several answers
    pub(super) answer: Option<u32>,
    pub(super) span: Span,
}

/// All edges of a policy, by what they come from
#[derive(Debug, Default)]
pub(super) struct Flow<'p> {
    edges: BTreeMap<Node, Vec<Edge<'p>>>,
}

impl<'p> Flow<'p> {
    fn add(&mut self, edge: Edge<'p>) {
        self.edges.entry(edge.from).or_default().push(edge);
    }

    /// All that may be asked for, directly or not, for one of several things.
    pub(super) fn asked_for(&self, by: impl Iterator<Item = Node>) -> BTreeSet<Node> {
        let mut read: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for edge in self.edges.values().flatten() {
            read.entry(edge.to).or_default().push(edge.from);
        }
        let mut open: Vec<Node> = by.collect();
        let mut reached = BTreeSet::new();
        while let Some(node) = open.pop() {
            if reached.insert(node) {
                open.extend(read.get(&node).into_iter().flatten());
            }
        }
        reached
    }

    /// Tells whether something that is not `within` the same thing reads this.
    pub(super) fn is_read(&self, node: Node, within: impl Fn(Node) -> bool) -> bool {
        let readers = self.edges.get(&node).into_iter().flatten();
        readers.map(|edge| edge.to).any(|reader| !within(reader))
    }

    /// All that rests on one of several things, these included.
    pub(super) fn resting_on(&self, on: impl Iterator<Item = Node>) -> BTreeSet<Node> {
        let mut open: Vec<Node> = on.collect();
        let mut reached = BTreeSet::new();
        while let Some(node) = open.pop() {
            if reached.insert(node) {
                let readers = self.edges.get(&node).into_iter().flatten();
                open.extend(readers.map(|edge| edge.to));
            }
        }
        reached
    }

    /// Finds the shortest way from one of several things to a result, breadth first.
    pub(super) fn way_to_result(&self, from: &[Node]) -> Option<Vec<Edge<'p>>> {
        let mut reached: BTreeMap<Node, Option<Edge<'p>>> =
            from.iter().map(|node| (*node, None)).collect();
        let mut open: VecDeque<Node> = from.iter().copied().collect();
        while let Some(node) = open.pop_front() {
            if node.is_result() {
                return Some(way_back(&reached, node));
            }
            for edge in self.edges.get(&node).into_iter().flatten() {
                if let Entry::Vacant(place) = reached.entry(edge.to) {
                    place.insert(Some(*edge));
                    open.push_back(edge.to);
                }
            }
        }
        None
    }
}

/// The edges over which a node was reached, the first one first.
fn way_back<'p>(reached: &BTreeMap<Node, Option<Edge<'p>>>, to: Node) -> Vec<Edge<'p>> {
    let mut way = Vec::new();
    let mut at = to;
    while let Some(Some(edge)) = reached.get(&at) {
        way.push(*edge);
        at = edge.from;
    }
    way.reverse();
    way
}

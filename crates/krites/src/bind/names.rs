//! The names that a policy's inputs have on the wire, as a tree: `applicant.age` is
//! the leaf `age` of the record `applicant`. It is the one schema by which JSON, rows
//! and typed facts are bound.

mod key;
mod outline;
mod refuse;

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering as Memory};

use krites_lang::{Frame, Id as _, InputError, InputId, ListId, Program};

use super::error::{BindError, BindProblem};
pub(super) use key::{Key, KeyIndex, Spot};
pub(super) use outline::Outline;
pub(crate) use refuse::shown;

/// Every input of one program by name
#[derive(Debug)]
pub(crate) struct Names {
    /// Unlike that of any other `Names` of this process
    identity: u64,
    outline: Outline,
    nodes: Vec<Node>,
    /// By series: its elements in order
    series: Vec<Box<[NodeId]>>,
    /// By [`KeyIndex`]
    keys: Box<[Key]>,
}

/// Fields that are no inputs: the record that each lies in, and its dotted name
pub(super) type Met = Vec<(NodeId, String)>;

/// A node of [`Names`]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeId(u32);

impl NodeId {
    /// The record that holds all inputs
    pub(super) const ROOT: NodeId = NodeId(0);
}

/// What stands under a name
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Further names
    Record,
    /// The value of an input
    Input(InputId),
    /// The elements of a series in order
    Series(usize),
    /// The elements of a list: each a record of the names below, or a plain value
    List(ListId, Option<InputId>),
}

/// A record, an input, a series or a list
#[derive(Debug)]
pub(super) struct Node {
    /// The last part of its name
    pub(super) name: Box<str>,
    /// Its dotted name; empty for the root
    pub(super) dotted: Box<str>,
    /// The record that it lies in; the root's own for the root
    pub(super) parent: NodeId,
    pub(super) holds: Holds,
    /// The input's name in the policy, where that is another one
    own_name: Option<Box<str>>,
    /// Whether it is private, or has a private input below
    pub(super) private: bool,
    /// Whether it is a group on request: as a whole it may be left out
    group: bool,
    /// Sorted by [`order`]
    children: Vec<(Box<str>, NodeId)>,
}

impl Names {
    /// Reads the names of `program`'s inputs.
    pub(crate) fn new(program: &Program) -> Names {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let identity = NEXT.fetch_add(1, Memory::Relaxed);
        let mut names = Names {
            identity,
            outline: Outline::default(),
            nodes: vec![Node::record("", "", NodeId::ROOT)],
            series: Vec::new(),
            keys: Box::default(),
        };
        let mut by_input = Vec::new();
        for (id, input) in program.policy().inputs.iter_ids() {
            let node = names.insert(Holds::Input(id), &input.wire, input.private);
            let own_name = (input.wire != input.name).then(|| (&*input.name).into());
            names.node_mut(node).own_name = own_name;
            by_input.push(node);
        }
        for (position, series) in program.policy().series.iter().enumerate() {
            let elements = series.inputs.iter();
            let elements: Box<[NodeId]> = elements
                .filter_map(|id| by_input.get(id.position()).copied())
                .collect();
            let private = elements.iter().any(|node| names.node(*node).private);
            names.series.push(elements);
            names.insert(Holds::Series(position), &series.wire, private);
        }
        names.insert_lists(program);
        for group in &program.policy().groups {
            if let Some(node) = names.find(NodeId::ROOT, &group.wire) {
                names.node_mut(node).group = true;
            }
        }
        names.make_keys();
        names.outline = Outline::of(&names);
        names
    }

    fn insert_lists(&mut self, program: &Program) {
        // A list stands before those within it.
        let mut by_list: Vec<NodeId> = Vec::new();
        for (id, list) in program.policy().lists.iter_ids() {
            let around = list.within.and_then(|outer| by_list.get(outer.position()));
            let around = around.copied().unwrap_or(NodeId::ROOT);
            let plain = list.is_plain().then(|| program.field(id, 0)).flatten();
            let holds = Holds::List(id, plain);
            let node = self.insert_below(around, holds, &list.wire, list.private);
            self.node_mut(node).own_name = (list.wire != list.name).then(|| (&*list.name).into());
            by_list.push(node);
            if plain.is_some() {
                continue;
            }
            for (position, field) in list.fields.iter().enumerate() {
                let Some(input) = program.field(id, position) else {
                    continue;
                };
                let held = Holds::Input(input);
                let place = self.insert_below(node, held, &field.wire, field.private);
                let own_name = || self.below(node, &field.name).into();
                let own_name = (field.wire != field.name).then(own_name);
                self.node_mut(place).own_name = own_name;
            }
        }
    }

    fn insert(&mut self, holds: Holds, dotted: &str, private: bool) -> NodeId {
        self.insert_below(NodeId::ROOT, holds, dotted, private)
    }

    fn insert_below(
        &mut self,
        around: NodeId,
        holds: Holds,
        dotted: &str,
        private: bool,
    ) -> NodeId {
        let mut at = around;
        self.node_mut(at).private |= private;
        for part in dotted.split('.') {
            at = match self.position(at, part) {
                Ok(known) => known,
                Err(position) => {
                    let new = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
                    let whole = self.below(at, part);
                    self.nodes.push(Node::record(part, &whole, at));
                    self.node_mut(at)
                        .children
                        .insert(position, (part.into(), new));
                    new
                }
            };
            self.node_mut(at).private |= private;
        }
        self.node_mut(at).holds = holds;
        at
    }

    /// Finds a child, or the position where it would stand.
    fn position(&self, below: NodeId, name: &str) -> Result<NodeId, usize> {
        let children = &self.node(below).children;
        let position = children.binary_search_by(|(child, _)| order(child, name))?;
        children.get(position).map(|(_, id)| *id).ok_or(position)
    }

    pub(crate) fn identity(&self) -> u64 {
        self.identity
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a node id is made by the names that it indexes"
    )]
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a node id is made by the names that it indexes"
    )]
    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    /// Finds what `name` stands for below a record; it may be dotted itself.
    pub(super) fn find(&self, below: NodeId, name: &str) -> Option<NodeId> {
        match self.position(below, name) {
            Ok(found) => Some(found),
            Err(_) if name.contains('.') => name.split('.').try_fold(below, |at, part| {
                // What lies within a list's elements has no name outside of them.
                let inside = at == below || !matches!(self.node(at).holds, Holds::List(..));
                self.position(at, part).ok().filter(|_| inside)
            }),
            Err(_) => None,
        }
    }

    /// Finds an input by its dotted name.
    pub(super) fn input(&self, dotted: &str) -> Option<InputId> {
        self.node(self.find(NodeId::ROOT, dotted)?).input()
    }

    /// All records, inputs, series and lists
    pub(super) fn all(&self) -> impl Iterator<Item = NodeId> {
        (0..).zip(&self.nodes).map(|(position, _)| NodeId(position))
    }

    /// Finds a list by its dotted name.
    pub(super) fn list(&self, dotted: &str) -> Option<(NodeId, ListId)> {
        let node = self.find(NodeId::ROOT, dotted)?;
        match self.node(node).holds {
            Holds::List(list, _) => Some((node, list)),
            Holds::Record | Holds::Input(_) | Holds::Series(_) => None,
        }
    }

    /// Finds an input that a host names, or all elements of a series.
    ///
    /// # Errors
    ///
    /// [`BindError`] names the input that was probably meant.
    pub(crate) fn named(&self, dotted: &str) -> Result<Vec<InputId>, BindError> {
        let found = self.find(NodeId::ROOT, dotted);
        if found.is_some_and(|node| self.node(node).group) {
            // It may come later without being named.
            return Ok(Vec::new());
        }
        let found = found.filter(|node| self.node(*node).holds != Holds::Record);
        let Some(node) = found else {
            return Err(self.unknown(NodeId::ROOT, dotted));
        };
        if let Holds::List(..) = self.node(node).holds {
            return Err(BindError::new(BindProblem::Shape {
                field: Some(shown(dotted)),
                expected: "an input that may come later".to_owned(),
                got: "a list",
            }));
        }
        let places = std::iter::once(&node).chain(self.elements(node));
        Ok(places
            .filter_map(|place| self.node(*place).input())
            .collect())
    }

    /// Sets an input to missing, or every input of a series or record.
    pub(super) fn set_missing(
        &self,
        program: &Program,
        frame: &mut Frame,
        node: NodeId,
    ) -> Result<(), InputError> {
        let found = self.node(node);
        let mut children = found.children.iter().map(|(_, child)| *child);
        let mut elements = self.elements(node).iter().copied();
        let mut set = |node| self.set_missing(program, frame, node);
        match found.holds {
            Holds::Input(id) => program.set_missing(frame, id),
            Holds::List(list, _) => program.set_list_missing(frame, list),
            Holds::Series(_) => elements.try_for_each(set),
            // It is not given.
            Holds::Record if found.group => Ok(()),
            // A series within it has its elements there too, or elsewhere.
            Holds::Record => children.try_for_each(|child| match self.node(child).holds {
                Holds::Series(_) => Ok(()),
                Holds::Record | Holds::Input(_) | Holds::List(..) => set(child),
            }),
        }
    }

    /// The elements of a series, in order.
    pub(super) fn elements(&self, node: NodeId) -> &[NodeId] {
        let elements = match self.node(node).holds {
            Holds::Series(at) => self.series.get(at),
            Holds::Record | Holds::Input(_) | Holds::List(..) => None,
        };
        elements.map_or(&[], |elements| elements)
    }
}

impl Node {
    fn record(name: &str, dotted: &str, parent: NodeId) -> Node {
        let (name, dotted) = (name.into(), dotted.into());
        Node {
            name,
            dotted,
            parent,
            holds: Holds::Record,
            own_name: None,
            private: false,
            group: false,
            children: Vec::new(),
        }
    }

    /// The input that it stands for
    pub(super) fn input(&self) -> Option<InputId> {
        match self.holds {
            Holds::Input(id) => Some(id),
            Holds::Record | Holds::Series(_) | Holds::List(..) => None,
        }
    }
}

/// By length first: most comparisons end there.
fn order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::super::testing::program;
    use super::*;

    #[test]
    fn names_are_found_part_by_part_and_dotted() {
        let program = program();
        let names = Names::new(&program);
        let applicant = names.find(NodeId::ROOT, "applicant").unwrap();
        let age = names.find(applicant, "age").unwrap();
        assert_eq!(names.find(NodeId::ROOT, "applicant.age"), Some(age));
        assert_eq!(&*names.node(age).dotted, "applicant.age");
        assert_eq!(names.find(NodeId::ROOT, "age"), None);
        assert_eq!(names.find(NodeId::ROOT, "applicant."), None);
        assert_eq!(names.find(NodeId::ROOT, ""), None);
        let all = program.policy().inputs.iter_ids();
        assert!(
            all.into_iter()
                .all(|(id, input)| names.input(&input.name) == Some(id))
        );
    }
}

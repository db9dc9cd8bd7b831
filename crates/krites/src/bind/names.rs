//! The names that a policy's inputs have on the wire, as a tree: `applicant.age` is
//! the leaf `age` of the record `applicant`. It is the one schema by which JSON, rows
//! and typed facts are bound.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering as Memory};

use krites_lang::{Frame, Id as _, InputError, InputId, InputProblem, Program, did_you_mean};

use super::error::{BindError, BindProblem};

/// Most characters of a caller's field name that an error repeats
const SHOWN_NAME: usize = 80;

/// Every input of one program by name
#[derive(Debug)]
pub(crate) struct Names {
    /// Unlike that of any other `Names` of this process
    identity: u64,
    nodes: Vec<Node>,
    /// By series: its elements in order
    series: Vec<Box<[NodeId]>>,
}

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
}

/// A record, an input or a series
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
            nodes: vec![Node::record("", "", NodeId::ROOT)],
            series: Vec::new(),
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
        names
    }

    fn insert(&mut self, holds: Holds, dotted: &str, private: bool) -> NodeId {
        let mut at = NodeId::ROOT;
        let mut end = 0;
        self.node_mut(at).private |= private;
        for part in dotted.split('.') {
            end += part.len();
            at = match self.position(at, part) {
                Ok(known) => known,
                Err(position) => {
                    let new = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
                    self.nodes
                        .push(Node::record(part, dotted.get(..end).unwrap_or(dotted), at));
                    self.node_mut(at)
                        .children
                        .insert(position, (part.into(), new));
                    new
                }
            };
            self.node_mut(at).private |= private;
            end += 1;
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

    pub(super) fn identity(&self) -> u64 {
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
            Err(_) if name.contains('.') => name
                .split('.')
                .try_fold(below, |at, part| self.position(at, part).ok()),
            Err(_) => None,
        }
    }

    /// Finds an input by its dotted name.
    pub(super) fn input(&self, dotted: &str) -> Option<InputId> {
        self.node(self.find(NodeId::ROOT, dotted)?).input()
    }

    /// Finds an input that a host names, or all elements of a series.
    ///
    /// # Errors
    ///
    /// [`BindError`] names the input that was probably meant.
    pub(crate) fn named(&self, dotted: &str) -> Result<Vec<InputId>, BindError> {
        let found = self.find(NodeId::ROOT, dotted);
        let found = found.filter(|node| self.node(*node).holds != Holds::Record);
        let Some(node) = found else {
            return Err(self.unknown(NodeId::ROOT, dotted));
        };
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
            Holds::Series(_) => elements.try_for_each(set),
            // A series within it has its elements there too, or elsewhere.
            Holds::Record => children.try_for_each(|child| match self.node(child).holds {
                Holds::Series(_) => Ok(()),
                Holds::Record | Holds::Input(_) => set(child),
            }),
        }
    }

    /// Makes the error for a field that stands for nothing.
    #[cold]
    pub(super) fn unknown(&self, below: NodeId, name: &str) -> BindError {
        let field = self.below(below, name);
        let near = self.near(below, &field);
        BindError::new(BindProblem::Unknown { field, near })
    }

    /// Returns the input that was probably meant by a name that stands for
    /// nothing: one of the same last part, one of the same record, any.
    pub(super) fn near(&self, below: NodeId, dotted: &str) -> Option<String> {
        let inputs = || self.nodes.iter().filter(|node| node.holds != Holds::Record);
        let own_name = |node: &&Node| node.own_name.as_deref() == Some(dotted);
        if let Some(node) = inputs().find(own_name) {
            return Some(node.dotted.to_string());
        }
        // A row has no lists and no records: a column stands for an element or a field.
        if let Some(found) = self.find(NodeId::ROOT, dotted) {
            let first = self.elements(found).first();
            return first.map(|first| self.node(*first).dotted.to_string());
        }
        let last = dotted.rsplit('.').next().unwrap_or(dotted);
        let mut same = inputs().filter(|node| *node.name == *last);
        if let (Some(node), None) = (same.next(), same.next()) {
            return Some(node.dotted.to_string());
        }
        let siblings = self.node(below).children.iter().map(|(name, _)| &**name);
        if let Some(near) = did_you_mean(last, siblings) {
            let found = self.find(below, near)?;
            return Some(self.node(found).dotted.to_string());
        }
        did_you_mean(dotted, inputs().map(|node| &*node.dotted)).map(str::to_owned)
    }

    /// Makes the error for a value in the place of a record, or for a record in
    /// the place of a value.
    #[cold]
    pub(super) fn shape(&self, program: &Program, node: NodeId, got: &'static str) -> BindError {
        let found = self.node(node);
        let expected = match found.holds {
            Holds::Input(id) => return Self::shape_of(program, id, got),
            Holds::Series(_) => {
                format!("a list of {} values", self.elements(node).len())
            }
            Holds::Record => self.record_words(found),
        };
        let field = (!found.dotted.is_empty()).then(|| found.dotted.to_string());
        BindError::new(BindProblem::Shape {
            field,
            expected,
            got,
        })
    }

    fn shape_of(program: &Program, id: InputId, got: &str) -> BindError {
        let detail = format!("expected {}, got {got}", program.expected(id));
        program.refuse(id, InputProblem::Shape { detail }).into()
    }

    /// The elements of a series, in order.
    pub(super) fn elements(&self, node: NodeId) -> &[NodeId] {
        let elements = match self.node(node).holds {
            Holds::Series(at) => self.series.get(at),
            Holds::Record | Holds::Input(_) => None,
        };
        elements.map_or(&[], |elements| elements)
    }

    /// Makes the error for a series of another length than the policy's.
    #[cold]
    pub(super) fn length(&self, node: NodeId, expected: usize, got: usize) -> BindError {
        BindError::new(BindProblem::Length {
            field: self.node(node).dotted.to_string(),
            expected,
            got,
        })
    }

    /// Makes the error for a name that stands twice in one object.
    #[cold]
    pub(super) fn twice(&self, below: NodeId, name: &str) -> BindError {
        BindError::new(BindProblem::Twice {
            field: self.below(below, name),
        })
    }

    /// A caller's name below a record, for messages.
    pub(super) fn below(&self, below: NodeId, name: &str) -> String {
        let (record, name) = (&self.node(below).dotted, shown(name));
        match record.is_empty() {
            true => name,
            false => format!("{record}.{name}"),
        }
    }

    /// Makes the error for inputs that cannot be finished; where one was not given
    /// and unknown fields were passed over, `met` tells which, and one of them may
    /// have been meant for it.
    #[cold]
    pub(super) fn unfinished(
        &self,
        program: &Program,
        error: InputError,
        met: impl FnOnce() -> Vec<String>,
    ) -> BindError {
        if *error.problem() != InputProblem::NotGiven {
            return error.into();
        }
        let mut inputs = program.policy().inputs.iter();
        let Some(wanted) = inputs.find(|input| *input.name == *error.field()) else {
            return error.into();
        };
        let met = met();
        let meant = |met: &&String| self.near(NodeId::ROOT, met).as_deref() == Some(&*wanted.wire);
        let near = met.iter().find(meant).map(String::as_str);
        match near.or_else(|| did_you_mean(&wanted.wire, met.iter().map(String::as_str))) {
            Some(near) => BindError::new(BindProblem::NotGiven {
                near: near.to_owned(),
                input: error,
            }),
            None => error.into(),
        }
    }

    fn record_words(&self, record: &Node) -> String {
        const LISTED: usize = 3;
        let mut names: Vec<&str> = record.children.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        let mut words: Vec<String> = names
            .iter()
            .take(LISTED)
            .map(|name| format!("`{name}`"))
            .collect();
        if names.len() > LISTED {
            words.push("…".to_owned());
        }
        match words.is_empty() {
            true => "a record".to_owned(),
            false => format!("a record of {}", words.join(", ")),
        }
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
            children: Vec::new(),
        }
    }

    /// The input that it stands for
    pub(super) fn input(&self) -> Option<InputId> {
        match self.holds {
            Holds::Input(id) => Some(id),
            Holds::Record | Holds::Series(_) => None,
        }
    }
}

/// By length first: most comparisons end there.
fn order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// A caller's name for a message: one line, of bounded length.
pub(super) fn shown(name: &str) -> String {
    let mut shown: String = name
        .chars()
        .take(SHOWN_NAME)
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect();
    if shown.len() < name.len() && name.chars().nth(SHOWN_NAME).is_some() {
        shown.push('…');
    }
    shown
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

    #[test]
    fn a_near_miss_is_looked_for_where_it_is_likely() {
        let program = program();
        let names = Names::new(&program);
        let near = |dotted: &str| names.near(NodeId::ROOT, dotted);
        assert_eq!(near("age").as_deref(), Some("applicant.age"));
        assert_eq!(near("aplicant.age").as_deref(), Some("applicant.age"));
        assert_eq!(near("zzz"), None);
        let applicant = names.find(NodeId::ROOT, "applicant").unwrap();
        let error = names.unknown(applicant, "agee");
        let words = "there is no input `applicant.agee`; did you mean `applicant.age`?";
        assert_eq!(error.to_string(), words);
    }

    #[test]
    fn a_long_or_broken_name_is_cut() {
        assert_eq!(shown("a\nb"), "a\u{fffd}b");
        assert_eq!(shown(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shown(&"é".repeat(81)).chars().count(), 81);
    }
}

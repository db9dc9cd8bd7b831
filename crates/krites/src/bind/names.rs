//! The dotted names of a policy's inputs as a tree: `applicant.age` is the leaf
//! `age` of the record `applicant`.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicU64, Ordering as Memory};

use krites_lang::{Frame, InputError, InputId, InputProblem, Program, did_you_mean};

use super::error::{BindError, BindProblem};

/// Most characters of a caller's field name that an error repeats
const SHOWN_NAME: usize = 80;

/// Every input of one program by name
#[derive(Debug)]
pub(crate) struct Names {
    /// Unlike that of any other `Names` of this process
    identity: u64,
    nodes: Vec<Node>,
}

/// A node of [`Names`]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(u32);

impl NodeId {
    /// The record that holds all inputs
    pub(super) const ROOT: NodeId = NodeId(0);
}

/// A record or an input
#[derive(Debug)]
pub(super) struct Node {
    /// The last part of its name
    pub(super) name: Box<str>,
    /// Its dotted name; empty for the root
    pub(super) dotted: Box<str>,
    /// The record that it lies in; the root's own for the root
    pub(super) parent: NodeId,
    /// The input that it stands for; `None` for a record
    pub(super) input: Option<InputId>,
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
        };
        for (id, input) in program.policy().inputs.iter_ids() {
            names.insert(id, &input.wire, input.private);
        }
        names
    }

    fn insert(&mut self, id: InputId, dotted: &str, private: bool) {
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
        self.node_mut(at).input = Some(id);
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
        self.node(self.find(NodeId::ROOT, dotted)?).input
    }

    /// Finds an input that a host names.
    ///
    /// # Errors
    ///
    /// [`BindError`] names the input that was probably meant.
    pub(crate) fn named(&self, dotted: &str) -> Result<InputId, BindError> {
        self.input(dotted)
            .ok_or_else(|| self.unknown(NodeId::ROOT, dotted))
    }

    /// Sets an input to missing, or every input of a record.
    pub(super) fn set_missing(
        &self,
        program: &Program,
        frame: &mut Frame,
        node: NodeId,
    ) -> Result<(), InputError> {
        let found = self.node(node);
        if let Some(id) = found.input {
            return program.set_missing(frame, id);
        }
        found
            .children
            .iter()
            .try_for_each(|(_, child)| self.set_missing(program, frame, *child))
    }

    /// Makes the error for a field that stands for nothing.
    #[cold]
    pub(super) fn unknown(&self, below: NodeId, name: &str) -> BindError {
        let record = &self.node(below).dotted;
        let name = shown(name);
        let field = if record.is_empty() {
            name
        } else {
            format!("{record}.{name}")
        };
        let near = self.near(below, &field);
        BindError::new(BindProblem::Unknown { field, near })
    }

    /// Returns the input that was probably meant by a name that stands for
    /// nothing: one of the same last part, one of the same record, any.
    pub(super) fn near(&self, below: NodeId, dotted: &str) -> Option<String> {
        let inputs = || self.nodes.iter().filter(|node| node.input.is_some());
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
        if let Some(id) = found.input {
            let detail = format!("expected {}, got {got}", program.expected(id));
            return program.refuse(id, InputProblem::Shape { detail }).into();
        }
        let field = (!found.dotted.is_empty()).then(|| found.dotted.to_string());
        BindError::new(BindProblem::Shape {
            field,
            expected: self.record_words(found),
            got,
        })
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
            input: None,
            private: false,
            children: Vec::new(),
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

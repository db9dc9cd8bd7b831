//! What is said of names and values that do not fit, and which name was meant.

use krites_lang::{InputId, InputProblem, Program, did_you_mean};

use super::super::error::{BindError, BindProblem};
use super::{Holds, Met, Names, Node, NodeId};

/// Most characters of a caller's field name that an error repeats
const SHOWN_NAME: usize = 80;

impl Names {
    /// Makes the error for a field that stands for nothing.
    #[cold]
    pub(in crate::bind) fn unknown(&self, below: NodeId, name: &str) -> BindError {
        let field = self.below(below, name);
        let near = self.near(below, &field);
        BindError::new(BindProblem::Unknown { field, near })
    }

    /// Returns the input that was probably meant by a name that stands for
    /// nothing: one of the same last part, one of the same record, any; in a list's
    /// elements one of theirs.
    pub(in crate::bind) fn near(&self, below: NodeId, dotted: &str) -> Option<String> {
        let around = self.list_around(below);
        let beside =
            |node: &&Node| node.holds != Holds::Record && self.list_around(node.parent) == around;
        let inputs = || self.nodes.iter().filter(beside);
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

    /// The innermost list whose elements a node lies in, or is.
    pub(in crate::bind) fn list_around(&self, node: NodeId) -> Option<NodeId> {
        let mut at = node;
        loop {
            match self.node(at) {
                found if matches!(found.holds, Holds::List(..)) => return Some(at),
                _ if at == NodeId::ROOT => return None,
                found => at = found.parent,
            }
        }
    }

    /// Makes the error for a value in the place of a record, or for a record in
    /// the place of a value.
    #[cold]
    pub(in crate::bind) fn shape(
        &self,
        program: &Program,
        node: NodeId,
        got: &'static str,
    ) -> BindError {
        let found = self.node(node);
        if let Holds::Input(id) = found.holds {
            return Self::shape_of(program, id, got);
        }
        let expected = self.expected(program, node, false);
        let field = (!found.dotted.is_empty()).then(|| found.dotted.to_string());
        BindError::new(BindProblem::Shape {
            field,
            expected,
            got,
        })
    }

    /// What stands at a node, in words; of a list, where `of_list`, an element.
    pub(in crate::bind) fn expected(
        &self,
        program: &Program,
        node: NodeId,
        of_list: bool,
    ) -> String {
        let found = self.node(node);
        match found.holds {
            Holds::Input(id) => program.expected(id),
            Holds::List(_, Some(id)) if of_list => program.expected(id),
            Holds::Series(_) => format!("a list of {} values", self.elements(node).len()),
            Holds::List(_, Some(_)) => "a list of values".to_owned(),
            Holds::List(_, None) if !of_list => "a list of records".to_owned(),
            Holds::List(..) | Holds::Record => self.record_words(found),
        }
    }

    /// Makes the error for another kind of value in the place of a list's element.
    #[cold]
    pub(in crate::bind) fn element_shape(
        &self,
        program: &Program,
        node: NodeId,
        got: &'static str,
    ) -> BindError {
        let found = self.node(node);
        match found.holds {
            Holds::List(_, Some(id)) => Self::shape_of(program, id, got),
            _ => BindError::new(BindProblem::Shape {
                field: Some(format!("{}[]", found.dotted)),
                expected: self.record_words(found),
                got,
            }),
        }
    }

    fn shape_of(program: &Program, id: InputId, got: &str) -> BindError {
        let detail = format!("expected {}, got {got}", program.expected(id));
        program.refuse(id, InputProblem::Shape { detail }).into()
    }

    /// Makes the error for a series of another length than the policy's.
    #[cold]
    pub(in crate::bind) fn length(&self, node: NodeId, expected: usize, got: usize) -> BindError {
        BindError::new(BindProblem::Length {
            field: self.node(node).dotted.to_string(),
            expected,
            got,
        })
    }

    /// Makes the error for a name that stands twice in one object.
    #[cold]
    pub(in crate::bind) fn twice(&self, below: NodeId, name: &str) -> BindError {
        BindError::new(BindProblem::Twice {
            field: self.below(below, name),
        })
    }

    /// A caller's name below a record, for messages.
    pub(in crate::bind) fn below(&self, below: NodeId, name: &str) -> String {
        let (around, name) = (self.node(below), shown(name));
        let record = &around.dotted;
        match around.holds {
            Holds::List(..) => format!("{record}[].{name}"),
            _ if record.is_empty() => name,
            _ => format!("{record}.{name}"),
        }
    }

    /// Adds to the error for what was not given which field may have been meant for it,
    /// where unknown fields were passed over: `met` tells them.
    #[cold]
    pub(in crate::bind) fn meant(
        &self,
        program: &Program,
        error: BindError,
        met: impl FnOnce() -> Met,
    ) -> BindError {
        let BindProblem::Input(input) = error.problem() else {
            return error;
        };
        if *input.problem() != InputProblem::NotGiven {
            return error;
        }
        let Some(wanted) = self.wanted(program, input.field()) else {
            return error;
        };
        let around = self.list_around(wanted.parent);
        let met = met();
        let met = met
            .iter()
            .filter(|(below, _)| self.list_around(*below) == around);
        let mut beside = met.clone();
        let meant = |(below, name): &&(NodeId, String)| {
            self.near(*below, name).as_deref() == Some(&*wanted.dotted)
        };
        let near = beside.find(meant).map(|(_, name)| &**name);
        match near.or_else(|| did_you_mean(&wanted.dotted, met.map(|(_, name)| &**name))) {
            Some(near) => BindError::new(BindProblem::NotGiven {
                near: near.to_owned(),
                input: input.clone(),
            }),
            None => error,
        }
    }

    /// Finds what an error names: an input, a list, or a field of an element, which has
    /// its number in brackets.
    fn wanted(&self, program: &Program, field: &str) -> Option<&Node> {
        let inside = || {
            self.nodes
                .iter()
                .filter(|node| self.list_around(node.parent).is_some())
        };
        let outside = || {
            self.nodes
                .iter()
                .filter(|node| self.list_around(node.parent).is_none())
        };
        let policy = program.policy();
        let named = |node: &&Node| match node.holds {
            Holds::Input(id) => *program.declared(id).name == *field,
            Holds::List(list, _) => *policy.lists[list].name == *field,
            Holds::Record | Holds::Series(_) => false,
        };
        let bare = without_numbers(field);
        let of_element = |node: &&Node| match node.holds {
            Holds::Input(id) => program.refuse(id, InputProblem::NotGiven).field() == bare,
            Holds::Record | Holds::Series(_) | Holds::List(..) => false,
        };
        let found = outside().find(named);
        found.or_else(|| inside().find(of_element))
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

/// `accounts[].balance` for `accounts[3].balance`.
fn without_numbers(field: &str) -> String {
    let mut bare = String::with_capacity(field.len());
    let mut inside = false;
    for letter in field.chars() {
        inside = match letter {
            '[' => true,
            ']' => false,
            _ => inside,
        };
        if !inside || letter == '[' {
            bare.push(letter);
        }
    }
    bare
}

/// A caller's name for a message: one line, of bounded length.
pub(crate) fn shown(name: &str) -> String {
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
    use super::super::super::testing::program;
    use super::*;

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

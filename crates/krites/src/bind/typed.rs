//! Typed facts: whatever serializes as a record writes straight into the slots.
//! Invariant: nothing is allocated once the shape was seen.

mod list;
mod record;
mod value;

use krites_lang::{Frame, Program};
use serde::ser::Serialize;

use super::UnknownFields;
use super::error::BindError;
use super::learned::{Learned, Target};
use super::names::{Met, Names, NodeId};
use value::ValueSerializer;
pub(super) use value::set_wide;

/// Binds `facts` to a frame that [`Program::begin`] emptied.
///
/// Structs and maps are records, lists and tuples lists and series. A field may stand for
/// several levels by a dotted name (`#[serde(rename = "applicant.age")]`).
///
/// # Errors
///
/// [`BindError`] for the first value that is refused; the frame is then half
/// filled and wants another `begin`.
pub(crate) fn bind_typed<T: Serialize + ?Sized>(
    names: &Names,
    learned: &mut Learned,
    program: &Program,
    frame: &mut Frame,
    facts: &T,
    unknown: UnknownFields,
) -> Result<(), BindError> {
    learned.prepare(names, unknown);
    let mut binder = Binder {
        names,
        learned,
        program,
        frame,
        unknown,
        met: None,
        position: 0,
    };
    let read = binder.all(facts);
    let bound = read.and_then(|()| Ok(program.finish_inputs(frame)?));
    bound.map_err(|error| {
        let met = || match unknown {
            UnknownFields::Refuse => Met::new(),
            UnknownFields::Ignore => unknown_typed(names, program, facts),
        };
        names.meant(program, error, met)
    })
}

/// Collects the fields of facts that are no inputs, by their dotted names.
#[cold]
fn unknown_typed<T: Serialize + ?Sized>(names: &Names, program: &Program, facts: &T) -> Met {
    let mut met = Met::new();
    let mut binder = Binder {
        names,
        learned: &mut Learned::default(),
        program,
        frame: &mut program.frame(),
        unknown: UnknownFields::Ignore,
        met: Some(&mut met),
        position: 0,
    };
    // They were bound before: what fails now fails no more than then.
    let _ = binder.all(facts);
    met
}

/// The state of one traversal
struct Binder<'a> {
    names: &'a Names,
    learned: &'a mut Learned,
    program: &'a Program,
    frame: &'a mut Frame,
    unknown: UnknownFields,
    /// Where fields that are passed over are noted, if anybody asks
    met: Option<&'a mut Met>,
    /// How many fields were met so far
    position: usize,
}

impl Binder<'_> {
    fn all<T: Serialize + ?Sized>(&mut self, facts: &T) -> Result<(), BindError> {
        let names = self.names;
        let all = ValueSerializer {
            binder: self,
            node: NodeId::ROOT,
            of_list: false,
        };
        facts
            .serialize(all)
            .map_err(|error| error.at("", names.node(NodeId::ROOT).private))
    }

    /// Finds where a struct's field goes.
    #[inline]
    fn field(&mut self, below: NodeId, key: &'static str) -> Result<Target, BindError> {
        let position = self.position;
        self.position += 1;
        match self.learned.recall(position, below, key) {
            Some(target) => Ok(target),
            None => self.search(position, below, key, Some(key)),
        }
    }

    /// Finds where a map's field goes.
    fn field_text(&mut self, below: NodeId, key: &str) -> Result<Target, BindError> {
        let position = self.position;
        self.position += 1;
        match self.learned.recall_text(position, below, key, self.names) {
            Some(target) => Ok(target),
            None => self.search(position, below, key, None),
        }
    }

    #[cold]
    fn search(
        &mut self,
        position: usize,
        below: NodeId,
        key: &str,
        lasting: Option<&'static str>,
    ) -> Result<Target, BindError> {
        let target = match (self.names.find(below, key), self.unknown) {
            (Some(node), _) => Target::Node(node),
            (None, UnknownFields::Ignore) => {
                if let Some(met) = &mut self.met {
                    met.push((below, self.names.below(below, key)));
                }
                Target::Nowhere
            }
            (None, UnknownFields::Refuse) => return Err(self.names.unknown(below, key)),
        };
        self.learned.learn(position, below, lasting, target);
        Ok(target)
    }

    /// Binds a field's value to where the field goes.
    #[inline]
    fn value<T: Serialize + ?Sized>(&mut self, target: Target, value: &T) -> Result<(), BindError> {
        let Target::Node(node) = target else {
            return Ok(());
        };
        let names = self.names;
        let place = ValueSerializer {
            binder: self,
            node,
            of_list: false,
        };
        match value.serialize(place) {
            Ok(()) => Ok(()),
            Err(error) => Err(located(error, names, node)),
        }
    }
}

#[cold]
fn located(error: BindError, names: &Names, node: NodeId) -> BindError {
    let found = names.node(node);
    error.at(&found.dotted, found.private)
}

//! The types that a decider was given, each bound to the release of its last decision.

use std::any::TypeId;

use krites_lang::{Date, Frame, Program};

use super::super::names::Names;
use super::super::{BindError, UnknownFields};
use super::Facts;
use super::known::{KnownType, KnownTypes};
use super::plan::Binding;
use super::sink::Sink;

/// Most types that are remembered; a further one takes the place of the oldest
pub(super) const MOST: usize = 16;

/// Types with where their fields go in one policy
#[derive(Clone, Debug, Default)]
pub(crate) struct Bindings {
    unknown: UnknownFields,
    made: Vec<(TypeId, Binding)>,
    /// Is told of each type
    known: KnownTypes,
}

impl Bindings {
    /// Makes the bindings of the types that are known, as far as they fit the policy;
    /// whoever gives one that does not is told so then.
    pub(crate) fn of_known(known: KnownTypes, names: &Names, program: &Program) -> Bindings {
        let types = known.all();
        let unknown = types
            .last()
            .map_or_else(UnknownFields::default, |last| last.unknown);
        let fitting = types.iter().filter(|known| known.unknown == unknown);
        let made = fitting.filter_map(|known| {
            let binding = (known.bind)(names, program, unknown).ok()?;
            Some((known.ty, binding))
        });
        Bindings {
            unknown,
            made: made.collect(),
            known,
        }
    }

    /// Returns the binding of a type; makes it the first time.
    ///
    /// # Errors
    ///
    /// As [`Binding::of`].
    #[inline]
    pub(crate) fn of<T: Facts>(
        &mut self,
        names: &Names,
        program: &Program,
        unknown: UnknownFields,
    ) -> Result<&Binding, BindError> {
        let wanted = TypeId::of::<T::Static>();
        let known = self.made.iter().position(|(ty, _)| *ty == wanted);
        let position = match known.filter(|_| self.unknown == unknown) {
            Some(position) => position,
            None => self.make::<T>(names, program, unknown)?,
        };
        let found = self.made.get(position);
        let found = found.map(|(_, binding)| binding);
        // It was found, or made, just now.
        found.ok_or_else(|| names.unknown(super::super::names::NodeId::ROOT, ""))
    }

    #[cold]
    fn make<T: Facts>(
        &mut self,
        names: &Names,
        program: &Program,
        unknown: UnknownFields,
    ) -> Result<usize, BindError> {
        if self.unknown != unknown {
            self.unknown = unknown;
            self.made.clear();
        }
        let binding = Binding::of::<T>(names, program, unknown)?;
        if self.made.len() >= MOST {
            self.made.remove(0);
        }
        self.made.push((TypeId::of::<T::Static>(), binding));
        self.known.add(KnownType::of::<T>(unknown));
        Ok(self.made.len() - 1)
    }
}

/// Empties a frame for a decision date, and binds facts to it.
///
/// # Errors
///
/// [`BindError`] for the first value that is refused; the frame is then half filled and
/// wants another `begin`.
#[inline]
pub(crate) fn bind_facts<T: Facts>(
    names: &Names,
    program: &Program,
    frame: &mut Frame,
    binding: &Binding,
    (facts, decision_date): (&T, Date),
) -> Result<(), BindError> {
    let put = |sink: &mut Sink<'_>| facts.put(sink);
    bind_by(names, program, frame, binding, (put, decision_date))
}

/// Does what [`bind_facts`] does with what `put` gives.
#[inline]
pub(crate) fn bind_by(
    names: &Names,
    program: &Program,
    frame: &mut Frame,
    binding: &Binding,
    (put, decision_date): (impl FnOnce(&mut Sink<'_>), Date),
) -> Result<(), BindError> {
    program.begin_prepared(frame, decision_date, &binding.prepared);
    let read = Sink::give(names, program, frame, binding, put);
    let bound = read.and_then(|()| Ok(program.finish_inputs(frame)?));
    bound.map_err(|error| names.meant(program, error, || binding.passed.clone()))
}

//! A case that can be set aside: its frame and its release as one owned value.

use std::fmt;
use std::sync::Arc;

use krites_lang::ir::Policy;
use krites_lang::{
    Date, EvalError, Frame, Given, GroupState, InputProblem, Program, Progress, SlotState,
};
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use crate::bind::{self, BindError, Learned, Names, UnknownFields};
use crate::decider::DecideError;
use crate::decision::Decision;
use crate::part::ReleasedPolicy;
use crate::release::Release;
use crate::workspace::{self, Workspace};

/// A case on its way, `Send` and owned: it waits for inputs without holding a
/// decider, and goes on with the release it began with.
///
/// A group of inputs on request that the first facts do not give is awaited:
/// [`Case::step`] asks for it where the decision needs it, and [`Case::give`] or
/// [`Case::refuse`] answers.
#[derive(Debug)]
pub struct Case {
    release: Arc<Release>,
    policy: Arc<ReleasedPolicy>,
    workspace: Box<Workspace>,
    unknown: UnknownFields,
}

/// How far a case came
#[derive(Debug)]
pub enum Step<'a> {
    /// It is decided
    Decided(Decision<'a>),
    /// It waits for this
    Needs(Needs),
}

/// What a case waits for: all inputs of a group on request, or one that was marked
/// as pending
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    group: Option<String>,
    fields: Vec<String>,
}

impl Needs {
    pub(crate) fn of(policy: &Policy, needs: krites_lang::Needs) -> Needs {
        let one = |name: &str| (None, vec![name.to_owned()]);
        let (group, fields) = match needs {
            krites_lang::Needs::Input(id) => one(&policy.inputs[id].wire),
            krites_lang::Needs::Model(id) => one(&policy.models[id].name),
            krites_lang::Needs::Group(id) => {
                let group = &policy.groups[id];
                let inputs = group.inputs.iter().map(|id| &policy.inputs[*id].wire);
                let lists = group.lists.iter().map(|id| &policy.lists[*id].wire);
                let fields = inputs.chain(lists).map(|wire| wire.to_string());
                (Some(group.wire.to_string()), fields.collect())
            }
        };
        Needs { group, fields }
    }

    /// Returns the group's name on the wire, where a group is awaited.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// Returns the inputs' dotted names on the wire; of a group those that may be
    /// left out among them.
    #[must_use]
    pub fn fields(&self) -> &[String] {
        &self.fields
    }
}

/// The group, else the input
impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.group {
            Some(group) => f.write_str(group),
            None => f.write_str(&self.fields.join(", ")),
        }
    }
}

/// Binds facts to a frame
type Bind<'b> =
    &'b mut dyn FnMut(&Names, &mut Learned, &Program, &mut Frame) -> Result<(), BindError>;

impl Case {
    pub(crate) fn open(
        release: &Arc<Release>,
        policy: &str,
        decision_date: Date,
        (pending, unknown): (&[&str], UnknownFields),
        bind: Bind<'_>,
    ) -> Result<Case, DecideError> {
        let policy = release.find(policy)?.clone();
        let mut workspace = Box::new(Workspace::new(&policy));
        let Workspace { frame, learned, .. } = &mut *workspace;
        let program = policy.program();
        program.begin(frame, decision_date);
        let names = &policy.part.names;
        for name in pending {
            for id in names.named(name)? {
                program.set_pending(frame, id);
            }
        }
        bind(names, learned, program, frame)?;
        program.await_groups(frame);
        Ok(Case {
            release: release.clone(),
            policy,
            workspace,
            unknown,
        })
    }

    /// Returns the release that it began with, and ends on.
    #[must_use]
    pub fn release(&self) -> &Arc<Release> {
        &self.release
    }

    /// Goes on until the case is decided or waits for inputs.
    ///
    /// # Errors
    ///
    /// A fault that the policy does not handle.
    pub fn step(&mut self) -> Result<Step<'_>, EvalError> {
        match workspace::progress(&self.policy, &mut self.workspace)? {
            Progress::Decided => Ok(Step::Decided(Decision {
                release: &self.release,
                policy: &self.policy,
                frame: &self.workspace.frame,
            })),
            Progress::Needs(needs) => {
                let policy = self.policy.program().policy();
                Ok(Step::Needs(Needs::of(policy, needs)))
            }
        }
    }

    /// Gives groups on request, each as a whole, and inputs that were marked as
    /// pending: all of `facts`, or, where something of them is refused, nothing.
    ///
    /// # Errors
    ///
    /// [`DecideError::Facts`] where they do not fit the inputs, and for inputs
    /// that are neither pending nor awaited; [`DecideError::NothingGiven`] where they
    /// give none.
    pub fn give<T: Serialize + ?Sized>(&mut self, facts: &T) -> Result<(), DecideError> {
        let unknown = self.unknown;
        self.take(&mut |names, learned, program, frame| {
            bind::bind_typed(names, learned, program, frame, facts, unknown)
        })
    }

    /// Gives a group on request: `facts` have its inputs by their names within it.
    ///
    /// # Errors
    ///
    /// As [`Case::give`].
    pub fn give_group<T: Serialize + ?Sized>(
        &mut self,
        group: &str,
        facts: &T,
    ) -> Result<(), DecideError> {
        self.give(&Under { group, facts })
    }

    /// Gives what a JSON object holds, as [`Case::give`] does.
    ///
    /// # Errors
    ///
    /// As [`Case::give`].
    pub fn give_json(&mut self, json: &str) -> Result<(), DecideError> {
        let unknown = self.unknown;
        self.take(&mut |names, _, program, frame| {
            bind::bind_json(names, program, frame, json, unknown)
        })
    }

    /// Says that a group on request will not come: where the decision needs it, that
    /// is a fault, which the policy handles.
    ///
    /// # Errors
    ///
    /// [`DecideError::NotAwaited`] where the policy has no such group, and where it
    /// was given or refused before.
    pub fn refuse(&mut self, group: &str) -> Result<(), DecideError> {
        let program = self.policy.program();
        let mut groups = program.policy().groups.iter_ids();
        let found = groups.find(|(_, found)| *found.wire == *group);
        match found {
            Some((id, _)) if program.refuse_group(&mut self.workspace.frame, id) => Ok(()),
            _ => Err(DecideError::NotAwaited {
                group: group.to_owned(),
            }),
        }
    }

    /// Takes facts, all or none of them.
    fn take(&mut self, bind: Bind<'_>) -> Result<(), DecideError> {
        let Workspace { frame, learned, .. } = &mut *self.workspace;
        let names = &self.policy.part.names;
        let program = self.policy.program();
        // What they give is seen on a frame that waits for everything.
        let mut trial = program.frame();
        for (id, _) in program.policy().inputs.iter_ids() {
            program.set_pending(&mut trial, id);
        }
        // A list is given with the case, or with its group.
        for (id, _) in program.policy().lists.iter_ids() {
            program.pass_over_list(&mut trial, id);
        }
        bind(names, learned, program, &mut trial)?;
        if !gives_awaited(program, frame, &trial)? {
            return Err(DecideError::NothingGiven);
        }
        let mut next = frame.clone();
        bind(names, learned, program, &mut next)?;
        *frame = next;
        Ok(())
    }
}

/// Tells whether what `trial` was given is anything; refuses what `frame` does not
/// wait for.
fn gives_awaited(program: &Program, frame: &Frame, trial: &Frame) -> Result<bool, BindError> {
    let policy = program.policy();
    let mut gives = false;
    for (id, input) in policy.inputs.iter_ids() {
        if input.group.is_some() || trial.given(id) == Given::No {
            continue;
        }
        gives = true;
        if program.input_state(frame, id) == SlotState::Pending {
            continue;
        }
        return Err(match frame.given(id) {
            Given::Given => program.refuse(id, InputProblem::Twice),
            _ => program.refuse(id, went_on("it was not marked as pending")),
        }
        .into());
    }
    for (id, group) in policy.groups.iter_ids() {
        if program.group_state(trial, id) != GroupState::Given {
            continue;
        }
        gives = true;
        let problem = match program.group_state(frame, id) {
            GroupState::NotGiven | GroupState::Awaited => continue,
            GroupState::Fault(_) if program.as_of(frame, id).is_none() => went_on("it was refused"),
            _ => InputProblem::Twice,
        };
        return Err(program.refuse_group_as(group, problem).into());
    }
    Ok(gives)
}

fn went_on(why: &str) -> InputProblem {
    InputProblem::Shape {
        detail: format!("the case went on without it: {why}"),
    }
}

/// Facts under the name of a group
struct Under<'a, T: ?Sized> {
    group: &'a str,
    facts: &'a T,
}

impl<T: Serialize + ?Sized> Serialize for Under<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.group, self.facts)?;
        map.end()
    }
}

//! What few cases touch: lists, groups, models, other policies, what is looked at behind
//! the decision.

use crate::ids::{ModelId, SubpolicyId};
use crate::program::{Kind, Program};

use crate::eval::aggregate::Steps;
use crate::eval::columns::Columns;
use crate::eval::contributions::{Contributed, ContributedState};
use crate::eval::group::GroupState;
use crate::eval::list::OpenList;
use crate::eval::policy::AskedPolicy;
use crate::eval::shadow::Shadowed;
use crate::eval::state::{AlwaysState, ModelState, SlotState, Speaker};

/// What few cases touch
#[derive(Clone, Debug)]
pub(in crate::eval) struct Rare {
    pub(in crate::eval) models: Box<[ModelState]>,
    /// By model: columns, by position among all that it is fed, that were fed in some row
    /// what training did not hold, in order
    pub(in crate::eval) outside: Box<[Vec<u32>]>,
    /// The elements of lists
    pub(in crate::eval) lists: Box<[Columns]>,
    pub(super) groups: Box<[GroupState]>,
    /// The states of groups' slots until they are asked for
    pub(super) held: Box<[SlotState]>,
    /// Lists whose elements are being bound, the innermost last
    pub(in crate::eval) open: Vec<OpenList>,
    /// How many values all elements have together
    pub(in crate::eval) n_list_values: usize,
    pub(super) steps: Steps,
    pub(super) always: Box<[AlwaysState]>,
    /// What spoke, and could not say what is decided with its outcome, with the fault
    pub(in crate::eval) unsaid: Vec<(Speaker, u32)>,
    /// How many of what is owed behind the reasons of what spoke were told; they are not
    /// told again where deciding stopped and goes on
    pub(in crate::eval) reasoned: Option<usize>,
    /// Models that fail by a test's word, once they are asked
    pub(in crate::eval) failing: Vec<ModelId>,
    /// Other policies that are asked
    pub(in crate::eval) policies: Box<[AskedPolicy]>,
    /// Those that fail by a test's word, once they are asked
    pub(in crate::eval) failing_policies: Vec<SubpolicyId>,
    /// By shadow block: the case decided again
    pub(in crate::eval) shadows: Box<[Shadowed]>,
    /// By model: how what it was fed moved its answer
    pub(in crate::eval) contributed: Box<[Contributed]>,
}

impl Rare {
    /// Makes what the program has, in which nothing is decided again.
    pub(super) fn of(program: &Program) -> Self {
        let models = program.models.iter();
        let outside = models.map(|model| {
            let looked = model
                .inputs
                .iter()
                .filter(|input| input.is_held_to_training());
            Vec::with_capacity(looked.map(|input| input.columns.len()).sum())
        });
        let lists = program.lists.iter().map(|list| {
            let fields = list.fields.iter();
            Columns::new(fields.map(|id| Kind::of(program.inputs[*id].ty)))
        });
        let n_always = program.observed.always.len();
        Self {
            models: vec![ModelState::NotRun; program.models.len()].into_boxed_slice(),
            outside: outside.collect(),
            lists: lists.collect(),
            groups: vec![GroupState::NotGiven; program.groups.len()].into_boxed_slice(),
            held: vec![SlotState::Unset; program.held].into_boxed_slice(),
            open: Vec::new(),
            n_list_values: 0,
            steps: Steps::new(program.sites),
            always: vec![AlwaysState::NotKnown; n_always].into_boxed_slice(),
            unsaid: Vec::new(),
            reasoned: None,
            failing: Vec::new(),
            policies: vec![AskedPolicy::default(); program.subpolicies.len()].into_boxed_slice(),
            failing_policies: Vec::new(),
            shadows: Box::default(),
            contributed: vec![Contributed::default(); program.models.len()].into_boxed_slice(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.models.fill(ModelState::NotRun);
        self.outside.iter_mut().for_each(Vec::clear);
        self.lists.iter_mut().for_each(Columns::clear);
        self.groups.fill(GroupState::NotGiven);
        self.held.fill(SlotState::Unset);
        self.open.clear();
        self.n_list_values = 0;
        self.steps.clear();
        self.always.fill(AlwaysState::NotKnown);
        self.unsaid.clear();
        self.reasoned = None;
        for contributed in &mut self.contributed {
            contributed.state = ContributedState::NotAsked;
        }
        self.failing.clear();
        self.policies.iter_mut().for_each(AskedPolicy::clear);
        self.failing_policies.clear();
        self.shadows.iter_mut().for_each(Shadowed::clear);
    }

    /// Takes over the lists and groups that the case of another frame was given.
    pub(super) fn take_given(&mut self, other: &Rare) {
        self.groups.copy_from_slice(&other.groups);
        self.held.copy_from_slice(&other.held);
        self.n_list_values = other.n_list_values;
        for (list, other) in self.lists.iter_mut().zip(&other.lists) {
            list.clone_from(other);
        }
    }
}

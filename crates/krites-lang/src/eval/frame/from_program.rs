//! A frame made for the cases of a policy: every array has the size that the program
//! says.

use crate::Exact;
use crate::ir::Element;
use crate::program::{Kind, Program, TableCode};

use super::Frame;
use crate::eval::aggregate::Steps;
use crate::eval::arena::TextRange;
use crate::eval::columns::Columns;
use crate::eval::contributions::Contributed;
use crate::eval::group::GroupState;
use crate::eval::model::Answer;
use crate::eval::policy::AskedPolicy;
use crate::eval::rank::Ranked;
use crate::eval::rule_states::RuleStates;
use crate::eval::shadow::Shadowed;
use crate::eval::state::{AlwaysState, Feed, Given, ModelState, SlotState, TableState};

impl Program {
    /// Makes a frame for cases of this policy.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let mut frame = self.bare_frame();
        let shadows = self.policy.shadows.iter();
        frame.shadows = shadows.map(|_| Shadowed::new(self.bare_frame())).collect();
        frame
    }

    /// Makes a frame in which nothing is decided again.
    fn bare_frame(&self) -> Frame {
        let layout = self.layout;
        let boxed = |count: usize| vec![SlotState::Unset; count].into_boxed_slice();
        Frame {
            program: self.identity,
            states: boxed(layout.slots),
            slot_faults: vec![0; layout.slots].into_boxed_slice(),
            whole: vec![0; layout.whole].into_boxed_slice(),
            exact: vec![Exact::ZERO; layout.exact].into_boxed_slice(),
            text: vec![TextRange::default(); layout.text].into_boxed_slice(),
            arena: String::new(),
            scratch: String::new(),
            buffer: String::new(),
            given: vec![Given::No; self.inputs.len()].into_boxed_slice(),
            n_given: 0,
            faults: Vec::new(),
            rules: RuleStates::new(self.rules.len()),
            tables: vec![TableState::NotAsked; self.tables.len()].into_boxed_slice(),
            hits: vec![Vec::new(); self.tables.len()].into_boxed_slice(),
            cells: self.tables.iter().map(row_columns).collect(),
            codes: vec![0; layout.codes].into_boxed_slice(),
            noted: vec![None; layout.noted].into_boxed_slice(),
            models: vec![ModelState::NotRun; self.models.len()].into_boxed_slice(),
            feeds: self
                .models
                .iter()
                .map(|model| {
                    model
                        .inputs
                        .iter()
                        .map(|input| empty_feed(input.element, input.columns.len()))
                        .collect()
                })
                .collect(),
            answers: self
                .models
                .iter()
                .map(|model| vec![Answer::None; model.gives.len()])
                .collect(),
            outside: self
                .models
                .iter()
                .map(|model| {
                    let looked = model
                        .inputs
                        .iter()
                        .filter(|input| input.is_held_to_training());
                    Vec::with_capacity(looked.map(|input| input.columns.len()).sum())
                })
                .collect(),
            ranks: self.tables.iter().map(|_| Ranked::default()).collect(),
            of_rows: self.models.iter().map(|_| Vec::new()).collect(),
            lists: self
                .lists
                .iter()
                .map(|list| {
                    let fields = list.fields.iter();
                    Columns::new(fields.map(|id| Kind::of(self.inputs[*id].ty)))
                })
                .collect(),
            groups: vec![GroupState::NotGiven; self.groups.len()].into_boxed_slice(),
            held: boxed(self.held),
            open: Vec::new(),
            n_list_values: 0,
            steps: Steps::new(self.sites),
            arguments: Vec::new(),
            // Every speaker speaks at most once, and so does the fault of each.
            spoken: Vec::with_capacity(self.rules.len() + self.decide.steps.len()),
            reasons: Vec::with_capacity(self.rules.len() + self.decide.steps.len()),
            tagged: Vec::new(),
            tags: Vec::new(),
            always: vec![AlwaysState::NotKnown; self.observed.always.len()].into_boxed_slice(),
            unsaid: Vec::new(),
            failing: Vec::new(),
            policies: self
                .subpolicies
                .iter()
                .map(|_| AskedPolicy::default())
                .collect(),
            failing_policies: Vec::new(),
            shadows: Box::default(),
            shortfalls: Vec::new(),
            contributed: self.models.iter().map(|_| Contributed::default()).collect(),
            contribution_values: Vec::new(),
            by_contribution: Vec::new(),
        }
    }
}

/// Room for what the rows of a table give, where that is a list.
fn row_columns(table: &TableCode) -> Columns {
    let outputs = table.outputs.iter().filter(|_| table.policy.gives_lists());
    Columns::new(outputs.map(|output| output.kind))
}

fn empty_feed(element: Element, width: usize) -> Feed {
    match element {
        Element::Float => Feed::Float(Vec::with_capacity(width)),
        Element::Double => Feed::Double(Vec::with_capacity(width)),
        Element::Integer => Feed::Integer(Vec::with_capacity(width)),
        Element::Boolean => Feed::Boolean(Vec::with_capacity(width)),
        Element::Text => Feed::Text(Vec::with_capacity(width)),
    }
}

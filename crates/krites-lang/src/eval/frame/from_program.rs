//! A frame made for the cases of a policy: every array has the size that the program
//! says.

use crate::Exact;
use crate::ir::Element;
use crate::program::{NO_ROW, Program, TableCode};

use super::rare::Rare;
use super::touched::Touched;
use super::{BLOCK, Frame};
use crate::eval::arena::TextRange;
use crate::eval::columns::Columns;
use crate::eval::model::Answer;
use crate::eval::rank::Ranked;
use crate::eval::rule_states::RuleStates;
use crate::eval::shadow::Shadowed;
use crate::eval::state::{Feed, Given, SlotState, TableState};

impl Program {
    /// Makes a frame for cases of this policy.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let mut frame = self.bare_frame();
        let shadows = self.policy.shadows.iter();
        if shadows.len() > 0 {
            let again = shadows.map(|_| Shadowed::new(self.bare_frame()));
            frame.rare.shadows = again.collect();
        }
        frame
    }

    /// Makes a frame in which nothing is decided again.
    fn bare_frame(&self) -> Frame {
        let layout = self.layout;
        Frame {
            program: self.identity,
            states: blocks(layout.slots, SlotState::Unset),
            slot_faults: vec![0; layout.slots].into_boxed_slice(),
            whole: vec![0; layout.whole].into_boxed_slice(),
            exact: vec![Exact::ZERO; layout.exact].into_boxed_slice(),
            text: vec![TextRange::default(); layout.text].into_boxed_slice(),
            arena: String::new(),
            scratch: String::new(),
            buffer: String::new(),
            given: blocks(self.inputs.len(), Given::No),
            n_given: 0,
            faults: Vec::new(),
            rules: RuleStates::new(self.rules.len()),
            tables: Touched::new(vec![TableState::NotAsked; self.tables.len()].into()),
            bins: Touched::new(match self.counted {
                0 => Box::default(),
                _ => blocks(self.tables.len(), NO_ROW),
            }),
            hits: vec![Vec::new(); self.tables.len()].into_boxed_slice(),
            cells: self.tables.iter().map(row_columns).collect(),
            codes: vec![0; layout.codes].into_boxed_slice(),
            noted: vec![None; layout.noted].into_boxed_slice(),
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
            ranks: self.tables.iter().map(|_| Ranked::default()).collect(),
            of_rows: self.models.iter().map(|_| Vec::new()).collect(),
            arguments: Vec::new(),
            // Every speaker speaks at most once, and so does the fault of each.
            spoken: Vec::with_capacity(self.rules.len() + self.decide.steps.len()),
            reasons: Vec::with_capacity(self.rules.len() + self.decide.steps.len()),
            tagged: Vec::new(),
            tags: Vec::new(),
            rare: Touched::new(Rare::of(self)),
            shortfalls: Vec::new(),
            contribution_values: Vec::new(),
            by_contribution: Vec::new(),
        }
    }
}

/// Whole blocks with room for so many states.
fn blocks<T: Copy>(count: usize, none: T) -> Box<[T]> {
    vec![none; count.next_multiple_of(BLOCK)].into_boxed_slice()
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

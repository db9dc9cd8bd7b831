//! Models: what feeds them, and where their answers go.

use std::sync::Arc;

use super::{
    EachCode, HandlingCode, Kind, Number, Slot, StandInCode, TrainingCode, Truth, Whole, Words,
};
use crate::ir::{ConstRange, Element, OutsideTraining};
use crate::{Exact, Span};

/// A model's feeds and answers
#[derive(Clone, Debug)]
pub(crate) struct ModelCode {
    /// Of a model that is asked for each row of a rank
    pub(crate) each: Option<Box<EachCode>>,
    pub(crate) inputs: Box<[FeedCode]>,
    pub(crate) gives: Box<[GiveCode]>,
    pub(crate) outside_training: Option<OutsideTraining>,
    pub(crate) within_ms: Option<u64>,
    pub(crate) on_fault: Option<HandlingCode>,
    pub(crate) stand_in: Option<StandInCode>,
    pub(crate) span: Span,
}

/// What feeds one input of a model
#[derive(Clone, Debug)]
pub(crate) struct FeedCode {
    pub(crate) element: Element,
    pub(crate) columns: Box<[ColumnCode]>,
    /// By column: the slot that it is read from as it lies there, where that is all
    pub(crate) slots: Box<[Fed]>,
    /// Position of the first column among those of all inputs
    pub(crate) first: u32,
    pub(crate) training: TrainingCode,
}

impl FeedCode {
    /// Tells whether what is fed is held against what training held.
    pub(crate) fn is_held_to_training(&self) -> bool {
        !matches!(self.training, TrainingCode::Unlooked)
    }
}

/// The slot that feeds a column as a number
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fed {
    Whole(Slot),
    Exact(Slot),
    /// It is computed, or no number
    ByCode,
}

impl Fed {
    pub(crate) fn of(column: &ColumnCode) -> Fed {
        match column {
            ColumnCode::Whole(Whole::Slot(slot)) => Fed::Whole(*slot),
            ColumnCode::Exact(Number::Slot(slot)) => Fed::Exact(*slot),
            _ => Fed::ByCode,
        }
    }
}

/// What feeds one column
#[derive(Clone, Debug)]
pub(crate) enum ColumnCode {
    Truth(Truth),
    Whole(Whole),
    Exact(Number),
    Text(Words),
    /// A float by its bits
    Float(Whole),
    /// A label by its code, and what stands for a missing one
    Label {
        label: Whole,
        slot: Option<Slot>,
        codes: Box<[Exact]>,
        missing: Option<Exact>,
    },
    /// A label by its wire text
    Wire {
        label: Whole,
        wires: Box<[Arc<str>]>,
    },
}

/// One answer of a model
#[derive(Clone, Debug)]
pub(crate) struct GiveCode {
    pub(crate) slot: Slot,
    pub(crate) kind: Kind,
    pub(crate) range: Option<ConstRange>,
    pub(crate) rounded: Option<u32>,
    pub(crate) share: Share,
}

/// Whether an answer is the probability of a label in a distribution
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    None,
    OfOne,
    /// Of the last label: all of them sum to one
    LastOfOne,
}

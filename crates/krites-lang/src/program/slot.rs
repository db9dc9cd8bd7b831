//! Slots: where values lie, what fills them, and what an input may be.

use std::sync::Arc;

use super::FieldPlace;
use crate::Exact;
use crate::ids::{DefinitionId, GroupId, InputId, ModelId, TableId};
use crate::packed::PackedTexts;
use crate::types::Ty;

/// How many slots there are of each kind
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) slots: usize,
    pub(crate) whole: usize,
    pub(crate) exact: usize,
    pub(crate) text: usize,
    /// Cells of tables that are asked once at most
    pub(crate) noted: usize,
    /// Codes of indexes
    pub(crate) codes: usize,
}

/// A slot: its state's index, and its index within the array of its kind
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) id: u32,
    pub(crate) at: u32,
}

/// The arrays that values lie in
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Integers, booleans, dates, datetimes, durations and labels; floats by their bits
    Whole,
    /// Decimals, percentages and money
    Exact,
    /// Texts
    Text,
}

impl Kind {
    pub(crate) fn of(ty: Ty) -> Kind {
        match ty {
            Ty::Integer
            | Ty::Boolean
            | Ty::Date
            | Ty::DateTime
            | Ty::Duration
            | Ty::Float
            | Ty::Enum(_) => Kind::Whole,
            Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_) => Kind::Exact,
            Ty::Text => Kind::Text,
        }
    }
}

/// What fills a slot when it is first needed
#[derive(Clone, Copy, Debug)]
pub(crate) enum Producer {
    /// Filled when the case is bound, or by the end of `decide`
    Given,
    Definition(DefinitionId),
    Table(TableId, u32),
    Model(ModelId),
    /// Bound where it is given; else missing, or its default
    Input(InputId),
    /// Bound where it is given, and filled when its group is asked for
    Group(GroupId),
}

/// Where an input goes and what it may be
#[derive(Clone, Debug)]
pub(crate) struct InputSlot {
    pub(crate) slot: Slot,
    pub(crate) ty: Ty,
    pub(crate) optional: bool,
    pub(crate) group: Option<GroupId>,
    /// The whole numbers of the declared range, both bounds in
    pub(crate) whole_range: (i64, i64),
    /// Of an enum: the texts on the wire, by label
    pub(crate) wires: PackedTexts,
    pub(crate) exact_range: Option<ExactRange>,
    pub(crate) default: Option<Constant>,
    /// The value that stands for a missing one
    pub(crate) missing_when: Option<Constant>,
}

/// An input that names a currency, with the amounts that are rounded to its minor
/// unit
#[derive(Clone, Debug)]
pub(crate) struct CurrencyInput {
    pub(crate) input: InputId,
    pub(crate) amounts: Vec<InputId>,
    /// Fields of lists' elements
    pub(crate) fields: Vec<FieldPlace>,
}

/// A constant of a kind
#[derive(Clone, Debug)]
pub(crate) enum Constant {
    Whole(i64),
    Exact(Exact),
    Text(Arc<str>),
}

/// Bounds of exact numbers; the flag says whether a bound is in
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExactRange {
    pub(crate) low: Option<(Exact, bool)>,
    pub(crate) high: Option<(Exact, bool)>,
}

impl ExactRange {
    pub(crate) fn contains(&self, value: Exact) -> bool {
        let above = self
            .low
            .is_none_or(|(low, inclusive)| value > low || (inclusive && value == low));
        let below = self
            .high
            .is_none_or(|(high, inclusive)| value < high || (inclusive && value == high));
        above && below
    }
}

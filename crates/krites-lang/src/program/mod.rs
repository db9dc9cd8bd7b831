//! The compiled policy: typed code over slots.
//!
//! Every input, definition, table output, model answer and output has a slot: a
//! state, and a place in the array of its kind. Code is typed, so that a
//! condition is a few machine words compared.

mod cascade;
mod cells;
mod code;
mod comparison;
mod constant;
mod decide;
mod distribution;
mod extra;
mod from_ir;
mod from_ir_expr;
mod group;
mod index;
mod indexed_rules;
mod list;
mod lookup;
mod model;
mod named_list;
mod parts;
mod quotient;
mod rank;
mod rounding;
mod scaled;
mod scorecard;
mod slot;
mod subpolicy;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod time;
mod training;

pub(crate) use cascade::CascadeCode;
pub(crate) use cells::{CellCode, CellCodes};
pub(crate) use code::{
    Arithmetic, Code, Computed, FactorCode, Number, Overflow, Relation, Truth, Whole, Words,
};
pub(crate) use constant::constant;
pub(crate) use decide::{
    Days, DecideCode, EvaluateCode, FiredCode, HandlingCode, Observed, RuleCode, RuleSetCode, Said,
    StandInCode, StepCode, When, With,
};
pub(crate) use distribution::{DistributionCode, LabelQuery};
pub(crate) use extra::{CallCode, CurrencyOf, Extra, FunctionCode, ParameterCode, SameCurrency};
pub(crate) use group::GroupCode;
pub(crate) use index::{Axes, Index, Leaf, Node, Place, Segments, Shape};
pub(crate) use indexed_rules::{IndexedRules, Voice};
pub(crate) use list::{
    AggregateCode, ElementsCode, FieldPlace, ListCode, RowField, packed, unpacked,
};
pub(crate) use lookup::{Key, KeyCode, LookupCode};
pub(crate) use model::{ColumnCode, Fed, FeedCode, GiveCode, ModelCode, Share};
pub(crate) use named_list::{NamedListCode, SortedValues};
pub(crate) use rank::{EachCode, FloorCode, NeedsCode, RankCode};
pub(crate) use rounding::{RoundedNumber, RoundedWhole};
pub(crate) use scaled::{OPERATIONS, Operation, Read, ScaledTruth, ScaledValue};
pub(crate) use scorecard::{
    BOUNDS, Bin, Bounds, COUNTED, CountedFeature, FeatureCode, NO_ROW, Reads, ScorecardCode,
};
pub(crate) use slot::{
    Constant, CurrencyInput, ExactRange, InputSlot, Kind, Layout, Producer, Slot,
};
pub(crate) use subpolicy::{FedCode, GivenCode, SubpolicyCode};
pub(crate) use table::{RowCode, TableCode, TableOutputCode};
pub(crate) use text::{Listed, MadeText, Making, TextTruth};
pub(crate) use time::{TimeCode, TimeForm};
pub(crate) use training::{HeldTexts, TrainingCode};

use crate::ast::Rounding;
use crate::calendar::Zone;
use crate::ids::{
    DefinitionId, FunctionId, GroupId, InputId, List, ListId, ModelId, NamedListId, OutputId,
    RuleId, RuleSetId, SubpolicyId, TableId,
};
use crate::ir;

/// A compiled policy. It is immutable; any number of frames evaluate it.
#[derive(Debug)]
pub struct Program {
    /// Unlike that of any other program of this process: frames carry it
    pub(crate) identity: u64,
    pub(crate) policy: ir::Policy,
    pub(crate) layout: Layout,
    pub(crate) producers: Box<[Producer]>,
    /// Inputs, and behind them the fields of lists' elements, each of which is an
    /// input while an element is bound
    pub(crate) inputs: List<InputId, InputSlot>,
    pub(crate) currencies: Box<[CurrencyInput]>,
    /// Of the fields among the inputs: where each stands
    pub(crate) fields: Box<[FieldPlace]>,
    pub(crate) lists: List<ListId, ListCode>,
    pub(crate) groups: List<GroupId, GroupCode>,
    /// How many slots' states the groups keep
    pub(crate) held: usize,
    /// Inputs that are looked at where they are not given: required ones, and those
    /// whose default may be refused
    pub(crate) completed: Box<[InputId]>,
    /// How many outermost aggregates there are
    pub(crate) sites: usize,
    pub(crate) decision_date: Slot,
    pub(crate) named_lists: List<NamedListId, NamedListCode>,
    pub(crate) definitions: List<DefinitionId, Computed>,
    pub(crate) functions: List<FunctionId, FunctionCode>,
    pub(crate) models: List<ModelId, ModelCode>,
    pub(crate) subpolicies: List<SubpolicyId, SubpolicyCode>,
    pub(crate) tables: List<TableId, TableCode>,
    /// How many scorecards are added up over bins
    pub(crate) counted: usize,
    pub(crate) rule_sets: List<RuleSetId, RuleSetCode>,
    pub(crate) rules: List<RuleId, RuleCode>,
    pub(crate) decide: DecideCode,
    pub(crate) observed: Observed,
    pub(crate) outcome: Slot,
    pub(crate) outputs: List<OutputId, OutputCode>,
    /// Outputs that are given only where others asked for what they are
    pub(crate) outputs_if_asked: Box<[(OutputId, Slot)]>,
    /// By outcome: whether reasons are owed
    pub(crate) owed: Box<[bool]>,
    pub(crate) rounding: Rounding,
    /// How many values and comparisons are computed on whole numbers
    #[cfg(any(test, feature = "testing"))]
    pub(crate) scaled: usize,
    pub(crate) zone: Option<Zone>,
}

/// An output
#[derive(Clone, Debug)]
pub(crate) struct OutputCode {
    pub(crate) when: Option<Truth>,
    pub(crate) value: Computed,
    /// Whether it is given only where others asked for its value
    pub(crate) if_asked: bool,
}

impl Program {
    /// Compiles a checked policy.
    #[must_use]
    pub fn compile(policy: ir::Policy) -> Program {
        from_ir::compile(policy, false)
    }

    /// Compiles a checked policy with exact numbers in the plain way alone.
    #[cfg(test)]
    fn compile_plainly(policy: ir::Policy) -> Program {
        from_ir::compile(policy, true)
    }

    /// Returns the policy it was compiled from.
    #[must_use]
    pub fn policy(&self) -> &ir::Policy {
        &self.policy
    }
}

//! The compiled policy: typed code over slots.
//!
//! Every input, definition, table output, model answer and output has a slot: a
//! state, and a place in the array of its kind. Code is typed, so that a
//! condition is a few machine words compared.

mod cascade;
mod comparison;
mod constant;
mod decide;
mod distribution;
mod extra;
mod from_ir;
mod from_ir_expr;
mod group;
mod list;
mod lookup;
mod named_list;
mod parts;
mod quotient;
mod rank;
mod rounding;
mod scaled;
mod subpolicy;
mod table;
mod text;
mod time;

pub(crate) use cascade::CascadeCode;
pub(crate) use constant::constant;
pub(crate) use decide::{
    Days, DecideCode, EvaluateCode, FiredCode, HandlingCode, Observed, RuleCode, RuleSetCode, Said,
    StandInCode, StepCode, When, With,
};
pub(crate) use distribution::{DistributionCode, LabelQuery};
pub(crate) use extra::{CallCode, CurrencyOf, Extra, FunctionCode, ParameterCode, SameCurrency};
pub(crate) use group::GroupCode;
pub(crate) use list::{
    AggregateCode, ElementsCode, FieldPlace, ListCode, RowField, packed, unpacked,
};
pub(crate) use lookup::{Key, KeyCode, LookupCode};
pub(crate) use named_list::{NamedListCode, SortedValues};
pub(crate) use rank::{EachCode, FloorCode, NeedsCode, RankCode};
pub(crate) use rounding::{RoundedNumber, RoundedWhole};
pub(crate) use scaled::{OPERATIONS, Operation, Read, ScaledTruth, ScaledValue};
pub(crate) use subpolicy::{FedCode, GivenCode, SubpolicyCode};
pub(crate) use table::{RowCode, TableCode, TableOutputCode};
pub(crate) use text::{Listed, MadeText, Making, TextTruth};
pub(crate) use time::{TimeCode, TimeForm};

use std::sync::Arc;

use crate::ast::Rounding;
use crate::calendar::Zone;
use crate::ids::{
    DefinitionId, FunctionId, GroupId, InputId, List, ListId, ModelId, NamedListId, OutputId,
    RuleId, RuleSetId, SubpolicyId, TableId,
};
use crate::ir::{self, Element};
use crate::packed::PackedTexts;
use crate::types::Ty;
use crate::{Exact, Span};

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
    pub(crate) rule_sets: List<RuleSetId, RuleSetCode>,
    pub(crate) rules: List<RuleId, RuleCode>,
    pub(crate) decide: DecideCode,
    pub(crate) observed: Observed,
    pub(crate) outcome: Slot,
    pub(crate) outputs: List<OutputId, OutputCode>,
    /// By outcome: whether reasons are owed
    pub(crate) owed: Box<[bool]>,
    pub(crate) rounding: Rounding,
    /// How many values and comparisons are computed on whole numbers
    #[cfg(any(test, feature = "testing"))]
    pub(crate) scaled: usize,
    pub(crate) zone: Option<Zone>,
}

/// How many slots there are of each kind
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) slots: usize,
    pub(crate) whole: usize,
    pub(crate) exact: usize,
    pub(crate) text: usize,
    /// Cells of tables that are asked once at most
    pub(crate) noted: usize,
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

/// A value of any kind to be computed
#[derive(Clone, Debug)]
pub(crate) enum Code {
    Truth(Truth),
    Whole(Whole),
    Exact(Number),
    Text(Words),
    /// A value as it is, missing included
    Copy(Slot, Kind),
    /// A value of a lookup, missing where it gives none
    Looked(Box<LookupCode>),
    /// An exact number on whole ones
    Scaled(Box<ScaledValue>),
    /// An amount that is rounded to the minor unit of the currency in a slot
    MinorUnit(Box<(Slot, Code)>),
    /// The first of several that is taken
    Cascade(Box<CascadeCode>),
    /// Which one was taken, of the cascade in a slot
    Stage(Slot),
    /// What another policy gives, which fills the slot itself
    Asked(SubpolicyId),
}

/// A value with its slot
#[derive(Clone, Debug)]
pub(crate) struct Computed {
    pub(crate) slot: Slot,
    pub(crate) code: Code,
    /// Digits behind the point that an exact value is rounded to
    pub(crate) places: Option<u32>,
}

/// How two values are compared
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

impl Relation {
    #[inline]
    pub(crate) fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Relation::Less => left < right,
            Relation::LessOrEqual => left <= right,
            Relation::Greater => left > right,
            Relation::GreaterOrEqual => left >= right,
            Relation::Equal => left == right,
        }
    }
}

/// A condition
#[derive(Clone, Debug)]
pub(crate) enum Truth {
    Constant(bool),
    Present(Slot),
    Missing(Slot),
    Not(Box<Truth>),
    All(Box<[Truth]>),
    Any(Box<[Truth]>),
    /// Slot between constants, both in
    WholeWithin(Slot, i64, i64),
    /// Slot among the labels or numbers 0 to 63 of a bit set
    WholeAmong(Slot, u64),
    Whole(Relation, Box<(Whole, Whole)>),
    WholeOneOf(Box<Whole>, Box<[Whole]>),
    /// Slot against constant
    ExactIs(Slot, Relation, Exact),
    ExactWithin(Slot, Box<ExactRange>),
    Exact(Relation, Box<(Number, Number)>),
    /// Exact numbers on whole ones
    Scaled(Box<ScaledTruth>),
    ExactOneOf(Box<Number>, Box<[Number]>),
    Text(Box<TextTruth>),
    Listed(Box<Listed>),
    InLookup(Box<Key>),
    TextOneOf(Words, Box<[Words]>),
    /// Slot among constants, or not among them
    TextAmong(Slot, Box<PackedTexts>, bool),
    Extra(Box<Extra<Truth>>),
    Fired(Box<FiredCode>),
}

/// A computation of whole numbers
#[derive(Clone, Debug)]
pub(crate) enum Whole {
    Constant(i64),
    Slot(Slot),
    Truth(Box<Truth>),
    /// Terms, subtracted where the flag is set
    Sum(Box<[(bool, Whole)]>, Overflow, Span),
    Product(Box<[Whole]>, Overflow, Span),
    Negate(Box<Whole>, Overflow, Span),
    Abs(Box<Whole>, Overflow, Span),
    Min(Box<[Whole]>),
    Max(Box<[Whole]>),
    IfMissing(Slot, Option<Box<Whole>>, Span),
    Rounded(Box<RoundedWhole>, Span),
    /// How many characters a text has
    Length(Box<Words>),
    Extra(Box<Extra<Whole>>),
    Time(Box<TimeCode>),
}

/// What is wrong where 64 bits do not hold a result
#[derive(Clone, Copy, Debug)]
pub(crate) enum Overflow {
    /// A number is too large
    Number,
    /// A duration is too long
    Duration,
}

/// A computation of exact numbers
#[derive(Clone, Debug)]
pub(crate) enum Number {
    Constant(Exact),
    Slot(Slot),
    Whole(Box<Whole>),
    /// Terms, subtracted where the flag is set
    Sum(Box<[(bool, Number)]>, Arithmetic),
    Product(Box<Number>, Box<[FactorCode]>, Arithmetic),
    Negate(Box<Number>),
    Abs(Box<Number>),
    Min(Box<[Number]>),
    Max(Box<[Number]>),
    IfMissing(Slot, Option<Box<Number>>, Span),
    Rounded(Box<RoundedNumber>, Span),
    Extra(Box<Extra<Number>>),
}

/// How exact numbers are computed, and where the policy says so
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arithmetic {
    /// From which term or factor on it goes on from a quotient, so that sums and
    /// products round
    pub(crate) rounds_from: usize,
    pub(crate) span: Span,
}

/// A further factor
#[derive(Clone, Debug)]
pub(crate) struct FactorCode {
    pub(crate) divides: bool,
    pub(crate) value: Number,
    pub(crate) if_zero: Option<Number>,
}

/// A text to be had
#[derive(Clone, Debug)]
pub(crate) enum Words {
    Constant(Arc<str>),
    Slot(Slot),
    IfMissing(Slot, Option<Box<Words>>, Span),
    Made(Box<MadeText>),
    Extra(Box<Extra<Words>>),
}

/// A model's feeds and answers
#[derive(Clone, Debug)]
pub(crate) struct ModelCode {
    /// Of a model that is asked for each row of a rank
    pub(crate) each: Option<Box<EachCode>>,
    pub(crate) inputs: Box<[FeedCode]>,
    pub(crate) gives: Box<[GiveCode]>,
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
    pub(crate) range: Option<ir::ConstRange>,
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

/// An output
#[derive(Clone, Debug)]
pub(crate) struct OutputCode {
    pub(crate) when: Option<Truth>,
    pub(crate) value: Computed,
    /// The value that is given only where others asked for it
    pub(crate) if_asked: Option<Slot>,
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

// Code is read in the hot loop: a rarer form belongs behind a box.
const _: () = assert!(size_of::<Whole>() <= 32);
const _: () = assert!(size_of::<Words>() <= 32);
const _: () = assert!(size_of::<Truth>() <= 48);
const _: () = assert!(size_of::<Number>() <= 64);

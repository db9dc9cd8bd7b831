//! Typed code: conditions, whole and exact numbers, texts.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{
    CascadeCode, ExactRange, Extra, FiredCode, Key, Kind, Listed, LookupCode, MadeText,
    RoundedNumber, RoundedWhole, ScaledTruth, ScaledValue, ScorecardCode, Slot, TextTruth,
    TimeCode,
};
use crate::ids::SubpolicyId;
use crate::packed::PackedTexts;
use crate::{Exact, Span};

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
    /// The points of a scorecard
    Points(Box<ScorecardCode>),
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
    pub(crate) fn holds<T: Ord>(self, left: T, right: T) -> bool {
        self.admits(left.cmp(&right))
    }

    /// Tells whether it holds for two values in this order.
    #[inline]
    pub(crate) fn admits(self, order: Ordering) -> bool {
        // A bit each for less, equal, greater: which relation it is, is then no branch that
        // a processor has to guess.
        let admitted = match self {
            Relation::Less => 0b001,
            Relation::LessOrEqual => 0b011,
            Relation::Greater => 0b100,
            Relation::GreaterOrEqual => 0b110,
            Relation::Equal => 0b010,
        };
        admitted >> (order as i8 + 1) & 1 == 1
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

// Code is read in the hot loop: a rarer form belongs behind a box.
const _: () = assert!(size_of::<Whole>() <= 32);
const _: () = assert!(size_of::<Words>() <= 32);
const _: () = assert!(size_of::<Truth>() <= 48);
const _: () = assert!(size_of::<Number>() <= 64);

//! Code over slots: the hot path.

use std::sync::Arc;

use crate::ids::{InputId, ModelId};
use crate::program::{
    Arithmetic, Code, Computed, FactorCode, Kind, Number, Producer, Program, Relation, Slot, Truth,
    Whole, Words,
};
use crate::{Exact, NumberFault, Span};

use super::fault::{Fault, FaultKind};
use super::frame::{Frame, SlotState};
use super::model::Answers;

/// How far a case came
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is decided
    Decided,
    /// It cannot go on without this
    Needs(Needs),
}

/// What a case cannot go on without
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// An input that is pending
    Input(InputId),
    /// The answer of a model
    Model(ModelId),
}

/// Why evaluation leaves an expression
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// By a fault, by position in [`Frame::faults`]
    Fault(u32),
    /// A slot is pending, by its id
    Slot(u32),
    /// A model's answer is pending
    Model(ModelId),
}

/// One evaluation of a program over a frame
pub(super) struct Run<'p, 'f, A> {
    pub(super) program: &'p Program,
    pub(super) frame: &'f mut Frame,
    pub(super) answers: &'f mut A,
}

/// A text at hand: of the program, or in the frame
pub(super) enum Text<'p> {
    Program(&'p Arc<str>),
    Frame(Slot),
}

impl Text<'_> {
    pub(super) fn as_str<'t>(&'t self, frame: &'t Frame) -> &'t str {
        match self {
            Text::Program(text) => text,
            Text::Frame(slot) => frame.text(*slot),
        }
    }
}

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Makes sure that a slot is filled; tells whether a value is there.
    #[inline]
    pub(super) fn ready(&mut self, slot: Slot) -> Result<bool, Stop> {
        match self.frame.state(slot) {
            SlotState::Present => Ok(true),
            SlotState::Missing => Ok(false),
            _ => self.produce(slot),
        }
    }

    #[cold]
    fn produce(&mut self, slot: Slot) -> Result<bool, Stop> {
        let program = self.program;
        match self.frame.state(slot) {
            SlotState::Fault => return Err(Stop::Fault(self.frame.slot_fault(slot))),
            SlotState::Pending => return Err(Stop::Slot(slot.id)),
            SlotState::Present | SlotState::Missing | SlotState::Unset => {}
        }
        match program.producers.get(slot.id as usize) {
            Some(Producer::Definition(id)) => self.compute(&program.definitions[*id])?,
            Some(Producer::Table(id, output)) => self.table_output(*id, *output)?,
            Some(Producer::Model(id)) => self.need_model(*id)?,
            // Inputs are bound and the outcome is set before anything reads them.
            Some(Producer::Given) | None => return Err(Stop::Slot(slot.id)),
        }
        Ok(self.frame.state(slot) == SlotState::Present)
    }

    /// Computes a value into its slot; a fault stays there.
    pub(super) fn compute(&mut self, computed: &'p Computed) -> Result<(), Stop> {
        let slot = computed.slot;
        let done = self.store(slot, &computed.code, computed.places);
        if let Err(Stop::Fault(fault)) = done {
            self.frame.set_fault(slot, fault);
        }
        done
    }

    /// Computes code into a slot, rounded once where the type says so.
    pub(super) fn store(
        &mut self,
        slot: Slot,
        code: &'p Code,
        places: Option<u32>,
    ) -> Result<(), Stop> {
        match code {
            Code::Truth(truth) => {
                let value = self.truth(truth)?;
                self.frame.set_whole(slot, i64::from(value));
            }
            Code::Whole(whole) => {
                let value = self.whole(whole)?;
                self.frame.set_whole(slot, value);
            }
            Code::Exact(number) => {
                let value = match (number, places) {
                    (Number::Product(first, rest, arithmetic), Some(places)) => {
                        self.rounded_product(first, rest, *arithmetic, places)?
                    }
                    _ => self
                        .number(number)
                        .map(|value| self.rounded(value, places))?,
                };
                self.frame.set_exact(slot, value);
            }
            Code::Text(words) => match self.words(words)? {
                Text::Program(text) => self.frame.set_text(slot, text),
                Text::Frame(from) => self.frame.share_text(slot, from),
            },
            Code::Copy(from, kind) => {
                if !self.ready(*from)? {
                    self.frame.set_state(slot, SlotState::Missing);
                    return Ok(());
                }
                match kind {
                    Kind::Whole => self.frame.set_whole(slot, self.frame.whole(*from)),
                    Kind::Exact => {
                        let value = self.rounded(self.frame.exact(*from), places);
                        self.frame.set_exact(slot, value);
                    }
                    Kind::Text => self.frame.share_text(slot, *from),
                }
            }
        }
        Ok(())
    }

    fn rounded(&self, value: Exact, places: Option<u32>) -> Exact {
        match places {
            Some(places) => value.round(places, self.program.rounding),
            None => value,
        }
    }

    #[cold]
    pub(super) fn fault(&mut self, kind: FaultKind, span: Span) -> Stop {
        Stop::Fault(self.frame.add_fault(Fault {
            kind,
            span,
            model: None,
        }))
    }

    fn number_fault(&mut self, fault: NumberFault, span: Span) -> Stop {
        self.fault(FaultKind::Number(fault), span)
    }

    /// A slot's value where the checker proved that it is there.
    #[inline]
    fn present(&mut self, slot: Slot) -> Result<(), Stop> {
        if self.ready(slot)? {
            return Ok(());
        }
        // Proven not to happen; were the proof wrong, it is a fault, not a zero.
        Err(self.fault(FaultKind::Missing, self.program.policy.decide.span))
    }

    #[inline]
    fn whole_slot(&mut self, slot: Slot) -> Result<i64, Stop> {
        self.present(slot)?;
        Ok(self.frame.whole(slot))
    }

    #[inline]
    fn exact_slot(&mut self, slot: Slot) -> Result<Exact, Stop> {
        self.present(slot)?;
        Ok(self.frame.exact(slot))
    }

    pub(super) fn truth(&mut self, truth: &Truth) -> Result<bool, Stop> {
        match truth {
            Truth::Constant(value) => Ok(*value),
            Truth::Slot(slot) => Ok(self.whole_slot(*slot)? != 0),
            Truth::Present(slot) => self.ready(*slot),
            Truth::Not(inner) => Ok(!self.truth(inner)?),
            Truth::All(parts) => {
                for part in parts {
                    if !self.truth(part)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Truth::Any(parts) => {
                for part in parts {
                    if self.truth(part)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Truth::WholeWithin(slot, low, high) => {
                let value = self.whole_slot(*slot)?;
                Ok(*low <= value && value <= *high)
            }
            Truth::WholeAmong(slot, bits) => {
                let value = self.whole_slot(*slot)?;
                Ok((0..64).contains(&value) && bits >> value & 1 == 1)
            }
            Truth::Whole(relation, sides) => {
                let left = self.whole(&sides.0)?;
                Ok(relation.holds(left, self.whole(&sides.1)?))
            }
            Truth::WholeOneOf(subject, values) => {
                let subject = self.whole(subject)?;
                for value in values {
                    if self.whole(value)? == subject {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Truth::ExactIs(slot, relation, value) => {
                Ok(relation.holds(self.exact_slot(*slot)?, *value))
            }
            Truth::ExactWithin(slot, range) => Ok(range.contains(self.exact_slot(*slot)?)),
            Truth::Exact(relation, sides) => {
                let left = self.number(&sides.0)?;
                Ok(relation.holds(left, self.number(&sides.1)?))
            }
            Truth::ExactOneOf(subject, values) => {
                let subject = self.number(subject)?;
                for value in values {
                    if Relation::Equal.holds(subject, self.number(value)?) {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Truth::TextAmong(slot, values) => {
                self.present(*slot)?;
                let (prefix, text) = self.frame.packed_text(*slot);
                Ok(values.iter().any(|value| value.is(prefix, text)))
            }
            Truth::TextOneOf(subject, values) => {
                let subject = self.words(subject)?;
                for value in values {
                    let value = self.words(value)?;
                    if subject.as_str(self.frame) == value.as_str(self.frame) {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    pub(super) fn whole(&mut self, whole: &Whole) -> Result<i64, Stop> {
        const TOO_LARGE: NumberFault = NumberFault::TooLarge;
        match whole {
            Whole::Constant(value) => Ok(*value),
            Whole::Slot(slot) => self.whole_slot(*slot),
            Whole::Truth(truth) => Ok(i64::from(self.truth(truth)?)),
            Whole::Sum(terms, span) => {
                let mut sum = 0_i64;
                for (subtract, term) in terms {
                    let term = self.whole(term)?;
                    let next = if *subtract {
                        sum.checked_sub(term)
                    } else {
                        sum.checked_add(term)
                    };
                    sum = next.ok_or_else(|| self.number_fault(TOO_LARGE, *span))?;
                }
                Ok(sum)
            }
            Whole::Product(factors, span) => {
                let mut product = 1_i64;
                for factor in factors {
                    let next = product.checked_mul(self.whole(factor)?);
                    product = next.ok_or_else(|| self.number_fault(TOO_LARGE, *span))?;
                }
                Ok(product)
            }
            Whole::Negate(inner, span) => {
                let value = self.whole(inner)?.checked_neg();
                value.ok_or_else(|| self.number_fault(TOO_LARGE, *span))
            }
            Whole::Abs(inner, span) => {
                let value = self.whole(inner)?.checked_abs();
                value.ok_or_else(|| self.number_fault(TOO_LARGE, *span))
            }
            Whole::Min(parts) => self.whole_extreme(parts, i64::min),
            Whole::Max(parts) => self.whole_extreme(parts, i64::max),
            Whole::IfMissing(slot, alternative, span) => {
                if self.ready(*slot)? {
                    return Ok(self.frame.whole(*slot));
                }
                match alternative {
                    Some(alternative) => self.whole(alternative),
                    None => Err(self.fault(FaultKind::Missing, *span)),
                }
            }
        }
    }

    fn whole_extreme(&mut self, parts: &[Whole], pick: fn(i64, i64) -> i64) -> Result<i64, Stop> {
        let mut found: Option<i64> = None;
        for part in parts {
            let value = self.whole(part)?;
            found = Some(found.map_or(value, |found| pick(found, value)));
        }
        Ok(found.unwrap_or_default())
    }

    pub(super) fn number(&mut self, number: &Number) -> Result<Exact, Stop> {
        match number {
            Number::Constant(value) => Ok(*value),
            Number::Slot(slot) => self.exact_slot(*slot),
            Number::Whole(whole) => Ok(Exact::from_integer(self.whole(whole)?)),
            Number::Sum(terms, arithmetic) => {
                let mut sum: Option<Exact> = None;
                for (subtract, term) in terms {
                    let term = self.number(term)?;
                    let term = if *subtract { term.negate() } else { term };
                    let next = match sum {
                        None => Ok(term),
                        Some(sum) if arithmetic.rounds => sum.add_rounded(term),
                        Some(sum) => sum.add(term),
                    };
                    sum = Some(next.map_err(|fault| self.number_fault(fault, arithmetic.span))?);
                }
                Ok(sum.unwrap_or_default())
            }
            Number::Product(first, rest, arithmetic) => self.product(first, rest, *arithmetic),
            Number::Negate(inner) => Ok(self.number(inner)?.negate()),
            Number::Abs(inner) => Ok(self.number(inner)?.abs()),
            Number::Min(parts) => self.extreme(parts, Exact::min),
            Number::Max(parts) => self.extreme(parts, Exact::max),
            Number::IfMissing(slot, alternative, span) => {
                if self.ready(*slot)? {
                    return Ok(self.frame.exact(*slot));
                }
                match alternative {
                    Some(alternative) => self.number(alternative),
                    None => Err(self.fault(FaultKind::Missing, *span)),
                }
            }
        }
    }

    fn product(
        &mut self,
        first: &Number,
        rest: &[FactorCode],
        arithmetic: Arithmetic,
    ) -> Result<Exact, Stop> {
        let mut product = self.number(first)?;
        for factor in rest {
            product = self.factor(product, factor, arithmetic, None)?;
        }
        Ok(product)
    }

    /// A product that its type rounds: a division at its end goes straight to
    /// the digits that are kept.
    fn rounded_product(
        &mut self,
        first: &Number,
        rest: &[FactorCode],
        arithmetic: Arithmetic,
        places: u32,
    ) -> Result<Exact, Stop> {
        let Some((last, rest)) = rest.split_last() else {
            return self
                .number(first)
                .map(|value| self.rounded(value, Some(places)));
        };
        let product = self.product(first, rest, arithmetic)?;
        self.factor(product, last, arithmetic, Some(places))
    }

    /// Goes on from a product by one factor; rounds it where `places` are given.
    fn factor(
        &mut self,
        product: Exact,
        factor: &FactorCode,
        arithmetic: Arithmetic,
        places: Option<u32>,
    ) -> Result<Exact, Stop> {
        let value = self.number(&factor.value)?;
        let next = match &factor.if_zero {
            Some(alternative) if value.is_zero() => Ok(self.number(alternative)?),
            _ if factor.divides => {
                if let Some(places) = places {
                    let quotient = product.divide_to(value, places, self.program.rounding);
                    return quotient.map_err(|fault| self.number_fault(fault, arithmetic.span));
                }
                product.divide(value)
            }
            _ if arithmetic.rounds => product.multiply_rounded(value),
            _ => product.multiply(value),
        };
        let next = next.map_err(|fault| self.number_fault(fault, arithmetic.span))?;
        Ok(self.rounded(next, places))
    }

    fn extreme(
        &mut self,
        parts: &[Number],
        pick: fn(Exact, Exact) -> Exact,
    ) -> Result<Exact, Stop> {
        let mut found: Option<Exact> = None;
        for part in parts {
            let value = self.number(part)?;
            found = Some(found.map_or(value, |found| pick(found, value)));
        }
        Ok(found.unwrap_or_default())
    }

    pub(super) fn words<'w>(&mut self, words: &'w Words) -> Result<Text<'w>, Stop> {
        match words {
            Words::Constant(text) => Ok(Text::Program(text)),
            Words::Slot(slot) => {
                self.present(*slot)?;
                Ok(Text::Frame(*slot))
            }
            Words::IfMissing(slot, alternative, span) => {
                if self.ready(*slot)? {
                    return Ok(Text::Frame(*slot));
                }
                match alternative {
                    Some(alternative) => self.words(alternative),
                    None => Err(self.fault(FaultKind::Missing, *span)),
                }
            }
        }
    }
}

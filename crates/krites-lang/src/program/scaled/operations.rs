//! Operations put one behind another, in the order in which a value is asked for.

use super::{OPERATIONS, Operation, Read};
use crate::program::Slot;

/// An exact number on its way: units of a digit behind the point
#[derive(Clone, Copy)]
pub(super) struct Term {
    what: What,
    pub(super) places: u32,
}

#[derive(Clone, Copy)]
enum What {
    Constant(i64),
    Register(u8),
}

impl Term {
    pub(super) fn constant(units: i64, places: u32) -> Term {
        Term {
            what: What::Constant(units),
            places,
        }
    }

    pub(super) fn power_of_ten(exponent: u32) -> Option<Term> {
        Some(Term::constant(10_i64.checked_pow(exponent)?, 0))
    }
}

/// `None` where an expression has too many operations, or too many digits for them.
#[derive(Default)]
pub(super) struct Operations(Vec<Operation>);

impl Operations {
    pub(super) fn finish(self) -> Box<[Operation]> {
        self.0.into_boxed_slice()
    }

    /// A value in a slot, read once.
    pub(super) fn read(&mut self, slot: Slot, read: Read) -> Option<Term> {
        let places = match read {
            Read::Exact(places) => places,
            Read::Whole => 0,
        };
        let same =
            |operation: &Operation| matches!(operation, Operation::Read(at, _) if *at == slot);
        match self.0.iter().position(same) {
            Some(position) => Some(Term {
                what: What::Register(u8::try_from(position).ok()?),
                places,
            }),
            None => self.push(Operation::Read(slot, read), places),
        }
    }

    /// Leaves the rest to the plain code where a divisor is zero.
    pub(super) fn not_zero(&mut self, divisor: Term) -> Option<()> {
        match divisor.what {
            What::Constant(0) => None,
            What::Constant(_) => Some(()),
            What::Register(register) => {
                self.push(Operation::NotZero(register), 0)?;
                Some(())
            }
        }
    }

    /// A sum, a difference, the lesser or the greater: in units of the finer one.
    pub(super) fn joined(
        &mut self,
        one: Term,
        other: Term,
        by: fn(u8, u8) -> Operation,
    ) -> Option<Term> {
        let (one, other) = self.aligned(one, other)?;
        let operation = by(self.register(one)?, self.register(other)?);
        self.push(operation, one.places)
    }

    pub(super) fn multiply(&mut self, one: Term, other: Term) -> Option<Term> {
        // With more places than a number has, its zeros would decide on a fault.
        let places = Some(one.places + other.places).filter(|places| *places <= 28)?;
        let operation = match (one.what, other.what) {
            (What::Constant(one), What::Constant(other)) => {
                return Some(Term::constant(one.checked_mul(other)?, places));
            }
            (What::Register(_), What::Constant(1)) => return Some(Term { places, ..one }),
            (What::Constant(1), What::Register(_)) => return Some(Term { places, ..other }),
            (What::Register(register), What::Constant(factor))
            | (What::Constant(factor), What::Register(register)) => {
                Operation::Times(register, factor)
            }
            (What::Register(one), What::Register(other)) => Operation::Multiply(one, other),
        };
        self.push(operation, places)
    }

    /// Brings two numbers to units of the finer one.
    pub(super) fn aligned(&mut self, one: Term, other: Term) -> Option<(Term, Term)> {
        let places = one.places.max(other.places);
        let at = |term: Term| Term { places, ..term };
        let (by, other_by) = (places - one.places, places - other.places);
        Some((
            at(self.shifted(one, by)?),
            at(self.shifted(other, other_by)?),
        ))
    }

    /// Multiplies units by a power of ten; the places stay what they were.
    pub(super) fn shifted(&mut self, term: Term, by: u32) -> Option<Term> {
        let shifted = self.multiply(term, Term::power_of_ten(by)?)?;
        Some(Term {
            places: term.places,
            ..shifted
        })
    }

    /// Where a number stands when all operations are taken.
    pub(super) fn register(&mut self, term: Term) -> Option<u8> {
        match term.what {
            What::Register(register) => Some(register),
            What::Constant(value) => {
                let term = self.push(Operation::Constant(value), term.places)?;
                self.register(term)
            }
        }
    }

    fn push(&mut self, operation: Operation, places: u32) -> Option<Term> {
        let register = self.0.len();
        if register >= OPERATIONS {
            return None;
        }
        self.0.push(operation);
        Some(Term {
            what: What::Register(u8::try_from(register).ok()?),
            places,
        })
    }
}

//! Exact numbers on whole ones of 64 bits.

use crate::Exact;
use crate::program::{OPERATIONS, Operation, Read, ScaledTruth, ScaledValue};

use super::model::Answers;
use super::run::{Run, Stop};

/// What each operation gave; a register's number is taken modulo how many there are,
/// which keeps it within them
#[derive(Default)]
struct Registers([i64; OPERATIONS]);

#[expect(
    clippy::indexing_slicing,
    reason = "a remainder of OPERATIONS is below it"
)]
impl Registers {
    #[inline]
    fn get(&self, register: u8) -> i64 {
        self.0[usize::from(register) % OPERATIONS]
    }

    #[inline]
    fn set(&mut self, position: usize, value: i64) {
        self.0[position % OPERATIONS] = value;
    }
}

impl<A: Answers> Run<'_, '_, A> {
    /// Computes a value, rounded to `places` where its type has them.
    #[inline(never)]
    pub(super) fn scaled_value(
        &mut self,
        value: &ScaledValue,
        places: Option<u32>,
    ) -> Result<Exact, Stop> {
        let rounding = self.program.rounding;
        let mut registers = Registers::default();
        let found = if self.operations(&value.operations, &mut registers)? {
            let over = registers.get(value.over);
            match value.under.map(|under| registers.get(under)) {
                None => Some(Exact::from_units(over, value.places)),
                Some(under) if value.inexact => {
                    Exact::ratio_off_borders(over, under, value.places, rounding)
                }
                Some(under) => Exact::ratio(over, under, value.places, rounding),
            }
        } else {
            None
        };
        match found {
            Some(found) => Ok(found),
            None => self.typed_number(&value.plain, places),
        }
    }

    /// Compares exact numbers.
    pub(super) fn scaled_truth(&mut self, truth: &ScaledTruth) -> Result<bool, Stop> {
        let mut registers = Registers::default();
        if self.operations(&truth.operations, &mut registers)? {
            let (left, right) = (registers.get(truth.left), registers.get(truth.right));
            match truth.divisor.map_or(1, |divisor| registers.get(divisor)) {
                0 => {}
                _ if truth.inexact && left == right => {}
                1.. => return Ok(truth.relation.holds(left, right)),
                ..0 => return Ok(truth.relation.holds(right, left)),
            }
        }
        self.truth(&truth.plain)
    }

    /// Takes the operations; tells whether 64 bits and the values' digits suffice.
    fn operations(
        &mut self,
        operations: &[Operation],
        registers: &mut Registers,
    ) -> Result<bool, Stop> {
        for (position, operation) in operations.iter().enumerate() {
            let (value, overflows) = match *operation {
                Operation::Read(slot, Read::Whole) => (self.whole_slot(slot)?, false),
                Operation::Read(slot, Read::Exact(places)) => {
                    match self.exact_slot(slot)?.units(places) {
                        Some(units) => (units, false),
                        None => return Ok(false),
                    }
                }
                Operation::Constant(value) => (value, false),
                Operation::Add(a, b) => registers.get(a).overflowing_add(registers.get(b)),
                Operation::Subtract(a, b) => registers.get(a).overflowing_sub(registers.get(b)),
                Operation::Multiply(a, b) => registers.get(a).overflowing_mul(registers.get(b)),
                Operation::Times(a, factor) => registers.get(a).overflowing_mul(factor),
                Operation::Least(a, b) => (registers.get(a).min(registers.get(b)), false),
                Operation::Greatest(a, b) => (registers.get(a).max(registers.get(b)), false),
                Operation::NotZero(a) => (0, registers.get(a) == 0),
            };
            if overflows {
                return Ok(false);
            }
            registers.set(position, value);
        }
        Ok(true)
    }
}

//! Currencies that the case names.

use crate::program::{CurrencyOf, Program, SameCurrency, Slot};
use crate::types::{Currency, Ty};

use super::fault::FaultKind;
use super::frame::Frame;
use super::model::Answers;
use super::refused::InputError;
use super::run::{Run, Stop};
use super::state::SlotState;

impl<A: Answers> Run<'_, '_, A> {
    /// The currency of amounts.
    pub(super) fn currency(&mut self, of: CurrencyOf) -> Result<Currency, Stop> {
        let slot = match of {
            CurrencyOf::Policy(currency) => return Ok(currency),
            CurrencyOf::Case(slot) => slot,
        };
        self.present(slot)?;
        match named(self.frame, slot) {
            Some(currency) => Ok(currency),
            // A case with another text was refused when its inputs were finished.
            None => Err(self.fault(FaultKind::Missing, self.program.policy.decide.span)),
        }
    }

    pub(super) fn same_currency(&mut self, currencies: &SameCurrency) -> Result<(), Stop> {
        let one = self.currency(currencies.wanted)?;
        let other = self.currency(currencies.found)?;
        if one == other {
            return Ok(());
        }
        Err(self.fault(FaultKind::Currencies { one, other }, currencies.span))
    }
}

impl Program {
    /// Holds texts that name currencies against the known ones, and amounts against
    /// the digits of theirs; what is pending is held against them later.
    pub(super) fn check_currencies(&self, frame: &Frame) -> Result<(), InputError> {
        for named_by in &self.currencies {
            let slot = self.inputs[named_by.input].slot;
            if frame.state(slot) != SlotState::Present {
                continue;
            }
            let Some(currency) = named(frame, slot) else {
                return Err(self.no_currency(named_by.input, frame.text(slot)));
            };
            let digits = currency.minor_digits();
            for amount in &named_by.amounts {
                let slot = self.inputs[*amount].slot;
                let there = frame.state(slot) == SlotState::Present;
                if there && frame.exact(slot).places() > digits {
                    return Err(self.too_many_digits(*amount, frame.exact(slot), digits));
                }
            }
            for place in &named_by.fields {
                let columns = frame.columns(place.list);
                if let Some((element, amount)) = columns.longer_than(place.field, digits) {
                    return Err(
                        self.element_has_too_many_digits(frame, *place, element, amount, digits)
                    );
                }
            }
        }
        Ok(())
    }

    /// The digits of the minor unit that amounts of a type have in this case.
    pub(super) fn minor_digits(&self, frame: &Frame, ty: Ty) -> Option<u32> {
        let currency = match ty {
            Ty::Money(currency) => Some(currency),
            Ty::MoneyOf(input) => named(frame, self.inputs[input].slot),
            _ => None,
        };
        currency.map(|currency| currency.minor_digits())
    }
}

/// The currency that a slot's text names.
fn named(frame: &Frame, slot: Slot) -> Option<Currency> {
    Currency::parse(frame.text(slot))
}

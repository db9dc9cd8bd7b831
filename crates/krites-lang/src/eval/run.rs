//! Code over slots: the hot path.

use crate::ids::{GroupId, InputId, ModelId};
use crate::program::{Code, Computed, CurrencyOf, Kind, Number, Producer, Program, Slot};
use crate::{Exact, NumberFault, Span};

use super::fault::{Fault, FaultKind};
use super::frame::Frame;
use super::model::Answers;
use super::shadow::Again;
use super::state::SlotState;

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
    /// A group of inputs that is not given yet
    Group(GroupId),
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
    /// A group of inputs may still come
    Group(GroupId),
    /// It would ask for something new, and may not; never kept as a state
    New,
}

/// One evaluation of a program over a frame
pub(super) struct Run<'p, 'f, A> {
    pub(super) program: &'p Program,
    pub(super) frame: &'f mut Frame,
    pub(super) answers: &'f mut A,
    pub(super) asks: Asks,
    /// Where the case is decided again: what of the decision is read
    pub(super) again: Option<Again<'p, 'f>>,
}

/// What an evaluation may ask for
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    Freely,
    /// No model that was not run, and no group that was not asked for
    NothingNew,
    /// Models, and no group that was not asked for
    NoInputs,
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

    #[inline(never)]
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
            Some(Producer::Input(id)) => program.fill_input(self.frame, *id),
            Some(Producer::Group(id)) => self.need_group(*id)?,
            // Elements are bound and the outcome is set before anything reads them.
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
        code: &Code,
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
                let value = self.typed_number(number, places)?;
                self.frame.set_exact(slot, value);
            }
            Code::Scaled(value) => {
                let value = self.scaled_value(value, places)?;
                self.frame.set_exact(slot, value);
            }
            Code::Points(card) => match (self.points(card), card.places) {
                (Some(points), None) => self.frame.set_whole(slot, points),
                (Some(points), Some(places)) => {
                    self.frame
                        .set_exact(slot, Exact::from_units(points, places));
                }
                (None, _) => return self.store(slot, &card.plain, places),
            },
            Code::Text(words) => {
                let range = self.kept_text(words)?;
                self.frame.set_text_range(slot, range);
            }
            Code::Copy(..)
            | Code::Looked(_)
            | Code::MinorUnit(_)
            | Code::Cascade(_)
            | Code::Stage(_)
            | Code::Asked(_) => self.store_rare(slot, code, places)?,
        }
        Ok(())
    }

    /// Computes what few values are; apart, so that the others save no registers for it.
    #[inline(never)]
    fn store_rare(&mut self, slot: Slot, code: &Code, places: Option<u32>) -> Result<(), Stop> {
        match code {
            Code::Truth(_)
            | Code::Whole(_)
            | Code::Exact(_)
            | Code::Scaled(_)
            | Code::Points(_)
            | Code::Text(_) => return self.store(slot, code, places),
            Code::MinorUnit(amount) => {
                let (currency, code) = &**amount;
                let digits = self.currency(CurrencyOf::Case(*currency))?.minor_digits();
                return self.store(slot, code, Some(digits));
            }
            Code::Cascade(cascade) => return self.cascade(slot, cascade, places),
            Code::Asked(id) => self.need_policy(*id)?,
            // The cascade fills it with its own slot.
            Code::Stage(cascade) => {
                self.ready(*cascade)?;
            }
            Code::Copy(from, kind) => {
                let there = self.ready(*from)?;
                self.copy(*from, *kind, there, slot, places);
            }
            Code::Looked(code) => {
                let there = self.look_up(code, code.slot)?;
                self.copy(code.slot, code.kind, there, slot, places);
            }
        }
        Ok(())
    }

    /// Takes the value of another slot, missing where it is not there.
    fn copy(&mut self, from: Slot, kind: Kind, there: bool, slot: Slot, places: Option<u32>) {
        let frame = &mut *self.frame;
        match kind {
            _ if !there => frame.set_state(slot, SlotState::Missing),
            Kind::Whole => frame.set_whole(slot, frame.whole(from)),
            Kind::Exact => {
                let value = self.rounded(self.frame.exact(from), places);
                self.frame.set_exact(slot, value);
            }
            Kind::Text => frame.set_text_range(slot, frame.text_range(from)),
        }
    }

    /// Computes an exact number, rounded once where its type says so.
    pub(super) fn typed_number(
        &mut self,
        number: &Number,
        places: Option<u32>,
    ) -> Result<Exact, Stop> {
        match (number, places) {
            (Number::Product(first, rest, arithmetic), Some(places)) => {
                self.rounded_product(first, rest, *arithmetic, places)
            }
            _ => self.number(number).map(|value| self.rounded(value, places)),
        }
    }

    pub(super) fn rounded(&self, value: Exact, places: Option<u32>) -> Exact {
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
            group: None,
            policy: None,
        }))
    }

    pub(super) fn number_fault(&mut self, fault: NumberFault, span: Span) -> Stop {
        self.fault(FaultKind::Number(fault), span)
    }

    /// A slot's value where the checker proved that it is there.
    #[inline]
    pub(super) fn present(&mut self, slot: Slot) -> Result<(), Stop> {
        match self.frame.state(slot) {
            SlotState::Present => Ok(()),
            _ => self.obtain(slot),
        }
    }

    #[inline(never)]
    fn obtain(&mut self, slot: Slot) -> Result<(), Stop> {
        if self.ready(slot)? {
            return Ok(());
        }
        // Proven not to happen; were the proof wrong, it is a fault, not a zero.
        Err(self.fault(FaultKind::Missing, self.program.policy.decide.span))
    }

    #[inline]
    pub(super) fn whole_slot(&mut self, slot: Slot) -> Result<i64, Stop> {
        self.present(slot)?;
        Ok(self.frame.whole(slot))
    }

    #[inline]
    pub(super) fn exact_slot(&mut self, slot: Slot) -> Result<Exact, Stop> {
        self.present(slot)?;
        Ok(self.frame.exact(slot))
    }
}

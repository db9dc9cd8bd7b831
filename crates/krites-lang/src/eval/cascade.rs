//! Values that are tried in order.

use crate::program::{CascadeCode, Slot};

use super::model::Answers;
use super::run::{Run, Stop};
use super::state::SlotState;

impl<A: Answers> Run<'_, '_, A> {
    /// Computes the first value that is taken into a slot; nothing behind it is asked.
    pub(super) fn cascade(
        &mut self,
        slot: Slot,
        cascade: &CascadeCode,
        places: Option<u32>,
    ) -> Result<(), Stop> {
        let left = cascade
            .left
            .filter(|left| self.frame.state(*left) == SlotState::Present);
        let left = left.map_or(0, |left| self.frame.whole(left));
        for (number, attempt) in (1..).zip(&cascade.tries) {
            if number <= left {
                continue;
            }
            let taken = match &attempt.when {
                Some(when) => self.truth(when),
                None => Ok(true),
            };
            let done = taken.and_then(|taken| {
                if taken {
                    self.store(slot, &attempt.value, places)?;
                }
                Ok(taken)
            });
            match (done, cascade.left) {
                (Ok(true), _) => return self.set_stage(cascade, number),
                (Ok(false), _) => {}
                (Err(Stop::Fault(_)), Some(left)) if attempt.fault_next => {
                    self.frame.set_whole(left, number);
                }
                (Err(stop), _) => return Err(stop),
            }
        }
        match &cascade.otherwise {
            Some(value) => self.store(slot, value, places)?,
            None => self.frame.set_state(slot, SlotState::Missing),
        }
        self.set_stage(cascade, 0)
    }

    fn set_stage(&mut self, cascade: &CascadeCode, number: i64) -> Result<(), Stop> {
        if let Some(stage) = cascade.stage {
            self.frame.set_whole(stage, number);
        }
        Ok(())
    }
}

//! Calibrations and cascades.

use krites_lang::Id as _;
use krites_lang::ir::{self, Calibration, Cascade, ExprKind};
use num_rational::BigRational;

use crate::Value;
use crate::number::{from_exact, whole};
use crate::run::{Found, NEW, Run};

/// The height of the line through the points at both sides, or the value of the point
/// at or below; beyond the ends, that of the end.
pub(crate) fn calibrated(at: &BigRational, calibration: &Calibration) -> BigRational {
    let points: Vec<(BigRational, BigRational)> = calibration
        .knots
        .iter()
        .map(|knot| (from_exact(knot.at), from_exact(knot.value)))
        .collect();
    let below = points.iter().rev().find(|(place, _)| place <= at);
    let above = points.iter().find(|(place, _)| place > at);
    match (below, above) {
        (Some((low, from)), Some((high, to))) if calibration.linear => {
            from + (to - from) * (at - low) / (high - low)
        }
        (Some((_, value)), _) | (None, Some((_, value))) => value.clone(),
        (None, None) => whole(0),
    }
}

impl<'p> Run<'p, '_> {
    /// The first value whose condition holds. A fault ends it, but where it says that
    /// a fault leads to the next one.
    pub(crate) fn cascade(&mut self, cascade: &'p Cascade) -> Found<Option<Value>> {
        let failed = self.failed_tries.get(&std::ptr::from_ref(cascade));
        let failed = failed.copied().unwrap_or(0);
        for (number, attempt) in (1..).zip(&cascade.tries) {
            // It is tried once, though the cascade could not be computed to its end then
            if number <= failed {
                continue;
            }
            let taken = match &attempt.when {
                Some(when) => self.truth(when),
                None => Ok(true),
            };
            let value = match taken {
                Ok(false) => continue,
                Ok(true) => self.value(&attempt.value),
                Err(fault) => Err(fault),
            };
            match value {
                Ok(value) => return Ok(self.at_stage(cascade, number, value)),
                Err(fault) if !attempt.fault_next || fault == NEW => return Err(fault),
                Err(_) => {
                    self.failed_tries
                        .insert(std::ptr::from_ref(cascade), number);
                }
            }
        }
        let value = match &cascade.otherwise {
            Some(value) => self.value(value)?,
            None => None,
        };
        Ok(self.at_stage(cascade, 0, value))
    }

    fn at_stage(&mut self, cascade: &Cascade, number: i64, value: Option<Value>) -> Option<Value> {
        let stage = cascade.stage.map(|stage| stage.position());
        if let Some(place) = stage.and_then(|stage| self.definitions.get_mut(stage)) {
            *place = Some(Ok(Some(Value::Number(whole(number)))));
        }
        value
    }

    /// Which value of a cascade was taken: known once the cascade is.
    pub(crate) fn stage(&mut self, cascade: ir::Value) -> Found<Option<Value>> {
        self.named(cascade)?;
        let ir::Value::Definition(id) = cascade else {
            return self.broken("no such cascade");
        };
        let stage = match &self.policy.definitions[id].value.kind {
            ExprKind::Cascade(cascade) => cascade.stage,
            _ => None,
        };
        let known = stage.and_then(|stage| self.definitions.get(stage.position()));
        match known {
            Some(Some(known)) => known.clone(),
            _ => self.broken("a cascade without a stage"),
        }
    }
}

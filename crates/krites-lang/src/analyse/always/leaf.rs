//! What is left of a box of cases under each outcome that its decision may come to.

use super::super::case::Case;
use super::super::set::{Set, Values};
use super::decision::Decision;
use super::rules::Relevant;
use super::silent::Silent;
use super::voice::Voice;
use crate::ir::{Expr, Value};

/// Cases of one outcome in which something does not hold
pub(super) struct Leaf<'p> {
    pub(super) outcome: u32,
    pub(super) case: Case<'p>,
    /// What may have spoken for the outcome
    pub(super) voices: Vec<Voice<'p>>,
    /// What did not speak where nothing has
    pub(super) silent: Vec<Silent<'p>>,
}

/// The cases of a box in which a condition does not hold, by outcome.
pub(super) fn leaves<'p>(
    case: &Case<'p>,
    condition: &'p Expr,
    relevant: &Relevant<'_>,
) -> Vec<Leaf<'p>> {
    let mut reads_values = false;
    condition.each_value(&mut |value| reads_values |= matches!(value, Value::Decided(_)));
    let mut decision = Decision::of(case, relevant);
    let outcomes = decision.outcomes();
    let outcomes = outcomes.into_iter();
    let left = outcomes.filter_map(|outcome| {
        let case = decision.under(outcome, reads_values)?;
        let case = case.assume(condition, false)?;
        let voices = decision.voices.iter().chain(&decision.failing);
        let voices = voices.filter(|voice| voice.label == outcome);
        Some(Leaf {
            outcome,
            case,
            voices: voices.cloned().collect(),
            silent: decision.silent.clone(),
        })
    });
    left.collect()
}

impl<'p> Decision<'_, 'p> {
    /// The cases in which this is the outcome, as far as is known; `None` where there are
    /// none.
    fn under(&self, outcome: u32, reads_values: bool) -> Option<Case<'p>> {
        let decide = &self.policy.decide;
        let labels = self.policy.enums[decide.ty].labels.len();
        let own = (0_u32..).take(labels).map(|label| label == outcome);
        let own = Set::there(Values::Labels(own.collect()));
        let mut case = self.case.assume_within(Value::Outcome, &own)?;
        for asked in &self.asked {
            if let Some(when) = asked.silent_under(decide, outcome) {
                case = case.assume(when, false)?;
            }
        }
        if !reads_values {
            return Some(case);
        }
        let own = self.voices.iter().filter(|voice| voice.label == outcome);
        for (at, position) in (0..decide.values.len()).zip(0_u32..) {
            // Where none can say them, a handling does, whatever its own outcome
            let sets = own.clone().chain(&self.failing);
            let sets = sets.filter_map(|voice| voice.value(at, &case, self.policy));
            let set = sets.reduce(|one, other| one.or(&other))?;
            case = case.assume_within(Value::Decided(position), &set)?;
        }
        Some(case)
    }
}

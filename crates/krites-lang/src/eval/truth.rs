//! Conditions.

use crate::program::{Relation, Truth};

use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
    /// Decides a condition; this is inlined where conditions are asked.
    #[inline]
    pub(super) fn truth(&mut self, truth: &Truth) -> Result<bool, Stop> {
        match self.one_at_hand(truth) {
            Some(holds) => Ok(holds),
            None => self.ask(truth),
        }
    }

    /// Decides a condition where all that it asks about is there.
    #[inline]
    pub(super) fn at_hand(&self, truth: &Truth) -> Option<bool> {
        match truth {
            Truth::All(_) | Truth::Any(_) | Truth::Not(_) | Truth::TextAmong(..) => {
                self.all_at_hand(truth)
            }
            _ => self.one_at_hand(truth),
        }
    }

    /// As [`Run::at_hand`], for conditions that are made of others.
    #[inline(never)]
    fn all_at_hand(&self, truth: &Truth) -> Option<bool> {
        match truth {
            Truth::All(parts) => {
                for part in parts {
                    if !self.at_hand(part)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            Truth::Any(parts) => {
                for part in parts {
                    if self.at_hand(part)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            Truth::Not(inner) => Some(!self.at_hand(inner)?),
            Truth::TextAmong(slot, values, among) => {
                if !self.frame.is_there(*slot)? {
                    return None;
                }
                let (prefix, text) = self.frame.packed_text(*slot);
                Some(values.position(prefix, text).is_some() == *among)
            }
            _ => self.one_at_hand(truth),
        }
    }

    /// Decides the common conditions, over one slot whose value is there. It calls
    /// nothing, so that no register is saved for it.
    #[inline]
    fn one_at_hand(&self, truth: &Truth) -> Option<bool> {
        let frame = &*self.frame;
        match truth {
            Truth::WholeWithin(slot, low, high) => {
                Some(is_within(frame.whole_at_hand(*slot)?, *low, *high))
            }
            Truth::WholeAmong(slot, bits) => Some(is_among(frame.whole_at_hand(*slot)?, *bits)),
            Truth::ExactIs(slot, relation, value) => {
                let order = frame.exact_at_hand(*slot)?.cmp_alike(value)?;
                Some(relation.admits(order))
            }
            Truth::Present(slot) => frame.is_there(*slot),
            Truth::Missing(slot) => frame.is_there(*slot).map(|there| !there),
            _ => None,
        }
    }

    #[inline(never)]
    fn ask(&mut self, truth: &Truth) -> Result<bool, Stop> {
        match truth {
            Truth::Constant(value) => Ok(*value),
            Truth::WholeWithin(slot, low, high) => {
                Ok(is_within(self.whole_slot(*slot)?, *low, *high))
            }
            Truth::WholeAmong(slot, bits) => Ok(is_among(self.whole_slot(*slot)?, *bits)),
            Truth::ExactIs(slot, relation, value) => {
                Ok(relation.holds(self.exact_slot(*slot)?, *value))
            }
            Truth::Present(slot) => self.ready(*slot),
            Truth::Missing(slot) => Ok(!self.ready(*slot)?),
            Truth::Scaled(truth) => self.scaled_truth(truth),
            Truth::Extra(extra) => {
                self.extra(extra, Self::truth, |run, slot| run.frame.whole(slot) != 0)
            }
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
            Truth::TextAmong(slot, values, among) => {
                self.present(*slot)?;
                let (prefix, text) = self.frame.packed_text(*slot);
                Ok(values.position(prefix, text).is_some() == *among)
            }
            Truth::Text(truth) => self.text_truth(truth),
            Truth::Listed(listed) => self.listed(listed),
            Truth::InLookup(key) => self.in_lookup(key),
            Truth::Fired(fired) => self.fired(fired),
            Truth::TextOneOf(subject, values) => self.text_is_one_of(subject, values),
        }
    }
}

#[inline]
fn is_within(value: i64, low: i64, high: i64) -> bool {
    low <= value && value <= high
}

#[inline]
fn is_among(value: i64, bits: u64) -> bool {
    (0..64).contains(&value) && bits >> value & 1 == 1
}

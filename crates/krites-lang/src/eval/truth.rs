//! Conditions.

use crate::program::{Relation, Truth};

use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
    /// Decides a condition. The common ones, over one slot, are decided here;
    /// this is inlined where conditions are asked.
    #[inline]
    pub(super) fn truth(&mut self, truth: &Truth) -> Result<bool, Stop> {
        match truth {
            Truth::WholeWithin(slot, low, high) => {
                let value = self.whole_slot(*slot)?;
                Ok(*low <= value && value <= *high)
            }
            Truth::WholeAmong(slot, bits) => {
                let value = self.whole_slot(*slot)?;
                Ok((0..64).contains(&value) && bits >> value & 1 == 1)
            }
            Truth::ExactIs(slot, relation, value) => {
                Ok(relation.holds(self.exact_slot(*slot)?, *value))
            }
            Truth::Present(slot) => self.ready(*slot),
            Truth::Missing(slot) => Ok(!self.ready(*slot)?),
            _ => self.compound(truth),
        }
    }

    #[inline(never)]
    fn compound(&mut self, truth: &Truth) -> Result<bool, Stop> {
        match truth {
            Truth::Constant(value) => Ok(*value),
            Truth::WholeWithin(..)
            | Truth::WholeAmong(..)
            | Truth::ExactIs(..)
            | Truth::Missing(_)
            | Truth::Present(_) => self.truth(truth),
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

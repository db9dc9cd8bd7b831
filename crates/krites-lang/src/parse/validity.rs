//! `off`, and the days on which a part of the policy holds.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Day, Until, Validity};

impl Reader<'_> {
    /// Builds the validity of what has `off` or `from …` among its parts.
    pub(super) fn validity(&mut self, pair: &Pair<'_>) -> Validity {
        let mut validity = Validity::default();
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::kw_off => validity.off = Some(self.tight_span(&part)),
                Rule::validity => {
                    for bound in part.into_inner() {
                        self.bound_of_validity(&bound, &mut validity);
                    }
                }
                _ => {}
            }
        }
        validity
    }

    fn bound_of_validity(&mut self, bound: &Pair<'_>, validity: &mut Validity) {
        let Some(date) = super::parts::part(bound, Rule::date) else {
            return;
        };
        let day = Day {
            text: date.as_str().to_owned(),
            span: self.tight_span(&date),
        };
        match bound.as_rule() {
            Rule::valid_from => validity.from = Some(day),
            Rule::valid_through => validity.until = Some((Until::Through, day)),
            _ => validity.until = Some((Until::Before, day)),
        }
    }
}

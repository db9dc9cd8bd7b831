//! The most probable labels of a distribution, and the probability of one.

use crate::program::{DistributionCode, LabelQuery, Slot};

use super::aggregate::Folded;
use super::fault::FaultKind;
use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
    pub(super) fn distribution<V: Folded>(
        &mut self,
        code: &DistributionCode,
        result: impl Fn(&Self, Slot) -> V,
    ) -> Result<V, Stop> {
        let at = match &code.query {
            LabelQuery::Of(label) => {
                let label = self.whole(label)?;
                usize::try_from(label).ok()
            }
            LabelQuery::Top => self.most_probable(&code.answers, None)?,
            LabelQuery::Second => {
                let top = self.most_probable(&code.answers, None)?;
                self.most_probable(&code.answers, top)?
            }
        };
        let found = match (at, code.reads_label) {
            (Some(at), true) => V::label(at),
            (Some(at), false) => match code.answers.get(at) {
                Some(slot) => {
                    self.present(*slot)?;
                    Some(result(self, *slot))
                }
                None => None,
            },
            (None, _) => None,
        };
        // A distribution has two labels or more; were it not so, it is a fault.
        found.ok_or_else(|| self.fault(FaultKind::Missing, code.span))
    }

    /// The first of the labels of the highest probability, but for one.
    fn most_probable(
        &mut self,
        answers: &[Slot],
        but: Option<usize>,
    ) -> Result<Option<usize>, Stop> {
        let mut found = None;
        for (at, slot) in answers.iter().enumerate() {
            if but == Some(at) {
                continue;
            }
            let probability = self.exact_slot(*slot)?;
            match found {
                Some((_, highest)) if probability <= highest => {}
                _ => found = Some((at, probability)),
            }
        }
        Ok(found.map(|(at, _)| at))
    }
}

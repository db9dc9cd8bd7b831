//! Shortfalls of scorecards.

use krites_lang::ReasonId;
use krites_lang::ScorecardId;
use num_rational::BigRational;

use crate::Value;
use crate::number::{from_exact, zero};
use crate::run::Run;

impl Run<'_, '_> {
    /// The reasons of features that fall short, the largest shortfall first. Points
    /// that cannot be computed give none.
    pub(crate) fn shortfalls(&mut self, card: ScorecardId, if_asked: bool) -> Vec<ReasonId> {
        let policy = self.policy;
        let mut found: Vec<(BigRational, ReasonId)> = Vec::new();
        for feature in &policy.scorecards[card].features {
            let Some(because) = feature.because else {
                continue;
            };
            let points = if if_asked {
                self.cells.get(&(feature.table, 0)).cloned()
            } else {
                Some(self.cell(feature.table, 0))
            };
            if let Some(Ok(Some(Value::Number(points)))) = points {
                found.push((from_exact(feature.baseline) - points, because));
            }
        }
        found.retain(|(shortfall, _)| *shortfall > zero());
        // As written where they are equal
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        found.into_iter().map(|(_, because)| because).collect()
    }
}

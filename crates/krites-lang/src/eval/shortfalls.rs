//! Shortfalls: by how much the features of a scorecard fall short, and the reasons
//! that are owed for it.

use crate::Exact;
use crate::ids::ScorecardId;
use crate::program::Program;

use super::frame::Frame;
use super::model::Answers;
use super::run::{Run, Stop};
use super::value::OutputValue;

/// A feature's baseline less its points
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// The feature, by position in [`Scorecard::features`](crate::ir::Scorecard::features)
    pub feature: usize,
    /// By how much it falls short, above zero
    pub points: Exact,
}

impl Program {
    /// Returns the points of a feature, where it was asked and has some.
    #[must_use]
    pub fn feature_points(&self, frame: &Frame, id: ScorecardId, feature: usize) -> Option<Exact> {
        let table = self.policy.scorecards[id].features.get(feature)?.table;
        match self.value(frame, crate::ir::Value::Table(table, 0))? {
            OutputValue::Integer(points) => Some(Exact::from_integer(points)),
            OutputValue::Exact(points) => Some(points),
            _ => None,
        }
    }

    /// Returns the shortfalls of the features that were asked, the largest first, of
    /// equal ones the one that is written first.
    #[must_use]
    pub fn shortfalls(&self, frame: &Frame, id: ScorecardId) -> Vec<Shortfall> {
        let mut found = Vec::new();
        self.add_shortfalls(frame, id, &mut found);
        found
    }

    /// Adds the shortfalls of a scorecard to an empty list.
    pub(super) fn add_shortfalls(&self, frame: &Frame, id: ScorecardId, into: &mut Vec<Shortfall>) {
        for (feature, declared) in self.policy.scorecards[id].features.iter().enumerate() {
            let Some(got) = self.feature_points(frame, id, feature) else {
                continue;
            };
            // The checker lets points have too few digits for a difference too large
            if let Ok(points) = declared.baseline.subtract(got)
                && points > Exact::ZERO
            {
                into.push(Shortfall { feature, points });
            }
        }
        into.sort_unstable_by(|one, other| {
            let larger = other.points.cmp(&one.points);
            larger.then(one.feature.cmp(&other.feature))
        });
    }
}

impl<A: Answers> Run<'_, '_, A> {
    /// Adds the reasons of features that fall short. One whose points cannot be computed
    /// gives none: its fault is among those of the case.
    pub(super) fn reasons_of_shortfalls(
        &mut self,
        id: ScorecardId,
        if_asked: bool,
    ) -> Result<(), Stop> {
        let program = self.program;
        let scorecard = &program.policy.scorecards[id];
        let features = scorecard.features.iter();
        let with_reason = features.filter(|one| one.because.is_some());
        for feature in with_reason.filter(|_| !if_asked) {
            if let Some(output) = program.tables[feature.table].outputs.first()
                && let Err(stop) = self.ready(output.slot)
                && !matches!(stop, Stop::Fault(_))
            {
                return Err(stop);
            }
        }
        let mut found = std::mem::take(&mut self.frame.shortfalls);
        found.clear();
        program.add_shortfalls(self.frame, id, &mut found);
        for shortfall in &found {
            let feature = scorecard.features.get(shortfall.feature);
            if let Some(because) = feature.and_then(|feature| feature.because) {
                self.owe(because);
            }
        }
        self.frame.shortfalls = found;
        Ok(())
    }
}

//! Scorecards of a decided case: points and bins by feature.

use krites_lang::ir::{self, Value};
use krites_lang::{Exact, Frame, OutputValue, Program, ScorecardId};

use super::Decision;

/// A scorecard
#[derive(Clone, Copy, Debug)]
pub struct Score<'a> {
    program: &'a Program,
    frame: &'a Frame,
    id: ScorecardId,
}

/// A feature of a scorecard
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureScore<'a> {
    /// Its name within the scorecard
    pub name: &'a str,
    /// The bin that its value lies in, as it is printed; `None` where the feature was
    /// not asked, or failed
    pub bin: Option<&'a str>,
    /// Whether its value is a private input, of which a bin tells something
    pub private: bool,
    /// Its points, where it has a bin
    pub points: Option<Exact>,
    /// The code of the reason that stands for its shortfall
    pub because: Option<&'a str>,
}

/// By how much a feature falls short
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureShortfall<'a> {
    /// The feature's name within the scorecard
    pub feature: &'a str,
    /// Its baseline less its points, above zero
    pub points: Exact,
    /// The code of the reason that stands for it
    pub because: Option<&'a str>,
}

impl<'a> Score<'a> {
    fn declared(&self) -> &'a ir::Scorecard {
        &self.program.policy().scorecards[self.id]
    }

    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.declared().name
    }

    /// Returns the points that every case has.
    #[must_use]
    pub fn base(&self) -> Exact {
        self.declared().base
    }

    /// Returns all points together; `None` where nothing asked for them, or they could
    /// not be computed.
    #[must_use]
    pub fn points(&self) -> Option<Exact> {
        let points = Value::Definition(self.declared().points);
        match self.program.value(self.frame, points)? {
            OutputValue::Integer(points) => Some(Exact::from_integer(points)),
            OutputValue::Exact(points) => Some(points),
            _ => None,
        }
    }

    /// Tells whether one of its features was asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.features().any(|feature| feature.bin.is_some())
    }

    /// Walks its features, in the policy's order.
    pub fn features(&self) -> impl Iterator<Item = FeatureScore<'a>> + use<'a> {
        let Self { program, frame, id } = *self;
        let policy = program.policy();
        let features = policy.scorecards[id].features.iter().enumerate();
        features.map(move |(at, feature)| {
            let table = &policy.tables[feature.table];
            let bin = frame.row(feature.table);
            let bin = bin.and_then(|row| table.rows.get(row));
            let private = table.columns.iter().any(|column| match column.subject {
                Some(Value::Input(input)) => policy.inputs[input].private,
                _ => false,
            });
            FeatureScore {
                name: &feature.name,
                bin: bin.map(|row| row.id),
                private,
                points: program.feature_points(frame, id, at),
                because: feature.because.map(|id| &*policy.reasons[id].code),
            }
        })
    }

    /// Returns the shortfalls of the features that were asked, the largest first.
    #[must_use]
    pub fn shortfalls(&self) -> Vec<FeatureShortfall<'a>> {
        let policy = self.program.policy();
        let declared = &self.declared().features;
        let found = self.program.shortfalls(self.frame, self.id).into_iter();
        let found = found.filter_map(|shortfall| {
            let feature = declared.get(shortfall.feature)?;
            Some(FeatureShortfall {
                feature: &feature.name,
                points: shortfall.points,
                because: feature.because.map(|id| &*policy.reasons[id].code),
            })
        });
        found.collect()
    }
}

impl<'a> Decision<'a> {
    /// Walks all scorecards, in the policy's order.
    pub fn scores(&self) -> impl Iterator<Item = Score<'a>> + use<'a> {
        let (program, frame) = (self.program(), self.frame);
        let scorecards = program.policy().scorecards.iter_ids();
        scorecards.map(move |(id, _)| Score { program, frame, id })
    }
}

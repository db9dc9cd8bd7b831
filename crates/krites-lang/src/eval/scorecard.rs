//! Scorecards: points are added up, and of each feature the bin is kept.

use crate::ids::TableId;
use crate::program::{
    BOUNDS, Bin, COUNTED, CellCode, CountedFeature, FeatureCode, NO_ROW, Program, Reads,
    ScorecardCode,
};

use super::frame::Frame;
use super::model::Answers;
use super::run::Run;
use super::state::SlotState;
use super::value::Held;

impl<A: Answers> Run<'_, '_, A> {
    /// Adds up the points of a scorecard, in its units; `None` where the tables have to be
    /// asked, of which the features before have the bins that they would find.
    pub(super) fn points(&mut self, card: &ScorecardCode) -> Option<i64> {
        let mut sum = card.base;
        for feature in &card.features {
            let points = match feature {
                FeatureCode::Counted(feature) => {
                    let bin = self.bin(card, feature)?;
                    self.frame.set_bin(feature.table, bin.row);
                    bin.points
                }
                FeatureCode::Asked(slot) => {
                    self.ready(*slot).ok().filter(|there| *there)?;
                    match card.places {
                        None => self.frame.whole(*slot),
                        Some(places) => self.frame.exact(*slot).units(places)?,
                    }
                }
            };
            sum = sum.checked_add(points)?;
        }
        Some(sum)
    }

    #[inline]
    fn bin(&mut self, card: &ScorecardCode, feature: &CountedFeature) -> Option<Bin> {
        let bin = match self.frame.is_there(feature.subject) {
            Some(true) => self.frame.bin_of(card, feature)?,
            _ => self.bin_of_asked(card, feature)?,
        };
        (bin.row != NO_ROW).then_some(bin)
    }

    /// As the table would, asks for a value that is not there yet.
    #[inline(never)]
    fn bin_of_asked(&mut self, card: &ScorecardCode, feature: &CountedFeature) -> Option<Bin> {
        match self.ready(feature.subject) {
            Ok(true) => self.frame.bin_of(card, feature),
            Ok(false) => Some(feature.missing),
            // The table meets it again.
            Err(_) => None,
        }
    }
}

impl Frame {
    /// The bin of a value that is there.
    #[inline]
    fn bin_of(&self, card: &ScorecardCode, feature: &CountedFeature) -> Option<Bin> {
        let place = match feature.reads {
            Reads::Whole => self.whole(feature.subject),
            Reads::Exact(places) => self.exact(feature.subject).key(places),
        };
        let range = feature.bounds.start as usize..feature.bounds.end as usize;
        let bounds = card.bounds.get(range)?;
        let below = if bounds.len() <= COUNTED {
            let (fours, _) = bounds.as_chunks::<BOUNDS>();
            let counts = fours.iter().map(|four| {
                let [a, b, c, d] = four.map(|bound| usize::from(bound <= place));
                a + b + c + d
            });
            counts.sum()
        } else {
            bounds.partition_point(|bound| *bound <= place)
        };
        card.bins.get(feature.first as usize + below).copied()
    }
}

impl Program {
    /// What a feature of a scorecard gives whose bin was found and whose table was not
    /// asked since.
    pub(super) fn points_in_bin(&self, frame: &Frame, id: TableId) -> Option<Held> {
        let table = &self.tables[id];
        let slot = table.outputs.first()?.slot;
        if frame.state(slot) != SlotState::Unset {
            return None;
        }
        match table.cell(frame.bin(id)?, 0)? {
            CellCode::Whole(points) => Some(Held::Whole(points)),
            CellCode::Exact(points) => Some(Held::Exact(points)),
            CellCode::Code(_) => None,
        }
    }
}

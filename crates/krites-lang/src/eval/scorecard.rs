//! Scorecards: points are added up, and of each feature the bin is kept.

use crate::ids::TableId;
use crate::program::{
    BOUNDS, Bin, Bounds, COUNTED, CellCode, CountedFeature, FeatureCode, NO_ROW, Program, Reads,
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
                FeatureCode::Counted(feature) => match self.frame.state(feature.subject) {
                    SlotState::Present => self.frame.count(card, feature)?,
                    _ => self.bin_of_asked(card, feature)?,
                },
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

    /// As the table would, asks for a value that is not there yet.
    #[inline(never)]
    fn bin_of_asked(&mut self, card: &ScorecardCode, feature: &CountedFeature) -> Option<i64> {
        let bin = match self.ready(feature.subject) {
            Ok(true) => return self.frame.count(card, feature),
            Ok(false) => feature.missing,
            // The table meets it again.
            Err(_) => return None,
        };
        self.frame.take_bin(feature.table, bin)
    }
}

impl Frame {
    /// Finds the bin of a value that is there, by how many bounds lie at it or below; the
    /// points are `None` where no row holds.
    #[inline]
    fn count(&mut self, card: &ScorecardCode, feature: &CountedFeature) -> Option<i64> {
        let bin = match (&feature.bounds, feature.reads) {
            (Bounds::Few(bounds, bins), Reads::Whole) => {
                few(bounds, bins, self.whole(feature.subject))
            }
            _ => self.bin_of(card, feature),
        };
        self.take_bin(feature.table, bin?)
    }

    #[inline(never)]
    fn bin_of(&self, card: &ScorecardCode, feature: &CountedFeature) -> Option<Bin> {
        let place = match feature.reads {
            Reads::Whole => self.whole(feature.subject),
            Reads::Exact(places) => self.exact(feature.subject).key(places),
        };
        match &feature.bounds {
            Bounds::Few(bounds, bins) => few(bounds, bins, place),
            Bounds::Many(range, first) => {
                let bounds = card.bounds.get(range.start as usize..range.end as usize)?;
                let below = if bounds.len() <= COUNTED {
                    bounds
                        .iter()
                        .map(|bound| usize::from(*bound <= place))
                        .sum()
                } else {
                    bounds.partition_point(|bound| *bound <= place)
                };
                card.bins.get(*first as usize + below).copied()
            }
        }
    }

    #[inline]
    fn take_bin(&mut self, table: TableId, bin: Bin) -> Option<i64> {
        if bin.row == NO_ROW {
            return None;
        }
        self.set_bin(table, bin.row);
        Some(bin.points)
    }
}

/// The bin of a value among few bounds, without a branch.
#[inline]
fn few(bounds: &[i64; BOUNDS], bins: &[Bin; BOUNDS + 1], place: i64) -> Option<Bin> {
    let [a, b, c, d] = bounds.map(|bound| usize::from(bound <= place));
    bins.get(a + b + c + d).copied()
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

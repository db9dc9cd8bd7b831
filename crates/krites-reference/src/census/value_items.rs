//! Bands, calibrations, cascades and scorecards.

use krites_lang::ast::{
    BandEdge, BandsDecl, CalibrationDecl, CascadeDecl, CellKind, Course, ScorecardDecl,
};

use super::Census;

impl Census {
    pub(super) fn bands(&mut self, decl: &BandsDecl) {
        self.expr(&decl.subject);
        for band in &decl.bands {
            match &band.edge {
                BandEdge::UpTo(_) => self.see("bands up to"),
                BandEdge::Below(_) => self.see("bands below"),
                BandEdge::From(_) => self.see("bands from"),
                BandEdge::Missing => self.see("band missing"),
                BandEdge::RestAbove | BandEdge::RestBelow => {}
            }
        }
    }

    pub(super) fn calibration(&mut self, decl: &CalibrationDecl) {
        self.expr(&decl.subject);
        self.ty(&decl.ty);
        self.see(match decl.course {
            Course::Linear => "calibration linear",
            Course::Steps => "calibration steps",
        });
        self.see_if(decl.missing.is_some(), "calibration missing");
    }

    pub(super) fn cascade(&mut self, decl: &CascadeDecl) {
        self.see("cascade");
        self.ty(&decl.ty);
        for attempt in &decl.tries {
            self.see_if(attempt.when.is_none(), "try without a condition");
            self.see_if(attempt.fault_next.is_some(), "try on fault next");
            attempt.when.iter().for_each(|when| self.expr(when));
            self.expr(&attempt.value);
        }
        if let Some(resort) = &decl.otherwise {
            self.see_if(resort.value.is_none(), "cascade otherwise missing");
            resort.value.iter().for_each(|value| self.expr(value));
        }
    }

    pub(super) fn scorecard(&mut self, decl: &ScorecardDecl) {
        self.see("scorecard");
        for feature in &decl.features {
            self.see_if(feature.name.is_some(), "feature of an expression");
            self.see_if(feature.baseline.is_some(), "baseline");
            self.expr(&feature.value);
            for bin in &feature.bins {
                match &bin.test {
                    Some(cell) => {
                        let missing = matches!(*cell.kind, CellKind::Missing);
                        self.see_if(missing, "bin missing");
                        self.cell(cell);
                    }
                    None => self.see("bin otherwise"),
                }
            }
        }
    }
}

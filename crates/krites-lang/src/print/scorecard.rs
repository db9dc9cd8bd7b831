//! Scorecards.

use super::decide::because;
use super::expr::{Level, part};
use super::items::titled;
use super::lines::{Entry, Writer};
use super::phrase::Phrase;
use super::{names, table};
use crate::ast::{Bin, FeatureDecl, OwedShortfalls, ScorecardDecl};

impl Writer<'_> {
    pub(super) fn scorecard(&mut self, decl: &ScorecardDecl, at: u32) {
        let mut head = titled("scorecard", &decl.name.text, None);
        if let Some(base) = &decl.base {
            head.push(" base ");
            part(base, Level::Sum, &mut head);
        }
        self.open(at, head);
        for feature in &decl.features {
            self.open(feature.span.start, feature_head(feature));
            for bin in &feature.bins {
                self.entry(bin.span.start, bin_entry(bin));
            }
            self.close(feature.span.start);
        }
        self.close(at);
    }
}

impl Bin {
    /// Returns what the bin takes, as it is printed: its name in the trace.
    pub(crate) fn written(&self) -> String {
        bin_test(self).flat().to_owned()
    }
}

fn feature_head(feature: &FeatureDecl) -> Phrase {
    let mut head = Phrase::default();
    if let Some(name) = &feature.name {
        head.push(&names::declared(&name.text));
        head.push(" = ");
    }
    part(&feature.value, Level::Junction, &mut head);
    because(feature.because.as_ref(), &mut head);
    if let Some(baseline) = &feature.baseline {
        head.push(" baseline ");
        part(baseline, Level::Sum, &mut head);
    }
    head
}

fn bin_test(bin: &Bin) -> Phrase {
    match &bin.test {
        Some(cell) => table::cell(cell),
        None => Phrase::from("otherwise"),
    }
}

fn bin_entry(bin: &Bin) -> Entry {
    let mut points = Phrase::from(": ");
    part(&bin.points, Level::Sum, &mut points);
    Entry {
        columns: vec![bin_test(bin)],
        parts: vec![points],
    }
}

/// Writes `, then behaviour.shortfalls if asked`.
pub(super) fn then(owed: &OwedShortfalls, out: &mut Phrase) {
    out.push(", then ");
    out.name(&owed.path.text);
    out.push(if owed.if_asked.is_some() {
        " if asked"
    } else {
        ""
    });
}

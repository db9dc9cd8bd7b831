//! Scorecards.

use super::decide::because;
use super::expr::{Level, part};
use super::items::{alone, entry, titled};
use super::lines::{Entry, Writer};
use super::phrase::Phrase;
use super::{from_file, names, table};
use crate::ast::{Bin, CardFile, Expr, FeatureDecl, Name, ScorecardDecl, Written};

impl Writer<'_> {
    pub(super) fn scorecard(&mut self, decl: &ScorecardDecl, at: u32) {
        self.open(at, card_head(decl));
        if let Some(from) = &decl.from {
            self.parts_of_file(&from.file, more_of_file(from));
            return self.close(at);
        }
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

/// Makes the line of a scorecard that stands in a file and has no block.
pub(super) fn one_line_scorecard(decl: &ScorecardDecl) -> Option<Entry> {
    let from = decl.from.as_ref()?;
    (!from.file.block).then(|| alone(card_head(decl)))
}

fn card_head(decl: &ScorecardDecl) -> Phrase {
    let mut head = titled("scorecard", &decl.name.text, None);
    let in_file = decl.from.as_ref().is_some_and(|from| from.base.is_some());
    if let Some(base) = decl.base.as_ref().filter(|_| !in_file) {
        head.push(" base ");
        part(base, Level::Sum, &mut head);
    }
    if let Some(from) = &decl.from {
        from_file::head(&from.file, &mut head);
    }
    head
}

/// Writes what a scorecard's file says beside its columns, each with where it begins.
fn more_of_file(from: &CardFile) -> Vec<(u32, Entry)> {
    let mut entries = Vec::with_capacity(from.features.len() + 1);
    if let Some((base, span)) = &from.base {
        let line = format!("base {}", names::text(&base.text));
        entries.push((span.start, alone(Phrase::from(line.as_str()))));
    }
    for map in &from.features {
        let mut value = Phrase::from("= ");
        part(&map.value, Level::Junction, &mut value);
        value.push(match map.written {
            Some(Written::Fraction) => " as fraction",
            Some(Written::Percent | Written::Text) => " as percent",
            None => "",
        });
        ending(map.because.as_ref(), map.baseline.as_ref(), &mut value);
        let feature = names::text(&map.feature.text);
        entries.push((map.span.start, entry([feature.as_str()], value)));
    }
    entries
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
    ending(
        feature.because.as_ref(),
        feature.baseline.as_ref(),
        &mut head,
    );
    head
}

/// Writes ` because CODE baseline 30`.
fn ending(reason: Option<&Name>, baseline: Option<&Expr>, out: &mut Phrase) {
    because(reason, out);
    if let Some(baseline) = baseline {
        out.push(" baseline ");
        part(baseline, Level::Sum, out);
    }
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

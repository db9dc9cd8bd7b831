//! Bands, calibrations, cascades.

use super::expr::{Level, part, whole};
use super::fields::in_range;
use super::items::{alone, entry, titled};
use super::lines::{Entry, Writer};
use super::phrase::{COLUMNS, Phrase, width};
use super::{from_file, names, types};
use crate::ast::{
    Band, BandEdge, BandsDecl, CalibrationDecl, CascadeDecl, Course, Expr, Name, Side, Try,
    TypeExpr,
};

impl Writer<'_> {
    /// Writes bands on one line, where they fit and no comment stands among them.
    pub(super) fn one_line_bands(&self, decl: &BandsDecl, at: u32) -> Option<Entry> {
        self.one_line(at, bands_head(decl), decl.bands.iter().map(band))
    }

    /// Writes points on one line, as bands.
    pub(super) fn one_line_calibration(&self, decl: &CalibrationDecl, at: u32) -> Option<Entry> {
        let head = calibration_head(decl);
        match &decl.from {
            Some(from) => (!from.block).then(|| alone(head)),
            None => self.one_line(at, head, points(decl).into_iter()),
        }
    }

    fn one_line(
        &self,
        at: u32,
        head: Phrase,
        entries: impl Iterator<Item = (u32, Entry)>,
    ) -> Option<Entry> {
        let comments = |start, sides: [Side; 2]| {
            let mut notes = sides.iter().flat_map(|side| self.notes(start, *side));
            notes.any(|note| note.text.is_some())
        };
        let mut line = head;
        line.push(" {");
        for (number, (start, entry)) in entries.enumerate() {
            // A blank line alone makes no line
            if comments(start, [Side::Before, Side::Behind]) {
                return None;
            }
            line.push(if number > 0 { "," } else { "" });
            for part in entry.columns.into_iter().chain(entry.parts) {
                line.push(" ");
                line.append(part);
            }
        }
        line.push(" }");
        let fits = width(line.flat()) <= COLUMNS && !comments(at, [Side::Opening, Side::Closing]);
        fits.then(|| alone(line))
    }

    pub(super) fn bands(&mut self, decl: &BandsDecl, at: u32) {
        self.open(at, bands_head(decl));
        for (start, entry) in decl.bands.iter().map(band) {
            self.entry(start, entry);
        }
        self.close(at);
    }

    pub(super) fn calibration(&mut self, decl: &CalibrationDecl, at: u32) {
        self.open(at, calibration_head(decl));
        match &decl.from {
            Some(from) => self.parts_of_file(from, Vec::new()),
            None => {
                for (start, entry) in points(decl) {
                    self.entry(start, entry);
                }
            }
        }
        self.close(at);
    }

    pub(super) fn cascade(&mut self, decl: &CascadeDecl, at: u32) {
        self.open(at, head("cascade", &decl.name, None, &decl.ty));
        for attempt in &decl.tries {
            self.entry(attempt.span.start, self::attempt(attempt));
        }
        if let Some(resort) = &decl.otherwise {
            let mut line = Phrase::from("otherwise ");
            match &resort.value {
                Some(value) => whole(value, &mut line),
                None => line.push("missing"),
            }
            self.entry(resort.span.start, alone(line));
        }
        self.close(at);
    }
}

fn head(word: &str, name: &Name, subject: Option<&Expr>, ty: &TypeExpr) -> Phrase {
    let mut head = titled(word, &name.text, None);
    if let Some(subject) = subject {
        head.push(" of ");
        part(subject, Level::Sum, &mut head);
    }
    head.push(" : ");
    types::write(ty, &mut head);
    head
}

fn bands_head(decl: &BandsDecl) -> Phrase {
    head("bands", &decl.name, Some(&decl.subject), &decl.ty)
}

fn calibration_head(decl: &CalibrationDecl) -> Phrase {
    let mut head = head("calibration", &decl.name, Some(&decl.subject), &decl.ty);
    in_range(decl.range.as_ref(), &mut head);
    head.push(match decl.course {
        Course::Linear => " linear",
        Course::Steps => " steps",
    });
    if let Some(from) = &decl.from {
        from_file::head(from, &mut head);
    }
    head
}

/// Writes a band, and tells where it begins.
fn band(band: &Band) -> (u32, Entry) {
    let label = names::used(&band.label.text);
    (band.span.start, entry([label.as_ref()], edge(band)))
}

/// Writes the points, each with where it begins; `missing` stays where it is among
/// them.
fn points(decl: &CalibrationDecl) -> Vec<(u32, Entry)> {
    let mut points: Vec<(u32, Entry)> = Vec::with_capacity(decl.knots.len() + 1);
    for knot in &decl.knots {
        let mut place = Phrase::default();
        place.beware(names::RANGES);
        part(&knot.at, Level::Sum, &mut place);
        points.push((knot.span.start, point(place, &knot.value)));
    }
    if let Some((value, span)) = &decl.missing {
        let at = points.partition_point(|(start, _)| *start < span.start);
        points.insert(at, (span.start, point(Phrase::from("missing"), value)));
    }
    points
}

fn edge(band: &Band) -> Phrase {
    let (word, bound) = match &band.edge {
        BandEdge::UpTo(bound) => ("up to ", Some(bound)),
        BandEdge::Below(bound) => ("below ", Some(bound)),
        BandEdge::From(bound) => ("from ", Some(bound)),
        BandEdge::RestAbove => ("above", None),
        BandEdge::RestBelow => ("below", None),
        BandEdge::Missing => ("missing", None),
    };
    let mut line = Phrase::from(word);
    if let Some(bound) = bound {
        part(bound, Level::Sum, &mut line);
    }
    line
}

/// Writes `place : value`.
fn point(place: Phrase, value: &Expr) -> Entry {
    let mut line = Phrase::from(": ");
    part(value, Level::Sum, &mut line);
    Entry {
        columns: vec![place],
        parts: vec![line],
    }
}

fn attempt(attempt: &Try) -> Entry {
    let mut value = Phrase::from("try ");
    part(&attempt.value, Level::Junction, &mut value);
    let mut parts = vec![value];
    if let Some(condition) = &attempt.when {
        let mut when = Phrase::from("when ");
        whole(condition, &mut when);
        parts.push(when);
    }
    if attempt.fault_next.is_some() {
        parts.push(Phrase::from("on fault next"));
    }
    Entry {
        columns: Vec::new(),
        parts,
    }
}

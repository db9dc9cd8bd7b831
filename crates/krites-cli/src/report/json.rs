//! The report as one JSON object; its shape is told in `docs/tool.md`, and numbered.

use krites::lang::{Diagnostic, Fix, Place, Severity, Sources};
use serde_json::{Value, json};

use super::spot::Spot;
use super::{Report, level, with};

/// The number of the shape
const FORMAT: u32 = 1;

pub(super) fn document(report: &Report<'_>) -> Value {
    let count = |severity| {
        let open = report
            .found
            .iter()
            .filter(|found| found.1.accepted.is_none());
        open.filter(|found| found.1.severity == severity).count()
    };
    let accepted = report
        .found
        .iter()
        .filter(|found| found.1.accepted.is_some());
    let diagnostics = report.found.iter();
    json!({
        "format": FORMAT,
        "failure": report.failure,
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "notes": count(Severity::Note),
        "accepted": accepted.count(),
        "diagnostics": diagnostics
            .map(|(sources, diagnostic)| self::diagnostic(sources, diagnostic))
            .collect::<Vec<Value>>(),
    })
}

fn diagnostic(sources: &Sources, diagnostic: &Diagnostic) -> Value {
    let primary = &diagnostic.primary;
    let evidence = diagnostic.evidence.iter();
    let evidence = evidence.map(|label| labelled(sources, &label.place, &label.text));
    let more = json!({
        "code": diagnostic.code.to_string(),
        "severity": level(diagnostic.severity),
        "headline": diagnostic.headline,
        "help": diagnostic.help,
        "evidence": evidence.collect::<Vec<Value>>(),
        "about": diagnostic.about.as_deref(),
        "accepted": diagnostic.accepted.as_deref(),
        "fix": diagnostic.fix.as_ref().map(|fix| self::fix(sources, fix)),
    });
    with(labelled(sources, &primary.place, &primary.text), more)
}

fn fix(sources: &Sources, fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(|edit| {
        let place = place(&Spot::of(sources, &Place::Text(edit.span)));
        with(place, json!({ "text": edit.text }))
    });
    json!({ "title": fix.title, "edits": edits.collect::<Vec<Value>>() })
}

fn labelled(sources: &Sources, place: &Place, label: &str) -> Value {
    let place = self::place(&Spot::of(sources, place));
    with(place, json!({ "label": label }))
}

fn place(spot: &Spot) -> Value {
    let region = spot.region;
    let cell = spot.cell.as_ref();
    json!({
        "file": spot.file,
        "line": region.map(|region| region.line),
        "column": region.map(|region| region.column),
        "end_line": region.map(|region| region.end_line),
        "end_column": region.map(|region| region.end_column),
        "cell": cell.map(|(sheet, row, column)| json!({
            "sheet": sheet,
            "row": row,
            "column": column,
        })),
        "node": spot.node,
    })
}

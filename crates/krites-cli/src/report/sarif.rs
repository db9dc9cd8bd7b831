//! The report as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format).

use std::collections::BTreeSet;

use krites::lang::{Code, Diagnostic, Fix, Place, Sources, explain};
use serde_json::{Value, json};

use super::spot::{Region, Spot, region};
use super::{Report, level, with};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn document(report: &Report<'_>) -> Value {
    let codes: BTreeSet<Code> = report.found.iter().map(|(_, found)| found.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let results = report.found.iter();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "krites",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<Value>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation(report)],
            "results": results
                .map(|(sources, found)| result(sources, found, &codes))
                .collect::<Vec<Value>>(),
        }],
    })
}

fn rule(code: Code) -> Value {
    let rule = json!({ "id": code.to_string() });
    match explain(code) {
        Some(page) => with(
            rule,
            json!({ "shortDescription": { "text": page.title() } }),
        ),
        None => rule,
    }
}

/// Says whether policies could be checked at all.
fn invocation(report: &Report<'_>) -> Value {
    let notes = report
        .failure
        .iter()
        .map(|failure| json!({ "level": "error", "message": { "text": failure } }));
    json!({
        "executionSuccessful": report.failure.is_none(),
        "toolExecutionNotifications": notes.collect::<Vec<Value>>(),
    })
}

fn result(sources: &Sources, found: &Diagnostic, codes: &[Code]) -> Value {
    let mut message = found.headline.clone();
    for (word, text) in [
        ("", Some(&found.primary.text)),
        ("help: ", found.help.as_ref()),
    ] {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            message.push('\n');
            message.push_str(word);
            message.push_str(text);
        }
    }
    let related = found.evidence.iter().zip(1..);
    let related = related.map(|(label, id): (_, u32)| {
        let more = json!({ "id": id, "message": { "text": label.text } });
        with(location(sources, &label.place), more)
    });
    let fixes = found.fix.iter().filter_map(|fix| self::fix(sources, fix));
    // An empty list says that none of them is suppressed
    let suppressions = found.accepted.as_deref().into_iter();
    let suppressions =
        suppressions.map(|reason| json!({ "kind": "inSource", "justification": reason }));
    json!({
        "ruleId": found.code.to_string(),
        "ruleIndex": codes.binary_search(&found.code).ok(),
        "level": level(found.severity),
        "message": { "text": message },
        "locations": [location(sources, &found.primary.place)],
        "relatedLocations": related.collect::<Vec<Value>>(),
        "fixes": fixes.collect::<Vec<Value>>(),
        "suppressions": suppressions.collect::<Vec<Value>>(),
    })
}

fn location(sources: &Sources, place: &Place) -> Value {
    let spot = Spot::of(sources, place);
    let artifact = json!({ "artifactLocation": { "uri": uri(&spot.file) } });
    let physical = match spot.region {
        Some(found) => with(artifact, json!({ "region": lines(found) })),
        None => artifact,
    };
    let value = json!({ "physicalLocation": physical });
    // Cells and nodes of a model have no lines
    if spot.cell.is_none() && spot.node.is_none() {
        return value;
    }
    let name = sources.describe(place);
    with(
        value,
        json!({ "logicalLocations": [{ "fullyQualifiedName": name }] }),
    )
}

fn lines(region: Region) -> Value {
    json!({
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    })
}

/// Says a fix of one file, as all of ours are.
fn fix(sources: &Sources, fix: &Fix) -> Option<Value> {
    let source = sources.get(fix.edits.first()?.span.source)?;
    let replacements = fix.edits.iter().map(|edit| {
        Some(json!({
            "deletedRegion": lines(region(sources, edit.span)?),
            "insertedContent": { "text": edit.text },
        }))
    });
    Some(json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(source.name()) },
            "replacements": replacements.collect::<Option<Vec<Value>>>()?,
        }],
    }))
}

/// Makes a URI of a path (RFC 3986): relative ones stay so.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if path.get(1..3) == Some(":/") {
        uri.push_str("file:///");
    }
    let drive = if uri.len() > "file://".len() { 2 } else { 0 };
    for (at, byte) in path.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if plain || at < drive {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

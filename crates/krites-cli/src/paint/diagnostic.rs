//! One diagnostic as lines of its sources with labels.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Snippet};
use krites::lang::{Diagnostic, Label, Place, Severity, SourceId, Sources, Span};

/// Says a diagnostic in groups that a renderer paints.
pub(crate) fn groups<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .clone()
        .primary_title(diagnostic.headline.as_str())
        .id(diagnostic.code.to_string());
    let place = &diagnostic.primary.place;
    let group = Group::with_title(title);
    let primary = source_of(sources, place);
    let mut before = Vec::new();
    let mut group = match primary.and_then(|source| snippet(sources, source, diagnostic)) {
        Some(snippet) => group.element(snippet),
        None => match cell(sources, &diagnostic.primary) {
            Some(cell) => {
                // A snippet within the group would have a line and a column of its own
                before.push(group.element(Origin::path(sources.describe(place))));
                Group::with_level(level).element(cell)
            }
            None => {
                let mut where_and_what = sources.describe(place);
                if !diagnostic.primary.text.is_empty() {
                    where_and_what.push_str(": ");
                    where_and_what.push_str(&diagnostic.primary.text);
                }
                group.element(Level::NOTE.message(where_and_what))
            }
        },
    };
    let mut shown: Vec<SourceId> = primary.into_iter().collect();
    for Label { place, text } in &diagnostic.evidence {
        let source = source_of(sources, place);
        if source.is_some_and(|source| shown.contains(&source)) {
            continue;
        }
        shown.extend(source);
        let elsewhere = source.and_then(|source| snippet(sources, source, diagnostic));
        group = match elsewhere {
            Some(snippet) => group.element(snippet),
            None => {
                group.element(Level::NOTE.message(format!("{}: {text}", sources.describe(place))))
            }
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    before.push(group);
    before
}

/// The source that has lines for people at a place: cells have none.
fn source_of(sources: &Sources, place: &Place) -> Option<SourceId> {
    match place {
        Place::Text(span) if sources.cell(*span).is_none() => Some(span.source),
        _ => None,
    }
}

/// The cell of a table file that a label lies in, its row before it; `None` where it
/// lies in none, or in several.
fn cell<'a>(
    sources: &'a Sources,
    label: &'a Label,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let Place::Text(span) = label.place else {
        return None;
    };
    let Place::Cell { row, .. } = sources.cell(span)? else {
        return None;
    };
    let text = sources.get(span.source)?.text();
    let (lines, start) = lines_around(text, span.start as usize, span.end as usize)?;
    if lines.contains('\n') || !is_shown(lines) {
        return None;
    }
    let range = (span.start as usize - start)..(span.end as usize - start);
    let annotation = labelled(AnnotationKind::Primary.span(range), &label.text);
    let snippet = Snippet::source(lines).line_start(row as usize);
    Some(snippet.annotation(annotation))
}

/// Returns the lines that hold a range, and where they start.
fn lines_around(text: &str, first: usize, last: usize) -> Option<(&str, usize)> {
    let start = text.get(..first)?.rfind('\n').map_or(0, |end| end + 1);
    let end = text
        .get(last..)?
        .find('\n')
        .map_or(text.len(), |end| last + end);
    Some((text.get(start..end)?, start))
}

/// Tells whether people can read a text.
fn is_shown(text: &str) -> bool {
    !text.contains(['\0', char::REPLACEMENT_CHARACTER])
}

/// The lines of one source that a diagnostic speaks of, with its labels; `None`
/// where they are no text that people can read.
fn snippet<'a>(
    sources: &'a Sources,
    id: SourceId,
    diagnostic: &'a Diagnostic,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let source = sources.get(id)?;
    let evidence = diagnostic.evidence.iter();
    let labels = std::iter::once((&diagnostic.primary, AnnotationKind::Primary))
        .chain(evidence.map(|label| (label, AnnotationKind::Context)))
        .filter_map(|(label, kind)| match &label.place {
            Place::Text(span) if span.source == id => Some((*span, kind, label.text.as_str())),
            _ => None,
        });
    let labels: Vec<(Span, AnnotationKind, &str)> = labels.collect();
    // No more of a large file than the lines that are shown.
    let first = labels.iter().map(|(span, ..)| span.start).min()? as usize;
    let last = labels.iter().map(|(span, ..)| span.end).max()? as usize;
    let (lines, start) = lines_around(source.text(), first, last)?;
    if !is_shown(lines) {
        return None;
    }
    let (line, _) = source.line_column(u32::try_from(start).ok()?);
    let range = |span: Span| (span.start as usize - start)..(span.end as usize - start);
    let mut snippet = Snippet::source(lines)
        .line_start(line as usize)
        .path(source.name());
    for (span, kind, text) in labels {
        snippet = snippet.annotation(labelled(kind.span(range(span)), text));
    }
    Some(snippet)
}

fn labelled<'a>(
    annotation: annotate_snippets::Annotation<'a>,
    text: &'a str,
) -> annotate_snippets::Annotation<'a> {
    if text.is_empty() {
        annotation
    } else {
        annotation.label(text)
    }
}

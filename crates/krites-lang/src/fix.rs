//! Mends: edits of a text that take away what a diagnostic is about.

use crate::diagnostic::Near;
use crate::{Diagnostic, Span, print};

/// Edits that mend one thing, in one source
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fix {
    /// What they do
    pub title: String,
    /// The edits, none of which overlap
    pub edits: Vec<Edit>,
}

/// A text that stands in place of a range
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty range is a place to insert at
    pub span: Span,
    /// What stands there instead
    pub text: String,
}

impl Fix {
    pub(crate) fn add(&mut self, span: Span, text: String) {
        if self.title.is_empty() {
            self.title = match text.trim() {
                "" => "leave it out".to_owned(),
                text => format!("write `{text}`"),
            };
        }
        self.edits.push(Edit { span, text });
    }
}

/// What a diagnostic proposes
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    pub(crate) words: String,
    /// What stands in place of what the diagnostic is about, where that is certain
    pub(crate) instead: Option<String>,
}

impl Help {
    /// Proposes what is certain.
    pub(crate) fn certain(words: impl Into<String>, instead: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            instead: Some(instead.into()),
        }
    }

    /// Proposes to write what is certain.
    pub(crate) fn write(instead: &str) -> Self {
        Self::certain(format!("write `{instead}`"), instead)
    }
}

impl From<String> for Help {
    fn from(words: String) -> Self {
        Self {
            words,
            instead: None,
        }
    }
}

impl From<&str> for Help {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl From<&String> for Help {
    fn from(words: &String) -> Self {
        words.clone().into()
    }
}

impl Near<'_> {
    /// Asks whether this name was meant, and mends it where that is certain.
    pub(crate) fn meant(self) -> Help {
        Help {
            words: format!("did you mean `{}`?", self.name),
            instead: self.certain.then(|| print::name(self.name).into_owned()),
        }
    }
}

/// A text as fixes leave it
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended<'d> {
    /// The text
    pub text: String,
    /// The fixes that were applied, in the order of the text
    pub fixes: Vec<&'d Fix>,
}

/// Applies the fixes of diagnostics to one source text: those of other sources are
/// passed over, and of those that overlap all but the first.
#[must_use]
pub fn mend<'d>(
    text: &str,
    source: crate::SourceId,
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
) -> Mended<'d> {
    let fixes = diagnostics
        .into_iter()
        .filter_map(|found| found.fix.as_ref());
    let start = |fix: &&Fix| fix.edits.iter().map(|edit| edit.span.start).min();
    let own = |fix: &&Fix| fix.edits.iter().all(|edit| edit.span.source == source);
    let mut fixes: Vec<&Fix> = fixes.filter(own).collect();
    fixes.sort_by_key(start);
    let mut edits: Vec<&Edit> = Vec::new();
    fixes.retain(|fix| {
        let free = |edit: &Edit| edits.iter().all(|taken| !overlap(taken.span, edit.span));
        let fits = fix.edits.iter().all(free);
        if fits {
            edits.extend(&fix.edits);
        }
        fits
    });
    edits.sort_by_key(|edit| edit.span.start);
    let mut mended = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        mended.push_str(text.get(from..start).unwrap_or(""));
        mended.push_str(&edit.text);
        from = end;
    }
    mended.push_str(text.get(from..).unwrap_or(""));
    Mended {
        text: mended,
        fixes,
    }
}

/// Tells whether two edits cannot both be made; two that touch cannot, as words would
/// run into one another.
fn overlap(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}

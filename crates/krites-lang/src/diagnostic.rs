//! Diagnostics as data. Painting is the command line's business.

use std::fmt;
use std::sync::Arc;

use crate::fix::{Fix, Help};
use crate::{Place, Span};

/// A diagnostic's code, shown as `K` and four digits.
///
/// K00xx limits and files, K01xx syntax, K02xx names, K03xx types, K04xx
/// missing values, K05xx tables, K06xx models, K07xx rules and flow, K08xx
/// examples and tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "K{:04}", self.0)
    }
}

/// How grave a diagnostic is
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The policy does not load
    Error,
    /// The policy loads; it says what can hardly be meant
    Warning,
    /// The policy loads; somebody may want to know
    Note,
}

/// A place with what to say about it
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where
    pub place: Place,
    /// What is to be seen there; may be empty
    pub text: String,
}

/// One thing that is wrong, in the analyst's words
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its code
    pub code: Code,
    /// How grave it is
    pub severity: Severity,
    /// What is wrong, one line
    pub headline: String,
    /// Where it is wrong
    pub primary: Label,
    /// What shows it, in other places
    pub evidence: Vec<Label>,
    /// What to write instead
    pub help: Option<String>,
    /// The same as edits of the text, where nothing else can be meant
    pub fix: Option<Fix>,
    /// Name of the part of the policy that it is about, where it is a finding
    pub about: Option<Arc<str>>,
    /// Why the policy accepts it, where it does
    pub accepted: Option<Arc<str>>,
}

impl Diagnostic {
    /// Makes an error at `place`.
    pub fn error(code: Code, headline: impl Into<String>, place: impl Into<Place>) -> Self {
        Self::new(Severity::Error, code, headline, place)
    }

    /// Makes a warning at `place`.
    pub fn warning(code: Code, headline: impl Into<String>, place: impl Into<Place>) -> Self {
        Self::new(Severity::Warning, code, headline, place)
    }

    /// Makes a note at `place`.
    pub fn note(code: Code, headline: impl Into<String>, place: impl Into<Place>) -> Self {
        Self::new(Severity::Note, code, headline, place)
    }

    fn new(
        severity: Severity,
        code: Code,
        headline: impl Into<String>,
        place: impl Into<Place>,
    ) -> Self {
        Self {
            code,
            severity,
            headline: headline.into(),
            primary: Label {
                place: place.into(),
                text: String::new(),
            },
            evidence: Vec::new(),
            help: None,
            fix: None,
            about: None,
            accepted: None,
        }
    }

    /// Names the part of the policy that it is about.
    #[must_use]
    pub(crate) fn about(mut self, name: &str) -> Self {
        self.about = Some(Arc::from(name));
        self
    }

    /// Says what is to be seen at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds evidence from another place.
    #[must_use]
    pub fn evidence(mut self, place: impl Into<Place>, text: impl Into<String>) -> Self {
        self.evidence.push(Label {
            place: place.into(),
            text: text.into(),
        });
        self
    }

    /// Says what to write instead; what is certain is a fix, too, in place of what the
    /// diagnostic is about.
    #[must_use]
    pub fn help(mut self, help: impl Into<Help>) -> Self {
        let Help { words, instead } = help.into();
        self.help = Some(words);
        match (instead, &self.primary.place) {
            (Some(text), Place::Text(span)) => {
                let span = *span;
                self.fix(span, text)
            }
            _ => self,
        }
    }

    /// Adds an edit that mends it for certain: the text that stands in place of `span`.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix.get_or_insert_default().add(span, text.into());
        self
    }

    /// Says the same of another place with the same text: what lies within `from` is
    /// told of `to`.
    #[must_use]
    pub(crate) fn moved(mut self, from: Span, to: Span) -> Self {
        let labels = std::iter::once(&mut self.primary).chain(&mut self.evidence);
        let places = labels.filter_map(|label| match &mut label.place {
            Place::Text(span) => Some(span),
            _ => None,
        });
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        for span in places.chain(edits.map(|edit| &mut edit.span)) {
            if from.contains(*span) {
                let along = |at: u32| (at - from.start).saturating_add(to.start);
                *span = Span {
                    source: to.source,
                    start: along(span.start),
                    end: along(span.end),
                };
            }
        }
        self
    }
}

/// How many diagnostics one file is answered with at most
pub(crate) const MAX_DIAGNOSTICS: usize = 1000;
/// The code of what stands for the diagnostics that are left out
const TOO_MANY: Code = Code(9);

/// Leaves out what is too much to read of sorted diagnostics, and says so.
pub(crate) fn cut(found: &mut Vec<Diagnostic>) {
    let all = found.len();
    found.retain(|diagnostic| diagnostic.code != TOO_MANY);
    if found.len() == all && all <= MAX_DIAGNOSTICS {
        return;
    }
    found.truncate(MAX_DIAGNOSTICS);
    if let Some(last) = found.last() {
        let more = Diagnostic::error(
            TOO_MANY,
            "too many errors: the rest of the file is not reported",
            last.primary.place.clone(),
        )
        .help("is this a policy file?");
        found.push(more);
    }
}

/// How alike two names must be for one to be meant by the other
const LIKENESS: f64 = 0.6;
/// How alike they must be for a mend: `agee` and `age` are, `postcode` and `outcome` not
const CERTAIN: f64 = 0.7;

/// A name that may have been meant by another
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Near<'a> {
    pub(crate) name: &'a str,
    /// Whether nothing else can be meant: no other name is near, and this one is quite
    pub(crate) certain: bool,
}

/// Returns the candidate closest to `name`, where one is close enough to be meant.
///
/// Dotted names are compared by what they do not share, so that two fields of
/// one record are not alike for the record's name alone.
#[must_use]
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    near(name, candidates).map(|near| near.name)
}

/// As [`did_you_mean`]; tells whether another candidate would do, too.
pub(crate) fn near<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<Near<'a>> {
    let mut closest: Option<(f64, &str)> = None;
    let (mut only, mut in_other_case) = (true, 0_usize);
    for candidate in candidates {
        in_other_case += usize::from(candidate.eq_ignore_ascii_case(name));
        let score = likeness(name, candidate);
        if score < LIKENESS {
            continue;
        }
        let better = |(best, found): (f64, &str)| {
            let order = score.total_cmp(&best);
            order.then_with(|| found.cmp(candidate)).is_gt()
        };
        only &= closest.is_none_or(|(_, found)| found == candidate);
        if closest.is_none_or(better) {
            closest = Some((score, candidate));
        }
    }
    closest.map(|(score, name)| Near {
        name,
        certain: in_other_case == 1 || (only && score >= CERTAIN),
    })
}

fn likeness(name: &str, candidate: &str) -> f64 {
    let (mut one, mut other) = (name, candidate);
    while let (Some((head, rest)), Some((other_head, other_rest))) =
        (one.split_once('.'), other.split_once('.'))
    {
        if head != other_head {
            break;
        }
        (one, other) = (rest, other_rest);
    }
    if last(one).eq_ignore_ascii_case(last(other)) {
        return 1.0;
    }
    // What lengths alone rule out is not compared: files name thousands of values.
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    if one.is_ascii() && other.is_ascii() && (shorter as f64) < LIKENESS * longer as f64 {
        return 0.0;
    }
    let distance = strsim::osa_distance(&one.to_lowercase(), &other.to_lowercase());
    let longer = one.chars().count().max(other.chars().count());
    1.0 - distance as f64 / longer as f64
}

fn last(dotted: &str) -> &str {
    dotted.rsplit('.').next().unwrap_or(dotted)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_shared_record_does_not_make_two_fields_alike() {
        let known = [
            "applicant.other_plans",
            "applicant.age",
            "applicant.checking",
        ];
        assert_eq!(did_you_mean("applicant.personal_status", known), None);
        assert_eq!(did_you_mean("applicant.agee", known), Some("applicant.age"));
        assert_eq!(did_you_mean("age", known), Some("applicant.age"));
        assert_eq!(
            did_you_mean("aplicant.checking", known),
            Some("applicant.checking")
        );
    }
}

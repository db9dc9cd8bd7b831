//! Comments and blank lines, and what they stand at.

use super::{
    Assignment, EnumLabel, Expectation, File, InputEntry, Item, OutputEntry, OutputPart, Step,
};
use crate::Span;

/// All comments and blank lines of a file, by what they stand at.
///
/// A comment on lines of its own stands before the item or entry that follows;
/// one behind an item or entry on its line stays behind it; one behind a `{`
/// stays there; one that nothing follows closes its block, or the file. A comment
/// within an entry (within brackets, between a rule's lines, within the head of an
/// item) stands before that entry. Rows of a table, labels of an enum and
/// expectations of a test are entries. A blank line stands where a comment on a
/// line of its own would; within an entry it is not kept.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// In the order of what they stand at
    all: Vec<Note>,
}

/// A comment or a blank line
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where the item or entry begins that it stands at; [`Note::END`] for the
    /// end of the file
    pub at: u32,
    /// Where it stands there
    pub side: Side,
    /// The comment from its `#` on; `None` for a blank line
    pub text: Option<String>,
}

/// Where a comment stands at an item or entry
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// On lines before it
    Before,
    /// Behind the brace that opens its block
    Opening,
    /// On lines before the brace that closes its block
    Closing,
    /// Behind it on its last line
    Behind,
}

impl Note {
    /// What a note at the end of the file stands before
    pub const END: u32 = u32::MAX;
}

impl Notes {
    /// Keeps notes that are in the order of the text.
    pub(crate) fn new(mut all: Vec<Note>) -> Self {
        all.sort_by_key(|note| (note.at, note.side));
        Self { all }
    }

    /// Returns the notes that stand at one side of what begins at `at`, in order.
    #[must_use]
    pub fn of(&self, at: u32, side: Side) -> &[Note] {
        let from = self
            .all
            .partition_point(|note| (note.at, note.side) < (at, side));
        let rest = self.all.get(from..).unwrap_or(&[]);
        let count = rest.partition_point(|note| (note.at, note.side) == (at, side));
        rest.get(..count).unwrap_or(&[])
    }

    /// Returns all of them.
    #[must_use]
    pub fn all(&self) -> &[Note] {
        &self.all
    }
}

/// What a comment may stand at
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether others stand within it
    pub(crate) block: bool,
}

impl File {
    /// Returns all items and entries, in the order of the tree: an item before its
    /// entries.
    pub(crate) fn anchors(&self) -> Vec<Anchor> {
        let mut all = Anchors(Vec::new());
        for (item, place) in self.items.iter().zip(&self.places) {
            all.item(item, *place);
        }
        all.0
    }
}

struct Anchors(Vec<Anchor>);

impl Anchors {
    fn add(&mut self, span: Span, block: bool) {
        self.0.push(Anchor {
            start: span.start,
            end: span.end,
            block,
        });
    }

    fn entries(&mut self, spans: impl IntoIterator<Item = Span>) {
        for span in spans {
            self.add(span, false);
        }
    }

    fn item(&mut self, item: &Item, place: Span) {
        let mut within = Anchors(Vec::new());
        let block = within.entries_of(item);
        self.add(place, block);
        self.0.append(&mut within.0);
    }

    /// Adds the entries of an item; tells whether they stand in a block.
    fn entries_of(&mut self, item: &Item) -> bool {
        match item {
            Item::Reason(_)
            | Item::Use(_)
            | Item::List(_)
            | Item::Lookup(_)
            | Item::Always(_)
            | Item::Forbid(_)
            | Item::Accept(_)
            | Item::Error { .. } => return false,
            Item::Policy(header) => {
                let texts = [&header.version, &header.owner, &header.time_zone];
                self.entries(texts.into_iter().flatten().map(|text| text.span));
                self.entries(header.rounding.map(|(_, span)| span));
                self.entries(header.on_fault.as_ref().map(|on_fault| on_fault.span));
                self.entries(header.budget.map(|budget| budget.span));
                self.entries(header.demands.as_ref().map(|demands| demands.span));
            }
            Item::Enum(decl) => self.entries(decl.labels.iter().map(|label| label.span())),
            Item::Record(record) => self.entries(record.fields.iter().map(|field| field.span)),
            Item::Function(function) => {
                let block = !function.bindings.is_empty();
                self.entries(function.bindings.iter().map(|binding| binding.span));
                self.entries(block.then_some(function.value.span));
                return block;
            }
            Item::Input(decl) => {
                self.entries(decl.from.iter().flat_map(|from| from.entries()));
                for entry in &decl.entries {
                    match entry {
                        InputEntry::Field(field) => self.entries([field.span]),
                        InputEntry::Group(group) => {
                            self.add(group.span, true);
                            self.entries(group.fields.iter().map(|field| field.span));
                            self.entries(group.stale_after.map(|stale| stale.span));
                            self.entries(group.on_fault.as_ref().map(|on_fault| on_fault.span));
                        }
                    }
                }
                return decl.from.as_ref().is_none_or(|from| from.block);
            }
            Item::Define(all) => self.entries(all.iter().map(|definition| definition.span)),
            Item::Bands(decl) => self.entries(decl.bands.iter().map(|band| band.span)),
            Item::Calibration(decl) => match &decl.from {
                Some(from) => {
                    self.entries(from.entries());
                    return from.block;
                }
                None => {
                    self.entries(decl.knots.iter().map(|knot| knot.span));
                    self.entries(decl.missing.as_ref().map(|(_, span)| *span));
                }
            },
            Item::Cascade(decl) => {
                self.entries(decl.tries.iter().map(|attempt| attempt.span));
                self.entries(decl.otherwise.as_ref().map(|resort| resort.span));
            }
            Item::Scorecard(decl) => match &decl.from {
                Some(from) => {
                    self.entries(from.entries());
                    return from.file.block;
                }
                None => {
                    for feature in &decl.features {
                        self.add(feature.span, true);
                        self.entries(feature.bins.iter().map(|bin| bin.span));
                    }
                }
            },
            Item::Columns(decl) => self.entries(decl.columns.iter().map(|feed| feed.span)),
            Item::Model(model) => {
                if let Some(span) = model.feed {
                    self.add(span, true);
                }
                self.entries(model.feeds.iter().map(|feed| feed.span));
                self.entries(model.gives.iter().map(|give| give.span));
                if let Some(reasons) = &model.reasons {
                    self.add(reasons.span, true);
                    self.entries(reasons.features.iter().map(|feature| feature.span));
                }
                self.entries(model.outside_training.map(|(_, span)| span));
                self.entries(model.within_ms.map(|(_, span)| span));
                self.entries(model.on_fault.as_ref().map(|on_fault| on_fault.span));
                self.entries(model.stand_in.as_ref().map(|stand_in| stand_in.span));
            }
            Item::Subpolicy(decl) => {
                if let Some(span) = decl.feed {
                    self.add(span, true);
                }
                self.entries(decl.feeds.iter().map(|feed| feed.span));
                self.entries(decl.gives.iter().map(|give| give.span));
                self.entries(decl.on_fault.as_ref().map(|on_fault| on_fault.span));
            }
            Item::Table(table) => match &table.from {
                Some(from) => {
                    self.entries(from.entries());
                    return from.block;
                }
                None => {
                    self.entries([table.header]);
                    self.entries(table.lines());
                }
            },
            Item::Rules(set) => self.entries(set.rules.iter().map(|rule| rule.span)),
            Item::Decide(decide) => self.entries(decide.steps.iter().map(Step::span)),
            Item::Output(entries) => {
                for entry in entries {
                    if let OutputEntry::When { span, .. } = entry {
                        self.add(*span, true);
                    }
                    let (_, parts) = entry.parts();
                    self.entries(parts.iter().map(OutputPart::span));
                }
            }
            Item::Shadow(decl) => {
                let spans = [decl.with_span, decl.compare_span];
                let mut spans: Vec<Span> = spans.into_iter().flatten().collect();
                spans.sort_by_key(|span| span.start);
                self.entries(spans);
            }
            Item::Reasons(reasons) => self.entries(reasons.entries.iter().map(|entry| entry.span)),
            Item::Example(example) => {
                self.entries(example.values.iter().map(|value| value.span()));
            }
            Item::Test(test) => {
                self.entries(test.given);
                self.entries(test.expects.iter().map(Expectation::span));
            }
        }
        true
    }
}

impl EnumLabel {
    pub(crate) fn span(&self) -> Span {
        let wire = self.wire.as_ref().map(|wire| wire.span);
        let last = self.code.map(|(_, span)| span).or(wire);
        last.map_or(self.name.span, |last| self.name.span.to(last))
    }
}

impl Step {
    pub(crate) fn span(&self) -> Span {
        match self {
            Step::Evaluate { span, .. } | Step::StopOnce { span, .. } => *span,
            Step::Rule(rule) => rule.span,
        }
    }
}

impl OutputPart {
    pub(crate) fn span(&self) -> Span {
        match self {
            OutputPart::Field(field) => field.span,
            OutputPart::Record(record) => record.span,
        }
    }
}

impl Assignment {
    pub(crate) fn span(&self) -> Span {
        self.path.span.to(self.value.span())
    }
}

impl Expectation {
    pub(crate) fn span(&self) -> Span {
        match self {
            Expectation::Equals(assignment) => assignment.span(),
            Expectation::Reasons { span, .. }
            | Expectation::Tags { span, .. }
            | Expectation::Rows { span, .. } => *span,
            Expectation::NotRun(path)
            | Expectation::Shadow { path, .. }
            | Expectation::NotAsked(path)
            | Expectation::Rule { path, .. } => path.span,
        }
    }
}

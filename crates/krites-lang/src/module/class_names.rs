//! The files that name the classes of models: `named by "labels.json"`.

use super::problem::{not_given, outside};
use super::{Reader, Use};
use crate::ast::{ClassNames, Given, Item};
use crate::{Code, Diagnostic, SourceId, Span, source_from_bytes};

const NO_LIST_OF_NAMES: Code = Code(174);

impl Reader<'_> {
    /// Reads the files that name the classes of the policy's models, each once.
    pub(super) fn class_names(&mut self, policy: &[Item]) -> Vec<ClassNames> {
        let mut read: Vec<ClassNames> = Vec::new();
        for wanted in named_by(policy) {
            if read.iter().any(|known| known.path == wanted.path) {
                continue;
            }
            read.push(self.class_file(wanted));
        }
        read
    }

    fn class_file(&mut self, wanted: Use) -> ClassNames {
        let (source, names) = match self.class_text(&wanted) {
            Some(source) => (source, self.listed(source, wanted.span)),
            None => (self.sources.add(wanted.path.as_str(), ""), None),
        };
        ClassNames {
            path: wanted.path,
            source,
            names,
        }
    }

    /// Asks for a file; reports one that is not to be had.
    fn class_text(&mut self, wanted: &Use) -> Option<SourceId> {
        if let Some(diagnostic) = outside(&wanted.path, wanted.span) {
            self.diagnostics.push(diagnostic);
            return None;
        }
        match self.given.module(&wanted.path) {
            Ok(text) => match source_from_bytes(self.sources, &text.shown, text.bytes) {
                Ok(source) => Some(source),
                Err((_, diagnostic)) => {
                    self.diagnostics
                        .push(diagnostic.evidence(wanted.span, "its names are used here"));
                    None
                }
            },
            Err(problem) => {
                self.diagnostics
                    .push(not_given(&wanted.path, wanted.span, &problem));
                None
            }
        }
    }

    /// Reads a list of texts as JSON; reports what is none.
    fn listed(&mut self, source: SourceId, used: Span) -> Option<Vec<String>> {
        let text = self.sources.get(source)?.text();
        match serde_json::from_str(text) {
            Ok(names) => Some(names),
            Err(error) => {
                let start = offset(text, error.line(), error.column());
                let place = Span {
                    source,
                    start,
                    end: start,
                };
                self.diagnostics.push(
                    Diagnostic::error(
                        NO_LIST_OF_NAMES,
                        "a file that names classes is a list of texts as JSON",
                        place,
                    )
                    .label("no such list from here on")
                    .evidence(used, "its names are used here")
                    .help("name each column in order: `[\"card_lost\", \"card_stolen\"]`"),
                );
                None
            }
        }
    }
}

/// Where a line and a column stand, both counted from one, the column in bytes.
fn offset(text: &str, line: usize, column: usize) -> u32 {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn named_by(items: &[Item]) -> Vec<Use> {
    let models = items.iter().filter_map(|item| match item {
        Item::Model(model) => Some(&model.gives),
        _ => None,
    });
    let files = models.flatten().filter_map(|give| match &give.given {
        Given::Distribution { named_by, .. } => named_by.as_ref(),
        Given::Value { .. } => None,
    });
    let uses = files.map(|file| Use {
        path: file.text.clone(),
        span: file.span,
    });
    uses.collect()
}

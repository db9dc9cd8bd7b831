//! Files that stand beside a model: a card, golden vectors, a background set; a model without them is used as it is.

mod alone;
mod card;
mod cell;
mod error;
mod json;
mod names;
mod table;

use std::sync::Arc;

use krites_lang::{ModuleProblem, StatedCard};
use krites_model::{InputRows, Model, Signature};

pub(crate) use alone::{FileRows, card_at};
pub use card::{ModelCard, TrainingData};
pub(crate) use error::cut;
pub use error::{BesideError, BesideProblem};

use crate::golden::{self, ExpectedColumn, GoldenRows};
use crate::modules::Modules;
use crate::part::Fingerprint;
use card::MAX_CARD_BYTES;
pub(crate) use names::Column;
use names::Columns;
pub(crate) use table::MAX_ROW_BYTES;
use table::{ReadRows, Reading};

/// What such a file is
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Card,
    Golden,
    Background,
}

/// How the names of such files end, behind the model's
const ENDINGS: [(Kind, &str); 5] = [
    (Kind::Card, ".card.json"),
    (Kind::Golden, ".golden.csv"),
    (Kind::Golden, ".golden.jsonl"),
    (Kind::Background, ".background.csv"),
    (Kind::Background, ".background.jsonl"),
];

/// The model's path without what its name ends in: `models/risk` of `models/risk.onnx`.
pub(crate) fn stem(model: &str) -> &str {
    model.strip_suffix(".onnx").unwrap_or(model)
}

/// The paths that files beside a model may have, with the size up to which each is read.
pub(crate) fn paths(model: &str) -> impl Iterator<Item = (String, u64)> {
    ENDINGS.iter().map(move |(kind, ending)| {
        let limit = match kind {
            Kind::Card => MAX_CARD_BYTES,
            Kind::Golden | Kind::Background => MAX_ROW_BYTES,
        };
        (format!("{}{ending}", stem(model)), limit)
    })
}

/// A file as it was given
#[derive(Clone, Debug)]
struct Given<'a> {
    path: String,
    bytes: &'a [u8],
    hash: Fingerprint,
}

/// What was read of a file
#[derive(Debug)]
struct Kept<T> {
    path: String,
    hash: Fingerprint,
    value: Arc<T>,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self {
            path: self.path.clone(),
            hash: self.hash,
            value: self.value.clone(),
        }
    }
}

/// The files that are given anew beside one model
#[derive(Debug)]
pub(crate) struct Found<'a>([Option<Given<'a>>; 3]);

impl<'a> Found<'a> {
    /// Finds those of a model among files.
    pub(crate) fn of(model: &str, files: &'a Modules) -> Result<Self, BesideError> {
        let mut found = [None, None, None];
        for (kind, ending) in ENDINGS {
            let path = format!("{}{ending}", stem(model));
            let Some(content) = files.content(&path) else {
                continue;
            };
            let (bytes, hash) =
                content.map_err(|problem| BesideError::of(&path, unreadable(problem)))?;
            let Some(place) = found.get_mut(kind as usize) else {
                continue;
            };
            let given = Given { path, bytes, hash };
            if let Some(Given { path: other, .. }) = place.replace(given) {
                let path = format!("{}{ending}", stem(model));
                return Err(BesideError::of(&path, BesideProblem::InTwoFiles { other }));
            }
        }
        Ok(Self(found))
    }

    fn get(&self, kind: Kind) -> Option<&Given<'a>> {
        self.0.get(kind as usize)?.as_ref()
    }

    /// Tells whether `beside` holds all of it, with the same content.
    pub(crate) fn is_in(&self, beside: &Beside) -> bool {
        let mut given = self.0.iter().flatten();
        given.all(|given| {
            let mut hashes = beside.hashes();
            hashes.any(|(path, hash)| path == given.path && hash == given.hash)
        })
    }

    /// Reads the card, and holds that it is of the model with this hash.
    pub(crate) fn carded(
        &'a self,
        before: Option<&'a Beside>,
        model: Fingerprint,
    ) -> Result<Carded<'a>, BesideError> {
        let card = match self.get(Kind::Card) {
            Some(given) => Some(Kept {
                path: given.path.clone(),
                hash: given.hash,
                value: Arc::new(ModelCard::read(&given.path, given.bytes)?),
            }),
            None => before.and_then(|before| before.card.clone()),
        };
        if let Some(card) = &card {
            is_of(&card.value, &card.path, model)?;
        }
        Ok(Carded {
            found: self,
            before,
            card,
        })
    }
}

/// Holds that a card is of the model with this hash.
fn is_of(card: &ModelCard, path: &str, found: Fingerprint) -> Result<(), BesideError> {
    match card.model_hash {
        Some(stated) if stated != found => {
            let problem = BesideProblem::OtherModel { stated, found };
            Err(BesideError::of(path, problem).field_is("model_hash"))
        }
        _ => Ok(()),
    }
}

fn unreadable(problem: &ModuleProblem) -> BesideProblem {
    let why = match problem {
        ModuleProblem::Unreadable { why } => why.clone(),
        _ => "there is no such file".to_owned(),
    };
    let help = "put a readable file there, or none".to_owned();
    BesideProblem::Unreadable { why, help }
}

/// The card, before the model is read
#[derive(Debug)]
pub(crate) struct Carded<'a> {
    found: &'a Found<'a>,
    before: Option<&'a Beside>,
    card: Option<Kept<ModelCard>>,
}

impl Carded<'_> {
    /// Reads the rest, against what the model takes and gives.
    pub(crate) fn read(self, signature: &Signature) -> Result<Beside, BesideError> {
        let columns = match &self.card {
            Some(card) => card.value.names(&card.path, signature)?,
            None => card::graph_names(signature),
        };
        let inputs = Columns::inputs(signature, &columns);
        let stated = match &self.card {
            Some(card) => Some(card.value.stated(&card.path, &inputs)?),
            None => None,
        };
        let before = self.before.map(|before| {
            let same_names = before.columns == columns;
            (before, same_names)
        });
        let reading = |path| Reading {
            path,
            signature,
            inputs: &inputs,
            outputs: None,
            passes_over: false,
            first: None,
        };
        let background = match self.found.get(Kind::Background) {
            Some(given) => Some(given.kept(reading(&given.path).read(given.bytes)?.inputs)),
            None => kept(before, |before| &before.background)?,
        };
        let golden = match self.found.get(Kind::Golden) {
            Some(given) => {
                let outputs = Columns::outputs(signature);
                let reading = Reading {
                    outputs: Some(&outputs),
                    ..reading(&given.path)
                };
                let read = reading.read(given.bytes)?;
                Some(given.kept(golden_rows(read, &inputs, &outputs)))
            }
            None => kept(before, |before| &before.golden)?,
        };
        Ok(Beside {
            card: self.card,
            stated,
            background,
            golden,
            columns,
        })
    }
}

impl Given<'_> {
    fn kept<T>(&self, value: T) -> Kept<T> {
        Kept {
            path: self.path.clone(),
            hash: self.hash,
            value: Arc::new(value),
        }
    }
}

/// What stood beside the model before, where its columns are still called the same.
fn kept<T>(
    before: Option<(&Beside, bool)>,
    of: impl Fn(&Beside) -> &Option<Kept<T>>,
) -> Result<Option<Kept<T>>, BesideError> {
    match before.map(|(before, same_names)| (of(before), same_names)) {
        Some((Some(kept), false)) => Err(BesideError::of(&kept.path, BesideProblem::OtherColumns)),
        Some((kept, _)) => Ok(kept.clone()),
        None => Ok(None),
    }
}

fn golden_rows(read: ReadRows, inputs: &Columns, outputs: &Columns) -> GoldenRows {
    let expected = read.expected.into_iter();
    let expected = expected.filter_map(|(at, values)| {
        let column = outputs.get(at)?;
        Some(ExpectedColumn {
            name: column.name.clone(),
            output: column.port,
            column: column.at,
            values,
        })
    });
    GoldenRows {
        columns: inputs.all().to_vec(),
        expected: expected.collect(),
        inputs: read.inputs,
        lines: read.lines,
    }
}

/// What stands beside a model
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    card: Option<Kept<ModelCard>>,
    stated: Option<StatedCard>,
    background: Option<Kept<InputRows>>,
    golden: Option<Kept<GoldenRows>>,
    /// The names of each input's columns, by the graph or the card
    columns: Vec<Vec<String>>,
}

impl Beside {
    pub(crate) fn card(&self) -> Option<&Arc<ModelCard>> {
        self.card.as_ref().map(|card| &card.value)
    }

    pub(crate) fn stated(&self) -> Option<&StatedCard> {
        self.stated.as_ref()
    }

    pub(crate) fn background(&self) -> Option<&Arc<InputRows>> {
        self.background.as_ref().map(|rows| &rows.value)
    }

    pub(crate) fn golden(&self) -> Option<&Arc<GoldenRows>> {
        self.golden.as_ref().map(|rows| &rows.value)
    }

    /// The names of each input's columns.
    pub(crate) fn columns(&self) -> &[Vec<String>] {
        &self.columns
    }

    /// The files by their paths, with the hashes of their content.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = (&str, Fingerprint)> {
        let card = self.card.as_ref().map(|kept| (&kept.path, kept.hash));
        let golden = self.golden.as_ref().map(|kept| (&kept.path, kept.hash));
        let background = self.background.as_ref();
        let background = background.map(|kept| (&kept.path, kept.hash));
        let all = [card, golden, background].into_iter().flatten();
        all.map(|(path, hash)| (path.as_str(), hash))
    }

    /// Holds the model against its golden vectors.
    pub(crate) fn prove(&self, model: &dyn Model) -> Result<(), BesideError> {
        let Some(golden) = &self.golden else {
            return Ok(());
        };
        golden::check(model, &golden.value).map_err(|failure| {
            let line = failure.line();
            BesideError::of(&golden.path, failure.into()).line_is(line)
        })
    }

    /// Tells whether the same golden vectors were asked.
    pub(crate) fn proves_as(&self, other: &Beside) -> bool {
        let golden = |beside: &Beside| beside.golden.as_ref().map(|golden| golden.hash);
        golden(self) == golden(other)
    }
}

/// The columns of a model's outputs.
pub(crate) fn outputs(signature: &Signature) -> Vec<Column> {
    Columns::outputs(signature).all().to_vec()
}

//! What is wrong with a file that stands beside a model, where, and what mends it.

use std::fmt;

use crate::golden::GoldenMismatch;
use crate::part::Fingerprint;

/// What is wrong with a file that stands beside a model; one word wide
#[derive(Clone, Debug, PartialEq)]
pub struct BesideError(Box<Found>);

#[derive(Clone, Debug, PartialEq)]
struct Found {
    file: String,
    line: Option<u64>,
    spot: Option<Spot>,
    problem: BesideProblem,
}

/// What of a line is wrong
#[derive(Clone, Debug, PartialEq)]
enum Spot {
    /// The column of this header
    Column(String),
    /// The field of a card, `training.from`
    Field(String),
}

/// What is wrong with a file that stands beside a model
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BesideProblem {
    /// It cannot be read
    #[error("it cannot be read: {why}")]
    Unreadable {
        /// Why
        why: String,
        /// What to do
        help: String,
    },
    /// It is larger than such files may be
    #[error("it is larger than {} bytes", limit)]
    TooLarge {
        /// How large it may be, in bytes
        limit: u64,
    },
    /// It is no JSON
    #[error("this is not JSON: {why}")]
    NotJson {
        /// What the parser said
        why: String,
    },
    /// Golden vectors stand in two files
    #[error("`{other}` holds golden vectors of the same model")]
    InTwoFiles {
        /// The other one
        other: String,
    },
    /// Rows were read under other names of columns than those that the model has now
    #[error("its columns were read under other names than the card has now")]
    OtherColumns,

    /// There is nothing in it
    #[error("it is empty")]
    Empty,
    /// There is a header, and nothing below it
    #[error("it has no rows")]
    NoRows,
    /// There are more rows than may be
    #[error("it has more than {limit} rows")]
    TooManyRows {
        /// How many there may be
        limit: usize,
    },
    /// Rows times columns are more than may be
    #[error("it has more than {limit} cells")]
    TooManyCells {
        /// How many there may be
        limit: usize,
    },
    /// A row has more or fewer cells than the header
    #[error("the row has {cells} cells, and the header has {header}")]
    RowWidth {
        /// Cells of the row
        cells: usize,
        /// Cells of the header
        header: usize,
    },
    /// A column has no name
    #[error("the {position}. column has no name")]
    NoName {
        /// Position, counted from 1
        position: usize,
    },
    /// A column stands there twice
    #[error("it stands there twice")]
    Twice,
    /// Columns of the model's inputs are not there
    #[error("{} not there", are_names(names))]
    Missing {
        /// Their names
        names: Vec<String>,
        /// What seems to stand between the cells, where it separates none
        separator: Option<char>,
    },
    /// A column is none of the model
    #[error("the model has no such column")]
    Unknown {
        /// What may be meant
        near: Option<String>,
        /// Names that there are, some of them
        known: Vec<String>,
    },
    /// A row expects what the first one does not
    #[error("the first row does not expect it")]
    NotInFirst,
    /// No column says what to expect
    #[error("no column says what the model should answer")]
    NothingExpected {
        /// What such a column would be called
        example: String,
    },
    /// A cell holds nothing
    #[error("there is no value where {expected} is needed")]
    NoValue {
        /// What is needed
        expected: &'static str,
    },
    /// A cell holds something else
    #[error("`{text}` is not {expected}")]
    NotA {
        /// The cell, its beginning where it is long
        text: String,
        /// What is needed
        expected: &'static str,
    },
    /// A number is too large
    #[error("`{text}` is beyond {expected}")]
    Beyond {
        /// The cell, its beginning where it is long
        text: String,
        /// What is needed
        expected: &'static str,
    },
    /// A list has more or fewer values than the matrix has columns
    #[error("the list has {values} values where there are {columns} columns")]
    ListLength {
        /// Values of the list
        values: usize,
        /// Columns of the input or output
        columns: usize,
    },

    /// A card has no such field
    #[error("cards have no such field")]
    UnknownField {
        /// What may be meant
        near: Option<String>,
        /// The fields that there are
        known: Vec<String>,
    },
    /// A field holds something else
    #[error("it should be {expected}")]
    Expected {
        /// What is needed
        expected: &'static str,
    },
    /// A text is empty
    #[error("it is empty")]
    EmptyText,
    /// A period ends before it begins
    #[error("`from` is {from}, and `through` is {through}, which is before it")]
    PeriodReversed {
        /// Its first day
        from: String,
        /// Its last day
        through: String,
    },
    /// A range ends before it begins
    #[error("its least value is {low}, and its greatest is {high}, which is less")]
    RangeReversed {
        /// The first bound
        low: String,
        /// The second one
        high: String,
    },
    /// A range is of another type than the column
    #[error("the column holds elements of type {element}")]
    RangeType {
        /// The type
        element: String,
    },
    /// Another number of names than of columns
    #[error("it has {names} names, and the input has {columns} columns")]
    ColumnCount {
        /// Names
        names: usize,
        /// Columns
        columns: usize,
    },
    /// The graph names its columns otherwise
    #[error("the model's own name of column {position} is `{graph}`, and not `{card}`")]
    ColumnContradicts {
        /// Column, counted from 1
        position: usize,
        /// The graph's name
        graph: String,
        /// The card's name
        card: String,
    },
    /// The card is of another model
    #[error("the card is of the model {stated}, and the model beside it is {found}")]
    OtherModel {
        /// What the card states
        stated: Fingerprint,
        /// The hash of the file
        found: Fingerprint,
    },

    /// The model does not answer as it should
    #[error("the model answers otherwise: {0}")]
    Golden(Box<GoldenMismatch>),
    /// The model fails in a row
    #[error("the model fails in this row: {why}")]
    GoldenFailed {
        /// How
        why: String,
    },
}

impl BesideError {
    pub(crate) fn of(file: &str, problem: BesideProblem) -> Self {
        Self(Box::new(Found {
            file: file.to_owned(),
            line: None,
            spot: None,
            problem,
        }))
    }

    pub(crate) fn line_is(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    pub(crate) fn column_is(mut self, name: &str) -> Self {
        self.0.spot = Some(Spot::Column(cut(name)));
        self
    }

    pub(crate) fn field_is(mut self, path: &str) -> Self {
        self.0.spot = (!path.is_empty()).then(|| Spot::Field(cut(path)));
        self
    }

    /// Returns the file's path, as the release has it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// Returns the line, counted from 1, where it is one line's.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// Returns the column's header or the card's field, where it is one's.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self.0.spot.as_ref()? {
            Spot::Column(name) | Spot::Field(name) => Some(name),
        }
    }

    /// Returns what is wrong.
    #[must_use]
    pub fn problem(&self) -> &BesideProblem {
        &self.0.problem
    }

    /// Says what to do.
    #[must_use]
    pub fn help(&self) -> String {
        use BesideProblem as P;
        let text = match &self.0.problem {
            P::Unreadable { help, .. } => return help.clone(),
            P::TooLarge { .. } => "keep fewer rows, or shorter values",
            P::NotJson { .. } => {
                "correct it there; JSON has no comments, and no NaN but the text \"NaN\""
            }
            P::InTwoFiles { .. } => "keep one of them",
            P::OtherColumns => "give the file again, under the names of the new card",
            P::Empty => "fill it, or take the file away",
            P::NoRows => "write at least one row below the header, or take the file away",
            P::TooManyRows { .. } => "keep some of the rows, drawn at random",
            P::TooManyCells { .. } => "keep fewer rows",
            P::RowWidth { .. } => {
                "write as many cells as the header has; a cell that holds the separator stands in quotes"
            }
            P::NoName { .. } => "name the column, or take it away",
            P::Twice => "keep one of the two",
            P::Missing { separator, .. } => match separator {
                Some(_) => "separate columns by commas, semicolons or tabs",
                None => "add a column for each input of the model, under its name",
            },
            P::NotInFirst => "expect the same outputs in each row",
            P::Unknown { near, known } | P::UnknownField { near, known } => {
                return match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", some_names(known)),
                };
            }
            P::NothingExpected { example } => {
                return format!("add a column `{example}`; `krites model golden` writes them");
            }
            P::NoValue { expected } => match *expected {
                "a number" => "write a number, or `NaN` where a value is missing",
                _ => "write a value",
            },
            P::NotA { text, expected } => match *expected {
                "a number" if text.contains(',') => "write decimals with a point",
                "a number" => "write a number such as `12.5`, `1e-3`, `NaN`, `inf` or `-inf`",
                "a whole number" => "write digits alone, such as `12` or `-3`",
                "`true` or `false`" => "write `true` or `false`",
                _ => "write it as a text, in quotes",
            },
            P::Beyond { .. } => "write `inf` or `-inf` where that is meant",
            P::ListLength { .. } => "write a value for each column",
            P::Expected { .. } => "correct it there, or leave the field out",
            P::EmptyText => "state it, or leave the field out",
            P::PeriodReversed { .. } => "write the first day in `from`, the last in `through`",
            P::RangeReversed { .. } => "write the least value first",
            P::RangeType { element } => match element.as_str() {
                "text" => "list the texts that it held: `[\"employed\", \"retired\"]`",
                "boolean" => "leave it out: a boolean has no range",
                _ => "write its least and its greatest value: `[18, 75]`",
            },
            P::ColumnCount { .. } => "name each column of the input once, in the model's order",
            P::ColumnContradicts { .. } => "leave out the names that the model has itself",
            P::OtherModel { .. } => {
                "put the card beside the model that it was written for, or write a new one"
            }
            P::Golden(_) | P::GoldenFailed { .. } => {
                "put back the model that these vectors were made with; where the new one is meant, make them anew by `krites model golden`"
            }
        };
        text.to_owned()
    }
}

impl fmt::Display for BesideError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0.file)?;
        if let Some(line) = self.0.line {
            write!(f, ", line {line}")?;
        }
        match &self.0.spot {
            Some(Spot::Column(name)) => write!(f, ", column `{name}`")?,
            Some(Spot::Field(path)) => write!(f, ", field `{path}`")?,
            None => {}
        }
        write!(f, ": {}", self.0.problem)
    }
}

impl std::error::Error for BesideError {}

/// So many names are listed
const LISTED: usize = 8;

/// So many signs of a cell or name are shown
const SHOWN: usize = 60;

/// The beginning of a text from outside, without what would steer a terminal.
pub(crate) fn cut(text: &str) -> String {
    let mut signs = text.chars();
    let plain = |sign: char| if sign.is_control() { '\u{fffd}' } else { sign };
    let mut shown: String = signs.by_ref().take(SHOWN).map(plain).collect();
    if signs.next().is_some() {
        shown.push('…');
    }
    shown
}

fn some_names(names: &[String]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(LISTED)
        .map(|name| format!("`{}`", cut(name)))
        .collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn are_names(names: &[String]) -> String {
    match names {
        [_] => format!("column {} is", some_names(names)),
        _ => format!("columns {} are", some_names(names)),
    }
}

//! Why facts cannot be bound.

use std::fmt;

use krites_lang::{Frame, InputError, Program};

/// Facts that cannot be bound; one word wide
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BindError(Box<BindProblem>);

/// Why facts cannot be bound
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindProblem {
    /// A value that the policy's declaration refuses, or one that is not given
    #[error("{0}")]
    Input(InputError),
    /// A field that the policy does not declare
    #[error("there is no input `{field}`{}", Meant(near))]
    Unknown {
        /// Its dotted name
        field: String,
        /// The input that was probably meant
        near: Option<String>,
    },
    /// A required input that was not given, while a field that is no input looks
    /// like it
    #[error("{input}; `{near}` is no input: was it meant?")]
    NotGiven {
        /// The input
        input: InputError,
        /// The field that was passed over
        near: String,
    },
    /// A name that stands twice in one JSON object
    #[error("`{field}`: it is given twice")]
    Twice {
        /// Its dotted name
        field: String,
    },
    /// A name that stands twice in one object of a value that is no input
    #[error("`{field}`: a name stands twice in one of its objects")]
    TwiceWithin {
        /// Dotted name of the value
        field: String,
    },
    /// A series with another number of elements
    #[error("`{field}`: expected a list of {expected} values, got {got}")]
    Length {
        /// Dotted name of the series
        field: String,
        /// How many elements it has
        expected: usize,
        /// How many came
        got: usize,
    },
    /// A JSON value of too many objects and lists within each other
    #[error(
        "`{field}`: objects and lists lie more than {} deep within each other",
        super::skim::MAX_DEPTH
    )]
    TooDeep {
        /// Its dotted name
        field: String,
    },
    /// Bytes that are no text
    #[error("not valid UTF-8 from byte {offset} on")]
    Utf8 {
        /// The first byte that is wrong, from 0
        offset: usize,
    },
    /// A text that is not JSON
    #[error("not valid JSON at line {line}, column {column}: {detail}")]
    Json {
        /// Line, from 1
        line: usize,
        /// Column in bytes, from 1; 0 at the line's start
        column: usize,
        /// What is wrong there
        detail: String,
    },
    /// A column of a list whose text is not JSON
    #[error("`{field}`: not valid JSON at line {line}, column {column} of the field: {detail}")]
    JsonWithin {
        /// The list
        field: String,
        /// Line within the field, from 1
        line: usize,
        /// Column in bytes within the field, from 1
        column: usize,
        /// What is wrong there
        detail: String,
    },
    /// A value where a record was expected
    #[error("{}expected {expected}, got {got}", Of(field))]
    Shape {
        /// Dotted name of the record; `None` for the facts as a whole
        field: Option<String>,
        /// What was expected
        expected: String,
        /// What came
        got: &'static str,
    },
    /// A field of a host's type whose values are none of the input's
    #[error("field `{field}` of `{facts}` is {got}, and `{input}` takes {expected}: {remedy}")]
    FieldType {
        /// The type that has the field
        facts: &'static str,
        /// Its name on the wire
        field: &'static str,
        /// The input, or the record or list of inputs, by its dotted name
        input: String,
        /// What the field is
        got: &'static str,
        /// What the input takes
        expected: String,
        /// Which types fit
        remedy: &'static str,
    },
    /// A required input for which a host's type has no field
    #[error(
        "`{input}` is required, and `{facts}` has no field for it{}",
        OrMeant(near)
    )]
    NoField {
        /// The type
        facts: &'static str,
        /// The input, by its dotted name
        input: String,
        /// A field that is no input and looks like it
        near: Option<String>,
    },
    /// A variant of a host's type that is no label of the input
    #[error(
        "variant `{variant}` is no label of `{input}`, which takes {expected}{}",
        Meant(near)
    )]
    NoLabel {
        /// The input, by its dotted name
        input: String,
        /// The variant, by its name on the wire
        variant: &'static str,
        /// The labels
        expected: String,
        /// The label that was probably meant
        near: Option<String>,
    },
    /// Two columns of one name
    #[error("column `{column}` stands twice in the header")]
    DuplicateColumn {
        /// The name
        column: String,
    },
    /// Required inputs without a column
    #[error("the header lacks the required {}", Listed(columns))]
    MissingColumns {
        /// The inputs, by their names on the wire
        columns: Vec<LackingColumn>,
    },
    /// A column of a batch whose values are none of its input's
    #[error("column `{column}` is {got}, and `{input}` takes {expected}: {remedy}")]
    ColumnType {
        /// Its name
        column: String,
        /// The input, or the record or list of inputs, by its dotted name
        input: String,
        /// What the column is
        got: &'static str,
        /// What the input takes
        expected: String,
        /// Which types fit
        remedy: &'static str,
    },
    /// A column of another length than the batch
    #[error("column `{column}` has {got} rows, the batch has {expected}")]
    ColumnLength {
        /// Its name
        column: String,
        /// Rows of the batch
        expected: usize,
        /// Rows of the column
        got: usize,
    },
    /// A column of which is not told for each row whether its value is there
    #[error("the validity of column `{column}` is told for {got} rows, the batch has {expected}")]
    ColumnValidity {
        /// Its name
        column: String,
        /// Rows of the batch
        expected: usize,
        /// For how many it is told
        got: usize,
    },
    /// Required inputs for which a batch has no column
    #[error("the batch lacks the required {}", Listed(columns))]
    LacksColumns {
        /// The inputs, by their names on the wire
        columns: Vec<LackingColumn>,
    },
    /// A row that does not fit the header
    #[error("the header has {expected} columns, the row has {got} fields")]
    RowWidth {
        /// Columns of the header
        expected: usize,
        /// Fields of the row
        got: usize,
    },
    /// Columns resolved for another policy or another version of it
    #[error("the header was read for another policy")]
    ForeignColumns,
    /// The facts' own `Serialize` failed
    #[error("{}{detail}", Of(field))]
    Serialize {
        /// Dotted name of the field; `None` for the facts as a whole
        field: Option<String>,
        /// In its words; not where a private value may stand in them
        detail: String,
    },
}

impl BindError {
    pub(crate) fn new(problem: BindProblem) -> Self {
        Self(Box::new(problem))
    }

    /// Returns why the facts cannot be bound.
    #[must_use]
    pub fn problem(&self) -> &BindProblem {
        &self.0
    }

    /// Puts the numbers of elements where names have brackets for them.
    #[cold]
    pub(super) fn numbered(mut self, program: &Program, frame: &Frame) -> Self {
        match &mut *self.0 {
            BindProblem::Input(error) => *error = program.located(frame, error),
            BindProblem::Unknown { field, near } => {
                *field = program.numbered(frame, field);
                *near = near.take().map(|near| program.numbered(frame, &near));
            }
            BindProblem::Twice { field }
            | BindProblem::TwiceWithin { field }
            | BindProblem::Length { field, .. }
            | BindProblem::TooDeep { field }
            | BindProblem::Shape {
                field: Some(field), ..
            }
            | BindProblem::Serialize {
                field: Some(field), ..
            } => *field = program.numbered(frame, field),
            _ => {}
        }
        self
    }

    /// Says in which column a text is not JSON.
    pub(super) fn at_column(self, name: &str) -> Self {
        match *self.0 {
            BindProblem::Json {
                line,
                column,
                detail,
            } => Self::new(BindProblem::JsonWithin {
                field: name.to_owned(),
                line,
                column,
                detail,
            }),
            problem => Self::new(problem),
        }
    }

    /// Says at which field a `Serialize` failed, where nothing has said so yet;
    /// its words are dropped where a private value may stand in them.
    #[cold]
    pub(super) fn at(mut self, name: &str, private: bool) -> Self {
        if let BindProblem::Serialize {
            field: field @ None,
            detail,
        } = &mut *self.0
        {
            if !name.is_empty() {
                *field = Some(name.to_owned());
            }
            if private {
                "the value cannot be serialized".clone_into(detail);
            }
        }
        self
    }
}

impl From<InputError> for BindError {
    fn from(error: InputError) -> Self {
        Self::new(BindProblem::Input(error))
    }
}

impl serde::ser::Error for BindError {
    fn custom<T: fmt::Display>(detail: T) -> Self {
        Self::new(BindProblem::Serialize {
            field: None,
            detail: detail.to_string(),
        })
    }
}

/// ``; did you mean `…`?``
pub(crate) struct Meant<'a>(pub(crate) &'a Option<String>);

impl fmt::Display for Meant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None => Ok(()),
        }
    }
}

/// ``; `…` is no input: was it meant?``
struct OrMeant<'a>(&'a Option<String>);

impl fmt::Display for OrMeant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(near) => write!(f, "; `{near}` is no input: was it meant?"),
            None => Ok(()),
        }
    }
}

struct Of<'a>(&'a Option<String>);

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(field) => write!(f, "`{field}`: "),
            None => Ok(()),
        }
    }
}

/// A required input without a column
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LackingColumn {
    /// Its name on the wire
    pub name: String,
    /// A column that is no input and looks like it
    pub near: Option<String>,
}

struct Listed<'a>(&'a [LackingColumn]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.len() == 1 {
            "column "
        } else {
            "columns "
        })?;
        for (position, column) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}`{}`", column.name)?;
            if let Some(near) = &column.near {
                write!(f, " (column `{near}` is no input)")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_one_word_wide_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<BindError>();
        assert_eq!(size_of::<Result<(), BindError>>(), size_of::<usize>());
    }
}

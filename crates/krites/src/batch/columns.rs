//! The columns of a batch, borrowed from the host.

use std::borrow::Cow;
use std::fmt;

use super::column::{Column, Masked, Validity};
use crate::bind::facts::{Binding, Fact, Sink};
use crate::bind::{BindError, BindProblem, Names, UnknownFields, shown};
use krites_lang::Program;

/// The facts of a batch, column by column: each is an input's name on the wire, dotted
/// where that is, with a value a row.
///
/// The host's values are borrowed and never copied as a whole. What the columns are is held
/// against the policy when a batch begins, or by
/// [`Decider::check_columns`](crate::Decider::check_columns); each value is taken and
/// refused as [`Decider::decide_facts`](crate::Decider::decide_facts) takes and refuses it.
///
/// ```
/// use krites::{Columns, Date, Engine, Release, Validity};
///
/// let policy = r#"
/// policy loan { version "1" }
/// enum Outcome { approve < decline }
/// input {
///     age    : integer in 0 to 150
///     income : money(GBP)?
/// }
/// decide outcome : Outcome most severe {
///     rule minor when age < 18 then decline
///     rule poor when income is present and income < 10_000 then decline
///     rule rest otherwise then approve
/// }
/// "#;
/// let release = Release::builder().policy("loan.krites", policy).build()?;
/// let mut decider = Engine::new(release).decider("loan")?;
///
/// let ages = vec![17, 40, 200, 33];
/// let incomes = vec![12_000, 0, 30_000, 9_000];
/// let there = Validity::Flags(&[true, false, true, true]);
/// let columns = Columns::new(4)
///     .column("age", &ages)
///     .column_with("income", &incomes, there);
///
/// let date = Date::new(2026, 11, 2).unwrap();
/// let mut outcomes = Vec::new();
/// decider.decide_batch(date, &columns, |row, decided| match decided {
///     Ok(decision) => outcomes.push(decision.outcome().to_owned()),
///     Err(error) => outcomes.push(format!("row {row}: {error}")),
/// })?;
/// assert_eq!(outcomes, [
///     "decline",
///     "approve",
///     "row 2: `age`: 200 lies outside the range 0 to 150",
///     "decline",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Columns<'a> {
    rows: usize,
    columns: Vec<Named<'a>>,
    /// The first column that does not fit the others
    wrong: Option<BindProblem>,
}

/// A column with its name
struct Named<'a> {
    name: Cow<'a, str>,
    values: Box<dyn Column + 'a>,
}

impl<'a> Columns<'a> {
    /// Begins a batch of so many rows.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Columns {
            rows,
            columns: Vec::new(),
            wrong: None,
        }
    }

    /// Adds a column. What it lacks to the rows of the batch is told when the columns are
    /// held against a policy.
    #[must_use]
    pub fn column(mut self, name: impl Into<Cow<'a, str>>, values: impl Column + 'a) -> Self {
        let (name, got) = (name.into(), values.rows());
        if got != self.rows {
            let (column, expected) = (shown(&name), self.rows);
            self.wrong.get_or_insert(BindProblem::ColumnLength {
                column,
                expected,
                got,
            });
        }
        let values = Box::new(values);
        self.columns.push(Named { name, values });
        self
    }

    /// Adds a column of which not every value is there; it is not looked at what stands
    /// where none is.
    #[must_use]
    pub fn column_with<T: Fact>(
        mut self,
        name: impl Into<Cow<'a, str>>,
        values: &'a [T],
        validity: Validity<'a>,
    ) -> Self {
        let (name, got) = (name.into(), validity.rows());
        if got < self.rows {
            let (column, expected) = (shown(&name), self.rows);
            self.wrong.get_or_insert(BindProblem::ColumnValidity {
                column,
                expected,
                got,
            });
        }
        self.column(name, Masked { values, validity })
    }

    /// Returns how many rows the batch has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Finds where the columns go in a policy.
    pub(super) fn bound(
        &self,
        names: &Names,
        program: &Program,
        unknown: UnknownFields,
    ) -> Result<Binding, BindError> {
        if let Some(problem) = &self.wrong {
            return Err(BindError::new(problem.clone()));
        }
        let columns = self.columns.iter();
        let columns = columns.map(|column| (&*column.name, &*column.values as &dyn Column));
        Binding::of_columns(names, program, unknown, columns)
    }

    /// Gives the values of a row.
    #[inline]
    pub(super) fn put(&self, row: usize, sink: &mut Sink<'_>) {
        for column in &self.columns {
            column.values.put(row, sink);
        }
    }
}

impl fmt::Debug for Columns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.columns.iter().map(|column| &*column.name).collect();
        f.debug_struct("Columns")
            .field("rows", &self.rows)
            .field("columns", &names)
            .finish_non_exhaustive()
    }
}

//! The rows of a table, kept column by column: a few bytes each, so that a table may
//! have a hundred thousand of them. A [`Row`] is a view of one.

use super::Validity;
use crate::ids::ReasonId;
use crate::place::Spans;
use crate::positions::Positions;
use crate::{Id as _, Span};

/// The rows of a table, in order
#[derive(Clone, Debug, Default)]
pub struct Rows {
    ids: String,
    /// Where each row's id ends
    id_ends: Vec<u32>,
    tests: Vec<Positions>,
    values: Vec<Positions>,
    because: Positions,
    /// Those that do not hold on every day, by their position
    dated: Vec<(u32, Validity)>,
    /// Those that count where no other does
    otherwise: Vec<u32>,
    spans: Spans,
}

/// One row
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    /// Its position among the rows
    pub at: usize,
    /// Its id, or its number from 1
    pub id: &'t str,
    /// One cell a column, by position in [`TestColumn::cells`](super::TestColumn::cells);
    /// `None` is `any`
    pub tests: RowCells<'t>,
    /// Whether it counts where no other row does
    pub otherwise: bool,
    /// One cell an output, by position in [`TableOutput::cells`](super::TableOutput::cells);
    /// `None` is missing
    pub values: RowCells<'t>,
    /// Reason of the row
    pub because: Option<ReasonId>,
    /// When it counts
    pub validity: Validity,
    /// Where it stands
    pub span: Span,
}

/// The cells of a row, by their positions among the distinct cells of their columns
#[derive(Clone, Copy, Debug)]
pub struct RowCells<'t> {
    columns: &'t [Positions],
    row: usize,
}

/// A row that is added
pub(crate) struct NewRow<'n> {
    pub(crate) id: &'n str,
    pub(crate) tests: &'n [Option<u32>],
    pub(crate) otherwise: bool,
    pub(crate) values: &'n [Option<u32>],
    pub(crate) because: Option<ReasonId>,
    pub(crate) validity: Validity,
    pub(crate) span: Span,
}

impl Rows {
    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id_ends.len()
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id_ends.is_empty()
    }

    /// Returns a row by its position.
    #[inline]
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Row<'_>> {
        let row = u32::try_from(at).ok()?;
        let end = *self.id_ends.get(at)? as usize;
        let start = match at.checked_sub(1) {
            Some(before) => *self.id_ends.get(before)? as usize,
            None => 0,
        };
        let dated = self.dated.binary_search_by_key(&row, |(row, _)| *row);
        let dated = dated.ok().and_then(|found| self.dated.get(found));
        Some(Row {
            at,
            id: self.ids.get(start..end)?,
            tests: RowCells {
                columns: &self.tests,
                row: at,
            },
            otherwise: self.otherwise.binary_search(&row).is_ok(),
            values: RowCells {
                columns: &self.values,
                row: at,
            },
            because: self.because(at),
            validity: dated.map(|(_, validity)| *validity).unwrap_or_default(),
            span: self.spans.get(at)?,
        })
    }

    /// Returns the reason of a row by its position.
    #[inline]
    #[must_use]
    pub fn because(&self, at: usize) -> Option<ReasonId> {
        let reason = self.because.get(at)?;
        Some(ReasonId::new(reason as usize))
    }

    /// Returns the cells of an output, by row.
    pub(crate) fn values(&self, output: usize) -> Positions {
        self.values.get(output).cloned().unwrap_or_default()
    }

    /// Walks the rows in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + Clone {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Adds a row behind all others.
    pub(crate) fn push(&mut self, new: &NewRow<'_>) {
        let at = self.len();
        let row = u32::try_from(at).unwrap_or(u32::MAX);
        self.ids.push_str(new.id);
        let end = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.id_ends.push(end);
        note(&mut self.tests, at, new.tests);
        note(&mut self.values, at, new.values);
        let because = new.because.and_then(|id| u32::try_from(id.position()).ok());
        self.because.set(at, because);
        if !new.validity.is_always() {
            self.dated.push((row, new.validity));
        }
        if new.otherwise {
            self.otherwise.push(row);
        }
        self.spans.push(new.span);
    }

    /// Gives back the room that was kept for further rows.
    pub(crate) fn shrink(&mut self) {
        self.ids.shrink_to_fit();
        self.id_ends.shrink_to_fit();
        self.dated.shrink_to_fit();
        self.because.shrink();
        self.spans.shrink();
        let columns = self.tests.iter_mut().chain(&mut self.values);
        columns.for_each(Positions::shrink);
    }
}

fn note(columns: &mut Vec<Positions>, row: usize, cells: &[Option<u32>]) {
    if columns.len() < cells.len() {
        columns.resize_with(cells.len(), Positions::default);
    }
    for (column, cell) in columns.iter_mut().zip(cells) {
        column.set(row, *cell);
    }
}

impl<'t> RowCells<'t> {
    /// Walks the cells in the order of columns.
    pub fn iter(self) -> impl Iterator<Item = Option<u32>> + use<'t> {
        self.columns.iter().map(move |column| column.get(self.row))
    }

    /// Returns a cell by its column.
    #[must_use]
    pub fn get(self, column: usize) -> Option<u32> {
        self.columns.get(column)?.get(self.row)
    }
}

impl PartialEq for RowCells<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::{NewRow, Rows};
    use crate::ids::ReasonId;
    use crate::ir::Validity;
    use crate::{Id as _, SourceId, Span};

    /// Everything of a row
    #[derive(Clone, Debug, PartialEq)]
    struct Whole {
        id: String,
        tests: [Option<u32>; 2],
        otherwise: bool,
        values: [Option<u32>; 1],
        because: Option<ReasonId>,
        validity: Validity,
        span: (u32, u32),
    }

    /// Rows of which each is what it was when it was added.
    fn keeps(rows: &[Whole]) {
        let source = SourceId::FIRST;
        let mut kept = Rows::default();
        for row in rows {
            let (start, end) = row.span;
            kept.push(&NewRow {
                id: &row.id,
                tests: &row.tests,
                otherwise: row.otherwise,
                values: &row.values,
                because: row.because,
                validity: row.validity,
                span: Span { source, start, end },
            });
        }
        kept.shrink();
        assert_eq!(kept.len(), rows.len());
        assert!(kept.get(rows.len()).is_none());
        for (at, (found, row)) in kept.iter().zip(rows).enumerate() {
            assert_eq!(found.at, at);
            let found = Whole {
                id: found.id.to_owned(),
                tests: [found.tests.get(0), found.tests.get(1)],
                otherwise: found.otherwise,
                values: [found.values.get(0)],
                because: found.because,
                validity: found.validity,
                span: (found.span.start, found.span.end),
            };
            assert_eq!(found, *row);
        }
    }

    fn row(at: u32) -> Whole {
        Whole {
            id: format!("R-{at}"),
            tests: [Some(at % 7), (at % 3 == 1).then_some(at)],
            otherwise: false,
            values: [Some(at * 300)],
            because: None,
            validity: Validity::default(),
            span: (at * 10, at * 10 + 9),
        }
    }

    #[test]
    fn rows_are_kept_as_they_are() {
        keeps(&[]);
        keeps(&(0..70_000).map(row).collect::<Vec<_>>());
    }

    #[test]
    fn what_few_rows_have_is_kept_with_them() {
        let mut rows: Vec<Whole> = (0..20).map(row).collect();
        rows[3].because = Some(ReasonId::new(300));
        rows[7].validity.off = true;
        rows[9].because = Some(ReasonId::new(0));
        rows[19].otherwise = true;
        rows[19].tests = [None, None];
        keeps(&rows);
    }

    #[test]
    fn rows_stand_anywhere() {
        let mut rows: Vec<Whole> = (0..4).map(row).collect();
        rows[1].span = (5, 5);
        rows[2].span = (500, 90_000);
        keeps(&rows);
    }
}

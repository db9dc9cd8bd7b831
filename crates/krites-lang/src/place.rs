//! Sources and places: where in a policy's material something stands.

mod cells;
mod kept;
mod spans;

use std::fmt;

pub(crate) use cells::CellMap;
use kept::Kept;
pub(crate) use spans::Spans;

/// Index of a source within [`Sources`]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub(crate) u32);

/// A byte range of one source, end excluded
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The source
    pub source: SourceId,
    /// First byte
    pub start: u32,
    /// First byte after the range
    pub end: u32,
}

impl Span {
    /// Returns the smallest span that covers `self` and `other`, which stand in
    /// the same source.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span {
            source: self.source,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Tells whether all of `other` lies within.
    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// Returns the empty span behind `self`.
    #[must_use]
    pub fn after(self) -> Span {
        Span {
            start: self.end,
            ..self
        }
    }
}

/// Where something stands: in a text, in a cell of a sheet, in a model
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A range of a source text
    Text(Span),
    /// A cell of a table file; row and column count from 1
    Cell {
        /// File as the policy names it
        file: String,
        /// Sheet, where the file has sheets
        sheet: Option<String>,
        /// Row, the header being row 1
        row: u32,
        /// Column
        column: u32,
    },
    /// A model, and a node of its graph where one is known, such as ``node `add` (Add)``
    Model {
        /// Model file as the policy names it
        model: String,
        /// Node of the graph
        node: Option<String>,
    },
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Place::Text(span)
    }
}

/// One text with the name it is reported under
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Kept,
    line_starts: Vec<u32>,
    /// Where it is made of the cells of a sheet
    cells: Option<CellMap>,
}

impl Source {
    /// Returns the name that diagnostics show.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole text; of a sheet, its cells, a line each.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.text()
    }

    /// Returns the cells of a sheet.
    pub(crate) fn cells(&self) -> Option<&CellMap> {
        self.cells.as_ref()
    }

    /// Returns line and column of a byte offset, both counted from 1; the
    /// column counts characters. In a sheet, row and column of the cell.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        if let Some(cells) = &self.cells {
            return cells.row_column(offset);
        }
        let line = self
            .line_starts
            .partition_point(|&start| start <= offset)
            .max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self
            .text()
            .get(start as usize..offset as usize)
            .unwrap_or("");
        let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX - 1) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), column)
    }
}

/// The texts of a release, by [`SourceId`]
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a text under the name that diagnostics show.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .zip(1_u32..)
                    .filter(|(byte, _)| *byte == b'\n')
                    .map(|(_, next)| next),
            )
            .collect();
        self.push(Source {
            name: name.into(),
            text: Kept::Plain(text),
            line_starts,
            cells: None,
        })
    }

    /// Adds the cells of a sheet, a line each.
    pub(crate) fn add_cells(&mut self, name: &str, text: String, cells: CellMap) -> SourceId {
        self.push(Source {
            name: name.to_owned(),
            text: Kept::Plain(text),
            line_starts: Vec::new(),
            cells: Some(cells),
        })
    }

    /// Keeps what the cells of large files say deflated, until somebody asks for it: one
    /// who holds sources for long has little need of it.
    pub fn deflate_cells(&mut self) {
        let sheets = self.all.iter_mut().filter(|source| source.cells.is_some());
        sheets.for_each(|source| source.text.deflate());
    }

    /// Returns the source that is added next.
    pub(crate) fn next(&self) -> SourceId {
        SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX))
    }

    fn push(&mut self, source: Source) -> SourceId {
        let id = self.next();
        self.all.push(source);
        id
    }

    /// Returns a source.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// Returns the text of a span, empty where the span is not of these sources.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|source| source.text().get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// Returns the cell that a span begins in, where it lies in a sheet.
    #[must_use]
    pub fn cell(&self, span: Span) -> Option<Place> {
        let source = self.get(span.source)?;
        let cells = source.cells.as_ref()?;
        Some(cells.place(&source.name, span))
    }

    /// Returns a place as `file:line:column`, or its file and cell or model.
    #[must_use]
    pub fn describe(&self, place: &Place) -> String {
        match place {
            Place::Text(span) => self
                .get(span.source)
                .map_or_else(String::new, |source| source.describe(*span)),
            Place::Cell {
                file,
                sheet,
                row,
                column,
            } => cells::described(file, sheet.as_deref(), *row, *column),
            Place::Model {
                model,
                node: Some(node),
            } => format!("{model}, {node}"),
            Place::Model { model, node: None } => model.clone(),
        }
    }
}

impl Source {
    fn describe(&self, span: Span) -> String {
        let (line, column) = self.line_column(span.start);
        let Some(cells) = &self.cells else {
            return format!("{}:{line}:{column}", self.name);
        };
        match (cells.row_of(span), &cells.sheet) {
            (Some(row), Some(sheet)) => format!("{}, sheet {sheet}, row {row}", self.name),
            (Some(row), None) => format!("{}, row {row}", self.name),
            (None, sheet) => cells::described(&self.name, sheet.as_deref(), line, column),
        }
    }
}

impl SourceId {
    /// The source that was added first
    pub const FIRST: SourceId = SourceId(0);
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "source {}", self.0)
    }
}

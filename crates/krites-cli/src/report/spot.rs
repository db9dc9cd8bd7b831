//! Where something stands, in numbers.

use krites::lang::{Place, Sources, Span};

/// Lines and columns from 1, columns in characters, the end just behind the last one
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

/// A place
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) file: String,
    /// In a text
    pub(super) region: Option<Region>,
    /// In a table file: sheet, row and column
    pub(super) cell: Option<(Option<String>, u32, u32)>,
    /// In a model
    pub(super) node: Option<String>,
}

impl Spot {
    pub(super) fn of(sources: &Sources, place: &Place) -> Self {
        let empty = |file: &str| Self {
            file: file.to_owned(),
            region: None,
            cell: None,
            node: None,
        };
        match place {
            Place::Text(span) => match sources.cell(*span) {
                Some(cell) => Self::of(sources, &cell),
                None => {
                    let file = sources.get(span.source).map_or("", |source| source.name());
                    Self {
                        region: region(sources, *span),
                        ..empty(file)
                    }
                }
            },
            Place::Cell {
                file,
                sheet,
                row,
                column,
            } => Self {
                cell: Some((sheet.clone(), *row, *column)),
                ..empty(file)
            },
            Place::Model { model, node } => Self {
                node: node.clone(),
                ..empty(model)
            },
        }
    }
}

/// Returns the lines and columns of a range of a text.
pub(super) fn region(sources: &Sources, span: Span) -> Option<Region> {
    let source = sources.get(span.source)?;
    let (line, column) = source.line_column(span.start);
    let (end_line, end_column) = source.line_column(span.end);
    Some(Region {
        line,
        column,
        end_line,
        end_column,
    })
}

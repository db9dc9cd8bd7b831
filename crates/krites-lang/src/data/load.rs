//! Files become tables: every field checked, every mistake told at its cell.

use super::csv::Field;
use super::field::{FieldReader, push_key};
use super::header::{Header, header};
use super::index::{Entries, Refused};
use super::key_table::KeyTable;
use super::problems::{
    FIELD, KEY_TWICE, LABEL_WITHOUT_ROW, NOT_TEXT, Problems, RAGGED, TOO_LARGE, WITHOUT_WORD, shown,
};
use super::row::Found;
use super::words::WordEntries;
use crate::ir::{self, FieldType, FileTable};
use crate::parse::is_formula_error;
use crate::words::words;
use crate::{Diagnostic, MAX_DATA_BYTES, Place, Span};

impl KeyTable {
    /// Loads the rows of a file by what is declared of it.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, up to 20 mistakes, each at its row and column.
    pub fn load(declared: &FileTable, bytes: &[u8]) -> Result<KeyTable, Vec<Diagnostic>> {
        let mut problems = Problems::new(&declared.path);
        let table = text_of(bytes, &mut problems)
            .and_then(|text| Loading::begin(declared, text, &mut problems))
            .and_then(|(loading, rows)| loading.finish(rows, &mut problems));
        match table {
            Some(table) => Ok(table),
            None => Err(problems.into_found()),
        }
    }
}

/// The text of a file, without its byte order mark.
fn text_of<'b>(bytes: &'b [u8], problems: &mut Problems) -> Option<&'b str> {
    if bytes.len() > MAX_DATA_BYTES {
        let place = problems.place(1, 1);
        let megabytes = MAX_DATA_BYTES >> 20;
        problems.add(
            Diagnostic::error(
                TOO_LARGE,
                format!("the file has more than {megabytes} MiB"),
                place,
            )
            .help("leave out rows and columns that no policy needs"),
        );
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Some(text),
        Err(error) => error,
    };
    let before = bytes.get(..error.valid_up_to()).unwrap_or(&[]);
    let line = before.split(|byte| *byte == b'\n').count();
    let place = problems.place(u32::try_from(line).unwrap_or(u32::MAX), 1);
    let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let headline = match utf_16 {
        true => "the file is saved as UTF-16",
        false => "the file has bytes that are no UTF-8",
    };
    let help = "save it as CSV in UTF-8";
    problems.add(Diagnostic::error(NOT_TEXT, headline, place).help(help));
    None
}

/// A table on its way
struct Loading<'d> {
    declared: &'d FileTable,
    header: Header,
    key: FieldReader<'d>,
    columns: Vec<FieldReader<'d>>,
    rows: Entries,
    words: Option<WordEntries>,
    /// The row at hand, and its key
    values: Vec<u8>,
    key_bytes: Vec<u8>,
    buffer: String,
}

impl<'d> Loading<'d> {
    fn begin<'t>(
        declared: &'d FileTable,
        text: &'t str,
        problems: &mut Problems,
    ) -> Option<(Self, super::csv::Rows<'t>)> {
        let (rows, header) = header(text, declared, problems)?;
        let most = most_rows(text);
        let loading = Self {
            declared,
            header,
            key: FieldReader::new(&declared.key),
            columns: declared.columns.iter().map(FieldReader::new).collect(),
            rows: Entries::at_most(most),
            words: declared.searched.then(|| WordEntries::at_most(most)),
            values: Vec::new(),
            key_bytes: Vec::new(),
            buffer: String::new(),
        };
        Some((loading, rows))
    }

    fn finish(
        mut self,
        mut rows: super::csv::Rows<'_>,
        problems: &mut Problems,
    ) -> Option<KeyTable> {
        let mut fields = Vec::new();
        while !problems.is_full() {
            match rows.next(&mut fields) {
                Ok(false) => break,
                Ok(true) => self.row(rows.row(), &fields, problems),
                Err(broken) => problems.broken_row(rows.row(), broken),
            }
        }
        if !problems.is_empty() {
            return None;
        }
        // Files of this size have room; were it otherwise, it is a mistake of theirs
        let rows = self.rows.into_index();
        let words = match self.words {
            None => Some(None),
            Some(words) => words.into_index().map(Some),
        };
        let (Some(rows), Some(words)) = (rows, words) else {
            let place = problems.place(1, 1);
            problems.add(too_many_rows(place));
            return None;
        };
        Some(KeyTable {
            declared: self.declared.clone(),
            rows,
            words,
        })
    }

    fn row(&mut self, row: u32, fields: &[Field<'_>], problems: &mut Problems) {
        if fields.len() != self.header.width {
            let (found, width) = (fields.len(), self.header.width);
            let place = problems.place(row, found.min(width + 1));
            problems.add(
                Diagnostic::error(
                    RAGGED,
                    format!(
                        "the row has {found} field{}, the first line names {width} column{}",
                        plural(found),
                        plural(width)
                    ),
                    place,
                )
                .help("give each row as many fields; one with a separator in it stands in quotes"),
            );
            return;
        }
        self.values.clear();
        let mut key = None;
        let readers = std::iter::once(&self.key).chain(&self.columns);
        for (at, (reader, column)) in readers.zip(&self.header.columns).enumerate() {
            let field = fields.get(*column).map_or("", |field| &field.text);
            match reader.read(field) {
                Ok(value) if at == 0 => key = Some(value),
                Ok(value) => reader.push(value, &mut self.values),
                Err((what, help)) => {
                    let help = match field.is_empty() && at == 0 {
                        true => "fill the field, or take the row out".to_owned(),
                        false if is_formula_error(field) => {
                            "mend the formula in the file, and save it".to_owned()
                        }
                        false => help,
                    };
                    let headline = match field.is_empty() {
                        true => format!("{} of this row is empty", shown(&reader.column.name)),
                        false => format!(
                            "{} of this row is {what}: {}",
                            shown(&reader.column.name),
                            shown(field)
                        ),
                    };
                    let place = problems.place(row, column + 1);
                    problems.add(Diagnostic::error(FIELD, headline, place).help(help));
                }
            }
        }
        // Of a row with a mistake no more is told
        if let Some(key) = key {
            self.add(row, key, problems);
        }
    }

    fn add(&mut self, row: u32, key: Found<'_>, problems: &mut Problems) {
        self.key_bytes.clear();
        push_key(key, &mut self.key_bytes);
        let column = self.header.columns.first().map_or(1, |column| column + 1);
        let name = &self.declared.key.name;
        let refused = match self.rows.add(&self.key_bytes, &self.values) {
            Ok(()) => None,
            Err(Refused::Known) => Some((
                KEY_TWICE,
                format!("this {} stands in an earlier row, too", shown(name)),
                "keep one row for each key",
            )),
            Err(Refused::Full) => {
                let place = problems.place(row, column);
                problems.add(too_many_rows(place));
                return;
            }
        };
        let wordless = match (&mut self.words, key) {
            (Some(words_of), Found::Text(text)) => {
                words(text).next().is_none() || !words_of.add(text, &mut self.buffer)
            }
            _ => false,
        };
        if let Some((code, headline, help)) = refused {
            let place = problems.place(row, column);
            problems.add(Diagnostic::error(code, headline, place).help(help));
        } else if wordless {
            let place = problems.place(row, column);
            problems.add(
                Diagnostic::error(WITHOUT_WORD, "this entry has no word in it", place).help(
                    "texts are searched for its words, which are made of letters and digits: take it out of the file",
                ),
            );
        }
    }
}

fn too_many_rows(place: Place) -> Diagnostic {
    Diagnostic::error(TOO_LARGE, "the file has too many rows", place)
        .help("leave out rows that no policy needs")
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// How many rows a text has at most: its lines that are not empty.
fn most_rows(text: &str) -> usize {
    let lines = text.split('\n');
    lines.filter(|line| !line.is_empty()).count()
}

/// What is wrong where a policy reads a value for every label, and some have no row.
pub(super) fn labels_without_row(
    table: &KeyTable,
    lookup: &ir::Lookup,
    every: Span,
) -> Option<Diagnostic> {
    let FieldType::Label(wires) = &table.declared.key.ty else {
        return None;
    };
    let without = wires.iter().zip(0_i64..);
    let without = without.filter(|(_, position)| table.of_whole(*position).is_none());
    let without: Vec<String> = without.map(|(wire, _)| shown(wire)).collect();
    if without.is_empty() {
        return None;
    }
    let key = &table.declared.key.name;
    Some(
        Diagnostic::error(
            LABEL_WITHOUT_ROW,
            format!(
                "`{}` has no row for {}",
                table.declared.path,
                without.join(", ")
            ),
            every,
        )
        .label("read here for every label")
        .evidence(lookup.span, format!("`{key}` is declared here"))
        .help("add the rows to the file, or say what stands in: `if none …`"),
    )
}

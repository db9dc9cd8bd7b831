//! The rows of a CSV file.

use std::fs::File;

use krites::{BindProblem, Date, DecideError, Decider};

use super::quotes::{Open, Quotes};
use super::{Abort, Facts, Sink, io_words};

/// Decides every row.
pub(super) fn decide(
    file: &File,
    mut decider: Decider,
    date: Date,
    sink: &mut impl Sink,
) -> Result<(), Abort> {
    let (quotes, open) = Quotes::new(file);
    // Rows of another width are told in the words of the policy's columns.
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(quotes);
    let header = match reader.headers() {
        Ok(header) if header.is_empty() => {
            return Err(Abort::Words("the file has no header line".to_owned()));
        }
        Ok(header) => header.clone(),
        Err(error) => return Err(Abort::Words(header_words(&error))),
    };
    if let Some(place) = open.at_the_end() {
        let line = place.line;
        return Err(Abort::Words(format!(
            "a quote opens in the header, on line {line}, and never closes"
        )));
    }
    let columns = decider
        .columns(&header)
        .map_err(|error| Abort::Words(format!("{error}{}", other_separator(&header))))?;
    for column in columns.unknown() {
        if let Some(near) = &column.near {
            complain!(
                "note: column `{}` is no input; did you mean `{near}`?",
                column.name
            );
        }
    }
    let mut record = csv::ByteRecord::new();
    let mut row = 0_u64;
    loop {
        row += 1;
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) if error.is_io_error() => return Err(Abort::Words(csv_words(&error))),
            Err(error) => {
                sink.bad(row, &error.to_string())?;
                continue;
            }
        }
        if let Some(place) = open.at_the_end() {
            sink.bad(row, &unclosed(place, &header))?;
            continue;
        }
        let lines = lines(&reader, &record);
        if let Some((place, closed)) = open.misplaced(lines.1) {
            sink.bad(row, &misplaced(place, closed, &header))?;
            continue;
        }
        // The record's memory goes along and comes back.
        match csv::StringRecord::from_byte_record(std::mem::take(&mut record)) {
            Ok(text) => {
                match decider.decide_row(date, &columns, &text) {
                    Err(error) if is_width(&error) && text.iter().any(goes_on) => sink.bad(
                        row,
                        &format!(
                            "{error}; the row goes from line {} to {}: is a quote left open?",
                            lines.0, lines.1
                        ),
                    )?,
                    decided => {
                        let facts = Facts::Row {
                            header: &header,
                            row: &text,
                        };
                        sink.row(row, facts, decided)?;
                    }
                }
                record = text.into_byte_record();
            }
            Err(error) => {
                sink.bad(row, &no_text(error.utf8_error(), &header))?;
                record = error.into_byte_record();
            }
        }
    }
}

/// The first and the last line of a record.
fn lines<R: std::io::Read>(reader: &csv::Reader<R>, record: &csv::ByteRecord) -> (u64, u64) {
    let first = record.position().map_or(0, csv::Position::line);
    // The reader stands behind the record's end of line.
    let last = reader.position().line().saturating_sub(1).max(first);
    (first, last)
}

/// Tells whether a field goes on behind the end of a line.
fn goes_on(field: &str) -> bool {
    field.contains('\n')
}

fn is_width(error: &DecideError) -> bool {
    matches!(error, DecideError::Facts(error)
        if matches!(error.problem(), BindProblem::RowWidth { .. }))
}

fn misplaced(place: Open, closed: u64, header: &csv::StringRecord) -> String {
    let opened = match place.line == closed {
        true => "it opens".to_owned(),
        false => format!("it opens on line {},", place.line),
    };
    let column = match header.get(place.column) {
        Some(column) => format!(" in column `{column}`"),
        None => String::new(),
    };
    format!("a quote closes on line {closed} before its field ends; {opened}{column}")
}

fn unclosed(place: Open, header: &csv::StringRecord) -> String {
    let line = place.line;
    match header.get(place.column) {
        Some(column) => {
            format!("a quote opens on line {line}, in column `{column}`, and never closes")
        }
        None => format!("a quote opens on line {line} and never closes"),
    }
}

fn no_text(error: &csv::Utf8Error, header: &csv::StringRecord) -> String {
    let from = error.valid_up_to();
    match header.get(error.field()) {
        Some(column) => format!("column `{column}` is not valid UTF-8 from byte {from} on"),
        None => format!("field {} is not valid UTF-8", error.field() + 1),
    }
}

fn header_words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            "the header is not valid UTF-8; save the file as UTF-8".to_owned()
        }
        _ => format!("the header cannot be read: {}", csv_words(error)),
    }
}

fn csv_words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => io_words(error),
        _ => error.to_string(),
    }
}

/// What to say where a header of one column holds other columns.
fn other_separator(header: &csv::StringRecord) -> &'static str {
    let only = header.get(0).filter(|_| header.len() == 1).unwrap_or("");
    if only.contains(';') {
        "; columns are set apart by commas, not by `;`"
    } else if only.contains('\t') {
        "; columns are set apart by commas, not by tabs"
    } else {
        ""
    }
}

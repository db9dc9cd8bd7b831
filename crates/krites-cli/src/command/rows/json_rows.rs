//! The rows of a file of JSON lines.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};

use krites::{Date, Decider};

use super::{Abort, Facts, Sink};

/// The longest line that is read, in bytes
const MAX_LINE: u64 = 16 * 1024 * 1024;

/// How many rows are looked through for fields that look like inputs; files have the
/// same ones throughout
const LOOKED_THROUGH: u64 = 1000;

/// How many such fields are shown
const SHOWN: usize = 20;

/// Decides every row.
pub(super) fn decide(
    file: &File,
    mut decider: Decider,
    date: Date,
    sink: &mut impl Sink,
) -> Result<(), Abort> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut row = 0_u64;
    let mut noted = BTreeSet::new();
    loop {
        line.clear();
        let read = reader
            .by_ref()
            .take(MAX_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        row += 1;
        if read as u64 == MAX_LINE && line.last() != Some(&b'\n') {
            sink.bad(row, "the line is longer than 16 MiB")?;
            skip_line(&mut reader)?;
            continue;
        }
        let facts = match row {
            // The mark that some programs begin a file of UTF-8 with
            1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line),
            _ => &line,
        };
        let facts = facts.trim_ascii();
        if facts.is_empty() {
            continue;
        }
        if row == 1 && matches!(facts, [b'['] | [b'{'] | [b'[', b'{', ..]) {
            complain!(
                "note: the file has one JSON text on several lines; .jsonl has an object a line"
            );
        }
        if row <= LOOKED_THROUGH && noted.len() < SHOWN {
            note(&mut decider, facts, &mut noted);
        }
        let decided = decider.decide_json_bytes(date, facts);
        sink.row(row, Facts::Json(facts), decided)?;
    }
}

/// Notes fields that are passed over and look like inputs, each once.
fn note(decider: &mut Decider, facts: &[u8], noted: &mut BTreeSet<String>) {
    let text = std::str::from_utf8(facts).unwrap_or_default();
    // A row that cannot be read is told of when it is decided.
    let unknown = decider.unknown_in_json(text).unwrap_or_default();
    for field in unknown {
        if let Some(near) = &field.near
            && noted.insert(field.name.clone())
        {
            let name = &field.name;
            complain!("note: field `{name}` is no input; did you mean `{near}`?");
        }
    }
}

fn skip_line(reader: &mut impl BufRead) -> Result<(), Abort> {
    loop {
        let buffer = reader.fill_buf()?;
        let (used, done) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}

//! Comma-separated values, or values between semicolons or tabs.

use csv::{ByteRecord, ReaderBuilder};
use krites_lang::{CellValue, Sheet, SheetProblem};

use super::quotes;

/// The text, and what separates its cells, where they can be told apart.
pub(crate) fn separated(bytes: &[u8]) -> Result<(&str, u8), SheetProblem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(not_utf_8(bytes, error.valid_up_to())),
    };
    let separator = separator(text);
    quotes::check(text, separator)?;
    Ok((text, separator))
}

pub(super) fn read(shown: &str, bytes: &[u8]) -> Result<Sheet, SheetProblem> {
    let (text, separator) = separated(bytes)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::new(shown, None);
    let mut record = ByteRecord::new();
    let mut within = 0;
    // Reading from memory does not fail
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let line = record.position().map_or(1, |position| line(text, position));
        // A spreadsheet counts a row once, on however many lines it stands
        let row = line.saturating_sub(within);
        sheet.begin_row(u32::try_from(row).unwrap_or(u32::MAX))?;
        for cell in &record {
            let cell = std::str::from_utf8(cell).unwrap_or("");
            within += cell.bytes().filter(|byte| *byte == b'\n').count() as u64;
            sheet.push(CellValue::Text(cell))?;
        }
    }
    Ok(sheet)
}

/// Returns the line that a record begins on: the reader's position lies before the
/// ends of lines that it passes over.
pub(crate) fn line(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or(&[]);
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + ends.filter(|byte| **byte == b'\n').count() as u64
}

/// Tells what stands between the cells: the first line has it outside of quotes.
pub(super) fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut found = b',';
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b',' => return b',',
            b';' | b'\t' if found == b',' => found = byte,
            b'\n' => break,
            _ => {}
        }
    }
    found
}

fn not_utf_8(bytes: &[u8], at: usize) -> SheetProblem {
    let help = "save it as CSV in UTF-8".to_owned();
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        let why = "it is text in UTF-16".to_owned();
        return SheetProblem::Unreadable { why, help };
    }
    let before = bytes.get(..at).unwrap_or(&[]);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let why = format!("line {line} is not in UTF-8");
    SheetProblem::Unreadable { why, help }
}

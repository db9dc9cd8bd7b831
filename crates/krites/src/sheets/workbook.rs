//! Sheets of workbooks (`.xlsx`).

use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, Xlsx, XlsxError};
use krites_lang::{CellValue, Date, Duration, MAX_SHEET_COLUMNS, Sheet, SheetLimit, SheetProblem};
use zip::ZipArchive;

/// How many bytes the parts of a workbook may unpack to, all together
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
/// Milliseconds of a day
const DAY: f64 = 86_400_000.0;

pub(super) fn read(shown: &str, bytes: &[u8], name: Option<&str>) -> Result<Sheet, SheetProblem> {
    look_through(bytes, MAX_UNPACKED)?;
    // A damaged file is an error; that the library never panics over one it does not
    // promise
    catch_unwind(AssertUnwindSafe(|| read_sheet(shown, bytes, name)))
        .unwrap_or_else(|_| Err(unreadable(&"it is damaged")))
}

/// Unpacks the workbook once to see that it holds no more than it may: the sizes that
/// it states need not be true.
pub(super) fn look_through(bytes: &[u8], most: u64) -> Result<(), SheetProblem> {
    let damaged = |error: &dyn std::fmt::Display| unreadable(error);
    let archive = ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.map_err(|_| unreadable(&no_workbook(bytes)))?;
    let mut left = most;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| damaged(&error))?;
        let name = part.name().unwrap_or_default().to_ascii_lowercase();
        let mut content = Vec::new();
        let read = part.take(left + 1).read_to_end(&mut content);
        let size = read.map_err(|error| damaged(&error))? as u64;
        left = left
            .checked_sub(size)
            .ok_or(SheetProblem::Beyond(SheetLimit::Bytes))?;
        if name.ends_with("sharedstrings.xml") && !states_its_texts(&content) {
            return Err(unreadable(&"it is damaged"));
        }
    }
    Ok(())
}

/// Says what a file is that is called a workbook, and is none.
fn no_workbook(bytes: &[u8]) -> &'static str {
    /// What files of the programs before 2007 begin with, and those that are protected
    const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    match bytes {
        [] => "it is empty",
        [b'P', b'K', ..] => "it is damaged",
        bytes if bytes.starts_with(COMPOUND) => {
            "it is a workbook of an old kind, or protected by a password"
        }
        _ => "it is no workbook",
    }
}

/// Tells whether a part of texts states no more of them than its bytes can hold:
/// memory is laid out for as many before any is read.
fn states_its_texts(part: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(part) else {
        return false;
    };
    let stated = text.match_indices("uniqueCount").all(|(at, word)| {
        let rest = text.get(at + word.len()..).unwrap_or("");
        let begin = rest.find(|sign: char| sign.is_ascii_digit());
        let digits = rest.get(begin.unwrap_or(rest.len())..).unwrap_or("");
        let end = digits.find(|sign: char| !sign.is_ascii_digit());
        let digits = digits.get(..end.unwrap_or(digits.len())).unwrap_or("");
        digits.is_empty() || digits.parse().is_ok_and(|count: usize| count <= part.len())
    });
    stated && !text.contains('\0')
}

fn read_sheet(shown: &str, bytes: &[u8], name: Option<&str>) -> Result<Sheet, SheetProblem> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => unreadable(&"it is protected by a password"),
        error => unreadable(&error),
    })?;
    let known: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let name = match (name, known.as_slice()) {
        (Some(name), known) if known.iter().any(|sheet| sheet == name) => name.to_owned(),
        (Some(_), _) => return Err(SheetProblem::NoSuchSheet { known }),
        (None, [only]) => only.clone(),
        (None, _) => return Err(SheetProblem::SeveralSheets { known }),
    };
    let mut sheet = Sheet::new(shown, Some(name.clone()));
    let cells = workbook.worksheet_cells_reader(&name);
    let mut cells = cells.map_err(|error| unreadable(&error))?;
    let mut at: Option<(u32, u32)> = None;
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(&error))? {
        let (row, column) = cell.get_position();
        if matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if column as usize >= MAX_SHEET_COLUMNS {
            return Err(SheetProblem::Beyond(SheetLimit::Columns));
        }
        if at.is_some_and(|before| before >= (row, column)) {
            return Err(unreadable(&"its cells are out of order"));
        }
        let first = match at {
            Some((same, before)) if same == row => before + 1,
            _ => {
                sheet.begin_row(row.saturating_add(1))?;
                0
            }
        };
        for _ in first..column {
            sheet.push(CellValue::Blank)?;
        }
        push(&mut sheet, cell.get_value())?;
        at = Some((row, column));
    }
    Ok(sheet)
}

fn push(sheet: &mut Sheet, value: &DataRef<'_>) -> Result<(), SheetProblem> {
    match value {
        DataRef::Empty => sheet.push(CellValue::Blank),
        DataRef::Int(number) => sheet.push(CellValue::Text(&number.to_string())),
        DataRef::Float(number) => sheet.push(CellValue::Number(*number)),
        DataRef::Bool(value) => sheet.push(CellValue::Boolean(*value)),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            sheet.push(CellValue::Text(text))
        }
        DataRef::SharedString(text) => sheet.push(CellValue::Text(text)),
        DataRef::Error(error) => sheet.push(CellValue::Text(&error.to_string())),
        DataRef::DateTime(time) => sheet.push(moment(time)),
    }
}

/// Makes a date, a datetime or a duration of a number of days.
fn moment(time: &ExcelDateTime) -> CellValue<'static> {
    let days = time.as_f64();
    if time.is_duration() {
        let microseconds = (days * DAY).round() * 1000.0;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "beyond 64 bits it stays there"
        )]
        return CellValue::Duration(Duration::from_microseconds(microseconds as i64));
    }
    let (year, month, day, hour, minute, second, milliseconds) = time.to_ymd_hms_milli();
    let date = i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?));
    let seconds = (u32::from(hour) * 60 + u32::from(minute)) * 60 + u32::from(second);
    match (date, seconds * 1000 + u32::from(milliseconds)) {
        // Workbooks know a 29th of February 1900
        (None, _) => CellValue::Number(days),
        (Some(date), 0) => CellValue::Date(date),
        (Some(date), time) => CellValue::LocalTime(date, time),
    }
}

fn unreadable(why: &dyn std::fmt::Display) -> SheetProblem {
    SheetProblem::Unreadable {
        why: why.to_string(),
        help: "open it in a spreadsheet program, and save it as .xlsx again".to_owned(),
    }
}

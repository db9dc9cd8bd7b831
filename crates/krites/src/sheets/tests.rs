//! Cells of comma-separated values; what a workbook unpacks to.

use krites_lang::SheetProblem;

use super::text::{read, separator};

/// The rows that the cells of a text are said to stand in.
fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
    read("t.csv", text.as_bytes()).unwrap().texts()
}

#[test]
fn rows_have_the_numbers_that_a_spreadsheet_shows() {
    let text = "\na,b\n\n\"one\ntwo\",2\n,\n3,\"\"\"4\"\"\"\n";
    let wanted = [(2, ["a", "b"]), (4, ["one\ntwo", "2"]), (6, ["3", "\"4\""])];
    let wanted: Vec<(u32, Vec<String>)> = wanted
        .map(|(row, cells)| (row, cells.map(str::to_owned).to_vec()))
        .to_vec();
    assert_eq!(rows(text), wanted);
    assert_eq!(rows(&format!("\u{feff}{text}")), wanted);
    let windows = rows(&text.replace('\n', "\r\n"));
    let numbers = |rows: &[(u32, Vec<String>)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(numbers(&windows), numbers(&wanted));
}

#[test]
fn cells_stand_between_what_the_first_line_has() {
    assert_eq!(separator("a,b;c\n"), b',');
    assert_eq!(separator("a;b\nc,d"), b';');
    assert_eq!(separator("\"a,b\";c\n"), b';');
    assert_eq!(separator("a\tb;c\n"), b'\t');
    assert_eq!(separator("a\n1,2\n"), b',');
    assert_eq!(rows("a;b\n1,5;2\n").last().unwrap().1, ["1,5", "2"]);
}

#[test]
fn other_encodings_are_told() {
    let why = |bytes: &[u8]| match read("t.csv", bytes) {
        Err(SheetProblem::Unreadable { why, .. }) => why,
        other => format!("{other:?}"),
    };
    assert_eq!(why(b"a\nb\xfc\n"), "line 2 is not in UTF-8");
    assert_eq!(why(b"\xff\xfea\0"), "it is text in UTF-16");
}

#[test]
fn quotes_and_ends_of_lines_that_would_lose_rows_are_told() {
    let why = |text: &str| match read("t.csv", text.as_bytes()) {
        Err(SheetProblem::Unreadable { why, .. }) => why,
        Ok(sheet) => format!("{} rows", sheet.texts().len()),
        other => format!("{other:?}"),
    };
    let opened = |line| format!("a quote opens a cell on line {line}, and is not closed");
    let behind =
        |line| format!("something stands behind the closing quote of a cell on line {line}");
    let lone = |line| format!("line {line} has a carriage return without a line's end");
    assert_eq!(why("a,b\n1,\"2\n3,4\n"), opened(2));
    assert_eq!(why("a;b\n1;\"2\"\n\"3;4\n"), opened(3));
    assert_eq!(why("a,b\n1,\"2\"\"\n"), opened(2));
    assert_eq!(why("a;b\n1;\"car\", \"bus\"\n"), behind(2));
    assert_eq!(why("a,b\n\"1\n2\"x,3\n"), behind(3));
    assert_eq!(why("a,b\r1,2\r"), lone(1));
    assert_eq!(why("a,b\n\"1\"\r2,3\n"), lone(2));
    assert_eq!(why("a,b\r\n1,\"\r2\"\r\n3,not \"4\"\r"), "3 rows");
}

#[cfg(feature = "workbook")]
#[test]
fn what_is_no_workbook_is_told() {
    let why = |bytes: &[u8]| match super::read("t.xlsx", "t.xlsx", bytes, None) {
        Err(SheetProblem::Unreadable { why, .. }) => why,
        other => format!("{other:?}"),
    };
    assert_eq!(why(b""), "it is empty");
    assert_eq!(why(b"a,b\n1,2\n"), "it is no workbook");
    assert_eq!(why(b"PK\x03\x04 and so on"), "it is damaged");
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on";
    assert_eq!(
        why(old),
        "it is a workbook of an old kind, or protected by a password"
    );
}

#[cfg(feature = "workbook")]
#[test]
fn a_workbook_unpacks_to_no_more_than_it_may() {
    use std::io::{Cursor, Write as _};

    use krites_lang::SheetLimit;

    use super::workbook::look_through;

    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in ["xl/styles.xml", "xl/sharedStrings.xml"] {
        let options = zip::write::SimpleFileOptions::default();
        packed.start_file(part, options).unwrap();
        packed.write_all(&[b' '; 10_000]).unwrap();
    }
    let bytes = packed.finish().unwrap().into_inner();
    assert!(bytes.len() < 1_000, "{}", bytes.len());
    assert_eq!(look_through(&bytes, 20_000), Ok(()));
    let beyond = SheetProblem::Beyond(SheetLimit::Bytes);
    assert_eq!(look_through(&bytes, 19_999), Err(beyond));
}

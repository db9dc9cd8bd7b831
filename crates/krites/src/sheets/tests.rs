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

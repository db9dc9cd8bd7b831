//! Files of lookups and lists, whatever they hold: loaded as a plain map has it, or
//! refused with places, without a panic and in time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use krites_lang::ir::{FieldType, FileColumn, FileTable};
use krites_lang::{Diagnostic, KeyTable, MAX_DATA_BYTES, Place};
use proptest::prelude::*;

fn column(name: &str, ty: FieldType, optional: bool) -> FileColumn {
    FileColumn {
        name: name.into(),
        ty,
        optional,
    }
}

fn declared(key: FieldType, columns: Vec<FileColumn>) -> FileTable {
    FileTable {
        path: "file.csv".into(),
        key: column("key", key, false),
        columns,
        searched: false,
    }
}

fn texts() -> FileTable {
    let columns = vec![
        column("n", FieldType::Integer, true),
        column("note", FieldType::Text, true),
    ];
    declared(FieldType::Text, columns)
}

fn codes(found: &[Diagnostic]) -> Vec<u16> {
    found.iter().map(|found| found.code.0).collect()
}

/// The first mistake of a file: its code, row and column.
fn first(bytes: &[u8]) -> (u16, u32, u32) {
    let found = KeyTable::load(&texts(), bytes).unwrap_err();
    match found[0].primary.place {
        Place::Cell { row, column, .. } => (found[0].code.0, row, column),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn bytes_that_are_no_csv_are_refused_at_their_place() {
    assert_eq!(first(b""), (492, 1, 1));
    assert_eq!(first(b"\n\n \n"), (492, 1, 1));
    assert_eq!(first(b"\xff\xfek\0e\0y\0"), (490, 1, 1));
    assert_eq!(first(b"key,n,note\na,1,\nb,\xe4,\n"), (490, 3, 1));
    assert_eq!(first(b"key,n,note\n\"a,1,\nb,1,\n"), (491, 2, 1));
    assert_eq!(first(b"key,n,note\na,1,x\"\n"), (491, 2, 3));
    assert_eq!(first(b"key,n,note\na,1\n"), (493, 2, 2));
    assert_eq!(first(b"key,n,note\na,1,\x00\n"), (494, 2, 3));
    assert_eq!(first("key,n,note\na\u{200b},1,\n".as_bytes()), (494, 2, 1));
    assert_eq!(first(b"key,n,note\na\rb,1,\n"), (491, 2, 1));
    assert_eq!(first(b"PK\x03\x04 a workbook"), (492, 1, 1));
}

#[test]
fn what_spreadsheets_write_is_read() {
    let keys = |bytes: &[u8]| KeyTable::load(&texts(), bytes).unwrap().len();
    assert_eq!(keys(b"\xef\xbb\xbfkey,n,note\r\na,1,x\r\nb,,\r\n"), 2);
    assert_eq!(keys(b"key;n;note\na;1;\"x;y\"\n;;\n"), 1);
    assert_eq!(keys(b"other\tkey\tn\tnote\n\ta\t1\tx\n"), 1);
    assert_eq!(keys(b"key,n,note"), 0);
    assert_eq!(keys(b"note,other,\"key\",n\n\"two\nlines\",,a,1\n"), 1);
}

#[test]
fn a_file_has_256_mib() {
    let mut bytes = b"key,n,note,other\na,1,,\"".to_vec();
    bytes.resize(MAX_DATA_BYTES - 1, b'x');
    bytes.push(b'"');
    assert_eq!(KeyTable::load(&texts(), &bytes).unwrap().len(), 1);
    bytes.push(b'\n');
    assert_eq!(codes(&KeyTable::load(&texts(), &bytes).unwrap_err()), [498]);
}

#[test]
fn a_text_has_65_536_bytes() {
    let file = |length: usize| format!("key,n,note\n{},1,\n", "x".repeat(length));
    assert_eq!(
        KeyTable::load(&texts(), file(65_536).as_bytes())
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        codes(&KeyTable::load(&texts(), file(65_537).as_bytes()).unwrap_err()),
        [494]
    );
}

#[test]
fn hostile_files_are_read_in_time() {
    let many = |text: &str, count: usize| format!("key,n,note\n{}", text.repeat(count));
    let begun = Instant::now();
    for text in [
        many("\"", 1_000_001),
        many("\"\"", 1_000_000),
        many(",", 1_000_000),
        many("\n", 1_000_000),
        many("a\n", 1_000_000),
        many("a,1,\n", 500_000),
        many("a \t \r", 500_000),
        many("\"a\"x\n", 500_000),
    ] {
        let found = KeyTable::load(&texts(), text.as_bytes());
        assert!(found.is_ok_and(|table| table.is_empty()) || text != many("\n", 1_000_000));
    }
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

proptest! {
    #[test]
    fn any_bytes_are_loaded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut text = b"key,n,note\n".to_vec();
        text.extend(&bytes);
        for file in [&bytes, &text] {
            if let Err(found) = KeyTable::load(&texts(), file) {
                prop_assert!((1..=20).contains(&found.len()));
            }
        }
    }

    #[test]
    fn any_signs_of_csv_are_loaded_or_refused(
        signs in prop::collection::vec(prop::sample::select(b"a1\",;\t\r\n ".to_vec()), 0..60),
    ) {
        let mut text = b"key,n,note\n".to_vec();
        text.extend(&signs);
        if let Err(found) = KeyTable::load(&texts(), &text) {
            prop_assert!((1..=20).contains(&found.len()));
        }
    }

    /// What is written with quotes comes back, and each key once.
    #[test]
    fn rows_are_those_of_a_map(rows in prop::collection::btree_map("[ -~äß€,;\"]{1,12}", any::<i64>(), 0..50)) {
        let rows: BTreeMap<String, i64> = rows
            .into_iter()
            .filter(|(key, _)| !key.is_empty())
            .collect();
        let mut text = "key,n,note\n".to_owned();
        for (key, n) in &rows {
            text.push_str(&format!("\"{}\",{n},\n", key.replace('"', "\"\"")));
        }
        let table = KeyTable::load(&texts(), text.as_bytes()).unwrap();
        prop_assert_eq!(table.len(), rows.len());
        if let Some((key, _)) = rows.iter().next() {
            text.push_str(&format!("\"{}\",0,\n", key.replace('"', "\"\"")));
            let found = KeyTable::load(&texts(), text.as_bytes()).unwrap_err();
            prop_assert_eq!(codes(&found), [495]);
        }
    }
}

//! Tables that stand in files of a release: what is read of a workbook, what counts
//! as a change, what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krites::{LoadErrorKind, Release, ReleaseBuilder};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

/// A policy that decides by a table in a file; `table` is its table.
fn policy(name: &str, table: &str, tests: &str) -> String {
    format!(
        "policy {name} {{ version \"1\"; time zone \"Europe/Berlin\" }}\n\
         reason R1 \"As the table says\"\n\
         enum Outcome {{ approve < refer < decline }}\n\
         input {{ age : integer; rate : percent; opened : date; sent : datetime; open : boolean; waited : duration }}\n\
         {table}\n\
         decide outcome : Outcome most severe {{ evaluate terms.verdict }}\n\
         output {{ cap : money(EUR)? = terms.cap }}\n\
         reasons at most 4 {{ for decline : rules that spoke }}\n\
         example usual {{ age = 30, rate = 5%, opened = 2026-01-02, sent = 2026-01-02T10:00, open = true, waited = 1 hours }}\n\
         {tests}\n"
    )
}

use support::mistakes;

const TERMS: &str =
    "table terms first match -> verdict : Outcome, because, cap : money(EUR)? from \"terms.csv\"";
const ROWS: &str = "id,age,verdict,because,cap\nA,below 18,decline,R1,-\nB,any,approve,-,100\n";

fn one_policy() -> ReleaseBuilder {
    Release::builder()
        .policy("p.krites", policy("p", TERMS, ""))
        .file("terms.csv", ROWS)
}

/// Saves a workbook that `fill` writes.
fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

fn header(sheet: &mut Worksheet, row: u32, headers: &[&str]) {
    for (column, header) in (0..).zip(headers) {
        sheet.write(row, column, *header).unwrap();
    }
}

fn refused(table: &str, path: &str, bytes: Vec<u8>) -> Vec<String> {
    let built = Release::builder()
        .policy("p.krites", policy("p", table, ""))
        .file(path, bytes)
        .build();
    mistakes(&built.unwrap_err())
}

/// A folder of this test alone.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("files")
        .join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn a_workbook_has_typed_cells() {
    let bytes = workbook(|book| {
        book.add_worksheet().set_name("Notes").unwrap();
        let sheet = book.add_worksheet().set_name("Terms").unwrap();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let clock = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let hours = Format::new().set_num_format("[h]:mm");
        let share = Format::new().set_num_format("0%");
        let headers = [
            "No", "Age", "Rate", "Opened", "Sent", "Open", "Waited", "Verdict", "Why", "Limit",
        ];
        header(sheet, 2, &headers);
        sheet.write(4, 0, 1).unwrap();
        sheet.write(4, 1, "up to 30").unwrap();
        sheet.write_with_format(4, 2, 0.05, &share).unwrap();
        let date = ExcelDateTime::parse_from_str("2026-01-02").unwrap();
        sheet.write_with_format(4, 3, &date, &day).unwrap();
        let time = ExcelDateTime::parse_from_str("2026-01-02T10:00:00").unwrap();
        sheet.write_with_format(4, 4, &time, &clock).unwrap();
        sheet.write(4, 5, true).unwrap();
        sheet.write_with_format(4, 6, 1.0 / 24.0, &hours).unwrap();
        sheet.write(4, 7, "approve").unwrap();
        sheet.write(4, 8, "-").unwrap();
        sheet.write(4, 9, 0.1 + 1.1).unwrap();
        sheet.write(5, 0, "B-2").unwrap();
        for column in 1..7 {
            sheet.write(5, column, "any").unwrap();
        }
        sheet.write(5, 7, "decline").unwrap();
        sheet.write(5, 8, "R1").unwrap();
        let formula = Formula::new("1000*2").set_result("2000");
        sheet.write_formula(5, 9, formula).unwrap();
    });
    let file = "from \"books/pricing.xlsx\" sheet \"Terms\" {
        id = \"No\"; age = \"Age\"; rate = \"Rate\" as fraction; opened = \"Opened\"; sent = \"Sent\"
        open = \"Open\"; waited = \"Waited\"; verdict = \"Verdict\"; because = \"Why\"; cap = \"Limit\"
    }";
    let table = TERMS.replace("from \"terms.csv\"", file);
    let tests = "test \"typed\" { given usual; expect outcome = approve, cap = 1.20 }\n\
         test \"rest\" { given usual with rate = 5.1%; expect outcome = decline, reasons = [R1], cap = 2_000 }\n\
         test \"time\" { given usual with sent = 2026-01-02T10:00Z; expect outcome = decline }\n\
         test \"waited\" { given usual with waited = 61 minutes; expect outcome = decline }\n";
    let release = Release::builder()
        .policy("p.krites", policy("p", &table, tests))
        .file("books/pricing.xlsx", bytes)
        .build()
        .unwrap();
    assert_eq!(release.test_reports()[0].1.len(), 4);
}

#[test]
fn a_mistake_names_its_cell() {
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet().set_name("Terms").unwrap();
        header(sheet, 0, &["id", "age", "verdict", "because", "cap"]);
        header(sheet, 1, &["A", "below 18", "declined", "R1", "-"]);
        header(sheet, 2, &["B", "18 - 20", "approve"]);
        sheet.write(2, 4, 1).unwrap();
        let merged = Format::new();
        sheet.merge_range(3, 1, 4, 1, "any", &merged).unwrap();
        for row in [3, 4] {
            sheet.write(row, 0, format!("C{row}")).unwrap();
            sheet.write(row, 2, "refer").unwrap();
            sheet.write(row, 3, "-").unwrap();
            sheet.write(row, 4, "100").unwrap();
        }
    });
    let table = TERMS.replace("terms.csv", "terms.xlsx");
    assert_eq!(
        refused(&table, "terms.xlsx", bytes),
        [
            "terms.xlsx, sheet Terms, cell C2 K0205 `Outcome` has no label `declined`",
            "terms.xlsx, sheet Terms, cell B3 K0138 `18 - 20` is a difference, not a range",
            "terms.xlsx, sheet Terms, cell D3 K0111 a cell is blank",
            "terms.xlsx, sheet Terms, cell B5 K0111 a cell is blank",
        ]
    );
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet().set_name("Terms").unwrap();
        header(sheet, 0, &["id", "age", "verdict", "because", "cap"]);
        let lost = Formula::new("NA()").set_result("#N/A");
        header(sheet, 1, &["A", "any", "approve", "-"]);
        sheet.write_formula(1, 4, lost).unwrap();
    });
    assert_eq!(
        refused(&table, "terms.xlsx", bytes),
        ["terms.xlsx, sheet Terms, cell E2 K0438 a formula gives no value: `#N/A`"]
    );
}

#[test]
fn a_file_that_changed_changes_the_policies_that_use_it_alone() {
    let other = TERMS.replace("terms.csv", "other.csv");
    let base = one_policy()
        .policy("q.krites", policy("q", &other, ""))
        .file("other.csv", ROWS)
        .file("nobodys.csv", "a")
        .build()
        .unwrap();
    let part = |release: &Release, name: &str| release.policy(name).unwrap().part().clone();
    let next = base
        .derive()
        .file("terms.csv", ROWS.replace("100", "200"))
        .build()
        .unwrap();
    assert!(!Arc::ptr_eq(&part(&base, "p"), &part(&next, "p")));
    assert!(Arc::ptr_eq(&part(&base, "q"), &part(&next, "q")));
    assert_ne!(part(&base, "p").hash(), part(&next, "p").hash());
    assert_ne!(base.fingerprint(), next.fingerprint());
    let used: Vec<String> = part(&next, "p")
        .modules()
        .map(|(path, _)| path.to_owned())
        .collect();
    assert_eq!(used, ["terms.csv"]);
    // Back again, it is the same release; what nobody uses does not matter.
    let back = next
        .derive()
        .file("terms.csv", ROWS)
        .file("nobodys.csv", "b")
        .build()
        .unwrap();
    assert_eq!(base.fingerprint(), back.fingerprint());
    // What is wrong changes nothing, and says where.
    let wrong = base.derive().file("terms.csv", ROWS.replace("R1", "R2"));
    assert_eq!(
        mistakes(&wrong.build().unwrap_err()),
        ["terms.csv, row 2, column 4 K0204 reason `R2` is not declared"]
    );
}

#[test]
fn a_calibration_stands_in_a_workbook_and_belongs_to_its_policy() {
    let book = |middle: f64| {
        workbook(|book| {
            let sheet = book.add_worksheet().set_name("Points").unwrap();
            header(sheet, 0, &["Age", "PD", "Note"]);
            sheet.write(1, 0, 20).unwrap();
            sheet.write(1, 1, 0.1).unwrap();
            sheet.write(2, 0, 30.0).unwrap();
            sheet.write(2, 1, middle).unwrap();
            sheet.write(2, 2, "agreed in spring").unwrap();
            sheet.write(3, 0, 40).unwrap();
            sheet.write(3, 1, "0.1%").unwrap();
        })
    };
    let calibrated = "calibration pd of age : percent(2) linear from \"pd.xlsx\" {
        at = \"Age\"; value = \"PD\" as fraction; ignore \"Note\"
    }\n";
    let tests = "test \"on a line\" { given usual with age = 25; expect pd = 7.5% }
        test \"from 30 on\" { given usual with age = 35; expect pd = 2.55% }\n";
    let text = policy("p", &format!("{calibrated}{TERMS}"), tests);
    let base = Release::builder()
        .policy("p.krites", text)
        .file("terms.csv", ROWS)
        .file("pd.xlsx", book(0.05))
        .build()
        .unwrap();
    assert_eq!(base.test_reports()[0].1.len(), 2);
    // The points are the policy's: it is tested anew, and another one
    let fails = base.derive().file("pd.xlsx", book(0.04)).build();
    let error = fails.unwrap_err();
    assert!(
        matches!(error.kind(), LoadErrorKind::Tests { .. }),
        "{error}"
    );
    let untested = policy("p", &format!("{calibrated}{TERMS}"), "");
    let base = base.derive().policy("p.krites", untested).build().unwrap();
    let changed = base.derive().file("pd.xlsx", book(0.04)).build().unwrap();
    assert_ne!(base.fingerprint(), changed.fingerprint());
    let text = base.derive().file("pd.xlsx", "Age,PD");
    assert!(mistakes(&text.build().unwrap_err())[0].contains("K0431"));
}

#[test]
fn files_are_looked_for_below_the_folder_and_nowhere_else() {
    let root = folder("below");
    let inner = root.join("inner");
    fs::create_dir_all(inner.join("data")).unwrap();
    fs::write(root.join("terms.csv"), ROWS).unwrap();
    fs::write(inner.join("data/terms.csv"), ROWS).unwrap();
    let at = |path: &str| {
        let table = TERMS.replace("terms.csv", path);
        fs::write(inner.join("p.krites"), policy("p", &table, "")).unwrap();
        Release::from_path(&inner)
    };
    assert!(at("data/terms.csv").is_ok());
    let said = |path: &str| mistakes(&at(path).unwrap_err()).concat();
    assert!(said("../terms.csv").ends_with("K0221 the path leads out of the release's folder"));
    assert!(said("terms.csv").ends_with("K0220 there is no file `terms.csv` in the release"));
    assert!(said("data").ends_with("K0431 the file `data` cannot be read: it is not a file"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(root.join("terms.csv"), inner.join("link.csv")).unwrap();
        let why = "it leads out of the policy's folder";
        assert!(said("link.csv").ends_with(why), "{}", said("link.csv"));
    }
    let place = inner.join("data/terms.csv");
    fs::write(&place, ROWS.replace("any", "anybody")).unwrap();
    let shown = format!("{}, row 3, column 2 K0202", place.display());
    assert!(
        said("data/terms.csv").starts_with(&shown),
        "{}",
        said("data/terms.csv")
    );
}

#[test]
fn a_table_file_has_100_000_rows_and_one_for_the_rest_256_columns_and_64_mb() {
    let rows = |count: usize| {
        let mut text = "age,verdict,because,cap\n".to_owned();
        text.push_str(&"above 200,refer,-,1\n".repeat(count - 1));
        text + "any,approve,-,-\n"
    };
    let built = |text: String| one_policy().file("terms.csv", text).build();
    assert!(built(rows(100_001)).is_ok());
    let said = |text: String| mistakes(&built(text).unwrap_err()).concat();
    assert!(said(rows(100_002)).ends_with("`terms.csv` has more than 100001 rows"));
    let wide = |count: usize| {
        let ignored: Vec<String> = (0..count).map(|at| format!("\"c{at}\"")).collect();
        let headers: Vec<String> = (0..count).map(|at| format!(",c{at}")).collect();
        let table = format!(
            "{TERMS} {{ age = \"age\"; verdict = \"verdict\"; because = \"why\"; cap = \"cap\"; ignore {} }}",
            ignored.join(", ")
        );
        let text = format!(
            "age,verdict,why,cap{}\nany,approve,-,-{}\n",
            headers.concat(),
            ",x".repeat(count)
        );
        Release::builder()
            .policy("p.krites", policy("p", &table, ""))
            .file("terms.csv", text)
            .build()
    };
    assert!(wide(252).is_ok(), "{}", wide(252).unwrap_err());
    let said_wide = mistakes(&wide(253).unwrap_err()).concat();
    assert!(said_wide.ends_with("`terms.csv` has more than 256 columns"));
    let mut large = ROWS.to_owned();
    large.push_str(&" ".repeat(64 * 1024 * 1024));
    assert!(said(large).ends_with("`terms.csv` has more than 64 MiB"));
}

/// A small generator of numbers: the same each time
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % end
    }
}

#[test]
fn a_damaged_workbook_is_refused_or_read() {
    let good = workbook(|book| {
        let sheet = book.add_worksheet().set_name("Terms").unwrap();
        header(sheet, 0, &["id", "age", "verdict", "because", "cap"]);
        header(sheet, 1, &["A", "any", "approve", "-", "-"]);
    });
    let table = TERMS.replace("terms.csv", "terms.xlsx");
    let load = |bytes: Vec<u8>| {
        Release::builder()
            .policy("p.krites", policy("p", &table, ""))
            .file("terms.xlsx", bytes)
            .build()
    };
    assert!(load(good.clone()).is_ok());
    assert!(load(Vec::new()).is_err());
    assert!(load(b"PK\x03\x04".to_vec()).is_err());
    let mut draw = Draw(7);
    let mut refused = 0;
    for _ in 0..300 {
        let mut bytes = good.clone();
        match draw.below(3) {
            0 => bytes.truncate(draw.below(good.len())),
            _ => {
                for _ in 0..=draw.below(4) {
                    let at = draw.below(bytes.len());
                    bytes[at] = u8::try_from(draw.below(256)).unwrap();
                }
            }
        }
        refused += usize::from(load(bytes).is_err());
    }
    assert!(refused > 100, "{refused}");
}

/// Packs the parts of a workbook anew, the texts among them changed.
fn with_texts(workbook: &[u8], change: impl Fn(String) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if name.ends_with("sharedStrings.xml") {
            text = change(text);
        }
        let options = zip::write::SimpleFileOptions::default();
        packed.start_file(name.as_str(), options).unwrap();
        packed.write_all(text.as_bytes()).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_that_states_more_texts_than_it_can_hold_is_refused() {
    let good = workbook(|book| {
        let sheet = book.add_worksheet().set_name("Terms").unwrap();
        header(sheet, 0, &["id", "age", "verdict", "because", "cap"]);
        header(sheet, 1, &["A", "any", "approve", "-", "-"]);
    });
    let table = TERMS.replace("terms.csv", "terms.xlsx");
    let said = |bytes: Vec<u8>| refused(&table, "terms.xlsx", bytes).concat();
    let many = with_texts(&good, |text| {
        let stated = text.split_once("uniqueCount=\"").unwrap();
        format!("{}uniqueCount=\"9999999999{}", stated.0, stated.1)
    });
    assert!(said(many).ends_with("cannot be read: it is damaged"));
}

#[test]
fn other_kinds_of_files_are_told_apart() {
    let said = |path: &str, bytes: &[u8]| {
        let table = TERMS.replace("terms.csv", path);
        refused(&table, path, bytes.to_vec()).concat()
    };
    assert!(said("terms.pdf", b"%PDF").ends_with("K0431 `terms.pdf` is no table"));
    assert!(said("terms.xls", b"\xd0\xcf").contains("it is a workbook of another kind"));
    assert!(said("terms.xlsx", b"a,b").contains("K0431 the file `terms.xlsx` cannot be read"));
    assert!(said("terms.csv", b"a\xfc").contains("line 1 is not in UTF-8"));
}

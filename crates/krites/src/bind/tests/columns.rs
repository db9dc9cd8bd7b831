use super::super::testing::Bench;
use super::super::{BindError, CsvBinding, UnknownField, UnknownFields};

const HEADER: [&str; 7] = [
    "applicant.income",
    "applicant.age",
    "decision_date",
    "applicant.employment",
    "loan.amount",
    "bureau.scor",
    "loan.secured",
];

fn header(bench: &Bench, columns: &[&str]) -> Result<CsvBinding, BindError> {
    let columns = columns.iter().copied();
    CsvBinding::new(&bench.names, &bench.program, columns, UnknownFields::Ignore)
}

fn bind(bench: &mut Bench, columns: &CsvBinding, row: &[&str]) -> Result<(), BindError> {
    bench.begin();
    let Bench {
        program,
        names,
        frame,
    } = bench;
    columns.bind_record(names, program, frame, &csv::StringRecord::from(row))
}

#[test]
fn columns_are_resolved_once_and_rows_bound_by_position() {
    let mut bench = Bench::new();
    let columns = header(&bench, &HEADER).unwrap();
    let near = Some("bureau.score".to_owned());
    assert_eq!(
        columns.unknown(),
        [
            UnknownField {
                name: "decision_date".to_owned(),
                near: None
            },
            UnknownField {
                name: "bureau.scor".to_owned(),
                near
            },
        ]
    );
    let row = ["41000.50", "34", "2026-11-02", "SELF-EMPL", "0.1", "x", ""];
    bind(&mut bench, &columns, &row).unwrap();
    assert_eq!(bench.value("applicant.income"), "41000.5");
    assert_eq!(bench.value("applicant.employment"), "SELF-EMPL");
    assert_eq!(bench.value("loan.secured"), "false");
    assert_eq!(bench.value("bureau.score"), "-");
}

#[test]
fn a_field_is_refused_by_its_input() {
    let mut bench = Bench::new();
    let columns = header(&bench, &HEADER).unwrap();
    let row = ["41000.50", "", "", "SELF-EMPL", "0.1", "x", ""];
    let words = "`applicant.age`: it may not be missing";
    assert_eq!(
        bind(&mut bench, &columns, &row).unwrap_err().to_string(),
        words
    );
    let row = ["1,5", "34", "", "SELF-EMPL", "0.1", "x", ""];
    let words = "`applicant.income`: expected an amount in GBP, got \"1,5\"";
    assert_eq!(
        bind(&mut bench, &columns, &row).unwrap_err().to_string(),
        words
    );
    let words = "the header has 7 columns, the row has 1 fields";
    assert_eq!(
        bind(&mut bench, &columns, &["1"]).unwrap_err().to_string(),
        words
    );
}

#[test]
fn a_header_names_every_required_column_once() {
    let bench = Bench::new();
    let words = "the header lacks the required columns `applicant.employment`, `loan.amount`";
    let error = header(&bench, &["applicant.age", "applicant.income"]).unwrap_err();
    assert_eq!(error.to_string(), words);
    let error = header(&bench, &["applicant.age", "x", "applicant.age"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `applicant.age` stands twice in the header"
    );
    let error = header(&bench, &HEADER[..4]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the header lacks the required column `loan.amount`"
    );
}

#[test]
fn columns_of_another_policy_are_refused() {
    let (bench, mut other) = (Bench::new(), Bench::new());
    let columns = header(&bench, &HEADER).unwrap();
    let error = bind(&mut other, &columns, &[""; 7]).unwrap_err();
    assert_eq!(error.to_string(), "the header was read for another policy");
}

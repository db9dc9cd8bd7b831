//! Tables whose rows share their cells.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use krites_lang::{Date, Frame, Id as _, InputId, NoModels, Program, Sources};
use support::{checked, rendered};

const BEFORE: &str = "\
policy tables { version \"1\"; on fault refer because M00 }
reason M00 \"Could not be computed\"
enum Outcome { approve < refer < decline }
input { a : integer; b : integer }
";

const BEHIND: &str = "\
decide outcome : Outcome most severe { rule rest otherwise then approve }
output { given : integer = t.n }
";

/// A table of a policy of its own, and a frame for its cases
struct Bench {
    program: Program,
    frame: Frame,
    sources: Sources,
}

impl Bench {
    fn of(table: &str) -> Self {
        let (sources, policy, diagnostics) =
            checked("tables.krites", &format!("{BEFORE}{table}{BEHIND}"));
        let policy = policy.unwrap_or_else(|| panic!("{}", rendered(&sources, &diagnostics)));
        let program = Program::compile(policy);
        let frame = program.frame();
        Self {
            program,
            frame,
            sources,
        }
    }

    /// The row that is chosen, or the text of the place that has a fault.
    fn row(&mut self, a: i64, b: i64) -> Result<String, String> {
        let (program, frame) = (&self.program, &mut self.frame);
        program.begin(frame, Date::parse("2026-11-02").unwrap());
        for (id, value) in (0..).zip([a, b]) {
            program.set_integer(frame, InputId::new(id), value).unwrap();
        }
        program.finish_inputs(frame).unwrap();
        let decided = program.decide(frame, &mut NoModels);
        if decided.is_err() {
            return Err(self.sources.text(frame.faults()[0].span).to_owned());
        }
        let id = program.policy().tables.iter_ids().next().unwrap().0;
        let row = frame.row(id).unwrap();
        Ok(program.policy().tables[id]
            .rows
            .get(row)
            .unwrap()
            .id
            .to_owned())
    }
}

#[test]
fn a_fault_in_a_shared_cell_lies_in_the_row_that_met_it() {
    let mut bench = Bench::of(
        "table t first match -> n : integer {
            | a | n     |
            | 1 | b + 1 |
            | 2 | b + 1 |
            | 3 | 0     |
        }\n",
    );
    assert_eq!(bench.row(1, 0), Ok("1".to_owned()));
    assert_eq!(bench.row(1, i64::MAX), Err("b + 1".to_owned()));
    assert_eq!(bench.row(2, i64::MAX), Err("| 2 | b + 1 |".to_owned()));
}

#[test]
fn a_cell_of_a_table_with_many_rows_is_asked_anew_for_the_next_case() {
    let tests = ["below 0", "0", "1 to 99", "above b - 1"];
    let cells = (0..20).flat_map(|a| tests.map(|b| (a, b)));
    let rows: String = (1..)
        .zip(cells)
        .map(|(number, (a, b))| format!("| R{number} | {a} | {b} | {a} |\n"))
        .collect();
    let mut bench = Bench::of(&format!(
        "table t first match -> n : integer {{\n| id | a | b | n |\n{rows}}}\n"
    ));
    for a in [0, 7, 19] {
        for (at, b) in [(1, -5), (2, 0), (3, 50), (4, 100)] {
            assert_eq!(bench.row(a, b), Ok(format!("R{}", a * 4 + at)), "{a} {b}");
        }
    }
    assert_eq!(bench.row(20, 0), Err("t".to_owned()));
}

#[test]
fn a_table_whose_file_is_not_handed_in_is_told() {
    let table = "table t first match -> n : integer from \"t.csv\"\n";
    let mut sources = Sources::default();
    let source = sources.add("tables.krites", format!("{BEFORE}{table}{BEHIND}"));
    let mut diagnostics = Vec::new();
    let file = krites_lang::parse(&sources, source, &mut diagnostics);
    let models = support::StubModels::of("");
    let policy = krites_lang::check(&file, &models, &mut diagnostics);
    assert!(policy.is_none());
    assert_eq!(
        rendered(&sources, &diagnostics),
        "error[K0220] 5:41 there is no file `t.csv` here\n    at `\"t.csv\"`\n    \
         help: hand in the file with the policy\n"
    );
}

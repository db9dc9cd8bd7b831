//! Policies at random whose calibrations stand in files: each decides its cases as
//! the same policy does that has the points itself. `KRITES_IN_FILES` says how many
//! policies, `KRITES_SEED` with which seed they begin; both have a default.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use std::collections::BTreeMap;

use krites_lang::ast::{CalibrationDecl, File, Item};
use krites_lang::{
    CellValue, ModuleProblem, ModuleSource, ModuleText, Program, Sheet, SheetProblem, Sources,
    Span, check, parse, parse_with_modules,
};
use krites_reference::Both;
use krites_reference::generate::{self, Choose, Generated};

/// Cases a policy
const CASES: usize = 20;

fn number(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => default,
    }
}

/// The cells of files by their paths
#[derive(Default)]
struct Cells(BTreeMap<String, Vec<Vec<String>>>);

impl ModuleSource for Cells {
    fn module(&self, _: &str) -> Result<ModuleText, ModuleProblem> {
        Err(ModuleProblem::NotThere { known: Vec::new() })
    }

    fn sheet(&self, path: &str, _: Option<&str>) -> Result<Sheet, SheetProblem> {
        let rows = self.0.get(path).expect("a file that was written");
        let mut sheet = Sheet::new(path, None);
        for (number, row) in (1..).zip(rows) {
            sheet.begin_row(number)?;
            for cell in row {
                sheet.push(CellValue::Text(cell))?;
            }
        }
        Ok(sheet)
    }
}

/// A policy some of whose items are moved into files
struct Moved<'t> {
    text: &'t str,
    out: String,
    /// Up to where the text was taken over
    done: usize,
    files: Cells,
    choose: Choose<'t>,
}

impl<'t> Moved<'t> {
    fn of(text: &'t str, file: &File, choose: Choose<'t>) -> Self {
        let mut moved = Self {
            text,
            out: String::new(),
            done: 0,
            files: Cells::default(),
            choose,
        };
        for item in &file.items {
            if let Item::Calibration(decl) = item {
                moved.calibration(decl);
            }
        }
        moved.out.push_str(&text[moved.done..]);
        moved
    }

    fn written(&self, span: Span) -> String {
        self.text[span.start as usize..span.end as usize].to_owned()
    }

    /// Writes an item's head with the file behind it, in place of its block, whose
    /// first entry begins at `first`.
    fn item(&mut self, span: Span, first: u32, from: &str, rows: Vec<Vec<String>>) {
        let head = &self.text[self.done..first as usize];
        let head = &head[..head.rfind('{').unwrap()];
        let path = format!("{}.csv", self.files.0.len());
        self.out.push_str(&format!("{head}from \"{path}\"{from}"));
        self.done = span.end as usize;
        self.files.0.insert(path, rows);
    }

    fn calibration(&mut self, decl: &CalibrationDecl) {
        let points = decl.knots.iter();
        let points = points.map(|knot| (knot.span.start, self.written(knot.at.span), &knot.value));
        let mut points: Vec<_> = points.collect();
        if let Some((value, span)) = &decl.missing {
            points.push((span.start, "missing".to_owned(), value));
        }
        points.sort_by_key(|(at, ..)| *at);
        let first = points[0].0;
        let mut rows: Vec<Vec<String>> = points
            .into_iter()
            .map(|(_, at, value)| vec![at, self.written(value.span)])
            .collect();
        let mapped = self.choose.percent(50);
        let (header, from) = match mapped {
            true => (["x", "y"], " { at = \"x\"; value = \"y\" }"),
            false => (["at", "value"], ""),
        };
        rows.insert(0, header.map(str::to_owned).to_vec());
        self.item(decl.span, first, from, rows);
    }
}

fn compiled(text: &str, files: &Cells, generated: &Generated) -> Result<Program, String> {
    let mut sources = Sources::default();
    let source = sources.add("moved.krites", text);
    let mut diagnostics = Vec::new();
    let file = parse_with_modules(&mut sources, source, files, &mut diagnostics);
    let policy = check(&file, &generated.models, &mut diagnostics);
    policy.map(Program::compile).ok_or_else(|| {
        let found = diagnostics.iter().map(|found| {
            let place = sources.describe(&found.primary.place);
            format!("{} {place} {}", found.code, found.headline)
        });
        found.collect::<Vec<_>>().join("\n")
    })
}

#[test]
fn what_stands_in_a_file_decides_as_in_the_policy() {
    let wanted = number("KRITES_IN_FILES", 60);
    let seed = number("KRITES_SEED", 1);
    let mut files = 0;
    let (mut policies, mut refused) = (0, 0);
    let mut number = seed as u64;
    while policies < wanted {
        number += 1;
        let seeded = number.wrapping_mul(0x0003_1415_9265);
        let generated = generate::policy(&mut Choose::seeded(seeded));
        let mut sources = Sources::default();
        let source = sources.add("generated.krites", &generated.text);
        let file = parse(&sources, source, &mut Vec::new());
        let moved = Moved::of(&generated.text, &file, Choose::seeded(seeded ^ 1));
        if moved.files.0.is_empty() {
            continue;
        }
        let inline = compiled(&generated.text, &Cells::default(), &generated);
        let in_files = compiled(&moved.out, &moved.files, &generated);
        let (inline, in_files) = match (inline, in_files) {
            (Ok(inline), Ok(in_files)) => (inline, in_files),
            (Err(_), Err(_)) => {
                refused += 1;
                continue;
            }
            (Ok(_), Err(found)) => panic!("seed {number}\n{}\n{found}", moved.out),
            (Err(found), Ok(_)) => panic!("seed {number}\n{}\n{found}", generated.text),
        };
        policies += 1;
        files += moved.files.0.len();
        let (mut inline_both, mut files_both) = (
            Both::with_files(&inline, &generate::files()),
            Both::with_files(&in_files, &generate::files()),
        );
        let mut choose = Choose::seeded(seeded ^ 2);
        for _ in 0..CASES {
            let case = generate::case(&mut choose, inline.policy());
            let wanted = inline_both.compare(&case).expect("both agree");
            let found = files_both.compare(&case).expect("both agree");
            assert!(
                wanted == found,
                "seed {number}\n{}\n{:#?}\n--- in the policy\n{wanted}\n--- in files\n{found}",
                moved.out,
                moved.files.0
            );
        }
    }
    println!("{policies} policies with {files} files, {refused} refused by the checker");
    assert!(refused * 10 < policies, "too many are refused");
}

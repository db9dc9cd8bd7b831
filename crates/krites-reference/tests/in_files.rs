//! Policies at random whose inputs, calibrations and scorecards stand in files: each decides its cases as
//! the same policy does that has them itself. `KRITES_IN_FILES` says how many
//! policies, `KRITES_SEED` with which seed they begin; both have a default.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

#[path = "support/number.rs"]
mod number;
#[path = "support/told.rs"]
mod told;

use std::collections::BTreeMap;

use krites_lang::ast::{
    Bin, Bound, CalibrationDecl, CellKind, CellTest, ExprKind, File, InputDecl, InputEntry, Item,
    ScorecardDecl,
};
use krites_lang::{
    CellValue, ModuleProblem, ModuleSource, ModuleText, Program, Sheet, SheetProblem, Sources,
    Span, check, parse, parse_with_modules,
};
use krites_reference::Both;
use krites_reference::generate::{self, Choose, Generated};

use number::number;
use told::told;

/// Cases a policy
const CASES: usize = 20;

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
    calibrations: usize,
    scorecards: usize,
    inputs: usize,
    choose: Choose<'t>,
}

impl<'t> Moved<'t> {
    fn of(text: &'t str, file: &File, choose: Choose<'t>) -> Self {
        let mut moved = Self {
            text,
            out: String::new(),
            done: 0,
            files: Cells::default(),
            calibrations: 0,
            scorecards: 0,
            inputs: 0,
            choose,
        };
        for (item, place) in file.items.iter().zip(&file.places) {
            match item {
                Item::Input(decl) => moved.inputs(decl, *place),
                Item::Calibration(decl) => moved.calibration(decl),
                Item::Scorecard(decl) => moved.scorecard(decl),
                _ => {}
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
        self.calibrations += 1;
        self.item(decl.span, first, from, rows);
    }
}

/// Inputs
impl Moved<'_> {
    /// A row for each input; what a file does not say, a line of the policy does.
    fn inputs(&mut self, decl: &InputDecl, place: Span) {
        let mut rows = vec![
            ["name", "type", "range", "unit", "meaning"]
                .map(str::to_owned)
                .to_vec(),
        ];
        let mut own = Vec::new();
        let mut first = place.end;
        for entry in &decl.entries {
            let InputEntry::Field(field) = entry else {
                return;
            };
            first = first.min(field.span.start);
            let says_more = field.missing_when.is_some()
                || field.model_only.is_some()
                || field.private.is_some()
                || field.default.is_some()
                || field.default_empty.is_some()
                || field.wire.is_some();
            let mut name = self.written(field.path.span);
            if let Some((_, _, span)) = field.series {
                name.push_str(&self.written(span));
            }
            let range = field.range.as_ref();
            let range = range.map_or("-".to_owned(), |range| self.written(range.span));
            let (mut ty, mut unit) = (self.written(field.ty.span), "");
            if ty.starts_with("money(GBP)") && !ty.contains("unrounded") && self.choose.percent(50)
            {
                ty = ty.replace("(GBP)", "");
                unit = "GBP";
            }
            if says_more || self.choose.percent(10) {
                own.push(self.written(field.span));
                (ty, unit) = (self.choose.word(&["text", "integer?"]).to_owned(), "-");
            }
            rows.push(vec![name, ty, range, unit.to_owned(), String::new()]);
        }
        let columns = "name = \"name\", type = \"type\", range = \"range\", unit = \"unit\"; ignore \"meaning\"";
        let from = match own.is_empty() {
            true => String::new(),
            false => format!(" {{\n    {columns}\n    {}\n}}", own.join("\n    ")),
        };
        self.inputs += rows.len() - 1;
        self.item(place, first, &from, rows);
    }
}

/// Scorecards
impl Moved<'_> {
    /// A row for each bin; what a feature is, the file says or the policy.
    fn scorecard(&mut self, decl: &ScorecardDecl) {
        if decl
            .features
            .iter()
            .flat_map(|feature| &feature.bins)
            .any(is_own)
        {
            return;
        }
        let words = ["feature", "bin", "points", "because", "baseline"];
        let mut rows = vec![words.map(str::to_owned).to_vec()];
        let mut maps = Vec::new();
        for (at, feature) in decl.features.iter().enumerate() {
            let because = feature.because.as_ref();
            let because = because.map_or(String::new(), |because| because.text.clone());
            let baseline = feature.baseline.as_ref();
            let baseline = baseline.map_or(String::new(), |baseline| self.written(baseline.span));
            let name = &feature.name.as_ref().expect("a name").text;
            let value = self.written(feature.value.span);
            let in_policy = self.choose.percent(50);
            let is_name = matches!(feature.value.kind, ExprKind::Path(_));
            let mut said = (because, baseline);
            // A name alone would give the feature its own
            let cell = if in_policy && !is_name {
                let (because, baseline) = std::mem::take(&mut said);
                let because = if_said(" because ", &because);
                let baseline = if_said(" baseline ", &baseline);
                maps.push(format!("\"{name}\" = {value}{because}{baseline}"));
                name.clone()
            } else {
                format!("{name} = {value}")
            };
            let all_rows = self.choose.percent(50);
            for (row, bin) in feature.bins.iter().enumerate() {
                let cells = self.bin(bin);
                let (because, baseline) = match row == 0 || all_rows {
                    true => said.clone(),
                    false => ("-".to_owned(), String::new()),
                };
                let feature = if row > 0 && at % 2 == 1 {
                    String::new()
                } else {
                    cell.clone()
                };
                rows.push(vec![feature, cells.0, cells.1, because, baseline]);
            }
        }
        let from = match maps.is_empty() {
            true => String::new(),
            false => format!(
                " {{\n    feature = \"feature\", bin = \"bin\", points = \"points\", because = \"because\", baseline = \"baseline\"\n    {}\n}}",
                maps.join("\n    ")
            ),
        };
        let first = decl.features[0].span.start;
        self.scorecards += 1;
        self.item(decl.span, first, &from, rows);
    }

    /// What a bin takes, in one way of writing it or another, and its points.
    fn bin(&mut self, bin: &Bin) -> (String, String) {
        let points = self.written(bin.points.span);
        let Some(cell) = &bin.test else {
            let word = self.choose.word(&["otherwise", "else"]);
            return (word.to_owned(), points);
        };
        let mut written = self.written(cell.span);
        if let CellKind::Tests {
            negated: false,
            tests,
        } = &*cell.kind
            && let [CellTest::Range(range)] = tests.as_slice()
            && self.choose.percent(70)
        {
            let end = |bound: &Option<Bound>, none: &str| match bound {
                Some(bound) => (self.written(bound.value.span), bound.inclusive),
                None => (none.to_owned(), false),
            };
            let (low, high) = (end(&range.low, "-inf"), end(&range.high, "inf"));
            let is_number = |text: &str| {
                let sign = |sign: char| sign.is_ascii_digit() || "-._%:TZinf".contains(sign);
                text.chars().all(sign)
            };
            let open = if low.1 { '[' } else { '(' };
            let close = if high.1 { ']' } else { ')' };
            if is_number(&low.0) && is_number(&high.0) {
                let between = self.choose.word(&[",", " ~ "]);
                written = format!("{open}{}{between}{}{close}", low.0, high.0);
            }
        } else if bin.is_missing() {
            written = self.choose.word(&["missing", "Missing", "nan"]).to_owned();
        }
        (written, points)
    }
}

/// Tells whether a bin means something else in a file: names of values, which are
/// words there, and `not` before a label.
fn is_own(bin: &Bin) -> bool {
    let Some(CellKind::Tests { negated, tests }) = bin.test.as_ref().map(|cell| &*cell.kind) else {
        return false;
    };
    let labels = ["employed", "self_employed", "student", "retired"];
    tests.iter().any(|test| match test {
        CellTest::Value(value) => match &value.kind {
            ExprKind::Path(path) => *negated || !labels.contains(&path.text.as_str()),
            _ => false,
        },
        CellTest::Range(_) => false,
    })
}

fn if_said(word: &str, text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("{word}{text}"),
    }
}

fn compiled(text: &str, files: &Cells, generated: &Generated) -> Result<Program, String> {
    let mut sources = Sources::default();
    let source = sources.add("moved.krites", text);
    let mut diagnostics = Vec::new();
    let file = parse_with_modules(&mut sources, source, files, &mut diagnostics);
    let policy = check(&file, &generated.models, &mut diagnostics);
    let program = policy.map(Program::compile);
    program.ok_or_else(|| told(&sources, &diagnostics))
}

#[test]
fn what_stands_in_a_file_decides_as_in_the_policy() {
    let wanted = number("KRITES_IN_FILES", 60);
    let seed = number("KRITES_SEED", 1);
    let (mut calibrations, mut scorecards, mut inputs) = (0, 0, 0);
    let data = generate::files();
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
            (Ok(_), Err(found)) => panic!(
                "seed {number}\n{}\n{:#?}\n{found}",
                moved.out, moved.files.0
            ),
            (Err(found), Ok(_)) => panic!("seed {number}\n{}\n{found}", generated.text),
        };
        policies += 1;
        calibrations += moved.calibrations;
        scorecards += moved.scorecards;
        inputs += moved.inputs;
        let (mut inline_both, mut files_both) = (
            Both::with_files(&inline, &data),
            Both::with_files(&in_files, &data),
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
    println!(
        "{policies} policies, {calibrations} calibrations and {scorecards} scorecards and {inputs} inputs in files, {refused} refused by the checker"
    );
    assert!(
        calibrations * 5 > policies && scorecards * 5 > policies && inputs > policies,
        "too few"
    );
    assert!(refused * 10 < policies, "too many are refused");
}

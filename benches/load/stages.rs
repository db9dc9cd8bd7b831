//! What loading is made of, stage by stage, with the functions that a release calls.

use std::cell::Cell;
use std::hint::black_box;
use std::time::{Duration, Instant};

use csv::{ByteRecord, ReaderBuilder};
use krites::lang::{
    CellValue, ModelInterface, ModelProblem, ModelSource, ModuleProblem, ModuleSource, ModuleText,
    Program, Sheet, SheetProblem, Sources, analyse, check, parse_with_modules,
};

use super::made::Made;

/// How long each stage takes
#[derive(Clone, Copy)]
pub(crate) struct Stages {
    /// The cells of a file
    pub(crate) reading: Duration,
    /// The text of a policy, and of the cells
    pub(crate) parsing: Duration,
    pub(crate) checking: Duration,
    /// What holds over all cases
    pub(crate) looking: Duration,
    pub(crate) compiling: Duration,
}

impl Stages {
    pub(crate) fn of(made: &Made) -> Stages {
        let files = Files {
            file: made.file.as_deref(),
            reading: Cell::default(),
        };
        let mut diagnostics = Vec::new();
        let mut sources = Sources::default();
        let source = sources.add("made.krites", made.policy.as_str());
        let mut clock = Clock(Instant::now());
        let file = parse_with_modules(&mut sources, source, &files, &mut diagnostics);
        let parsing = clock.next();
        let policy = check(&file, &files, &mut diagnostics);
        let checking = clock.next();
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let policy = policy.unwrap();
        clock.next();
        black_box(analyse(&policy));
        let looking = clock.next();
        black_box(Program::compile(policy));
        let compiling = clock.next();
        let reading = files.reading.get();
        Stages {
            reading,
            parsing: parsing.saturating_sub(reading),
            checking,
            looking,
            compiling,
        }
    }

    pub(crate) fn quickest(self, other: Stages) -> Stages {
        Stages {
            reading: self.reading.min(other.reading),
            parsing: self.parsing.min(other.parsing),
            checking: self.checking.min(other.checking),
            looking: self.looking.min(other.looking),
            compiling: self.compiling.min(other.compiling),
        }
    }
}

struct Clock(Instant);

impl Clock {
    fn next(&mut self) -> Duration {
        let before = std::mem::replace(&mut self.0, Instant::now());
        self.0 - before
    }
}

/// The one file that a policy may name, read as a release reads it
struct Files<'m> {
    file: Option<&'m str>,
    reading: Cell<Duration>,
}

impl ModuleSource for Files<'_> {
    fn module(&self, _: &str) -> Result<ModuleText, ModuleProblem> {
        let known = Vec::new();
        Err(ModuleProblem::NotThere { known })
    }

    fn sheet(&self, _: &str, _: Option<&str>) -> Result<Sheet, SheetProblem> {
        let begun = Instant::now();
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .from_reader(self.file.unwrap_or("").as_bytes());
        let mut sheet = Sheet::new("made.csv", None);
        let mut record = ByteRecord::new();
        let mut number = 0;
        while reader.read_byte_record(&mut record).unwrap() {
            number += 1;
            sheet.begin_row(number)?;
            for cell in &record {
                sheet.push(CellValue::Text(std::str::from_utf8(cell).unwrap()))?;
            }
        }
        self.reading.set(begun.elapsed());
        Ok(sheet)
    }
}

impl ModelSource for Files<'_> {
    fn interface(&self, _: &str) -> Result<ModelInterface, ModelProblem> {
        Err(ModelProblem {
            headline: "is not there".to_owned(),
            node: None,
            help: String::new(),
        })
    }
}

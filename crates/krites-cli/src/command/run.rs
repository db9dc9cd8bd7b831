//! `krites run`

mod csv_rows;
mod explained;
mod json_rows;
mod quotes;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use krites::lang::{ModelState, ShadowState};
use krites::{Date, DecideError, Decision, Engine, OutputValue, Release, UnknownFields};

use super::painted;
use crate::Outcome;

/// How many bad rows are shown; all are counted
const SHOWN_ERRORS: u64 = 20;

/// Decide every row of a file; decisions come out as JSON lines
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// A policy file, or a folder of policy files (*.krites)
    path: PathBuf,
    /// Rows: .csv with columns named as the inputs, or .jsonl with an object a line
    #[arg(long)]
    input: PathBuf,
    /// Where decisions go; standard output where not set
    #[arg(long)]
    output: Option<PathBuf>,
    /// The policy that decides, where the folder has several
    #[arg(long)]
    policy: Option<String>,
    /// The day to decide on, as 2026-11-02; today (UTC) where not set
    #[arg(long, value_parser = parse_date)]
    date: Option<Date>,
}

fn parse_date(text: &str) -> Result<Date, String> {
    Date::parse(text)
        .ok_or_else(|| "the calendar has no such day; write it as 2026-11-02".to_owned())
}

/// Why a run ends before its rows do
#[derive(Debug)]
enum Abort {
    /// Said in words
    Words(String),
    /// Nobody reads the output any more
    OutputClosed,
}

impl From<io::Error> for Abort {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Abort::OutputClosed,
            _ => Abort::Words(io_words(&error)),
        }
    }
}

impl Run {
    pub(crate) fn run(&self) -> Outcome {
        let Some(release) = painted(Release::from_path(&self.path)) else {
            return Outcome::Failed;
        };
        match self.decide(release) {
            Ok(tally) if tally.failed == 0 => Outcome::Fine,
            Ok(_) | Err(Abort::OutputClosed) => Outcome::Failed,
            Err(Abort::Words(words)) => {
                complain!("error: {words}");
                Outcome::Failed
            }
        }
    }

    fn decide(&self, release: Release) -> Result<Tally, Abort> {
        let policy = self.chosen(&release)?;
        let engine = Engine::new(release);
        // Rows have columns that no policy reads; what looks like an input is noted.
        let decider = engine
            .unknown_fields(UnknownFields::Ignore)
            .decider(&policy)
            .map_err(|error| Abort::Words(error.to_string()))?;
        let rows = rows_of(&self.input)?;
        let file = File::open(&self.input).map_err(|error| {
            let (path, words) = (self.input.display(), io_words(&error));
            Abort::Words(format!("`{path}` cannot be read: {words}"))
        })?;
        let out: Box<dyn Write> = match &self.output {
            Some(path) if same_file(path, &self.input) => {
                return Err(Abort::Words(
                    "`--output` is the file that is read; name another".to_owned(),
                ));
            }
            Some(path) => Box::new(File::create(path).map_err(|error| {
                let (path, words) = (path.display(), io_words(&error));
                Abort::Words(format!("`{path}` cannot be written: {words}"))
            })?),
            None => Box::new(io::stdout().lock()),
        };
        let date = match self.date {
            Some(date) => date,
            None => today()
                .ok_or_else(|| Abort::Words("the clock tells no day; set `--date`".to_owned()))?,
        };
        let mut sink = Sink {
            out: BufWriter::new(out),
            tally: Tally::default(),
            date,
        };
        let begun = Instant::now();
        match rows {
            Rows::Csv => csv_rows::decide(file, decider, &mut sink)?,
            Rows::JsonLines => json_rows::decide(file, decider, &mut sink)?,
        }
        sink.out.flush()?;
        let seconds = begun.elapsed().as_secs_f64();
        let Tally { decided, failed } = sink.tally;
        if failed > SHOWN_ERRORS {
            complain!("… and {} more rows that failed", failed - SHOWN_ERRORS);
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = (decided + failed) as f64 / seconds.max(1e-9);
        complain!(
            "{decided} rows decided as of {date}, {failed} failed, {seconds:.2} s, {rate:.0} rows a second"
        );
        Ok(sink.tally)
    }

    fn chosen(&self, release: &Release) -> Result<String, Abort> {
        let names: Vec<&str> = release.policies().keys().map(String::as_str).collect();
        match (&self.policy, names.as_slice()) {
            (Some(name), names) if names.contains(&name.as_str()) => Ok(name.clone()),
            (Some(name), names) => Err(Abort::Words(format!(
                "there is no policy `{name}`; there are {}",
                names.join(", ")
            ))),
            (None, [only]) => Ok((*only).to_owned()),
            // Of one file the policies were read, too, that it asks.
            (None, _) if !self.path.is_dir() => {
                let file = self.path.file_name().and_then(|name| name.to_str());
                let mut policies = release.policies().iter();
                let found = policies.find(|(_, policy)| Some(policy.part().file()) == file);
                let found = found.map(|(name, _)| name.clone());
                found.ok_or_else(|| Abort::Words("the file holds no policy".to_owned()))
            }
            (None, names) => Err(Abort::Words(format!(
                "the folder has several policies; say with `--policy` which decides: {}",
                names.join(", ")
            ))),
        }
    }
}

/// How the rows of a file are written
#[derive(Clone, Copy, Debug)]
enum Rows {
    Csv,
    JsonLines,
}

fn rows_of(path: &Path) -> Result<Rows, Abort> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("csv") => Ok(Rows::Csv),
        Some("jsonl") => Ok(Rows::JsonLines),
        _ => Err(Abort::Words(format!(
            "`{}` is neither .csv nor .jsonl",
            path.display()
        ))),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// What the system said, in words for people
fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "it is not permitted".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

/// Today in UTC.
fn today() -> Option<Date> {
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    Date::new(today.year(), today.month(), today.day())
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    decided: u64,
    failed: u64,
}

struct Sink {
    out: BufWriter<Box<dyn Write>>,
    tally: Tally,
    date: Date,
}

impl Sink {
    fn row(&mut self, row: u64, decided: Result<Decision<'_>, DecideError>) -> Result<(), Abort> {
        match decided {
            Ok(decision) => {
                self.tally.decided += 1;
                write_decision(&mut self.out, row, &decision)?;
            }
            Err(error) => self.bad(row, &error.to_string())?,
        }
        Ok(())
    }

    fn bad(&mut self, row: u64, words: &str) -> Result<(), Abort> {
        self.tally.failed += 1;
        if self.tally.failed <= SHOWN_ERRORS {
            complain!("row {row}: {words}");
        }
        write!(self.out, "{{\"row\":{row},\"error\":")?;
        write_text(&mut self.out, words)?;
        self.out.write_all(b"}\n")?;
        Ok(())
    }
}

fn write_decision(out: &mut impl Write, row: u64, decision: &Decision<'_>) -> io::Result<()> {
    write!(out, "{{\"row\":{row},\"outcome\":")?;
    write_text(out, decision.outcome())?;
    let mut decided = decision.decided().peekable();
    if decided.peek().is_some() {
        out.write_all(b",\"decided\":")?;
        write_values(out, decided)?;
    }
    out.write_all(b",\"outputs\":")?;
    write_values(out, decision.outputs())?;
    let mut tags = decision.tags().peekable();
    if tags.peek().is_some() {
        out.write_all(b",\"tags\":[")?;
        for (position, tag) in tags.enumerate() {
            comma(out, position)?;
            write_text(out, tag)?;
        }
        out.write_all(b"]")?;
    }
    out.write_all(b",\"reasons\":[")?;
    for (position, reason) in decision.reasons().enumerate() {
        comma(out, position)?;
        write_text(out, reason.code)?;
    }
    out.write_all(b"],\"spoken\":[")?;
    for (position, voice) in decision.spoken().enumerate() {
        comma(out, position)?;
        match (voice.row, voice.fault) {
            (Some(row), _) => write_text(out, &format!("{}[{row}]", voice.name))?,
            (None, true) => write_text(out, &format!("{} fault", voice.name))?,
            (None, false) => write_text(out, voice.name)?,
        }
    }
    out.write_all(b"],\"models\":[")?;
    let run = decision
        .models()
        .filter(|(_, state)| *state != ModelState::NotRun);
    for (position, (name, _)) in run.enumerate() {
        comma(out, position)?;
        write_text(out, name)?;
    }
    out.write_all(b"]")?;
    explained::write(out, decision)?;
    let mut shadows = decision.shadows().peekable();
    if shadows.peek().is_some() {
        out.write_all(b",\"shadow\":{")?;
        for (position, shadow) in shadows.enumerate() {
            comma(out, position)?;
            write_text(out, shadow.name)?;
            out.write_all(b":")?;
            write_text(
                out,
                match shadow.state {
                    ShadowState::Same => "same",
                    ShadowState::Different => "different",
                    ShadowState::NotKnown(_) | ShadowState::NotRun => "not known",
                },
            )?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"}\n")
}

fn write_values<'v>(
    out: &mut impl Write,
    values: impl Iterator<Item = (&'v str, Option<OutputValue<'v>>)>,
) -> io::Result<()> {
    out.write_all(b"{")?;
    for (position, (name, value)) in values.enumerate() {
        comma(out, position)?;
        write_text(out, name)?;
        out.write_all(b":")?;
        write_value(out, value)?;
    }
    out.write_all(b"}")
}

fn write_value(out: &mut impl Write, value: Option<OutputValue<'_>>) -> io::Result<()> {
    match value {
        None => out.write_all(b"null"),
        Some(OutputValue::List(values)) => {
            out.write_all(b"[")?;
            for (position, value) in values.iter().enumerate() {
                comma(out, position)?;
                write_value(out, value)?;
            }
            out.write_all(b"]")
        }
        Some(
            value @ (OutputValue::Integer(_) | OutputValue::Exact(_) | OutputValue::Boolean(_)),
        ) => write!(out, "{value}"),
        Some(value) => write_text(out, &value.to_string()),
    }
}

fn comma(out: &mut impl Write, position: usize) -> io::Result<()> {
    if position > 0 {
        out.write_all(b",")
    } else {
        Ok(())
    }
}

fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::from)
}

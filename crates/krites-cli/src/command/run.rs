//! `krites run`

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use krites::lang::ModelState;
use krites::{Date, DecideError, Decider, Decision, Engine, OutputValue, Release, UnknownFields};

use super::painted;
use crate::Outcome;

/// The longest line of JSON that is read, in bytes
const MAX_LINE: u64 = 16 * 1024 * 1024;

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
        let decider = engine
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
            Rows::Csv => csv_rows(file, decider, &mut sink)?,
            Rows::JsonLines => json_rows(
                file,
                decider.unknown_fields(UnknownFields::Ignore),
                &mut sink,
            )?,
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

fn csv_rows(file: File, mut decider: Decider, sink: &mut Sink) -> Result<(), Abort> {
    // Rows of another width are told in the words of the policy's columns.
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let header = match reader.headers() {
        Ok(header) if header.is_empty() => {
            return Err(Abort::Words("the file has no header line".to_owned()));
        }
        Ok(header) => header.clone(),
        Err(error) => return Err(Abort::Words(header_words(&error))),
    };
    let columns = decider
        .columns(&header)
        .map_err(|error| Abort::Words(format!("{error}{}", other_separator(&header))))?;
    for column in columns.unknown() {
        if let Some(near) = &column.near {
            complain!(
                "note: column `{}` is no input; did you mean `{near}`?",
                column.name
            );
        }
    }
    let mut record = csv::ByteRecord::new();
    let mut row = 0_u64;
    loop {
        row += 1;
        match reader.read_byte_record(&mut record) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) if error.is_io_error() => return Err(Abort::Words(csv_words(&error))),
            Err(error) => {
                sink.bad(row, &error.to_string())?;
                continue;
            }
        }
        // The record's memory goes along and comes back.
        match csv::StringRecord::from_byte_record(std::mem::take(&mut record)) {
            Ok(text) => {
                let date = sink.date;
                sink.row(row, decider.decide_row(date, &columns, &text))?;
                record = text.into_byte_record();
            }
            Err(error) => {
                sink.bad(row, "the row is not valid UTF-8")?;
                record = error.into_byte_record();
            }
        }
    }
}

fn header_words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            "the header is not valid UTF-8; save the file as UTF-8".to_owned()
        }
        _ => format!("the header cannot be read: {}", csv_words(error)),
    }
}

fn csv_words(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => io_words(error),
        _ => error.to_string(),
    }
}

/// What to say where a header of one column holds other columns.
fn other_separator(header: &csv::StringRecord) -> &'static str {
    let only = header.get(0).filter(|_| header.len() == 1).unwrap_or("");
    if only.contains(';') {
        "; columns are set apart by commas, not by `;`"
    } else if only.contains('\t') {
        "; columns are set apart by commas, not by tabs"
    } else {
        ""
    }
}

fn json_rows(file: File, mut decider: Decider, sink: &mut Sink) -> Result<(), Abort> {
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut row = 0_u64;
    loop {
        line.clear();
        let read = reader
            .by_ref()
            .take(MAX_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        row += 1;
        if read as u64 == MAX_LINE && line.last() != Some(&b'\n') {
            sink.bad(row, "the line is longer than 16 MiB")?;
            skip_line(&mut reader)?;
            continue;
        }
        let date = sink.date;
        match std::str::from_utf8(&line) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => sink.row(row, decider.decide_json(date, text.trim_end()))?,
            Err(_) => sink.bad(row, "the row is not valid UTF-8")?,
        }
    }
}

fn skip_line(reader: &mut impl BufRead) -> Result<(), Abort> {
    loop {
        let buffer = reader.fill_buf()?;
        let (used, done) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(end) => (end + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}

fn write_decision(out: &mut impl Write, row: u64, decision: &Decision<'_>) -> io::Result<()> {
    write!(out, "{{\"row\":{row},\"outcome\":")?;
    write_text(out, decision.outcome())?;
    out.write_all(b",\"outputs\":{")?;
    for (position, (name, value)) in decision.outputs().enumerate() {
        comma(out, position)?;
        write_text(out, name)?;
        out.write_all(b":")?;
        match value {
            None => out.write_all(b"null")?,
            Some(
                value @ (OutputValue::Integer(_) | OutputValue::Exact(_) | OutputValue::Boolean(_)),
            ) => {
                write!(out, "{value}")?;
            }
            Some(value) => write_text(out, &value.to_string())?,
        }
    }
    out.write_all(b"},\"reasons\":[")?;
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
    out.write_all(b"]}\n")
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

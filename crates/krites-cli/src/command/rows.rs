//! Rows of a file, each decided in turn: what commands that read some share.

mod csv_rows;
mod json_rows;
mod quotes;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use krites::{Date, DecideError, Decider, Decision, Engine, Release, UnknownFields};

/// What decides, and what is to be decided
#[derive(Debug, Args)]
pub(super) struct Given {
    /// A policy file, or a folder of policy files (*.krites)
    pub(super) path: PathBuf,
    /// Rows: .csv with columns named as the inputs, or .jsonl with an object a line
    #[arg(long)]
    pub(super) input: PathBuf,
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

/// A policy that decides, and a file of rows that is open
pub(super) struct Ready {
    engine: Engine,
    pub(super) policy: String,
    pub(super) date: Date,
    kind: Kind,
    file: File,
}

/// How the rows of a file are written
#[derive(Clone, Copy, Debug)]
enum Kind {
    Csv,
    JsonLines,
}

/// What takes the decisions of rows
pub(super) trait Sink {
    /// Takes what a row, counted from 1, was told.
    fn row(
        &mut self,
        row: u64,
        facts: Facts<'_>,
        decided: Result<Decision<'_>, DecideError>,
    ) -> Result<(), Abort>;

    /// Takes why a row cannot be decided.
    fn bad(&mut self, row: u64, words: &str) -> Result<(), Abort>;
}

/// The facts of a row, as they stand in the file
pub(super) enum Facts<'r> {
    Row {
        header: &'r csv::StringRecord,
        row: &'r csv::StringRecord,
    },
    Json(&'r [u8]),
}

/// Why a command ends before its rows do
#[derive(Debug)]
pub(super) enum Abort {
    /// Said in words
    Words(String),
    /// Nobody reads the output any more
    OutputClosed,
    /// No more rows are wanted
    Enough,
}

impl From<io::Error> for Abort {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Abort::OutputClosed,
            _ => Abort::Words(io_words(&error)),
        }
    }
}

impl Given {
    /// Chooses the policy, and opens the file.
    pub(super) fn ready(&self, release: Release) -> Result<Ready, Abort> {
        let policy = self.chosen(&release)?;
        let kind = kind_of(&self.input)?;
        let file = File::open(&self.input).map_err(|error| {
            let (path, words) = (self.input.display(), io_words(&error));
            Abort::Words(format!("`{path}` cannot be read: {words}"))
        })?;
        let date = match self.date {
            Some(date) => date,
            None => today()
                .ok_or_else(|| Abort::Words("the clock tells no day; set `--date`".to_owned()))?,
        };
        Ok(Ready {
            engine: Engine::new(release),
            policy,
            date,
            kind,
            file,
        })
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

impl Ready {
    /// Makes a decider. Rows have columns that no policy reads: what is no input is passed over.
    pub(super) fn decider(&self) -> Result<Decider, Abort> {
        let decider = self.engine.decider(&self.policy);
        decider
            .map(|decider| decider.unknown_fields(UnknownFields::Ignore))
            .map_err(|error| Abort::Words(error.to_string()))
    }

    /// Decides every row, and notes what looks like an input and is none.
    pub(super) fn decide(&self, sink: &mut impl Sink) -> Result<(), Abort> {
        let decider = self.decider()?;
        match self.kind {
            Kind::Csv => csv_rows::decide(&self.file, decider, self.date, sink),
            Kind::JsonLines => json_rows::decide(&self.file, decider, self.date, sink),
        }
    }
}

fn kind_of(path: &Path) -> Result<Kind, Abort> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension {
        Some("csv") => Ok(Kind::Csv),
        Some("jsonl") => Ok(Kind::JsonLines),
        _ => Err(Abort::Words(format!(
            "`{}` is neither .csv nor .jsonl",
            path.display()
        ))),
    }
}

/// What the system said, in words for people
pub(super) fn io_words(error: &io::Error) -> String {
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

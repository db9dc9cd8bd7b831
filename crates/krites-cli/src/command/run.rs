//! `krites run`

mod explained;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use krites::lang::{ModelState, ShadowState};
use krites::{DecideError, Decision, OutputValue, Release};

use super::painted;
use super::rows::{Abort, Facts, Given, Sink, io_words};
use crate::Outcome;

/// How many bad rows are shown; all are counted
const SHOWN_ERRORS: u64 = 20;

/// Decide every row of a file; decisions come out as JSON lines
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    given: Given,
    /// Where decisions go; standard output where not set
    #[arg(long)]
    output: Option<PathBuf>,
}

impl Run {
    pub(crate) fn run(&self) -> Outcome {
        let Some(release) = painted(Release::from_path(&self.given.path)) else {
            return Outcome::Failed;
        };
        match self.decide(release) {
            Ok(tally) if tally.failed == 0 => Outcome::Fine,
            Ok(_) | Err(Abort::OutputClosed | Abort::Enough) => Outcome::Failed,
            Err(Abort::Words(words)) => {
                complain!("error: {words}");
                Outcome::Failed
            }
        }
    }

    fn decide(&self, release: Release) -> Result<Tally, Abort> {
        let ready = self.given.ready(release)?;
        let out: Box<dyn Write> = match &self.output {
            Some(path) if same_file(path, &self.given.input) => {
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
        let date = ready.date;
        let mut sink = Lines {
            out: BufWriter::new(out),
            tally: Tally::default(),
        };
        let begun = Instant::now();
        ready.decide(&mut sink)?;
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
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    decided: u64,
    failed: u64,
}

/// Decisions as lines of JSON
struct Lines {
    out: BufWriter<Box<dyn Write>>,
    tally: Tally,
}

impl Sink for Lines {
    fn row(
        &mut self,
        row: u64,
        _: Facts<'_>,
        decided: Result<Decision<'_>, DecideError>,
    ) -> Result<(), Abort> {
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

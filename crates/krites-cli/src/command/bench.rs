//! `krites bench`

mod cases;
mod tell;
mod timing;

use std::time::Duration;

use clap::Args;
use krites::Release;

use super::Shown;
use super::rows::{Abort, Given};
use crate::{Outcome, paint};
use cases::Cases;
use timing::Timing;

/// Decide the rows of a file over and over, and tell how long a decision takes
#[derive(Debug, Args)]
pub(crate) struct Bench {
    #[command(flatten)]
    given: Given,
    /// How long to decide, in seconds
    #[arg(long, default_value = "3", value_parser = parse_seconds)]
    seconds: Duration,
    /// How many threads decide at a time, each all of the rows
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: Shown,
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|s| (0.01..=3_600.0).contains(s));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "give a number of seconds from 0.01 to 3600, as 3 or 0.5".to_owned())
}

/// What was decided, and how long it took
struct Measured {
    policy: String,
    date: krites::Date,
    cases: Cases,
    timing: Timing,
}

impl Bench {
    pub(crate) fn run(&self) -> Outcome {
        let measured = match Release::from_path(&self.given.path) {
            Ok(release) => self.measured(release),
            Err(error) => {
                if self.format == Shown::Text {
                    paint::load_error(&error);
                    return Outcome::Failed;
                }
                Err(Abort::Words(error.to_string()))
            }
        };
        match (measured, self.format) {
            (Ok(measured), format) => {
                match format {
                    Shown::Text => tell::text(self, &measured),
                    Shown::Json => say!("{:#}", tell::document(self, &measured)),
                }
                Outcome::of(measured.cases.refused.count == 0)
            }
            (Err(Abort::Words(words)), Shown::Text) => {
                complain!("error: {words}");
                Outcome::Failed
            }
            (Err(Abort::Words(words)), Shown::Json) => {
                say!("{:#}", tell::failure(&words));
                Outcome::Failed
            }
            (Err(Abort::OutputClosed | Abort::Enough), _) => Outcome::Failed,
        }
    }

    fn measured(&self, release: Release) -> Result<Measured, Abort> {
        let ready = self.given.ready(release)?;
        let cases = Cases::decided_once(&ready)?;
        let input = self.given.input.display();
        if cases.is_empty() {
            return Err(Abort::Words(match &cases.refused.first {
                None => format!("`{input}` has no cases; it needs a row at least"),
                Some((row, words)) => format!(
                    "none of the {} of `{input}` can be decided; row {row}: {words}",
                    super::count(cases.refused.count, "case")
                ),
            }));
        }
        let timing = timing::time(&ready, &cases, self.seconds, self.threads)?;
        Ok(Measured {
            policy: ready.policy,
            date: ready.date,
            cases,
            timing,
        })
    }
}

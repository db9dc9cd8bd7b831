//! `krites runtime`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use krites::onnxruntime::{Hints, LoadError, LocateError, Looked, OnnxRuntime};
use serde_json::{Value, json};

use super::Shown;
use crate::Outcome;
use crate::report::with;

/// Look at what runs models outside of the native table
#[derive(Debug, Args)]
pub(crate) struct Runtime {
    #[command(subcommand)]
    command: RuntimeCommand,
}

#[derive(Debug, Subcommand)]
enum RuntimeCommand {
    /// Show which ONNX Runtime library is found, where it was looked for, and whether it runs
    Status {
        /// The library, or the folder that has it
        #[arg(long, value_name = "PATH")]
        library: Option<PathBuf>,
        /// Look nowhere but at `--library` and `ORT_DYLIB_PATH`
        #[arg(long)]
        stated_only: bool,
        /// How to show it
        #[arg(long, value_enum, default_value = "text")]
        format: Shown,
    },
}

/// What was found, with what became of a session
type Found = Result<(OnnxRuntime, Result<(), LoadError>), LocateError>;

impl Runtime {
    pub(crate) fn run(&self) -> Outcome {
        let RuntimeCommand::Status {
            library,
            stated_only,
            format,
        } = &self.command;
        let hints = Hints {
            path: library.as_deref(),
            stated_only: *stated_only,
        };
        let found: Found = OnnxRuntime::locate(&hints).map(|runtime| {
            let session = runtime.try_session();
            (runtime, session)
        });
        match format {
            Shown::Text => tell(&found),
            Shown::Json => say!("{:#}", document(&found)),
        }
        Outcome::of(matches!(found, Ok((_, Ok(())))))
    }
}

fn tell(found: &Found) {
    let oldest = OnnxRuntime::oldest();
    let (runtime, session) = match found {
        Ok(found) => found,
        Err(error) => {
            say!("ONNX Runtime: none that can be used; {oldest} or a later 1.x is needed");
            complain!("error: {error}");
            return;
        }
    };
    say!(
        "ONNX Runtime {} ({oldest} or a later 1.x is needed)",
        runtime.version()
    );
    say!("library: {}", runtime.path().display());
    say!("found by: {}", runtime.origin());
    for looked in runtime.looked() {
        say!("looked at before: {looked}");
    }
    say!(
        "providers: {}; models run on the CPU",
        runtime.providers().join(", ")
    );
    say!("telemetry: off");
    match session {
        Ok(()) => say!("session: made, and ran"),
        Err(error) => {
            say!("session: failed");
            complain!("error: {error}");
        }
    }
}

fn document(found: &Found) -> Value {
    let document = json!({
        "format": 1,
        "usable": false,
        "needed": OnnxRuntime::oldest(),
        "library": null,
        "problem": null,
        "looked": [],
    });
    let more = match found {
        Ok((runtime, session)) => json!({
            "usable": session.is_ok(),
            "library": {
                "path": path(runtime.path()),
                "version": runtime.version(),
                "found_by": runtime.origin().name(),
                "providers": runtime.providers(),
                "telemetry": false,
            },
            "problem": session.as_ref().err().map(|error| json!({
                "kind": "session",
                "message": error.to_string(),
            })),
            "looked": places(runtime.looked()),
        }),
        Err(error) => json!({
            "problem": { "kind": error.kind(), "message": error.to_string() },
            "looked": match error {
                LocateError::NotFound { looked } => places(looked),
                _ => Vec::new(),
            },
        }),
    };
    with(document, more)
}

fn places(looked: &[Looked]) -> Vec<Value> {
    let place = |looked: &Looked| {
        json!({
            "found_by": looked.origin.name(),
            "path": path(&looked.path),
            "problem": looked.problem.as_ref().map(|problem| json!({
                "kind": problem.kind(),
                "message": problem.to_string(),
            })),
        })
    };
    looked.iter().map(place).collect()
}

fn path(path: &Path) -> String {
    path.display().to_string()
}

//! `krites model`

mod card;
mod golden;
mod inspect;
mod json;
mod paste;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Shown;
use crate::Outcome;

/// Look at models before a policy names them
#[derive(Debug, Args)]
pub(crate) struct Model {
    #[command(subcommand)]
    command: ModelCommand,
}

#[derive(Debug, Subcommand)]
enum ModelCommand {
    /// Show what a model takes and gives, what runs it and why, and a block to paste
    Inspect {
        /// An ONNX file
        file: PathBuf,
        /// How to show it
        #[arg(long, value_enum, default_value = "text")]
        format: Shown,
    },
    /// Write golden vectors: a model's answers to rows, which every load of it is held to
    Golden {
        /// An ONNX file
        file: PathBuf,
        /// Rows of its inputs, comma-separated or, in a file `.jsonl`, lines of JSON
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
        /// Where to write them, `.csv` or `.jsonl`; beside the model if not given
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Take the first rows alone, so many
        #[arg(long, value_name = "N")]
        rows: Option<NonZeroUsize>,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
}

impl Model {
    pub(crate) fn run(&self) -> Outcome {
        match &self.command {
            ModelCommand::Inspect { file, format } => match format {
                Shown::Text => inspect::run(file),
                Shown::Json => inspect::write(file),
            },
            ModelCommand::Golden {
                file,
                input,
                output,
                rows,
                force,
            } => golden::run(file, input, output.as_deref(), *rows, *force),
        }
    }
}

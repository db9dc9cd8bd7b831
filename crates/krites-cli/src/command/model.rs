//! `krites model`

mod inspect;
mod paste;

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
    },
}

impl Model {
    pub(crate) fn run(&self) -> Outcome {
        match &self.command {
            ModelCommand::Inspect { file } => inspect::run(file),
        }
    }
}

//! `krites fmt`

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _};
use krites::lang::{Diagnostic, Sources, parse, print, source_from_bytes};

use crate::{Arguments, Outcome, files, paint};

/// What diagnostics call a text that has no file
const STANDARD_INPUT: &str = "standard input";

/// Write policies in the one way of writing them; name the files that change
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Change nothing; fail where something would change
    #[arg(long)]
    check: bool,
    /// Policy files, folders (with the folders below), or `-` for standard input
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
}

impl Fmt {
    pub(crate) fn run(&self) -> Outcome {
        let is_input = |path: &PathBuf| path.as_os_str() == "-";
        if self.paths.iter().any(is_input) {
            if self.paths.len() > 1 {
                let words = "standard input (`-`) is formatted alone";
                Arguments::command()
                    .error(ErrorKind::ArgumentConflict, words)
                    .exit();
            }
            return self.standard_input();
        }
        let mut fine = true;
        let mut all = Vec::new();
        for path in &self.paths {
            match files::policies(path) {
                Ok(mut found) => all.append(&mut found),
                Err(error) => {
                    files::complain_of("read", path, &error);
                    fine = false;
                }
            }
        }
        all.sort();
        all.dedup();
        for path in &all {
            fine &= self.file(path);
        }
        Outcome::of(fine)
    }

    /// Formats a file; returns whether all is well.
    fn file(&self, path: &Path) -> bool {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                files::complain_of("read", path, &error);
                return false;
            }
        };
        let Some(text) = formatted(&path.display().to_string(), bytes.clone()) else {
            return false;
        };
        if text.as_bytes() == bytes {
            return true;
        }
        if !self.check
            && let Err(error) = files::replace(path, &text)
        {
            files::complain_of("write", path, &error);
            return false;
        }
        say!("{}", path.display());
        !self.check
    }

    fn standard_input(&self) -> Outcome {
        let mut bytes = Vec::new();
        if let Err(error) = io::stdin().read_to_end(&mut bytes) {
            files::complain_of("read", Path::new(STANDARD_INPUT), &error);
            return Outcome::Failed;
        }
        let Some(text) = formatted(STANDARD_INPUT, bytes.clone()) else {
            return Outcome::Failed;
        };
        if !self.check {
            let written = io::stdout().write_all(text.as_bytes());
            return Outcome::of(written.is_ok());
        }
        let same = text.as_bytes() == bytes;
        if !same {
            say!("{STANDARD_INPUT}");
        }
        Outcome::of(same)
    }
}

/// Returns the text as it is to be; of one that cannot be read, says why.
fn formatted(name: &str, bytes: Vec<u8>) -> Option<String> {
    let mut sources = Sources::default();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let file = match source_from_bytes(&mut sources, name, bytes) {
        Ok(source) => parse(&sources, source, &mut diagnostics),
        Err((_, diagnostic)) => {
            paint::diagnostics(&sources, &[diagnostic]);
            return None;
        }
    };
    if !diagnostics.is_empty() {
        paint::diagnostics(&sources, &diagnostics);
        return None;
    }
    match print(&file) {
        Ok(text) => Some(text),
        Err(error) => {
            complain!("error: cannot format `{name}`: {error}");
            None
        }
    }
}

//! `krites model golden`

use std::fs::File;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;

use krites::NewGolden;

use crate::Outcome;
use crate::command::{count, painted};

/// Writes the model's answers to the rows of a file.
pub(super) fn run(
    model: &Path,
    input: &Path,
    output: Option<&Path>,
    rows: Option<NonZeroUsize>,
    force: bool,
) -> Outcome {
    let beside = NewGolden::beside(model);
    let output = output.unwrap_or(&beside);
    let there = [beside.clone(), beside.with_extension("jsonl")];
    if !force && output.exists() {
        complain!("{} is there already; --force replaces it", output.display());
        return Outcome::Failed;
    }
    let mut others = there.iter().filter(|other| *other != output);
    if there.iter().any(|path| path == output)
        && let Some(other) = others.find(|other| other.exists())
    {
        let other = other.display();
        complain!("{other} holds golden vectors of this model; remove it, or write to it");
        return Outcome::Failed;
    }
    let Some(golden) = painted(NewGolden::from_paths(model, input, rows)) else {
        return Outcome::Failed;
    };
    let Some(text) = golden.to_text(output) else {
        complain!("{}: call the file `.csv` or `.jsonl`", output.display());
        return Outcome::Failed;
    };
    if let Err(error) = write(output, &text, force) {
        complain!("{}: {error}", output.display());
        return Outcome::Failed;
    }
    if !golden.passed_over().is_empty() {
        let names = golden.passed_over().join("`, `");
        complain!("note: columns that the model has not were passed over: `{names}`");
    }
    let rows = count(golden.rows().inputs().n_rows(), "row");
    say!("{}: {rows}", output.display());
    Outcome::Fine
}

fn write(path: &Path, text: &str, force: bool) -> io::Result<()> {
    let mut options = File::options();
    options.write(true);
    match force {
        true => options.create(true).truncate(true),
        false => options.create_new(true),
    };
    options.open(path)?.write_all(text.as_bytes())
}

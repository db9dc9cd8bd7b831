//! Policy files on disk: finding those below a folder, and writing one anew.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::paint;

/// Finds a file, or the policy files of a folder and all folders below, in the order of
/// their names; hidden folders and links are passed over.
pub(crate) fn policies(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !fs::metadata(path)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let (kind, file) = (entry.file_type()?, entry.path());
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if kind.is_dir() && !hidden {
                folders.push(file);
            } else if kind.is_file() && file.extension().is_some_and(|end| end == "krites") {
                found.push(file);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a file anew, whole or not at all: beside it first, with its permissions.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A link goes on leading to the file
    let path = path.canonicalize()?;
    let beside = beside(&path);
    let written = write(&path, &beside, text);
    if written.is_err() {
        // What was not finished is of no use to anyone
        let _ = fs::remove_file(&beside);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    path.with_file_name(name)
}

fn write(path: &Path, beside: &Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut file = File::create_new(beside)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)?;
    file.sync_all()?;
    fs::rename(beside, path)
}

/// Says that a file cannot be read or written.
pub(crate) fn complain_of(what: &str, path: &Path, error: &io::Error) {
    complain!(
        "error: cannot {what} `{}`: {}",
        path.display(),
        paint::io_error(error)
    );
}

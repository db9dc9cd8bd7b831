//! Files of a release on disk: policies in a folder, models and files of names
//! below it and nowhere else.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::error::{LoadError, LoadErrorKind};

/// The largest policy file that is read; larger ones are refused by their size
/// alone
pub(crate) const MAX_POLICY_BYTES: u64 = 8 * 1024 * 1024;

/// The largest file of a lookup or list that is read
pub(crate) const MAX_DATA_BYTES: u64 = krites_lang::MAX_DATA_BYTES as u64;

/// The largest model file that is read: as the import refuses larger ones
pub(crate) const MAX_MODEL_BYTES: u64 = 256 * 1024 * 1024;

/// How many files are looked through for one that was meant
const MAX_LISTED: usize = 2_000;

/// How the names of files end that a policy may use
const NAMED: &[&str] = &[".krites", ".csv", ".tsv", ".xlsx", ".xlsm"];

/// The folder that a policy's files are looked for in.
pub(crate) fn root_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.to_owned();
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A policy file as it was read
pub(crate) struct PolicyFile {
    /// Its name within the folder: part of the release's fingerprint
    pub(crate) name: String,
    /// The path that diagnostics show
    pub(crate) shown: String,
    pub(crate) bytes: Vec<u8>,
}

/// Reads a policy file, or the policy files of a folder in the order of their
/// names.
pub(crate) fn policy_files(path: &Path) -> Result<Vec<PolicyFile>, LoadError> {
    let read = |file: &Path| -> Result<PolicyFile, LoadError> {
        let unreadable = |source| LoadErrorKind::Unreadable {
            path: file.to_owned(),
            source,
        };
        let name = file
            .file_name()
            .unwrap_or(file.as_os_str())
            .to_string_lossy()
            .into_owned();
        let bytes = read_up_to(file, MAX_POLICY_BYTES).map_err(unreadable)?;
        Ok(PolicyFile {
            name,
            shown: file.display().to_string(),
            bytes,
        })
    };
    if !path.is_dir() {
        return Ok(vec![read(path)?]);
    }
    let unreadable = |source| LoadErrorKind::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "krites")
        {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(LoadErrorKind::NoPolicy {
            path: path.to_owned(),
        }
        .into());
    }
    files.iter().map(|file| read(file)).collect()
}

/// Reads no more of a file than shows that it is too large.
pub(crate) fn read_up_to(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path)?
        .take(limit + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Why a file that a policy names is not read
pub(crate) enum Unread {
    /// There is none
    NotThere,
    /// For this reason, in words
    For(String),
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound => Unread::NotThere,
            _ => Unread::For(words(&error)),
        }
    }
}

impl From<Unread> for String {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::NotThere => "there is no such file".to_owned(),
            Unread::For(why) => why,
        }
    }
}

/// Reads a file that a policy names.
pub(crate) fn read_inside(root: &Path, name: &str, limit: u64) -> Result<Vec<u8>, Unread> {
    let relative = Path::new(name);
    let inside = !name.is_empty()
        && relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside {
        return Err(Unread::For("it must lie in the policy's folder".to_owned()));
    }
    let path = root.join(relative);
    let real = path.canonicalize()?;
    let real_root = root.canonicalize()?;
    if !real.starts_with(&real_root) {
        return Err(Unread::For(
            "it leads out of the policy's folder".to_owned(),
        ));
    }
    // Nor a pipe or a device, which may never end.
    if !real.is_file() {
        return Err(Unread::For("it is not a file".to_owned()));
    }
    Ok(read_up_to(&real, limit)?)
}

/// Tells whether there is something under this path.
pub(crate) fn is_there(root: &Path, name: &str) -> std::io::Result<bool> {
    // A link that leads nowhere is something, too.
    match fs::symlink_metadata(root.join(name)) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Lists the files below a folder that policies may name by their paths there, of a large
/// folder some; hidden folders and links are passed over.
pub(crate) fn files_below(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else {
            continue;
        };
        for entry in entries.flatten() {
            looked_at += 1;
            if looked_at > MAX_LISTED {
                break;
            }
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = match folder.as_str() {
                "" => name.clone(),
                folder => format!("{folder}/{name}"),
            };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !name.starts_with('.') => folders.push(path),
                Ok(kind) if kind.is_file() && NAMED.iter().any(|end| name.ends_with(end)) => {
                    found.push(path)
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// What the system said, in words for people
pub(crate) fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "reading it is not permitted".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    }
}

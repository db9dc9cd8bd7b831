//! The ONNX Runtime library: found, loaded once for the process, named.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::LoadDynamicError;
use ort::environment::Environment;

use crate::logger;

/// Variable that names the library
const VARIABLE: &str = "ORT_DYLIB_PATH";

/// The library of this process. It is loaded once and stays.
static LOADED: Mutex<Option<OnnxRuntime>> = Mutex::new(None);

/// Where to look for the library
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// The library itself, as somebody stated it
    pub path: Option<&'a Path>,
    /// A folder that may hold the library, such as the one of the policy
    pub folder: Option<&'a Path>,
}

/// Why there is no ONNX Runtime
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LocateError {
    /// Nobody stated a path and the folder does not have it
    #[error(
        "the ONNX Runtime library was not found; `pip install onnxruntime` and set ORT_DYLIB_PATH \
         to the libonnxruntime file in its folder onnxruntime/capi"
    )]
    NotFound,
    /// A stated path leads to no file
    #[error(
        "there is no ONNX Runtime library at `{path}`, which {stated_by} states; \
         `pip install onnxruntime` and state the libonnxruntime file in its folder onnxruntime/capi"
    )]
    NotAt {
        /// The path
        path: PathBuf,
        /// Who states it
        stated_by: &'static str,
    },
    /// The library is older than the interface that is used of it
    #[error(
        "`{path}` is ONNX Runtime {found}, and 1.{} or later is needed; \
         `pip install --upgrade onnxruntime`, or state a newer library by ORT_DYLIB_PATH",
        ort::MINOR_VERSION
    )]
    TooOld {
        /// The file
        path: PathBuf,
        /// The version that it says it has
        found: String,
    },
    /// The file is no library that can be used
    #[error("`{path}` cannot be used as the ONNX Runtime library: {detail}")]
    Unusable {
        /// The file
        path: PathBuf,
        /// What the system or the library said
        detail: String,
    },
}

/// The ONNX Runtime library, loaded
#[derive(Clone)]
pub struct OnnxRuntime {
    path: PathBuf,
    version: String,
    environment: Environment,
}

impl std::fmt::Debug for OnnxRuntime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            path,
            version,
            environment: _,
        } = self;
        f.debug_struct("OnnxRuntime")
            .field("path", path)
            .field("version", version)
            .finish()
    }
}

impl OnnxRuntime {
    /// Finds and loads the library: at the stated path, else where
    /// `ORT_DYLIB_PATH` says, else in the folder.
    ///
    /// A process has one library: once it is loaded, every later call returns
    /// it, whatever the hints.
    ///
    /// # Errors
    ///
    /// [`LocateError`] says where it was looked for and what to install.
    pub fn locate(hints: &Hints<'_>) -> Result<Self, LocateError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = loaded.as_ref() {
            return Ok(runtime.clone());
        }
        let path = find(hints)?;
        let runtime = Self::load(path)?;
        *loaded = Some(runtime.clone());
        Ok(runtime)
    }

    /// Returns the file of the library.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the version of the library, such as `1.31.0`, or its commit
    /// where neither its file name nor its build tells the version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    fn load(path: PathBuf) -> Result<Self, LocateError> {
        let unusable = |detail: String| LocateError::Unusable {
            path: path.clone(),
            detail,
        };
        // INVARIANT: no other function of ort is called before this one has
        // loaded the library; without one they panic.
        let builder = ort::init_from(&path).map_err(|error| match error {
            LoadDynamicError::BadVersion { version_str, .. } => LocateError::TooOld {
                path: path.clone(),
                found: version_str,
            },
            error => unusable(error.to_string()),
        })?;
        let builder = builder
            .with_name("krites")
            .with_telemetry(false)
            .with_logger(logger::to_tracing());
        let environment = builder
            .build()
            .map_err(|error| unusable(error.to_string()))?;
        environment.set_log_level(logger::LEVEL);
        let version = version(&path, ort::info());
        Ok(Self {
            path,
            version,
            environment,
        })
    }
}

fn find(hints: &Hints<'_>) -> Result<PathBuf, LocateError> {
    let stated = hints.path.map(|path| (path.to_owned(), "the caller"));
    let variable = std::env::var_os(VARIABLE).filter(|path| !path.is_empty());
    let stated = stated.or_else(|| variable.map(|path| (PathBuf::from(path), VARIABLE)));
    if let Some((path, stated_by)) = stated {
        let library = if path.is_dir() {
            in_folder(&path)
        } else {
            Some(path.clone())
        };
        let library = library.filter(|library| library.is_file());
        let library = library.ok_or(LocateError::NotAt { path, stated_by })?;
        return absolute(library);
    }
    let found = hints.folder.and_then(in_folder);
    found.ok_or(LocateError::NotFound).and_then(absolute)
}

/// Makes a path that no search of the loader can send elsewhere.
fn absolute(path: PathBuf) -> Result<PathBuf, LocateError> {
    path.canonicalize().map_err(|error| LocateError::Unusable {
        path,
        detail: error.to_string(),
    })
}

/// Finds the library in a folder or in a Python package inside it; of several
/// versions the last one by name.
fn in_folder(folder: &Path) -> Option<PathBuf> {
    let folders = [folder.to_owned(), folder.join("onnxruntime").join("capi")];
    folders.iter().find_map(|folder| {
        let files = std::fs::read_dir(folder)
            .ok()?
            .filter_map(Result::ok)
            .map(|entry| entry.path());
        files
            .filter(|file| is_library(file) && file.is_file())
            .max()
    })
}

fn is_library(file: &Path) -> bool {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let versioned = |prefix: &str, suffix: &str| {
        let middle = name
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix(suffix));
        middle.is_some_and(|middle| middle.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    versioned("libonnxruntime.so", "")
        || versioned("libonnxruntime", ".dylib")
        || name == "onnxruntime.dll"
}

/// Reads the version out of the file name, else out of the build information.
fn version(path: &Path, build: &str) -> String {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let rest = name.strip_prefix("libonnxruntime").unwrap_or_default();
    let digits: String = rest
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let from_name = digits.trim_matches('.');
    if !from_name.is_empty() {
        return from_name.to_owned();
    }
    let field = |name: &str| {
        build
            .split([' ', ','])
            .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
    };
    match field("git-branch").and_then(|branch| branch.strip_prefix("rel-")) {
        Some(version) => version.to_owned(),
        None => format!("commit {}", field("git-commit-id").unwrap_or("unknown")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_stands_in_the_file_name_or_in_the_build() {
        let build =
            "ORT Build Info: git-branch=rel-1.19.0, git-commit-id=26250ae, build type=Release";
        for (file, expected) in [
            ("/lib/libonnxruntime.so.1.31.1", "1.31.1"),
            ("/lib/libonnxruntime.1.31.1.dylib", "1.31.1"),
            ("/lib/libonnxruntime.so", "1.19.0"),
            ("/lib/onnxruntime.dll", "1.19.0"),
        ] {
            assert_eq!(version(Path::new(file), build), expected);
        }
        let build = "ORT Build Info: git-branch=HEAD, git-commit-id=6af1a93, build type=Release";
        assert_eq!(
            version(Path::new("libonnxruntime.so"), build),
            "commit 6af1a93"
        );
    }

    #[test]
    fn only_the_library_itself_is_taken() {
        for (file, expected) in [
            ("libonnxruntime.so", true),
            ("libonnxruntime.so.1.31.1", true),
            ("libonnxruntime.1.31.1.dylib", true),
            ("onnxruntime.dll", true),
            ("libonnxruntime_providers_shared.so", false),
            ("libonnxruntime.so.txt", false),
        ] {
            assert_eq!(is_library(Path::new(file)), expected, "{file}");
        }
    }
}

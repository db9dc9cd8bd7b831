//! The library loaded, its environment made, its version told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use ort::LoadDynamicError;

use super::version::{Fit, Version};
use super::{LocateError, OnnxRuntime, Origin, file, search};
use crate::logger;

/// Why a library was not loaded
pub(super) enum Failed {
    /// Another one may be tried
    Before(LocateError),
    /// It is loaded, and no other can be
    Stays(LocateError),
}

impl From<LocateError> for Failed {
    fn from(error: LocateError) -> Self {
        Self::Before(error)
    }
}

/// Loads a file that may be the library, and makes the environment of the process.
pub(super) fn load(path: &Path, origin: Origin) -> Result<OnnxRuntime, Failed> {
    // INVARIANT: no other function of ort is called before this one has loaded the library;
    // without one they panic.
    let told = file::read(path)?;
    let unusable = |detail: String| LocateError::Unusable {
        path: path.to_owned(),
        detail,
    };
    // ort panics where a library gives no interface or none of the version that it needs.
    // A file that tells a version in range does give it, so that this is for those that
    // tell none, or lie.
    let loaded = catch_unwind(AssertUnwindSafe(|| ort::init_from(path)))
        .map_err(|_| unusable("its `OrtGetApiBase` gives nothing".to_owned()))?;
    let builder = loaded.map_err(|error| match error {
        LoadDynamicError::BadVersion { version_str, .. } => {
            let fit = Version::parse(&version_str).map_or(Fit::TooOld, Version::fit);
            LocateError::of_fit(path, fit, &version_str)
                .unwrap_or_else(|| unusable(format!("it calls its version `{version_str}`")))
        }
        error => unusable(error.to_string()),
    })?;
    // ort keeps the library that it has loaded first, and says nothing
    if is_loaded(path) == Some(false) {
        let path = path.to_owned();
        return Err(LocateError::NotLoaded { path }.into());
    }
    let made = catch_unwind(AssertUnwindSafe(|| {
        let environment = builder
            .with_name("krites")
            .with_telemetry(false)
            .with_logger(logger::to_tracing())
            .build()?;
        environment.set_log_level(logger::LEVEL);
        Ok((environment, ort::info()))
    }));
    let (environment, build) = match made {
        Ok(Ok(made)) => made,
        Ok(Err(error)) => return Err(not_made(&error, &unusable)),
        Err(_) => {
            let needed = OnnxRuntime::oldest();
            let detail = format!("it does not have the interface of ONNX Runtime {needed}");
            return Err(Failed::Stays(unusable(detail)));
        }
    };
    Ok(OnnxRuntime {
        path: path.to_owned(),
        version: version(told, path, build),
        origin,
        looked: Vec::new(),
        environment,
    })
}

/// Tells whether a file is loaded, where the system tells. Some file systems call a file
/// otherwise than by its path; so one of the same name could be it.
pub(super) fn is_loaded(path: &Path) -> Option<bool> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    let loaded = maps.lines().filter_map(|line| {
        let start = line.find('/')?;
        Some(Path::new(line.get(start..)?))
    });
    let mut others = false;
    for file in loaded.filter(|file| search::is_library(file) || *file == path) {
        if file == path {
            return Some(true);
        }
        if file.file_name() == path.file_name() {
            return None;
        }
        others = true;
    }
    others.then_some(false)
}

fn not_made(error: &ort::Error, unusable: &dyn Fn(String) -> LocateError) -> Failed {
    let said = error.to_string();
    // ort has no other way to tell that there is one
    match said.contains("only one environment") {
        true => Failed::Before(LocateError::HostsOwn),
        false => Failed::Stays(unusable(said)),
    }
}

/// Says the version: as the file tells it, else as its name or its build does.
pub(super) fn version(told: Option<Version>, path: &Path, build: &str) -> String {
    if let Some(version) = told.or_else(|| search::of_name(path)) {
        return version.to_string();
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
    fn the_version_is_the_file_s_else_that_of_its_name_or_build() {
        let build =
            "ORT Build Info: git-branch=rel-1.19.0, git-commit-id=26250ae, build type=Release";
        for (told, file, expected) in [
            (None, "/lib/libonnxruntime.so.1.31.1", "1.31.1"),
            (None, "/lib/libonnxruntime.so", "1.19.0"),
            (Some("1.32.0"), "/lib/libonnxruntime.so.1.31.1", "1.32.0"),
        ] {
            let told = told.and_then(Version::parse);
            assert_eq!(version(told, Path::new(file), build), expected);
        }
        let build = "ORT Build Info: git-branch=HEAD, git-commit-id=6af1a93, build type=Release";
        assert_eq!(
            version(None, Path::new("libonnxruntime.so"), build),
            "commit 6af1a93"
        );
    }
}

//! Where the library is looked for when nobody states it, and which files may be it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::error::Origin;
use super::file;
use super::version::Version;

/// So many files of a folder that are called like the library are looked at
const MAX_CANDIDATES: usize = 16;

/// A folder to look in
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) origin: Origin,
    pub(super) folder: PathBuf,
}

/// Lists the folders to look in, first those that are nearest to the process. `variable`
/// reads a variable of the environment, `executable` is the program.
///
/// Relative paths are passed over: what they lead to depends on where a program is started.
/// So is the folder of a policy, since whoever may write policies need not be who says
/// what code runs.
pub(super) fn places(
    variable: impl Fn(&str) -> Option<OsString>,
    executable: Option<&Path>,
) -> Vec<Place> {
    let mut places = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |origin: Origin, folder: PathBuf| {
        // One folder often has several names, as lib64 beside lib
        let real = folder.canonicalize().unwrap_or_else(|_| folder.clone());
        if folder.is_absolute() && seen.insert(real) {
            places.push(Place { origin, folder });
        }
    };
    if let Some(folder) = executable.and_then(Path::parent) {
        add(Origin::Executable, folder.to_owned());
    }
    if let Some(root) = variable("VIRTUAL_ENV").filter(|root| !root.is_empty()) {
        for folder in of_environment(Path::new(&root)) {
            add(Origin::VirtualEnv, folder);
        }
    }
    if let Some(root) = variable("CONDA_PREFIX").filter(|root| !root.is_empty()) {
        let root = Path::new(&root);
        let own = if cfg!(windows) { "Library/bin" } else { "lib" };
        add(Origin::Conda, root.join(own));
        for folder in of_environment(root) {
            add(Origin::Conda, folder);
        }
    }
    let loader = match std::env::consts::OS {
        "windows" => None,
        "macos" => variable("DYLD_LIBRARY_PATH"),
        _ => variable("LD_LIBRARY_PATH"),
    };
    for folder in loader.iter().flat_map(std::env::split_paths) {
        add(Origin::LoaderPath, folder);
    }
    for folder in of_system() {
        add(Origin::System, PathBuf::from(folder));
    }
    // Where `pip install` puts it without an environment, as in an image of Python
    for root in ["/usr/local", "/usr", "/opt/homebrew"].map(Path::new) {
        let packages = ["site-packages", "dist-packages"];
        let folders = packages
            .iter()
            .flat_map(|packages| of_python(root, packages));
        for folder in folders.filter(|folder| folder.is_dir()) {
            add(Origin::System, folder);
        }
    }
    places
}

/// The folders of the Python package in an environment; where it has no Python, the one
/// that would be looked in.
fn of_environment(root: &Path) -> Vec<PathBuf> {
    let mut found = of_python(root, "site-packages");
    if found.is_empty() {
        found.push(root.join("lib/python3/site-packages/onnxruntime/capi"));
    }
    found
}

/// The folders of the Python package below `lib` and `lib64`, the newest Python first.
fn of_python(root: &Path, packages: &str) -> Vec<PathBuf> {
    let package = Path::new(packages).join("onnxruntime").join("capi");
    if cfg!(windows) {
        return vec![root.join("Lib").join(package)];
    }
    let mut found = Vec::new();
    for lib in ["lib", "lib64"] {
        let lib = root.join(lib);
        let entries = std::fs::read_dir(&lib).into_iter().flatten().flatten();
        let mut pythons: Vec<(u32, PathBuf)> = entries
            .filter_map(|entry| {
                let name = entry.file_name();
                // `python3.13t` is one without the lock
                let minor = name.to_str()?.strip_prefix("python3.")?;
                let minor = minor.trim_end_matches('t').parse().ok()?;
                Some((minor, entry.path().join(&package)))
            })
            .collect();
        pythons.sort_by(|(a, first), (b, second)| b.cmp(a).then_with(|| first.cmp(second)));
        found.extend(pythons.into_iter().map(|(_, folder)| folder));
    }
    found
}

/// Folders where packages and people put libraries. Windows has one of its own, of a version
/// that nobody chose, in a folder of the system; it is left alone.
fn of_system() -> Vec<String> {
    match std::env::consts::OS {
        "windows" => Vec::new(),
        "macos" => [
            "/opt/homebrew/lib",
            "/usr/local/lib",
            "/opt/onnxruntime/lib",
        ]
        .map(str::to_owned)
        .to_vec(),
        _ => {
            let machine = std::env::consts::ARCH;
            vec![
                "/usr/local/lib".to_owned(),
                "/usr/local/lib64".to_owned(),
                "/opt/onnxruntime/lib".to_owned(),
                format!("/usr/lib/{machine}-linux-gnu"),
                "/usr/lib64".to_owned(),
                "/usr/lib".to_owned(),
            ]
        }
    }
}

/// Lists the files of a folder that may be the library, the highest version first; those
/// whose version nobody tells come last.
pub(super) fn candidates(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.path());
    let mut named: Vec<PathBuf> = names.filter(|file| is_library(file)).collect();
    named.sort();
    // Links and what they lead to are one
    let mut real: Vec<PathBuf> = named
        .iter()
        .map(|file| file.canonicalize().unwrap_or_else(|_| file.clone()))
        .collect();
    real.sort();
    real.dedup();
    let mut rated: Vec<(Option<Version>, PathBuf)> = real
        .into_iter()
        .map(|file| (of_name(&file), file))
        .collect();
    rated.sort_by(|(a, first), (b, second)| b.cmp(a).then_with(|| first.cmp(second)));
    rated.truncate(MAX_CANDIDATES);
    // A name without a version, which the file may tell
    for (version, file) in &mut rated {
        if version.is_none() {
            *version = file::read(file).ok().flatten();
        }
    }
    rated.sort_by(|(a, first), (b, second)| b.cmp(a).then_with(|| first.cmp(second)));
    rated.into_iter().map(|(_, file)| file).collect()
}

/// The version in a file's name
pub(super) fn of_name(file: &Path) -> Option<Version> {
    let name = file.file_name()?.to_str()?;
    let rest = name.strip_prefix("libonnxruntime")?;
    let rest = rest.strip_suffix(".dylib").unwrap_or(rest);
    let digits = rest.strip_prefix(".so").unwrap_or(rest);
    Version::parse(digits.strip_prefix('.')?)
}

pub(super) fn is_library(file: &Path) -> bool {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
    let versioned = |prefix: &str, suffix: &str| {
        let middle = name
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix(suffix));
        middle.is_some_and(|middle| middle.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    match std::env::consts::OS {
        "windows" => name.eq_ignore_ascii_case("onnxruntime.dll"),
        "macos" => versioned("libonnxruntime", ".dylib"),
        _ => versioned("libonnxruntime.so", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_stands_in_the_file_name() {
        for (file, expected) in [
            ("/lib/libonnxruntime.so.1.31.1", Some("1.31.1")),
            ("/lib/libonnxruntime.1.31.1.dylib", Some("1.31.1")),
            ("/lib/libonnxruntime.so.1.9", Some("1.9.0")),
            ("/lib/libonnxruntime.so.1", None),
            ("/lib/libonnxruntime.so", None),
            ("/lib/onnxruntime.dll", None),
        ] {
            let found = of_name(Path::new(file)).map(|version| version.to_string());
            assert_eq!(found.as_deref(), expected, "{file}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn only_the_library_itself_is_taken() {
        for (file, expected) in [
            ("libonnxruntime.so", true),
            ("libonnxruntime.so.1.31.1", true),
            ("libonnxruntime_providers_shared.so", false),
            ("libonnxruntime.so.txt", false),
            ("libonnxruntime.1.31.1.dylib", false),
        ] {
            assert_eq!(is_library(Path::new(file)), expected, "{file}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_newest_python_comes_first() {
        let root = std::env::temp_dir().join(format!("krites-pythons-{}", std::process::id()));
        for python in [
            "python3",
            "python3.9",
            "python3.13t",
            "python3.10",
            "python3.x",
        ] {
            let made = std::fs::create_dir_all(root.join("lib").join(python));
            made.unwrap_or_else(|error| panic!("{error}"));
        }
        let found = of_python(&root, "dist-packages");
        let expected = ["python3.13t", "python3.10", "python3.9"].map(|python| {
            let lib = root.join("lib").join(python);
            lib.join("dist-packages/onnxruntime/capi")
        });
        let _ = std::fs::remove_dir_all(&root);
        assert_eq!(found, expected);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn places_come_in_one_order_and_relative_ones_not_at_all() {
        let variable = |name: &str| {
            let value = match name {
                "VIRTUAL_ENV" => "/nowhere/venv",
                "CONDA_PREFIX" => "/nowhere/conda",
                "LD_LIBRARY_PATH" => "/nowhere/a::relative:/nowhere/b:/nowhere/a",
                _ => return None,
            };
            Some(OsString::from(value))
        };
        let places = places(variable, Some(Path::new("/nowhere/bin/krites")));
        let found: Vec<String> = places
            .iter()
            .filter(|place| place.origin != Origin::System)
            .map(|place| format!("{}: {}", place.origin.name(), place.folder.display()))
            .collect();
        assert_eq!(
            found,
            [
                "executable: /nowhere/bin",
                "virtual_env: /nowhere/venv/lib/python3/site-packages/onnxruntime/capi",
                "conda: /nowhere/conda/lib",
                "conda: /nowhere/conda/lib/python3/site-packages/onnxruntime/capi",
                "loader_path: /nowhere/a",
                "loader_path: /nowhere/b",
            ]
        );
        assert_eq!(
            places.last().map(|place| place.origin),
            Some(Origin::System)
        );
        let bare = super::places(|_| None, None);
        assert!(bare.iter().all(|place| place.origin == Origin::System));
        let relative = super::places(|_| Some(OsString::from("venv")), None);
        assert_eq!(relative, bare);
    }
}

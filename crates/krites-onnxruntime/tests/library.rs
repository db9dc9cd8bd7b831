//! The library, found or not, right or wrong: errors that tell what to do, never a panic.
//! Each case in a process of its own, since a library stays once it is loaded.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::ffi::OsString;
use std::mem::{offset_of, size_of};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use krites_model::testing::say_skipped;
use krites_onnxruntime::{Hints, OnnxRuntime};
use ort::sys::OrtApi;

/// Paths to locate one after the other, as `PATH` has them; empty to state none
const PATHS: &str = "KRITES_TEST_LOCATE";

/// Set where nothing but what is stated counts
const STATED_ONLY: &str = "KRITES_TEST_STATED_ONLY";

/// Set where the child makes an environment itself and hands it over
const ADOPT: &str = "KRITES_TEST_ADOPT";

/// A library that the child has loaded before, without an environment
const LOADED: &str = "KRITES_TEST_LOADED";

/// Locates the library in a child, and tells what became of it: a line for each path, and
/// what was passed over.
#[test]
fn child_locates() {
    let Some(paths) = std::env::var_os(PATHS) else {
        return;
    };
    if let Some(path) = std::env::var_os(LOADED) {
        let _builder = ort::init_from(path).unwrap();
    }
    for path in std::env::split_paths(&paths) {
        let hints = Hints {
            path: (!path.as_os_str().is_empty()).then_some(&path),
            stated_only: std::env::var_os(STATED_ONLY).is_some(),
        };
        let found = match std::env::var_os(ADOPT).is_some() {
            true => {
                let builder = ort::init_from(&path).unwrap();
                let builder = builder.with_logger(Arc::new(|_, _, _, _, _| {}));
                let environment = builder.build().unwrap();
                OnnxRuntime::adopt(environment, &path)
            }
            false => OnnxRuntime::locate(&hints),
        };
        match found {
            Ok(found) => {
                let (version, origin) = (found.version(), found.origin());
                println!("found {version} by {origin}: {}", found.path().display());
                for looked in found.looked() {
                    println!("looked: {looked}");
                }
            }
            Err(error) => println!("{error:?}\n{error}"),
        }
    }
}

/// What the child says to these paths, with these variables
fn located(paths: &[&Path], variables: &[(&str, OsString)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "child_locates", "--nocapture"]);
    for name in ["ORT_DYLIB_PATH", "VIRTUAL_ENV", "CONDA_PREFIX"] {
        child.env_remove(name);
    }
    let paths = std::env::join_paths(paths).unwrap();
    // One empty path is no path for the list
    let paths = if paths.is_empty() { ":".into() } else { paths };
    child.env(PATHS, paths);
    for (name, value) in variables {
        child.env(name, value);
    }
    let output = child.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    out
}

/// An empty folder of one test
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("library")
        .join(test);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The library that is installed
fn installed() -> Option<PathBuf> {
    let path = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty());
    if path.is_none() {
        say_skipped(&"no ONNX Runtime library at ORT_DYLIB_PATH");
    }
    Some(PathBuf::from(path?).canonicalize().unwrap())
}

/// A library that is none, from a C compiler where there is one
struct Fake<'a> {
    version: &'a str,
    has_base: bool,
    has_api: bool,
}

impl Fake<'_> {
    fn build(&self, folder: &Path) -> Option<PathBuf> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library/fake.c");
        let library = folder.join("libonnxruntime.so");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-w", "-o"]);
        compiler.arg(&library).arg(&source);
        compiler.arg(format!("-DVERSION=\"{}\"", self.version));
        for (name, place) in [
            ("HAS_BASE", usize::from(self.has_base)),
            ("HAS_API", usize::from(self.has_api)),
            ("FUNCTIONS", size_of::<OrtApi>() / size_of::<usize>()),
            ("CREATE", at(offset_of!(OrtApi, CreateEnvWithCustomLogger))),
            (
                "TELEMETRY_ON",
                at(offset_of!(OrtApi, EnableTelemetryEvents)),
            ),
            (
                "TELEMETRY_OFF",
                at(offset_of!(OrtApi, DisableTelemetryEvents)),
            ),
            ("BUILD", at(offset_of!(OrtApi, GetBuildInfoString))),
        ] {
            compiler.arg(format!("-D{name}={place}"));
        }
        if compiler.status().is_ok_and(|status| status.success()) {
            return Some(library);
        }
        say_skipped(&"there is no C compiler to build a library with");
        None
    }
}

fn at(offset: usize) -> usize {
    offset / size_of::<usize>()
}

#[track_caller]
fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word} is not in:\n{text}");
    }
}

#[test]
fn a_stated_file_that_is_none_is_told_and_never_run() {
    let folder = folder("stated");
    let missing = folder.join("libonnxruntime.so");
    let said = located(&[&missing], &[]);
    has(
        &said,
        &["NotAt", "the caller states", "pip install onnxruntime"],
    );
    let said = located(&[Path::new("")], &[("ORT_DYLIB_PATH", missing.into())]);
    has(&said, &["NotAt", "ORT_DYLIB_PATH states"]);

    // A folder without a library, and one whose highest version is no library
    has(&located(&[&folder], &[]), &["NotAt"]);
    let text = folder.join("libonnxruntime.so.1.40.0");
    std::fs::write(&text, "see elsewhere").unwrap();
    let said = located(&[&folder, &text], &[]);
    assert_eq!(said.matches("NotALibrary").count(), 2, "{said}");

    let program = std::env::current_exe().unwrap();
    has(&located(&[&program], &[]), &["NotOnnxRuntime"]);
}

#[test]
fn a_wrong_file_does_not_keep_the_right_one_from_being_found() {
    let Some(installed) = installed() else {
        return;
    };
    let folder = folder("then_right");
    let text = folder.join("libonnxruntime.so");
    std::fs::write(&text, "").unwrap();
    let said = located(&[&text, &installed, &text], &[]);
    has(&said, &["Empty", "pip install --force-reinstall"]);
    // What is loaded stays
    assert_eq!(said.matches("found 1.").count(), 2, "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_library_that_breaks_its_word_is_an_error_that_stays() {
    let folder = |name: &str| folder(&format!("fake_{name}"));
    let fake = |name: &str, version: &str, has_base: bool, has_api: bool| {
        let fake = Fake {
            version,
            has_base,
            has_api,
        };
        fake.build(&folder(name))
    };
    let Some(old) = fake("old", "1.16.3", true, false) else {
        return;
    };
    let said = located(&[&old], &[]);
    has(
        &said,
        &["TooOld", "found: \"1.16.3\"", "1.17 or later is needed"],
    );
    let zero = fake("zero", "0.5.0", true, false).unwrap();
    has(&located(&[&zero], &[]), &["OtherMajor", "0.5.0"]);

    // It gives nothing where a library gives its interfaces: unloaded again
    let bare = fake("bare", "1.31.1", false, false).unwrap();
    let said = located(&[&bare, &old], &[]);
    has(&said, &["Unusable", "gives nothing", "TooOld"]);

    // It has no interface of the version that is needed, as another major version could
    for (name, version) in [("none", "1.31.1"), ("two", "2.31.1")] {
        let none = fake(name, version, true, false).unwrap();
        let mut paths = vec![none.as_path(), old.as_path()];
        let installed = installed();
        paths.extend(installed.as_deref());
        let said = located(&paths, &[]);
        let words = "does not have the interface of ONNX Runtime 1.17";
        assert_eq!(said.matches("Unusable").count(), paths.len(), "{said}");
        has(&said, &[words]);
        // It is the first that is told each time
        let first = none.display().to_string();
        assert_eq!(said.matches(&first).count(), 2 * paths.len(), "{said}");
        assert!(
            !said.contains("TooOld") && !said.contains("found 1"),
            "{said}"
        );
    }
}

#[test]
#[cfg(target_os = "linux")]
fn telemetry_is_off_before_anything_else_is_asked() {
    let fake = Fake {
        version: "1.31.1",
        has_base: true,
        has_api: true,
    };
    let Some(fake) = fake.build(&folder("telemetry")) else {
        return;
    };
    let said = located(&[&fake], &[]);
    has(&said, &["telemetry off\n", "found 1.31.1 by the caller"]);
    assert!(!said.contains("telemetry on"), "{said}");

    // A host has loaded this one, and hands over nothing
    if let Some(installed) = installed() {
        let said = located(&[&installed], &[(LOADED, fake.clone().into())]);
        has(
            &said,
            &[
                "NotLoaded",
                "is not the library that this process has loaded",
            ],
        );
        assert!(!said.contains("found 1."), "{said}");
    }

    // What a host has chosen stays
    let said = located(&[&fake], &[(ADOPT, "1".into())]);
    has(&said, &["telemetry on\n", "found 1.31.1 by the host"]);
    assert!(!said.contains("telemetry off"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn places_are_searched_in_order_and_wrong_files_passed_over() {
    let Some(installed) = installed() else {
        return;
    };
    let root = folder("search");
    let package = |python: &str| {
        let path = root.join(format!("lib/{python}/site-packages/onnxruntime/capi"));
        std::fs::create_dir_all(&path).unwrap();
        path
    };
    let (older, newer) = (package("python3.9"), package("python3.13"));
    let damaged = newer.join("libonnxruntime.so.1.40.0");
    std::fs::write(&damaged, "").unwrap();
    std::fs::write(newer.join("libonnxruntime.so.1.9.0"), "text").unwrap();
    std::os::unix::fs::symlink(&installed, older.join("libonnxruntime.so.1.5.0")).unwrap();
    let variables = [("VIRTUAL_ENV", root.clone().into_os_string())];
    let said = located(&[Path::new("")], &variables);
    has(&said, &["by VIRTUAL_ENV", &installed.display().to_string()]);
    // 1.40 comes before 1.9, and both before another folder
    let at = |words: &str| {
        said.find(words)
            .unwrap_or_else(|| panic!("{words}:\n{said}"))
    };
    assert!(at("1.40.0 (VIRTUAL_ENV): it is empty") < at("1.9.0 (VIRTUAL_ENV): it does not begin"));
    has(&said, &["(the folder of the program): no library"]);

    // What is stated counts alone, and so it does where the search is off
    let stated = [variables[0].clone(), ("ORT_DYLIB_PATH", damaged.into())];
    has(&located(&[Path::new("")], &stated), &["Empty"]);
    let off = [variables[0].clone(), (STATED_ONLY, "1".into())];
    let said = located(&[Path::new("")], &off);
    has(
        &said,
        &["NotFound { looked: [] }", "nothing else was searched"],
    );
}

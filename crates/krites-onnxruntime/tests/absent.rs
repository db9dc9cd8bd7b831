//! Without the library: errors that tell what to do, never a panic. A process
//! of its own, since the library stays once it is loaded.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use krites_model::testing::say_skipped;

use krites_onnxruntime::{Hints, LocateError, OnnxRuntime};

#[test]
fn a_missing_library_is_an_error_with_the_remedy() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let missing = folder.join("libonnxruntime.so");
    let stated = Hints {
        path: Some(&missing),
        folder: None,
    };
    let error = OnnxRuntime::locate(&stated).unwrap_err();
    assert!(matches!(
        error,
        LocateError::NotAt {
            stated_by: "the caller",
            ..
        }
    ));
    assert!(
        error.to_string().contains("pip install onnxruntime"),
        "{error}"
    );

    let source = folder.join("lib.rs");
    let error = OnnxRuntime::locate(&Hints {
        path: Some(&source),
        folder: None,
    })
    .unwrap_err();
    assert!(matches!(error, LocateError::Unusable { .. }), "{error}");

    if let Some(old) = old_library() {
        let error = OnnxRuntime::locate(&Hints {
            path: Some(&old),
            folder: None,
        })
        .unwrap_err();
        let LocateError::TooOld { found, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(found, "1.16.3");
        assert!(error.to_string().contains("1.17 or later"), "{error}");
    }

    if std::env::var_os("ORT_DYLIB_PATH").is_none() {
        let nowhere = Hints {
            path: None,
            folder: Some(&folder),
        };
        let error = OnnxRuntime::locate(&nowhere).unwrap_err();
        assert_eq!(error, LocateError::NotFound);
        assert!(error.to_string().contains("ORT_DYLIB_PATH"), "{error}");
    }
}

/// Builds a library that says it is ONNX Runtime 1.16.3, where there is a C
/// compiler.
fn old_library() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("old_library");
    std::fs::create_dir_all(&folder).unwrap();
    let (source, library) = (folder.join("old.c"), folder.join("libonnxruntime.so"));
    let text = r#"
static const void *api(unsigned version) { (void)version; return 0; }
static const char *version(void) { return "1.16.3"; }
static const struct { const void *(*api)(unsigned); const char *(*version)(void); } base = { api, version };
const void *OrtGetApiBase(void) { return &base; }
"#;
    std::fs::write(&source, text).unwrap();
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]);
    let built = compiler.arg(&library).arg(&source).status();
    if built.is_ok_and(|status| status.success()) {
        return Some(library);
    }
    say_skipped(&"there is no C compiler to build an old library with");
    None
}

//! Without the library: errors that tell what to do, never a panic. A process
//! of its own, since the library stays once it is loaded.

use std::path::Path;

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

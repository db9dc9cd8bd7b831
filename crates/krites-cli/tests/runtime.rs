//! `krites runtime status`, with the library and without.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use krites_model::testing::say_skipped;
use serde_json::{Value, json};

/// The exit code, what is on standard output, and what on standard error
type Said = (Option<i32>, String, String);

fn status(arguments: &[&str], variables: &[(&str, &Path)]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_krites"));
    command.args(["runtime", "status"]).args(arguments);
    for name in [
        "ORT_DYLIB_PATH",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "LD_LIBRARY_PATH",
    ] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn document(said: &Said) -> Value {
    assert_eq!(said.2, "");
    serde_json::from_str(&said.1).unwrap_or_else(|error| panic!("{error}: {}", said.1))
}

#[test]
fn without_a_library_it_fails_with_the_remedy() {
    let (code, out, err) = status(&["--stated-only"], &[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        out,
        "ONNX Runtime: none that can be used; 1.17 or a later 1.x is needed\n"
    );
    assert_eq!(
        err,
        "error: the ONNX Runtime library was not found; `pip install onnxruntime` and set \
         ORT_DYLIB_PATH to the libonnxruntime file in its folder onnxruntime/capi; nothing else \
         was searched\n"
    );
    let said = status(&["--stated-only", "--format", "json"], &[]);
    assert_eq!(said.0, Some(1));
    let message = err.trim_start_matches("error: ").trim_end();
    assert_eq!(
        document(&said),
        json!({
            "format": 1,
            "usable": false,
            "needed": "1.17",
            "library": null,
            "problem": { "kind": "not_found", "message": message },
            "looked": [],
        })
    );
}

#[test]
fn places_that_were_looked_at_are_listed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runtime_places");
    std::fs::create_dir_all(&folder).unwrap();
    let wrong = folder.join("libonnxruntime.so.1.40.0");
    std::fs::write(&wrong, "see elsewhere").unwrap();
    let said = status(&["--format", "json"], &[("LD_LIBRARY_PATH", &folder)]);
    let looked = document(&said)["looked"].as_array().unwrap().clone();
    assert_eq!(looked[0]["found_by"], "executable");
    assert_eq!(looked[0]["problem"], Value::Null);
    if cfg!(target_os = "linux") {
        assert_eq!(looked[1]["found_by"], "loader_path");
        assert_eq!(
            looked[1]["path"],
            wrong.canonicalize().unwrap().display().to_string()
        );
        assert_eq!(looked[1]["problem"]["kind"], "not_a_library");
    }

    let (code, out, err) = status(&["--library", wrong.to_str().unwrap()], &[]);
    assert_eq!(code, Some(1));
    assert!(out.starts_with("ONNX Runtime: none"), "{out}");
    assert!(err.contains("does not begin as libraries do"), "{err}");
}

#[test]
fn with_the_library_it_says_what_it_is_and_that_it_runs() {
    let Some(library) = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()) else {
        say_skipped(&"no ONNX Runtime library at ORT_DYLIB_PATH");
        return;
    };
    let library = PathBuf::from(library).canonicalize().unwrap();
    let said = status(&["--format", "json"], &[("ORT_DYLIB_PATH", &library)]);
    assert_eq!(said.0, Some(0));
    let mut found = document(&said);
    let version = found["library"]["version"].as_str().unwrap().to_owned();
    assert!(version.starts_with("1."), "{version}");
    let providers = found["library"]["providers"].take();
    assert_eq!(providers[0], "CPUExecutionProvider");
    assert_eq!(
        found,
        json!({
            "format": 1,
            "usable": true,
            "needed": "1.17",
            "library": {
                "path": library.display().to_string(),
                "version": version,
                "found_by": "variable",
                "providers": null,
                "telemetry": false,
            },
            "problem": null,
            "looked": [],
        })
    );

    let (code, out, err) = status(&["--library", library.to_str().unwrap()], &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let named = |provider: &Value| provider.as_str().unwrap().to_owned();
    let providers: Vec<String> = providers.as_array().unwrap().iter().map(named).collect();
    assert_eq!(
        out,
        format!(
            "ONNX Runtime {version} (1.17 or a later 1.x is needed)\nlibrary: {}\n\
             found by: the caller\nproviders: {}; models run on the CPU\ntelemetry: off\n\
             session: made, and ran\n",
            library.display(),
            providers.join(", ")
        )
    );
}

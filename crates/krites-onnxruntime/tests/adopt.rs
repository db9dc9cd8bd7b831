//! A host that uses ONNX Runtime itself hands its environment over: no second library, no
//! second environment, and its logger stays. A process of its own, since an environment is
//! one for a process.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use krites_model::testing::{ModelBuilder, say_skipped};
use krites_model::{ElementType, OnnxModel};
use krites_onnxruntime::ort::environment::GlobalThreadPoolOptions;
use krites_onnxruntime::{Hints, LocateError, OnnxRuntime, OnnxRuntimeModel, Origin};

#[test]
fn the_environment_of_the_host_is_taken_over() {
    let Some(path) = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty()) else {
        return say_skipped(&"no ONNX Runtime library at ORT_DYLIB_PATH");
    };
    let library = PathBuf::from(path).canonicalize().unwrap();
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let ear = heard.clone();
    let builder = krites_onnxruntime::ort::init_from(&library).unwrap();
    let threads = GlobalThreadPoolOptions::default().with_intra_threads(2);
    let environment = builder
        .with_name("host")
        .with_global_thread_pool(threads.unwrap())
        .with_logger(Arc::new(move |_, _, _, _, message: &str| {
            ear.lock().unwrap().push(message.to_owned());
        }))
        .build()
        .unwrap();

    // Not known of yet, which is told, and spoils nothing
    for _ in 0..2 {
        let error = OnnxRuntime::locate(&Hints::default()).unwrap_err();
        assert_eq!(error, LocateError::HostsOwn);
        assert!(error.to_string().contains("OnnxRuntime::adopt"), "{error}");
    }

    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let error = OnnxRuntime::adopt(environment.clone(), &source).unwrap_err();
    assert!(matches!(error, LocateError::NotALibrary { .. }), "{error}");
    if cfg!(target_os = "linux") {
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libonnxruntime.so.1.99.0");
        std::fs::copy(&library, &copy).unwrap();
        let error = OnnxRuntime::adopt(environment.clone(), &copy).unwrap_err();
        assert!(matches!(error, LocateError::NotLoaded { .. }), "{error}");
        std::fs::remove_file(copy).unwrap();
    }

    let adopted = OnnxRuntime::adopt(environment.clone(), &library).unwrap();
    assert_eq!(adopted.origin(), Origin::Host);
    assert_eq!(adopted.path(), library);
    assert!(adopted.version().starts_with("1."), "{adopted:?}");
    let located = OnnxRuntime::locate(&Hints::default()).unwrap();
    assert_eq!(located.origin(), Origin::Host);
    located.try_session().unwrap();
    if let Ok(maps) = std::fs::read_to_string("/proc/self/maps") {
        let mut files: Vec<&str> = maps
            .lines()
            .filter_map(|line| line.split_whitespace().last())
            .filter(|file| file.contains("libonnxruntime.so"))
            .collect();
        files.dedup();
        assert_eq!(files, [library.to_str().unwrap()], "{files:?}");
    }

    // What ONNX Runtime says goes to the host: nothing reads `idle`, of which it warns
    let bytes = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .floats("idle", &[1], &[1.0])
        .node("Relu", &["x"], &["y"], &[])
        .build();
    let signature = OnnxModel::parse(&bytes).unwrap().signature().clone();
    OnnxRuntimeModel::load(&adopted, &bytes, signature, NonZeroUsize::MIN).unwrap();
    let heard = heard.lock().unwrap();
    assert!(heard.iter().any(|said| said.contains("idle")), "{heard:?}");
}

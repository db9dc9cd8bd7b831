//! What ONNX Runtime warns of reaches the host's `tracing` subscriber, even
//! one that panics.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Debug;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use krites_model::testing::{ModelBuilder, say_skipped};
use krites_model::{ElementType, OnnxModel};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Level, target and message of each event
type Heard = Arc<Mutex<Vec<(Level, String, String)>>>;

struct Listener {
    heard: Heard,
    panics: bool,
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let metadata = event.metadata();
        let target = metadata.target().to_owned();
        let heard = (*metadata.level(), target, message.0);
        self.heard.lock().unwrap().push(heard);
        assert!(!self.panics, "a subscriber that panics");
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a_warning_of_onnx_runtime_goes_to_tracing() {
    let runtime = match OnnxRuntime::locate(&Hints::default()) {
        Ok(runtime) => runtime,
        Err(error) => return say_skipped(&error),
    };
    // Nothing reads `idle`, of which ONNX Runtime warns.
    let bytes = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .floats("idle", &[1], &[1.0])
        .node("Relu", &["x"], &["y"], &[])
        .build();
    let signature = OnnxModel::parse(&bytes).unwrap().signature().clone();
    for panics in [false, true] {
        let heard = Heard::default();
        let listener = Listener {
            heard: heard.clone(),
            panics,
        };
        tracing::subscriber::with_default(listener, || {
            OnnxRuntimeModel::load(&runtime, &bytes, signature.clone(), NonZeroUsize::MIN).unwrap();
        });
        let heard = heard.lock().unwrap();
        let warned = heard.iter().any(|(level, target, message)| {
            *level == Level::WARN && target == "krites::onnxruntime" && message.contains("idle")
        });
        assert!(warned, "{heard:?}");
    }
}

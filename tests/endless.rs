//! A model that never answers: the decision refers at the deadline; and what many
//! swaps of models leave behind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use krites::{Date, Engine, Release, ReleaseBuilder};
use krites_model::testing::{endless_above_zero, say_skipped};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};

const POLICY: &str = r#"
policy slow { version "1" }
reason M01 "The model did not answer in time"
enum Outcome { accept < refer }
input { x : decimal in -100 to 100 }
model curve from "curve.onnx" {
    feed { x }
    give y : decimal = y rounded to 4 digits
    within 20 ms
    on fault refer because M01
}
decide outcome : Outcome most severe {
    rule high when curve.y > 0.9 then refer
    rule rest otherwise then accept
}
reasons { for refer : rules that spoke }
"#;

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// One at a time: the sessions of the process are counted.
static SESSIONS: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Builds a release, or says that the test is skipped.
fn built(builder: ReleaseBuilder) -> Option<Release> {
    if let Err(error) = OnnxRuntime::locate(&Hints::default()) {
        say_skipped(&error);
        return None;
    }
    match builder.build() {
        Ok(release) => Some(release),
        Err(error) => panic!("{error}"),
    }
}

fn slow() -> ReleaseBuilder {
    Release::builder()
        .policy("slow.krites", POLICY.replace("20 ms", "60000 ms"))
        .model("curve.onnx", endless_above_zero())
}

#[test]
fn a_model_that_never_answers_refers_at_its_deadline() {
    let _alone = SESSIONS.lock();
    let builder = slow().policy("slow.krites", POLICY);
    let Some(release) = built(builder) else {
        return;
    };
    let engine = Engine::new(release);
    let mut decider = engine.decider("slow").unwrap();
    for _ in 0..50 {
        let decision = decider
            .decide(day(), &serde_json::json!({ "x": 1 }))
            .unwrap();
        assert_eq!(decision.outcome(), "refer");
        let reasons: Vec<_> = decision.reasons().collect();
        assert_eq!(
            format!("{reasons:?}").matches("M01").count(),
            1,
            "{reasons:?}"
        );
        let faults: Vec<String> = decision
            .faults()
            .map(|fault| format!("{fault:?}"))
            .collect();
        assert!(
            faults.len() == 1 && faults[0].contains("did not answer in time"),
            "{faults:?}"
        );
    }
}

/// Kilobytes that a swap may leave behind
const SLOPE: u64 = 64;

fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[test]
fn two_hundred_swaps_leave_no_session_behind() {
    let _alone = SESSIONS.lock();
    let Some(release) = built(slow()) else { return };
    let alive = OnnxRuntimeModel::sessions_alive();
    let made = OnnxRuntimeModel::sessions_made();
    let engine = Engine::new(release);
    let stop = Arc::new(AtomicBool::new(false));
    let serving = {
        let (engine, stop) = (engine.clone(), stop.clone());
        std::thread::spawn(move || {
            let mut decider = engine.decider("slow").unwrap();
            let mut decided = 0_u64;
            while !stop.load(Ordering::Relaxed) {
                let decision = decider
                    .decide(day(), &serde_json::json!({ "x": -1 }))
                    .unwrap();
                assert_eq!(decision.outcome(), "accept");
                decided += 1;
            }
            decided
        })
    };
    let swap = |count: usize| {
        for turn in 0..count {
            // Other bytes are another model: the version of the producer tells them apart.
            let mut bytes = endless_above_zero();
            bytes.extend([0x1a, 1, b'a' + u8::try_from(turn % 26).unwrap()]);
            let next = engine
                .deployment()
                .release()
                .derive()
                .model("curve.onnx", bytes);
            engine.publish(built(next).unwrap()).unwrap();
        }
    };
    swap(40);
    let before = resident();
    swap(160);
    let after = resident();
    stop.store(true, Ordering::Relaxed);
    let decided = serving.join().unwrap();
    let now = OnnxRuntimeModel::sessions_alive();
    let made = OnnxRuntimeModel::sessions_made() - made;
    println!(
        "200 swaps, {decided} decisions: {made} sessions made, {alive} alive before, {now} after"
    );
    assert_eq!(made, 400);
    // The release that serves and the one before it, two sessions each.
    assert_eq!(now, alive + 2);
    if let (Some(before), Some(after)) = (before, after) {
        let grown = after.saturating_sub(before);
        println!("160 swaps: {grown} kB more");
        assert!(grown <= 160 * SLOPE, "{grown} kB more");
    }
}

//! Hostile files: each is refused by an error that names its place, or runs within
//! bounds; none panics, and none takes memory beyond its size and a constant.
//!
//! What is said of each stands in `hostile/outcomes.txt`; `KRITES_BLESS=1` writes it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod families;
#[path = "hostile/graphs.rs"]
mod graphs;
#[path = "hostile/nodes.rs"]
mod nodes;
#[path = "hostile/wire.rs"]
mod wire;

use std::fmt::{Debug, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use families::wire::damaged as wire_damage;
use families::{families, operators::operators, rows};
use krites_model::testing::Numbers;
use krites_model::{ImportError, NativeModel, NotNative, OnnxModel, Scratch, native_operators};

/// Memory that a model of any size may take while it is read, compiled and run once
const MEMORY: u64 = 128 << 20;

/// Memory for each byte of a file
const MEMORY_A_BYTE: u64 = 48;

/// Time that any of the files may take, without optimisation, beside other work
const TIME: Duration = Duration::from_secs(120);

/// A hostile file by name
type Hostile = (String, Vec<u8>);

#[test]
fn hostile_files_are_refused_with_their_place_or_run() {
    let mut files: Vec<Hostile> = wire::files();
    files.extend(graphs::files());
    files.extend(nodes::files());
    assert!(files.len() >= 60, "{}", files.len());
    let mut told = String::new();
    for (name, bytes) in &files {
        writeln!(told, "{name}\n    {}", within_bounds(name, bytes)).unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/outcomes.txt");
    if std::env::var_os("KRITES_BLESS").is_some() {
        std::fs::write(path, &told).unwrap();
    }
    let expected = std::fs::read_to_string(path).unwrap();
    for (told, expected) in told.lines().zip(expected.lines()) {
        assert_eq!(told, expected, "KRITES_BLESS=1 writes what is told");
    }
    assert_eq!(told, expected, "KRITES_BLESS=1 writes what is told");
    println!("{} hostile files", files.len());
}

#[test]
fn damaged_models_are_refused_or_run() {
    let mut numbers = Numbers(2026);
    let mut counts = [0_usize; 4];
    for (name, bytes) in families::all() {
        for _ in 0..tries() {
            // Most flipped bytes make a file that cannot be read.
            let damaged = match numbers.below(4) {
                0 => damage(&bytes, &mut numbers),
                _ => wire_damage(&bytes, &mut |bound| numbers.below(bound)),
            };
            let outcome = within_bounds(&name, &damaged);
            let kind = ["import", "native", "damaged", "runs"];
            let found = kind.iter().position(|kind| outcome.starts_with(kind));
            counts[found.unwrap()] += 1;
        }
    }
    let [import, native, damaged, runs] = counts;
    println!(
        "damaged models: {import} not read, {native} not native, {damaged} contradict themselves, {runs} run"
    );
}

#[test]
fn models_that_are_cut_short_are_refused_or_run() {
    let mut count = 0;
    for (name, bytes) in families::all() {
        for len in (0..bytes.len()).step_by(1 + bytes.len() / 60) {
            within_bounds(&name, &bytes[..len]);
            count += 1;
        }
    }
    println!("{count} models cut short");
}

#[test]
fn undamaged_models_run() {
    let mut known = std::collections::BTreeSet::new();
    for (name, bytes) in families() {
        assert!(within_bounds(name, &bytes).starts_with("runs"), "{name}");
        known.extend(
            OnnxModel::parse(&bytes)
                .unwrap()
                .contents()
                .operators
                .keys()
                .cloned(),
        );
    }
    for (name, bytes) in operators() {
        let outcome = within_bounds(&name, &bytes);
        let listed = native_operators().any(|operator| operator == name);
        if listed && !outcome.starts_with("runs") {
            println!("{name}: {outcome}");
        }
        known.insert(name);
    }
    let missing: Vec<_> = native_operators()
        .filter(|name| !known.contains(*name))
        .collect();
    println!("operators that are never damaged: {missing:?}");
}

/// Damaged copies of each small model
fn tries() -> usize {
    let given = std::env::var("KRITES_DAMAGE").ok();
    given.map_or(120, |given| given.parse().unwrap())
}

/// Changes, takes out, doubles or puts in a few bytes.
fn damage(bytes: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(damaged.len());
        match numbers.below(8) {
            0 => drop(damaged.remove(at)),
            1 => damaged.insert(at, numbers.below(256) as u8),
            2 => damaged[at] = [0, 1, 0x7f, 0x80, 0xff][numbers.below(5)],
            3 => {
                let to = (at + 1 + numbers.below(12)).min(damaged.len());
                let again = damaged[at..to].to_vec();
                damaged.splice(at..at, again);
            }
            // Small numbers hold places, lengths and kinds.
            4 => damaged[at] = damaged[at].wrapping_add(1),
            5 => damaged[at] = damaged[at].wrapping_sub(1),
            _ => damaged[at] ^= 1 << numbers.below(8),
        }
    }
    damaged
}

/// Reads, compiles and runs a file, and says how it ended.
fn within_bounds(name: &str, bytes: &[u8]) -> String {
    let begun = Instant::now();
    let mut told = Ok(String::new());
    let memory = allocation_counter::measure(|| {
        told = catch_unwind(AssertUnwindSafe(|| outcome(bytes)));
    });
    let bound = MEMORY + MEMORY_A_BYTE * bytes.len() as u64;
    let (peak, time) = (memory.bytes_max, begun.elapsed());
    if time > Duration::from_secs(1) {
        println!("{name}: {time:?}");
    }
    let keep = || {
        let path = std::env::temp_dir().join("krites-hostile.onnx");
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let told = told.unwrap_or_else(|_| panic!("{name}: panics; the file is {}", keep()));
    assert!(
        peak <= bound,
        "{name}: {} bytes take {peak} of {bound}: {told}; the file is {}",
        bytes.len(),
        keep()
    );
    assert!(
        time <= TIME,
        "{name}: takes {time:?}: {told}; the file is {}",
        keep()
    );
    told
}

fn outcome(bytes: &[u8]) -> String {
    let onnx = match OnnxModel::parse(bytes) {
        Ok(onnx) => onnx,
        Err(error) => return format!("import {}: {error}", variant::<ImportError>(&error)),
    };
    let model = match NativeModel::from_onnx(&onnx) {
        Ok(model) => model,
        Err(error) if error.is_malformed() => return format!("damaged: {error}"),
        Err(error) => return format!("native {}: {error}", variant::<NotNative>(&error)),
    };
    // What a case of a wide model takes beside the model is counted, too.
    let wide = onnx.signature().inputs.iter().any(|spec| spec.width > 1000);
    let n_rows = if wide { 1 } else { 3 };
    let columns = rows::rows(onnx.signature(), n_rows, 1);
    match rows::run(&model, &columns, 0, n_rows, &mut Scratch::default()) {
        Ok(_) => "runs".to_owned(),
        Err(error) => format!("runs, and says: {error}"),
    }
}

fn variant<T: Debug>(error: &T) -> String {
    let shown = format!("{error:?}");
    let end = shown.find(|c: char| !c.is_alphanumeric());
    shown[..end.unwrap_or(shown.len())].to_owned()
}

//! The same rows give the same bits: in batches of any size, on two threads, and, by
//! hashes in `bits/hashes.txt`, in any build and on any machine.
//!
//! `KRITES_BLESS=1` writes the hashes where answers change on purpose. NaN counts as one
//! value: machines differ in its sign.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod families;
#[allow(dead_code, reason = "the files alone are needed here")]
#[path = "support/mod.rs"]
mod shared;

use std::collections::BTreeMap;

use families::rows::{self, Column};
use krites_model::testing::say_skipped;
use krites_model::{Model, NativeModel, OnnxModel, OutputTensor, Scratch};

/// Rows of a model of a family, of a single operator, and of a shared model, whose rows
/// are wide
const N_ROWS: [usize; 3] = [2000, 500, 300];

/// Rows that go through a model together
const BATCHES: [usize; 4] = [1, 7, 64, 1024];

#[test]
fn models_give_the_same_bits_in_any_batch_build_and_machine() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bits/hashes.txt");
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let mut known: BTreeMap<String, String> = known
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, hash)| (name.to_owned(), hash.to_owned()))
        .collect();
    let bless = std::env::var_os("KRITES_BLESS").is_some();
    let (mut n_models, mut differ) = (0, Vec::new());
    for (name, n_rows, bytes) in models() {
        let model = NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap());
        // What is not native yet has no bits to keep.
        let Ok(model) = model else { continue };
        let hash = hash_in_all_ways(&name, &model, n_rows);
        n_models += 1;
        if bless {
            known.insert(name, hash);
        } else if known.get(&name) != Some(&hash) {
            differ.push(format!("{name} {hash}"));
        }
    }
    if bless {
        let lines: Vec<String> = known
            .iter()
            .map(|(name, hash)| format!("{name} {hash}\n"))
            .collect();
        std::fs::write(path, lines.concat()).unwrap();
    }
    println!("{n_models} models in batches of {BATCHES:?} and on two threads");
    assert!(
        differ.is_empty(),
        "other bits than {path} has; KRITES_BLESS=1 writes them:\n{}",
        differ.join("\n")
    );
}

/// The families, and the models that are shared beside the repository, where they are.
fn models() -> Vec<(String, usize, Vec<u8>)> {
    let families = families::families().into_iter();
    let operators = families::operators::operators().into_iter();
    let mut models: Vec<_> = families
        .map(|(name, bytes)| (name.to_owned(), N_ROWS[0], bytes))
        .chain(operators.map(|(name, bytes)| (name, N_ROWS[1], bytes)))
        .collect();
    match shared::fixtures() {
        Some(fixtures) => models.extend(
            fixtures
                .into_iter()
                .map(|fixture| (format!("shared {}", fixture.name), N_ROWS[2], fixture.bytes)),
        ),
        None => say_skipped(&"the shared models: no models at KRITES_DATA"),
    }
    models
}

fn hash_in_all_ways(name: &str, model: &NativeModel, n_rows: usize) -> String {
    let columns = rows::rows(model.signature(), n_rows, 17);
    let all = hash(model, &columns, n_rows, n_rows);
    for batch in BATCHES {
        assert_eq!(
            hash(model, &columns, n_rows, batch),
            all,
            "{name} in batches of {batch}"
        );
    }
    std::thread::scope(|scope| {
        let threads = [64, 7].map(|batch| {
            scope.spawn({
                let columns = &columns;
                move || hash(model, columns, n_rows, batch)
            })
        });
        for thread in threads {
            assert_eq!(thread.join().unwrap(), all, "{name} on two threads");
        }
    });
    all
}

/// Hashes all outputs, row by row.
fn hash(model: &NativeModel, columns: &[Column], n_rows: usize, batch: usize) -> String {
    let mut hasher = blake3::Hasher::new();
    let scratch = &mut Scratch::default();
    for from in (0..n_rows).step_by(batch) {
        let to = (from + batch).min(n_rows);
        match rows::run(model, columns, from, to, scratch) {
            Ok(outputs) => (0..to - from).for_each(|row| add(&mut hasher, &outputs, row)),
            // What is not answered for a row is not answered for its batch.
            Err(error) if batch == 1 => drop(hasher.update(error.to_string().as_bytes())),
            Err(_) => return hash(model, columns, n_rows, 1),
        }
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

fn add(hasher: &mut blake3::Hasher, outputs: &[OutputTensor], row: usize) {
    for output in outputs {
        match output {
            OutputTensor::Float(all) => all.row(row).iter().for_each(|x| {
                let x = if x.is_nan() {
                    f32::INFINITY.to_bits() + 1
                } else {
                    x.to_bits()
                };
                hasher.update(&x.to_le_bytes());
            }),
            OutputTensor::Double(all) => all.row(row).iter().for_each(|x| {
                let x = if x.is_nan() {
                    f64::INFINITY.to_bits() + 1
                } else {
                    x.to_bits()
                };
                hasher.update(&x.to_le_bytes());
            }),
            OutputTensor::Integer(all) => all.row(row).iter().for_each(|x| {
                hasher.update(&x.to_le_bytes());
            }),
            OutputTensor::Boolean(all) => all.row(row).iter().for_each(|&x| {
                hasher.update(&[x.into()]);
            }),
            OutputTensor::Text(all) => all.row(row).iter().for_each(|text| {
                hasher.update(&(text.len() as u64).to_le_bytes());
                hasher.update(text.as_bytes());
            }),
        }
    }
}

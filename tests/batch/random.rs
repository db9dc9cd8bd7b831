//! Policies at random over models that wait and models that do not: native ones, and those of
//! the host that fail, answer no number or ask to be called row by row.
//!
//! `KRITES_BATCHES` says how many, `KRITES_SEED` with which seed they begin.

mod models;
mod policy;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use krites::{Columns, Decider, Engine, Facts, Release};
use krites_model::testing::Numbers;

use super::{batch, day, told};
use policy::{Written, written};

#[derive(Clone, Debug, Facts)]
struct Row {
    a: i64,
    b: Option<i64>,
    big: i64,
    flag: Option<bool>,
    word: String,
}

/// A decider of its own release; what the checker says where it refuses the policy
fn decider(written: &Written) -> Result<(Decider, Arc<Release>), String> {
    let builder = Release::builder().policy("random.krites", written.text.as_str());
    let native = written.native.iter();
    let builder = native.fold(builder, |builder, (file, bytes)| {
        builder.model(file.as_str(), bytes.clone())
    });
    let hosted = written.hosted.iter();
    let builder = hosted.fold(builder, |builder, (file, model)| {
        builder.host_model(file.as_str(), model.clone(), file.as_bytes())
    });
    let release = Arc::new(builder.build().map_err(|error| error.to_string())?);
    let decider = Engine::new(release.clone()).decider("random").unwrap();
    Ok((decider, release))
}

fn rows(numbers: &mut Numbers) -> Vec<Row> {
    let count = [0, 1, 40, 255, 256, 257, 300][numbers.below(7)];
    let mut rows = Vec::new();
    for _ in 0..count {
        rows.push(Row {
            // One in a hundred lies out of range.
            a: numbers.below(1_010) as i64,
            b: (numbers.below(4) > 0).then(|| numbers.below(1_200) as i64),
            big: match numbers.below(20) {
                0 => i64::MAX / 7,
                _ => numbers.below(90) as i64,
            },
            flag: [None, Some(false), Some(true)][numbers.below(3)],
            word: format!("w{}", "x".repeat(numbers.below(6))),
        });
    }
    rows
}

fn field<T>(rows: &[Row], field: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(field).collect()
}

/// Decides until a row, and leaves.
fn left_at(decider: &mut Decider, rows: &[Row], last: usize) -> Vec<String> {
    let mut all = Vec::new();
    let done = decider.try_decide_batch(day(), rows, |row, decided| {
        all.push(told(decided));
        match row == last {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    assert_eq!(done.unwrap(), ControlFlow::Break(()));
    all
}

fn wanted(name: &str, otherwise: usize) -> usize {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |given| given.parse().expect(name))
}

#[test]
fn policies_at_random_are_decided_alike() {
    let (policies, seed) = (wanted("KRITES_BATCHES", 24), wanted("KRITES_SEED", 1));
    let (mut refused, mut first_refusal) = (0, String::new());
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in seed..seed + policies {
        let numbers = &mut Numbers(seed as u64);
        let written = written(numbers);
        let rows = rows(numbers);
        let text = &written.text;
        let (mut single, of_singles) = match decider(&written) {
            Ok(made) => made,
            Err(error) => {
                refused += 1;
                first_refusal = format!("seed {seed}\n{text}\n{error}");
                continue;
            }
        };
        let (mut many, of_batches) = decider(&written).unwrap();
        let alone: Vec<String> = rows
            .iter()
            .map(|row| told(single.decide_facts(day(), row)))
            .collect();
        let check = |together: &[String], way: &str| {
            for (row, (together, alone)) in together.iter().zip(&alone).enumerate() {
                assert_eq!(together, alone, "seed {seed}, {way}, row {row}\n{text}");
            }
        };
        let together = batch(&mut many, &rows);
        assert_eq!(together.len(), alone.len());
        check(&together, "typed facts");
        let counts = |release: &Release| {
            let models = release.models().values();
            models.map(|model| model.fault_counts()).collect::<Vec<_>>()
        };
        assert_eq!(
            counts(&of_batches),
            counts(&of_singles),
            "seed {seed}\n{text}"
        );
        if !rows.is_empty() {
            let last = numbers.below(rows.len());
            let until = left_at(&mut many, &rows, last);
            assert_eq!(until.len(), last + 1);
            check(&until, "left");
            // What waited is forgotten.
            let row = numbers.below(rows.len());
            let own = told(many.decide_facts(day(), &rows[row]));
            assert_eq!(own, alone[row], "seed {seed}\n{text}");
        }
        let columns = [field(&rows, |row| row.a), field(&rows, |row| row.big)];
        let (b, flag) = (field(&rows, |row| row.b), field(&rows, |row| row.flag));
        let word = field(&rows, |row| row.word.clone());
        let columns = Columns::new(rows.len())
            .column("word", &word)
            .column("big", &columns[1])
            .column("flag", &flag)
            .column("a", &columns[0])
            .column("b", &b);
        check(&batch(&mut many, &columns), "columns");
        for words in [
            "error: `a`",
            "error: output",
            "not taken",
            "\"stood_in\"",
            "outside",
            "finite",
            "shadow",
            "approve",
            "decline",
        ] {
            *found.entry(words).or_default() +=
                alone.iter().filter(|told| told.contains(words)).count();
        }
    }
    println!("{found:?}, {refused} of {policies} policies refused");
    assert!(refused * 5 < policies, "{refused} refused\n{first_refusal}");
    for (words, count) in found {
        assert!(count > policies / 4, "{words}: {count}");
    }
}

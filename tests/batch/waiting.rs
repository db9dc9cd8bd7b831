//! Rows that wait for models, one after the other.

use std::ops::ControlFlow;
use std::sync::Arc;

use krites::{Decider, Engine, Facts, Release};

use super::scorer::Scorer;
use super::{batch, day, told};

/// Asks one model, then where that is not sure another, one in shadow, and one whose answers
/// stand in; what is wrong with an answer is now handled, now a fault of the row.
const POLICY: &str = r#"
policy scored { version "1"; on fault refer because M00 }
reason M00 "Could not be computed"
reason R01 "Too high"
enum Outcome { approve < refer < decline }
input {
    x     : integer in 0 to 1_000
    other : integer?
}
define { shifted = x * 3 - 17 }
model first from "first.onnx" {
    feed { x = x }
    give y : decimal in 0 to 900 = y
    on fault decline because R01
}
model second from "second.onnx" {
    feed { x = other if missing 13 }
    give y : decimal = y
}
model third from "third.onnx" {
    feed { x = x }
    give y : decimal in 0 to 500 = y
    on fault use y = 0 and tag stood_in
}
model challenger from "second.onnx" shadow {
    feed { x = x }
    give y : decimal in 0 to 900 = y
}
shadow with_challenger { with first = challenger; compare outcome }
cascade score : decimal? {
    try second.y when x is not 21 and second.y < 50 on fault next
    try first.y when shifted > 1
    try third.y when x < 900
    otherwise missing
}
decide outcome : Outcome most severe {
    rule small when x < 5 then approve
    rule high when x > 3 and score is present and score > 300 then decline because R01
    rule both when x > 40 and third.y > second.y then refer because R01
    rule rest otherwise then approve
}
output { score : decimal? = score; record third.y if asked }
reasons { for refer, decline : rules that spoke }
"#;

#[derive(Clone, Copy, Debug, Facts)]
struct Scored {
    x: i64,
    other: Option<i64>,
}

/// Deciders of the same policy and models of their own, with these models
fn scored(batches_change_bits: bool) -> (Decider, Arc<Release>, Vec<Arc<Scorer>>) {
    let factors = [1.5, 0.75, 2.0];
    let models = factors.map(|factor| Scorer::new(factor, batches_change_bits));
    let files = ["first.onnx", "second.onnx", "third.onnx"];
    let builder = Release::builder().policy("scored.krites", POLICY);
    let release = files
        .iter()
        .zip(&models)
        .fold(builder, |builder, (file, model)| {
            builder.host_model(*file, model.clone(), file.as_bytes())
        })
        .build();
    let release = Arc::new(release.unwrap_or_else(|error| panic!("{error}")));
    let decider = Engine::new(release.clone()).decider("scored").unwrap();
    (decider, release, models.into())
}

fn cases(rows: usize) -> Vec<Scored> {
    (0..rows as i64)
        .map(|row| Scored {
            // Some of them are out of range.
            x: (row * 37 + row / 7) % 1_003,
            other: (row % 5 > 0).then_some(row * 11 % 90),
        })
        .collect()
}

#[test]
fn rows_that_wait_for_models_are_decided_as_alone() {
    for batches_change_bits in [false, true] {
        let (mut single, single_release, single_models) = scored(batches_change_bits);
        let (mut many, many_release, many_models) = scored(batches_change_bits);
        for rows in [0, 1, 2, 63, 64, 65, 255, 256, 257, 1_000] {
            let cases = cases(rows);
            let alone: Vec<String> = cases
                .iter()
                .map(|case| told(single.decide_facts(day(), case)))
                .collect();
            let together = batch(&mut many, cases.as_slice());
            for (row, (together, alone)) in together.iter().zip(&alone).enumerate() {
                assert_eq!(together, alone, "row {row} of {rows}: {:?}", cases[row]);
            }
            assert_eq!(together.len(), rows);
            for (model, (single, many)) in single_models.iter().zip(&many_models).enumerate() {
                let ((calls, asked), (together, _)) = (single.counted(), many.counted());
                assert_eq!(calls, asked);
                if batches_change_bits {
                    assert_eq!(together, calls);
                } else if model != 1 && rows == 64 {
                    assert!(asked > 10 && together <= 2, "{together} for {asked} rows");
                }
            }
            for (single, many) in single_release
                .models()
                .values()
                .zip(many_release.models().values())
            {
                assert_eq!(single.fault_counts(), many.fault_counts());
            }
            if rows == 1_000 {
                let errors = alone.iter().filter(|told| told.starts_with("error"));
                assert!(errors.count() > 0);
                for words in ["thirteen", "stood_in", "outside", "approve", "refer"] {
                    let found = alone.iter().filter(|told| told.contains(words)).count();
                    assert!(found > 0, "{words}");
                }
            }
        }
    }
}

/// A release of one model of the host, which is always asked
fn of_one(version: &str, factor: f32) -> (Release, Arc<Scorer>) {
    let policy = "policy one { version \"VERSION\"; on fault refer because M00 }\n\
        reason M00 \"Could not be computed\"\n\
        enum Outcome { approve < refer < decline }\n\
        input { x : integer }\n\
        model first from \"first.onnx\" { feed { x = x }; give y : decimal = y }\n\
        decide outcome : Outcome most severe {\n\
            rule high when first.y > 300 then decline because M00\n\
            rule rest otherwise then approve\n\
        }\n\
        output { record first.y if asked }\n\
        reasons { for refer, decline : rules that spoke }\n";
    let model = Scorer::new(factor, false);
    let release = Release::builder()
        .policy("one.krites", policy.replace("VERSION", version))
        .host_model("first.onnx", model.clone(), version.as_bytes())
        .build();
    (release.unwrap_or_else(|error| panic!("{error}")), model)
}

#[derive(Clone, Copy, Debug, Facts)]
struct One {
    x: i64,
}

#[test]
fn rows_that_wait_go_on_with_the_models_of_their_release() {
    let rows: Vec<One> = (20..620).map(|x| One { x }).collect();
    let (before, old) = of_one("1", 1.0);
    let (behind, new) = of_one("2", 0.5);
    let (same, _) = of_one("1", 1.0);
    let mut single = Engine::new(same).decider("one").unwrap();
    let engine = Engine::new(before);
    let mut decider = engine.decider("one").unwrap();
    let mut behind = Some(behind);
    let done = decider.decide_batch(day(), &rows, |row, decided| {
        if row == 300 {
            engine.publish(behind.take().unwrap()).unwrap();
        }
        let decided = decided.unwrap();
        let own = single.decide_facts(day(), &rows[row]).unwrap();
        assert_eq!(decided.canonical(), own.canonical(), "row {row}");
    });
    done.unwrap();
    assert_eq!((old.counted(), new.counted()), ((3, 600), (0, 0)));
    let declined = batch(&mut decider, &rows);
    let declined = declined.iter().filter(|told| told.contains("decline"));
    assert_eq!(declined.count(), 19, "from 601 to 619");
    assert_eq!((old.counted(), new.counted()), ((0, 0), (3, 600)));
}

#[test]
fn a_batch_that_is_left_leaves_nothing_behind() {
    let (mut decider, _, models) = scored(false);
    let (mut single, ..) = scored(false);
    let cases = cases(600);
    for last in [0, 1, 200, 255, 256, 300] {
        let _: Vec<_> = models.iter().map(|model| model.counted()).collect();
        let mut seen = 0;
        let done = decider.try_decide_batch(day(), &cases, |row, decided| {
            assert_eq!(told(decided), told(single.decide_facts(day(), &cases[row])));
            seen += 1;
            match row == last {
                true => ControlFlow::Break(row),
                false => ControlFlow::Continue(()),
            }
        });
        assert_eq!((done.unwrap(), seen), (ControlFlow::Break(last), last + 1));
        // No block is begun behind the one that is left.
        let asked: Vec<_> = models.iter().map(|model| model.counted()).collect();
        let begun = cases.len().min((last / 256 + 1) * 256);
        batch(&mut decider, &cases[..begun]);
        for (model, (calls, rows)) in models.iter().zip(asked) {
            let all = model.counted();
            assert!(calls <= all.0 && rows <= all.1, "left at {last}");
        }
        // A case alone is answered at once, and a batch of one row has its own answer.
        for case in [cases[7], cases[40]] {
            let own = told(single.decide_facts(day(), &case));
            assert_eq!(told(decider.decide_facts(day(), &case)), own);
            assert_eq!(batch(&mut decider, &[case][..]), [own]);
        }
    }
    // A callback that panics leaves the decider as one that breaks.
    let left = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let done = decider.decide_batch(day(), &cases, |row, _| assert!(row < 100, "left"));
        done.unwrap();
    }));
    assert!(left.is_err());
    let own = told(single.decide_facts(day(), &cases[40]));
    assert_eq!(told(decider.decide_facts(day(), &cases[40])), own);
    assert_eq!(batch(&mut decider, &cases[40..41]), [own]);
}

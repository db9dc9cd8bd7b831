//! Rules and a model: 100 trees of 31 leaves over 15 inputs, two rules before them and three
//! behind, as a bank cuts a score; beside the model asked for all rows in one call, and the
//! same cases decided one by one.

use std::fmt::Write as _;
use std::hint::black_box;

use krites::model::{Call, InputTensor, OutputTensor, Scratch};
use krites::{Columns, Decision, Engine, Facts, OutputValue, Release};
use ndarray::Array2;

use super::support::Random;
use super::trees::{classifier, leaf_wise};
use super::{date, in_turns};

/// Columns of the model, each from 0 to below [`WIDEST`]
const COLUMNS: usize = 15;
const WIDEST: i64 = 1_000;

/// A case, as typed facts have it
#[derive(Facts)]
struct Case {
    c0: i64,
    c1: i64,
    c2: i64,
    c3: i64,
    c4: i64,
    c5: i64,
    c6: i64,
    c7: i64,
    c8: i64,
    c9: i64,
    c10: i64,
    c11: i64,
    c12: i64,
    c13: i64,
    c14: i64,
}

impl Case {
    fn of(
        [
            c0,
            c1,
            c2,
            c3,
            c4,
            c5,
            c6,
            c7,
            c8,
            c9,
            c10,
            c11,
            c12,
            c13,
            c14,
        ]: [i64; COLUMNS],
    ) -> Case {
        Case {
            c0,
            c1,
            c2,
            c3,
            c4,
            c5,
            c6,
            c7,
            c8,
            c9,
            c10,
            c11,
            c12,
            c13,
            c14,
        }
    }
}

/// Reads what a host would.
fn read(decision: &Decision<'_>) {
    let probability = match decision.outputs().next() {
        Some((_, Some(OutputValue::Exact(value)))) => Some(value),
        _ => None,
    };
    black_box((decision.outcome(), probability, decision.reasons().next()));
}

/// As LightGBM and onnxmltools write two classes
fn model() -> Vec<u8> {
    let mut random = Random(1);
    let mut trees: Vec<_> = (0..100)
        .map(|_| leaf_wise(&mut random, COLUMNS, 31))
        .collect();
    for node in trees.iter_mut().flatten() {
        node.threshold *= WIDEST as f32;
    }
    classifier(&trees, COLUMNS as i64, "BRANCH_LEQ", false)
}

/// Whole numbers, the last five of them amounts
fn policy() -> String {
    let mut inputs = String::new();
    let mut names = Vec::new();
    for column in 0..COLUMNS {
        let ty = if column < 10 { "integer" } else { "money(GBP)" };
        writeln!(inputs, "    c{column} : {ty} in 0 to {WIDEST}").unwrap();
        names.push(format!("c{column}"));
    }
    format!(
        "policy risk {{ version \"1\"; on fault refer because M00 }}\n\
         reason M00 \"Could not be computed\"\n\
         reason R01 \"Too young\"\n\
         reason R02 \"Too much debt\"\n\
         reason R03 \"Risk too high\"\n\
         reason R04 \"Risk to be looked at\"\n\
         enum Outcome {{ approve < refer < decline }}\n\
         input {{\n{inputs}}}\n\
         columns features {{ {} }}\n\
         model risk from \"risk.onnx\" {{\n\
             feed {{ x = features }}\n\
             give probability : decimal in 0 to 1 = scores of class 1\n\
         }}\n\
         decide outcome : Outcome first match {{\n\
             rule young when c0 < 20 then decline because R01\n\
             rule debts when c11 > 950 and c1 < 500 then decline because R02\n\
             rule high when risk.probability > 65% then decline because R03\n\
             rule middle when risk.probability > 55% then refer because R04\n\
             rule rest otherwise then approve\n\
         }}\n\
         reasons {{ for refer, decline : rules that spoke }}\n\
         output {{ record risk.probability if asked }}\n",
        names.join(", ")
    )
}

pub(crate) fn measure(rows: usize, rounds: usize) {
    let builder = Release::builder()
        .policy("risk.krites", policy())
        .model("risk.onnx", model());
    let release = builder.build().unwrap_or_else(|error| panic!("{error}"));
    let alone = release.policy("risk").unwrap().models()[0].model().clone();
    let engine = Engine::new(release);
    let [mut single, mut batch] = [0, 1].map(|_| engine.decider("risk").unwrap());
    let mut random = Random(5);
    let held: Vec<Vec<i64>> = (0..COLUMNS)
        .map(|_| (0..rows).map(|_| random.whole(0, WIDEST)).collect())
        .collect();
    let names: Vec<String> = (0..COLUMNS).map(|column| format!("c{column}")).collect();
    let columns = |rows: usize| {
        let both = names.iter().zip(&held);
        both.fold(Columns::new(rows), |all, (name, values)| {
            all.column(name, &values[..rows])
        })
    };
    let cases: Vec<Case> = (0..rows)
        .map(|row| Case::of(std::array::from_fn(|column| held[column][row])))
        .collect();
    // Rows of a smaller batch are decided as rows of a larger one, and as single ones.
    let mut asked = 0;
    let mut outcomes = [0; 3];
    let done = batch.decide_batch(date(), &columns(rows), |row, decided| {
        let decision = decided.unwrap();
        let outcome = ["approve", "refer", "decline"]
            .iter()
            .position(|outcome| *outcome == decision.outcome());
        outcomes[outcome.unwrap()] += 1;
        asked += usize::from(decision.output("risk.probability").is_some());
        if row % 37 == 0 {
            let own = single.decide_facts(date(), &cases[row]).unwrap();
            assert_eq!(decision.canonical(), own.canonical(), "row {row}");
        }
    });
    done.unwrap();
    assert!(asked * 10 > rows * 9 && outcomes.iter().all(|outcome| outcome * 50 > rows));
    let mut count = |rows: usize| {
        let columns = columns(rows);
        let unread = |_: usize, it: Result<Decision<'_>, _>| drop(black_box(it));
        batch.decide_batch(date(), &columns, unread).unwrap();
        let counted = allocation_counter::measure(|| {
            batch.decide_batch(date(), &columns, unread).unwrap();
        });
        counted.count_total
    };
    assert_eq!(count(rows), count(rows / 2), "a warm batch allocates");

    let fed = Array2::from_shape_fn((rows, COLUMNS), |(row, column)| held[column][row] as f32);
    let specs = alone.signature().outputs.iter();
    let mut outputs: Vec<OutputTensor> = specs
        .map(|spec| OutputTensor::for_spec(spec, rows))
        .collect();
    let mut scratch = Scratch::default();
    println!(
        "\n100 trees of 31 leaves over {COLUMNS} inputs, five rules; {:.0}% of the rows ask the model",
        100.0 * asked as f64 / rows as f64
    );
    let columns = columns(rows);
    in_turns(
        (rows, rounds),
        [
            ("the model alone", &mut || {
                let inputs = [InputTensor::Float(fed.view())];
                let call = &mut Call {
                    inputs: &inputs,
                    outputs: &mut outputs,
                    within: None,
                    scratch: &mut scratch,
                };
                alone.run(call).unwrap();
            }),
            ("a batch of columns", &mut || {
                let done = batch.decide_batch(date(), &columns, |_, it| read(&it.unwrap()));
                done.unwrap();
            }),
            ("single decisions", &mut || {
                for case in &cases {
                    read(&single.decide_facts(date(), case).unwrap());
                }
            }),
        ],
    );
}

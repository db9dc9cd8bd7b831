//! A scorecard of 15 features with 5 bins each.
//!
//! By hand: without a branch, by counting the bounds at or below a value.

use std::fmt::Write as _;
use std::hint::black_box;

use krites::Release;
use krites::lang::OutputValue;
use serde::{Deserialize, Serialize};

use super::support::{CASES, Random};
use super::{date, decider, measure};

const FEATURES: usize = 15;

const NAMES: [&str; FEATURES] = [
    "attr_0", "attr_1", "attr_2", "attr_3", "attr_4", "attr_5", "attr_6", "attr_7", "attr_8",
    "attr_9", "attr_10", "attr_11", "attr_12", "attr_13", "attr_14",
];

/// What a bin counts, from the lowest on, and where the others begin
struct Feature {
    bounds: [i64; 4],
    points: [i64; 5],
}

/// A case as a service has it
#[derive(Debug, Deserialize, Serialize)]
struct Typed {
    attr_0: i64,
    attr_1: i64,
    attr_2: i64,
    attr_3: i64,
    attr_4: i64,
    attr_5: i64,
    attr_6: i64,
    attr_7: i64,
    attr_8: i64,
    attr_9: i64,
    attr_10: i64,
    attr_11: i64,
    attr_12: i64,
    attr_13: i64,
    attr_14: i64,
}

impl Typed {
    #[rustfmt::skip]
    fn values(&self) -> [i64; FEATURES] {
        [
            self.attr_0, self.attr_1, self.attr_2, self.attr_3, self.attr_4, self.attr_5,
            self.attr_6, self.attr_7, self.attr_8, self.attr_9, self.attr_10, self.attr_11,
            self.attr_12, self.attr_13, self.attr_14,
        ]
    }
}

pub(crate) fn measure(rounds: usize) {
    let card = card();
    let mut random = Random(5);
    let json: Vec<String> = (0..CASES)
        .map(|_| {
            let fields = NAMES.map(|name| format!("\"{name}\":{}", random.whole(0, 90)));
            format!("{{{}}}", fields.join(","))
        })
        .collect();
    let typed: Vec<Typed> = json
        .iter()
        .map(|json| serde_json::from_str(json).unwrap())
        .collect();
    let builder = Release::builder().policy("points.krites", policy(&card));
    let mut decider = decider(builder, "points");
    for (json, typed) in json.iter().zip(&typed) {
        let expected = by_hand(&card, &typed.values());
        let told = [
            total(&decider.decide(date(), typed).unwrap()),
            total(&decider.decide_json(date(), json).unwrap()),
        ];
        assert_eq!(told, [expected; 2], "{typed:?}");
    }
    let memory = allocation_counter::measure(|| {
        for (typed, json) in typed.iter().zip(&json) {
            black_box(total(&decider.decide(date(), typed).unwrap()));
            black_box(total(&decider.decide_json(date(), json).unwrap()));
        }
    });
    assert_eq!(memory.count_total, 0, "a warm decision allocates");
    let work = "scorecard, 15 × 5";
    measure::turns(
        work,
        "typed",
        rounds,
        |case| {
            let decision = decider.decide(date(), black_box(&typed[case])).unwrap();
            black_box(total(&decision));
        },
        |case| {
            black_box(by_hand(&card, &black_box(&typed[case]).values()));
        },
    );
    measure::turns(
        work,
        "JSON",
        rounds,
        |case| {
            let decision = decider.decide_json(date(), black_box(&json[case])).unwrap();
            black_box(total(&decision));
        },
        |case| {
            let case: Typed = serde_json::from_str(black_box(&json[case])).unwrap();
            black_box(by_hand(&card, &case.values()));
        },
    );
}

fn total(decision: &krites::Decision<'_>) -> i64 {
    match decision.output("total") {
        Some(OutputValue::Integer(total)) => total,
        other => unreachable!("`total` is {other:?}"),
    }
}

fn card() -> Vec<Feature> {
    let mut random = Random(4);
    (0..FEATURES)
        .map(|_| {
            let mut bound = 0;
            Feature {
                bounds: std::array::from_fn(|_| {
                    bound += random.whole(5, 20);
                    bound
                }),
                points: std::array::from_fn(|_| random.whole(0, 60)),
            }
        })
        .collect()
}

#[inline(never)]
fn by_hand(card: &[Feature], case: &[i64; FEATURES]) -> i64 {
    let points = card.iter().zip(case).map(|(feature, &value)| {
        let bounds = feature.bounds.iter();
        let bin: usize = bounds.map(|&bound| usize::from(value >= bound)).sum();
        feature.points[bin]
    });
    points.sum()
}

fn policy(card: &[Feature]) -> String {
    let mut text = String::from(
        "policy points { version \"1\"; on fault refer because FAULT }\n\
         reason FAULT \"The case could not be computed\"\n\
         enum Outcome { done < refer }\n\
         input {\n",
    );
    for name in NAMES {
        writeln!(text, "    {name} : integer in 0 to 1_000").unwrap();
    }
    text += "}\nscorecard behaviour {\n";
    for (name, feature) in NAMES.iter().zip(card) {
        let ([a, b, c, d], [v, w, x, y, z]) = (feature.bounds, feature.points);
        writeln!(
            text,
            "    {name} {{ below {a} : {v}; {a} to below {b} : {w}; {b} to below {c} : {x}; \
             {c} to below {d} : {y}; {d} and above : {z} }}"
        )
        .unwrap();
    }
    text += "}\ndecide outcome : Outcome first match { rule always otherwise then done }\n\
             output { total : integer = behaviour.points }\n";
    text
}

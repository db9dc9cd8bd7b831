//! A scorecard of 15 features with 5 bins each.
//!
//! By hand: without a branch, by counting the bounds at or below a value.

use std::fmt::Write as _;
use std::hint::black_box;

use krites::lang::OutputValue;
use krites::{Facts, Release};
use serde::{Deserialize, Serialize};

use super::measure::Work;
use super::support::{CASES, Random};

const FEATURES: usize = 15;

/// What a bin counts, from the lowest on, and where the others begin
pub(crate) struct Feature {
    pub(crate) bounds: [i64; 4],
    pub(crate) points: [i64; 5],
}

macro_rules! features {
    ($($name:ident)*) => {
        pub(crate) const NAMES: [&str; FEATURES] = [$(stringify!($name)),*];

        /// A case as a service has it
        #[derive(Debug, Deserialize, Facts, Serialize)]
        pub(crate) struct Typed {
            $($name: i64,)*
        }

        impl Typed {
            pub(crate) fn values(&self) -> [i64; FEATURES] {
                [$(self.$name),*]
            }

            pub(crate) fn at_random(random: &mut Random) -> Self {
                Self { $($name: random.whole(0, 90),)* }
            }
        }
    };
}

features! {
    attr_0 attr_1 attr_2 attr_3 attr_4 attr_5 attr_6 attr_7 attr_8 attr_9 attr_10 attr_11 attr_12
    attr_13 attr_14
}

pub(crate) fn measure(rounds: usize) {
    let card = card();
    let mut random = Random(5);
    let cases: Vec<Typed> = (0..CASES).map(|_| Typed::at_random(&mut random)).collect();
    let builder = Release::builder().policy("points.krites", policy(&card));
    let mut work = Work::new("scorecard, 15 × 5", builder, "points", &cases);
    work.check(|case| by_hand(&card, &case.values()), total);
    work.measure(
        rounds,
        total,
        |case| {
            black_box(by_hand(&card, &case.values()));
        },
        |json| {
            let case: Typed = serde_json::from_str(json).unwrap();
            black_box(by_hand(&card, &case.values()));
        },
    );
}

pub(crate) fn total(decision: &krites::Decision<'_>) -> i64 {
    match decision.output("total") {
        Some(OutputValue::Integer(total)) => total,
        other => unreachable!("`total` is {other:?}"),
    }
}

pub(crate) fn card() -> Vec<Feature> {
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
pub(crate) fn by_hand(card: &[Feature], case: &[i64; FEATURES]) -> i64 {
    let points = card.iter().zip(case).map(|(feature, &value)| {
        let bounds = feature.bounds.iter();
        let bin: usize = bounds.map(|&bound| usize::from(value >= bound)).sum();
        feature.points[bin]
    });
    points.sum()
}

pub(crate) fn policy(card: &[Feature]) -> String {
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

//! Krites itself, from a type that derives `Facts` and from JSON.

use std::hint::black_box;

use krites::{Date, Decider, Decision, Engine, Facts, ReleaseBuilder};

use super::contest::{Both, decides};

/// Builds the release, whose one policy has this name. `read` takes the answer, `told` puts
/// it in words.
pub(crate) fn krites<'e, T: Facts, A>(
    builder: ReleaseBuilder,
    policy: &str,
    typed: &'e [T],
    json: &'e [String],
    read: impl Fn(&Decision<'_>) -> A + Copy + 'e,
    told: impl Fn(&Decision<'_>) -> String + Copy + 'e,
) -> Both<'e> {
    let engine = Engine::new(builder.build().unwrap());
    let decider = || engine.decider(policy).unwrap();
    let (mut of_typed, mut of_json): (Decider, Decider) = (decider(), decider());
    [
        decides(move |case, words| {
            let decision = of_typed.decide_facts(date(), &typed[case]).unwrap();
            black_box(read(&decision));
            if let Some(words) = words {
                *words = told(&decision);
            }
        }),
        decides(move |case, words| {
            let decision = of_json.decide_json(date(), &json[case]).unwrap();
            black_box(read(&decision));
            if let Some(words) = words {
                *words = told(&decision);
            }
        }),
    ]
}

fn date() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

//! `always` against all cases of small policies at random: what is proved holds in every
//! one of them, and what is refuted is broken by the case that is shown.
//! `KRITES_ALWAYS` says how many policies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod small;
mod support;

use krites_lang::{
    AlwaysState, Answer, Answered, Answers, Diagnostic, Frame, Id as _, ModelCall, ModelFault,
    NoModels, Program, analyse, ir,
};
use small::{Choose, Dimension, Given, Policy, beginning, cases, give, some_dimensions};
use support::{checked, rendered};

const REFUTED: [u16; 2] = [951, 952];
const UNDECIDED: u16 = 953;

/// A policy at random with things that must always hold, and the dimensions of its cases.
fn generated(number: u64) -> (String, Vec<&'static Dimension>) {
    let mut choose = Choose(number ^ 0xa1_ea75);
    let dimensions = some_dimensions(&mut choose, 3);
    let header = choose.one(&[
        "; on fault refer because R1",
        "; on fault decline because R2",
        "; on fault approve because R2",
    ]);
    let text = beginning(header, &dimensions);
    let of = |find: fn(&Dimension) -> &'static [&'static str], choose: &mut Choose| {
        let all = dimensions
            .iter()
            .map(|found| choose.one(find(found)).to_owned());
        all.collect::<Vec<String>>()
    };
    let truths = of(|found| found.truths, &mut choose);
    let numbers = of(|found| found.numbers, &mut choose);
    let mut policy = Policy::new(choose, text, truths, numbers);
    policy.items_and_decide(3);
    for at in 0..3 {
        let premise = match policy.choose.below(5) {
            0 => String::new(),
            1 => policy
                .choose
                .one(&["outcome is approve implies ", "outcome is refer implies "])
                .to_owned(),
            _ => format!("({}) implies ", policy.truth(1)),
        };
        let held = match policy.choose.below(9) {
            0 => "outcome is decline".to_owned(),
            1 | 2 => "outcome is not approve".to_owned(),
            3 => "outcome is not decline".to_owned(),
            4 => "outcome is one of [refer, decline]".to_owned(),
            5 => "(outcome.change is missing or outcome.change <= 2)".to_owned(),
            6 => "(outcome.change is present or outcome is not refer)".to_owned(),
            _ => policy.truth(1),
        };
        let enforce = if policy.choose.percent(10) {
            " enforce"
        } else {
            ""
        };
        policy.text += &format!("always \"a{at}\": {premise}{held}{enforce}\n");
    }
    (policy.text, dimensions)
}

/// Models that answer as they are told
struct Told<'t>(&'t [Option<f32>]);

impl Answers for Told<'_> {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        match self.0[call.model.position()] {
            Some(answer) => {
                call.answers[0] = Answer::Float(answer);
                Answered::Given
            }
            None => Answered::Fault(ModelFault::Failed("it does".to_owned())),
        }
    }
}

/// All that models may say, as far as policies tell it apart.
fn answers(models: usize) -> Vec<Vec<Option<f32>>> {
    (0..models).fold(vec![Vec::new()], |all, _| {
        let longer = |told: &Vec<Option<f32>>| {
            let told = told.clone();
            [Some(0.25), Some(0.75), None].map(move |answer| {
                let mut told = told.clone();
                told.push(answer);
                told
            })
        };
        all.iter().flat_map(longer).collect()
    })
}

/// By `always`: a case that breaks it, where there is one.
fn broken(program: &Program, dimensions: &[&'static Dimension]) -> Vec<Option<String>> {
    let policy = program.policy();
    let mut frame = program.frame();
    let mut found = vec![None; policy.always.len()];
    let told = answers(policy.models.len());
    for case in cases(dimensions) {
        for told in &told {
            let decided = decide(program, &mut frame, &case, told);
            for (id, always) in policy.always.iter_ids() {
                let counts = decided || always.enforce;
                if counts && frame.always(id) == AlwaysState::Broken {
                    found[id.position()].get_or_insert_with(|| format!("{case:?} {told:?}"));
                }
            }
        }
    }
    found
}

/// Tells whether there is a decision.
fn decide(program: &Program, frame: &mut Frame, case: &Given, told: &[Option<f32>]) -> bool {
    give(program, frame, case);
    program.decide(frame, &mut Told(told)).is_ok()
}

/// Runs the case that a finding shows as an example that is pasted into the policy.
fn assert_shown(text: &str, always: &ir::Always, found: &Diagnostic) {
    let help = found.help.as_ref().unwrap();
    let example = &help[help.find("example breaks_it").unwrap()..];
    let pasted =
        format!("{text}\n{example}\ntest \"shown\" {{ given breaks_it\n expect reasons = [] }}\n");
    let (sources, policy, diagnostics) = checked("generated.krites", &pasted);
    let policy = policy.unwrap_or_else(|| panic!("{pasted}\n{}", rendered(&sources, &diagnostics)));
    let reports = Program::compile(policy).run_tests(&mut NoModels);
    let failures: Vec<String> = reports[0]
        .failures
        .iter()
        .map(ToString::to_string)
        .collect();
    // Of several that are enforced, the first one is told
    let told = failures.iter().any(|failure| match always.enforce {
        true => failure.starts_with("expected the case = a decision"),
        false => failure.contains(&*always.title),
    });
    assert!(told, "{pasted}\n{failures:?}");
}

#[test]
fn what_is_proved_holds_and_what_is_refuted_is_broken() {
    let wanted = std::env::var("KRITES_ALWAYS").map_or(2_000, |text| text.parse().unwrap());
    let show = std::env::var("KRITES_SHOW").is_ok();
    let (mut proved, mut refuted, mut undecided, mut undecided_true) = (0, 0, 0, 0);
    let mut not_checked = 0;
    let from = std::env::var("KRITES_FROM").map_or(0, |text| text.parse().unwrap());
    for number in from..wanted {
        let (text, dimensions) = generated(number);
        let (_, policy, _) = checked("generated.krites", &text);
        let Some(policy) = policy else {
            not_checked += 1;
            continue;
        };
        let found = analyse(&policy);
        let program = Program::compile(policy.clone());
        let broken = broken(&program, &dimensions);
        for (id, always) in policy.always.iter_ids() {
            let of_it = |found: &&Diagnostic| found.primary.place == always.span.into();
            let told = found.iter().find(of_it);
            let broken = &broken[id.position()];
            match (told.map(|found| found.code.0), broken) {
                (None, None) => proved += 1,
                (None, Some(case)) => {
                    panic!(
                        "policy {number}\n{text}\n{} is proved, and yet\n{case}",
                        always.title
                    )
                }
                (Some(code), _) if REFUTED.contains(&code) => {
                    refuted += 1;
                    assert_shown(&text, always, told.unwrap());
                    assert!(broken.is_some(), "policy {number}\n{text}\n{told:?}");
                }
                (Some(code), broken) => {
                    assert_eq!(code, UNDECIDED);
                    undecided += 1;
                    undecided_true += usize::from(broken.is_none());
                    if show {
                        println!(
                            "--- {number} {}: {broken:?} {}\n{text}",
                            always.title,
                            told.unwrap().primary.text
                        );
                    }
                }
            }
        }
    }
    let all = proved + refuted + undecided;
    println!(
        "{wanted} policies, {not_checked} do not check; of {all} `always` {proved} are proved, \
         {refuted} refuted, {undecided} undecided, of which {undecided_true} hold"
    );
    assert!(all >= wanted as usize * 2);
    assert!(proved * 5 > all && refuted * 5 > all && undecided * 10 < all);
}

#[test]
fn a_case_that_is_shown_can_be_pasted_whatever_it_is_made_of() {
    let text = include_str!("../../../tests/corpus/find/always_broken.krites");
    let (_, policy, _) = checked("always_broken.krites", text);
    let policy = policy.unwrap();
    let found = analyse(&policy);
    for always in &policy.always {
        let of_it = |found: &&Diagnostic| found.primary.place == always.span.into();
        assert_shown(text, always, found.iter().find(of_it).unwrap());
    }
}

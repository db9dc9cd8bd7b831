//! Texts at their limits: given, made, answered, and all of a case together.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use krites_lang::{
    Answer, Answered, Answers, Date, Frame, Id as _, InputId, InputProblem, MAX_TEXT, MAX_TEXTS,
    ModelCall, NoModels, Program,
};
use support::{checked, rendered};

const HEAD: &str = "\
# model models/m.onnx: note text -> word text
policy texts { version \"1\"; on fault refer because M00 }
reason M00 \"Fault\"
enum Outcome { approve < refer < decline }
";

fn program(items: &str) -> Program {
    let (sources, policy, diagnostics) = checked("text.krites", &format!("{HEAD}{items}"));
    Program::compile(policy.unwrap_or_else(|| panic!("{}", rendered(&sources, &diagnostics))))
}

fn date() -> Date {
    Date::parse("2026-11-02").unwrap()
}

/// The outcome's label, and the faults on the way to it.
fn decided(program: &Program, frame: &mut Frame, answers: &mut impl Answers) -> String {
    program.decide(frame, answers).unwrap();
    let policy = program.policy();
    let outcome = program.outcome(frame).unwrap() as usize;
    let label = &policy.enums[policy.decide.ty].labels[outcome].name;
    let faults: Vec<String> = frame
        .faults()
        .iter()
        .map(|fault| fault.kind.to_string())
        .collect();
    format!("{label} [{}]", faults.join(", "))
}

#[test]
fn a_given_text_has_at_most_so_many_bytes() {
    let program = program(
        "input { one : text; other : text? }
         decide outcome : Outcome most severe {
             rule full when length(one) is 65_536 then decline
             rule rest otherwise then approve
         }",
    );
    let mut frame = program.frame();
    for (text, fits) in [
        ("x".repeat(MAX_TEXT), true),
        ("x".repeat(MAX_TEXT + 1), false),
        ("é".repeat(MAX_TEXT / 2), true),
        (format!("{}x", "é".repeat(MAX_TEXT / 2)), false),
    ] {
        for id in [0, 1].map(InputId::new) {
            program.begin(&mut frame, date());
            let taken = program.set_text(&mut frame, id, &text);
            match taken {
                Ok(()) => assert!(fits),
                Err(error) => {
                    assert!(!fits);
                    assert_eq!(*error.problem(), InputProblem::TextTooLong);
                    assert!(!error.to_string().contains("xx"), "{error}");
                }
            }
        }
    }
    program.begin(&mut frame, date());
    let one = InputId::new(0);
    program
        .set_field(&mut frame, one, &"x".repeat(MAX_TEXT))
        .unwrap();
    program.finish_inputs(&mut frame).unwrap();
    assert_eq!(decided(&program, &mut frame, &mut NoModels), "decline []");
}

#[test]
fn a_made_text_has_at_most_so_many_bytes() {
    let program = program(
        "input { text : text }
         rules made all {
             rule upper   when upper(text) starts with \"S\" then decline
             rule joined  when concat(text, text) ends with \"ß\" then decline
             rule cut     when length(left(text, 5)) is 5 then refer
             rule trimmed when trim(concat(left(text, 3), \"  \")) is left(text, 3) then refer
         }
         decide outcome : Outcome most severe { evaluate made; rule rest otherwise then approve }",
    );
    let mut frame = program.frame();
    let mut decide = |text: &str| {
        program.begin(&mut frame, date());
        program.set_text(&mut frame, InputId::new(0), text).unwrap();
        program.finish_inputs(&mut frame).unwrap();
        decided(&program, &mut frame, &mut NoModels)
    };
    let half = "ß".repeat(MAX_TEXT / 4);
    assert_eq!(decide(&half), "decline []");
    // A letter that is two bytes in small letters and six as capitals
    let growing = "ΐ".repeat(MAX_TEXT / 6);
    assert_eq!(decide(&growing), "refer []");
    let growing = "ΐ".repeat(MAX_TEXT / 6 + 1);
    assert_eq!(decide(&growing), "refer [the text is too long]");
    let full = "ß".repeat(MAX_TEXT / 2);
    assert_eq!(decide(&full), "decline [the text is too long]");
    assert_eq!(decide("ßßßßß"), "decline []");
}

#[test]
fn all_texts_of_a_case_have_a_limit_together() {
    let count = MAX_TEXTS / MAX_TEXT + 1;
    let inputs: String = (0..count).map(|id| format!("t{id} : text\n")).collect();
    let program = program(&format!(
        "input {{\n{inputs}}}\ndecide outcome : Outcome most severe {{ rule rest otherwise then approve }}"
    ));
    let text = "x".repeat(MAX_TEXT);
    let mut frame = program.frame();
    program.begin(&mut frame, date());
    for id in 0..count - 1 {
        program
            .set_text(&mut frame, InputId::new(id), &text)
            .unwrap();
    }
    let last = InputId::new(count - 1);
    let error = program.set_text(&mut frame, last, "x").unwrap_err();
    assert_eq!(*error.problem(), InputProblem::TextsTooLong);
}

#[test]
fn what_is_kept_has_a_limit_and_what_is_made_on_the_way_has_not() {
    let definitions: String = (0..MAX_TEXTS / MAX_TEXT + 1)
        .map(|id| format!("d{id} = upper(text)\n"))
        .collect();
    let joined: Vec<String> = (0..MAX_TEXTS / MAX_TEXT + 1)
        .map(|id| format!("d{id} is \"\""))
        .collect();
    let kept = program(&format!(
        "input {{ text : text }}\ndefine {{\n{definitions}}}
         decide outcome : Outcome most severe {{
             rule all when {} then decline
             rule rest otherwise then approve
         }}",
        joined.join("\nor ")
    ));
    let made: Vec<String> = (0..MAX_TEXTS / MAX_TEXT + 1)
        .map(|_| "concat(upper(text), \"\") is \"\"".to_owned())
        .collect();
    let passing = program(&format!(
        "input {{ text : text }}
         decide outcome : Outcome most severe {{
             rule all when {} then decline
             rule rest otherwise then approve
         }}",
        made.join("\nor ")
    ));
    for (program, expected) in [
        (kept, "refer [the text is too long]"),
        (passing, "approve []"),
    ] {
        let mut frame = program.frame();
        program.begin(&mut frame, date());
        let text = "x".repeat(MAX_TEXT);
        program
            .set_text(&mut frame, InputId::new(0), &text)
            .unwrap();
        assert_eq!(decided(&program, &mut frame, &mut NoModels), expected);
    }
}

/// Answers one text of this many bytes
struct Long(usize);

impl Answers for Long {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        for answer in call.answers.iter_mut() {
            *answer = Answer::Text("x".repeat(self.0));
        }
        Answered::Given
    }
}

#[test]
fn a_model_answers_at_most_so_long_a_text() {
    let program = program(
        "model m from \"models/m.onnx\" {
             feed { note = \"a\" }
             give word : text = word
         }
         decide outcome : Outcome most severe {
             rule full when length(m.word) is 65_536 then decline
             rule rest otherwise then approve
         }",
    );
    let mut frame = program.frame();
    for (length, expected) in [
        (MAX_TEXT, "decline []"),
        (MAX_TEXT + 1, "refer [`m`: `m.word` is too long a text]"),
    ] {
        program.begin(&mut frame, date());
        program.finish_inputs(&mut frame).unwrap();
        assert_eq!(decided(&program, &mut frame, &mut Long(length)), expected);
    }
}

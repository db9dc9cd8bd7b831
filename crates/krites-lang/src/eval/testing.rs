//! A policy's own tests, decided by the one evaluation there is.

use std::fmt;

use crate::Span;
use crate::ids::ModelId;
use crate::ir::{
    Expectation, ExprKind, Literal, RuleExpected, StubbedAnswer, StubbedModel, Test, Value, length,
};
use crate::program::{Program, constant};
use crate::types::Ty;

use super::frame::Frame;
use super::model::Answers;
use super::policy::PolicyState;
use super::refused::InputError;
use super::run::{Asks, Progress, Run};
use super::state::{AlwaysState, ModelState, RuleState};
use super::value::OutputValue;

/// What became of one test
#[derive(Clone, Debug)]
pub struct TestReport {
    /// The test's title
    pub title: String,
    /// Where it stands
    pub span: Span,
    /// What was not as expected; empty for a test that passed
    pub failures: Vec<TestFailure>,
}

/// One thing that was not as a test expects
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFailure {
    /// The expectation
    pub span: Span,
    /// What was looked at
    pub what: String,
    /// What was expected
    pub expected: String,
    /// What came
    pub got: String,
}

impl fmt::Display for TestFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected {} = {}, got {}",
            self.what, self.expected, self.got
        )
    }
}

impl Program {
    /// Runs the policy's tests; models that a test does not state are asked.
    pub fn run_tests<A: Answers>(&self, answers: &mut A) -> Vec<TestReport> {
        let mut frame = self.frame();
        self.policy
            .tests
            .iter()
            .map(|test| self.run_test(test, &mut frame, answers))
            .collect()
    }

    fn run_test<A: Answers>(&self, test: &Test, frame: &mut Frame, answers: &mut A) -> TestReport {
        let mut failures = Vec::new();
        let failed = |got: String| TestFailure {
            span: test.span,
            what: "the case".to_owned(),
            expected: "a decision".to_owned(),
            got,
        };
        if let Err(error) = self.state(test, frame) {
            failures.push(failed(error.to_string()));
            return TestReport {
                title: test.title.clone(),
                span: test.span,
                failures,
            };
        }
        match self.decide(frame, answers) {
            Ok(Progress::Decided) => {
                failures.extend(self.not_held(test, frame));
                for expect in &test.expects {
                    failures.extend(self.unmet(expect, frame, answers));
                }
            }
            Ok(Progress::Needs(_)) => {
                failures.push(failed("a case that waits for an answer".to_owned()))
            }
            Err(error) => failures.push(failed(error.to_string())),
        }
        TestReport {
            title: test.title.clone(),
            span: test.span,
            failures,
        }
    }

    /// Takes a case from a test: what it gives, and what it says of models and of other
    /// policies.
    pub(super) fn state(&self, test: &Test, frame: &mut Frame) -> Result<(), InputError> {
        self.give(test, frame)?;
        for (id, stub) in &test.models {
            self.state_model(frame, *id, stub);
        }
        for (id, stub) in &test.policies {
            self.state_policy(frame, *id, stub);
        }
        Ok(())
    }

    /// Takes what a test gives.
    pub(super) fn give(&self, test: &Test, frame: &mut Frame) -> Result<(), InputError> {
        // Where the policy reads the day, the checker made the test give it.
        self.begin(frame, test.decision_date.unwrap_or_default());
        for (id, value) in &test.inputs {
            match value {
                Some(value) => self.set_literal(frame, *id, value),
                // The checker let only optional inputs be missing.
                None => {
                    let _ = self.set_missing(frame, *id);
                }
            }
        }
        let mut lists = test.lists.iter();
        lists.try_for_each(|(id, elements)| self.set_elements(frame, *id, elements))?;
        self.finish_inputs(frame)
    }

    /// Takes a model's answers or failure from the test.
    fn state_model(&self, frame: &mut Frame, id: ModelId, stub: &StubbedModel) {
        match stub {
            StubbedModel::Fault => {
                frame.rare.failing.push(id);
            }
            StubbedModel::Answers(answers) => {
                let rows = answers.iter().map(|(_, answer)| match answer {
                    StubbedAnswer::Same(_) => 0,
                    StubbedAnswer::OfRows(values) => values.len(),
                });
                frame.of_rows_mut(id).clear();
                self.state_row(frame, id, answers, 0);
                for row in 0..rows.max().unwrap_or(0) {
                    self.state_row(frame, id, answers, row);
                    self.keep_row(frame, id, row);
                }
                frame.set_model(id, ModelState::Stated);
            }
        }
    }

    /// Puts what a test states for a row into the slots of the answers.
    fn state_row(
        &self,
        frame: &mut Frame,
        id: ModelId,
        answers: &[(usize, StubbedAnswer)],
        row: usize,
    ) {
        for (position, answer) in answers {
            let value = match answer {
                StubbedAnswer::Same(value) => Some(value),
                StubbedAnswer::OfRows(values) => values.get(row),
            };
            let (Some(value), Some(give), Some(promised)) = (
                value,
                self.models[id].gives.get(*position),
                self.policy.models[id].gives.get(*position),
            ) else {
                continue;
            };
            // What a policy writes has room
            let _ = frame.set_constant(give.slot, &constant(value, promised.ty.ty));
        }
    }

    /// What must hold behind each decision and does not behind this one.
    fn not_held<'t>(
        &'t self,
        test: &'t Test,
        frame: &'t Frame,
    ) -> impl Iterator<Item = TestFailure> + 't {
        let all = self.policy.always.iter_ids();
        all.filter_map(|(id, always)| {
            let got = match frame.always(id) {
                AlwaysState::Holds | AlwaysState::NotKnown => return None,
                AlwaysState::Broken => "broken".to_owned(),
                AlwaysState::Fault(fault) => {
                    let fault = frame.faults().get(fault as usize);
                    fault.map_or_else(String::new, |fault| fault.kind.to_string())
                }
            };
            Some(TestFailure {
                span: test.span,
                what: format!("always \"{}\"", always.title),
                expected: "to hold".to_owned(),
                got,
            })
        })
    }

    fn unmet<A: Answers>(
        &self,
        expect: &Expectation,
        frame: &mut Frame,
        answers: &mut A,
    ) -> Option<TestFailure> {
        let policy = &self.policy;
        match expect {
            Expectation::Outcome(label, span) => {
                let labels = &policy.enums[policy.decide.ty].labels;
                let name = |label: Option<u32>| {
                    label
                        .and_then(|label| labels.get(label as usize))
                        .map_or("none", |label| &label.name)
                        .to_owned()
                };
                let got = self.outcome(frame);
                (got != Some(*label)).then(|| TestFailure {
                    span: *span,
                    what: policy.decide.name.to_string(),
                    expected: name(Some(*label)),
                    got: name(got),
                })
            }
            Expectation::Output(id, expected, span) => {
                let output = &policy.outputs[*id];
                let got = self.output(frame, *id);
                self.compared(
                    frame,
                    &output.name,
                    output.ty.ty,
                    expected.as_ref(),
                    got,
                    *span,
                )
            }
            Expectation::Value(expr, expected, span) => {
                let ExprKind::Value(value) = expr.kind else {
                    return None;
                };
                let problem = self.ask(value, frame, answers);
                let name = self.name_of(value).to_owned();
                if let Some(got) = problem {
                    let expected = self.literal_words(frame, expected.as_ref(), expr.ty);
                    return Some(TestFailure {
                        span: *span,
                        what: name,
                        expected,
                        got,
                    });
                }
                self.compared(
                    frame,
                    &name,
                    expr.ty,
                    expected.as_ref(),
                    self.value(frame, value),
                    *span,
                )
            }
            Expectation::List(place, expected, span) => {
                self.unmet_list(*place, expected, *span, frame, answers)
            }
            Expectation::Rows(id, expected, span) => {
                self.unmet_rows(*id, expected, *span, frame, answers)
            }
            Expectation::Reasons(expected, span) => {
                let codes = |ids: &[crate::ReasonId]| {
                    let codes: Vec<&str> =
                        ids.iter().map(|id| &*policy.reasons[*id].code).collect();
                    format!("[{}]", codes.join(", "))
                };
                (frame.reasons() != expected.as_slice()).then(|| TestFailure {
                    span: *span,
                    what: "reasons".to_owned(),
                    expected: codes(expected),
                    got: codes(frame.reasons()),
                })
            }
            Expectation::Tags(expected, span) => {
                let words = |ids: &[crate::TagId]| {
                    let words: Vec<&str> = ids.iter().map(|id| &*policy.tags[*id]).collect();
                    format!("[{}]", words.join(", "))
                };
                (frame.tags() != expected.as_slice()).then(|| TestFailure {
                    span: *span,
                    what: "tags".to_owned(),
                    expected: words(expected),
                    got: words(frame.tags()),
                })
            }
            Expectation::NotAsked(id, span) => {
                self.group_state(frame, *id)
                    .is_asked()
                    .then(|| TestFailure {
                        span: *span,
                        what: policy.groups[*id].name.to_string(),
                        expected: "not asked".to_owned(),
                        got: "asked".to_owned(),
                    })
            }
            Expectation::Rule(id, expected, span) => {
                let got = match frame.rule(*id) {
                    RuleState::NotAsked => "not asked",
                    RuleState::NotFired => "not fired",
                    RuleState::Fired => "fired",
                    RuleState::Fault(_) => "a fault",
                };
                let expected = match expected {
                    RuleExpected::Fired => "fired",
                    RuleExpected::NotFired => "not fired",
                    RuleExpected::NotAsked => "not asked",
                };
                (got != expected).then(|| TestFailure {
                    span: *span,
                    what: policy.rules[*id].name.to_string(),
                    expected: expected.to_owned(),
                    got: got.to_owned(),
                })
            }
            Expectation::Shadow(at, expected, span) => {
                self.unmet_shadow(*at, *expected, *span, frame)
            }
            Expectation::PolicyNotAsked(id, span) => (frame.policy(*id) != PolicyState::NotAsked)
                .then(|| TestFailure {
                    span: *span,
                    what: policy.subpolicies[*id].name.to_string(),
                    expected: "not asked".to_owned(),
                    got: "asked".to_owned(),
                }),
            Expectation::NotRun(id, span) => {
                (frame.model(*id) != ModelState::NotRun).then(|| TestFailure {
                    span: *span,
                    what: policy.models[*id].name.to_string(),
                    expected: "not run".to_owned(),
                    got: "run".to_owned(),
                })
            }
        }
    }

    /// Computes a value that the case itself may not have needed; tells what
    /// went wrong.
    pub(super) fn ask<A: Answers>(
        &self,
        value: Value,
        frame: &mut Frame,
        answers: &mut A,
    ) -> Option<String> {
        let (slot, _) = self.slot_of(value)?;
        let mut run = Run {
            program: self,
            frame,
            answers,
            asks: Asks::Freely,
            again: None,
        };
        match run.ready(slot) {
            Ok(_) => None,
            Err(super::run::Stop::Fault(fault)) => Some(
                frame
                    .faults()
                    .get(fault as usize)
                    .map_or_else(String::new, |fault| fault.kind.to_string()),
            ),
            Err(_) => Some("a value that waits for an answer".to_owned()),
        }
    }

    fn compared(
        &self,
        frame: &Frame,
        name: &str,
        ty: Ty,
        expected: Option<&Literal>,
        got: Option<OutputValue<'_>>,
        span: Span,
    ) -> Option<TestFailure> {
        let labels = match ty {
            Ty::Enum(id) => self.policy.enums[id].labels.as_slice(),
            _ => &[],
        };
        let equal = match (expected, &got) {
            (None, None) => true,
            (Some(expected), Some(got)) => got.equals(expected, labels),
            _ => false,
        };
        (!equal).then(|| TestFailure {
            span,
            what: name.to_owned(),
            expected: self.literal_words(frame, expected, ty),
            got: got.map_or_else(
                || "missing".to_owned(),
                |got| self.shown_value(frame, got, ty),
            ),
        })
    }

    pub(super) fn literal_words(&self, frame: &Frame, literal: Option<&Literal>, ty: Ty) -> String {
        match literal {
            None => "missing".to_owned(),
            Some(Literal::Exact(value)) => self.shown_value(frame, OutputValue::Exact(*value), ty),
            Some(literal) => self.policy.written(literal, ty),
        }
    }

    /// A value as the policy writes it.
    pub(super) fn shown_value(&self, frame: &Frame, value: OutputValue<'_>, ty: Ty) -> String {
        match (value, self.minor_digits(frame, ty)) {
            (OutputValue::Exact(value), Some(digits)) => value.to_text(digits),
            (OutputValue::Exact(value), None) if ty == Ty::Percent => value
                .multiply(crate::Exact::from_integer(100))
                .map_or_else(|_| value.to_string(), |percent| format!("{percent}%")),
            (OutputValue::Text(text), _) => format!("\"{text}\""),
            (OutputValue::Duration(value), _) => length(value),
            (OutputValue::Label { name, .. }, _) => name.to_owned(),
            (value, _) => value.to_string(),
        }
    }
}

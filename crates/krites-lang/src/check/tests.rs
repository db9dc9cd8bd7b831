//! Examples and tests: what they set can be set, what they expect can be had.

use std::collections::{BTreeMap, HashMap};

use super::names::Meaning;
use super::{Checker, codes, items};
use crate::ast::{self, AssignedValue, Assignment, Item};
use crate::ids::{InputId, List, ModelId, OutputId};
use crate::ir::{self, Expectation, Literal, StubbedModel, Value};
use crate::types::{Date, Ty};
use crate::{Diagnostic, Id as _, Span, did_you_mean};

/// What an example or a test sets
#[derive(Clone, Default)]
struct Case {
    decision_date: Option<Date>,
    inputs: BTreeMap<usize, Option<Literal>>,
    models: BTreeMap<usize, StubbedModel>,
    /// Inputs whose value was reported
    broken: Vec<usize>,
}

impl<'a> Checker<'a> {
    /// Checks all examples and tests of the file.
    pub(super) fn check_tests(&mut self, outputs: &List<OutputId, ir::Output>) -> Vec<ir::Test> {
        let file = self.file;
        let mut examples: HashMap<&str, (Case, Span)> = HashMap::new();
        for example in items(file, |item| {
            if let Item::Example(example) = item {
                Some(example)
            } else {
                None
            }
        }) {
            let mut case = Case::default();
            for assignment in &example.values {
                self.assign(assignment, &mut case);
            }
            if let Some((_, before)) =
                examples.insert(&example.name.text, (case, example.name.span))
            {
                self.report_twice(&example.name.text, example.name.span, before);
            }
        }
        let broken_example = file
            .items
            .iter()
            .any(|item| matches!(item, Item::Error { keyword, .. } if keyword == "example"));
        let mut tests = Vec::new();
        for test in items(file, |item| {
            if let Item::Test(test) = item {
                Some(test)
            } else {
                None
            }
        }) {
            let mut case = match &test.example {
                None => Case::default(),
                Some(name) => match examples.get(name.text.as_str()) {
                    Some((case, _)) => case.clone(),
                    None => {
                        if !broken_example {
                            self.unknown_example(name, examples.keys().copied().collect());
                        }
                        continue;
                    }
                },
            };
            for assignment in &test.with {
                self.assign(assignment, &mut case);
            }
            self.check_complete(test, &case);
            let expects: Vec<Expectation> = test
                .expects
                .iter()
                .filter_map(|expect| self.expectation(expect, outputs))
                .collect();
            if test.expects.is_empty() {
                self.report(
                    Diagnostic::error(
                        codes::NO_EXPECTATION,
                        "this test expects nothing",
                        test.title.span,
                    )
                    .help("add a line `expect outcome = …`"),
                );
            }
            tests.push(ir::Test {
                title: test.title.text.clone(),
                decision_date: case.decision_date,
                inputs: case
                    .inputs
                    .into_iter()
                    .map(|(input, value)| (InputId::new(input), value))
                    .collect(),
                models: case
                    .models
                    .into_iter()
                    .map(|(model, stub)| (ModelId::new(model), stub))
                    .collect(),
                expects,
                span: test.title.span,
            });
        }
        tests
    }

    fn unknown_example(&mut self, name: &ast::Name, mut known: Vec<&str>) {
        known.sort_unstable();
        let help = match did_you_mean(&name.text, known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("declare it: `example {} {{ … }}`", name.text),
        };
        self.report(
            Diagnostic::error(
                codes::EXAMPLE_UNKNOWN,
                format!("there is no example `{}`", name.text),
                name.span,
            )
            .help(help),
        );
    }

    fn assign(&mut self, assignment: &Assignment, case: &mut Case) {
        let path = &assignment.path;
        let Some((meaning, _)) = self.resolve(path, &super::Env::after_decide()) else {
            return;
        };
        match (meaning, &assignment.value) {
            (Meaning::Value(Value::Input(id)), AssignedValue::Missing(span)) => {
                let optional = self.inputs[id].ty.optional;
                case.inputs.insert(id.position(), None);
                if !optional {
                    self.report(
                        Diagnostic::error(
                            codes::CANNOT_SET,
                            format!("`{}` is never missing", path.text),
                            *span,
                        )
                        .evidence(self.inputs[id].span, "declared without `?`")
                        .help("give it a value"),
                    );
                }
            }
            (Meaning::Value(Value::Input(id)), AssignedValue::Value(value)) => {
                let ty = self.inputs[id].ty.ty;
                match self.constant(value, ty) {
                    Some(literal) => {
                        let range = self.inputs[id].range.clone();
                        let declared = Some(self.inputs[id].span);
                        self.check_inside(
                            &literal,
                            range.as_ref(),
                            &path.text,
                            declared,
                            value.span,
                        );
                        case.inputs.insert(id.position(), Some(literal));
                    }
                    None => case.broken.push(id.position()),
                }
            }
            (Meaning::Value(Value::DecisionDate), AssignedValue::Value(value)) => {
                if let Some(Literal::Date(date)) = self.constant(value, Ty::Date) {
                    case.decision_date = Some(date);
                }
            }
            (Meaning::Value(Value::Model(id, give)), AssignedValue::Value(value)) => {
                let Some(ty) = self.value_type(Value::Model(id, give)) else {
                    return;
                };
                let Some(literal) = self.constant(value, ty.ty) else {
                    return;
                };
                let stub = case
                    .models
                    .entry(id.position())
                    .or_insert(StubbedModel::Fault);
                if let StubbedModel::Answers(answers) = stub {
                    answers.retain(|(known, _)| *known != give as usize);
                    answers.push((give as usize, literal));
                } else {
                    *stub = StubbedModel::Answers(vec![(give as usize, literal)]);
                }
            }
            (Meaning::Model(position), AssignedValue::Fault(_)) => {
                case.models.insert(position, StubbedModel::Fault);
            }
            (meaning, _) => {
                let kind = Self::kind_words(meaning);
                let headline = match &assignment.value {
                    AssignedValue::Fault(_) => format!("`{}` cannot fail", path.text),
                    _ => format!("a test cannot set `{}`", path.text),
                };
                self.report(
                    Diagnostic::error(codes::CANNOT_SET, headline, path.span)
                        .label(format!("this is {kind}"))
                        .help(
                            "set inputs, `decision_date`, an answer of a model, or `model = fault`",
                        ),
                );
            }
        }
    }

    /// A test gives every input that a case must have.
    fn check_complete(&mut self, test: &ast::Test, case: &Case) {
        if let (Some(read), None) = (self.reads_date, case.decision_date) {
            self.report(
                Diagnostic::error(
                    codes::NO_DATE_GIVEN,
                    "this test does not say on which day it is decided",
                    test.title.span,
                )
                .evidence(read, "the policy reads the day here")
                .help("add `decision_date = 2026-11-02` to the example or behind `with`"),
            );
        }
        let lacking: Vec<(String, Span)> = self
            .inputs
            .iter_ids()
            .filter(|(id, input)| {
                !input.ty.optional
                    && input.default.is_none()
                    && !case.inputs.contains_key(&id.position())
                    && !case.broken.contains(&id.position())
            })
            .map(|(_, input)| (input.name.to_string(), input.span))
            .collect();
        let Some((first, span)) = lacking.first() else {
            return;
        };
        if self.unread {
            return;
        }
        let names: Vec<&str> = lacking.iter().map(|(name, _)| name.as_str()).collect();
        self.report(
            Diagnostic::error(
                codes::INPUT_NOT_GIVEN,
                format!(
                    "this test lacks {}",
                    names
                        .iter()
                        .map(|name| format!("`{name}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
                test.title.span,
            )
            .evidence(*span, "declared without `?` or a default")
            .help(format!("add `{first} = …` to the example or behind `with`")),
        );
    }

    fn expectation(
        &mut self,
        expect: &ast::Expectation,
        outputs: &List<OutputId, ir::Output>,
    ) -> Option<Expectation> {
        match expect {
            ast::Expectation::Reasons { codes, span } => {
                let found: Vec<_> = codes.iter().map(|code| self.reason(code)).collect();
                Some(Expectation::Reasons(
                    found.into_iter().collect::<Option<_>>()?,
                    *span,
                ))
            }
            ast::Expectation::NotRun(path) => match self.names.get(&path.text) {
                Some((Meaning::Model(position), _)) => {
                    Some(Expectation::NotRun(ModelId::new(position), path.span))
                }
                Some((Meaning::Broken, _)) => None,
                _ => {
                    let models: Vec<String> = self
                        .names
                        .having(|meaning| matches!(meaning, Meaning::Model(_)))
                        .map(str::to_owned)
                        .collect();
                    let help = match did_you_mean(&path.text, models.iter().map(String::as_str)) {
                        Some(close) => format!("did you mean `{close}`?"),
                        None if models.is_empty() => "the policy has no model".to_owned(),
                        None => format!("the models are {}", models.join(", ")),
                    };
                    self.report(
                        Diagnostic::error(
                            codes::CANNOT_EXPECT,
                            format!("`{}` is not a model", path.text),
                            path.span,
                        )
                        .help(help),
                    );
                    None
                }
            },
            ast::Expectation::Equals(assignment) => self.equality(assignment, outputs),
        }
    }

    /// An output that was reported where it is declared.
    fn is_broken_output(&self, name: &str) -> bool {
        self.output_names().any(|known| known == name)
            || self.file.items.iter().any(|item| {
                matches!(item, Item::Error { keyword, name: found, .. } if keyword == "output"
                    && found.as_ref().is_none_or(|found| found.text == name))
            })
    }

    fn misspelt_output(&mut self, path: &ast::Path, close: &str) {
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{}` is not declared", path.text),
                path.span,
            )
            .help(format!("did you mean `{close}`?")),
        );
    }

    fn equality(
        &mut self,
        assignment: &Assignment,
        outputs: &List<OutputId, ir::Output>,
    ) -> Option<Expectation> {
        let path = &assignment.path;
        let output = outputs
            .iter_ids()
            .find(|(_, output)| *output.name == *path.text);
        let (ty, target) = match output {
            Some((id, output)) => (output.ty, Err(id)),
            None if self.is_broken_output(&path.text) => return None,
            None => {
                let env = super::Env::after_decide();
                if self.names.get(&path.text).is_none()
                    && let Some(close) = did_you_mean(&path.text, self.output_names())
                {
                    self.misspelt_output(path, close);
                    return None;
                }
                let (value, _) = self.value(path, &env)?;
                (self.value_type(value)?, Ok(value))
            }
        };
        let expected = match &assignment.value {
            AssignedValue::Missing(_) => None,
            AssignedValue::Value(value) => Some(self.constant(value, ty.ty)?),
            AssignedValue::Fault(span) => {
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EXPECT,
                        "a fault cannot be expected of a value",
                        *span,
                    )
                    .help("expect what the fault leads to, as in `expect outcome = refer`"),
                );
                return None;
            }
        };
        Some(match (target, expected) {
            (Err(id), expected) => Expectation::Output(id, expected, path.span),
            (Ok(Value::Outcome), Some(Literal::Label(label))) => {
                Expectation::Outcome(label, path.span)
            }
            (Ok(value), expected) => {
                let expr = ir::Expr {
                    kind: ir::ExprKind::Value(value),
                    ty: ty.ty,
                    optional: ty.optional,
                    span: path.span,
                };
                Expectation::Value(expr, expected, path.span)
            }
        })
    }
}

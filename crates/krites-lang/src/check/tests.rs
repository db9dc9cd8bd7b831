//! Examples and tests: each gives a whole case and expects something.

use std::collections::{HashMap, HashSet};

use super::case::Case;
use super::{Checker, codes, items};
use crate::ast::{self, Item};
use crate::ids::{GroupId, InputId, List, ListId, ModelId, OutputId, SubpolicyId};
use crate::ir::{self, Expectation};
use crate::types::DeclaredTy;
use crate::{Code, Diagnostic, Id as _, Span};

/// How many names a message lists at most
const MAX_LISTED: usize = 12;

impl Checker<'_> {
    /// Checks all examples and tests of the file.
    pub(super) fn check_tests(&mut self, outputs: &List<OutputId, ir::Output>) -> Vec<ir::Test> {
        let file = self.file;
        let mut examples: HashMap<&str, (Case, Span)> = HashMap::new();
        for example in items!(file, Example) {
            let mut case = Case::default();
            self.assign_all(&example.values, &mut case);
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
        let outputs: HashMap<&str, (OutputId, DeclaredTy)> = outputs
            .iter_ids()
            .map(|(id, output)| (&*output.name, (id, output.ty)))
            .collect();
        let mut tests = Vec::new();
        for test in items!(file, Test) {
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
            self.assign_all(&test.with, &mut case);
            self.check_complete(test, &case);
            let expects: Vec<Expectation> = test
                .expects
                .iter()
                .filter_map(|expect| self.expectation(expect, &outputs))
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
                lists: case
                    .lists
                    .into_iter()
                    .map(|(list, elements)| (ListId::new(list), elements))
                    .collect(),
                models: case
                    .models
                    .into_iter()
                    .map(|(model, stub)| (ModelId::new(model), stub))
                    .collect(),
                policies: case
                    .policies
                    .into_iter()
                    .map(|(asked, stub)| (SubpolicyId::new(asked), stub))
                    .collect(),
                expects,
                span: test.title.span,
            });
        }
        tests
    }

    /// Tags that a test expects: something gives each.
    pub(super) fn expected_tags(&mut self, tags: &[ast::Name], span: Span) -> Option<Expectation> {
        let mut found = Vec::with_capacity(tags.len());
        for tag in tags {
            match self.tag_ids.get(tag.text.as_str()) {
                Some(id) => found.push(*id),
                None => {
                    self.no_such_tag(tag);
                    return None;
                }
            }
        }
        Some(Expectation::Tags(found, span))
    }

    fn no_such_tag(&mut self, tag: &ast::Name) {
        // What could not be read may give it
        let unread = |item: &Item| matches!(item, Item::Error { .. });
        if self.file.items.iter().any(unread) {
            return;
        }
        let known: Vec<String> = self.tags.iter().map(ToString::to_string).collect();
        let help = match self.close(&tag.text, known.iter().map(String::as_str)) {
            Some(close) => close.meant(),
            None if known.is_empty() => "add `tag …` to a rule".into(),
            None => format!("the tags are {}", known.join(", ")).into(),
        };
        self.report(
            Diagnostic::error(
                codes::NO_SUCH_TAG,
                format!("nothing gives the tag `{}`", tag.text),
                tag.span,
            )
            .help(help),
        );
    }

    fn unknown_example(&mut self, name: &ast::Name, mut known: Vec<&str>) {
        known.sort_unstable();
        let help = match self.close(&name.text, known) {
            Some(close) => close.meant(),
            None => format!("declare it: `example {} {{ … }}`", name.text).into(),
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

    /// A test gives all that a case must have: the day, the inputs, and every
    /// answer of a model that it answers for.
    fn check_complete(&mut self, test: &ast::Test, case: &Case) {
        if let (Some(read), None, false) = (self.reads_date, case.decision_date, case.broken_date) {
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
        let given = self.groups_given(case);
        let wanted = |group: Option<GroupId>| group.is_none_or(|group| given.contains(&group));
        let lacking = self.inputs.iter_ids().filter(|(id, input)| {
            wanted(input.group)
                && !input.ty.optional
                && input.default.is_none()
                && !case.inputs.contains_key(&id.position())
                && !case.broken_inputs.contains(&id.position())
                && !self.unsettled.contains(id)
        });
        let lists = self.lists.iter_ids().filter(|(id, list)| {
            list.within.is_none()
                && wanted(list.group)
                && !list.default_empty
                && !case.lists.contains_key(&id.position())
                && !case.broken_lists.contains(&id.position())
        });
        let lists = lists.map(|(_, list)| (list.name.to_string(), list.span));
        let lacking: Vec<(String, Span)> = lacking
            .map(|(_, input)| (input.name.to_string(), input.span))
            .chain(lists)
            .collect();
        self.report_lacking(
            test,
            codes::INPUT_NOT_GIVEN,
            lacking,
            "declared without `?` or a default",
        );
        for (position, stub) in &case.models {
            if let ir::StubbedModel::Answers(answers) = stub
                && !case.broken_models.contains(position)
            {
                let lacking = self.answers_but(*position, answers);
                self.report_lacking(
                    test,
                    codes::ANSWER_NOT_GIVEN,
                    lacking,
                    "a model that answers gives all of its answers",
                );
            }
        }
        for (position, stub) in &case.policies {
            if !case.broken_policies.contains(position) {
                let lacking = self.answers_left_out(*position, stub);
                self.report_lacking(
                    test,
                    codes::ANSWER_NOT_GIVEN,
                    lacking,
                    "a policy that answers gives all that is read of it",
                );
            }
        }
    }

    /// The groups of which a case gives something.
    fn groups_given(&self, case: &Case) -> HashSet<GroupId> {
        let there = case.inputs.iter().filter(|(_, value)| value.is_some());
        let inputs = there.filter_map(|(input, _)| self.inputs[InputId::new(*input)].group);
        let lists = case.lists.keys();
        let lists = lists.filter_map(|list| self.lists[ListId::new(*list)].group);
        inputs.chain(lists).collect()
    }

    /// The answers of a model that are not among these.
    fn answers_but(
        &self,
        position: usize,
        answers: &[(usize, ir::StubbedAnswer)],
    ) -> Vec<(String, Span)> {
        let Some(head) = self.model_heads.get(position) else {
            return Vec::new();
        };
        let model = &head.ast.name.text;
        let mut first = 0;
        let mut lacking = Vec::new();
        // The labels of a distribution are set together.
        for give in head.gives() {
            if let (Some(answer), false) = (
                give.first(),
                answers.iter().any(|(known, _)| *known == first),
            ) {
                let name = &answer.ast.name;
                lacking.push((format!("{model}.{}", name.text), name.span));
            }
            first += give.len();
        }
        lacking
    }

    fn report_lacking(
        &mut self,
        test: &ast::Test,
        code: Code,
        lacking: Vec<(String, Span)>,
        why: &str,
    ) {
        let Some((first, declared)) = lacking.first() else {
            return;
        };
        // An item that could not be read may have set it.
        if self.names.unread {
            return;
        }
        let shown: Vec<String> = lacking
            .iter()
            .take(MAX_LISTED)
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let more = match lacking.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.report(
            Diagnostic::error(
                code,
                format!("this test lacks {}{more}", shown.join(", ")),
                test.title.span,
            )
            .evidence(*declared, why)
            .help(format!("add `{first} = …` to the example or behind `with`")),
        );
    }
}

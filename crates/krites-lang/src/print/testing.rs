//! Examples and tests.

use std::borrow::Cow;

use super::items::{entry, titled};
use super::lines::{Entry, Writer};
use super::phrase::Phrase;
use super::{expr, names};
use crate::ast::{AssignedValue, Assignment, Example, Expectation, ShadowExpected, Side, Test};

/// Words that begin an expectation of another kind
const REASONS: &[&str] = &["reasons", "tags"];

impl Writer<'_> {
    pub(super) fn example(&mut self, example: &Example, at: u32) {
        self.open(at, titled("example", &example.name.text, None));
        for assignment in &example.values {
            let mut name = Phrase::default();
            match assignment.index {
                Some(_) => expr::element(&assignment.path.text, assignment.index, &mut name),
                None => name.push(&names::declared(&assignment.path.text)),
            }
            self.entry(
                assignment.span().start,
                Entry {
                    columns: vec![name],
                    parts: vec![assigned_to(&assignment.value)],
                },
            );
        }
        self.close(at);
    }

    pub(super) fn test(&mut self, test: &Test, at: u32) {
        let mut head = Phrase::from("test ");
        head.push(&names::text(&test.title.text));
        self.open(at, head);
        if let Some(span) = test.given {
            self.entry(span.start, entry(["given"], given(test)));
        }
        let mut rest = test.expects.as_slice();
        while let Some(run) = self.together(rest) {
            let mut line = Phrase::default();
            for (at, expectation) in run.iter().enumerate() {
                expr::separate(at, &mut line);
                self::expectation(expectation, &mut line);
            }
            let start = |one: Option<&Expectation>| one.map_or(0, |one| one.span().start);
            let expect = entry(["expect"], line);
            self.entry_to(start(run.first()), start(run.last()), expect);
            rest = rest.get(run.len()..).unwrap_or(&[]);
        }
        self.close(at);
    }

    /// Returns the first expectations that no comment sets apart.
    fn together<'e>(&self, all: &'e [Expectation]) -> Option<&'e [Expectation]> {
        let mut count = 0;
        for (at, expectation) in all.iter().enumerate() {
            let start = expectation.span().start;
            if at > 0 && !self.notes(start, Side::Before).is_empty() {
                break;
            }
            count = at + 1;
            if !self.notes(start, Side::Behind).is_empty() {
                break;
            }
        }
        all.get(..count).filter(|run| !run.is_empty())
    }
}

fn given(test: &Test) -> Phrase {
    let mut line = Phrase::default();
    if let Some(example) = &test.example {
        line.name(&example.text);
    }
    if !test.with.is_empty() {
        line.push(if test.example.is_some() {
            " with "
        } else {
            "with "
        });
        for (at, assignment) in test.with.iter().enumerate() {
            expr::separate(at, &mut line);
            self::assignment(assignment, &mut line);
        }
    }
    line
}

fn assignment(assignment: &Assignment, out: &mut Phrase) {
    expr::element(&assignment.path.text, assignment.index, out);
    out.push(" ");
    out.append(assigned_to(&assignment.value));
}

fn expectation(expectation: &Expectation, out: &mut Phrase) {
    out.beware(REASONS);
    match expectation {
        Expectation::Equals(found) => assignment(found, out),
        Expectation::Reasons { codes, .. } => {
            out.push("reasons = ");
            out.open("[");
            names::list(codes, out);
            out.close("]");
        }
        Expectation::Tags { tags, .. } => {
            out.push("tags = ");
            out.open("[");
            names::list(tags, out);
            out.close("]");
        }
        Expectation::Rule { path, fired } => {
            out.name(&path.text);
            out.push(if *fired { " fired" } else { " not fired" });
        }
        Expectation::Rows {
            table, rows, one, ..
        } => {
            out.name(&table.text);
            let names: Vec<Cow<'_, str>> = rows.iter().map(|row| names::row(&row.text)).collect();
            let names = names.join(", ");
            match one {
                true => out.push(&format!(" row = {names}")),
                false => out.push(&format!(" rows = [{names}]")),
            }
        }
        Expectation::Shadow { path, state } => {
            out.name(&path.text);
            out.push(match state {
                ShadowExpected::Same => " same",
                ShadowExpected::Different => " different",
                ShadowExpected::NotKnown => " not known",
            });
        }
        Expectation::NotRun(path) => {
            out.name(&path.text);
            out.push(" not run");
        }
        Expectation::NotAsked(path) => {
            out.name(&path.text);
            out.push(" not asked");
        }
    }
}

/// Writes `= value`.
fn assigned_to(value: &AssignedValue) -> Phrase {
    let mut part = Phrase::from("= ");
    assigned(value, &mut part);
    part
}

fn assigned(value: &AssignedValue, out: &mut Phrase) {
    match value {
        AssignedValue::Value(value) => {
            out.beware(names::FAULT);
            expr::whole(value, out);
        }
        AssignedValue::Missing(_) => out.push("missing"),
        AssignedValue::Fault(_) => out.push("fault"),
        AssignedValue::List(values, _) => {
            out.open("[");
            for (at, value) in values.iter().enumerate() {
                expr::separate(at, out);
                assigned(value, out);
            }
            out.close("]");
        }
        AssignedValue::Record(fields, _) => {
            out.open("{ ");
            for (at, field) in fields.iter().enumerate() {
                expr::separate(at, out);
                assignment(field, out);
            }
            out.close(" }");
        }
        AssignedValue::Shares(shares, _) => {
            out.open("{ ");
            for (at, share) in shares.iter().enumerate() {
                expr::separate(at, out);
                out.push(&names::share(&share.label.text));
                out.push(" : ");
                expr::whole(&share.value, out);
            }
            out.close(" }");
        }
    }
}

//! What tests expect of tables: lists, and the rows that count.

use std::sync::Arc;

use crate::Span;
use crate::ids::TableId;
use crate::ir::{ListPlace, Literal, Value};
use crate::program::Program;
use crate::types::Ty;

use super::frame::Frame;
use super::list_value::ListValue;
use super::model::Answers;
use super::run::{Asks, Run, Stop};
use super::testing::TestFailure;
use super::value::OutputValue;

impl Program {
    /// Compares a list with its expected elements.
    pub(super) fn unmet_list<A: Answers>(
        &self,
        place: ListPlace,
        expected: &[Option<Literal>],
        span: Span,
        frame: &mut Frame,
        answers: &mut A,
    ) -> Option<TestFailure> {
        let (name, ty, problem) = match place {
            ListPlace::Output(id) => {
                let output = &self.policy.outputs[id];
                (output.name.to_string(), output.ty.ty, None)
            }
            ListPlace::Rows(table, output) => {
                let value = Value::Table(table, output);
                let problem = self.ask(value, frame, answers);
                let list = ListValue::new(self, frame, table, output);
                (self.name_of(value).to_owned(), list.ty(), problem)
            }
        };
        let got = match place {
            ListPlace::Output(id) => match self.output(frame, id) {
                Some(OutputValue::List(values)) => Some(values),
                _ => None,
            },
            ListPlace::Rows(table, output) => Some(ListValue::new(self, frame, table, output)),
        };
        let equal = problem.is_none()
            && got.is_some_and(|values| {
                values.len() == expected.len()
                    && values.iter().zip(expected).all(|(value, expected)| {
                        match (value, expected) {
                            (None, None) => true,
                            (Some(value), Some(expected)) => {
                                value.equals(expected, self.labels(ty))
                            }
                            _ => false,
                        }
                    })
            });
        let words = |parts: Vec<String>| format!("[{}]", parts.join(", "));
        (!equal).then(|| TestFailure {
            span,
            what: name,
            expected: words(
                expected
                    .iter()
                    .map(|literal| self.literal_words(frame, literal.as_ref(), ty))
                    .collect(),
            ),
            got: match (problem, got) {
                (Some(problem), _) => problem,
                (None, None) => "missing".to_owned(),
                (None, Some(values)) => words(
                    values
                        .iter()
                        .map(|value| match value {
                            Some(value) => self.shown_value(frame, value, ty),
                            None => "missing".to_owned(),
                        })
                        .collect(),
                ),
            },
        })
    }

    /// Compares the rows of a table that count with the expected ones, by their names;
    /// a table that the case itself did not need is asked.
    pub(super) fn unmet_rows<A: Answers>(
        &self,
        id: TableId,
        expected: &[Arc<str>],
        span: Span,
        frame: &mut Frame,
        answers: &mut A,
    ) -> Option<TestFailure> {
        let mut run = Run {
            program: self,
            frame,
            answers,
            asks: Asks::Freely,
            again: None,
        };
        let problem = match run.find_rows(id) {
            Ok(_) => None,
            Err(Stop::Fault(fault)) => Some(
                run.frame
                    .faults()
                    .get(fault as usize)
                    .map_or_else(String::new, |fault| fault.kind.to_string()),
            ),
            Err(_) => Some("a table that waits for an answer".to_owned()),
        };
        let table = &self.policy.tables[id];
        let rows = frame.rows(id).iter();
        let rows = rows.filter_map(|row| table.rows.get(*row as usize));
        let names: Vec<&str> = rows.map(|row| row.id).collect();
        let wanted: Vec<&str> = expected.iter().map(|name| &**name).collect();
        (problem.is_some() || names != wanted).then(|| TestFailure {
            span,
            what: format!("{} rows", table.name),
            expected: format!("[{}]", wanted.join(", ")),
            got: problem.unwrap_or_else(|| format!("[{}]", names.join(", "))),
        })
    }

    fn labels(&self, ty: Ty) -> &[crate::ir::Label] {
        match ty {
            Ty::Enum(id) => &self.policy.enums[id].labels,
            _ => &[],
        }
    }
}

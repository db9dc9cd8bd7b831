//! Outputs, and the reasons that are owed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::rules::Flow;
use super::series::written;
use super::{Checker, Env, codes, items};
use crate::ast::{self, OutputPart};
use crate::ids::{List, OutputId, TableId};
use crate::ir::{self, Value};
use crate::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Outputs and the reasons that are owed.
    pub(super) fn check_outputs(
        &mut self,
        tables: Option<&List<TableId, ir::Table>>,
        flow: &Flow,
    ) -> (Option<List<OutputId, ir::Output>>, ir::OwedReasons) {
        let file = self.file;
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut sound = true;
        let mut outputs = List::default();
        for entry in items!(file, Output).flatten() {
            let (condition, parts) = entry.parts();
            let mut env = Env::after_decide();
            let when = condition.map(|condition| self.condition(condition, &env));
            match (&when, condition) {
                (Some(Some(condition)), _) => {
                    env.assume(condition, true);
                    env.learn(self.proved(condition, tables, flow));
                }
                (Some(None), Some(condition)) => self.assume_mentioned(condition, &mut env),
                _ => {}
            }
            sound &= !matches!(when, Some(None));
            for part in parts {
                let (name, span) = match part {
                    OutputPart::Field(field) => (field.name.text.clone(), field.name.span),
                    OutputPart::Record(record) => {
                        (written(&record.path, record.index), record.path.span)
                    }
                };
                if let Some(before) = seen.insert(name.clone(), span) {
                    self.report_twice(&name, span, before);
                }
                let when = when.clone().flatten();
                let output = match part {
                    OutputPart::Field(field) => self.output(field, when, &env),
                    OutputPart::Record(record) => self.recorded(record, when, &env),
                };
                match output {
                    Some(output) => {
                        outputs.push(output);
                    }
                    None => sound = false,
                }
            }
        }
        let owed = self.owed(file);
        (sound.then_some(outputs), owed)
    }

    pub(super) fn output(
        &mut self,
        field: &'a ast::OutputField,
        when: Option<ir::Expr>,
        env: &Env,
    ) -> Option<ir::Output> {
        if let ast::TypeKind::List(of) = &field.ty.kind {
            return self.list_output(field, of, when);
        }
        let ty = self.declared_type(&field.ty)?;
        let value = if ty.optional {
            self.maybe(&field.value, Some(ty.ty), env)?
        } else {
            self.expr(&field.value, Some(ty.ty), env)?
        };
        let value = self.coerce_maybe(value, ty.ty)?;
        Some(ir::Output {
            name: Arc::from(field.name.text.as_str()),
            ty,
            when,
            value: ir::OutputSource::Expr(value),
            if_asked: false,
            span: field.name.span,
        })
    }

    /// A value that is written beside the outputs, under its own name.
    fn recorded(
        &mut self,
        record: &ast::RecordedValue,
        when: Option<ir::Expr>,
        env: &Env,
    ) -> Option<ir::Output> {
        let typed = self.named(&record.path, record.index, record.path.span, env)?;
        let ir::ExprKind::Value(value) = typed.kind else {
            return None;
        };
        let mut ty = self.value_type(value)?;
        if let Value::Input(id) = value
            && self.inputs[id].private
        {
            self.report(
                Diagnostic::error(
                    codes::RECORD_PRIVATE,
                    format!("`{}` is private: it is never written", record.path.text),
                    record.path.span,
                )
                .evidence(self.inputs[id].span, "declared as `private`")
                .help("remove the line"),
            );
            return None;
        }
        // An input that is in no group on request is there without being asked for
        let always_there = match value {
            Value::Input(id) => self.inputs[id].group.is_none(),
            Value::DecisionDate | Value::Outcome | Value::Decided(_) => true,
            _ => false,
        };
        let if_asked = record.if_asked.is_some() && !always_there;
        ty.optional |= if_asked;
        let name = written(&record.path, record.index);
        Some(ir::Output {
            name: Arc::from(name.as_str()),
            ty,
            when,
            value: ir::OutputSource::Expr(ir::Expr {
                optional: ty.optional,
                ..typed
            }),
            if_asked,
            span: record.path.span,
        })
    }

    pub(super) fn owed(&mut self, file: &'a ast::File) -> ir::OwedReasons {
        let mut owed = ir::OwedReasons::default();
        let mut first: Option<Span> = None;
        for decl in items!(file, Reasons) {
            if let Some(before) = first {
                self.report(
                    Diagnostic::error(codes::MORE_THAN_ONE, "reasons are stated twice", decl.span)
                        .evidence(before, "the first ones")
                        .help("merge the two"),
                );
                continue;
            }
            first = Some(decl.span);
            owed.at_most = decl.at_most.map(|(most, _)| most);
            for entry in &decl.entries {
                let outcomes = entry.outcomes.iter();
                let outcomes: Vec<u32> = outcomes
                    .filter_map(|outcome| self.label(self.outcome?, outcome))
                    .collect();
                owed.outcomes.extend(&outcomes);
                for then in &entry.then {
                    owed.then.extend(self.owed_behind(then, &outcomes));
                }
            }
        }
        owed
    }
}

/// The outputs that a file names, sound or not.
pub(super) fn names(file: &ast::File) -> BTreeSet<&str> {
    let entries = items!(file, Output).flatten();
    let parts = entries.flat_map(|entry| entry.parts().1);
    let fields = parts.filter_map(|part| match part {
        OutputPart::Field(field) => Some(field.name.text.as_str()),
        OutputPart::Record(_) => None,
    });
    fields.collect()
}

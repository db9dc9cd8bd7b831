//! Outputs, and the reasons that are owed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Checker, Env, codes, items};
use crate::ast::{self, OutputEntry};
use crate::ids::{List, OutputId};
use crate::ir;
use crate::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Outputs and the reasons that are owed.
    pub(super) fn check_outputs(
        &mut self,
    ) -> (Option<List<OutputId, ir::Output>>, ir::OwedReasons) {
        let file = self.file;
        let mut seen: HashMap<&'a str, Span> = HashMap::new();
        let mut sound = true;
        let mut outputs = List::default();
        for entry in items!(file, Output).flatten() {
            let (condition, fields) = match entry {
                OutputEntry::Field(field) => (None, std::slice::from_ref(field)),
                OutputEntry::When {
                    condition, fields, ..
                } => (Some(condition), fields.as_slice()),
            };
            let mut env = Env::after_decide();
            let when = condition.map(|condition| self.condition(condition, &env));
            match (&when, condition) {
                (Some(Some(condition)), _) => env.assume(condition, true),
                (Some(None), Some(condition)) => self.assume_mentioned(condition, &mut env),
                _ => {}
            }
            sound &= !matches!(when, Some(None));
            for field in fields {
                if let Some(before) = seen.insert(&field.name.text, field.name.span) {
                    self.report_twice(&field.name.text, field.name.span, before);
                }
                match self.output(field, when.clone().flatten(), &env) {
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
            value,
            span: field.name.span,
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
            for outcome in decl.entries.iter().flat_map(|entry| &entry.outcomes) {
                if let Some(label) = self.outcome.and_then(|id| self.label(id, outcome)) {
                    owed.outcomes.push(label);
                }
            }
        }
        owed
    }
}

/// The outputs that a file names, sound or not.
pub(super) fn names(file: &ast::File) -> BTreeSet<&str> {
    let entries = items!(file, Output).flatten();
    let fields = entries.flat_map(|entry| match entry {
        OutputEntry::Field(field) => std::slice::from_ref(field),
        OutputEntry::When { fields, .. } => fields.as_slice(),
    });
    fields.map(|field| field.name.text.as_str()).collect()
}

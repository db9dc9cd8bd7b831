//! What a test expects, can be had.

use std::collections::HashMap;

use super::names::Meaning;
use super::series::written;
use super::{Checker, codes};
use crate::ast::{self, AssignedValue, Assignment, Item};
use crate::diagnostic::Near;
use crate::ids::{ModelId, OutputId, SubpolicyId};
use crate::ir::{self, Expectation, Literal, RuleExpected, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Id as _};

impl Checker<'_> {
    pub(super) fn expectation(
        &mut self,
        expect: &ast::Expectation,
        outputs: &HashMap<&str, (OutputId, DeclaredTy)>,
    ) -> Option<Expectation> {
        match expect {
            ast::Expectation::Reasons { codes, span } => {
                let found: Vec<_> = codes.iter().map(|code| self.reason(code)).collect();
                Some(Expectation::Reasons(
                    found.into_iter().collect::<Option<_>>()?,
                    *span,
                ))
            }
            ast::Expectation::Tags { tags, span } => self.expected_tags(tags, *span),
            ast::Expectation::Rule { path, fired } => {
                let expected = match fired {
                    true => RuleExpected::Fired,
                    false => RuleExpected::NotFired,
                };
                self.expected_rule(path, expected)
            }
            ast::Expectation::Shadow { path, state } => self.expected_in_shadow(path, *state),
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
                    let help = match self.close(&path.text, models.iter().map(String::as_str)) {
                        Some(close) => close.meant(),
                        None if models.is_empty() => "the policy has no model".into(),
                        None => format!("the models are {}", models.join(", ")).into(),
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
            ast::Expectation::NotAsked(path) => self.not_asked(path),
            ast::Expectation::Rows {
                table,
                rows,
                one,
                span,
            } => self.rows_expected(table, rows, *one, *span),
            ast::Expectation::Equals(assignment) => self.equality(assignment, outputs),
        }
    }

    fn not_asked(&mut self, path: &ast::Path) -> Option<Expectation> {
        if self.rule_heads.contains_key(&path.text) {
            return self.expected_rule(path, RuleExpected::NotAsked);
        }
        match self.names.get(&path.text) {
            Some((Meaning::Group(group), _)) => {
                return Some(Expectation::NotAsked(group, path.span));
            }
            Some((Meaning::Subpolicy(position), _)) => {
                let id = SubpolicyId::new(position);
                return Some(Expectation::PolicyNotAsked(id, path.span));
            }
            Some((Meaning::Broken, _)) => return None,
            _ => {}
        }
        let groups: Vec<String> = self
            .names
            .having(|meaning| matches!(meaning, Meaning::Group(_)))
            .map(str::to_owned)
            .collect();
        let help = match self.close(&path.text, groups.iter().map(String::as_str)) {
            Some(close) => close.meant(),
            None if groups.is_empty() => "the policy has no inputs `on request`".into(),
            None => format!("the groups on request are {}", groups.join(", ")).into(),
        };
        self.report(
            Diagnostic::error(
                codes::CANNOT_EXPECT,
                format!("`{}` is no group of inputs on request", path.text),
                path.span,
            )
            .help(help),
        );
        None
    }

    /// What a test expects of a rule.
    fn expected_rule(&mut self, path: &ast::Path, expected: RuleExpected) -> Option<Expectation> {
        let id = self.rule_named(path)?;
        Some(Expectation::Rule(id, expected, path.span))
    }

    pub(super) fn equality(
        &mut self,
        assignment: &Assignment,
        outputs: &HashMap<&str, (OutputId, DeclaredTy)>,
    ) -> Option<Expectation> {
        let (path, index) = (&assignment.path, assignment.index);
        if let (Some(place), None) = (self.list_expected(path, outputs), index) {
            return self.elements_expected(assignment, place, outputs);
        }
        let (ty, target) = match outputs.get(path.text.as_str()) {
            Some((id, ty)) if index.is_none() => (*ty, Err(*id)),
            _ if self.is_broken_output(&path.text) => return None,
            _ => {
                let env = super::Env::of_test();
                if self.names.get(&path.text).is_none()
                    && !self.is_broken(path)
                    && let Some(close) = self.close(&path.text, self.output_names.iter().copied())
                {
                    self.misspelt_output(path, close);
                    return None;
                }
                let (value, declared) = self.place(path, index, &env)?;
                let ty = self.value_type(value)?;
                if ty.ty == Ty::Float {
                    self.for_models_only(&written(path, index), path.span, declared);
                    return None;
                }
                (ty, Ok(value))
            }
        };
        let expected = match &assignment.value {
            AssignedValue::Missing(_) => None,
            AssignedValue::Value(value) => Some(self.constant(value, ty.ty)?),
            AssignedValue::List(_, span)
            | AssignedValue::Record(_, span)
            | AssignedValue::Shares(_, span) => {
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EXPECT,
                        "neither a list nor a record can be expected of a value",
                        *span,
                    )
                    .help("expect one value after the other, as in `expect paid[1] = 5`"),
                );
                return None;
            }
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

    /// An output that was reported where it is declared.
    fn is_broken_output(&self, name: &str) -> bool {
        self.output_names.contains(name)
            || self.file.items.iter().any(|item| {
                matches!(item, Item::Error { keyword, name: found, .. } if keyword == "output"
                    && found.as_ref().is_none_or(|found| found.text == name))
            })
    }

    fn misspelt_output(&mut self, path: &ast::Path, close: Near<'_>) {
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{}` is not declared", path.text),
                path.span,
            )
            .help(close.meant()),
        );
    }
}

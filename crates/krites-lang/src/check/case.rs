//! What an example or a test sets, can be set, and is set once.

use std::collections::{BTreeMap, HashMap};

use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast::{self, AssignedValue, Assignment};
use crate::ids::{InputId, ModelId};
use crate::ir::{Literal, StubbedModel, Value};
use crate::types::{Date, Ty};
use crate::{Diagnostic, Id as _, Span};

/// What an example or a test sets
#[derive(Clone, Default)]
pub(super) struct Case {
    pub(super) decision_date: Option<Date>,
    /// Whether the day was reported
    pub(super) broken_date: bool,
    pub(super) inputs: BTreeMap<usize, Option<Literal>>,
    pub(super) models: BTreeMap<usize, StubbedModel>,
    /// Inputs whose value was reported
    pub(super) broken_inputs: Vec<usize>,
    /// Models of which an answer was reported
    pub(super) broken_models: Vec<usize>,
}

impl Checker<'_> {
    /// Sets what one example, or one `with`, lists.
    pub(super) fn assign_all(&mut self, assignments: &[Assignment], case: &mut Case) {
        let mut set: HashMap<&str, Span> = HashMap::new();
        let mut models: HashMap<usize, (bool, Span)> = HashMap::new();
        for assignment in assignments {
            let path = &assignment.path;
            if let Some(before) = set.insert(&path.text, path.span) {
                self.set_twice(path, before);
                continue;
            }
            let Some((meaning, _)) = self.resolve(path, &Env::after_decide()) else {
                continue;
            };
            let fails = matches!(assignment.value, AssignedValue::Fault(_));
            if let Some(model) = model_of(meaning) {
                let (failed, before) = *models.entry(model).or_insert((fails, path.span));
                if failed != fails {
                    self.fails_and_answers(path, before);
                    continue;
                }
            }
            self.assign(meaning, assignment, case);
        }
    }

    fn set_twice(&mut self, path: &ast::Path, before: Span) {
        self.report(
            Diagnostic::error(
                codes::SET_TWICE,
                format!("`{}` is set twice", path.text),
                path.span,
            )
            .label("set again here")
            .evidence(before, "first set here")
            .help("keep one of the two"),
        );
    }

    fn fails_and_answers(&mut self, path: &ast::Path, before: Span) {
        self.report(
            Diagnostic::error(
                codes::SET_TWICE,
                "a model cannot both fail and answer",
                path.span,
            )
            .evidence(before, "set here before")
            .help("keep either the fault or the answers"),
        );
    }

    fn assign(&mut self, meaning: Meaning, assignment: &Assignment, case: &mut Case) {
        let path = &assignment.path;
        match (meaning, &assignment.value) {
            (Meaning::Value(Value::Input(id)), AssignedValue::Missing(span)) => {
                case.inputs.insert(id.position(), None);
                if !self.inputs[id].ty.optional {
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
                self.assign_input(id, path, value, case);
            }
            (Meaning::Value(Value::DecisionDate), AssignedValue::Value(value)) => {
                match self.constant(value, Ty::Date) {
                    Some(Literal::Date(date)) => case.decision_date = Some(date),
                    _ => case.broken_date = true,
                }
            }
            (Meaning::Value(Value::Model(id, give)), AssignedValue::Value(value)) => {
                self.assign_answer(id, give as usize, path, value, case);
            }
            (Meaning::Model(position), AssignedValue::Fault(_)) => {
                case.models.insert(position, StubbedModel::Fault);
            }
            (meaning, _) => self.cannot_set(meaning, assignment),
        }
    }

    fn assign_input(&mut self, id: InputId, path: &ast::Path, value: &ast::Expr, case: &mut Case) {
        let Some(literal) = self.constant(value, self.inputs[id].ty.ty) else {
            case.broken_inputs.push(id.position());
            return;
        };
        let range = self.inputs[id].range.clone();
        let declared = Some(self.inputs[id].span);
        self.check_inside(&literal, range.as_ref(), &path.text, declared, value.span);
        case.inputs.insert(id.position(), Some(literal));
    }

    fn assign_answer(
        &mut self,
        id: ModelId,
        give: usize,
        path: &ast::Path,
        value: &ast::Expr,
        case: &mut Case,
    ) {
        let head = self.model_heads.get(id.position());
        let promised = head.and_then(|head| {
            let declared = head.ast.gives.get(give)?.name.span;
            Some((head.gives.get(give)?.clone()?, declared))
        });
        let literal = promised.and_then(|(promised, declared)| {
            let literal = self.constant(value, promised.ty.ty)?;
            let (range, declared) = (promised.range.as_ref(), Some(declared));
            self.check_inside(&literal, range, &path.text, declared, value.span);
            Some(literal)
        });
        let Some(literal) = literal else {
            case.broken_models.push(id.position());
            return;
        };
        let stub = case.models.entry(id.position());
        let stub = stub.or_insert(StubbedModel::Fault);
        if let StubbedModel::Answers(answers) = stub {
            answers.retain(|(known, _)| *known != give);
            answers.push((give, literal));
        } else {
            *stub = StubbedModel::Answers(vec![(give, literal)]);
        }
    }

    fn cannot_set(&mut self, meaning: Meaning, assignment: &Assignment) {
        let path = &assignment.path;
        let kind = Self::kind_words(meaning);
        let headline = match &assignment.value {
            AssignedValue::Fault(_) => format!("`{}` cannot fail", path.text),
            _ => format!("a test cannot set `{}`", path.text),
        };
        self.report(
            Diagnostic::error(codes::CANNOT_SET, headline, path.span)
                .label(format!("this is {kind}"))
                .help("set inputs, `decision_date`, an answer of a model, or `model = fault`"),
        );
    }
}

/// The model that something is, or is an answer of.
fn model_of(meaning: Meaning) -> Option<usize> {
    match meaning {
        Meaning::Model(position) => Some(position),
        Meaning::Value(Value::Model(id, _)) => Some(id.position()),
        _ => None,
    }
}

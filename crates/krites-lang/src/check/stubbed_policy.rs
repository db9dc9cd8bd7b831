//! What a test says of a policy that is asked.

use super::case::Case;
use super::names::Meaning;
use super::{Checker, codes};
use crate::ast;
use crate::ids::DefinitionId;
use crate::ir;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// The policy that something is, or is an answer of.
    pub(super) fn asked_of(&self, meaning: Meaning) -> Option<usize> {
        match meaning {
            Meaning::Subpolicy(position) => Some(position),
            Meaning::Value(ir::Value::Definition(id)) => self.answer_of(id).map(|(asked, _)| asked),
            _ => None,
        }
    }

    fn answer_of(&self, id: DefinitionId) -> Option<(usize, usize)> {
        let mut heads = self.subpolicies.iter().enumerate();
        heads.find_map(|(position, head)| {
            let give = head.gives.iter().position(|give| *give == Some(id))?;
            Some((position, give))
        })
    }

    /// Sets an answer of a policy that is asked.
    pub(super) fn assign_asked(
        &mut self,
        meaning: Meaning,
        assignment: &ast::Assignment,
        case: &mut Case,
    ) {
        let Meaning::Value(ir::Value::Definition(id)) = meaning else {
            return;
        };
        let Some((position, give)) = self.answer_of(id) else {
            return;
        };
        let (name, span) = (&assignment.path.text, assignment.value.span());
        let Some(ty) = self.definition_type(id) else {
            return;
        };
        let value = match &assignment.value {
            ast::AssignedValue::Value(value) => self.constant(value, ty.ty).map(Some),
            _ if ty.optional => Some(None),
            _ => {
                let headline = format!("`{name}` is never missing");
                self.report(
                    Diagnostic::error(codes::CANNOT_SET, headline, span)
                        .label("declared without `?`")
                        .help("give it a value"),
                );
                None
            }
        };
        let Some(value) = value else {
            case.broken_policies.push(position);
            return;
        };
        if let Some(value) = &value {
            self.check_digits(value, ty, span);
        }
        let stub = case.policies.entry(position);
        let stub = stub.or_insert(ir::StubbedPolicy::Fault);
        match stub {
            ir::StubbedPolicy::Answers(answers) => {
                answers.retain(|(known, _)| *known != give);
                answers.push((give, value));
            }
            ir::StubbedPolicy::Fault => *stub = ir::StubbedPolicy::Answers(vec![(give, value)]),
        }
    }

    /// The answers that a test leaves out, where it gives others of the policy.
    pub(super) fn answers_left_out(
        &self,
        position: usize,
        stub: &ir::StubbedPolicy,
    ) -> Vec<(String, Span)> {
        let (ir::StubbedPolicy::Answers(answers), Some(head)) =
            (stub, self.subpolicies.get(position))
        else {
            return Vec::new();
        };
        let gives = head.ast.gives.iter().enumerate();
        let lacking = gives.filter(|(at, _)| !answers.iter().any(|(known, _)| known == at));
        let name = &head.ast.name.text;
        lacking
            .map(|(_, give)| (format!("{name}.{}", give.name.text), give.name.span))
            .collect()
    }
}

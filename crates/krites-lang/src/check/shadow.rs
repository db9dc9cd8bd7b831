//! Models in shadow: run behind the decision, read by shadow blocks alone, and never
//! acting.

use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ir::Value;
use crate::{Diagnostic, Id as _, Span};

/// What follows where a model in shadow fails: nothing
const IGNORE: &str = "ignore";

impl Checker<'_> {
    /// Tells whether something is a model in shadow, or is read of one, where no such
    /// may be read.
    pub(super) fn is_hidden(&self, meaning: Meaning, env: &Env) -> bool {
        if env.sees_shadow {
            return false;
        }
        let of_distribution = |position: usize| {
            let head = self.distributions.get(position);
            head.map(|head| head.labels.model.position())
        };
        let model = match meaning {
            Meaning::Model(position) | Meaning::OfEachRow(position, _) => Some(position),
            Meaning::Value(Value::Model(id, _)) => Some(id.position()),
            Meaning::Distribution(position) | Meaning::Probability(position) => {
                of_distribution(position)
            }
            Meaning::Value(Value::Definition(id)) => {
                let mut heads = self.distributions.iter();
                let found = heads.position(|head| head.parts.contains(&id));
                found.and_then(of_distribution)
            }
            _ => None,
        };
        let head = model.and_then(|model| self.model_heads.get(model));
        head.is_some_and(|head| head.ast.shadow.is_some())
    }

    /// Reports that something reads a model in shadow.
    pub(super) fn read_in_shadow(&mut self, name: &str, span: Span, declared: Span) {
        self.report(
            Diagnostic::error(
                codes::IN_SHADOW,
                format!("`{name}` is in shadow: nothing is decided by it"),
                span,
            )
            .evidence(declared, "declared in shadow")
            .help("remove `shadow` from the model, or let it stand for another one in a `shadow` block"),
        );
    }

    /// Tells whether a model may be in shadow as it is declared, if it is.
    pub(super) fn can_be_in_shadow(&mut self, decl: &ast::ModelDecl) -> bool {
        let Some(shadow) = decl.shadow else {
            return true;
        };
        if let Some(each) = &decl.each {
            self.report(
                Diagnostic::error(
                    codes::SHADOW_OF_ROWS,
                    format!(
                        "`{}` is in shadow, and so asked once a case",
                        decl.name.text
                    ),
                    each.span,
                )
                .evidence(shadow, "nothing reads it, so no row does")
                .help("remove `for each of` or `shadow`"),
            );
            return false;
        }
        let handling = decl.on_fault.as_ref().filter(|fault| !is_ignore(fault));
        let handling = handling.map(|fault| fault.span);
        let Some(handling) = handling.or(decl.stand_in.as_ref().map(|found| found.span)) else {
            return true;
        };
        self.report(
            Diagnostic::error(
                codes::SHADOW_HANDLES,
                "the fault of a model in shadow leads to nothing",
                handling,
            )
            .evidence(shadow, "recorded, and never acting")
            .help("write `on fault ignore`, or leave it out"),
        );
        false
    }

    /// Reports a model that acts and ignores its faults; tells whether it does.
    pub(super) fn ignores_its_faults(&mut self, fault: &ast::OnFault) -> bool {
        let is_outcome = self
            .outcome
            .is_some_and(|outcome| self.label_position(outcome, IGNORE).is_some());
        if is_outcome || fault.outcome.text != IGNORE {
            return false;
        }
        self.report(
            Diagnostic::error(
                codes::FAULT_IGNORED,
                "only a model in shadow ignores its faults",
                fault.span,
            )
            .label("a fault is never \"no\"")
            .help("say what it leads to, as in `on fault refer because …` or `on fault use …`"),
        );
        true
    }
}

/// Tells whether a handling is `on fault ignore`.
fn is_ignore(fault: &ast::OnFault) -> bool {
    fault.outcome.text == IGNORE
        && fault.with.is_empty()
        && fault.because.is_none()
        && fault.tags.is_empty()
}

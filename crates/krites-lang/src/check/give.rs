//! What the policy reads of a model is what the model gives.

use std::sync::Arc;

use super::model::{ModelInterface, ModelOutput};
use super::{Checker, GiveHead, codes};
use crate::ast::{self, ExprKind};
use crate::ir::{self, Element};
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn give(
        &mut self,
        decl: &ast::ModelDecl,
        give: &ast::Give,
        head: GiveHead,
        interface: &ModelInterface,
    ) -> Option<ir::Give> {
        let GiveHead { ty, range } = head;
        let Some(output) = interface
            .outputs
            .iter()
            .position(|output| output.name == give.output.text)
        else {
            let names: Vec<&str> = interface
                .outputs
                .iter()
                .map(|output| output.name.as_str())
                .collect();
            let help = match self.close(&give.output.text, names.iter().copied()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("its outputs are {}", names.join(", ")),
            };
            self.report(
                Diagnostic::error(
                    codes::MODEL_OUTPUT_UNKNOWN,
                    format!(
                        "the model `{}` has no output `{}`",
                        decl.file.text, give.output.text
                    ),
                    give.output.span,
                )
                .help(help),
            );
            return None;
        };
        let found = interface.outputs.get(output)?;
        let column = self.class_column(give, found)?;
        let fits = !ty.optional
            && match found.element {
                Element::Float | Element::Double => matches!(ty.ty, Ty::Decimal | Ty::Percent),
                Element::Integer => ty.ty == Ty::Integer,
                Element::Boolean => ty.ty == Ty::Boolean,
                Element::Text => ty.ty == Ty::Text,
            };
        if !fits {
            let wanted = match found.element {
                Element::Float | Element::Double => "`decimal` or `percent`",
                Element::Integer => "`integer`",
                Element::Boolean => "`boolean`",
                Element::Text => "`text`",
            };
            self.report(
                Diagnostic::error(
                    codes::GIVE_TYPE,
                    format!(
                        "`{}` is of another type than the model's output `{}`",
                        give.name.text, found.name
                    ),
                    give.ty.span,
                )
                .help(format!(
                    "declare it as {wanted}; what a model gives is never missing"
                )),
            );
            return None;
        }
        if give.range.is_some() && range.is_none() {
            return None;
        }
        Some(ir::Give {
            name: Arc::from(format!("{}.{}", decl.name.text, give.name.text)),
            ty,
            output,
            column,
            range,
            rounded: give.rounded.map(|(places, _)| places),
            span: give.name.span,
        })
    }

    fn class_column(&mut self, give: &ast::Give, output: &ModelOutput) -> Option<usize> {
        let Some(class) = &give.class else {
            if output.width == 1 {
                return Some(0);
            }
            let help = match output.classes.first() {
                Some(class) => format!("say which, as in `{} of class {class}`", output.name),
                None => format!("it has {} columns", output.width),
            };
            self.report(
                Diagnostic::error(
                    codes::MODEL_CLASS,
                    format!(
                        "`{}` has {} columns, one is needed",
                        output.name, output.width
                    ),
                    give.output.span,
                )
                .help(help),
            );
            return None;
        };
        let (label, span): (String, Span) = match &class.kind {
            ExprKind::Number(text) | ExprKind::Text(text) => (text.clone(), class.span),
            _ => return None,
        };
        let found = output.classes.iter().position(|known| *known == label);
        if found.is_none() {
            let help = if output.classes.is_empty() {
                "leave `of class` out: the model does not say which classes it scores".to_owned()
            } else {
                format!("its classes are {}", output.classes.join(", "))
            };
            self.report(
                Diagnostic::error(
                    codes::MODEL_CLASS,
                    format!("`{}` has no class {label}", output.name),
                    span,
                )
                .help(help),
            );
        }
        found
    }
}

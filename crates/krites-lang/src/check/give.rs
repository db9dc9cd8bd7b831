//! What the policy reads of a model is what the model gives.

use std::sync::Arc;

use super::model::{ModelInterface, ModelOutput};
use super::{AnswerHead, Checker, Promise, codes};
use crate::ast::{self, ExprKind};
use crate::ir::{self, Element};
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn give(
        &mut self,
        decl: &ast::ModelDecl,
        answer: &AnswerHead<'_>,
        interface: &ModelInterface,
    ) -> Option<ir::Give> {
        let give = answer.ast;
        let ast::Given::Value {
            ty: written,
            range: promised,
            class,
        } = &give.given
        else {
            return None;
        };
        let Promise { ty, range } = answer.promise.clone()?;
        let output = self.output_read(decl, give, interface)?;
        let found = interface.outputs.get(output)?;
        let column = self.class_column(give, class.as_ref(), found)?;
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
                    written.span,
                )
                .help(format!(
                    "declare it as {wanted}; what a model gives is never missing"
                )),
            );
            return None;
        }
        if promised.is_some() && range.is_none() {
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

    /// The output that is read; reports one that the model lacks.
    pub(super) fn output_read(
        &mut self,
        decl: &ast::ModelDecl,
        give: &ast::Give,
        interface: &ModelInterface,
    ) -> Option<usize> {
        let wanted = &give.output;
        let outputs = || interface.outputs.iter().map(|output| output.name.as_str());
        if let Some(found) = outputs().position(|name| name == wanted.text) {
            return Some(found);
        }
        let help = match self.close(&wanted.text, outputs()) {
            Some(close) => close.meant(),
            None => format!(
                "its outputs are {}",
                outputs().collect::<Vec<_>>().join(", ")
            )
            .into(),
        };
        let (file, name) = (&decl.file.text, &wanted.text);
        self.report(
            Diagnostic::error(
                codes::MODEL_OUTPUT_UNKNOWN,
                format!("the model `{file}` has no output `{name}`"),
                wanted.span,
            )
            .help(help),
        );
        None
    }

    fn class_column(
        &mut self,
        give: &ast::Give,
        class: Option<&ast::Expr>,
        output: &ModelOutput,
    ) -> Option<usize> {
        let Some(class) = class else {
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

//! What an entry of `input` or of a record says of its values.

use super::{Checker, codes};
use crate::ast::{self, TypeExpr, TypeKind};
use crate::ir;
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// What is declared of a value of the type `written`: an input, a record's field
    /// by its name there, an element of a list. `None` where its type was reported.
    pub(super) fn input(
        &mut self,
        field: &ast::InputField,
        written: &TypeExpr,
    ) -> Option<ir::Input> {
        let sound = self.check_series(field) && self.check_wire(field);
        let mut ty = self.declared_type(written)?;
        if field.model_only.is_some() {
            ty = self.model_only(field)?;
        }
        sound.then(|| self.declared(field, ty))
    }

    /// A stand-in for money in a currency that the case names: what is said of its
    /// values is read once all inputs are declared.
    pub(super) fn input_of_case(
        &mut self,
        field: &ast::InputField,
        written: &TypeExpr,
    ) -> Option<ir::Input> {
        let sound = self.check_series(field) && self.check_wire(field);
        if field.model_only.is_some() {
            self.model_only(field)?;
        }
        let stand_in = DeclaredTy {
            optional: written.optional,
            ..DeclaredTy::bare(Ty::Decimal)
        };
        sound.then(|| bare(field, stand_in))
    }

    /// What is declared of a value of this type.
    pub(super) fn declared(&mut self, field: &ast::InputField, ty: DeclaredTy) -> ir::Input {
        let range = field
            .range
            .as_ref()
            .and_then(|range| self.constant_range(range, ty.ty));
        let default = field.default.as_ref().and_then(|default| {
            let value = self.constant(default, ty.ty)?;
            let declared = field.range.as_ref().map(|range| range.span);
            let name = &field.path.text;
            self.check_inside(&value, range.as_ref(), name, declared, default.span);
            self.check_digits(&value, ty, default.span);
            if ty.optional {
                self.default_and_optional(field, default.span);
            }
            Some(value)
        });
        let missing_when = field.missing_when.as_ref().and_then(|value| {
            if !ty.optional && field.default.is_none() {
                self.never_missing(field, value.span);
            }
            self.constant(value, ty.ty)
        });
        ir::Input {
            range,
            missing_when,
            default,
            ..bare(field, ty)
        }
    }

    /// The type of a number that is merely fed to models.
    fn model_only(&mut self, field: &ast::InputField) -> Option<DeclaredTy> {
        let name = &field.path.text;
        let problem = match (&field.ty.kind, &field.range) {
            (TypeKind::Decimal(None), None) => None,
            (TypeKind::Decimal(None), Some(range)) => Some((
                format!("`{name}` is for models only, so it has no range"),
                range.span,
                "leave out either the range or `model only`",
            )),
            _ => Some((
                format!("`{name}` is for models only, so it is a `decimal`"),
                field.ty.span,
                "write `decimal model only`, or leave out `model only`",
            )),
        };
        if let Some((headline, span, help)) = problem {
            self.report(Diagnostic::error(codes::MODEL_ONLY, headline, span).help(help));
            return None;
        }
        Some(DeclaredTy {
            optional: field.ty.optional,
            ..DeclaredTy::bare(Ty::Float)
        })
    }

    fn default_and_optional(&mut self, field: &ast::InputField, default: Span) {
        self.report(
            Diagnostic::error(
                codes::DEFAULT_AND_OPTIONAL,
                format!(
                    "`{}` has a default, so it is never missing",
                    field.path.text
                ),
                default,
            )
            .evidence(field.ty.span, "`?` says it may be missing")
            .help("leave out either the `?` or the default"),
        );
    }

    fn never_missing(&mut self, field: &ast::InputField, value: Span) {
        self.report(
            Diagnostic::error(
                codes::MISSING_WHEN,
                format!("`{}` may not be missing", field.path.text),
                value,
            )
            .label("this stands for a missing value")
            .evidence(field.ty.span, "declared without `?`")
            .help("put `?` behind the type, or give it a `default`, which takes its place"),
        );
    }
}

/// An input of which nothing is said but its type.
fn bare(field: &ast::InputField, ty: DeclaredTy) -> ir::Input {
    ir::Input {
        name: field.path.text.as_str().into(),
        wire: field.path.text.as_str().into(),
        ty,
        range: None,
        missing_when: None,
        default: None,
        group: None,
        private: field.private.is_some(),
        doc: field.doc.as_ref().map(|doc| doc.text.clone()),
        span: field.path.span,
    }
}

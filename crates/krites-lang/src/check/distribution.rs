//! Distributions: one answer of a model for each label of an enum.

use std::sync::Arc;

use super::names::Meaning;
use super::{AnswerHead, Checker, Env, Promise, codes};
use crate::ast::{self, TypeExpr, TypeKind};
use crate::ids::{DefinitionId, EnumId, ModelId};
use crate::ir::{self, ConstRange, DistributionQuery, DistributionUse, Labels, Literal};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Exact, Span};

/// A distribution whose enum is known
pub(super) struct DistributionHead {
    /// Full name, such as `topic.intent`
    pub(super) name: Arc<str>,
    pub(super) ty: EnumId,
    pub(super) labels: Labels,
    /// The definitions of what is read of it
    pub(super) parts: Vec<DefinitionId>,
    pub(super) span: Span,
}

impl DistributionHead {
    pub(super) fn checked(&self) -> ir::Distribution {
        ir::Distribution {
            name: self.name.clone(),
            ty: self.ty,
            labels: self.labels,
        }
    }
}

/// What is promised of a probability.
pub(super) fn zero_to_one() -> ConstRange {
    let bound = |value| Some((Literal::Exact(Exact::from_integer(value)), true));
    ConstRange {
        low: bound(0),
        high: bound(1),
    }
}

impl<'a> Checker<'a> {
    /// Declares a distribution and what is read of it; returns the answers of its
    /// labels. The first of them has the position that is told.
    pub(super) fn declare_distribution(
        &mut self,
        decl: &'a ast::ModelDecl,
        give: &'a ast::Give,
        of: &ast::Name,
        (model, first): (ModelId, u32),
        sole: bool,
    ) -> Vec<AnswerHead<'a>> {
        let found = self.enum_of_distribution(of);
        let found = match &decl.each {
            Some(each) => {
                self.single_values_of_rows(give, each);
                None
            }
            None => found,
        };
        let Some((ty, count)) = found else {
            self.declare_below(&decl.name, &give.name, Meaning::Broken, sole);
            return vec![AnswerHead {
                ast: give,
                promise: None,
                distribution: None,
                at_hand: None,
            }];
        };
        let position = self.distributions.len();
        let mut head = DistributionHead {
            name: Arc::from(format!("{}.{}", decl.name.text, give.name.text)),
            parts: Vec::new(),
            ty,
            labels: Labels {
                model,
                first,
                count,
            },
            span: give.name.span,
        };
        let meaning = Meaning::Distribution(position);
        self.declare_below(&decl.name, &give.name, meaning, sole);
        head.parts = self.declare_parts(&head, position, sole);
        self.distributions.push(head);
        let answer = AnswerHead {
            ast: give,
            promise: Some(Promise {
                ty: DeclaredTy::bare(Ty::Decimal),
                range: Some(zero_to_one()),
            }),
            distribution: Some(position),
            at_hand: None,
        };
        vec![answer; count as usize]
    }

    /// The enum that a distribution is over, and how many labels it has.
    fn enum_of_distribution(&mut self, of: &ast::Name) -> Option<(EnumId, u32)> {
        let written = TypeExpr {
            kind: TypeKind::Named(of.clone()),
            optional: false,
            span: of.span,
        };
        let Ty::Enum(id) = self.declared_type(&written)?.ty else {
            return None;
        };
        let count = self.enums[id].labels.len();
        if count < 2 {
            let mut diagnostic = Diagnostic::error(
                codes::DISTRIBUTION_OF,
                "a distribution is over two labels or more",
                of.span,
            )
            .help("give the enum a label for each class of the model");
            if let Some(declared) = self.enum_span(id) {
                diagnostic = diagnostic.evidence(declared, "has one label");
            }
            self.report(diagnostic);
            return None;
        }
        Some((id, u32::try_from(count).ok()?))
    }

    /// Declares `top`, `second`, their probabilities, and `probability`.
    fn declare_parts(
        &mut self,
        head: &DistributionHead,
        position: usize,
        sole: bool,
    ) -> Vec<DefinitionId> {
        let mut declared = Vec::new();
        let label = Ty::Enum(head.ty);
        let parts = [
            ("top", DistributionQuery::Top, label),
            ("second", DistributionQuery::Second, label),
            (
                "top_probability",
                DistributionQuery::TopProbability,
                Ty::Decimal,
            ),
            (
                "second_probability",
                DistributionQuery::SecondProbability,
                Ty::Decimal,
            ),
        ];
        for (part, query, ty) in parts {
            let name = format!("{}.{part}", head.name);
            let value = read(head.labels, query, ty, head.span);
            let id = self.define(name.clone(), value);
            let meaning = Meaning::Value(ir::Value::Definition(id));
            self.declare_part(name, meaning, head.span, sole);
            declared.push(id);
        }
        let name = format!("{}.probability", head.name);
        self.declare_part(name, Meaning::Probability(position), head.span, sole);
        declared
    }

    fn declare_part(&mut self, name: String, meaning: Meaning, span: Span, sole: bool) {
        let before = self.names.insert_owned(name.clone(), meaning, span);
        if let (Some(before), true) = (before, sole) {
            self.report_twice(&name, span, before);
        }
    }

    /// Types `topic.intent.probability(label)`.
    pub(super) fn probability(
        &mut self,
        position: usize,
        arguments: &[ast::Expr],
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let head = self.distributions.get(position)?;
        let (name, ty, labels) = (format!("{}.probability", head.name), head.ty, head.labels);
        let [argument] = arguments else {
            let help = self.name_a_label(position, &name);
            self.report(
                Diagnostic::error(
                    codes::ARGUMENT_COUNT,
                    format!("`{name}` takes one label"),
                    span,
                )
                .help(help),
            );
            return None;
        };
        let label = self.expr(argument, Some(Ty::Enum(ty)), env)?;
        if label.ty != Ty::Enum(ty) {
            let (wanted, found) = (self.words(Ty::Enum(ty)), self.words(label.ty));
            let help = self.name_a_label(position, &name);
            self.report(
                Diagnostic::error(
                    codes::PROBABILITY_OF,
                    format!("`{name}` takes {wanted}"),
                    label.span,
                )
                .label(format!("this is {found}"))
                .help(help),
            );
            return None;
        }
        Some(match label.kind {
            ir::ExprKind::Literal(Literal::Label(label)) => ir::Expr {
                kind: ir::ExprKind::Value(labels.of(label)),
                ty: Ty::Decimal,
                optional: false,
                span,
            },
            _ => read(
                labels,
                DistributionQuery::Probability(label),
                Ty::Decimal,
                span,
            ),
        })
    }

    /// A call to paste, with the first label of a distribution.
    pub(super) fn name_a_label(&self, position: usize, name: &str) -> String {
        let head = self.distributions.get(position);
        let labels = head.map(|head| &self.enums[head.ty].labels);
        let label = labels.and_then(|labels| labels.first());
        let label = label.map_or("…", |label| &label.name);
        format!("give it a label: `{name}({label})`")
    }
}

fn read(labels: Labels, query: DistributionQuery, ty: Ty, span: Span) -> ir::Expr {
    ir::Expr {
        kind: ir::ExprKind::Distribution(Box::new(DistributionUse { labels, query })),
        ty,
        optional: false,
        span,
    }
}

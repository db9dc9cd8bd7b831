//! Names that stand for values: their types, and where they were declared.

use super::names::Meaning;
use super::series::written;
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind};
use crate::ir::{self, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Id as _, Span};

/// How many values a message lists at most
const MAX_LISTED: usize = 12;

impl Checker<'_> {
    /// Resolves a path that must name a value.
    pub(super) fn value(&mut self, path: &ast::Path, env: &Env) -> Option<(Value, Span)> {
        let (meaning, declared) = self.resolve(path, env)?;
        if let Meaning::Value(value) = meaning {
            return Some((value, declared));
        }
        let kind = Self::kind_words(meaning);
        let help = match meaning {
            Meaning::OfEachRow(position, _) => {
                let head = self.model_heads.get(position);
                let each = head.and_then(|head| head.ast.each.as_ref());
                let rank = each.map_or("…", |each| each.text.as_str());
                format!("read it in the cells of `{rank}`, and an output of it elsewhere")
            }
            Meaning::Probability(position) => self.name_a_label(position, &path.text),
            Meaning::Table(position) if self.gives_lists(position) => format!(
                "say what is made of its rows, as in `count of {}`",
                path.text
            ),
            Meaning::Table(_)
            | Meaning::Model(_)
            | Meaning::Subpolicy(_)
            | Meaning::Distribution(_)
            | Meaning::Scorecard(_)
            | Meaning::Fields
            | Meaning::Group(_) => {
                let values = self.named_below(&path.text).into_iter();
                let values: Vec<String> = values
                    .take(MAX_LISTED)
                    .map(|name| format!("`{name}`"))
                    .collect();
                format!("name one of its values: {}", values.join(", "))
            }
            Meaning::NamedList(_) => {
                format!("ask whether a value is in it: `x in list {}`", path.text)
            }
            Meaning::Lookup(_) => format!("look a key up in it: `{}(…).…`", path.text),
            Meaning::Columns(_) => "columns can only feed a model".to_owned(),
            Meaning::Function(_) => format!("give it its arguments: `{}(…)`", path.text),
            Meaning::Rows(..) => format!(
                "say what is made of its rows: `sum of {0}`, `first of {0} if none …`",
                path.text
            ),
            Meaning::List(list) => self.of_a_list(list, &path.text),
            Meaning::Series(position) => self.one_of_a_series(position),
            _ => "name an input, a definition, or a value of a table or model".to_owned(),
        };
        self.report(
            Diagnostic::error(
                codes::NOT_A_VALUE,
                format!("`{}` is {kind}, not a value", path.text),
                path.span,
            )
            .evidence(declared, "declared here")
            .help(help),
        );
        None
    }

    pub(super) fn path(
        &mut self,
        path: &ast::Path,
        hint: Option<Ty>,
        env: &Env,
    ) -> Option<ir::Expr> {
        if let Some(Ty::Enum(id)) = hint {
            if let Some(position) = self.label_position(id, &path.text) {
                let kind = ir::ExprKind::Literal(ir::Literal::Label(position));
                return Some(ir::Expr {
                    kind,
                    ty: Ty::Enum(id),
                    optional: false,
                    span: path.span,
                });
            }
            if !self.is_named(&path.text) && !path.text.contains('.') {
                self.label(
                    id,
                    &ast::Name {
                        text: path.text.clone(),
                        span: path.span,
                    },
                );
                return None;
            }
        }
        self.named(path, None, path.span, env)
    }

    /// Types a name, or one element of a series.
    pub(super) fn named(
        &mut self,
        path: &ast::Path,
        index: Option<u32>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let (value, declared_at) = self.place(path, index, env)?;
        if value == Value::DecisionDate {
            self.reads_date.get_or_insert(span);
        }
        let declared = self.value_type(value)?;
        if declared.ty == Ty::Float && !env.feeds_model {
            self.for_models_only(&written(path, index), span, declared_at);
            return None;
        }
        let optional = declared.optional && !env.present.contains(&value);
        Some(ir::Expr {
            kind: ir::ExprKind::Value(value),
            ty: declared.ty,
            optional,
            span,
        })
    }

    /// Reports a number for models only at another place.
    pub(super) fn for_models_only(&mut self, name: &str, span: Span, declared: Span) {
        self.report(
            Diagnostic::error(
                codes::MODEL_ONLY,
                format!("`{name}` is for models only: it stands alone, in feeds and columns"),
                span,
            )
            .evidence(declared, "declared with `model only`")
            .help("declare it as `decimal` alone to compute and compare with it"),
        );
    }

    /// The declared type of a value by name, as evidence and for narrowing.
    pub(super) fn value_type(&self, value: ir::Value) -> Option<DeclaredTy> {
        match value {
            ir::Value::Input(id) => Some(self.inputs[id].ty),
            ir::Value::DecisionDate => Some(DeclaredTy::bare(Ty::Date)),
            ir::Value::Definition(id) => self.definition_type(id),
            ir::Value::Table(id, output) => match self.tables.get(id.position()) {
                Some(table) => table.outputs.get(output as usize).copied().flatten(),
                None => self.feature_type(id),
            },
            ir::Value::Model(id, give) => self
                .model_heads
                .get(id.position())?
                .answers
                .get(give as usize)
                .and_then(|answer| answer.promise.as_ref())
                .map(|promise| promise.ty),
            ir::Value::Local(id) => match self.locals[id].ty {
                ir::LocalTy::Value(ty) => Some(ty),
                ir::LocalTy::Elements(_) => None,
            },
            ir::Value::Outcome => self.outcome.map(|id| DeclaredTy::bare(Ty::Enum(id))),
            ir::Value::Decided(at) => self.decided.get(at as usize)?.ty,
        }
    }

    /// What the analyst wrote, for messages.
    pub(super) fn written(&self, expr: &ast::Expr) -> String {
        match &expr.kind {
            ExprKind::Path(path) => path.text.clone(),
            ExprKind::Index { path, index } => written(path, Some(*index)),
            _ => "it".to_owned(),
        }
    }

    /// The name that an expression is, or `…`, for a text to complete.
    pub(super) fn or_dots(&self, expr: &ast::Expr) -> String {
        match &expr.kind {
            ExprKind::Path(_) | ExprKind::Index { .. } => self.written(expr),
            _ => "…".to_owned(),
        }
    }

    /// The name of the value that an expression is.
    pub(super) fn value_name(&self, expr: &ir::Expr) -> Option<String> {
        let ir::ExprKind::Value(wanted) = expr.kind else {
            return None;
        };
        match wanted {
            Value::Input(id) => return Some(self.inputs[id].name.to_string()),
            Value::Local(id) => return Some(self.locals[id].name.to_string()),
            _ => {}
        }
        let known = self
            .names
            .having(|meaning| *meaning == Meaning::Value(wanted));
        known.map(str::to_owned).next()
    }

    pub(super) fn declared_words(&self, expr: &ir::Expr, words: &str) -> String {
        match &expr.kind {
            ir::ExprKind::Value(_) => format!("declared as {words}"),
            _ => format!("this is {words}"),
        }
    }

    /// Where the name that an expression is was declared.
    pub(super) fn declared_at(&self, expr: &ir::Expr) -> Option<Span> {
        match &expr.kind {
            ir::ExprKind::Value(Value::Input(id)) => Some(self.inputs[*id].span),
            ir::ExprKind::Value(Value::Definition(id)) => self
                .definitions
                .get(id.position())
                .map(|definition| definition.span),
            _ => None,
        }
    }
}

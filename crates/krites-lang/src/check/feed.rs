//! What the policy feeds a model is what the model takes.

use std::borrow::Cow;
use std::collections::HashMap;

use super::model::{ModelInput, ModelInterface};
use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind, Item};
use crate::ids::InputId;
use crate::ir::{self, Element, Literal};
use crate::types::Ty;
use crate::{Diagnostic, Span};

/// What is fed, and where
struct FedColumn<'a, 'i> {
    column: &'a ast::Feed,
    input: &'i ModelInput,
    /// Where the columns are fed that this is one of
    list: Option<Span>,
}

impl<'a> Checker<'a> {
    pub(super) fn feeds(
        &mut self,
        decl: &'a ast::ModelDecl,
        interface: &ModelInterface,
    ) -> Option<Vec<ir::ModelInput>> {
        let mut sound = true;
        let mut fed: HashMap<&str, &ast::Feed> = HashMap::new();
        for feed in &decl.feeds {
            let name = feed.target.text.as_str();
            if let Some(before) = fed.insert(name, feed) {
                self.report(
                    Diagnostic::error(
                        codes::FED_TWICE,
                        format!("`{name}` is fed twice"),
                        feed.target.span,
                    )
                    .evidence(before.target.span, "first fed here")
                    .help("remove one of them"),
                );
                sound = false;
            }
            if !interface.inputs.iter().any(|input| input.name == name) {
                let names: Vec<&str> = interface
                    .inputs
                    .iter()
                    .map(|input| input.name.as_str())
                    .collect();
                let help = match self.close(name, names.iter().copied()) {
                    Some(close) => close.meant(),
                    None => format!("its inputs are {}", names.join(", ")).into(),
                };
                self.report(
                    Diagnostic::error(
                        codes::MODEL_INPUT_UNKNOWN,
                        format!("the model `{}` has no input `{name}`", decl.file.text),
                        feed.target.span,
                    )
                    .help(help),
                );
                sound = false;
            }
        }
        let mut inputs = Vec::with_capacity(interface.inputs.len());
        for input in &interface.inputs {
            let Some(feed) = fed.get(input.name.as_str()) else {
                // A misspelt feed was reported above: it may be the one.
                if sound && !self.names.unread {
                    self.report(
                        Diagnostic::error(
                            codes::MODEL_INPUT_UNFED,
                            format!(
                                "nothing feeds `{}`, which the model `{}` reads",
                                input.name, decl.file.text
                            ),
                            decl.name.span,
                        )
                        .help(format!("add `\"{}\" = …` to its `feed`", input.name)),
                    );
                }
                sound = false;
                continue;
            };
            match self.feed(feed, input) {
                Some(columns) => {
                    inputs.push(ir::ModelInput {
                        name: input.name.clone(),
                        element: input.element,
                        columns,
                    });
                }
                None => sound = false,
            }
        }
        sound.then_some(inputs)
    }

    /// What feeds one input: a value for a column, `columns` for a matrix.
    pub(super) fn feed(
        &mut self,
        feed: &'a ast::Feed,
        input: &ModelInput,
    ) -> Option<Vec<ir::ModelColumn>> {
        let matrix = match &feed.value.kind {
            ExprKind::Path(path) => match self.names.get(&path.text) {
                Some((Meaning::Columns(item), _)) => match self.file.items.get(item) {
                    Some(Item::Columns(columns)) => Some(columns),
                    _ => None,
                },
                Some((Meaning::Broken, _)) => return None,
                _ => None,
            },
            _ => None,
        };
        let columns: Vec<Cow<'_, ast::Feed>> = match matrix {
            Some(columns) => columns
                .columns
                .iter()
                .flat_map(|feed| self.each(feed))
                .collect(),
            None => self.each(feed),
        };
        if columns.len() != input.width {
            let name = &input.name;
            let mut diagnostic = Diagnostic::error(
                codes::MODEL_WIDTH,
                format!(
                    "`{name}` takes {} column{}, {} {} fed",
                    input.width,
                    if input.width == 1 { "" } else { "s" },
                    columns.len(),
                    if columns.len() == 1 { "is" } else { "are" },
                ),
                feed.value.span,
            );
            diagnostic = match matrix {
                Some(columns) => diagnostic
                    .evidence(columns.name.span, "declared here")
                    .help(match input.columns.as_slice() {
                        [] => "list as many columns as the model was trained with, in its order"
                            .to_owned(),
                        names => format!("its columns are {}", names.join(", ")),
                    }),
                None => diagnostic.help(
                    "declare them in order, `columns features { a, b, … }`, and feed `features`",
                ),
            };
            self.report(diagnostic);
            return None;
        }
        if let Some(list) = matrix
            && !self.named_as_the_model_does(list, &columns, input)
        {
            return None;
        }
        let fed: Vec<Option<ir::ModelColumn>> = columns
            .iter()
            .map(|column| {
                let column = FedColumn {
                    column,
                    input,
                    list: matrix.map(|_| feed.value.span),
                };
                self.column(&column)
            })
            .collect();
        fed.into_iter().collect()
    }

    /// The columns that a feed stands for: a series for its elements in order.
    fn each<'f>(&self, feed: &'f ast::Feed) -> Vec<Cow<'f, ast::Feed>> {
        let ExprKind::Path(path) = &feed.value.kind else {
            return vec![Cow::Borrowed(feed)];
        };
        let Some((Meaning::Series(position), _)) = self.names.get(&path.text) else {
            return vec![Cow::Borrowed(feed)];
        };
        let inputs = self
            .series
            .get(position)
            .map_or(&[][..], |head| &head.inputs);
        let first = self.series.get(position).map_or(0, |head| head.first);
        let element = |(index, id): (u32, &InputId)| {
            let (target, path) = (self.inputs[*id].name.to_string(), path.clone());
            Cow::Owned(ast::Feed {
                target: ast::Name {
                    text: target,
                    span: path.span,
                },
                value: ast::Expr {
                    span: path.span,
                    kind: ExprKind::Index { path, index },
                },
                span: feed.span,
            })
        };
        (first..).zip(inputs).map(element).collect()
    }

    fn column(&mut self, fed: &FedColumn<'_, '_>) -> Option<ir::ModelColumn> {
        let (feed, element) = (fed.column, fed.input.element);
        // A number for models only is fed as it is, and computed with nowhere.
        let env = Env {
            feeds_model: matches!(
                feed.value.kind,
                ExprKind::Path(_) | ExprKind::Index { .. } | ExprKind::IfMissing { .. }
            ),
            ..Env::default()
        };
        let name = feed.target.text.clone();
        // An enum that may be missing is fed as the number that the model was
        // trained with: `property if missing -1`.
        if let ExprKind::IfMissing {
            subject,
            index,
            alternative: Some(alternative),
        } = &feed.value.kind
        {
            let (value, _) = self.place(subject, *index, &env)?;
            let ty = self.value_type(value)?;
            if let (Ty::Enum(_), true, ExprKind::Number(_) | ExprKind::Negate(_), false) = (
                ty.ty,
                ty.optional,
                &alternative.kind,
                element == Element::Text,
            ) {
                let whole = element == Element::Integer;
                let number = if whole { Ty::Integer } else { Ty::Decimal };
                let missing = self.constant(alternative, number)?;
                let value = ir::Expr {
                    kind: ir::ExprKind::Value(value),
                    ty: ty.ty,
                    optional: true,
                    span: subject.span,
                };
                self.check_feed_type(&value, fed)?;
                return Some(ir::ModelColumn {
                    name,
                    value,
                    missing: Some(missing),
                    training: None,
                });
            }
        }
        let value = self.expr(&feed.value, None, &env)?;
        self.check_feed_type(&value, fed)?;
        Some(ir::ModelColumn {
            name,
            value,
            missing: None,
            training: None,
        })
    }

    fn check_feed_type(&mut self, value: &ir::Expr, fed: &FedColumn<'_, '_>) -> Option<()> {
        let element = fed.input.element;
        let fits = match (element, value.ty) {
            (Element::Text, Ty::Text | Ty::Enum(_)) => true,
            (Element::Text, _) => false,
            (Element::Boolean, ty) => ty == Ty::Boolean,
            (Element::Integer, Ty::Integer | Ty::Boolean) => true,
            (Element::Float | Element::Double, Ty::Boolean) => true,
            (Element::Float | Element::Double, ty) if ty.is_number() || ty == Ty::Float => true,
            (_, Ty::Enum(id)) => {
                let uncoded: Vec<&str> = self.enums[id]
                    .labels
                    .iter()
                    .filter(|label| label.code.is_none())
                    .map(|label| &*label.name)
                    .collect();
                if let Some(first) = uncoded.first() {
                    let (name, help) = (
                        self.enums[id].name.clone(),
                        format!("give each label its number, as in `{first} code 0`"),
                    );
                    let mut diagnostic = Diagnostic::error(
                        codes::ENUM_WITHOUT_CODES,
                        format!("the model takes numbers, and labels of `{name}` have no code"),
                        value.span,
                    )
                    .help(help);
                    if let Some(span) = self.enum_span(id) {
                        diagnostic = diagnostic.evidence(span, "declared here");
                    }
                    self.report(diagnostic);
                    return None;
                }
                true
            }
            _ => false,
        };
        if fits {
            return Some(());
        }
        let (wanted, help) = match element {
            Element::Text => ("text", "feed text or a label"),
            Element::Boolean => ("true or false", "feed a boolean"),
            Element::Integer => (
                "whole numbers",
                "feed an `integer`, a boolean, or a label whose enum has codes",
            ),
            Element::Float | Element::Double => (
                "numbers",
                "feed a number, money, a percentage, a boolean, or a label whose enum has codes",
            ),
        };
        let found = self.words(value.ty);
        let mut diagnostic = Diagnostic::error(
            codes::FEED_TYPE,
            match fed.list {
                Some(_) => format!("the column `{}` cannot be fed", fed.column.target.text),
                None => format!("`{}` cannot be fed", fed.input.name),
            },
            value.span,
        )
        .label(format!("this is {found}, the model takes {wanted}"))
        .help(help);
        if let Some(list) = fed.list {
            let evidence = format!("fed to `{}` here", fed.input.name);
            diagnostic = diagnostic.evidence(list, evidence);
        }
        self.report(diagnostic);
        None
    }
}

impl ir::ModelColumn {
    /// The number that stands for a missing value.
    pub(crate) fn missing_number(&self) -> Option<crate::Exact> {
        match self.missing {
            Some(Literal::Exact(value)) => Some(value),
            Some(Literal::Integer(value)) => Some(crate::Exact::from_integer(value)),
            _ => None,
        }
    }
}

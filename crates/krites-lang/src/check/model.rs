//! Models: what the policy feeds them and reads of them fits what they are.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind, Item};
use crate::ids::{List, ModelId};
use crate::ir::{self, Element, Literal};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Place, Span, did_you_mean};

/// Tells the checker what a model file takes and gives
pub trait ModelSource {
    /// Returns the interface of the model in `file`, as the policy names it.
    ///
    /// # Errors
    ///
    /// [`ModelProblem`] where the file is not there or holds no model that can
    /// be used.
    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem>;
}

/// What a model takes and gives
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelInterface {
    /// Inputs in the model's order
    pub inputs: Vec<ModelInput>,
    /// Outputs in the model's order
    pub outputs: Vec<ModelOutput>,
}

/// One input of a model
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelInput {
    /// Name
    pub name: String,
    /// Type of the elements
    pub element: Element,
    /// Number of columns
    pub width: usize,
}

/// One output of a model
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelOutput {
    /// Name
    pub name: String,
    /// Type of the elements
    pub element: Element,
    /// Number of columns
    pub width: usize,
    /// Labels of the classes that the columns score, as text
    pub classes: Vec<String>,
}

/// Why a model cannot be used
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelProblem {
    /// What is wrong, to follow the model's name
    pub headline: String,
    /// The node of the graph it was found at
    pub node: Option<String>,
    /// What to do
    pub help: String,
}

impl<'a> Checker<'a> {
    pub(super) fn check_models(&mut self) -> Option<List<ModelId, ir::Model>> {
        let mut sound = true;
        let mut models = List::default();
        for position in 0..self.model_heads.len() {
            match self.check_model(position) {
                Some(model) => {
                    models.push(model);
                }
                None => sound = false,
            }
        }
        sound.then_some(models)
    }

    fn check_model(&mut self, position: usize) -> Option<ir::Model> {
        let head = self.model_heads.get(position)?;
        let (decl, gives) = (head.ast, head.gives.clone());
        let interface = match self.models.interface(&decl.file.text) {
            Ok(interface) => interface,
            Err(problem) => {
                let mut diagnostic =
                    Diagnostic::error(codes::MODEL_UNUSABLE, problem.headline, decl.file.span)
                        .help(problem.help);
                if let Some(node) = problem.node {
                    let place = Place::Model {
                        model: decl.file.text.clone(),
                        node: Some(node),
                    };
                    diagnostic = diagnostic.evidence(place, "found at this node");
                }
                self.report(diagnostic);
                return None;
            }
        };
        let inputs = self.feeds(decl, &interface);
        let gives: Vec<Option<ir::Give>> = decl
            .gives
            .iter()
            .zip(gives)
            .map(|(give, ty)| self.give(decl, give, ty?, &interface))
            .collect();
        let on_fault = match &decl.on_fault {
            Some(fault) => Some(self.handling(fault)?),
            None => None,
        };
        if on_fault.is_none() && !self.header_handles_faults() {
            self.report(
                Diagnostic::error(
                    codes::FAULT_UNHANDLED,
                    format!("nothing says what happens when `{}` fails", decl.name.text),
                    decl.name.span,
                )
                .help("add `on fault refer because …` to the model or to the policy header"),
            );
        }
        Some(ir::Model {
            name: Arc::from(decl.name.text.as_str()),
            file: decl.file.text.clone(),
            inputs: inputs?,
            gives: gives.into_iter().collect::<Option<_>>()?,
            within_ms: decl.within_ms.map(|(within, _)| within),
            on_fault,
            span: decl.name.span,
        })
    }

    fn header_handles_faults(&self) -> bool {
        self.file.items.iter().any(|item| match item {
            Item::Policy(header) => header.on_fault.is_some(),
            Item::Error { keyword, .. } => keyword == "policy",
            _ => false,
        })
    }

    fn feeds(
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
                let help = match did_you_mean(name, names.iter().copied()) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("its inputs are {}", names.join(", ")),
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
                if sound && !self.unread {
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
    fn feed(&mut self, feed: &'a ast::Feed, input: &ModelInput) -> Option<Vec<ir::ModelColumn>> {
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
        let columns: &[ast::Feed] = match matrix {
            Some(columns) => &columns.columns,
            None => std::slice::from_ref(feed),
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
                    .help("list as many columns as the model was trained with, in its order"),
                None => diagnostic.help(
                    "declare them in order, `columns features { a, b, … }`, and feed `features`",
                ),
            };
            self.report(diagnostic);
            return None;
        }
        let fed: Vec<Option<ir::ModelColumn>> = columns
            .iter()
            .map(|column| self.column(column, input.element))
            .collect();
        fed.into_iter().collect()
    }

    fn column(&mut self, feed: &'a ast::Feed, element: Element) -> Option<ir::ModelColumn> {
        let env = Env::default();
        let name = feed.target.text.clone();
        // An enum that may be missing is fed as the number that the model was
        // trained with: `property if missing -1`.
        if let ExprKind::IfMissing {
            subject,
            alternative: Some(alternative),
        } = &feed.value.kind
        {
            let (value, _) = self.value(subject, &env)?;
            let ty = self.value_type(value)?;
            if let (Ty::Enum(_), true, ExprKind::Number(_) | ExprKind::Negate(_), false) = (
                ty.ty,
                ty.optional,
                &alternative.kind,
                element == Element::Text,
            ) {
                let missing = self.constant(alternative, Ty::Decimal)?;
                let value = ir::Expr {
                    kind: ir::ExprKind::Value(value),
                    ty: ty.ty,
                    optional: true,
                    span: subject.span,
                };
                self.check_feed_type(&value, element)?;
                return Some(ir::ModelColumn {
                    name,
                    value,
                    missing: Some(missing),
                });
            }
        }
        let value = self.expr(&feed.value, None, &env)?;
        self.check_feed_type(&value, element)?;
        Some(ir::ModelColumn {
            name,
            value,
            missing: None,
        })
    }

    fn check_feed_type(&mut self, value: &ir::Expr, element: Element) -> Option<()> {
        let fits = match (element, value.ty) {
            (Element::Text, Ty::Text | Ty::Enum(_)) => true,
            (Element::Text, _) => false,
            (Element::Boolean, ty) => ty == Ty::Boolean,
            (Element::Integer, Ty::Integer | Ty::Boolean) => true,
            (Element::Float | Element::Double, Ty::Boolean) => true,
            (Element::Float | Element::Double, ty) if ty.is_number() => true,
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
        let wanted = match element {
            Element::Text => "text or a label",
            Element::Boolean => "true or false",
            Element::Integer => "a whole number",
            Element::Float | Element::Double => "a number",
        };
        let found = self.words(value.ty);
        self.report(
            Diagnostic::error(
                codes::FEED_TYPE,
                format!("the model takes {wanted} here"),
                value.span,
            )
            .label(format!("this is {found}"))
            .help(format!("feed {wanted}")),
        );
        None
    }

    fn give(
        &mut self,
        decl: &ast::ModelDecl,
        give: &ast::Give,
        ty: DeclaredTy,
        interface: &ModelInterface,
    ) -> Option<ir::Give> {
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
            let help = match did_you_mean(&give.output.text, names.iter().copied()) {
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
        let range = match &give.range {
            Some(range) => Some(self.constant_range(range, ty.ty)?),
            None => None,
        };
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

    /// What a fault leads to.
    pub(super) fn handling(&mut self, fault: &ast::OnFault) -> Option<ir::Handling> {
        let because = fault.because.as_ref().map(|code| self.reason(code));
        let outcome = self.outcome.and_then(|id| self.label(id, &fault.outcome));
        Some(ir::Handling {
            outcome: outcome?,
            because: match because {
                Some(reason) => Some(reason?),
                None => None,
            },
        })
    }
}

impl ir::ModelColumn {
    /// The number that stands for a missing value.
    pub(crate) fn missing_number(&self) -> Option<crate::Exact> {
        match self.missing {
            Some(Literal::Exact(value)) => Some(value),
            _ => None,
        }
    }
}

//! Declarations: enums, reasons, inputs, and the names of all other items.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, Env, ModelHead, Slot, SlotState, TableHead, codes, items, narrow, order};
use crate::ast::{self, Item};
use crate::ids::{DefinitionId, ModelId, RuleSetId, TableId};
use crate::ir::{self, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Id as _, Span};

impl<'a> Checker<'a> {
    /// Declares every name of the file; returns the header.
    pub(super) fn declare_all(&mut self, file: &'a ast::File) -> Option<&'a ast::PolicyHeader> {
        self.declare_unread(file);
        for decl in items(file, |item| {
            if let Item::Enum(decl) = item {
                Some(decl)
            } else {
                None
            }
        }) {
            self.declare_enum(decl);
        }
        for decl in items(file, |item| {
            if let Item::Reason(decl) = item {
                Some(decl)
            } else {
                None
            }
        }) {
            self.declare_reason(decl);
        }
        self.outcome = self.outcome_enum(file);
        let date = Meaning::Value(Value::DecisionDate);
        let start = Span {
            source: file.source,
            start: 0,
            end: 0,
        };
        let _ = self.names.insert("decision_date", date, start);
        for field in items(file, |item| {
            if let Item::Input(fields) = item {
                Some(fields)
            } else {
                None
            }
        })
        .flatten()
        {
            self.declare_input(field);
        }
        for definition in items(file, |item| {
            if let Item::Define(all) = item {
                Some(all)
            } else {
                None
            }
        })
        .flatten()
        {
            let id = Self::definition_id(self.definitions.len());
            self.declare(
                &definition.name.text,
                Meaning::Value(Value::Definition(id)),
                definition.name.span,
            );
            self.definitions.push(Slot {
                name: Arc::from(definition.name.text.as_str()),
                source: Some(definition),
                state: SlotState::Unchecked,
                span: definition.name.span,
            });
        }
        let mut rule_sets = 0;
        let mut decided = false;
        for (position, item) in file.items.iter().enumerate() {
            match item {
                Item::Columns(decl) => {
                    self.declare(&decl.name.text, Meaning::Columns(position), decl.name.span)
                }
                Item::Table(decl) => self.declare_table(decl),
                Item::Model(decl) => self.declare_model(decl),
                Item::Rules(decl) => {
                    let meaning = Meaning::Rules(RuleSetId::new(rule_sets));
                    self.declare(&decl.name.text, meaning, decl.name.span);
                    rule_sets += 1;
                }
                // A second one is reported as such.
                Item::Decide(_) if decided => {}
                Item::Decide(decl) => {
                    decided = true;
                    self.declare(
                        &decl.name.text,
                        Meaning::Value(Value::Outcome),
                        decl.name.span,
                    );
                }
                _ => {}
            }
        }
        self.header(file)
    }

    /// Names of items that could not be read: their uses are no errors.
    fn declare_unread(&mut self, file: &'a ast::File) {
        for item in &file.items {
            let Item::Error { keyword, name, .. } = item else {
                continue;
            };
            let declares = matches!(
                keyword.as_str(),
                "" | "enum"
                    | "input"
                    | "define"
                    | "columns"
                    | "model"
                    | "table"
                    | "decide"
                    | "rules"
                    | "use"
            );
            match name {
                Some(name) if declares => {
                    let _ = self.names.insert(&name.text, Meaning::Broken, name.span);
                }
                // A rule or an output without a name declares nothing that others use.
                None if declares && keyword != "rules" => self.unread = true,
                _ => {}
            }
        }
    }

    fn header(&mut self, file: &'a ast::File) -> Option<&'a ast::PolicyHeader> {
        let mut headers = items(file, |item| {
            if let Item::Policy(header) = item {
                Some(header)
            } else {
                None
            }
        });
        let header = headers.next();
        if let (Some(first), Some(second)) = (header, headers.next()) {
            self.report(
                Diagnostic::error(codes::MORE_THAN_ONE, "a file holds one policy", second.span)
                    .evidence(first.span, "the first one")
                    .help("put the second policy into a file of its own"),
            );
        }
        let unread = file
            .items
            .iter()
            .any(|item| matches!(item, Item::Error { keyword, .. } if keyword == "policy" || keyword.is_empty()));
        if header.is_none() && !unread && !file.items.is_empty() {
            let start = Span {
                source: file.source,
                start: 0,
                end: 0,
            };
            self.report(
                Diagnostic::error(
                    codes::NO_POLICY_HEADER,
                    "the file has no policy header",
                    start,
                )
                .help("begin with `policy my_policy \"Title\" { version \"1\" }`"),
            );
        }
        header
    }

    fn declare_enum(&mut self, decl: &'a ast::EnumDecl) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut wires: HashMap<&str, Span> = HashMap::new();
        let mut codes_seen: HashMap<i64, Span> = HashMap::new();
        let mut labels = Vec::with_capacity(decl.labels.len());
        for label in &decl.labels {
            if let Some(before) = seen.insert(&label.name.text, label.name.span) {
                self.report_twice(&label.name.text, label.name.span, before);
                continue;
            }
            let (wire, wire_span) = match &label.wire {
                Some(wire) => (wire.text.as_str(), wire.span),
                None => (label.name.text.as_str(), label.name.span),
            };
            if let Some(before) = wires.insert(wire, wire_span) {
                self.report(
                    Diagnostic::error(
                        codes::ENUM_WIRE_TWICE,
                        format!("two labels have the text \"{wire}\" on the wire"),
                        wire_span,
                    )
                    .evidence(before, "the first one")
                    .help("give each label a text of its own"),
                );
            }
            if let Some((code, span)) = label.code
                && let Some(before) = codes_seen.insert(code, span)
            {
                self.report(
                    Diagnostic::error(
                        codes::ENUM_WIRE_TWICE,
                        format!("two labels have the code {code}"),
                        span,
                    )
                    .evidence(before, "the first one")
                    .help("give each label the code that the model was trained with"),
                );
            }
            labels.push(ir::Label {
                name: Arc::from(label.name.text.as_str()),
                wire: Arc::from(wire),
                code: label.code.map(|(code, _)| code),
            });
        }
        let found = ir::EnumType {
            name: decl.name.text.clone(),
            labels,
            ordered: decl.ordered,
        };
        let id = self.enums.push(found);
        self.enum_spans.push(decl.name.span);
        self.declare(&decl.name.text, Meaning::Enum(id), decl.name.span);
    }

    fn declare_reason(&mut self, decl: &ast::ReasonDecl) {
        let known = self
            .reason_names
            .get(&decl.code.text)
            .map(|(_, span)| *span);
        if let Some(before) = known {
            self.report_twice(&decl.code.text, decl.code.span, before);
            return;
        }
        let id = self.reasons.push(ir::Reason {
            code: Arc::from(decl.code.text.as_str()),
            text: decl.text.text.clone(),
            customer: decl.customer.as_ref().map(|text| text.text.clone()),
        });
        self.reason_names
            .insert(decl.code.text.clone(), (id, decl.code.span));
    }

    fn declare_input(&mut self, field: &'a ast::InputField) {
        let Some(ty) = self.declared_type(&field.ty) else {
            let _ = self
                .names
                .insert(&field.path.text, Meaning::Broken, field.path.span);
            return;
        };
        if let Some((parent, span)) = self.parent_input(&field.path.text) {
            self.report(
                Diagnostic::error(
                    codes::DECLARED_TWICE,
                    format!(
                        "`{}` cannot lie below `{parent}`, which has a value of its own",
                        field.path.text
                    ),
                    field.path.span,
                )
                .evidence(span, "declared here")
                .help("rename one of them"),
            );
        }
        let range = field
            .range
            .as_ref()
            .and_then(|range| self.constant_range(range, ty.ty));
        let default = field.default.as_ref().and_then(|default| {
            let value = self.constant(default, ty.ty)?;
            let declared = field.range.as_ref().map(|range| range.span);
            let name = &field.path.text;
            self.check_inside(&value, range.as_ref(), name, declared, default.span);
            if ty.optional {
                self.report(
                    Diagnostic::error(
                        codes::DEFAULT_AND_OPTIONAL,
                        format!(
                            "`{}` has a default, so it is never missing",
                            field.path.text
                        ),
                        default.span,
                    )
                    .evidence(field.ty.span, "`?` says it may be missing")
                    .help("leave out either the `?` or the default"),
                );
            }
            Some(value)
        });
        let id = self.inputs.push(ir::Input {
            name: Arc::from(field.path.text.as_str()),
            ty,
            range,
            default,
            private: field.private.is_some(),
            doc: field.doc.as_ref().map(|doc| doc.text.clone()),
            span: field.path.span,
        });
        if field.range.is_some() && self.inputs[id].range.is_none() {
            self.unranged.push(id);
        }
        self.declare(
            &field.path.text,
            Meaning::Value(Value::Input(id)),
            field.path.span,
        );
    }

    /// An input above or below this one in the same dotted name.
    fn parent_input(&self, path: &str) -> Option<(String, Span)> {
        let below = format!("{path}.");
        self.inputs
            .iter()
            .find(|input| {
                input.name.starts_with(&below)
                    || path
                        .strip_prefix(&*input.name)
                        .is_some_and(|rest| rest.starts_with('.'))
            })
            .map(|input| (input.name.to_string(), input.span))
    }

    fn declare_table(&mut self, decl: &'a ast::TableDecl) {
        let id = TableId::new(self.tables.len());
        self.declare(
            &decl.name.text,
            Meaning::Table(id.position()),
            decl.name.span,
        );
        let mut outputs = Vec::with_capacity(decl.outputs.len());
        for (position, output) in (0_u32..).zip(&decl.outputs) {
            let ty = self.declared_type(&output.ty);
            let meaning = ty.map_or(Meaning::Broken, |_| {
                Meaning::Value(Value::Table(id, position))
            });
            self.declare_owned(
                format!("{}.{}", decl.name.text, output.name.text),
                meaning,
                output.name.span,
            );
            outputs.push(ty);
        }
        self.tables.push(TableHead { ast: decl, outputs });
    }

    fn declare_model(&mut self, decl: &'a ast::ModelDecl) {
        let id = ModelId::new(self.model_heads.len());
        self.declare(
            &decl.name.text,
            Meaning::Model(id.position()),
            decl.name.span,
        );
        let mut gives = Vec::with_capacity(decl.gives.len());
        for (position, give) in (0_u32..).zip(&decl.gives) {
            let ty = self.declared_type(&give.ty);
            let meaning = ty.map_or(Meaning::Broken, |_| {
                Meaning::Value(Value::Model(id, position))
            });
            self.declare_owned(
                format!("{}.{}", decl.name.text, give.name.text),
                meaning,
                give.name.span,
            );
            gives.push(ty);
        }
        self.model_heads.push(ModelHead { ast: decl, gives });
    }

    /// Checks all definitions, those first whose type others need; so that a
    /// long chain of them is not a deep recursion.
    pub(super) fn check_definitions(&mut self) {
        let needs: Vec<Vec<usize>> = self
            .definitions
            .iter()
            .map(|slot| self.untyped_needs(slot))
            .collect();
        let found = order::order(&needs);
        for cycle in &found.cycles {
            let along: Vec<(Arc<str>, Span)> = cycle
                .iter()
                .filter_map(|node| self.definitions.get(*node))
                .map(|slot| (slot.name.clone(), slot.span))
                .collect();
            order::report(
                along.iter().map(|(name, span)| (&**name, *span)),
                self.diagnostics,
            );
            for node in cycle {
                self.set_definition(DefinitionId::new(*node), SlotState::Broken);
            }
        }
        for node in found.nodes {
            self.definition(DefinitionId::new(node));
        }
    }

    /// The definitions without a written type that a definition names.
    fn untyped_needs(&self, slot: &Slot<'_>) -> Vec<usize> {
        let mut paths = Vec::new();
        if let Some(source) = slot.source {
            narrow::mentioned(&source.value, &mut paths);
        }
        let named = paths
            .into_iter()
            .filter_map(|path| match self.names.get(path) {
                Some((Meaning::Value(Value::Definition(id)), _)) => Some(id.position()),
                _ => None,
            });
        named
            .filter(|position| {
                let slot = self.definitions.get(*position);
                slot.and_then(|slot| slot.source)
                    .is_some_and(|source| source.ty.is_none())
            })
            .collect()
    }

    /// Checks a definition once, on demand; returns its type.
    pub(super) fn definition(&mut self, id: DefinitionId) -> Option<DeclaredTy> {
        let slot = self.definitions.get_mut(id.position())?;
        match &slot.state {
            SlotState::Done(definition) => return Some(definition.ty),
            SlotState::Broken => return None,
            // Cycles were reported, and their members are broken.
            SlotState::Running => return None,
            SlotState::Unchecked => {}
        }
        let source = slot.source?;
        // A declared type is known before the value is: only a value without one
        // has to be looked into, and may turn out to need itself.
        let declared = match &source.ty {
            Some(written) => match self.declared_type(written) {
                Some(ty) => Some(ty),
                None => {
                    self.set_definition(id, SlotState::Broken);
                    return None;
                }
            },
            None => None,
        };
        let name = self.definitions.get(id.position())?.name.clone();
        let span = source.name.span;
        if let Some(ty) = declared {
            // Names that use this one need its type only.
            let placeholder = ir::Expr {
                kind: ir::ExprKind::Literal(ir::Literal::Boolean(false)),
                ty: ty.ty,
                optional: ty.optional,
                span,
            };
            self.set_definition(
                id,
                SlotState::Done(ir::Definition {
                    name: name.clone(),
                    ty,
                    value: placeholder,
                    span,
                }),
            );
        } else {
            self.set_definition(id, SlotState::Running);
        }
        self.running.push(id);
        let checked = self.definition_value(source, declared);
        self.running.pop();
        if matches!(
            self.definitions.get(id.position())?.state,
            SlotState::Broken
        ) {
            return None;
        }
        let state = match checked {
            Some((ty, value)) => SlotState::Done(ir::Definition {
                name,
                ty,
                value,
                span,
            }),
            // A declared type still holds for those who use the name.
            None if declared.is_some() => return declared,
            None => SlotState::Broken,
        };
        let ty = if let SlotState::Done(definition) = &state {
            Some(definition.ty)
        } else {
            None
        };
        self.set_definition(id, state);
        ty
    }

    fn set_definition(&mut self, id: DefinitionId, state: SlotState) {
        if let Some(slot) = self.definitions.get_mut(id.position()) {
            slot.state = state;
        }
    }

    fn definition_value(
        &mut self,
        source: &'a ast::Definition,
        declared: Option<DeclaredTy>,
    ) -> Option<(DeclaredTy, ir::Expr)> {
        let env = Env::default();
        if let Some(ty) = declared {
            let value = if ty.optional {
                self.maybe(&source.value, Some(ty.ty), &env)?
            } else {
                self.expr(&source.value, Some(ty.ty), &env)?
            };
            return Some((ty, self.coerce_maybe(value, ty.ty)?));
        }
        let value = self.expr(&source.value, None, &env)?;
        if let (Ty::Money(currency), true) = (value.ty, is_fractional(&value)) {
            let (name, code) = (&source.name.text, currency.code());
            self.report(
                Diagnostic::error(
                    codes::SAY_HOW_MONEY_ROUNDS,
                    format!("`{name}` is computed money: say whether it rounds"),
                    source.name.span,
                )
                .help(format!(
                    "write `{name} : money({code}) = …` to round, or `money({code}) unrounded`"
                )),
            );
            return None;
        }
        Some((
            DeclaredTy {
                ty: value.ty,
                optional: false,
                places: None,
            },
            value,
        ))
    }

    /// Brings a value that may be missing to a type: it is taken as it is, so
    /// whole numbers do not become exact ones on the way.
    pub(super) fn coerce_maybe(&mut self, value: ir::Expr, ty: Ty) -> Option<ir::Expr> {
        if value.optional && value.ty == Ty::Integer && ty == Ty::Decimal {
            let span = value.span;
            self.report(
                Diagnostic::error(codes::TYPES_DIFFER, "a plain number is needed here", span)
                    .label("this is a whole number that may be missing")
                    .help("declare it `integer?`, or say what stands in with `if missing`"),
            );
            return None;
        }
        self.coerce(value, ty)
    }
}

/// Tells whether computing money multiplies or divides on its way.
fn is_fractional(value: &ir::Expr) -> bool {
    match &value.kind {
        ir::ExprKind::Product(..) => true,
        ir::ExprKind::Sum(first, rest) => {
            is_fractional(first) || rest.iter().any(|(_, term)| is_fractional(term))
        }
        ir::ExprKind::Min(parts) | ir::ExprKind::Max(parts) => parts.iter().any(is_fractional),
        ir::ExprKind::Negate(inner) | ir::ExprKind::Abs(inner) => is_fractional(inner),
        ir::ExprKind::IfMissing(_, Some(alternative)) => is_fractional(alternative),
        _ => false,
    }
}

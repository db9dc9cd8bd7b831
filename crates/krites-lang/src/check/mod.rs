//! From syntax tree to checked policy: names, types, missing values, flow.
//! Invariant: everything wrong is reported, and each mistake once; a part whose
//! mistake was reported is left out without follow-on errors.

mod cells;
mod codes;
mod decide;
mod declare;
mod expr;
mod literal;
mod model;
mod names;
mod narrow;
mod operators;
mod order;
mod tests;
mod types;

use std::collections::HashMap;
use std::sync::Arc;

use crate::ast::{self, Item};
use crate::ids::{DefinitionId, EnumId, InputId, List, ReasonId};
use crate::ir;
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};
use names::{Meaning, Names};

pub use model::{ModelInput, ModelInterface, ModelOutput, ModelProblem, ModelSource};

/// Checks a parsed file.
///
/// `models` tells what each model file takes and gives. Returns the policy, or
/// `None` where `diagnostics` holds an error, of this call or an earlier one.
/// Diagnostics are sorted into source order.
pub fn check(
    file: &ast::File,
    models: &dyn ModelSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ir::Policy> {
    let mut checker = Checker::new(file, models, diagnostics);
    let policy = checker.policy(file);
    let sound = diagnostics
        .iter()
        .all(|found| found.severity != crate::Severity::Error);
    diagnostics.sort_by(|a, b| (&a.primary.place, a.code).cmp(&(&b.primary.place, b.code)));
    policy.filter(|_| sound)
}

/// What the checker knows so far
struct Checker<'a> {
    file: &'a ast::File,
    models: &'a dyn ModelSource,
    diagnostics: &'a mut Vec<Diagnostic>,
    names: Names<'a>,
    enums: List<EnumId, ir::EnumType>,
    enum_spans: Vec<Span>,
    reasons: List<ReasonId, ir::Reason>,
    reason_names: HashMap<String, (ReasonId, Span)>,
    inputs: List<InputId, ir::Input>,
    definitions: Vec<Slot<'a>>,
    tables: Vec<TableHead<'a>>,
    model_heads: Vec<ModelHead<'a>>,
    /// The enum of `decide`, where it could be told
    outcome: Option<EnumId>,
    /// Whether an item could not be read, so that what it declares is not known
    unread: bool,
    /// Where the policy first reads `decision_date`
    reads_date: Option<Span>,
    /// Inputs whose range was reported
    unranged: Vec<InputId>,
    /// Definitions on their way, each needed by the one before
    running: Vec<DefinitionId>,
}

/// A definition on its way through the checker
struct Slot<'a> {
    name: Arc<str>,
    source: Option<&'a ast::Definition>,
    state: SlotState,
    span: Span,
}

enum SlotState {
    Unchecked,
    Running,
    Broken,
    Done(ir::Definition),
}

/// A table whose outputs are known
struct TableHead<'a> {
    ast: &'a ast::TableDecl,
    /// `None` where an output's type could not be read
    outputs: Vec<Option<DeclaredTy>>,
}

/// A model whose answers are known
struct ModelHead<'a> {
    ast: &'a ast::ModelDecl,
    gives: Vec<Option<DeclaredTy>>,
}

impl<'a> Checker<'a> {
    fn new(
        file: &'a ast::File,
        models: &'a dyn ModelSource,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self {
            file,
            models,
            diagnostics,
            names: Names::default(),
            enums: Default::default(),
            enum_spans: Vec::new(),
            reasons: Default::default(),
            reason_names: HashMap::new(),
            inputs: Default::default(),
            definitions: Vec::new(),
            tables: Vec::new(),
            model_heads: Vec::new(),
            outcome: None,
            unread: false,
            reads_date: None,
            unranged: Vec::new(),
            running: Vec::new(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn policy(&mut self, file: &'a ast::File) -> Option<ir::Policy> {
        let header = self.declare_all(file);
        self.check_definitions();
        let models = self.check_models();
        let tables = self.check_tables();
        let flow = self.check_flow();
        let (outputs, owed) = self.check_outputs();
        let on_fault = header
            .and_then(|header| header.on_fault.as_ref())
            .and_then(|fault| self.handling(fault));
        let no_outputs = List::default();
        let tests = self.check_tests(outputs.as_ref().unwrap_or(&no_outputs));
        let definitions = self.take_definitions();
        let header = header?;
        let text = |text: &Option<ast::Text>| text.as_ref().map(|text| text.text.clone());
        let policy = ir::Policy {
            name: header.name.text.clone(),
            title: text(&header.title),
            version: text(&header.version),
            owner: text(&header.owner),
            time_zone: text(&header.time_zone),
            rounding: header
                .rounding
                .map_or(ast::Rounding::HalfEven, |(rounding, _)| rounding),
            on_fault,
            enums: std::mem::take(&mut self.enums),
            reasons: std::mem::take(&mut self.reasons),
            inputs: std::mem::take(&mut self.inputs),
            definitions: definitions?,
            models: models?,
            tables: tables?,
            rule_sets: flow.rule_sets,
            rules: flow.rules,
            decide: flow.decide?,
            outputs: outputs?,
            owed,
            tests,
        };
        order::check(&policy, self.diagnostics);
        Some(policy)
    }

    /// Returns the definitions once all are checked.
    fn take_definitions(&mut self) -> Option<List<DefinitionId, ir::Definition>> {
        std::mem::take(&mut self.definitions)
            .into_iter()
            .map(|slot| match slot.state {
                SlotState::Done(definition) => Some(definition),
                SlotState::Unchecked | SlotState::Running | SlotState::Broken => None,
            })
            .collect()
    }
}

/// Where an expression stands, and what is known there
#[derive(Clone, Default)]
struct Env {
    /// Values known to be there
    present: Vec<ir::Value>,
    /// Values known not to be zero
    nonzero: Vec<ir::Value>,
    /// Whether the final outcome may be read
    after_decide: bool,
}

impl Env {
    fn after_decide() -> Self {
        Self {
            after_decide: true,
            ..Self::default()
        }
    }
}

/// Returns the words for a type in diagnostics: `money in GBP`.
fn describe(ty: Ty, enums: &List<EnumId, ir::EnumType>) -> String {
    match ty {
        Ty::Integer => "a whole number".to_owned(),
        Ty::Decimal => "a plain number".to_owned(),
        Ty::Percent => "a percentage".to_owned(),
        Ty::Money(currency) => format!("money in {}", currency.code()),
        Ty::Boolean => "true or false".to_owned(),
        Ty::Text => "text".to_owned(),
        Ty::Date => "a date".to_owned(),
        Ty::Enum(id) => format!("a label of `{}`", enums[id].name),
    }
}

/// Items of one kind, in source order
fn items<'a, T>(
    file: &'a ast::File,
    pick: impl Fn(&'a Item) -> Option<T>,
) -> impl Iterator<Item = T> {
    file.items.iter().filter_map(pick)
}

/// The meaning of a name in an expression
type Resolved = Option<(Meaning, Span)>;

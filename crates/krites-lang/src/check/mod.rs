//! From syntax tree to checked policy: names, types, missing values, flow.
//! Invariant: everything wrong is reported, and each mistake once; a part whose
//! mistake was reported is left out without follow-on errors.

mod accept;
mod aggregate;
mod always;
mod bands;
mod calibration;
mod call;
mod card;
mod cascade;
mod case;
mod cells;
mod choice;
mod classes;
mod codes;
mod column_names;
mod compare;
mod convert;
mod currency;
mod decide;
mod declare;
mod definition;
mod distribution;
mod element_names;
mod element_path;
mod elements;
mod enums;
mod evaluate;
mod expectation;
mod expected_rows;
mod expr;
mod feature;
mod feed;
mod field;
mod file_bin;
mod fired;
mod forbid;
mod foreign;
mod function;
mod give;
mod given;
mod group;
mod hit_policy;
mod hits;
mod input;
mod interface;
mod list;
mod literal;
mod lookup;
mod model;
mod model_reasons;
mod modules;
mod named_list;
mod names;
mod narrow;
mod operators;
mod order;
mod outputs;
mod passed;
mod power;
mod presence;
mod proof;
mod range;
mod rank;
mod reason;
mod record;
mod resolve;
mod rounding;
mod rows;
mod rules;
mod scope;
mod scorecard;
mod series;
mod shadow;
mod shadow_block;
mod shares;
mod shortfalls;
mod source;
mod stated_rows;
mod stubbed_policy;
mod subpolicy;
mod table;
mod taken;
mod tests;
mod text;
mod time;
mod time_sum;
mod training;
mod trend;
mod types;
mod validity;
mod value;
mod value_items;
mod verdict;
mod wire;
mod zero;
mod zone;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::ast;
use crate::ids::{
    EnumId, GroupId, InputId, List, ListId, LocalId, LookupId, NamedListId, ReasonId, TagId,
};
use crate::ir;
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, SourceId, Span};
use currency::Awaiting;
use definition::Slot;
use distribution::DistributionHead;
use fired::RuleHeads;
use function::FunctionHead;
use list::ListHead;
use names::Names;
use scope::Scope;
use scorecard::ScorecardHead;
use series::SeriesHead;
use subpolicy::SubpolicyHead;
use text::Patterns;
use verdict::DecidedHead;
use zone::HeaderZone;

pub use card::{Held, StatedCard, TrainingRange};
pub use interface::{PassedTy, PolicyInput, PolicyInterface, PolicyOutput};
pub use model::{ModelInput, ModelInterface, ModelOutput, ModelProblem, ModelSource};
pub use model_reasons::not_explained;
pub use subpolicy::PolicyProblem;

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
    crate::diagnostic::cut(diagnostics);
    policy.filter(|_| sound)
}

/// What the checker knows so far
struct Checker<'a> {
    file: &'a ast::File,
    /// The files that it uses, by path
    modules: HashMap<&'a str, &'a ast::Module>,
    models: &'a dyn ModelSource,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Names of the file whose items are looked at
    names: Names<'a>,
    /// Names of the other files
    away: HashMap<SourceId, Names<'a>>,
    enums: List<EnumId, ir::EnumType>,
    enum_decls: Vec<&'a ast::EnumDecl>,
    /// Labels by enum, with their positions
    labels: HashMap<(EnumId, &'a str), u32>,
    records: Vec<record::RecordHead<'a>>,
    reasons: List<ReasonId, ir::Reason>,
    inputs: List<InputId, ir::Input>,
    series: Vec<SeriesHead>,
    groups: List<GroupId, ir::Group>,
    /// By group
    group_decls: Vec<&'a ast::GroupDecl>,
    /// Inputs that wait for the input that names their currency
    awaiting: Vec<Awaiting<'a>>,
    /// Those of them whose currency was reported
    unsettled: HashSet<InputId>,
    /// Inputs that name currencies
    currencies: HashSet<InputId>,
    /// Inputs that are not called on the wire as in the policy, field by field
    renamed: Vec<(Vec<InputId>, Span)>,
    locals: List<LocalId, ir::Local>,
    /// Ranges of parameters
    local_bounds: HashMap<LocalId, ir::Bounds>,
    functions: Vec<FunctionHead<'a>>,
    /// Parts of the policy with names of their own, the innermost last
    scopes: Vec<Scope>,
    lists: List<ListId, ir::ListInput>,
    /// By list
    list_heads: Vec<ListHead>,
    /// How many fields the elements of all lists have
    n_fields: usize,
    /// How many bytes the names have that inputs take from records
    spread_bytes: usize,
    named_lists: List<NamedListId, ir::NamedList>,
    /// Lists of whole numbers that plain numbers are held against
    decimal_lists: HashMap<NamedListId, NamedListId>,
    /// Lists of texts, each with a word in it
    word_lists: BTreeSet<NamedListId>,
    lookups: List<LookupId, ir::Lookup>,
    patterns: Patterns,
    definitions: Vec<Slot<'a>>,
    tables: Vec<TableHead<'a>>,
    scorecards: Vec<ScorecardHead<'a>>,
    /// Of the features of all scorecards, which are the last tables: the type of
    /// their points
    feature_types: Vec<Ty>,
    model_heads: Vec<ModelHead<'a>>,
    subpolicies: Vec<SubpolicyHead<'a>>,
    /// By policy that is asked: how deep its values rest on each other
    depths: Vec<usize>,
    /// How many policies ask each other in turn, this one aside
    asks_deep: usize,
    distributions: Vec<DistributionHead>,
    /// The outputs that the file names, sound or not
    output_names: BTreeSet<&'a str>,
    /// The enum of `decide`, where it could be told
    outcome: Option<EnumId>,
    /// What is decided with it
    decided: Vec<DecidedHead>,
    tags: List<TagId, Arc<str>>,
    tag_ids: HashMap<Arc<str>, TagId>,
    rule_heads: RuleHeads<'a>,
    /// Where the policy first reads `decision_date`
    reads_date: Option<Span>,
    /// Inputs whose range was reported
    unranged: Vec<InputId>,
    /// The policy's rounding
    rounding: ast::Rounding,
    zone: HeaderZone,
}

/// A table whose outputs are known
struct TableHead<'a> {
    ast: &'a ast::TableDecl,
    /// `None` where an output's type could not be read
    outputs: Vec<Option<DeclaredTy>>,
    /// By output of a rank: what is read of the row at hand
    at_hand: Vec<Option<LocalId>>,
}

/// A model whose answers are known
struct ModelHead<'a> {
    ast: &'a ast::ModelDecl,
    /// In the order of what it gives, the labels of a distribution one by one
    answers: Vec<AnswerHead<'a>>,
}

/// An answer of a model
#[derive(Clone)]
struct AnswerHead<'a> {
    ast: &'a ast::Give,
    /// `None` where its type could not be read
    promise: Option<Promise>,
    /// The distribution that it is a label of, by position
    distribution: Option<usize>,
    /// Of a model for each row: what is read of the row at hand
    at_hand: Option<LocalId>,
}

/// What is promised of an answer
#[derive(Clone)]
struct Promise {
    ty: DeclaredTy,
    range: Option<ir::ConstRange>,
}

impl<'a> ModelHead<'a> {
    /// The answers, those together that one `give` declares.
    fn gives(&self) -> impl Iterator<Item = &[AnswerHead<'a>]> {
        let of_one = |one: &AnswerHead<'_>, next: &AnswerHead<'_>| std::ptr::eq(one.ast, next.ast);
        self.answers.chunk_by(of_one)
    }
}

impl<'a> Checker<'a> {
    fn new(
        file: &'a ast::File,
        models: &'a dyn ModelSource,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let modules = file.modules.iter();
        Self {
            file,
            modules: modules
                .map(|module| (module.path.as_str(), module))
                .collect(),
            models,
            diagnostics,
            names: Names::new(file.source, &file.items),
            away: HashMap::new(),
            enums: Default::default(),
            enum_decls: Vec::new(),
            labels: HashMap::new(),
            records: Vec::new(),
            reasons: Default::default(),
            inputs: Default::default(),
            series: Vec::new(),
            groups: Default::default(),
            group_decls: Vec::new(),
            awaiting: Vec::new(),
            unsettled: HashSet::new(),
            currencies: HashSet::new(),
            renamed: Vec::new(),
            locals: Default::default(),
            local_bounds: HashMap::new(),
            functions: Vec::new(),
            scopes: Vec::new(),
            lists: Default::default(),
            list_heads: Vec::new(),
            n_fields: 0,
            spread_bytes: 0,
            named_lists: Default::default(),
            decimal_lists: HashMap::new(),
            word_lists: BTreeSet::new(),
            lookups: Default::default(),
            patterns: Patterns::default(),
            definitions: Vec::new(),
            tables: Vec::new(),
            scorecards: Vec::new(),
            feature_types: Vec::new(),
            model_heads: Vec::new(),
            subpolicies: Vec::new(),
            depths: Vec::new(),
            asks_deep: 0,
            distributions: Vec::new(),
            output_names: outputs::names(file),
            outcome: None,
            decided: Vec::new(),
            tags: List::default(),
            tag_ids: HashMap::new(),
            rule_heads: fired::rule_heads(file),
            reads_date: None,
            unranged: Vec::new(),
            rounding: items!(file, Policy)
                .find_map(|header| header.rounding)
                .map_or(ast::Rounding::HalfEven, |(rounding, _)| rounding),
            zone: HeaderZone::default(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn policy(&mut self, file: &'a ast::File) -> Option<ir::Policy> {
        self.find_zone(file);
        self.declare_modules(file);
        let header = self.declare_all(file);
        let functions = self.check_functions();
        self.check_definitions();
        let models = self.check_models();
        let subpolicies = self.check_subpolicies();
        let mut tables = self.check_tables();
        let scorecards = self.check_scorecards(tables.as_mut());
        let flow = self.check_flow();
        let (outputs, owed) = self.check_outputs(tables.as_ref(), &flow);
        let always = self.check_always(tables.as_ref(), &flow);
        let forbidden = self.check_forbidden();
        let accepted = self.check_accepted();
        let on_fault = header
            .and_then(|header| header.on_fault.as_ref())
            .and_then(|fault| self.handling(fault));
        let shadows = self.check_shadow_blocks(models.as_ref(), outputs.as_ref());
        self.check_group_faults();
        let no_outputs = List::default();
        let tests = self.check_tests(outputs.as_ref().unwrap_or(&no_outputs));
        let definitions = self.take_definitions();
        self.report_unused();
        let header = header?;
        let text = |text: &Option<ast::Text>| text.as_ref().map(|text| text.text.clone());
        let mut policy = ir::Policy {
            name: header.name.text.clone(),
            title: text(&header.title),
            version: text(&header.version),
            owner: text(&header.owner),
            time_zone: text(&header.time_zone),
            rounding: self.rounding,
            on_fault,
            budget: header.budget,
            enums: std::mem::take(&mut self.enums),
            reasons: std::mem::take(&mut self.reasons),
            inputs: std::mem::take(&mut self.inputs),
            series: std::mem::take(&mut self.series)
                .into_iter()
                .map(SeriesHead::into_series)
                .collect(),
            lists: std::mem::take(&mut self.lists),
            groups: std::mem::take(&mut self.groups),
            locals: std::mem::take(&mut self.locals),
            functions: functions?,
            named_lists: self.take_named_lists(),
            lookups: std::mem::take(&mut self.lookups),
            patterns: std::mem::take(&mut self.patterns.all),
            definitions: definitions?,
            models: models?,
            subpolicies: subpolicies?,
            depth: 0,
            asks_deep: self.asks_deep,
            tables: tables?,
            scorecards: scorecards?,
            rule_sets: flow.rule_sets,
            rules: flow.rules,
            tags: std::mem::take(&mut self.tags),
            decide: flow.decide?,
            always: always?,
            forbidden: forbidden?,
            accepted: accepted?,
            shadows: shadows?,
            outputs: outputs?,
            owed,
            tests,
        };
        policy.depth = order::check(&policy, &self.depths, self.diagnostics);
        self.check_models_of_rows(&policy);
        Some(policy)
    }
}

/// Where an expression stands, and what is known there
#[derive(Clone, Default)]
struct Env {
    /// Values known to be there
    present: Vec<ir::Value>,
    /// Values known not to be zero
    nonzero: Vec<ir::Value>,
    /// Outputs of tables that may be missing under the outcome at hand, and why
    spoiled: Vec<proof::Spoiler>,
    /// Whether the final outcome may be read
    after_decide: bool,
    /// Whether models in shadow may be read: by tests alone
    sees_shadow: bool,
    /// Whether a model is fed, by the value alone
    feeds_model: bool,
}

impl Env {
    fn after_decide() -> Self {
        Self {
            after_decide: true,
            ..Self::default()
        }
    }

    /// Of what a test sets and expects
    fn of_test() -> Self {
        Self {
            sees_shadow: true,
            ..Self::after_decide()
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
        Ty::MoneyOf(_) => "money in the currency of the case".to_owned(),
        Ty::DateTime => "a datetime".to_owned(),
        Ty::Duration => "a duration".to_owned(),
        Ty::Float => "a number for models only".to_owned(),
        Ty::Enum(id) => format!("a label of `{}`", enums[id].name),
    }
}

/// The items of one kind, in source order
macro_rules! items {
    ($file:expr, $kind:ident) => {
        $file.items.iter().filter_map(|item| match item {
            $crate::ast::Item::$kind(found) => Some(found),
            _ => None,
        })
    };
}
use items;

//! The checked policy: every name resolved, every expression typed, every
//! missing value accounted for. The compiler and any other interpreter start
//! here. Invariant: an `ir::Policy` exists only for a policy without errors.

mod accept;
mod bounds;
mod cells;
mod decide;
mod distribution;
mod expr;
mod forbid;
mod group;
mod library;
mod lists;
mod lookup;
mod name;
mod reasons;
mod rows;
mod scorecard;
mod shadow;
mod subpolicy;
mod table;
mod testing;
mod value_items;
mod walk;
mod written;

use std::sync::Arc;

use crate::Span;
use crate::ast::Rounding;
use crate::ids::{
    AlwaysId, DefinitionId, EnumId, FunctionId, GroupId, InputId, List, ListId, LocalId, LookupId,
    ModelId, NamedListId, OutputId, PatternId, ReasonId, RuleId, RuleSetId, ScorecardId,
    SubpolicyId, TableId, TagId,
};
use crate::types::DeclaredTy;

/// A policy without errors
#[derive(Clone, Debug)]
pub struct Policy {
    /// Name in the header
    pub name: String,
    /// Title for people
    pub title: Option<String>,
    /// Version in the header
    pub version: Option<String>,
    /// Owner in the header
    pub owner: Option<String>,
    /// Time zone in the header
    pub time_zone: Option<String>,
    /// How typed values round
    pub rounding: Rounding,
    /// What a fault with no nearer handling leads to
    pub on_fault: Option<Handling>,
    /// What a decision may take
    pub budget: Option<Budget>,
    /// Enums
    pub enums: List<EnumId, EnumType>,
    /// Reasons
    pub reasons: List<ReasonId, Reason>,
    /// Inputs, in the order written
    pub inputs: List<InputId, Input>,
    /// Series of inputs, in the order written
    pub series: Vec<Series>,
    /// Lists of the case, an outer one before those within it
    pub lists: List<ListId, ListInput>,
    /// Groups of inputs on request, in the order written
    pub groups: List<GroupId, Group>,
    /// Parameters, elements' fields and the like, each bound at one place
    pub locals: List<LocalId, Local>,
    /// Functions; none needs itself
    pub functions: List<FunctionId, Function>,
    /// Named lists
    pub named_lists: List<NamedListId, NamedList>,
    /// Lookups
    pub lookups: List<LookupId, Lookup>,
    /// Patterns that texts are held against
    pub patterns: List<PatternId, Pattern>,
    /// Definitions; each uses only inputs, models, tables and other definitions
    pub definitions: List<DefinitionId, Definition>,
    /// Models
    pub models: List<ModelId, Model>,
    /// Other policies that are asked
    pub subpolicies: List<SubpolicyId, Subpolicy>,
    /// How deep values rest on each other, those of policies that are asked included
    pub depth: usize,
    /// How many policies ask each other in turn, this one aside
    pub asks_deep: usize,
    /// Tables
    pub tables: List<TableId, Table>,
    /// Rule sets
    pub rule_sets: List<RuleSetId, RuleSet>,
    /// Rules of all sets and of `decide`
    pub rules: List<RuleId, Rule>,
    /// Tags, each once
    pub tags: List<TagId, Arc<str>>,
    /// How the outcome is decided
    pub decide: Decide,
    /// What must hold behind each decision
    pub always: List<AlwaysId, Always>,
    /// What no result may rest on, in the order written
    pub forbidden: Vec<Forbidden>,
    /// Findings that are meant to be so, in the order written
    pub accepted: Vec<Accepted>,
    /// Cases decided again behind the decision
    pub shadows: Vec<ShadowBlock>,
    /// Outputs, in the order written
    pub outputs: List<OutputId, Output>,
    /// Scorecards
    pub scorecards: List<ScorecardId, Scorecard>,
    /// Which reasons are owed
    pub owed: OwedReasons,
    /// Tests
    pub tests: Vec<Test>,
}

impl Policy {
    /// Calls `each` with every expression that a value decided with the outcome is set
    /// to.
    pub fn each_decided<'p>(&'p self, at: usize, each: &mut dyn FnMut(&'p Expr)) {
        for rule in &self.rules {
            rule.then
                .with
                .get(at)
                .into_iter()
                .flatten()
                .for_each(&mut *each);
        }
        for step in &self.decide.steps {
            if let Step::Evaluate(evaluate) = step {
                evaluate
                    .with
                    .get(at)
                    .into_iter()
                    .flatten()
                    .for_each(&mut *each);
            }
        }
    }

    /// Calls `each` with every expression of the policy that stands in no other
    /// one.
    pub fn each_expr<'p>(&'p self, each: &mut dyn FnMut(&'p Expr)) {
        for function in &self.functions {
            function
                .bindings
                .iter()
                .for_each(|binding| each(&binding.value));
            each(&function.value);
        }
        self.definitions
            .iter()
            .for_each(|definition| each(&definition.value));
        for model in &self.models {
            let columns = model.inputs.iter().flat_map(|input| &input.columns);
            columns.for_each(|column| each(&column.value));
        }
        for subpolicy in &self.subpolicies {
            subpolicy.feeds.iter().for_each(|feed| each(&feed.value));
        }
        for table in &self.tables {
            table.each_cell().for_each(&mut *each);
        }
        for rule in &self.rules {
            rule.when.iter().for_each(&mut *each);
            rule.then.each_expr(each);
        }
        for step in &self.decide.steps {
            if let Step::Evaluate(evaluate) = step {
                evaluate.with.iter().flatten().for_each(&mut *each);
            }
        }
        for output in &self.outputs {
            output.when.iter().for_each(&mut *each);
            if let OutputSource::Expr(value) = &output.value {
                each(value);
            }
        }
        self.always
            .iter()
            .for_each(|always| each(&always.condition));
    }
}

/// An enum
#[derive(Clone, Debug)]
pub struct EnumType {
    /// Name
    pub name: String,
    /// Labels; a label's position is its value, mildest first where ordered
    pub labels: Vec<Label>,
    /// Whether the labels were written with `<`
    pub ordered: bool,
    /// Where it is declared
    pub span: Span,
}

/// A label of an enum
#[derive(Clone, Debug)]
pub struct Label {
    /// Name in the policy
    pub name: Arc<str>,
    /// Text on the wire
    pub wire: Arc<str>,
    /// Number for models
    pub code: Option<i64>,
}

/// A reason
#[derive(Clone, Debug)]
pub struct Reason {
    /// Code
    pub code: Arc<str>,
    /// Internal wording
    pub text: String,
    /// Customer's wording
    pub customer: Option<String>,
    /// Where it is declared
    pub span: Span,
}

/// An input, an element of a series, or a field of a list's elements
#[derive(Clone, Debug)]
pub struct Input {
    /// Dotted name, of a series' element with its index: `card.paid[3]`; of a field
    /// its name within the record, nothing where the elements are plain values
    pub name: Arc<str>,
    /// Name on the wire
    pub wire: Arc<str>,
    /// Declared type
    pub ty: DeclaredTy,
    /// The range that values must lie in
    pub range: Option<ConstRange>,
    /// The value that stands for a missing one
    pub missing_when: Option<Literal>,
    /// The value where none is given
    pub default: Option<Literal>,
    /// The group that it is given with, on request
    pub group: Option<GroupId>,
    /// Never in clear outside the process
    pub private: bool,
    /// Description
    pub doc: Option<String>,
    /// Where it is declared
    pub span: Span,
}

/// Inputs that are told apart by an index
#[derive(Clone, Debug)]
pub struct Series {
    /// Dotted name
    pub name: Arc<str>,
    /// Name on the wire of a list of all elements
    pub wire: Arc<str>,
    /// The index of its first element
    pub first: u32,
    /// Its elements in order
    pub inputs: Vec<InputId>,
}

/// A range between constants
#[derive(Clone, Debug, PartialEq)]
pub struct ConstRange {
    /// Lower bound and whether it is in
    pub low: Option<(Literal, bool)>,
    /// Upper bound and whether it is in
    pub high: Option<(Literal, bool)>,
}

impl ConstRange {
    /// Tells whether a constant of the bounds' kind lies in the range.
    #[must_use]
    pub fn contains(&self, value: &Literal) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let above = self
            .low
            .as_ref()
            .is_none_or(|(low, inclusive)| match value.order(low) {
                Some(Greater) => true,
                Some(Equal) => *inclusive,
                Some(Less) | None => false,
            });
        let below = self
            .high
            .as_ref()
            .is_none_or(|(high, inclusive)| match value.order(high) {
                Some(Less) => true,
                Some(Equal) => *inclusive,
                Some(Greater) | None => false,
            });
        above && below
    }
}

/// A definition
#[derive(Clone, Debug)]
pub struct Definition {
    /// Name
    pub name: Arc<str>,
    /// Declared or found type
    pub ty: DeclaredTy,
    /// Its value
    pub value: Expr,
    /// Whether the policy writes no such definition: a column of a table, the stage of a
    /// cascade, the points of a scorecard and the like
    pub made: bool,
    /// Where it is declared
    pub span: Span,
}

/// A model in the policy
#[derive(Clone, Debug)]
pub struct Model {
    /// Name in the policy
    pub name: Arc<str>,
    /// File within the release
    pub file: String,
    /// The rank for each row of which it is asked
    pub each: Option<EachRow>,
    /// Whether it is run behind the decision, and read by shadow blocks alone
    pub shadow: bool,
    /// Inputs in the order of the model's interface
    pub inputs: Vec<ModelInput>,
    /// What the policy reads of it
    pub gives: Vec<Give>,
    /// Those of them that are the labels of a distribution
    pub distributions: Vec<Distribution>,
    /// The reasons for what it answers
    pub reasons: Option<ModelReasons>,
    /// What follows where it is fed what its training did not hold, where the policy says
    pub outside_training: Option<OutsideTraining>,
    /// How long a call may take
    pub within_ms: Option<u64>,
    /// What its faults lead to
    pub on_fault: Option<Handling>,
    /// What stands for its answers where it fails, so that nothing speaks
    pub stand_in: Option<StandIn>,
    /// Where it is declared
    pub span: Span,
}

/// The type of a tensor's elements, as far as feeding it goes
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// 32-bit float
    Float,
    /// 64-bit float
    Double,
    /// 64-bit integer
    Integer,
    /// Boolean
    Boolean,
    /// Text
    Text,
}

/// One input of a model
#[derive(Clone, Debug)]
pub struct ModelInput {
    /// Name in the model
    pub name: String,
    /// Element type
    pub element: Element,
    /// What feeds each column
    pub columns: Vec<ModelColumn>,
}

/// What feeds one column
#[derive(Clone, Debug)]
pub struct ModelColumn {
    /// Name of the column or input
    pub name: String,
    /// Its value, of a type that the element takes; an enum by its code or, for
    /// text, by its wire text
    pub value: Expr,
    /// What an enum's missing value is fed as, where the value may be missing
    pub missing: Option<Literal>,
    /// What the column held in training, where the policy looks at it
    pub training: Option<Held>,
}

/// What the policy reads of a model
#[derive(Clone, Debug)]
pub struct Give {
    /// Full name, such as `default_risk.probability`
    pub name: Arc<str>,
    /// Declared type
    pub ty: DeclaredTy,
    /// Position of the model's output
    pub output: usize,
    /// Column within the output
    pub column: usize,
    /// The promised range
    pub range: Option<ConstRange>,
    /// Digits behind the point that the answer is rounded to
    pub rounded: Option<u32>,
    /// Where it is declared
    pub span: Span,
}

/// An output
#[derive(Clone, Debug)]
pub struct Output {
    /// Name
    pub name: Arc<str>,
    /// Declared type
    pub ty: DeclaredTy,
    /// Condition under which it is given
    pub when: Option<Expr>,
    /// Where its value comes from
    pub value: OutputSource,
    /// Whether it is given only where its value, a name, was asked for by others
    pub if_asked: bool,
    /// Where it is declared
    pub span: Span,
}

/// Where the value of an output comes from
#[derive(Clone, Debug)]
pub enum OutputSource {
    /// It is computed
    Expr(Expr),
    /// It is the list of what the rows of a table give; the type is that of each
    Rows(TableId, u32),
}

pub use crate::ast::{Budget, Collect, DatePart, HitPolicy, OutsideTraining};
pub use crate::check::Held;
pub use crate::pattern::Pattern;
pub use accept::{Accepted, Within};
pub(crate) use bounds::Bounds;
pub use cells::Cells;
pub use decide::{
    Always, Decide, DecidedValue, Evaluate, Handling, Outcome, Rule, RuleSet, StandIn, Step,
    Validity, Verdict,
};
pub use distribution::{Distribution, DistributionQuery, DistributionUse, Labels};
pub use expr::{Expr, ExprKind, Factor, Literal, TextFunction, TextTest, Value, WholeRounding};
pub use forbid::Forbidden;
pub use group::{Age, Group};
pub use library::{Binding, Function, NamedList, Parameter};
pub use lists::{Aggregate, ListInput, Local, LocalTy, Over};
pub use lookup::{FieldType, FileColumn, FileTable, IfNone, ListValues, Lookup, LookupUse};
pub use reasons::{Adverse, ModelFeature, ModelReasons, OwedBehind, OwedOf, OwedReasons};
pub(crate) use rows::NewRow;
pub use rows::{Row, RowCells, Rows};
pub use scorecard::{Feature, Scorecard};
pub use shadow::{Compared, Replaced, ShadowBlock};
pub use subpolicy::{PolicyAnswer, PolicyFeed, PolicyGive, Subpolicy};
pub use table::{EachRow, Ranking, RowNeeds, Table, TableForm, TableOutput, TestColumn, Trend};
pub use testing::{
    Element as GivenElement, Expectation, ListPlace, RuleExpected, ShadowExpected, StubbedAnswer,
    StubbedModel, StubbedPolicy, Test,
};
pub use value_items::{Calibration, Cascade, Knot, Try};
pub(crate) use written::length;

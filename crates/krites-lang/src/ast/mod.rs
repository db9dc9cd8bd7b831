//! The syntax tree: what the analyst wrote, name by name, with its spans.
//! Invariant: nothing here is resolved or typed; a broken part is an `Error`
//! node that was reported when it was made.

mod accept;
mod aggregate;
mod decide;
mod expr;
mod forbid;
mod give;
mod grid;
mod group;
mod input;
mod library;
mod lookup;
mod notes;
mod scorecard;
mod shadow;
mod source;
mod subpolicy;
mod table;
mod testing;
mod value_items;
mod walk;

use crate::{SourceId, Span};

pub use accept::AcceptDecl;
pub use aggregate::{Aggregate, AggregateKind, ElementPath};
pub use decide::{
    Always, Day, Decide, DecidePolicy, DecidedValue, OnFault, Outcome, Rule, RuleSet, RuleSetMode,
    StandIn, Step, Until, Validity, Verdict, WithValue,
};
pub use expr::{
    CompareOp, DatePart, Expr, ExprKind, Factor, IsWhat, MatchArm, ProductOp, RoundTo, SumOp,
    TextTest, Unit,
};
pub use forbid::{ForbidDecl, ForbiddenInput};
pub use give::{ClassNames, Give, Given, Share};
pub use grid::{Grid, GridCell, GridLine};
pub use group::{GroupDecl, InputEntry, StaleAfter};
pub use input::{InputDecl, InputField, RecordDecl, WireName};
pub use library::{Binding, FunctionDecl, ListValues, NamedListDecl, Parameter, UseDecl};
pub use lookup::{FileColumn, IfNone, ListFile, LookupDecl, LookupUse};
pub use notes::{Note, Notes, Side};
pub use scorecard::{Bin, CardFile, FeatureDecl, FeatureMap, OwedShortfalls, ScorecardDecl};
pub use shadow::{Replaced, ShadowDecl};
pub use source::{ColumnMap, ColumnPart, FileCells, FromFile, Ignored, Written};
pub use subpolicy::{PolicyGive, SubpolicyDecl};
pub use table::{
    Cell, CellKind, CellTest, Collect, Column, ColumnKind, HitPolicy, Ranking, TableDecl,
    TableOutput, TableRow, Trend,
};
pub use value_items::{
    Band, BandEdge, BandsDecl, CalibrationDecl, CascadeDecl, Course, Knot, Resort, Try,
};

pub use testing::{AssignedValue, Assignment, Example, Expectation, ShadowExpected, Test};

/// One policy file
#[derive(Clone, Debug)]
pub struct File {
    /// The source it was read from
    pub source: SourceId,
    /// Items in source order
    pub items: Vec<Item>,
    /// Where each of the items stands
    pub places: Vec<Span>,
    /// Comments and blank lines
    pub notes: Notes,
    /// The files that it uses, by way of others too: each once, behind all that it
    /// uses itself
    pub modules: Vec<Module>,
    /// Paths of the files that its items stand in, each once
    pub sheets: Vec<String>,
    /// The files that name the classes of its models
    pub class_names: Vec<ClassNames>,
}

impl File {
    /// Tells whether the file holds items, and none but those that others may
    /// bring in: whether it is no policy.
    #[must_use]
    pub fn holds_names_alone(&self) -> bool {
        let shared = |item: &Item| match item {
            Item::Use(_)
            | Item::Reason(_)
            | Item::Enum(_)
            | Item::Record(_)
            | Item::Function(_)
            | Item::List(_)
            | Item::Lookup(_) => true,
            Item::Error { keyword, .. } => crate::parse::is_shared(keyword),
            _ => false,
        };
        !self.items.is_empty() && self.items.iter().all(shared)
    }
}

/// A file of names that others bring in
#[derive(Clone, Debug)]
pub struct Module {
    /// Its path below the release's folder
    pub path: String,
    /// The source it was read from
    pub source: SourceId,
    /// Items in source order; an [`Item::Error`] alone where it could not be read
    pub items: Vec<Item>,
}

/// A word with its place
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The word, backticks removed
    pub text: String,
    /// Where it stands
    pub span: Span,
}

/// A dotted name such as `applicant.age`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The words joined by dots, backticks removed
    pub text: String,
    /// Where it stands
    pub span: Span,
}

/// A quoted text, unescaped
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What stands between the quotes
    pub text: String,
    /// Where it stands, quotes included
    pub span: Span,
}

/// A top-level item
#[derive(Clone, Debug)]
pub enum Item {
    /// `policy name "title" { … }`
    Policy(PolicyHeader),
    /// `reason CODE "text" customer "text"`
    Reason(ReasonDecl),
    /// `enum Name { … }`
    Enum(EnumDecl),
    /// `use R01, Employment from "common/reasons.krites"`
    Use(UseDecl),
    /// `record Account { … }`
    Record(RecordDecl),
    /// `list fraud_words = fraud, scam`
    List(NamedListDecl),
    /// `lookup routing from "queues.csv" key intent : Intent -> queue : Queue`
    Lookup(LookupDecl),
    /// `function annuity(…) : money(GBP) = …`
    Function(FunctionDecl),
    /// `input { … }`
    Input(InputDecl),
    /// `define { … }`
    Define(Vec<Definition>),
    /// `bands name of value : Enum { … }`
    Bands(BandsDecl),
    /// `calibration name of value : type linear { … }`
    Calibration(CalibrationDecl),
    /// `cascade name : type { … }`
    Cascade(CascadeDecl),
    /// `scorecard name base n { … }`
    Scorecard(ScorecardDecl),
    /// `columns name { … }`
    Columns(ColumnsDecl),
    /// `model name from "file" { … }`
    Model(ModelDecl),
    /// `subpolicy name from "policy" { … }`
    Subpolicy(SubpolicyDecl),
    /// `table name first match -> … { … }`
    Table(TableDecl),
    /// `rules name all { … }`
    Rules(RuleSet),
    /// `decide name : Enum most severe { … }`
    Decide(Decide),
    /// `always "text": condition`
    Always(Always),
    /// `accept K0903 in terms "Row 4 waits for the branches"`
    Accept(AcceptDecl),
    /// `forbid applicant.sex in every result`
    Forbid(ForbidDecl),
    /// `shadow name { … }`
    Shadow(ShadowDecl),
    /// `output { … }`
    Output(Vec<OutputEntry>),
    /// `reasons at most n { … }`
    Reasons(ReasonsDecl),
    /// `example name { … }`
    Example(Example),
    /// `test "title" { … }`
    Test(Test),
    /// An item that could not be read. `name` is what it would have declared,
    /// where that can be told, so that its uses cause no follow-on errors.
    Error {
        /// The item's first word, such as `table`
        keyword: String,
        /// The declared name
        name: Option<Name>,
        /// The whole item
        span: Span,
    },
}

/// The policy's header
#[derive(Clone, Debug)]
pub struct PolicyHeader {
    /// Name of the policy
    pub name: Name,
    /// Title for people
    pub title: Option<Text>,
    /// `version "…"`
    pub version: Option<Text>,
    /// `owner "…"`
    pub owner: Option<Text>,
    /// `time zone "…"`
    pub time_zone: Option<Text>,
    /// `rounding half up`
    pub rounding: Option<(Rounding, Span)>,
    /// `on fault refer because M00`
    pub on_fault: Option<OnFault>,
    /// `budget 10_000 steps, 2 model calls`
    pub budget: Option<Budget>,
    /// The whole item
    pub span: Span,
}

/// What a decision may take at most
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Steps
    pub steps: Option<u64>,
    /// Calls of models
    pub model_calls: Option<u64>,
    /// Where it stands
    pub span: Span,
}

/// How typed definitions round
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Ties away from zero
    HalfUp,
    /// Ties to the even digit
    HalfEven,
    /// Ties toward zero
    HalfDown,
    /// Away from zero
    Up,
    /// Toward zero
    Down,
}

/// `reason R01 "internal wording" customer "customer's wording"`
#[derive(Clone, Debug)]
pub struct ReasonDecl {
    /// The code
    pub code: Name,
    /// Internal wording
    pub text: Text,
    /// Customer's wording
    pub customer: Option<Text>,
    /// The whole item
    pub span: Span,
}

/// `enum Name { a < b }` or `enum Name { a, b = "wire" code 1 }`
#[derive(Clone, Debug)]
pub struct EnumDecl {
    /// Name of the type
    pub name: Name,
    /// Labels as written
    pub labels: Vec<EnumLabel>,
    /// Whether the labels are joined by `<`, mildest first
    pub ordered: bool,
    /// The whole item
    pub span: Span,
}

/// One label of an enum
#[derive(Clone, Debug)]
pub struct EnumLabel {
    /// The label
    pub name: Name,
    /// `= "text on the wire"`
    pub wire: Option<Text>,
    /// `code 3`: the number that models take
    pub code: Option<(i64, Span)>,
}

/// `name : type = expression`, the type optional
#[derive(Clone, Debug)]
pub struct Definition {
    /// Name
    pub name: Path,
    /// Declared type
    pub ty: Option<TypeExpr>,
    /// Its value
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// A written type
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// Which type
    pub kind: TypeKind,
    /// `?` behind it
    pub optional: bool,
    /// Where it stands
    pub span: Span,
}

/// The kinds of written types
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `integer`
    Integer,
    /// `decimal` or `decimal(2)`
    Decimal(Option<u32>),
    /// `percent` or `percent(2)`
    Percent(Option<u32>),
    /// `money(GBP)` or `money(GBP) unrounded`
    Money {
        /// The currency, or the input that names it
        currency: Path,
        /// `unrounded`
        unrounded: bool,
    },
    /// `boolean`
    Boolean,
    /// `text`
    Text,
    /// `date`
    Date,
    /// `datetime`
    Datetime,
    /// `duration`
    Duration,
    /// `list of Account`
    List(Box<TypeExpr>),
    /// The name of an enum or record
    Named(Name),
}

/// A range in words
#[derive(Clone, Debug)]
pub struct Range {
    /// Lower bound
    pub low: Option<Bound>,
    /// Upper bound
    pub high: Option<Bound>,
    /// Where it stands
    pub span: Span,
}

/// One end of a range
#[derive(Clone, Debug)]
pub struct Bound {
    /// The value
    pub value: Expr,
    /// Whether the value itself is in the range
    pub inclusive: bool,
}

/// `columns name { limit = card.limit, age = customer.age, card.paid }`
#[derive(Clone, Debug)]
pub struct ColumnsDecl {
    /// Name of the matrix
    pub name: Name,
    /// Its columns in order
    pub columns: Vec<Feed>,
    /// The whole item
    pub span: Span,
}

/// `name = expression`, or a path alone, which feeds itself under its own name
#[derive(Clone, Debug)]
pub struct Feed {
    /// The model's name for it; a quoted name is unquoted
    pub target: Name,
    /// The value; a path alone stands here as well
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// `model name from "file" { … }`
#[derive(Clone, Debug)]
pub struct ModelDecl {
    /// Name in the policy
    pub name: Name,
    /// File within the release
    pub file: Text,
    /// `for each of offers`: the rank whose rows it is asked for
    pub each: Option<Name>,
    /// `shadow` behind its file: run behind the decision, and never acting
    pub shadow: Option<Span>,
    /// Where the first `feed { … }` stands
    pub feed: Option<Span>,
    /// What stands in it, and in further ones
    pub feeds: Vec<Feed>,
    /// `give …`
    pub gives: Vec<Give>,
    /// `within 20 ms`
    pub within_ms: Option<(u64, Span)>,
    /// `on fault …`
    pub on_fault: Option<OnFault>,
    /// `on fault use …`
    pub stand_in: Option<StandIn>,
    /// The whole item
    pub span: Span,
}

/// One entry of `output`
#[derive(Clone, Debug)]
pub enum OutputEntry {
    /// An output, or what is recorded
    Part(OutputPart),
    /// `when condition { … }`
    When {
        /// The condition
        condition: Expr,
        /// What is given where it holds
        parts: Vec<OutputPart>,
        /// The whole entry
        span: Span,
    },
}

/// What goes out
#[derive(Clone, Debug)]
pub enum OutputPart {
    /// `name : type = expression`
    Field(OutputField),
    /// `record anomaly.score if asked`
    Record(RecordedValue),
}

/// `record anomaly.score if asked`
#[derive(Clone, Debug)]
pub struct RecordedValue {
    /// The value
    pub path: Path,
    /// The index, of a series' element
    pub index: Option<u32>,
    /// `if asked`
    pub if_asked: Option<Span>,
    /// The whole entry
    pub span: Span,
}

impl OutputEntry {
    /// Returns the condition of `when`, and what goes out.
    #[must_use]
    pub fn parts(&self) -> (Option<&Expr>, &[OutputPart]) {
        match self {
            OutputEntry::Part(part) => (None, std::slice::from_ref(part)),
            OutputEntry::When {
                condition, parts, ..
            } => (Some(condition), parts),
        }
    }
}

/// `name : type = expression`
#[derive(Clone, Debug)]
pub struct OutputField {
    /// Name
    pub name: Path,
    /// Declared type
    pub ty: TypeExpr,
    /// Its value
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// `reasons at most 4 { for decline, refer : rules that spoke }`
#[derive(Clone, Debug)]
pub struct ReasonsDecl {
    /// How many reasons are given at most
    pub at_most: Option<(u32, Span)>,
    /// For which outcomes reasons are owed
    pub entries: Vec<ReasonsEntry>,
    /// The whole item
    pub span: Span,
}

/// `for decline, refer : rules that spoke`
#[derive(Clone, Debug)]
pub struct ReasonsEntry {
    /// Outcomes
    pub outcomes: Vec<Name>,
    /// What follows the rules that spoke
    pub then: Vec<OwedShortfalls>,
    /// The whole entry
    pub span: Span,
}

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
mod header;
mod input;
mod label;
mod library;
mod lookup;
mod model;
mod notes;
mod output;
mod scorecard;
mod shadow;
mod source;
mod subpolicy;
mod table;
mod testing;
mod types;
mod value_items;
mod walk;
mod word;

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
pub use header::{Budget, CardDemand, CardDemands, PolicyHeader, Rounding};
pub use input::{InputDecl, InputField, RecordDecl, WireName};
pub use label::{EnumDecl, EnumLabel, ReasonDecl};
pub use library::{Binding, FunctionDecl, ListValues, NamedListDecl, Parameter, UseDecl};
pub use lookup::{FileColumn, IfNone, ListFile, LookupDecl, LookupUse};
pub use model::{
    Adverse, ColumnsDecl, FeatureReason, Feed, ModelDecl, ModelReasons, OutsideTraining,
};
pub use notes::{Note, Notes, Side};
pub use output::{
    OutputEntry, OutputField, OutputPart, OwedBehind, ReasonsDecl, ReasonsEntry, RecordedValue,
};
pub use scorecard::{Bin, CardFile, FeatureDecl, FeatureMap, ScorecardDecl};
pub use shadow::{Replaced, ShadowDecl};
pub use source::{ColumnMap, ColumnPart, FileCells, FromFile, Ignored, Written};
pub use subpolicy::{PolicyGive, SubpolicyDecl};
pub use table::{
    Cell, CellKind, CellTest, Collect, Column, ColumnKind, HitPolicy, Ranking, TableDecl,
    TableOutput, TableRow, Trend,
};
pub use testing::{AssignedValue, Assignment, Example, Expectation, ShadowExpected, Test};
pub use types::{Bound, Definition, Range, TypeExpr, TypeKind};
pub use value_items::{
    Band, BandEdge, BandsDecl, CalibrationDecl, CascadeDecl, Course, Knot, Resort, Try,
};
pub use word::{Name, Path, Text};

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

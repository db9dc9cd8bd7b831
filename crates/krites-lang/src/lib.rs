//! The Krites policy language: from text to a checked, compiled policy and its
//! evaluation.
//!
//! Invariant: no I/O, no clock, no threads, no models of its own. Texts are
//! handed in, models answer through [`Answers`].

mod analyse;
pub mod ast;
mod calendar;
mod check;
mod data;
mod diagnostic;
mod eval;
mod explain;
mod fix;
mod ids;
pub mod ir;
mod limits;
mod module;
mod number;
mod packed;
mod parse;
mod pattern;
mod place;
mod positions;
mod print;
mod program;
mod scan;
mod sheet;
#[cfg(feature = "testing")]
pub mod testing;
mod types;
mod words;

pub use analyse::{Cost, CostPart, analyse, proved};
pub use calendar::{
    Date, DateTime, DateTimeProblem, Duration, DurationProblem, Zone, time_zone_data,
};
pub use check::{
    Held, ModelInput, ModelInterface, ModelOutput, ModelProblem, ModelSource, PassedTy,
    PolicyInput, PolicyInterface, PolicyOutput, PolicyProblem, StatedCard, TrainingRange, check,
    not_explained,
};
pub use data::{Data, KeyTable, declared_at, file_not_there, file_unreadable};
pub use diagnostic::{Code, Diagnostic, Label, Severity, did_you_mean};
pub use eval::{
    AlwaysState, Answer, Answered, Answers, Candidate, CandidateState, Contributed,
    ContributedState, Contribution, ContributionsCall, DataAlone, EvalError, EvalErrorKind, Fault,
    FaultKind, Feed, Form, Frame, Given, GroupState, HandledBy, InputError, InputPlace,
    InputProblem, ListValue, ModelCall, ModelFailure, ModelFault, ModelFaultKind, ModelState,
    Needs, NoModels, OutputValue, PolicyCall, PolicyFault, PolicyState, Prepared, Progress,
    RuleState, ShadowState, Shortfall, SlotState, Speaker, Spoken, TableState, TestFailure,
    TestReport, Unknown, Verified,
};
pub use explain::{Explanation, Part, Snippet, explain, explanations};
pub use fix::{Edit, Fix, Help, Mended, mend};
pub use ids::{
    AlwaysId, DefinitionId, EnumId, FunctionId, GroupId, Id, InputId, List, ListId, LocalId,
    LookupId, ModelId, NamedListId, OutputId, PatternId, ReasonId, RuleId, RuleSetId, ScorecardId,
    SubpolicyId, TableId, TagId,
};
pub use limits::{
    MAX_DATA_BYTES, MAX_GRID_CELLS, MAX_GRID_HEAD, MAX_GRID_VALUES, MAX_INPUTS, MAX_KNOTS,
    MAX_LIST, MAX_LIST_VALUES, MAX_MODULES, MAX_NAMED_LIST, MAX_PATTERN, MAX_PATTERN_SIZE,
    MAX_PATTERNS_SIZE, MAX_RECORD_DEPTH, MAX_SERIES, MAX_SHEET_BYTES, MAX_SHEET_COLUMNS,
    MAX_SHEET_ROWS, MAX_STEPS, MAX_TEXT, MAX_TEXTS,
};
pub use module::{ModuleProblem, ModuleSource, ModuleText, NoModules, parse_with_modules};
pub use number::{Exact, NumberFault};
pub use parse::{parse, source_from_bytes};
pub use place::{Place, Source, SourceId, Sources, Span};
pub use print::{PrintError, print};
pub use program::Program;
pub use sheet::{CellValue, Sheet, SheetLimit, SheetProblem};
pub use types::{Currency, DeclaredTy, Ty};

//! Krites: a decision engine in which declarative rules and ONNX models decide
//! together, and in which rule sets and model versions are swapped atomically
//! while it serves.
//!
//! Invariant: no printing, no clock, no process exit; a policy, a model or a
//! request that is wrong is a typed error, and what served before serves on.

mod assemble;
mod batch;
mod beside;
mod bind;
mod builder;
mod calls;
mod case;
mod compatible;
mod content;
mod data;
mod decider;
mod decision;
mod engine;
mod error;
mod explainers;
mod faults;
mod folder;
mod golden;
mod loader;
mod model_report;
mod modules;
mod order;
mod outputs;
mod part;
mod record;
mod release;
mod sheets;
mod workspace;

pub use batch::{ByText, Column, Columns, Decimals, Rows, Validity};
pub use beside::{BesideError, BesideProblem, ModelCard, TrainingData};
pub use bind::Facts;
pub use bind::facts;
pub use bind::{BindError, BindProblem, CsvBinding, LackingColumn, UnknownField, UnknownFields};
pub use builder::{PinMismatch, ReleaseBuilder};
pub use case::{Case, Needs, Step};
pub use compatible::SchemaChange;
pub use decider::{DecideError, Decider};
pub use decision::{
    Asked, Candidate, ClosingCell, Decision, Difference, Explained, FailedModel, FaultHandler,
    FeatureContribution, FeatureScore, FeatureShortfall, Group, OwnedDecision, Rank, Reason, Score,
    Shadow, Table, Voice,
};
pub use engine::{Deployment, Engine, PublishError};
pub use error::{LoadError, LoadErrorKind, PolicyErrors};
pub use faults::FaultCounts;
pub use golden::{ExpectedColumn, GoldenMismatch, GoldenRows, NewGolden};
#[cfg(feature = "derive")]
pub use krites_derive::{Facts, Outputs};
pub use krites_lang as lang;
pub use krites_lang::{
    Date, DateTime, Duration, Exact, GroupState, ModelFaultKind, OutputValue, ShadowState, Unknown,
};
pub use krites_model as model;
#[cfg(feature = "onnxruntime")]
pub use krites_onnxruntime as onnxruntime;
pub use model_report::{ModelReport, ReportedBackend};
pub use outputs::reading;
pub use outputs::reading::{Outputs, OutputsReader};
pub use outputs::{OutputsError, OutputsProblem};
pub use part::{DataPart, Fingerprint, FingerprintError, ModelPart, PolicyPart, ReleasedPolicy};
pub use record::{DecisionRecord, Envelope, RECORD_FORMAT};
pub use release::{Inspection, Release};

/// The README's Rust compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

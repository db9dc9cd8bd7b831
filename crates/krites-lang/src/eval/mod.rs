//! Evaluation: on demand, once, over the slots of a frame.
//!
//! The trace is no second path: it is the frame's slot states, rule states and
//! what spoke, left by the one evaluation there is. Where a slot is pending,
//! evaluation stops; it goes on by running again over what is filled.

mod again;
mod aggregate;
mod arena;
mod at_once;
mod bind;
mod bind_text;
mod bind_time;
mod candidates;
mod cascade;
mod columns;
mod complete;
mod contributions;
mod currency;
mod distribution;
mod elements;
mod extra;
mod fault;
mod feed;
mod frame;
mod group;
mod index;
mod list;
mod list_value;
mod lookup;
mod model;
mod model_fault;
mod number;
mod observe;
mod outcome;
mod policy;
mod policy_call;
mod promise;
mod put_off;
mod rank;
mod refused;
mod rounding;
mod rule_states;
mod rules;
mod run;
mod scaled;
mod scorecard;
mod shadow;
mod shortfalls;
mod speak;
mod state;
mod table;
mod table_output;
mod test_rows;
mod testing;
mod text;
mod time;
mod training;
mod tried;
mod truth;
mod value;

pub use at_once::{Form, InputPlace, Prepared};
pub use candidates::{Candidate, CandidateState};
pub use contributions::{Contributed, ContributedState, Contribution, ContributionsCall, Verified};
pub use fault::{EvalError, EvalErrorKind, Fault, FaultKind, ModelFault};
pub use frame::Frame;
pub use group::GroupState;
pub use list_value::ListValue;
pub use model::{Answer, Answered, Answers, DataAlone, ModelCall, NoModels};
pub use model_fault::{ModelFailure, ModelFaultKind};
pub use policy::{PolicyFault, PolicyState};
pub use policy_call::PolicyCall;
pub use refused::{InputError, InputProblem};
pub use run::{Needs, Progress};
pub use shadow::{ShadowState, Unknown};
pub use shortfalls::Shortfall;
pub use state::{
    AlwaysState, Feed, Given, HandledBy, ModelState, RuleState, SlotState, Speaker, Spoken,
    TableState,
};
pub use testing::{TestFailure, TestReport};
pub use value::OutputValue;

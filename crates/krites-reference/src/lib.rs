//! A slow, simple interpreter of checked policies, and the engine's decisions held
//! against its own.
//!
//! It is written from `docs/language.md`, shares text to [`ir`](krites_lang::ir)
//! with the engine, and nothing of evaluation, arithmetic, calendar or texts.
//! Invariant: no I/O, no clock; what it cannot interpret is a
//! [`Fault::Broken`], never a guess.

mod aggregate;
mod arithmetic;
mod asked;
mod bind;
mod calendar;
mod case;
mod census;
mod compare;
mod compiled;
mod constructs;
mod contributions;
mod decide;
mod expect;
mod expr;
mod fault;
mod files;
pub mod generate;
mod group;
mod model;
mod number;
mod observe;
mod pattern;
mod quotient;
mod reference;
mod run;
mod scorecard;
mod shadow;
mod speak;
mod table;
mod text;
mod training;
mod value;
mod value_items;
mod verdict;

pub use case::{Case, Element, Given, Stub};
pub use census::census;
pub use compare::{Asks, Both, Difference, compare};
pub use constructs::CONSTRUCTS;
pub use fault::{Fault, ModelFault, PolicyFault};
pub use files::Files;
pub use reference::Reference;
pub use value::Value;
pub use verdict::{Ending, ModelState, RuleState, Spoken, Verdict};

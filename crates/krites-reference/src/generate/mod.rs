//! Policies and cases at random, right by construction.
//!
//! [`policy`] writes the text of a policy, [`case`] a case for it once it is
//! checked.
//! Invariant: choices come from [`Choose`] alone, so a seed says what is made.

mod case;
mod choice;
mod choose;
mod condition;
mod decide;
mod functions;
mod grid;
mod groups;
mod inputs;
mod items;
mod kind;
mod lists;
mod lookups;
mod models;
mod rank;
mod rarer;
mod schema;
mod subpolicy;
mod table;
mod text;
mod time;
mod value;
mod value_items;
mod verdict;

pub use case::case;
pub use choose::Choose;
pub use lookups::files;
pub use models::Models;

use kind::Kind;
use schema::Scope;

/// A policy at random
#[derive(Clone, Debug)]
pub struct Generated {
    /// Its text
    pub text: String,
    /// What its models take and give
    pub models: Models,
}

/// Writes a policy.
#[must_use]
pub fn policy(choose: &mut Choose<'_>) -> Generated {
    let decides_values = choose.percent(65);
    let mut writer = Writer {
        choose,
        decides_values,
        scope: Scope::default(),
        nested: 0,
        text: String::new(),
        models: Models::default(),
        floats: false,
        lists: Vec::new(),
        scorecard: false,
        explained: Vec::new(),
        rules: Vec::new(),
        asked: Vec::new(),
        advice: false,
        private: Vec::new(),
    };
    writer.items();
    Generated {
        text: writer.text,
        models: writer.models,
    }
}

/// Writes a policy, item by item
struct Writer<'w, 'b> {
    choose: &'w mut Choose<'b>,
    /// Whether values are decided with the outcome; rules that say nothing more than
    /// outcome and reason are there only where none are
    decides_values: bool,
    /// What can be named where the writer stands
    scope: Scope,
    /// How many aggregates are open
    nested: usize,
    text: String,
    models: Models,
    /// Whether there are floats for models
    floats: bool,
    /// Whether there is a scorecard
    scorecard: bool,
    /// What models are fed as reasons, as `reasons` names it
    explained: Vec<String>,
    /// Lists that the inputs may have
    lists: Vec<schema::Elements>,
    /// Outputs that ask for inputs on request
    asked: Vec<String>,
    /// Inputs that are never written
    private: Vec<String>,
    /// Whether an input may speak
    advice: bool,
    /// Rules whose firing may be asked for, and whether each may be off
    rules: Vec<(String, bool)>,
}

impl Writer<'_, '_> {
    fn literal(&mut self, kind: Kind) -> String {
        self.choose.literal(kind)
    }

    /// A kind of which the scope has a name.
    fn kind(&mut self) -> Kind {
        for _ in 0..4 {
            let kind = self.choose.one(&Kind::ALL).copied().unwrap_or(Kind::Whole);
            if !self.scope.of(kind).is_empty() {
                return kind;
            }
        }
        Kind::Whole
    }
}

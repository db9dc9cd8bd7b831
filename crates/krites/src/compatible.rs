//! What a release changes for those who call the current one.

mod asked;

use std::fmt;

use krites_lang::ir::OutputSource;
use krites_lang::ir::Policy;
use krites_lang::{DeclaredTy, Ty};

use crate::release::Release;

/// A change that would break callers
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaChange {
    /// A policy is gone
    PolicyDropped {
        /// The policy
        policy: String,
    },
    /// An input is gone
    InputDropped {
        /// The policy
        policy: String,
        /// The input
        input: String,
    },
    /// An input has another type, or is newly required
    InputChanged {
        /// The policy
        policy: String,
        /// The input
        input: String,
        /// Its type now
        from: String,
        /// Its type in the release
        to: String,
    },
    /// An input is new and required
    InputRequired {
        /// The policy
        policy: String,
        /// The input
        input: String,
    },
    /// A group of inputs on request is new: whoever does not give it gets its faults
    GroupAdded {
        /// The policy
        policy: String,
        /// The group
        group: String,
    },
    /// An output is gone
    OutputDropped {
        /// The policy
        policy: String,
        /// The output
        output: String,
    },
    /// An output has another type
    OutputChanged {
        /// The policy
        policy: String,
        /// The output, or the outcome
        output: String,
        /// Its type now
        from: String,
        /// Its type in the release
        to: String,
    },
}

impl fmt::Display for SchemaChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PolicyDropped { policy } => write!(f, "policy `{policy}` is gone"),
            Self::InputDropped { policy, input } => {
                write!(f, "input `{input}` of `{policy}` is gone")
            }
            Self::InputChanged {
                policy,
                input,
                from,
                to,
            } => {
                write!(f, "input `{input}` of `{policy}` was {from} and is {to}")
            }
            Self::InputRequired { policy, input } => {
                write!(f, "input `{input}` of `{policy}` is new and required")
            }
            Self::GroupAdded { policy, group } => {
                write!(
                    f,
                    "`{group}` of `{policy}` is new and given on request: without it, asking for it is a fault"
                )
            }
            Self::OutputDropped { policy, output } => {
                write!(f, "output `{output}` of `{policy}` is gone")
            }
            Self::OutputChanged {
                policy,
                output,
                from,
                to,
            } => {
                write!(f, "output `{output}` of `{policy}` was {from} and is {to}")
            }
        }
    }
}

/// Lists what would break callers of `current` who meet `next`.
pub(crate) fn changes(current: &Release, next: &Release) -> Vec<SchemaChange> {
    let mut found = Vec::new();
    for (name, policy) in current.policies() {
        let Some(other) = next.policy(name) else {
            found.push(SchemaChange::PolicyDropped {
                policy: name.clone(),
            });
            continue;
        };
        if std::sync::Arc::ptr_eq(policy.part(), other.part()) {
            continue;
        }
        compare(
            name,
            policy.program().policy(),
            other.program().policy(),
            &mut found,
        );
    }
    found
}

fn compare(name: &str, current: &Policy, next: &Policy, found: &mut Vec<SchemaChange>) {
    let policy = || name.to_owned();
    asked::compare(name, current, next, found);
    for output in &current.outputs {
        let Some(other) = next.outputs.iter().find(|other| other.name == output.name) else {
            found.push(SchemaChange::OutputDropped {
                policy: policy(),
                output: output.name.to_string(),
            });
            continue;
        };
        // An output under a condition may be missing, as one with `?`.
        let ty = |output: &krites_lang::ir::Output| DeclaredTy {
            optional: output.ty.optional || output.when.is_some(),
            ..output.ty
        };
        let of = |output: &krites_lang::ir::Output| match output.value {
            OutputSource::Rows(..) => "list of ",
            OutputSource::Expr(_) => "",
        };
        let from = format!("{}{}", of(output), words(current, ty(output)));
        let to = format!("{}{}", of(other), words(next, ty(other)));
        if from != to {
            found.push(SchemaChange::OutputChanged {
                policy: policy(),
                output: output.name.to_string(),
                from,
                to,
            });
        }
    }
    let outcome = |policy: &Policy| DeclaredTy::bare(Ty::Enum(policy.decide.ty));
    let (from, to) = (words(current, outcome(current)), words(next, outcome(next)));
    if from != to || current.decide.name != next.decide.name {
        let output = current.decide.name.to_string();
        found.push(SchemaChange::OutputChanged {
            policy: policy(),
            output,
            from,
            to,
        });
    }
}

fn words(policy: &Policy, declared: DeclaredTy) -> String {
    let ty = ty_words(policy, declared.ty);
    match declared.optional {
        true => format!("{ty}?"),
        false => ty,
    }
}

/// A type as a caller sees it: an enum is its texts on the wire.
fn ty_words(policy: &Policy, ty: Ty) -> String {
    match ty {
        Ty::Integer => "integer".to_owned(),
        Ty::Decimal => "decimal".to_owned(),
        Ty::Percent => "percent".to_owned(),
        Ty::Money(currency) => format!("money({})", currency.code()),
        Ty::Boolean => "boolean".to_owned(),
        Ty::Text => "text".to_owned(),
        Ty::Date => "date".to_owned(),
        Ty::MoneyOf(input) => format!("money({})", policy.inputs[input].wire),
        Ty::DateTime => "datetime".to_owned(),
        Ty::Duration => "duration".to_owned(),
        Ty::Float => "decimal model only".to_owned(),
        Ty::Enum(id) => {
            let labels: Vec<&str> = policy.enums[id]
                .labels
                .iter()
                .map(|label| &*label.wire)
                .collect();
            format!("one of {}", labels.join(", "))
        }
    }
}

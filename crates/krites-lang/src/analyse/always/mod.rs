//! What must always hold: proved over all cases, refuted by a case, or neither.
//!
//! The box of all cases in which it would not hold is narrowed by what the decision comes
//! to there, and split at what may have spoken and at conditions, until nothing is left:
//! then it is proved. In what is left, cases are tried by deciding them; one in which it
//! is broken refutes it.
//! Invariant: proved only where no case is left; refuted only by a case that was decided.

mod asked;
mod decision;
mod handling;
mod leaf;
mod report;
mod rules;
mod sample;
mod silent;
mod split;
mod tries;
mod voice;

use std::collections::BTreeSet;

use super::case::{Case, Cause};
use super::cost::Cost;
use super::flow::{Flow, Node};
use crate::ids::AlwaysId;
use crate::ir::{self, Policy};
use crate::{Diagnostic, MAX_STEPS};
use leaf::leaves;
use rules::Rules;
use split::split;
use tries::Tries;
pub(super) use tries::Witness;

/// So many boxes of cases are looked at for one `always`
const BOXES: usize = 300;
/// So many expressions are looked into for one, and for all of a policy
const VISITS: u64 = 40_000;
const ALL_VISITS: u64 = 200_000;

/// What is found of something that must always hold
#[derive(Debug)]
pub(super) enum Proof {
    /// It holds in every case that is decided, wherever it can be computed
    Holds,
    /// It is broken in a case
    Broken(Witness),
    /// Neither is found
    Undecided(Why),
}

/// What keeps something from being proved
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// There is too much to tell apart
    TooMuch,
    /// What is left cannot be told apart: where this is the outcome
    Open(u32),
}

/// Looks at all that must always hold in a policy.
pub(super) fn analyse(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    for (id, proof) in proofs(policy) {
        diagnostics.extend(report::report(policy, id, &proof));
    }
}

/// How many of all that must always hold in a policy are proved, and how many there are.
#[must_use]
pub fn proved(policy: &Policy) -> (usize, usize) {
    let proofs = proofs(policy);
    let held = proofs
        .iter()
        .filter(|(_, proof)| matches!(proof, Proof::Holds));
    (held.count(), proofs.len())
}

fn proofs(policy: &Policy) -> Vec<(AlwaysId, Proof)> {
    let mut tries = Tries::new(policy);
    let mut left = ALL_VISITS;
    if policy.always.is_empty() {
        return Vec::new();
    }
    let unasked = unasked(policy);
    let few = Cost::of(policy).steps <= MAX_STEPS;
    let all = Case::knowing(policy, ALL_VISITS, unasked, few);
    let rules = Rules::of(&all);
    let prove = |(id, always)| {
        let all = all.afresh(VISITS.min(left));
        let proof = prove(&all, id, always, &rules, &mut tries);
        left = left.saturating_sub(VISITS.min(left).saturating_sub(all.work_left()));
        (id, proof)
    };
    policy.always.iter_ids().map(prove).collect()
}

/// What no decision asks for: what must hold asks for nothing new, so that it is not known
/// where it reads that.
fn unasked(policy: &Policy) -> BTreeSet<Cause> {
    let decided = (0_u32..)
        .take(policy.decide.values.len())
        .map(Node::Decided);
    let outputs = policy.outputs.iter_ids().map(|(id, _)| Node::Output(id));
    let asking = [Node::Outcome, Node::Shortfalls].into_iter();
    let asked = Flow::of(policy).asked_for(asking.chain(decided).chain(outputs));
    let models = policy
        .models
        .iter_ids()
        .map(|(id, _)| (Node::Model(id), Cause::Model(id)));
    let groups = policy
        .groups
        .iter_ids()
        .map(|(id, _)| (Node::Group(id), Cause::Group(id)));
    let others = policy.subpolicies.iter_ids();
    let others = others.map(|(id, _)| (Node::Subpolicy(id), Cause::Policy(id)));
    let all = models.chain(groups).chain(others);
    let unasked = all.filter(|(node, _)| !asked.contains(node));
    unasked.map(|(_, cause)| cause).collect()
}

/// A box that is to be looked at
struct Open<'p> {
    case: Case<'p>,
    /// How it came to be
    way: split::Way,
}

fn prove<'p>(
    all: &Case<'p>,
    id: AlwaysId,
    always: &'p ir::Always,
    rules: &Rules<'p>,
    tries: &mut Tries<'p>,
) -> Proof {
    let Some(broken) = all.assume(&always.condition, false) else {
        return Proof::Holds;
    };
    tries.begin(id);
    let relevant = rules.relevant(&always.condition);
    let mut why = None;
    let mut open = vec![Open {
        case: broken.clone(),
        way: split::Way::default(),
    }];
    let mut looked_at = 0;
    while let Some(next) = open.pop() {
        looked_at += 1;
        if looked_at > BOXES || all.is_used_up() {
            why = Some(Why::TooMuch);
            break;
        }
        for leaf in leaves(&next.case, &always.condition, &relevant) {
            if let Some(witness) = tries.within(&leaf.case) {
                return Proof::Broken(witness);
            }
            match split(&leaf, &always.condition, next.way) {
                Some(parts) => open.extend(parts.into_iter().rev()),
                None => {
                    why.get_or_insert(Why::Open(leaf.outcome));
                }
            }
        }
    }
    let Some(why) = why else {
        return Proof::Holds;
    };
    match tries.anywhere(&broken) {
        Some(witness) => Proof::Broken(witness),
        None => Proof::Undecided(why),
    }
}

//! Other policies that are asked: what they are given, and where their answers go.

use super::from_ir_expr::Compiler;
use super::{Computed, HandlingCode, Kind, Producer, Slot};
use crate::ids::{InputId, List, SubpolicyId};
use crate::ir::{self, PolicyAnswer};
use crate::{Span, types::DeclaredTy};

/// Another policy that is asked
#[derive(Clone, Debug)]
pub(crate) struct SubpolicyCode {
    pub(crate) feeds: Box<[FedCode]>,
    pub(crate) gives: Box<[GivenCode]>,
    pub(crate) on_fault: Option<HandlingCode>,
    pub(crate) span: Span,
}

/// What one input of the policy that is asked is given
#[derive(Clone, Debug)]
pub(crate) struct FedCode {
    pub(crate) input: InputId,
    /// The value, in a slot of its own
    pub(crate) value: Computed,
    pub(crate) kind: Kind,
    /// Of an enum: by label here, the label there
    pub(crate) labels: Box<[u32]>,
}

/// Where an answer of the policy that is asked goes
#[derive(Clone, Debug)]
pub(crate) struct GivenCode {
    pub(crate) from: PolicyAnswer,
    pub(crate) slot: Slot,
    pub(crate) ty: DeclaredTy,
    /// Of an enum: by label there, the label here
    pub(crate) labels: Box<[u32]>,
}

pub(super) fn subpolicies(
    compiler: &mut Compiler,
    policy: &ir::Policy,
) -> List<SubpolicyId, SubpolicyCode> {
    let all = policy.subpolicies.iter();
    all.map(|subpolicy| {
        let feeds = subpolicy.feeds.iter().map(|feed| {
            let ty = feed.value.ty;
            let slot = compiler.slot(ty, Producer::Given);
            FedCode {
                input: feed.input,
                value: Computed {
                    slot,
                    code: compiler.code(&feed.value, ty),
                    places: None,
                },
                kind: Kind::of(ty),
                labels: feed.labels.as_slice().into(),
            }
        });
        let feeds = feeds.collect();
        let gives = subpolicy.gives.iter().map(|give| GivenCode {
            from: give.from,
            slot: compiler.definitions[give.definition],
            ty: policy.definitions[give.definition].ty,
            labels: give.labels.as_slice().into(),
        });
        let on_fault = subpolicy.on_fault.as_ref();
        SubpolicyCode {
            feeds,
            gives: gives.collect(),
            on_fault: on_fault.map(|handling| compiler.handling(policy, handling)),
            span: subpolicy.span,
        }
    })
    .collect()
}

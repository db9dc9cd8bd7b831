//! Groups of inputs on request, laid out.

use std::ops::Range;

use super::{HandlingCode, InputSlot, ListCode, Slot};
use crate::Span;
use crate::ids::{Id as _, InputId, List, ListId};
use crate::ir::{Age, Group};
use crate::types::Ty;

/// A group: its inputs stay unfilled until the first of them is read
#[derive(Clone, Debug)]
pub(crate) struct GroupCode {
    /// Its inputs by position, one behind the other
    pub(crate) inputs: Range<usize>,
    pub(crate) lists: Box<[ListId]>,
    /// Where the states of its slots are kept until it is asked for: those of its
    /// inputs, then those of its lists
    pub(crate) held: usize,
    pub(crate) as_of: Option<AsOf>,
    pub(crate) stale_after: Option<Age>,
    pub(crate) on_fault: Option<HandlingCode>,
    pub(crate) span: Span,
}

/// The day that a group's values are of
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsOf {
    pub(crate) slot: Slot,
    /// Whether it is an instant
    pub(crate) datetime: bool,
}

impl GroupCode {
    /// The slots of its inputs and lists, in the order in which their states are kept.
    pub(crate) fn slots<'p>(
        &'p self,
        inputs: &'p List<InputId, InputSlot>,
        lists: &'p List<ListId, ListCode>,
    ) -> impl Iterator<Item = Slot> + 'p {
        let of_inputs = self
            .inputs
            .clone()
            .map(|input| inputs[InputId::new(input)].slot);
        of_inputs.chain(self.lists.iter().map(|list| lists[*list].slot))
    }
}

/// Lays out the groups; returns how many slots' states they keep together.
pub(super) fn groups<I: crate::Id>(
    groups: &List<I, Group>,
    inputs: &List<InputId, InputSlot>,
) -> (List<I, GroupCode>, usize) {
    let mut held = 0;
    let laid_out = groups.iter().map(|group| {
        let first = group.inputs.first().map_or(0, |id| id.position());
        let code = GroupCode {
            inputs: first..first + group.inputs.len(),
            lists: group.lists.as_slice().into(),
            held,
            as_of: group.as_of.map(|id| AsOf {
                slot: inputs[id].slot,
                datetime: inputs[id].ty == Ty::DateTime,
            }),
            stale_after: group.stale_after,
            // Compiled once all that is decided has its slots
            on_fault: None,
            span: group.span,
        };
        held += code.inputs.len() + code.lists.len();
        code
    });
    let laid_out = laid_out.collect();
    (laid_out, held)
}

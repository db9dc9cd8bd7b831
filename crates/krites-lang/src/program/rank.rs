//! Ranks: what orders their rows, and what a row's values rest on.

use super::from_ir_expr::Compiler;
use super::{Kind, Number, Slot, Whole};
use crate::ids::{ModelId, TableId};
use crate::ir::{self, RowNeeds};

/// The order of a rank, and which rows it keeps
#[derive(Clone, Debug)]
pub(crate) struct RankCode {
    /// The output whose value orders the rows
    pub(crate) by: u32,
    pub(crate) kind: Kind,
    pub(crate) at_least: Option<FloorCode>,
    pub(crate) at_most: usize,
    /// By output: where the value of the row at hand goes
    pub(crate) at_hand: Box<[Slot]>,
    /// By output: what it rests on in its row
    pub(crate) needs: Box<[NeedsCode]>,
}

/// What rows are not below
#[derive(Clone, Debug)]
pub(crate) enum FloorCode {
    Whole(Whole),
    Exact(Number),
}

/// What is computed of a row first
#[derive(Clone, Debug)]
pub(crate) struct NeedsCode {
    pub(crate) models: Box<[ModelId]>,
    pub(crate) outputs: Box<[u32]>,
}

/// A model that is asked for each row of a rank
#[derive(Clone, Debug)]
pub(crate) struct EachCode {
    pub(crate) table: TableId,
    /// What its feed rests on in a row
    pub(crate) needs: NeedsCode,
}

impl From<RowNeeds> for NeedsCode {
    fn from(needs: RowNeeds) -> Self {
        Self {
            models: needs.models.into(),
            outputs: needs.outputs.into(),
        }
    }
}

pub(super) fn rank_code(
    compiler: &Compiler,
    policy: &ir::Policy,
    id: TableId,
) -> Option<Box<RankCode>> {
    let table = &policy.tables[id];
    let ranking = table.ranking.as_ref()?;
    let ty = table.outputs.get(ranking.by as usize)?.ty.ty;
    let kind = Kind::of(ty);
    let positions = (0_u32..).zip(&table.outputs);
    let at_hand = table.outputs.iter().map(|output| output.at_hand);
    let at_hand: Option<Box<[Slot]>> = at_hand.map(|local| Some(compiler.locals[local?])).collect();
    Some(Box::new(RankCode {
        by: ranking.by,
        kind,
        at_least: ranking.at_least.as_ref().map(|floor| match kind {
            Kind::Exact => FloorCode::Exact(compiler.number(floor)),
            Kind::Whole | Kind::Text => FloorCode::Whole(compiler.whole(floor)),
        }),
        at_most: ranking.at_most.map_or(usize::MAX, |count| count as usize),
        at_hand: at_hand?,
        needs: positions
            .map(|(output, _)| policy.needs_of_output(id, output).into())
            .collect(),
    }))
}

pub(super) fn each_code(policy: &ir::Policy, id: ModelId) -> Option<Box<EachCode>> {
    let each = policy.models[id].each.as_ref()?;
    Some(Box::new(EachCode {
        table: each.table,
        needs: policy.needs_of_feed(id).into(),
    }))
}

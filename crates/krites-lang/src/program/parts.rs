//! Models, with slots for what they give.

use super::constant::constant;
use super::from_ir_expr::Compiler;
use super::rank::each_code;
use super::{
    Code, ColumnCode, Fed, FeedCode, GiveCode, Kind, ModelCode, Share, StandInCode, TrainingCode,
};
use crate::Exact;
use crate::ids::ModelId;
use crate::ir::{self, Labels};
use crate::types::Ty;

pub(super) fn model_code(
    compiler: &Compiler,
    policy: &ir::Policy,
    id: ModelId,
    model: &ir::Model,
) -> ModelCode {
    let mut first = 0;
    let inputs = model
        .inputs
        .iter()
        .map(|input| {
            let columns: Box<[ColumnCode]> = input
                .columns
                .iter()
                .map(|column| column_code(compiler, policy, input.element, column))
                .collect();
            let behind = first + u32::try_from(columns.len()).unwrap_or(u32::MAX);
            FeedCode {
                element: input.element,
                slots: columns.iter().map(Fed::of).collect(),
                columns,
                first: std::mem::replace(&mut first, behind),
                training: TrainingCode::of(policy, input),
            }
        })
        .collect();
    let gives = (0_u32..)
        .zip(model.gives.iter().zip(&compiler.models[id]))
        .map(|(at, (give, slot))| GiveCode {
            share: share(model, at),
            slot: *slot,
            kind: Kind::of(give.ty.ty),
            range: give.range.clone(),
            rounded: give.rounded.or(give.ty.places),
        })
        .collect();
    ModelCode {
        each: each_code(policy, id),
        inputs,
        gives,
        outside_training: model.outside_training,
        within_ms: model.within_ms,
        on_fault: model
            .on_fault
            .as_ref()
            .map(|handling| compiler.handling(policy, handling)),
        stand_in: model.stand_in.as_ref().map(|stand_in| {
            let answers = stand_in.answers.iter().zip(&model.gives);
            StandInCode {
                answers: answers
                    .map(|(literal, give)| constant(literal, give.ty.ty))
                    .collect(),
                tags: stand_in.tags.as_slice().into(),
            }
        }),
        span: model.span,
    }
}

/// Whether an answer is the probability of a label.
fn share(model: &ir::Model, at: u32) -> Share {
    let of = |labels: &Labels| labels.first <= at && at < labels.first + labels.count;
    let mut distributions = model.distributions.iter().map(|found| found.labels);
    match distributions.find(of) {
        None => Share::None,
        Some(labels) if at + 1 == labels.first + labels.count => Share::LastOfOne,
        Some(_) => Share::OfOne,
    }
}

fn column_code(
    compiler: &Compiler,
    policy: &ir::Policy,
    element: ir::Element,
    column: &ir::ModelColumn,
) -> ColumnCode {
    if column.value.ty == Ty::Float {
        return ColumnCode::Float(compiler.whole(&column.value));
    }
    let Ty::Enum(id) = column.value.ty else {
        return match compiler.code(&column.value, column.value.ty) {
            Code::Truth(truth) => ColumnCode::Truth(truth),
            Code::Whole(whole) => ColumnCode::Whole(whole),
            Code::Exact(number) => ColumnCode::Exact(number),
            Code::Text(words) => ColumnCode::Text(words),
            Code::Copy(slot, Kind::Exact) => ColumnCode::Exact(super::Number::Slot(slot)),
            Code::Copy(slot, Kind::Text) => ColumnCode::Text(super::Words::Slot(slot)),
            Code::Copy(slot, Kind::Whole) => ColumnCode::Whole(super::Whole::Slot(slot)),
            Code::Scaled(value) => ColumnCode::Exact(value.plain),
            // Fed as it is, in no declared type, and never missing.
            Code::Points(_)
            | Code::MinorUnit(_)
            | Code::Cascade(_)
            | Code::Stage(_)
            | Code::Asked(_)
            | Code::Looked(_) => ColumnCode::Exact(super::Number::Constant(Exact::ZERO)),
        };
    };
    let labels = &policy.enums[id].labels;
    let label = compiler.whole(&column.value);
    if element == ir::Element::Text {
        return ColumnCode::Wire {
            label,
            wires: labels.iter().map(|label| label.wire.clone()).collect(),
        };
    }
    ColumnCode::Label {
        slot: match (&column.value.kind, column.value.optional) {
            (ir::ExprKind::Value(value), true) => Some(compiler.value_slot(*value)),
            _ => None,
        },
        label,
        codes: labels
            .iter()
            .map(|label| Exact::from_integer(label.code.unwrap_or_default()))
            .collect(),
        missing: column.missing_number(),
    }
}

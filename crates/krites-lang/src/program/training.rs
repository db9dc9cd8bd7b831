//! What columns held in training, in the form in which they are fed: nothing is rounded,
//! and no label's text is looked at, when a case is decided.

use crate::Exact;
use crate::ir::{self, Element, Held};
use crate::types::Ty;

/// What the columns of an input held in training
#[derive(Clone, Debug)]
pub(crate) enum TrainingCode {
    /// Nobody looks at it
    Unlooked,
    /// The least and the greatest value, of each column
    Float(Box<[(f32, f32)]>),
    /// The same
    Double(Box<[(f64, f64)]>),
    /// The same
    Integer(Box<[(i64, i64)]>),
    /// Texts, of each column
    Text(Box<[HeldTexts]>),
}

/// The texts that a column held
#[derive(Clone, Debug)]
pub(crate) enum HeldTexts {
    /// Any, as far as is known
    Any,
    /// These, in order
    Texts(Box<[Box<str>]>),
    /// By label of the enum that is fed, whether its text was among them
    Labels(Box<[bool]>),
}

impl TrainingCode {
    /// Finds what an input's columns held. A bound is what a value equal to it may be fed
    /// as, and may have been in training: where it is no float, the outer one of the nearest
    /// 32-bit float and the one nearest to the nearest 64-bit float.
    pub(super) fn of(policy: &ir::Policy, input: &ir::ModelInput) -> TrainingCode {
        let columns = &input.columns;
        if columns.iter().all(|column| column.training.is_none()) {
            return TrainingCode::Unlooked;
        }
        let between = |column: &ir::ModelColumn| match column.training {
            Some(Held::Between(low, high)) => Some((low, high)),
            _ => None,
        };
        match input.element {
            Element::Float => TrainingCode::Float(
                columns
                    .iter()
                    .map(|column| match between(column) {
                        Some((low, high)) => {
                            let ((low, other_low), (high, other_high)) =
                                (floats(low), floats(high));
                            (low.min(other_low), high.max(other_high))
                        }
                        None => (f32::NEG_INFINITY, f32::INFINITY),
                    })
                    .collect(),
            ),
            Element::Double => TrainingCode::Double(
                columns
                    .iter()
                    .map(|column| match between(column) {
                        Some((low, high)) => (low.to_f64(), high.to_f64()),
                        None => (f64::NEG_INFINITY, f64::INFINITY),
                    })
                    .collect(),
            ),
            Element::Integer => TrainingCode::Integer(
                columns
                    .iter()
                    .map(|column| match between(column) {
                        Some((low, high)) => whole_between(low, high),
                        None => (i64::MIN, i64::MAX),
                    })
                    .collect(),
            ),
            // No card states a range of booleans: the checker refuses it.
            Element::Boolean => TrainingCode::Unlooked,
            Element::Text => {
                TrainingCode::Text(columns.iter().map(|column| texts(policy, column)).collect())
            }
        }
    }
}

/// The nearest 32-bit float, at once and by way of the nearest 64-bit float.
fn floats(bound: Exact) -> (f32, f32) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the nearest 32-bit float is wanted"
    )]
    let by_way = bound.to_f64() as f32;
    (bound.to_f32(), by_way)
}

/// The least and the greatest whole number in a range; where there is none, the least is
/// the greater one.
fn whole_between(low: Exact, high: Exact) -> (i64, i64) {
    let (least, greatest) = (Exact::from_integer(i64::MIN), Exact::from_integer(i64::MAX));
    if low > greatest || high < least {
        return (i64::MAX, i64::MIN);
    }
    let low = low.ceiling().to_integer().unwrap_or(i64::MIN);
    (low, high.floor().to_integer().unwrap_or(i64::MAX))
}

fn texts(policy: &ir::Policy, column: &ir::ModelColumn) -> HeldTexts {
    let Some(Held::Texts(held)) = &column.training else {
        return HeldTexts::Any;
    };
    if let Ty::Enum(id) = column.value.ty {
        let labels = policy.enums[id].labels.iter();
        let is_held = |label: &ir::Label| held.iter().any(|text| **text == *label.wire);
        return HeldTexts::Labels(labels.map(is_held).collect());
    }
    let mut held: Vec<Box<str>> = held.iter().map(|text| text.as_str().into()).collect();
    held.sort();
    HeldTexts::Texts(held.into())
}

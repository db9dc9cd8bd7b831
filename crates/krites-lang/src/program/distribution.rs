//! Code for what is read of a distribution.

use super::from_ir_expr::Compiler;
use super::{Slot, Whole};
use crate::Span;
use crate::ir::{DistributionQuery, DistributionUse, Labels};

/// What is read of a distribution
#[derive(Clone, Debug)]
pub(crate) struct DistributionCode {
    /// The probabilities of its labels, in the order of the enum
    pub(crate) answers: Box<[Slot]>,
    pub(crate) query: LabelQuery,
    /// Whether the label is read, and not its probability
    pub(crate) reads_label: bool,
    pub(crate) span: Span,
}

/// Which label is read
#[derive(Clone, Debug)]
pub(crate) enum LabelQuery {
    /// The most probable one
    Top,
    /// The most probable one but for the top
    Second,
    /// This one
    Of(Whole),
}

impl Compiler {
    pub(super) fn distribution(&self, found: &DistributionUse, span: Span) -> DistributionCode {
        let (query, reads_label) = match &found.query {
            DistributionQuery::Top => (LabelQuery::Top, true),
            DistributionQuery::Second => (LabelQuery::Second, true),
            DistributionQuery::TopProbability => (LabelQuery::Top, false),
            DistributionQuery::SecondProbability => (LabelQuery::Second, false),
            DistributionQuery::Probability(label) => (LabelQuery::Of(self.whole(label)), false),
        };
        DistributionCode {
            answers: self.answers_of(found.labels),
            query,
            reads_label,
            span,
        }
    }

    /// The slots of the probabilities of all labels.
    pub(super) fn answers_of(&self, labels: Labels) -> Box<[Slot]> {
        (0..labels.count)
            .map(|label| self.value_slot(labels.of(label)))
            .collect()
    }
}

//! What reads decisions into a type, release after release.

use std::fmt;
use std::marker::PhantomData;

use super::{Output, OutputsError, Reading, Source};
use crate::decision::Decision;

/// A record whose fields are outputs of a policy; made by `#[derive(Outputs)]`.
///
/// A field is the output of its name, or a record of outputs where its type derives
/// `Outputs` itself; the outcome stands beside the outputs under the name that `decide` gives
/// it. `Option` is for what may be missing, vectors are lists. Attributes of a field:
/// `#[outputs(rename = "…")]`, which may be dotted, `#[outputs(skip)]`, which leaves it at its
/// default, `#[outputs(flatten)]` for a record whose fields lie beside the others, and
/// `#[outputs(deserialize)]` for a type that serde reads, such as the decimals of other
/// crates. Of the type: `#[outputs(rename_all = "camelCase")]`. An enum of variants without
/// data that derives `Outputs` takes labels. What serde was told of names, `skip` and
/// `flatten` counts too, where nothing else is said.
pub trait Outputs: Output {}

/// Reads the outputs of decisions into a `T`.
///
/// Which output each field takes is found once; where a decision is of another release, it is
/// found anew.
pub struct OutputsReader<T> {
    /// [`Names::identity`](crate::bind::Names::identity) of the policy
    policy: u64,
    reading: Reading,
    of: PhantomData<fn() -> T>,
}

impl<T: Outputs> OutputsReader<T> {
    /// Finds which outputs `T` takes of a decision's policy.
    ///
    /// # Errors
    ///
    /// [`OutputsError`] where a field is no output, or its type takes none of its values.
    pub fn new(decision: &Decision<'_>) -> Result<Self, OutputsError> {
        Self::of(decision.policy)
    }

    pub(crate) fn of(policy: &crate::part::ReleasedPolicy) -> Result<Self, OutputsError> {
        Ok(Self {
            policy: policy.part.names.identity(),
            reading: Reading::of::<T>(policy.program())?,
            of: PhantomData,
        })
    }

    /// Reads the outputs of a decision, as
    /// [`Decision::outputs_into`](crate::Decision::outputs_into) does.
    ///
    /// # Errors
    ///
    /// [`OutputsError`] where an output is missing and its field may not be, or its value is
    /// none of the field's type; as [`OutputsReader::new`] where another release decided.
    #[inline]
    pub fn read(&mut self, decision: &Decision<'_>) -> Result<T, OutputsError> {
        let policy = decision.policy;
        if policy.part.names.identity() != self.policy {
            *self = Self::of(policy)?;
        }
        T::take(&mut Source::new(
            policy.program(),
            decision.frame,
            &self.reading.steps,
        ))
    }
}

impl<T> fmt::Debug for OutputsReader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputsReader")
            .field("reading", &self.reading)
            .finish_non_exhaustive()
    }
}

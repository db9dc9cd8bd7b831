//! What the rows of a batch may be.

use std::borrow::Cow;

use krites_lang::Program;

use super::Columns;
use crate::bind::facts::{Binding, Bindings, Facts, Sink};
use crate::bind::{BindError, Names, UnknownFields};

/// What [`Decider::decide_batch`](crate::Decider::decide_batch) takes: [`Columns`], or a
/// slice or vector of a type that derives [`Facts`].
pub trait Rows: Source {}

impl<S: Source + ?Sized> Rows for S {}

/// Rows, seen from what decides them; it cannot be named outside.
pub trait Source {
    /// Returns how many there are.
    fn rows(&self) -> usize;

    /// Finds where their values go in a policy.
    ///
    /// # Errors
    ///
    /// [`BindError`] where they do not fit it, whatever their values are.
    fn binding<'b>(&self, to: To<'b>) -> Result<Found<'b>, BindError>;

    /// Gives the values of a row.
    fn put(&self, row: usize, sink: &mut Sink<'_>);
}

/// The policy that rows are bound to
#[derive(Debug)]
pub struct To<'b> {
    pub(super) names: &'b Names,
    pub(super) program: &'b Program,
    pub(super) unknown: UnknownFields,
    pub(super) bindings: &'b mut Bindings,
}

/// Where the values of rows go
#[derive(Debug)]
pub struct Found<'b>(pub(super) Cow<'b, Binding>);

impl Source for Columns<'_> {
    fn rows(&self) -> usize {
        self.rows()
    }

    fn binding<'b>(&self, to: To<'b>) -> Result<Found<'b>, BindError> {
        let binding = self.bound(to.names, to.program, to.unknown)?;
        Ok(Found(Cow::Owned(binding)))
    }

    #[inline]
    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        self.put(row, sink);
    }
}

impl<F: Facts> Source for [F] {
    fn rows(&self) -> usize {
        self.len()
    }

    fn binding<'b>(&self, to: To<'b>) -> Result<Found<'b>, BindError> {
        let binding = to.bindings.of::<F>(to.names, to.program, to.unknown)?;
        Ok(Found(Cow::Borrowed(binding)))
    }

    #[inline]
    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        if let Some(facts) = self.get(row) {
            facts.put(sink);
        }
    }
}

impl<F: Facts> Source for Vec<F> {
    fn rows(&self) -> usize {
        self.len()
    }

    fn binding<'b>(&self, to: To<'b>) -> Result<Found<'b>, BindError> {
        Source::binding(self.as_slice(), to)
    }

    #[inline]
    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        Source::put(self.as_slice(), row, sink);
    }
}

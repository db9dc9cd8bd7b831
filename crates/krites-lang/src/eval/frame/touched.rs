//! What a case may leave alone: it is emptied for the next one only where it was touched.

use std::ops::{Deref, DerefMut};

/// A part of the frame that knows whether it was changed.
///
/// Every change goes through [`DerefMut`], which notes it, so that none can be forgotten.
#[derive(Clone, Debug)]
pub(in crate::eval) struct Touched<T> {
    part: T,
    touched: bool,
}

impl<T> Touched<T> {
    pub(super) fn new(part: T) -> Self {
        Self {
            part,
            touched: false,
        }
    }

    /// Empties the part where it was touched.
    #[inline]
    pub(super) fn clear(&mut self, empty: impl FnOnce(&mut T)) {
        if std::mem::take(&mut self.touched) {
            empty(&mut self.part);
        }
    }
}

impl<T> Deref for Touched<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.part
    }
}

impl<T> DerefMut for Touched<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.touched = true;
        &mut self.part
    }
}

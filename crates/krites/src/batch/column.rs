//! One column of a batch: the values of an input, a row each.

use std::fmt::Display;

use krites_lang::Exact;

use crate::bind::facts::{Fact, Plan, Sink};

/// The values of an input, one a row.
///
/// Slices, arrays and vectors of all that a field of [`Facts`](crate::Facts) may be are
/// columns: integers, floats, [`Exact`], booleans, texts, dates, enums of labels, `Option`
/// of these for what may be missing, records and vectors. What keeps its values in another
/// way implements it by handing them to [`Fact::put`], so that nothing is copied first:
///
/// ```
/// use krites::Column;
/// use krites::facts::{Fact, Plan, Sink};
///
/// /// Texts that lie one behind the other
/// struct Packed<'a> {
///     text: &'a str,
///     /// Where each begins, and where the last one ends
///     offsets: &'a [usize],
/// }
///
/// impl Column for Packed<'_> {
///     fn rows(&self) -> usize {
///         self.offsets.len() - 1
///     }
///
///     fn plan(&self, plan: &mut Plan<'_>) {
///         str::plan(plan);
///     }
///
///     fn put(&self, row: usize, sink: &mut Sink<'_>) {
///         self.text[self.offsets[row]..self.offsets[row + 1]].put(sink);
///     }
/// }
/// ```
pub trait Column {
    /// Returns how many rows it has.
    fn rows(&self) -> usize;

    /// Says what its values are, as [`Fact::plan`] says it.
    fn plan(&self, plan: &mut Plan<'_>);

    /// Gives the value of a row, below [`Column::rows`]: one [`Fact::put`] of what was
    /// planned.
    fn put(&self, row: usize, sink: &mut Sink<'_>);
}

impl<T: Fact> Column for [T] {
    fn rows(&self) -> usize {
        self.len()
    }

    fn plan(&self, plan: &mut Plan<'_>) {
        T::plan(plan);
    }

    #[inline]
    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        if let Some(value) = self.get(row) {
            value.put(sink);
        }
    }
}

macro_rules! through {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<$($generics)*> Column for $ty {
            fn rows(&self) -> usize {
                (**self).rows()
            }

            fn plan(&self, plan: &mut Plan<'_>) {
                Column::plan(&**self, plan);
            }

            #[inline]
            fn put(&self, row: usize, sink: &mut Sink<'_>) {
                Column::put(&**self, row, sink);
            }
        }
    )*};
}
through! {
    [C: Column + ?Sized] &C;
    [C: Column + ?Sized] Box<C>;
    [T: Fact] Vec<T>;
}

impl<T: Fact, const N: usize> Column for [T; N] {
    fn rows(&self) -> usize {
        N
    }

    fn plan(&self, plan: &mut Plan<'_>) {
        T::plan(plan);
    }

    #[inline]
    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        Column::put(self.as_slice(), row, sink);
    }
}

/// Values that are taken by their texts, such as the decimals and dates of other crates
#[derive(Clone, Copy, Debug)]
pub struct ByText<'a, T>(pub &'a [T]);

impl<T: Display> Column for ByText<'_, T> {
    fn rows(&self) -> usize {
        self.0.len()
    }

    fn plan(&self, plan: &mut Plan<'_>) {
        <str as Fact>::plan(plan);
    }

    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        if let Some(value) = self.0.get(row) {
            sink.display(value);
        }
    }
}

/// Decimals of one scale: whole numbers of units of their last digit, as column stores keep
/// them.
#[derive(Clone, Copy, Debug)]
pub struct Decimals<'a> {
    /// The numbers in units of their last digit
    pub units: &'a [i128],
    /// Digits behind the point, at most 28
    pub scale: u32,
}

impl Column for Decimals<'_> {
    fn rows(&self) -> usize {
        self.units.len()
    }

    fn plan(&self, plan: &mut Plan<'_>) {
        Exact::plan(plan);
    }

    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        let Some(units) = self.units.get(row) else {
            return;
        };
        match Exact::new(*units, self.scale) {
            Ok(number) => number.put(sink),
            // More digits than numbers have: it is refused by its text.
            Err(_) => sink.display(&format_args!("{units}e-{}", self.scale)),
        }
    }
}

/// For which rows of a column a value is there
#[derive(Clone, Copy, Debug)]
pub enum Validity<'a> {
    /// By row
    Flags(&'a [bool]),
    /// One bit a row, those of a byte from the lowest on, as Arrow keeps them
    Bits {
        /// The bytes
        bits: &'a [u8],
        /// The bit of the first row
        offset: usize,
    },
}

impl Validity<'_> {
    /// For how many rows it is told
    pub(super) fn rows(&self) -> usize {
        match self {
            Validity::Flags(flags) => flags.len(),
            Validity::Bits { bits, offset } => bits.len().saturating_mul(8).saturating_sub(*offset),
        }
    }

    #[inline]
    fn is_there(&self, row: usize) -> bool {
        match self {
            Validity::Flags(flags) => flags.get(row).is_some_and(|there| *there),
            Validity::Bits { bits, offset } => {
                let at = offset + row;
                bits.get(at / 8)
                    .is_some_and(|byte| byte >> (at % 8) & 1 == 1)
            }
        }
    }
}

/// A slice with its validity
#[derive(Debug)]
pub(super) struct Masked<'a, T> {
    pub(super) values: &'a [T],
    pub(super) validity: Validity<'a>,
}

impl<T: Fact> Column for Masked<'_, T> {
    fn rows(&self) -> usize {
        self.values.len()
    }

    fn plan(&self, plan: &mut Plan<'_>) {
        <Option<&T> as Fact>::plan(plan);
    }

    #[inline]
    fn put(&self, row: usize, sink: &mut Sink<'_>) {
        let value = self.values.get(row).filter(|_| self.validity.is_there(row));
        value.put(sink);
    }
}

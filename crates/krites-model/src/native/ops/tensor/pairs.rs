//! Kernels of two inputs that are broadcast.

use super::broadcast::{Access, Side};
use crate::ModelError;
use crate::buffer::{Buffer, Element};
use crate::native::arguments::{Arguments, InputElement};

/// Writes `f` of the elements of two rows that meet.
pub(super) fn pairs<A: InputElement, B: InputElement, U: Element>(
    sides: &[Side; 2],
    width: usize,
    arguments: &Arguments<'_, '_>,
    output: &mut Buffer,
    f: impl Fn(A, B) -> U,
) -> Result<(), ModelError> {
    let (left, right) = (arguments.array::<A>(0)?, arguments.array::<B>(1)?);
    let to = U::resized(output, arguments.n_rows * width);
    let [left_side, right_side] = sides;
    for (row_idx, to) in to.chunks_exact_mut(width).enumerate() {
        let left = left.get(row_idx * left_side.stride..).unwrap_or_default();
        let right = right.get(row_idx * right_side.stride..).unwrap_or_default();
        match (&left_side.access, &right_side.access) {
            (Access::Each, Access::Each) => {
                for ((to, &a), &b) in to.iter_mut().zip(left).zip(right) {
                    *to = f(a, b);
                }
            }
            (Access::Each, Access::One) => {
                let b = right.first().copied().unwrap_or_default();
                for (to, &a) in to.iter_mut().zip(left) {
                    *to = f(a, b);
                }
            }
            _ => {
                for (column, to) in to.iter_mut().enumerate() {
                    let a = left.get(left_side.at(column)).copied();
                    let b = right.get(right_side.at(column)).copied();
                    *to = f(a.unwrap_or_default(), b.unwrap_or_default());
                }
            }
        }
    }
    Ok(())
}

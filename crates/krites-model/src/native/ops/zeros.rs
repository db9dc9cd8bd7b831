//! Rows that are zero nearly everywhere, as counts of words are.
//!
//! Zeros add nothing to a sum: what is left out here leaves each bit as it was.

/// Elements that are looked at together
const BLOCK: usize = 16;

/// Tells whether all elements of a block are zero, of either sign.
fn is_zero(block: &[f32; BLOCK]) -> bool {
    let mut lanes = [0; 4];
    for four in block.as_chunks::<4>().0 {
        for (lane, x) in lanes.iter_mut().zip(four) {
            *lane |= x.to_bits();
        }
    }
    // All but the sign
    lanes.iter().fold(0, |bits, lane| bits | lane) << 1 == 0
}

/// Tells whether at least three in four blocks of a row are all zero.
pub(crate) fn is_mostly_zero(row: &[f32]) -> bool {
    let (blocks, _) = row.as_chunks::<BLOCK>();
    let zero = blocks.iter().filter(|block| is_zero(block)).count();
    4 * zero >= 3 * blocks.len()
}

/// Calls `each` with place and value of the elements that are not zero, in
/// their order.
pub(crate) fn nonzero(row: &[f32], mut each: impl FnMut(usize, f32)) {
    let (blocks, rest) = row.as_chunks::<BLOCK>();
    for (block_idx, block) in blocks.iter().enumerate() {
        if is_zero(block) {
            continue;
        }
        // A bit for each place, so that few branches are taken
        let mut places = 0_u32;
        for (at, x) in block.iter().enumerate() {
            places |= u32::from(*x != 0.0) << at;
        }
        while places != 0 {
            let at = places.trailing_zeros() as usize;
            places &= places - 1;
            each(
                block_idx * BLOCK + at,
                block.get(at).copied().unwrap_or_default(),
            );
        }
    }
    for (at, &x) in rest.iter().enumerate().filter(|(_, x)| **x != 0.0) {
        each(blocks.len() * BLOCK + at, x);
    }
}

/// Changes the elements that are not zero, and others beside them, which
/// `change` must leave as they are.
pub(crate) fn change_nonzero(row: &mut [f32], change: impl Fn(f32) -> f32) {
    let (blocks, rest) = row.as_chunks_mut::<BLOCK>();
    for block in blocks {
        if !is_zero(block) {
            block.iter_mut().for_each(|x| *x = change(*x));
        }
    }
    rest.iter_mut().for_each(|x| *x = change(*x));
}

/// Sums what `of` makes of the elements that are not zero, in their order.
pub(crate) fn sum_nonzero(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut sum = 0.0;
    nonzero(row, |_, x| sum += of(x));
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_of_both_signs_are_left_out_and_nothing_else() {
        let mut row = vec![0.0_f32; 70];
        for (at, x) in [
            (3, 1.0),
            (15, f32::NAN),
            (16, -0.0),
            (47, f32::MIN_POSITIVE / 2.0),
            (69, -3.0),
        ] {
            row[at] = x;
        }
        let mut places = Vec::new();
        nonzero(&row, |at, _| places.push(at));
        assert_eq!(places, [3, 15, 47, 69]);
        row[15] = 0.5;
        assert_eq!(
            sum_nonzero(&row, |x| x * x),
            row.iter().map(|x| x * x).sum()
        );
        change_nonzero(&mut row, |x| x * 2.0);
        assert_eq!((row[3], row[15], row[69]), (2.0, 1.0, -6.0));
        assert!(row[16].is_sign_negative());
    }
}

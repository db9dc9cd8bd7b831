//! The shortest decimal of a 32-bit float, as answers of models have, without printing it.

use super::Exact;

/// Powers of ten that are 64-bit floats
pub(super) const POWERS: [f64; 23] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Digits behind the point that are tried at most. A float has 24 bits and 5¹² has 28, so
/// that up to here their product is exact in a 64-bit float.
const MOST_PLACES: u32 = 12;

/// The logarithm of 2 to the base 10, of 2¹² parts; it is rounded up, so that what is found by
/// it is enough
const LOG10_2: u32 = 1_234;

/// Where whole 64-bit floats lie one apart
const MOST: f64 = 9_007_199_254_740_992.0;

/// Returns the shortest decimal that reads back to `value`, the nearest of these to it;
/// `None` where it takes more to tell.
///
/// The decimals that read back lie within half the distance to the next floats (Steele and
/// White, "How to print floating-point numbers accurately", 1990); where one of them has `n`
/// digits behind the point, the nearest decimal of `n` digits does, but for floats whose
/// neighbours lie at two distances. All that is compared here is exact.
pub(super) fn short_of_single(value: f32) -> Option<Exact> {
    if value == 0.0 {
        return Some(Exact::ZERO);
    }
    let bits = value.to_bits();
    let (exponent, fraction) = (bits >> 23 & 0xff, bits & 0x7f_ffff);
    // Subnormal floats, and those whose last bit counts more than one
    if exponent == 0 || exponent >= 127 + 24 {
        return None;
    }
    let size = f64::from(value.abs());
    // The bit below the last one of 24
    let half = f64::from_bits(u64::from(exponent + (1023 - 127) - 24) << 52);
    let surely = if fraction == 0 { half / 2.0 } else { half };
    // With so many digits decimals lie no farther apart than what reads back is wide, so that
    // one of them does; and where one does, one of more digits does.
    let surely_reads = (LOG10_2 * (127 + 23 - exponent)).div_ceil(1 << 12);
    let mut shortest = None;
    for places in (0..=surely_reads.min(MOST_PLACES)).rev() {
        let power = *POWERS.get(places as usize)?;
        let scaled = size * power;
        if scaled >= MOST {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "below 2^53, and truncated on purpose"
        )]
        let below = scaled as i64;
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        let rest = scaled - below as f64;
        let (units, off) = if rest > 0.5 {
            (below + 1, 1.0 - rest)
        } else {
            (below, rest)
        };
        if off > half * power {
            break;
        }
        // Two are as near where the rest is a half.
        let is_nearest = rest != 0.5 && off < surely * power;
        shortest = Some((units, places, is_nearest));
    }
    let (units, places, is_nearest) = shortest?;
    if !is_nearest {
        return None;
    }
    let signed = if value < 0.0 { -units } else { units };
    Exact::new(i128::from(signed), places).ok()
}

//! Floats with few digits, as amounts and rates have, without printing them.

use krites_lang::Exact;

/// Powers of ten up to the digits behind the point that are tried
const POWERS: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// Returns what [`Exact::from_f64`] does, for numbers of at most 15 digits, at
/// most 4 of them behind the point; `None` for all others.
pub(super) fn short_decimal(value: f64) -> Option<Exact> {
    const MOST: f64 = 1e15;
    for (places, power) in (0..).zip(POWERS) {
        let scaled = value * power;
        if scaled.is_nan() || scaled.abs() >= MOST {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "below 1e15 and rounded to the nearest"
        )]
        let units = (scaled + 0.5_f64.copysign(scaled)) as i64;
        // Both operands are exact, so that the quotient is the float nearest to
        // units / power. Decimals of up to 15 digits have floats of their own:
        // none that is shorter reads back to the same one.
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        if units as f64 / power == value {
            return Exact::new(i128::from(units), places).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_decimals_are_those_of_the_float() {
        let mut tried = 0;
        // Weyl sequence: numbers of all sizes, the same in every run.
        for step in 0..200_000_u64 {
            let bits = step.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let units = (bits >> (step % 50)) as i64 % 2_000_000_000_000_000;
            for float in [
                units as f64,
                units as f64 / 10.0,
                units as f64 / 1e4,
                units as f64 / 1e5,
            ] {
                for float in [float, -float, float.next_up()] {
                    let Some(short) = short_decimal(float) else {
                        continue;
                    };
                    let exact = Exact::from_f64(float).unwrap();
                    assert_eq!(short, exact, "{float:e}");
                    assert_eq!(
                        short.to_decimal().scale(),
                        exact.to_decimal().scale(),
                        "{float:e}"
                    );
                    tried += 1;
                }
            }
        }
        assert!(tried > 500_000, "{tried}");
    }

    #[test]
    fn other_floats_are_left_to_the_long_way() {
        for float in [
            f64::NAN,
            f64::INFINITY,
            f64::MIN_POSITIVE,
            0.1 + 0.2,
            1e15,
            0.000_01,
        ] {
            assert_eq!(short_decimal(float), None, "{float:e}");
        }
        assert_eq!(short_decimal(-0.0).unwrap().to_string(), "0");
        assert_eq!(short_decimal(0.1).unwrap().to_string(), "0.1");
    }
}

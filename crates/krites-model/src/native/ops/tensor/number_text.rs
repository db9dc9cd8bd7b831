//! Numbers as texts and back, in the forms that ONNX Runtime writes.

use std::fmt::Write as _;

/// Digits that a float keeps, as `%.8g` of C
const DIGITS: usize = 8;

/// Appends a float as `%.8g` of C writes it; NaN, INF and -INF are what ONNX
/// Runtime calls those that are no numbers.
pub(crate) fn write_float(x: f64, to: &mut String) {
    if x.is_nan() {
        to.push_str("NaN");
        return;
    }
    if x.is_infinite() {
        to.push_str(if x > 0.0 { "INF" } else { "-INF" });
        return;
    }
    let start = to.len();
    // Writing to a text does not fail.
    let _ = write!(to, "{x:.0$e}", DIGITS - 1);
    let written = to.get(start..).unwrap_or_default();
    let Some((_, exponent)) = written.rsplit_once('e') else {
        return;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let end = if (-4..DIGITS as i32).contains(&exponent) {
        to.truncate(start);
        let after = usize::try_from(DIGITS as i32 - 1 - exponent).unwrap_or(0);
        let _ = write!(to, "{x:.after$}");
        String::new()
    } else {
        to.truncate(start + written.rfind('e').unwrap_or(written.len()));
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("e{sign}{:02}", exponent.unsigned_abs())
    };
    if to.get(start..).is_some_and(|written| written.contains('.')) {
        let kept = to.trim_end_matches('0').trim_end_matches('.').len();
        to.truncate(kept);
    }
    to.push_str(&end);
}

/// Reads a float in decimal or scientific form, NaN or an infinity.
pub(crate) fn read_float<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let named = ["nan", "inf", "infinity"]
        .iter()
        .any(|name| digits.eq_ignore_ascii_case(name));
    if number || named {
        text.parse().ok()
    } else {
        None
    }
}

/// Reads a whole number in decimal form.
pub(crate) fn read_integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_by_c() {
        for (x, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (f64::from(0.1_f32), "0.1"),
            (1.0 / 3.0, "0.33333333"),
            (1e10, "1e+10"),
            (1e-10, "1e-10"),
            (123_456_789.0, "1.2345679e+08"),
            (99_999_999.0, "99999999"),
            (16_777_216.0, "16777216"),
            (f64::from(1e-4_f32), "9.9999997e-05"),
            (0.000_1, "0.0001"),
            (f64::from(0.3_f32), "0.30000001"),
            (1e300, "1e+300"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-INF"),
        ] {
            let mut written = String::from("=");
            write_float(x, &mut written);
            assert_eq!(written, format!("={text}"));
        }
        assert_eq!(read_float::<f64>("-1.5e3"), Some(-1500.0));
        assert_eq!(read_float::<f32>("+INF"), Some(f32::INFINITY));
        for text in ["", " 1", "1 ", "abc", "0x10", "1.5abc", "in", "e"] {
            assert_eq!(read_float::<f64>(text), None, "{text}");
        }
        assert_eq!(read_integer("+12"), Some(12));
        assert_eq!(read_integer("1.5"), None);
    }
}

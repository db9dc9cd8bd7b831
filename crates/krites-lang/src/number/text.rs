//! Numbers out of text and out of floats.

use std::fmt;

use super::rounding::is_up;
use super::single::short_of_single;
use super::{Exact, MAX_PLACES, NumberFault, pow10};

impl Exact {
    /// Reads digits with an optional sign, point and exponent (`-12.50`, `1e3`).
    ///
    /// # Errors
    ///
    /// [`NumberFault::NotANumber`] for any other text, [`NumberFault::TooLarge`]
    /// where 28 digits or places do not hold it exactly.
    pub fn parse(text: &str) -> Result<Exact, NumberFault> {
        let (size, places, negative) = scan(text, false)?;
        Exact::from_scanned(size, places, negative)
    }

    /// Returns the shortest decimal that reads back to `value`; below 10⁻²⁸
    /// rounded half even to 28 places.
    ///
    /// # Errors
    ///
    /// [`NumberFault::NotANumber`] for NaN and the infinities,
    /// [`NumberFault::TooLarge`] from 10²⁸ on.
    pub fn from_f64(value: f64) -> Result<Exact, NumberFault> {
        match short_decimal(value) {
            Some(short) => Ok(short),
            None => Exact::from_printed(value),
        }
    }

    /// [`Exact::from_f64`] by way of the float's text
    pub(super) fn from_printed(value: f64) -> Result<Exact, NumberFault> {
        from_float(value.is_finite(), format_args!("{value:e}"))
    }

    /// Returns the shortest decimal that reads back to the 32-bit `value`; below
    /// 10⁻²⁸ rounded half even to 28 places.
    ///
    /// # Errors
    ///
    /// As [`Exact::from_f64`].
    pub fn from_f32(value: f32) -> Result<Exact, NumberFault> {
        match short_of_single(value) {
            Some(short) => Ok(short),
            None => Exact::from_printed_single(value),
        }
    }

    /// [`Exact::from_f32`] by way of the float's text
    pub(super) fn from_printed_single(value: f32) -> Result<Exact, NumberFault> {
        from_float(value.is_finite(), format_args!("{value:e}"))
    }

    pub(super) fn from_scanned(
        size: u128,
        places: i32,
        negative: bool,
    ) -> Result<Exact, NumberFault> {
        let (size, places) = match u32::try_from(places) {
            Ok(places) => (size, places),
            Err(_) if size == 0 => (0, 0),
            Err(_) => {
                let factor = pow10(places.unsigned_abs());
                (size.checked_mul(factor).ok_or(NumberFault::TooLarge)?, 0)
            }
        };
        let signed = i128::try_from(size).map_err(|_| NumberFault::TooLarge)?;
        Exact::new(if negative { -signed } else { signed }, places)
    }
}

/// Powers of ten up to the digits behind the point that are tried
const SHORT_POWERS: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// Takes floats with few digits, as amounts and rates have, without printing
/// them: at most 15 digits, at most 4 of them behind the point; `None` for others.
pub(super) fn short_decimal(value: f64) -> Option<Exact> {
    const MOST: f64 = 1e15;
    for (places, power) in (0..).zip(SHORT_POWERS) {
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

/// Reads `text` into `size × 10⁻ᵖˡᵃᶜᵉˢ`. With `round`, digits behind the 28th
/// place are rounded half even; else they are kept or do not fit.
fn scan(text: &str, round: bool) -> Result<(u128, i32, bool), NumberFault> {
    let bytes = text.as_bytes();
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut size: u128 = 0;
    let mut places: i32 = 0;
    let (mut seen, mut point) = (false, false);
    let mut rest = digits.iter();
    let mut exponent: i32 = 0;
    while let Some(&byte) = rest.next() {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                if size >= pow10(36) {
                    return Err(NumberFault::TooLarge);
                }
                size = size * 10 + u128::from(byte - b'0');
                places += i32::from(point);
            }
            b'.' if seen && !point => point = true,
            b'e' | b'E' if seen => {
                let text = std::str::from_utf8(rest.as_slice()).unwrap_or("");
                exponent = read_exponent(text)?;
                break;
            }
            _ => return Err(NumberFault::NotANumber),
        }
    }
    if !seen || bytes.last() == Some(&b'.') {
        return Err(NumberFault::NotANumber);
    }
    let mut places = places.saturating_sub(exponent);
    if round && places > MAX_PLACES.cast_signed() {
        let drop = (places - MAX_PLACES.cast_signed()).unsigned_abs();
        let unit = pow10(drop.min(38));
        let (whole, rest) = if drop > 38 {
            (0, 0)
        } else {
            (size / unit, size % unit)
        };
        size = whole + u128::from(is_up(rest.cmp(&(unit - rest)), whole % 2 == 1));
        places = MAX_PLACES.cast_signed();
    }
    Ok((size, places, negative))
}

/// Reads an exponent; one beyond 32 bits is as good as a large one.
fn read_exponent(text: &str) -> Result<i32, NumberFault> {
    const LARGE: i32 = i32::MAX / 2;
    match text.parse() {
        Ok(exponent) => Ok(exponent),
        Err(error) => match std::num::ParseIntError::kind(&error) {
            std::num::IntErrorKind::PosOverflow => Ok(LARGE),
            std::num::IntErrorKind::NegOverflow => Ok(-LARGE),
            _ => Err(NumberFault::NotANumber),
        },
    }
}

fn from_float(finite: bool, shortest: fmt::Arguments<'_>) -> Result<Exact, NumberFault> {
    if !finite {
        return Err(NumberFault::NotANumber);
    }
    let mut buffer = Buffer::default();
    // A float's shortest form has at most 17 digits, sign, point and exponent.
    fmt::Write::write_fmt(&mut buffer, shortest).map_err(|_| NumberFault::TooLarge)?;
    let (size, places, negative) = scan(buffer.as_str(), true)?;
    Exact::from_scanned(size, places, negative)
}

/// A text of at most 40 bytes on the stack
struct Buffer {
    bytes: [u8; 40],
    len: usize,
}

impl Default for Buffer {
    fn default() -> Self {
        Self {
            bytes: [0; 40],
            len: 0,
        }
    }
}

impl Buffer {
    fn as_str(&self) -> &str {
        self.bytes
            .get(..self.len)
            .and_then(|used| std::str::from_utf8(used).ok())
            .unwrap_or("")
    }
}

impl fmt::Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes
            .get_mut(self.len..end)
            .ok_or(fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

//! Exact numbers, defined by precision and rounding.
//!
//! A number is `m × 10⁻ˢ` with whole `m`, `|m| < 10²⁸` and `0 ≤ s ≤ 28`. Adding,
//! subtracting and multiplying are exact or a [`NumberFault`]; dividing rounds
//! once, half even, to 28 significant digits or 28 places, whichever is
//! coarser, and so do sums and products that go on from a quotient, which has
//! no exact value to keep. `rust_decimal` reads and writes the value; its own
//! arithmetic, which rounds without a word, is not used.

use std::cmp::Ordering;
use std::fmt;

use ethnum::U256;
use rust_decimal::Decimal;

use crate::ast::Rounding;

/// Most digits behind the point
const MAX_PLACES: u32 = 28;
/// Every mantissa stays below this
const LIMIT: u128 = 10_u128.pow(28);

/// An exact decimal number
///
/// From the lowest bit: 96 bits of `|m|`, 8 bits of `s`, and the sign in the
/// highest bit; zero has none. A number stays in two registers this way.
#[derive(Clone, Copy, Default)]
pub struct Exact(u128);

/// Where the places begin
const PLACES_BIT: u32 = 96;
/// Where the sign is
const SIGN_BIT: u32 = 127;

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl std::hash::Hash for Exact {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Equal numbers may be carried with different digits.
        self.to_decimal().hash(state);
    }
}

impl Ord for Exact {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.scale().max(other.scale());
        match (self.aligned(places), other.aligned(places)) {
            (Some(one), Some(other)) => one.cmp(&other),
            // One alone is beyond 38 digits of the finer one's unit.
            (None, Some(_)) => {
                if self.is_negative() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Some(_), None) => {
                if other.is_negative() {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (None, None) => self.to_decimal().cmp(&other.to_decimal()),
        }
    }
}

impl PartialOrd for Exact {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Why a number cannot be computed or read
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NumberFault {
    /// The result has more than 28 digits before the point or in all
    #[error("the result is too large or needs more than 28 digits")]
    TooLarge,
    /// Division by zero
    #[error("division by zero")]
    DivisionByZero,
    /// The text is not a number
    #[error("not a number")]
    NotANumber,
}

/// 10⁰ to 10³⁸
#[expect(
    clippy::indexing_slicing,
    reason = "computed by the compiler, which would see it"
)]
const POWERS: [u128; 39] = {
    let mut powers = [1_u128; 39];
    let mut exponent = 1;
    while exponent < 39 {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// How many digits a number has; zero has none.
fn digits(size: u128) -> u32 {
    // 1233 / 4096 is just above the logarithm of 2, so the guess is right or one
    // too few.
    let guess = ((128 - size.leading_zeros()) * 1233) >> 12;
    guess + u32::from(size >= pow10(guess))
}

fn pow10(exponent: u32) -> u128 {
    POWERS.get(exponent as usize).copied().unwrap_or(u128::MAX)
}

impl Exact {
    /// Zero
    pub const ZERO: Exact = Exact(0);

    /// Makes `units × 10⁻ᵖˡᵃᶜᵉˢ`, trailing zeros dropped where there is no room
    /// for them.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] where 28 digits or 28 places do not hold it.
    pub fn new(units: i128, places: u32) -> Result<Exact, NumberFault> {
        let size = units.unsigned_abs();
        if size < LIMIT && places <= MAX_PLACES {
            return Ok(Exact::carried(size, places, units < 0));
        }
        let (mut size, mut places) = (size, places);
        while places > 0 && (size >= LIMIT || places > MAX_PLACES) && size.is_multiple_of(10) {
            size /= 10;
            places -= 1;
        }
        if size >= LIMIT || places > MAX_PLACES {
            return Err(NumberFault::TooLarge);
        }
        Ok(Exact::carried(size, places, units < 0))
    }

    /// Takes what is known to fit: `size < 10²⁸` is below 2⁹⁶.
    #[inline]
    fn carried(size: u128, places: u32, negative: bool) -> Exact {
        let negative = negative && size != 0;
        Exact(size | u128::from(places) << PLACES_BIT | u128::from(negative) << SIGN_BIT)
    }

    /// The digits behind the point that the number is carried with
    #[inline]
    fn scale(self) -> u32 {
        (self.0 >> PLACES_BIT) as u32 & 0xff
    }

    #[inline]
    fn is_negative(self) -> bool {
        self.0 >> SIGN_BIT == 1
    }

    /// `|m|`
    #[inline]
    fn size(self) -> u128 {
        self.0 & ((1 << PLACES_BIT) - 1)
    }

    /// `m`
    #[inline]
    fn mantissa(self) -> i128 {
        let size = self.size().cast_signed();
        if self.is_negative() { -size } else { size }
    }

    /// The same number without trailing zeros behind the point
    fn shortest(self) -> Exact {
        let (mut size, mut places) = (self.size(), self.scale());
        while places > 0 && size.is_multiple_of(10) {
            size /= 10;
            places -= 1;
        }
        Exact::carried(size, places, self.is_negative())
    }

    /// Takes a whole number.
    #[must_use]
    pub fn from_integer(whole: i64) -> Exact {
        Exact::carried(u128::from(whole.unsigned_abs()), 0, whole < 0)
    }

    /// Takes a `rust_decimal` number.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] for its few values of 29 digits.
    pub fn from_decimal(value: Decimal) -> Result<Exact, NumberFault> {
        Exact::new(value.mantissa(), value.scale())
    }

    /// Returns the number as one of `rust_decimal`.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        // 28 digits and 28 places always fit.
        Decimal::try_from_i128_with_scale(self.mantissa(), self.scale()).unwrap_or_default()
    }

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
        from_float(value.is_finite(), format_args!("{value:e}"))
    }

    /// Returns the shortest decimal that reads back to the 32-bit `value`; below
    /// 10⁻²⁸ rounded half even to 28 places.
    ///
    /// # Errors
    ///
    /// As [`Exact::from_f64`].
    pub fn from_f32(value: f32) -> Result<Exact, NumberFault> {
        from_float(value.is_finite(), format_args!("{value:e}"))
    }

    fn from_scanned(size: u128, places: i32, negative: bool) -> Result<Exact, NumberFault> {
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

    /// Returns the nearest 64-bit float.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        let units = self.mantissa();
        // Both operands are exact below these bounds, so the quotient rounds once.
        if units.unsigned_abs() < 1 << 53 && self.scale() <= 22 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "below 2^53 every whole number is exact"
            )]
            return units as f64 / 10_f64.powi(self.scale().cast_signed());
        }
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Returns the nearest 32-bit float.
    #[must_use]
    pub fn to_f32(self) -> f32 {
        let units = self.mantissa();
        if units.unsigned_abs() < 1 << 24 && self.scale() <= 10 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "below 2^24 every whole number is exact"
            )]
            return units as f32 / 10_f32.powi(self.scale().cast_signed());
        }
        self.to_string().parse().unwrap_or(f32::NAN)
    }

    /// Returns the number as a whole number, where it is one.
    #[must_use]
    pub fn to_integer(self) -> Option<i64> {
        let number = self.shortest();
        if number.scale() != 0 {
            return None;
        }
        i64::try_from(number.mantissa()).ok()
    }

    /// Returns the same number carried with `places` digits behind the point,
    /// where it fits: numbers compare fastest with as many digits.
    pub(crate) fn carried_with(self, places: u32) -> Exact {
        match self
            .aligned(places.max(self.scale()))
            .map(|units| Exact::new(units, places.max(self.scale())))
        {
            Some(Ok(same)) => same,
            _ => self,
        }
    }

    /// Tells whether the number is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.size() == 0
    }

    /// Tells how many digits stand behind the point in the shortest form.
    #[must_use]
    pub fn places(self) -> u32 {
        self.shortest().scale()
    }

    /// Returns the number without its sign.
    #[must_use]
    pub fn abs(self) -> Exact {
        Exact::carried(self.size(), self.scale(), false)
    }

    /// Returns the number with the other sign.
    #[must_use]
    pub fn negate(self) -> Exact {
        Exact::carried(self.size(), self.scale(), !self.is_negative())
    }

    /// Adds exactly.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] where the sum needs more than 28 digits.
    #[expect(
        clippy::should_implement_trait,
        reason = "a sum can be a fault, which an operator cannot say"
    )]
    pub fn add(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale().max(other.scale());
        let sum = |a: Exact, b: Exact, places| a.aligned(places)?.checked_add(b.aligned(places)?);
        if let Some(sum) = sum(self, other, places) {
            return Exact::new(sum, places);
        }
        // Where aligning the shortest forms overflows 38 digits, the sum has a
        // digit at either end and so more than 28.
        let (a, b) = (self.shortest(), other.shortest());
        let places = a.scale().max(b.scale());
        Exact::new(sum(a, b, places).ok_or(NumberFault::TooLarge)?, places)
    }

    /// The product of everyday numbers, which fits without a second look
    #[inline]
    fn small_product(self, other: Exact, places: u32) -> Option<Exact> {
        let product = u128::from(self.small()?) * u128::from(other.small()?);
        let negative = self.is_negative() != other.is_negative();
        (product < LIMIT && places <= MAX_PLACES).then(|| Exact::carried(product, places, negative))
    }

    /// The mantissa without its sign, where 64 bits hold it
    #[inline]
    fn small(self) -> Option<u64> {
        u64::try_from(self.size()).ok()
    }

    /// The number in units of `10⁻ᵖˡᵃᶜᵉˢ`, where 38 digits hold it.
    #[inline]
    fn aligned(self, places: u32) -> Option<i128> {
        if places == self.scale() {
            return Some(self.mantissa());
        }
        let factor = i128::try_from(pow10(places - self.scale())).ok()?;
        self.mantissa().checked_mul(factor)
    }

    /// Subtracts exactly.
    ///
    /// # Errors
    ///
    /// As [`Exact::add`].
    pub fn subtract(self, other: Exact) -> Result<Exact, NumberFault> {
        self.add(other.negate())
    }

    /// Multiplies exactly.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] where the product needs more than 28 digits or
    /// places.
    pub fn multiply(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale() + other.scale();
        if let Some(product) = self.small_product(other, places) {
            return Ok(product);
        }
        if let Some(product) = self.mantissa().checked_mul(other.mantissa()) {
            return Exact::new(product, places);
        }
        // Every trailing zero of the product is a 2 of one factor times a 5 of
        // the other, or a zero of one: without them it fits or is too large.
        let (a, b) = (self.shortest(), other.shortest());
        let mut places = a.scale() + b.scale();
        let (mut a, mut b) = (a.mantissa(), b.mantissa());
        while places > 0 {
            (a, b) = match () {
                () if a % 10 == 0 => (a / 10, b),
                () if b % 10 == 0 => (a, b / 10),
                () if a % 2 == 0 && b % 5 == 0 => (a / 2, b / 5),
                () if a % 5 == 0 && b % 2 == 0 => (a / 5, b / 2),
                () => break,
            };
            places -= 1;
        }
        Exact::new(a.checked_mul(b).ok_or(NumberFault::TooLarge)?, places)
    }

    /// Adds what goes on from a quotient: exact where 28 digits hold it, else
    /// rounded once, half even, to 28 significant digits or 28 places.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] from 10²⁸ on.
    pub fn add_rounded(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale().max(other.scale());
        if let Some(sum) = self
            .aligned(places)
            .zip(other.aligned(places))
            .and_then(|(a, b)| a.checked_add(b))
        {
            return rounded(sum.unsigned_abs(), places, sum < 0);
        }
        // Both fit 56 digits, and 256 bits hold 76.
        let align =
            |number: Exact| U256::from(number.size()) * U256::from(pow10(places - number.scale()));
        let (a, b) = (align(self), align(other));
        let (negative, other_negative) = (self.is_negative(), other.is_negative());
        if negative == other_negative {
            rounded_wide(a + b, places, negative)
        } else if a >= b {
            rounded_wide(a - b, places, negative)
        } else {
            rounded_wide(b - a, places, other_negative)
        }
    }

    /// Multiplies what goes on from a quotient: exact where 28 digits hold it,
    /// else rounded once, half even, to 28 significant digits or 28 places.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] from 10²⁸ on.
    pub fn multiply_rounded(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale() + other.scale();
        if let Some(product) = self.small_product(other, places) {
            return Ok(product);
        }
        let (size, other_size) = (self.size(), other.size());
        let negative = self.is_negative() != other.is_negative();
        match size.checked_mul(other_size) {
            Some(product) => rounded(product, places, negative),
            None => rounded_wide(U256::from(size) * U256::from(other_size), places, negative),
        }
    }

    /// Divides, rounded once, half even, to 28 significant digits or 28 places,
    /// whichever is coarser.
    ///
    /// # Errors
    ///
    /// [`NumberFault::DivisionByZero`], [`NumberFault::TooLarge`].
    pub fn divide(self, other: Exact) -> Result<Exact, NumberFault> {
        let divisor = other.size();
        if divisor == 0 {
            return Err(NumberFault::DivisionByZero);
        }
        let dividend = self.size();
        let negative = self.is_negative() != other.is_negative();
        let mut places = self.scale().cast_signed() - other.scale().cast_signed();
        let mut quotient = dividend / divisor;
        let mut rest = dividend - quotient * divisor;
        // More digits come in steps that keep `rest × 10ˢᵗᵉᵖ` within 38 digits.
        // INVARIANT: quotient < 10²⁸ and rest < divisor < 10²⁸.
        let widest = 38 - digits(divisor);
        while rest != 0 && places < MAX_PLACES.cast_signed() {
            let room = (MAX_PLACES.cast_signed() - places).unsigned_abs();
            let step = (28 - digits(quotient)).min(room).min(widest);
            if step == 0 {
                break;
            }
            let scaled = rest * pow10(step);
            let more = scaled / divisor;
            quotient = quotient * pow10(step) + more;
            rest = scaled - more * divisor;
            places += step.cast_signed();
        }
        if is_up(rest.cmp(&(divisor - rest)), quotient % 2 == 1) {
            quotient += 1;
        }
        if rest != 0 && places < 0 {
            return Err(NumberFault::TooLarge);
        }
        Exact::from_scanned(quotient, places, negative)
    }

    /// Divides and rounds to `places` digits behind the point, with the result
    /// of [`Exact::divide`] followed by [`Exact::round`].
    ///
    /// # Errors
    ///
    /// As [`Exact::divide`].
    pub fn divide_to(
        self,
        other: Exact,
        places: u32,
        rounding: Rounding,
    ) -> Result<Exact, NumberFault> {
        match self.divide_shortly(other, places, rounding) {
            Some(quotient) => Ok(quotient),
            None => Ok(self.divide(other)?.round(places, rounding)),
        }
    }

    /// One division in units of `10⁻ᵖˡᵃᶜᵉˢ`. `None` where the first rounding, to 28
    /// digits, could reach the digits that are kept: a quotient of 15 digits at
    /// most differs from the rounded one by at most half of 10⁻¹³ of a unit, so it
    /// has to lie farther than that from the next unit and from the middle between two.
    fn divide_shortly(self, other: Exact, places: u32, rounding: Rounding) -> Option<Exact> {
        /// 2⁻⁴⁰ is above 9 × 10⁻¹³
        const NEAR: u32 = 40;
        let shift = places.cast_signed() + other.scale().cast_signed() - self.scale().cast_signed();
        if places > 12 || shift.unsigned_abs() > 38 {
            return None;
        }
        let factor = pow10(shift.unsigned_abs());
        let (whole, rest, under) = match self.small_division(other, shift >= 0, factor) {
            Some(found) => found,
            None => {
                let (mut over, mut under) = (self.size(), other.size());
                if shift >= 0 {
                    over = over.checked_mul(factor)?;
                } else {
                    under = under.checked_mul(factor)?;
                }
                let whole = over.checked_div(under)?;
                (whole, over - whole * under, under)
            }
        };
        let lack = under - rest;
        let near = under >> NEAR;
        let decided = rest == 0 || (rest > near && lack > near && rest.abs_diff(lack) > near);
        if !decided || whole >= pow10(15) {
            return None;
        }
        let away = rest != 0
            && match rounding {
                Rounding::HalfUp | Rounding::HalfEven | Rounding::HalfDown => rest > lack,
                Rounding::Up => true,
                Rounding::Down => false,
            };
        let negative = self.is_negative() != other.is_negative();
        Some(Exact::carried(whole + u128::from(away), places, negative))
    }

    /// Whole part, rest and divisor of an everyday division, in one instruction
    /// of 64 bits; `over` says which side the factor scales.
    #[inline]
    fn small_division(self, other: Exact, over: bool, factor: u128) -> Option<(u128, u128, u128)> {
        let (a, b, factor) = (self.small()?, other.small()?, u64::try_from(factor).ok()?);
        let (a, b) = if over {
            (a.checked_mul(factor)?, b)
        } else {
            (a, b.checked_mul(factor)?)
        };
        let whole = a.checked_div(b)?;
        Some((u128::from(whole), u128::from(a - whole * b), u128::from(b)))
    }

    /// Rounds to `places` digits behind the point.
    #[must_use]
    pub fn round(self, places: u32, rounding: Rounding) -> Exact {
        if self.scale() <= places {
            return self;
        }
        let unit = i128::try_from(pow10(self.scale() - places)).unwrap_or(i128::MAX);
        let units = self.mantissa();
        let (whole, rest) = (units / unit, (units % unit).unsigned_abs());
        let half = (rest * 2).cmp(&unit.unsigned_abs());
        let away = rest != 0
            && match rounding {
                Rounding::HalfUp => half != Ordering::Less,
                Rounding::HalfDown => half == Ordering::Greater,
                Rounding::HalfEven => {
                    half == Ordering::Greater || (half == Ordering::Equal && whole % 2 != 0)
                }
                Rounding::Up => true,
                Rounding::Down => false,
            };
        let whole = if away { whole + units.signum() } else { whole };
        // Fewer digits than before: it cannot fail but for 9…9 of 28 digits.
        Exact::new(whole, places).unwrap_or(self)
    }

    /// Writes the number with at least `places` digits behind the point.
    #[must_use]
    pub fn to_text(self, places: u32) -> String {
        let mut number = self.shortest().to_decimal();
        if number.scale() < places {
            number.rescale(places);
        }
        number.to_string()
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The shortest form: `1.1`, never `1.10`
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.shortest().to_decimal(), f)
    }
}

/// Rounds `size × 10⁻ᵖˡᵃᶜᵉˢ` half even to 28 digits and 28 places.
fn rounded(size: u128, places: u32, negative: bool) -> Result<Exact, NumberFault> {
    let excess = digits(size).saturating_sub(28);
    let drop = excess.max(places.saturating_sub(MAX_PLACES));
    if drop == 0 {
        return Ok(Exact::carried(size, places, negative));
    }
    if drop > 38 {
        return Ok(Exact::ZERO);
    }
    let unit = pow10(drop);
    let whole = size / unit;
    let rest = size - whole * unit;
    let whole = whole + u128::from(is_up(rest.cmp(&(unit - rest)), whole % 2 == 1));
    let places = places.checked_sub(drop).ok_or(NumberFault::TooLarge)?;
    let whole = i128::try_from(whole).map_err(|_| NumberFault::TooLarge)?;
    Exact::new(if negative { -whole } else { whole }, places)
}

/// Whether half even rounds away from zero, by the rest against what it lacks
/// to one unit.
fn is_up(rest: Ordering, odd: bool) -> bool {
    rest == Ordering::Greater || (rest == Ordering::Equal && odd)
}

/// As [`rounded`], for sizes beyond 38 digits.
fn rounded_wide(size: U256, places: u32, negative: bool) -> Result<Exact, NumberFault> {
    let ten = U256::from(10_u8);
    let limit = U256::from(LIMIT);
    let mut drop = places.saturating_sub(MAX_PLACES);
    while size / ten.pow(drop) >= limit {
        drop += 1;
    }
    let unit = ten.pow(drop);
    let (mut whole, rest) = (size / unit, size % unit);
    if is_up(rest.cmp(&(unit - rest)), whole % 2 == 1) {
        whole += 1;
    }
    let places = places.checked_sub(drop).ok_or(NumberFault::TooLarge)?;
    let whole = i128::try_from(whole).map_err(|_| NumberFault::TooLarge)?;
    Exact::new(if negative { -whole } else { whole }, places)
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
                exponent = text.parse().map_err(|_| NumberFault::NotANumber)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    #[test]
    fn products_that_need_more_than_28_places_are_a_fault() {
        let tiny = exact("1e-15");
        assert_eq!(tiny.multiply(tiny), Err(NumberFault::TooLarge));
        assert_eq!(
            exact("0.5").multiply(exact("0.2")).unwrap().to_string(),
            "0.1"
        );
        let twos = Exact::new(2_i128.pow(90), 27).unwrap();
        let fives = Exact::new(5_i128.pow(38), 27).unwrap();
        assert_eq!(
            twos.multiply(fives).unwrap().to_string(),
            "0.4503599627370496"
        );
    }

    #[test]
    fn sums_across_28_places_are_exact_or_a_fault() {
        assert_eq!(
            exact("1e27").add(exact("1e-28")),
            Err(NumberFault::TooLarge)
        );
        assert_eq!(exact("0.1").add(exact("0.20")).unwrap().to_string(), "0.3");
        let most = exact("9999999999999999999999999999");
        assert_eq!(most.add(exact("1")), Err(NumberFault::TooLarge));
        assert_eq!(most.subtract(most).unwrap(), Exact::ZERO);
    }

    #[test]
    fn a_quotient_rounds_once_half_even_to_28_digits() {
        let third = exact("1").divide(exact("3")).unwrap();
        assert_eq!(third.to_string(), "0.3333333333333333333333333333");
        let two_thirds = exact("200").divide(exact("3")).unwrap();
        assert_eq!(two_thirds.to_string(), "66.66666666666666666666666667");
        assert_eq!(
            exact("-1").divide(exact("8")).unwrap().to_string(),
            "-0.125"
        );
        assert_eq!(exact("1e-28").divide(exact("2")).unwrap(), Exact::ZERO);
        assert_eq!(
            exact("3e-28").divide(exact("2")).unwrap().to_string(),
            format!("0.{}2", "0".repeat(27))
        );
        assert_eq!(
            exact("1e27").divide(exact("1e-28")),
            Err(NumberFault::TooLarge)
        );
        assert_eq!(
            exact("1").divide(Exact::ZERO),
            Err(NumberFault::DivisionByZero)
        );
    }

    #[test]
    fn what_goes_on_from_a_quotient_rounds_to_28_digits() {
        let share = exact("368616").divide(exact("84")).unwrap();
        assert_eq!(share.to_string(), "4388.285714285714285714285714");
        assert_eq!(exact("14238").add(share), Err(NumberFault::TooLarge));
        let sum = exact("14238").add_rounded(share).unwrap();
        assert_eq!(sum.to_string(), "18626.28571428571428571428571");
        let third = exact("1").divide(exact("3")).unwrap();
        assert_eq!(third.multiply(third), Err(NumberFault::TooLarge));
        assert_eq!(
            third.multiply_rounded(third).unwrap().to_string(),
            "0.1111111111111111111111111111"
        );
        assert_eq!(third.add_rounded(third.negate()).unwrap(), Exact::ZERO);
        let most = exact("9999999999999999999999999999");
        assert_eq!(most.add_rounded(most), Err(NumberFault::TooLarge));
        assert_eq!(most.add_rounded(third), Ok(most));
        assert_eq!(
            exact("-5e-28")
                .multiply_rounded(exact("0.5"))
                .unwrap()
                .to_string(),
            format!("-0.{}2", "0".repeat(27))
        );
    }

    #[test]
    fn floats_enter_as_their_shortest_decimal() {
        assert_eq!(Exact::from_f32(0.1).unwrap().to_string(), "0.1");
        assert_eq!(
            Exact::from_f64(0.1 + 0.2).unwrap().to_string(),
            "0.30000000000000004"
        );
        assert_eq!(Exact::from_f64(1e-300).unwrap(), Exact::ZERO);
        assert_eq!(Exact::from_f64(1e300), Err(NumberFault::TooLarge));
        assert_eq!(Exact::from_f64(f64::NAN), Err(NumberFault::NotANumber));
    }

    #[test]
    fn digits_are_counted() {
        for exponent in 0..38 {
            let power = pow10(exponent);
            assert_eq!(
                (digits(power - 1), digits(power), digits(power + 1)),
                (exponent, exponent + 1, exponent + 1)
            );
        }
        assert_eq!(digits(u128::MAX), 39);
    }

    #[test]
    fn dividing_to_places_is_dividing_and_rounding() {
        let numbers = [
            "0",
            "1",
            "3",
            "7",
            "8",
            "0.5",
            "0.25",
            "2.5",
            "0.05",
            "1e-28",
            "3e-28",
            "999999999999999",
            "1e15",
            "1e27",
            "4388.285714285714285714285714",
            "0.3333333333333333333333333333",
            "0.4999999999999999999999999999",
            "0.00005",
            "0.00004999999999999999999999",
            "123456.789",
            "9999999999999999999999999999",
            "20000",
            "3.000000000001",
        ];
        let roundings = [
            Rounding::HalfUp,
            Rounding::HalfEven,
            Rounding::HalfDown,
            Rounding::Up,
            Rounding::Down,
        ];
        for (a, b) in numbers
            .iter()
            .flat_map(|a| numbers.iter().map(move |b| (a, b)))
        {
            for sign in ["", "-"] {
                let (a, b) = (exact(&format!("{sign}{a}")), exact(b));
                for (places, rounding) in
                    (0..14).flat_map(|places| roundings.map(|rounding| (places, rounding)))
                {
                    let slow = a.divide(b).map(|quotient| quotient.round(places, rounding));
                    assert_eq!(
                        a.divide_to(b, places, rounding),
                        slow,
                        "{a} / {b} to {places} {rounding:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn rounding_follows_its_name() {
        let round = |text: &str, rounding| exact(text).round(1, rounding).to_string();
        assert_eq!(round("0.25", Rounding::HalfUp), "0.3");
        assert_eq!(round("0.25", Rounding::HalfEven), "0.2");
        assert_eq!(round("-0.25", Rounding::HalfUp), "-0.3");
        assert_eq!(round("0.25", Rounding::HalfDown), "0.2");
        assert_eq!(round("0.21", Rounding::Up), "0.3");
        assert_eq!(round("-0.29", Rounding::Down), "-0.2");
    }

    #[test]
    fn other_texts_are_not_numbers() {
        for text in [
            "", "-", ".", "1.", ".5", "1_000", "1,5", "0x10", "1e", "e5", "NaN", " 1",
        ] {
            assert_eq!(Exact::parse(text), Err(NumberFault::NotANumber), "{text:?}");
        }
        assert_eq!(exact("1e3").to_integer(), Some(1000));
        assert_eq!(exact("12.50").to_text(2), "12.50");
    }
}

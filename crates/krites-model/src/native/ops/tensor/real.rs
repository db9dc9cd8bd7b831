//! Floats of both sizes, with the functions that operators are written in.
//!
//! Invariant: what the standard library leaves to the platform comes from
//! libm; square roots, rounding and absolute values are exact everywhere.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::native::arguments::InputElement;

macro_rules! reals {
    ($($name:ident = $single:path, $double:path;)*) => {
        /// A float of 32 or 64 bits
        pub(super) trait Real:
            InputElement
            + Add<Output = Self>
            + Sub<Output = Self>
            + Mul<Output = Self>
            + Div<Output = Self>
            + Neg<Output = Self>
        {
            /// The number 1
            const ONE: Self;
            /// Plus infinity
            const INFINITY: Self;
            /// The lowest number
            const LOWEST: Self;
            /// Takes a number as attributes have it.
            fn from_single(x: f32) -> Self;
            /// Takes a count.
            fn count(n: usize) -> Self;
            /// Takes a number of 64 bits, rounded.
            fn narrow(x: f64) -> Self;
            /// Returns the number in 64 bits.
            fn wide(self) -> f64;
            /// Tells whether this is no number.
            fn is_nan(self) -> bool;
            /// Tells whether this is infinite.
            fn is_infinite(self) -> bool;
            /// Raises this to a power.
            fn pow(self, exponent: Self) -> Self;
            /// Returns the remainder with the sign of this.
            fn remainder(self, divisor: Self) -> Self;
            $(
                #[doc = concat!("Returns the function ", stringify!($name), ".")]
                fn $name(self) -> Self;
            )*
        }

        impl Real for f32 {
            const ONE: Self = 1.0;
            const INFINITY: Self = Self::INFINITY;
            const LOWEST: Self = Self::MIN;
            fn from_single(x: f32) -> Self {
                x
            }
            fn count(n: usize) -> Self {
                n as Self
            }
            fn narrow(x: f64) -> Self {
                x as Self
            }
            fn wide(self) -> f64 {
                f64::from(self)
            }
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            fn is_infinite(self) -> bool {
                self.is_infinite()
            }
            fn pow(self, exponent: Self) -> Self {
                libm::powf(self, exponent)
            }
            fn remainder(self, divisor: Self) -> Self {
                libm::fmodf(self, divisor)
            }
            $(fn $name(self) -> Self {
                $single(self)
            })*
        }

        impl Real for f64 {
            const ONE: Self = 1.0;
            const INFINITY: Self = Self::INFINITY;
            const LOWEST: Self = Self::MIN;
            fn from_single(x: f32) -> Self {
                x.into()
            }
            fn count(n: usize) -> Self {
                n as Self
            }
            fn narrow(x: f64) -> Self {
                x
            }
            fn wide(self) -> f64 {
                self
            }
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            fn is_infinite(self) -> bool {
                self.is_infinite()
            }
            fn pow(self, exponent: Self) -> Self {
                libm::pow(self, exponent)
            }
            fn remainder(self, divisor: Self) -> Self {
                libm::fmod(self, divisor)
            }
            $(fn $name(self) -> Self {
                $double(self)
            })*
        }
    };
}

reals! {
    abs = f32::abs, f64::abs;
    acos = libm::acosf, libm::acos;
    acosh = libm::acoshf, libm::acosh;
    asin = libm::asinf, libm::asin;
    asinh = libm::asinhf, libm::asinh;
    atan = libm::atanf, libm::atan;
    atanh = libm::atanhf, libm::atanh;
    ceil = f32::ceil, f64::ceil;
    cos = libm::cosf, libm::cos;
    cosh = libm::coshf, libm::cosh;
    erf = libm::erff, libm::erf;
    exp = libm::expf, libm::exp;
    exp_m1 = libm::expm1f, libm::expm1;
    floor = f32::floor, f64::floor;
    ln = libm::logf, libm::log;
    ln_1p = libm::log1pf, libm::log1p;
    round = f32::round_ties_even, f64::round_ties_even;
    sin = libm::sinf, libm::sin;
    sinh = libm::sinhf, libm::sinh;
    sqrt = f32::sqrt, f64::sqrt;
    tan = libm::tanf, libm::tan;
    tanh = libm::tanhf, libm::tanh;
}

/// 1 / (1 + e^-x), without overflow
pub(super) fn logistic<T: Real>(x: T) -> T {
    let upper = T::ONE / (T::ONE + (-x.abs()).exp());
    if x < T::default() {
        T::ONE - upper
    } else {
        upper
    }
}

/// ln(1 + e^x), without overflow
pub(super) fn softplus<T: Real>(x: T) -> T {
    if x > T::default() {
        x + (-x).exp().ln_1p()
    } else {
        x.exp().ln_1p()
    }
}

//! Operands out of a fixed seed, with the edges far more often than chance.

use krites_lang::Exact;
use krites_lang::ast::Rounding;

/// Every mantissa stays below this.
pub(crate) const LIMIT: i128 = 10_i128.pow(28);

const ROUNDINGS: [Rounding; 5] = [
    Rounding::HalfUp,
    Rounding::HalfEven,
    Rounding::HalfDown,
    Rounding::Up,
    Rounding::Down,
];

/// The generator "splitmix64" (Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014)
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Any of `low..=high`
    pub(crate) fn within(&mut self, low: i128, high: i128) -> i128 {
        let any = u128::from(self.bits()) << 64 | u128::from(self.bits());
        low + (any % (high - low + 1).unsigned_abs()).cast_signed()
    }

    /// Any of `0..=most`
    pub(crate) fn up_to(&mut self, most: u32) -> u32 {
        self.within(0, most.into()).try_into().unwrap()
    }

    pub(crate) fn one_in(&mut self, n: u32) -> bool {
        self.up_to(n - 1) == 0
    }

    pub(crate) fn places(&mut self) -> u32 {
        self.up_to(28)
    }

    pub(crate) fn rounding(&mut self) -> Rounding {
        ROUNDINGS[self.up_to(4) as usize]
    }

    /// A size of up to so many digits, each count of digits as often
    pub(crate) fn size(&mut self, digits: u32) -> i128 {
        let digits = self.up_to(digits);
        self.within(0, 10_i128.pow(digits) - 1)
    }

    pub(crate) fn signed(&mut self, size: i128) -> i128 {
        if self.one_in(2) { -size } else { size }
    }

    /// A number of these units and places; the largest where it has too many digits
    pub(crate) fn exact(&mut self, size: i128, places: u32) -> Exact {
        let size = self.signed(size.clamp(1 - LIMIT, LIMIT - 1));
        Exact::new(size, places).unwrap()
    }

    /// A number of any kind
    pub(crate) fn number(&mut self) -> Exact {
        let size = match self.up_to(39) {
            0 => 0,
            1..=4 => self.within(1, 999),
            5..=14 => self.size(28),
            15..=17 => self.within(1, 9) * 10_i128.pow(self.up_to(27)),
            18..=20 => LIMIT - self.within(1, 50),
            21..=22 => 1 << self.up_to(92),
            23..=24 => 5_i128.pow(self.up_to(40)),
            25..=32 => {
                let cents = self.size(9);
                return self.exact(cents, 2);
            }
            _ => self.size(12),
        };
        let places = if self.one_in(3) { 0 } else { self.places() };
        self.exact(size, places)
    }

    /// Two numbers whose sum is often next to 28 digits, or next to zero
    pub(crate) fn terms(&mut self) -> (Exact, Exact) {
        let a = self.number();
        let decimal = a.to_decimal();
        let near = self.within(-3, 3);
        let b = match self.up_to(3) {
            0 => LIMIT - decimal.mantissa().abs() + near,
            1 => decimal.mantissa().abs() + near,
            _ => return (a, self.number()),
        };
        (a, self.exact(b, decimal.scale()))
    }

    /// Two numbers whose product is often next to 28 digits, or has zeros at the end
    pub(crate) fn factors(&mut self) -> (Exact, Exact) {
        let near = self.within(-2, 2);
        let (a, b) = match self.up_to(3) {
            0 => {
                let a = 1 + self.size(28);
                (a, LIMIT / a + near)
            }
            1 => {
                let (twos, fives) = (self.up_to(60), self.up_to(30));
                let rest = 1 + self.size(4);
                (rest << twos, 5_i128.pow(fives))
            }
            _ => return (self.number(), self.number()),
        };
        let (a_places, b_places) = (self.up_to(14), self.up_to(16));
        (self.exact(a, a_places), self.exact(b, b_places))
    }

    /// Two numbers whose quotient often ends, or ends in the middle of two numbers
    pub(crate) fn dividend(&mut self) -> (Exact, Exact) {
        let (a, b) = match self.up_to(4) {
            0 => return self.far_apart(),
            1 => {
                let b = (1 << self.up_to(6)) * 5_i128.pow(self.up_to(3));
                (self.size(28), b)
            }
            2 => {
                let b = self.size(14);
                (b * self.size(14), b)
            }
            _ => return (self.number(), self.number()),
        };
        let (a_places, b_places) = (self.places(), self.up_to(8));
        (self.exact(a, a_places), self.exact(b, b_places))
    }

    /// A whole number and one of many places, in either order
    fn far_apart(&mut self) -> (Exact, Exact) {
        let (whole, fine, places) = (self.size(28), self.size(28), 20 + self.up_to(8));
        let (whole, fine) = (self.exact(whole, 0), self.exact(fine, places));
        if self.one_in(2) {
            (whole, fine)
        } else {
            (fine, whole)
        }
    }

    /// A number and places, often with the middle between two steps near it
    pub(crate) fn tie(&mut self) -> (Exact, u32) {
        if self.one_in(3) {
            return (self.number(), self.places());
        }
        let dropped = 1 + self.up_to(8);
        let near = self.within(-1, 1);
        let size = self.size(19) * 10_i128.pow(dropped) + 5 * 10_i128.pow(dropped - 1) + near;
        let places = self.up_to(28 - dropped);
        (self.exact(size, places + dropped), places)
    }

    /// A number and a step, often with a multiple or the middle of two near it
    pub(crate) fn step(&mut self) -> (Exact, Exact) {
        match self.up_to(9) {
            0..=1 => return self.far_apart(),
            2..=3 => return (self.number(), self.number()),
            _ => {}
        }
        let half = self.size(13);
        let near = self.within(-1, 1);
        let size = half * self.size(14) + near;
        let places = self.up_to(20);
        // Sometimes the number is finer or coarser than the step.
        let (a_places, b_places) = match self.up_to(3) {
            0 => (places + self.up_to(8), places),
            1 => (places, places + self.up_to(8)),
            _ => (places, places),
        };
        (self.exact(size, a_places), self.exact(half * 2, b_places))
    }

    /// Two numbers that are often equal or one unit apart, with other places
    pub(crate) fn alike(&mut self) -> (Exact, Exact) {
        if self.one_in(2) {
            return (self.number(), self.number());
        }
        let zeros = self.up_to(10);
        let size = self.size(18);
        let size = self.signed(size);
        let near = self.within(-1, 1);
        let places = self.up_to(18);
        let finer = Exact::new(size * 10_i128.pow(zeros) + near, places + zeros).unwrap();
        (Exact::new(size, places).unwrap(), finer)
    }

    /// A whole number, at the ends as often as anywhere
    pub(crate) fn integer(&mut self) -> i64 {
        let near = self.within(0, 3) as i64;
        match self.up_to(4) {
            0 => i64::MIN + near,
            1 => i64::MAX - near,
            2 => near - 2,
            3 => self.within(-1000, 1000) as i64,
            _ => self.bits().cast_signed(),
        }
    }
}

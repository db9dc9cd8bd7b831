//! Bases and exponents

use krites_lang::Exact;

use crate::draw::{Draw, LIMIT};

/// A base and an exponent, of the kinds a policy has and of the kinds that are
/// hard to round
pub(crate) fn power(draw: &mut Draw) -> (Exact, i64) {
    let exponent = |draw: &mut Draw, most: i128| draw.within(-most, most) as i64;
    match draw.up_to(99) {
        // Growth by a rate, over months
        0..=34 => (growth(draw, 12), exponent(draw, 60)),
        35..=44 => (growth(draw, 27), exponent(draw, 400)),
        45..=64 => (draw.number(), exponent(draw, 12)),
        65..=74 => (ending(draw), exponent(draw, 60)),
        75..=84 => (beside_an_ending(draw), exponent(draw, 6)),
        85..=87 => (draw.number(), exponent(draw, 400)),
        88..=95 => {
            let size = draw.within(0, 2);
            (draw.exact(size, 0), exponent(draw, 100))
        }
        96..=98 => {
            let size = draw.within(0, 2);
            (draw.exact(size, 0), beyond(draw))
        }
        _ => (draw.number(), beyond(draw)),
    }
}

/// A long power of what is near to 1
pub(crate) fn long_power(draw: &mut Draw) -> (Exact, i64) {
    let steps = 12_000 - draw.size(4);
    (growth(draw, 27), draw.signed(steps) as i64)
}

/// `1 ± r`
fn growth(draw: &mut Draw, most_places: u32) -> Exact {
    let places = 2 + draw.up_to(most_places - 2);
    let rate = draw.size(places - 1);
    let size = 10_i128.pow(places) + draw.signed(rate);
    draw.exact(size, places)
}

/// A number of which all powers end
fn ending(draw: &mut Draw) -> Exact {
    let size = (1 << draw.up_to(12)) * 5_i128.pow(draw.up_to(6));
    let places = draw.up_to(8);
    draw.exact(size, places)
}

/// A number whose powers lie next to those of one that ends, which may be the
/// middle between two numbers
fn beside_an_ending(draw: &mut Draw) -> Exact {
    let size = (1 << draw.up_to(4)) * 5_i128.pow(draw.up_to(2));
    let mut places = 27;
    let near = draw.within(-9, 9);
    while size * 10_i128.pow(places) + near >= LIMIT {
        places -= 1;
    }
    draw.exact(size * 10_i128.pow(places) + near, places)
}

/// An exponent that is too large
fn beyond(draw: &mut Draw) -> i64 {
    match draw.up_to(3) {
        0 => i64::MIN,
        1 => i64::MAX,
        _ => {
            let steps = 12_001 + draw.size(6);
            draw.signed(steps) as i64
        }
    }
}

//! What is fed, as it is written, held against what training held: numbers as rationals.

use krites_lang::Exact;
use krites_lang::ir::{Element, Held};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::number;

/// Tells whether a column lies outside; NaN does not.
pub(crate) fn lies_outside(written: &str, element: Element, held: &Held) -> bool {
    match held {
        Held::Texts(texts) => texts.iter().all(|text| format!("{text:?}") != written),
        Held::Between(low, high) => {
            let Some(fed) = fed(written, element) else {
                return false;
            };
            let least = bounds(*low, element).into_iter().min();
            let greatest = bounds(*high, element).into_iter().max();
            least.is_some_and(|least| fed < least) || greatest.is_some_and(|most| fed > most)
        }
    }
}

/// The number that is fed; none of NaN.
fn fed(written: &str, element: Element) -> Option<BigRational> {
    match element {
        Element::Float => BigRational::from_float(written.parse::<f32>().ok()?),
        Element::Double => BigRational::from_float(written.parse::<f64>().ok()?),
        _ => written.parse::<BigInt>().ok().map(BigRational::from),
    }
}

/// What a value equal to the bound may have been in training: as a 32-bit float, read at
/// once or out of a 64-bit one.
fn bounds(bound: Exact, element: Element) -> Vec<BigRational> {
    let exact = number::from_exact(bound);
    let text = number::text(&exact);
    let double = || text.parse::<f64>().ok();
    match element {
        Element::Float => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the nearest 32-bit float is meant"
            )]
            let by_way = double().map(|double| double as f32);
            let both = [text.parse::<f32>().ok(), by_way].into_iter().flatten();
            both.filter_map(BigRational::from_float).collect()
        }
        Element::Double => double()
            .and_then(BigRational::from_float)
            .into_iter()
            .collect(),
        _ => vec![exact],
    }
}

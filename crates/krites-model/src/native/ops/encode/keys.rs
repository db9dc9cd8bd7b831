//! Keys of a mapping, and the place that each has among them.

use std::collections::BTreeMap;

use crate::native::arguments::Arguments;
use crate::{ElementType, ModelError};

/// Keys of one type, to the place of each
#[derive(Debug)]
pub(crate) enum Keys {
    Texts(BTreeMap<String, usize>),
    Integers(BTreeMap<i64, usize>),
    /// Floats by their bits; one NaN for all
    Floats(BTreeMap<u32, usize>),
    /// Doubles by their bits; one NaN for all
    Doubles(BTreeMap<u64, usize>),
    /// Whole parts of floats
    PartsOfFloats(BTreeMap<i64, usize>),
    /// Whole parts of doubles
    PartsOfDoubles(BTreeMap<i64, usize>),
}

impl Keys {
    /// Tells the type of the elements that are looked up.
    pub(crate) fn element(&self) -> ElementType {
        match self {
            Self::Texts(_) => ElementType::Text,
            Self::Integers(_) => ElementType::Integer,
            Self::Floats(_) | Self::PartsOfFloats(_) => ElementType::Float,
            Self::Doubles(_) | Self::PartsOfDoubles(_) => ElementType::Double,
        }
    }

    /// Calls `on_element` with each element's place among the keys.
    pub(crate) fn look_up(
        &self,
        arguments: &Arguments<'_, '_>,
        mut on_element: impl FnMut(usize, Option<usize>),
    ) -> Result<(), ModelError> {
        match self {
            Self::Texts(keys) => {
                for (idx, text) in arguments.texts(0)?.iter().enumerate() {
                    on_element(idx, keys.get(text).copied());
                }
            }
            Self::Integers(keys) => {
                for (idx, integer) in arguments.array::<i64>(0)?.iter().enumerate() {
                    on_element(idx, keys.get(integer).copied());
                }
            }
            Self::Floats(keys) => {
                for (idx, &float) in arguments.array::<f32>(0)?.iter().enumerate() {
                    on_element(idx, keys.get(&float_key(float)).copied());
                }
            }
            Self::Doubles(keys) => {
                for (idx, &double) in arguments.array::<f64>(0)?.iter().enumerate() {
                    on_element(idx, keys.get(&double_key(double)).copied());
                }
            }
            Self::PartsOfFloats(keys) => {
                for (idx, &float) in arguments.array::<f32>(0)?.iter().enumerate() {
                    let part = whole_part(f64::from(float));
                    on_element(idx, part.and_then(|part| keys.get(&part).copied()));
                }
            }
            Self::PartsOfDoubles(keys) => {
                for (idx, &double) in arguments.array::<f64>(0)?.iter().enumerate() {
                    let part = whole_part(double);
                    on_element(idx, part.and_then(|part| keys.get(&part).copied()));
                }
            }
        }
        Ok(())
    }
}

/// Returns the bits of a float, the same for both zeros and for every NaN.
pub(crate) fn float_key(float: f32) -> u32 {
    if float.is_nan() {
        f32::NAN.to_bits()
    } else {
        (float + 0.0).to_bits()
    }
}

/// Returns the bits of a double, the same for both zeros and for every NaN.
pub(crate) fn double_key(double: f64) -> u64 {
    if double.is_nan() {
        f64::NAN.to_bits()
    } else {
        (double + 0.0).to_bits()
    }
}

/// Drops what stands behind the point; NaN and what 64 bits do not hold have no
/// whole part.
fn whole_part(x: f64) -> Option<i64> {
    // 2^63 is the first double beyond.
    let bound = -(i64::MIN as f64);
    (x >= -bound && x < bound).then_some(x as i64)
}

/// Maps each key to its place, the first of equal ones.
pub(crate) fn first_places<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, usize> {
    let mut places = BTreeMap::new();
    for (place, key) in keys.into_iter().enumerate() {
        places.entry(key).or_insert(place);
    }
    places
}

/// Maps each key to its place, the last of equal ones.
pub(crate) fn last_places<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, usize> {
    let places = keys.into_iter().enumerate();
    places.map(|(place, key)| (key, place)).collect()
}

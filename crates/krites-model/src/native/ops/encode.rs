//! OneHotEncoder and LabelEncoder.

use std::collections::BTreeMap;

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Layout, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Keys of a mapping, to the place of each
#[derive(Debug)]
enum Keys {
    Texts(BTreeMap<String, usize>),
    Integers(BTreeMap<i64, usize>),
    /// Floats by their bits; one NaN for all
    Floats(BTreeMap<u32, usize>),
}

impl Keys {
    /// Calls `on_row` with each element's place among the keys.
    fn look_up(
        &self,
        arguments: &Arguments<'_, '_>,
        mut on_row: impl FnMut(usize, Option<usize>),
    ) -> Result<(), ModelError> {
        match self {
            Self::Texts(keys) => {
                for (idx, text) in arguments.texts(0)?.iter().enumerate() {
                    on_row(idx, keys.get(text).copied());
                }
            }
            Self::Integers(keys) => {
                for (idx, integer) in arguments.array::<i64>(0)?.iter().enumerate() {
                    on_row(idx, keys.get(integer).copied());
                }
            }
            Self::Floats(keys) => {
                for (idx, &float) in arguments.array::<f32>(0)?.iter().enumerate() {
                    on_row(idx, keys.get(&float_key(float)).copied());
                }
            }
        }
        Ok(())
    }
}

/// Returns the bits of a float, the same for both zeros and for every NaN.
fn float_key(float: f32) -> u32 {
    if float.is_nan() {
        f32::NAN.to_bits()
    } else {
        (float + 0.0).to_bits()
    }
}

/// Maps each key to its place; of equal keys the first or the last one wins.
fn places<K: Ord>(keys: impl Iterator<Item = K>, first_wins: bool) -> BTreeMap<K, usize> {
    let mut places = BTreeMap::new();
    for (place, key) in keys.enumerate() {
        let known = places.entry(key).or_insert(place);
        if !first_wins {
            *known = place;
        }
    }
    places
}

/// Builds OneHotEncoder of one column.
pub(crate) fn one_hot(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.rows(0)?;
    if batch.shape.width != 1 {
        return Err(node.refuse("it encodes more than one column"));
    }
    let (texts, integers) = (node.texts("cats_strings")?, node.integers("cats_int64s"));
    let width = texts.len().max(integers.len());
    let (batch, keys) = match batch.shape.element {
        ElementType::Text => (batch, Keys::Texts(places(texts.into_iter(), false))),
        ElementType::Boolean => return Err(node.refuse("it encodes booleans")),
        _ => {
            let batch = super::cast::cast(plan, node, batch, ElementType::Integer)?;
            (
                batch,
                Keys::Integers(places(integers.iter().copied(), false)),
            )
        }
    };
    let layout = if batch.shape.layout == Layout::Column {
        Layout::Matrix
    } else {
        Layout::Deep
    };
    let shape = Shape {
        element: ElementType::Float,
        layout,
        width,
    };
    let zeros = node.integer("zeros", 1) != 0;
    Ok(plan.step(OneHot { keys, width, zeros }, &[batch.operand], &[shape]))
}

#[derive(Debug)]
struct OneHot {
    keys: Keys,
    width: usize,
    /// An unknown category gives zeros, else it is an error
    zeros: bool,
}

impl Kernel for OneHot {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let to = f32::resized(output, arguments.n_rows * self.width);
        to.fill(0.0);
        let mut unknown = false;
        self.keys.look_up(arguments, |row_idx, place| match place {
            Some(place) => {
                if let Some(to) = to.get_mut(row_idx * self.width + place) {
                    *to = 1.0;
                }
            }
            None => unknown = true,
        })?;
        if unknown && !self.zeros {
            let detail = "a category is not one that the encoder knows".to_owned();
            return Err(ModelError::Failed { detail });
        }
        Ok(())
    }
}

/// Builds LabelEncoder.
pub(crate) fn label_encoder(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let batch = node.batch(0)?;
    let (keys, values) = if node.opset == 1 {
        version_1(node, batch.shape.element)?
    } else {
        version_2(node)?
    };
    let fits = match &keys {
        (Keys::Texts(_), _) => batch.shape.element == ElementType::Text,
        (Keys::Integers(_), _) => batch.shape.element == ElementType::Integer,
        (Keys::Floats(_), _) => batch.shape.element == ElementType::Float,
    };
    if !fits || keys.1 != values.len() {
        return Err(node.malformed("its keys do not fit its input or its values"));
    }
    let shape = Shape {
        element: values.element(),
        ..batch.shape
    };
    let kernel = LabelEncoder {
        keys: keys.0,
        values,
        width: batch.shape.width,
    };
    Ok(plan.step(kernel, &[batch.operand], &[shape]))
}

/// Keys with their count, equal ones counted apart
type CountedKeys = (Keys, usize);

fn version_1(
    node: &NodeContext<'_>,
    from: ElementType,
) -> Result<(CountedKeys, Values), NotNative> {
    let texts = node.texts("classes_strings")?;
    let count = texts.len();
    let numbers: Vec<i64> = (0_i64..).take(count).collect();
    if from == ElementType::Text {
        let values = Values::Integers(numbers, node.integer("default_int64", -1));
        return Ok((
            (Keys::Texts(places(texts.into_iter(), false)), count),
            values,
        ));
    }
    let default = node.text("default_string", "_Unused")?.to_owned();
    Ok((
        (Keys::Integers(places(numbers.into_iter(), false)), count),
        Values::Texts(texts, default),
    ))
}

fn version_2(node: &NodeContext<'_>) -> Result<(CountedKeys, Values), NotNative> {
    let texts = node.texts("keys_strings")?;
    let (integers, floats) = (node.integers("keys_int64s"), node.floats("keys_floats"));
    // ONNX Runtime keeps the first of equal keys.
    let keys = if !texts.is_empty() {
        let count = texts.len();
        (Keys::Texts(places(texts.into_iter(), true)), count)
    } else if !integers.is_empty() {
        (
            Keys::Integers(places(integers.iter().copied(), true)),
            integers.len(),
        )
    } else if !floats.is_empty() {
        (
            Keys::Floats(places(floats.iter().map(|&float| float_key(float)), true)),
            floats.len(),
        )
    } else {
        return Err(node.refuse("it has its keys in a tensor"));
    };
    let texts = node.texts("values_strings")?;
    let (integers, floats) = (node.integers("values_int64s"), node.floats("values_floats"));
    let values = if !texts.is_empty() {
        Values::Texts(texts, node.text("default_string", "_Unused")?.to_owned())
    } else if !integers.is_empty() {
        Values::Integers(integers.to_vec(), node.integer("default_int64", -1))
    } else if !floats.is_empty() {
        Values::Floats(floats.to_vec(), node.float("default_float", -0.0))
    } else {
        return Err(node.refuse("it has its values in a tensor"));
    };
    Ok((keys, values))
}

/// Values of a mapping with the one for unknown keys
#[derive(Debug)]
enum Values {
    Texts(Vec<String>, String),
    Integers(Vec<i64>, i64),
    Floats(Vec<f32>, f32),
}

impl Values {
    fn element(&self) -> ElementType {
        match self {
            Self::Texts(..) => ElementType::Text,
            Self::Integers(..) => ElementType::Integer,
            Self::Floats(..) => ElementType::Float,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Texts(values, _) => values.len(),
            Self::Integers(values, _) => values.len(),
            Self::Floats(values, _) => values.len(),
        }
    }
}

#[derive(Debug)]
struct LabelEncoder {
    keys: Keys,
    values: Values,
    width: usize,
}

impl Kernel for LabelEncoder {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let len = arguments.n_rows * self.width;
        match &self.values {
            Values::Texts(values, default) => {
                let to = output.texts_mut(len);
                self.keys.look_up(arguments, |idx, place| {
                    let text = place.and_then(|place| values.get(place)).unwrap_or(default);
                    if let Some(to) = to.get_mut(idx) {
                        to.clear();
                        to.push_str(text);
                    }
                })
            }
            Values::Integers(values, default) => self.map(arguments, output, values, *default),
            Values::Floats(values, default) => self.map(arguments, output, values, *default),
        }
    }
}

impl LabelEncoder {
    fn map<T: Element>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
        values: &[T],
        default: T,
    ) -> Result<(), ModelError> {
        let to = T::resized(output, arguments.n_rows * self.width);
        self.keys.look_up(arguments, |idx, place| {
            if let Some(to) = to.get_mut(idx) {
                *to = place
                    .and_then(|place| values.get(place))
                    .copied()
                    .unwrap_or(default);
            }
        })
    }
}

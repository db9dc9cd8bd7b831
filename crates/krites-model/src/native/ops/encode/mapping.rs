//! Elements by keys: one step of LabelEncoder and CategoryMapper.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::{Place, Traced};
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::ops::encode::keys::Keys;
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Values of a mapping with the one for unknown keys
#[derive(Debug)]
pub(crate) enum Values {
    Texts(Vec<String>, String),
    Integers(Vec<i64>, i64),
    Floats(Vec<f32>, f32),
    Doubles(Vec<f64>, f64),
}

impl Values {
    fn element(&self) -> ElementType {
        match self {
            Self::Texts(..) => ElementType::Text,
            Self::Integers(..) => ElementType::Integer,
            Self::Floats(..) => ElementType::Float,
            Self::Doubles(..) => ElementType::Double,
        }
    }

    /// Counts the values.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Texts(values, _) => values.len(),
            Self::Integers(values, _) => values.len(),
            Self::Floats(values, _) => values.len(),
            Self::Doubles(values, _) => values.len(),
        }
    }
}

/// Adds a step that gives the value of each element's key.
pub(crate) fn map(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    keys: Keys,
    values: Values,
) -> Result<Vec<Value>, NotNative> {
    let batch = node.batch(0)?;
    if keys.element() != batch.shape.element {
        return Err(node.malformed(format!(
            "its keys are {}, its input is {}",
            keys.element(),
            batch.shape.element
        )));
    }
    let shape = Shape {
        element: values.element(),
        ..batch.shape
    };
    let width = batch.shape.width;
    let kernel = Mapping {
        keys,
        values,
        width,
    };
    Ok(plan.step(kernel, &[batch.operand], &[shape]))
}

#[derive(Debug)]
struct Mapping {
    keys: Keys,
    values: Values,
    width: usize,
}

impl Kernel for Mapping {
    fn trace(&self, _: usize, at: usize) -> Traced {
        Traced::Of(vec![Place::first(at)])
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match &self.values {
            Values::Texts(values, default) => {
                let to = output.texts_mut(arguments.n_rows * self.width);
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
            Values::Doubles(values, default) => self.map(arguments, output, values, *default),
        }
    }

    fn part(&self) -> Part<'_> {
        match self.values {
            Values::Texts(..) => Part::Other,
            Values::Integers(..) | Values::Floats(..) | Values::Doubles(..) => Part::Elementwise,
        }
    }
}

impl Mapping {
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

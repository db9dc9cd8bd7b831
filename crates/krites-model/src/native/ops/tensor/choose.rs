//! Where and Clip: one of several values for each element.

use super::broadcast::{Side, broadcast, side};
use super::give::{give, only};
use super::item::Item;
use super::pick::{Place, pick};
use super::real::Real;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{self, Traced};
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::ops::cast::each;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds Where.
pub(crate) fn choose(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let (condition, yes, no) = (Item::of(node, 0)?, Item::of(node, 1)?, Item::of(node, 2)?);
    if condition.element != ElementType::Boolean || yes.element != no.element {
        return Err(node.malformed("its inputs are not of the types that it chooses from"));
    }
    let met = broadcast(plan, node, &[&condition, &yes, &no])?;
    let sides = [&condition, &yes, &no].map(|item| side(item, &met));
    let (dims, width) = (met.dims.clone(), met.dims.iter().product());
    if let Some(Buffer::Boolean(values)) = condition.tensor().map(|tensor| &tensor.data) {
        let [condition_side, yes_side, no_side] = &sides;
        let place = |at| match values.get(condition_side.at(at)) {
            Some(true) => Place::new(0, yes_side.at(at)),
            _ => Place::new(1, no_side.at(at)),
        };
        let places: Vec<Place> = (0..width).map(place).collect();
        let item = pick(plan, node, &[&yes, &no], &places, dims)?;
        return Ok(vec![item.at(met.batch).into_value(node)?]);
    }
    let element = yes.element;
    let kernel = Choose {
        element,
        width,
        sides,
    };
    let items = [&condition, &yes, &no];
    let made = give(plan, node, kernel, &items, &[(element, dims)], 4)?;
    Ok(vec![only(node, made)?.at(met.batch).into_value(node)?])
}

#[derive(Debug)]
struct Choose {
    element: ElementType,
    width: usize,
    sides: [Side; 3],
}

impl Kernel for Choose {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => self.choose::<f32>(arguments, output),
            ElementType::Double => self.choose::<f64>(arguments, output),
            ElementType::Integer => self.choose::<i64>(arguments, output),
            ElementType::Boolean => self.choose::<bool>(arguments, output),
            ElementType::Text => {
                let (yes, no) = (arguments.texts(1)?, arguments.texts(2)?);
                let to = output.texts_mut(arguments.n_rows * self.width);
                self.each(arguments, |at, [yes_at, no_at], holds| {
                    if let Some(to) = to.get_mut(at) {
                        to.clear();
                        to.push_str(if holds {
                            yes.get(yes_at)
                        } else {
                            no.get(no_at)
                        });
                    }
                })
            }
        }
    }

    fn trace(&self, _: usize, at: usize) -> Traced {
        let places = self.sides.iter().enumerate();
        let places = places.map(|(operand, side)| explain::Place {
            operand,
            at: side.at(at),
        });
        Traced::Of(places.collect())
    }

    fn part(&self) -> Part<'_> {
        if self.width == 1 {
            Part::Elementwise
        } else {
            Part::Other
        }
    }
}

impl Choose {
    fn choose<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let (yes, no) = (arguments.array::<T>(1)?, arguments.array::<T>(2)?);
        let to = T::resized(output, arguments.n_rows * self.width);
        self.each(arguments, |at, [yes_at, no_at], holds| {
            let chosen = if holds {
                yes.get(yes_at)
            } else {
                no.get(no_at)
            };
            if let (Some(to), Some(chosen)) = (to.get_mut(at), chosen) {
                *to = *chosen;
            }
        })
    }

    /// Calls `write` with each place, the places of both values that meet it,
    /// and whether the condition holds.
    fn each(
        &self,
        arguments: &Arguments<'_, '_>,
        mut write: impl FnMut(usize, [usize; 2], bool),
    ) -> Result<(), ModelError> {
        let conditions = arguments.array::<bool>(0)?;
        let [condition, yes, no] = &self.sides;
        for row_idx in 0..arguments.n_rows {
            let find = |side: &Side, at| row_idx * side.stride + side.at(at);
            for at in 0..self.width {
                let holds = conditions.get(find(condition, at)).copied();
                let places = [find(yes, at), find(no, at)];
                write(row_idx * self.width + at, places, holds.unwrap_or(false));
            }
        }
        Ok(())
    }
}

/// Builds Clip between constant bounds.
pub(crate) fn clip(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let element = item.element;
    let bounds = match element {
        ElementType::Float => Bounds::Float(
            bound(node, 1, "min", f32::LOWEST)?,
            bound(node, 2, "max", f32::MAX)?,
        ),
        ElementType::Double => Bounds::Double(
            bound(node, 1, "min", f64::LOWEST)?,
            bound(node, 2, "max", f64::MAX)?,
        ),
        ElementType::Integer => Bounds::Integer(
            bound(node, 1, "min", i64::MIN)?,
            bound(node, 2, "max", i64::MAX)?,
        ),
        _ => return Err(node.refuse(format!("its elements are {element}"))),
    };
    let results = [(element, item.dims.clone())];
    let made = give(plan, node, Clip { bounds }, &[&item], &results, 1)?;
    Ok(vec![only(node, made)?.into_value(node)?])
}

/// Reads a bound from an input, or from an attribute as old files have it.
fn bound<T: Element + FromFloat>(
    node: &NodeContext<'_>,
    idx: usize,
    name: &str,
    default: T,
) -> Result<T, NotNative> {
    if node.input(idx).is_none() {
        return Ok(node
            .attribute(name)
            .map_or(default, |attribute| T::from_float(attribute.f)));
    }
    match T::of(&node.constant(idx)?.data) {
        Some([bound]) => Ok(*bound),
        _ => Err(node.malformed(format!("its bound `{name}` is not one element of its type"))),
    }
}

/// What attributes of floats can stand for
trait FromFloat {
    fn from_float(x: f32) -> Self;
}

impl FromFloat for f32 {
    fn from_float(x: f32) -> Self {
        x
    }
}

impl FromFloat for f64 {
    fn from_float(x: f32) -> Self {
        x.into()
    }
}

impl FromFloat for i64 {
    fn from_float(x: f32) -> Self {
        x as Self
    }
}

#[derive(Clone, Copy, Debug)]
enum Bounds {
    Float(f32, f32),
    Double(f64, f64),
    Integer(i64, i64),
}

#[derive(Debug)]
struct Clip {
    bounds: Bounds,
}

impl Kernel for Clip {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.bounds {
            Bounds::Float(min, max) => each(arguments, output, |x| clipped(x, min, max)),
            Bounds::Double(min, max) => each(arguments, output, |x| clipped(x, min, max)),
            Bounds::Integer(min, max) => each(arguments, output, |x| clipped(x, min, max)),
        }
    }

    fn trace(&self, _: usize, at: usize) -> Traced {
        Traced::Of(vec![explain::Place::first(at)])
    }

    fn part(&self) -> Part<'_> {
        Part::Elementwise
    }
}

/// NaN stays NaN; where the bounds cross, the upper one holds.
fn clipped<T: PartialOrd>(x: T, min: T, max: T) -> T {
    let x = if x < min { min } else { x };
    if x > max { max } else { x }
}

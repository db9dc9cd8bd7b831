//! The kernel of arithmetic, comparison and logic.

use super::binary::Binary;
use super::broadcast::Side;
use super::pairs::pairs;
use super::real::Real;
use crate::buffer::{Buffer, Element};
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Sum, Traced};
use crate::native::join_trees::Part;
use crate::native::plan::Kernel;
use crate::{ElementType, ModelError};

/// An operator of two values as a step
#[derive(Debug)]
pub(super) struct BinaryKernel {
    pub(super) function: Binary,
    pub(super) elements: [ElementType; 2],
    pub(super) width: usize,
    pub(super) sides: [Side; 2],
}

impl Kernel for BinaryKernel {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        use ElementType::{Boolean, Double, Float, Integer, Text};
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.elements {
            [Float, Float] if self.function == Binary::Pow => {
                self.each(arguments, output, libm::powf)
            }
            [Float, Integer] => self.each(arguments, output, |a: f32, b: i64| {
                power(a.wide(), b as f64) as f32
            }),
            [Float, Double] => self.each(arguments, output, |a: f32, b: f64| {
                power(a.wide(), b) as f32
            }),
            [Double, Float] => self.each(arguments, output, |a: f64, b: f32| power(a, b.wide())),
            [Double, Integer] => self.each(arguments, output, |a: f64, b: i64| power(a, b as f64)),
            // Whole numbers are raised as numbers of 64 bits, as ONNX Runtime does.
            [Integer, Float] => self.each(arguments, output, |a: i64, b: f32| {
                power(a as f64, b.wide()) as i64
            }),
            [Integer, Double] => self.each(arguments, output, |a: i64, b: f64| {
                power(a as f64, b) as i64
            }),
            [Float, _] => self.floats::<f32>(arguments, output),
            [Double, _] => self.floats::<f64>(arguments, output),
            [Integer, _] => self.integers(arguments, output),
            [Boolean, _] => match self.function {
                Binary::And => self.each(arguments, output, |a: bool, b: bool| a & b),
                Binary::Or => self.each(arguments, output, |a: bool, b: bool| a | b),
                Binary::Xor => self.each(arguments, output, |a: bool, b: bool| a ^ b),
                _ => self.compare::<bool>(arguments, output),
            },
            [Text, _] => self.texts(arguments, output),
        }
    }

    fn trace(&self, _: usize, at: usize) -> Traced {
        let [left, right] = &self.sides;
        let [left, right] = [(0, left), (1, right)].map(|(operand, side)| Place {
            operand,
            at: side.at(at),
        });
        if !matches!(
            self.elements,
            [ElementType::Float, ElementType::Float] | [ElementType::Double, ElementType::Double]
        ) {
            return Traced::Of(vec![left, right]);
        }
        let sum = |sign| {
            Traced::Sum(Sum {
                terms: vec![(left, 1.0), (right, sign)],
                ..Sum::default()
            })
        };
        match self.function {
            Binary::Add => sum(1.0),
            Binary::Sub => sum(-1.0),
            Binary::Mul => Traced::Product(left, right),
            Binary::Div => Traced::Quotient(left, right),
            _ => Traced::Of(vec![left, right]),
        }
    }

    fn part(&self) -> Part<'_> {
        match (self.function, self.elements) {
            _ if self.width != 1 => Part::Other,
            (Binary::Add, [ElementType::Float, _]) => Part::Add,
            _ => Part::Elementwise,
        }
    }
}

fn power(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

impl BinaryKernel {
    fn floats<T: Real>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        match self.function {
            Binary::Add => self.each(arguments, output, |a: T, b: T| a + b),
            Binary::Sub => self.each(arguments, output, |a: T, b: T| a - b),
            Binary::Mul => self.each(arguments, output, |a: T, b: T| a * b),
            Binary::Div => self.each(arguments, output, |a: T, b: T| a / b),
            Binary::Pow => self.each(arguments, output, T::pow),
            Binary::Remainder => self.each(arguments, output, T::remainder),
            Binary::PRelu => self.each(arguments, output, |x: T, slope: T| {
                if x < T::default() { slope * x } else { x }
            }),
            Binary::Max => self.each(
                arguments,
                output,
                |a: T, b: T| {
                    if a < b || b.is_nan() { b } else { a }
                },
            ),
            Binary::Min => self.each(
                arguments,
                output,
                |a: T, b: T| {
                    if a > b || b.is_nan() { b } else { a }
                },
            ),
            _ => self.compare::<T>(arguments, output),
        }
    }

    fn integers(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let divides = matches!(
            self.function,
            Binary::Div | Binary::Modulo | Binary::Remainder
        );
        if divides && arguments.array::<i64>(1)?.contains(&0) {
            let detail = "a whole number is divided by zero".to_owned();
            return Err(ModelError::Failed { detail });
        }
        match self.function {
            Binary::Add => self.each(arguments, output, i64::wrapping_add),
            Binary::Sub => self.each(arguments, output, i64::wrapping_sub),
            Binary::Mul => self.each(arguments, output, i64::wrapping_mul),
            Binary::Div => self.each(arguments, output, |a: i64, b: i64| {
                a.checked_div(b).unwrap_or(i64::MIN)
            }),
            Binary::Remainder => self.each(arguments, output, |a: i64, b: i64| {
                a.checked_rem(b).unwrap_or(0)
            }),
            Binary::Modulo => self.each(arguments, output, |a: i64, b: i64| {
                let rest = a.checked_rem(b).unwrap_or(0);
                if rest != 0 && (rest < 0) != (b < 0) {
                    rest.wrapping_add(b)
                } else {
                    rest
                }
            }),
            Binary::Pow => self.each(arguments, output, |a: i64, b: i64| {
                power(a as f64, b as f64) as i64
            }),
            Binary::Max => self.each(arguments, output, |a: i64, b: i64| a.max(b)),
            Binary::Min => self.each(arguments, output, |a: i64, b: i64| a.min(b)),
            _ => self.compare::<i64>(arguments, output),
        }
    }

    fn compare<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        match self.function {
            Binary::Greater => self.each(arguments, output, |a: T, b: T| a > b),
            Binary::GreaterOrEqual => self.each(arguments, output, |a: T, b: T| a >= b),
            Binary::Less => self.each(arguments, output, |a: T, b: T| a < b),
            Binary::LessOrEqual => self.each(arguments, output, |a: T, b: T| a <= b),
            _ => self.each(arguments, output, |a: T, b: T| a == b),
        }
    }

    /// Tells which texts are equal.
    fn texts(&self, arguments: &Arguments<'_, '_>, output: &mut Buffer) -> Result<(), ModelError> {
        let (left, right) = (arguments.texts(0)?, arguments.texts(1)?);
        let [left_side, right_side] = &self.sides;
        let to = bool::resized(output, arguments.n_rows * self.width);
        for (row_idx, to) in to.chunks_exact_mut(self.width).enumerate() {
            for (column, to) in to.iter_mut().enumerate() {
                let a = left.get(row_idx * left_side.stride + left_side.at(column));
                *to = a == right.get(row_idx * right_side.stride + right_side.at(column));
            }
        }
        Ok(())
    }

    fn each<A: InputElement, B: InputElement, U: Element>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
        f: impl Fn(A, B) -> U,
    ) -> Result<(), ModelError> {
        pairs(&self.sides, self.width, arguments, output, f)
    }
}

//! Rows for any signature, from a seed, odd values among them.

use krites_model::testing::Numbers;
use krites_model::{
    Call, ElementType, InputTensor, Model, ModelError, OutputTensor, Scratch, Signature,
};
use ndarray::{Array2, Axis};

/// What texts hold
const TEXTS: [&str; 12] = [
    "",
    "red",
    "green",
    "blue",
    "The cat sat",
    "x1 y2 x1",
    "ä Ö ß",
    "a",
    "the the cat",
    "-1",
    "3.5",
    " ",
];

/// An input, owned
pub(crate) enum Column {
    Float(Array2<f32>),
    Double(Array2<f64>),
    Integer(Array2<i64>),
    Boolean(Array2<bool>),
    Text(Array2<&'static str>),
}

/// Makes rows for the inputs of a model.
pub(crate) fn rows(signature: &Signature, n_rows: usize, seed: u64) -> Vec<Column> {
    let mut numbers = Numbers(seed);
    let columns = signature.inputs.iter().map(|spec| {
        let shape = (n_rows, spec.width);
        match spec.element {
            ElementType::Float => Column::Float(Array2::from_shape_simple_fn(shape, || {
                odd(&mut numbers) as f32
            })),
            ElementType::Double => {
                Column::Double(Array2::from_shape_simple_fn(shape, || odd(&mut numbers)))
            }
            ElementType::Integer => Column::Integer(Array2::from_shape_simple_fn(shape, || {
                numbers.below(12) as i64 - 3
            })),
            ElementType::Boolean => Column::Boolean(Array2::from_shape_simple_fn(shape, || {
                numbers.below(2) == 1
            })),
            ElementType::Text => Column::Text(Array2::from_shape_simple_fn(shape, || {
                TEXTS[numbers.below(TEXTS.len())]
            })),
        }
    });
    columns.collect()
}

fn odd(numbers: &mut Numbers) -> f64 {
    match numbers.below(40) {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => f64::NEG_INFINITY,
        3 => 1e30,
        4 => -0.0,
        _ => (numbers.below(2_000_001) as f64 - 1_000_000.0) / 160_000.0,
    }
}

/// Runs rows `from..to`.
pub(crate) fn run(
    model: &dyn Model,
    columns: &[Column],
    from: usize,
    to: usize,
    scratch: &mut Scratch,
) -> Result<Vec<OutputTensor>, ModelError> {
    let inputs: Vec<InputTensor<'_>> = columns
        .iter()
        .map(|column| match column {
            Column::Float(all) => InputTensor::Float(all.slice_axis(Axis(0), (from..to).into())),
            Column::Double(all) => InputTensor::Double(all.slice_axis(Axis(0), (from..to).into())),
            Column::Integer(all) => {
                InputTensor::Integer(all.slice_axis(Axis(0), (from..to).into()))
            }
            Column::Boolean(all) => {
                InputTensor::Boolean(all.slice_axis(Axis(0), (from..to).into()))
            }
            Column::Text(all) => InputTensor::Text(all.slice_axis(Axis(0), (from..to).into())),
        })
        .collect();
    let specs = model.signature().outputs.iter();
    let mut outputs: Vec<_> = specs
        .map(|spec| OutputTensor::for_spec(spec, to - from))
        .collect();
    model.run(&mut Call {
        inputs: &inputs,
        outputs: &mut outputs,
        within: None,
        scratch,
    })?;
    Ok(outputs)
}

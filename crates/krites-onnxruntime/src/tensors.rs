//! Views of a call as values of ONNX Runtime, and back.

use krites_model::{InputSpec, InputTensor, ModelError, OutputSpec, OutputTensor, Signature};
use ndarray::{Array2, ArrayView2, Axis};
use ort::session::SessionInputValue;
use ort::value::{
    DynValue, PrimitiveTensorElementType, Tensor, TensorElementType, TensorRef, ValueType,
};

use crate::load::{Port, Ports};

/// Makes the values of all inputs for some rows.
pub(crate) fn values<'n, 'v>(
    ports: &Ports,
    signature: &'n Signature,
    inputs: &[InputTensor<'v>],
    start: usize,
    n_rows: usize,
) -> Result<Vec<(&'n str, SessionInputValue<'v>)>, ModelError> {
    let specs = ports.inputs.iter().zip(&signature.inputs);
    let values = inputs.iter().zip(specs).map(|(input, (port, spec))| {
        let value = value(input, port, spec, start, n_rows)?;
        Ok((spec.name.as_str(), value))
    });
    values.collect()
}

/// Makes the value of an input, borrowed where its rows lie one behind the other.
pub(crate) fn value<'v>(
    input: &InputTensor<'v>,
    port: &Port,
    spec: &InputSpec,
    start: usize,
    n_rows: usize,
) -> Result<SessionInputValue<'v>, ModelError> {
    match input {
        InputTensor::Float(view) => numbers(view, port, start, n_rows),
        InputTensor::Double(view) => numbers(view, port, start, n_rows),
        InputTensor::Integer(view) if port.element == TensorElementType::Int32 => {
            let mut narrow = Vec::with_capacity(n_rows * view.ncols());
            for &integer in rows(view, start, n_rows) {
                narrow.push(i32::try_from(integer).map_err(|_| ModelError::Shape {
                    detail: format!(
                        "input `{}` has {integer}, which needs more than 32 bits",
                        spec.name
                    ),
                })?);
            }
            let tensor =
                Tensor::from_array((shape(port, n_rows, view.ncols()), narrow)).map_err(failed)?;
            Ok(tensor.into())
        }
        InputTensor::Integer(view) => numbers(view, port, start, n_rows),
        InputTensor::Boolean(view) => numbers(view, port, start, n_rows),
        InputTensor::Text(view) => {
            let texts: Vec<String> = rows(view, start, n_rows)
                .map(|&text| text.to_owned())
                .collect();
            if texts.iter().any(|text| text.contains('\0')) {
                let detail = format!("input `{}` has a text with a NUL character", spec.name);
                return Err(ModelError::Shape { detail });
            }
            let shape = shape(port, n_rows, view.ncols());
            let tensor = Tensor::from_string_array((shape, texts.as_slice())).map_err(failed)?;
            Ok(tensor.into())
        }
    }
}

/// Copies a result into the rows of an output.
pub(crate) fn read(
    result: &DynValue,
    output: &mut OutputTensor,
    spec: &OutputSpec,
    start: usize,
    n_rows: usize,
) -> Result<(), ModelError> {
    match output {
        OutputTensor::Float(output) => copy::<f32, f32>(result, output, spec, start, n_rows, |x| x),
        OutputTensor::Double(output) => {
            copy::<f64, f64>(result, output, spec, start, n_rows, |x| x)
        }
        OutputTensor::Integer(output) => {
            if result.try_extract_tensor::<i32>().is_ok() {
                copy::<i32, i64>(result, output, spec, start, n_rows, i64::from)
            } else {
                copy::<i64, i64>(result, output, spec, start, n_rows, |x| x)
            }
        }
        OutputTensor::Boolean(output) => {
            copy::<bool, bool>(result, output, spec, start, n_rows, |x| x)
        }
        OutputTensor::Text(output) => {
            let (_, texts) = result.try_extract_strings().map_err(failed)?;
            same_count(texts.len(), n_rows, spec)?;
            let rows = output.rows_mut().into_iter().skip(start).take(n_rows);
            for (to, text) in rows.into_iter().flatten().zip(texts) {
                *to = text;
            }
            Ok(())
        }
    }
}

/// Counts the elements of a result, where it has some.
pub(crate) fn count(result: &DynValue) -> Option<usize> {
    let ValueType::Tensor { shape, .. } = result.dtype() else {
        return None;
    };
    Some(shape.num_elements()).filter(|&count| count > 0)
}

/// Tells what ONNX Runtime said.
pub(crate) fn failed(error: ort::Error) -> ModelError {
    ModelError::Failed {
        detail: error.to_string(),
    }
}

fn numbers<'v, T>(
    view: &ArrayView2<'v, T>,
    port: &Port,
    start: usize,
    n_rows: usize,
) -> Result<SessionInputValue<'v>, ModelError>
where
    T: PrimitiveTensorElementType + std::fmt::Debug + Clone + 'static,
{
    let width = view.ncols();
    let shape = shape(port, n_rows, width);
    let all = view.to_slice();
    match all.and_then(|all| all.get(start * width..(start + n_rows) * width)) {
        Some(rows) => Ok(TensorRef::from_array_view((shape, rows))
            .map_err(failed)?
            .into()),
        None => {
            let rows: Vec<T> = rows(view, start, n_rows).cloned().collect();
            Ok(Tensor::from_array((shape, rows)).map_err(failed)?.into())
        }
    }
}

fn rows<'a, T>(
    view: &'a ArrayView2<'_, T>,
    start: usize,
    n_rows: usize,
) -> impl Iterator<Item = &'a T> {
    view.axis_iter(Axis(0)).skip(start).take(n_rows).flatten()
}

fn shape(port: &Port, n_rows: usize, width: usize) -> Vec<usize> {
    if port.rank == 1 {
        vec![n_rows]
    } else {
        vec![n_rows, width]
    }
}

fn copy<T: PrimitiveTensorElementType + Copy, U>(
    result: &DynValue,
    output: &mut Array2<U>,
    spec: &OutputSpec,
    start: usize,
    n_rows: usize,
    convert: impl Fn(T) -> U,
) -> Result<(), ModelError> {
    let (_, elements) = result.try_extract_tensor::<T>().map_err(failed)?;
    same_count(elements.len(), n_rows, spec)?;
    let rows = output.rows_mut().into_iter().skip(start).take(n_rows);
    for (to, &element) in rows.flatten().zip(elements) {
        *to = convert(element);
    }
    Ok(())
}

fn same_count(count: usize, n_rows: usize, spec: &OutputSpec) -> Result<(), ModelError> {
    if count == n_rows * spec.width {
        return Ok(());
    }
    let detail = format!(
        "output `{}` has {count} elements for {n_rows} rows, where each row needs {}",
        spec.name, spec.width
    );
    Err(ModelError::Shape { detail })
}

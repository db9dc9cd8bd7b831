//! What a model is fed, seen as the inputs of a call.

use krites_lang::Feed;
use krites_model::{InputTensor, ModelError};
use ndarray::ArrayView2;

/// The texts that are fed, for [`inputs`] to view.
pub(super) fn texts(feeds: &[Feed]) -> Vec<Vec<&str>> {
    let texts = feeds.iter().map(|feed| match feed {
        Feed::Text(texts) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    texts.collect()
}

/// Views what is fed as the inputs of a call.
pub(super) fn inputs<'f>(
    feeds: &'f [Feed],
    texts: &'f [Vec<&'f str>],
    rows: usize,
) -> Result<Vec<InputTensor<'f>>, ModelError> {
    let feeds = feeds.iter().zip(texts);
    let inputs = feeds.map(|(feed, texts)| {
        numbers(feed, rows).unwrap_or_else(|| view(texts, rows).map(InputTensor::Text))
    });
    inputs.collect()
}

/// One row of what all rows are fed.
pub(super) fn one_row(feed: &Feed, row: usize, rows: usize) -> Feed {
    fn cut<T: Clone>(values: &[T], row: usize, rows: usize) -> Vec<T> {
        let width = values.len() / rows.max(1);
        let of_row = values.get(row * width..(row + 1) * width);
        of_row.map_or_else(Vec::new, <[T]>::to_vec)
    }
    match feed {
        Feed::Float(values) => Feed::Float(cut(values, row, rows)),
        Feed::Double(values) => Feed::Double(cut(values, row, rows)),
        Feed::Integer(values) => Feed::Integer(cut(values, row, rows)),
        Feed::Boolean(values) => Feed::Boolean(cut(values, row, rows)),
        Feed::Text(values) => Feed::Text(cut(values, row, rows)),
    }
}

/// Rows of numbers as a tensor; `None` for texts.
pub(super) fn numbers(feed: &Feed, rows: usize) -> Option<Result<InputTensor<'_>, ModelError>> {
    Some(match feed {
        Feed::Float(values) => view(values, rows).map(InputTensor::Float),
        Feed::Double(values) => view(values, rows).map(InputTensor::Double),
        Feed::Integer(values) => view(values, rows).map(InputTensor::Integer),
        Feed::Boolean(values) => view(values, rows).map(InputTensor::Boolean),
        Feed::Text(_) => return None,
    })
}

fn view<T>(values: &[T], rows: usize) -> Result<ArrayView2<'_, T>, ModelError> {
    let width = values.len() / rows.max(1);
    ArrayView2::from_shape((rows, width), values).map_err(|error| ModelError::Shape {
        detail: error.to_string(),
    })
}

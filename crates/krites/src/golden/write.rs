//! Golden vectors as files hold them; what is written reads back to the same values.

use std::fmt::Debug;

use krites_model::OutputTensor;

use super::GoldenRows;

/// One element of a matrix
enum Value<'a> {
    /// A number, or the name of one that JSON lacks
    Number(String, bool),
    Boolean(bool),
    Text(&'a str),
}

/// Comma-separated values below a header.
pub(super) fn csv(rows: &GoldenRows) -> Option<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let cells = names(rows);
    writer.write_record(&cells).ok()?;
    for row in 0..rows.inputs.n_rows() {
        let cells = values(rows, row).map(|value| match value {
            Value::Number(text, _) => text,
            Value::Boolean(value) => value.to_string(),
            Value::Text(text) => text.to_owned(),
        });
        writer.write_record(cells).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// An object a row.
pub(super) fn json_lines(rows: &GoldenRows) -> String {
    let names: Vec<String> = names(rows).into_iter().map(quoted).collect();
    let mut written = String::new();
    for row in 0..rows.inputs.n_rows() {
        let fields = names.iter().zip(values(rows, row));
        let fields: Vec<String> = fields
            .map(|(name, value)| match value {
                Value::Number(text, true) => format!("{name}: {text}"),
                Value::Number(text, false) => format!("{name}: {}", quoted(&text)),
                Value::Boolean(value) => format!("{name}: {value}"),
                Value::Text(text) => format!("{name}: {}", quoted(text)),
            })
            .collect();
        written += &format!("{{{}}}\n", fields.join(", "));
    }
    written
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn names(rows: &GoldenRows) -> Vec<&str> {
    let inputs = rows.columns.iter().map(|column| column.name.as_str());
    let expected = rows.expected.iter().map(|column| column.name.as_str());
    inputs.chain(expected).collect()
}

fn values(rows: &GoldenRows, row: usize) -> impl Iterator<Item = Value<'_>> {
    let inputs = rows.columns.iter().filter_map(move |column| {
        let input = rows.inputs.inputs().get(column.port)?;
        value(input, row, column.at)
    });
    let expected = rows.expected.iter();
    inputs.chain(expected.filter_map(move |column| value(&column.values, row, 0)))
}

fn value(all: &OutputTensor, row: usize, at: usize) -> Option<Value<'_>> {
    let at = [row, at];
    Some(match all {
        OutputTensor::Float(all) => {
            let value = *all.get(at)?;
            Value::Number(shortest(value), value.is_finite())
        }
        OutputTensor::Double(all) => {
            let value = *all.get(at)?;
            Value::Number(shortest(value), value.is_finite())
        }
        OutputTensor::Integer(all) => Value::Number(all.get(at)?.to_string(), true),
        OutputTensor::Boolean(all) => Value::Boolean(*all.get(at)?),
        OutputTensor::Text(all) => Value::Text(all.get(at)?),
    })
}

/// The shortest text that reads back to the same float: `12`, `0.1`, `1e-30`, `NaN`.
fn shortest(value: impl Debug) -> String {
    let text = format!("{value:?}");
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

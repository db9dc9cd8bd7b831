//! What files of data hold, sign by sign and in plain maps.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use krites_lang::ir::{FieldType, FileColumn, FileTable};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::Value;

/// Files of data by their paths
pub type Files = BTreeMap<String, String>;

/// The rows of a file: by key, the values of the columns
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    rows: BTreeMap<String, (Value, Vec<Option<Value>>)>,
}

impl Rows {
    /// Reads a file that is known to be right.
    pub(crate) fn read(declared: &FileTable, files: &Files) -> Option<Rows> {
        let text = files.get(&*declared.path)?;
        let columns: Vec<&FileColumn> = std::iter::once(&declared.key)
            .chain(&declared.columns)
            .collect();
        let (records, positions) = [',', ';', '\t'].into_iter().find_map(|separator| {
            let records = records(text, separator);
            let header = records.first()?;
            let position =
                |column: &&FileColumn| header.iter().position(|name| **name == *column.name);
            let positions: Option<Vec<usize>> = columns.iter().map(position).collect();
            Some((records, positions?))
        })?;
        let mut rows = BTreeMap::new();
        for record in records.iter().skip(1) {
            let fields = columns.iter().zip(&positions);
            let values: Option<Vec<Option<Value>>> = fields
                .map(|(column, at)| match record.get(*at)?.as_str() {
                    "" => Some(None),
                    field => Some(Some(value(&column.ty, field)?)),
                })
                .collect();
            let mut values = values?.into_iter();
            let key = values.next()??;
            rows.insert(key_text(&key), (key, values.collect()));
        }
        Some(Rows { rows })
    }

    /// The values of a key's row.
    pub(crate) fn row(&self, key: &Value) -> Option<&[Option<Value>]> {
        let (_, values) = self.rows.get(&key_text(key))?;
        Some(values)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &Value> {
        self.rows.values().map(|(key, _)| key)
    }
}

/// The same text for equal keys of one file.
fn key_text(key: &Value) -> String {
    key.to_string()
}

/// Cuts a text into rows of fields; rows without a filled field are left out.
fn records(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let mut record: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut was_quoted = false;
    let mut signs = text.trim_start_matches('\u{feff}').chars().peekable();
    let is_blank = |sign: char| sign == ' ' || (sign == '\t' && separator != '\t');
    loop {
        let sign = signs.next();
        match sign {
            Some('"') if field.trim_matches(is_blank).is_empty() && !was_quoted => {
                field.clear();
                was_quoted = true;
                while let Some(quoted) = signs.next() {
                    match quoted {
                        '"' if signs.peek() == Some(&'"') => {
                            signs.next();
                            field.push('"');
                        }
                        '"' => break,
                        other => field.push(other),
                    }
                }
                // Up to the end of the field there are blanks alone
                while signs.peek().is_some_and(|sign| is_blank(*sign)) {
                    signs.next();
                }
            }
            Some('\r') if matches!(signs.peek(), None | Some('\n')) => {}
            Some(sign) if sign != separator && sign != '\n' => field.push(sign),
            end => {
                let whole = std::mem::take(&mut field);
                record.push(match was_quoted {
                    true => whole,
                    false => whole.trim_matches(is_blank).to_owned(),
                });
                was_quoted = false;
                if end == Some(separator) {
                    continue;
                }
                let record = std::mem::take(&mut record);
                if record.iter().any(|field| !field.is_empty()) {
                    all.push(record);
                }
                if end.is_none() {
                    return all;
                }
            }
        }
    }
}

fn value(ty: &FieldType, field: &str) -> Option<Value> {
    Some(match ty {
        FieldType::Integer | FieldType::Decimal(_) | FieldType::Money(..) => {
            Value::Number(number(field)?)
        }
        FieldType::Percent(_) => {
            let percent = number(field.strip_suffix('%')?.trim())?;
            Value::Number(percent / BigInt::from(100))
        }
        FieldType::Boolean => Value::Boolean(field == "true"),
        FieldType::Text => Value::Text(Arc::from(field)),
        FieldType::Date => Value::Date(NaiveDate::parse_from_str(field, "%Y-%m-%d").ok()?),
        FieldType::DateTime => {
            let instant = DateTime::parse_from_rfc3339(field).ok().or_else(|| {
                // The seconds may be left out
                let (clock, offset) = field.split_at(field.rfind(['+', '-', 'Z'])?);
                DateTime::parse_from_rfc3339(&format!("{clock}:00{offset}")).ok()
            })?;
            Value::DateTime(instant.timestamp_micros())
        }
        FieldType::Duration => Value::Duration(duration(field)?),
        FieldType::Label(wires) => {
            let position = wires.iter().position(|wire| **wire == *field)?;
            Value::Label(u32::try_from(position).ok()?)
        }
    })
}

/// Reads digits, a point and a sign.
fn number(field: &str) -> Option<BigRational> {
    let (whole, behind) = field.split_once('.').unwrap_or((field, ""));
    let digits: BigInt = format!("{whole}{behind}").parse().ok()?;
    let places = u32::try_from(behind.len()).ok()?;
    Some(BigRational::new(digits, BigInt::from(10).pow(places)))
}

/// Reads `2 days`, or days, hours, minutes and seconds as `P1DT2H`; gives
/// microseconds.
fn duration(field: &str) -> Option<BigInt> {
    let seconds = |unit: &str| match unit {
        "W" | "week" | "weeks" => Some(7 * 86_400),
        "D" | "day" | "days" => Some(86_400),
        "H" | "hour" | "hours" => Some(3_600),
        "M" | "minute" | "minutes" => Some(60),
        "S" | "second" | "seconds" => Some(1),
        _ => None,
    };
    let micro = BigInt::from(1_000_000);
    if let Some((count, unit)) = field.split_once(' ') {
        let count: BigInt = count.parse().ok()?;
        return Some(count * BigInt::from(seconds(unit.trim())?) * micro);
    }
    let mut sum = BigInt::from(0);
    let mut digits = String::new();
    for sign in field.strip_prefix('P')?.chars().filter(|sign| *sign != 'T') {
        if sign.is_ascii_digit() {
            digits.push(sign);
            continue;
        }
        let count: BigInt = std::mem::take(&mut digits).parse().ok()?;
        sum += count * BigInt::from(seconds(&sign.to_string())?) * &micro;
    }
    Some(sum)
}

//! Keys and values as bytes: whole numbers in as many as they need, texts behind
//! their length.

use crate::Exact;
use crate::ir::{FieldType, FileColumn};

/// A value that was found
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Found<'d> {
    Missing,
    /// As a slot of whole numbers holds it
    Whole(i64),
    Exact(Exact),
    Text(&'d str),
}

pub(super) fn push_whole(value: i64, out: &mut Vec<u8>) {
    push_number(zigzag(i128::from(value)), out);
}

pub(super) fn push_exact(value: Exact, out: &mut Vec<u8>) {
    let (units, places) = value.units_and_places();
    // At most 28, so one byte
    out.extend(u8::try_from(places));
    push_number(zigzag(units), out);
}

pub(super) fn push_text_bytes(text: &[u8], out: &mut Vec<u8>) {
    push_number(text.len() as u128, out);
    out.extend_from_slice(text);
}

/// The bytes of a whole number as a key.
pub(super) fn whole_key(value: i64) -> [u8; 8] {
    value.to_le_bytes()
}

/// The bytes of an exact number as a key; the same for equal ones.
pub(super) fn exact_key(value: Exact) -> [u8; 17] {
    let (units, places) = value.units_and_places();
    let mut key = [0; 17];
    if let Some((first, rest)) = key.split_first_mut() {
        *first = u8::try_from(places).unwrap_or(u8::MAX);
        rest.copy_from_slice(&units.to_le_bytes());
    }
    key
}

/// Writes whether a value that may be missing is there.
pub(super) fn push_presence(there: bool, out: &mut Vec<u8>) {
    out.push(u8::from(there));
}

/// Writes seven bits a byte, the lowest first; the highest bit says that more come.
fn push_number(mut number: u128, out: &mut Vec<u8>) {
    loop {
        #[expect(clippy::cast_possible_truncation, reason = "seven bits are wanted")]
        let low = number as u8 & 0x7f;
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Numbers near zero become small ones, whatever their sign.
fn zigzag(value: i128) -> u128 {
    ((value << 1) ^ (value >> 127)).cast_unsigned()
}

fn unzigzag(value: u128) -> i128 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// Reads what was written, one behind the other
pub(super) struct Bytes<'d>(pub(super) &'d [u8]);

impl<'d> Bytes<'d> {
    /// Reads the value of a column; `None` where the bytes hold none, which is never.
    pub(super) fn value(&mut self, column: &FileColumn) -> Option<Found<'d>> {
        if column.optional && self.byte()? == 0 {
            return Some(Found::Missing);
        }
        Some(match column.ty {
            FieldType::Text => Found::Text(std::str::from_utf8(self.text_bytes()?).ok()?),
            FieldType::Decimal(_) | FieldType::Percent(_) | FieldType::Money(..) => {
                let places = u32::from(self.byte()?);
                Found::Exact(Exact::new(unzigzag(self.number()?), places).ok()?)
            }
            FieldType::Integer
            | FieldType::Boolean
            | FieldType::Date
            | FieldType::DateTime
            | FieldType::Duration
            | FieldType::Label(_) => Found::Whole(i64::try_from(unzigzag(self.number()?)).ok()?),
        })
    }

    /// Reads the bytes behind their length.
    #[inline]
    pub(super) fn text_bytes(&mut self) -> Option<&'d [u8]> {
        let length = match self.0.first() {
            Some(short) if *short < 0x80 => usize::from(self.byte()?),
            _ => usize::try_from(self.number()?).ok()?,
        };
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u128> {
        // Most have few bytes
        let mut low = 0_u64;
        for place in 0..9 {
            let byte = self.byte()?;
            low |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Some(u128::from(low));
            }
        }
        let mut number = u128::from(low);
        for place in 9..19 {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, Found, push_exact, push_presence, push_text_bytes, push_whole};
    use crate::Exact;
    use crate::ir::{FieldType, FileColumn};

    #[test]
    fn what_is_written_is_read() {
        let column = |ty, optional| FileColumn {
            name: "x".into(),
            ty,
            optional,
        };
        let mut bytes = Vec::new();
        let wholes = [0, 1, -1, 63, 64, -64, -65, 1 << 40, i64::MAX, i64::MIN];
        for value in wholes {
            push_whole(value, &mut bytes);
        }
        let exacts = [
            "0",
            "-0.5",
            "12.340",
            "9999999999999999999999999999",
            "-0.0000000000000000000000000001",
        ];
        for text in exacts {
            push_exact(Exact::parse(text).unwrap(), &mut bytes);
        }
        push_presence(false, &mut bytes);
        push_presence(true, &mut bytes);
        push_text_bytes("äöü".as_bytes(), &mut bytes);
        push_text_bytes(b"", &mut bytes);
        let mut values = Bytes(&bytes);
        for value in wholes {
            assert_eq!(
                values.value(&column(FieldType::Integer, false)),
                Some(Found::Whole(value))
            );
        }
        for text in exacts {
            let value = Exact::parse(text).unwrap();
            let decimal = column(FieldType::Decimal(None), false);
            assert_eq!(values.value(&decimal), Some(Found::Exact(value)));
        }
        let (text, optional) = (
            column(FieldType::Text, false),
            column(FieldType::Text, true),
        );
        assert_eq!(values.value(&optional), Some(Found::Missing));
        assert_eq!(values.value(&optional), Some(Found::Text("äöü")));
        assert_eq!(values.value(&text), Some(Found::Text("")));
        assert_eq!(values.value(&text), None);
    }
}

//! The fields of a card's objects: each known, each once, each of its kind.

use krites_lang::{Date, Exact, did_you_mean};
use serde_json::value::RawValue;

use crate::beside::error::{BesideError, BesideProblem, cut};
use crate::beside::json::{Object, line_of, words};
use crate::part::Fingerprint;

/// The text of a card
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

/// A field's value and the way to it: `training.from`
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    card: Text<'a>,
    pub(super) path: String,
    raw: &'a RawValue,
}

/// An object's fields
#[derive(Debug)]
pub(super) struct Fields<'a>(pub(super) Vec<(String, Field<'a>)>);

impl<'a> Fields<'a> {
    /// Takes a field out.
    pub(super) fn take(&mut self, name: &str) -> Option<Field<'a>> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }
}

impl<'a> Text<'a> {
    pub(super) fn error(&self, problem: BesideProblem) -> BesideError {
        BesideError::of(self.file, problem)
    }

    /// The card itself.
    pub(super) fn whole(self) -> Result<Field<'a>, BesideError> {
        let raw = serde_json::from_str(self.text).map_err(|error| {
            let problem = BesideProblem::NotJson { why: words(&error) };
            self.error(problem).line_is(error.line() as u64)
        })?;
        Ok(Field {
            card: self,
            path: String::new(),
            raw,
        })
    }
}

impl<'a> Field<'a> {
    pub(super) fn error(&self, problem: BesideProblem) -> BesideError {
        let line = line_of(self.card.text, self.raw);
        self.card.error(problem).line_is(line).field_is(&self.path)
    }

    fn expected(&self, expected: &'static str) -> BesideError {
        self.error(BesideProblem::Expected { expected })
    }

    /// An object's fields, whatever they are called; those that are null are not stated.
    pub(super) fn entries(&self) -> Result<Fields<'a>, BesideError> {
        let object = serde_json::from_str(self.raw.get());
        let Object(entries) = object.map_err(|_| self.expected("an object in braces"))?;
        let mut fields: Vec<(String, Field<'a>)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        for (name, raw) in entries {
            let path = match self.path.as_str() {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            let card = self.card;
            let field = Field { card, path, raw };
            if !names.insert(name.clone()) {
                return Err(field.error(BesideProblem::Twice));
            }
            if name.trim().is_empty() {
                return Err(field.error(BesideProblem::EmptyText));
            }
            if raw.get() != "null" {
                fields.push((name, field));
            }
        }
        Ok(Fields(fields))
    }

    /// An object's fields, of those that are known.
    pub(super) fn fields(&self, known: &[&str]) -> Result<Fields<'a>, BesideError> {
        let fields = self.entries()?;
        match fields
            .0
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            None => Ok(fields),
            Some((name, field)) => Err(field.error(BesideProblem::UnknownField {
                near: did_you_mean(name, known.iter().copied()).map(cut),
                known: known.iter().map(|name| (*name).to_owned()).collect(),
            })),
        }
    }

    /// A text, which may be empty.
    pub(super) fn any_text(&self) -> Result<String, BesideError> {
        serde_json::from_str(self.raw.get()).map_err(|_| self.expected("a text in quotes"))
    }

    pub(super) fn text(&self) -> Result<String, BesideError> {
        let text = self.any_text()?;
        match text.trim().is_empty() {
            true => Err(self.error(BesideProblem::EmptyText)),
            false => Ok(text),
        }
    }

    /// A number, exact as it is written; of more digits than that has, as a float.
    pub(super) fn number(&self) -> Result<Exact, BesideError> {
        let written = self.raw.get();
        let is_number = written.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit());
        let exact = Exact::parse(written).ok();
        let float = || Exact::from_f64(written.parse().ok()?).ok();
        let number = exact.or_else(float).filter(|_| is_number);
        number.ok_or_else(|| self.expected("a number below 10^28"))
    }

    pub(super) fn count(&self) -> Result<u64, BesideError> {
        let count = self.raw.get().parse().ok().filter(|count| *count > 0);
        count.ok_or_else(|| self.expected("a whole number from 1 on"))
    }

    pub(super) fn date(&self) -> Result<Date, BesideError> {
        let date = Date::parse(&self.text()?);
        date.ok_or_else(|| self.expected("a date such as \"2024-12-31\""))
    }

    /// A hash of a file, as BLAKE3 has them.
    pub(super) fn fingerprint(&self) -> Result<Fingerprint, BesideError> {
        let text = self.text()?;
        let digits = text.strip_prefix("blake3:").unwrap_or(&text);
        let hash = digits.parse::<Fingerprint>().ok();
        hash.ok_or_else(|| self.expected("64 hexadecimal digits, of the hash BLAKE3"))
    }

    /// A hash with the name of what made it before a colon.
    pub(super) fn data_hash(&self) -> Result<String, BesideError> {
        let text = self.text()?;
        let digits = text.split_once(':').filter(|(name, digits)| {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let length = digits.len();
            !name.is_empty()
                && name.bytes().all(is_name)
                && (8..=256).contains(&length)
                && length.is_multiple_of(2)
                && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        match digits {
            Some(_) => Ok(text),
            None => Err(self.expected(
                "what made the hash, a colon and hexadecimal digits, such as \"sha256:9f86…\"",
            )),
        }
    }

    /// The elements of a list.
    pub(super) fn list(&self, expected: &'static str) -> Result<Vec<Field<'a>>, BesideError> {
        let raws: Vec<&'a RawValue> =
            serde_json::from_str(self.raw.get()).map_err(|_| self.expected(expected))?;
        let elements = raws.into_iter().map(|raw| Field {
            card: self.card,
            path: self.path.clone(),
            raw,
        });
        Ok(elements.collect())
    }

    pub(super) fn is_text(&self) -> bool {
        self.raw.get().starts_with('"')
    }
}

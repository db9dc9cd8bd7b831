//! Names with the backticks they need, and texts between quotes.

use std::borrow::Cow;

use super::phrase::Phrase;
use crate::ast::Name;
use crate::parse::{is_row_name, is_unseen};
use crate::scan::{self, binds_lines};

/// Words that no name is without backticks, but behind a dot
const RESERVED: &[&str] = &[
    "and", "or", "not", "if", "then", "else", "match", "is", "in", "of", "where", "any", "every",
    "missing", "present", "fired", "true", "false",
];
/// Words that begin a written type
const TYPES: &[&str] = &[
    "integer", "decimal", "percent", "money", "boolean", "text", "date", "datetime", "duration",
    "list",
];
/// Words that begin a range, or an alternative of `match`
pub(super) const RANGES: &[&str] = &["below", "above", "up", "list", "lookup", "otherwise"];
/// Words behind an `if` that would go on from the line before
pub(super) const BEHIND_IF: &[&str] = scan::BEHIND_IF;
/// What is no value where one is assigned
pub(super) const FAULT: &[&str] = &["fault"];

/// Writes the name of something that is declared with `:`, `=` or a block behind it.
pub(super) fn declared(name: &str) -> Cow<'_, str> {
    quoted_parts(name, |word| RESERVED.contains(&word))
}

/// Writes a name that is used, or that stands alone on its line.
pub(crate) fn used(name: &str) -> Cow<'_, str> {
    used_but(name, &[])
}

/// Writes a name where some words mean something else.
pub(super) fn used_but<'n>(name: &'n str, taken: &[&str]) -> Cow<'n, str> {
    quoted_parts(name, |word| {
        RESERVED.contains(&word)
            || (!name.contains('.') && (binds_lines(word) || taken.contains(&word)))
    })
}

/// Writes the name of a type.
pub(super) fn type_name(name: &str) -> Cow<'_, str> {
    used_but(name, TYPES)
}

/// Writes the name of a row where a test expects it.
pub(crate) fn row(name: &str) -> Cow<'_, str> {
    match is_row_name(name) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(text(name)),
    }
}

/// Writes the label or row that a test gives an answer for.
pub(super) fn share(name: &str) -> Cow<'_, str> {
    match is_row_name(name) && !is_word(name) {
        true => Cow::Borrowed(name),
        false => declared(name),
    }
}

/// Returns whether a name may stand without backticks.
pub(super) fn is_plain(name: &str) -> bool {
    matches!(used(name), Cow::Borrowed(_))
}

/// Puts the parts of a dotted name between backticks that need them; the first
/// one does where `taken` says so.
fn quoted_parts(name: &str, taken: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let plain = name.split('.').all(is_word) && !name.split('.').next().is_some_and(&taken);
    if plain {
        return Cow::Borrowed(name);
    }
    let parts: Vec<Cow<'_, str>> = name
        .split('.')
        .enumerate()
        .map(|(at, part)| {
            if is_word(part) && (at > 0 || !taken(part)) {
                Cow::Borrowed(part)
            } else {
                Cow::Owned(format!("`{part}`"))
            }
        })
        .collect();
    Cow::Owned(parts.join("."))
}

/// Writes a name that stands behind a dot, where every word is one.
pub(super) fn behind_dot(name: &str) -> Cow<'_, str> {
    match is_word(name) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(format!("`{name}`")),
    }
}

fn is_word(part: &str) -> bool {
    part.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
        && part
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Writes a text between quotes.
pub(crate) fn text(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for sign in text.chars() {
        match sign {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            sign if is_unseen(sign) => {
                written.push_str(&format!("\\u{{{:X}}}", u32::from(sign)));
            }
            sign => written.push(sign),
        }
    }
    written.push('"');
    written
}

/// Writes the digits of a number, thousands of five digits and more set apart.
pub(crate) fn number(digits: &str) -> Cow<'_, str> {
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let (sign, whole) = whole.split_at(usize::from(whole.starts_with('-')));
    if whole.len() < 5 {
        return Cow::Borrowed(digits);
    }
    let mut written = String::with_capacity(digits.len() * 4 / 3 + 1);
    written.push_str(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            written.push('_');
        }
        written.push(digit);
    }
    written.push_str(rest);
    Cow::Owned(written)
}

/// Adds names with commas between them.
pub(super) fn list(names: &[Name], phrase: &mut Phrase) {
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            phrase.push(",");
            phrase.fill();
        }
        phrase.name(&name.text);
    }
}

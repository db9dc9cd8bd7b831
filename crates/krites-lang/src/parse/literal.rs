//! Names, texts and whole numbers.

use super::grammar::Pair;
use super::reader::Reader;
use crate::ast::{Name, Path, Text};
use crate::{Code, Diagnostic, Span};

impl Reader<'_> {
    pub(super) fn name(&self, pair: &Pair<'_>) -> Name {
        Name {
            text: bare(pair.as_str()),
            span: self.span(pair),
        }
    }

    pub(super) fn path(&self, pair: &Pair<'_>) -> Path {
        Path {
            text: bare(pair.as_str()),
            span: self.span(pair),
        }
    }

    /// Unescapes a quoted text.
    pub(super) fn quoted(&mut self, pair: &Pair<'_>) -> Text {
        let span = self.span(pair);
        let written = pair.as_str();
        let inner = written
            .get(1..written.len().saturating_sub(1))
            .unwrap_or("");
        let mut text = String::with_capacity(inner.len());
        let mut signs = inner.char_indices();
        while let Some((at, sign)) = signs.next() {
            if sign != '\\' {
                text.push(sign);
                continue;
            }
            match signs.next().map(|(_, escaped)| escaped) {
                Some('n') => text.push('\n'),
                Some(escaped @ ('"' | '\\')) => text.push(escaped),
                Some('u') => {
                    let (read, length) = by_number(signs.as_str());
                    match read {
                        Some(sign) => text.push(sign),
                        None => self.report_number_of_character(span, at, length),
                    }
                    if let Some(last) = length.checked_sub(1) {
                        signs.nth(last);
                    }
                }
                other => self.report_escape(span, at, other.unwrap_or(' ')),
            }
        }
        Text { text, span }
    }

    fn report_escape(&mut self, text: Span, at: usize, escaped: char) {
        self.report(
            Diagnostic::error(
                Code(105),
                format!("`\\{escaped}` means nothing in a text"),
                escape_span(text, at, escaped.len_utf8()),
            )
            .label("known are `\\\"`, `\\\\`, `\\n` and `\\u{20AC}`")
            .help("a backslash itself is written `\\\\`"),
        );
    }

    fn report_number_of_character(&mut self, text: Span, at: usize, length: usize) {
        self.report(
            Diagnostic::error(
                Code(105),
                "this is the number of no character",
                escape_span(text, at, 1 + length),
            )
            .label("`\\u` takes a number between braces")
            .help("write the number in hexadecimal digits, as in `\\u{20AC}` for `€`"),
        );
    }

    /// Reads a whole number that must not exceed `max`.
    pub(super) fn count(&mut self, pair: &Pair<'_>, max: u64) -> Option<u64> {
        let read = pair
            .as_str()
            .parse::<u64>()
            .ok()
            .filter(|count| *count <= max);
        if read.is_none() {
            self.report_number(
                pair,
                &format!("at most {max}"),
                &format!("write `{max}` or less"),
            );
        }
        read
    }

    pub(super) fn small_count(&mut self, pair: &Pair<'_>, max: u32) -> Option<u32> {
        self.count(pair, u64::from(max))
            .and_then(|count| u32::try_from(count).ok())
    }

    /// Reads a whole number with an optional sign.
    pub(super) fn whole(&mut self, pair: &Pair<'_>) -> Option<i64> {
        let read = pair.as_str().parse().ok();
        if read.is_none() {
            let allowed = format!("between {} and {}", i64::MIN, i64::MAX);
            self.report_number(pair, &allowed, "write a number of at most 18 digits");
        }
        read
    }

    pub(super) fn report_number(&mut self, pair: &Pair<'_>, allowed: &str, help: &str) {
        let shown = super::wording::one_line(pair.as_str());
        self.report(
            Diagnostic::error(
                Code(128),
                format!("`{shown}` is too large here"),
                self.span(pair),
            )
            .label(format!("the number here is {allowed}"))
            .help(help),
        );
    }
}

/// The place of an escape at `at` of a text: its backslash and `length` bytes.
fn escape_span(text: Span, at: usize, length: usize) -> Span {
    let byte = |at: usize| {
        let inner = text.start.saturating_add(1);
        inner.saturating_add(u32::try_from(at).unwrap_or(u32::MAX))
    };
    Span {
        start: byte(at),
        end: byte(at + 1 + length),
        ..text
    }
}

/// Reads `{20AC}`: the character of that number, and how many bytes it is written
/// with.
fn by_number(text: &str) -> (Option<char>, usize) {
    let Some(inner) = text.strip_prefix('{') else {
        return (None, 0);
    };
    let length = inner
        .bytes()
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    match inner.split_at_checked(length) {
        Some((digits, rest)) if rest.starts_with('}') => {
            let number = u32::from_str_radix(digits, 16).ok();
            (number.and_then(char::from_u32), length + 2)
        }
        _ => (None, length + 1),
    }
}

fn bare(word: &str) -> String {
    word.replace('`', "")
}

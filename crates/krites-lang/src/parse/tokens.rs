//! Signs that mean something elsewhere and nothing here: commas within numbers,
//! quotes and dashes of a word processor, letters outside ASCII.

use std::ops::Range;

use crate::scan::{Token, TokenKind, Tokens, span};
use crate::{Code, Diagnostic, Help, SourceId};

/// Returns the first such sign of an entry.
pub(super) fn check(text: &str, source: SourceId, range: Range<usize>) -> Option<Diagnostic> {
    let cut = text.get(..range.end).unwrap_or(text);
    let mut tokens = Tokens::at(cut, range.start);
    while let Some(token) = tokens.next() {
        match token.kind {
            TokenKind::Number => {
                let number = number_with_commas(tokens, token);
                if number.len() > 1 {
                    return Some(commas(tokens, &number, source));
                }
            }
            TokenKind::Other => {
                let sign = tokens.text(token).chars().next().unwrap_or(' ');
                if !sign.is_ascii() || sign.is_ascii_control() {
                    return Some(foreign(sign, cut, source, token));
                }
            }
            _ => {}
        }
    }
    None
}

/// Reads on from a number over commas that are glued on both sides.
fn number_with_commas(mut tokens: Tokens<'_>, first: Token) -> Vec<Token> {
    let mut parts = vec![first];
    let mut end = first.end;
    while !tokens.text(first).contains('-')
        && let (Some(comma), Some(next)) = (tokens.next(), tokens.next())
        && comma.kind == TokenKind::Comma
        && next.kind == TokenKind::Number
        && comma.start == end
        && next.start == comma.end
    {
        parts.push(next);
        end = next.end;
    }
    parts
}

fn commas(tokens: Tokens<'_>, parts: &[Token], source: SourceId) -> Diagnostic {
    let texts: Vec<&str> = parts.iter().map(|part| tokens.text(*part)).collect();
    let start = parts.first().map_or(0, |part| part.start);
    let end = parts.last().map_or(0, |part| part.end);
    let written = texts.join(",");
    let thousands = texts.iter().enumerate().all(|(at, text)| {
        let whole = text.trim_end_matches('%').split('.').next().unwrap_or("");
        let digits = whole.bytes().all(|byte| byte.is_ascii_digit());
        digits
            && if at == 0 {
                (1..=3).contains(&whole.len())
            } else {
                whole.len() == 3
            }
    });
    let apart = texts.join(", ");
    let place = span(source, start, end);
    if thousands {
        let joined = texts.join("_");
        let diagnostic = Diagnostic::error(
            Code(121),
            format!("`{written}` has a comma within a number"),
            place,
        )
        .label("thousands are set apart by `_`")
        .help(format!(
            "write `{joined}`, or `{apart}` for {} numbers",
            texts.len()
        ));
        // No number of its own begins with a zero
        match texts.iter().skip(1).any(|text| text.starts_with('0')) {
            true => diagnostic.fix(place, joined),
            false => diagnostic,
        }
    } else {
        let joined = if texts.len() == 2 {
            Some(texts.join("."))
        } else {
            None
        };
        // A percentage and a bare number are no two of one list
        let is_percent = matches!(texts.as_slice(), [whole, rest] if rest.ends_with('%') && !whole.ends_with('%'));
        let help: Help = match joined {
            Some(joined) if is_percent && !texts.iter().any(|text| text.contains('.')) => {
                Help::certain(
                    format!("write `{joined}`, or `{apart}` for two numbers"),
                    joined,
                )
            }
            Some(joined) if !texts.iter().any(|text| text.contains('.')) => {
                format!("write `{joined}`, or `{apart}` for two numbers").into()
            }
            _ => format!("write `{apart}`, with a blank behind each comma").into(),
        };
        Diagnostic::error(
            Code(122),
            format!("`{written}` has a comma where a decimal point belongs"),
            place,
        )
        .label("decimals begin with a point")
        .help(help)
    }
}

/// Quotes of a word processor
const QUOTES: [char; 5] = ['“', '”', '„', '«', '»'];

fn foreign(sign: char, text: &str, source: SourceId, token: Token) -> Diagnostic {
    let place = span(source, token.start, token.end);
    let instead = match sign {
        sign if QUOTES.contains(&sign) => Some("\""),
        '–' | '—' | '−' => Some("-"),
        '≤' => Some("<="),
        '≥' => Some(">="),
        '≠' => Some("is not"),
        '×' | '·' => Some("*"),
        '÷' => Some("/"),
        '→' => Some("->"),
        _ => None,
    };
    match instead {
        Some(instead) => {
            let diagnostic = Diagnostic::error(
                Code(129),
                format!("the sign `{sign}` is not part of the language"),
                place,
            )
            .help(format!("write `{instead}`"));
            let behind = text.get(token.end..).unwrap_or("");
            let line = behind.lines().next().unwrap_or("");
            match line.char_indices().find(|(_, sign)| QUOTES.contains(sign)) {
                // A quote opens a text that another one closes
                Some((at, closing)) if instead == "\"" => {
                    let at = token.end + at;
                    let closing = span(source, at, at + closing.len_utf8());
                    diagnostic.fix(place, instead).fix(closing, instead)
                }
                _ if instead == "\"" => diagnostic,
                _ => diagnostic.fix(place, instead),
            }
        }
        None if sign.is_alphanumeric() => Diagnostic::error(
            Code(129),
            format!("the letter `{sign}` cannot stand in a bare name"),
            place,
        )
        .help("names are made of a to z, digits and `_`; put other names between backticks"),
        None if sign.is_whitespace() => Diagnostic::error(
            Code(129),
            format!("an invisible sign stands here (U+{:04X})", u32::from(sign)),
            place,
        )
        .help("replace it with a plain blank"),
        None => Diagnostic::error(
            Code(129),
            format!(
                "the sign `{sign}` (U+{:04X}) is not part of the language",
                u32::from(sign)
            ),
            place,
        )
        .help(match sign {
            '€' | '$' | '£' | '¥' => "leave it out: beside money a number is an amount",
            _ => "remove it, or put it between quotes",
        }),
    }
}

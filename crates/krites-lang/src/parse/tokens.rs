//! Signs that mean something elsewhere and nothing here: commas within numbers,
//! quotes and dashes of a word processor, letters outside ASCII.

use std::ops::Range;

use crate::scan::{Token, TokenKind, Tokens, span};
use crate::{Code, Diagnostic, SourceId};

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
                    return Some(foreign(sign, source, token));
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
        Diagnostic::error(
            Code(121),
            format!("`{written}` has a comma within a number"),
            place,
        )
        .label("thousands are set apart by `_`")
        .help(format!(
            "write `{}`, or `{apart}` for {} numbers",
            texts.join("_"),
            texts.len()
        ))
    } else {
        let joined = if texts.len() == 2 {
            Some(texts.join("."))
        } else {
            None
        };
        let help = match joined {
            Some(joined) if !texts.iter().any(|text| text.contains('.')) => {
                format!("write `{joined}`, or `{apart}` for two numbers")
            }
            _ => format!("write `{apart}`, with a blank behind each comma"),
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

fn foreign(sign: char, source: SourceId, token: Token) -> Diagnostic {
    let place = span(source, token.start, token.end);
    let instead = match sign {
        '“' | '”' | '„' | '«' | '»' => Some("\""),
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
        Some(instead) => Diagnostic::error(
            Code(129),
            format!("the sign `{sign}` is not part of the language"),
            place,
        )
        .help(format!("write `{instead}`")),
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

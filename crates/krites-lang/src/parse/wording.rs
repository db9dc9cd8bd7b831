//! What pest missed, as a diagnostic. The words for the grammar's rules are in
//! `words`.

use std::ops::Range;

use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::Rule;
use super::habit::{Break, Meant};
use super::help::meant;
use super::later::later;
use super::words::word_for;
use crate::scan::{Token, TokenKind, Tokens, nesting, span};
use crate::{Code, Diagnostic, SourceId, did_you_mean};

/// How many characters of the source a message quotes
const QUOTED_CHARS: usize = 40;
/// How many alternatives a message names
const MAX_ALTERNATIVES: usize = 5;

/// Makes the diagnostic for an entry that stands at `start` and whose part
/// `range` pest could not read.
pub(super) fn syntax_error(
    text: &str,
    source: SourceId,
    rule: Rule,
    start: usize,
    range: Range<usize>,
    error: &Error<Rule>,
) -> Diagnostic {
    let cut = text.get(..range.end).unwrap_or(text);
    let (ErrorVariant::ParsingError { positives, .. }, InputLocation::Pos(offset)) =
        (&error.variant, &error.location)
    else {
        // pest found too little stack for what it was asked to read
        return nesting(span(source, range.start, range.end));
    };
    let at = range.start + offset;
    let front: Vec<Token> = Tokens::at(cut, start)
        .take_while(|token| token.end <= at)
        .collect();
    let previous = front.last().copied();
    let found = Tokens::at(cut, at).next();
    let before = previous.map_or("", |token| text_of(text, token));
    let expected = expected(positives, before);
    let seen = found.map_or("", |token| text_of(text, token));

    let place = match (found, previous) {
        (Some(token), _) => span(source, token.start, token.end),
        (None, Some(token)) => span(source, token.end, token.end),
        (None, None) => span(source, at, at),
    };
    if let Some(later) = found.and_then(|token| later(token, seen, before, place)) {
        return later;
    }
    if let (Some(open), Some(word)) = (found, previous)
        && let Some(diagnostic) = bracketed_type(cut, source, start, word, open)
    {
        return diagnostic;
    }
    let wants_value = positives.iter().any(|rule| {
        word_for(*rule, "").is_some_and(|word| matches!(word.as_str(), "a value" | "a name"))
    });
    let end = previous.map_or(at, |token| token.end);
    let meant = meant(&Break {
        rule,
        positives,
        text: cut,
        source: text,
        front: &front,
        token: found.unwrap_or(Token {
            kind: TokenKind::Other,
            start: end,
            end,
            first_on_line: false,
            at_margin: false,
        }),
        wants_value,
    });
    let Meant {
        headline,
        place: at,
        words,
        mend,
    } = meant.unwrap_or_default();
    let place = at.map_or(place, |at| span(source, at.start, at.end));
    let diagnostic = match headline {
        Some(headline) => Diagnostic::error(Code(100), headline, place),
        None => Diagnostic::error(Code(100), awaited(&expected, seen, before), place)
            .label(label(&expected, seen)),
    };
    let diagnostic = match words.is_empty() {
        true => diagnostic,
        false => diagnostic.help(words),
    };
    match mend {
        Some((at, text)) => diagnostic.fix(span(source, at.start, at.end), text),
        None => diagnostic,
    }
}

/// Says what could stand there.
fn awaited(expected: &[String], seen: &str, before: &str) -> String {
    match (expected.is_empty(), before.is_empty()) {
        (true, true) => format!("unexpected `{}`", one_line(seen)),
        (true, false) => format!(
            "unexpected `{}` after `{}`",
            one_line(seen),
            one_line(before)
        ),
        (false, true) => format!("expected {}", join(expected)),
        (false, false) => format!("expected {} after `{}`", join(expected), one_line(before)),
    }
}

/// Says what is to be seen there.
fn label(expected: &[String], seen: &str) -> String {
    match (seen.is_empty(), expected.is_empty()) {
        (true, _) => "the line ends here".to_owned(),
        (false, true) => "not expected here".to_owned(),
        (false, false) => format!("found `{}`", one_line(seen)),
    }
}

/// Returns a text on one line, its blanks folded, cut where it is long.
pub(super) fn one_line(text: &str) -> String {
    let mut words = String::new();
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if words.len() > 4 * QUOTED_CHARS {
            break;
        }
    }
    if words.chars().count() <= QUOTED_CHARS {
        return words;
    }
    words.chars().take(QUOTED_CHARS - 1).chain(['…']).collect()
}

/// Makes the diagnostic for a type that takes no brackets but has some: one of
/// those that do is meant.
fn bracketed_type(
    text: &str,
    source: SourceId,
    start: usize,
    word: Token,
    open: Token,
) -> Option<Diagnostic> {
    const BRACKETED: [&str; 3] = ["money", "decimal", "percent"];
    const BARE: [&str; 4] = ["integer", "boolean", "text", "date"];
    let colon = Tokens::at(text, start)
        .take_while(|token| token.end <= word.start)
        .last()?;
    let shape = (colon.kind, word.kind, text_of(text, open));
    if !matches!(shape, (TokenKind::Colon, TokenKind::Word, "(")) {
        return None;
    }
    let name = one_line(text_of(text, word));
    let inside = Tokens::at(text, open.end)
        .next()
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number))
        .map_or("", |token| text_of(text, token));
    let meant = match did_you_mean(&name, BRACKETED.into_iter().chain(BARE)) {
        Some(close) if close == name => None,
        Some(close) if BARE.contains(&close) => Some(close.to_owned()),
        Some(close) if !inside.is_empty() => Some(format!("{close}({})", one_line(inside))),
        _ => None,
    };
    Some(match meant {
        Some(meant) => Diagnostic::error(
            Code(203),
            format!("there is no type `{name}`"),
            span(source, word.start, word.end),
        )
        .help(format!("did you mean `{meant}`?")),
        None => Diagnostic::error(
            Code(203),
            format!("the type `{name}` takes no brackets"),
            span(source, open.start, open.end),
        )
        .help("types with brackets are `decimal(2)`, `percent(2)` and `money(EUR)`"),
    })
}

pub(super) fn text_of(text: &str, token: Token) -> &str {
    text.get(token.start..token.end).unwrap_or("")
}

fn join(words: &[String]) -> String {
    let shown = words
        .get(..MAX_ALTERNATIVES.min(words.len()))
        .unwrap_or(words);
    match shown.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}

fn expected(positives: &[Rule], before: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for rule in positives {
        if let Some(word) = word_for(*rule, before)
            && !words.contains(&word)
        {
            words.push(word);
        }
    }
    // A bracket may open behind any name
    if words.len() > 1 {
        words.retain(|word| word != "`(`" && word != "`[`");
    }
    fold(&mut words, before);
    words
}

/// Says in one word what several kinds of values are.
fn fold(words: &mut Vec<String>, before: &str) {
    const KINDS: &[&str] = &[
        "a name",
        "a text in quotes",
        "a number",
        "a date",
        "`true` or `false`",
    ];
    if KINDS
        .iter()
        .filter(|kind| words.iter().any(|word| word == *kind))
        .count()
        > 3
    {
        words.retain(|word| !KINDS.contains(&word.as_str()) && word != "a value");
        words.insert(0, "a value".to_owned());
    }
    if before == "is" {
        *words = ["a value", "`present`", "`missing`", "`one of […]`"]
            .map(str::to_owned)
            .to_vec();
    }
    if let Some(at) = words
        .iter()
        .position(|word| word == "a value" || word == "a condition")
    {
        words.retain_mut(|word| word != "`not`");
        let at = at.min(words.len().saturating_sub(1));
        if let Some(front) = words.get_mut(..=at) {
            front.rotate_right(1);
        }
    }
}

//! Comparisons in words, and those of other languages.

use std::ops::Range;

use super::{Break, Meant, is_value};
use crate::scan::{Token, TokenKind};

/// Words that compare, each with the sign; those with more words first
const PHRASES: &[(&[&str], &str)] = &[
    (&["greater", "than", "or", "equal", "to"], ">="),
    (&["more", "than", "or", "equal", "to"], ">="),
    (&["less", "than", "or", "equal", "to"], "<="),
    (&["greater", "or", "equal", "to"], ">="),
    (&["less", "or", "equal", "to"], "<="),
    (&["no", "more", "than"], "<="),
    (&["no", "less", "than"], ">="),
    (&["the", "same", "as"], "is"),
    (&["greater", "than"], ">"),
    (&["more", "than"], ">"),
    (&["higher", "than"], ">"),
    (&["larger", "than"], ">"),
    (&["bigger", "than"], ">"),
    (&["older", "than"], ">"),
    (&["later", "than"], ">"),
    (&["less", "than"], "<"),
    (&["lower", "than"], "<"),
    (&["fewer", "than"], "<"),
    (&["smaller", "than"], "<"),
    (&["younger", "than"], "<"),
    (&["earlier", "than"], "<"),
    (&["at", "least"], ">="),
    (&["at", "most"], "<="),
    (&["up", "to"], "<="),
    (&["equal", "to"], "is"),
    (&["equals", "to"], "is"),
    (&["equals"], "is"),
    (&["equal"], "is"),
    (&["exceeds"], ">"),
    (&["above"], ">"),
    (&["over"], ">"),
    (&["below"], "<"),
    (&["under"], "<"),
];
/// How many words may stand in a phrase before the break
const REACH: usize = 5;

pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    between(at)
        .or_else(|| phrase(at))
        .or_else(|| contraction(at))
        .or_else(|| several_values(at))
        .or_else(|| bracketed(at))
        .or_else(|| dots(at))
        .or_else(|| dash(at))
        .or_else(|| like(at))
}

/// `between 18 and 25`, with `is` before it or without
fn between(at: &Break<'_>) -> Option<Meant> {
    let (word, low) = match at.seen() {
        "between" => (at.token, at.next().next()?),
        _ if at.before(1) == "between" => (at.last(1)?, at.token),
        _ => return None,
    };
    let mut tokens = crate::scan::Tokens::at(at.text, low.end);
    let (and, high) = (tokens.next()?, tokens.next()?);
    let start = match at.front.iter().rev().find(|token| token.end <= word.start) {
        Some(is) if at.word(*is) == "is" => is.start,
        _ => word.start,
    };
    let range = format!("in {} to {}", at.word(low), at.word(high));
    let meant = Meant::help(format!("write `{range}`, both in"))
        .headline("a range is written with `in` and `to`")
        .at(word.start..word.end);
    let whole = at.word(and) == "and" && is_value(low) && is_value(high);
    Some(match whole {
        true => meant.mend(start..high.end, range),
        false => Meant {
            words: "write a range: `in 0 to 18`, both in".to_owned(),
            ..meant
        },
    })
}

/// `is greater than 5`, `at least 5`
fn phrase(at: &Break<'_>) -> Option<Meant> {
    if at.wants_value && at.front.len() < 2 {
        return None;
    }
    let reach = at.front.len().min(REACH);
    let near = at.front.get(at.front.len() - reach..)?;
    let mut tokens: Vec<Token> = near.to_vec();
    tokens.push(at.token);
    tokens.extend(at.next().take(REACH));
    for start in 0..=reach {
        let here = tokens.get(start..)?;
        for (words, sign) in PHRASES {
            let end = start + words.len();
            // It holds the break, or ends right before it
            if end < reach
                || (end == reach && !at.wants_value && start > 0 && !follows_is(at, &tokens, start))
            {
                continue;
            }
            let mut pairs = words.iter().zip(here);
            let all = here.len() >= words.len()
                && pairs.all(|(word, token)| at.word(*token).eq_ignore_ascii_case(word));
            if all {
                return compared(at, &tokens, start..end, sign);
            }
        }
    }
    None
}

/// Tells whether `is` stands before the words.
fn follows_is(at: &Break<'_>, tokens: &[Token], start: usize) -> bool {
    let word = |n: usize| start.checked_sub(n).and_then(|at| tokens.get(at));
    let is = |n: usize, wanted: &str| word(n).is_some_and(|token| at.word(*token) == wanted);
    is(1, "is") || (is(1, "not") && is(2, "is"))
}

fn compared(at: &Break<'_>, tokens: &[Token], words: Range<usize>, sign: &str) -> Option<Meant> {
    let text = |position: usize| tokens.get(position).map_or("", |token| at.word(*token));
    let mut from = words.start;
    let mut sign = sign;
    if from > 0 && text(from - 1) == "not" {
        sign = opposite(sign);
        from -= 1;
    }
    if from > 0 && text(from - 1) == "is" {
        from -= 1;
    }
    let subject = from
        .checked_sub(1)
        .and_then(|subject| tokens.get(subject))?;
    let value = tokens.get(words.end)?;
    let is_bound = is_value(*value) || at.word(*value) == "(";
    let ends_value = is_value(*subject) || matches!(at.word(*subject), ")" | "]");
    if !is_bound || !ends_value {
        return None;
    }
    let (first, last) = (tokens.get(from)?, tokens.get(words.end - 1)?);
    let written = at.text.get(first.start..last.end)?;
    let shown: Vec<&str> = written.split_whitespace().collect();
    Some(
        Meant::help(format!(
            "write `{} {sign} {}`",
            at.word(*subject),
            at.word(*value)
        ))
        .headline(format!("`{}` is written `{sign}`", shown.join(" ")))
        .at(first.start..last.end)
        .mend(first.start..last.end, sign),
    )
}

fn opposite(sign: &str) -> &'static str {
    match sign {
        ">" => "<=",
        ">=" => "<",
        "<" => ">=",
        "<=" => ">",
        _ => "is not",
    }
}

/// `isn't`
fn contraction(at: &Break<'_>) -> Option<Meant> {
    let rest = at.behind();
    let sign = rest
        .chars()
        .next()
        .filter(|sign| matches!(sign, '\'' | '’'))?;
    let whole = at.token.start..at.token.end + sign.len_utf8() + 1;
    let not = rest.get(sign.len_utf8()..)?.starts_with('t');
    (at.seen() == "isn" && not).then(|| {
        Meant::help("write `is not`")
            .headline("`isn't` is written `is not`")
            .at(whole.clone())
            .mend(whole, "is not")
    })
}

/// `is student, retired`
fn several_values(at: &Break<'_>) -> Option<Meant> {
    let negated = at.before(2) == "not" && at.before(3) == "is";
    if at.seen() != "," || !(at.before(2) == "is" || negated) {
        return None;
    }
    let first = at.last(1).filter(|token| is_value(*token))?;
    let mut values = vec![at.word(first)];
    let mut end = first.end;
    let mut tokens = crate::scan::Tokens::at(at.text, first.end);
    while let (Some(comma), Some(value)) = (tokens.next(), tokens.next())
        && matches!(at.word(comma), "," | "or")
        && is_value(value)
    {
        values.push(at.word(value));
        end = value.end;
    }
    (values.len() > 1).then(|| one_of(&values, first.start..end, "one of"))
}

/// `in (student, retired)`, `in [student, retired]`
fn bracketed(at: &Break<'_>) -> Option<Meant> {
    let (word, open) = match at.seen() {
        "[" => (at.last(1)?, at.token),
        "," if at.before(2) == "(" => (at.last(3)?, at.last(2)?),
        _ => return None,
    };
    if at.word(word) != "in" {
        return None;
    }
    let mut values = Vec::new();
    let mut tokens = crate::scan::Tokens::at(at.text, open.end);
    let end = loop {
        let (value, sign) = (tokens.next()?, tokens.next()?);
        if !is_value(value) {
            return None;
        }
        values.push(at.word(value));
        match at.word(sign) {
            "," => {}
            ")" | "]" => break sign.end,
            _ => return None,
        }
    };
    let numbers = values
        .iter()
        .all(|value| value.starts_with(|sign: char| sign.is_ascii_digit()));
    if let ([low, high], true) = (values.as_slice(), numbers) {
        let range = format!("{low} to {high}");
        let meant = Meant::help(format!(
            "write `in {range}` for a range, `is one of [{low}, {high}]` for two values"
        ))
        .headline("a range is written with `to`")
        .at(open.start..end);
        // What is declared has a range, no values
        let declared = at.rule == super::Rule::input_field;
        return Some(match declared {
            true => Meant {
                words: format!("write `in {range}`"),
                ..meant
            }
            .mend(open.start..end, range),
            false => meant,
        });
    }
    Some(one_of(&values, word.start..end, "is one of"))
}

fn one_of(values: &[&str], place: Range<usize>, words: &str) -> Meant {
    let list = format!("{words} [{}]", values.join(", "));
    Meant::help(format!("write `{list}`"))
        .headline("several values stand in brackets behind `is one of`")
        .at(place.clone())
        .mend(place, list)
}

/// `18..25`
fn dots(at: &Break<'_>) -> Option<Meant> {
    if at.token.kind != TokenKind::Number || !at.behind().starts_with("..") {
        return None;
    }
    let number = at.next().find(|token| at.word(*token) != ".")?;
    let range = format!("{} to {}", at.seen(), at.word(number));
    let meant = Meant::help(format!("a range is written `{range}`"))
        .headline("a range is written with `to`");
    Some(match number.kind {
        TokenKind::Number => meant
            .at(at.token.start..number.end)
            .mend(at.token.start..number.end, range),
        _ => Meant::help("a range is written `1 to 3`"),
    })
}

/// `in 18-25`
fn dash(at: &Break<'_>) -> Option<Meant> {
    let range = matches!(at.before(2), "-") && at.before(4) == "in" && at.expects("`to`");
    let (low, high) = (at.last(3)?, at.last(1)?);
    if !range || low.kind != TokenKind::Number || high.kind != TokenKind::Number {
        return None;
    }
    let range = format!("{} to {}", at.word(low), at.word(high));
    Some(
        Meant::help(format!("write `{range}`"))
            .headline("a range is written with `to`")
            .at(low.start..high.end)
            .mend(low.start..high.end, range),
    )
}

/// `like "car%"`
fn like(at: &Break<'_>) -> Option<Meant> {
    (at.seen() == "like" && !at.wants_value).then(|| {
        Meant::help("write `starts with \"…\"`, `ends with \"…\"`, `contains \"…\"`, or a pattern, `matches \"…\"`")
            .headline("`like` is not part of the language")
    })
}

//! Cells of tests in a table.

use std::ops::Range;

use super::{Break, Meant, is_value};
use crate::parse::grammar::Rule;
use crate::scan::Token;

pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    if !matches!(at.rule, Rule::test_cell | Rule::bin_entry) {
        return None;
    }
    star(at)
        .or_else(|| bound(at))
        .or_else(|| separator(at))
        .or_else(|| label_of_words(at))
}

/// `*`
fn star(at: &Break<'_>) -> Option<Meant> {
    let all = at.front.is_empty() && at.is_last();
    (at.seen() == "*" && all && at.rule == Rule::test_cell).then(|| {
        Meant::help("write `any` where every value will do")
            .headline("`*` stands for nothing here")
            .mend(at.here(), "any")
    })
}

/// `<= 36`, `months <= 36`, `at least 36`
fn bound(at: &Break<'_>) -> Option<Meant> {
    let mut tokens: Vec<Token> = at.front.to_vec();
    tokens.push(at.token);
    tokens.extend(at.next().take(4));
    // A subject that is repeated
    let skipped = match at.front {
        [subject] if is_value(*subject) && at.seen().starts_with(['<', '>', '=']) => 1,
        _ => 0,
    };
    let words: Vec<&str> = tokens
        .iter()
        .skip(skipped)
        .map(|token| at.word(*token))
        .collect();
    let (taken, front, behind) = match words.as_slice() {
        ["<=" | "=<" | "≤", ..] => (1, "up to ", ""),
        [">=" | "=>" | "≥", ..] => (1, "", " and above"),
        ["<", ..] | ["under", ..] => (1, "below ", ""),
        [">", ..] | ["over", ..] => (1, "above ", ""),
        ["=" | "==" | "is", ..] if skipped > 0 || words.len() > 1 => (1, "", ""),
        ["at", "least", ..] => (2, "", " and above"),
        ["at", "most", ..] => (2, "up to ", ""),
        ["more" | "greater" | "higher", "than", ..] => (2, "above ", ""),
        ["less" | "lower" | "fewer", "than", ..] => (2, "below ", ""),
        _ => return None,
    };
    let place = |from: usize, to: usize| -> Option<Range<usize>> {
        Some(tokens.get(from)?.start..tokens.get(to)?.end)
    };
    let value = tokens.get(skipped + taken)?;
    let written = format!("{front}{}{behind}", at.word(*value));
    let meant = Meant::help(format!("write `{written}`"))
        .headline("a cell says in words what its column is held against")
        .at(place(0, skipped + taken - 1)?);
    let single = tokens.get(skipped + taken + 1);
    let ends = single.is_none_or(|token| matches!(at.word(*token), "," | ":"));
    Some(match is_value(*value) && ends {
        true => meant.mend(place(0, skipped + taken)?, written),
        false => meant,
    })
}

/// `employed or retired`, `employed; retired`
fn separator(at: &Break<'_>) -> Option<Meant> {
    let before = at.last(1).filter(|token| is_value(*token))?;
    let next = at.next().next().filter(|token| is_value(*token))?;
    let place = match at.seen() {
        ";" => at.here(),
        "or" | "and" => before.end..at.token.end,
        _ => return None,
    };
    Some(
        Meant::help(format!("write `{}, {}`", at.word(before), at.word(next)))
            .headline("the values of a cell are set apart by commas")
            .mend(place, ","),
    )
}

/// `self employed`
fn label_of_words(at: &Break<'_>) -> Option<Meant> {
    let before = at.last(1)?;
    let name = format!("{}_{}", at.word(before), at.seen());
    at.is_known(&name)
        .then(|| super::declare::joined(at, before, &name))
}

//! What people write by habit, from other languages, spreadsheets and everyday
//! writing, and how the language has it.

use super::grammar::Rule;
use super::words::word_for;
use crate::scan::{Token, TokenKind};

/// Where an entry breaks off
pub(super) struct Break<'a> {
    /// What could stand here
    pub(super) positives: &'a [Rule],
    pub(super) token: Token,
    /// The text of the token
    pub(super) seen: &'a str,
    /// The word before it
    pub(super) before: &'a str,
    /// All behind it
    pub(super) behind: &'a str,
    /// Whether a value could stand here
    pub(super) wants_value: bool,
}

/// Tells how the language writes what was meant.
pub(super) fn habit(at: &Break<'_>) -> Option<String> {
    let said = entry_word(at).or_else(|| sign(at)).or_else(|| value(at));
    said.map(str::to_owned)
        .or_else(|| file_of_inputs(at))
        .or_else(|| amount(at))
        .or_else(|| day(at))
        .or_else(|| name_of_words(at))
}

/// Words that begin or go on with an entry in another way.
fn entry_word(at: &Break<'_>) -> Option<&'static str> {
    let expects = |wanted: &str| expects(at.positives, wanted);
    Some(match at.seen {
        "if" if expects("`when`") => "write `when` before the condition of a rule",
        "else" if expects("`when`") => "write `otherwise` for what no rule before it takes",
        "shadow" | "off" if expects("`rule`") => {
            "write it behind the name: `rule name shadow when …`, `rule name off when …`"
        }
        _ if at.before == "stop" => {
            "write `stop once decline`, or `stop once at least refer` for that and all more severe ones"
        }
        "is" if expects("`row`") => "write `=` before the value that is expected",
        "=" if expects("`with`") => "a test without an example writes `given with age = 34`",
        _ => return None,
    })
}

/// Signs of other languages.
fn sign(at: &Break<'_>) -> Option<&'static str> {
    Some(match at.seen {
        "/" if at.behind.starts_with(['/', '*']) => "a comment begins with `#`",
        "=>" | "=" if at.positives.contains(&Rule::colon) => "write `:`",
        "?" if at.behind.contains(':') => "write `if … then … else …`",
        _ => return None,
    })
}

/// Words of values and conditions.
fn value(at: &Break<'_>) -> Option<&'static str> {
    Some(match at.seen {
        "missing" if at.wants_value => {
            "what may be missing comes from a cascade: `cascade x : integer? { try … when …; otherwise missing }`"
        }
        "between" => "write a range: `in 0 to 18`, both in",
        _ => return None,
    })
}

fn file_of_inputs(at: &Break<'_>) -> Option<String> {
    let is_file = at.before == "input" && at.token.kind == TokenKind::Text;
    is_file.then(|| format!("write `input from {}`", at.seen))
}

/// A currency or the word for a percentage, behind its number.
fn amount(at: &Break<'_>) -> Option<String> {
    let is_number = at.before.starts_with(|sign: char| sign.is_ascii_digit());
    if !is_number || at.token.kind != TokenKind::Word {
        return None;
    }
    let number = at.before;
    if matches!(at.seen, "percent" | "pct") {
        return Some(format!("write `{number}%`"));
    }
    let code = at.seen.len() == 3 && at.seen.bytes().all(|byte| byte.is_ascii_uppercase());
    code.then(|| format!("write `{number}`: beside money it is an amount of the same currency"))
}

/// A day that is written as people do, `17.05.1990`.
fn day(at: &Break<'_>) -> Option<String> {
    let mut parts = at.seen.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let sizes = matches!((day.len(), month.len(), year.len()), (1..=2, 1..=2, 4));
    let is_day = sizes && parts.next().is_none() && [day, month, year].into_iter().all(all_digits);
    is_day.then(|| format!("write year, month and day: `{year}-{month:0>2}-{day:0>2}`"))
}

/// A name of several words, where it is declared.
fn name_of_words(at: &Break<'_>) -> Option<String> {
    let words = at.token.kind == TokenKind::Word
        && at.before.starts_with(|sign: char| sign.is_alphabetic());
    let declares = expects(at.positives, "`:`") && at.behind.trim_start().starts_with(':');
    (declares && words).then(|| {
        format!(
            "a name of several words stands between backticks: `` `{} {}` ``",
            at.before, at.seen
        )
    })
}

/// Tells whether this could stand here.
fn expects(positives: &[Rule], wanted: &str) -> bool {
    let mut words = positives.iter().filter_map(|rule| word_for(*rule, ""));
    words.any(|word| word == wanted)
}

//! Numbers, amounts and days as people write them.

use super::{Break, Meant};
use crate::parse::time::is_unit;
use crate::scan::TokenKind;
use crate::types::Date;

/// Units cut short, where nothing else can be meant
const UNITS: &[(&str, &str)] = &[
    ("d", "days"),
    ("y", "years"),
    ("yr", "years"),
    ("yrs", "years"),
    ("w", "weeks"),
    ("mo", "months"),
    ("mth", "months"),
    ("mths", "months"),
    ("h", "hours"),
    ("hr", "hours"),
    ("hrs", "hours"),
    ("min", "minutes"),
    ("mins", "minutes"),
    ("s", "seconds"),
    ("sec", "seconds"),
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    point_first(at)
        .or_else(|| percent(at))
        .or_else(|| currency(at))
        .or_else(|| thousands(at))
        .or_else(|| day_in_words(at))
        .or_else(|| day(at))
        .or_else(|| suffix(at))
        .or_else(|| open_above(at))
}

/// `.5`
fn point_first(at: &Break<'_>) -> Option<Meant> {
    let digits = at.behind().starts_with(|sign: char| sign.is_ascii_digit());
    if at.seen() != "." || !digits {
        return None;
    }
    let number = at.next().next()?;
    let written = format!("0.{}", at.word(number));
    let whole = at.token.start..number.end;
    Some(
        Meant::help(format!("write `{written}`"))
            .headline("a decimal begins with a digit")
            .at(whole.clone())
            .mend(whole, written),
    )
}

/// `45 %`, `45 percent`
fn percent(at: &Break<'_>) -> Option<Meant> {
    let number = at.last(1).filter(|token| token.kind == TokenKind::Number)?;
    if !matches!(at.seen(), "%" | "percent" | "pct" | "Prozent") {
        return None;
    }
    let whole = number.start..at.token.end;
    let written = format!("{}%", at.word(number));
    Some(
        Meant::help(format!("write `{written}`"))
            .headline("the sign `%` stands right behind its number")
            .at(whole.clone())
            .mend(whole, written),
    )
}

/// `500 GBP`: it may be another currency than is meant, so nothing is certain
fn currency(at: &Break<'_>) -> Option<Meant> {
    let number = at.last(1).filter(|token| token.kind == TokenKind::Number)?;
    let seen = at.seen();
    let code = seen.len() == 3 && seen.bytes().all(|byte| byte.is_ascii_uppercase());
    code.then(|| {
        let number = at.word(number);
        Meant::help(format!(
            "write `{number}`: beside money it is an amount of the same currency"
        ))
        .headline("a number takes no currency")
    })
}

/// `50 000`, `50'000`, `1.000.000`
fn thousands(at: &Break<'_>) -> Option<Meant> {
    let (first, mut next) = match at.seen() {
        "'" | "’" => (at.last(1)?, Some(at.next().next()?)),
        _ if at.token.kind == TokenKind::Number
            && at
                .last(1)
                .is_some_and(|last| last.kind == TokenKind::Number) =>
        {
            (at.last(1)?, Some(at.token))
        }
        _ if at.token.kind == TokenKind::Number => return points(at),
        _ => return None,
    };
    let is_head = (1..=3).contains(&(first.end - first.start));
    let mut tokens = crate::scan::Tokens::at(at.text, next?.end);
    let mut written = at.word(first).to_owned();
    let mut end = first.end;
    while let Some(group) = next.filter(|token| token.kind == TokenKind::Number) {
        let digits = at.word(group).split(['.', '%']).next().unwrap_or("");
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        written = format!("{written}_{}", at.word(group));
        end = group.end;
        next = tokens.find(|token| !matches!(at.word(*token), "'" | "’"));
    }
    (is_head && end > first.end).then(|| grouped(first.start..end, &written))
}

/// `1.000.000`
fn points(at: &Break<'_>) -> Option<Meant> {
    let groups: Vec<&str> = at.seen().split('.').collect();
    let (first, rest) = groups.split_first()?;
    let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = rest.len() > 1
        && (1..=3).contains(&first.len())
        && rest.iter().all(|group| group.len() == 3)
        && groups.iter().all(digits);
    shaped.then(|| grouped(at.here(), &groups.join("_")))
}

fn grouped(place: std::ops::Range<usize>, written: &str) -> Meant {
    Meant::help(format!("write `{written}`"))
        .headline("thousands are set apart by `_`")
        .at(place.clone())
        .mend(place, written)
}

/// `31 December 2024`
fn day_in_words(at: &Break<'_>) -> Option<Meant> {
    let day = at.last(1).filter(|token| token.kind == TokenKind::Number)?;
    let name = at.seen().to_ascii_lowercase();
    let month = MONTHS
        .iter()
        .position(|month| name.len() >= 3 && month.starts_with(&name))?;
    let year = at
        .next()
        .find(|token| !matches!(at.word(*token), "," | "."))?;
    let day_number: u32 = at.word(day).parse().ok()?;
    let year_number: u32 = at.word(year).parse().ok()?;
    let written = format!("{year_number:04}-{:02}-{day_number:02}", month + 1);
    Some(date(day.start..year.end, &written))
}

/// `17.05.1990`, the way of those who write points
fn day(at: &Break<'_>) -> Option<Meant> {
    let mut parts = at.seen().split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let sizes = matches!((day.len(), month.len(), year.len()), (1..=2, 1..=2, 4));
    let is_day = sizes && parts.next().is_none() && [day, month, year].into_iter().all(all_digits);
    is_day.then(|| date(at.here(), &format!("{year}-{month:0>2}-{day:0>2}")))
}

fn date(place: std::ops::Range<usize>, written: &str) -> Meant {
    let meant = Meant::help(format!("write year, month and day: `{written}`"))
        .headline("a date is written year first")
        .at(place.clone());
    match Date::parse(written) {
        Some(_) => meant.mend(place, written),
        None => meant,
    }
}

/// `50k`, `6m`, `6months`, `1st_payment`
fn suffix(at: &Break<'_>) -> Option<Meant> {
    let seen = at.seen();
    let end = seen.find(|sign: char| sign.is_ascii_alphabetic())?;
    if at.token.kind != TokenKind::Number || end == 0 {
        return None;
    }
    let (digits, suffix) = seen.split_at_checked(end)?;
    let unit = UNITS.iter().find(|(short, _)| *short == suffix);
    let written = match (suffix, unit) {
        ("k" | "K", _) if !digits.contains('.') => Some(format!("{digits}_000")),
        (suffix, _) if is_unit(suffix) => Some(format!("{digits} {suffix}")),
        (_, Some((_, unit))) => Some(format!("{digits} {unit}")),
        _ => None,
    };
    if let Some(written) = written {
        let headline = match suffix {
            "k" | "K" => format!("`{suffix}` stands for no thousands"),
            _ => format!("`{suffix}` is glued to its number"),
        };
        return Some(
            Meant::help(format!("write `{written}`"))
                .headline(headline)
                .mend(at.here(), written),
        );
    }
    let meant = match suffix {
        "m" | "M" => Meant::help(format!(
            "write `{digits} months` or `{digits} minutes`, or `{digits}_000_000` for millions"
        ))
        .headline(format!("nobody knows what `{suffix}` stands for")),
        _ if suffix.contains('_') || !at.wants_value => Meant::help(format!(
            "begin with a letter, or put it between backticks: `` `{seen}` ``"
        ))
        .headline("a name begins with a letter")
        .mend(at.here(), format!("`{seen}`")),
        _ => Meant::help(format!(
            "a name begins with a letter; a number ends before one: `{digits} {suffix}`"
        )),
    };
    Some(meant)
}

/// `0+`
fn open_above(at: &Break<'_>) -> Option<Meant> {
    let number = at.last(2).filter(|token| token.kind == TokenKind::Number)?;
    let plus = at.last(1).filter(|token| at.word(*token) == "+")?;
    if plus.start != number.end || !at.wants_value {
        return None;
    }
    let written = format!("{} and above", at.word(number));
    let place = number.start..plus.end;
    Some(
        Meant::help(format!("write `{written}`"))
            .headline("a range without an upper bound is written with `and above`")
            .at(place.clone())
            .mend(place, written),
    )
}

/// Puts the parts of a day in order, the year first; tells whether nothing else can be
/// meant.
pub(crate) fn day_of(one: &str, two: &str, three: &str) -> Option<(String, bool)> {
    let written = |year: &str, month: &str, day: &str| {
        let day = format!("{year}-{month:0>2}-{day:0>2}");
        Date::parse(&day).map(|_| day)
    };
    if one.len() == 4 {
        return written(one, two, three).map(|day| (day, true));
    }
    if three.len() != 4 {
        return None;
    }
    match (written(three, two, one), written(three, one, two)) {
        (Some(day), None) | (None, Some(day)) => Some((day, true)),
        (Some(day), Some(other)) => {
            let certain = day == other;
            Some((day, certain))
        }
        (None, None) => None,
    }
}

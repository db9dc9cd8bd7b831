//! Names and types where they are declared or used.

use super::{Break, Meant, is_value};
use crate::parse::grammar::Rule;
use crate::parse::wording::one_line;
use crate::scan::{Token, TokenKind};

/// Types by their words
pub(in crate::parse) const TYPES: &[&str] = &[
    "integer", "decimal", "percent", "money", "boolean", "text", "date", "datetime", "duration",
];

pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    type_first(at)
        .or_else(|| colon_left_out(at))
        .or_else(|| name_of_words(at))
        .or_else(|| optional(at))
        .or_else(|| default_value(at))
        .or_else(|| range_by_sign(at))
        .or_else(|| definition(at))
        .or_else(|| type_left_out(at))
        .or_else(|| labels(at))
        .or_else(|| sign(at))
}

/// `integer age`
fn type_first(at: &Break<'_>) -> Option<Meant> {
    let (ty, front) = at.front.split_last()?;
    let declares = front.is_empty() && at.expects("`:`") && TYPES.contains(&at.word(*ty));
    (declares && at.token.kind == TokenKind::Word).then(|| {
        let written = format!("{} : {}", at.seen(), at.word(*ty));
        Meant::help(format!("write `{written}`"))
            .headline("the name comes before its type")
            .at(ty.start..at.token.end)
            .mend(ty.start..at.token.end, written)
    })
}

/// `opened date`
fn colon_left_out(at: &Break<'_>) -> Option<Meant> {
    let name = at.last(1).filter(|token| token.kind == TokenKind::Word)?;
    let declares = at.front.len() == 1 && at.expects("`:`");
    (declares && TYPES.contains(&at.seen())).then(|| {
        Meant::help(format!("write `{} : {}`", at.word(name), at.seen()))
            .headline("a colon stands before the type")
            .mend(at.token.start..at.token.start, ": ")
    })
}

/// `account opened : date`, `account-opened : date`, and `debt ratio` where there is a
/// `debt_ratio`
fn name_of_words(at: &Break<'_>) -> Option<Meant> {
    let before = at.last(1).filter(|token| token.kind == TokenKind::Word)?;
    let mut words = vec![at.word(before)];
    let mut last = at.token;
    let mut next = at.next();
    let glued = last.start == before.end;
    if at.seen() == "-" && glued {
        last = next.next().filter(|token| token.start == last.end)?;
    }
    if last.kind != TokenKind::Word {
        return None;
    }
    words.push(at.word(last));
    let declared = at.front.len() == 1 && at.expects("`:`");
    if declared {
        loop {
            let token = next.next()?;
            match token.kind {
                TokenKind::Word => words.push(at.word(token)),
                TokenKind::Colon => break,
                _ if at.word(token) == "-" => continue,
                _ => return None,
            }
            last = token;
        }
    }
    let name = words.join("_");
    if !declared && !at.is_known(&name) {
        return None;
    }
    let place = before.start..last.end;
    let written = at.text.get(place.clone()).unwrap_or("");
    Some(match declared {
        true => Meant::help(format!(
            "write `{name}`, or put it between backticks: `` `{written}` ``"
        ))
        .headline("a name is one word")
        .at(place.clone())
        .mend(place, name),
        false => joined(at, before, &name),
    })
}

/// A name that stands elsewhere as one word
pub(super) fn joined(at: &Break<'_>, before: Token, name: &str) -> Meant {
    let end = match at.seen() {
        "-" => at.next().next().map_or(at.token.end, |token| token.end),
        _ => at.token.end,
    };
    let place = before.start..end;
    let written = one_line(at.text.get(place.clone()).unwrap_or(""));
    Meant::help(format!("did you mean `{name}`?"))
        .headline(format!("`{written}` is no name"))
        .at(place.clone())
        .mend(place, name)
}

/// `optional integer`
fn optional(at: &Break<'_>) -> Option<Meant> {
    let word = at.last(1)?;
    let is_optional = matches!(at.word(word), "optional" | "nullable");
    if !is_optional || !TYPES.contains(&at.seen()) {
        return None;
    }
    let brackets = at.behind().trim_start().starts_with('(');
    let written = format!("{}?", at.seen());
    let meant = Meant::help(format!("write `{written}`"))
        .headline("what may be missing has a `?` behind its type");
    Some(match brackets {
        true => meant,
        false => meant
            .at(word.start..word.end)
            .mend(word.start..at.token.end, written),
    })
}

/// `integer in 6 to 84 = 36`
fn default_value(at: &Break<'_>) -> Option<Meant> {
    (at.seen() == "=" && at.takes("default") && !at.expects("`:`")).then(|| {
        let value = at.next().next().map_or("", |token| at.word(token));
        Meant::help(format!("write `default {value}`"))
            .headline("what stands in for an input is written with `default`")
            .mend(at.here(), "default")
    })
}

/// `money(GBP) >= 0`
fn range_by_sign(at: &Break<'_>) -> Option<Meant> {
    let value = at
        .next()
        .next()
        .filter(|token| token.kind == TokenKind::Number)?;
    let number = at.word(value);
    let declares = matches!(at.rule, Rule::input_field | Rule::group_entry);
    let range = match at.seen() {
        ">=" => format!("in {number} and above"),
        ">" => format!("in above {number}"),
        "<=" => format!("in up to {number}"),
        "<" => format!("in below {number}"),
        _ => return None,
    };
    declares.then(|| {
        let place = at.token.start..value.end;
        Meant::help(format!("write `{range}`"))
            .headline("the range of an input is written with `in`")
            .at(place.clone())
            .mend(place, range)
    })
}

/// `debt_ratio : debt / income`
fn definition(at: &Break<'_>) -> Option<Meant> {
    let colon = at.last(2).filter(|token| token.kind == TokenKind::Colon)?;
    let is_type = TYPES.contains(&at.before(1));
    (at.rule == Rule::definition && at.expects("`=`") && !is_type).then(|| {
        Meant::help(format!("write `{} = {} …`", at.before(3), at.before(1)))
            .headline("a definition has `=` before its value")
            .at(colon.start..colon.end)
            .mend(colon.start..colon.end, "=")
    })
}

/// `opened`
fn type_left_out(at: &Break<'_>) -> Option<Meant> {
    let at_end = at.seen().is_empty() && at.rule == Rule::input_field;
    (at_end && at.expects("`:`")).then(|| {
        let name = at.before(1);
        Meant::help(format!(
            "say what it is, as in `{name} : integer` or `{name} : date`"
        ))
        .headline(format!("the input `{name}` has no type"))
    })
}

/// `{ employed | retired }`, `{ employed retired }`
fn labels(at: &Break<'_>) -> Option<Meant> {
    if at.rule != Rule::enum_entry || !at.expects("`,`") {
        return None;
    }
    let before = at.last(1)?;
    let meant = Meant::help(format!("write `{}, …`", at.word(before)))
        .headline("labels are set apart by commas");
    Some(match at.seen() {
        "|" | "/" => meant.mend(before.end..at.token.end, ","),
        _ if is_value(at.token) => meant.mend(before.end..before.end, ","),
        _ => return None,
    })
}

/// Signs in place of others
fn sign(at: &Break<'_>) -> Option<Meant> {
    let seen = at.seen();
    let wanted = match seen {
        "=" if at.rule == Rule::output_field && at.expects("`:`") => {
            let name = at.before(1);
            let headline = format!("the output `{name}` has no type");
            let help = format!("say what it is, as in `{name} : integer = …`");
            return Some(Meant::help(help).headline(headline));
        }
        "=>" | "=" if at.positives.contains(&Rule::colon) => ":",
        ":" | "->" | "is" | ":=" if at.positives.contains(&Rule::equals) => "=",
        "=" | ":" if at.positives == [Rule::text] && begins_with_value(at) => "",
        "." | ";" if at.positives.contains(&Rule::comma) => ",",
        _ => return None,
    };
    let words = match wanted {
        "" => "leave it out".to_owned(),
        wanted => format!("write `{wanted}`"),
    };
    Some(Meant::help(words).mend(at.here(), wanted))
}

/// Tells whether a value stands behind what is found.
fn begins_with_value(at: &Break<'_>) -> bool {
    at.next().next().is_some_and(is_value)
}

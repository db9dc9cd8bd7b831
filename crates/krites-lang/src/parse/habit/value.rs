//! Values, choices and comments of other languages.

use super::{Break, Meant, is_value};
use crate::scan::TokenKind;

pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    comment(at)
        .or_else(|| sign(at))
        .or_else(|| exists(at))
        .or_else(|| missing(at))
        .or_else(|| choice(at))
        .or_else(|| file_of_inputs(at))
}

/// `// …`, `-- …`
fn comment(at: &Break<'_>) -> Option<Meant> {
    let seen = at.seen();
    let start = match (seen, at.before(1)) {
        ("/", "/") => at.last(1)?.start,
        ("/", _) if at.behind().starts_with(['/', '*']) => at.token.start,
        ("-", _) if at.behind().starts_with('-') => at.token.start,
        _ => return None,
    };
    let place = start..start + 2;
    let meant = Meant::help("write `#`")
        .headline("a comment begins with `#`")
        .at(place.clone());
    let stars = at.text.get(place.clone()) == Some("/*");
    Some(match stars {
        true => meant,
        false => meant.mend(place, "#"),
    })
}

/// `2 x debt`, `debt ^ 2`, `debt ** 2`, `a ? b : c`
fn sign(at: &Break<'_>) -> Option<Meant> {
    let here = at.here();
    let (written, place) = match at.seen() {
        "x" | "X" if !at.wants_value && at.next().next().is_some_and(is_value) => ("*", here),
        "^" => ("to the power of", here),
        "*" if at.before(1) == "*" => {
            let first = at.last(1).filter(|first| first.end == here.start)?;
            ("to the power of", first.start..here.end)
        }
        "?" if at.behind().contains(':') => {
            return Some(
                Meant::help("write `if … then … else …`")
                    .headline("a choice is written with `if`, `then` and `else`"),
            );
        }
        _ => return None,
    };
    let sign = at.text.get(place.clone()).unwrap_or("");
    Some(
        Meant::help(format!("write `{written}`"))
            .headline(format!("`{sign}` is written `{written}`"))
            .at(place.clone())
            .mend(place, written),
    )
}

/// `exists score`
fn exists(at: &Break<'_>) -> Option<Meant> {
    let word = at.last(1)?;
    let asks = matches!(at.word(word), "exists" | "has" | "defined");
    if !asks || at.token.kind != TokenKind::Word {
        return None;
    }
    let written = format!("{} is present", at.seen());
    let place = word.start..at.token.end;
    Some(
        Meant::help(format!("write `{written}`"))
            .headline(format!("`{}` asks nothing", at.word(word)))
            .at(place.clone())
            .mend(place, written),
    )
}

/// `= missing` and what is missing as a value
fn missing(at: &Break<'_>) -> Option<Meant> {
    if at.seen() != "missing" || !at.wants_value {
        return None;
    }
    let sign = at.last(1)?;
    let instead = match at.word(sign) {
        "=" | "=="
            if at.front.len() > 2 && at.before(2) != ")" && at.rule != super::Rule::definition =>
        {
            "is"
        }
        "!=" | "<>" => "is not",
        _ => {
            return Some(Meant::help(
                "what may be missing comes from a cascade: `cascade x : integer? { try … when …; otherwise missing }`",
            ));
        }
    };
    let written = match instead {
        "is" => "is missing",
        _ => "is present",
    };
    let place = sign.start..at.token.end;
    Some(
        Meant::help(format!("write `{} {written}`", at.before(2)))
            .headline("whether a value is missing is asked with `is`")
            .at(place.clone())
            .mend(place, written),
    )
}

/// `case when … then … end`, an `if` without `else`
fn choice(at: &Break<'_>) -> Option<Meant> {
    let words = match at.seen() {
        "when" if at.before(1) == "case" => {
            "write `if … then … else …`, or `match x { 1 : …, otherwise : … }`"
        }
        "" if at.takes("else") && at.front.iter().any(|token| at.word(*token) == "if") => {
            "say what it is otherwise: `if … then … else …`"
        }
        _ => return None,
    };
    Some(Meant::help(words))
}

fn file_of_inputs(at: &Break<'_>) -> Option<Meant> {
    let is_file = at.before(1) == "input" && at.token.kind == TokenKind::Text;
    is_file.then(|| Meant::help(format!("write `input from {}`", at.seen())))
}

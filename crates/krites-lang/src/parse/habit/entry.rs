//! Words that begin or go on with an entry in another way.

use super::{Break, Meant};
use crate::parse::grammar::Rule;
use crate::scan::TokenKind;

/// Hit policies by the letters of DMN
const LETTERS: &[(&str, &str)] = &[
    ("U", "unique"),
    ("F", "first match"),
    ("A", "any"),
    ("P", "priority"),
    ("R", "rule order"),
    ("O", "output order"),
    ("C", "collect list"),
];

pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    rule_name(at)
        .or_else(|| word_left_out(at))
        .or_else(|| outcome(at))
        .or_else(|| because(at))
        .or_else(|| letter(at))
        .or_else(|| expectations(at))
        .or_else(|| milliseconds(at))
        .or_else(|| file(at))
        .or_else(|| words(at))
}

/// `rule when …`, `rule "Title"`
fn rule_name(at: &Break<'_>) -> Option<Meant> {
    let is_rule = matches!(at.rule, Rule::rule_entry | Rule::decide_entry);
    if is_rule && at.before(1) == "rule" && at.token.kind == TokenKind::Text {
        let title = at.seen().trim_matches('"').to_ascii_lowercase();
        let words = title.split(|sign: char| !sign.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let name = words.join("_");
        return Some(
            Meant::help(format!("write `rule {name} {}`", at.seen()))
                .headline("the rule has a title, but no name"),
        );
    }
    let when = at.last(1)?;
    let unnamed =
        is_rule && at.before(2) == "rule" && matches!(at.word(when), "when" | "otherwise");
    unnamed.then(|| {
        Meant::help(format!("write `rule some_name {} …`", at.word(when)))
            .headline("the rule has no name")
            .at(when.start..when.end)
    })
}

/// A condition without `when`, an outcome without `then`
fn word_left_out(at: &Break<'_>) -> Option<Meant> {
    if !matches!(at.rule, Rule::rule_entry | Rule::decide_entry) {
        return None;
    }
    let is_word = at.token.kind == TokenKind::Word;
    let goes_on = at.next().any(|token| at.word(token) == "then");
    let mut behind = at.next();
    let ends = behind.next().is_none_or(|next| at.word(next) == "because");
    let word = match () {
        () if is_word && goes_on && at.takes("when") && at.before(1) != "when" => "when",
        () if is_word && ends && at.positives.contains(&Rule::kw_then) => "then",
        () => return None,
    };
    let what = match word {
        "when" => "the condition",
        _ => "the outcome",
    };
    Some(
        Meant::help(format!("write `{word} {}`", at.seen()))
            .headline(format!("`{word}` is left out before {what}"))
            .mend(at.token.start..at.token.start, format!("{word} ")),
    )
}

/// `then because R01`
fn outcome(at: &Break<'_>) -> Option<Meant> {
    let because = at.last(1).filter(|token| at.word(*token) == "because")?;
    (at.before(2) == "then").then(|| {
        Meant::help(format!("write `then decline because {}`", at.seen()))
            .headline("expected an outcome after `then`")
            .at(because.start..because.end)
    })
}

/// `then decline R01`, where there is a `reason R01`
fn because(at: &Break<'_>) -> Option<Meant> {
    let declared = format!("\nreason {} ", at.seen());
    let wanted = at.takes("because") && at.token.kind == TokenKind::Word;
    (wanted && at.source.contains(&declared)).then(|| {
        Meant::help(format!("write `because {}`", at.seen()))
            .headline(format!(
                "expected `because` before the reason `{}`",
                at.seen()
            ))
            .mend(at.token.start..at.token.start, "because ")
    })
}

/// `table terms F -> …`
fn letter(at: &Break<'_>) -> Option<Meant> {
    let wanted = at.positives.contains(&Rule::hit_policy);
    let (letter, words) = LETTERS.iter().find(|(letter, _)| *letter == at.seen())?;
    wanted.then(|| {
        Meant::help(format!("write `{words}`"))
            .headline(format!("the hit policy `{letter}` is written `{words}`"))
            .mend(at.here(), *words)
    })
}

/// `expect outcome is refer`, `outcome = refer and limit = 5`
fn expectations(at: &Break<'_>) -> Option<Meant> {
    if at.rule != Rule::test_entry {
        return None;
    }
    match at.seen() {
        "is" if at.expects("`row`") => {
            Some(Meant::help("write `=` before the value that is expected").mend(at.here(), "="))
        }
        "=" if at.expects("`with`") => Some(Meant::help(
            "a test without an example writes `given with age = 34`",
        )),
        _ => None,
    }
}

/// `within 20`, `within 1 s`
fn milliseconds(at: &Break<'_>) -> Option<Meant> {
    let number = at.last(1).filter(|token| token.kind == TokenKind::Number)?;
    if !at.positives.contains(&Rule::kw_ms) {
        return None;
    }
    let digits = at.word(number);
    let written = match at.seen() {
        "" => format!("{digits} ms"),
        "s" | "sec" | "second" | "seconds" => format!("{digits}000 ms"),
        _ => return None,
    };
    let place = number.start..at.token.end.max(number.end);
    Some(Meant::help(format!("write `within {written}`")).mend(place, written))
}

/// `from models/risk.onnx`
fn file(at: &Break<'_>) -> Option<Meant> {
    let rest = at.text.get(at.token.start..)?;
    let path = rest.split_whitespace().next()?.trim_end_matches('{');
    let is_path = path.contains(['/', '.']) && !path.contains('"');
    let wanted = at.before(1) == "from" && at.expects("a text in quotes");
    (wanted && is_path && !path.is_empty()).then(|| {
        let place = at.token.start..at.token.start + path.len();
        let quoted = format!("\"{path}\"");
        Meant::help(format!("put it between quotes: `{quoted}`"))
            .headline("the name of a file stands in quotes")
            .at(place.clone())
            .mend(place, quoted)
    })
}

/// Words that stand for others, where nothing is certain
fn words(at: &Break<'_>) -> Option<Meant> {
    let words = match at.seen() {
        "shadow" | "off" if at.expects("`rule`") => {
            "write it behind the name: `rule name shadow when …`, `rule name off when …`"
        }
        _ if at.before(1) == "stop" => {
            "write `stop once decline`, or `stop once at least refer` for that and all more severe ones"
        }
        "the" if at.takes("rules") => "write `rules that spoke`",
        "" if at.positives.contains(&Rule::most_severe) => {
            "write `most severe` where the most severe outcome wins, `first match` where the first rule does"
        }
        _ => return None,
    };
    Some(Meant::help(words))
}

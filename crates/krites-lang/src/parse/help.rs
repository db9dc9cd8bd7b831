//! What an analyst may have meant where a syntax error is found.

use super::grammar::Rule;
use super::habit::{Break, Meant, habit};
use super::words::{example, first_words};
use crate::Help;
use crate::ast::HitPolicy;
use crate::diagnostic::near;
use crate::scan::{Token, TokenKind};

/// Words that look at all elements, with `of` behind them
const FOLDS: &[&str] = &["count", "sum", "average", "min", "max", "first"];

/// Tells what was meant where an entry breaks off.
pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    if let Some(meant) = first_help(at).map(Meant::help).or_else(|| habit(at)) {
        return Some(meant);
    }
    let help = match at.seen().is_empty() {
        true => examples(at),
        false => help(at),
    }?;
    Some(Meant {
        mend: help.instead.map(|text| (at.here(), text)),
        ..Meant::help(help.words)
    })
}

/// What reads as something else
fn first_help(at: &Break<'_>) -> Option<&'static str> {
    let seen = at.seen();
    if seen == "if" && at.behind().trim_start().starts_with("none") {
        return Some("put it in brackets with the value before it: `if none (… if none …)`");
    }
    if seen == "if" && at.wants_value {
        return Some("put it in brackets: `(if … then … else …)`");
    }
    ((at.before(1), seen) == (")", "."))
        .then_some("name a column of a lookup, as in `routing(intent).queue`")
}

/// Examples of what could stand there
fn examples(at: &Break<'_>) -> Option<Help> {
    let mut rules = at.positives.iter();
    rules
        .find_map(|rule| example(*rule, at.before(1)))
        .map(Help::from)
}

fn help(at: &Break<'_>) -> Option<Help> {
    let (positives, token, seen, before) = (at.positives, at.token, at.seen(), at.before(1));
    let behind = at.behind();
    let quantified = matches!(seen, "any" | "every") && at.wants_value;
    if quantified || (seen == "of" && FOLDS.contains(&before)) {
        return Some("put it in brackets, as in `(sum of charges > 10)`".into());
    }
    if token.kind == TokenKind::Word {
        let keywords: Vec<String> = positives
            .iter()
            .flat_map(|rule| first_words(*rule))
            .collect();
        if let Some(meant) =
            near(seen, keywords.iter().map(String::as_str)).filter(|meant| meant.name != seen)
        {
            let words = format!("did you mean `{}`?", meant.name);
            // A single letter may be a name
            let instead = (meant.certain && seen.len() > 1).then(|| meant.name.to_owned());
            return Some(Help { words, instead });
        }
    }
    if let Some(help) = super::time::help(before, seen, token.kind) {
        return Some(help.into());
    }
    if let Some(help) = table_help(positives, before, token, seen) {
        return Some(help.into());
    }
    let front = at.text.get(..token.start).unwrap_or("");
    if let Some(help) = awaited_help(front, seen) {
        return Some(help.into());
    }
    if let Some(help) = number_help(token, seen, behind) {
        return Some(help.into());
    }
    let quotable = matches!(token.kind, TokenKind::Word | TokenKind::Number);
    let wants_text = positives == [Rule::text]
        || token.kind == TokenKind::Word
            && matches!(
                positives,
                [Rule::text, Rule::date] | [Rule::date, Rule::text]
            );
    if quotable && wants_text {
        let quoted = format!("\"{seen}\"");
        // Of several words the rest would be left
        let is_all = behind
            .lines()
            .next()
            .is_none_or(|rest| rest.trim().is_empty());
        return Some(Help {
            words: format!("put it between quotes: `{quoted}`"),
            instead: is_all.then_some(quoted),
        });
    }
    if positives == [Rule::open_list] && before == "of" {
        return Some("put the values in brackets: `is one of [a, b]`".into());
    }
    if before == "is" && seen == "in" {
        return Some("leave out `is`: `x in 1 to 5`".into());
    }
    if token.kind == TokenKind::Word && positives.contains(&Rule::list_value) {
        let quoted = format!("\"{seen}\"");
        return Some(Help::certain(
            format!(
                "`{seen}` is a word of the language; as a text it stands in quotes: `{quoted}`"
            ),
            quoted,
        ));
    }
    let wants_name = positives
        .iter()
        .any(|rule| matches!(rule, Rule::name | Rule::path | Rule::type_name));
    if token.kind == TokenKind::Word && wants_name {
        let words = format!(
            "`{seen}` is a word of the language; as a name it stands between backticks: `` `{seen}` ``"
        );
        let declares = behind.trim_start().starts_with([':', '=']) && before.is_empty();
        return Some(Help {
            words,
            instead: declares.then(|| format!("`{seen}`")),
        });
    }
    examples(at)
}

/// Helps where a word before it was left without what it takes, so that it reads as
/// something else.
fn awaited_help(front: &str, seen: &str) -> Option<String> {
    let ends_with = |text: &str, word: &str| {
        let rest = text.trim_end().strip_suffix(word);
        rest.is_some_and(|rest| rest.ends_with(char::is_whitespace))
    };
    let list = front.rsplit_once('[').map(|(before, _)| before);
    if seen == "," && list.is_some_and(|before| ends_with(before, "one")) {
        return Some("write `is one of [a, b]`".to_owned());
    }
    let given = front.trim_end().strip_suffix("expect")?;
    ends_with(given, "with")
        .then(|| "say behind `with` what is other than in the example, or leave it out".to_owned())
}

/// Helps where the head of a grid or rank goes on as that of a table does.
fn table_help(positives: &[Rule], before: &str, token: Token, seen: &str) -> Option<String> {
    if positives.contains(&Rule::kw_by) && begins_policy(seen) {
        return Some("leave out the hit policy, and write `by` behind the name".to_owned());
    }
    if positives.contains(&Rule::comma) && seen == "->" {
        return Some("a grid tests two values: `by band, size`".to_owned());
    }
    let file = before == "from" && token.kind == TokenKind::Text;
    (file && positives == [Rule::date])
        .then(|| "a table may stand in a file, but no grid or rank".to_owned())
}

/// Tells whether a word begins a hit policy.
fn begins_policy(word: &str) -> bool {
    let begins = |policy: HitPolicy| policy.words().split_whitespace().next() == Some(word);
    HitPolicy::ALL.into_iter().any(begins)
}

/// Helps with a number that does not end as numbers do.
fn number_help(token: Token, seen: &str, behind: &str) -> Option<String> {
    match (token.kind, seen) {
        (TokenKind::Other, ".") => Some("a decimal begins with a digit: `0.5`".to_owned()),
        (TokenKind::Other, "%") => Some("the sign stands right behind the number: `8%`".to_owned()),
        (TokenKind::Number, _) if behind.starts_with('.') => {
            Some(format!("write `{seen}` or `{seen}.0`"))
        }
        _ => None,
    }
}

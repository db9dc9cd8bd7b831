//! What an analyst may have meant where a syntax error is found.

use super::grammar::Rule;
use super::habit::{Break, habit};
use super::wording::text_of;
use super::words::{example, first_words, word_for};
use crate::Help;
use crate::ast::HitPolicy;
use crate::diagnostic::near;
use crate::scan::{Token, TokenKind};

/// Words that look at all elements, with `of` behind them
const FOLDS: &[&str] = &["count", "sum", "average", "min", "max", "first"];

/// Tells how an entry could go on that breaks off at the token `found`, behind the
/// word `before`.
pub(super) fn help(
    positives: &[Rule],
    found: Option<Token>,
    text: &str,
    before: &str,
) -> Option<Help> {
    let Some(token) = found else {
        return positives
            .iter()
            .find_map(|rule| example(*rule, before))
            .map(Help::from);
    };
    let seen = text_of(text, token);
    let wants_value = |rule: &Rule| {
        word_for(*rule, "").is_some_and(|word| matches!(word.as_str(), "a value" | "a name"))
    };
    if seen == "if" && positives.iter().any(wants_value) {
        return Some("put it in brackets: `(if … then … else …)`".into());
    }
    let behind = text.get(token.end..).unwrap_or("");
    if seen == "if" && behind.trim_start().starts_with("none") {
        return Some("put it in brackets with the value before it: `if none (… if none …)`".into());
    }
    if (before, seen) == (")", ".") {
        return Some("name a column of a lookup, as in `routing(intent).queue`".into());
    }
    let at_break = Break {
        positives,
        token,
        seen,
        before,
        behind,
        wants_value: positives.iter().any(wants_value),
    };
    if let Some(help) = habit(&at_break) {
        // A sign that stands for another is replaced by it
        let instead = (help == "write `:`").then(|| ":".to_owned());
        return Some(Help {
            words: help,
            instead,
        });
    }
    let quantified = matches!(seen, "any" | "every") && positives.iter().any(wants_value);
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
    let front = text.get(..token.start).unwrap_or("");
    if let Some(help) = awaited_help(front, seen) {
        return Some(help.into());
    }
    if let Some(help) = number_help(token, seen, behind) {
        return Some(help.into());
    }
    if positives
        .iter()
        .any(|rule| matches!(rule, Rule::test_cell | Rule::cell_test))
    {
        let instead = match seen {
            "<" => "below 3",
            "<=" => "up to 3",
            ">" => "above 3",
            ">=" => "3 and above",
            _ => "",
        };
        if !instead.is_empty() {
            return Some(format!("a cell says it in words: `{instead}`").into());
        }
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
    positives
        .iter()
        .find_map(|rule| example(*rule, before))
        .map(Help::from)
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
    let help = match (token.kind, seen) {
        (TokenKind::Other, ".") => "a decimal begins with a digit: `0.5`".to_owned(),
        (TokenKind::Other, "%") => "the sign stands right behind the number: `8%`".to_owned(),
        (TokenKind::Number, _) if behind.starts_with("..") => {
            "a range is written `1 to 3`".to_owned()
        }
        (TokenKind::Number, _) if behind.starts_with('.') => {
            format!("write `{seen}` or `{seen}.0`")
        }
        (TokenKind::Number, _) if seen.bytes().any(|byte| byte.is_ascii_alphabetic()) => {
            let digits = seen.trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
            format!(
                "a name begins with a letter; a number ends before one: `{digits} {}`",
                seen.get(digits.len()..)?
            )
        }
        _ => return None,
    };
    Some(help)
}

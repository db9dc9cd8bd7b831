//! The grammar's rules in the analyst's words. No name of a rule leaves this
//! module.

mod example;
mod file;
mod first;
mod item;
mod value;

use super::grammar::Rule;

pub(super) use example::example;
pub(super) use first::first_words;

/// Translates a rule; `None` for what goes without saying.
pub(super) fn word_for(rule: Rule, before: &str) -> Option<String> {
    if goes_without_saying(rule) {
        return None;
    }
    let word = sign(rule)
        .or_else(|| value::word(rule, before))
        .or_else(|| item::word(rule))
        .or_else(|| file::word(rule));
    match word {
        Some(word) => Some(word.to_owned()),
        // Rules of keywords are named after them
        None => keyword(rule).map(|word| format!("`{word}`")),
    }
}

fn keyword(rule: Rule) -> Option<String> {
    format!("{rule:?}").strip_prefix("kw_").map(str::to_owned)
}

fn sign(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::fault => "`fault`",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::comma => "`,`",
        Rule::arrow => "`->`",
        Rule::open => "`(`",
        Rule::close => "`)`",
        Rule::open_list => "`[`",
        Rule::close_list => "`]`",
        _ => return None,
    })
}

fn goes_without_saying(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::EOI
            | Rule::arithmetic
            | Rule::compare
            | Rule::compare_tail
            | Rule::is_tail
            | Rule::in_tail
            | Rule::bare_list
            | Rule::kw_a
            | Rule::column
            | Rule::if_no_row
            | Rule::text_tail
            | Rule::starts_with
            | Rule::ends_with
            | Rule::contains
            | Rule::word_in
            | Rule::matches
            | Rule::sign
            | Rule::junction
            | Rule::negation
            | Rule::if_zero
            | Rule::if_missing
            | Rule::rounding_tail
            | Rule::power_tail
            | Rule::kw_power
            | Rule::kw_rounded
            | Rule::unit
            | Rule::part
            | Rule::part_word
            | Rule::between
            | Rule::kw_before
            | Rule::kw_after
            | Rule::kw_off
            | Rule::kw_fired
            | Rule::kw_shadow
            | Rule::fired
            | Rule::if_asked
            | Rule::kw_implies
            | Rule::kw_enforce
            | Rule::validity
            | Rule::valid_from
            | Rule::valid_through
            | Rule::valid_before
            | Rule::if_none
            | Rule::slice
            | Rule::bare_compare
            | Rule::bare_is
            | Rule::bare_in
            | Rule::bare_text
            | Rule::question_mark
            | Rule::kw_unrounded
            | Rule::index
            | Rule::series
            | Rule::kw_if
            | Rule::kw_match
            | Rule::conditional
            | Rule::matching
            | Rule::kw_is
            | Rule::WHITESPACE
    )
}

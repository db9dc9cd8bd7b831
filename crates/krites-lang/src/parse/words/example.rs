//! What to write in place of what is missing.

use crate::parse::grammar::Rule;

/// Returns text to paste for what is missing.
pub(in crate::parse) fn example(rule: Rule, before: &str) -> Option<String> {
    let text = match rule {
        Rule::then | Rule::kw_then => {
            "write `then` and an outcome, such as `then decline because R01`"
        }
        Rule::when => "write `when` and a condition, or `otherwise`",
        Rule::set_mode => {
            "write `all` where every rule counts, `first` where the first match ends the set"
        }
        Rule::most_severe => {
            "write `most severe` where the most severe outcome wins, `first match` where the first one does"
        }
        Rule::first_match => "write `first match`: the first that matches gives the result",
        Rule::band | Rule::edge_from => {
            "say what the band takes, as in `S up to 1_500, M up to 4_000, XL above`"
        }
        Rule::course => {
            "write `linear` for the line between two points, `steps` for the value of the last point at or below"
        }
        Rule::hit_policy => {
            "write `first match`, `unique`, `any`, `priority`, `rule order`, `output order`, or `collect` with `list`, `sum`, `min`, `max` or `count`"
        }
        Rule::arrow => "write `->` and what a row gives, such as `-> verdict : Outcome, because`",
        Rule::range | Rule::to_range => {
            "write a range such as `1 to 5`, `1 to below 5`, `below 5` or `5 and above`"
        }
        Rule::type_expr | Rule::type_name => {
            "write a type: integer, decimal, percent, money(EUR), boolean, text, date, datetime, duration or an enum"
        }
        Rule::name if before == "because" => {
            "write a code that a `reason` declares, such as `because R01`"
        }
        Rule::count if before == "[" => "an index is a number in the text: `paid[3]`",
        Rule::open if before == "money" => "say which currency: `money(EUR)`",
        Rule::kw_through => "write both days: `from 2026-01-01 through 2026-12-31`",
        Rule::kw_in if before == "word" => {
            "name a list: `contains a word in words`, where `list words = a, b`"
        }
        Rule::kw_in => "write `in` before a range: `in 0 to 120`",
        Rule::kw_and | Rule::and_above => {
            "write a range such as `1 to 5`, `1 to below 5`, `below 5` or `5 and above`"
        }
        Rule::kw_from => "write `from` and the file in quotes",
        Rule::kw_key => "say by which column a row is found: `key intent : Intent`",
        Rule::file_column => "name a column of the file and its type: `queue : text`",
        Rule::list_value | Rule::list_words => {
            "write words, texts in quotes, numbers or dates with commas: `fraud, scam, \"wire transfer\"`"
        }
        Rule::filter => "say what must hold of an element: `any of accounts where (balance > 0)`",
        Rule::asked_tail => "say what must hold of an element, as in `any flags is \"vip\"`",
        Rule::kw_over => "say of what: `sum of (balance * 2) over accounts`",
        Rule::text if before == "sheet" => "write the name of the sheet in quotes",
        Rule::text if before == "bin" => {
            "write bins of the file in quotes: `ignore bin \"Special\"`"
        }
        Rule::text if before == "ignore" => {
            "write headers in quotes: `ignore \"Comment\", \"Author\"`"
        }
        Rule::text if before == "numbers" => {
            "write a number as the file has it: `numbers \"1.234,56\"`"
        }
        Rule::rate_as => {
            "write `as fraction` where 0.05 stands for 5% among the feature's bins, `as percent` where 5 does"
        }
        Rule::written_as => {
            "write `as fraction` where 0.05 stands for 5%, `as percent` where 5 does, `as text` for texts without quotes"
        }
        Rule::kw_ms => "write the time in milliseconds: `within 20 ms`",
        _ => return None,
    };
    Some(text.to_owned())
}

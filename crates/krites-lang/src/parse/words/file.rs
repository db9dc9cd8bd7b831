//! What items in files of their own are made of, in the analyst's words.

use crate::parse::grammar::Rule;

/// Translates a rule of an item that stands in a file, or of a cell of it.
pub(super) fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::from_file => "`from` and a file in quotes",
        Rule::from_entry => "what a column is, such as `cap = \"Limit\"`, `ignore` or `numbers`",
        Rule::column_map => "what a column is, such as `cap = \"Limit\"`",
        Rule::schema_entry => {
            "what a column is, such as `type = \"Type\"`, or an input such as `age : integer`"
        }
        Rule::name_cell => "the name of an input",
        Rule::type_cell => "a type",
        Rule::range_cell => "a range such as `1 to 5`",
        Rule::card_entry => {
            "what a column or a feature is, such as `points = \"Points\"` or `\"Age\" = age`"
        }
        Rule::ignored_bins | Rule::ignore_entry => "`ignore`",
        Rule::base_row => "`base`",
        Rule::feature_map => "a feature of the file in quotes",
        Rule::feature_cell => "a value, or a name and its value",
        Rule::bin_cell | Rule::bin_alternative => {
            "a bin such as `below 25`, `[25, 40)` or `missing`"
        }
        Rule::numbers_entry => "`numbers`",
        Rule::written | Rule::feature_rate | Rule::kw_as => "`as`",
        Rule::rate_as => "`fraction` or `percent`",
        Rule::written_as => "`fraction`, `percent` or `text`",
        _ => return None,
    })
}

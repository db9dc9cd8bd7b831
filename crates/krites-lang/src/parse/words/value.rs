//! Values, conditions, types and ranges in the analyst's words.

use crate::parse::grammar::Rule;

/// Translates a rule of an expression, a type or a range.
pub(super) fn word(rule: Rule, before: &str) -> Option<&'static str> {
    Some(match rule {
        Rule::expression
        | Rule::branch
        | Rule::comparison
        | Rule::sum
        | Rule::operand
        | Rule::term
        | Rule::remainder
        | Rule::side
        | Rule::value
        | Rule::call
        | Rule::group
        | Rule::bare
        | Rule::bare_comparison
        | Rule::plain_call
        | Rule::plain_value
        | Rule::in_no_row
        | Rule::aggregate
        | Rule::assigned => match before {
            "when" | "and" | "or" | "not" => "a condition",
            "in" => "a range such as `1 to 5`",
            _ => "a value",
        },
        Rule::number | Rule::rate => "a number",
        Rule::count | Rule::whole => "a whole number",
        Rule::date | Rule::datetime => match before {
            "from" | "through" | "before" => "a date such as `2026-01-01`",
            _ => "a date",
        },
        Rule::boolean => "`true` or `false`",
        Rule::text => "a text in quotes",
        Rule::name => match before {
            "because" => "a reason code",
            "then" | "once" | "least" | "fault" => "an outcome",
            "tag" => "a tag",
            "list" => "the name of a list",
            "lookup" => "the name of a lookup",
            _ => "a name",
        },
        Rule::path => "a name",
        Rule::empty_list => "`[]`",
        Rule::elements => "a list or series",
        Rule::filter => "`where` and a condition",
        Rule::fold => "`sum` and its like",
        Rule::quantifier => "`any` or `every`",
        Rule::asked_tail => "a comparison",
        Rule::type_name
        | Rule::type_expr
        | Rule::list_of
        | Rule::integer_type
        | Rule::decimal_type
        | Rule::percent_type
        | Rule::money_type
        | Rule::boolean_type
        | Rule::text_type
        | Rule::date_type
        | Rule::datetime_type
        | Rule::duration_type => "a type",
        Rule::range
        | Rule::bare_range
        | Rule::bare_below
        | Rule::bare_above
        | Rule::bare_up_to
        | Rule::in_range
        | Rule::below_range
        | Rule::above_range
        | Rule::up_to_range => {
            if rule == Rule::in_range {
                "`in` and a range"
            } else {
                "a range such as `1 to 5`"
            }
        }
        Rule::in_list => "`list` and the name of a list",
        Rule::in_lookup => "`lookup` and the name of a lookup",
        Rule::in_file => "`:` and a type",
        Rule::file_column => "a column such as `queue : text`",
        Rule::list_value | Rule::list_words => "a value",
        Rule::verb_start => "`start with`",
        Rule::verb_end => "`end with`",
        Rule::verb_contain => "`contain`",
        Rule::verb_match => "`match`",
        Rule::to_range | Rule::bare_to => "`to` and the upper end",
        // Elsewhere `and` is reported as a junction
        Rule::and_above | Rule::kw_and => "`and above`",
        Rule::one_of => "`one of […]`",
        Rule::multiple | Rule::kw_multiple => "`a multiple of`",
        Rule::kw_remainder => "`remainder of`",
        _ => return None,
    })
}

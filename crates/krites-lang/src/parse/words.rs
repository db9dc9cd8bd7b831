//! The grammar's rules in the analyst's words. No name of a rule leaves this
//! module.

use super::grammar::Rule;

/// Translates a rule; `None` for what goes without saying.
pub(super) fn word_for(rule: Rule, before: &str) -> Option<String> {
    let word = match rule {
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
        | Rule::COMMENT => return None,
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
        Rule::set_mode => "`all` or `first`",
        Rule::first_match => "`first match`",
        Rule::grid_head => "a name",
        Rule::rank_head => "a name",
        Rule::rank_floor => "`at least` and a value",
        Rule::rank_output => "an output such as `margin : money(EUR)`",
        Rule::open_cell => "a condition, or `any`",
        Rule::for_each | Rule::kw_each => "`for each of` and a rank",
        Rule::hit_policy => "a hit policy such as `first match`",
        Rule::most_severe => "`most severe`",
        Rule::trend => "`rises with` or `falls with`",
        Rule::table_output => "an output such as `limit : money(EUR)`",
        Rule::rounding => "`half up`, `half even`, `half down`, `up` or `down`",
        Rule::version_entry => "`version`",
        Rule::owner_entry => "`owner`",
        Rule::zone_entry => "`time zone`",
        Rule::rounding_entry => "`rounding`",
        Rule::on_fault => "`on fault`",
        Rule::because => "`because` and a reason code",
        Rule::with_values => "`with` and a value",
        Rule::with_value | Rule::answer => "a name and its value, such as `limit = 0`",
        Rule::decided_values => "`with` and a value",
        Rule::decided_value => "a value such as `limit : money(EUR)`",
        Rule::tags => "`tag` and a tag",
        Rule::stand_in => "`on fault`",
        Rule::tags_list => "`tags = […]`",
        Rule::when => "`when` and a condition",
        Rule::then | Rule::kw_then => "`then` and an outcome",
        Rule::then_value => "`then`",
        Rule::enum_label => "a label",
        Rule::label_separator => "`,` or `<`",
        Rule::field_part => {
            "more about the input (`missing when`, `private`, `default`, `from`, a text in quotes)"
        }
        Rule::missing_when => "`missing when` and a value",
        Rule::group_head => "a name",
        Rule::on_request => "`on request`",
        Rule::group_part => "more about the group (`private`, `from`, a text in quotes)",
        Rule::group_wire => "`from` and a text in quotes",
        Rule::group_entry => "an input, `stale after` or `on fault`",
        Rule::group_field => "an input such as `score : integer`",
        Rule::stale_after => "`stale after`",
        Rule::age_unit => "`days`, `weeks`, `months` or `years`",
        Rule::age => "a length of time such as `30 days`",
        Rule::model_only => "`model only`",
        Rule::wire_name => "`from` and a text in quotes",
        Rule::value_list => "`[…]`",
        Rule::value_shares => "`{…}`",
        Rule::share => "a label or row and its answer, such as `lost_card : 0.9`",
        Rule::value_record => "`{…}`",
        Rule::default_part => "`default`",
        Rule::feed => "a name",
        Rule::feed_head => "`feed`",
        Rule::give => "`give`",
        Rule::of_class => "`of class`",
        Rule::one_answer => "a type",
        Rule::answer_a_label => "`distribution of` and an enum",
        Rule::named_by | Rule::kw_named => "`named by` and a file in quotes",
        Rule::rounded => "`rounded to … digits`",
        Rule::digits_behind => "how many digits, such as `2 digits`",
        Rule::multiple | Rule::kw_multiple => "`a multiple of`",
        Rule::kw_remainder => "`remainder of`",
        Rule::within => "`within`",
        Rule::one_rule => "`rule`",
        Rule::evaluate => "`evaluate`",
        Rule::stop_once => "`stop once`",
        Rule::at_least => "`at least`",
        Rule::at_most => "`at most`",
        Rule::assignment => "a name and its value, such as `age = 34`",
        Rule::given => "`given`",
        Rule::expect => "`expect`",
        Rule::with_part => "`with`",
        Rule::expectation => "what is expected, such as `outcome = refer`",
        Rule::reasons_list => "`reasons = […]`",
        Rule::not_run => "`not run`",
        Rule::row_is => "`row`",
        Rule::rows_are => "`rows`",
        Rule::row_name => "the name of a row",
        Rule::not_asked => "`not asked`",
        Rule::rule_state => "`fired` or `not fired`",
        Rule::always_head => "what it says, in quotes",
        Rule::forbid_head | Rule::forbidden => "an input",
        Rule::accept_head | Rule::finding => "a code such as `K0903`",
        Rule::in_part => "`in` and what it is about",
        Rule::every_result => "`in every result`",
        Rule::output_record => "`record` and a value",
        Rule::cell_test | Rule::test_cell => "a value or a range",
        Rule::arm => "an alternative such as `employed : 10`",
        Rule::band | Rule::bands_entry => "a band such as `S up to 1_500`",
        Rule::band_below => "`below`",
        Rule::band_from | Rule::edge_from => "`from`",
        Rule::knot | Rule::knots_entry => "a point such as `0.1 : 0.04`",
        Rule::course => "`linear` or `steps`",
        Rule::base_points => "`base` and a number",
        Rule::baseline => "`baseline` and a number",
        Rule::feature_head => "a value, or a name and its value",
        Rule::bin_entry => "a bin such as `below 25 : 10`",
        Rule::shortfalls => "`, then` and the shortfalls of a scorecard",
        Rule::subpolicy_entry => "`feed`, `give` or `on fault`",
        Rule::policy_give => "`give`",
        Rule::shadow_entry => "`with` or `compare`",
        Rule::replaced => "`with`",
        Rule::one_replaced => "a model and what stands for it, such as `default_risk = challenger`",
        Rule::compared => "`compare`",
        Rule::shadow_state => "`same`, `different` or `not known`",
        Rule::cascade_entry => "`try` or `otherwise`",
        Rule::attempt => "`try`",
        Rule::fault_next => "`on fault next`",
        Rule::resort => "`otherwise`",
        Rule::parameter => "a parameter such as `months : integer`",
        Rule::binding => "a name and its value",
        Rule::function_head => "a name",
        Rule::function_entry => "a value, or a name and its value",
        Rule::open_block => "`{`",
        Rule::close_block => "`}`",
        Rule::output_cell | Rule::header_cell => "a value",
        Rule::because_cell => "a reason code or `-`",
        Rule::day_cell => "a day or `-`",
        Rule::input_field => "an input such as `age : integer`",
        Rule::definition => "a definition such as `ratio = debt / income`",
        Rule::output_field => "an output such as `limit : money(EUR) = cap`",
        Rule::feed_entry => "a name, or a name and its value",
        Rule::example_entry => "a name and its value, such as `age = 34`",
        Rule::enum_entry => "a label",
        Rule::policy_entry => "`version`, `owner`, `time zone`, `rounding`, `on fault` or `budget`",
        Rule::budget_entry => "`budget`",
        Rule::step_budget => "a number of steps",
        Rule::call_budget => "a number of model calls",
        Rule::at_most_so_many => "a whole number",
        Rule::model_entry => "`feed`, `give`, `within` or `on fault`",
        Rule::rule_entry => "`rule`",
        Rule::decide_entry => "`evaluate`, `stop once` or `rule`",
        Rule::reasons_entry => "`for` and the outcomes",
        Rule::test_entry => "`given` or `expect`",
        Rule::titled_head => "a title in quotes",
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
        Rule::policy_head
        | Rule::reason_head
        | Rule::named_head
        | Rule::use_head
        | Rule::model_head
        | Rule::subpolicy_head
        | Rule::rules_head
        | Rule::list_head
        | Rule::lookup_head
        | Rule::decide_head
        | Rule::bands_head
        | Rule::calibration_head
        | Rule::cascade_head
        | Rule::scorecard_head
        | Rule::table_head => "a name",
        Rule::fault => "`fault`",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::comma => "`,`",
        Rule::arrow => "`->`",
        Rule::open => "`(`",
        Rule::close => "`)`",
        Rule::open_list => "`[`",
        Rule::close_list => "`]`",
        // Rules of keywords are named after them
        _ => return keyword(rule).map(|word| format!("`{word}`")),
    };
    Some(word.to_owned())
}

fn keyword(rule: Rule) -> Option<String> {
    format!("{rule:?}").strip_prefix("kw_").map(str::to_owned)
}

/// Returns the words that a rule begins with.
pub(super) fn first_words(rule: Rule) -> Vec<String> {
    let words: &[&str] = match rule {
        Rule::policy_entry => &["version", "owner", "time", "rounding", "on", "budget"],
        Rule::budget_entry => &["budget"],
        Rule::model_entry => &["feed", "give", "within", "on"],
        Rule::decide_entry => &["evaluate", "stop", "rule"],
        Rule::test_entry => &["given", "expect"],
        Rule::rule_entry => &["rule"],
        Rule::reasons_entry => &["for"],
        Rule::version_entry => &["version"],
        Rule::owner_entry => &["owner"],
        Rule::zone_entry => &["time"],
        Rule::rounding_entry => &["rounding"],
        Rule::on_fault => &["on"],
        Rule::because => &["because"],
        Rule::when => &["when"],
        Rule::then => &["then"],
        Rule::from_file => &["from"],
        Rule::from_entry => &["ignore", "numbers"],
        Rule::schema_entry => &["ignore", "numbers"],
        Rule::card_entry => &["ignore", "numbers", "base"],
        Rule::ignored_bins | Rule::ignore_entry => &["ignore"],
        Rule::base_row => &["base"],
        Rule::numbers_entry => &["numbers"],
        Rule::written | Rule::feature_rate => &["as"],
        Rule::rate_as => &["fraction", "percent"],
        Rule::written_as => &["fraction", "percent", "text"],
        Rule::field_part => &["missing", "model", "private", "default", "from"],
        Rule::missing_when => &["missing"],
        Rule::on_request => &["on"],
        Rule::group_part => &["private", "from"],
        Rule::group_wire => &["from"],
        Rule::group_entry => &["stale", "on"],
        Rule::stale_after => &["stale"],
        Rule::model_only => &["model"],
        Rule::wire_name => &["from"],
        Rule::default_part => &["default"],
        Rule::feed_head => &["feed"],
        Rule::give => &["give"],
        Rule::within => &["within"],
        Rule::one_rule => &["rule"],
        Rule::evaluate => &["evaluate"],
        Rule::stop_once => &["stop"],
        Rule::given => &["given"],
        Rule::expect => &["expect"],
        Rule::with_part => &["with"],
        Rule::base_points => &["base"],
        Rule::baseline => &["baseline"],
        Rule::subpolicy_entry => &["feed", "give", "on"],
        Rule::policy_give => &["give"],
        Rule::shadow_entry => &["with", "compare"],
        Rule::replaced => &["with"],
        Rule::compared => &["compare"],
        Rule::shadow_state => &["same", "different", "not"],
        Rule::cascade_entry => &["try", "otherwise"],
        Rule::attempt => &["try"],
        Rule::resort => &["otherwise"],
        Rule::fault_next => &["on"],
        Rule::band_below => &["below"],
        Rule::band_from | Rule::edge_from => &["from"],
        Rule::course => &["linear", "steps"],
        Rule::first_match => &["first"],
        Rule::set_mode => &["all", "first"],
        Rule::hit_policy => &[
            "unique", "first", "any", "priority", "rule", "output", "collect",
        ],
        Rule::most_severe => &["most"],
        Rule::junction => &["and", "or"],
        Rule::is_tail => &["is"],
        Rule::compare_tail => &["before", "after"],
        Rule::text_tail => &["starts", "ends", "contains", "matches", "does"],
        Rule::with_values | Rule::decided_values => &["with"],
        Rule::tags => &["tag"],
        Rule::fired => &["fired"],
        Rule::if_asked => &["if"],
        Rule::rule_state => &["fired", "not"],
        Rule::stand_in => &["on"],
        Rule::validity => &["from", "through", "before"],
        _ => return keyword(rule).into_iter().collect(),
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Returns text to paste for what is missing.
pub(super) fn example(rule: Rule, before: &str) -> Option<String> {
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

//! Items, their entries and parts in the analyst's words.

use crate::parse::grammar::Rule;

/// Translates a rule of an item or of what stands in it.
pub(super) fn word(rule: Rule) -> Option<&'static str> {
    Some(match rule {
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
        Rule::within => "`within`",
        Rule::reasons_of_model => "`reasons`",
        Rule::outside_training | Rule::kw_outside => "`outside training range`",
        Rule::explained => "`for high` or `for low` and an answer",
        Rule::adverse => "`high` or `low`",
        Rule::feature_reason | Rule::features_entry => {
            "what is fed and its reason, such as `income : R32`"
        }
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
        Rule::owed_behind => {
            "`, then` and the shortfalls of a scorecard or the contributions of a model"
        }
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
        Rule::policy_entry => {
            "`version`, `owner`, `time zone`, `rounding`, `on fault`, `budget` or `models state`"
        }
        Rule::models_state => "`models state`",
        Rule::card_field => "a field of a card, such as `owner` or `training data`",
        Rule::card_demand | Rule::metric_bound => {
            "a field of a card, or a metric and its bound, such as `auc at least 0.75`"
        }
        Rule::at_most_of => "`at most`",
        Rule::budget_entry => "`budget`",
        Rule::step_budget => "a number of steps",
        Rule::call_budget => "a number of model calls",
        Rule::at_most_so_many => "a whole number",
        Rule::model_entry => {
            "`feed`, `give`, `reasons`, `outside training range`, `within` or `on fault`"
        }
        Rule::rule_entry => "`rule`",
        Rule::decide_entry => "`evaluate`, `stop once` or `rule`",
        Rule::reasons_entry => "`for` and the outcomes",
        Rule::test_entry => "`given` or `expect`",
        Rule::titled_head => "a title in quotes",
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
        _ => return None,
    })
}

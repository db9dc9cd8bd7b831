//! Functions: arguments, ranges, names of their own, results.

use crate::{LARGE, TINY, outputs_with};

const FUNCTIONS: &str = "
function half(n : integer) : decimal = n * 0.5
function scaled(v : decimal, w : decimal) : decimal = v * w
function ratio(v : decimal, w : decimal in above 0) : decimal = v / w
function kept(v : decimal(2) in above 0) : decimal = v
function unused(n : integer) : integer = {
    twice = n * 2
    n
}
function nested(n : integer) : integer = unused(unused(n) + 1)
function both(m : integer in 0 to 9, n : integer in 0 to 9) : integer = m + n
";

#[test]
fn functions_compute_arguments_ranges_names_and_result_in_this_order() {
    outputs_with(
        FUNCTIONS,
        &[
            ("integer", "unused(a)", &[("a", LARGE)], "fault: too large"),
            ("integer", "nested(a)", &[("a", "4")], "5"),
            (
                "decimal",
                "ratio(1, y)",
                &[],
                "fault: argument `w` of `ratio` outside its range",
            ),
            (
                "decimal",
                "kept(x)",
                &[("x", "0.004")],
                "fault: argument `v` of `kept` outside its range",
            ),
            ("decimal", "kept(x)", &[("x", "0.015")], "0.02"),
            (
                "integer",
                "both(a, b * 2)",
                &[("a", "10"), ("b", LARGE)],
                "fault: too large",
            ),
            ("decimal", "scaled(x, y)", &[("x", TINY), ("y", "0.1")], "0"),
            (
                "decimal",
                "x * half(a)",
                &[("x", TINY), ("a", "1")],
                "fault: too large",
            ),
            (
                "decimal",
                "x * scaled(y, 1)",
                &[("x", TINY), ("y", "0.1")],
                "0",
            ),
        ],
    );
}

#[test]
fn the_first_argument_outside_its_range_is_named() {
    let (given, expected) = (
        [("a", "10"), ("b", "10")],
        "fault: argument `m` of `both` outside its range",
    );
    outputs_with(FUNCTIONS, &[("integer", "both(a, b)", &given, expected)]);
}

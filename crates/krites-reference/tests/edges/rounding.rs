//! Rounding, remainders, powers.

use crate::{BIG, LARGE, TINY, outputs};

#[test]
fn whole_numbers_lie_below_above_or_toward_zero() {
    let down = [("x", "-2.5")];
    outputs(&[
        ("integer", "floor(x)", &down, "-3"),
        ("integer", "ceiling(x)", &down, "-2"),
        ("integer", "truncate(x)", &down, "-2"),
        ("money(GBP)", "floor(s * 1.5)", &[("s", "10.01")], "15"),
        ("integer", "floor(x)", &[("x", BIG)], "fault: too large"),
        (
            "integer",
            "ceiling(x)",
            &[("x", "9223372036854775806.5")],
            LARGE,
        ),
        (
            "integer",
            "ceiling(x)",
            &[("x", "9223372036854775807.5")],
            "fault: too large",
        ),
        (
            "decimal",
            "floor(y / 3) + x",
            &[("y", "7"), ("x", TINY)],
            "fault: too large",
        ),
    ]);
}

#[test]
fn digits_and_multiples() {
    outputs(&[
        (
            "decimal",
            "x rounded half up to 2 digits",
            &[("x", "2.345")],
            "2.35",
        ),
        (
            "decimal",
            "x rounded half up to 2 digits",
            &[("x", "-2.345")],
            "-2.35",
        ),
        (
            "decimal",
            "x rounded half even to 2 digits",
            &[("x", "2.345")],
            "2.34",
        ),
        (
            "decimal",
            "x rounded half down to 2 digits",
            &[("x", "-2.345")],
            "-2.34",
        ),
        (
            "decimal",
            "x rounded up to 0 digits",
            &[("x", "-2.001")],
            "-3",
        ),
        (
            "decimal",
            "x rounded down to 0 digits",
            &[("x", "-2.999")],
            "-2",
        ),
        (
            "decimal",
            "x rounded to 2 digits",
            &[("x", "2.345")],
            "2.34",
        ),
        (
            "percent",
            "p rounded half up to 1 digits",
            &[("p", "0.12345")],
            "0.123",
        ),
        (
            "percent",
            "p rounded half up to 1 digits",
            &[("p", "0.1235")],
            "0.124",
        ),
        (
            "decimal",
            "x rounded half up to 2 digits rounded half up to 1 digits",
            &[("x", "0.445")],
            "0.5",
        ),
        (
            "money(GBP)",
            "s rounded down to a multiple of 10_000",
            &[("s", "41000")],
            "40000",
        ),
        (
            "money(GBP)",
            "s rounded half even to a multiple of 10_000",
            &[("s", "45000")],
            "40000",
        ),
        (
            "money(GBP)",
            "s rounded up to a multiple of 0.05",
            &[("s", "1.01")],
            "1.05",
        ),
        (
            "decimal",
            "x rounded down to a multiple of 0.3",
            &[("x", "-1")],
            "-0.9",
        ),
        (
            "decimal",
            "(y / 3) rounded to 4 digits * x",
            &[("y", "1"), ("x", TINY)],
            "fault: too large",
        ),
        (
            "decimal",
            "(y / 3) rounded to a multiple of 0.1 * x",
            &[("y", "1"), ("x", TINY)],
            "fault: too large",
        ),
        (
            "integer",
            "a rounded half up to a multiple of 5",
            &[("a", "-8")],
            "-10",
        ),
        (
            "integer",
            "a rounded up to a multiple of 10",
            &[("a", LARGE)],
            "fault: too large",
        ),
    ]);
}

#[test]
fn a_remainder_has_the_sign_of_the_divisor() {
    outputs(&[
        ("integer", "remainder of a by 24", &[("a", "-7")], "17"),
        ("integer", "remainder of a by -24", &[("a", "7")], "-17"),
        (
            "integer",
            "remainder of a by -1",
            &[("a", "-9223372036854775808")],
            "0",
        ),
        (
            "integer",
            "remainder of a by b if zero 9",
            &[("a", "7")],
            "9",
        ),
        (
            "integer",
            "remainder of a by b if zero a * 2",
            &[("a", LARGE)],
            "fault: too large",
        ),
        ("decimal", "remainder of x by 0.3", &[("x", "1")], "0.1"),
        ("decimal", "remainder of x by 0.3", &[("x", "-1")], "0.2"),
        (
            "money(GBP)",
            "remainder of s by 30",
            &[("s", "100.01")],
            "10.01",
        ),
        (
            "decimal",
            "remainder of x by y if zero 0",
            &[("x", BIG), ("y", "0.0000000000000000000000000007")],
            "0.0000000000000000000000000005",
        ),
        (
            "decimal",
            "remainder of -x by y if zero 0",
            &[("x", TINY), ("y", BIG)],
            "fault: too large",
        ),
        (
            "decimal",
            "remainder of (y / 3) by 0.1",
            &[("y", "1")],
            "0.0333333333333333333333333333",
        ),
    ]);
}

#[test]
fn a_power_is_rounded_once() {
    outputs(&[
        ("decimal", "1.05 to the power of 2", &[], "1.1025"),
        ("decimal", "x to the power of 0", &[], "1"),
        ("decimal", "x to the power of 3", &[("x", "-0.1")], "-0.001"),
        ("decimal", "2 to the power of (-a)", &[("a", "3")], "0.125"),
        ("decimal", "2 to the power of (-a)", &[("a", "120")], "0"),
        (
            "decimal",
            "(1.0003 + 0.001 / 3) to the power of abs(a)",
            &[("a", "12000")],
            "1993.394710451743754584951373",
        ),
        (
            "decimal",
            "2 to the power of a",
            &[("a", "93")],
            "9903520314283042199192993792",
        ),
        (
            "decimal",
            "2 to the power of a",
            &[("a", "94")],
            "fault: too large",
        ),
        (
            "decimal",
            "1.0001 to the power of a",
            &[("a", "12000")],
            "3.319917734975949252890136362",
        ),
        (
            "decimal",
            "(1 + 0.5%) to the power of (-a) rounded to 4 digits",
            &[("a", "36")],
            "0.8356",
        ),
        (
            "decimal",
            "(2 to the power of 2) * x * y",
            &[("x", TINY), ("y", "0.01")],
            "0",
        ),
    ]);
}

#[test]
fn an_exponent_beyond_12_000_is_a_fault_whatever_the_base() {
    outputs(&[
        (
            "decimal",
            "1 to the power of a",
            &[("a", "12001")],
            "fault: too large",
        ),
        (
            "decimal",
            "x to the power of abs(a)",
            &[("x", "-1"), ("a", "12001")],
            "fault: too large",
        ),
        (
            "decimal",
            "x to the power of abs(a)",
            &[("x", "0"), ("a", "12001")],
            "fault: too large",
        ),
        (
            "decimal",
            "1 to the power of a",
            &[("a", "-12001")],
            "fault: too large",
        ),
    ]);
}

#[test]
fn remainders_and_multiples_are_exact_or_a_fault() {
    let third = [("y", "1"), ("x", "1000000")];
    let two = [("y", "2"), ("x", "-1000000")];
    let fine = [("y", "1"), ("x", TINY)];
    let fault = "fault: too large";
    outputs(&[
        (
            "decimal",
            "remainder of -(y / 3) by 1_000_000",
            &third,
            fault,
        ),
        (
            "decimal",
            "remainder of (y / 3) by -x if zero 0",
            &third,
            fault,
        ),
        (
            "decimal",
            "remainder of (y / 3) by x if zero 0",
            &third,
            "0.3333333333333333333333333333",
        ),
        (
            "decimal",
            "remainder of x by (y / 3) if zero 0",
            &two,
            "0.00000000000000000000005",
        ),
        (
            "decimal",
            "x rounded to a multiple of abs(1 / 3)",
            &third,
            "999999.9999999999999999999999",
        ),
        (
            "decimal",
            "y rounded to a multiple of abs(1 / 3)",
            &third,
            "0.9999999999999999999999999999",
        ),
        ("decimal", "(remainder of (y / 3) by 0.5) * x", &fine, "0"),
        (
            "decimal",
            "(remainder of ((y / 4) rounded to 2 digits) by 0.5) * x",
            &fine,
            fault,
        ),
        (
            "decimal",
            "(y rounded to a multiple of (1 / 3)) * x",
            &fine,
            "0.0000000000000000000000000001",
        ),
        (
            "decimal",
            "((y / 3) rounded to a multiple of 0.1) * x",
            &fine,
            fault,
        ),
    ]);
}

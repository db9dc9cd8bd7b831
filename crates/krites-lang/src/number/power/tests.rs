use super::*;

/// Holds powers against their text, or the fault's name.
fn check(cases: &[(&str, i64, &str)]) {
    for &(base, exponent, expected) in cases {
        let found = match Exact::parse(base).unwrap().power(exponent) {
            Ok(power) => power.to_string(),
            Err(fault) => format!("{fault:?}"),
        };
        assert_eq!(found, expected, "{base} to the power of {exponent}");
    }
}

#[test]
fn powers_that_end_are_exact_and_middles_go_to_the_even_digit() {
    check(&[
        ("1.05", 2, "1.1025"),
        ("-1.10", 3, "-1.331"),
        ("0.5", -3, "8"),
        ("-8", -1, "-0.125"),
        ("0.8", -2, "1.5625"),
        ("1e-14", 2, "0.0000000000000000000000000001"),
        ("1e-15", 2, "0"),
        ("0.5", 28, "0.0000000037252902984619140625"),
        // The 29th place of 2⁻²⁹ is 5.
        ("0.5", 29, "0.0000000018626451492309570312"),
        ("2", -29, "0.0000000018626451492309570312"),
        ("3.00000000000015", 2, "9.000000000000900000000000022"),
        ("3.000000015", 3, "27.00000040500000202500000338"),
    ]);
}

#[test]
fn powers_beside_a_middle_go_to_the_nearer_number() {
    check(&[
        // 0.24999999999999999999999999975 and a 2 in the 55th place
        (
            "2.000000000000000000000000001",
            -2,
            "0.2499999999999999999999999998",
        ),
        // 0.49999999999999999999999999825 and a 6 in the 54th place
        (
            "2.000000000000000000000000007",
            -1,
            "0.4999999999999999999999999983",
        ),
        (
            "-1.999999999999999999999999999",
            -1,
            "-0.5000000000000000000000000003",
        ),
    ]);
}

#[test]
fn powers_end_where_numbers_do() {
    check(&[
        // Above and below half of the last place
        ("141421356237309.5", -2, "0.0000000000000000000000000001"),
        ("141421356237309.6", -2, "0"),
        (
            "99999999999999.99999999999999",
            2,
            "9999999999999999999999999998",
        ),
        ("100000000000000", 2, "TooLarge"),
        ("0.00000000000001", -2, "TooLarge"),
        ("100000000000000.1", 2, "TooLarge"),
        ("-0.00000000000001", -1, "-100000000000000"),
        ("7", 12_000, "TooLarge"),
        ("-7", -12_000, "0"),
        (
            "1.000000000000000000000000001",
            12_000,
            "1.000000000000000000000012",
        ),
        (
            "0.9999999999999999999999999999",
            -12_000,
            "1.0000000000000000000000012",
        ),
    ]);
}

#[test]
fn exponents_end_at_the_limit_whatever_the_base() {
    check(&[
        ("0", 0, "1"),
        ("-2.5", 0, "1"),
        ("0.00", 5, "0"),
        ("0", -1, "DivisionByZero"),
        ("0", i64::MAX, "TooLarge"),
        ("0", i64::MIN, "TooLarge"),
        ("0", 12_000, "0"),
        ("0", -12_000, "DivisionByZero"),
        ("1.0", i64::MIN, "TooLarge"),
        ("1.0", -12_000, "1"),
        ("-1", -12_000, "1"),
        ("-1", 11_999, "-1"),
        ("-1", i64::MAX, "TooLarge"),
        ("0.5", 12_000, "0"),
        ("0.5", 12_001, "TooLarge"),
        ("0.5", -12_001, "TooLarge"),
        ("2", i64::MIN, "TooLarge"),
    ]);
}

#[test]
fn more_bits_find_the_same_number() {
    let unit = pow10(27);
    let (mut left_open, mut tried) = (0, 0);
    for base in (1..2_000_u128).map(|step| unit + step * 1_234_567_890_123_456_789_012_345) {
        for steps in [2, 3, 17, 360] {
            for (over, under) in [(base, unit), (unit, base)] {
                let power = Cut::quotient(over, under).power(steps);
                if !(-94..95).contains(&(power.exponent + 128)) {
                    continue;
                }
                let found = long::nearest(over, under, steps, 1024);
                assert_eq!(long::nearest(over, under, steps, 100), found, "{base}");
                match power.nearest(steps) {
                    Some(short) => assert_eq!(short, found, "{base}"),
                    None => left_open += 1,
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 10_000 && left_open < 10, "{left_open} of {tried}");
}

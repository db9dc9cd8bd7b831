use super::single::short_of_single;
use super::text::short_decimal;
use super::*;
use crate::ast::Rounding;

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

#[test]
fn products_that_need_more_than_28_places_are_a_fault() {
    let tiny = exact("1e-15");
    assert_eq!(tiny.multiply(tiny), Err(NumberFault::TooLarge));
    assert_eq!(
        exact("0.5").multiply(exact("0.2")).unwrap().to_string(),
        "0.1"
    );
    let twos = Exact::new(2_i128.pow(90), 27).unwrap();
    let fives = Exact::new(5_i128.pow(38), 27).unwrap();
    assert_eq!(
        twos.multiply(fives).unwrap().to_string(),
        "0.4503599627370496"
    );
}

#[test]
fn sums_across_28_places_are_exact_or_a_fault() {
    assert_eq!(
        exact("1e27").add(exact("1e-28")),
        Err(NumberFault::TooLarge)
    );
    assert_eq!(exact("0.1").add(exact("0.20")).unwrap().to_string(), "0.3");
    let most = exact("9999999999999999999999999999");
    assert_eq!(most.add(exact("1")), Err(NumberFault::TooLarge));
    assert_eq!(most.subtract(most).unwrap(), Exact::ZERO);
}

#[test]
fn a_quotient_rounds_once_half_even_to_28_digits() {
    let third = exact("1").divide(exact("3")).unwrap();
    assert_eq!(third.to_string(), "0.3333333333333333333333333333");
    let two_thirds = exact("200").divide(exact("3")).unwrap();
    assert_eq!(two_thirds.to_string(), "66.66666666666666666666666667");
    assert_eq!(
        exact("-1").divide(exact("8")).unwrap().to_string(),
        "-0.125"
    );
    assert_eq!(exact("1e-28").divide(exact("2")).unwrap(), Exact::ZERO);
    assert_eq!(
        exact("3e-28").divide(exact("2")).unwrap().to_string(),
        format!("0.{}2", "0".repeat(27))
    );
    assert_eq!(
        exact("1e27").divide(exact("1e-28")),
        Err(NumberFault::TooLarge)
    );
    assert_eq!(
        exact("1").divide(Exact::ZERO),
        Err(NumberFault::DivisionByZero)
    );
}

#[test]
fn what_goes_on_from_a_quotient_rounds_to_28_digits() {
    let share = exact("368616").divide(exact("84")).unwrap();
    assert_eq!(share.to_string(), "4388.285714285714285714285714");
    assert_eq!(exact("14238").add(share), Err(NumberFault::TooLarge));
    let sum = exact("14238").add_rounded(share).unwrap();
    assert_eq!(sum.to_string(), "18626.28571428571428571428571");
    let third = exact("1").divide(exact("3")).unwrap();
    assert_eq!(third.multiply(third), Err(NumberFault::TooLarge));
    assert_eq!(
        third.multiply_rounded(third).unwrap().to_string(),
        "0.1111111111111111111111111111"
    );
    assert_eq!(third.add_rounded(third.negate()).unwrap(), Exact::ZERO);
    let most = exact("9999999999999999999999999999");
    assert_eq!(most.add_rounded(most), Err(NumberFault::TooLarge));
    assert_eq!(most.add_rounded(third), Ok(most));
    assert_eq!(
        exact("-5e-28")
            .multiply_rounded(exact("0.5"))
            .unwrap()
            .to_string(),
        format!("-0.{}2", "0".repeat(27))
    );
}

#[test]
fn floats_enter_as_their_shortest_decimal() {
    assert_eq!(Exact::from_f32(0.1).unwrap().to_string(), "0.1");
    assert_eq!(
        Exact::from_f64(0.1 + 0.2).unwrap().to_string(),
        "0.30000000000000004"
    );
    assert_eq!(Exact::from_f64(1e-300).unwrap(), Exact::ZERO);
    assert_eq!(Exact::from_f64(1e300), Err(NumberFault::TooLarge));
    assert_eq!(Exact::from_f64(f64::NAN), Err(NumberFault::NotANumber));
}

#[test]
fn digits_are_counted() {
    for exponent in 0..38 {
        let power = pow10(exponent);
        assert_eq!(
            (digits(power - 1), digits(power), digits(power + 1)),
            (exponent, exponent + 1, exponent + 1)
        );
    }
    assert_eq!(digits(u128::MAX), 39);
}

#[test]
fn dividing_to_places_is_dividing_and_rounding() {
    let numbers = [
        "0",
        "1",
        "3",
        "7",
        "8",
        "0.5",
        "0.25",
        "2.5",
        "0.05",
        "1e-28",
        "3e-28",
        "999999999999999",
        "1e15",
        "1e27",
        "4388.285714285714285714285714",
        "0.3333333333333333333333333333",
        "0.4999999999999999999999999999",
        "0.00005",
        "0.00004999999999999999999999",
        "123456.789",
        "9999999999999999999999999999",
        "20000",
        "3.000000000001",
    ];
    let roundings = [
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::HalfDown,
        Rounding::Up,
        Rounding::Down,
    ];
    for (a, b) in numbers
        .iter()
        .flat_map(|a| numbers.iter().map(move |b| (a, b)))
    {
        for sign in ["", "-"] {
            let (a, b) = (exact(&format!("{sign}{a}")), exact(b));
            for (places, rounding) in
                (0..14).flat_map(|places| roundings.map(|rounding| (places, rounding)))
            {
                let slow = a.divide(b).map(|quotient| quotient.round(places, rounding));
                assert_eq!(
                    a.divide_to(b, places, rounding),
                    slow,
                    "{a} / {b} to {places} {rounding:?}"
                );
            }
        }
    }
}

#[test]
fn rounding_follows_its_name() {
    let round = |text: &str, rounding| exact(text).round(1, rounding).to_string();
    assert_eq!(round("0.25", Rounding::HalfUp), "0.3");
    assert_eq!(round("0.25", Rounding::HalfEven), "0.2");
    assert_eq!(round("-0.25", Rounding::HalfUp), "-0.3");
    assert_eq!(round("0.25", Rounding::HalfDown), "0.2");
    assert_eq!(round("0.21", Rounding::Up), "0.3");
    assert_eq!(round("-0.29", Rounding::Down), "-0.2");
}

#[test]
fn whole_numbers_lie_below_above_and_toward_zero() {
    let beside = |text: &str| {
        let number = exact(text);
        [number.floor(), number.ceiling(), number.truncate()].map(|whole| whole.to_string())
    };
    assert_eq!(beside("2.5"), ["2", "3", "2"]);
    assert_eq!(beside("-2.5"), ["-3", "-2", "-2"]);
    assert_eq!(beside("-0.1"), ["-1", "0", "0"]);
    assert_eq!(beside("1e-28"), ["0", "1", "0"]);
    assert_eq!(beside("3.00"), ["3", "3", "3"]);
    let most = "9999999999999999999999999999";
    assert_eq!(beside(most), [most, most, most]);
    assert_eq!(
        exact("999999999999999999999999999.9").ceiling(),
        exact("1e27")
    );
}

#[test]
fn a_multiple_is_rounded_from_the_exact_quotient() {
    let to = |text: &str, of: &str, rounding| exact(text).round_to_multiple(exact(of), rounding);
    let even = |text, of| to(text, of, Rounding::HalfEven);
    assert_eq!(even("12.50", "5"), Ok(exact("10")));
    assert_eq!(even("17.50", "-5"), Ok(exact("20")));
    assert_eq!(even("-7.43", "0.05"), Ok(exact("-7.45")));
    assert_eq!(to("0.01", "250", Rounding::Up), Ok(exact("250")));
    assert_eq!(to("-0.01", "250", Rounding::Down), Ok(Exact::ZERO));
    assert_eq!(even("1", "0.00"), Err(NumberFault::DivisionByZero));
    // The quotient, 2499999999999999999999999999.5, has 29 digits.
    assert_eq!(
        to("9999999999999999999999999998", "4", Rounding::HalfDown),
        Ok(exact("9999999999999999999999999996"))
    );
    assert_eq!(even("1e-28", "1e27"), Ok(Exact::ZERO));
    assert_eq!(to("1e-28", "1e27", Rounding::Up), Ok(exact("1e27")));
    assert_eq!(even("1e27", "1e-28"), Ok(exact("1e27")));
    assert_eq!(even("1e27", "3e-28"), Err(NumberFault::TooLarge));
    let most = "9999999999999999999999999999";
    assert_eq!(to(most, "2", Rounding::Up), Err(NumberFault::TooLarge));
    assert_eq!(even(most, "3"), Ok(exact(most)));
}

#[test]
fn a_remainder_lies_between_zero_and_its_divisor() {
    let remainder = |a: &str, by: &str| exact(a).remainder(exact(by)).map(|rest| rest.to_string());
    for (a, by, rest) in [
        ("7", "3", "1"),
        ("-7", "3", "2"),
        ("7", "-3", "-2"),
        ("-7", "-3", "-1"),
        ("-6", "3", "0"),
        ("0.3", "0.1", "0"),
        ("1e27", "3e-28", "0.0000000000000000000000000001"),
        ("-1e27", "3e-28", "0.0000000000000000000000000002"),
        ("1e-28", "1e27", "0.0000000000000000000000000001"),
    ] {
        assert_eq!(remainder(a, by), Ok(rest.into()), "{a} by {by}");
    }
    assert_eq!(remainder("-1e-28", "1e27"), Err(NumberFault::TooLarge));
    assert_eq!(remainder("1", "0.0"), Err(NumberFault::DivisionByZero));
    let integers = Exact::integer_remainder;
    assert_eq!(integers(i64::MIN, -1), Ok(0));
    assert_eq!(integers(i64::MIN, i64::MAX), Ok(i64::MAX - 1));
    assert_eq!(integers(i64::MAX, i64::MIN), Ok(-1));
    assert_eq!(integers(-7, 3), Ok(2));
    assert_eq!(integers(1, 0), Err(NumberFault::DivisionByZero));
}

#[test]
fn other_texts_are_not_numbers() {
    for text in [
        "", "-", ".", "1.", ".5", "1_000", "1,5", "0x10", "1e", "e5", "NaN", " 1",
    ] {
        assert_eq!(Exact::parse(text), Err(NumberFault::NotANumber), "{text:?}");
    }
    assert_eq!(exact("1e3").to_integer(), Some(1000));
    assert_eq!(exact("12.50").to_text(2), "12.50");
}

#[test]
fn short_decimals_are_those_of_the_float() {
    let mut tried = 0;
    // Weyl sequence: numbers of all sizes, the same in every run.
    for step in 0..200_000_u64 {
        let bits = step.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let units = (bits >> (step % 50)) as i64 % 2_000_000_000_000_000;
        for float in [
            units as f64,
            units as f64 / 10.0,
            units as f64 / 1e4,
            units as f64 / 1e5,
        ] {
            for float in [float, -float, float.next_up()] {
                let Some(short) = short_decimal(float) else {
                    continue;
                };
                let exact = Exact::from_printed(float).unwrap();
                assert_eq!(short, exact, "{float:e}");
                assert_eq!(short.scale(), exact.scale(), "{float:e}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500_000, "{tried}");
}

#[test]
fn other_floats_are_left_to_the_long_way() {
    for float in [
        f64::NAN,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        0.1 + 0.2,
        1e15,
        0.000_01,
    ] {
        assert_eq!(short_decimal(float), None, "{float:e}");
    }
    assert_eq!(short_decimal(-0.0).unwrap().to_string(), "0");
    assert_eq!(short_decimal(0.1).unwrap().to_string(), "0.1");
}

#[test]
fn short_decimals_of_32_bit_floats_are_those_that_print() {
    let mut bits = 0x1234_5678_u32;
    let mut random = || {
        // Xorshift (Marsaglia, 2003)
        bits ^= bits << 13;
        bits ^= bits >> 17;
        bits ^= bits << 5;
        bits
    };
    let mut found = 0;
    let mut check = |value: f32| {
        let printed = Exact::from_printed_single(value);
        let taken = Exact::from_f32(value);
        let words = |number: &Exact| number.units_and_places();
        assert_eq!(
            taken.as_ref().map(words).ok(),
            printed.as_ref().map(words).ok(),
            "{value:e}"
        );
        found += u32::from(short_of_single(value).is_some());
    };
    for _ in 0..25_000 {
        check(f32::from_bits(random()));
        // Probabilities, as most answers are
        check((random() >> 8) as f32 / (1 << 24) as f32);
        check(random() as f32 / u32::MAX as f32);
        check((random() % 100_000) as f32 / 1_000.0);
    }
    for exponent in 0..=0xff_u32 {
        for fraction in [0, 1, 2, 0x40_0000, 0x7f_fffe, 0x7f_ffff] {
            check(f32::from_bits(exponent << 23 | fraction));
            check(-f32::from_bits(exponent << 23 | fraction));
        }
    }
    assert!(found > 75_000, "{found}");
    assert_eq!(Exact::from_f32(-0.0).unwrap().to_string(), "0");
    assert_eq!(Exact::from_f32(-0.3).unwrap().to_string(), "-0.3");
}

#[test]
fn floats_are_those_nearest_to_the_number() {
    let mut seed = 7_u64;
    let mut random = || {
        // Knuth's MMIX generator
        seed = seed.wrapping_mul(6_364_136_223_846_793_005);
        seed = seed.wrapping_add(1_442_695_040_888_963_407);
        seed >> 8
    };
    let check = |units: i128, places: u32| {
        let number = Exact::new(units, places).unwrap();
        let text = number.to_string();
        let (single, double) = (text.parse::<f32>().unwrap(), text.parse::<f64>().unwrap());
        assert_eq!(number.to_f32().to_bits(), single.to_bits(), "{text}");
        assert_eq!(number.to_f64().to_bits(), double.to_bits(), "{text}");
    };
    for places in 0..=28 {
        for _ in 0..1_000 {
            let (units, size) = (i128::from(random()), random() % 56);
            check(units >> size, places);
            check(-(units >> size), places);
        }
    }
    // Half way between two 32-bit floats, and as near as can be told
    for odd in 0..2_000_i128 {
        let half = ((1 << 24) + odd) * 2 + 1;
        for (units, places) in [(half, 0), (half * 5, 1), (half * 10_000_000, 7)] {
            for near in [units - 1, units, units + 1] {
                check(near, places);
                check(-near, places);
            }
        }
    }
}

//! A million operations on numbers against fractions of any size.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod draw;
mod oracle;
mod powers;

use std::fmt::Arguments;

use draw::Draw;
use krites_lang::{Exact, NumberFault};
use oracle::{Expected, Fraction};

/// One operation on operands that it draws; the fault that it rightly ended with
type Operation = fn(&mut Draw) -> Option<NumberFault>;

const NONE: &[NumberFault] = &[];
const LARGE: &[NumberFault] = &[NumberFault::TooLarge];
const BY_ZERO: &[NumberFault] = &[NumberFault::DivisionByZero];
const BOTH: &[NumberFault] = &[NumberFault::TooLarge, NumberFault::DivisionByZero];

/// What each operation is called, how many cases it gets, how it may end but by
/// a number, how it is tried
const OPERATIONS: [(&str, u32, &[NumberFault], Operation); 18] = [
    ("add", 90_000, LARGE, add),
    ("subtract", 60_000, LARGE, subtract),
    ("multiply", 90_000, LARGE, multiply),
    ("divide", 90_000, BOTH, divide),
    ("divide_to", 40_000, BOTH, divide_to),
    ("add_rounded", 70_000, LARGE, add_rounded),
    ("multiply_rounded", 70_000, LARGE, multiply_rounded),
    ("compare", 60_000, NONE, compare),
    ("round", 80_000, NONE, round),
    ("floor, ceiling, truncate", 60_000, NONE, whole),
    ("round_to_multiple", 90_000, BOTH, round_to_multiple),
    ("remainder", 70_000, BOTH, remainder),
    ("integer_remainder", 40_000, BY_ZERO, integer_remainder),
    ("power", 59_000, BOTH, power),
    ("power to thousands", 1_000, LARGE, long_power),
    ("negate, abs", 10_000, NONE, sign),
    ("to_integer", 10_000, LARGE, to_integer),
    ("parse, to_string", 10_000, NONE, text),
];

#[test]
fn a_million_operations_agree_with_fractions() {
    let mut total = 0;
    println!("{:26}{:>9}{:>11}{:>9}", "", "cases", "too large", "by zero");
    for (seed, (name, cases, faults, operation)) in (1..).zip(OPERATIONS) {
        let mut draw = Draw(seed);
        let found: Vec<_> = (0..cases).filter_map(|_| operation(&mut draw)).collect();
        let [large, by_zero] = [NumberFault::TooLarge, NumberFault::DivisionByZero].map(|fault| {
            let count = found.iter().filter(|&&found| found == fault).count();
            let percent = 100 * count / cases as usize;
            assert!(
                faults.contains(&fault) == (percent >= 2),
                "{name}: {count} {fault:?}"
            );
            count
        });
        println!("{name:26}{cases:>9}{large:>11}{by_zero:>9}");
        assert!(found.len() * 2 <= cases as usize, "{name}: few results");
        total += cases;
    }
    assert_eq!(total, 1_000_000);
}

/// Holds a result against the specified one.
fn hold(
    found: Result<Exact, NumberFault>,
    expected: Expected,
    case: Arguments<'_>,
) -> Option<NumberFault> {
    match (found, expected) {
        (Ok(number), Ok(value)) if Fraction::of(number).against(&value).is_eq() => None,
        (Err(found), Err(expected)) if found == expected => Some(found),
        (found, expected) => panic!("{case}: {found:?}, not {expected:?}"),
    }
}

fn add(draw: &mut Draw) -> Option<NumberFault> {
    let (a, b) = draw.terms();
    let sum = Fraction::of(a).plus(&Fraction::of(b));
    hold(a.add(b), sum.exactly(), format_args!("{a} + {b}"))
}

fn subtract(draw: &mut Draw) -> Option<NumberFault> {
    let (a, b) = draw.terms();
    let difference = Fraction::of(a).minus(&Fraction::of(b));
    hold(
        a.subtract(b),
        difference.exactly(),
        format_args!("{a} - {b}"),
    )
}

fn multiply(draw: &mut Draw) -> Option<NumberFault> {
    let (a, b) = draw.factors();
    let product = Fraction::of(a).times(&Fraction::of(b));
    hold(a.multiply(b), product.exactly(), format_args!("{a} * {b}"))
}

fn quotient(a: Exact, b: Exact) -> Expected {
    if b.is_zero() {
        return Err(NumberFault::DivisionByZero);
    }
    Fraction::of(a).by(&Fraction::of(b)).to_number()
}

fn divide(draw: &mut Draw) -> Option<NumberFault> {
    let (a, b) = draw.dividend();
    hold(a.divide(b), quotient(a, b), format_args!("{a} / {b}"))
}

fn divide_to(draw: &mut Draw) -> Option<NumberFault> {
    let ((a, b), places, rounding) = (draw.dividend(), draw.places(), draw.rounding());
    let expected = quotient(a, b).map(|quotient| quotient.rounded(places, rounding));
    let case = format_args!("{a} / {b} to {places} {rounding:?}");
    hold(a.divide_to(b, places, rounding), expected, case)
}

fn add_rounded(draw: &mut Draw) -> Option<NumberFault> {
    let (a, b) = draw.terms();
    let sum = Fraction::of(a).plus(&Fraction::of(b));
    hold(
        a.add_rounded(b),
        sum.to_number(),
        format_args!("{a} + {b}, rounded"),
    )
}

fn multiply_rounded(draw: &mut Draw) -> Option<NumberFault> {
    let (a, b) = draw.factors();
    let product = Fraction::of(a).times(&Fraction::of(b));
    hold(
        a.multiply_rounded(b),
        product.to_number(),
        format_args!("{a} * {b}, rounded"),
    )
}

fn compare(draw: &mut Draw) -> Option<NumberFault> {
    let (a, b) = draw.alike();
    let order = Fraction::of(a).against(&Fraction::of(b));
    assert_eq!(a.cmp(&b), order, "{a} and {b}");
    assert_eq!(a == b, order.is_eq(), "{a} and {b}");
    None
}

fn round(draw: &mut Draw) -> Option<NumberFault> {
    let ((a, places), rounding) = (draw.tie(), draw.rounding());
    let expected = Fraction::of(a).rounded(places, rounding);
    let case = format_args!("{a} to {places} {rounding:?}");
    hold(Ok(a.round(places, rounding)), Ok(expected), case)
}

fn whole(draw: &mut Draw) -> Option<NumberFault> {
    let a = draw.number();
    let floor = Fraction::of(a).floor();
    let ceiling = Fraction::of(a.negate()).floor().negative();
    let truncated = Fraction::of(a.abs()).floor();
    let truncated = if a < Exact::ZERO {
        truncated.negative()
    } else {
        truncated
    };
    hold(Ok(a.floor()), Ok(floor), format_args!("floor of {a}"));
    hold(Ok(a.ceiling()), Ok(ceiling), format_args!("ceiling of {a}"));
    hold(Ok(a.truncate()), Ok(truncated), format_args!("{a} cut"))
}

fn round_to_multiple(draw: &mut Draw) -> Option<NumberFault> {
    let ((a, of), rounding) = (draw.step(), draw.rounding());
    let expected = if of.is_zero() {
        Err(NumberFault::DivisionByZero)
    } else {
        let step = Fraction::of(of).abs();
        let count = Fraction::of(a).by(&step).rounded(0, rounding);
        count.times(&step).exactly()
    };
    let case = format_args!("{a} to multiple of {of} {rounding:?}");
    hold(a.round_to_multiple(of, rounding), expected, case)
}

fn remainder(draw: &mut Draw) -> Option<NumberFault> {
    let (a, by) = draw.step();
    let expected = if by.is_zero() {
        Err(NumberFault::DivisionByZero)
    } else {
        let (number, step) = (Fraction::of(a), Fraction::of(by));
        let steps = number.by(&step).floor();
        number.minus(&steps.times(&step)).exactly()
    };
    hold(a.remainder(by), expected, format_args!("{a} mod {by}"))
}

fn integer_remainder(draw: &mut Draw) -> Option<NumberFault> {
    let (a, by) = (draw.integer(), draw.integer());
    let expected = if by == 0 {
        Err(NumberFault::DivisionByZero)
    } else {
        let (a, by) = (i128::from(a), i128::from(by));
        let down = a / by - i128::from(a % by != 0 && (a < 0) != (by < 0));
        Ok(a - by * down)
    };
    let found = Exact::integer_remainder(a, by);
    assert_eq!(found.map(i128::from), expected, "{a} mod {by}");
    found.err()
}

fn hold_power((base, exponent): (Exact, i64)) -> Option<NumberFault> {
    let expected = Fraction::of(base).power(exponent);
    let case = format_args!("{base} to the power of {exponent}");
    hold(base.power(exponent), expected, case)
}

fn power(draw: &mut Draw) -> Option<NumberFault> {
    hold_power(powers::power(draw))
}

fn long_power(draw: &mut Draw) -> Option<NumberFault> {
    hold_power(powers::long_power(draw))
}

fn sign(draw: &mut Draw) -> Option<NumberFault> {
    let a = draw.number();
    let value = Fraction::of(a);
    let negative = value.clone().negative();
    hold(Ok(a.negate()), Ok(negative), format_args!("-{a}"));
    hold(Ok(a.abs()), Ok(value.abs()), format_args!("abs({a})"))
}

fn to_integer(draw: &mut Draw) -> Option<NumberFault> {
    let whole = draw.integer();
    assert_eq!(Exact::from_integer(whole).to_integer(), Some(whole));
    let a = draw.number();
    let a = if draw.one_in(2) { a.floor() } else { a };
    let floor = Fraction::of(a).floor();
    let expected = match floor.against(&Fraction::of(a)).is_eq() {
        true => floor.to_i64(),
        false => None,
    };
    assert_eq!(a.to_integer(), expected, "{a} as a whole number");
    expected.is_none().then_some(NumberFault::TooLarge)
}

fn text(draw: &mut Draw) -> Option<NumberFault> {
    let a = draw.number();
    hold(
        Exact::parse(&a.to_string()),
        Ok(Fraction::of(a)),
        format_args!("{a}"),
    )
}

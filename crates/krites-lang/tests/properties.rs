//! Exact numbers against big rationals, and a policy against any input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::sync::LazyLock;

use krites_lang::ast::Rounding;
use krites_lang::{
    Answer, Answered, Answers, Date, EvalError, Exact, Frame, ModelCall, ModelFault, NumberFault,
    Program, Progress,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;
use support::checked;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn pow10(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn zero() -> BigRational {
    BigRational::from_integer(BigInt::from(0))
}

fn absolute(value: &BigRational) -> BigRational {
    if *value < zero() {
        -value.clone()
    } else {
        value.clone()
    }
}

fn rational(value: Exact) -> BigRational {
    let decimal = value.to_decimal();
    BigRational::new(BigInt::from(decimal.mantissa()), pow10(decimal.scale()))
}

/// Whether `m × 10⁻ˢ` with `|m| < 10²⁸` and `s ≤ 28` holds the value.
fn fits(value: &BigRational) -> bool {
    (0..=28).any(|places| {
        let scaled = value * pow10(places);
        scaled.is_integer() && absolute(&scaled) < BigRational::from_integer(pow10(28))
    })
}

fn round_to(value: &BigRational, places: u32, rounding: Rounding) -> BigRational {
    let scaled = absolute(value) * pow10(places);
    let whole = scaled.floor();
    let rest = &scaled - &whole;
    let half = BigRational::new(BigInt::from(1), BigInt::from(2));
    let odd = whole.to_integer() % BigInt::from(2) != BigInt::from(0);
    let up = match rounding {
        Rounding::HalfUp => rest >= half,
        Rounding::HalfDown => rest > half,
        Rounding::HalfEven => rest > half || (rest == half && odd),
        Rounding::Up => rest > zero(),
        Rounding::Down => false,
    };
    let whole = if up { whole + BigInt::from(1) } else { whole };
    let size = whole / pow10(places);
    if *value < zero() { -size } else { size }
}

/// Rounds half even to 28 significant digits or 28 places, the coarser of both.
fn rounded(value: &BigRational) -> BigRational {
    let size = absolute(value);
    let mut whole_digits = 0;
    while size >= BigRational::from_integer(pow10(whole_digits)) {
        whole_digits += 1;
    }
    if whole_digits > 0 {
        return round_to(
            value,
            28_u32.saturating_sub(whole_digits),
            Rounding::HalfEven,
        );
    }
    round_to(value, 28, Rounding::HalfEven)
}

/// Holds a result against the exact one: it, or a fault where it does not fit.
fn hold(found: Result<Exact, NumberFault>, exact: &BigRational) -> Result<(), TestCaseError> {
    match found {
        Ok(found) => prop_assert_eq!(&rational(found), exact),
        Err(fault) => {
            prop_assert_eq!(fault, NumberFault::TooLarge);
            prop_assert!(!fits(exact), "{} fits", exact);
        }
    }
    if !fits(exact) {
        prop_assert!(found.is_err());
    }
    Ok(())
}

/// Numbers of all sizes, with the interesting ends more often than chance.
fn number() -> impl Strategy<Value = Exact> {
    let limit = 10_i128.pow(28) - 1;
    let units = prop_oneof![
        -1000_i128..1000,
        -limit..=limit,
        (0_u32..28, -9_i128..10).prop_map(|(zeros, digit)| digit * 10_i128.pow(zeros)),
        (0_i128..50).prop_map(move |below| limit - below),
        (0_u32..93).prop_map(|bits| 1_i128 << bits),
        (0_u32..40).prop_map(|fives| 5_i128.pow(fives)),
    ];
    (units, 0_u32..=28).prop_filter_map("more than 28 digits", |(units, places)| {
        Exact::new(units, places).ok()
    })
}

fn any_rounding() -> impl Strategy<Value = Rounding> {
    prop_oneof![
        Just(Rounding::HalfUp),
        Just(Rounding::HalfEven),
        Just(Rounding::HalfDown),
        Just(Rounding::Up),
        Just(Rounding::Down),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_sum_is_exact_or_a_fault(a in number(), b in number()) {
        hold(a.add(b), &(rational(a) + rational(b)))?;
    }

    #[test]
    fn a_difference_is_exact_or_a_fault(a in number(), b in number()) {
        hold(a.subtract(b), &(rational(a) - rational(b)))?;
    }

    #[test]
    fn a_product_is_exact_or_a_fault(a in number(), b in number()) {
        hold(a.multiply(b), &(rational(a) * rational(b)))?;
    }

    #[test]
    fn a_quotient_is_rounded_once(a in number(), b in number()) {
        if b.is_zero() {
            prop_assert_eq!(a.divide(b), Err(NumberFault::DivisionByZero));
        } else {
            hold(a.divide(b), &rounded(&(rational(a) / rational(b))))?;
        }
    }

    #[test]
    fn what_goes_on_from_a_quotient_is_rounded_once(a in number(), b in number()) {
        hold(a.add_rounded(b), &rounded(&(rational(a) + rational(b))))?;
        hold(a.multiply_rounded(b), &rounded(&(rational(a) * rational(b))))?;
    }

    #[test]
    fn dividing_to_places_is_dividing_and_rounding(
        a in number(), b in number(), places in 0_u32..30, mode in any_rounding(),
    ) {
        let slow = a.divide(b).map(|quotient| quotient.round(places, mode));
        prop_assert_eq!(a.divide_to(b, places, mode), slow);
    }

    #[test]
    fn dividing_everyday_amounts_to_places_is_dividing_and_rounding(
        a in 0_i128..10_000_000, b in 1_i128..1_000_000, places in 0_u32..8, mode in any_rounding(),
    ) {
        let (a, b) = (Exact::new(a, 2).unwrap(), Exact::new(b, 2).unwrap());
        prop_assert_eq!(a.divide_to(b, places, mode), a.divide(b).map(|quotient| quotient.round(places, mode)));
    }

    #[test]
    fn a_quotient_and_its_divisor_give_the_dividend_where_it_is_exact(
        a in -100_000_i128..100_000, b in 1_i128..100_000, places in 0_u32..5,
    ) {
        let (a, b) = (Exact::new(a, places).unwrap(), Exact::new(b, places).unwrap());
        let product = a.multiply(b).unwrap();
        prop_assert_eq!(product.divide(b), Ok(a));
    }

    #[test]
    fn a_number_is_rounded_as_its_mode_says(a in number(), places in 0_u32..30, mode in any_rounding()) {
        prop_assert_eq!(rational(a.round(places, mode)), round_to(&rational(a), places, mode));
    }

    #[test]
    fn order_is_that_of_the_values(a in number(), b in number()) {
        prop_assert_eq!(a.cmp(&b), rational(a).cmp(&rational(b)));
    }

    #[test]
    fn a_number_is_read_as_it_is_written(a in number()) {
        prop_assert_eq!(Exact::parse(&a.to_string()), Ok(a));
        prop_assert_eq!(Exact::parse(&a.to_text(4)), Ok(a));
    }

    #[test]
    fn digits_are_read_exactly_or_are_a_fault(
        minus in any::<bool>(), whole in "[0-9]{1,16}", part in "[0-9]{0,19}", exponent in -30_i32..30,
    ) {
        let sign = if minus { "-" } else { "" };
        let point = if part.is_empty() { String::new() } else { format!(".{part}") };
        let text = format!("{sign}{whole}{point}e{exponent}");
        let units: BigInt = format!("{sign}{whole}{part}").parse().unwrap();
        let places = i32::try_from(part.len()).unwrap() - exponent;
        let exact = if places >= 0 {
            BigRational::new(units, pow10(places.unsigned_abs()))
        } else {
            BigRational::from_integer(units * pow10(places.unsigned_abs()))
        };
        hold(Exact::parse(&text), &exact)?;
    }

    #[test]
    fn any_text_is_a_number_or_none(text in ".{0,12}") {
        let _ = Exact::parse(&text);
    }

    #[test]
    fn a_float_is_its_shortest_decimal(bits in any::<u64>()) {
        float(f64::from_bits(bits))?;
    }

    #[test]
    fn an_everyday_float_is_its_shortest_decimal(value in -1e6_f64..1e6, scale in -32_i32..22) {
        float(value * 10_f64.powi(scale))?;
    }

    #[test]
    fn a_float_comes_back(value in -1e12_f64..1e12) {
        prop_assume!(value.abs() > 1e-10);
        prop_assert_eq!(Exact::from_f64(value).map(Exact::to_f64), Ok(value));
    }

    #[test]
    fn a_32_bit_float_comes_back(value in -1e12_f32..1e12) {
        prop_assume!(value.abs() > 1e-10);
        let exact = Exact::from_f32(value).unwrap();
        prop_assert_eq!(exact.to_f32(), value);
        prop_assert_eq!(exact.to_string().parse::<f32>(), Ok(value));
    }
}

#[test]
fn a_product_by_a_round_number_is_exact() {
    let a = Exact::parse("6000000000000000000000").unwrap();
    let b = Exact::parse("999999.9999999999999999999985").unwrap();
    let product = Exact::parse("5999999999999999999999999991");
    assert_eq!(a.multiply(b), product);
}

/// Holds a float against its shortest text, rounded half even to 28 places.
fn float(value: f64) -> Result<(), TestCaseError> {
    let found = Exact::from_f64(value);
    if !value.is_finite() {
        prop_assert_eq!(found, Err(NumberFault::NotANumber));
        return Ok(());
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    let places = digits.split_once('.').map_or(0, |(_, part)| part.len());
    let units: BigInt = digits.replace('.', "").parse().unwrap();
    let mut exact = BigRational::new(units, pow10(u32::try_from(places).unwrap()));
    if exponent < 0 {
        exact /= pow10(exponent.unsigned_abs());
    } else {
        exact *= pow10(exponent.unsigned_abs());
    }
    hold(found, &round_to(&exact, 28, Rounding::HalfEven))
}

static LOAN: LazyLock<Program> = LazyLock::new(|| {
    let text = include_str!("../../../tests/corpus/decide/personal_loan.krites");
    Program::compile(checked("personal_loan.krites", text).1.unwrap())
});

/// A model that answers what it is told to
struct Stub(Option<Answer>);

impl Answers for Stub {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        match &self.0 {
            Some(answer) => {
                call.answers.fill(answer.clone());
                Answered::Given
            }
            None => Answered::Fault(ModelFault::Late),
        }
    }
}

fn any_answer() -> impl Strategy<Value = Option<Answer>> {
    prop_oneof![
        (0_f32..1.0).prop_map(|value| Some(Answer::Float(value))),
        any::<f32>().prop_map(|value| Some(Answer::Float(value))),
        any::<f64>().prop_map(|value| Some(Answer::Double(value))),
        any::<i64>().prop_map(|value| Some(Answer::Integer(value))),
        Just(Some(Answer::None)),
        Just(None),
    ]
}

fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0_i64..1000).prop_map(|whole| whole.to_string()),
        2 => (0_i64..10_000_000).prop_map(|cents| format!("{}.{:02}", cents / 100, cents % 100)),
        1 => any::<i64>().prop_map(|whole| whole.to_string()),
        2 => "employed|SELF-EMPL|student|retired|unemployed",
        1 => Just(String::new()),
        1 => ".{0,8}",
    ]
}

fn decide(
    frame: &mut Frame,
    fields: &[String],
    answer: &Option<Answer>,
) -> Option<Result<String, EvalError>> {
    LOAN.begin(frame, Date::parse("2026-11-02").unwrap());
    for ((id, input), text) in LOAN.policy().inputs.iter_ids().zip(fields) {
        let refused = LOAN.set_field(frame, id, text);
        if let Err(error) = refused {
            assert!(
                !input.private || text.is_empty() || !error.to_string().contains(text.as_str())
            );
            return None;
        }
    }
    LOAN.finish_inputs(frame).ok()?;
    let mut stub = Stub(answer.clone());
    Some(LOAN.decide(frame, &mut stub).map(|progress| {
        assert_eq!(progress, Progress::Decided);
        seen(frame)
    }))
}

/// What a decided case tells.
fn seen(frame: &Frame) -> String {
    let outputs: Vec<_> = LOAN
        .policy()
        .outputs
        .iter_ids()
        .map(|(id, _)| LOAN.output(frame, id))
        .collect();
    let (outcome, spoken) = (LOAN.outcome(frame), frame.spoken());
    format!(
        "{outcome:?} {outputs:?} {spoken:?} {:?} {:?}",
        frame.reasons(),
        frame.faults()
    )
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_case_is_refused_or_decided_and_a_used_frame_decides_as_a_fresh_one(
        before in prop::collection::vec(field(), 8), earlier in any_answer(),
        fields in prop::collection::vec(field(), 8), answer in any_answer(),
    ) {
        let mut used = LOAN.frame();
        let _ = decide(&mut used, &before, &earlier);
        let found = decide(&mut used, &fields, &answer);
        prop_assert_eq!(&found, &decide(&mut LOAN.frame(), &fields, &answer));
        // Deciding again changes nothing.
        if let Some(Ok(found)) = found {
            let again = LOAN.decide(&mut used, &mut Stub(None));
            prop_assert_eq!(again, Ok(Progress::Decided));
            prop_assert_eq!(found, seen(&used));
        }
    }

    #[test]
    fn a_case_that_can_be_decided_is_decided(
        age in 0_i64..=120, income in 0_i64..10_000_000, employment in "employed|SELF-EMPL|student|retired",
        amount in 50_000_i64..=5_000_000, months in 6_i64..=84, score in prop::option::of(0_i64..1000),
        debt in 0_i64..10_000_000_000, answer in any_answer(),
    ) {
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let fields = [
            age.to_string(), money(income), employment, String::new(), money(amount),
            months.to_string(), score.map_or(String::new(), |score| score.to_string()), money(debt),
        ];
        let found = decide(&mut LOAN.frame(), &fields, &answer);
        prop_assert!(matches!(found, Some(Ok(_))), "{:?}", found);
    }
}

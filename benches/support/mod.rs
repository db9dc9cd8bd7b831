//! What the benches share: cases with a fixed seed, visited in a new order at
//! each pass, for a processor learns a fixed one.

pub(crate) mod limits;

pub(crate) mod blocks;

use krites::Facts;
use serde::{Deserialize, Serialize};

/// The policy that [`by_hand`] is by hand
pub(crate) const ELIGIBILITY: &str = include_str!("eligibility.krites");

/// Number of cases
pub(crate) const CASES: usize = 1_000;

/// SplitMix64 (Steele, Lea, Flood, 2014)
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Uniform from `low` to below `high`
    pub(crate) fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.next() % high.abs_diff(low)).unwrap()
    }

    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.whole(0, i64::try_from(all.len()).unwrap())).unwrap()]
    }
}

/// Positions 0 to [`CASES`], in a new order at each pass
pub(crate) struct Visits {
    order: Vec<usize>,
    next: usize,
    random: Random,
}

impl Visits {
    pub(crate) fn new() -> Self {
        Self {
            order: (0..CASES).collect(),
            next: CASES,
            random: Random(7),
        }
    }

    pub(crate) fn next(&mut self) -> usize {
        if self.next == CASES {
            for position in (1..CASES).rev() {
                let other = self.random.whole(0, i64::try_from(position).unwrap() + 1);
                self.order.swap(position, usize::try_from(other).unwrap());
            }
            self.next = 0;
        }
        self.next += 1;
        self.order[self.next - 1]
    }
}

/// An applicant as a service has it. Amounts are whole pounds; the hand-written
/// rules take them as they are.
#[derive(Clone, Debug, Deserialize, Facts, Serialize)]
pub(crate) struct Applicant<'a> {
    pub(crate) age: i64,
    pub(crate) income: i64,
    pub(crate) employment: &'a str,
    pub(crate) bureau_score: Option<i64>,
    pub(crate) debt: i64,
    pub(crate) loan_amount: i64,
    pub(crate) term: i64,
    pub(crate) purpose: &'a str,
    pub(crate) months_at_address: i64,
    pub(crate) defaults_count: i64,
    pub(crate) country: &'a str,
    pub(crate) existing_customer: bool,
}

pub(crate) fn applicants() -> Vec<Applicant<'static>> {
    const EMPLOYMENT: [&str; 7] = [
        "EMPLOYED",
        "EMPLOYED",
        "EMPLOYED",
        "SELF_EMPLOYED",
        "RETIRED",
        "STUDENT",
        "UNEMPLOYED",
    ];
    const PURPOSE: [&str; 6] = [
        "CAR",
        "HOME",
        "HOLIDAY",
        "BUSINESS",
        "DEBT_CONSOLIDATION",
        "GAMBLING",
    ];
    const COUNTRY: [&str; 9] = ["GB", "GB", "GB", "IE", "FR", "DE", "NL", "US", "XX"];
    let mut random = Random(1);
    (0..CASES)
        .map(|_| Applicant {
            age: random.whole(16, 80),
            income: random.whole(12_000, 121_000),
            employment: random.one_of(&EMPLOYMENT),
            bureau_score: (random.whole(0, 100) < 80).then(|| random.whole(420, 850)),
            debt: random.whole(0, 20_000),
            loan_amount: random.whole(1_000, 41_000),
            term: random.one_of(&[24, 36, 48, 60, 72, 84]),
            purpose: random.one_of(&PURPOSE),
            months_at_address: random.whole(0, 60),
            defaults_count: if random.whole(0, 100) < 70 {
                0
            } else {
                random.whole(0, 6)
            },
            country: random.one_of(&COUNTRY),
            existing_customer: random.whole(0, 2) == 1,
        })
        .collect()
}

/// The policy's rules by hand, on scaled integers: repayments in pence and the
/// ratio of debt to income in hundredths of a percent, both rounded half up.
#[inline(never)]
pub(crate) fn by_hand(a: &Applicant<'_>) -> (&'static str, &'static str) {
    rules(a, |a| {
        let repayments = (a.loan_amount * 2_400 + a.term) / (2 * a.term);
        ((a.debt * 100 + repayments) * 200 + a.income) / (2 * a.income)
    })
}

/// The same with the ratio as one expression, one division in all.
#[inline(never)]
pub(crate) fn by_hand_in_one(a: &Applicant<'_>) -> (&'static str, &'static str) {
    rules(a, |a| {
        let (over, under) = (a.debt * a.term + a.loan_amount * 12, a.term * a.income);
        (over * 20_000 + under) / (2 * under)
    })
}

/// The policy whose ratio is one expression, with an unrounded quotient on the way
pub(crate) fn policy_in_one() -> String {
    let in_one = ELIGIBILITY.replace(
        "(debt + repayments) / income",
        "(debt + loan_amount * 12 / term) / income",
    );
    assert_ne!(ELIGIBILITY, in_one);
    in_one
}

#[inline(always)]
fn rules(
    a: &Applicant<'_>,
    debt_to_income: impl Fn(&Applicant<'_>) -> i64,
) -> (&'static str, &'static str) {
    if a.age < 18 {
        return ("decline", "AGE_MIN");
    }
    if !matches!(a.country, "GB" | "IE" | "FR" | "DE" | "NL") {
        return ("decline", "COUNTRY");
    }
    if a.defaults_count > 2 {
        return ("decline", "DEFAULTS");
    }
    if a.bureau_score.is_none() && !a.existing_customer {
        return ("refer", "NO_BUREAU");
    }
    if a.bureau_score.is_some_and(|score| score < 480) {
        return ("decline", "SCORE_LOW");
    }
    let debt_to_income = debt_to_income(a);
    if debt_to_income > 5_500 {
        return ("decline", "DTI_HIGH");
    }
    if a.employment == "UNEMPLOYED" || (a.employment == "STUDENT" && a.loan_amount > 5_000) {
        return ("decline", "EMPLOYMENT");
    }
    if a.months_at_address < 6 && a.loan_amount > 20_000 {
        return ("refer", "ADDRESS");
    }
    if a.purpose == "GAMBLING" || (a.purpose == "BUSINESS" && a.employment != "SELF_EMPLOYED") {
        return ("refer", "PURPOSE");
    }
    let good = a.bureau_score.is_none_or(|score| score >= 620);
    if a.existing_customer && good && debt_to_income <= 4_000 {
        return ("approve", "FAST_TRACK");
    }
    ("approve", "STANDARD")
}

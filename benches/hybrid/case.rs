//! An applicant with what a bureau knows, as a service has it, and as the model is fed.

use krites::Facts;
use serde::Serialize;

use super::support::{Applicant, Random};

/// Columns of the model
pub(crate) const FEATURES: usize = 15;

#[derive(Clone, Debug, Facts, Serialize)]
pub(crate) struct Case<'a> {
    age: i64,
    income: i64,
    employment: &'a str,
    bureau_score: Option<i64>,
    debt: i64,
    loan_amount: i64,
    term: i64,
    purpose: &'a str,
    months_at_address: i64,
    defaults_count: i64,
    country: &'a str,
    existing_customer: bool,
    /// Of all limits, in percent
    utilisation: i64,
    enquiries: i64,
    accounts: i64,
    /// In months
    oldest_account: i64,
    savings: i64,
    card_limit: i64,
}

/// From where to where each column goes, for the model's tests to lie within
pub(crate) const RANGES: [[f32; 2]; FEATURES] = [
    [16.0, 80.0],
    [12_000.0, 121_000.0],
    [0.0, 850.0],
    [0.0, 20_000.0],
    [1_000.0, 41_000.0],
    [24.0, 84.0],
    [0.0, 60.0],
    [0.0, 6.0],
    [0.0, 1.0],
    [0.0, 100.0],
    [0.0, 12.0],
    [0.0, 30.0],
    [0.0, 400.0],
    [0.0, 60_000.0],
    [0.0, 30_000.0],
];

/// Adds bureau data with a fixed seed.
pub(crate) fn with_bureau_data<'a>(applicants: &[Applicant<'a>]) -> Vec<Case<'a>> {
    let mut random = Random(11);
    let cases = applicants.iter().map(|applicant| {
        let Applicant {
            age,
            income,
            employment,
            bureau_score,
            debt,
            loan_amount,
            term,
            purpose,
            months_at_address,
            defaults_count,
            country,
            existing_customer,
        } = *applicant;
        Case {
            age,
            income,
            employment,
            bureau_score,
            debt,
            loan_amount,
            term,
            purpose,
            months_at_address,
            defaults_count,
            country,
            existing_customer,
            utilisation: random.whole(0, 100),
            enquiries: random.whole(0, 12),
            accounts: random.whole(0, 30),
            oldest_account: random.whole(0, 400),
            savings: random.whole(0, 60_000),
            card_limit: random.whole(0, 30_000),
        }
    });
    cases.collect()
}

impl<'a> Case<'a> {
    /// What the rules by hand look at
    pub(crate) fn applicant(&self) -> Applicant<'a> {
        Applicant {
            age: self.age,
            income: self.income,
            employment: self.employment,
            bureau_score: self.bureau_score,
            debt: self.debt,
            loan_amount: self.loan_amount,
            term: self.term,
            purpose: self.purpose,
            months_at_address: self.months_at_address,
            defaults_count: self.defaults_count,
            country: self.country,
            existing_customer: self.existing_customer,
        }
    }

    pub(crate) fn features(&self) -> [f32; FEATURES] {
        let whole = [
            self.age,
            self.income,
            self.bureau_score.unwrap_or(0),
            self.debt,
            self.loan_amount,
            self.term,
            self.months_at_address,
            self.defaults_count,
            i64::from(self.existing_customer),
            self.utilisation,
            self.enquiries,
            self.accounts,
            self.oldest_account,
            self.savings,
            self.card_limit,
        ];
        whole.map(|value| value as f32)
    }
}

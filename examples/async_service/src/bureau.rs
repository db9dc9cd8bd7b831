//! A credit bureau that takes its time, and sometimes has no answer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;

/// The bureau's answer: its fields are named as the inputs of the policy's group
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    score: i32,
    debt: u32,
    as_of: &'static str,
}

/// Counts its requests
#[derive(Debug, Default)]
pub struct Bureau {
    requests: AtomicU64,
}

impl Bureau {
    /// Fetches the report on an applicant, within 20 to 60 milliseconds; every
    /// fiftieth does not come in time.
    pub async fn report(&self, applicant: u64) -> Option<Report> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(20 + applicant * 7 % 41)).await;
        if applicant % 50 == 13 {
            return None;
        }
        let thin = applicant % 11 == 3;
        let number = |most: u64| u32::try_from(applicant * 389 % most).unwrap_or(0);
        Some(Report {
            score: match thin {
                true => -1,
                false => 400 + i32::try_from(applicant * 31 % 450).unwrap_or(0),
            },
            debt: number(20_000),
            as_of: "2026-11-20",
        })
    }

    /// Returns how many reports were asked for.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

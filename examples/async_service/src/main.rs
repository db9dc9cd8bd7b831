//! Applications are decided while a slow bureau is asked, and while a new release
//! is published: a case is set aside across `await`, holds no decider and no thread,
//! and ends on the release that it began with.
//!
//! `cargo run --manifest-path examples/async_service/Cargo.toml`

mod bureau;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bureau::Bureau;
use krites::{Date, Engine, OwnedDecision, Release, Step};
use serde::Serialize;
use tokio::task::JoinSet;

/// How many applications come in
const APPLICATIONS: u64 = 2_000;
const POLICY: &str = include_str!("../policies/loans.krites");

type Failed = Box<dyn Error + Send + Sync>;

/// An application as the service has it, before anything is fetched
#[derive(Debug, Serialize)]
struct Application {
    age: u64,
    income: u64,
    amount: u64,
}

impl Application {
    fn numbered(number: u64) -> Self {
        Self {
            age: 16 + number * 13 % 60,
            income: number * 977 % 60_000,
            amount: 100 + number * 283 % 12_000,
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let today = Date::new(2026, 11, 22).ok_or("no such day")?;
    let engine = Arc::new(Engine::new(release(POLICY)?));
    let bureau = Arc::new(Bureau::default());
    let begun = Instant::now();

    let mut running = JoinSet::new();
    for number in 0..APPLICATIONS {
        let (engine, bureau) = (engine.clone(), bureau.clone());
        running.spawn(async move {
            // Two seconds' worth of arrivals.
            tokio::time::sleep(Duration::from_millis(number * 2_000 / APPLICATIONS)).await;
            let decision = decide(&engine, &bureau, today, number).await?;
            let current = engine.deployment().release().clone();
            Ok::<_, Failed>((decision, current))
        });
    }

    // A new release in the middle: a score may be lower from now on.
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    let second = POLICY
        .replace("version   \"1\"", "version   \"2\"")
        .replace("bureau.score < 480", "bureau.score < 450");
    let replaced = engine.publish(release(&second)?)?;
    println!("published version 2 in place of {}", replaced.fingerprint());

    let (mut by_version, mut across, mut refused) = ([0_u64; 2], 0, 0);
    while let Some(done) = running.join_next().await {
        let (decision, current) = done??;
        by_version[usize::from(decision.policy().1 == Some("2"))] += 1;
        refused += u64::from(decision.reasons().iter().any(|code| code == "M02"));
        // It waited while version 2 took over.
        across += u64::from(!Arc::ptr_eq(decision.release(), &current));
    }
    let [first, second] = by_version;
    let requests = bureau.requests();
    println!(
        "{APPLICATIONS} applications in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    println!("decided by version 1: {first}, by version 2: {second}");
    println!("waiting while version 2 was published, and decided by version 1: {across}");
    println!("referred for want of a report: {refused}");
    println!(
        "reports of the bureau: {requests}, saved: {:.1} %",
        100.0 * (APPLICATIONS - requests) as f64 / APPLICATIONS as f64
    );
    match across > 0 && second > 0 && refused > 0 && requests < APPLICATIONS {
        true => Ok(()),
        false => Err("the example shows nothing".into()),
    }
}

fn release(policy: &str) -> Result<Release, Failed> {
    let release = Release::builder().policy("loans.krites", policy).build();
    Ok(release.map_err(|error| error.to_string())?)
}

/// Decides one application; what it needs is fetched when it is asked for.
async fn decide(
    engine: &Engine,
    bureau: &Bureau,
    today: Date,
    number: u64,
) -> Result<OwnedDecision, Failed> {
    let application = Application::numbered(number);
    let mut case = engine.open("loans", today, &application, &[])?;
    let release = case.release().clone();
    loop {
        let needs = match case.step()? {
            Step::Decided(decision) if Arc::ptr_eq(decision.release(), &release) => {
                return Ok(decision.to_owned());
            }
            Step::Decided(_) => return Err("a case changed its release while it waited".into()),
            Step::Needs(needs) => needs,
        };
        let group = needs.group().ok_or("no group is awaited")?;
        // The case waits here, and nothing else does.
        match bureau.report(number).await {
            Some(report) => case.give_group(group, &report)?,
            None => case.refuse(group)?,
        }
    }
}

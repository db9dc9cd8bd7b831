//! Decides 1,000 real loan applications again and again on two threads, and
//! publishes version 2 of policy and model in the middle.
//!
//! `cargo run --release --example loan_decisions`

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use krites::lang::ModelState;
use krites::{Date, Decider, Engine, Facts, Outputs, Release};
use serde::Deserialize;

const THREADS: usize = 2;
/// How long each version decides
const HALF: Duration = Duration::from_millis(1_500);
/// Each pass visits the applications in another order, for a processor learns a
/// fixed one: primes, so that each step visits all
const STEPS: [usize; 6] = [389, 421, 463, 523, 577, 631];

/// An application as the file has it: fields named as the policy's inputs, by what serde is
/// told
#[derive(Debug, Deserialize, Facts)]
struct Application {
    #[serde(rename = "applicant.age")]
    age: u8,
    #[serde(rename = "applicant.employment_since")]
    employment_since: String,
    #[serde(rename = "applicant.job")]
    job: String,
    #[serde(rename = "applicant.housing")]
    housing: String,
    #[serde(rename = "applicant.residence_since")]
    residence_since: u8,
    #[serde(rename = "applicant.checking")]
    checking: String,
    #[serde(rename = "applicant.savings")]
    savings: String,
    #[serde(rename = "applicant.credit_history")]
    credit_history: String,
    #[serde(rename = "applicant.existing_credits")]
    existing_credits: u8,
    #[serde(rename = "applicant.other_plans")]
    other_plans: String,
    #[serde(rename = "applicant.property")]
    property: Option<String>,
    #[serde(rename = "applicant.dependents")]
    dependents: u8,
    #[serde(rename = "applicant.telephone")]
    telephone: bool,
    #[serde(rename = "loan.amount")]
    amount: u32,
    #[serde(rename = "loan.term_months")]
    term_months: u16,
    #[serde(rename = "loan.purpose")]
    purpose: String,
    #[serde(rename = "loan.instalment_rate")]
    instalment_rate: u8,
    #[serde(rename = "loan.other_debtors")]
    other_debtors: String,
    /// 1 where the credit ended badly; the policy does not see it
    #[facts(skip)]
    default_flag: u8,
}

/// What the host wants to know of a decision
#[derive(Debug, Outputs)]
struct Answer {
    outcome: Outcome,
    /// In German marks a month, where the loan is granted
    monthly: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Outputs)]
#[outputs(rename_all = "snake_case")]
enum Outcome {
    Approve,
    Refer,
    Decline,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/loan");
    let date = Date::new(2026, 11, 22).ok_or("no such day")?;
    let applications = read(&folder.join("data/german_credit.csv"))?;
    let first = Release::from_path(folder.join("v1"))?;
    let second = Release::from_path(folder.join("v2"))?;
    println!(
        "{} applications; version 1 is {}",
        applications.len(),
        first.fingerprint()
    );
    println!("{:>21} version 2 is {}", "", second.fingerprint());

    // What each version says of each application, decided once and alone.
    let engine = Engine::new(first);
    let mut expected = BTreeMap::from([("1", alone(&engine, &applications, date)?)]);
    report("1", &applications, &expected["1"]);
    engine.publish(second)?;
    expected.insert("2", alone(&engine, &applications, date)?);
    report("2", &applications, &expected["2"]);
    engine.rollback()?;

    // The same under load, with the swap in the middle.
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let tallies = thread::scope(|scope| -> Result<Vec<Tally>, Box<dyn Error>> {
        let workers: Vec<_> = (0..THREADS)
            .map(|worker| {
                let (engine, applications, expected, stop) =
                    (&engine, &applications, &expected, &stop);
                scope.spawn(move || {
                    let decider = engine.decider("loan").map_err(|error| error.to_string())?;
                    decide_all(decider, applications, expected, date, worker, stop)
                })
            })
            .collect();
        thread::sleep(HALF);
        let again = Release::from_path(folder.join("v2"))?;
        let replaced = engine.publish(again)?;
        println!(
            "\npublished version 2 under load; it replaced {}",
            replaced.fingerprint()
        );
        thread::sleep(HALF);
        stop.store(true, Ordering::Relaxed);
        let mut tallies = Vec::new();
        for worker in workers {
            tallies.push(worker.join().map_err(|_| "a worker panicked")??);
        }
        Ok(tallies)
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    summary(&tallies, seconds)
}

fn read(path: &PathBuf) -> Result<Vec<Application>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

/// What one decision said
struct Said {
    canonical: Vec<u8>,
    answer: Answer,
    reasons: Vec<String>,
    model_run: bool,
}

fn alone(
    engine: &Engine,
    applications: &[Application],
    date: Date,
) -> Result<Vec<Said>, Box<dyn Error>> {
    let mut decider = engine.decider("loan")?;
    decider.check_facts::<Application>()?;
    let mut answers = decider.outputs_reader::<Answer>()?;
    let mut said = Vec::with_capacity(applications.len());
    for application in applications {
        let decision = decider.decide_facts(date, application)?;
        said.push(Said {
            canonical: decision.canonical(),
            answer: answers.read(&decision)?,
            reasons: decision
                .reasons()
                .map(|reason| format!("{} {}", reason.code, reason.text))
                .collect(),
            model_run: decision
                .models()
                .any(|(_, state)| state != ModelState::NotRun),
        });
    }
    Ok(said)
}

fn report(version: &str, applications: &[Application], said: &[Said]) {
    let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for said in said {
        *outcomes.entry(said.answer.outcome).or_default() += 1;
        for reason in &said.reasons {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    let mut top: Vec<(&str, usize)> = reasons.into_iter().collect();
    top.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let approved = applications
        .iter()
        .zip(said)
        .filter(|(_, said)| said.answer.outcome == Outcome::Approve);
    let (bad, good) = approved.fold((0, 0), |(bad, good), (application, _)| {
        if application.default_flag == 1 {
            (bad + 1, good)
        } else {
            (bad, good + 1)
        }
    });
    let all_bad = applications
        .iter()
        .filter(|application| application.default_flag == 1)
        .count();
    let saved = said.iter().filter(|said| !said.model_run).count();
    println!("\nversion {version}");
    let outcomes: Vec<String> = outcomes
        .iter()
        .map(|(outcome, count)| format!("{outcome:?} {count}").to_lowercase())
        .collect();
    println!("  outcomes           {}", outcomes.join(", "));
    println!(
        "  bad among approved {} (among all {})",
        percent(bad, bad + good),
        percent(all_bad, said.len())
    );
    let monthly: f64 = said.iter().filter_map(|said| said.answer.monthly).sum();
    println!("  to be paid a month {monthly:.0} DM");
    println!(
        "  model runs saved   {saved} of {}: the rules had decided",
        said.len()
    );
    println!("  top reasons");
    for (reason, count) in top.iter().take(5) {
        println!("    {count:>4}  {reason}");
    }
}

fn percent(part: usize, whole: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a share for people")]
    let share = part as f64 / whole.max(1) as f64;
    format!("{:.1} %", share * 100.0)
}

/// What one worker saw
struct Tally {
    decided: BTreeMap<&'static str, u64>,
    failed: u64,
    /// Decisions that are not what their version says when it decides alone
    mixed: u64,
    latency: Histogram<u64>,
}

fn decide_all(
    mut decider: Decider,
    applications: &[Application],
    expected: &BTreeMap<&'static str, Vec<Said>>,
    date: Date,
    worker: usize,
    stop: &AtomicBool,
) -> Result<Tally, String> {
    let mut tally = Tally {
        decided: BTreeMap::new(),
        failed: 0,
        mixed: 0,
        latency: Histogram::new_with_bounds(1, 10_000_000_000, 3)
            .map_err(|error| error.to_string())?,
    };
    let mut position = worker;
    for step in STEPS.into_iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        for _ in 0..applications.len() {
            position = (position + step) % applications.len();
            let begun = Instant::now();
            let decided = decider.decide_facts(date, &applications[position]);
            let took = begun.elapsed();
            tally
                .latency
                .saturating_record(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
            match decided {
                Err(_) => tally.failed += 1,
                Ok(decision) => {
                    let version = decision.policy().1.unwrap_or("");
                    let known = expected.iter().find(|(name, _)| **name == version);
                    // The canonical bytes hold the version, what spoke and what
                    // the model answered.
                    match known {
                        Some((name, said)) if said[position].canonical == decision.canonical() => {
                            *tally.decided.entry(name).or_default() += 1;
                        }
                        _ => tally.mixed += 1,
                    }
                }
            }
        }
    }
    Ok(tally)
}

fn summary(tallies: &[Tally], seconds: f64) -> Result<(), Box<dyn Error>> {
    let mut latency = Histogram::<u64>::new_with_bounds(1, 10_000_000_000, 3)?;
    let mut by_version: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut failed, mut mixed) = (0, 0);
    for tally in tallies {
        latency.add(&tally.latency)?;
        failed += tally.failed;
        mixed += tally.mixed;
        for (version, count) in &tally.decided {
            *by_version.entry(version).or_default() += count;
        }
    }
    let versions: Vec<String> = by_version
        .iter()
        .map(|(version, count)| format!("{count} by version {version}"))
        .collect();
    println!("\nunder load, {THREADS} threads, {seconds:.1} s");
    println!("  decided            {}", versions.join(", "));
    println!("  failed             {failed}");
    println!("  mixed versions     {mixed}");
    println!(
        "  latency            p50 {} ns, p99 {} ns, p99.9 {} ns (binding and model included)",
        latency.value_at_quantile(0.5),
        latency.value_at_quantile(0.99),
        latency.value_at_quantile(0.999),
    );
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = latency.len() as f64 / seconds;
    println!("  decisions a second {rate:.0} (each compared with what its version says)");
    if failed == 0 && mixed == 0 && by_version.len() == 2 {
        return Ok(());
    }
    Err("a decision failed or mixed versions".into())
}

//! Deciding while another thread publishes a thousand releases a second, beside
//! deciding undisturbed; and what publishing costs.
//!
//! `cargo bench --bench swap`. Each decision's version is checked against what
//! that version answers.

#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use krites::{Date, Decider, Engine, Release};
use support::{Applicant, ELIGIBILITY, Visits, applicants, by_hand};

/// Releases that are published in turn
const RELEASES: usize = 16;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    swap(&mut criterion);
    criterion.final_summary();
}

fn release(version: usize) -> Arc<Release> {
    let text = ELIGIBILITY.replace("version  \"1\"", &format!("version  \"{version}\""));
    Arc::new(
        Release::builder()
            .policy("eligibility.krites", text)
            .build()
            .unwrap(),
    )
}

fn decide(decider: &mut Decider, case: &Applicant<'_>) {
    let date = Date::new(2026, 11, 22).unwrap();
    let decision = decider.decide(date, black_box(case)).unwrap();
    assert_eq!(decision.outcome(), by_hand(case).0);
    black_box(decision.policy().1);
}

fn swap(criterion: &mut Criterion) {
    let releases: Vec<Arc<Release>> = (1..=RELEASES).map(release).collect();
    let engine = Engine::new(releases[0].clone());
    let cases = applicants();
    let mut group = criterion.benchmark_group("swap");
    group.throughput(Throughput::Elements(1));

    let mut decider = engine.decider("eligibility").unwrap();
    let mut visits = Visits::new();
    group.bench_function("undisturbed", |bench| {
        bench.iter(|| decide(&mut decider, &cases[visits.next()]));
    });

    let (stop, published) = (AtomicBool::new(false), AtomicU64::new(0));
    let begun = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            for release in releases.iter().cycle() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                engine.publish(release.clone()).unwrap();
                published.fetch_add(1, Ordering::Relaxed);
                thread::sleep(Duration::from_micros(900));
            }
        });
        while published.load(Ordering::Relaxed) == 0 {
            thread::yield_now();
        }
        group.bench_function("while_publishing", |bench| {
            bench.iter(|| decide(&mut decider, &cases[visits.next()]));
        });
        stop.store(true, Ordering::Relaxed);
    });
    let (published, seconds) = (
        published.load(Ordering::Relaxed),
        begun.elapsed().as_secs_f64(),
    );
    println!("swap/while_publishing: {published} releases published in {seconds:.1} s");

    let mut next = releases.iter().cycle();
    group.bench_function("publish", |bench| {
        bench.iter(|| engine.publish(next.next().unwrap().clone()).unwrap());
    });
    group.finish();
}

//! Rules alone: the eligibility of `decide`, as columns and as typed facts.

use std::hint::black_box;

use krites::{Columns, Engine, Release};

use super::support::{Applicant, ELIGIBILITY, Visits, applicants};
use super::{date, in_turns};

pub(crate) fn measure(rows: usize, rounds: usize) {
    let release = Release::builder().policy("eligibility.krites", ELIGIBILITY);
    let engine = Engine::new(release.build().unwrap());
    let [mut single, mut batch] = [0, 1].map(|_| engine.decider("eligibility").unwrap());
    let (cases, mut visits) = (applicants(), Visits::new());
    let cases: Vec<Applicant<'_>> = (0..rows).map(|_| cases[visits.next()].clone()).collect();
    let held = Held::of(&cases);
    let columns = held.columns();
    let mut decided = Vec::with_capacity(rows);
    for case in &cases {
        let decision = single.decide_facts(date(), case).unwrap();
        decided.push((
            decision.outcome().to_owned(),
            decision
                .reasons()
                .next()
                .map(|reason| reason.code.to_owned()),
        ));
    }
    let check = |row: usize, decision: &krites::Decision<'_>| {
        let reason = decision.reasons().next().map(|reason| reason.code);
        let (outcome, expected) = &decided[row];
        assert_eq!(
            (decision.outcome(), reason),
            (&**outcome, expected.as_deref())
        );
    };
    let done = batch.decide_batch(date(), &columns, |row, it| check(row, &it.unwrap()));
    done.unwrap();
    let done = batch.decide_batch(date(), &cases, |row, it| check(row, &it.unwrap()));
    done.unwrap();
    let of_typed = allocation_counter::measure(|| {
        let done = batch.decide_batch(date(), &cases, |_, it| drop(black_box(it)));
        done.unwrap();
    });
    assert_eq!(of_typed.count_total, 0, "a warm batch allocates");
    let of_columns = allocation_counter::measure(|| {
        let done = batch.decide_batch(date(), &columns, |_, it| drop(black_box(it)));
        done.unwrap();
    });
    let count = of_columns.count_total;
    assert!(count < 100, "{count} allocations for columns");

    println!("\n12 fields, ten rules of which the first that matches decides");
    let mut other = engine.decider("eligibility").unwrap();
    in_turns(
        (rows, rounds),
        [
            ("single decisions", &mut || {
                for case in &cases {
                    let decision = single.decide_facts(date(), case).unwrap();
                    black_box((decision.outcome(), decision.reasons().next()));
                }
            }),
            ("a batch of columns", &mut || {
                let done = batch.decide_batch(date(), &columns, |_, it| {
                    let decision = it.unwrap();
                    black_box((decision.outcome(), decision.reasons().next()));
                });
                done.unwrap();
            }),
            ("a batch of typed facts", &mut || {
                let done = other.decide_batch(date(), &cases, |_, it| {
                    let decision = it.unwrap();
                    black_box((decision.outcome(), decision.reasons().next()));
                });
                done.unwrap();
            }),
        ],
    );
}

/// The fields of all cases, column by column
struct Held<'a> {
    whole: Vec<(&'static str, Vec<i64>)>,
    texts: Vec<(&'static str, Vec<&'a str>)>,
    score: Vec<Option<i64>>,
    existing: Vec<bool>,
}

impl<'a> Held<'a> {
    fn of(cases: &[Applicant<'a>]) -> Self {
        fn all<'a, T>(cases: &[Applicant<'a>], field: impl Fn(&Applicant<'a>) -> T) -> Vec<T> {
            cases.iter().map(field).collect()
        }
        Held {
            whole: vec![
                ("age", all(cases, |case| case.age)),
                ("income", all(cases, |case| case.income)),
                ("debt", all(cases, |case| case.debt)),
                ("loan_amount", all(cases, |case| case.loan_amount)),
                ("term", all(cases, |case| case.term)),
                (
                    "months_at_address",
                    all(cases, |case| case.months_at_address),
                ),
                ("defaults_count", all(cases, |case| case.defaults_count)),
            ],
            texts: vec![
                ("employment", all(cases, |case| case.employment)),
                ("purpose", all(cases, |case| case.purpose)),
                ("country", all(cases, |case| case.country)),
            ],
            score: all(cases, |case| case.bureau_score),
            existing: all(cases, |case| case.existing_customer),
        }
    }

    fn columns(&self) -> Columns<'_> {
        let columns = Columns::new(self.score.len())
            .column("bureau_score", &self.score)
            .column("existing_customer", &self.existing);
        let whole = self.whole.iter();
        let columns = whole.fold(columns, |all, (name, values)| all.column(*name, values));
        let texts = self.texts.iter();
        texts.fold(columns, |all, (name, values)| all.column(*name, values))
    }
}

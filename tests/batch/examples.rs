//! The rows of the examples' own data.

use std::path::Path;

use krites::{Columns, Decision, Engine, Facts, Release, UnknownFields};
use serde::Deserialize;

use super::{batch, day, told};

#[derive(Clone, Debug, Deserialize, Facts)]
struct Account {
    opened: String,
    balance: i64,
    missed_payments: i64,
}

/// The fields of a column, as what they are
enum Fields {
    Whole(Vec<Option<i64>>),
    Boolean(Vec<Option<bool>>),
    Accounts(Vec<Option<Vec<Account>>>),
    Text(Vec<Option<String>>),
}

impl Fields {
    fn of<'f>(fields: impl Iterator<Item = &'f str> + Clone) -> Fields {
        fn all<'f, T>(
            mut fields: impl Iterator<Item = &'f str>,
            read: impl Fn(&str) -> Option<T>,
        ) -> Option<Vec<Option<T>>> {
            fields.try_fold(Vec::new(), |mut all, field| {
                all.push(match field {
                    "" => None,
                    field => Some(read(field)?),
                });
                Some(all)
            })
        }
        if let Some(all) = all(fields.clone(), |field| field.parse().ok()) {
            return Fields::Whole(all);
        }
        if let Some(all) = all(fields.clone(), |field| field.parse().ok()) {
            return Fields::Boolean(all);
        }
        if let Some(all) = all(fields.clone(), |field| serde_json::from_str(field).ok()) {
            return Fields::Accounts(all);
        }
        Fields::Text(all(fields, |field| Some(field.to_owned())).unwrap())
    }
}

/// The data of an example
struct Table {
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
    fields: Vec<Fields>,
}

impl Table {
    fn read(data: &str, most: usize) -> Table {
        let mut reader = csv::Reader::from_path(examples().join(data)).unwrap();
        let header = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().take(most).map(Result::unwrap).collect();
        let fields =
            (0..header.len()).map(|at| Fields::of(rows.iter().map(|row| row.get(at).unwrap())));
        Table {
            fields: fields.collect(),
            header,
            rows,
        }
    }

    /// The first rows
    fn columns(&self, rows: usize) -> Columns<'_> {
        let both = self.header.iter().zip(&self.fields);
        both.fold(Columns::new(rows), |all, (name, fields)| match fields {
            Fields::Whole(values) => all.column(name, &values[..rows]),
            Fields::Boolean(values) => all.column(name, &values[..rows]),
            Fields::Accounts(values) => all.column(name, &values[..rows]),
            Fields::Text(values) => all.column(name, &values[..rows]),
        })
    }
}

/// Decides the rows of an example one by one and as a batch; tells how many there are, and
/// how many asked a model.
fn example(release: Release, policy: &str, data: &str) -> (usize, usize) {
    let engine = Engine::new(release).unknown_fields(UnknownFields::Ignore);
    let mut decider = engine.decider(policy).unwrap();
    let table = Table::read(data, 400);
    let by_row = decider.columns(&table.header).unwrap();
    let mut asked = 0;
    let alone: Vec<String> = table
        .rows
        .iter()
        .map(|row| {
            let decided = decider.decide_row(day(), &by_row, row);
            let decision = decided.as_ref().ok();
            let answered = |decision: &Decision<'_>| decision.answers().any(|(_, a)| a.is_some());
            asked += usize::from(decision.is_some_and(answered));
            told(decided)
        })
        .collect();
    let together = batch(&mut decider, &table.columns(alone.len()));
    assert_eq!(together.len(), alone.len());
    for (row, (together, alone)) in together.iter().zip(&alone).enumerate() {
        assert_eq!(together, alone, "{policy}, row {row}");
    }
    (alone.len(), asked)
}

fn examples() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
}

#[test]
fn the_examples_are_decided_alike() {
    for (folder, policy, data) in [
        ("loan/v1", "loan", "loan/data/german_credit.csv"),
        ("loan/v2", "loan", "loan/data/german_credit.csv"),
        (
            "personal_loan",
            "personal_loan",
            "personal_loan/data/applications.csv",
        ),
        (
            "card_fraud",
            "card_fraud",
            "card_fraud/data/transactions.csv",
        ),
        (
            "chat_routing",
            "chat_routing",
            "chat_routing/data/messages.csv",
        ),
        (
            "next_best_action",
            "next_best_action",
            "next_best_action/data/customers.csv",
        ),
    ] {
        let release = Release::from_path(examples().join(folder));
        let release = release.unwrap_or_else(|error| panic!("{folder}: {error}"));
        let (rows, asked) = example(release, policy, data);
        assert!(rows > 300, "{folder}");
        assert!(
            asked * 4 > rows,
            "{folder}: {asked} of {rows} asked a model"
        );
    }
}

#[test]
fn a_warm_batch_allocates_nothing_that_grows_with_its_rows() {
    let release = Release::from_path(examples().join("loan/v1")).unwrap();
    let engine = Engine::new(release).unknown_fields(UnknownFields::Ignore);
    let mut decider = engine.decider("loan").unwrap();
    let table = Table::read("loan/data/german_credit.csv", 1_000);
    let mut asked = 0;
    let mut counted = |rows: usize| {
        let columns = table.columns(rows);
        let counted = allocation_counter::measure(|| {
            let done = decider.decide_batch(day(), &columns, |_, decided| {
                let decision = decided.unwrap();
                asked += decision.answers().filter(|(_, a)| a.is_some()).count();
                std::hint::black_box((decision.outcome(), decision.reasons().last()));
                decision.outputs().for_each(drop);
            });
            done.unwrap();
        });
        counted.count_total
    };
    counted(1_000);
    let (many, few) = (counted(1_000), counted(300));
    assert_eq!(many, few, "with 700 rows more");
    assert!(asked > 1_500, "{asked}");
}

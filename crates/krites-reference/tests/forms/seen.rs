//! What the checker sees of tables over all cases: gaps, rows that meet, rows that are
//! never taken. Held against every case there is: each value that a cell can tell from
//! the next one, and one in between where there is one.

use std::collections::BTreeSet;

use krites_lang::ir::{Literal, Value};
use krites_lang::testing::Looked;
use krites_lang::{Date, Exact, Id, InputId, TableId};
use krites_reference::Given;
use krites_reference::generate::Choose;

use super::cell::{Cell, Kind};
use super::table::{Policy, Row, Table};
use super::tables::written;
use super::{compiled, number};

/// A value as its number, twice: what is odd lies between two
type Twice = i64;

const DAYS: std::ops::RangeInclusive<i64> = -1..=28;

#[test]
fn tables_over_all_cases() {
    let (count, seed) = (number("KRITES_FORMS", 30) * 5, number("KRITES_SEED", 1));
    let mut told = Told::default();
    for position in 0..count {
        let mut choose = Choose::seeded((seed + position) as u64);
        let policies = [
            Policy::Unique,
            Policy::FirstMatch,
            Policy::Any,
            Policy::Priority,
            Policy::RuleOrder,
            Policy::CollectSum,
        ];
        let policy = policies[position % policies.len()];
        let table = loop {
            let table = Table::any(policy, &mut choose);
            let dated = table.rows.iter().any(Row::is_dated);
            if table.columns.len() + usize::from(dated) <= 3 && table.rows.len() < 40 {
                break table;
            }
        };
        held(&table, &mut told);
    }
    println!("tables over all cases: {count}, {told:?}");
    assert!(
        told.gaps > 0 && told.meeting > 0 && told.untaken > 0 && told.rest > 0 && told.unsure > 0
    );
}

/// How much came up
#[derive(Debug, Default)]
struct Told {
    cases: usize,
    gaps: usize,
    meeting: usize,
    untaken: usize,
    /// Rows for the rest that are never taken
    rest: usize,
    /// Tables with bounds that are computed
    unsure: usize,
}

/// What is true of a table, by trying all cases
#[derive(Default)]
struct Truth {
    /// Rows that match, each with the first that does
    meeting: BTreeSet<(usize, usize)>,
    /// All pairs of rows that match
    pairs: BTreeSet<(usize, usize)>,
    taken: BTreeSet<usize>,
    rest_taken: bool,
}

fn held(table: &Table, told: &mut Told) {
    let text = written(table);
    let program = compiled(&text);
    let looked = Looked::at(program.policy(), TableId::new(0));
    assert!(looked.is_whole(), "{text}");
    // Bounds that are an input's value: with each it may have
    let computed = text.contains("limit and")
        || ["below limit", "above limit", "up to limit"]
            .iter()
            .any(|word| text.contains(word));
    told.unsure += usize::from(computed);
    let limits = if computed { 0..=11 } else { 0..=0 };
    let mut truth = Truth::default();
    let dated = table.rows.iter().any(Row::is_dated);
    let days = if dated { DAYS } else { 0..=0 };
    for day in days {
        each_case(
            &table
                .columns
                .iter()
                .map(|column| probes(column.kind, column.optional))
                .collect::<Vec<_>>(),
            &mut |values| {
                told.cases += 1;
                let matching: Vec<Vec<usize>> = limits
                    .clone()
                    .map(|limit| matching(table, values, day, limit))
                    .collect();
                let rest = table
                    .rows
                    .iter()
                    .position(|row| row.in_force(day) && row.tests.is_none());
                for matching in &matching {
                    truth.note(table, matching, rest);
                }
                let value = |of: Value| literal(table, of, values, day);
                let gap = looked.is_gap(&value);
                let open = |matching: &Vec<usize>| matching.is_empty() && rest.is_none();
                match computed {
                    false => assert_eq!(gap, open(&matching[0]), "{text}\n{values:?} {day}"),
                    true => assert!(
                        !gap || matching.iter().all(open),
                        "{text}\n{values:?} {day}"
                    ),
                }
                told.gaps += usize::from(gap);
            },
        );
    }
    let meeting: BTreeSet<(usize, usize)> = looked.meeting().into_iter().collect();
    let untaken: BTreeSet<usize> = looked.untaken().into_iter().collect();
    let tested = table.rows.iter().enumerate();
    let never: BTreeSet<usize> = tested
        .filter(|(at, row)| row.tests.is_some() && !row.off && !truth.taken.contains(at))
        .map(|(at, _)| at)
        .collect();
    let rest = table.rows.iter().any(|row| row.tests.is_none() && !row.off);
    let rest_dead = rest && !looked.rest_is_taken();
    if computed {
        assert!(meeting.is_subset(&truth.pairs), "{text}\n{meeting:?}");
        assert!(untaken.is_subset(&never), "{text}\n{untaken:?}");
    } else {
        let alone = matches!(table.policy, Policy::Unique | Policy::Any);
        let expected = if alone {
            truth.meeting
        } else {
            BTreeSet::new()
        };
        assert_eq!(meeting, expected, "{text}");
        assert_eq!(untaken, never, "{text}");
        assert_eq!(rest && !truth.rest_taken, rest_dead, "{text}");
    }
    // What is shown for a gap is one
    for gap in looked.gaps() {
        let value = |of: Value| {
            let found = gap.iter().find(|(subject, _)| *subject == of);
            found.and_then(|(_, value)| value.clone())
        };
        assert!(looked.is_gap(&value), "{text}\n{gap:?}");
    }
    told.meeting += meeting.len();
    told.untaken += untaken.len();
    told.rest += usize::from(rest_dead);
}

impl Truth {
    fn note(&mut self, table: &Table, matching: &[usize], rest: Option<usize>) {
        for (at, row) in matching.iter().enumerate() {
            self.pairs
                .extend(matching[at + 1..].iter().map(|other| (*row, *other)));
        }
        if let Some((first, others)) = matching.split_first() {
            self.meeting
                .extend(others.iter().map(|other| (*first, *other)));
        } else if rest.is_some() {
            self.rest_taken = true;
        }
        let severity = |row: &usize| table.rows[*row].severity();
        let worst = matching.iter().map(severity).max();
        let counts = |row: &&usize| match table.policy {
            Policy::FirstMatch => matching.first() == Some(*row),
            Policy::Priority => {
                matching.iter().find(|row| Some(severity(row)) == worst) == Some(*row)
            }
            _ => true,
        };
        self.taken.extend(matching.iter().filter(counts));
    }
}

/// The rows with tests that match.
fn matching(table: &Table, values: &[Option<Twice>], day: i64, limit: i64) -> Vec<usize> {
    let rows = table
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.in_force(day));
    let holds = |cells: &Vec<Cell>| {
        let mut cells = cells.iter().zip(values);
        cells.all(|(cell, value)| cell.twice().holds(*value, limit * 2))
    };
    rows.filter(|(_, row)| row.tests.as_ref().is_some_and(holds))
        .map(|(at, _)| at)
        .collect()
}

/// The values that cells of a kind tell apart, each once.
fn probes(kind: Kind, optional: bool) -> Vec<Option<Twice>> {
    let count = kind.count();
    let values: Vec<Twice> = match kind {
        Kind::Whole | Kind::Day => (-1..=count).map(|value| value * 2).collect(),
        Kind::Tenths => (-1..=count * 2 - 1).collect(),
        // A text that no cell names stands behind those that some do
        Kind::Word => (0..=count).map(|value| value * 2).collect(),
        Kind::Colour | Kind::Truth => (0..count).map(|value| value * 2).collect(),
    };
    let missing = optional.then_some(None);
    values.into_iter().map(Some).chain(missing).collect()
}

/// Every choice of one value from each.
fn each_case(probes: &[Vec<Option<Twice>>], each: &mut dyn FnMut(&[Option<Twice>])) {
    let mut at = vec![0; probes.len()];
    loop {
        let values: Vec<Option<Twice>> = at.iter().zip(probes).map(|(at, of)| of[*at]).collect();
        each(&values);
        let next = (0..at.len()).find(|position| at[*position] + 1 < probes[*position].len());
        let Some(next) = next else {
            return;
        };
        at[next] += 1;
        at[..next].fill(0);
    }
}

/// What a subject of the table's axes is in a case.
fn literal(table: &Table, of: Value, values: &[Option<Twice>], day: i64) -> Option<Literal> {
    let Value::Input(id) = of else {
        return Some(Literal::Date(date(day)));
    };
    // The first input is `limit`
    let column = <InputId as Id>::position(id) - 1;
    let value = values[column]?;
    Some(match table.columns[column].kind {
        Kind::Whole => Literal::Integer(value / 2),
        Kind::Tenths => Literal::Exact(Exact::new((value * 5).into(), 2).unwrap()),
        Kind::Colour => Literal::Label(u32::try_from(value / 2).unwrap()),
        Kind::Word if value / 2 < Kind::Word.count() => match Kind::Word.given(value / 2) {
            Given::Text(text) => Literal::Text(text.as_str().into()),
            other => panic!("{other:?}"),
        },
        Kind::Word => Literal::Text("another".into()),
        Kind::Truth => Literal::Boolean(value == 2),
        Kind::Day => Literal::Date(date(value / 2)),
    })
}

fn date(day: i64) -> Date {
    Date::parse("2026-01-01").unwrap().add_days(day).unwrap()
}

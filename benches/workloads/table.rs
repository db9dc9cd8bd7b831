//! A table of two equalities and two ranges, of which the first row that matches counts;
//! neighbouring ranges overlap, rows stand in random order, one case in ten finds none.
//!
//! By hand: a hash of the equalities, and for each pair of them the bounds in order, with a
//! bit for each row that covers what lies between two of them.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::hint::black_box;

use krites::lang::OutputValue;
use krites::{Facts, Release};
use serde::{Deserialize, Serialize};

use super::measure::Work;
use super::support::limits::{NO_ROW, POLICY, Row, csv, rows};
use super::support::{CASES, Random};

#[derive(Clone, Copy, Debug, Deserialize, Facts, Serialize)]
pub(crate) struct Ask<'a> {
    segment: &'a str,
    product: &'a str,
    age: i64,
    amount: i64,
}

/// Measures, and returns what a decision from derived facts takes in nanoseconds.
pub(crate) fn measure(n_rows: usize, rounds: usize) -> f64 {
    let rows = rows(n_rows);
    let asks = asks(&rows);
    let asks: Vec<Ask<'_>> = asks.iter().map(Owned::view).collect();
    let index = Index::new(&rows);
    let builder = Release::builder()
        .policy("made.krites", POLICY)
        .file("made.csv", csv(&rows));
    let name = format!("table, {n_rows} rows");
    let mut work = Work::new(name, builder, "made", &asks);
    work.check(|ask| scan(&rows, ask), id);
    work.check(|ask| index.find(ask), id);
    work.measure(
        rounds,
        id,
        |ask| {
            black_box(index.find(ask));
        },
        |json| {
            let ask: Ask<'_> = serde_json::from_str(json).unwrap();
            black_box(index.find(&ask));
        },
    )
}

pub(crate) fn id(decision: &krites::Decision<'_>) -> i64 {
    match decision.output("n") {
        Some(OutputValue::Integer(id)) => id,
        other => unreachable!("`n` is {other:?}"),
    }
}

/// A case that owns its texts
pub(crate) struct Owned {
    segment: String,
    product: String,
    age: i64,
    amount: i64,
}

impl Owned {
    pub(crate) fn view(&self) -> Ask<'_> {
        Ask {
            segment: &self.segment,
            product: &self.product,
            age: self.age,
            amount: self.amount,
        }
    }
}

/// Cases that lie in rows, all rows alike; of ten, one in no row.
pub(crate) fn asks(rows: &[Row]) -> Vec<Owned> {
    let mut random = Random(3);
    (0..CASES)
        .map(|_| {
            let row = &rows[random.whole(0, rows.len() as i64) as usize];
            let nowhere = random.whole(0, 10) == 0;
            Owned {
                segment: row.segment.clone(),
                product: if nowhere {
                    "PRODUCT_NONE".into()
                } else {
                    row.product.clone()
                },
                age: random.whole(row.age.0, row.age.1),
                amount: random.whole(row.amount.0, row.amount.1),
            }
        })
        .collect()
}

/// Row by row, which everything else is held against
pub(crate) fn scan(rows: &[Row], ask: &Ask<'_>) -> i64 {
    let matches = |row: &&Row| {
        row.segment == ask.segment
            && row.product == ask.product
            && (row.age.0..row.age.1).contains(&ask.age)
            && (row.amount.0..row.amount.1).contains(&ask.amount)
    };
    rows.iter().find(matches).map_or(NO_ROW, |row| row.id)
}

/// The table by hand
pub(crate) struct Index {
    segments: HashMap<String, u32>,
    products: HashMap<String, u32>,
    cells: HashMap<u64, Cell, Mixing>,
}

/// The rows of a segment and a product
struct Cell {
    age: Axis,
    amount: Axis,
    ids: Vec<i64>,
}

/// Bounds in order, and behind each the rows that cover what follows it
struct Axis {
    bounds: Vec<i64>,
    covering: Vec<u64>,
}

impl Axis {
    fn new(ranges: &[(i64, i64)]) -> Self {
        let mut bounds: Vec<i64> = ranges.iter().flat_map(|range| [range.0, range.1]).collect();
        bounds.sort_unstable();
        bounds.dedup();
        let mut covering = vec![0; bounds.len() + 1];
        for (bound, covering) in bounds.iter().zip(covering.iter_mut().skip(1)) {
            for (bit, range) in ranges.iter().enumerate() {
                if (range.0..range.1).contains(bound) {
                    *covering |= 1 << bit;
                }
            }
        }
        Self { bounds, covering }
    }

    fn rows(&self, value: i64) -> u64 {
        self.covering[self.bounds.partition_point(|bound| *bound <= value)]
    }
}

impl Index {
    pub(crate) fn new(rows: &[Row]) -> Self {
        let mut by_cell: HashMap<u64, Vec<&Row>> = HashMap::new();
        let (mut segments, mut products) = (HashMap::new(), HashMap::new());
        for row in rows {
            let next = segments.len() as u32;
            let segment = *segments.entry(row.segment.clone()).or_insert(next);
            let next = products.len() as u32;
            let product = *products.entry(row.product.clone()).or_insert(next);
            by_cell.entry(key(segment, product)).or_default().push(row);
        }
        let cells = by_cell.into_iter().map(|(key, rows)| {
            assert!(rows.len() <= 64);
            let ranges = |of: fn(&Row) -> (i64, i64)| {
                Axis::new(&rows.iter().map(|row| of(row)).collect::<Vec<_>>())
            };
            let cell = Cell {
                age: ranges(|row| row.age),
                amount: ranges(|row| row.amount),
                ids: rows.iter().map(|row| row.id).collect(),
            };
            (key, cell)
        });
        Self {
            cells: cells.collect(),
            segments,
            products,
        }
    }

    #[inline(never)]
    pub(crate) fn find(&self, ask: &Ask<'_>) -> i64 {
        let segment = self.segments.get(ask.segment);
        let product = self.products.get(ask.product);
        let (Some(&segment), Some(&product)) = (segment, product) else {
            return NO_ROW;
        };
        let Some(cell) = self.cells.get(&key(segment, product)) else {
            return NO_ROW;
        };
        match cell.age.rows(ask.age) & cell.amount.rows(ask.amount) {
            0 => NO_ROW,
            rows => cell.ids[rows.trailing_zeros() as usize],
        }
    }
}

fn key(segment: u32, product: u32) -> u64 {
    u64::from(segment) << 32 | u64::from(product)
}

/// A hash by one multiplication, for keys that nobody chooses
#[derive(Clone, Copy, Default)]
struct Mixing;

struct Mixed(u64);

impl BuildHasher for Mixing {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed(0)
    }
}

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers")
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

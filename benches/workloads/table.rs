//! A table of two equalities and two ranges, of which the first row that matches counts;
//! neighbouring ranges overlap, rows stand in random order, one case in ten finds none.
//!
//! By hand: a hash of the equalities, and for each pair of them the bounds in order, with a
//! bit for each row that covers what lies between two of them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{BuildHasher, Hasher};
use std::hint::black_box;

use krites::lang::OutputValue;
use krites::{Facts, Release};
use serde::{Deserialize, Serialize};

use super::measure::Work;
use super::support::{CASES, Random};

/// What a case without a row is told
const NO_ROW: i64 = -1;

#[derive(Clone, Copy, Debug, Deserialize, Facts, Serialize)]
struct Ask<'a> {
    segment: &'a str,
    product: &'a str,
    age: i64,
    amount: i64,
}

#[derive(Clone, Debug)]
struct Row {
    segment: String,
    product: String,
    /// From the first to below the second
    age: (i64, i64),
    amount: (i64, i64),
    id: i64,
}

pub(crate) fn measure(n_rows: usize, rounds: usize) {
    let rows = rows(n_rows);
    let asks = asks(&rows);
    let asks: Vec<Ask<'_>> = asks.iter().map(Owned::view).collect();
    let index = Index::new(&rows);
    let builder = Release::builder()
        .policy("limits.krites", POLICY)
        .file("terms.csv", csv(&rows));
    let name = format!("table, {n_rows} rows");
    let mut work = Work::new(name, builder, "limits", &asks);
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
    );
}

fn id(decision: &krites::Decision<'_>) -> i64 {
    match decision.output("id") {
        Some(OutputValue::Integer(id)) => id,
        other => unreachable!("`id` is {other:?}"),
    }
}

const POLICY: &str = r#"
policy limits { version "1"; on fault refer because FAULT }

reason FAULT "The case could not be computed"

enum Outcome { found < refer }

input {
    segment : text
    product : text
    age     : integer in 0 to 200
    amount  : integer in 0 to 1_000_000
}

table terms first match -> number : integer from "terms.csv"

decide outcome : Outcome first match { rule always otherwise then found }

output { id : integer = terms.number }
"#;

/// The table as a file: a row for the rest behind all others.
fn csv(rows: &[Row]) -> String {
    let mut file = String::from("id,segment,product,age,amount,number\n");
    for row in rows {
        let (age, amount) = (row.age, row.amount);
        writeln!(
            file,
            "R{},\"\"\"{}\"\"\",\"\"\"{}\"\"\",{} to below {},{} to below {},{}",
            row.id, row.segment, row.product, age.0, age.1, amount.0, amount.1, row.id
        )
        .unwrap();
    }
    writeln!(file, "REST,any,any,any,any,{NO_ROW}").unwrap();
    file
}

fn rows(n_rows: usize) -> Vec<Row> {
    let (segments, products, ages, amounts) = match n_rows {
        10 => (2, 1, 1, 5),
        100 => (5, 5, 2, 2),
        1_000 => (10, 10, 2, 5),
        10_000 => (20, 20, 5, 5),
        100_000 => (50, 50, 5, 8),
        _ => unreachable!("there is no table of {n_rows} rows"),
    };
    let mut rows = Vec::with_capacity(n_rows);
    let (age, amount) = (60 / ages, 100_000 / amounts);
    for segment in 0..segments {
        for product in 0..products {
            for age_at in 0..ages {
                for amount_at in 0..amounts {
                    rows.push(Row {
                        segment: format!("SEG_{segment:02}"),
                        product: format!("PRODUCT_{product:02}"),
                        age: (18 + age_at * age, 18 + (age_at + 1) * age + 3),
                        amount: (amount_at * amount, (amount_at + 1) * amount + amount / 10),
                        id: 0,
                    });
                }
            }
        }
    }
    let mut random = Random(2);
    for at in (1..rows.len()).rev() {
        let other = random.whole(0, at as i64 + 1);
        rows.swap(at, other as usize);
    }
    // The row for the rest is one of them.
    rows.truncate(n_rows - 1);
    for (id, row) in (1..).zip(&mut rows) {
        row.id = id;
    }
    rows
}

/// A case that owns its texts
struct Owned {
    segment: String,
    product: String,
    age: i64,
    amount: i64,
}

impl Owned {
    fn view(&self) -> Ask<'_> {
        Ask {
            segment: &self.segment,
            product: &self.product,
            age: self.age,
            amount: self.amount,
        }
    }
}

/// Cases that lie in rows, all rows alike; of ten, one in no row.
fn asks(rows: &[Row]) -> Vec<Owned> {
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
fn scan(rows: &[Row], ask: &Ask<'_>) -> i64 {
    let matches = |row: &&Row| {
        row.segment == ask.segment
            && row.product == ask.product
            && (row.age.0..row.age.1).contains(&ask.age)
            && (row.amount.0..row.amount.1).contains(&ask.amount)
    };
    rows.iter().find(matches).map_or(NO_ROW, |row| row.id)
}

/// The table by hand
struct Index {
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
    fn new(rows: &[Row]) -> Self {
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
    fn find(&self, ask: &Ask<'_>) -> i64 {
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

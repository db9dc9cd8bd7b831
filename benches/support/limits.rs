//! A table of two equalities and two ranges in a file, of any size: neighbouring ranges
//! overlap, rows stand in random order.

use std::fmt::Write as _;

use super::Random;

/// What a case without a row is told
pub(crate) const NO_ROW: i64 = -1;

/// A row, but for the one for the rest
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) segment: String,
    pub(crate) product: String,
    /// From the first to below the second
    pub(crate) age: (i64, i64),
    pub(crate) amount: (i64, i64),
    pub(crate) id: i64,
}

/// The policy, whose table stands in a file
pub(crate) const POLICY: &str = r#"
policy made { version "1"; on fault refer because FAULT }

reason FAULT "The case could not be computed"

enum Outcome { found < refer }

input {
    segment : text
    product : text
    age     : integer in 0 to 200
    amount  : integer in 0 to 1_000_000
}

table terms first match -> number : integer from "made.csv"

decide outcome : Outcome first match { rule always otherwise then found }

output { n : integer = terms.number }
"#;

/// The table as a file: a row for the rest behind all others.
pub(crate) fn csv(rows: &[Row]) -> String {
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

/// Rows in random order; with the one for the rest there are so many.
pub(crate) fn rows(n_rows: usize) -> Vec<Row> {
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

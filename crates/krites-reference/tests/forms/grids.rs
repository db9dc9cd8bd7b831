//! Grids, by brute force: the first row whose head holds, and in it the first column.

use std::fmt::Write as _;

use krites_reference::generate::Choose;
use krites_reference::{Both, Given};

use super::cell::{Cell, Kind};
use super::{CASES, case, compiled, decided, each_of_form, outputs, shown};

struct Axis {
    kind: Kind,
    optional: bool,
    heads: Vec<Cell>,
    /// Whether the last head is `otherwise`
    rest: bool,
}

impl Axis {
    fn any(choose: &mut Choose<'_>) -> Axis {
        let kind = *choose.one(Kind::ALL).unwrap();
        let optional = choose.percent(25);
        let mut heads: Vec<Cell> = Vec::new();
        for _ in 0..=choose.below(5) {
            let head = Cell::any(kind, optional, false, choose);
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        let rest = choose.percent(30);
        if rest {
            // Said otherwise, of what no head takes before it
            heads.retain(|head| *head != Cell::Any);
            heads.push(Cell::Any);
        }
        Axis {
            kind,
            optional,
            heads,
            rest,
        }
    }

    fn declared(&self, name: &str) -> String {
        let optional = if self.optional { "?" } else { "" };
        format!("    {name} : {}{optional}\n", self.kind.ty())
    }

    fn written(&self) -> Vec<String> {
        let heads = self.heads.iter().map(|head| head.written(self.kind));
        let mut heads: Vec<String> = heads.collect();
        if let (true, Some(last)) = (self.rest, heads.last_mut()) {
            "otherwise".clone_into(last);
        }
        heads
    }

    fn found(&self, value: Option<i64>) -> Option<usize> {
        self.heads.iter().position(|head| head.holds(value, 0))
    }

    fn value(&self, choose: &mut Choose<'_>) -> Option<i64> {
        let missing = self.optional && choose.percent(20);
        (!missing).then(|| self.kind.any_value(choose))
    }

    fn given(&self, value: Option<i64>) -> Given {
        value.map_or(Given::Missing, |value| self.kind.given(value))
    }
}

#[test]
fn grids() {
    let (mut faults, mut found, mut missing) = (0, 0, 0);
    each_of_form("grid", |choose| {
        let (rows, columns) = (Axis::any(choose), Axis::any(choose));
        let cells: Vec<Vec<(i64, Option<i64>)>> = rows
            .heads
            .iter()
            .map(|_| {
                let cell = |choose: &mut Choose<'_>| {
                    let fee = choose.percent(70).then(|| choose.between(-99, 999));
                    (choose.between(-20, 20), fee)
                };
                columns.heads.iter().map(|_| cell(choose)).collect()
            })
            .collect();
        let text = written(&rows, &columns, &cells, choose);
        let program = compiled(&text);
        let mut both = Both::new(&program);
        for _ in 0..CASES {
            let (row, column) = (rows.value(choose), columns.value(choose));
            let given = [("a", rows.given(row)), ("b", columns.given(column))];
            let case = case(&program, "2026-01-01", &given);
            let expected = match (rows.found(row), columns.found(column)) {
                (Some(at), Some(column)) => {
                    let (points, fee) = cells[at][column];
                    let fee = fee.map(|fee| shown(fee, 2));
                    found += 1;
                    missing += usize::from(fee.is_none());
                    vec![points.to_string(), fee.unwrap_or("-".to_owned())]
                }
                _ => {
                    faults += 1;
                    vec!["fault".to_owned()]
                }
            };
            let verdict = decided(&mut both, &text, &case);
            assert_eq!(outputs(&verdict), expected, "{text}\n{row:?} {column:?}");
        }
    });
    assert!(faults > 0 && found > 0 && missing > 0);
}

fn written(
    rows: &Axis,
    columns: &Axis,
    cells: &[Vec<(i64, Option<i64>)>],
    choose: &mut Choose<'_>,
) -> String {
    let mut text = "policy forms { version \"1\" }\nenum Outcome { good < bad }\n\
        enum Colour { red, green, blue, grey }\ninput {\n"
        .to_owned();
    text.push_str(&rows.declared("a"));
    text.push_str(&columns.declared("b"));
    text.push_str("}\ngrid g by a, b -> points : integer, fee : money(GBP)? {\n    |  |");
    for head in columns.written() {
        write!(text, " {head} |").unwrap();
    }
    text.push('\n');
    for (head, row) in rows.written().iter().zip(cells) {
        write!(text, "    | {head} |").unwrap();
        for (points, fee) in row {
            match fee {
                Some(fee) => write!(text, " {points}, {} |", super::table::pounds(*fee)).unwrap(),
                // A trailing output that is missing may be left out.
                None if choose.percent(50) => write!(text, " {points} |").unwrap(),
                None => write!(text, " {points}, - |").unwrap(),
            }
        }
        text.push('\n');
    }
    text.push_str(
        "}\ndecide outcome : Outcome most severe { rule rest otherwise then good }\n\
         output { points : integer = g.points; fee : money(GBP)? = g.fee }\n",
    );
    text
}

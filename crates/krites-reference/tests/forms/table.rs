//! Tables, by brute force: every row is asked every cell, and what a hit policy
//! makes of the rows that match is written down as its sentence says it.

use std::fmt::Write as _;

use krites_reference::generate::Choose;

use super::cell::{Cell, Kind};

/// A hit policy
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    Unique,
    FirstMatch,
    Any,
    Priority,
    RuleOrder,
    OutputOrder,
    CollectList,
    CollectSum,
    CollectMin,
    CollectMax,
    CollectCount,
}

impl Policy {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Policy::Unique => "unique",
            Policy::FirstMatch => "first match",
            Policy::Any => "any",
            Policy::Priority => "priority",
            Policy::RuleOrder => "rule order",
            Policy::OutputOrder => "output order",
            Policy::CollectList => "collect list",
            Policy::CollectSum => "collect sum",
            Policy::CollectMin => "collect min",
            Policy::CollectMax => "collect max",
            Policy::CollectCount => "collect count",
        }
    }

    /// Whether it gives one value an output over all rows that match
    fn folds(self) -> bool {
        matches!(
            self,
            Policy::CollectSum | Policy::CollectMin | Policy::CollectMax | Policy::CollectCount
        )
    }

    /// Whether it gives all rows that match
    pub(crate) fn lists(self) -> bool {
        matches!(
            self,
            Policy::RuleOrder | Policy::OutputOrder | Policy::CollectList
        )
    }
}

/// A column of tests
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
}

/// What an output of a row is
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// `-`
    Nothing,
    /// A constant; of money in pence, of a verdict its severity
    Is(i64),
    /// `limit * 3 + n`, of whole numbers
    Computed(i64),
}

impl Output {
    fn value(self, limit: i64) -> Option<i64> {
        match self {
            Output::Nothing => None,
            Output::Is(value) => Some(value),
            Output::Computed(plus) => Some(limit * 3 + plus),
        }
    }
}

/// A row: its tests, or none for `otherwise`
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) tests: Option<Vec<Cell>>,
    /// Of `verdict`, `points` and `fee`
    pub(crate) outputs: [Output; 3],
    /// Position in [`REASONS`], none for `-`
    because: Option<usize>,
    /// First and last day, and whether it is switched off
    from: Option<i64>,
    through: Option<i64>,
    pub(crate) off: bool,
}

impl Row {
    pub(crate) fn in_force(&self, day: i64) -> bool {
        !self.off
            && self.from.is_none_or(|from| from <= day)
            && self.through.is_none_or(|through| day <= through)
    }

    pub(crate) fn is_dated(&self) -> bool {
        self.from.is_some() || self.through.is_some()
    }

    /// Its verdict, larger for the more severe
    pub(crate) fn severity(&self) -> i64 {
        self.outputs[0].value(0).unwrap()
    }
}

/// Milder ones first
pub(crate) const VERDICTS: &[&str] = &["mild", "warm", "hot", "wild"];
pub(crate) const REASONS: &[&str] = &["R1", "R2"];

/// A table
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) policy: Policy,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    named: bool,
    reasoned: bool,
    dated: bool,
    switched: bool,
    /// Whether `fee` may be missing
    optional: bool,
}

/// A case: a value a column, the day, and what bounds may be
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) values: Vec<Option<i64>>,
    pub(crate) day: i64,
    pub(crate) limit: i64,
}

/// What a table comes to
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Fault,
    /// Outputs of one row, or over all
    Values([Option<i64>; 3]),
    /// Rows in order, each with its verdict and its reason, and what they give
    Rows(Vec<(usize, [Option<i64>; 3])>),
}

impl Table {
    pub(crate) fn any(policy: Policy, choose: &mut Choose<'_>) -> Table {
        let columns: Vec<Column> = (0..=choose.below(4))
            .map(|position| Column {
                name: format!("c{position}"),
                kind: *choose.one(Kind::ALL).unwrap(),
                optional: choose.percent(30),
            })
            .collect();
        let many = choose.percent(10);
        let count = choose.below(if many { 120 } else { 8 }) + 1;
        let mut table = Table {
            policy,
            columns,
            rows: Vec::new(),
            named: choose.percent(50),
            reasoned: !policy.folds() && choose.percent(50),
            dated: choose.percent(15),
            switched: choose.percent(15),
            optional: choose.percent(60),
        };
        let narrow = many || policy == Policy::Unique;
        for position in 0..count {
            let row = table.any_row(position, narrow, choose);
            table.rows.push(row);
        }
        // Counting knows no row for the rest.
        if policy != Policy::CollectCount && choose.percent(25) {
            let mut row = table.any_row(count, narrow, choose);
            row.tests = None;
            table.rows.push(row);
        }
        table
    }

    fn any_row(&self, position: usize, narrow: bool, choose: &mut Choose<'_>) -> Row {
        let mut tests: Vec<Cell> = self
            .columns
            .iter()
            .map(|column| Cell::any(column.kind, column.optional, true, choose))
            .collect();
        if narrow && let (Some(cell), Some(column)) = (tests.first_mut(), self.columns.first()) {
            *cell = Cell::Tests(
                false,
                vec![super::cell::Test::Is(column.kind.any_value(choose))],
            );
        }
        // A table whose rows agree is what `any` is for.
        let alike = self.policy == Policy::Any && choose.percent(85);
        let fee = match self.optional && choose.percent(25) && !alike {
            true => Output::Nothing,
            false => Output::Is(if alike { 5 } else { choose.between(-300, 999) }),
        };
        let points = match choose.percent(20) && !alike {
            true => Output::Computed(choose.between(-9, 9)),
            false => Output::Is(if alike { 7 } else { choose.between(-50, 50) }),
        };
        let verdict = if alike { 1 } else { choose.between(0, 3) };
        let dated = |choose: &mut Choose<'_>| {
            (self.dated && choose.percent(40)).then(|| choose.between(0, 27))
        };
        let from = dated(choose);
        Row {
            id: match self.named {
                true => format!("row-{position}"),
                false => (position + 1).to_string(),
            },
            tests: Some(tests),
            outputs: [Output::Is(verdict), points, fee],
            because: (self.reasoned && (alike || choose.percent(60)))
                .then(|| if alike { 0 } else { choose.below(2) }),
            from,
            through: dated(choose).map(|day| day.max(from.unwrap_or(0))),
            off: self.switched && choose.percent(30),
        }
    }

    /// The names of its outputs, and which of a row's each is
    pub(crate) fn outputs(&self) -> &'static [(&'static str, usize)] {
        match self.policy {
            Policy::CollectCount => &[("points", 1)],
            Policy::CollectSum | Policy::CollectMin | Policy::CollectMax => {
                &[("points", 1), ("fee", 2)]
            }
            _ => &[("verdict", 0), ("points", 1), ("fee", 2)],
        }
    }

    pub(crate) fn output_type(&self, output: usize) -> &'static str {
        match output {
            0 => "Verdict",
            1 => "integer",
            _ if self.optional => "money(GBP)?",
            _ => "money(GBP)",
        }
    }

    pub(crate) fn written(&self) -> String {
        let mut declared: Vec<String> = self
            .outputs()
            .iter()
            .map(|(name, output)| format!("{name} : {}", self.output_type(*output)))
            .collect();
        if self.reasoned {
            declared.push("because".to_owned());
        }
        let declared = declared.join(", ");
        let mut text = format!("table t {} -> {declared} {{\n", self.policy.words());
        let line = |text: &mut String, cells: &[String]| {
            writeln!(text, "    | {} |", cells.join(" | ")).unwrap();
        };
        let counts = self.policy == Policy::CollectCount;
        let extra = |cells: &mut Vec<String>, words: [String; 6]| {
            let [id, verdict_and, because, from, through, off] = words;
            if self.named {
                cells.insert(0, id);
            }
            if !verdict_and.is_empty() {
                cells.push(verdict_and);
            }
            if self.reasoned {
                cells.push(because);
            }
            if self.dated {
                cells.push(from);
                cells.push(through);
            }
            if self.switched {
                cells.push(off);
            }
        };
        let mut head: Vec<String> = self.columns.iter().map(|c| c.name.clone()).collect();
        let names: Vec<&str> = self.outputs().iter().map(|(name, _)| *name).collect();
        let names = if counts {
            String::new()
        } else {
            names.join(" | ")
        };
        let words = ["id", names.as_str(), "because", "from", "through", "off"];
        extra(&mut head, words.map(str::to_owned));
        line(&mut text, &head);
        line(&mut text, &vec!["---".to_owned(); head.len()]);
        for row in &self.rows {
            let mut cells: Vec<String> = match &row.tests {
                Some(tests) => tests
                    .iter()
                    .zip(&self.columns)
                    .map(|(cell, column)| cell.written(column.kind))
                    .collect(),
                None => vec!["otherwise".to_owned(); self.columns.len()],
            };
            let outputs: Vec<String> = self
                .outputs()
                .iter()
                .map(|(_, output)| written_output(*output, row.outputs[*output]))
                .collect();
            let outputs = match counts {
                true => String::new(),
                false => outputs.join(" | "),
            };
            let day = |day: Option<i64>| match day {
                Some(day) => Kind::Day.written(day),
                None => "-".to_owned(),
            };
            let because = row.because.map_or("-", |at| REASONS[at]).to_owned();
            let off = if row.off { "off" } else { "-" }.to_owned();
            let words = [
                row.id.clone(),
                outputs,
                because,
                day(row.from),
                day(row.through),
                off,
            ];
            extra(&mut cells, words);
            line(&mut text, &cells);
        }
        text.push_str("}\n");
        text
    }

    /// Tells whether a row for the rest counts on every day where no other does.
    pub(crate) fn always_has_a_row(&self) -> bool {
        self.rows.last().is_some_and(|row| {
            row.tests.is_none() && row.from.is_none() && row.through.is_none() && !row.off
        })
    }

    /// What the table comes to.
    pub(crate) fn found(&self, asked: &Asked) -> Found {
        let in_force = |row: &&(usize, &Row)| {
            let (_, row) = row;
            row.in_force(asked.day)
        };
        let rows: Vec<(usize, &Row)> = self.rows.iter().enumerate().collect();
        let rows: Vec<(usize, &Row)> = rows.iter().filter(in_force).copied().collect();
        let mut matching: Vec<(usize, &Row)> = rows
            .iter()
            .filter(|(_, row)| match &row.tests {
                Some(tests) => tests
                    .iter()
                    .zip(&asked.values)
                    .all(|(cell, value)| cell.holds(*value, asked.limit)),
                None => false,
            })
            .copied()
            .collect();
        if matching.is_empty() {
            matching.extend(rows.iter().find(|(_, row)| row.tests.is_none()));
        }
        let severity = |row: &Row| row.outputs[0].value(asked.limit).unwrap();
        let given = |row: &Row| row.outputs.map(|output| output.value(asked.limit));
        let one = |found: Option<&(usize, &Row)>| match found {
            Some((_, row)) => Found::Values(given(row)),
            None => Found::Fault,
        };
        match self.policy {
            Policy::FirstMatch => one(matching.first()),
            Policy::Unique if matching.len() > 1 => Found::Fault,
            Policy::Unique => one(matching.first()),
            Policy::Any => {
                let alike = matching.windows(2).all(|pair| {
                    given(pair[0].1) == given(pair[1].1) && pair[0].1.because == pair[1].1.because
                });
                if alike {
                    one(matching.first())
                } else {
                    Found::Fault
                }
            }
            Policy::Priority => {
                let worst = matching.iter().map(|(_, row)| severity(row)).max();
                one(matching
                    .iter()
                    .find(|(_, row)| Some(severity(row)) == worst))
            }
            Policy::RuleOrder | Policy::CollectList => Found::Rows(
                matching
                    .iter()
                    .map(|(position, row)| (*position, given(row)))
                    .collect(),
            ),
            Policy::OutputOrder => {
                let mut ordered = Vec::new();
                for severe in (0..4).rev() {
                    let of = matching.iter().filter(|(_, row)| severity(row) == severe);
                    ordered.extend(of.map(|(position, row)| (*position, given(row))));
                }
                Found::Rows(ordered)
            }
            Policy::CollectCount => {
                Found::Values([None, Some(i64::try_from(matching.len()).unwrap()), None])
            }
            Policy::CollectSum | Policy::CollectMin | Policy::CollectMax => {
                self.folded(matching.iter().map(|(_, row)| given(row)))
            }
        }
    }

    fn folded(&self, rows: impl Iterator<Item = [Option<i64>; 3]>) -> Found {
        let rows: Vec<[Option<i64>; 3]> = rows.collect();
        let mut values = [None; 3];
        for (_, output) in self.outputs() {
            let cells: Vec<i64> = rows.iter().filter_map(|row| row[*output]).collect();
            let optional = *output == 2 && self.optional;
            let value = match self.policy {
                Policy::CollectSum if !cells.is_empty() => Some(cells.iter().sum()),
                Policy::CollectMin => cells.iter().copied().min(),
                Policy::CollectMax => cells.iter().copied().max(),
                _ => None,
            };
            values[*output] = match value {
                None if optional => None,
                None if self.policy == Policy::CollectSum => Some(0),
                None => return Found::Fault,
                value => value,
            };
        }
        Found::Values(values)
    }

    /// The reason of a row, as written
    pub(crate) fn because(&self, row: usize) -> Option<&'static str> {
        self.rows[row].because.map(|at| REASONS[at])
    }
}

fn written_output(output: usize, value: Output) -> String {
    match value {
        Output::Nothing => "-".to_owned(),
        Output::Is(value) if output == 0 => VERDICTS[usize::try_from(value).unwrap()].to_owned(),
        Output::Is(value) if output == 2 => pounds(value),
        Output::Is(value) => value.to_string(),
        Output::Computed(plus) if plus < 0 => format!("limit * 3 - {}", -plus),
        Output::Computed(plus) => format!("limit * 3 + {plus}"),
    }
}

/// Pence as pounds
pub(crate) fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", pence.abs() / 100, pence.abs() % 100)
}

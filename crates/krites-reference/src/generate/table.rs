//! Tables of all hit policies.

use super::Writer;
use super::items::OUTCOMES;
use super::kind::Kind;
use super::schema::{Elements, Named};

/// First match most often, as in policies
const POLICIES: [&str; 12] = [
    "first match",
    "first match",
    "first match",
    "first match",
    "unique",
    "unique",
    "any",
    "any",
    "priority",
    "rule order",
    "collect list",
    "output order",
];

/// The first words of a table, and what stands in its rows
struct Table {
    policy: &'static str,
    /// Whether there is a verdict, and whether it is always there
    verdict: Option<bool>,
    outputs: Vec<(Kind, bool)>,
    subjects: Vec<(String, Kind, bool)>,
    ids: bool,
    /// Whether rows have days
    dated: bool,
    /// Whether rows may be off
    switched: bool,
    last: Last,
}

/// The last row of a table
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Like the others
    Tested,
    /// `any` in all cells
    Any,
    /// `otherwise` in all cells
    Otherwise,
}

impl Writer<'_, '_> {
    /// Writes a table whose verdict may be evaluated.
    pub(super) fn table(&mut self, at: usize) {
        let name = format!("t{at}");
        let policy = self.choose.word(&POLICIES);
        let lists = matches!(policy, "rule order" | "collect list" | "output order");
        let by_severity = matches!(policy, "priority" | "output order");
        let (off, days) = match policy {
            // What is most severe is never missing
            "priority" => ("", String::new()),
            _ => self.validity(),
        };
        let always = off.is_empty() && days.is_empty();
        let may_be_missing = !always && !lists;
        let outputs = (0..self.choose.below(3))
            .map(|_| (self.kind(), may_be_missing || self.choose.percent(50)))
            .collect();
        let sure = by_severity || (!may_be_missing && self.choose.percent(50));
        let mut table = self.a_table(policy, outputs);
        table.verdict = Some(sure);
        if policy == "any" && self.choose.percent(60) {
            // So that rows meet which may differ
            table.last = Last::Any;
        }
        let head = format!("table {name}{off} {policy} -> ");
        let (types, rest_holds) = self.write(&table, &head, &days);
        let has_a_row = rest_holds && always;
        self.scope.sure = sure && (!lists || has_a_row);
        if lists {
            self.listed(&name, &table, types, has_a_row);
        } else {
            self.give(&name, &table);
        }
    }

    /// Writes a table whose rows come to one value an output.
    pub(super) fn collected(&mut self, at: usize) {
        let name = format!("t{at}");
        let (off, days) = self.validity();
        let always = off.is_empty() && days.is_empty();
        if self.choose.percent(25) {
            let question = if always { "" } else { "?" };
            let head = format!("table {name}{off} collect count -> n : integer{question}");
            let mut table = self.a_table("collect count", Vec::new());
            table.last = Last::Tested;
            self.write(&table, &head, &days);
            self.named_output(format!("{name}.n"), Kind::Whole, !always);
            return;
        }
        let policy = self
            .choose
            .word(&["collect sum", "collect min", "collect max"]);
        let mut outputs = Vec::new();
        for _ in 0..=self.choose.below(2) {
            let kind = self.kind();
            let fits = match policy {
                "collect sum" => kind.is_number() || kind == Kind::Duration,
                _ => kind.is_ordered(),
            };
            let kind = if fits { kind } else { Kind::Whole };
            outputs.push((kind, !always || self.choose.percent(40)));
        }
        let table = self.a_table(policy, outputs);
        self.write(&table, &format!("table {name}{off} {policy} -> "), &days);
        self.give(&name, &table);
    }

    /// Whether a table is off, and its days.
    pub(super) fn validity(&mut self) -> (&'static str, String) {
        let off = if self.choose.percent(3) { " off" } else { "" };
        (off, self.days(8))
    }

    fn a_table(&mut self, policy: &'static str, outputs: Vec<(Kind, bool)>) -> Table {
        Table {
            policy,
            verdict: None,
            outputs,
            subjects: (0..=self.choose.below(3)).map(|_| self.subject()).collect(),
            ids: self.choose.percent(60),
            dated: self.choose.percent(12),
            switched: self.choose.percent(12),
            last: match self.choose.below(10) {
                0..=2 => Last::Tested,
                3..=5 => Last::Any,
                _ => Last::Otherwise,
            },
        }
    }

    /// Writes a table; returns the types of its outputs, and whether a row for the
    /// rest holds on all days.
    fn write(&mut self, table: &Table, head: &str, days: &str) -> (Vec<String>, bool) {
        let mut declared = Vec::new();
        if let Some(sure) = table.verdict {
            let question = if sure { "" } else { "?" };
            declared.push(format!("verdict : Outcome{question}"));
            declared.push("because".to_owned());
        }
        let mut types = Vec::new();
        for (position, (kind, optional)) in table.outputs.iter().enumerate() {
            let ty = self.output_type(*kind, *optional);
            declared.push(format!("o{position} : {ty}"));
            types.push(ty);
        }
        self.line(0, &format!("{head}{}{days} {{", declared.join(", ")));
        self.row(&table.header());
        self.row(&vec!["---".to_owned(); table.header().len()]);
        let rows = 1 + self.choose.below(5);
        // Rows that match must agree, and sometimes do
        let alike = table.policy == "any" && self.choose.percent(40);
        let mut given: Option<Vec<String>> = None;
        let mut rest_holds = table.last == Last::Otherwise;
        for row in 0..=rows {
            let last = match row == rows {
                true => table.last,
                false => Last::Tested,
            };
            let mut cells: Vec<String> = Vec::new();
            cells.extend(table.ids.then(|| format!("T-{row}")));
            for (_, kind, optional) in &table.subjects {
                cells.push(match last {
                    Last::Tested => self.cell(*kind, *optional),
                    Last::Any => "any".to_owned(),
                    Last::Otherwise => "otherwise".to_owned(),
                });
            }
            let gives = match given.take().filter(|_| alike) {
                Some(gives) => gives,
                None => self.given_by_row(table),
            };
            cells.extend(gives.iter().cloned());
            given = Some(gives);
            let mut holds = Vec::new();
            if table.dated {
                let from = ["-", "-", "2020-01-01", "2025-06-15"];
                holds.push(self.choose.word(&from).to_owned());
                let through = ["-", "-", "2025-06-15", "2040-12-31"];
                holds.push(self.choose.word(&through).to_owned());
            }
            if table.switched {
                holds.push(self.choose.word(&["-", "-", "-", "off"]).to_owned());
            }
            if row == rows {
                rest_holds &= holds.iter().all(|cell| cell == "-");
            }
            cells.extend(holds);
            self.row(&cells);
        }
        self.line(0, "}");
        (types, rest_holds)
    }

    /// The type of an output.
    pub(super) fn output_type(&mut self, kind: Kind, optional: bool) -> String {
        let ty = self.digits(kind);
        let question = if optional { "?" } else { "" };
        match ty.strip_suffix(" unrounded") {
            Some(ty) => format!("{ty}{question} unrounded"),
            None => format!("{ty}{question}"),
        }
    }

    /// What a row gives: its verdict and reason, and its outputs.
    fn given_by_row(&mut self, table: &Table) -> Vec<String> {
        let mut cells = Vec::new();
        if let Some(sure) = table.verdict {
            cells.push(match sure || self.choose.percent(60) {
                true => self.choose.word(&OUTCOMES).to_owned(),
                false => "-".to_owned(),
            });
            cells.push(self.choose.word(&["-", "R01", "R02", "R03"]).to_owned());
        }
        for (kind, optional) in &table.outputs {
            cells.push(if *optional && self.choose.percent(30) {
                "-".to_owned()
            } else {
                self.value(*kind, 1)
            });
        }
        cells
    }

    /// Names outputs that are values.
    fn give(&mut self, name: &str, table: &Table) {
        for (position, (kind, optional)) in table.outputs.iter().enumerate() {
            self.named_output(format!("{name}.o{position}"), *kind, *optional);
        }
    }

    pub(super) fn named_output(&mut self, name: String, kind: Kind, optional: bool) {
        self.scope.values.push(Named {
            name,
            kind,
            optional,
            nonzero: false,
        });
    }

    /// Names outputs that are lists.
    fn listed(&mut self, name: &str, table: &Table, types: Vec<String>, has_a_row: bool) {
        let fields = table.outputs.iter().enumerate();
        let fields = fields.map(|(position, (kind, optional))| Named {
            name: format!("o{position}"),
            kind: *kind,
            optional: *optional,
            nonzero: false,
        });
        self.scope.elements.push(Elements {
            name: name.to_owned(),
            fields: fields.collect(),
            inner: Vec::new(),
            series: None,
            has_one: has_a_row,
            beside: Vec::new(),
        });
        let types = types.into_iter().enumerate();
        let rows = types.map(|(position, ty)| (format!("{name}.o{position}"), ty));
        self.scope.rows.extend(rows);
    }

    pub(super) fn row(&mut self, cells: &[String]) {
        self.line(1, &format!("| {} |", cells.join(" | ")));
    }

    /// A value that a column tests.
    pub(super) fn subject(&mut self) -> (String, Kind, bool) {
        let kind = self.kind();
        let known: Vec<Named> = self.scope.of(kind).into_iter().cloned().collect();
        match self.choose.one(&known) {
            Some(value) if self.choose.percent(75) => (value.name.clone(), kind, value.optional),
            _ => (self.operand(kind, 1), kind, false),
        }
    }

    pub(super) fn cell(&mut self, kind: Kind, optional: bool) -> String {
        let one = |writer: &mut Self| {
            if kind.is_ordered() && writer.choose.percent(60) {
                writer.range(kind)
            } else if kind == Kind::Duration {
                format!("({})", writer.literal(kind))
            } else {
                writer.literal(kind)
            }
        };
        match self.choose.below(8) {
            0 | 1 => "any".to_owned(),
            2 if optional => "missing".to_owned(),
            3 => format!("not {}", one(self)),
            4 => format!("{}, {}", one(self), one(self)),
            _ => one(self),
        }
    }
}

impl Table {
    fn header(&self) -> Vec<String> {
        let mut columns: Vec<String> = Vec::new();
        columns.extend(self.ids.then(|| "id".to_owned()));
        columns.extend(self.subjects.iter().map(|(text, ..)| text.clone()));
        if self.verdict.is_some() {
            columns.extend(["verdict".to_owned(), "because".to_owned()]);
        }
        columns.extend((0..self.outputs.len()).map(|position| format!("o{position}")));
        if self.dated {
            columns.extend(["from".to_owned(), "through".to_owned()]);
        }
        columns.extend(self.switched.then(|| "off".to_owned()));
        columns
    }
}

//! Tables.

use super::Writer;
use super::items::OUTCOMES;
use super::kind::Kind;
use super::schema::Named;

impl Writer<'_, '_> {
    pub(super) fn table(&mut self, at: usize) {
        let name = format!("t{at}");
        let outputs: Vec<(Kind, bool)> = (0..self.choose.below(3))
            .map(|_| (self.kind(), self.choose.percent(50)))
            .collect();
        let sure = self.choose.percent(50);
        let mut head = format!(
            "table {name} first match -> verdict : Outcome{}, because",
            if sure { "" } else { "?" }
        );
        for (position, (kind, optional)) in outputs.iter().enumerate() {
            let ty = self.digits(*kind);
            let question = if *optional { "?" } else { "" };
            let ty = match ty.strip_suffix(" unrounded") {
                Some(ty) => format!("{ty}{question} unrounded"),
                None => format!("{ty}{question}"),
            };
            head.push_str(&format!(", o{position} : {ty}"));
        }
        self.line(0, &format!("{head} {{"));
        let subjects: Vec<(String, Kind, bool)> =
            (0..=self.choose.below(3)).map(|_| self.subject()).collect();
        let ids = self.choose.percent(60);
        let mut columns: Vec<String> = Vec::new();
        columns.extend(ids.then(|| "id".to_owned()));
        columns.extend(subjects.iter().map(|(text, ..)| text.clone()));
        columns.extend(["verdict".to_owned(), "because".to_owned()]);
        columns.extend((0..outputs.len()).map(|position| format!("o{position}")));
        self.row(&columns);
        self.row(&vec!["---".to_owned(); columns.len()]);
        let rows = 1 + self.choose.below(5);
        let open = self.choose.percent(30);
        for row in 0..=rows {
            let last = row == rows && !open;
            let mut cells: Vec<String> = Vec::new();
            cells.extend(ids.then(|| format!("T-{row}")));
            for (_, kind, optional) in &subjects {
                cells.push(if last {
                    "any".to_owned()
                } else {
                    self.cell(*kind, *optional)
                });
            }
            cells.push(if sure || self.choose.percent(60) {
                self.choose.word(&OUTCOMES).to_owned()
            } else {
                "-".to_owned()
            });
            cells.push(self.choose.word(&["-", "R01", "R02", "R03"]).to_owned());
            for (kind, optional) in &outputs {
                cells.push(if *optional && self.choose.percent(30) {
                    "-".to_owned()
                } else {
                    self.value(*kind, 1)
                });
            }
            self.row(&cells);
        }
        self.line(0, "}");
        for (position, (kind, optional)) in outputs.into_iter().enumerate() {
            self.scope.values.push(Named {
                name: format!("{name}.o{position}"),
                kind,
                optional,
                nonzero: false,
            });
        }
        self.scope.sure = sure;
    }

    fn row(&mut self, cells: &[String]) {
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

//! Grids.

use super::Writer;
use super::kind::Kind;

impl Writer<'_, '_> {
    pub(super) fn grid(&mut self, at: usize) {
        let name = format!("t{at}");
        let (off, days) = self.validity();
        let may_be_missing = !off.is_empty() || !days.is_empty();
        let outputs: Vec<(Kind, bool)> = (0..=self.choose.below(2))
            .map(|_| (self.kind(), may_be_missing || self.choose.percent(60)))
            .collect();
        let (down, across) = (self.subject(), self.subject());
        let heads = self.heads(across.1, across.2);
        let mut given: Vec<String> = Vec::new();
        for (position, (kind, optional)) in outputs.iter().enumerate() {
            let ty = self.output_type(*kind, *optional);
            given.push(format!("o{position} : {ty}"));
        }
        // A reason stands anywhere among them
        let because = self
            .choose
            .percent(40)
            .then(|| self.choose.below(1 + outputs.len()));
        if let Some(because) = because {
            given.insert(because, "because".to_owned());
        }
        let by = format!("{}, {}", down.0, across.0);
        self.line(
            0,
            &format!("grid {name}{off} by {by} -> {}{days} {{", given.join(", ")),
        );
        let corner = match self.choose.percent(50) {
            true => format!("{} \\ {}", down.0, across.0),
            false => String::new(),
        };
        self.row(&[vec![corner], heads.clone()].concat());
        for head in self.heads(down.1, down.2) {
            let mut cells = vec![head];
            for _ in &heads {
                cells.push(self.given_by_cell(&outputs, because));
            }
            self.row(&cells);
        }
        self.line(0, "}");
        for (position, (kind, optional)) in outputs.into_iter().enumerate() {
            self.named_output(format!("{name}.o{position}"), kind, optional);
        }
    }

    /// Heads of rows or columns, none of them twice; mostly with one for the rest.
    fn heads(&mut self, kind: Kind, optional: bool) -> Vec<String> {
        let mut heads: Vec<String> = Vec::new();
        for _ in 0..=self.choose.below(3) {
            let head = self.cell(kind, optional);
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        let rest = self
            .choose
            .word(&["any", "any", "otherwise", "otherwise", ""]);
        if !rest.is_empty() && !heads.iter().any(|head| head == rest) {
            heads.push(rest.to_owned());
        }
        heads
    }

    /// What a cell gives; what is missing at its end is sometimes left out.
    fn given_by_cell(&mut self, outputs: &[(Kind, bool)], because: Option<usize>) -> String {
        let mut values: Vec<String> = Vec::new();
        for (kind, optional) in outputs {
            values.push(match *optional && self.choose.percent(30) {
                true => "-".to_owned(),
                false => self.value(*kind, 1),
            });
        }
        if let Some(because) = because {
            let code = self.choose.word(&["-", "R01", "R02"]).to_owned();
            values.insert(because, code);
        }
        while values.len() > 1
            && values.last().is_some_and(|last| last == "-")
            && self.choose.percent(60)
        {
            values.pop();
        }
        values.join(", ")
    }
}

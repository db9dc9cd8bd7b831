//! What goes out: outputs, what is recorded, reasons that are owed.

use super::expr::{self, whole};
use super::items::alone;
use super::lines::Writer;
use super::names;
use super::phrase::Phrase;
use crate::ast::{OutputEntry, OutputPart, OwedBehind, ReasonsDecl, RecordedValue};

impl Writer<'_> {
    pub(super) fn output(&mut self, entries: &[OutputEntry], at: u32) {
        self.open(at, Phrase::from("output"));
        for entry in entries {
            let (condition, parts) = entry.parts();
            if let (Some(condition), OutputEntry::When { span, .. }) = (condition, entry) {
                let mut head = Phrase::from("when ");
                whole(condition, &mut head);
                self.open(span.start, head);
            }
            for part in parts {
                match part {
                    OutputPart::Field(field) => self.output_field(field),
                    OutputPart::Record(record) => self.recorded(record),
                }
            }
            if let OutputEntry::When { span, .. } = entry {
                self.close(span.start);
            }
        }
        self.close(at);
    }

    fn recorded(&mut self, record: &RecordedValue) {
        let mut line = Phrase::from("record ");
        expr::element(&record.path.text, record.index, &mut line);
        if record.if_asked.is_some() {
            line.push(" if asked");
        }
        self.entry(record.span.start, alone(line));
    }

    pub(super) fn reasons(&mut self, reasons: &ReasonsDecl, at: u32) {
        let head = match reasons.at_most {
            Some((count, _)) => format!("reasons at most {count}"),
            None => "reasons".to_owned(),
        };
        self.open(at, Phrase::from(head.as_str()));
        for owed in &reasons.entries {
            let mut outcomes = Phrase::from("for ");
            names::list(&owed.outcomes, &mut outcomes);
            outcomes.push(" : rules that spoke");
            for then in &owed.then {
                self::then(then, &mut outcomes);
            }
            self.entry(owed.span.start, alone(outcomes));
        }
        self.close(at);
    }
}

/// Writes `, then behaviour.shortfalls if asked`.
fn then(owed: &OwedBehind, out: &mut Phrase) {
    out.push(", then ");
    out.name(&owed.path.text);
    out.push(if owed.if_asked.is_some() {
        " if asked"
    } else {
        ""
    });
}

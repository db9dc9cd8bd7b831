//! Groups of inputs on request.

use super::decide::leads_to;
use super::items::alone;
use super::lines::Writer;
use super::names;
use super::phrase::Phrase;
use super::time::unit_word;
use crate::ast::{GroupDecl, StaleAfter};

impl Writer<'_> {
    pub(super) fn group(&mut self, group: &GroupDecl) {
        let at = group.span.start;
        let mut head = Phrase::default();
        head.name(&group.path.text);
        head.push(" on request");
        if group.private.is_some() {
            head.push(" private");
        }
        if let Some(wire) = &group.wire {
            head.push(" from ");
            head.push(&names::text(&wire.text));
        }
        if let Some(doc) = &group.doc {
            head.push(" ");
            head.push(&names::text(&doc.text));
        }
        self.open(at, head);
        let age = group.stale_after.map(|StaleAfter { count, unit, span }| {
            let age = format!("stale after {count} {}", unit_word(unit, count == 1));
            (span.start, alone(Phrase::from(age.as_str())))
        });
        let handling = group.on_fault.as_ref().map(|on_fault| {
            let mut line = Phrase::from("on fault ");
            line.append(leads_to(on_fault));
            (on_fault.span.start, alone(line))
        });
        // They stay where they stand among the fields, and so do comments.
        let mut among: Vec<_> = age.into_iter().chain(handling).collect();
        among.sort_by_key(|(start, _)| *start);
        let mut fields = &*group.fields;
        for (start, line) in among {
            let before = fields.partition_point(|field| field.span.start < start);
            let (above, below) = fields.split_at(before);
            self.fields(above);
            self.entry(start, line);
            fields = below;
        }
        self.fields(fields);
        self.close(at);
    }
}

//! Groups of inputs on request.

use super::decide::leads_to;
use super::items::{alone, entry};
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
        self.fields(&group.fields);
        if let Some(StaleAfter { count, unit, span }) = group.stale_after {
            let age = format!("stale after {count} {}", unit_word(unit, count == 1));
            self.entry(span.start, alone(Phrase::from(age.as_str())));
        }
        if let Some(on_fault) = &group.on_fault {
            self.entry(on_fault.span.start, entry(["on fault"], leads_to(on_fault)));
        }
        self.close(at);
    }
}

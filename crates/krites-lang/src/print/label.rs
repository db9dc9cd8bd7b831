//! Reasons, and enums with their labels.

use super::items::{alone, entry, titled};
use super::lines::{Entry, Writer};
use super::names;
use super::phrase::{COLUMNS, Phrase, width};
use crate::ast::{EnumDecl, EnumLabel, ReasonDecl};

impl Writer<'_> {
    pub(super) fn one_line_enum(&self, decl: &EnumDecl, at: u32) -> Option<Entry> {
        let labels = decl.labels.iter().map(|label| label.name.span.start);
        let noted = self.is_noted(at, labels);
        let mut line = enum_head(decl);
        line.push(" {");
        for (at, label) in decl.labels.iter().enumerate() {
            let separator = if decl.ordered { " < " } else { ", " };
            line.push(if at > 0 { separator } else { " " });
            line.push(&names::used(&label.name.text));
            let value = label_value(label);
            if !value.flat().is_empty() {
                line.push(" ");
                line.push(value.flat());
            }
        }
        line.push(" }");
        let fits = !noted && width(line.flat()) <= COLUMNS;
        fits.then(|| alone(line))
    }

    pub(super) fn enum_decl(&mut self, decl: &EnumDecl, at: u32) {
        self.open(at, enum_head(decl));
        for (position, label) in decl.labels.iter().enumerate() {
            let mut value = label_value(label);
            if decl.ordered && position + 1 < decl.labels.len() {
                value.push(if value.flat().is_empty() { "<" } else { " <" });
            }
            let name = names::used(&label.name.text);
            self.entry(label.name.span.start, entry([name.as_ref()], value));
        }
        self.close(at);
    }
}

pub(super) fn reason(reason: &ReasonDecl) -> Entry {
    let head = titled("reason", &reason.code.text, None);
    let text = Phrase::from(names::text(&reason.text.text).as_str());
    let Some(customer) = &reason.customer else {
        return Entry {
            columns: vec![head],
            parts: vec![text],
        };
    };
    let mut part = Phrase::from("customer ");
    part.push(&names::text(&customer.text));
    Entry {
        columns: vec![head, text],
        parts: vec![part],
    }
}

fn enum_head(decl: &EnumDecl) -> Phrase {
    titled("enum", &decl.name.text, None)
}

fn label_value(label: &EnumLabel) -> Phrase {
    let mut value = Phrase::default();
    if let Some(wire) = &label.wire {
        value.push("= ");
        value.push(&names::text(&wire.text));
    }
    if let Some((code, _)) = label.code {
        let blank = if label.wire.is_some() { " " } else { "" };
        value.push(&format!("{blank}code {code}"));
    }
    value
}

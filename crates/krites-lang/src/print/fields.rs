//! Entries that declare a name: inputs, fields of records, definitions, outputs.

use super::items::{alone, titled};
use super::lines::{Entry, Writer};
use super::phrase::Phrase;
use super::{condition, expr, from_file, names, types};
use crate::ast::{
    Definition, Expr, InputDecl, InputEntry, InputField, OutputField, Range, RecordDecl, TypeExpr,
};

impl Writer<'_> {
    pub(super) fn input(&mut self, decl: &InputDecl, at: u32) {
        self.open(at, input_head(decl));
        if let Some(from) = &decl.from {
            let own = decl.entries.iter().filter_map(|entry| match entry {
                InputEntry::Field(field) => Some((field.span.start, self::field(field))),
                InputEntry::Group(_) => None,
            });
            self.parts_of_file(from, own.collect());
            return self.close(at);
        }
        for entry in &decl.entries {
            match entry {
                InputEntry::Field(field) => self.entry(field.span.start, self::field(field)),
                InputEntry::Group(group) => self.group(group),
            }
        }
        self.close(at);
    }

    pub(super) fn record(&mut self, record: &RecordDecl, at: u32) {
        self.open(at, titled("record", &record.name.text, None));
        self.fields(&record.fields);
        self.close(at);
    }

    pub(super) fn fields(&mut self, fields: &[InputField]) {
        for field in fields {
            self.entry(field.span.start, self::field(field));
        }
    }

    pub(super) fn define(&mut self, definitions: &[Definition], at: u32) {
        self.open(at, Phrase::from("define"));
        for definition in definitions {
            let name = names::declared(&definition.name.text);
            let entry = defined(&name, definition.ty.as_ref(), &definition.value);
            self.entry(definition.span.start, entry);
        }
        self.close(at);
    }

    pub(super) fn output_field(&mut self, field: &OutputField) {
        let name = names::declared(&field.name.text);
        self.entry(
            field.span.start,
            defined(&name, Some(&field.ty), &field.value),
        );
    }
}

/// Makes the line of inputs that stand in a file and have no block.
pub(super) fn one_line_input(decl: &InputDecl) -> Option<Entry> {
    let from = decl.from.as_ref()?;
    (!from.block).then(|| alone(input_head(decl)))
}

fn input_head(decl: &InputDecl) -> Phrase {
    let mut head = Phrase::from("input");
    if let Some(from) = &decl.from {
        from_file::head(from, &mut head);
    }
    head
}

/// Makes an entry `name : type = value`.
pub(super) fn defined(name: &str, ty: Option<&TypeExpr>, value: &Expr) -> Entry {
    let mut declared = Phrase::default();
    if let Some(ty) = ty {
        declared.push(": ");
        types::write(ty, &mut declared);
    }
    Entry {
        columns: vec![Phrase::from(name), declared],
        parts: vec![set_to(value)],
    }
}

/// Writes `= value`.
pub(super) fn set_to(value: &Expr) -> Phrase {
    let mut part = Phrase::from("= ");
    expr::whole(value, &mut part);
    part
}

/// Writes ` in 1 to 5`, where there is a range.
pub(super) fn in_range(range: Option<&Range>, out: &mut Phrase) {
    if let Some(range) = range {
        out.push(" in ");
        condition::range(range, condition::side, out);
    }
}

fn field(field: &InputField) -> Entry {
    let mut name = Phrase::default();
    match field.series {
        // Without a `:` right behind it, a name may go on from the line before
        Some((first, last, _)) => {
            name.name(&field.path.text);
            name.push(&format!("[{first} to {last}]"));
        }
        None => name.push(&names::declared(&field.path.text)),
    }
    let mut declared = Phrase::from(": ");
    types::write(&field.ty, &mut declared);
    in_range(field.range.as_ref(), &mut declared);
    if let Some(value) = &field.missing_when {
        declared.push(" missing when ");
        expr::part(value, expr::Level::Sum, &mut declared);
    }
    if field.model_only.is_some() {
        declared.push(" model only");
    }
    if field.private.is_some() {
        declared.push(" private");
    }
    if let Some(wire) = &field.wire {
        declared.push(" from ");
        declared.push(&names::text(&wire.first.text));
        if let Some(last) = &wire.last {
            declared.push(" to ");
            declared.push(&names::text(&last.text));
        }
    }
    if let Some(value) = &field.default {
        declared.push(" default ");
        expr::part(value, expr::Level::Sum, &mut declared);
    }
    if field.default_empty.is_some() {
        declared.push(" default []");
    }
    let doc = field.doc.as_ref();
    Entry {
        columns: vec![name, declared],
        parts: doc
            .map(|doc| Phrase::from(names::text(&doc.text).as_str()))
            .into_iter()
            .collect(),
    }
}

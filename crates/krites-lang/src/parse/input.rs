//! `input` and `record`, and the fields that they have.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use super::schema_file::PARTS;
use crate::Span;
use crate::ast::{Expr, InputDecl, InputEntry, InputField, Item, RecordDecl, Text, WireName};
use crate::scan::Node;

/// How large a bound of a series may be written
const MAX_INDEX: u32 = 1_000_000_000;

/// What may be said of an input, each once, in any order
#[derive(Default)]
struct Parts {
    missing_when: Option<(Option<Expr>, Span)>,
    model_only: Option<Span>,
    private: Option<Span>,
    /// No value stands for `[]`
    default: Option<(Option<Expr>, Span)>,
    wire: Option<(WireName, Span)>,
    doc: Option<Text>,
}

impl Reader<'_> {
    pub(super) fn input(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        if self.shown(rest.clone()).starts_with("from ") {
            return self.inputs_in_file(node, rest);
        }
        let (sound, nodes) = self.block(node, rest, "input")?;
        let mut entries = Vec::new();
        for entry in nodes {
            let read = if self.is_group(entry) {
                self.group(entry).map(InputEntry::Group)
            } else {
                let pair = self.entry(Rule::input_field, entry);
                pair.and_then(|pair| self.input_field(&pair, self.span_of(entry)))
                    .map(InputEntry::Field)
            };
            match read {
                Some(entry) => entries.push(entry),
                None => self.lose_entry("input", entry),
            }
        }
        let decl = InputDecl {
            entries,
            from: None,
            in_file: Vec::new(),
        };
        sound.then_some(Item::Input(decl))
    }

    /// Builds inputs that stand in a file, and those that stand in place of some.
    fn inputs_in_file(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::input_head, node, rest)?;
        let head = part(&head, Rule::from_file)?;
        let mut entries = Vec::new();
        let from = self.file_and_more(
            &head,
            node.body.as_deref(),
            Rule::schema_entry,
            |reader, cell| reader.part_column(cell, PARTS),
            |reader, entry| {
                let span = reader.tight_span(&entry);
                let field = reader.input_field(&entry, span)?;
                entries.push(InputEntry::Field(field));
                Some(())
            },
        )?;
        Some(Item::Input(InputDecl {
            entries,
            from: Some(Box::new(from)),
            in_file: Vec::new(),
        }))
    }

    pub(super) fn record(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let name = self.named_head(node, rest);
        let mut fields = Vec::new();
        let mut broken = false;
        for entry in self.body(node, "record")? {
            let pair = self.entry(Rule::input_field, entry);
            match pair.and_then(|pair| self.input_field(&pair, self.span_of(entry))) {
                Some(field) => fields.push(field),
                None => broken = true,
            }
        }
        if broken {
            return None;
        }
        Some(Item::Record(RecordDecl {
            name: name?,
            fields,
            span: self.span_of(node),
        }))
    }

    pub(super) fn input_field(&mut self, pair: &Pair<'_>, span: Span) -> Option<InputField> {
        let mut path = None;
        let mut series = None;
        let mut ty = None;
        let mut range = None;
        let mut parts = Parts::default();
        for inner in pair.clone().into_inner() {
            match inner.as_rule() {
                Rule::path => path = Some(self.path(&inner)),
                Rule::series => series = Some(self.series(&inner)?),
                Rule::type_expr => ty = Some(self.type_expr(&inner)),
                Rule::in_range => range = self.in_range(&inner),
                Rule::field_part => self.field_part(inner, &mut parts),
                _ => {}
            }
        }
        Some(InputField {
            path: path?,
            series,
            ty: ty?,
            range,
            missing_when: parts.missing_when.and_then(|(value, _)| value),
            model_only: parts.model_only,
            private: parts.private,
            default_empty: match &parts.default {
                Some((None, span)) => Some(*span),
                _ => None,
            },
            default: parts.default.and_then(|(value, _)| value),
            wire: parts.wire.map(|(wire, _)| wire),
            doc: parts.doc,
            span,
        })
    }

    /// Builds `[1 to 6]`.
    pub(super) fn series(&mut self, pair: &Pair<'_>) -> Option<(u32, u32, Span)> {
        let counts = pair.clone().into_inner();
        let mut counts = counts.filter(|count| count.as_rule() == Rule::count);
        let first = self.small_count(&counts.next()?, MAX_INDEX)?;
        let last = self.small_count(&counts.next()?, MAX_INDEX)?;
        Some((first, last, self.tight_span(pair)))
    }

    fn field_part(&mut self, pair: Pair<'_>, parts: &mut Parts) {
        let place = self.tight_span(&pair);
        let Some(inner) = pair.into_inner().next() else {
            return;
        };
        match inner.as_rule() {
            Rule::missing_when => {
                let value = part(&inner, Rule::sum).map(|sum| self.sum(sum));
                self.once("`missing when`", &mut parts.missing_when, value, place);
            }
            Rule::model_only => match parts.model_only {
                Some(first) => self.report_twice("`model only`", first, place),
                None => parts.model_only = Some(place),
            },
            Rule::kw_private => match parts.private {
                Some(first) => self.report_twice("`private`", first, place),
                None => parts.private = Some(place),
            },
            Rule::wire_name => {
                if let Some(wire) = self.wire_name(&inner) {
                    self.once("`from`", &mut parts.wire, wire, place);
                }
            }
            Rule::text => {
                let text = self.quoted(&inner);
                self.set_text("the description", &mut parts.doc, text, place);
            }
            _ => {
                let value = part(&inner, Rule::sum).map(|sum| self.sum(sum));
                self.once("`default`", &mut parts.default, value, place);
            }
        }
    }

    fn wire_name(&mut self, pair: &Pair<'_>) -> Option<WireName> {
        let texts = pair.clone().into_inner();
        let mut texts = texts.filter(|text| text.as_rule() == Rule::text);
        let first = self.quoted(&texts.next()?);
        let last = texts.next().map(|text| self.quoted(&text));
        Some(WireName { first, last })
    }

    /// Keeps a part that may be written once.
    fn once<T>(&mut self, what: &str, slot: &mut Option<(T, Span)>, value: T, span: Span) {
        match slot {
            Some((_, first)) => self.report_twice(what, *first, span),
            None => *slot = Some((value, span)),
        }
    }
}

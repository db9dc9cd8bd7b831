//! `reason`, `enum` and `define`.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Definition, EnumDecl, EnumLabel, Item, ReasonDecl};
use crate::scan::Node;
use crate::{Code, Diagnostic, Span};

impl Reader<'_> {
    pub(super) fn reason(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        self.no_body(node, "reason");
        let pair = self.head(Rule::reason_head, node, rest)?;
        let code = self.name_and_text(&pair).0;
        let mut texts = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() == Rule::text {
                texts.push(self.quoted(&part));
            }
        }
        let mut texts = texts.into_iter();
        Some(Item::Reason(ReasonDecl {
            code: code?,
            text: texts.next()?,
            customer: texts.next(),
            span: self.span_of(node),
        }))
    }

    pub(super) fn enum_decl(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let name = self.named_head(node, rest);
        let mut labels = Vec::new();
        let mut less: Option<Span> = None;
        let mut comma: Option<Span> = None;
        let mut broken = false;
        let entries = self.body(node, "enum")?;
        for entry in entries {
            let Some(pair) = self.entry(Rule::enum_entry, entry) else {
                broken = true;
                continue;
            };
            for part in pair.into_inner() {
                match part.as_rule() {
                    Rule::enum_label => match self.enum_label(&part) {
                        Some(label) => labels.push(label),
                        None => broken = true,
                    },
                    Rule::label_separator if part.as_str() == "<" => {
                        less = less.or(Some(self.span(&part)))
                    }
                    Rule::label_separator => comma = comma.or(Some(self.span(&part))),
                    _ => {}
                }
            }
        }
        let mixed_lines = less.is_some() && entries.len() > 1;
        if let (Some(less), Some(comma)) = (less, comma) {
            let second = if less.start > comma.start {
                less
            } else {
                comma
            };
            self.report(
                Diagnostic::error(Code(118), "labels are joined by `<` and by commas", second)
                    .label("another sign than before")
                    .help(
                        "write `a < b < c` where the order matters, mildest first, else `a, b, c`",
                    ),
            );
            broken = true;
        } else if mixed_lines && !broken {
            self.report_unjoined(entries.get(1), less);
            broken = true;
        }
        if broken {
            return None;
        }
        Some(Item::Enum(EnumDecl {
            name: name?,
            labels,
            ordered: less.is_some(),
            span: self.span_of(node),
        }))
    }

    /// Reports a line of an ordered enum that no `<` joins to the line before.
    fn report_unjoined(&mut self, entry: Option<&Node>, less: Option<Span>) {
        let (Some(entry), Some(less)) = (entry, less) else {
            return;
        };
        let place = crate::scan::span(self.source, entry.head.start, entry.head.end);
        self.report(
            Diagnostic::error(
                Code(118),
                "some labels are joined by `<` and some are not",
                place,
            )
            .label("joined to nothing")
            .evidence(less, "joined by `<`")
            .help("join all labels by `<`, mildest first"),
        );
    }

    fn enum_label(&mut self, pair: &Pair<'_>) -> Option<EnumLabel> {
        let (name, wire) = self.name_and_text(pair);
        let code = match super::parts::part(pair, Rule::whole) {
            Some(number) => Some((self.whole(&number)?, self.span(&number))),
            None => None,
        };
        Some(EnumLabel {
            name: name?,
            wire,
            code,
        })
    }

    pub(super) fn define(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let (sound, nodes) = self.block(node, rest, "define")?;
        let mut definitions = Vec::new();
        for entry in nodes {
            let pair = self.entry(Rule::definition, entry);
            match pair.and_then(|pair| self.definition(&pair, self.span_of(entry))) {
                Some(definition) => definitions.push(definition),
                None => self.lose_entry("define", entry),
            }
        }
        sound.then_some(Item::Define(definitions))
    }

    fn definition(&mut self, pair: &Pair<'_>, span: Span) -> Option<Definition> {
        let mut name = None;
        let mut ty = None;
        let mut value = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::path => name = Some(self.path(&part)),
                Rule::type_expr => ty = Some(self.type_expr(&part)),
                Rule::expression => value = Some(self.expression(part)),
                _ => {}
            }
        }
        Some(Definition {
            name: name?,
            ty,
            value: value?,
            span,
        })
    }
}

//! `output` and `reasons`.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::Span;
use crate::ast::{
    Item, OutputEntry, OutputField, OutputPart, OwedBehind, ReasonsDecl, ReasonsEntry,
    RecordedValue,
};
use crate::scan::Node;

/// How many reasons a policy may ask for at most
const MAX_REASONS: u32 = 1000;

impl Reader<'_> {
    pub(super) fn output(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let (sound, nodes) = self.block(node, rest, "output")?;
        let mut entries = Vec::new();
        for entry in nodes {
            let span = self.span_of(entry);
            if self
                .nth_word(entry, 0)
                .is_none_or(|word| word.text != "when")
                || self.is_field(entry)
            {
                entries.extend(self.output_part(entry).map(OutputEntry::Part));
                continue;
            }
            let Some(body) = self.body(entry, "when") else {
                self.lose("output", None, entry);
                continue;
            };
            let pair = self.head(Rule::output_when, entry, entry.head.clone());
            let when = pair.and_then(|pair| super::parts::part(&pair, Rule::when));
            let condition = when.and_then(|when| self.when(&when));
            let parts: Vec<OutputPart> = body
                .iter()
                .filter_map(|part| self.output_part(part))
                .collect();
            match condition {
                Some(condition) => entries.push(OutputEntry::When {
                    condition,
                    parts,
                    span,
                }),
                None => {
                    self.lose("output", None, entry);
                    for field in body {
                        self.lose("output", self.nth_word(field, 0), field);
                    }
                }
            }
        }
        sound.then_some(Item::Output(entries))
    }

    /// Returns whether an entry reads `when : type = …`, an output of that name.
    fn is_field(&self, entry: &Node) -> bool {
        self.tokens(entry.head.clone())
            .nth(1)
            .is_some_and(|token| token.kind == crate::scan::TokenKind::Colon)
    }

    fn output_part(&mut self, entry: &Node) -> Option<OutputPart> {
        let record = self.nth_word(entry, 0);
        if record.is_some_and(|word| word.text == "record") && !self.is_field(entry) {
            let pair = self.entry(Rule::output_record, entry)?;
            let record = self.recorded(&pair, self.span_of(entry));
            return record.map(OutputPart::Record);
        }
        self.output_field(entry).map(OutputPart::Field)
    }

    fn recorded(&mut self, pair: &Pair<'_>, span: Span) -> Option<RecordedValue> {
        let path = super::parts::part(pair, Rule::path)?;
        let index = match super::parts::part(pair, Rule::index) {
            Some(index) => Some(self.index(&index)?),
            None => None,
        };
        let if_asked = super::parts::part(pair, Rule::if_asked);
        Some(RecordedValue {
            path: self.path(&path),
            index,
            if_asked: if_asked.map(|asked| self.tight_span(&asked)),
            span,
        })
    }

    fn output_field(&mut self, entry: &Node) -> Option<OutputField> {
        let pair = self.entry(Rule::output_field, entry);
        let field = pair.and_then(|pair| self.build_field(&pair, self.span_of(entry)));
        if field.is_none() {
            self.lose("output", self.nth_word(entry, 0), entry);
        }
        field
    }

    fn build_field(&mut self, pair: &Pair<'_>, span: Span) -> Option<OutputField> {
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
        Some(OutputField {
            name: name?,
            ty: ty?,
            value: value?,
            span,
        })
    }

    pub(super) fn reasons(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::reasons_head, node, rest);
        let at_most = head.as_ref().and_then(|head| {
            let part = super::parts::part(head, Rule::at_most)?;
            let count = super::parts::part(&part, Rule::count)?;
            Some((
                self.small_count(&count, MAX_REASONS)?,
                self.tight_span(&part),
            ))
        });
        let mut entries = Vec::new();
        for entry in self.body(node, "reasons")? {
            match self.entry(Rule::reasons_entry, entry) {
                Some(pair) => {
                    let (mut outcomes, mut then) = (Vec::new(), Vec::new());
                    for part in pair.into_inner() {
                        match part.as_rule() {
                            Rule::name => outcomes.push(self.name(&part)),
                            Rule::owed_behind => then.extend(self.owed_behind(&part)),
                            _ => {}
                        }
                    }
                    entries.push(ReasonsEntry {
                        outcomes,
                        then,
                        span: self.span_of(entry),
                    });
                }
                None => self.lose("reasons", None, entry),
            }
        }
        head.map(|_| {
            Item::Reasons(ReasonsDecl {
                at_most,
                entries,
                span: self.span_of(node),
            })
        })
    }

    /// Builds `, then behaviour.shortfalls if asked`.
    fn owed_behind(&mut self, pair: &Pair<'_>) -> Option<OwedBehind> {
        let path = super::parts::part(pair, Rule::path).map(|path| self.path(&path))?;
        let if_asked = super::parts::part(pair, Rule::kw_asked).map(|asked| self.span(&asked));
        Some(OwedBehind { path, if_asked })
    }
}

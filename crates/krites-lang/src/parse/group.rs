//! `bureau on request { … }`: inputs that are given together, when they are asked
//! for.

use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use super::time::unit_of;
use crate::Span;
use crate::ast::{GroupDecl, InputField, OnFault, StaleAfter, Text};
use crate::scan::{Node, TokenKind};

/// How many units of time may be written
const MAX_AGE: u32 = 100_000;

/// What an entry of a group says
enum GroupEntry {
    Field(Box<InputField>),
    StaleAfter(StaleAfter),
    OnFault(OnFault),
}

impl Reader<'_> {
    /// Tells whether an entry of `input` begins as a group does: it has a block, or
    /// the words for it, and no type.
    pub(super) fn is_group(&self, node: &Node) -> bool {
        let mut tokens = self.tokens(node.head.clone());
        let typed = tokens.any(|token| token.kind == TokenKind::Colon);
        let mut words = self.tokens(node.head.clone());
        let mut word =
            |wanted| words.any(|token| self.text.get(token.start..token.end) == Some(wanted));
        !typed && (node.body.is_some() || word("on") && word("request"))
    }

    pub(super) fn group(&mut self, node: &Node) -> Option<GroupDecl> {
        let head = self.head(Rule::group_head, node, node.head.clone());
        let mut group = head.and_then(|pair| self.group_head(&pair, self.span_of(node)));
        for entry in self.body(node, "on request")? {
            let pair = self.entry(Rule::group_entry, entry);
            let read = pair.and_then(|pair| self.group_entry(&pair, self.span_of(entry)));
            match (&mut group, read) {
                (Some(group), Some(read)) => self.add_to_group(group, read),
                // What a broken entry would have declared, the group's name stands for.
                (_, None) => group = None,
                (None, Some(_)) => {}
            }
        }
        group
    }

    fn group_head(&mut self, pair: &Pair<'_>, span: Span) -> Option<GroupDecl> {
        let mut group = GroupDecl {
            path: self.path(&part(pair, Rule::path)?),
            private: None,
            wire: None,
            doc: None,
            fields: Vec::new(),
            stale_after: None,
            on_fault: None,
            span,
        };
        let parts = pair.clone().into_inner();
        for part in parts.filter(|part| part.as_rule() == Rule::group_part) {
            let place = self.tight_span(&part);
            let inner = part.into_inner().next()?;
            match inner.as_rule() {
                Rule::kw_private => match group.private {
                    Some(first) => self.report_twice("`private`", first, place),
                    None => group.private = Some(place),
                },
                Rule::group_wire => {
                    let text: Text = self.quoted(&super::parts::part(&inner, Rule::text)?);
                    self.set_text("`from`", &mut group.wire, text, place);
                }
                _ => {
                    let text = self.quoted(&inner);
                    self.set_text("the description", &mut group.doc, text, place);
                }
            }
        }
        Some(group)
    }

    fn group_entry(&mut self, pair: &Pair<'_>, span: Span) -> Option<GroupEntry> {
        let part = pair.clone().into_inner().next()?;
        Some(match part.as_rule() {
            Rule::stale_after => GroupEntry::StaleAfter(self.stale_after(&part, span)?),
            Rule::on_fault => GroupEntry::OnFault(self.on_fault(&part)?),
            _ => GroupEntry::Field(Box::new(self.input_field(&part, span)?)),
        })
    }

    fn stale_after(&mut self, pair: &Pair<'_>, span: Span) -> Option<StaleAfter> {
        let age = part(pair, Rule::age)?;
        Some(StaleAfter {
            count: self.small_count(&part(&age, Rule::count)?, MAX_AGE)?,
            unit: unit_of(&part(&age, Rule::age_unit)?),
            span,
        })
    }

    fn add_to_group(&mut self, group: &mut GroupDecl, entry: GroupEntry) {
        match entry {
            GroupEntry::Field(field) => group.fields.push(*field),
            GroupEntry::StaleAfter(stale) => match group.stale_after {
                Some(first) => self.report_twice("`stale after`", first.span, stale.span),
                None => group.stale_after = Some(stale),
            },
            GroupEntry::OnFault(on_fault) => match &group.on_fault {
                Some(first) => self.report_twice("`on fault`", first.span, on_fault.span),
                None => group.on_fault = Some(on_fault),
            },
        }
    }
}

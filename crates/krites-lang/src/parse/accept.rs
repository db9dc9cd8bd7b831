//! `accept K0903 in terms "Row 4 waits for the branches"`

use std::ops::Range;

use super::grammar::Rule;
use super::parts::part;
use super::reader::Reader;
use crate::ast::{AcceptDecl, Item};
use crate::scan::Node;

impl Reader<'_> {
    pub(super) fn accept(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::accept_head, node, rest);
        self.no_body(node, "accept");
        let head = head?;
        let code = part(&head, Rule::finding)?;
        let within = part(&head, Rule::path);
        let reason = part(&head, Rule::text)?;
        Some(Item::Accept(AcceptDecl {
            code: self.name(&code),
            within: within.map(|path| self.path(&path)),
            reason: self.quoted(&reason),
            span: self.span_of(node),
        }))
    }
}

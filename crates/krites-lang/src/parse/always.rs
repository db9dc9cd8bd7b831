//! `always "text": condition`

use std::ops::Range;

use super::grammar::Rule;
use super::reader::Reader;
use crate::ast::{Always, Item};
use crate::scan::Node;

impl Reader<'_> {
    pub(super) fn always(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::always_head, node, rest);
        self.no_body(node, "always");
        let head = head?;
        let title = self.name_and_text(&head).1?;
        let enforce = super::parts::part(&head, Rule::kw_enforce).map(|word| self.span(&word));
        let parts = head.into_inner();
        let mut conditions: Vec<_> = parts
            .filter(|part| part.as_rule() == Rule::expression)
            .map(|part| self.expression(part))
            .collect();
        let condition = conditions.pop()?;
        Some(Item::Always(Always {
            title,
            premise: conditions.pop(),
            condition,
            enforce,
            span: self.span_of(node),
        }))
    }
}

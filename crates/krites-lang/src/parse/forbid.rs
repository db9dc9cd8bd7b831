//! `forbid applicant.sex in every result`

use std::ops::Range;

use super::grammar::Rule;
use super::reader::Reader;
use crate::ast::{ForbidDecl, ForbiddenInput, Item};
use crate::scan::Node;

impl Reader<'_> {
    pub(super) fn forbid(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::forbid_head, node, rest);
        self.no_body(node, "forbid");
        let parts = head?.into_inner();
        let forbidden = parts.filter(|part| part.as_rule() == Rule::forbidden);
        let inputs = forbidden.filter_map(|part| {
            let index = super::parts::part(&part, Rule::index);
            let index = index.and_then(|index| self.index(&index));
            let path = part.into_inner().next()?;
            Some(ForbiddenInput {
                path: self.path(&path),
                index,
            })
        });
        Some(Item::Forbid(ForbidDecl {
            inputs: inputs.collect(),
            span: self.span_of(node),
        }))
    }
}

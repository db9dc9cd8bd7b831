//! `subpolicy name from "policy" { … }`

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::Span;
use crate::ast::{Item, OnFault, PolicyGive, SubpolicyDecl};
use crate::scan::Node;

impl Reader<'_> {
    pub(super) fn subpolicy(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::subpolicy_head, node, rest);
        let (name, policy) = match head {
            Some(pair) => self.name_and_text(&pair),
            None => (None, None),
        };
        let mut feed = None;
        let mut feeds = Vec::new();
        let mut gives = Vec::new();
        let mut on_fault: Option<OnFault> = None;
        let mut broken = false;
        for entry in self.body(node, "subpolicy")? {
            let part = self.entry_with_block(Rule::subpolicy_entry, entry, &["feed"]);
            let place = self.span_of(entry);
            match (part.as_ref().map(Pair::as_rule), part) {
                (Some(Rule::feed_head), _) => {
                    feed = feed.or(Some(place));
                    match entry.body.as_deref().and_then(|body| self.feeds(body)) {
                        Some(more) => feeds.extend(more),
                        None => broken = true,
                    }
                }
                (Some(Rule::policy_give), Some(part)) => match self.policy_give(&part, place) {
                    Some(give) => gives.push(give),
                    None => broken = true,
                },
                (Some(_), Some(part)) => match &on_fault {
                    Some(first) => self.report_twice("`on fault`", first.span, place),
                    None => {
                        on_fault = self.on_fault(&part);
                        broken |= on_fault.is_none();
                    }
                },
                _ => broken = true,
            }
        }
        if broken {
            return None;
        }
        Some(Item::Subpolicy(SubpolicyDecl {
            name: name?,
            policy: policy?,
            feed,
            feeds,
            gives,
            on_fault,
            span: self.span_of(node),
        }))
    }

    fn policy_give(&mut self, pair: &Pair<'_>, span: Span) -> Option<PolicyGive> {
        let ty = super::parts::part(pair, Rule::type_expr)?;
        let from = super::parts::part(pair, Rule::path)?;
        Some(PolicyGive {
            name: self.last_name(pair)?,
            ty: self.type_expr(&ty),
            from: self.path(&from),
            span,
        })
    }
}

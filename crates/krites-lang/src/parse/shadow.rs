//! `shadow name { … }`

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Item, Replaced, ShadowDecl};
use crate::scan::Node;

impl Reader<'_> {
    pub(super) fn shadow(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let name = self.named_head(node, rest);
        let (mut with, mut with_span) = (Vec::new(), None);
        let (mut compare, mut compare_span) = (Vec::new(), None);
        let mut broken = false;
        for entry in self.body(node, "shadow")? {
            let Some(pair) = self.entry(Rule::shadow_entry, entry) else {
                broken = true;
                continue;
            };
            for part in pair.into_inner() {
                let place = self.tight_span(&part);
                match (part.as_rule(), with_span, compare_span) {
                    (Rule::replaced, Some(first), _) => {
                        self.report_twice("`with`", first, place);
                    }
                    (Rule::replaced, None, _) => {
                        with_span = Some(place);
                        with = self.replaced(part);
                    }
                    (Rule::compared, _, Some(first)) => {
                        self.report_twice("`compare`", first, place);
                    }
                    (Rule::compared, _, None) => {
                        compare_span = Some(place);
                        let paths = part.into_inner();
                        let paths = paths.filter(|part| part.as_rule() == Rule::path);
                        compare = paths.map(|path| self.path(&path)).collect();
                    }
                    _ => {}
                }
            }
        }
        if broken {
            return None;
        }
        Some(Item::Shadow(ShadowDecl {
            name: name?,
            with,
            with_span,
            compare,
            compare_span,
            span: self.span_of(node),
        }))
    }

    fn replaced(&mut self, part: Pair<'_>) -> Vec<Replaced> {
        let pairs = part.into_inner();
        let pairs = pairs.filter(|part| part.as_rule() == Rule::one_replaced);
        let pairs = pairs.filter_map(|part| {
            let mut names = self.names(&part).into_iter();
            let (model, by) = (names.next()?, names.next()?);
            Some(Replaced { model, by })
        });
        pairs.collect()
    }
}

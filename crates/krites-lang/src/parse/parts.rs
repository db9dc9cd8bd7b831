//! Parts that several items have.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Name, Text};
use crate::scan::{Node, span};
use crate::{Code, Diagnostic, Span};

impl<'s> Reader<'s> {
    /// Parses what follows an item's first word, up to its block.
    pub(super) fn head(&mut self, rule: Rule, node: &Node, rest: Range<usize>) -> Option<Pair<'s>> {
        if node.broken {
            return None;
        }
        self.read(rule, node.head.start, rest)
    }

    /// Returns the entries of an item that is a block and nothing else, and
    /// whether nothing stands in front of the block.
    pub(super) fn block<'n>(
        &mut self,
        node: &'n Node,
        rest: Range<usize>,
        keyword: &str,
    ) -> Option<(bool, &'n [Node])> {
        let inner = self.shown(rest.clone());
        if node.body.is_none() && !node.broken && !inner.is_empty() {
            // What is left out are the braces around the rest
            let place = span(self.source, rest.end, rest.end);
            self.report(
                Diagnostic::error(Code(106), format!("`{keyword}` takes a block"), place)
                    .label("the line ends here, without braces")
                    .help(format!("write `{keyword} {{ {} }}`", inner.trim())),
            );
            return None;
        }
        let sound = self.head(Rule::empty_head, node, rest).is_some();
        let entries = self.body(node, keyword)?;
        Some((sound, entries))
    }

    /// Reports the block of an item that takes none.
    pub(super) fn no_body(&mut self, node: &Node, keyword: &str) {
        if node.body.is_some() {
            let place = self.brace(span(self.source, node.head.end, node.end));
            self.report(
                Diagnostic::error(Code(107), format!("`{keyword}` takes no block"), place)
                    .label("this block belongs to nothing")
                    .help("remove the block"),
            );
        }
    }

    /// Returns the first name and the first text of a head.
    pub(super) fn name_and_text(&mut self, pair: &Pair<'_>) -> (Option<Name>, Option<Text>) {
        let mut name = None;
        let mut text = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::name if name.is_none() => name = Some(self.name(&part)),
                Rule::text if text.is_none() => text = Some(self.quoted(&part)),
                _ => {}
            }
        }
        (name, text)
    }

    /// Parses a head that is a name alone.
    pub(super) fn named_head(&mut self, node: &Node, rest: Range<usize>) -> Option<Name> {
        let pair = self.head(Rule::named_head, node, rest)?;
        self.name_and_text(&pair).0
    }

    /// Keeps a text that may be written once.
    pub(super) fn set_text(&mut self, what: &str, slot: &mut Option<Text>, text: Text, span: Span) {
        match slot {
            Some(first) => self.report_twice(what, first.span, span),
            None => *slot = Some(text),
        }
    }

    /// Returns the last name within a part.
    pub(super) fn last_name(&self, pair: &Pair<'_>) -> Option<Name> {
        pair.clone()
            .into_inner()
            .filter(|part| part.as_rule() == Rule::name)
            .last()
            .map(|part| self.name(&part))
    }
}

/// Returns the one part of a rule that has this rule.
pub(super) fn part<'s>(pair: &Pair<'s>, rule: Rule) -> Option<Pair<'s>> {
    pair.clone()
        .into_inner()
        .find(|part| part.as_rule() == rule)
}

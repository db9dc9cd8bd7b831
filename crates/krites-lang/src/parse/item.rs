//! Which item a first word begins.

use std::ops::Range;

use super::FileKind;
use super::reader::Reader;
use crate::ast::Item;
use crate::diagnostic::near;
use crate::scan::{ITEMS, Node, TokenKind, item_of_entry, span};
use crate::{Code, Diagnostic, Span};

/// First words of the items that others may bring in, and all that a file of such
/// items holds
const SHARED: &[&str] = &[
    "use", "reason", "enum", "record", "function", "list", "lookup",
];
/// The code of an item in a file that does not hold its kind
pub(super) const MISPLACED: Code = Code(222);

impl Reader<'_> {
    /// Reads all items, each with its place.
    pub(super) fn items(&mut self, nodes: &[Node]) -> (Vec<Item>, Vec<Span>) {
        let mut items = Vec::new();
        let mut places = Vec::new();
        let mut was_unknown = false;
        for node in nodes {
            was_unknown = self.add_items(node, was_unknown, &mut items);
            places.resize(items.len(), self.span_of(node));
        }
        (items, places)
    }

    /// Reads one item, and what its broken entries would have declared; returns
    /// whether nobody knows what it is.
    fn add_items(&mut self, node: &Node, was_unknown: bool, items: &mut Vec<Item>) -> bool {
        let word = self.first_word(node);
        let keyword = self.source_text(span(self.source, word.start, word.end));
        let known = if ITEMS.contains(&keyword) {
            Some(keyword)
        } else {
            // A run of stray lines is one mistake
            self.unknown_item(keyword, node, was_unknown)
        };
        if let Some(misplaced) = known.filter(|known| !self.holds(known)) {
            self.report_misplaced(misplaced, node);
            self.lose_item(misplaced, node);
            items.append(&mut self.lost);
            return false;
        }
        let rest = word.end..node.head.end.max(word.end);
        match known.and_then(|known| self.item(known, node, rest)) {
            Some(item) => items.push(item),
            None => self.lose_item(known.unwrap_or(keyword), node),
        }
        items.append(&mut self.lost);
        known.is_none()
    }

    fn item(&mut self, keyword: &str, node: &Node, rest: Range<usize>) -> Option<Item> {
        match keyword {
            "policy" => self.policy(node, rest),
            "reason" => self.reason(node, rest),
            "enum" => self.enum_decl(node, rest),
            "record" => self.record(node, rest),
            "list" => self.named_list(node, rest),
            "lookup" => self.lookup(node, rest),
            "input" => self.input(node, rest),
            "define" => self.define(node, rest),
            "columns" => self.columns(node, rest),
            "model" => self.model(node, rest),
            "table" => self.table(node, rest),
            "rank" => self.rank(node, rest),
            "grid" => self.grid(node, rest),
            "rules" => self.rules(node, rest),
            "decide" => self.decide(node, rest),
            "always" => self.always(node, rest),
            "forbid" => self.forbid(node, rest),
            "accept" => self.accept(node, rest),
            "output" => self.output(node, rest),
            "reasons" => self.reasons(node, rest),
            "example" => self.example(node, rest),
            "function" => self.function(node, rest),
            "use" => self.use_decl(node, rest),
            "bands" => self.bands(node, rest),
            "calibration" => self.calibration(node, rest),
            "cascade" => self.cascade(node, rest),
            "scorecard" => self.scorecard(node, rest),
            "shadow" => self.shadow(node, rest),
            "subpolicy" => self.subpolicy(node, rest),
            _ => self.test(node, rest),
        }
    }

    /// Returns the bytes of a head's first word, of its first sign where it has none.
    fn first_word(&self, node: &Node) -> Range<usize> {
        self.tokens(node.head.clone())
            .next()
            .map_or(node.head.start..node.head.start, |token| {
                token.start..token.end
            })
    }

    /// Reports a first word that begins no item; returns the word that was meant.
    fn unknown_item(&mut self, word: &str, node: &Node, again: bool) -> Option<&'static str> {
        if node.broken {
            return None;
        }
        let first = self.first_word(node);
        let place = span(self.source, first.start, first.end.max(first.start));
        let is_word = self
            .tokens(node.head.clone())
            .next()
            .is_some_and(|token| token.kind == TokenKind::Word);
        if let Some(item) = item_of_entry(word) {
            if !again {
                self.report(
                    Diagnostic::error(
                        Code(130),
                        format!("`{word}` stands outside of a block"),
                        place,
                    )
                    .label(format!("belongs between the braces of `{item}`"))
                    .help("look for a `}` above that comes too early"),
                );
            }
            return None;
        }
        let lower = word.to_ascii_lowercase();
        let meant = if is_word {
            near(&lower, ITEMS.iter().copied())
        } else {
            None
        };
        if again && meant.is_none() {
            return None;
        }
        let headline = if is_word {
            format!("`{}` begins no item", super::wording::one_line(word))
        } else {
            "expected an item here, such as `rules` or `table`".to_owned()
        };
        let diagnostic = Diagnostic::error(Code(130), headline, place);
        match meant {
            Some(meant) => self.report(
                diagnostic
                    .label("not a word of the language")
                    .help(meant.meant()),
            ),
            None => {
                let words = match self.kind {
                    FileKind::Module => SHARED,
                    FileKind::Policy | FileKind::Sheet => ITEMS,
                };
                self.report(
                    diagnostic.help(format!("an item begins with one of {}", words.join(", "))),
                );
            }
        }
        meant.map(|meant| meant.name)
    }

    /// Tells whether this kind of file holds items of this kind.
    fn holds(&self, keyword: &str) -> bool {
        self.kind == FileKind::Policy || is_shared(keyword)
    }

    /// Makes the diagnostic for a policy where names to bring in are looked for.
    pub(super) fn misplaced_policy(&self, nodes: &[Node]) -> Option<Diagnostic> {
        if self.kind == FileKind::Policy {
            return None;
        }
        let mut words = nodes.iter().map(|node| self.first_word(node));
        let word = words.find(|word| self.text.get(word.clone()) == Some("policy"))?;
        let diagnostic = Diagnostic::error(
            MISPLACED,
            "this file is a policy: its names are not for others to bring in",
            span(self.source, word.start, word.end),
        );
        Some(
            diagnostic
                .label("a file of names has no `policy`")
                .help("move what both need into a file of its own, and `use` it there"),
        )
    }

    /// Reports an item that a file of names does not hold.
    fn report_misplaced(&mut self, keyword: &str, node: &Node) {
        let first = self.first_word(node);
        self.report(
            Diagnostic::error(
                MISPLACED,
                format!("`{keyword}` stands in a file of names that others bring in"),
                span(self.source, first.start, first.end),
            )
            .label("belongs in a policy")
            .help(format!(
                "move it into the policy; this file holds {} alone",
                listed(SHARED)
            )),
        );
    }
}

/// Tells whether a word begins an item that others may bring in, or that brings in.
pub(crate) fn is_shared(keyword: &str) -> bool {
    SHARED.contains(&keyword)
}

/// Lists words as a sentence has them.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

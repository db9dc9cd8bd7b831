//! `use R01, Employment from "common/reasons.krites"`

use std::ops::Range;

use super::grammar::Rule;
use super::reader::Reader;
use crate::ast::{Item, Name, Path, UseDecl};
use crate::scan::{Node, TokenKind, span};
use crate::{Code, Diagnostic};

/// The code of what no other file could give
const NOTHING_TO_BRING_IN: Code = Code(229);

impl Reader<'_> {
    pub(super) fn use_decl(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        self.no_body(node, "use");
        let read = self.read_use(node, rest);
        if read.is_none() {
            self.lose_used(node);
        }
        read.map(Item::Use)
    }

    fn read_use(&mut self, node: &Node, rest: Range<usize>) -> Option<UseDecl> {
        if !node.broken && self.names_nothing(rest.clone()) {
            let first = span(self.source, rest.start, rest.start);
            self.report(
                Diagnostic::error(NOTHING_TO_BRING_IN, "`use` names nothing to bring in", first)
                    .label("expected names here")
                    .help("name what the policy takes from the file: `use R01, Employment from \"common/reasons.krites\"`"),
            );
            return None;
        }
        let pair = self.head(Rule::use_head, node, rest)?;
        let mut names = Vec::new();
        let mut from = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::path => {
                    let path = self.path(&part);
                    names.extend(self.used_name(path));
                }
                Rule::text => from = Some(self.quoted(&part)),
                _ => {}
            }
        }
        Some(UseDecl {
            names,
            from: from?,
            span: self.span_of(node),
        })
    }

    /// Tells whether a file stands where names are expected, or nothing at all.
    fn names_nothing(&self, rest: Range<usize>) -> bool {
        let mut tokens = self.tokens(rest).map(|token| {
            let word = self.text.get(token.start..token.end).unwrap_or("");
            (token.kind, word)
        });
        match tokens.next() {
            None | Some((TokenKind::Text, _)) => true,
            Some((_, "from")) => matches!(tokens.next(), None | Some((TokenKind::Text, _))),
            Some(_) => false,
        }
    }

    /// Takes a name that an item of another file can have; reports one with dots.
    fn used_name(&mut self, path: Path) -> Option<Name> {
        if let Some((owner, _)) = path.text.split_once('.') {
            let headline = format!("`{}` cannot be brought in on its own", path.text);
            let name = Name {
                text: path.text.clone(),
                span: path.span,
            };
            self.report(
                Diagnostic::error(NOTHING_TO_BRING_IN, headline, path.span)
                    .label("a part of something")
                    .help(format!(
                        "bring in a whole reason, enum, record, function or list, such as `{owner}`"
                    )),
            );
            self.lost.push(Item::Error {
                keyword: "use".to_owned(),
                name: Some(name),
                span: path.span,
            });
            return None;
        }
        Some(Name {
            text: path.text,
            span: path.span,
        })
    }

    /// Keeps the names that a broken `use` would have brought in.
    fn lose_used(&mut self, node: &Node) {
        // The first one goes with the item itself.
        let words = self.tokens(node.head.clone()).skip(2);
        let names: Vec<Name> = words
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| span(self.source, token.start, token.end))
            .map(|span| Name {
                text: self.source_text(span).replace('`', ""),
                span,
            })
            .filter(|name| name.text != "from")
            .collect();
        for name in names {
            self.lose("use", Some(name), node);
        }
    }
}

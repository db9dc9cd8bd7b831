//! What broken items and entries would have declared, so that its uses are no errors.

use super::habit::TYPES;
use super::reader::Reader;
use crate::ast::Name;
use crate::scan::{Node, TokenKind, span};

/// How many names are looked for in what is broken
const MAX_NAMES: usize = 64;
/// Words that stand behind a name, or are put in its place: where one comes first,
/// nobody knows the name
const NO_NAMES: &[&str] = &[
    "all", "and", "any", "base", "by", "collect", "first", "for", "from", "in", "is", "match",
    "most", "not", "of", "off", "on", "or", "output", "priority", "rule", "shadow", "then",
    "unique",
];

impl Reader<'_> {
    /// Remembers what a broken entry would have declared.
    pub(super) fn lose_entry(&mut self, keyword: &str, entry: &Node) {
        let names = self.names_of(entry, 0);
        self.lose_names(keyword, names, entry);
    }

    /// Remembers what a broken item would have declared.
    pub(super) fn lose_item(&mut self, keyword: &str, node: &Node) {
        // What `use` names is lost name by name; another name may be what is broken
        let names = match keyword {
            "use" => Vec::new(),
            _ => self.names_of(node, 1),
        };
        self.lose_names(keyword, names, node);
    }

    fn lose_names(&mut self, keyword: &str, names: Vec<Name>, node: &Node) {
        if names.is_empty() {
            return self.lose(keyword, None, node);
        }
        for name in names {
            self.lose(keyword, Some(name), node);
        }
    }

    /// The words of a head behind `skip` others that may be its names: those up to its
    /// colon or sign, and what words beside each other make together.
    fn names_of(&self, node: &Node, skip: usize) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        let mut together: Option<Name> = None;
        for token in self.tokens(node.head.clone()).skip(skip) {
            let text = self.text.get(token.start..token.end).unwrap_or("");
            let ends = matches!(token.kind, TokenKind::Colon | TokenKind::Text)
                || matches!(text, "=" | "->" | "(" | "[");
            if ends {
                break;
            }
            if token.kind != TokenKind::Word || TYPES.contains(&text) {
                let hyphen = text == "-";
                together = together.filter(|_| hyphen);
                continue;
            }
            if NO_NAMES.contains(&text) {
                match text {
                    "is" | "not" | "and" | "then" => continue,
                    _ => break,
                }
            }
            let name = Name {
                text: text.replace('`', ""),
                span: span(self.source, token.start, token.end),
            };
            let whole = together.map(|before| Name {
                text: format!("{}_{}", before.text, name.text),
                span: before.span.to(name.span),
            });
            names.extend(whole.clone());
            together = whole.or_else(|| Some(name.clone()));
            names.push(name);
            if names.len() >= MAX_NAMES {
                break;
            }
        }
        names
    }
}

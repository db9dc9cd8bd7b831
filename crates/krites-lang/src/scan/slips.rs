//! Slips of braces, commas and semicolons: what was meant is plain, so that the
//! rest is read on.

use super::lexer::{Token, TokenKind};
use super::{Block, Entry, EntryKind, Node, Scanner, keywords, lines};
use crate::{Code, Diagnostic};

/// Items whose entries stand on lines of their own, or behind semicolons
const OF_LINES: &[&str] = &["input", "define", "record", "output"];

impl Scanner<'_> {
    /// Passes over a comma at the end of a line where none belongs: a new entry
    /// begins with `token`, or the block ends.
    pub(super) fn drop_comma(&mut self, token: Token) {
        let in_lines = self
            .item_word()
            .is_some_and(|word| OF_LINES.contains(&word));
        let ends = token.kind == TokenKind::CloseBlock || lines::begins_entry(self.lexer, token);
        let Some(entry) = &mut self.entry else {
            return;
        };
        let comma = entry.last;
        let alone = entry.kind == EntryKind::Other && entry.brackets.is_empty();
        if comma.kind != TokenKind::Comma || !in_lines || !alone || !ends || entry.broken {
            return;
        }
        entry.last = entry.before;
        let place = self.span(comma.start, comma.end);
        self.report(
            Diagnostic::error(Code(100), "a comma stands behind an entry", place)
                .label("the next line begins another one")
                .help("leave it out")
                .fix(place, ""),
        );
        self.finish();
    }

    /// Passes over a semicolon within a rule; tells whether it was one.
    pub(super) fn drop_semicolon(&mut self, semicolon: Token) -> bool {
        const REST: &[&str] = &["when", "otherwise", "then", "because", "and", "or", "tag"];
        let mut lexer = self.lexer;
        let next = lexer
            .next()
            .filter(|next| REST.contains(&lexer.text(*next)));
        let rest = next.filter(|next| !lines::begins_entry(lexer, *next));
        let Some(entry) = &mut self.entry else {
            return false;
        };
        let (EntryKind::Rule, Some(rest)) = (entry.kind, rest) else {
            return false;
        };
        entry.broken = true;
        let place = self.span(semicolon.start, semicolon.end);
        let word = self.lexer.text(rest).to_owned();
        self.report(
            Diagnostic::error(Code(100), "`;` ends the rule before it is complete", place)
                .label(format!("`{word}` still belongs to it"))
                .help("leave it out")
                .fix(place, ""),
        );
        true
    }

    /// Opens a block whose brace was left out: `token` stands indented behind the words
    /// of an item. Tells whether it did.
    pub(super) fn open_unbraced(&mut self, token: Token) -> bool {
        let heads_block = self.entry.as_ref().is_some_and(|entry| {
            let word = self.text.get(entry.start..entry.last.end).unwrap_or("");
            let word = word.split_whitespace().next().unwrap_or("");
            entry.kind == EntryKind::Item && !entry.broken && keywords::takes_block(word)
        });
        let indented = !token.at_margin && token.kind != TokenKind::CloseBlock;
        if !self.blocks.is_empty() || !heads_block || !indented {
            return false;
        }
        let Some(Entry { start, last, .. }) = self.entry.take() else {
            return false;
        };
        let place = self.span(last.end, last.end);
        let word = self.text.get(start..last.end).unwrap_or("");
        let word = word.split_whitespace().next().unwrap_or("").to_owned();
        self.report(
            Diagnostic::error(Code(106), format!("`{word}` takes a block"), place)
                .label("expected `{` here")
                .help("write `{` at the end of the line")
                .fix(place, " {"),
        );
        self.blocks.push(Block {
            head: start..last.end,
            brace: last.end,
            broken: false,
            mended: true,
            children: Vec::new(),
        });
        true
    }

    /// Goes on with the last item where its brace was closed too early: `token`, which
    /// is indented, begins an entry.
    pub(super) fn reopen(&mut self, token: Token) {
        let word = self.lexer.text(token);
        let goes_on = self.blocks.is_empty()
            && self.entry.is_none()
            && !token.at_margin
            && (keywords::item_of_entry(word).is_some() || word == "within")
            && self.items.last().is_some_and(|item| item.body.is_some());
        let (true, Some(item)) = (goes_on, self.items.pop_if(|_| goes_on)) else {
            return;
        };
        let Node {
            head,
            body,
            brace,
            end,
            broken,
        } = item;
        let place = self.span(end.saturating_sub(1), end);
        let shown = self.text.get(head.clone()).unwrap_or("");
        let shown: Vec<&str> = shown.split_whitespace().take(2).collect();
        let headline = format!("this `}}` closes `{}` too early", shown.join(" "));
        self.report(
            Diagnostic::error(Code(103), headline, place)
                .evidence(
                    self.span(token.start, token.end),
                    format!("this `{word}` still belongs to it"),
                )
                .help("remove it"),
        );
        self.blocks.push(Block {
            head,
            brace,
            broken,
            mended: true,
            children: body.unwrap_or_default(),
        });
    }

    /// Returns the first word of the item whose block is open.
    pub(super) fn item_word(&self) -> Option<&str> {
        let item = self.blocks.first()?;
        self.text.get(item.head.clone())?.split_whitespace().next()
    }
}

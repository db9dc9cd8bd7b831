//! Cuts a policy text into items and entries, so that each is parsed on its own.
//! Invariant: no recursion; any text is read to its end or to a limit that is
//! reported; a part that was reported here is marked and not reported again.

mod gaps;
mod keywords;
mod lexer;
mod lines;
mod report;
mod slips;

use std::ops::Range;

use crate::{Code, Diagnostic, SourceId, Span};
pub(crate) use gaps::{Gap, GapKind};
pub(crate) use keywords::{ITEMS, item_of_entry};
use lexer::Lexer;
pub(crate) use lexer::{Lexer as Tokens, Token, TokenKind};
pub(crate) use lines::{BEHIND_IF, begins_step, binds_lines};
pub(crate) use report::nesting;

/// How deep brackets and blocks may nest, all kinds together
pub(crate) const MAX_NESTING: usize = 64;
/// How many items, entries and comments one file may hold
pub(crate) const MAX_NODES: usize = 1_000_000;

/// An item or entry: its words up to the block, and the block
#[derive(Debug)]
pub(crate) struct Node {
    /// Bytes of the words, blanks and comments around them aside
    pub(crate) head: Range<usize>,
    /// What stands between the braces
    pub(crate) body: Option<Vec<Node>>,
    /// The byte of the brace that opens the block; the end of the head without one
    pub(crate) brace: usize,
    /// First byte after head and block
    pub(crate) end: usize,
    /// Whether something in the head was reported
    pub(crate) broken: bool,
}

/// What a text was cut into
#[derive(Debug)]
pub(crate) struct Scan {
    /// Items in source order
    pub(crate) items: Vec<Node>,
    /// Comments and blank lines in source order
    pub(crate) gaps: Vec<Gap>,
    /// What is wrong with lines, quotes and brackets
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether a limit ended the reading
    pub(crate) refused: bool,
}

/// Cuts a text into items.
pub(crate) fn scan(text: &str, source: SourceId) -> Scan {
    let mut scanner = Scanner {
        text,
        source,
        lexer: Lexer::new(text),
        items: Vec::new(),
        gaps: Vec::new(),
        blocks: Vec::new(),
        entry: None,
        nodes: 0,
        diagnostics: Vec::new(),
        refused: false,
    };
    scanner.run();
    Scan {
        items: scanner.items,
        gaps: scanner.gaps,
        diagnostics: scanner.diagnostics,
        refused: scanner.refused,
    }
}

/// An entry that is being read
#[derive(Debug)]
struct Entry {
    start: usize,
    last: Token,
    /// The token before the last
    before: Token,
    /// Brackets that are open, braces that open no block among them: the sign and its byte
    brackets: Vec<(u8, usize)>,
    /// How many `match` have no brace yet: the next one is that of the last
    matching: usize,
    broken: bool,
    kind: EntryKind,
}

/// What decides where an entry goes on
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntryKind {
    /// `rule …`
    Rule,
    /// `try …` of a cascade
    Try,
    /// `reason …` among the items
    Reason,
    /// `function …` among the items, whose value may go over several lines
    Function,
    /// `always …` among the items
    Always,
    /// Another item's head
    Item,
    /// `| … |`, always one line
    Row,
    /// Anything else within a block
    Other,
}

/// A block that is open
#[derive(Debug)]
struct Block {
    head: Range<usize>,
    brace: usize,
    broken: bool,
    /// Whether a brace of it was reported, so that no other one is
    mended: bool,
    children: Vec<Node>,
}

#[derive(Debug)]
struct Scanner<'s> {
    text: &'s str,
    source: SourceId,
    lexer: Lexer<'s>,
    items: Vec<Node>,
    gaps: Vec<Gap>,
    blocks: Vec<Block>,
    entry: Option<Entry>,
    nodes: usize,
    diagnostics: Vec<Diagnostic>,
    refused: bool,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while !self.refused {
            let before = self.lexer.next_start();
            let Some(token) = self.lexer.next() else {
                self.keep_gaps(before..self.text.len());
                break;
            };
            if token.first_on_line {
                self.keep_gaps(before..token.start);
                self.begin_line(token);
            }
            self.take(token);
        }
        self.finish();
        if !self.refused {
            let end = self.lexer.next_start();
            self.report_open_blocks(end..end, "the file ends here");
        }
        while !self.blocks.is_empty() {
            self.close_block(self.text.len());
        }
    }

    /// Keeps the comments and blank lines between two tokens.
    fn keep_gaps(&mut self, range: Range<usize>) {
        let known = self.gaps.len();
        gaps::read(self.text, range, &mut self.gaps);
        if self.gaps.len() > known {
            let comments = self.gaps.iter().skip(known);
            let count = comments.filter(|gap| gap.kind != GapKind::Blank).count();
            let place = self.gaps.last().map_or(0..0, |gap| gap.start..gap.end);
            self.count(count, place);
        }
    }

    /// Counts what a file may hold a limited number of.
    fn count(&mut self, more: usize, place: Range<usize>) {
        self.nodes += more;
        if self.nodes > MAX_NODES && !self.refused {
            self.refused = true;
            self.report(
                Diagnostic::error(
                    Code(8),
                    "the file holds more than 1,000,000 items, entries and comments",
                    self.span(place.start, place.end),
                )
                .help("move what stands for itself into a file of names, and bring it in by `use`"),
            );
        }
    }

    /// Ends what a new line ends: the entry, and blocks where an item begins.
    fn begin_line(&mut self, token: Token) {
        self.drop_comma(token);
        let inside = !self.blocks.is_empty() || self.entry.is_some();
        if inside && token.at_margin && lines::begins_item(self.lexer, token) {
            self.finish();
            let seen = format!("`{}` begins a new item here", self.lexer.text(token));
            self.report_open_blocks(token.start..token.end, &seen);
            while !self.blocks.is_empty() {
                self.close_block(token.start);
            }
        } else if self
            .entry
            .as_ref()
            .is_some_and(|entry| !lines::goes_on(entry, self.lexer, token))
        {
            if !self.open_unbraced(token) {
                self.finish();
            }
        } else {
            self.reopen(token);
        }
    }

    fn take(&mut self, token: Token) {
        let is_row = self
            .entry
            .as_ref()
            .is_some_and(|entry| entry.kind == EntryKind::Row);
        match token.kind {
            TokenKind::OpenBlock if self.opens_braces() => self.extend(token),
            TokenKind::OpenBlock => self.open_block(token),
            TokenKind::CloseBlock if self.closes_braces() => self.extend(token),
            TokenKind::CloseBlock => self.end_block(token),
            TokenKind::Semicolon if !is_row && self.drop_semicolon(token) => {}
            TokenKind::Semicolon if !is_row => self.finish(),
            _ => self.extend(token),
        }
    }

    /// Tells whether a brace opens no block, but the alternatives of a `match`, a
    /// record among the values of a list, or what an example or a test sets.
    fn opens_braces(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| {
            let in_list = entry.brackets.last().is_some_and(|(sign, _)| *sign == b'[');
            let awaited = matches!(entry.last.kind, TokenKind::Open | TokenKind::Comma);
            let set = || self.lexer.text(entry.last) == "=" && self.is_in_case();
            entry.matching > 0 || (in_list && awaited) || set()
        })
    }

    /// Tells whether an example or a test is being read.
    fn is_in_case(&self) -> bool {
        matches!(self.item_word(), Some("example" | "test"))
    }

    /// A brace closes the innermost of these braces, and what is open within them.
    fn closes_braces(&mut self) -> bool {
        let Some(entry) = &mut self.entry else {
            return false;
        };
        let Some(opened) = entry.brackets.iter().rposition(|(sign, _)| *sign == b'{') else {
            return false;
        };
        if let Some((sign, at)) = entry.brackets.get(opened + 1).copied() {
            entry.brackets.truncate(opened + 1);
            entry.broken = true;
            self.report_unclosed(sign, at);
        }
        true
    }

    fn extend(&mut self, token: Token) {
        let (lexer, top_level) = (self.lexer, self.blocks.is_empty());
        let entry = self.entry.get_or_insert_with(|| Entry {
            start: token.start,
            last: token,
            before: token,
            brackets: Vec::new(),
            matching: 0,
            broken: false,
            kind: lines::kind_of(lexer, token, top_level),
        });
        if token.kind == TokenKind::Word && lines::begins_match(entry, self.lexer, token) {
            entry.matching += 1;
        }
        entry.before = std::mem::replace(&mut entry.last, token);
        let sign = self
            .text
            .as_bytes()
            .get(token.start)
            .copied()
            .unwrap_or(b' ');
        let is_row = entry.kind == EntryKind::Row;
        match token.kind {
            TokenKind::Open | TokenKind::OpenBlock => {
                if token.kind == TokenKind::OpenBlock {
                    entry.matching = entry.matching.saturating_sub(1);
                }
                entry.brackets.push((sign, token.start));
                if entry.brackets.len() + self.blocks.len() > MAX_NESTING {
                    self.refuse_nesting(token);
                }
            }
            // Within a row each cell is held against its own brackets later on
            TokenKind::Bar if is_row => entry.brackets.clear(),
            TokenKind::Close | TokenKind::CloseBlock if is_row => _ = entry.brackets.pop(),
            TokenKind::CloseBlock => _ = entry.brackets.pop(),
            TokenKind::Close => match entry.brackets.pop() {
                Some((b'(', _)) if sign == b')' => {}
                Some((b'[', _)) if sign == b']' => {}
                opened => {
                    entry.broken = true;
                    self.report_bracket(opened, token);
                }
            },
            TokenKind::OpenText => {
                entry.broken = true;
                entry.brackets.clear();
                self.report(
                    Diagnostic::error(Code(101), "a quoted text is not closed on its line", self.span(token.start, token.start + 1))
                        .label("the quote opens here")
                        .help("close the text with `\"` on the same line; a quote within it is written `\\\"`"),
                );
            }
            _ => {}
        }
    }

    /// Ends the entry that is being read.
    fn finish(&mut self) {
        let Some(mut entry) = self.entry.take() else {
            return;
        };
        if entry.kind != EntryKind::Row
            && !entry.broken
            && !self.refused
            && let Some((sign, at)) = entry.brackets.first().copied()
        {
            entry.broken = true;
            self.report_unclosed(sign, at);
        }
        let end = entry.last.end;
        self.push(Node {
            head: entry.start..end,
            body: None,
            brace: end,
            end,
            broken: entry.broken,
        });
    }

    fn open_block(&mut self, token: Token) {
        let (head, broken) = match self.entry.take() {
            None => (token.start..token.start, false),
            Some(mut entry) => {
                if !entry.broken
                    && let Some((sign, at)) = entry.brackets.first().copied()
                {
                    entry.broken = true;
                    self.report_unclosed(sign, at);
                }
                (entry.start..entry.last.end, entry.broken)
            }
        };
        self.blocks.push(Block {
            head,
            brace: token.start,
            broken,
            mended: false,
            children: Vec::new(),
        });
        if self.blocks.len() > MAX_NESTING {
            self.refuse_nesting(token);
        }
    }

    fn end_block(&mut self, token: Token) {
        self.finish();
        if self.blocks.is_empty() {
            self.report(
                Diagnostic::error(
                    Code(103),
                    "this `}` closes nothing",
                    self.span(token.start, token.end),
                )
                .label("no block is open here")
                .help("remove the `}`, or look for a block above that was closed too early"),
            );
        } else {
            self.close_block(token.end);
        }
    }

    fn close_block(&mut self, end: usize) {
        if let Some(block) = self.blocks.pop() {
            self.push(Node {
                head: block.head,
                body: Some(block.children),
                brace: block.brace,
                end,
                broken: block.broken,
            });
        }
    }

    fn push(&mut self, node: Node) {
        self.count(1, node.head.clone());
        match self.blocks.last_mut() {
            Some(block) => block.children.push(node),
            None => self.items.push(node),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        span(self.source, start, end)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// Makes a span of byte offsets; a text is shorter than 4 GiB by its size limit.
pub(crate) fn span(source: SourceId, start: usize, end: usize) -> Span {
    Span {
        source,
        start: u32::try_from(start).unwrap_or(u32::MAX),
        end: u32::try_from(end).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests;

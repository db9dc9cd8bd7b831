//! Cuts a policy text into items and entries, so that each is parsed on its own.
//! Invariant: no recursion; any text is read to its end or to a limit that is
//! reported; a part that was reported here is marked and not reported again.

mod gaps;
mod lexer;
mod lines;

use std::ops::Range;

use crate::{Code, Diagnostic, SourceId, Span};
pub(crate) use gaps::{Gap, GapKind};
use lexer::Lexer;
pub(crate) use lexer::{Lexer as Tokens, Token, TokenKind};
pub(crate) use lines::{BEHIND_IF, begins_step, binds_lines};

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
    /// `reason …` among the items
    Reason,
    /// `function …` among the items, whose value may go over several lines
    Function,
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
            self.finish();
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
            TokenKind::Semicolon if !is_row => self.finish(),
            _ => self.extend(token),
        }
    }

    /// Tells whether a brace opens no block, but the alternatives of a `match`, or a
    /// record among the values of a list.
    fn opens_braces(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| {
            let in_list = entry.brackets.last().is_some_and(|(sign, _)| *sign == b'[');
            let awaited = matches!(entry.last.kind, TokenKind::Open | TokenKind::Comma);
            entry.matching > 0 || (in_list && awaited)
        })
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

    /// Reports the innermost block that is open, once.
    fn report_open_blocks(&mut self, at: Range<usize>, seen: &str) {
        let Some(block) = self.blocks.last() else {
            return;
        };
        let diagnostic = Diagnostic::error(
            Code(102),
            "the block opened here is not closed",
            self.span(block.brace, block.brace + 1),
        )
        .label("this `{` has no `}`")
        .evidence(self.span(at.start, at.end), seen)
        .help("close the block with `}` on a line of its own");
        self.report(diagnostic);
    }

    fn report_unclosed(&mut self, sign: u8, at: usize) {
        let closing = match sign {
            b'(' => ')',
            b'[' => ']',
            _ => '}',
        };
        self.report(
            Diagnostic::error(
                Code(104),
                format!(
                    "the bracket `{}` opened here is not closed",
                    char::from(sign)
                ),
                self.span(at, at + 1),
            )
            .label("not closed")
            .help(format!("close it with `{closing}`")),
        );
    }

    fn report_bracket(&mut self, opened: Option<(u8, usize)>, token: Token) {
        match opened {
            Some((sign, at)) => self.report_unclosed(sign, at),
            None => {
                let sign = self.lexer.text(token).to_owned();
                self.report(
                    Diagnostic::error(
                        Code(103),
                        format!("this `{sign}` closes nothing"),
                        self.span(token.start, token.end),
                    )
                    .label("no bracket is open here")
                    .help(format!("remove the `{sign}`, or open a bracket before it")),
                );
            }
        }
    }

    fn refuse_nesting(&mut self, token: Token) {
        self.refused = true;
        self.report(nesting(self.span(token.start, token.end)));
    }
}

/// Makes the diagnostic about brackets that nest too deep.
pub(crate) fn nesting(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code(6),
        format!("brackets nest more than {MAX_NESTING} deep"),
        span,
    )
    .label("one bracket too many")
    .help("give the inner parts names of their own in `define { … }`")
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
mod tests {
    use super::*;
    use crate::Sources;

    /// Renders the tree of heads as `head{entry;entry}`.
    fn heads(text: &str) -> String {
        fn render(text: &str, nodes: &[Node]) -> String {
            let parts: Vec<String> = nodes
                .iter()
                .map(|node| {
                    let head: Vec<&str> = text[node.head.clone()].split_whitespace().collect();
                    let body = node
                        .body
                        .as_ref()
                        .map(|body| format!("{{{}}}", render(text, body)));
                    format!("{}{}", head.join(" "), body.unwrap_or_default())
                })
                .collect();
            parts.join(";")
        }
        let source = Sources::default().add("x", text);
        render(text, &scan(text, source).items)
    }

    #[test]
    fn entries_end_with_their_line_or_a_semicolon() {
        assert_eq!(heads("a {\n b\n c ; d }\ne"), "a{b;c;d};e");
        assert_eq!(heads("a { b # c\n d \"#;}\" }"), "a{b;d \"#;}\"}");
    }

    #[test]
    fn entries_go_on_where_more_is_awaited() {
        assert_eq!(
            heads("a {\n b,\n c\n d +\n e\n f\n - g\n -3\n}"),
            "a{b, c;d + e;f - g;-3}"
        );
        assert_eq!(
            heads("a {\n b = (c\n d)\n e = f(\n g = 3\n}"),
            "a{b = (c d);e = f(;g = 3}"
        );
        assert_eq!(
            heads("a {\n rule b\n when c\n rule d\n}"),
            "a{rule b when c;rule d}"
        );
        assert_eq!(
            heads("a {\n b\n with : c\n with d\n}"),
            "a{b;with : c with d}"
        );
    }

    #[test]
    fn a_word_behind_a_dot_awaits_nothing() {
        assert_eq!(heads("a {\n b.of\n c\n d of\n e\n}"), "a{b.of;c;d of e}");
    }

    #[test]
    fn rows_are_one_line_each() {
        assert_eq!(
            heads("a {\n | b, |\n | ( | ; |\n | - |\n}"),
            "a{| b, |;| ( | ; |;| - |}"
        );
    }

    #[test]
    fn an_item_at_the_margin_ends_open_blocks() {
        assert_eq!(heads("a {\n b {\n c\nrules d {\n}"), "a{b{c}};rules d{}");
        assert_eq!(
            heads("a {\ninput : b\noutput = c\n}"),
            "a{input : b;output = c}"
        );
    }
}

//! Reads one head, entry or cell after the other and keeps what is wrong.

use std::ops::Range;

use pest::Parser as _;

use super::grammar::{Grammar, Pair, Rule};
use super::{FileKind, sheet, tokens, wording};
use crate::ast::{Item, Name};
use crate::diagnostic::MAX_DIAGNOSTICS;
use crate::scan::{Node, Token, TokenKind, Tokens, span};
use crate::{Code, Diagnostic, SourceId, Span};

/// How many bytes one entry may have. Together with the limits of the scanner it
/// bounds what pest may be asked to do, so that `pest::set_call_limit`, which is
/// global to the process and so not a library's to set, is not needed: no rule
/// backtracks over more than a word, and brackets nest 64 deep at most.
pub(crate) const MAX_ENTRY_BYTES: usize = 1024 * 1024;

#[derive(Debug)]
pub(super) struct Reader<'s> {
    pub(super) text: &'s str,
    pub(super) source: SourceId,
    pub(super) kind: FileKind,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What broken entries of the item at hand would have declared
    pub(super) lost: Vec<Item>,
    /// Where the text that pest reads begins in the source
    base: usize,
}

impl<'s> Reader<'s> {
    pub(super) fn new(text: &'s str, source: SourceId, kind: FileKind) -> Self {
        Self {
            text,
            source,
            kind,
            diagnostics: Vec::new(),
            lost: Vec::new(),
            base: 0,
        }
    }

    /// Parses a part of the text. What it lacks is described by what stands
    /// before it from `start` on.
    pub(super) fn read(
        &mut self,
        rule: Rule,
        start: usize,
        range: Range<usize>,
    ) -> Option<Pair<'s>> {
        let whole = span(self.source, start, range.end);
        if range.end.saturating_sub(start) > MAX_ENTRY_BYTES {
            self.report(
                Diagnostic::error(
                    Code(10),
                    format!("one entry is longer than {} KiB", MAX_ENTRY_BYTES / 1024),
                    whole,
                )
                .label("this entry")
                .help("split it into several"),
            );
            return None;
        }
        let found = tokens::check(self.text, self.source, range.clone());
        let found = match self.kind {
            FileKind::Sheet => sheet::check_cell(self.text, self.source, range.clone(), found),
            FileKind::Policy | FileKind::Module => found,
        };
        if let Some(diagnostic) = found {
            self.report(diagnostic);
            return None;
        }
        let part = self.text.get(range.clone()).unwrap_or("");
        match Grammar::parse(rule, part) {
            Ok(mut pairs) => {
                self.base = range.start;
                let pair = pairs.next();
                #[cfg(feature = "testing")]
                super::readings::keep(self, pair.as_ref());
                pair
            }
            // What is not shown is not worded
            Err(_) if self.diagnostics.len() > MAX_DIAGNOSTICS => None,
            Err(error) => {
                let diagnostic = wording::syntax_error(
                    self.text,
                    self.source,
                    rule,
                    start,
                    range.clone(),
                    &error,
                );
                #[cfg(feature = "testing")]
                super::readings::keep_failed(self, rule, range, &error, &diagnostic);
                self.report(diagnostic);
                None
            }
        }
    }

    /// Parses the words of an entry that has no block.
    pub(super) fn entry(&mut self, rule: Rule, node: &Node) -> Option<Pair<'s>> {
        if node.broken {
            return None;
        }
        if node.body.is_some() {
            let place = span(self.source, node.head.end, node.end);
            let shown = self.shown(node.head.clone());
            let headline = if shown.is_empty() {
                "a block stands here without a word before it".to_owned()
            } else {
                format!("`{shown}` takes no block")
            };
            self.report(
                Diagnostic::error(Code(107), headline, self.brace(place))
                    .label("this block belongs to nothing")
                    .help("remove the braces, or look for a `}` that is missing above"),
            );
            return None;
        }
        self.read(rule, node.head.start, node.head.clone())
    }

    /// Returns the entries of an item's block.
    pub(super) fn body<'n>(&mut self, node: &'n Node, keyword: &str) -> Option<&'n [Node]> {
        if node.body.is_none() && !node.broken {
            let place = span(self.source, node.head.end, node.head.end);
            self.report(
                Diagnostic::error(Code(106), format!("`{keyword}` takes a block"), place)
                    .label("expected `{` here")
                    .help(format!(
                        "write `{} {{ … }}`",
                        if keyword == "feed" {
                            keyword.to_owned()
                        } else {
                            self.shown(node.head.clone())
                        }
                    )),
            );
        }
        node.body.as_deref()
    }

    /// Returns the brace that opens the block at `place`.
    pub(super) fn brace(&self, place: Span) -> Span {
        let text = self.text.get(place.start as usize..).unwrap_or("");
        let at = place.start + u32::try_from(text.find('{').unwrap_or(0)).unwrap_or(0);
        Span {
            start: at,
            end: at.saturating_add(1).min(place.end.max(at)),
            ..place
        }
    }

    /// Returns a part of the text on one line, cut where it is long.
    pub(super) fn shown(&self, range: Range<usize>) -> String {
        wording::one_line(self.text.get(range).unwrap_or(""))
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        // One more than is shown, so that the cut can be told
        if self.diagnostics.len() <= MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports a part that is written twice.
    pub(super) fn report_twice(&mut self, what: &str, first: Span, second: Span) {
        self.report(
            Diagnostic::error(Code(113), format!("{what} is written twice"), second)
                .label("again here")
                .evidence(first, "first written here")
                .help("keep one of the two"),
        );
    }

    /// Remembers what a broken entry would have declared.
    pub(super) fn lose(&mut self, keyword: &str, name: Option<Name>, node: &Node) {
        let span = span(self.source, node.head.start, node.end);
        self.lost.push(Item::Error {
            keyword: keyword.to_owned(),
            name,
            span,
        });
    }

    /// Returns the `n`-th word of a head as a name, where it is one.
    pub(super) fn nth_word(&self, node: &Node, n: usize) -> Option<Name> {
        let token = self
            .tokens(node.head.clone())
            .nth(n)
            .filter(|token| token.kind == TokenKind::Word)?;
        let text = self
            .text
            .get(token.start..token.end)
            .unwrap_or("")
            .replace('`', "");
        Some(Name {
            text,
            span: span(self.source, token.start, token.end),
        })
    }

    pub(super) fn tokens(&self, range: Range<usize>) -> impl Iterator<Item = Token> + 's {
        Tokens::at(self.text.get(..range.end).unwrap_or(self.text), range.start)
    }

    pub(super) fn span_of(&self, node: &Node) -> Span {
        span(self.source, node.head.start, node.end)
    }

    pub(super) fn span(&self, pair: &Pair<'_>) -> Span {
        let found = pair.as_span();
        span(
            self.source,
            self.base + found.start(),
            self.base + found.end(),
        )
    }

    /// Returns the span from a part's first to its last word. pest ends a rule
    /// whose last part is left out behind the blanks before that part.
    pub(super) fn tight_span(&self, pair: &Pair<'_>) -> Span {
        let mut last = pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        Span {
            end: self.span(&last).end,
            ..self.span(pair)
        }
    }

    pub(super) fn source_text(&self, span: Span) -> &'s str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }
}

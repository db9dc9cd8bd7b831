//! Tokens of a policy text, just fine enough to tell entries apart.
//! Invariant: any text is read to its end; a token's span lies on character
//! boundaries.

/// What a token is
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A word, or words joined by dots
    Word,
    /// A number, percent, date or datetime, signs aside
    Number,
    /// `"…"`
    Text,
    /// A quote that is not closed on its line
    OpenText,
    /// `(` or `[`
    Open,
    /// `)` or `]`
    Close,
    /// `{`
    OpenBlock,
    /// `}`
    CloseBlock,
    /// `;`
    Semicolon,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `|`
    Bar,
    /// `+`, `<=`, `->` and the like
    Operator,
    /// Anything else, one character
    Other,
}

/// A token with its bytes in the text
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// What it is
    pub(crate) kind: TokenKind,
    /// First byte
    pub(crate) start: usize,
    /// First byte after it
    pub(crate) end: usize,
    /// Whether it is the first of its line
    pub(crate) first_on_line: bool,
    /// Whether nothing, blanks included, stands before it on its line
    pub(crate) at_margin: bool,
}

/// Reads tokens; a copy looks ahead
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    line: usize,
    fresh: bool,
}

impl<'s> Lexer<'s> {
    /// Starts at the text's beginning, behind a byte order mark.
    pub(crate) fn new(text: &'s str) -> Self {
        let at = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        Self {
            text,
            at,
            line: at,
            fresh: true,
        }
    }

    /// Starts at a byte of the text.
    pub(crate) fn at(text: &'s str, at: usize) -> Self {
        Self {
            text,
            at,
            line: usize::MAX,
            fresh: false,
        }
    }

    /// Returns the text of a token.
    pub(crate) fn text(&self, token: Token) -> &'s str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    /// Returns whether a blank, a line's end or nothing follows the token.
    pub(crate) fn blank_after(&self, token: Token) -> bool {
        self.byte(token.end)
            .is_none_or(|byte| byte.is_ascii_whitespace())
    }

    /// Returns how many bytes stand before `at` on its line.
    pub(crate) fn indent(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        at - before.rfind('\n').map_or(0, |end| end + 1)
    }

    /// Returns the first byte that was not read yet.
    pub(crate) fn next_start(&self) -> usize {
        self.at
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.line = self.at;
                    self.fresh = true;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => self.at = self.line_end(self.at),
                _ => break,
            }
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or(&[]);
        rest.iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.text.len(), |found| from + found)
    }

    fn run(&self, from: usize, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or(&[]);
        rest.iter()
            .position(|byte| !wanted(*byte))
            .map_or(self.text.len(), |found| from + found)
    }

    /// Ends a quoted text that opens at `from`; `None` where its line ends first.
    fn quoted_end(&self, from: usize, quote: u8, escapes: bool) -> Option<usize> {
        let mut at = from + 1;
        loop {
            match self.byte(at)? {
                b'\n' => return None,
                b'\\' if escapes && self.byte(at + 1) != Some(b'\n') => at += 2,
                byte if byte == quote => return Some(at + 1),
                _ => at += 1,
            }
        }
    }

    /// Ends a word that starts at `from`, dots and backticks included.
    fn word_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at = match self.byte(at)? {
                b'`' => self.quoted_end(at, b'`', false)?,
                byte if is_letter(byte) => self.run(at, is_inner),
                _ => return None,
            };
            let dotted = self.byte(at) == Some(b'.')
                && self
                    .byte(at + 1)
                    .is_some_and(|byte| is_letter(byte) || byte == b'`');
            if !dotted {
                return Some(at);
            }
            match self.word_end_shallow(at + 1) {
                Some(_) => at += 1,
                None => return Some(at),
            }
        }
    }

    /// Returns whether one word, without dots, starts at `from`.
    fn word_end_shallow(&self, from: usize) -> Option<usize> {
        match self.byte(from)? {
            b'`' => self.quoted_end(from, b'`', false),
            _ => Some(self.run(from, is_inner)),
        }
    }

    fn number_end(&self, from: usize) -> usize {
        let date = self
            .text
            .as_bytes()
            .get(from..from + 10)
            .is_some_and(|bytes| {
                bytes.iter().enumerate().all(|(at, byte)| match at {
                    4 | 7 => *byte == b'-',
                    _ => byte.is_ascii_digit(),
                })
            });
        if date {
            return self.time_end(from + 10);
        }
        let mut at = self.run(from, is_inner);
        while self.byte(at) == Some(b'.')
            && self.byte(at + 1).is_some_and(|byte| byte.is_ascii_digit())
        {
            at = self.run(at + 1, is_inner);
        }
        if self.byte(at) == Some(b'%') {
            at + 1
        } else {
            at
        }
    }

    /// Ends the time of day and the offset of a date that ends at `from`.
    fn time_end(&self, from: usize) -> usize {
        let digit = |at: usize| self.byte(at).is_some_and(|byte| byte.is_ascii_digit());
        if !matches!(self.byte(from), Some(b'T' | b't')) || !digit(from + 1) {
            return from;
        }
        let clock = |mut at: usize, signs: &[u8]| {
            at = self.run(at, is_inner);
            while self.byte(at).is_some_and(|byte| signs.contains(&byte)) && digit(at + 1) {
                at = self.run(at + 1, is_inner);
            }
            at
        };
        let end = clock(from + 1, b":.");
        match self.byte(end) {
            Some(b'+' | b'-') if digit(end + 1) => clock(end + 1, b":"),
            _ => end,
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let start = self.at;
        let byte = self.byte(start)?;
        let two = self.text.as_bytes().get(start..start + 2).unwrap_or(&[]);
        let (kind, end) = match byte {
            b'"' => match self.quoted_end(start, b'"', true) {
                Some(end) => (TokenKind::Text, end),
                None => (TokenKind::OpenText, self.line_end(start)),
            },
            b'(' | b'[' => (TokenKind::Open, start + 1),
            b')' | b']' => (TokenKind::Close, start + 1),
            b'{' => (TokenKind::OpenBlock, start + 1),
            b'}' => (TokenKind::CloseBlock, start + 1),
            b';' => (TokenKind::Semicolon, start + 1),
            b',' => (TokenKind::Comma, start + 1),
            b':' => (TokenKind::Colon, start + 1),
            b'|' => (TokenKind::Bar, start + 1),
            _ if matches!(
                two,
                b"->" | b"<=" | b">=" | b"==" | b"!=" | b"<>" | b"&&" | b"=>" | b"=<"
            ) =>
            {
                (TokenKind::Operator, start + 2)
            }
            b'+' | b'-' | b'*' | b'/' | b'<' | b'>' | b'=' | b'!' => {
                (TokenKind::Operator, start + 1)
            }
            _ if byte.is_ascii_digit() => (TokenKind::Number, self.number_end(start)),
            _ => match self.word_end(start) {
                Some(end) => (TokenKind::Word, end),
                None => (TokenKind::Other, start + 1),
            },
        };
        let end = (end..=self.text.len())
            .find(|end| self.text.is_char_boundary(*end))
            .unwrap_or(self.text.len());
        let token = Token {
            kind,
            start,
            end,
            first_on_line: self.fresh,
            at_margin: start == self.line,
        };
        self.at = end;
        self.fresh = false;
        Some(token)
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

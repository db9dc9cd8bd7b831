//! What the scanner reports of brackets and blocks.

use std::ops::Range;

use super::lexer::Token;
use super::{MAX_NESTING, Scanner};
use crate::{Code, Diagnostic, Span};

impl Scanner<'_> {
    /// Reports the innermost block that is open, once.
    pub(super) fn report_open_blocks(&mut self, at: Range<usize>, seen: &str) {
        let Some(block) = self.blocks.last().filter(|block| !block.mended) else {
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

    pub(super) fn report_unclosed(&mut self, sign: u8, at: usize) {
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

    pub(super) fn report_bracket(&mut self, opened: Option<(u8, usize)>, token: Token) {
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

    pub(super) fn refuse_nesting(&mut self, token: Token) {
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

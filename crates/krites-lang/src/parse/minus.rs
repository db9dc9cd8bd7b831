//! A minus between two values has a blank on both sides: else it is a hyphen.

use super::expression::Term;
use super::habit::{day_of, has_word};
use super::reader::Reader;
use crate::ast::{Expr, ExprKind};
use crate::{Code, Diagnostic, Help, Span};

impl Reader<'_> {
    /// Reports a minus that is glued to a value; tells whether it is one all the same.
    pub(super) fn check_minus(&mut self, first: &Expr, terms: &[Term]) -> bool {
        let mut before = first;
        for term in terms {
            let glued = |at: Option<&u8>| at.is_some_and(|byte| !byte.is_ascii_whitespace());
            let bytes = self.text.as_bytes();
            let start = term.op_span.start as usize;
            let is_glued = glued(bytes.get(start.wrapping_sub(1)))
                || glued(bytes.get(term.op_span.end as usize));
            if term.op == b'-' && is_glued {
                return match self.hyphen(first, before, term, terms) {
                    Some(diagnostic) => {
                        self.report(diagnostic);
                        false
                    }
                    None => {
                        self.report_glued(before, term);
                        true
                    }
                };
            }
            before = &term.value;
        }
        true
    }

    fn report_glued(&mut self, before: &Expr, term: &Term) {
        let (left, right) = (self.quote(before.span), self.quote(term.value.span));
        self.report(
            Diagnostic::error(
                Code(124),
                "a minus between two values has a blank on both sides",
                term.op_span,
            )
            .label("glued to a value")
            .help(format!("write `{left} - {right}`"))
            .fix(term.op_span, self.set_apart("-", term.op_span)),
        );
    }

    /// What a hyphen is, if not a minus: a part of a day, or of a name that stands
    /// elsewhere with `_`.
    fn hyphen(
        &self,
        first: &Expr,
        before: &Expr,
        term: &Term,
        terms: &[Term],
    ) -> Option<Diagnostic> {
        if let [second, third] = terms
            && [second.op, third.op] == [b'-', b'-']
        {
            let part = |part: &Expr| self.quote(part.span);
            let (one, two, three) = (part(first), part(&second.value), part(&third.value));
            if let Some((day, certain)) = day_of(&one, &two, &three) {
                let words = format!("write year, month and day: `{day}`");
                let help = match certain {
                    true => Help::certain(words, day),
                    false => words.into(),
                };
                let place = first.span.to(third.value.span);
                return Some(said("this is no date", place).help(help));
            }
        }
        let names = matches!(
            (&before.kind, &term.value.kind),
            (ExprKind::Path(_), ExprKind::Path(_))
        );
        let (left, right) = (self.quote(before.span), self.quote(term.value.span));
        let name = format!("{left}_{right}");
        (names && has_word(self.text, &name)).then(|| {
            let headline = format!("`{left}-{right}` is no name");
            let help = Help::certain(format!("did you mean `{name}`?"), name);
            said(&headline, before.span.to(term.value.span)).help(help)
        })
    }
}

fn said(headline: &str, place: Span) -> Diagnostic {
    Diagnostic::error(Code(124), headline, place)
}

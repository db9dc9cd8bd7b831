//! Code over texts and named lists.

use super::from_ir_expr::Compiler;
use super::{Kind, Number, Truth, Whole, Words};
use crate::Span;
use crate::ids::{NamedListId, PatternId};
use crate::ir::{Expr, TextFunction, TextTest};

/// What is asked of a text
#[derive(Clone, Debug)]
pub(crate) enum TextTruth {
    StartsWith(Words, Words),
    EndsWith(Words, Words),
    Contains(Words, Words),
    ContainsWordIn(Words, NamedListId),
    Matches(Words, PatternId),
}

/// Whether a value is in a named list
#[derive(Clone, Debug)]
pub(crate) enum Listed {
    Text(Words, NamedListId),
    Whole(Whole, NamedListId),
    Exact(Number, NamedListId),
}

/// A text made of others
#[derive(Clone, Debug)]
pub(crate) struct MadeText {
    pub(crate) how: Making,
    pub(crate) span: Span,
}

/// How a text is made
#[derive(Clone, Debug)]
pub(crate) enum Making {
    Lower(Words),
    Upper(Words),
    Trim(Words),
    Left(Words, Whole),
    Right(Words, Whole),
    Concat(Box<[Words]>),
}

impl Compiler {
    pub(super) fn text_test(&self, subject: &Expr, test: &TextTest) -> Truth {
        let subject = self.words(subject);
        Truth::Text(Box::new(match test {
            TextTest::StartsWith(part) => TextTruth::StartsWith(subject, self.words(part)),
            TextTest::EndsWith(part) => TextTruth::EndsWith(subject, self.words(part)),
            TextTest::Contains(part) => TextTruth::Contains(subject, self.words(part)),
            TextTest::ContainsWordIn(list) => {
                self.word_lists.borrow_mut().insert(*list);
                TextTruth::ContainsWordIn(subject, *list)
            }
            TextTest::Matches(pattern) => TextTruth::Matches(subject, *pattern),
        }))
    }

    pub(super) fn in_list(&self, subject: &Expr, list: NamedListId) -> Truth {
        Truth::Listed(Box::new(match Kind::of(subject.ty) {
            Kind::Text => Listed::Text(self.words(subject), list),
            Kind::Whole => Listed::Whole(self.whole(subject), list),
            Kind::Exact => Listed::Exact(self.number(subject), list),
        }))
    }

    pub(super) fn made_text(&self, function: TextFunction, parts: &[Expr], span: Span) -> Words {
        let how = match (function, parts) {
            (TextFunction::Lower, [text]) => Making::Lower(self.words(text)),
            (TextFunction::Upper, [text]) => Making::Upper(self.words(text)),
            (TextFunction::Trim, [text]) => Making::Trim(self.words(text)),
            (TextFunction::Left, [text, count]) => {
                Making::Left(self.words(text), self.whole(count))
            }
            (TextFunction::Right, [text, count]) => {
                Making::Right(self.words(text), self.whole(count))
            }
            (_, parts) => Making::Concat(parts.iter().map(|part| self.words(part)).collect()),
        };
        Words::Made(Box::new(MadeText { how, span }))
    }
}

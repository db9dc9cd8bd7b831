//! The parser that pest makes of `grammar.pest`.

use pest_derive::Parser;

/// Parses one head, entry or cell with the rule of its context
#[derive(Parser)]
#[grammar = "grammar.pest"]
pub(super) struct Grammar;

/// A part of what was parsed
pub(super) type Pair<'s> = pest::iterators::Pair<'s, Rule>;

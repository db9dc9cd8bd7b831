//! What is asked of texts, and named lists.

use std::ops::Range;

use super::condition::Tail;
use super::grammar::{Pair, Rule};
use super::parts::part;
use super::reader::Reader;
use crate::ast::{Expr, ExprKind, Item, ListValues, NamedListDecl, Text, TextTest};
use crate::scan::Node;
use crate::{Code, Diagnostic, Span};

impl Reader<'_> {
    /// Builds `starts with a`, `does not contain a`, `matches "…"`.
    pub(super) fn text_tail(&mut self, pair: &Pair<'_>) -> Option<Tail> {
        let mut negated = false;
        let mut does = false;
        let mut test = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::kw_does => does = true,
                Rule::kw_not => negated = true,
                _ => test = Some(part),
            }
        }
        let test = test?;
        let verb = test.clone().into_inner().next()?;
        let (holds, holds_not) = match verb.as_rule() {
            Rule::verb_start => ("starts", "start"),
            Rule::verb_end => ("ends", "end"),
            Rule::verb_contain => ("contains", "contain"),
            _ => ("matches", "match"),
        };
        let right = if negated {
            does && verb.as_str() == holds_not
        } else {
            !does && verb.as_str() == holds
        };
        if !right {
            let written = Span {
                end: self.span(&verb).end,
                ..self.span(pair)
            };
            let meant = if negated {
                format!("does not {holds_not}")
            } else {
                holds.to_owned()
            };
            let sign = self.quote(written);
            self.report_sign(&sign, &meant, written);
        }
        self.text_test(&test).map(|test| Tail::Text(negated, test))
    }

    fn text_test(&mut self, pair: &Pair<'_>) -> Option<TextTest> {
        let rule = pair.as_rule();
        if rule == Rule::word_in {
            if let (Some(within), Some(list)) = (part(pair, Rule::kw_in), part(pair, Rule::kw_list))
            {
                let written = self.span(&within).to(self.span(&list));
                self.report_sign("in list", "in", written);
            }
            return self.last_name(pair).map(TextTest::ContainsWordIn);
        }
        if rule == Rule::matches {
            let text = part(pair, Rule::text)?;
            return Some(TextTest::Matches(self.pattern(&text)));
        }
        let value = part(pair, Rule::sum).or_else(|| part(pair, Rule::bare))?;
        let value = Box::new(self.sum(value));
        Some(match rule {
            Rule::starts_with | Rule::bare_starts => TextTest::StartsWith(value),
            Rule::ends_with | Rule::bare_ends => TextTest::EndsWith(value),
            _ => TextTest::Contains(value),
        })
    }

    /// A pattern is what stands between the quotes: its backslashes are its own.
    fn pattern(&self, pair: &Pair<'_>) -> Text {
        let written = pair.as_str();
        let inner = written.get(1..written.len().saturating_sub(1));
        Text {
            text: inner.unwrap_or("").to_owned(),
            span: self.span(pair),
        }
    }

    /// Reports `x in names`, which is neither a range nor a list.
    pub(super) fn report_bare_list(&mut self, pair: &Pair<'_>) {
        let place = self.span(pair);
        let name = self.quote(place);
        self.report(
            Diagnostic::error(Code(143), "expected a range or a list after `in`", place)
                .label("a name alone is neither")
                .help(format!(
                    "write `in list {name}` for a named list, `in 1 to 5` for a range, `is {name}` for one value"
                )),
        );
    }

    /// Builds `list name = a, b, "c d"`, or `list name : text from "file"`.
    pub(super) fn named_list(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        self.no_body(node, "list");
        let pair = self.head(Rule::list_head, node, rest)?;
        let name = self.name_and_text(&pair).0;
        let mut values = Vec::new();
        let mut file = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::list_value => {
                    let value = part.into_inner().next();
                    values.extend(value.map(|value| self.list_value(value)));
                }
                Rule::in_file => file = self.list_file(part),
                _ => {}
            }
        }
        Some(Item::List(NamedListDecl {
            name: name?,
            values: file.map_or(ListValues::Written(values), ListValues::File),
            span: self.span_of(node),
        }))
    }

    fn list_value(&mut self, pair: Pair<'_>) -> Expr {
        if pair.as_rule() != Rule::list_words {
            return self.factor(pair);
        }
        let span = self.span(&pair);
        let first = part(&pair, Rule::name).map(|name| self.name(&name));
        if first.as_ref().is_none_or(|name| name.span != span) {
            let words = self.quote(span);
            self.report(
                Diagnostic::error(
                    Code(144),
                    "a text of more than a word stands in quotes",
                    span,
                )
                .label("more than a word")
                .help(format!(
                    "write `\"{words}\"`; with a comma in between, they are two values"
                )),
            );
        }
        Expr {
            kind: ExprKind::Text(first.map_or_else(String::new, |name| name.text)),
            span,
        }
    }
}

//! `example` and `test`.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::Span;
use crate::ast::{
    AssignedValue, Assignment, Example, Expectation, Item, Name, ShadowExpected, Share, Test,
};
use crate::scan::Node;

/// What one entry of a test says
enum TestEntry {
    Given {
        example: Option<Name>,
        with: Vec<Assignment>,
        span: Span,
    },
    Expect(Vec<Expectation>),
}

impl Reader<'_> {
    pub(super) fn example(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let name = self.named_head(node, rest);
        let mut values = Vec::new();
        let mut broken = false;
        for entry in self.body(node, "example")? {
            match self.entry(Rule::example_entry, entry) {
                Some(pair) => values.extend(self.assignments(&pair)),
                None => broken = true,
            }
        }
        if broken {
            return None;
        }
        Some(Item::Example(Example {
            name: name?,
            values,
            span: self.span_of(node),
        }))
    }

    pub(super) fn test(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::titled_head, node, rest);
        let title = head.and_then(|pair| self.name_and_text(&pair).1);
        let mut example = None;
        let mut with = Vec::new();
        let mut given: Option<Span> = None;
        let mut expects = Vec::new();
        let mut broken = false;
        for entry in self.body(node, "test")? {
            let pair = self.entry(Rule::test_entry, entry);
            match pair.and_then(|pair| self.test_entry(&pair)) {
                Some(TestEntry::Expect(more)) => expects.extend(more),
                Some(TestEntry::Given {
                    example: base,
                    with: values,
                    span,
                }) => match given {
                    Some(first) => self.report_twice("`given`", first, span),
                    None => {
                        given = Some(span);
                        example = base;
                        with = values;
                    }
                },
                None => broken = true,
            }
        }
        if broken {
            return None;
        }
        Some(Item::Test(Test {
            title: title?,
            given,
            example,
            with,
            expects,
            span: self.span_of(node),
        }))
    }

    fn test_entry(&mut self, pair: &Pair<'_>) -> Option<TestEntry> {
        let part = pair.clone().into_inner().next()?;
        if part.as_rule() == Rule::expect {
            let parts = part
                .into_inner()
                .filter(|part| part.as_rule() == Rule::expectation);
            return Some(TestEntry::Expect(
                parts.filter_map(|part| self.expectation(&part)).collect(),
            ));
        }
        let with = super::parts::part(&part, Rule::with_part);
        Some(TestEntry::Given {
            example: self.last_name(&part),
            with: with.map_or_else(Vec::new, |with| self.assignments(&with)),
            span: self.tight_span(&part),
        })
    }

    fn expectation(&mut self, pair: &Pair<'_>) -> Option<Expectation> {
        let mut parts = pair.clone().into_inner();
        let first = parts.next()?;
        if first.as_rule() == Rule::reasons_list {
            let span = self.tight_span(&first);
            return Some(Expectation::Reasons {
                codes: self.names(&first),
                span,
            });
        }
        if first.as_rule() == Rule::tags_list {
            return Some(Expectation::Tags {
                tags: self.names(&first),
                span: self.tight_span(&first),
            });
        }
        let path = self.path(&first);
        let last = parts.last()?;
        if matches!(last.as_rule(), Rule::row_is | Rule::rows_are) {
            let one = last.as_rule() == Rule::row_is;
            let rows = last.into_inner().filter_map(|part| self.row_name(&part));
            return Some(Expectation::Rows {
                table: path,
                rows: rows.collect(),
                one,
                span: self.tight_span(pair),
            });
        }
        if last.as_rule() == Rule::not_run {
            return Some(Expectation::NotRun(path));
        }
        let in_shadow = match last.as_rule() {
            Rule::kw_same => Some(ShadowExpected::Same),
            Rule::kw_different => Some(ShadowExpected::Different),
            Rule::kw_known => Some(ShadowExpected::NotKnown),
            _ => None,
        };
        if let Some(state) = in_shadow {
            return Some(Expectation::Shadow { path, state });
        }
        if last.as_rule() == Rule::rule_state {
            let fired = super::parts::part(&last, Rule::kw_not).is_none();
            return Some(Expectation::Rule { path, fired });
        }
        if last.as_rule() == Rule::not_asked {
            return Some(Expectation::NotAsked(path));
        }
        self.assignment(pair).map(Expectation::Equals)
    }

    /// Builds the name of a row, which may stand between quotes.
    fn row_name(&mut self, pair: &Pair<'_>) -> Option<Name> {
        let text = match pair.as_rule() {
            Rule::row_name => pair.as_str().to_owned(),
            Rule::text => self.quoted(pair).text,
            _ => return None,
        };
        let span = self.span(pair);
        Some(Name { text, span })
    }

    /// Builds the assignments that stand within a part.
    fn assignments(&mut self, pair: &Pair<'_>) -> Vec<Assignment> {
        let parts = pair
            .clone()
            .into_inner()
            .filter(|part| part.as_rule() == Rule::assignment);
        parts.filter_map(|part| self.assignment(&part)).collect()
    }

    fn assignment(&mut self, pair: &Pair<'_>) -> Option<Assignment> {
        let path = self.path(&super::parts::part(pair, Rule::path)?);
        let index = match super::parts::part(pair, Rule::index) {
            Some(index) => Some(self.index(&index)?),
            None => None,
        };
        let value = self.assigned(&super::parts::part(pair, Rule::assigned)?)?;
        Some(Assignment { path, index, value })
    }

    fn assigned(&mut self, pair: &Pair<'_>) -> Option<AssignedValue> {
        let part = pair.clone().into_inner().next()?;
        let span = self.tight_span(&part);
        Some(match part.as_rule() {
            Rule::kw_missing => AssignedValue::Missing(span),
            Rule::fault => AssignedValue::Fault(span),
            Rule::value_list => {
                let parts = part
                    .into_inner()
                    .filter(|part| part.as_rule() == Rule::assigned);
                let values: Option<Vec<AssignedValue>> =
                    parts.map(|part| self.assigned(&part)).collect();
                AssignedValue::List(values?, span)
            }
            Rule::value_record => AssignedValue::Record(self.assignments(&part), span),
            Rule::value_shares => {
                let shares = part
                    .into_inner()
                    .filter(|part| part.as_rule() == Rule::share);
                let shares: Option<Vec<Share>> = shares.map(|part| self.share(&part)).collect();
                AssignedValue::Shares(shares?, span)
            }
            _ => AssignedValue::Value(self.expression(part)),
        })
    }

    fn share(&mut self, pair: &Pair<'_>) -> Option<Share> {
        let label = match super::parts::part(pair, Rule::name) {
            Some(name) => self.name(&name),
            None => self.row_name(&super::parts::part(pair, Rule::row_name)?)?,
        };
        let value =
            super::parts::part(pair, Rule::expression).map(|value| self.expression(value))?;
        Some(Share { label, value })
    }
}

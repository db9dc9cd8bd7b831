//! `model` and `columns`.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::Span;
use crate::ast::{
    ColumnsDecl, Expr, ExprKind, Feed, Give, Given, Item, ModelDecl, ModelReasons, Name, OnFault,
    OutsideTraining, StandIn,
};
use crate::scan::Node;

/// How long a model may be waited for: a day
const MAX_WITHIN_MS: u64 = 86_400_000;
/// How many digits a model's answer may be rounded to
const MAX_DIGITS: u32 = 28;

impl<'s> Reader<'s> {
    pub(super) fn columns(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let name = self.named_head(node, rest);
        let entries = self.body(node, "columns")?;
        let columns = self.feeds(entries);
        Some(Item::Columns(ColumnsDecl {
            name: name?,
            columns: columns?,
            span: self.span_of(node),
        }))
    }

    pub(super) fn model(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::model_head, node, rest);
        let each = head.as_ref().and_then(|pair| {
            let each = super::parts::part(pair, Rule::for_each)?;
            self.last_name(&each)
        });
        let shadow = head.as_ref().and_then(|pair| {
            let word = super::parts::part(pair, Rule::kw_shadow)?;
            Some(self.span(&word))
        });
        let (name, file) = match head {
            Some(pair) => self.name_and_text(&pair),
            None => (None, None),
        };
        let mut feed = None;
        let mut feeds = Vec::new();
        let mut gives = Vec::new();
        let mut reasons: Option<ModelReasons> = None;
        let mut outside_training = None;
        let mut within_ms = None;
        let mut on_fault: Option<OnFault> = None;
        let mut stand_in: Option<StandIn> = None;
        let mut broken = false;
        for entry in self.body(node, "model")? {
            let part = self.entry_with_block(Rule::model_entry, entry, &["feed", "reasons"]);
            let place = self.span_of(entry);
            match part.as_ref().map(Pair::as_rule) {
                Some(Rule::feed_head) => {
                    feed = feed.or(Some(place));
                    match entry.body.as_deref().and_then(|body| self.feeds(body)) {
                        Some(more) => feeds.extend(more),
                        None => broken = true,
                    }
                }
                Some(Rule::give) => match part.and_then(|part| self.give(&part, place)) {
                    Some(give) => gives.push(give),
                    None => broken = true,
                },
                Some(Rule::reasons_of_model) => {
                    let read = part.and_then(|part| self.model_reasons(&part, entry));
                    match (&reasons, read) {
                        (Some(first), _) => self.report_twice("`reasons`", first.span, place),
                        (None, None) => broken = true,
                        (None, read) => reasons = read,
                    }
                }
                Some(Rule::outside_training) => {
                    let recorded = part.and_then(|part| super::parts::part(&part, Rule::kw_record));
                    let said = match recorded {
                        Some(_) => OutsideTraining::Record,
                        None => OutsideTraining::Fault,
                    };
                    match outside_training {
                        Some((_, first)) => {
                            self.report_twice("`outside training range`", first, place);
                        }
                        None => outside_training = Some((said, place)),
                    }
                }
                Some(Rule::within) => {
                    let count = part.and_then(|part| super::parts::part(&part, Rule::count));
                    match (
                        count.and_then(|count| self.count(&count, MAX_WITHIN_MS)),
                        within_ms,
                    ) {
                        (_, Some((_, first))) => self.report_twice("`within`", first, place),
                        (Some(ms), None) => within_ms = Some((ms, place)),
                        (None, None) => broken = true,
                    }
                }
                Some(rule) => {
                    let said = on_fault.as_ref().map(|first| first.span);
                    let first = said.or(stand_in.as_ref().map(|first| first.span));
                    if let Some(first) = first {
                        self.report_twice("`on fault`", first, place);
                    } else if rule == Rule::stand_in {
                        stand_in = part.and_then(|part| self.stand_in(&part));
                        broken |= stand_in.is_none();
                    } else {
                        on_fault = part.and_then(|part| self.on_fault(&part));
                        broken |= on_fault.is_none();
                    }
                }
                None => broken = true,
            }
        }
        if broken {
            return None;
        }
        let span = self.span_of(node);
        Some(Item::Model(ModelDecl {
            name: name?,
            file: file?,
            each,
            shadow,
            feed,
            feeds,
            gives,
            reasons,
            outside_training,
            within_ms,
            on_fault,
            stand_in,
            span,
        }))
    }

    /// Parses one entry, which has a block where it begins with one of these words.
    pub(super) fn entry_with_block(
        &mut self,
        rule: Rule,
        entry: &Node,
        blocks: &[&str],
    ) -> Option<Pair<'s>> {
        let first = self.nth_word(entry, 0);
        let block = first.and_then(|first| blocks.iter().find(|block| first.text == **block));
        let pair = match block {
            Some(block) => {
                self.body(entry, block)?;
                self.head(rule, entry, entry.head.clone())
            }
            None => self.entry(rule, entry),
        };
        pair.and_then(|pair| pair.into_inner().next())
    }

    /// Builds columns or feeds; `None` where one is broken.
    pub(super) fn feeds(&mut self, entries: &[Node]) -> Option<Vec<Feed>> {
        let mut feeds = Vec::new();
        let mut broken = false;
        for entry in entries {
            let Some(pair) = self.entry(Rule::feed_entry, entry) else {
                broken = true;
                continue;
            };
            for part in pair
                .into_inner()
                .filter(|part| part.as_rule() == Rule::feed)
            {
                feeds.extend(self.feed(&part));
            }
        }
        if broken { None } else { Some(feeds) }
    }

    fn feed(&mut self, pair: &Pair<'_>) -> Option<Feed> {
        let span = self.tight_span(pair);
        let mut target = None;
        let mut path = None;
        let mut value = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::text => {
                    let text = self.quoted(&part);
                    target = Some(Name {
                        text: text.text,
                        span: text.span,
                    });
                }
                Rule::path => {
                    let read = self.path(&part);
                    target = Some(Name {
                        text: read.text.clone(),
                        span: read.span,
                    });
                    path = Some(read);
                }
                Rule::index => {
                    let (path, index) = (path.take()?, self.index(&part)?);
                    let span = path.span.to(self.tight_span(&part));
                    target = Some(Name {
                        text: format!("{}[{index}]", path.text),
                        span,
                    });
                    let kind = ExprKind::Index { path, index };
                    value = Some(Expr { kind, span });
                }
                Rule::expression => value = Some(self.expression(part)),
                _ => {}
            }
        }
        let value = match (value, path) {
            (Some(value), _) => value,
            (None, path) => path.map(|path| Expr {
                span: path.span,
                kind: ExprKind::Path(path),
            })?,
        };
        Some(Feed {
            target: target?,
            value,
            span,
        })
    }

    fn give(&mut self, pair: &Pair<'_>, span: Span) -> Option<Give> {
        let name = super::parts::part(pair, Rule::name).map(|name| self.name(&name));
        let rounded = match super::parts::part(pair, Rule::rounded) {
            Some(part) => {
                let place = self.tight_span(&part);
                let count = super::parts::part(&part, Rule::count)?;
                Some((self.small_count(&count, MAX_DIGITS)?, place))
            }
            None => None,
        };
        let answers = pair
            .clone()
            .into_inner()
            .find(|part| matches!(part.as_rule(), Rule::one_answer | Rule::answer_a_label))?;
        let (given, output) = match answers.as_rule() {
            Rule::one_answer => self.one_answer(&answers)?,
            _ => self.answer_a_label(&answers)?,
        };
        Some(Give {
            name: name?,
            given,
            output,
            rounded,
            span,
        })
    }

    fn one_answer(&mut self, pair: &Pair<'_>) -> Option<(Given, Name)> {
        let mut ty = None;
        let mut range = None;
        let mut output = None;
        let mut class = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::type_expr => ty = Some(self.type_expr(&part)),
                Rule::in_range => range = self.in_range(&part),
                Rule::text | Rule::path => output = Some(self.output_name(&part)),
                Rule::of_class => class = part.into_inner().last().map(|value| self.factor(value)),
                _ => {}
            }
        }
        let ty = ty?;
        Some((Given::Value { ty, range, class }, output?))
    }

    fn answer_a_label(&mut self, pair: &Pair<'_>) -> Option<(Given, Name)> {
        let mut of = None;
        let mut output = None;
        let mut named_by = None;
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::type_name => of = Some(self.name(&part)),
                Rule::text | Rule::path => output = Some(self.output_name(&part)),
                Rule::named_by => {
                    let file = super::parts::part(&part, Rule::text)?;
                    named_by = Some(self.quoted(&file));
                }
                _ => {}
            }
        }
        let of = of?;
        Some((Given::Distribution { of, named_by }, output?))
    }

    /// The name of a model's output, quoted or not.
    fn output_name(&mut self, pair: &Pair<'_>) -> Name {
        let (text, span) = match pair.as_rule() {
            Rule::text => {
                let text = self.quoted(pair);
                (text.text, text.span)
            }
            _ => {
                let path = self.path(pair);
                (path.text, path.span)
            }
        };
        Name { text, span }
    }
}

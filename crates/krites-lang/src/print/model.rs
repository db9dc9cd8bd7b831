//! Models and what they are fed with.

use super::fields::{in_range, set_to};
use super::items::{alone, titled};
use super::lines::{Entry, Writer};
use super::phrase::{COLUMNS, Phrase, width};
use super::{expr, names, types};
use crate::ast::{
    Adverse, ColumnsDecl, ExprKind, Feed, Give, Given, ModelDecl, ModelReasons, OutsideTraining,
    SubpolicyDecl,
};

impl Writer<'_> {
    pub(super) fn columns(&mut self, decl: &ColumnsDecl, at: u32) {
        self.open(at, titled("columns", &decl.name.text, None));
        self.feeds(&decl.columns);
        self.close(at);
    }

    /// Makes the line of columns that no comment stands among, where it fits.
    pub(super) fn one_line_columns(&self, decl: &ColumnsDecl, at: u32) -> Option<Entry> {
        let head = titled("columns", &decl.name.text, None);
        self.one_line_feeds(head, &decl.columns, at)
    }

    fn one_line_feeds(&self, mut line: Phrase, feeds: &[Feed], at: u32) -> Option<Entry> {
        let noted = self.is_noted(at, feeds.iter().map(|feed| feed.span.start));
        line.push(" {");
        for (at, feed) in feeds.iter().enumerate() {
            line.push(if at > 0 { ", " } else { " " });
            let Entry { columns, parts } = self::feed(feed);
            for part in columns {
                line.append(part);
            }
            for part in parts {
                line.push(" ");
                line.append(part);
            }
        }
        line.push(" }");
        (!noted && width(line.flat()) <= COLUMNS).then(|| alone(line))
    }

    pub(super) fn model(&mut self, model: &ModelDecl, at: u32) {
        let mut head = titled("model", &model.name.text, None);
        head.push(" from ");
        head.push(&names::text(&model.file.text));
        if let Some(each) = &model.each {
            head.push(" for each of ");
            head.name(&each.text);
        }
        if model.shadow.is_some() {
            head.push(" shadow");
        }
        self.open(at, head);
        if let Some(span) = model.feed {
            self.feed_block(&model.feeds, span.start);
        }
        for give in &model.gives {
            self.entry(give.span.start, self::give(give));
        }
        if let Some(reasons) = &model.reasons {
            self.reasons_of_model(reasons);
        }
        if let Some((said, span)) = model.outside_training {
            let line = match said {
                OutsideTraining::Fault => "outside training range fault",
                OutsideTraining::Record => "outside training range record",
            };
            self.entry(span.start, alone(Phrase::from(line)));
        }
        if let Some((ms, span)) = model.within_ms {
            self.entry(
                span.start,
                alone(Phrase::from(format!("within {ms} ms").as_str())),
            );
        }
        if let Some(on_fault) = &model.on_fault {
            let mut line = Phrase::from("on fault ");
            line.append(super::decide::leads_to(on_fault));
            self.entry(on_fault.span.start, alone(line));
        }
        if let Some(stand_in) = &model.stand_in {
            let line = super::decide::stands_in(stand_in);
            self.entry(stand_in.span.start, alone(line));
        }
        self.close(at);
    }

    pub(super) fn subpolicy(&mut self, decl: &SubpolicyDecl, at: u32) {
        let mut head = titled("subpolicy", &decl.name.text, None);
        head.push(" from ");
        head.push(&names::text(&decl.policy.text));
        self.open(at, head);
        if let Some(span) = decl.feed {
            self.feed_block(&decl.feeds, span.start);
        }
        for give in &decl.gives {
            let name = titled("give", &give.name.text, None);
            let mut declared = Phrase::from(": ");
            types::write(&give.ty, &mut declared);
            let mut from = Phrase::from("= ");
            from.name(&give.from.text);
            let line = Entry {
                columns: vec![name, declared],
                parts: vec![from],
            };
            self.entry(give.span.start, line);
        }
        if let Some(on_fault) = &decl.on_fault {
            let mut line = Phrase::from("on fault ");
            line.append(super::decide::leads_to(on_fault));
            self.entry(on_fault.span.start, alone(line));
        }
        self.close(at);
    }

    fn reasons_of_model(&mut self, reasons: &ModelReasons) {
        let mut head = Phrase::from("reasons");
        if let Some((adverse, answer)) = &reasons.of {
            head.push(match adverse {
                Adverse::High => " for high ",
                Adverse::Low => " for low ",
            });
            head.name(&answer.text);
        }
        if reasons.verified.is_some() {
            head.push(" verified");
        }
        self.open(reasons.span.start, head);
        for feature in &reasons.features {
            let name = &feature.feature.text;
            let mut column = Phrase::default();
            let element = name.strip_suffix(']').and_then(|name| name.split_once('['));
            let is_element = element.is_some_and(|(series, index)| {
                names::is_plain(series) && index.bytes().all(|byte| byte.is_ascii_digit())
            });
            if names::is_plain(name) || is_element {
                column.push(name);
            } else {
                column.push(&names::text(name));
            }
            let mut because = Phrase::from(": ");
            because.name(&feature.because.text);
            let line = Entry {
                columns: vec![column],
                parts: vec![because],
            };
            self.entry(feature.span.start, line);
        }
        self.close(reasons.span.start);
    }

    /// Writes what a model or policy is fed with; one value stands on one line.
    fn feed_block(&mut self, feeds: &[Feed], at: u32) {
        let head = || Phrase::from("feed");
        if let [_] = feeds
            && let Some(line) = self.one_line_feeds(head(), feeds, at)
        {
            return self.entry(at, line);
        }
        self.open(at, head());
        self.feeds(feeds);
        self.close(at);
    }

    fn feeds(&mut self, feeds: &[Feed]) {
        for feed in feeds {
            self.entry(feed.span.start, self::feed(feed));
        }
    }
}

fn feed(feed: &Feed) -> Entry {
    let target = &feed.target.text;
    let mut column = Phrase::default();
    // A name alone is fed under itself
    let own = match &feed.value.kind {
        ExprKind::Path(path) => names::is_plain(target) && path.text == *target,
        ExprKind::Index { path, index } => format!("{}[{index}]", path.text) == *target,
        _ => false,
    };
    if own {
        expr::whole(&feed.value, &mut column);
    } else if names::is_plain(target) {
        column.push(target);
    } else {
        column.push(&names::text(target));
    }
    Entry {
        columns: vec![column],
        parts: (!own).then(|| set_to(&feed.value)).into_iter().collect(),
    }
}

fn give(give: &Give) -> Entry {
    let name = titled("give", &give.name.text, None);
    let mut declared = Phrase::from(": ");
    match &give.given {
        Given::Value { ty, range, .. } => {
            types::write(ty, &mut declared);
            in_range(range.as_ref(), &mut declared);
        }
        Given::Distribution { of, .. } => {
            declared.push("distribution of ");
            declared.push(&names::type_name(&of.text));
        }
    }
    let mut output = Phrase::from("= ");
    if names::is_plain(&give.output.text) {
        output.push(&give.output.text);
    } else {
        output.push(&names::text(&give.output.text));
    }
    match &give.given {
        Given::Value {
            class: Some(class), ..
        } => {
            output.push(" of class ");
            expr::part(class, expr::Level::Value, &mut output);
        }
        Given::Distribution {
            named_by: Some(file),
            ..
        } => {
            output.push(" named by ");
            output.push(&names::text(&file.text));
        }
        _ => {}
    }
    if let Some((digits, _)) = give.rounded {
        let noun = if digits == 1 { "digit" } else { "digits" };
        output.push(&format!(" rounded to {digits} {noun}"));
    }
    Entry {
        columns: vec![name, declared],
        parts: vec![output],
    }
}

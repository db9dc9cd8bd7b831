//! The policy's header.

use super::items::{entry, titled};
use super::lines::Writer;
use super::phrase::Phrase;
use super::suffix::rounding;
use super::{expr, names};
use crate::ast::{Budget, CardDemand, CardDemands, PolicyHeader};

impl Writer<'_> {
    pub(super) fn policy(&mut self, header: &PolicyHeader, at: u32) {
        self.open(
            at,
            titled("policy", &header.name.text, header.title.as_ref()),
        );
        let texts = [
            ("version", &header.version),
            ("owner", &header.owner),
            ("time zone", &header.time_zone),
        ];
        for (word, text) in texts {
            if let Some(text) = text {
                let value = Phrase::from(names::text(&text.text).as_str());
                self.entry(text.span.start, entry([word], value));
            }
        }
        if let Some((mode, span)) = header.rounding {
            self.entry(
                span.start,
                entry(["rounding"], Phrase::from(rounding(mode))),
            );
        }
        if let Some(on_fault) = &header.on_fault {
            self.entry(
                on_fault.span.start,
                entry(["on fault"], super::decide::leads_to(on_fault)),
            );
        }
        if let Some(budget) = &header.budget {
            self.entry(budget.span.start, entry(["budget"], self::budget(budget)));
        }
        if let Some(demands) = &header.demands {
            self.entry(
                demands.span.start,
                entry(["models state"], self::demands(demands)),
            );
        }
        self.close(at);
    }
}

fn demands(demands: &CardDemands) -> Phrase {
    let mut value = Phrase::default();
    for (at, demand) in demands.all.iter().enumerate() {
        expr::separate(at, &mut value);
        match demand {
            CardDemand::Field(field) => value.push(&field.text),
            CardDemand::Metric {
                name,
                at_least,
                bound,
            } => {
                value.name(&name.text);
                value.push(if *at_least { " at least " } else { " at most " });
                expr::part(bound, expr::Level::Value, &mut value);
            }
        }
    }
    value
}

fn budget(budget: &Budget) -> Phrase {
    let mut value = Phrase::default();
    let parts = [(budget.steps, "step"), (budget.model_calls, "model call")];
    let parts = parts
        .into_iter()
        .filter_map(|(most, thing)| Some((most?, thing)));
    for (at, (most, thing)) in parts.enumerate() {
        expr::separate(at, &mut value);
        let many = if most == 1 { "" } else { "s" };
        value.push(&format!(
            "{} {thing}{many}",
            names::number(&most.to_string())
        ));
    }
    value
}

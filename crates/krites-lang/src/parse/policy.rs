//! `policy name "title" { … }`

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use super::rounding::rounding;
use crate::Span;
use crate::ast::{
    Budget, CardDemand, CardDemands, Item, Name, OnFault, PolicyHeader, Rounding, Text,
};
use crate::scan::Node;

impl Reader<'_> {
    pub(super) fn policy(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::policy_head, node, rest);
        let (name, title) = match head {
            Some(pair) => self.name_and_text(&pair),
            None => (None, None),
        };
        let mut header = name.map(|name| PolicyHeader {
            name,
            title,
            version: None,
            owner: None,
            time_zone: None,
            rounding: None,
            on_fault: None,
            budget: None,
            demands: None,
            span: self.span_of(node),
        });
        for entry in self.body(node, "policy")? {
            let read = self
                .entry(Rule::policy_entry, entry)
                .and_then(|pair| self.policy_entry(&pair));
            // A broken entry takes the whole header with it
            header = match (header, read) {
                (Some(header), Some(read)) => Some(self.with_entry(header, read)),
                _ => None,
            };
        }
        header.map(Item::Policy)
    }

    fn policy_entry(&mut self, pair: &Pair<'_>) -> Option<PolicyEntry> {
        let part = pair.clone().into_inner().next()?;
        let span = self.tight_span(&part);
        let rule = part.as_rule();
        if rule == Rule::on_fault {
            return self.on_fault(&part).map(PolicyEntry::OnFault);
        }
        if rule == Rule::budget_entry {
            return self.budget(&part, span).map(PolicyEntry::Budget);
        }
        if rule == Rule::models_state {
            return Some(PolicyEntry::Demands(self.card_demands(&part, span)?));
        }
        let value = part.into_inner().last()?;
        Some(match rule {
            Rule::rounding_entry => PolicyEntry::Rounding(rounding(value.as_str()), span),
            Rule::version_entry => PolicyEntry::Version(self.quoted(&value), span),
            Rule::owner_entry => PolicyEntry::Owner(self.quoted(&value), span),
            _ => PolicyEntry::TimeZone(self.quoted(&value), span),
        })
    }

    fn with_entry(&mut self, mut header: PolicyHeader, entry: PolicyEntry) -> PolicyHeader {
        match entry {
            PolicyEntry::Version(text, span) => {
                self.set_text("`version`", &mut header.version, text, span)
            }
            PolicyEntry::Owner(text, span) => {
                self.set_text("`owner`", &mut header.owner, text, span)
            }
            PolicyEntry::TimeZone(text, span) => {
                self.set_text("`time zone`", &mut header.time_zone, text, span)
            }
            PolicyEntry::Rounding(rounding, span) => match header.rounding {
                Some((_, first)) => self.report_twice("`rounding`", first, span),
                None => header.rounding = Some((rounding, span)),
            },
            PolicyEntry::OnFault(on_fault) => match &header.on_fault {
                Some(first) => self.report_twice("`on fault`", first.span, on_fault.span),
                None => header.on_fault = Some(on_fault),
            },
            PolicyEntry::Budget(budget) => match &header.budget {
                Some(first) => self.report_twice("`budget`", first.span, budget.span),
                None => header.budget = Some(budget),
            },
            PolicyEntry::Demands(demands) => match &header.demands {
                Some(first) => self.report_twice("`models state`", first.span, demands.span),
                None => header.demands = Some(demands),
            },
        }
        header
    }

    fn card_demands(&mut self, pair: &Pair<'_>, span: Span) -> Option<CardDemands> {
        let demands = pair.clone().into_inner();
        let demands = demands.filter(|part| part.as_rule() == Rule::card_demand);
        let all: Option<Vec<CardDemand>> = demands
            .map(|demand| {
                let demand = demand.into_inner().next()?;
                if demand.as_rule() == Rule::card_field {
                    let words: Vec<&str> = demand.as_str().split_whitespace().collect();
                    return Some(CardDemand::Field(Name {
                        text: words.join(" "),
                        span: self.tight_span(&demand),
                    }));
                }
                let name = super::parts::part(&demand, Rule::name)?;
                let bound = super::parts::part(&demand, Rule::number)?;
                Some(CardDemand::Metric {
                    name: self.name(&name),
                    at_least: super::parts::part(&demand, Rule::at_least).is_some(),
                    bound: self.factor(bound),
                })
            })
            .collect();
        Some(CardDemands { all: all?, span })
    }

    fn budget(&mut self, pair: &Pair<'_>, span: Span) -> Option<Budget> {
        let mut budget = Budget {
            steps: None,
            model_calls: None,
            span,
        };
        for part in pair.clone().into_inner() {
            let place = match part.as_rule() {
                Rule::step_budget => &mut budget.steps,
                Rule::call_budget => &mut budget.model_calls,
                _ => continue,
            };
            let number = super::parts::part(&part, Rule::at_most_so_many)?;
            *place = Some(self.most(&number)?);
        }
        Some(budget)
    }

    /// Reads a count with `_` between its digits.
    fn most(&mut self, number: &Pair<'_>) -> Option<u64> {
        let digits = number.as_str().replace('_', "");
        let read = digits.parse().ok();
        if read.is_none() {
            let allowed = format!("at most {}", u64::MAX);
            self.report_number(number, &allowed, "write a number of at most 19 digits");
        }
        read
    }
}

/// One entry of the header
enum PolicyEntry {
    Version(Text, Span),
    Owner(Text, Span),
    TimeZone(Text, Span),
    Rounding(Rounding, Span),
    OnFault(OnFault),
    Budget(Budget),
    Demands(CardDemands),
}

//! What a rule says, and what a fault leads to: outcome, values, reason, tags.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{Name, OnFault, Outcome, StandIn, Verdict, WithValue};

impl Reader<'_> {
    /// Builds what the rule says whose parts these are.
    pub(super) fn verdict(&mut self, rule: &Pair<'_>) -> Option<Verdict> {
        let then = super::parts::part(rule, Rule::then)?;
        let mut outcome = None;
        let mut tags = self.tags(rule);
        for part in then.into_inner() {
            match part.as_rule() {
                Rule::name => outcome = Some(Outcome::Label(self.name(&part))),
                Rule::group => {
                    let inner = super::parts::part(&part, Rule::expression)?;
                    outcome = Some(Outcome::Computed(self.expression(inner)));
                }
                Rule::tags => tags.extend(self.names(&part)),
                _ => {}
            }
        }
        Some(Verdict {
            outcome,
            with: self.with_values(rule)?,
            because: self.reason_of(rule),
            tags,
        })
    }

    /// Builds the values behind `with` among the parts of something.
    pub(super) fn with_values(&mut self, pair: &Pair<'_>) -> Option<Vec<WithValue>> {
        match super::parts::part(pair, Rule::with_values) {
            Some(values) => self.values_of(&values, Rule::with_value),
            None => Some(Vec::new()),
        }
    }

    fn values_of(&mut self, pair: &Pair<'_>, rule: Rule) -> Option<Vec<WithValue>> {
        let parts = pair.clone().into_inner();
        let parts = parts.filter(|part| part.as_rule() == rule);
        parts
            .map(|part| {
                let name = self.last_name(&part)?;
                let value = part.into_inner().last()?;
                let value = match value.as_rule() {
                    Rule::expression => self.expression(value),
                    _ => self.sum(value),
                };
                Some(WithValue { name, value })
            })
            .collect()
    }

    /// Returns the tags among the parts of something.
    fn tags(&self, pair: &Pair<'_>) -> Vec<Name> {
        super::parts::part(pair, Rule::tags).map_or_else(Vec::new, |tags| self.names(&tags))
    }

    /// Returns all names directly within a part.
    pub(super) fn names(&self, pair: &Pair<'_>) -> Vec<Name> {
        let parts = pair.clone().into_inner();
        let names = parts.filter(|part| part.as_rule() == Rule::name);
        names.map(|name| self.name(&name)).collect()
    }

    fn reason_of(&self, pair: &Pair<'_>) -> Option<Name> {
        super::parts::part(pair, Rule::because).and_then(|because| self.last_name(&because))
    }

    /// Builds `on fault refer because M00`.
    pub(super) fn on_fault(&mut self, pair: &Pair<'_>) -> Option<OnFault> {
        Some(OnFault {
            outcome: self.names(pair).pop()?,
            with: self.with_values(pair)?,
            because: self.reason_of(pair),
            tags: self.tags(pair),
            span: self.tight_span(pair),
        })
    }

    /// Builds `on fault use score = 0 and tag late`.
    pub(super) fn stand_in(&mut self, pair: &Pair<'_>) -> Option<StandIn> {
        Some(StandIn {
            answers: self.values_of(pair, Rule::answer)?,
            tags: self.tags(pair),
            span: self.tight_span(pair),
        })
    }
}

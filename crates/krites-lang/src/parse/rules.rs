//! `rules` and `decide`.

use std::ops::Range;

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::Span;
use crate::ast::{
    self, Decide, DecidePolicy, DecidedValue, Item, Name, RuleSet, RuleSetMode, Step,
};
use crate::scan::Node;

impl Reader<'_> {
    pub(super) fn rules(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::rules_head, node, rest);
        let mut name = None;
        let mut mode = RuleSetMode::All;
        let validity = head.as_ref().map(|head| self.validity(head));
        for part in head.into_iter().flat_map(Pair::into_inner) {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::set_mode if part.as_str() == "first" => mode = RuleSetMode::First,
                _ => {}
            }
        }
        let set = name
            .clone()
            .or_else(|| self.nth_word(node, 1))
            .map_or_else(String::new, |name| name.text);
        let mut rules = Vec::new();
        for entry in self.body(node, "rules")? {
            let pair = self.entry(Rule::rule_entry, entry);
            let rule = pair.and_then(|pair| super::parts::part(&pair, Rule::one_rule));
            match rule.and_then(|rule| self.rule(&rule, self.span_of(entry))) {
                Some(rule) => rules.push(rule),
                None => {
                    // Others refer to the rule as `set.rule`; words may stand before it
                    let is_rule = |at: &usize| {
                        let word = self.nth_word(entry, *at);
                        word.is_some_and(|word| word.text == "rule")
                    };
                    let behind = (0..2).find(is_rule).map_or(1, |at| at + 1);
                    let name = self.nth_word(entry, behind);
                    let name = name.map(|name| Name {
                        text: format!("{set}.{}", name.text),
                        ..name
                    });
                    self.lose("rules", name, entry);
                }
            }
        }
        Some(Item::Rules(RuleSet {
            name: name?,
            validity: validity.unwrap_or_default(),
            mode,
            rules,
            span: self.span_of(node),
        }))
    }

    fn rule(&mut self, pair: &Pair<'_>, span: Span) -> Option<ast::Rule> {
        let (name, title) = self.name_and_text(pair);
        let when = super::parts::part(pair, Rule::when);
        let on_fault = super::parts::part(pair, Rule::on_fault);
        Some(ast::Rule {
            name: name?,
            title,
            when: match when {
                Some(when) => Some(self.when(&when)?),
                None => None,
            },
            then: self.verdict(pair)?,
            shadow: super::parts::part(pair, Rule::kw_shadow).map(|word| self.span(&word)),
            on_fault: match on_fault {
                Some(on_fault) => Some(self.on_fault(&on_fault)?),
                None => None,
            },
            validity: self.validity(pair),
            span,
        })
    }

    /// Returns the condition of `when condition`.
    pub(super) fn when(&mut self, pair: &Pair<'_>) -> Option<ast::Expr> {
        super::parts::part(pair, Rule::expression).map(|condition| self.expression(condition))
    }

    pub(super) fn decide(&mut self, node: &Node, rest: Range<usize>) -> Option<Item> {
        let head = self.head(Rule::decide_head, node, rest);
        let mut name = None;
        let mut ty = None;
        let mut policy = DecidePolicy::MostSevere;
        let mut values = Vec::new();
        let mut broken = false;
        for part in head.into_iter().flat_map(Pair::into_inner) {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::type_name => ty = Some(self.name(&part)),
                Rule::first_match => policy = DecidePolicy::FirstMatch,
                Rule::decided_values => {
                    let parts = part.into_inner();
                    let parts = parts.filter(|part| part.as_rule() == Rule::decided_value);
                    values.extend(parts.filter_map(|part| self.decided_value(&part)));
                }
                _ => {}
            }
        }
        let mut steps = Vec::new();
        for entry in self.body(node, "decide")? {
            match self
                .entry(Rule::decide_entry, entry)
                .and_then(|pair| self.step(&pair, self.span_of(entry)))
            {
                Some(step) => steps.push(step),
                None => broken = true,
            }
        }
        if broken {
            return None;
        }
        Some(Item::Decide(Decide {
            name: name?,
            ty: ty?,
            policy,
            values,
            steps,
            span: self.span_of(node),
        }))
    }

    fn decided_value(&mut self, pair: &Pair<'_>) -> Option<DecidedValue> {
        let ty = super::parts::part(pair, Rule::type_expr)?;
        Some(DecidedValue {
            name: self.last_name(pair)?,
            ty: self.type_expr(&ty),
        })
    }

    fn step(&mut self, pair: &Pair<'_>, span: Span) -> Option<Step> {
        let part = pair.clone().into_inner().next()?;
        match part.as_rule() {
            Rule::one_rule => self.rule(&part, span).map(Step::Rule),
            Rule::evaluate => Some(Step::Evaluate {
                path: self.path(&super::parts::part(&part, Rule::path)?),
                with: self.with_values(&part)?,
                span,
            }),
            _ => {
                let at_least = super::parts::part(&part, Rule::at_least).is_some();
                self.last_name(&part).map(|outcome| Step::StopOnce {
                    at_least,
                    outcome,
                    span,
                })
            }
        }
    }
}

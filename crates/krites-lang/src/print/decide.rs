//! Rules, the decision, and when a part of the policy holds.

use super::expr::whole;
use super::items::{alone, titled};
use super::lines::{Entry, Writer};
use super::names;
use super::phrase::Phrase;
use crate::Span;
use crate::ast::{Decide, OnFault, Rule, RuleSet, RuleSetMode, Step, Until, Validity};

impl Writer<'_> {
    pub(super) fn rules(&mut self, set: &RuleSet, at: u32) {
        let mode = match set.mode {
            RuleSetMode::All => "all",
            RuleSetMode::First => "first",
        };
        let name = names::declared(&set.name.text);
        let off = off(&set.validity);
        let mut head = Phrase::from(format!("rules {name}{off} {mode}").as_str());
        days(&set.validity, &mut head);
        self.open(at, head);
        for rule in &set.rules {
            self.entry(rule.span.start, self::rule(rule));
        }
        self.close(at);
    }

    pub(super) fn decide(&mut self, decide: &Decide, at: u32) {
        let name = names::declared(&decide.name.text);
        let ty = names::type_name(&decide.ty.text);
        self.open(
            at,
            Phrase::from(format!("decide {name} : {ty} most severe").as_str()),
        );
        for step in &decide.steps {
            let Span { start, .. } = step.span();
            self.entry(start, self::step(step));
        }
        self.close(at);
    }
}

/// Writes what a fault leads to.
pub(super) fn leads_to(on_fault: &OnFault) -> Phrase {
    let mut value = Phrase::default();
    value.name(&on_fault.outcome.text);
    because(on_fault.because.as_ref(), &mut value);
    value
}

fn because(code: Option<&crate::ast::Name>, out: &mut Phrase) {
    if let Some(code) = code {
        out.push(" because ");
        out.name(&code.text);
    }
}

/// The word behind a name that is switched off.
pub(super) fn off(validity: &Validity) -> &'static str {
    if validity.off.is_some() { " off" } else { "" }
}

/// Writes the days on which something holds behind it.
pub(super) fn days(validity: &Validity, out: &mut Phrase) {
    if let Some(day) = &validity.from {
        out.push(&format!(" from {}", day.text));
    }
    if let Some((until, day)) = &validity.until {
        let word = match until {
            Until::Through => "through",
            Until::Before => "before",
        };
        out.push(&format!(" {word} {}", day.text));
    }
}

fn rule(rule: &Rule) -> Entry {
    let mut when = Phrase::default();
    match &rule.when {
        Some(condition) => {
            when.push("when ");
            whole(condition, &mut when);
        }
        None => when.push("otherwise"),
    }
    let mut then = Phrase::from("then ");
    then.name(&rule.then.text);
    because(rule.because.as_ref(), &mut then);
    days(&rule.validity, &mut then);
    let mut head = titled("rule", &rule.name.text, None);
    head.push(off(&rule.validity));
    if let Some(title) = &rule.title {
        head.push(" ");
        head.push(&names::text(&title.text));
    }
    Entry {
        columns: Vec::new(),
        parts: vec![head, when, then],
    }
}

fn step(step: &Step) -> Entry {
    match step {
        Step::Rule(rule) => self::rule(rule),
        Step::Evaluate(path) => {
            let mut line = Phrase::from("evaluate ");
            line.name(&path.text);
            alone(line)
        }
        Step::StopOnce {
            at_least, outcome, ..
        } => {
            let mut line = Phrase::from(if *at_least {
                "stop once at least "
            } else {
                "stop once "
            });
            line.name(&outcome.text);
            alone(line)
        }
    }
}

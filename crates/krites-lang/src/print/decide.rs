//! Rules, the decision, and when a part of the policy holds.

use super::expr::{separate, whole};
use super::items::{alone, titled};
use super::lines::{Entry, Writer};
use super::phrase::Phrase;
use super::{names, types};
use crate::Span;
use crate::ast::{
    Always, Decide, DecidePolicy, Name, OnFault, Outcome, Rule, RuleSet, RuleSetMode, StandIn,
    Step, Until, Validity, WithValue,
};

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
        let policy = match decide.policy {
            DecidePolicy::MostSevere => "most severe",
            DecidePolicy::FirstMatch => "first match",
        };
        let mut head = Phrase::from(format!("decide {name} : {ty} {policy}").as_str());
        for (at, value) in decide.values.iter().enumerate() {
            head.push(if at > 0 { ", " } else { " with " });
            head.push(&names::declared(&value.name.text));
            head.push(" : ");
            types::write(&value.ty, &mut head);
        }
        self.open(at, head);
        for step in &decide.steps {
            let Span { start, .. } = step.span();
            self.entry(start, self::step(step));
        }
        self.close(at);
    }
}

/// Writes what must always hold.
pub(super) fn always(always: &Always) -> Entry {
    let mut line = Phrase::from("always ");
    line.push(&names::text(&always.title.text));
    line.push(": ");
    if let Some(premise) = &always.premise {
        whole(premise, &mut line);
        line.fill();
        line.push("implies ");
    }
    whole(&always.condition, &mut line);
    if always.enforce.is_some() {
        line.fill();
        line.push("enforce");
    }
    alone(line)
}

/// Writes what a fault leads to.
pub(super) fn leads_to(on_fault: &OnFault) -> Phrase {
    let mut value = Phrase::default();
    value.beware(&["use"]);
    value.name(&on_fault.outcome.text);
    values("with", &on_fault.with, &mut value);
    because(on_fault.because.as_ref(), &mut value);
    tags(" tag ", &on_fault.tags, &mut value);
    value
}

/// Writes what stands for a model's answers.
pub(super) fn stands_in(stand_in: &StandIn) -> Phrase {
    let mut line = Phrase::from("on fault");
    values("use", &stand_in.answers, &mut line);
    tags(" and tag ", &stand_in.tags, &mut line);
    line
}

fn values(word: &str, values: &[WithValue], out: &mut Phrase) {
    for (at, value) in values.iter().enumerate() {
        if at == 0 {
            out.push(&format!(" {word} "));
        }
        separate(at, out);
        out.name(&value.name.text);
        out.push(" = ");
        whole(&value.value, out);
    }
}

/// Writes ` because CODE`.
pub(super) fn because(code: Option<&Name>, out: &mut Phrase) {
    if let Some(code) = code {
        out.push(" because ");
        out.name(&code.text);
    }
}

fn tags(word: &str, tags: &[Name], out: &mut Phrase) {
    if !tags.is_empty() {
        out.push(word);
        names::list(tags, out);
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
    let then = &rule.then;
    let mut said = Phrase::from("then");
    match &then.outcome {
        Some(Outcome::Label(label)) => {
            said.push(" ");
            said.beware(&["tag"]);
            said.name(&label.text);
        }
        Some(Outcome::Computed(value)) => {
            said.push(" ");
            said.open("(");
            whole(value, &mut said);
            said.close(")");
        }
        // What only tags says so first
        None => tags(" tag ", &then.tags, &mut said),
    }
    values("with", &then.with, &mut said);
    because(then.because.as_ref(), &mut said);
    if then.outcome.is_some() {
        tags(" tag ", &then.tags, &mut said);
    }
    if let Some(on_fault) = &rule.on_fault {
        said.push(" on fault ");
        said.append(leads_to(on_fault));
    }
    days(&rule.validity, &mut said);
    let mut head = titled("rule", &rule.name.text, None);
    head.push(off(&rule.validity));
    if rule.shadow.is_some() {
        head.push(" shadow");
    }
    if let Some(title) = &rule.title {
        head.push(" ");
        head.push(&names::text(&title.text));
    }
    Entry {
        columns: Vec::new(),
        parts: vec![head, when, said],
    }
}

fn step(step: &Step) -> Entry {
    match step {
        Step::Rule(rule) => self::rule(rule),
        Step::Evaluate { path, with, .. } => {
            let mut line = Phrase::from("evaluate ");
            line.name(&path.text);
            values("with", with, &mut line);
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

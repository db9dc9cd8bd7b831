//! What rules say, when they hold, and what is looked at behind the decision.

use super::Writer;
use super::items::OUTCOMES;
use super::kind::Kind;

/// A rule that was written
pub(super) struct Written {
    pub(super) text: String,
    /// Whether it speaks wherever it fires
    pub(super) speaks: bool,
}

impl Writer<'_, '_> {
    /// Writes a rule `owner.r0`, and keeps its name where others may ask for it.
    pub(super) fn rule(&mut self, owner: &str, at: usize) -> Written {
        let off = self.choose.percent(4);
        let shadow = self.choose.percent(10);
        let days = self.days(8);
        let tags_alone = self.choose.percent(6);
        let title = self.choose.word(&["", "", " \"A title\""]);
        let condition = self.condition(3);
        let then = if tags_alone {
            let tag = self.choose.word(&["t1", "t2, t3"]);
            format!("tag {tag}")
        } else {
            self.verdict()
        };
        let on_fault = if !shadow && self.choose.percent(10) {
            let outcome = self.choose.word(&OUTCOMES);
            let rest = self.behind(&["", " tag t4", " with count = 7 because R02"]);
            format!(" on fault {outcome}{rest}")
        } else {
            String::new()
        };
        let word = |holds: bool, word: &'static str| if holds { word } else { "" };
        let (off_word, shadow_word) = (word(off, " off"), word(shadow, " shadow"));
        if !shadow {
            let dated = off || !days.is_empty();
            self.rules.push((format!("{owner}.r{at}"), dated));
        }
        Written {
            text: format!(
                "rule r{at}{off_word}{shadow_word}{title} when {condition} then {then}{on_fault}{days}"
            ),
            speaks: !tags_alone,
        }
    }

    /// An outcome, and what stands behind it.
    fn verdict(&mut self) -> String {
        let outcome = if self.choose.percent(10) {
            let (one, other) = (self.choose.word(&OUTCOMES), self.choose.word(&OUTCOMES));
            format!("(if {} then {one} else {other})", self.condition(1))
        } else {
            self.choose.word(&OUTCOMES).to_owned()
        };
        let with = self.decided_with();
        let because = self.choose.word(&["", " because R01", " because R02"]);
        let tags = self.choose.word(&["", "", "", " tag t1", " tag t2, t1"]);
        format!("{outcome}{with}{because}{tags}")
    }

    /// Values that are decided with the outcome, in some.
    pub(super) fn decided_with(&mut self) -> String {
        if !self.decides_values {
            return String::new();
        }
        match self.choose.below(6) {
            0 => format!(" with count = {}", self.value(Kind::Whole, 1)),
            1 => format!(" with share = {}", self.value(Kind::Percent, 1)),
            _ => String::new(),
        }
    }

    /// One of some words behind an outcome, of which the last decides a value with it.
    pub(super) fn behind(&mut self, words: &[&'static str]) -> &'static str {
        let without = words.len() - usize::from(!self.decides_values);
        self.choose.word(words.get(..without).unwrap_or_default())
    }

    /// Writes values that may speak, and names them.
    pub(super) fn says(&mut self) -> Vec<String> {
        let mut values = Vec::new();
        if self.advice && self.choose.percent(60) {
            values.push("advice".to_owned());
        }
        if self.choose.percent(25) {
            let (one, other) = (self.choose.word(&OUTCOMES), self.choose.word(&OUTCOMES));
            let condition = self.condition(2);
            let value = match self.advice && self.choose.percent(50) {
                true => format!("advice if missing {one}"),
                false => format!("if {condition} then {one} else {other}"),
            };
            self.line(0, &format!("define {{ said : Outcome? = {value} }}"));
            values.push("said".to_owned());
        }
        values
    }

    /// Days on which something holds, in some of a hundred.
    pub(super) fn days(&mut self, of_hundred: usize) -> String {
        if !self.choose.percent(of_hundred) {
            return String::new();
        }
        let days = [
            " from 2024-01-01",
            " through 2026-06-30",
            " before 2025-03-01",
            " from 2020-01-01 through 2030-12-31",
        ];
        self.choose.word(&days).to_owned()
    }

    /// Whether one of the rules fired, where there is one.
    fn fired(&mut self) -> Option<String> {
        let (name, dated) = self.choose.one(&self.rules)?.clone();
        let if_off = match (dated, self.choose.percent(50)) {
            (false, _) => "",
            (true, true) => " if off true",
            (true, false) => " if off false",
        };
        Some(format!("{name} fired{if_off}"))
    }

    /// Outputs that ask for rules, and what is recorded.
    pub(super) fn recorded(&mut self) {
        if self.choose.percent(30)
            && let Some(fired) = self.fired()
        {
            self.line(1, &format!("asked_rule : boolean = {fired}"));
        }
        if self.decides_values && self.choose.percent(30) {
            self.line(1, "count : integer? = outcome.count");
        }
        if self.choose.percent(20) {
            let if_asked = self.choose.word(&["", " if asked"]);
            let kind = self.kind();
            let mut names = self.scope.of(kind);
            names.retain(|named| !self.private.contains(&named.name));
            let name = self.choose.one(&names).map(|named| named.name.clone());
            if let Some(name) = name {
                self.line(1, &format!("record {name}{if_asked}"));
            }
        }
    }

    /// What must hold behind each decision.
    pub(super) fn always(&mut self) {
        for at in 0..self.choose.below(3) {
            let outcome = self.choose.word(&OUTCOMES);
            let condition = match self.choose.below(3) {
                0 => self
                    .fired()
                    .unwrap_or_else(|| "outcome is refer".to_owned()),
                _ => self.condition(2),
            };
            let premise = match self.choose.below(3) {
                0 => format!("outcome is {outcome} implies "),
                _ => String::new(),
            };
            let enforce = self.choose.word(&["", "", "", " enforce"]);
            self.line(
                0,
                &format!("always \"a{at}\": {premise}({condition}){enforce}"),
            );
        }
    }
}

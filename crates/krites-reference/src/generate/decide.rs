//! Rules, the steps that evaluate them, and outputs.

use super::Writer;
use super::items::OUTCOMES;
use super::kind::Kind;

impl Writer<'_, '_> {
    /// Writes sets of rules; returns the steps that evaluate them, and whether one
    /// is sure to speak.
    pub(super) fn rule_sets(&mut self) -> (Vec<String>, bool) {
        let mut steps = Vec::new();
        let mut sure = false;
        for at in 0..self.choose.below(3) {
            let first = self.choose.percent(40);
            let mode = if first { "first" } else { "all" };
            self.line(0, &format!("rules s{at} {mode} {{"));
            for rule in 0..=self.choose.below(4) {
                let text = self.rule(rule);
                self.line(1, &text);
            }
            if first && self.choose.percent(30) {
                self.line(1, "rule else_refer otherwise then refer");
                sure = true;
            }
            self.line(0, "}");
            steps.push(format!("evaluate s{at}"));
        }
        (steps, sure)
    }

    fn rule(&mut self, at: usize) -> String {
        let title = self.choose.word(&["", "", " \"A title\""]);
        let condition = self.condition(3);
        let outcome = self.choose.word(&OUTCOMES);
        let because = self.choose.word(&["", " because R01", " because R02"]);
        format!("rule r{at}{title} when {condition} then {outcome}{because}")
    }

    pub(super) fn decide(&mut self, (mut steps, mut sure): (Vec<String>, bool)) {
        if self.choose.percent(60) {
            steps.push("evaluate t0.verdict".to_owned());
            sure |= self.scope.sure;
        }
        for at in 0..self.choose.below(3) {
            let rule = self.rule(at);
            steps.push(rule);
        }
        self.line(0, "decide outcome : Outcome most severe {");
        for step in steps {
            self.line(1, &step);
            if self.choose.percent(20) {
                let least = self.choose.word(&["", "at least "]);
                let outcome = self.choose.word(&["refer", "decline"]);
                self.line(1, &format!("stop once {least}{outcome}"));
            }
        }
        if !sure {
            let outcome = self.choose.word(&OUTCOMES);
            self.line(1, &format!("rule rest otherwise then {outcome}"));
        }
        self.line(0, "}");
    }

    pub(super) fn outputs(&mut self) {
        self.line(0, "output {");
        for at in 0..=self.choose.below(3) {
            let kind = self.kind();
            let (name, depth) = (format!("out{at}"), 1);
            if self.choose.percent(40) {
                let condition = if self.choose.percent(60) {
                    let outcome = self.choose.word(&OUTCOMES);
                    let test = self.choose.word(&["is", "is not"]);
                    format!("outcome {test} {outcome}")
                } else {
                    self.condition(1)
                };
                self.line(depth, &format!("when {condition} {{"));
                let (ty, value) = (self.digits(kind), self.value(kind, 2));
                self.line(depth + 1, &format!("{name} : {ty} = {value}"));
                self.line(depth, "}");
            } else if self.choose.percent(30) {
                let ty = self.digits(kind);
                let ty = match ty.strip_suffix(" unrounded") {
                    Some(ty) => format!("{ty}? unrounded"),
                    None => format!("{ty}?"),
                };
                let value = self.as_it_is(kind);
                self.line(depth, &format!("{name} : {ty} = {value}"));
            } else {
                let (ty, value) = (self.digits(kind), self.value(kind, 2));
                self.line(depth, &format!("{name} : {ty} = {value}"));
            }
        }
        if self.choose.percent(50) {
            self.probes();
        }
        self.line(0, "}");
    }

    /// One form each, over names and little else: what a mistake in it changes is
    /// seen, where in a condition it may not matter.
    fn probes(&mut self) {
        for at in 0..2 + self.choose.below(5) {
            let kind = self.kind();
            let ty = match kind {
                Kind::Money => "money(GBP) unrounded",
                Kind::Amount => "money(tx.currency) unrounded",
                kind => kind.ty(),
            };
            let value = match self.choose.below(3) {
                0 if kind.is_number() => self.product(kind, 1),
                _ => self.rarer(kind, 1),
            };
            self.line(1, &format!("probe{at} : {ty} = {value}"));
        }
    }
}

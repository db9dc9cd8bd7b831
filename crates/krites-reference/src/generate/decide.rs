//! Rules, the steps that evaluate them, and outputs.

use super::Writer;
use super::items::OUTCOMES;
use super::kind::Kind;

impl Writer<'_, '_> {
    /// Writes sets of rules; returns the steps that evaluate them, those apart that are
    /// sure to speak.
    pub(super) fn rule_sets(&mut self) -> (Vec<String>, Vec<String>) {
        let mut steps = Vec::new();
        let mut sure = Vec::new();
        for at in 0..self.choose.below(3) {
            let first = self.choose.percent(40);
            let mode = if first { "first" } else { "all" };
            let days = self.days(6);
            let before = self.rules.len();
            self.line(0, &format!("rules s{at} {mode}{days} {{"));
            let mut speaks = days.is_empty();
            for rule in 0..=self.choose.below(4) {
                let rule = self.rule(&format!("s{at}"), rule);
                self.line(1, &rule.text);
                speaks &= rule.speaks;
            }
            // On the days on which its set does not hold, a rule is off
            if !days.is_empty() {
                let rules = self.rules.iter_mut().skip(before);
                rules.for_each(|(_, dated)| *dated = true);
            }
            let step = format!("evaluate s{at}");
            if first && speaks && self.choose.percent(30) {
                self.line(1, "rule else_refer otherwise then refer");
                sure.push(step);
            } else {
                steps.push(step);
            }
            self.line(0, "}");
        }
        (steps, sure)
    }

    pub(super) fn decide(&mut self, (mut steps, mut sure): (Vec<String>, Vec<String>)) {
        if self.choose.percent(60) {
            let with = self.decided_with();
            let table = match self.scope.sure {
                true => &mut sure,
                false => &mut steps,
            };
            table.push(format!("evaluate t0.verdict{with}"));
        }
        for value in self.says() {
            steps.push(format!("evaluate {value}{}", self.decided_with()));
        }
        // Behind what is sure to speak, `first match` reaches nothing
        let first_match = sure.len() < 2 && self.choose.percent(25);
        let owner_rules = self.rules.len();
        for at in 0..self.choose.below(3) {
            let rule = self.rule("outcome", at);
            steps.push(rule.text);
        }
        if first_match {
            self.rules.truncate(owner_rules);
        }
        let is_sure = !sure.is_empty();
        let at = if first_match { steps.len() } else { 0 };
        steps.splice(at..at, sure);
        let policy = if first_match {
            "first match"
        } else {
            "most severe"
        };
        let values = match self.decides_values {
            true => " with count : integer?, share : percent(2)?",
            false => "",
        };
        self.line(0, &format!("decide outcome : Outcome {policy}{values} {{"));
        for step in steps {
            self.line(1, &step);
            if !first_match && self.choose.percent(20) {
                let least = self.choose.word(&["", "at least "]);
                let outcome = self.choose.word(&["refer", "decline"]);
                self.line(1, &format!("stop once {least}{outcome}"));
            }
        }
        if !is_sure {
            let outcome = self.choose.word(&OUTCOMES);
            self.line(1, &format!("rule rest otherwise then {outcome}"));
        }
        self.line(0, "}");
        self.always();
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
                let ty = self.output_type(kind, true);
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
        for asked in std::mem::take(&mut self.asked) {
            self.line(1, &asked);
        }
        let rows = self.scope.rows.clone();
        if let Some((rows, ty)) = self.choose.one(&rows) {
            self.line(1, &format!("rows : list of {ty} = {rows}"));
        }
        self.recorded();
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

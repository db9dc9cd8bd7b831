//! Rules, the decision and what stands behind it.

use krites_lang::ast::{Always, Decide, DecidePolicy, Outcome, Rule, RuleSet, RuleSetMode, Step};

use super::Census;

impl Census {
    pub(super) fn rule_set(&mut self, set: &RuleSet) {
        self.see(match set.mode {
            RuleSetMode::All => "rules all",
            RuleSetMode::First => "rules first",
        });
        let validity = &set.validity;
        let dated = validity.from.is_some() || validity.until.is_some();
        self.see_if(dated, "rules with days");
        for rule in &set.rules {
            self.see_if(rule.when.is_none(), "rule otherwise in a set");
            self.rule(rule);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let validity = &rule.validity;
        self.see_if(validity.off.is_some(), "rule off");
        let dated = validity.from.is_some() || validity.until.is_some();
        self.see_if(dated, "rule with days");
        self.see_if(rule.shadow.is_some(), "rule in shadow");
        self.see_if(rule.on_fault.is_some(), "rule on fault");
        let then = &rule.then;
        self.see_if(then.outcome.is_none(), "rule that only tags");
        self.see_if(!then.tags.is_empty(), "tags");
        self.see_if(!then.with.is_empty(), "rule with values");
        if let Some(Outcome::Computed(outcome)) = &then.outcome {
            self.see("outcome computed");
            self.expr(outcome);
        }
        rule.when.iter().for_each(|when| self.expr(when));
        then.with.iter().for_each(|with| self.expr(&with.value));
    }

    pub(super) fn decide(&mut self, decide: &Decide) {
        self.see(match decide.policy {
            DecidePolicy::MostSevere => "decide most severe",
            DecidePolicy::FirstMatch => "decide first match",
        });
        for step in &decide.steps {
            match step {
                Step::Evaluate { path, with, .. } => {
                    self.see(match path.text.as_str() {
                        text if text.contains('.') => "evaluate a table",
                        // The values that generated policies have for this
                        "advice" | "said" => "evaluate a value",
                        _ => "evaluate rules",
                    });
                    self.see_if(!with.is_empty(), "evaluate with values");
                }
                Step::StopOnce { at_least: true, .. } => self.see("stop once at least"),
                Step::StopOnce { .. } => self.see("stop once"),
                Step::Rule(rule) => {
                    self.see_if(rule.when.is_none(), "rule otherwise in decide");
                    self.rule(rule);
                }
            }
        }
    }

    pub(super) fn always(&mut self, always: &Always) {
        self.see("always");
        self.see_if(always.premise.is_some(), "always implies");
        self.see_if(always.enforce.is_some(), "always enforce");
        always.premise.iter().for_each(|premise| self.expr(premise));
        self.expr(&always.condition);
    }
}

//! The items of a policy, in an order in which each uses what stands before it.

use super::Writer;

pub(super) const OUTCOMES: [&str; 3] = ["approve", "refer", "decline"];
pub(super) const REASONS: [&str; 4] = ["R01", "R02", "R03", "M00"];

impl Writer<'_, '_> {
    pub(super) fn items(&mut self) {
        let handled = self.header();
        for (at, code) in REASONS.iter().enumerate() {
            let customer = if at % 2 == 0 {
                " customer \"Please ask us\""
            } else {
                ""
            };
            self.line(0, &format!("reason {code} \"Reason {at}\"{customer}"));
        }
        self.line(0, "enum Outcome { approve < refer < decline }");
        self.line(
            0,
            "enum Work { employed code 1, self_employed = \"SELF\" code 2, student code 3, retired = \"RET\" code 4 }",
        );
        self.line(
            0,
            "record Holder { born : date; score : integer? in 0 to 999 }",
        );
        self.record_of_accounts();
        self.line(0, "list fraud_words = fraud, scam, \"wire transfer\"");
        self.line(0, "list codes = 12, 17, 0, -3");
        self.inputs(handled);
        self.scope.texts.push("fraud_words".to_owned());
        self.scope.wholes.push("codes".to_owned());
        self.lookups();
        for at in 0..self.choose.below(3) {
            self.function(at);
        }
        self.definitions("a", 4);
        if self.choose.percent(15) {
            self.subpolicy(handled);
        }
        let models = self.choose.below(2);
        for at in 0..models {
            self.model(at, handled, false);
        }
        let in_shadow = self.choose.percent(15);
        if in_shadow {
            self.model(models, handled, true);
        }
        self.value_items(0);
        self.table(0);
        if self.choose.percent(45) {
            self.collected(1);
        }
        if self.choose.percent(45) {
            self.grid(2);
        }
        self.value_items(1);
        self.rank(handled);
        self.scorecard();
        if self.choose.percent(50) {
            self.definitions("b", 4);
        }
        let steps = self.rule_sets();
        self.decide(steps);
        self.outputs();
        if in_shadow && models > 0 {
            self.line(0, "shadow again {");
            self.line(1, &format!("with m0 = m{models}"));
            self.line(1, "compare outcome, out0");
            self.line(0, "}");
        }
        if self.choose.percent(80) {
            let most = self.choose.word(&["", " at most 1", " at most 3"]);
            self.line(0, &format!("reasons{most} {{"));
            let then = match self.scorecard {
                true => self.choose.word(&[
                    "",
                    ", then card.shortfalls",
                    ", then card.shortfalls if asked",
                ]),
                false => "",
            };
            let of_model = match self.explained.first() {
                Some(name) => match self.choose.below(4) {
                    0 => String::new(),
                    1 => format!(", then {name} if asked"),
                    _ => format!(", then {name}"),
                },
                None => String::new(),
            };
            let then = match self.choose.percent(50) {
                true => format!("{then}{of_model}"),
                false => format!("{of_model}{then}"),
            };
            self.line(1, &format!("for decline, refer : rules that spoke{then}"));
            self.line(0, "}");
        }
    }

    /// Writes a line, sometimes with a comment before or behind it.
    pub(super) fn line(&mut self, depth: usize, text: &str) {
        let indent = "    ".repeat(depth);
        if self.choose.percent(3) {
            self.text.push_str(&format!("{indent}# before: {depth}\n"));
        }
        self.text.push_str(&indent);
        self.text.push_str(text);
        let is_row = text.starts_with('|');
        if !is_row && self.choose.percent(3) {
            self.text.push_str("    # behind");
        }
        self.text.push('\n');
    }

    /// Writes the header; tells whether it says what faults lead to.
    fn header(&mut self) -> bool {
        self.line(0, "policy generated \"A policy at random\" {");
        self.line(1, "version \"1\"");
        if self.choose.percent(50) {
            self.line(1, "owner \"Nobody\"");
        }
        let zone = self.choose.word(&[
            "Europe/London",
            "America/New_York",
            "Australia/Lord_Howe",
            "UTC",
        ]);
        self.line(1, &format!("time zone \"{zone}\""));
        if self.choose.percent(80) {
            let rounding = self
                .choose
                .word(&["half up", "half even", "half down", "up", "down"]);
            self.line(1, &format!("rounding {rounding}"));
        }
        let handled = self.choose.percent(85);
        if handled {
            let outcome = self.choose.word(&OUTCOMES);
            let because = self.choose.word(&["", " because M00"]);
            self.line(1, &format!("on fault {outcome}{because}"));
        }
        self.line(0, "}");
        handled
    }
}

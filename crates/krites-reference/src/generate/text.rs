//! Texts.

use super::Writer;
use super::kind::Kind;

impl Writer<'_, '_> {
    pub(super) fn text_form(&mut self, depth: usize) -> String {
        let inner = self.operand(Kind::Text, depth);
        match self.choose.below(7) {
            0 => format!("lower({inner})"),
            1 => format!("upper({inner})"),
            2 => format!("trim({inner})"),
            3 => {
                let side = self.choose.word(&["left", "right"]);
                let count = self.choose.between(-1, 8);
                format!("{side}({inner}, {count})")
            }
            _ => {
                let other = if self.choose.percent(50) {
                    self.literal(Kind::Text)
                } else {
                    self.operand(Kind::Text, depth)
                };
                format!("concat({inner}, {other})")
            }
        }
    }

    pub(super) fn text_test(&mut self, depth: usize) -> String {
        if self.scope.lookups && self.choose.percent(20) {
            return self.is_looked_up(depth);
        }
        let subject = self.operand(Kind::Text, depth);
        let not = self.choose.percent(30);
        let with = if self.choose.percent(60) {
            let part = self
                .choose
                .word(&["a", "car", "C", "", "12", "e\u{301}", "fraud", " "]);
            format!("\"{part}\"")
        } else {
            self.operand(Kind::Text, depth)
        };
        let test = match (self.choose.below(6), self.scope.texts.first().cloned()) {
            (0, _) => (format!("starts with {with}"), format!("start with {with}")),
            (1, _) => (format!("ends with {with}"), format!("end with {with}")),
            (2, Some(list)) => {
                let word = format!("a word in {list}");
                (format!("contains {word}"), format!("contain {word}"))
            }
            (3, Some(list)) => {
                let word = if not { "not in list" } else { "in list" };
                return format!("{subject} {word} {list}");
            }
            (4, _) => {
                let pattern = self.choose.word(&[
                    "[A-Z]{2}[0-9]+",
                    ".*car.*",
                    "(?i)car( loan)?",
                    "[a-z ]*",
                    "\\\\w+ \\\\w+",
                    "straße|car",
                    "",
                ]);
                (
                    format!("matches \"{pattern}\""),
                    format!("match \"{pattern}\""),
                )
            }
            _ => (format!("contains {with}"), format!("contain {with}")),
        };
        if not {
            format!("{subject} does not {}", test.1)
        } else {
            format!("{subject} {}", test.0)
        }
    }
}

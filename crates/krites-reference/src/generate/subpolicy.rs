//! Another policy that is asked, and its text.

use super::Writer;
use super::items::{OUTCOMES, REASONS};
use super::kind::Kind;
use super::schema::Named;

impl Writer<'_, '_> {
    /// Writes a policy that is asked into the models, and what asks it here.
    pub(super) fn subpolicy(&mut self, handled: bool) {
        let other = self.other();
        self.models.ask(other);
        self.line(0, "enum Verdict { worst, poor, good }");
        self.line(0, "subpolicy other from \"other\" {");
        self.line(1, "feed {");
        for (name, kind) in [
            ("w", Kind::Whole),
            ("x", Kind::Plain),
            ("t", Kind::Text),
            ("work", Kind::Work),
        ] {
            let value = self.operand(kind, 1);
            self.line(2, &format!("{name} = {value}"));
        }
        if self.choose.percent(50) {
            let value = self.operand(Kind::Truth, 1);
            self.line(2, &format!("b = {value}"));
        }
        self.line(1, "}");
        self.line(1, "give verdict : Verdict = verdict");
        self.line(1, "give cap : decimal(3)? = verdict.cap");
        self.line(1, "give half : decimal = half");
        self.line(1, "give said : text? = said");
        self.line(1, "give works : Work = works");
        if !handled || self.choose.percent(50) {
            let outcome = self.choose.word(&OUTCOMES);
            let code = self.choose.word(&REASONS);
            self.line(1, &format!("on fault {outcome} because {code}"));
        }
        self.line(0, "}");
        self.line(0, "define { is_worst : boolean = other.verdict is worst }");
        for (name, kind, optional) in [
            ("is_worst", Kind::Truth, false),
            ("other.cap", Kind::Plain, true),
            ("other.half", Kind::Plain, false),
            ("other.said", Kind::Text, true),
            ("other.works", Kind::Work, false),
        ] {
            self.scope.values.push(Named {
                name: name.to_owned(),
                kind,
                optional,
                nonzero: false,
            });
        }
    }

    /// Makes the text of the policy that is asked.
    fn other(&mut self) -> String {
        let (plain, whole) = (self.literal(Kind::Plain), self.literal(Kind::Whole));
        let handled = self.choose.word(&["; on fault poor", ""]);
        let rounding = self.choose.word(&["half up", "half even", "down"]);
        let range = self
            .choose
            .word(&["", " in -1_000 to 1_000", " in 0 and above"]);
        let missing = self
            .choose
            .word(&["t if missing fault", "t if missing \"none\""]);
        format!(
            "policy other {{ version \"1\"; rounding {rounding}{handled} }}\n\
             enum Verdict {{ good < poor < worst }}\n\
             enum Work {{ retired, employed, student, self_employed }}\n\
             input {{\n    w : integer{range}\n    x : decimal\n    t : text? missing when \"\"\n    b : boolean default true\n    work : Work\n}}\n\
             decide verdict : Verdict most severe with cap : decimal(2)? {{\n\
             rule much when x > {plain} then worst with cap = x / 3\n\
             rule few when w * 3 < {whole} then poor\n\
             rule rest otherwise then good with cap = x * x\n}}\n\
             output {{\n    half : decimal = x / 7\n    when b {{ said : text = concat({missing}, \"!\") }}\n    works : Work = work\n}}\n"
        )
    }
}

//! Inputs, and types with their digits and ranges.

use super::Writer;
use super::kind::Kind;
use super::schema::Named;

impl Writer<'_, '_> {
    pub(super) fn inputs(&mut self, handled: bool) {
        self.line(0, "input {");
        let kinds: Vec<Kind> = Kind::ALL
            .into_iter()
            .filter(|kind| *kind != Kind::Amount)
            .collect();
        let extra = 2 + self.choose.below(6);
        for at in 0..kinds.len() + extra {
            let (kind, required) = match kinds.get(at) {
                Some(kind) => (*kind, true),
                None => (
                    self.choose.one(&kinds).copied().unwrap_or(Kind::Whole),
                    false,
                ),
            };
            self.input(at, kind, required);
        }
        self.rarer_inputs();
        self.group(handled);
        if self.choose.percent(40) {
            self.line(1, "advice : Outcome?");
            self.advice = true;
        }
        if self.choose.percent(60) {
            self.line(1, "accounts : list of Account");
            self.line(1, "flags : list of text default []");
            self.line(1, "numbers : list of integer?");
            let lists = std::mem::take(&mut self.lists);
            self.scope.elements.extend(lists);
        }
        self.line(0, "}");
        self.scope.values.push(Named {
            name: "decision_date".to_owned(),
            kind: Kind::Date,
            optional: false,
            nonzero: false,
        });
    }

    fn input(&mut self, at: usize, kind: Kind, required: bool) {
        let prefix = self.choose.word(&["", "", "case.", "applicant."]);
        let name = format!("{prefix}i{at}");
        let optional = !required && self.choose.percent(60);
        let (range, nonzero) = self.input_range(kind);
        let mut text = format!("{name} : {}", self.digits(kind));
        if optional {
            text.push('?');
        }
        text.push_str(&range);
        if !optional && !required && range.is_empty() && self.choose.percent(50) {
            let default = self.default_of(kind);
            text.push_str(&format!(" default {default}"));
        }
        if self.choose.percent(10) {
            text.push_str(" private");
            self.private.push(name.clone());
        }
        if self.choose.percent(10) {
            text.push_str(&format!(" \"Input {at}\""));
        }
        self.line(1, &text);
        self.scope.values.push(Named {
            name,
            kind,
            optional,
            nonzero,
        });
    }

    /// A type, with digits where it may have some.
    pub(super) fn digits(&mut self, kind: Kind) -> String {
        let digits = self.choose.word(&["", "", "(2)", "(4)", "(0)"]);
        match kind {
            Kind::Plain | Kind::Percent => format!("{}{digits}", kind.ty()),
            Kind::Money if self.choose.percent(20) => "money(GBP) unrounded".to_owned(),
            Kind::Amount if self.choose.percent(20) => "money(tx.currency) unrounded".to_owned(),
            kind => kind.ty().to_owned(),
        }
    }

    fn default_of(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Plain => "1".to_owned(),
            Kind::Percent => "5%".to_owned(),
            Kind::Money => "100".to_owned(),
            Kind::Duration => "2 hours".to_owned(),
            kind => self.literal(kind),
        }
    }

    /// A range of an input, and whether it leaves zero out.
    pub(super) fn input_range(&mut self, kind: Kind) -> (String, bool) {
        let ranges: &[(&str, bool)] = match kind {
            Kind::Whole => &[
                ("", false),
                (" in 0 to 120", false),
                (" in 1 and above", true),
                (" in 1 to 84", true),
                (" in below 0", true),
            ],
            Kind::Plain => &[
                ("", false),
                (" in 0 to 1", false),
                (" in above 0", true),
                (" in -5.5 to below 100.25", false),
            ],
            Kind::Percent => &[
                ("", false),
                (" in 0% to 100%", false),
                (" in 0.5% to 20%", true),
            ],
            Kind::Money => &[
                ("", false),
                (" in 0 and above", false),
                (" in 500 to 50_000", true),
            ],
            Kind::Date => &[("", false), (" in 1990-01-01 to 2060-12-31", false)],
            _ => &[("", false)],
        };
        let (range, nonzero) = self.choose.one(ranges).copied().unwrap_or(("", false));
        (range.to_owned(), nonzero)
    }
}

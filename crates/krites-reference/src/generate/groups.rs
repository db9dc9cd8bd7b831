//! Inputs on request.

use super::Writer;
use super::items::OUTCOMES;
use super::kind::Kind;
use super::schema::{Elements, Named};

impl Writer<'_, '_> {
    /// Writes a group of inputs on request, where the policy has one.
    pub(super) fn group(&mut self, handled: bool) {
        if !self.choose.percent(45) {
            return;
        }
        let parts = self.choose.word(&["", "", " from \"rep\" \"A report\""]);
        self.line(1, &format!("report on request{parts} {{"));
        let as_of = self.choose.word(&["date", "datetime"]);
        let kind = match as_of {
            "date" => Kind::Date,
            _ => Kind::DateTime,
        };
        self.on_request(
            "score",
            "integer? in 0 to 999 missing when -1",
            Kind::Whole,
            true,
        );
        self.on_request("debt", "money(GBP) in 0 and above", Kind::Money, false);
        let rate = self.choose.word(&["percent", "percent default 5%"]);
        self.on_request("rate", rate, Kind::Percent, false);
        if self.choose.percent(40) {
            self.on_request("seen", "boolean", Kind::Truth, false);
        }
        if self.choose.percent(40) {
            self.line(2, "late[1 to 3] : integer?");
            self.of_report("late", vec![each(Kind::Whole, true)], Some((1, 3)));
        }
        if self.choose.percent(40) {
            self.line(2, "marks : list of decimal");
            self.of_report("marks", vec![each(Kind::Plain, false)], None);
        }
        if self.choose.percent(30) {
            self.line(2, "currency : text; paid : money(report.currency)");
            self.asked
                .push("paid_back : money(report.currency) = report.paid * 1.5%".to_owned());
        }
        self.on_request("as_of", as_of, kind, false);
        if self.choose.percent(65) {
            let age = self
                .choose
                .word(&["30 days", "1 day", "4 weeks", "1 month", "2 years"]);
            self.line(2, &format!("stale after {age}"));
        }
        if !handled || self.choose.percent(50) {
            let outcome = self.choose.word(&OUTCOMES);
            let rest = self.behind(&["", " because R03", " with count = 9 because R03 tag t6"]);
            self.line(2, &format!("on fault {outcome}{rest}"));
        }
        self.line(1, "}");
    }

    fn on_request(&mut self, name: &str, ty: &str, kind: Kind, optional: bool) {
        self.line(2, &format!("{name} : {ty}"));
        self.scope.values.push(Named {
            name: format!("report.{name}"),
            kind,
            optional,
            nonzero: false,
        });
    }

    fn of_report(&mut self, name: &str, fields: Vec<Named>, series: Option<(usize, usize)>) {
        self.scope.elements.push(Elements {
            name: format!("report.{name}"),
            fields,
            inner: Vec::new(),
            series,
            has_one: series.is_some(),
            beside: Vec::new(),
        });
    }
}

fn each(kind: Kind, optional: bool) -> Named {
    Named {
        name: "each".to_owned(),
        kind,
        optional,
        nonzero: false,
    }
}

//! Inputs of rarer forms: series, records, lists, money of a field, floats.

use super::Writer;
use super::kind::Kind;
use super::schema::{Elements, Named};

fn named(name: &str, kind: Kind, optional: bool, nonzero: bool) -> Named {
    Named {
        name: name.to_owned(),
        kind,
        optional,
        nonzero,
    }
}

impl Writer<'_, '_> {
    /// Writes some of the rarer inputs.
    pub(super) fn rarer_inputs(&mut self) {
        if self.choose.percent(40) {
            self.line(1, "holder : Holder");
            self.scope
                .values
                .push(named("holder.born", Kind::Date, false, false));
            self.scope
                .values
                .push(named("holder.score", Kind::Whole, true, false));
        }
        if self.choose.percent(40) {
            let wire = self.choose.word(&["", " from \"scoreValue\""]);
            self.line(
                1,
                &format!("bureau.score : integer? in 0 to 999 missing when -1{wire}"),
            );
            self.scope
                .values
                .push(named("bureau.score", Kind::Whole, true, false));
        }
        if self.choose.percent(30) {
            self.line(
                1,
                "bureau.limit : money(GBP) in 0 and above missing when -9 default 250",
            );
            self.scope
                .values
                .push(named("bureau.limit", Kind::Money, false, false));
        }
        if self.choose.percent(60) {
            self.series();
        }
        if self.choose.percent(40) {
            self.line(1, "v[1 to 3] : decimal model only");
            self.floats = true;
        }
        if self.choose.percent(50) {
            self.line(1, "tx.currency : text");
            self.line(1, "tx.amount : money(tx.currency) in 0 and above");
            self.line(1, "own.currency : text");
            self.line(1, "own.balance : money(own.currency)");
            for name in ["tx.amount", "own.balance"] {
                self.scope
                    .values
                    .push(named(name, Kind::Amount, false, false));
            }
        }
    }

    fn series(&mut self) {
        let last = 2 + self.choose.below(5);
        let kind = self
            .choose
            .one(&[Kind::Money, Kind::Whole, Kind::Plain, Kind::Percent])
            .copied()
            .unwrap_or(Kind::Whole);
        let optional = self.choose.percent(40);
        let question = if optional { "?" } else { "" };
        let wire = if self.choose.percent(40) {
            format!(" from \"pay_amt1\" to \"pay_amt{last}\"")
        } else {
            String::new()
        };
        let ty = kind.ty();
        self.line(1, &format!("paid[1 to {last}] : {ty}{question}{wire}"));
        for at in 1..=last {
            self.scope
                .values
                .push(named(&format!("paid[{at}]"), kind, optional, false));
        }
        self.scope.elements.push(Elements {
            name: "paid".to_owned(),
            fields: vec![named("each", kind, optional, false)],
            inner: Vec::new(),
            series: Some((1, last)),
            has_one: true,
            beside: Vec::new(),
        });
    }

    /// Writes the record that lists are of; every case may have one.
    pub(super) fn record_of_accounts(&mut self) {
        self.line(
            0,
            "record Charge { cost : money(GBP); days_late : integer in 0 and above }",
        );
        self.line(0, "record Account {");
        let fields = [
            ("opened : date", named("opened", Kind::Date, false, false)),
            (
                "balance : money(GBP)",
                named("balance", Kind::Money, false, false),
            ),
            (
                "missed : integer in 0 and above",
                named("missed", Kind::Whole, false, false),
            ),
            (
                "rating : integer?",
                named("rating", Kind::Whole, true, false),
            ),
            (
                "share : percent",
                named("share", Kind::Percent, false, false),
            ),
            (
                "factor : decimal",
                named("factor", Kind::Plain, false, false),
            ),
            ("open : boolean", named("open", Kind::Truth, false, false)),
            ("label : text", named("label", Kind::Text, false, false)),
        ];
        for (text, _) in &fields {
            self.line(1, text);
        }
        self.line(1, "charges : list of Charge");
        self.line(0, "}");
        let charges = Elements {
            name: "charges".to_owned(),
            fields: vec![
                named("cost", Kind::Money, false, false),
                named("days_late", Kind::Whole, false, false),
            ],
            inner: Vec::new(),
            series: None,
            has_one: false,
            beside: Vec::new(),
        };
        let plain = |name: &str, kind, optional| Elements {
            name: name.to_owned(),
            fields: vec![named("each", kind, optional, false)],
            inner: Vec::new(),
            series: None,
            has_one: false,
            beside: Vec::new(),
        };
        self.lists = vec![
            Elements {
                name: "accounts".to_owned(),
                fields: fields.into_iter().map(|(_, field)| field).collect(),
                inner: vec![charges],
                series: None,
                has_one: false,
                beside: Vec::new(),
            },
            plain("flags", Kind::Text, false),
            plain("numbers", Kind::Whole, true),
        ];
    }
}

//! Bands, calibrations and cascades.

use super::Writer;
use super::kind::{Kind, LABELS};
use super::schema::Named;

impl Writer<'_, '_> {
    /// Some items that name one value each, `at` a place that no other names.
    pub(super) fn value_items(&mut self, at: usize) {
        if self.choose.percent(40) {
            self.bands(&format!("bands{at}"));
        }
        if self.choose.percent(50) {
            self.calibration(&format!("points{at}"));
        }
        if self.choose.percent(40) {
            self.cascade(&format!("tried{at}"));
        }
    }

    fn declared(&mut self, name: String, kind: Kind, optional: bool) {
        self.scope.values.push(Named {
            name,
            kind,
            optional,
            nonzero: false,
        });
    }

    fn bands(&mut self, name: &str) {
        let (subject, kind, optional) = self.subject();
        let Some(bounds) = bounds(kind) else {
            return;
        };
        let [low, middle, second] = bounds;
        let first = self.choose.word(&[low, middle]);
        let [a, b, c, d] = LABELS;
        let mut bands = match self.choose.below(3) {
            0 => format!("{a} up to {first}, {b} up to {second}, {c} above"),
            1 => format!("{a} below {first}, {b} below {second}, {c} above"),
            _ => format!("{a} from {second}, {b} from {first}, {c} below"),
        };
        if optional {
            bands = match self.choose.percent(50) {
                true => format!("{bands}, {d} missing"),
                false => format!("{d} missing, {bands}"),
            };
        }
        self.line(
            0,
            &format!("bands {name} of {subject} : Work {{ {bands} }}"),
        );
        self.declared(name.to_owned(), Kind::Work, false);
    }

    fn calibration(&mut self, name: &str) {
        let (subject, of, may_be_missing) = self.subject();
        let kinds = [Kind::Plain, Kind::Percent, Kind::Money];
        let kind = self.choose.one(&kinds).copied().unwrap_or(Kind::Plain);
        let (Some(places), true) = (bounds(of), of.is_number()) else {
            return;
        };
        let optional = may_be_missing && self.choose.percent(35);
        let ty = self.output_type(kind, optional);
        let course = self.choose.word(&["linear", "linear", "steps"]);
        self.line(
            0,
            &format!("calibration {name} of {subject} : {ty} {course} {{"),
        );
        for place in places {
            let value = self.height(kind);
            self.line(1, &format!("{place} : {value}"));
        }
        if may_be_missing && !optional {
            let value = self.height(kind);
            self.line(1, &format!("missing : {value}"));
        }
        self.line(0, "}");
        self.declared(name.to_owned(), kind, optional);
    }

    fn height(&mut self, kind: Kind) -> &'static str {
        self.choose.word(match kind {
            Kind::Percent => &["-300%", "0%", "1%", "100%"],
            _ => &["-2", "0", "1", "70", "1_000"],
        })
    }

    fn cascade(&mut self, name: &str) {
        let kind = self.kind();
        let optional = self.choose.percent(50);
        let ty = self.output_type(kind, optional);
        self.line(0, &format!("cascade {name} : {ty} {{"));
        for _ in 0..=self.choose.below(3) {
            let value = if optional && self.choose.percent(20) {
                self.as_it_is(kind)
            } else {
                self.value(kind, 2)
            };
            let fault_next = self.choose.percent(50);
            let when = if fault_next && self.choose.percent(30) {
                String::new()
            } else {
                format!(" when {}", self.condition(2))
            };
            let next = if fault_next { " on fault next" } else { "" };
            self.line(1, &format!("try {value}{when}{next}"));
        }
        let resort = if optional && self.choose.percent(60) {
            "missing".to_owned()
        } else {
            self.value(kind, 2)
        };
        self.line(1, &format!("otherwise {resort}"));
        self.line(0, "}");
        self.declared(name.to_owned(), kind, optional);
        self.declared(format!("{name}.stage"), Kind::Whole, false);
    }
}

/// Scorecards
impl Writer<'_, '_> {
    /// A scorecard of a few features.
    pub(super) fn scorecard(&mut self) {
        if !self.choose.percent(50) {
            return;
        }
        let base = self.choose.word(&[" base 300.5", " base -0.5"]);
        self.line(0, &format!("scorecard card{base} {{"));
        let n_features = 1 + self.choose.below(3);
        for at in 0..n_features {
            let (subject, kind, optional) = self.subject();
            let because = self
                .choose
                .word(&[" because R01", " because R02", " because R03"]);
            let baseline = self.choose.word(&["", "", " baseline 12"]);
            self.line(1, &format!("f{at} = {subject}{because}{baseline} {{"));
            let otherwise = self.choose.percent(70);
            for _ in 0..=self.choose.below(3) {
                let test = self.bin_test(kind);
                let points = self.choose.word(&["10", "-3", "25", "0", "7.5"]);
                self.line(2, &format!("{test} : {points}"));
            }
            if optional && (!otherwise || self.choose.percent(50)) {
                self.line(2, "missing : 4");
            }
            if otherwise {
                self.line(2, "otherwise : 12.5");
            }
            self.line(1, "}");
            self.declared(format!("card.f{at}"), Kind::Plain, false);
        }
        self.line(0, "}");
        self.declared("card.points".to_owned(), Kind::Plain, false);
        self.scorecard = true;
    }

    fn bin_test(&mut self, kind: Kind) -> String {
        match self.cell(kind, false) {
            any if any == "any" => format!("({})", self.literal(kind)),
            cell => cell,
        }
    }
}

/// Literals that rise, where the kind has an order.
fn bounds(kind: Kind) -> Option<[&'static str; 3]> {
    Some(match kind {
        Kind::Whole => ["-5", "0", "12"],
        Kind::Plain => ["-0.5", "0.3333333333333333333333333333", "12.75"],
        Kind::Percent => ["-1%", "0%", "4.9%"],
        Kind::Money | Kind::Amount => ["-100", "0", "1_000"],
        Kind::Date => ["1999-12-31", "2024-02-29", "2026-11-02"],
        Kind::DateTime => [
            "1999-12-31T23:00:00Z",
            "2026-03-29T01:00Z",
            "2026-11-02T14:30:00Z",
        ],
        Kind::Duration => ["0 seconds", "90 minutes", "30 days"],
        Kind::Truth | Kind::Text | Kind::Work => return None,
    })
}

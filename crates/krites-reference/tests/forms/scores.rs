//! Bands, calibrations and scorecards, each held against its sentence.

use std::fmt::Write as _;

use krites_reference::generate::Choose;
use krites_reference::{Both, Ending, Given};

use super::cell::{Cell, Kind};
use super::{CASES, case, compiled, decided, each_of_form, outputs, shown};

const SIZES: &[&str] = &["S", "M", "L", "XL", "XXL"];

/// A head and an end around items
fn policy(items: &str, output: &str) -> String {
    format!(
        "policy forms {{ version \"1\" }}\nenum Outcome {{ good < bad }}\n\
         enum Size {{ {} }}\nenum Colour {{ red, green, blue, grey }}\n{items}\n\
         decide outcome : Outcome most severe {{ rule rest otherwise then good }}\n\
         output {{ {output} }}\n",
        SIZES.join(", ")
    )
}

#[test]
fn bands() {
    each_of_form("bands", |choose| {
        let style = choose.below(3);
        let kinds = [Kind::Whole, Kind::Tenths, Kind::Day];
        let kind = *choose.one(&kinds).unwrap();
        let at = |bound: &i64| kind.written(*bound);
        let optional = choose.percent(30);
        let mut bounds: Vec<i64> = (0..=choose.below(3))
            .map(|_| choose.between(0, 11))
            .collect();
        bounds.sort_unstable();
        bounds.dedup();
        let labels = &SIZES[..=bounds.len()];
        // The band of a value, its bounds in order from the lowest band up
        let band = |value: i64| match style {
            0 => bounds.iter().filter(|bound| value > **bound).count(),
            _ => bounds.iter().filter(|bound| value >= **bound).count(),
        };
        let mut entries: Vec<String> = match style {
            0 => bounds
                .iter()
                .zip(labels)
                .map(|(b, l)| format!("{l} up to {}", at(b)))
                .collect(),
            1 => bounds
                .iter()
                .zip(labels)
                .map(|(b, l)| format!("{l} below {}", at(b)))
                .collect(),
            _ => {
                let pairs = bounds.iter().zip(&labels[1..]).rev();
                pairs.map(|(b, l)| format!("{l} from {}", at(b))).collect()
            }
        };
        entries.push(match style {
            0 | 1 => format!("{} above", labels[bounds.len()]),
            _ => format!("{} below", labels[0]),
        });
        let missing = SIZES[4];
        if optional {
            let at = if choose.percent(50) { 0 } else { entries.len() };
            entries.insert(at, format!("{missing} missing"));
        }
        let items = format!(
            "input {{ x : {}{} }}\nbands size of x : Size {{ {} }}",
            kind.ty(),
            if optional { "?" } else { "" },
            entries.join(", ")
        );
        let text = policy(&items, "size : Size = size");
        let program = compiled(&text);
        let mut both = Both::new(&program);
        for _ in 0..CASES {
            let value = (!optional || choose.percent(80)).then(|| choose.between(0, 13));
            let given = value.map_or(Given::Missing, |value| kind.given(value));
            let expected = value.map_or(4, band);
            let case = case(&program, "2026-01-01", &[("x", given)]);
            let verdict = decided(&mut both, &text, &case);
            assert_eq!(
                outputs(&verdict),
                [format!("label {expected}")],
                "{text}\n{value:?}"
            );
        }
    });
}

#[test]
fn calibrations() {
    each_of_form("calibration", |choose| {
        let linear = choose.percent(60);
        let mut at: Vec<i64> = (0..=choose.below(6) + 1)
            .map(|_| choose.between(0, 12) * 8)
            .collect();
        at.sort_unstable();
        at.dedup();
        if at.len() < 2 {
            at = vec![0, 80];
        }
        let knots: Vec<(i64, i64)> = at
            .into_iter()
            .map(|at| (at, choose.between(0, 1000)))
            .collect();
        let written: Vec<String> = knots
            .iter()
            .map(|(at, value)| format!("{} : {}", shown(*at, 2), shown(*value, 3)))
            .collect();
        let how = if linear { "linear" } else { "steps" };
        let items = format!(
            "input {{ x : decimal }}\ncalibration pd of x : decimal {how} {{ {} }}",
            written.join(", ")
        );
        let text = policy(&items, "pd : decimal(6) = pd");
        let program = compiled(&text);
        let mut both = Both::new(&program);
        for _ in 0..CASES {
            let value = choose.between(-10, 110);
            let (first, last) = (knots[0], knots[knots.len() - 1]);
            // In millionths, rounded half even
            let expected = match knots.windows(2).find(|pair| value < pair[1].0) {
                _ if value <= first.0 => first.1 * 1000,
                Some(pair) if linear => {
                    let (low, high) = (pair[0], pair[1]);
                    let rise = (high.1 - low.1) * (value - low.0) * 1000;
                    low.1 * 1000 + half_even(rise, high.0 - low.0)
                }
                Some(pair) => pair[0].1 * 1000,
                None => last.1 * 1000,
            };
            let given = Given::Exact(krites_lang::Exact::parse(&shown(value, 2)).unwrap());
            let case = case(&program, "2026-01-01", &[("x", given)]);
            let verdict = decided(&mut both, &text, &case);
            assert_eq!(outputs(&verdict), [shown(expected, 6)], "{text}\n{value}");
        }
    });
}

/// Divides, ties to the even side.
fn half_even(of: i64, by: i64) -> i64 {
    let (whole, rest) = (of.div_euclid(by), of.rem_euclid(by));
    match (rest * 2).cmp(&by) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole.rem_euclid(2),
    }
}

struct Feature {
    name: String,
    kind: Kind,
    optional: bool,
    reason: Option<usize>,
    baseline: Option<i64>,
    bins: Vec<(Cell, i64)>,
}

impl Feature {
    fn any(position: usize, choose: &mut Choose<'_>) -> Feature {
        let kind = *choose.one(Kind::ALL).unwrap();
        let optional = choose.percent(30);
        let mut bins: Vec<(Cell, i64)> = (0..=choose.below(4))
            .map(|_| {
                let cell = Cell::any(kind, optional, false, choose);
                (cell, choose.between(-20, 60))
            })
            .filter(|(cell, _)| *cell != Cell::Any)
            .collect();
        if choose.percent(50) || bins.is_empty() {
            bins.push((Cell::Any, choose.between(-20, 60)));
        }
        let is_for_missing = |cell: &Cell| matches!(cell, Cell::Missing | Cell::Any);
        if optional && !bins.iter().any(|(cell, _)| is_for_missing(cell)) {
            bins.push((Cell::Missing, choose.between(-20, 60)));
        }
        Feature {
            name: format!("f{position}"),
            kind,
            optional,
            // One feature at least has a reason
            reason: (position == 0 || choose.percent(80)).then(|| choose.below(3)),
            baseline: choose.percent(25).then(|| choose.between(-10, 50)),
            bins,
        }
    }

    /// The points of the first bin that holds
    fn points(&self, value: Option<i64>) -> Option<i64> {
        let bin = self.bins.iter().find(|(cell, _)| cell.holds(value, 0));
        bin.map(|(_, points)| *points)
    }

    fn best(&self) -> i64 {
        let best = self.bins.iter().map(|(_, points)| *points).max();
        self.baseline.unwrap_or(best.unwrap())
    }

    fn written(&self) -> String {
        let mut text = format!("    {}", self.name);
        if let Some(reason) = self.reason {
            write!(text, " because R{reason}").unwrap();
        }
        if let Some(baseline) = self.baseline {
            write!(text, " baseline {baseline}").unwrap();
        }
        text.push_str(" {\n");
        for (cell, points) in &self.bins {
            let cell = match cell {
                Cell::Any => "otherwise".to_owned(),
                cell => cell.written(self.kind),
            };
            writeln!(text, "        {cell} : {points}").unwrap();
        }
        text.push_str("    }\n");
        text
    }
}

#[test]
fn scorecards() {
    let (mut faults, mut ties) = (0, 0);
    each_of_form("scorecard", |choose| {
        let base = choose.between(-100, 600);
        let features: Vec<Feature> = (0..=choose.below(5))
            .map(|position| Feature::any(position, choose))
            .collect();
        let most = choose.below(4) + 1;
        let text = written(base, &features, most);
        let program = compiled(&text);
        let mut both = Both::new(&program);
        for _ in 0..CASES {
            let values: Vec<Option<i64>> = features
                .iter()
                .map(|feature| {
                    let missing = feature.optional && choose.percent(20);
                    (!missing).then(|| feature.kind.any_value(choose))
                })
                .collect();
            let given: Vec<(&str, Given)> = features
                .iter()
                .zip(&values)
                .map(|(feature, value)| {
                    let given = value.map_or(Given::Missing, |value| feature.kind.given(value));
                    (feature.name.as_str(), given)
                })
                .collect();
            let case = case(&program, "2026-01-01", &given);
            let verdict = decided(&mut both, &text, &case);
            let points: Option<Vec<i64>> = features
                .iter()
                .zip(&values)
                .map(|(feature, value)| feature.points(*value))
                .collect();
            let Some(points) = points else {
                faults += 1;
                assert_eq!(outputs(&verdict), ["fault"], "{text}\n{values:?}");
                continue;
            };
            let total = base + points.iter().sum::<i64>();
            assert_eq!(outputs(&verdict), [total.to_string()], "{text}\n{values:?}");
            let mut shortfalls: Vec<(i64, usize)> = features
                .iter()
                .zip(&points)
                .filter_map(|(feature, points)| Some((feature.best() - points, feature.reason?)))
                .filter(|(shortfall, _)| *shortfall > 0)
                .collect();
            let before = shortfalls.clone();
            shortfalls.sort_by_key(|(shortfall, _)| -shortfall);
            ties += usize::from(before.windows(2).any(|pair| pair[0].0 == pair[1].0));
            let mut reasons: Vec<String> = vec!["R9".to_owned()];
            for (_, reason) in shortfalls {
                let reason = format!("R{reason}");
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
            reasons.truncate(most);
            let Ending::Decided { reasons: owed, .. } = &verdict.ending else {
                panic!("{verdict}");
            };
            let owed: Vec<String> = owed.iter().map(ToString::to_string).collect();
            assert_eq!(owed, reasons, "{text}\n{values:?}");
        }
    });
    assert!(faults > 0 && ties > 0);
}

fn written(base: i64, features: &[Feature], most: usize) -> String {
    let mut text = "policy forms { version \"1\" }\nenum Outcome { good < bad }\n\
        enum Colour { red, green, blue, grey }\nreason R0 \"0\"\nreason R1 \"1\"\n\
        reason R2 \"2\"\nreason R9 \"Spoke\"\ninput {\n"
        .to_owned();
    for feature in features {
        let optional = if feature.optional { "?" } else { "" };
        writeln!(
            text,
            "    {} : {}{optional}",
            feature.name,
            feature.kind.ty()
        )
        .unwrap();
    }
    writeln!(text, "}}\nscorecard card base {base} {{").unwrap();
    for feature in features {
        text.push_str(&feature.written());
    }
    write!(
        text,
        "}}\ndecide outcome : Outcome most severe {{\n    rule ever when card.points > -100_000 then bad because R9\n\
         \x20   rule rest otherwise then good\n}}\noutput {{ points : integer = card.points }}\n\
         reasons at most {most} {{ for bad : rules that spoke, then card.shortfalls }}\n"
    )
    .unwrap();
    text
}

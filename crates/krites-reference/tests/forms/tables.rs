//! Tables of every hit policy, decided and held against brute force.

use std::fmt::Write as _;

use krites_lang::Program;
use krites_reference::Both;
use krites_reference::Given;
use krites_reference::generate::Choose;

use super::cell::Kind;
use super::table::{Asked, Found, Policy, REASONS, Table, VERDICTS};
use super::{CASES, case, compiled, decided, each_of_form, outputs, shown};

#[test]
fn unique() {
    held(Policy::Unique);
}

#[test]
fn first_match() {
    held(Policy::FirstMatch);
}

#[test]
fn any() {
    held(Policy::Any);
}

#[test]
fn priority() {
    held(Policy::Priority);
}

#[test]
fn rule_order() {
    held(Policy::RuleOrder);
}

#[test]
fn output_order() {
    held(Policy::OutputOrder);
}

#[test]
fn collect_list() {
    held(Policy::CollectList);
}

#[test]
fn collect_sum() {
    held(Policy::CollectSum);
}

#[test]
fn collect_min() {
    held(Policy::CollectMin);
}

#[test]
fn collect_max() {
    held(Policy::CollectMax);
}

#[test]
fn collect_count() {
    held(Policy::CollectCount);
}

fn held(policy: Policy) {
    let mut ends = Ends::default();
    each_of_form(policy.words(), |choose| {
        let table = Table::any(policy, choose);
        let text = written(&table);
        let program = compiled(&text);
        let mut both = Both::new(&program);
        for _ in 0..CASES {
            let asked = asked(&table, choose);
            let found = table.found(&asked);
            ends.count(&found);
            let case = bound(&program, &table, &asked);
            let verdict = decided(&mut both, &text, &case);
            let spoken: Vec<String> = verdict
                .spoken
                .iter()
                .map(|spoken| {
                    let because = spoken.because.as_deref().unwrap_or("-");
                    format!("{} {} {because}", spoken.speaker, spoken.outcome)
                })
                .collect();
            let (expected, speakers) = expected(&table, &found);
            assert_eq!(outputs(&verdict), expected, "{text}\n{asked:?}\n{found:?}");
            if policy.lists() {
                assert_eq!(spoken, speakers, "{text}\n{asked:?}\n{found:?}");
            }
        }
    });
    ends.hold(policy);
}

/// How often what came about
#[derive(Default)]
struct Ends {
    faults: usize,
    values: usize,
    missing: usize,
    empty: usize,
    several: usize,
}

impl Ends {
    fn count(&mut self, found: &Found) {
        match found {
            Found::Fault => self.faults += 1,
            Found::Values(values) => {
                self.values += 1;
                self.missing += usize::from(values[2].is_none());
            }
            Found::Rows(rows) if rows.is_empty() => self.empty += 1,
            Found::Rows(rows) => self.several += usize::from(rows.len() > 1),
        }
    }

    /// Nothing that a policy can come to is left out by chance.
    fn hold(&self, policy: Policy) {
        let seen = match policy {
            Policy::CollectCount => self.values > 0,
            Policy::CollectSum => self.values > 0 && self.missing > 0,
            _ if policy.lists() => self.empty > 0 && self.several > 0,
            _ => self.faults > 0 && self.values > 0 && self.missing > 0,
        };
        assert!(seen, "{}: too little came up", policy.words());
    }
}

/// The policy that has the table, and outputs that tell what it comes to.
pub(crate) fn written(table: &Table) -> String {
    let mut text = format!(
        "policy forms {{ version \"1\" }}\nenum Verdict {{ {} }}\nenum Colour {{ red, green, blue, grey }}\n",
        VERDICTS.join(" < ")
    );
    for code in REASONS {
        writeln!(text, "reason {code} \"One\"").unwrap();
    }
    text.push_str("input {\n    limit : integer\n");
    for column in &table.columns {
        let optional = if column.optional { "?" } else { "" };
        writeln!(text, "    {} : {}{optional}", column.name, column.kind.ty()).unwrap();
    }
    text.push_str("}\n");
    text.push_str(&table.written());
    text.push_str("decide outcome : Verdict most severe {\n");
    if table.policy.lists() {
        text.push_str("    evaluate t.verdict\n");
    }
    let sure = table.policy.lists() && table.always_has_a_row();
    if !sure {
        text.push_str("    rule rest otherwise then mild\n");
    }
    text.push_str("}\noutput {\n");
    if table.policy.lists() {
        text.push_str("    rows : integer = count of t\n");
        let if_none = if sure { "" } else { " if none -999" };
        writeln!(text, "    first : integer = first of t.points{if_none}").unwrap();
        text.push_str("    total : integer = sum of t.points where verdict is not warm\n");
    } else {
        for (name, output) in table.outputs() {
            writeln!(
                text,
                "    {name} : {} = t.{name}",
                table.output_type(*output)
            )
            .unwrap();
        }
    }
    text.push_str("}\n");
    text
}

fn asked(table: &Table, choose: &mut Choose<'_>) -> Asked {
    let values = table.columns.iter().map(|column| {
        let missing = column.optional && choose.percent(20);
        (!missing).then(|| column.kind.any_value(choose))
    });
    Asked {
        values: values.collect(),
        day: choose.between(0, 27),
        limit: choose.between(0, 11),
    }
}

fn bound(program: &Program, table: &Table, asked: &Asked) -> krites_reference::Case {
    let mut given = vec![("limit", Given::Integer(asked.limit))];
    for (column, value) in table.columns.iter().zip(&asked.values) {
        let value = value.map_or(Given::Missing, |value| column.kind.given(value));
        given.push((&column.name, value));
    }
    case(program, &Kind::Day.written(asked.day), &given)
}

/// What the outputs come to, and what speaks.
fn expected(table: &Table, found: &Found) -> (Vec<String>, Vec<String>) {
    match found {
        Found::Fault => (vec!["fault".to_owned()], Vec::new()),
        Found::Values(values) => {
            let outputs = table.outputs().iter();
            let outputs = outputs.map(|(_, output)| match (output, values[*output]) {
                (_, None) => "-".to_owned(),
                (0, Some(value)) => format!("label {value}"),
                (1, Some(value)) => value.to_string(),
                (_, Some(value)) => shown(value, 2),
            });
            (outputs.collect(), Vec::new())
        }
        Found::Rows(rows) => {
            let points: Vec<i64> = rows.iter().map(|(_, values)| values[1].unwrap()).collect();
            let cool = rows.iter().filter(|(_, values)| values[0] != Some(1));
            let total: i64 = cool.map(|(_, values)| values[1].unwrap()).sum();
            let outputs = vec![
                rows.len().to_string(),
                points.first().unwrap_or(&-999).to_string(),
                total.to_string(),
            ];
            let mut speakers: Vec<String> = rows
                .iter()
                .map(|(row, values)| {
                    let verdict = VERDICTS[usize::try_from(values[0].unwrap()).unwrap()];
                    let because = table.because(*row).unwrap_or("-");
                    format!("t[{}] {verdict} {because}", table.rows[*row].id)
                })
                .collect();
            if speakers.is_empty() {
                speakers.push("outcome.rest mild -".to_owned());
            }
            (outputs, speakers)
        }
    }
}

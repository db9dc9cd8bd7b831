//! The front end: what a policy text is read as, and what is said where it is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use std::sync::Arc;

use krites_lang::ast::{
    AssignedValue, CellKind, ColumnKind, Expectation, ExprKind, File, Given, InputEntry,
    InputField, Item, OutputEntry, Step, SumOp,
};
use krites_lang::{Diagnostic, Place, Sources, parse, source_from_bytes};
use proptest::prelude::*;

const LOAN: &str = include_str!("loan.krites");

fn read(text: &str) -> (Sources, File, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let source = sources.add("loan.krites", text);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    (sources, file, diagnostics)
}

/// Renders each diagnostic as `K0100 2:5 headline / help`.
fn shown(text: &str) -> Vec<String> {
    let (sources, _, diagnostics) = read(text);
    diagnostics
        .iter()
        .map(|diagnostic| {
            let Place::Text(span) = &diagnostic.primary.place else {
                return "elsewhere".to_owned();
            };
            let (line, column) = sources.get(span.source).unwrap().line_column(span.start);
            let help = diagnostic
                .help
                .as_ref()
                .map_or(String::new(), |help| format!(" / {help}"));
            format!(
                "{} {line}:{column} {}{help}",
                diagnostic.code, diagnostic.headline
            )
        })
        .collect()
}

/// Holds the diagnostics of `text` against `expected`, each by its beginning.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found = shown(text);
    let same =
        found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.starts_with(e));
    assert!(
        same,
        "\n{text}\n--- found\n{}\n--- expected\n{}\n",
        found.join("\n"),
        expected.join("\n")
    );
}

/// Holds one condition against what is said about it.
#[track_caller]
fn check_condition(condition: &str, expected: &[&str]) {
    check(
        &format!("rules r all {{\nrule a when {condition} then decline\n}}"),
        expected,
    );
}

#[track_caller]
fn value(text: &str) -> ExprKind {
    let (_, file, diagnostics) = read(&format!("define {{ x = {text} }}"));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    match file.items.into_iter().next() {
        Some(Item::Define(mut definitions)) => definitions.remove(0).value.kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_sample_reads_without_a_complaint() {
    check(LOAN, &[]);
    check(&LOAN.replace('\n', "\r\n"), &[]);
    check(&format!("\u{feff}{LOAN}"), &[]);
}

#[test]
fn the_sample_reads_as_what_it_says() {
    let (sources, file, _) = read(LOAN);
    let mut kinds = Vec::new();
    for item in &file.items {
        kinds.push(match item {
            Item::Policy(policy) => {
                assert_eq!(policy.name.text, "personal_loan");
                assert_eq!(policy.time_zone.as_ref().unwrap().text, "Europe/London");
                assert_eq!(policy.on_fault.as_ref().unwrap().because.as_ref().unwrap().text, "M00");
                "policy"
            }
            Item::Reason(reason) => {
                assert!(reason.code.text != "R01" || reason.customer.as_ref().unwrap().text == "You must be 18 or over");
                "reason"
            }
            Item::Enum(decl) if decl.name.text == "Outcome" => {
                assert!(decl.ordered);
                assert_eq!(decl.labels.len(), 4);
                "enum"
            }
            Item::Enum(decl) => {
                assert!(!decl.ordered);
                assert_eq!(decl.labels[1].wire.as_ref().unwrap().text, "SELF-EMPL");
                assert_eq!(decl.labels[2].code.as_ref().unwrap().0, 3);
                "enum"
            }
            Item::Input(decl) => {
                let fields: Vec<&InputField> = decl
                    .entries
                    .iter()
                    .filter_map(|entry| match entry {
                        InputEntry::Field(field) => Some(field),
                        InputEntry::Group(_) => None,
                    })
                    .collect();
                assert_eq!(fields.len(), 9);
                assert_eq!(fields[0].path.text, "applicant.age");
                assert_eq!(fields[0].doc.as_ref().unwrap().text, "Whole years at the application date");
                assert!(fields[3].ty.optional && fields[3].private.is_some());
                "input"
            }
            Item::Define(definitions) => {
                let ExprKind::Product { rest, .. } = &definitions[0].value.kind else { panic!() };
                assert!(matches!(&rest[0].if_zero.as_ref().unwrap().kind, ExprKind::Percent(p) if p == "999"));
                "define"
            }
            Item::Columns(columns) => {
                let names: Vec<&str> = columns.columns.iter().map(|column| column.target.text.as_str()).collect();
                assert_eq!(names, ["limit_bal", "age", "loan.amount"]);
                "columns"
            }
            Item::Model(model) => {
                assert_eq!(model.feeds.len(), 5);
                assert_eq!(model.feeds[2].target.text, "debt_to_income");
                assert_eq!(model.feeds[4].target.text, "input.1");
                assert_eq!(model.gives[0].output.text, "probabilities");
                assert!(matches!(&model.gives[0].given, Given::Value { class: Some(class), .. }
                    if matches!(&class.kind, ExprKind::Number(n) if n == "1")));
                assert_eq!(model.gives[1].output.text, "odd name");
                assert_eq!(model.gives[1].rounded.unwrap().0, 6);
                assert_eq!(model.within_ms.unwrap().0, 20);
                "model"
            }
            Item::Table(table) => {
                assert_eq!(table.outputs.len(), 3);
                assert!(matches!(table.columns[0].kind, ColumnKind::Id));
                assert!(matches!(table.columns[4].kind, ColumnKind::Output(0)));
                assert!(matches!(table.columns[5].kind, ColumnKind::Because));
                assert_eq!(table.rows.len(), 4);
                let cells = &table.rows[1].cells;
                assert!(matches!(&*cells[0].kind, CellKind::Id(id) if id == "P-02"));
                assert!(matches!(&*cells[2].kind, CellKind::Any));
                assert!(matches!(&*cells[3].kind, CellKind::Tests { negated: true, .. }));
                assert!(matches!(&*cells[5].kind, CellKind::Nothing));
                assert_eq!(sources.text(cells[6].span), "10_000");
                "table"
            }
            Item::Rules(set) => {
                assert!(set.rules.iter().all(|rule| rule.then.because.is_some()));
                "rules"
            }
            Item::Decide(decide) => {
                assert_eq!(decide.steps.len(), 7);
                assert!(matches!(&decide.steps[1], Step::StopOnce { at_least: false, outcome, .. } if outcome.text == "decline"));
                assert!(matches!(&decide.steps[5], Step::Rule(rule) if rule.when.is_some()));
                assert!(matches!(&decide.steps[6], Step::Rule(rule) if rule.when.is_none()));
                "decide"
            }
            Item::Output(entries) => {
                assert!(matches!(&entries[1], OutputEntry::When { parts, .. } if parts.len() == 2));
                "output"
            }
            Item::Reasons(reasons) => {
                assert_eq!(reasons.at_most.unwrap().0, 4);
                assert_eq!(reasons.entries[0].outcomes.len(), 3);
                "reasons"
            }
            Item::Example(example) => {
                assert_eq!(example.values.len(), 9);
                "example"
            }
            Item::Test(test) => {
                assert!(!test.expects.is_empty());
                if test.title.text.starts_with("a minor") {
                    assert!(matches!(&test.expects[2], Expectation::NotRun(path) if path.text == "default_risk"));
                    assert!(matches!(&test.expects[1], Expectation::Reasons { codes, .. } if codes.len() == 1));
                }
                if test.title.text.starts_with("a broken") {
                    assert!(matches!(&test.with[0].value, AssignedValue::Fault(_)));
                    assert!(matches!(&test.with[1].value, AssignedValue::Missing(_)));
                }
                "test"
            }
            _ => "another",
        });
    }
    kinds.dedup();
    let expected = [
        "policy", "reason", "enum", "input", "define", "rules", "columns", "model", "table",
        "decide", "output", "reasons", "example", "test",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn an_expression_keeps_its_shape() {
    assert!(matches!(value("-3"), ExprKind::Number(n) if n == "-3"));
    assert!(matches!(value("25_000.50"), ExprKind::Number(n) if n == "25000.50"));
    assert!(matches!(value("4.90%"), ExprKind::Percent(p) if p == "4.90"));
    assert!(matches!(value("2026-11-02"), ExprKind::Date(d) if d == "2026-11-02"));
    assert!(matches!(value("order"), ExprKind::Path(p) if p.text == "order"));
    assert!(matches!(value("`strange name`.in"), ExprKind::Path(p) if p.text == "strange name.in"));
    assert!(matches!(value("\"a\\\"b\\n\""), ExprKind::Text(t) if t == "a\"b\n"));
    assert!(matches!(value("-a"), ExprKind::Negate(_)));
    assert!(matches!(value("-(a + b)"), ExprKind::Negate(_)));
    let ExprKind::Sum { first, rest } = value("a + b * c - d") else {
        panic!()
    };
    assert!(matches!(first.kind, ExprKind::Path(_)));
    assert!(matches!(rest[0], (SumOp::Add, ref e) if matches!(e.kind, ExprKind::Product { .. })));
    assert!(matches!(rest[1].0, SumOp::Subtract));
    assert!(matches!(value("a - -3"), ExprKind::Sum { .. }));
    let ExprKind::IfMissing { alternative, .. } = value("a if missing b if missing 0") else {
        panic!()
    };
    assert!(matches!(
        alternative.unwrap().kind,
        ExprKind::IfMissing { .. }
    ));
    assert!(matches!(
        value("a if missing fault"),
        ExprKind::IfMissing {
            alternative: None,
            ..
        }
    ));
    assert!(
        matches!(value("min(a, b, 3)"), ExprKind::Call { arguments, .. } if arguments.len() == 3)
    );
    assert!(
        matches!(value("a and not b and c is not one of [x, y]"), ExprKind::And(parts) if parts.len() == 3)
    );
    assert!(
        matches!(value("x in 1 and above and y not in 1 to below 5"), ExprKind::And(parts) if parts.len() == 2)
    );
    assert!(matches!(
        value("x is not missing"),
        ExprKind::Is { negated: true, .. }
    ));
    assert!(matches!(value("a < b or (c >= d and e)"), ExprKind::Or(parts) if parts.len() == 2));
    assert!(matches!(value("true"), ExprKind::Boolean(true)));
}

#[test]
fn an_entry_goes_on_over_lines() {
    check(
        "rules r all {\n rule a\n  # why\n  when x > 1\n   and y\n     + z > 3 # so\n  then decline\n  because R1\n rule b otherwise then ok ; rule c when a(1,\n 2) > 3 then ok\n}",
        &[],
    );
    check(
        "enum E {\n a <\n b\n < c\n}\nenum F {\n a\n b,\n c code 3\n}",
        &[],
    );
    check("policy p\n{\n version \"1\"\n}", &[]);
    check("define { x = a\n - b\n y = if_zero }", &[]);
    check(
        "define {\n a = sum of\n  b.c\n  where (d\n   and e)\n  if none 3\n f = sum of (g * 2)\n  over h\n  where\n  i is 1\n over = 3\n}",
        &[],
    );
    check(
        "example e {\n a = [\n  { b = 1,\n   c = [\n { d = 1 } ] },\n  {\n   b = 2\n  },\n ]\n f = [1,\n 2]\n}",
        &[],
    );
}

#[test]
fn every_broken_entry_is_reported_in_order_and_the_rest_goes_on() {
    let text = "input {\n a : integr in ;\n b integer\n c : text\n}\nrules r all {\n rule x when a > then decline\n rule y when c is ok then decline\n}";
    check(
        text,
        &[
            "K0100 2:15 expected a range such as `1 to 5` after `in` / write a range",
            "K0100 3:4 a colon stands before the type / write `b : integer`",
            "K0100 7:18 expected a value after `>`",
        ],
    );
    let (_, file, _) = read(text);
    let lost: Vec<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Error { name, .. } => name.as_ref().map(|name| name.text.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(lost, ["a", "b", "r.x"]);
    assert!(matches!(&file.items[0], Item::Input(decl) if decl.entries.len() == 1));
}

#[test]
fn a_missing_part_is_named_in_words() {
    check_condition("", &["K0100 2:14 expected a condition after `when`"]);
    check(
        "rules r all {\nrule a when x > 3 decline because R1\n}",
        &["K0100 2:19 `then` is left out before the outcome / write `then decline`"],
    );
    check(
        "rules r all {\nrule a when x the decline\n}",
        &["K0100 2:15 expected `then` and an outcome after `x` / did you mean `then`?"],
    );
    check(
        "rules r all {\nrule a when x > 3\n}",
        &["K0100 2:18 expected `then` and an outcome after `3`"],
    );
    check(
        "rules r all {\nrule a when x then decline because\n}",
        &["K0100 2:35 expected a reason code after `because`"],
    );
    check(
        "rules r {\nrule a otherwise then ok\n}",
        &["K0100 1:8 expected `all` or `first` after `r` / write `all`"],
    );
    check(
        "policy p {\n versoin \"1\"\n}",
        &[
            "K0100 2:2 expected `version`, `owner`, `time zone`, `rounding`, `on fault`, `budget` or `models state` / did you mean `version`?",
        ],
    );
    check(
        "model m from \"f\" {\n within 20\n}",
        &["K0100 2:11 expected `ms` after `20` / write `within 20 ms`"],
    );
    check(
        "define {\n a : integr(2) = 3\n}",
        &["K0203 2:6 there is no type `integr` / did you mean `integer`?"],
    );
    check(
        "define {\n in = 3\n}",
        &["K0100 2:2 expected a name / `in` is a word of the language"],
    );
    check_condition(
        "x is one of a, b",
        &["K0100 2:25 expected `[` after `of` / put the values in brackets: `is one of [a, b]`"],
    );
    check_condition("x is in 1 to 3", &["K0100 2:18 expected"]);
    check_condition(
        "x in 5",
        &["K0100 2:20 expected `and above` or `to` after `5` / write a range"],
    );
    check(
        "table t first match {\n| a |\n}",
        &["K0100 1:20 expected `->` after `match` / write `->`"],
    );
}

#[test]
fn well_known_slips_are_named() {
    check_condition(
        "a and b or c",
        &[
            "K0120 2:21 `and` and `or` are mixed without brackets / write `(a and b) or c` or `a and (b or c)`",
        ],
    );
    check_condition("(a and b) or c", &[]);
    check_condition(
        "income > 25,000",
        &[
            "K0121 2:22 `25,000` has a comma within a number / write `25_000`, or `25, 000` for 2 numbers",
        ],
    );
    check_condition(
        "rate > 4,9%",
        &["K0122 2:20 `4,9%` has a comma where a decimal point belongs / write `4.9%`"],
    );
    check_condition(
        "1 < x < 3",
        &["K0123 2:19 one comparison follows another / write `1 < x and x < 3`"],
    );
    check_condition(
        "1 <= x < 3",
        &["K0123 2:20 one comparison follows another / write `x in 1 to below 3`"],
    );
    check_condition(
        "a -3 > 2",
        &["K0124 2:15 a minus between two values has a blank on both sides / write `a - 3`"],
    );
    check_condition(
        "a-b > 2",
        &["K0124 2:14 a minus between two values has a blank on both sides / write `a - b`"],
    );
    check_condition(
        "day < 2026-1-2",
        &["K0124 2:19 this is no date / write year, month and day: `2026-01-02`"],
    );
    check_condition("a = 3", &["K0125 2:15 `=` does not compare / write `is`"]);
    check_condition(
        "a == 3 and b != 4 and c <> 5 and d => 3",
        &[
            "K0125 2:15",
            "K0125 2:26",
            "K0125 2:37",
            "K0125 2:48 `=>` does not compare / write `>=`",
        ],
    );
    check_condition(
        "a && !b",
        &[
            "K0126 2:15 `&&` is written `and`",
            "K0126 2:18 `!` is written `not`",
        ],
    );
    check_condition("a || b", &["K0126 2:15 `||` is written `or`"]);
    check_condition(
        "x is “a”",
        &["K0129 2:18 the sign `“` is not part of the language / write `\"`"],
    );
    check_condition(
        "prüfung > 3",
        &["K0129 2:15 the letter `ü` cannot stand in a bare name / names are made"],
    );
    check_condition("not not a", &["K0134 2:17"]);
    check_condition("- - a > 3", &["K0134 2:15"]);
    check_condition("a * b if zero 3 > 2", &["K0136 2:19"]);
    check_condition("a if missing 3 if missing 4 > 2", &["K0137 2:15"]);
    check(
        "define {\n a = \"x\\q\"\n}",
        &["K0105 2:8 `\\q` means nothing in a text"],
    );
    check(
        "define {\n a : decimal(999999999999) = 3\n}",
        &["K0128 2:14"],
    );
    check("define {\n a : decimal unrounded = 3\n}", &["K0135 2:14"]);
    check("enum E { a < b, c }", &["K0118 1:15"]);
    check("enum E {\n a < b\n c\n}", &["K0118 3:2"]);
    check(
        "policy p { version \"1\"; version \"2\" }",
        &["K0113 1:25 `version` is written twice"],
    );
    check("input {\n a : integer private private\n}", &["K0113 2:22"]);
}

#[test]
fn what_is_still_to_come_is_told_apart() {
    check(
        "rules r all {\n rule a when all of flags then b\n}",
        &["K0131 2:18 `all of` is not yet part of the language"],
    );
    check(
        "reasons {\n for a : rules that spoke then x\n}",
        &["K0100 2:27 expected `,` after `spoke`"],
    );
}

#[test]
fn names_of_other_files_are_listed_or_lost_one_by_one() {
    let (_, file, found) = read("use R01, `R 2`, Kind,\n  from from \"x\"");
    assert!(found.is_empty(), "{found:?}");
    let Item::Use(decl) = &file.items[0] else {
        panic!("{:?}", file.items);
    };
    let names: Vec<&str> = decl.names.iter().map(|name| name.text.as_str()).collect();
    assert_eq!(names, ["R01", "R 2", "Kind", "from"]);
    assert_eq!(decl.from.text, "x");
    let (_, file, _) = read("use R01, R02 of \"x\"");
    assert_eq!(file.items.len(), 3);
}

#[test]
fn an_unknown_item_is_reported_once() {
    check(
        "rulez x all {\nrule a when b then c\n}",
        &["K0130 1:1 `rulez` begins no item / did you mean `rules`?"],
    );
    let (_, file, _) = read("rulez x all {\nrule a when b then c\n}");
    assert!(matches!(&file.items[0], Item::Rules(set) if set.rules.len() == 1));
    check(
        "Dear Sir,\nplease find attached\nthe policy",
        &["K0130 1:1 `Dear` begins no item"],
    );
    check(
        "rules r all {\n}\n rule a when b then c\n rule d when e then f\n}",
        &["K0103 2:1 this `}` closes `rules r` too early / remove it"],
    );
    check("| a | b |", &["K0130 1:1 expected an item here"]);
}

#[test]
fn what_is_not_closed_is_reported_where_it_opens() {
    check(
        "define {\n a = 3\n\nrules r all {\n rule x otherwise then y\n}",
        &["K0102 1:8 the block opened here is not closed"],
    );
    let (_, file, _) = read("define {\n a = 3\n\nrules r all {\n rule x otherwise then y\n}");
    assert!(matches!(&file.items[1], Item::Rules(set) if set.rules.len() == 1));
    check(
        "model m from \"f\" {\n feed {\n  a\n give b : decimal = c\n}\nrules r all {\n}",
        &["K0102 1:18", "K0100 4:7"],
    );
    check("define {\n a = 3", &["K0102 1:8"]);
    check(
        "define { a = \"x }\nrules r all {\n}",
        &["K0102 1:8", "K0101 1:14 a quoted text is not closed"],
    );
    check(
        "define {\n a = \"x\n b = 3\n c = =\n}",
        &["K0101 2:6", "K0100 4:6"],
    );
    check(
        "define {\n a = (3 + 4\n b = 3\n}",
        &["K0104 2:6 the bracket `(` opened here is not closed / close it with `)`"],
    );
    check("define {\n a = (3 + 4]\n b = 3\n}", &["K0104 2:6"]);
    check(
        "define {\n a = 3)\n}",
        &["K0103 2:7 this `)` closes nothing"],
    );
    check("}\n", &["K0103 1:1 this `}` closes nothing"]);
    check(
        "define\nrules r all { }",
        &["K0106 1:7 `define` takes a block"],
    );
    check(
        "reason R1 \"x\" { a }",
        &["K0107 1:15 `reason` takes no block"],
    );
    check(
        "define {\n a = 3 { b = 4 }\n}",
        &["K0107 2:8 `a = 3` takes no block"],
    );
}

#[test]
fn cells_are_held_against_their_column() {
    let table = |row: &str| {
        format!(
            "table t first match -> v : O, because, m : percent? {{\n| id | x | v | because | m |\n|----|---|---|---|---|\n{row}\n}}"
        )
    };
    check(
        &table("| a | 1 to below 3, 5, above 7 | approve | - | 4.9% |"),
        &[],
    );
    check(&table("| a | not x, y | -3 | R1 | - |"), &[]);
    check(
        &table("| a | - | b | - | - |"),
        &["K0110 4:7 `-` says nothing in a column of tests / write `any`"],
    );
    check(
        &table("| a |  | b | - | - |"),
        &["K0111 4:8 a cell is blank"],
    );
    check(
        &table("| a | any | b | - |"),
        &["K0112 4:1 the row has too few cells: 4 instead of 5"],
    );
    check(
        &table("| a | any | b | - | - | 3 |"),
        &["K0112 4:1 the row has too many cells: 6 instead of 5"],
    );
    check(
        &table("| a | any | b | - | -"),
        &["K0115 4:22 the row does not end with `|`"],
    );
    check(
        &table("a | any | b | - | - |"),
        &["K0114 4:1 a line of a table begins with `|`"],
    );
    check(&table("| a b | any | b | - | - |"), &["K0116 4:3"]);
    check(&table("| a | any | missing | - | - |"), &["K0117 4:13"]);
    check(
        &table("| a | any | b | - | 4,9% |\n| b | = | b | - | 4,9% |"),
        &["K0122 4:21", "K0100 5:7 expected", "K0122 5:19"],
    );
    check(
        &table("| a | any | b | - | 1 |\n| b | < | = | - | < |"),
        &["K0100 5:7", "K0100 5:11", "K0100 5:19"],
    );
    check("table t first match -> v : O {\n}", &["K0114 1:7"]);
    check(
        "table t first match -> v : O {\n| = | v |\n| 3 | 4 |\n}",
        &["K0100 2:3"],
    );
    let (_, file, _) = read(&table(
        "| a | below x + 1 | b | - | - |\n| b | below x + 1 | b | - | - |",
    ));
    let Item::Table(table) = &file.items[0] else {
        panic!()
    };
    let [one, other] = [0, 1].map(|row: usize| &table.rows[row].cells[1]);
    assert!(Arc::ptr_eq(&one.kind, &other.kind), "parsed once");
    assert_ne!(one.span, other.span);
}

#[test]
fn limits_hold() {
    check("", &["K0005 1:1 the file holds no policy"]);
    check("  # only this\n\n", &["K0005 1:1"]);
    check(
        &format!("# {}\n", "x".repeat(70_000)),
        &["K0004 1:1 a line is longer than 64 KiB"],
    );
    let nested = |depth: usize| {
        format!(
            "define {{\n a = {}1{}\n}}",
            "(".repeat(depth),
            ")".repeat(depth)
        )
    };
    check(&nested(63), &[]);
    check(&nested(64), &["K0006 2:69"]);
    check(&nested(20_000), &["K0006 2:69"]);
    check(&"(\n".repeat(4_000_000), &["K0006 65:1"]);
    check(&"(".repeat(8_000_000), &["K0004 1:1", "K0006 1:65"]);
    check(&"(".repeat(10_000_000), &["K0001 1:1"]);
    check(&"{".repeat(20_000), &["K0006 1:65"]);
    check(
        &"define {\n".repeat(20_000),
        &["K0102"; 1000]
            .iter()
            .copied()
            .chain(["K0009"])
            .collect::<Vec<_>>(),
    );
    check(
        &format!("define {{\n a = b{}\n}}", " if missing c".repeat(17)),
        &["K0006 2:6"],
    );
    check(
        &format!("define {{\n a = b\n{}\n}}", " + c\n".repeat(300_000)),
        &["K0010 2:2"],
    );
}

#[test]
fn what_is_not_seen_is_refused_wherever_it_stands() {
    let marks = [
        "\0", "\u{1}", "\u{1b}", "\u{7f}", "\u{85}", "\u{ad}", "\u{61c}", "\u{200b}", "\u{200e}",
        "\u{200f}", "\u{2028}", "\u{2029}", "\u{202a}", "\u{202e}", "\u{2060}", "\u{2066}",
        "\u{2069}", "\u{feff}",
    ];
    for mark in marks {
        let number = format!("U+{:04X}", u32::from(mark.chars().next().unwrap()));
        for (text, place) in [
            (format!("# a{mark}b"), "1:4"),
            (format!("reason A \"a{mark}b\""), "1:12"),
            (format!("input {{ `a{mark}b` : text }}"), "1:11"),
            (format!("input {{ a{mark}b : text }}"), "1:10"),
            (
                format!("table t first match -> b : O {{\n| a{mark} |"),
                "2:4",
            ),
            (format!("define {{ a = \n{mark}b }}"), "2:1"),
        ] {
            let found = shown(&text);
            let code = if mark.chars().next().unwrap().is_control() {
                "K0003"
            } else {
                "K0007"
            };
            let begins = format!("{code} {place} ");
            let first = found.iter().find(|found| found.starts_with(&begins));
            let first = first.unwrap_or_else(|| panic!("{text:?}: {found:?}"));
            let named = if mark == "\0" { "NUL" } else { &number };
            assert!(first.contains(named), "{first}");
        }
    }
    // No more than can be looked through
    let many = format!("# {}", "\u{202e}".repeat(10_000));
    assert_eq!(shown(&many).len(), 20);
    // Joiners and what chooses a form of an emoji are seen in what they join
    check("reason A \"\u{200d}\u{200c}\u{fe0f}\tä\"", &[]);
}

#[test]
fn a_byte_order_mark_begins_a_file_and_nothing_else() {
    check("\u{feff}reason A \"a\"", &[]);
    check("\u{feff}\u{feff}reason A \"a\"", &["K0007 1:2"]);
    check("reason A \"a\"\n\u{feff}", &["K0007 2:1"]);
}

#[test]
fn lines_end_in_lf_or_crlf() {
    let text = "reason A \"a\" # note\ninput {\n  a :\n integer\n b : text \"x\"\n}\ntable t first match -> b : O {\n| a | b |\n|---|---|\n| 1 | x |\n}\n";
    check(text, &[]);
    check(&text.replace('\n', "\r\n"), &[]);
    check("reason A \"a\r\n\"", &["K0101 1:10", "K0101 2:1"]);
    check(
        "input {\r\n `a\r\n` : text }\r\n",
        &["K0100 2:2", "K0100 3:1"],
    );
    // An old end of lines hides what stands behind a comment
    check(
        "# note\rreason A \"a\"\rreason B \"b\"",
        &["K0003 1:7 a carriage return stands here without a line's end"],
    );
    check("reason A \"a\"\r\r\n", &["K0003 1:13"]);
    check("reason A \"a\"\r", &["K0003 1:13"]);
}

#[test]
fn a_line_of_a_megabyte_is_refused() {
    let long = "x".repeat(1 << 20);
    for text in [
        format!("# {long}"),
        format!("reason A \"{long}\""),
        format!("input {{ `{long}` : text }}"),
        format!("define {{ a = {long} }}"),
        format!("define {{ a = \"{long}"),
        format!("{}\r\n", "| ".repeat(1 << 19)),
        "ä".repeat(1 << 19),
    ] {
        let found = shown(&text);
        assert!(
            found.iter().any(|found| found.starts_with("K0004 1:1 ")),
            "{found:?}"
        );
        assert!(found.len() <= 3, "{found:?}");
    }
}

#[test]
fn long_chains_and_tables_are_read() {
    let terms = format!(
        "define {{\n a = b{}\n c = not d{}\n}}",
        "\n + c".repeat(20_000),
        "\n and d".repeat(20_000)
    );
    check(&terms, &[]);
    check(
        &format!("define {{\n a = {}b\n}}", "not ".repeat(10_000)),
        &["K0134"],
    );
    check(
        &format!("define {{\n a = {}b\n}}", "- ".repeat(10_000)),
        &["K0134"],
    );
    let mut table = String::from(
        "table t first match -> v : O, because, m : percent? {\n| id | x | y | v | because | m |\n|--|--|--|--|--|--|\n",
    );
    for row in 0..50_000 {
        table += &format!(
            "| r{row} | {row} to below {} | not a, b | decline | R01 | {}.5% |\n",
            row + 1,
            row % 100
        );
    }
    table += "}\n";
    check(&table, &[]);
    check(&"x\n".repeat(4_000_000), &["K0008"]);
    check(&"a `\n".repeat(200_000), &["K0130"]);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let refuse = |bytes: &[u8]| {
        let mut sources = Sources::default();
        match source_from_bytes(&mut sources, "x.krites", bytes.to_vec()) {
            Ok(source) => sources.get(source).unwrap().text().to_owned(),
            Err((_, diagnostic)) => {
                format!(
                    "{} {} {} {}",
                    diagnostic.code,
                    sources.describe(&diagnostic.primary.place),
                    diagnostic.headline,
                    diagnostic.primary.text
                )
            }
        }
    };
    assert_eq!(refuse(b"\xef\xbb\xbfpolicy"), "policy");
    assert_eq!(
        refuse(b"a\nb \xff"),
        "K0002 x.krites:2:3 the file is not valid UTF-8 byte 4, on line 2"
    );
    assert_eq!(
        refuse(b"\x7fELF\x00\x01\x00\xff\x00"),
        "K0002 x.krites:1:1 not a text file "
    );
    assert_eq!(
        refuse(b"\xff\xfep\x00o\x00"),
        "K0002 x.krites:1:1 the file is not valid UTF-8 byte 0, on line 1"
    );
    assert_eq!(
        refuse(b"policy p\n { } ok \x00"),
        "K0003 x.krites:2:9 the file holds a NUL byte byte 17"
    );
    assert_eq!(
        refuse(&vec![b' '; 9_000_000]),
        "K0001 x.krites:1:1 the file is larger than 8 MiB "
    );
}

/// Parses on a stack of the size that threads have by default.
fn survives(text: &str) {
    let (sources, file, diagnostics) = read(text);
    for diagnostic in &diagnostics {
        let Place::Text(span) = &diagnostic.primary.place else {
            continue;
        };
        assert!(
            span.start <= span.end && span.end as usize <= text.len(),
            "{diagnostic:?}"
        );
        assert!(
            text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize)
        );
        assert!(
            !diagnostic.headline.contains("kw_") && !diagnostic.headline.contains("_entry"),
            "{diagnostic:?}"
        );
        assert!(!diagnostic.headline.is_empty());
    }
    let starts: Vec<u32> = diagnostics
        .iter()
        .filter_map(|diagnostic| match &diagnostic.primary.place {
            Place::Text(span) => Some(span.start),
            _ => None,
        })
        .collect();
    assert!(starts.is_sorted());
    let broken = file
        .items
        .iter()
        .any(|item| matches!(item, Item::Error { .. }));
    assert!(
        !broken || !diagnostics.is_empty(),
        "an error item without a diagnostic: {:?}",
        file.items
    );
    drop(sources);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_is_answered(text in any::<Vec<u8>>()) {
        survives(&String::from_utf8_lossy(&text));
    }

    #[test]
    fn any_text_of_the_languages_words_is_answered(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "policy", "rules", "rule", "when", "then", "if", "zero", "missing", "{", "}", "(", ")", "[", "]", "\n", "\n",
            ",", ";", "|", "-", "a", "b.c", "3", "4.9%", "\"t\"", "\"", "`", "#", "=", "<", "and", "or", "not", "is", "in",
            "to", "below", "because", "table", "first", "match", "->", ":", "integer", "money(GBP)", "input", "define",
            "expect", "given", "test", "with", "feed", "model", "from", "give", "enum", "é", "2026-11-02", "any", "id",
        ]), 0..80),
        head in proptest::sample::select(vec!["", "define { x = ", "rules r all { rule a when ", "table t first match -> v : O {\n| id | ", "input {"]),
    ) {
        survives(&format!("{head}{}", words.join(" ")));
    }

    #[test]
    fn a_policy_with_a_slip_is_answered(
        cuts in proptest::collection::vec((any::<proptest::sample::Index>(), 0_usize..3, any::<char>()), 1..6),
    ) {
        let mut signs: Vec<char> = LOAN.chars().collect();
        for (index, what, sign) in cuts {
            let at = index.index(signs.len());
            match what {
                0 => _ = signs.remove(at),
                1 => signs.insert(at, signs[at]),
                _ => signs.insert(at, sign),
            }
        }
        survives(&signs.into_iter().collect::<String>());
    }
}

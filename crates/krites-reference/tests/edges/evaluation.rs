//! What is asked before what, what is exact, what a fault leads to.

use krites_lang::Exact;
use krites_reference::{Given, Stub};

use crate::{BIG, LARGE, TINY, decided, outputs, outputs_with, with_model};

#[test]
fn conditions_ask_from_left_to_right_and_no_further() {
    let overflows = [("a", "5"), ("b", LARGE)];
    outputs(&[
        ("boolean", "a in 10 to b * 2", &overflows, "false"),
        ("boolean", "a in 5 to b * 2", &overflows, "fault: too large"),
        ("boolean", "a in b * 2 to 3", &overflows, "fault: too large"),
        ("boolean", "a is one of [5, b * 2]", &overflows, "true"),
        (
            "boolean",
            "a is one of [b * 2, 5]",
            &overflows,
            "fault: too large",
        ),
        (
            "boolean",
            "a is one of [1, b * 2, 5]",
            &overflows,
            "fault: too large",
        ),
        (
            "boolean",
            "a + b > (c if missing fault)",
            &overflows,
            "fault: too large",
        ),
        (
            "boolean",
            "(c if missing fault) > a + b",
            &overflows,
            "fault: missing",
        ),
        ("boolean", "c is present and c > 1", &[], "false"),
        ("integer", "min(a, b * 2)", &overflows, "fault: too large"),
    ]);
}

#[test]
fn arithmetic_goes_from_left_to_right_and_each_step_counts() {
    let full = [("a", LARGE), ("b", "1")];
    outputs(&[
        ("integer", "a + b - b", &full, "fault: too large"),
        ("integer", "a - b + b", &full, LARGE),
        (
            "integer",
            "a + b + (c if missing fault)",
            &full,
            "fault: too large",
        ),
        (
            "integer",
            "(c if missing fault) + a + b",
            &full,
            "fault: missing",
        ),
        (
            "integer",
            "a + b * (c if missing fault)",
            &full,
            "fault: missing",
        ),
        (
            "integer",
            "-a",
            &[("a", "-9223372036854775808")],
            "fault: too large",
        ),
        (
            "integer",
            "abs(a)",
            &[("a", "-9223372036854775808")],
            "fault: too large",
        ),
        ("decimal", "a + b + x", &full, "9223372036854775808"),
        ("decimal", "(a + b) + x", &full, "fault: too large"),
        (
            "decimal",
            "x * y / a if zero 7",
            &[("x", BIG), ("y", "10")],
            "fault: too large",
        ),
        (
            "decimal",
            "x / a if zero 7 * y",
            &[("x", BIG), ("y", "10")],
            "70",
        ),
        (
            "decimal",
            "x / a if zero y * 10",
            &[("x", "1"), ("y", BIG)],
            "fault: too large",
        ),
        (
            "decimal",
            "x / (a + 1) if zero y * 10",
            &[("x", "1"), ("y", "3")],
            "10",
        ),
    ]);
}

#[test]
fn what_goes_on_from_a_division_is_rounded_and_all_else_is_exact() {
    let (third, tiny) = ([("x", TINY), ("y", "1")], [("x", TINY), ("y", "0.1")]);
    outputs(&[
        ("decimal", "x * y", &tiny, "fault: too large"),
        ("decimal", "x / 3 * y", &tiny, "0"),
        ("decimal", "x * (y / 3)", &third, "0"),
        ("decimal", "x * -(y / 3)", &third, "0"),
        ("decimal", "x * max(y / 3, 0.5)", &third, "0"),
        (
            "decimal",
            "x * (z if missing y / 3)",
            &[("x", TINY), ("z", "0.5")],
            "0",
        ),
        ("decimal", "x * (y / a if zero 0.5)", &third, "0"),
        ("decimal", "1 / 3 + x + y", &[("x", BIG), ("y", TINY)], BIG),
        (
            "decimal",
            "x - -(y / 3)",
            &[("x", "12345"), ("y", "1")],
            "12345.33333333333333333333333",
        ),
        (
            "decimal(0)",
            "x / 3",
            &[("x", BIG)],
            "3333333333333333333333333333",
        ),
        ("decimal(2)", "x", &[("x", "-0.005")], "0"),
        (
            "money(GBP)",
            "s * p / 12",
            &[("s", "1000.55"), ("p", "0.049")],
            "4.09",
        ),
    ]);
}

#[test]
fn what_stands_before_a_division_is_exact() {
    outputs(&[
        (
            "decimal",
            "x * y / 3",
            &[("x", TINY), ("y", "0.1")],
            "fault: too large",
        ),
        (
            "decimal",
            "x + y + 1 / 3",
            &[("x", BIG), ("y", TINY)],
            "fault: too large",
        ),
    ]);
}

#[test]
fn a_type_with_digits_makes_a_value_exact_again() {
    let given = [("x", "1"), ("y", TINY)];
    let items = "define { q = x / 3; r : decimal(4) = x / 3 }";
    outputs_with(
        items,
        &[
            ("decimal", "q * y", &given, "0"),
            ("decimal", "r * y", &given, "fault: too large"),
        ],
    );
}

const TABLE: &str = "
table tab first match -> v : integer, w : integer?, k : Outcome {
    | a * 2       | v     | w     | k       |
    |-------------|-------|-------|---------|
    | below 5     | b * 2 | -     | refer   |
    | below 8     | 2     | b * 2 | decline |
    | below b * 2 | 3     | 3     | decline |
}
output { v : integer = tab.v; w : boolean = tab.w is present }
decide outcome : Outcome most severe { evaluate tab.k }
";

#[test]
fn a_cell_is_computed_when_it_is_asked_for() {
    for (a, ending, rows) in [
        ("1", "output v", "1"),
        ("3", "output w", "2"),
        ("5", "output v", ""),
    ] {
        let verdict = decided(TABLE, &[("a", a), ("b", LARGE)]).unwrap();
        let text = verdict.to_string();
        assert!(text.starts_with(ending), "{text}");
        assert!(
            text.contains(&format!("table tab rows [{rows}]\n")),
            "{text}"
        );
    }
}

#[test]
fn a_fault_is_met_once_and_speaks_for_each_rule_that_needs_it() {
    let items = "
        define { d = a * 2 }
        rules r all { rule one when d > 3 then approve; rule two when d > 4 then decline }
        decide outcome : Outcome most severe { evaluate r; rule rest otherwise then approve }";
    let verdict = decided(items, &[("a", LARGE)]).unwrap();
    assert_eq!((verdict.spoken.len(), verdict.faults.len()), (2, 1));
}

const MODEL: &str = "
model m from \"m.onnx\" {
    feed { x = a * 2 }
    give y : decimal in 0 to 1 = y
    give n : integer in 0 to 9 = n
    on fault decline because R01
}
rules r all { rule one when m.y > 0.5 then refer; rule two when m.n > 3 then refer }
decide outcome : Outcome most severe { evaluate r; rule rest otherwise then approve }
";

#[test]
fn an_answer_is_held_to_its_promise() {
    let answered = |y: &str, n: i64| {
        let y = Given::Exact(Exact::parse(y).unwrap());
        let stub = Stub::Answers(vec![y, Given::Integer(n)]);
        let verdict = with_model(MODEL, &[("a", "1")], Some(stub)).unwrap();
        verdict.faults.first().map(ToString::to_string)
    };
    assert_eq!(answered("0.75", 4), None);
    assert_eq!(answered("1.000001", 4), None);
    let outside = |give: &str| Some(format!("model `m`: `{give}` outside its range"));
    assert_eq!(answered("1.0000011", 4), outside("m.y"));
    assert_eq!(answered("-0.1", 10), outside("m.y"));
    assert_eq!(answered("0.1", 10), outside("m.n"));
    let fed = with_model(MODEL, &[("a", LARGE)], None).unwrap();
    let faults: Vec<String> = fed.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        ["too large", "model `m`: fed with a fault: too large"]
    );
}

#[test]
fn choices_ask_no_further_than_they_must() {
    let overflows = [("a", "5"), ("b", LARGE)];
    outputs(&[
        ("integer", "if a > 4 then a else b * 2", &overflows, "5"),
        (
            "integer",
            "if a > 5 then a else b * 2",
            &overflows,
            "fault: too large",
        ),
        (
            "integer",
            "if a > 4 or b * 2 > 1 then a else b * 2",
            &overflows,
            "5",
        ),
        (
            "integer",
            "match a { 5 : 1, b : b * 2, otherwise : 3 }",
            &overflows,
            "1",
        ),
        (
            "integer",
            "match c { missing : 1, below 3 : 2, otherwise : 3 }",
            &[],
            "1",
        ),
        (
            "integer",
            "match c { below 3 : 2, otherwise : 3 }",
            &[],
            "3",
        ),
        (
            "integer",
            "match b * 2 { below 3 : 2, otherwise : 3 }",
            &overflows,
            "fault: too large",
        ),
        (
            "decimal",
            "x * (if on then 0.5 else y / 3)",
            &[("x", TINY)],
            "0",
        ),
        (
            "decimal",
            "x * (match a { 0 : 0.5, otherwise : y / 3 })",
            &[("x", TINY)],
            "0",
        ),
        (
            "decimal",
            "x * (match y / 3 { 0 : 0.5, otherwise : 0.25 })",
            &[("x", TINY)],
            "fault: too large",
        ),
    ]);
}

//! Every operator with every kind of date, datetime and duration: what it gives,
//! or the code of the mistake.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use krites_lang::{NoModels, Program};
use support::{checked, rendered};

const POLICY: &str = r#"policy sample {
    version   "1"
    time zone "Europe/London"
}
enum Outcome { approve < refer < decline }
input { d : date; t : datetime; w : duration; n : integer; x : decimal; m : money(GBP); p : percent; s : text; b : boolean }
decide outcome : Outcome most severe { rule rest otherwise then approve }
"#;

/// The operands, each with its type: values, and what is written in place.
const OPERANDS: [(&str, &str); 14] = [
    ("d", "date"),
    ("2026-11-02", "date"),
    ("t", "datetime"),
    ("2026-11-02T14:30", "datetime"),
    ("w", "duration"),
    ("2 days", "days"),
    ("3 hours", "hours"),
    ("1 month", "months"),
    ("n", "integer"),
    ("x", "decimal"),
    ("m", "money"),
    ("p", "percent"),
    ("s", "text"),
    ("b", "boolean"),
];

/// The type of a definition, or the codes of what is wrong with it.
fn found(expression: &str) -> String {
    let text = format!("{POLICY}define {{ found = {expression} }}\n");
    let (_, policy, diagnostics) = checked("times.krites", &text);
    match policy {
        Some(policy) => {
            let mut definitions = policy.definitions.iter();
            let definition = definitions.find(|found| &*found.name == "found");
            format!("{:?}", definition.unwrap().ty.ty).to_lowercase()
        }
        None => {
            let codes = diagnostics.iter().map(|found| found.code.to_string());
            codes.collect::<Vec<String>>().join(" ")
        }
    }
}

fn is_time(ty: &str) -> bool {
    matches!(
        ty,
        "date" | "datetime" | "duration" | "days" | "hours" | "months"
    )
}

/// Holds every pair of operands of which one is a time against `expected`.
fn hold(operator: &str, expected: impl Fn(&str, &str) -> &'static str) {
    hold_written(operator, |(_, left), (_, right)| expected(left, right));
}

type Operand = (&'static str, &'static str);

fn hold_written(operator: &str, expected: impl Fn(Operand, Operand) -> &'static str) {
    let mut wrong = Vec::new();
    let mut held = 0;
    for (left, left_ty) in OPERANDS {
        for (right, right_ty) in OPERANDS {
            if !is_time(left_ty) && !is_time(right_ty) {
                continue;
            }
            let expression = format!("{left} {operator} {right}");
            let expected = expected((left, left_ty), (right, right_ty));
            let found = found(&expression);
            held += 1;
            if found != expected {
                wrong.push(format!("{expression}: {found}, expected {expected}"));
            }
        }
    }
    assert!(held > 100);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn sums_give_what_the_table_says() {
    hold("+", |left, right| match (left, right) {
        // Months have no length, whatever they are added to but a date.
        ("months", _) => "K0345",
        ("date", "days" | "months") => "date",
        ("datetime", "days" | "hours" | "months" | "duration") => "datetime",
        (_, "months") => "K0345",
        ("duration" | "days" | "hours", "duration" | "days" | "hours") => "duration",
        _ => "K0349",
    });
}

#[test]
fn differences_give_what_the_table_says() {
    hold("-", |left, right| match (left, right) {
        ("months", _) => "K0345",
        ("date", "days" | "months") => "date",
        ("datetime", "days" | "hours" | "months" | "duration") => "datetime",
        ("datetime", "datetime") => "duration",
        (_, "months") => "K0345",
        ("duration" | "days" | "hours", "duration" | "days" | "hours") => "duration",
        _ => "K0349",
    });
}

#[test]
fn a_duration_is_multiplied_by_a_whole_number_alone() {
    let length = |ty: &str| matches!(ty, "duration" | "days" | "hours");
    hold("*", |left, right| match (left, right) {
        ("months", "months") => "K0345 K0345",
        ("months", _) | (_, "months") => "K0345",
        (length_of, "integer") | ("integer", length_of) if length(length_of) => "duration",
        (one, other) if [one, other].iter().any(|ty| !length(ty) && is_time(ty)) => "K0302",
        ("text" | "boolean", _) | (_, "text" | "boolean") => "K0302",
        _ => "K0306",
    });
}

#[test]
fn nothing_of_time_is_divided() {
    hold("/", |left, right| match (left, right) {
        ("months", "months") => "K0345 K0345",
        ("months", _) | (_, "months") => "K0345",
        ("date" | "datetime" | "text" | "boolean", _)
        | (_, "date" | "datetime" | "text" | "boolean") => "K0302",
        _ => "K0306",
    });
}

/// What two sides that are compared come to, of types that have an order
fn compared((left, left_ty): Operand, (right, right_ty): Operand) -> &'static str {
    let kind = |ty: &str| match ty {
        "days" | "hours" | "duration" => "duration".to_owned(),
        ty => ty.to_owned(),
    };
    match (left_ty, right_ty) {
        ("months", "months") => "K0345 K0345",
        ("months", _) | (_, "months") => "K0345",
        (left, right) if kind(left) == kind(right) => "boolean",
        // A literal takes the other side's type, and does not fit.
        _ if left.starts_with("2026") || right.starts_with("2026") => "K0311",
        _ => "K0301",
    }
}

#[test]
fn times_are_compared_with_their_like() {
    for operator in ["<", ">=", "is not"] {
        hold_written(operator, compared);
    }
}

#[test]
fn before_and_after_are_said_of_dates_and_datetimes() {
    for operator in ["before", "after"] {
        hold_written(operator, |left, right| match compared(left, right) {
            "boolean" if !matches!(left.1, "date" | "datetime") => "K0349",
            found => found,
        });
    }
}

#[test]
fn units_pass_between_two_dates_or_two_datetimes() {
    let units = [
        "seconds", "minutes", "hours", "days", "weeks", "months", "years",
    ];
    for unit in units {
        let of_day = matches!(unit, "seconds" | "minutes" | "hours");
        for (from, from_ty) in OPERANDS {
            for (to, to_ty) in OPERANDS {
                let expected = match (from_ty, to_ty) {
                    ("months", "months") => "K0345 K0345",
                    ("months", _) | (_, "months") => "K0345",
                    ("date", "date") if !of_day => "integer",
                    ("datetime", "datetime") => "integer",
                    _ => "K0349",
                };
                let expression = format!("{unit} from {from} to {to}");
                assert_eq!(found(&expression), expected, "{expression}");
            }
        }
    }
}

#[test]
fn parts_are_of_dates_and_datetimes() {
    let parts = ["year", "month", "day", "weekday", "hour", "minute", "date"];
    for part in parts {
        for (of, ty) in OPERANDS {
            let expected = match (ty, part) {
                ("datetime", "date") => "date",
                ("datetime", _) | ("date", "year" | "month" | "day" | "weekday") => "integer",
                ("months", _) => "K0345",
                _ => "K0349",
            };
            let expression = format!("{part} of ({of})");
            assert_eq!(found(&expression), expected, "{expression}");
        }
    }
}

#[test]
fn a_number_of_units_is_whole() {
    for (amount, ty) in OPERANDS {
        let expected = match ty {
            "integer" => "duration",
            "months" => "K0345",
            // What is written in place does not fit.
            _ if amount.starts_with("2026") => "K0311",
            _ => "K0301",
        };
        let expression = format!("({amount}) hours");
        assert_eq!(found(&expression), expected, "{expression}");
    }
}

#[test]
fn signs_sizes_and_extremes() {
    let one = [
        ("-d", "K0302"),
        ("-t", "K0302"),
        ("-w", "duration"),
        ("-(2 days)", "duration"),
        ("-2 days", "duration"),
        ("- 2 days", "duration"),
        ("-n days", "duration"),
        ("abs(d)", "K0302"),
        ("abs(t)", "K0302"),
        ("abs(w)", "duration"),
        ("abs(-2 days)", "duration"),
        ("min(d, 2026-11-02)", "date"),
        ("max(t, 2026-11-02T14:30)", "datetime"),
        ("min(w, 2 days, 3 hours)", "duration"),
        ("min(d, t)", "K0301"),
        ("max(w, n)", "K0301"),
        ("max(2026-11-02, d)", "date"),
        ("if b then d else 2026-11-02", "date"),
        ("if b then t else 2026-11-02T14:30", "datetime"),
        ("if b then w else 2 days", "duration"),
        ("if b then w else n", "K0301"),
    ];
    for (expression, expected) in one {
        assert_eq!(found(expression), expected, "{expression}");
    }
}

#[test]
fn words_for_units_are_names_elsewhere() {
    let names = [
        "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks",
        "month", "months", "year", "years", "weekday", "before", "after", "datetime", "duration",
        "from", "date",
    ];
    for name in names {
        let text = format!(
            "{}input {{ {name} : integer; a.{name} : integer }}
            define {{
                one   = {name} + 1
                two   = {name} * {name} - a.{name}
                three = d + {name} days
                four  = {name} hours
                five  = days from d + {name} days to d
                six   = if {name} > 1 then {name} else 2
            }}
            test \"values\" {{
                given with d = 2026-11-02, t = 2026-11-02T14:30, w = 1 hour, n = 1, x = 1, m = 1, p = 1%,
                    s = \"\", b = true, {name} = 3, a.{name} = 2
                expect one = 4, two = 7, three = 2026-11-05, four = 180 minutes, five = -3, six = 3
            }}\n",
            POLICY
        );
        let (sources, policy, diagnostics) = checked("times.krites", &text);
        let policy = policy.unwrap_or_else(|| panic!("{}", rendered(&sources, &diagnostics)));
        for report in Program::compile(policy).run_tests(&mut NoModels) {
            assert!(report.failures.is_empty(), "{name}: {:?}", report.failures);
        }
    }
}

#[test]
fn a_sum_that_moves_a_date_too_often_is_refused() {
    let moved = |times: usize| found(&format!("d{}", "\n + 1 day".repeat(times)));
    assert_eq!(moved(64), "date");
    assert_eq!(moved(65), "K0211");
    assert_eq!(moved(20_000), "K0211");
    // Lengths of time stay flat.
    assert_eq!(
        found(&format!("w{}", "\n + 1 day".repeat(20_000))),
        "duration"
    );
}

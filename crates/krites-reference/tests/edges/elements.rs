//! All elements of a list or series.

use std::fmt::Write as _;

use crate::{BIG, LARGE, TINY, decided, outputs_with, shown};

const ITEMS: &str = "
record Account {
    opened  : date default 2020-01-01
    balance : money(GBP) default 0
    missed  : integer in 0 and above default 0
    rating  : integer?
    charges : list of money(GBP) default []
}
input {
    accounts : list of Account default []
    flags    : list of text default []
    ints     : list of integer default []
    maybe    : list of integer? default []
    numbers  : list of decimal default []
    days     : list of date default []
    paid[1 to 6] : money(GBP) default 0
}
";

const ACCOUNTS: &str = "\
    opened=2025-01-01, balance=100.50, missed=2, rating=7, charges=(1 2 3);\
    opened=2010-05-05, balance=-20, missed=1, charges=(10 0.5);\
    opened=2026-11-02, balance=40, rating=2";

#[test]
fn elements_are_counted_summed_and_compared() {
    let given: &[(&str, &str)] = &[("accounts", ACCOUNTS)];
    outputs_with(
        ITEMS,
        &[
            ("integer", "count of accounts", given, "3"),
            ("integer", "count of accounts", &[], "0"),
            ("integer", "count of accounts where missed > 0", given, "2"),
            (
                "integer",
                "count of accounts where (missed > 0 and opened after decision_date - 2 years)",
                given,
                "1",
            ),
            ("money(GBP)", "sum of accounts.balance", given, "120.5"),
            ("money(GBP)", "sum of accounts.balance", &[], "0"),
            (
                "money(GBP)",
                "sum of (balance * 2%) over accounts where missed is 0",
                given,
                "0.8",
            ),
            ("integer", "max of accounts.missed if none -1", given, "2"),
            ("integer", "max of accounts.missed if none -1", &[], "-1"),
            (
                "decimal",
                "average of accounts.rating where rating is present if none 0",
                given,
                "4.5",
            ),
            (
                "decimal",
                "average of accounts.rating where rating is present if none 9",
                &[("accounts", "missed=1")],
                "9",
            ),
            (
                "date",
                "first of accounts.opened where balance < 0 if none decision_date",
                given,
                "2010-05-05",
            ),
            (
                "date",
                "first of accounts.opened where balance < -20 if none decision_date",
                given,
                "2026-11-02",
            ),
            (
                "date",
                "min of days if none decision_date",
                &[("days", "2026-01-02;2026-01-01")],
                "2026-01-01",
            ),
            (
                "integer",
                "count of accounts where (sum of charges > 6)",
                given,
                "1",
            ),
            (
                "money(GBP)",
                "sum of (sum of charges) over accounts",
                given,
                "16.5",
            ),
            (
                "money(GBP)",
                "max of (sum of charges where each > 1) over accounts if none 0",
                given,
                "10",
            ),
            ("integer", "sum of accounts.missed * 100", given, "300"),
        ],
    );
}

#[test]
fn no_more_elements_are_asked_than_needed() {
    let last: &[(&str, &str)] = &[("ints", "5; 9223372036854775807")];
    let first: &[(&str, &str)] = &[("ints", "9223372036854775807; 5")];
    let fault = "fault: too large";
    outputs_with(
        ITEMS,
        &[
            ("boolean", "any of ints where (each * 2 > 1)", last, "true"),
            ("boolean", "any of ints where (each * 2 > 1)", first, fault),
            ("boolean", "any of ints where (each * 2 > 10)", last, fault),
            (
                "boolean",
                "every of ints where (each * 2 > 10)",
                last,
                "false",
            ),
            ("boolean", "every of ints where (each * 2 > 1)", last, fault),
            (
                "integer",
                "first of ints where (each * 2 > 1) if none 0",
                last,
                "5",
            ),
            (
                "integer",
                "count of ints where (each is 5 or each * 2 > 1)",
                first,
                fault,
            ),
            ("boolean", "any of ints where each > 1", &[], "false"),
            ("boolean", "every of ints where each > 1", &[], "true"),
            (
                "boolean",
                "any flags is \"vip\"",
                &[("flags", "new; vip")],
                "true",
            ),
            (
                "boolean",
                "every flags is \"vip\"",
                &[("flags", "new; vip")],
                "false",
            ),
            (
                "boolean",
                "any maybe is present",
                &[("maybe", "; 3")],
                "true",
            ),
            (
                "boolean",
                "every maybe is missing",
                &[("maybe", "; 3")],
                "false",
            ),
        ],
    );
}

#[test]
fn sums_and_averages_keep_to_their_numbers() {
    let full: &[(&str, &str)] = &[("ints", "9223372036854775807; 1; -1")];
    let big: &[(&str, &str)] = &[("numbers", "9999999999999999999999999999; 1; -1")];
    outputs_with(
        ITEMS,
        &[
            ("integer", "sum of ints", full, "fault: too large"),
            (
                "integer",
                "sum of ints",
                &[("ints", "-1; 9223372036854775807; 1")],
                LARGE,
            ),
            (
                "decimal",
                "average of ints if none 0",
                full,
                "3074457345618258602.333333333",
            ),
            ("decimal", "sum of numbers", big, "fault: too large"),
            (
                "decimal",
                "average of numbers if none 0",
                big,
                "fault: too large",
            ),
            (
                "decimal",
                "average of numbers if none 0",
                &[("numbers", "1; 0; 0")],
                "0.3333333333333333333333333333",
            ),
            (
                "decimal",
                "(average of numbers if none 0) * x",
                &[("numbers", "0.5"), ("x", TINY)],
                "0",
            ),
            (
                "decimal",
                "sum of numbers * x",
                &[("numbers", "0.5"), ("x", TINY)],
                "fault: too large",
            ),
            (
                "decimal",
                "sum of (each / 3) over numbers",
                &[("numbers", "1; 9999999999999999999999999")],
                "3333333333333333333333333.333",
            ),
            (
                "decimal",
                "sum of (each / 3) over numbers * x",
                &[("numbers", "0.5"), ("x", TINY)],
                "0",
            ),
            (
                "decimal",
                "(max of numbers if none y / 3) * x",
                &[("numbers", "0.5"), ("x", TINY)],
                "0",
            ),
            (
                "integer",
                "sum of maybe where each is present",
                &[("maybe", "1;;3")],
                "4",
            ),
            (
                "integer",
                "sum of (each if missing 10) over maybe",
                &[("maybe", "1;;3")],
                "14",
            ),
            (
                "integer",
                "count of maybe where each is missing",
                &[("maybe", "1;;3")],
                "1",
            ),
            ("decimal", "sum of numbers", &[("numbers", BIG)], BIG),
        ],
    );
}

#[test]
fn a_series_is_looked_at_whole_or_in_part() {
    let given: &[(&str, &str)] = &[("paid[1]", "1.50"), ("paid[3]", "3"), ("paid[6]", "6")];
    outputs_with(
        ITEMS,
        &[
            ("money(GBP)", "sum of paid", given, "10.5"),
            ("money(GBP)", "sum of paid[1 to 3]", given, "4.5"),
            ("money(GBP)", "average of paid", given, "1.75"),
            ("money(GBP)", "average of paid[1 to 3]", given, "1.5"),
            ("boolean", "every paid is 0", &[], "true"),
            ("boolean", "any paid[4 to 6] > 5", given, "true"),
            ("money(GBP)", "max of paid[2 to 5]", given, "3"),
            (
                "money(GBP)",
                "first of paid where each > 2 if none 0",
                given,
                "3",
            ),
            ("integer", "count of paid where each is 0", given, "3"),
        ],
    );
}

#[test]
fn what_is_asked_of_an_element_may_ask_elsewhere() {
    let items = format!(
        "{ITEMS}
        define {{
            late = count of accounts where missed > 0
            worst = max of accounts.missed if none 0
        }}
        function twice(n : integer in 0 to 9) : integer = n * 2
        table grade first match -> points : integer {{
            | late         | points |
            |--------------|--------|
            | 2 and above  | 5      |
            | any          | 1      |
        }}"
    );
    let given: &[(&str, &str)] = &[("accounts", ACCOUNTS), ("ints", "1; 2; 10")];
    outputs_with(
        &items,
        &[
            (
                "integer",
                "count of accounts where missed < late",
                given,
                "2",
            ),
            (
                "integer",
                "sum of (missed * grade.points) over accounts",
                given,
                "15",
            ),
            (
                "integer",
                "sum of (match missed { 0 : 1, worst : 10, otherwise : 100 }) over accounts",
                given,
                "111",
            ),
            (
                "integer",
                "sum of (twice(each)) over ints",
                given,
                "fault: argument `n` of `twice` outside its range",
            ),
            (
                "integer",
                "sum of (twice(each)) over ints where each < 10",
                given,
                "6",
            ),
            (
                "integer",
                "sum of (count of accounts where missed > 0) over ints",
                given,
                "6",
            ),
            (
                "integer",
                "count of accounts where (any of charges where (each > 2) and missed > 0)",
                given,
                "2",
            ),
            (
                "boolean",
                "every of accounts where (every of charges where each > 0)",
                given,
                "true",
            ),
        ],
    );
}

/// As many records, each with as many charges.
fn records(count: usize, charges: usize) -> String {
    let charges = vec!["1"; charges].join(" ");
    let mut text = String::new();
    for at in 0..count {
        let end = if at == 0 { "" } else { ";" };
        write!(text, "{end}balance=1, charges=({charges})").unwrap();
    }
    text
}

#[test]
fn a_million_elements_are_looked_at_and_no_more() {
    let items = format!(
        "{ITEMS} output {{ n : integer = sum of (count of charges) over accounts where balance > 0 }}"
    );
    let more = format!(
        "{ITEMS} output {{ n : integer = sum of (count of charges) over accounts where balance > 0 + count of days }}"
    );
    let accounts = records(100, 9_999);
    let given: &[(&str, &str)] = &[("accounts", &accounts)];
    assert_eq!(shown(&decided(&items, given).unwrap()), "999900");
    assert_eq!(shown(&decided(&more, given).unwrap()), "999900");
    let given: &[(&str, &str)] = &[("accounts", &accounts), ("days", "2026-01-01")];
    assert_eq!(
        shown(&decided(&more, given).unwrap()),
        "fault: too many elements"
    );
}

#[test]
fn a_list_of_more_than_10_000_elements_is_refused() {
    for (count, expected) in [(10_000, "10000"), (10_001, "Refused")] {
        let ints = vec!["1"; count].join(";");
        outputs_with(
            ITEMS,
            &[("integer", "count of ints", &[("ints", &ints)], expected)],
        );
    }
}

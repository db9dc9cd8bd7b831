//! Money of the case's currency.

use crate::outputs_with;

const ITEMS: &str = "
input {
    c1 : text
    m1 : money(c1) in 0 and above
    c2 : text
    m2 : money(c2)
    m3 : money(c1) default 0.25
    m4 : money(c2)?
}
function doubled(v : money(GBP) in 0 and above) : money(GBP) = v * 2
table tab first match -> v : money(c1)?, w : money(c2) {
    | m2          | v        | w   |
    |-------------|----------|-----|
    | m1          | m2       | m1  |
    | below 5     | 0.125    | 2.5 |
    | any         | -        | 1   |
}
";

#[test]
fn amounts_go_together_in_one_currency() {
    let same: &[(&str, &str)] = &[("c1", "EUR"), ("m1", "10.25"), ("c2", "EUR"), ("m2", "3")];
    let other: &[(&str, &str)] = &[("c1", "EUR"), ("m1", "10.25"), ("c2", "GBP"), ("m2", "3")];
    let yen: &[(&str, &str)] = &[
        ("c1", "JPY"),
        ("m1", "1025"),
        ("m3", "0"),
        ("c2", "KWD"),
        ("m2", "3.125"),
    ];
    outputs_with(
        ITEMS,
        &[
            ("money(c1)", "m1 + m2", same, "13.25"),
            ("money(c1)", "m1 - m2", other, "fault: EUR and GBP meet"),
            ("boolean", "m1 > m2", same, "true"),
            ("boolean", "m1 > m2", other, "fault: EUR and GBP meet"),
            ("boolean", "m1 is m2", other, "fault: EUR and GBP meet"),
            ("boolean", "m1 > 10", other, "true"),
            ("boolean", "m1 in 10 to 11", other, "true"),
            (
                "decimal",
                "m1 / m2 if zero 0",
                same,
                "3.416666666666666666666666667",
            ),
            (
                "decimal",
                "m1 / m2 if zero 0",
                other,
                "fault: EUR and GBP meet",
            ),
            ("boolean", "m2 > s", other, "true"),
            ("boolean", "m2 > s", same, "fault: EUR and GBP meet"),
            ("money(c1)", "m1 * 1.5%", same, "0.15"),
            ("money(c1)", "m1 / 7", yen, "146"),
            ("money(c2)", "m2 / 7", yen, "0.446"),
            ("money(c2) unrounded", "m2 / 8", yen, "0.390625"),
            ("money(c1)", "min(m1, m2)", same, "3"),
            ("money(c1)", "min(m1, m2)", other, "fault: EUR and GBP meet"),
            (
                "money(c1)",
                "m1",
                &[("c1", "EUR"), ("m1", "10.255"), ("c2", "GBP"), ("m2", "3")],
                "Refused",
            ),
            (
                "money(c1)",
                "m1",
                &[("c1", "XXX"), ("m1", "10.25"), ("c2", "GBP"), ("m2", "3")],
                "Refused",
            ),
            (
                "money(c1)",
                "m1",
                &[("c1", "eur"), ("m1", "10.25"), ("c2", "GBP"), ("m2", "3")],
                "Refused",
            ),
            (
                "money(c1)",
                "m1",
                &[("c1", "JPY"), ("m1", "10.5"), ("c2", "GBP"), ("m2", "3")],
                "Refused",
            ),
        ],
    );
}

#[test]
fn wherever_two_amounts_meet_their_currencies_do() {
    let same: &[(&str, &str)] = &[
        ("c1", "EUR"),
        ("m1", "10.25"),
        ("c2", "EUR"),
        ("m2", "10.25"),
    ];
    let other: &[(&str, &str)] = &[("c1", "EUR"), ("m1", "10.25"), ("c2", "GBP"), ("m2", "3")];
    let yen: &[(&str, &str)] = &[("c1", "JPY"), ("m1", "3"), ("c2", "JPY"), ("m2", "3")];
    let meet = "fault: EUR and GBP meet";
    outputs_with(
        ITEMS,
        &[
            ("money(c1)", "m2", same, "10.25"),
            ("money(c1)", "m2", other, meet),
            ("money(GBP)", "m2", other, "3"),
            ("money(GBP)", "m1", other, meet),
            ("money(GBP)", "doubled(m2)", other, "6"),
            ("money(GBP)", "doubled(m1)", other, meet),
            ("money(c1)", "m1 + m2 + (m4 if missing fault)", other, meet),
            (
                "money(c1)",
                "m1 + (m4 if missing fault) + m2",
                other,
                "fault: missing",
            ),
            ("boolean", "m1 is one of [10.25, m2]", other, "true"),
            ("boolean", "m1 is one of [m2, 10.25]", other, meet),
            ("boolean", "m1 in 11 to m2", other, "false"),
            ("boolean", "m1 in 10 to m2", other, meet),
            ("money(c1)", "if m1 > 0 then m1 else m2", other, "10.25"),
            ("money(c1)", "if m1 < 0 then m1 else m2", other, meet),
            ("money(c2)", "m4 if missing m1", other, meet),
            ("money(c2)", "m4 if missing 7", other, "7"),
            ("money(c1)?", "tab.v", same, "10.25"),
            ("money(c1)?", "tab.v", other, meet),
            ("money(c1)", "m3", yen, "Refused"),
            (
                "money(c1)",
                "(m3 + m1) rounded to a multiple of 0.5",
                same,
                "10.5",
            ),
            ("decimal", "m1 / s if zero 1", same, meet),
        ],
    );
}

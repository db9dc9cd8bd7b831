//! What inputs take, refuse, and take for missing.

use krites_reference::{ModelState, Stub};

use crate::{outputs_with, with_model};

const ITEMS: &str = "
input {
    score : integer? in 0 to 999 missing when -1
    limit : money(GBP) in 1 and above default 500 missing when 0
    rates[2 to 4] : percent(2)? in 0% to 10%
    note  : text? missing when \"\"
    day   : date? in 2000-01-01 and above missing when 0001-01-01
}
";

#[test]
fn a_value_may_stand_for_a_missing_one() {
    outputs_with(
        ITEMS,
        &[
            ("integer?", "score", &[("score", "-1")], "missing"),
            ("integer?", "score", &[("score", "-2")], "Refused"),
            ("integer?", "score", &[("score", "999")], "999"),
            ("integer?", "score", &[("score", "1000")], "Refused"),
            ("integer?", "score", &[("score", "1.0")], "1"),
            ("integer?", "score", &[("score", "1.5")], "Refused"),
            ("money(GBP)", "limit", &[], "500"),
            ("money(GBP)", "limit", &[("limit", "0.00")], "500"),
            ("money(GBP)", "limit", &[("limit", "0.01")], "Refused"),
            ("money(GBP)", "limit", &[("limit", "1.005")], "Refused"),
            ("money(GBP)", "limit", &[("limit", "1.0100")], "1.01"),
            (
                "percent(2)?",
                "rates[3]",
                &[("rates[3]", "0.0123")],
                "0.0123",
            ),
            (
                "percent(2)?",
                "rates[3]",
                &[("rates[3]", "0.01234")],
                "Refused",
            ),
            ("percent(2)?", "rates[3]", &[("rates[2]", "0.1")], "missing"),
            (
                "percent(2)?",
                "rates[4]",
                &[("rates[4]", "0.1001")],
                "Refused",
            ),
            ("text?", "note", &[("note", " ")], "\" \""),
            ("date?", "day", &[("day", "0001-01-01")], "missing"),
            ("date?", "day", &[("day", "1999-12-31")], "Refused"),
        ],
    );
}

const MODEL: &str = "
input {
    v[1 to 2] : decimal model only
    w : decimal? model only missing when -1
    u : decimal model only default 0.1
}
model m from \"m.onnx\" {
    feed { x = FED }
    give y : decimal = y
    give n : integer = n
}
decide outcome : Outcome most severe {
    rule one when m.n > 3 then refer
    rule rest otherwise then approve
}
";

#[test]
fn floats_are_fed_as_they_are() {
    for (fed, given, expected) in [
        ("v[2]", "1e300", "[1e300]"),
        ("v[2]", "NaN", "[NaN]"),
        ("v[2]", "0.30000000000000004", "[0.30000000000000004]"),
        ("u", "1", "[0.1]"),
        ("w if missing 0.5", "1", "[0.5]"),
    ] {
        let items = MODEL.replace("FED", fed);
        let given = [("v[1]", "1"), ("v[2]", given), ("w", "-1")];
        let verdict = with_model(&items, &given, None).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(verdict.models.len(), 1);
        let stub = Stub::Answers(vec![
            krites_reference::Given::Exact(krites_lang::Exact::ZERO),
            krites_reference::Given::Integer(1),
        ]);
        let verdict = with_model(&items, &given, Some(stub)).unwrap();
        let fed = ModelState::Answered(vec![expected.to_owned()]);
        assert_eq!(verdict.models[0].1, fed);
    }
}

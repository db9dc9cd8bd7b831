use super::super::testing::Bench;
use super::super::{BindError, BindProblem, UnknownFields, bind_json};

fn check(text: &str, unknown: UnknownFields) -> Result<Bench, BindError> {
    let mut bench = Bench::new();
    bench.begin();
    let Bench {
        program,
        names,
        frame,
    } = &mut bench;
    bind_json(names, program, frame, text, unknown)?;
    Ok(bench)
}

fn bound(text: &str) -> Bench {
    check(text, UnknownFields::Refuse).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> String {
    check(text, UnknownFields::Refuse)
        .err()
        .map_or("no error".to_owned(), |error| error.to_string())
}

/// The least that the policy requires, and more fields.
fn with(more: &str) -> String {
    format!(
        r#"{{"applicant.age": 34, "applicant.income": 1e3, "applicant.employment": "student",
            "loan.amount": 0.1, {more}}}"#
    )
}

#[test]
fn numbers_are_read_from_their_digits() {
    let bench = bound(&with(
        r#""bureau": {"factor": 0.1234567890123456789012345678, "rate": "7.5%"}"#,
    ));
    assert_eq!(bench.value("loan.amount"), "0.1");
    assert_eq!(bench.value("applicant.income"), "1000");
    assert_eq!(
        bench.value("bureau.factor"),
        "0.1234567890123456789012345678"
    );
    assert_eq!(bench.value("bureau.rate"), "0.075");
    assert_eq!(
        bound(&with(r#""bureau.score": 5.0"#)).value("bureau.score"),
        "5"
    );
    assert_eq!(
        bound(&with(r#""bureau.score": -0"#)).value("bureau.score"),
        "0"
    );
    let too_large = "the number is too large or has too many digits";
    for digits in ["1e400", "1e-400", "123456789012345678901234567890"] {
        let facts = with(&format!(r#""bureau.factor": {digits}"#));
        assert_eq!(refused(&facts), format!("`bureau.factor`: {too_large}"));
    }
}

#[test]
fn null_is_missing_for_inputs_and_records() {
    let bench = bound(&with(r#""bureau": null, "loan": {"term": null}"#));
    assert_eq!(bench.value("bureau.score"), "-");
    assert_eq!(bench.value("loan.term"), "12");
    assert_eq!(
        refused(r#"{"applicant": null}"#),
        "`applicant.age`: it may not be missing"
    );
}

#[test]
fn escapes_in_keys_and_texts_are_undone() {
    let bench = bound(&with(
        r#""applicant.address": {"c\u0069ty": "Z\u00fcri\"ch"}"#,
    ));
    assert_eq!(bench.value("applicant.address.city"), "Züri\"ch");
    let broken = "{\n\"applicant.address.city\": \"ab\\ud800\"}";
    let error = check(broken, UnknownFields::Refuse).err().unwrap();
    assert!(
        matches!(error.problem(), BindProblem::Json { line: 2, .. }),
        "{error}"
    );
}

#[test]
fn wrong_types_and_unknown_fields_are_refused_by_name() {
    let cases = [
        (
            r#""bureau.score": "5""#,
            "`bureau.score`: expected a whole number, got \"5\"",
        ),
        (
            r#""bureau.score": true"#,
            "`bureau.score`: expected a whole number, got true",
        ),
        (
            r#""bureau.score": [1, {}]"#,
            "`bureau.score`: expected a whole number, got a list",
        ),
        (
            r#""bureau.score": {"a": 1}"#,
            "`bureau.score`: expected a whole number, got an object",
        ),
        (
            r#""applicant.sex": [1]"#,
            "`applicant.sex`: expected text, got a list",
        ),
        (
            r#""applicant.sex": 4711"#,
            "`applicant.sex`: expected text, got a private value",
        ),
        (
            r#""bureau": "secret""#,
            "`bureau`: expected a record of `factor`, `rate`, `score`, got text",
        ),
        (
            r#""bureau": [1]"#,
            "`bureau`: expected a record of `factor`, `rate`, `score`, got a list",
        ),
        (
            r#""applicant": {"agee": 4}"#,
            "there is no input `applicant.agee`; did you mean `applicant.age`?",
        ),
        (
            r#""age": 4"#,
            "there is no input `age`; did you mean `applicant.age`?",
        ),
    ];
    for (more, words) in cases {
        assert_eq!(refused(&with(more)), words);
    }
    let ignored = with(r#""zzz": {"deep": [1, 2e999, "x"]}, "applicant": {"zzz": null}"#);
    assert_eq!(
        check(&ignored, UnknownFields::Ignore)
            .unwrap()
            .value("loan.amount"),
        "0.1"
    );
}

#[test]
fn a_field_given_twice_is_refused_and_a_record_split_in_two_is_not() {
    let twice = "`applicant.age`: it is given twice";
    assert_eq!(refused(&with(r#""applicant": {"age": 4}"#)), twice);
    assert_eq!(refused(r#"{"applicant": {"age": 4, "age": 4}}"#), twice);
    assert_eq!(refused(&with(r#""applicant.age": 4"#)), twice);
    let bench = bound(&with(r#""applicant": {"sex": "f"}, "bureau": {}"#));
    assert_eq!(bench.value("applicant.sex"), "f");
}

#[test]
fn a_name_stands_once_in_an_object_whatever_it_is() {
    let cases = [
        (
            r#""bureau": {"score": 1}, "bureau": {"rate": 1}"#,
            "`bureau`: it is given twice",
        ),
        (r#""zzz": 1, "zzz": 2"#, "`zzz`: it is given twice"),
        (
            r#""bureau": {"zzz": 1, "zzz": 2}"#,
            "`bureau.zzz`: it is given twice",
        ),
        (
            r#""zzz": {"a": [{"b": 1, "b": 2}]}"#,
            "`zzz`: a name stands twice in one of its objects",
        ),
    ];
    for (more, words) in cases {
        let error = check(&with(more), UnknownFields::Ignore).err();
        assert_eq!(error.map(|error| error.to_string()).as_deref(), Some(words));
    }
}

#[test]
fn what_is_no_json_object_is_refused_with_its_place() {
    let record = "expected a record of `applicant`, `bureau`, `loan`, got";
    for (text, got) in [
        ("3", "a number"),
        ("null", "null"),
        ("[]", "a list"),
        ("\"secret\"", "text"),
        ("true", "a boolean"),
    ] {
        assert_eq!(refused(text), format!("{record} {got}"), "{text}");
    }
    let cases = [
        (
            "",
            "not valid JSON at line 1, column 0: the text ends too early",
        ),
        (
            "{\"applicant\": {\n",
            "not valid JSON at line 2, column 0: the text ends too early",
        ),
        (
            "{\n \"applicant.sex\": secret}",
            "not valid JSON at line 2, column 19: expected value",
        ),
        (
            "{'a': 1}",
            "not valid JSON at line 1, column 2: key must be a string",
        ),
        (
            "{\"applicant.age\": 01}",
            "not valid JSON at line 1, column 20: invalid number",
        ),
        (
            "{\"applicant.age\": NaN}",
            "not valid JSON at line 1, column 19: expected value",
        ),
        (
            "{\"applicant.age\": 1,}",
            "not valid JSON at line 1, column 21: trailing comma",
        ),
    ];
    for (text, words) in cases {
        assert_eq!(refused(text), words, "{text}");
    }
    let trailing = format!("{} x", with(r#""bureau": {}"#));
    assert!(
        refused(&trailing).ends_with("trailing characters"),
        "{}",
        refused(&trailing)
    );
}

#[test]
fn json_of_any_depth_is_refused() {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let list = deep("[", "]");
    let object = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for value in [&list, &object] {
        assert!(refused(value).contains("record") || refused(value).contains("no input"));
        let facts = with(&format!("\"bureau.score\": {value}"));
        assert!(refused(&facts).starts_with("`bureau.score`: expected a whole number"));
        let facts = with(&format!("\"zzz\": {value}"));
        assert_eq!(refused(&facts), "there is no input `zzz`");
        let error = check(&facts, UnknownFields::Ignore).err();
        let words = "`zzz`: objects and lists lie more than 64 deep within each other";
        assert_eq!(error.map(|error| error.to_string()).as_deref(), Some(words));
        let facts = with(&format!("\"bureau\": {value}"));
        assert!(refused(&facts).contains("bureau"));
    }
}

//! Texts, patterns, named lists.

use crate::outputs_with;

const ITEMS: &str = "
input { w : text default \"\"; v : text default \"\"; d : date default 2026-01-01 }
list words = fraud, scam, \"wire transfer\", \"οδος\", \"i̇stanbul\", \"42\", \"größe xl\"
list codes = 12, 17, 99
list rates = 0.5, 1.25
list days = 2026-01-01, 2026-12-25
";

#[test]
fn texts_are_compared_letter_by_letter() {
    let street = [("w", "Straße 12"), ("v", "str")];
    outputs_with(
        ITEMS,
        &[
            ("boolean", "w starts with \"Stra\"", &street, "true"),
            ("boolean", "w starts with v", &street, "false"),
            ("boolean", "w does not start with v", &street, "true"),
            ("boolean", "w ends with \"12\"", &street, "true"),
            ("boolean", "w contains \"ße\"", &street, "true"),
            ("boolean", "w contains \"\"", &[], "true"),
            ("boolean", "w does not contain v", &street, "true"),
            ("boolean", "w contains v and w ends with v", &[], "true"),
        ],
    );
}

#[test]
fn texts_are_made() {
    let street = [("w", " Straße İΣ ")];
    outputs_with(
        ITEMS,
        &[
            ("text", "upper(w)", &street, "\" STRASSE İΣ \""),
            ("text", "lower(w)", &street, "\" straße i\\u{307}ς \""),
            (
                "text",
                "trim(w)",
                &[("w", "\t a b\u{a0}\u{3000}\n")],
                "\"a b\"",
            ),
            ("integer", "length(w)", &street, "11"),
            ("integer", "length(w)", &[("w", "e\u{301}👍🏽")], "4"),
            ("text", "left(w, 3)", &street, "\" St\""),
            ("text", "right(w, 3)", &street, "\"İΣ \""),
            ("text", "left(w, a)", &[("w", "ab"), ("a", "-1")], "\"\""),
            (
                "text",
                "right(w, a)",
                &[("w", "ab"), ("a", "9223372036854775807")],
                "\"ab\"",
            ),
            (
                "text",
                "concat(w, \"-\", v)",
                &[("w", "a"), ("v", "b")],
                "\"a-b\"",
            ),
        ],
    );
}

#[test]
fn a_text_that_is_too_long_is_a_fault() {
    let full = "a".repeat(65_536);
    let sharp = "ß".repeat(32_768);
    let accented = "ΐ".repeat(32_768);
    outputs_with(
        ITEMS,
        &[
            ("integer", "length(concat(w, v))", &[("w", &full)], "65536"),
            (
                "integer",
                "length(concat(w, v))",
                &[("w", &full), ("v", "b")],
                "fault: text too long",
            ),
            (
                "integer",
                "length(left(concat(w, v), 1))",
                &[("w", &full), ("v", "b")],
                "fault: text too long",
            ),
            ("integer", "length(upper(w))", &[("w", &sharp)], "65536"),
            (
                "integer",
                "length(upper(w))",
                &[("w", &accented)],
                "fault: text too long",
            ),
        ],
    );
}

#[test]
fn a_pattern_matches_the_whole_text() {
    outputs_with(
        ITEMS,
        &[
            (
                "boolean",
                "w matches \"[A-Z]{2}[0-9]+\"",
                &[("w", "AB12")],
                "true",
            ),
            (
                "boolean",
                "w matches \"[A-Z]{2}[0-9]+\"",
                &[("w", "xAB12")],
                "false",
            ),
            ("boolean", "w matches \"a|ab\"", &[("w", "ab")], "true"),
            ("boolean", "w matches \"^a$\"", &[("w", "a\n")], "false"),
            (
                "boolean",
                "w matches \"(?m)a$.*\"",
                &[("w", "a\n")],
                "false",
            ),
            ("boolean", "w matches \".*\"", &[("w", "a\nb")], "false"),
            ("boolean", "w matches \"(?s).*\"", &[("w", "a\nb")], "true"),
            (
                "boolean",
                "w matches \"(?i)STRASSE|straße\"",
                &[("w", "STRAßE")],
                "true",
            ),
            (
                "boolean",
                "w matches \"\\d+\"",
                &[("w", "\u{661}2")],
                "true",
            ),
            (
                "boolean",
                "w does not match \"\\w*\"",
                &[("w", "é_1")],
                "false",
            ),
            ("boolean", "w matches \"\"", &[], "true"),
            (
                "boolean",
                "w matches \"(?x) a b # word\"",
                &[("w", "ab")],
                "true",
            ),
        ],
    );
}

#[test]
fn words_and_values_are_found_in_lists() {
    outputs_with(
        ITEMS,
        &[
            (
                "boolean",
                "w contains a word in words",
                &[("w", "it is a SCAM!")],
                "true",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "scams and -- frauds")],
                "false",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "Wire, Transfer")],
                "true",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "wire_transfer")],
                "true",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "wiretransfer")],
                "false",
            ),
            ("boolean", "w contains a word in words", &[], "false"),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "την ΟΔΟΣ.")],
                "true",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "οδοσ")],
                "false",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "İSTANBUL")],
                "false",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "no. 42b")],
                "false",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "no.42!")],
                "true",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "GRÖSSE XL")],
                "false",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "GRÖßE größe xl")],
                "true",
            ),
            (
                "boolean",
                "w contains a word in words",
                &[("w", "wire wire transfer")],
                "true",
            ),
            ("boolean", "w in list words", &[("w", "scam")], "true"),
            ("boolean", "w in list words", &[("w", "Scam")], "false"),
            ("boolean", "w not in list words", &[("w", "scam")], "false"),
            ("boolean", "a in list codes", &[("a", "17")], "true"),
            ("boolean", "a not in list codes", &[("a", "18")], "true"),
            ("boolean", "x in list rates", &[("x", "1.250")], "true"),
            ("boolean", "d in list days", &[("d", "2026-12-25")], "true"),
        ],
    );
}

//! Items and entries of a text.

use super::*;
use crate::Sources;

/// Renders the tree of heads as `head{entry;entry}`.
fn heads(text: &str) -> String {
    fn render(text: &str, nodes: &[Node]) -> String {
        let parts: Vec<String> = nodes
            .iter()
            .map(|node| {
                let head: Vec<&str> = text[node.head.clone()].split_whitespace().collect();
                let body = node
                    .body
                    .as_ref()
                    .map(|body| format!("{{{}}}", render(text, body)));
                format!("{}{}", head.join(" "), body.unwrap_or_default())
            })
            .collect();
        parts.join(";")
    }
    let source = Sources::default().add("x", text);
    render(text, &scan(text, source).items)
}

#[test]
fn entries_end_with_their_line_or_a_semicolon() {
    assert_eq!(heads("a {\n b\n c ; d }\ne"), "a{b;c;d};e");
    assert_eq!(heads("a { b # c\n d \"#;}\" }"), "a{b;d \"#;}\"}");
}

#[test]
fn entries_go_on_where_more_is_awaited() {
    assert_eq!(
        heads("a {\n b,\n c\n d +\n e\n f\n - g\n -3\n}"),
        "a{b, c;d + e;f - g;-3}"
    );
    assert_eq!(
        heads("a {\n b = (c\n d)\n e = f(\n g = 3\n}"),
        "a{b = (c d);e = f(;g = 3}"
    );
    assert_eq!(
        heads("a {\n rule b\n when c\n rule d\n}"),
        "a{rule b when c;rule d}"
    );
    assert_eq!(
        heads("a {\n b\n with : c\n with d\n}"),
        "a{b;with : c with d}"
    );
}

#[test]
fn a_word_behind_a_dot_awaits_nothing() {
    assert_eq!(heads("a {\n b.of\n c\n d of\n e\n}"), "a{b.of;c;d of e}");
}

#[test]
fn rows_are_one_line_each() {
    assert_eq!(
        heads("a {\n | b, |\n | ( | ; |\n | - |\n}"),
        "a{| b, |;| ( | ; |;| - |}"
    );
}

#[test]
fn an_item_at_the_margin_ends_open_blocks() {
    assert_eq!(heads("a {\n b {\n c\nrules d {\n}"), "a{b{c}};rules d{}");
    assert_eq!(
        heads("a {\ninput : b\noutput = c\n}"),
        "a{input : b;output = c}"
    );
}

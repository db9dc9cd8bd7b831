//! Passes over JSON that is no input: what is in it is nobody's, but it is JSON with
//! each name once, and bounded.
//! Invariant: no recursion; the text was read as JSON before.

use std::borrow::Cow;
use std::collections::HashSet;

/// How many objects and lists may lie within each other where no input is
pub(super) const MAX_DEPTH: usize = 64;

/// What is wrong with JSON that is passed over
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skimmed {
    /// Nothing
    Fine,
    /// Too many objects and lists within each other
    TooDeep,
    /// A name stands twice in one object
    Twice,
}

/// Looks through a JSON value.
pub(super) fn skim(json: &str) -> Skimmed {
    let mut bytes = json.bytes().enumerate();
    // Of each object and list around: the names so far; none for a list.
    let mut around: Vec<Option<HashSet<Cow<'_, str>>>> = Vec::new();
    // Whether the next text within an object is a name.
    let mut names = false;
    while let Some((start, byte)) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                if around.len() >= MAX_DEPTH {
                    return Skimmed::TooDeep;
                }
                names = byte == b'{';
                around.push(names.then(HashSet::new));
            }
            b'}' | b']' => _ = around.pop(),
            b',' => names = matches!(around.last(), Some(Some(_))),
            b'"' => {
                let mut end = start + 1;
                while let Some((at, byte)) = bytes.next() {
                    end = at;
                    match byte {
                        b'\\' => _ = bytes.next(),
                        b'"' => break,
                        _ => {}
                    }
                }
                let text = json.get(start..=end).unwrap_or_default();
                if std::mem::take(&mut names)
                    && let Some(Some(known)) = around.last_mut()
                    && !known.insert(unescaped(text))
                {
                    return Skimmed::Twice;
                }
            }
            _ => {}
        }
    }
    Skimmed::Fine
}

/// A text without its escapes, quotes included where it has none.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    match serde_json::from_str::<String>(text) {
        Ok(plain) => Cow::Owned(format!("\"{plain}\"")),
        Err(_) => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_held_against_those_of_their_own_object() {
        let cases = [
            ("1", Skimmed::Fine),
            (
                r#"{"a": {"b": 1}, "b": [{"a": "a"}, {"a": "b"}]}"#,
                Skimmed::Fine,
            ),
            (r#"{"a": "b", "b": ","}"#, Skimmed::Fine),
            (r#"{"a": 1, "b": {"c": 1, "c": 2}}"#, Skimmed::Twice),
            (r#"[{"a\"": 1, "a\"": 2}]"#, Skimmed::Twice),
            (r#"{"a": 1, "\u0061": 2}"#, Skimmed::Twice),
            (r#"["a", "a", {"x": ["x", "x"]}]"#, Skimmed::Fine),
        ];
        for (json, found) in cases {
            assert_eq!(skim(json), found, "{json}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(skim(&deep(MAX_DEPTH)), Skimmed::Fine);
        assert_eq!(skim(&deep(MAX_DEPTH + 1)), Skimmed::TooDeep);
        assert_eq!(skim(&deep(1_000_000)), Skimmed::TooDeep);
    }
}

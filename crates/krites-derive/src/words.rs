//! Names in the cases that names on the wire are written in.

use syn::{Error, LitStr, Result};

/// A case of names
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Camel,
    Pascal,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("camelCase", Case::Camel),
    ("PascalCase", Case::Pascal),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    pub(crate) fn parse(text: &LitStr) -> Result<Case> {
        let value = text.value();
        let found = CASES.iter().find(|(name, _)| *name == value);
        found.map(|(_, case)| *case).ok_or_else(|| {
            let names: Vec<String> = CASES.iter().map(|(name, _)| format!("`{name}`")).collect();
            Error::new(text.span(), format!("expected one of {}", names.join(", ")))
        })
    }

    /// Writes the name of a field or of a variant in this case.
    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        let small = || words.iter().map(|word| word.to_lowercase());
        let joined = |by: &str| small().collect::<Vec<_>>().join(by);
        let pascal = || small().map(|word| capital(&word)).collect::<String>();
        match self {
            Case::Lower => joined(""),
            Case::Upper => joined("").to_uppercase(),
            Case::Pascal => pascal(),
            Case::Camel => {
                let rest = small().skip(1).map(|word| capital(&word));
                small().take(1).chain(rest).collect()
            }
            Case::Snake => joined("_"),
            Case::ScreamingSnake => joined("_").to_uppercase(),
            Case::Kebab => joined("-"),
            Case::ScreamingKebab => joined("-").to_uppercase(),
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The words of `snake_case` and of `PascalCase`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in name.split('_').filter(|part| !part.is_empty()) {
        let mut begins = true;
        for letter in part.chars() {
            match words.last_mut() {
                Some(word) if !begins && !letter.is_uppercase() => word.push(letter),
                _ => words.push(letter.to_string()),
            }
            begins = false;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_every_case() {
        let cases = [
            (Case::Lower, "selfemployed"),
            (Case::Upper, "SELFEMPLOYED"),
            (Case::Camel, "selfEmployed"),
            (Case::Pascal, "SelfEmployed"),
            (Case::Snake, "self_employed"),
            (Case::ScreamingSnake, "SELF_EMPLOYED"),
            (Case::Kebab, "self-employed"),
            (Case::ScreamingKebab, "SELF-EMPLOYED"),
        ];
        for (case, expected) in cases {
            assert_eq!(case.apply("SelfEmployed"), expected);
            assert_eq!(case.apply("self_employed"), expected);
        }
        assert_eq!(Case::Camel.apply("score_2"), "score2");
        assert_eq!(Case::Snake.apply("score_2"), "score_2");
    }
}

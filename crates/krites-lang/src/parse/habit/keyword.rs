//! Words of the language in capitals, or in another tongue.

use super::{Break, Meant};

/// Words of German, French and others, each with what they may stand for
const FOREIGN: &[(&str, &[&str])] = &[
    ("und", &["and"]),
    ("et", &["and"]),
    ("oder", &["or"]),
    ("ou", &["or"]),
    ("nicht", &["not"]),
    ("pas", &["not"]),
    ("ist", &["is"]),
    ("est", &["is"]),
    ("wenn", &["when", "if"]),
    ("falls", &["when", "if"]),
    ("si", &["when", "if"]),
    ("quand", &["when"]),
    ("dann", &["then"]),
    ("alors", &["then"]),
    ("sonst", &["otherwise", "else"]),
    ("sinon", &["otherwise", "else"]),
    ("weil", &["because"]),
    ("car", &["because"]),
];

/// Words of other languages that this one has under another name
const OTHERS: &[(&str, &[&str])] = &[
    ("elseif", &["else if"]),
    ("elsif", &["else if"]),
    ("elif", &["else if"]),
    ("else", &["otherwise"]),
    ("default", &["otherwise"]),
    ("if", &["when"]),
    ("where", &["when"]),
    ("unless", &["when not"]),
    ("reason", &["because"]),
];

pub(super) fn meant(at: &Break<'_>) -> Option<Meant> {
    let seen = at.seen();
    let lower = seen.to_ascii_lowercase();
    if lower != seen && at.takes(&lower) {
        return Some(written(at, &lower));
    }
    let of_other = |table: &[(&str, &'static [&'static str])]| {
        let (_, words) = table.iter().find(|(word, _)| *word == lower)?;
        let first = |word: &str| word.split(' ').next().unwrap_or(word).to_owned();
        words.iter().find(|word| at.takes(&first(word)))
    };
    if let Some(word) = of_other(FOREIGN) {
        return Some(written(at, word));
    }
    // A value may begin with `if`, and a name may be `default`
    let word = of_other(OTHERS).filter(|_| !at.wants_value)?;
    Some(written(at, word))
}

fn written(at: &Break<'_>, word: &str) -> Meant {
    Meant::help(format!("write `{word}`"))
        .headline(format!("`{}` is written `{word}`", at.seen()))
        .mend(at.here(), word)
}

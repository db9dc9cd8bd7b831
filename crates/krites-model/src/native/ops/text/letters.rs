//! Letters of one case, in the plain locale and in `en_US`.

use crate::native::NotNative;
use crate::native::node::NodeContext;

/// What becomes of letters: a function for those of ASCII, and one for all
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    ascii: fn(&mut str),
    letter: fn(char) -> char,
}

/// Letters become small ones.
pub(super) const LOWER: Change = Change {
    ascii: str::make_ascii_lowercase,
    letter: lower,
};
/// Letters become capital ones.
pub(super) const UPPER: Change = Change {
    ascii: str::make_ascii_uppercase,
    letter: upper,
};

/// How texts get letters of one case
#[derive(Clone, Copy, Debug)]
pub(super) struct Letters {
    change: Change,
    /// Letters beyond ASCII stay as they are
    ascii_alone: bool,
}

impl Letters {
    /// Makes a change that of the node's locale.
    ///
    /// Other locales than that which converters write have letters of their own:
    /// ONNX Runtime has them from the tables of the machine, and fails where the
    /// machine has none for `en_US`; those of the empty locale from its settings.
    pub(super) fn of(node: &NodeContext<'_>, change: Change) -> Result<Self, NotNative> {
        let ascii_alone = match node.text("locale", "en_US")? {
            "C" | "POSIX" => true,
            "en_US" | "en_US.UTF-8" => false,
            other => return Err(node.refuse(format!("the letters of its locale `{other}`"))),
        };
        Ok(Self {
            change,
            ascii_alone,
        })
    }

    /// Sets `to` to a text with its letters changed.
    pub(super) fn write(&self, text: &str, to: &mut String) {
        to.clear();
        if self.ascii_alone || text.is_ascii() {
            to.push_str(text);
            (self.change.ascii)(to);
        } else {
            to.extend(text.chars().map(self.change.letter));
        }
    }
}

/// Returns the small letter: the simple mapping of Unicode, one letter to one.
fn lower(letter: char) -> char {
    match letter {
        // Its whole mapping keeps the dot as a second sign.
        'İ' => 'i',
        _ => only(letter, letter.to_lowercase()),
    }
}

/// Returns the capital letter: the simple mapping of Unicode, one letter to one.
fn upper(letter: char) -> char {
    let capital = |distance: u32| char::from_u32(u32::from(letter) + distance).unwrap_or(letter);
    match letter {
        // Greek letters with an iota below, whose whole mapping sets it apart
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => capital(8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => capital(9),
        _ => only(letter, letter.to_uppercase()),
    }
}

/// Returns what a letter maps to where that is one letter.
fn only(letter: char, mut to: impl Iterator<Item = char>) -> char {
    match (to.next(), to.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs as ONNX Runtime 1.31 has them with the locale `en_US`
    #[test]
    fn letters_map_to_one_letter_each() {
        let small: String = "AZaz ÀÉÿß İı Ǆǅ ΑΣς ЖЯ Å ᾈ ẞ 𐐀"
            .chars()
            .map(lower)
            .collect();
        assert_eq!(small, "azaz àéÿß iı ǆǆ ασς жя å ᾀ ß 𐐨");
        let capital: String = "azÿßŉǰ ıſ ǆǅ ασς жя ﬁ ᾀ ᾧ ᾳῃῳ µ"
            .chars()
            .map(upper)
            .collect();
        assert_eq!(capital, "AZŸßŉǰ IS ǄǄ ΑΣΣ ЖЯ ﬁ ᾈ ᾯ ᾼῌῼ Μ");
    }
}

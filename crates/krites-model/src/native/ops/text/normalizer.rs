//! StringNormalizer: letters of one case.

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Layout, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds StringNormalizer of one text a case.
///
/// With words to leave out it makes fewer texts than cases: these stay with
/// ONNX Runtime. So do locales whose letters differ from those of `en_US`, the
/// one that converters write. ONNX Runtime has its letters from the tables of
/// the machine, and fails where the machine has none for `en_US`.
pub(crate) fn string_normalizer(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let change = match node.text("case_change_action", "NONE")? {
        "NONE" => None,
        "LOWER" => Some(LOWER),
        "UPPER" => Some(UPPER),
        other => return Err(node.malformed(format!("it changes letters to `{other}`"))),
    };
    let batch = node.batch(0)?;
    if batch.shape.element != ElementType::Text {
        return Err(node.malformed("its elements are not texts"));
    }
    if !matches!(batch.shape.layout, Layout::Column | Layout::Across) {
        return Err(node.refuse("input 0 has not the shape [N]"));
    }
    if !node.texts("stopwords")?.is_empty() {
        return Err(node.refuse("it leaves texts out, and with them cases"));
    }
    let Some(change) = change else {
        return Ok(vec![Value::Batch(batch)]);
    };
    let ascii_alone = match node.text("locale", "en_US")? {
        "C" | "POSIX" => true,
        "en_US" | "en_US.UTF-8" => false,
        other => return Err(node.refuse(format!("the letters of its locale `{other}`"))),
    };
    let kernel = Letters {
        change,
        ascii_alone,
    };
    Ok(plan.step(kernel, &[batch.operand], &[batch.shape]))
}

/// What becomes of letters: a function for those of ASCII, and one for all
#[derive(Clone, Copy, Debug)]
struct Change {
    ascii: fn(&mut str),
    letter: fn(char) -> char,
}

const LOWER: Change = Change {
    ascii: str::make_ascii_lowercase,
    letter: lower,
};
const UPPER: Change = Change {
    ascii: str::make_ascii_uppercase,
    letter: upper,
};

#[derive(Debug)]
struct Letters {
    change: Change,
    /// Letters beyond ASCII stay as they are
    ascii_alone: bool,
}

impl Kernel for Letters {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let texts = arguments.texts(0)?;
        for (to, text) in output.texts_mut(texts.len()).iter_mut().zip(texts.iter()) {
            to.clear();
            if self.ascii_alone || text.is_ascii() {
                to.push_str(text);
                (self.change.ascii)(to);
            } else {
                to.extend(text.chars().map(self.change.letter));
            }
        }
        Ok(())
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

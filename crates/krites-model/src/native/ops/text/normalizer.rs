//! StringNormalizer: letters of one case, and stop words.

use std::collections::BTreeSet;

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::text::letters::{Change, LOWER, Letters, UPPER};
use crate::native::plan::{Kernel, Layout, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds StringNormalizer.
///
/// A text that is a stop word is the empty text, as ONNX Runtime has it for one
/// text alone: of several it leaves such out, and a row of several would have
/// fewer columns.
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
    if !matches!(
        batch.shape.layout,
        Layout::Column | Layout::Across | Layout::Matrix
    ) {
        return Err(node.refuse("input 0 has not the shape [N] or [1, columns]"));
    }
    let words = node.texts("stopwords")?;
    if change.is_none() && words.is_empty() {
        return Ok(vec![Value::Batch(batch)]);
    }
    if !words.is_empty() && batch.shape.width != 1 {
        return Err(node.refuse("it leaves columns of a row out"));
    }
    // Without regard to case, words and texts are compared in the one that is asked
    // for, else in lower case.
    let compared = if words.is_empty() || node.integer("is_case_sensitive", 0) != 0 {
        None
    } else {
        Some(change.unwrap_or(LOWER))
    };
    let letters = |change: Option<Change>| {
        let letters = change.map(|change| Letters::of(node, change));
        letters.transpose()
    };
    let compared = letters(compared)?;
    let kernel = Normalizer {
        letters: letters(change)?,
        stop: stop_words(node, words, compared)?,
        compared,
    };
    Ok(plan.step(kernel, &[batch.operand], &[batch.shape]))
}

/// Changes the letters of stop words as those of texts that are compared with them.
fn stop_words(
    node: &NodeContext<'_>,
    words: Vec<String>,
    compared: Option<Letters>,
) -> Result<BTreeSet<String>, NotNative> {
    let mut stop = BTreeSet::new();
    for word in words {
        if word.is_empty() {
            return Err(node.malformed("a stop word is empty"));
        }
        let mut changed = String::new();
        write(compared, &word, &mut changed);
        if !stop.insert(changed) {
            return Err(node.malformed(format!("the stop word `{word}` is there twice")));
        }
    }
    Ok(stop)
}

/// Sets `to` to a text, with its letters changed where they are.
fn write(letters: Option<Letters>, text: &str, to: &mut String) {
    match letters {
        Some(letters) => letters.write(text, to),
        None => {
            to.clear();
            to.push_str(text);
        }
    }
}

#[derive(Debug)]
struct Normalizer {
    /// What becomes of letters
    letters: Option<Letters>,
    /// What they become where texts are compared with stop words
    compared: Option<Letters>,
    stop: BTreeSet<String>,
}

impl Kernel for Normalizer {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let texts = arguments.texts(0)?;
        for (to, text) in output.texts_mut(texts.len()).iter_mut().zip(texts.iter()) {
            if !self.stop.is_empty() {
                write(self.compared, text, to);
                if self.stop.contains(to.as_str()) {
                    to.clear();
                    continue;
                }
            }
            write(self.letters, text, to);
        }
        Ok(())
    }
}

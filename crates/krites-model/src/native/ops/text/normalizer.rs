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
/// ONNX Runtime. So does every locale but the plain one, whose letters beyond
/// ASCII stay as they are: the letters of the others come, in ONNX Runtime,
/// from the tables of the machine.
pub(crate) fn string_normalizer(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let case = match node.text("case_change_action", "NONE")? {
        "NONE" => None,
        "LOWER" => Some(Case::Lower),
        "UPPER" => Some(Case::Upper),
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
    let Some(case) = case else {
        return Ok(vec![Value::Batch(batch)]);
    };
    let locale = node.text("locale", "en_US")?;
    if !matches!(locale, "C" | "POSIX") {
        return Err(node.refuse(format!("the letters of its locale `{locale}`")));
    }
    Ok(plan.step(case, &[batch.operand], &[batch.shape]))
}

#[derive(Clone, Copy, Debug)]
enum Case {
    Lower,
    Upper,
}

impl Kernel for Case {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let texts = arguments.texts(0)?;
        for (to, text) in output.texts_mut(texts.len()).iter_mut().zip(texts.iter()) {
            to.clear();
            to.push_str(text);
            match self {
                Self::Lower => to.make_ascii_lowercase(),
                Self::Upper => to.make_ascii_uppercase(),
            }
        }
        Ok(())
    }
}

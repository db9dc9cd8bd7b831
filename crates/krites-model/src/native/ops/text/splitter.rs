//! Tokenizer of com.microsoft: tokens of a text, made anew wherever they are read.
//!
//! ONNX Runtime fills the rows of a batch up to its longest one. Here every row
//! is what it is alone, without padding.

use std::sync::Arc;

use super::class::Class;
use super::pattern::Pattern;
use crate::ElementType;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Layout, Middle, Plan, Value};
use crate::native::ragged::Ragged;

/// How a text is split
#[derive(Debug)]
pub(crate) struct Splitter {
    tokens: Tokens,
    /// Start and end of the text are tokens, where it has others
    mark: bool,
}

#[derive(Debug)]
enum Tokens {
    /// Each character
    Characters,
    /// Runs of characters of a class, cut after `most`; runs and rests of fewer
    /// than `least` are left out
    Runs {
        class: Class,
        least: usize,
        most: usize,
    },
}

/// Builds Tokenizer of one text a case.
pub(crate) fn tokenizer(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.rows(0)?;
    if batch.shape.element != ElementType::Text {
        return Err(node.malformed("its elements are not texts"));
    }
    for name in ["mark", "mincharnum", "pad_value"] {
        if node.attribute(name).is_none() {
            return Err(node.malformed(format!("it has no `{name}`")));
        }
    }
    if batch.shape.width != 1 {
        return Err(node.refuse("it splits more than one column"));
    }
    let splitter = Splitter {
        tokens: tokens(node)?,
        mark: node.integer("mark", 0) != 0,
    };
    let layout = match batch.shape.layout {
        Layout::Column => Layout::Matrix,
        _ => Layout::Deep(Middle::ONE),
    };
    Ok(vec![Value::Ragged(Ragged {
        operand: batch.operand,
        element: ElementType::Text,
        layout,
        splitter: Some(Arc::new(splitter)),
    })])
}

fn tokens(node: &NodeContext<'_>) -> Result<Tokens, NotNative> {
    let shortest = usize::try_from(node.integer("mincharnum", 0)).unwrap_or(0);
    if shortest == 0 {
        return Err(node.malformed("its `mincharnum` is not positive"));
    }
    let separators = node.texts("separators")?;
    let expression = node.text("tokenexp", "")?;
    let read = |text: &str| {
        Pattern::parse(text)
            .ok_or_else(|| node.refuse(format!("it splits by the pattern {text:?}")))
    };
    // ONNX Runtime takes each character for this pattern, ends of lines too.
    let each = expression == "." || matches!(separators.as_slice(), [all] if all.is_empty());
    if each && shortest > 1 {
        return Err(node.malformed("its `mincharnum` is more than a character"));
    }
    match separators.as_slice() {
        _ if !expression.is_empty() && !separators.is_empty() => {
            Err(node.refuse("it has separators and `tokenexp`"))
        }
        _ if each => Ok(Tokens::Characters),
        [] if expression.is_empty() => Err(node.malformed("it has nothing to split by")),
        [] => {
            let pattern = read(expression)?;
            Ok(Tokens::Runs {
                class: pattern.class,
                // A match is never longer than `most`: none is long enough, then.
                least: if shortest > pattern.most {
                    usize::MAX
                } else {
                    shortest.max(pattern.least)
                },
                most: pattern.most,
            })
        }
        separators => {
            // One separator after the other leaves what all of them leave.
            let mut apart = Vec::new();
            for separator in separators {
                let pattern = read(separator)?;
                if pattern.empty || pattern.least != 1 {
                    return Err(node.refuse(format!("it splits by the pattern {separator:?}")));
                }
                apart.extend_from_slice(pattern.class.ranges());
            }
            Ok(Tokens::Runs {
                class: Class::new(apart).complement(),
                least: shortest,
                most: usize::MAX,
            })
        }
    }
}

impl Splitter {
    /// Calls `on_token` with each token of a text, in order.
    pub(crate) fn split<'t>(&self, text: &'t str, mut on_token: impl FnMut(&'t str)) {
        if !self.mark {
            return self.tokens.each(text, on_token);
        }
        let mut any = false;
        self.tokens.each(text, |token| {
            if !any {
                on_token("\u{2}");
            }
            any = true;
            on_token(token);
        });
        if any {
            on_token("\u{3}");
        }
    }
}

impl Tokens {
    fn each<'t>(&self, text: &'t str, mut on_token: impl FnMut(&'t str)) {
        let mut give = |from: usize, to: usize| on_token(text.get(from..to).unwrap_or_default());
        match self {
            Self::Characters => {
                for (at, c) in text.char_indices() {
                    give(at, at + c.len_utf8());
                }
            }
            Self::Runs { class, least, most } => {
                let (mut start, mut count) = (0, 0);
                for (at, c) in text.char_indices() {
                    let inside = class.contains(c);
                    if count >= *least && (!inside || count == *most) {
                        give(start, at);
                        count = 0;
                    }
                    if !inside {
                        count = 0;
                        continue;
                    }
                    if count == 0 {
                        start = at;
                    }
                    count += 1;
                }
                if count >= *least {
                    give(start, text.len());
                }
            }
        }
    }
}

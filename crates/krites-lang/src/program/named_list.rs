//! Named lists, sorted once so that a value is found in a few steps.

use std::sync::Arc;

use super::constant::whole;
use crate::Exact;
use crate::ir::{self, ListValues, Literal};
use crate::packed::prefix;
use crate::types::Ty;
use crate::words::WordMatcher;

/// A named list
#[derive(Debug)]
pub(crate) struct NamedListCode {
    pub(crate) values: SortedValues,
    /// Its words, where a text is searched for them
    pub(crate) words: Option<WordMatcher>,
}

/// The values of a list, in order
#[derive(Debug)]
pub(crate) enum SortedValues {
    Texts(SortedTexts),
    Whole(Box<[i64]>),
    Exact(Box<[Exact]>),
    /// They stand in a file
    InFile,
}

/// Texts in the order of their first eight bytes, taken for a number, and of
/// those that share them in their own
#[derive(Debug, Default)]
pub(crate) struct SortedTexts {
    starts: Box<[u64]>,
    texts: Box<[Arc<str>]>,
}

impl NamedListCode {
    /// Sorts a list; `searched` says whether texts are searched for its words.
    pub(super) fn new(list: &ir::NamedList, searched: bool) -> Self {
        let ListValues::Constants(constants) = &list.values else {
            return Self {
                values: SortedValues::InFile,
                words: None,
            };
        };
        let texts = || {
            constants.iter().filter_map(|value| match value {
                Literal::Text(text) => Some(text),
                _ => None,
            })
        };
        let values = match list.ty {
            Ty::Text => SortedValues::Texts(SortedTexts::new(texts().cloned())),
            Ty::Decimal => {
                let mut values: Vec<Exact> = constants
                    .iter()
                    .filter_map(|value| match value {
                        Literal::Exact(value) => Some(*value),
                        _ => None,
                    })
                    .collect();
                values.sort_unstable();
                SortedValues::Exact(values.into())
            }
            _ => {
                let mut values: Vec<i64> = constants.iter().filter_map(whole).collect();
                values.sort_unstable();
                SortedValues::Whole(values.into())
            }
        };
        let words = searched.then(|| WordMatcher::new(texts().map(|text| &**text)));
        Self { values, words }
    }
}

impl SortedValues {
    pub(crate) fn has_text(&self, text: &str) -> bool {
        matches!(self, SortedValues::Texts(texts) if texts.contains(text))
    }

    pub(crate) fn has_whole(&self, value: i64) -> bool {
        matches!(self, SortedValues::Whole(values) if values.binary_search(&value).is_ok())
    }

    pub(crate) fn has_exact(&self, value: Exact) -> bool {
        matches!(self, SortedValues::Exact(values) if values.binary_search(&value).is_ok())
    }
}

impl SortedTexts {
    fn new(texts: impl IntoIterator<Item = Arc<str>>) -> Self {
        let mut sorted: Vec<(u64, Arc<str>)> = texts
            .into_iter()
            .map(|text| (prefix(&text), text))
            .collect();
        sorted.sort_unstable();
        let (starts, texts): (Vec<u64>, Vec<Arc<str>>) = sorted.into_iter().unzip();
        Self {
            starts: starts.into(),
            texts: texts.into(),
        }
    }

    fn contains(&self, text: &str) -> bool {
        let wanted = prefix(text);
        let from = self.starts.partition_point(|start| *start < wanted);
        let alike = self.starts.get(from..).unwrap_or_default();
        let alike = match alike {
            [first, second, ..] if first == second => {
                alike.partition_point(|start| *start == wanted)
            }
            [first, ..] => usize::from(*first == wanted),
            [] => 0,
        };
        self.texts
            .get(from..from + alike)
            .is_some_and(|texts| texts.binary_search_by(|known| (**known).cmp(text)).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::SortedTexts;

    #[test]
    fn a_text_is_found_if_it_is_there() {
        let known: Vec<String> = (0..2_000)
            .step_by(2)
            .flat_map(|number| [number.to_string(), format!("a common start {number}")])
            .chain(["", "ab", "ab\0", "äöü", "abcdefgh"].map(str::to_owned))
            .collect();
        let sorted = SortedTexts::new(known.iter().map(|text| Arc::from(text.as_str())));
        for text in &known {
            assert!(sorted.contains(text), "{text:?}");
        }
        for number in (1..2_000).step_by(2) {
            assert!(!sorted.contains(&number.to_string()));
            assert!(!sorted.contains(&format!("a common start {number}")));
        }
        for text in ["a", "abc", "ab\0\0", "abcdefghi", "äö", "a common start"] {
            assert!(!sorted.contains(text), "{text:?}");
        }
        assert!(!SortedTexts::default().contains(""));
    }
}

//! TfIdfVectorizer: n-grams of a row's tokens, counted or weighed.

use std::sync::Arc;

use super::grams::{Grams, GramsBuilder, Hit, Pool};
use super::splitter::Splitter;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, Operand};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Layout, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Tokens that all n-grams of a model may have together
const MOST_POOLED: usize = 4 << 20;

/// How long an n-gram may be, and how many tokens lie between two of its own:
/// what a row costs grows with both
const MOST_TOKENS: usize = 100;

/// Builds TfIdfVectorizer of a row's tokens.
pub(crate) fn tf_idf_vectorizer(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let (operand, element, splitter) = source(node)?;
    let mode = match node.text("mode", "")? {
        "TF" => Mode::Count,
        "IDF" => Mode::Weight,
        "TFIDF" => Mode::WeightedCount,
        other => return Err(node.malformed(format!("the mode `{other}`"))),
    };
    let indexes = node.integers("ngram_indexes");
    let mut width = 0;
    for &index in indexes {
        let column = usize::try_from(index).ok();
        let column = column.ok_or_else(|| node.malformed(format!("the column {index}")))?;
        width = width.max(column.saturating_add(1));
    }
    if u32::try_from(width).is_err() {
        return Err(node.refuse("it gives too many columns"));
    }
    let (pool, grams) = grams(node, element, indexes)?;
    let kernel = Vectorizer {
        splitter,
        pool,
        grams,
        mode,
        width,
    };
    let result = Shape::matrix(ElementType::Float, width);
    let numbers = Shape::column(ElementType::Integer);
    let mut results = plan.step(kernel, &[operand], &[result, numbers]);
    results.truncate(1);
    Ok(results)
}

/// Where the tokens come from, their type, and what makes them of texts
type Source = (Operand, ElementType, Option<Arc<Splitter>>);

fn source(node: &NodeContext<'_>) -> Result<Source, NotNative> {
    if let Value::Ragged(ragged) = node.required(0)? {
        if ragged.layout != Layout::Matrix {
            return Err(node.refuse("input 0 has not the shape [N, columns]"));
        }
        return Ok((ragged.operand, ragged.element, ragged.splitter.clone()));
    }
    // [N] would be one row, whatever the number of cases.
    let batch = node.matrix(0)?;
    Ok((batch.operand, batch.shape.element, None))
}

/// Numbers of the tokens that n-grams have
#[derive(Debug)]
enum Tokens {
    Texts(Pool<Box<str>>),
    Integers(Pool<i64>),
}

fn grams(
    node: &NodeContext<'_>,
    element: ElementType,
    indexes: &[i64],
) -> Result<(Tokens, Grams), NotNative> {
    let texts = node
        .attribute("pool_strings")
        .map_or(0, |it| it.strings.len());
    let integers = node.integers("pool_int64s");
    if texts.max(integers.len()) > MOST_POOLED || indexes.len() > MOST_POOLED {
        return Err(node.refuse("its n-grams have too many tokens together"));
    }
    match element {
        ElementType::Text if texts > 0 && integers.is_empty() => {
            let mut pool = Pool::new();
            let entries = node.texts("pool_strings")?.into_iter();
            let numbers = entries.map(|text| pool.number(text.into_boxed_str()));
            let numbers: Vec<u32> = numbers.collect();
            Ok((Tokens::Texts(pool), tree(node, &numbers, indexes)?))
        }
        ElementType::Integer if texts == 0 && !integers.is_empty() => {
            let mut pool = Pool::new();
            let numbers = integers.iter().map(|&integer| pool.number(integer));
            let numbers: Vec<u32> = numbers.collect();
            Ok((Tokens::Integers(pool), tree(node, &numbers, indexes)?))
        }
        _ if texts == 0 && integers.is_empty() => Err(node.malformed("it has no n-grams")),
        ElementType::Text | ElementType::Integer => {
            Err(node.refuse("its n-grams are not of the type of its input, or of two types"))
        }
        _ => Err(node.refuse(format!("its tokens are of type {element}"))),
    }
}

/// Makes the tree of the n-grams, all checked by the rules of ONNX Runtime.
fn tree(node: &NodeContext<'_>, pool: &[u32], indexes: &[i64]) -> Result<Grams, NotNative> {
    let size = |name: &str, default| {
        let value = node.integer(name, default);
        let size = usize::try_from(value).map_err(|_| format!("its `{name}` is {value}"));
        size.map_err(|problem| node.malformed(problem))
    };
    // Those that must be there have a default that is refused.
    let (shortest, longest) = (size("min_gram_length", -1)?, size("max_gram_length", -1)?);
    let most_skipped = size("max_skip_count", -1)?;
    let counts = node.integers("ngram_counts");
    if shortest == 0 || shortest > longest || longest > counts.len() {
        let n = counts.len();
        return Err(node.malformed(format!(
            "n-grams of {shortest} to {longest} tokens where it has those of up to {n}"
        )));
    }
    let weights = node.floats("weights");
    if !weights.is_empty() && weights.len() != indexes.len() {
        return Err(node.malformed("it has not one weight for each n-gram"));
    }
    let mut builder = GramsBuilder::default();
    let mut number = 0;
    for (before, &from) in counts.iter().enumerate() {
        let len = before + 1;
        let end = counts.get(len).map(|&end| usize::try_from(end).ok());
        let end = end.unwrap_or(Some(pool.len()));
        let of_len = usize::try_from(from).ok().zip(end);
        let of_len = of_len.and_then(|(from, end)| pool.get(from..end));
        let of_len = of_len.filter(|tokens| tokens.len().is_multiple_of(len));
        let of_len = of_len.ok_or_else(|| {
            node.malformed(format!(
                "its pool does not hold whole n-grams of {len} tokens"
            ))
        })?;
        let read = (shortest..=longest).contains(&len);
        if read && len > MOST_TOKENS && !of_len.is_empty() {
            return Err(node.refuse(format!("it has n-grams of {len} tokens")));
        }
        for gram in of_len.chunks_exact(len) {
            if read {
                // ONNX Runtime ends the process where one is found without it.
                let column = indexes.get(number).and_then(|&index| index.try_into().ok());
                let column = column.ok_or_else(|| node.malformed("an n-gram has no column"))?;
                let weight = weights.get(number).copied().unwrap_or(1.0);
                if !builder.add(gram, Hit { column, weight }) {
                    return Err(node.malformed(format!("the n-gram {number} is there twice")));
                }
            }
            number += 1;
        }
    }
    let grams = builder.build(shortest, most_skipped);
    if grams.longest() > 1 && most_skipped > MOST_TOKENS {
        return Err(node.refuse(format!("it skips {most_skipped} tokens")));
    }
    Ok(grams)
}

#[derive(Clone, Copy, Debug)]
enum Mode {
    /// How often the n-gram is there
    Count,
    /// Its weight, where it is there
    Weight,
    /// Its weight, as often as it is there
    WeightedCount,
}

#[derive(Debug)]
struct Vectorizer {
    splitter: Option<Arc<Splitter>>,
    pool: Tokens,
    grams: Grams,
    mode: Mode,
    width: usize,
}

impl Kernel for Vectorizer {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [output, numbers] = outputs else {
            return Ok(());
        };
        let n_rows = arguments.n_rows;
        let to = f32::resized(output, n_rows * self.width);
        to.fill(0.0);
        let numbers = i64::array(numbers);
        let rows = to.chunks_exact_mut(self.width);
        match &self.pool {
            Tokens::Texts(pool) => {
                let texts = arguments.texts(0)?;
                let columns = texts.len() / n_rows.max(1);
                for (row_idx, to) in rows.enumerate() {
                    numbers.clear();
                    for idx in row_idx * columns..(row_idx + 1) * columns {
                        let mut take = |token: &str| numbers.push(pool.find(token));
                        match &self.splitter {
                            Some(splitter) => splitter.split(texts.get(idx), take),
                            None => take(texts.get(idx)),
                        }
                    }
                    self.count(numbers, to);
                }
            }
            Tokens::Integers(pool) => {
                let integers = arguments.array::<i64>(0)?;
                let columns = (integers.len() / n_rows.max(1)).max(1);
                for (row, to) in integers.chunks_exact(columns).zip(rows) {
                    numbers.clear();
                    numbers.extend(row.iter().map(|integer| pool.find(integer)));
                    self.count(numbers, to);
                }
            }
        }
        Ok(())
    }
}

impl Vectorizer {
    /// Counts the n-grams of one row.
    fn count(&self, tokens: &[i64], to: &mut [f32]) {
        self.grams.count(tokens, |Hit { column, weight }| {
            let Some(to) = to.get_mut(column as usize) else {
                return;
            };
            match self.mode {
                Mode::Count => *to += 1.0,
                Mode::Weight => *to = weight,
                Mode::WeightedCount => *to += weight,
            }
        });
    }
}

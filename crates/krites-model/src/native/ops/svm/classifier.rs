//! SVMClassifier.

use super::pairs::Pairs;
use super::probabilities::{Platt, room};
use super::vectors::{Function, Vectors};
use super::{at_least, rows};
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::row::Labels;
use crate::native::ops::transform::{PostTransform, logistic};
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds SVMClassifier: with support vectors, or with a row of coefficients for
/// each class.
pub(crate) fn classifier(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let labels = Labels::of(node)?;
    let n_classes = labels.len();
    let batch = rows(plan, node)?;
    let width = batch.shape.width;
    let (a, b) = (node.floats("prob_a"), node.floats("prob_b"));
    if n_classes == 0 || a.len() != b.len() {
        return Err(node.malformed("it has no classes, or prob_a and prob_b of different lengths"));
    }
    let function = Function::of(node)?;
    let transform = PostTransform::of(node)?;
    let counts = node.integers("vectors_per_class").iter();
    let counts: Option<Vec<usize>> = counts.map(|&count| usize::try_from(count).ok()).collect();
    let counts =
        counts.ok_or_else(|| node.malformed("a class has a negative number of vectors"))?;
    let n_vectors = counts
        .iter()
        .try_fold(0_usize, |sum, &count| sum.checked_add(count));
    let (method, vectors) = match n_vectors {
        Some(0) => linear(node, n_classes, width)?,
        Some(n_vectors) if counts.len() == n_classes => {
            let vectors = node.floats("support_vectors");
            if n_vectors > vectors.len() || vectors.len() / n_vectors != width {
                let len = vectors.len();
                let problem =
                    format!("{len} values for {n_vectors} support vectors of {width} columns");
                return Err(node.malformed(problem));
            }
            let vectors = vectors.get(..n_vectors * width).unwrap_or_default();
            let method = by_pairs(node, &counts, n_vectors, transform)?;
            (method, Vectors::new(vectors, width, function))
        }
        _ => {
            let problem = format!(
                "numbers of vectors for {} of {n_classes} classes",
                counts.len()
            );
            return Err(node.malformed(problem));
        }
    };
    let n_scores = match &method {
        Method::Linear { .. } | Method::Pairs { platt: Some(_), .. } => n_classes,
        Method::Pairs { pairs, .. } => pairs.len().max(2),
    };
    let n_pairs = match &method {
        Method::Linear { .. } => 0,
        Method::Pairs { pairs, .. } => pairs.len(),
    };
    let coupling = match &method {
        Method::Pairs { platt: Some(_), .. } => room(n_classes),
        _ => 0,
    };
    let kernel = Classifier {
        width,
        vectors,
        method,
        labels,
        transform,
        n_scores,
        n_pairs,
        coupling,
    };
    let label = Shape::column(kernel.labels.element());
    let scores = Shape::matrix(ElementType::Float, n_scores);
    // What one row needs has no name in the graph.
    let votes = Shape::matrix(ElementType::Integer, n_classes);
    let room = Shape::matrix(ElementType::Float, kernel.room());
    Ok(plan.step(kernel, &[batch.operand], &[label, scores, votes, room]))
}

/// Reads what classes without support vectors have.
fn linear(
    node: &NodeContext<'_>,
    n_classes: usize,
    width: usize,
) -> Result<(Method, Vectors), NotNative> {
    let coefficients = node.floats("coefficients");
    if coefficients.len() / n_classes != width {
        let len = coefficients.len();
        let problem = format!("{len} coefficients for {n_classes} classes and {width} columns");
        return Err(node.malformed(problem));
    }
    let [rho] = *at_least(node, "rho", 1)? else {
        return Err(node.malformed("it has no rho"));
    };
    let method = Method::Linear {
        rho,
        threshold: match (n_classes, node.floats("prob_a").is_empty()) {
            (2, true) if all_positive(coefficients) => Some(Threshold::Half),
            (2, true) => Some(Threshold::Zero),
            _ => None,
        },
    };
    let vectors = coefficients.get(..n_classes * width).unwrap_or_default();
    Ok((method, Vectors::new(vectors, width, Function::Linear)))
}

/// Tells whether every coefficient is a number from zero on.
fn all_positive(coefficients: &[f32]) -> bool {
    coefficients.iter().all(|&coefficient| coefficient >= 0.0)
}

/// Reads what classes with support vectors have.
fn by_pairs(
    node: &NodeContext<'_>,
    counts: &[usize],
    n_vectors: usize,
    transform: PostTransform,
) -> Result<Method, NotNative> {
    let n_classes = counts.len();
    let n_pairs = n_classes.checked_mul(n_classes - 1).map(|twice| twice / 2);
    let n_coefficients = n_vectors.checked_mul(n_classes - 1);
    let (Some(n_pairs), Some(n_coefficients)) = (n_pairs, n_coefficients) else {
        return Err(node.malformed("it has too many classes"));
    };
    if n_classes < 2 {
        return Err(node.refuse("it has fewer than two classes"));
    }
    let coefficients = at_least(node, "coefficients", n_coefficients)?;
    let rho = at_least(node, "rho", n_pairs)?;
    let platt = if node.floats("prob_a").is_empty() {
        // ONNX Runtime leaves the other column unset.
        if n_classes == 2 && transform == PostTransform::Probit {
            return Err(node.refuse("it makes probits of two classes that have one score"));
        }
        None
    } else {
        Some(Platt {
            a: at_least(node, "prob_a", n_pairs)?.to_vec(),
            b: at_least(node, "prob_b", n_pairs)?.to_vec(),
        })
    };
    Ok(Method::Pairs {
        pairs: Pairs::new(counts, coefficients, rho),
        platt,
    })
}

/// Above which the second of two classes wins, whatever the first one scores
#[derive(Clone, Copy, Debug)]
enum Threshold {
    /// Zero, where a coefficient is negative
    Zero,
    /// One half or more, where none is
    Half,
}

/// Where scores come from
#[derive(Debug)]
enum Method {
    /// Each class has coefficients of its own
    Linear {
        rho: f32,
        threshold: Option<Threshold>,
    },
    /// Each pair of classes has coefficients of support vectors
    Pairs { pairs: Pairs, platt: Option<Platt> },
}

#[derive(Debug)]
struct Classifier {
    width: usize,
    vectors: Vectors,
    method: Method,
    labels: Labels,
    transform: PostTransform,
    n_scores: usize,
    n_pairs: usize,
    /// Room to couple probabilities
    coupling: usize,
}

impl Kernel for Classifier {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [label, scores, votes, room] = outputs else {
            return Ok(());
        };
        let scores = f32::resized(scores, arguments.n_rows * self.n_scores);
        let votes = i64::resized(votes, self.labels.len());
        let room = f32::resized(room, self.room());
        let mut labels = self.labels.writer(label, arguments.n_rows);
        let rows = arguments.array::<f32>(0)?.chunks_exact(self.width);
        for (row_idx, (row, scores)) in rows.zip(scores.chunks_exact_mut(self.n_scores)).enumerate()
        {
            labels.write(row_idx, self.score(row, scores, votes, room));
        }
        Ok(())
    }
}

impl Classifier {
    /// Counts the numbers that one row needs room for.
    fn room(&self) -> usize {
        let compared = self.vectors.room().saturating_add(self.n_pairs);
        compared.saturating_add(self.coupling)
    }

    /// Writes the scores of a row and returns the winner.
    fn score(&self, row: &[f32], scores: &mut [f32], votes: &mut [i64], room: &mut [f32]) -> usize {
        let (compared, room) = room.split_at_mut(self.vectors.room());
        self.vectors.compare(row, compared);
        let (pairs, platt) = match &self.method {
            Method::Linear { rho, threshold } => {
                for (score, compared) in scores.iter_mut().zip(compared) {
                    *score = *compared + rho;
                }
                let winner = win(scores, *threshold);
                match scores {
                    [score] => self.transform.apply_to_one(score),
                    scores => self.transform.apply(scores),
                }
                return winner;
            }
            Method::Pairs { pairs, platt } => (pairs, platt),
        };
        let (of_pairs, room) = room.split_at_mut(self.n_pairs);
        pairs.score(compared, of_pairs, votes);
        match (platt, &*of_pairs, &mut *scores) {
            (Some(platt), of_pairs, scores) => {
                platt.couple(of_pairs, room, scores);
                self.transform.apply(scores);
            }
            // One score stands for both classes.
            (None, &[score], [first, second]) => {
                (*first, *second) = match self.transform {
                    PostTransform::None => (-score, score),
                    PostTransform::Logistic => (logistic(-score), logistic(score)),
                    _ => (1.0 - score, score),
                };
            }
            (None, of_pairs, scores) => {
                scores.copy_from_slice(of_pairs);
                self.transform.apply(scores);
            }
        }
        most(votes).0
    }
}

/// Tells which class of a linear classifier wins.
fn win(scores: &[f32], threshold: Option<Threshold>) -> usize {
    let (winner, score) = most(scores);
    match threshold {
        Some(Threshold::Half) if score >= 0.5 => 1,
        Some(Threshold::Zero) if score > 0.0 => 1,
        _ => winner,
    }
}

/// Returns the place of the first largest number, and that number. A first that
/// is no number stays.
fn most<T: Element>(numbers: &[T]) -> (usize, T) {
    let mut most = (0, numbers.first().copied().unwrap_or_default());
    for (place, &number) in numbers.iter().enumerate() {
        if most.1 < number {
            most = (place, number);
        }
    }
    most
}

//! Votes on two classes, as ONNX Runtime counts them.
//!
//! The specification says nothing of it but that votes can be in one column.
//! Then the other column is derived; else a row in which no tree votes for the
//! second class still has one column, and where base values meet votes on both
//! classes, those of the second are dropped. All of it is what models that were
//! tried with ONNX Runtime were tried with.

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::{Attributes, Mode};
use super::forest::Real;
use super::told::{SOMETIMES, Votes, sum_of_votes};
use crate::native::explain::{Link, Sum, Traced};
use crate::native::ops::transform::{PostTransform, logistic};

/// The rules of two classes
#[derive(Debug)]
pub(super) struct TwoClasses<T> {
    transform: PostTransform,
    base_values: Vec<T>,
    /// All votes are for one class, the first or the second
    binary: bool,
    /// Above which the second class wins; one half where such votes are a
    /// probability, since none is negative
    threshold: T,
    /// Such votes are a probability
    is_probability: bool,
}

impl<T: Real> TwoClasses<T> {
    /// Reads the rules that apply.
    ///
    /// # Errors
    ///
    /// Why ONNX Runtime leaves a score unset.
    pub(super) fn new(
        attributes: &Attributes,
        transform: PostTransform,
    ) -> Result<Self, &'static str> {
        let votes = || attributes.weights.values().flatten();
        let classes: BTreeSet<i64> = votes().map(|vote| vote.target).collect();
        let binary = classes.len() == 1;
        // A weight that is no number is not negative.
        let all_positive = !votes().any(|vote| vote.weight < 0.0);
        let base_values: Vec<T> = attributes.base_values();
        if base_values.len() < 2 && !always_has_second(attributes) {
            if transform == PostTransform::Probit {
                return Err("it makes probits of two classes that have one column of votes");
            }
            if !binary && base_values.len() == 1 {
                return Err("its two classes have one base value and votes on both");
            }
        }
        let is_probability = binary && all_positive;
        Ok(Self {
            transform,
            base_values,
            binary,
            threshold: T::from_f64(if is_probability { 0.5 } else { 0.0 }),
            is_probability,
        })
    }

    /// Tells whether all votes are for one class.
    pub(super) fn is_binary(&self) -> bool {
        self.binary
    }

    /// Writes the scores of a row and returns the winner. A class without votes
    /// has no sum and scores zero, also where it has a base value.
    pub(super) fn finish(&self, sums: [Option<T>; 2], scores: &mut [f32]) -> usize {
        let zero = T::default();
        let plus = |mut sum: T, base: T| {
            sum += base;
            sum
        };
        let (first, second) = match (self.base_values.as_slice(), sums) {
            (&[_, base], [first, Some(_)]) => {
                let second = plus(base, first.unwrap_or(zero));
                (first.map(|_| -second), Some(second))
            }
            (&[base, ..], [first, second]) => (first.map(|sum| plus(sum, base)), second),
            ([], [first, second]) => (first, second),
        };
        let decides = second.or(first).unwrap_or(zero);
        if second.is_none() && self.base_values.len() < 2 {
            self.derive(first.unwrap_or(zero), scores);
        } else {
            for (score, sum) in scores.iter_mut().zip([first, second]) {
                *score = sum.unwrap_or(zero).to_f32();
            }
            self.transform.apply(scores);
        }
        usize::from(decides > self.threshold)
    }

    /// Tells what the score of a class sums up, as [`Self::finish`] writes it:
    /// `votes` says which classes the trees vote for.
    pub(super) fn trace(&self, class: usize, votes: [Votes; 2]) -> Traced {
        let base = |at: usize| self.base_values.get(at).map_or(0.0, |base| base.to_f64());
        let both = self.base_values.len() > 1;
        let [first, second] = votes;
        let refused = Traced::Refused(SOMETIMES);
        if first == Votes::Sometimes && !self.base_values.is_empty() {
            return refused;
        }
        let first_sum = match first {
            Votes::Never => Sum::default(),
            _ => sum_of_votes(0, 1.0, base(0)),
        };
        match second {
            Votes::Sometimes => refused,
            Votes::Never if !both => self.trace_derived(class, first_sum),
            Votes::Never if class == 0 => self.transform.trace(first_sum, false),
            Votes::Never => self.transform.trace(Sum::default(), false),
            Votes::Always if both => {
                let second = sum_of_votes(0, 1.0, base(1));
                match (class, first) {
                    (1, _) => self.transform.trace(second, first != Votes::Never),
                    (_, Votes::Never) => self.transform.trace(Sum::default(), false),
                    _ => self.transform.trace(second.negated(), true),
                }
            }
            Votes::Always if class == 0 => self.transform.trace(first_sum, false),
            Votes::Always => self.transform.trace(sum_of_votes(1, 1.0, 0.0), false),
        }
    }

    fn trace_derived(&self, class: usize, votes: Sum) -> Traced {
        let signed = if class == 0 { votes.negated() } else { votes };
        if self.transform == PostTransform::Logistic {
            return Traced::Probability(Link::Logistic { whole: true }, signed);
        }
        let mut sum = signed;
        if class == 0 && self.is_probability {
            sum.constant += 1.0;
        }
        Traced::Sum(sum)
    }

    /// Writes both scores from one column of votes.
    fn derive(&self, votes: T, scores: &mut [f32]) {
        let opposite = if self.is_probability {
            T::from_f64(1.0) - votes
        } else {
            -votes
        };
        let pair = if self.transform == PostTransform::Logistic {
            [logistic(-votes.to_f32()), logistic(votes.to_f32())]
        } else {
            [opposite.to_f32(), votes.to_f32()]
        };
        scores.copy_from_slice(&pair);
    }
}

/// Tells whether in some tree every leaf votes for the second class.
fn always_has_second(attributes: &Attributes) -> bool {
    let mut trees: BTreeMap<i64, bool> = BTreeMap::new();
    for node in attributes
        .nodes
        .iter()
        .filter(|node| node.mode == Mode::Leaf)
    {
        let votes = attributes.weights.get(&(node.tree, node.id));
        let votes = votes.is_some_and(|votes| votes.iter().any(|vote| vote.target == 1));
        *trees.entry(node.tree).or_insert(true) &= votes;
    }
    trees.values().any(|&always| always)
}

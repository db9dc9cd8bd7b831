//! From the explained column of an output back to the raw margin, as a sum.

use std::collections::BTreeMap;

use super::players::{Element, Graph, Players, cost};
use super::trace::{Link, Place, Sum, Traced};
use crate::native::arguments::Operand;
use crate::native::plan::Step;
use crate::{NotExplained, Unit};

/// A raw margin: a constant, elements times weights, and sums of trees
#[derive(Debug)]
pub(super) struct Margin {
    pub(super) unit: Unit,
    pub(super) constant: f64,
    pub(super) terms: Vec<Term>,
    pub(super) trees: Vec<TreeSum>,
}

/// An element that depends on one input column at most, times a weight
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) element: Element,
    pub(super) weight: f64,
    pub(super) player: Option<usize>,
}

/// The values of the trees of a step, times a factor
#[derive(Clone, Copy, Debug)]
pub(super) struct TreeSum {
    pub(super) step: usize,
    pub(super) target: u32,
    pub(super) factor: f64,
}

/// Follows an element of an output back to its raw margin.
///
/// # Errors
///
/// [`NotExplained::Form`] names the node that is neither a sum nor trees, nor
/// depends on one input column alone.
pub(super) fn margin(graph: &mut Graph<'_>, output: Element) -> Result<Margin, NotExplained> {
    let mut walk = Walk {
        graph,
        constant: 0.0,
        terms: BTreeMap::new(),
        trees: BTreeMap::new(),
    };
    let unit = walk.unlink(output)?;
    let terms = walk
        .terms
        .into_iter()
        .map(|(element, (weight, player))| Term {
            element,
            weight,
            player,
        });
    let trees = walk.trees.into_iter();
    Ok(Margin {
        unit,
        constant: walk.constant,
        terms: terms.collect(),
        trees: trees
            .map(|((step, target), factor)| TreeSum {
                step,
                target,
                factor,
            })
            .collect(),
    })
}

struct Walk<'g, 'a> {
    graph: &'g mut Graph<'a>,
    constant: f64,
    terms: BTreeMap<Element, (f64, Option<usize>)>,
    trees: BTreeMap<(usize, u32), f64>,
}

impl<'a> Walk<'_, 'a> {
    /// Goes back over what makes a probability of the margin.
    fn unlink(&mut self, output: Element) -> Result<Unit, NotExplained> {
        let mut at = output;
        // A probability is `at`, or what it lacks of 1.
        let mut lacking = false;
        // A row's share of a whole that is 1 already is itself.
        let mut shared = false;
        let mut depth = 0;
        while let (Operand::Slot(slot), column) = at
            && let Some((idx, step, result)) = self.graph.maker(slot)
        {
            self.graph.pay(cost(step), depth)?;
            depth += 1;
            match step.kernel.trace(result, column) {
                Traced::Probability(link, sum) => {
                    let (unit, whole) = match link {
                        Link::Logistic { whole } => (Unit::LogOdds, whole),
                        Link::Softmax if lacking => break,
                        Link::Softmax => (Unit::Logit, true),
                    };
                    if shared && !whole {
                        let why = "its scores are divided by their sum and were no shares of 1";
                        return Err(refused(step, why));
                    }
                    let sum = if lacking { sum.negated() } else { sum };
                    self.sum(idx, step, &sum, 1.0, depth)?;
                    return Ok(unit);
                }
                Traced::Same(place) => at = element(step, place),
                Traced::Share(place) => (at, shared) = (element(step, place), true),
                Traced::Product(a, b) => {
                    let (a, b) = (element(step, a), element(step, b));
                    match (self.graph.constant(a), self.graph.constant(b)) {
                        (_, Some(1.0)) => at = a,
                        (Some(1.0), _) => at = b,
                        _ => break,
                    }
                }
                Traced::Sum(sum) if sum.trees.is_none() => {
                    let mut constant = sum.constant;
                    let mut only = Vec::new();
                    for &(place, weight) in &sum.terms {
                        let element = element(step, place);
                        match self.graph.constant(element) {
                            Some(value) => constant += weight * value,
                            None => only.push((element, weight)),
                        }
                    }
                    match (only.as_slice(), constant) {
                        (&[(element, 1.0)], 0.0) => at = element,
                        (&[(element, -1.0)], 1.0) if !shared => {
                            (at, lacking) = (element, !lacking);
                        }
                        _ => break,
                    }
                }
                _ => break,
            }
        }
        self.expand(output, 1.0, 0)?;
        Ok(Unit::Output)
    }

    /// Adds an element times a weight.
    fn expand(&mut self, at: Element, weight: f64, depth: usize) -> Result<(), NotExplained> {
        if let Some(value) = self.graph.constant(at) {
            self.constant += weight * value;
            return Ok(());
        }
        let player = match self.graph.players(at, depth)? {
            Players::None => None,
            Players::One(player) => Some(player),
            Players::Many => return self.expand_many(at, weight, depth),
        };
        self.terms.entry(at).or_insert((0.0, player)).0 += weight;
        Ok(())
    }

    fn expand_many(&mut self, at: Element, weight: f64, depth: usize) -> Result<(), NotExplained> {
        let (Operand::Slot(slot), column) = at else {
            let reason = "it reads an input whose columns are not known".to_owned();
            return Err(NotExplained::Form { reason });
        };
        let Some((idx, step, result)) = self.graph.maker(slot) else {
            let reason = "it reads what nothing makes".to_owned();
            return Err(NotExplained::Form { reason });
        };
        self.graph.pay(cost(step), depth)?;
        let mixes = || {
            let why = "it combines several input columns, and is neither a sum nor a forest";
            Err(refused(step, why))
        };
        match step.kernel.trace(result, column) {
            Traced::Same(place) => self.expand(element(step, place), weight, depth + 1),
            Traced::Sum(sum) => self.sum(idx, step, &sum, weight, depth),
            Traced::Product(a, b) => {
                let (a, b) = (element(step, a), element(step, b));
                match (self.graph.constant(a), self.graph.constant(b)) {
                    (Some(factor), _) => self.expand(b, weight * factor, depth + 1),
                    (_, Some(factor)) => self.expand(a, weight * factor, depth + 1),
                    _ => mixes(),
                }
            }
            Traced::Quotient(a, b) => match self.graph.constant(element(step, b)) {
                Some(divisor) => self.expand(element(step, a), weight / divisor, depth + 1),
                None => mixes(),
            },
            Traced::Probability(..) => {
                let why = "the score is computed from the probability that it gives";
                Err(refused(step, why))
            }
            Traced::Refused(why) => Err(refused(step, why)),
            Traced::Anything | Traced::Of(_) | Traced::Share(_) => mixes(),
        }
    }

    fn sum(
        &mut self,
        idx: usize,
        step: &Step,
        sum: &Sum,
        weight: f64,
        depth: usize,
    ) -> Result<(), NotExplained> {
        self.constant += weight * sum.constant;
        for &(place, by) in &sum.terms {
            self.expand(element(step, place), weight * by, depth + 1)?;
        }
        if let Some((target, factor)) = sum.trees {
            *self.trees.entry((idx, target)).or_insert(0.0) += weight * factor;
        }
        Ok(())
    }
}

/// Names an element that a step reads.
fn element(step: &Step, place: Place) -> Element {
    // Kernels name operands that they have.
    let operand = step.operands.get(place.operand);
    (
        operand.copied().unwrap_or(Operand::Constant(usize::MAX)),
        place.at,
    )
}

/// Says that a node has no contributions.
pub(super) fn refused(step: &Step, why: &str) -> NotExplained {
    let reason = format!("{} has no contributions: {why}", step.node);
    NotExplained::Form { reason }
}

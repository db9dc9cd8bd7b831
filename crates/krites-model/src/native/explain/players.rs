//! Which input columns an element of the graph depends on: none, one, or
//! several. An input column is a player of the game that Shapley values solve.

use std::collections::BTreeMap;

use super::trace::{Place, Sum, Traced};
use crate::buffer::Buffer;
use crate::native::arguments::Operand;
use crate::native::plan::{Plan, Step};
use crate::{NotExplained, Signature};

/// Steps that are followed one behind the other
const MAX_DEPTH: usize = 512;

/// Elements that are followed altogether
const MAX_ELEMENTS: usize = 1 << 22;

/// The input columns that an element depends on
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Players {
    None,
    One(usize),
    Many,
}

impl Players {
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, players) | (players, Self::None) => players,
            (Self::One(a), Self::One(b)) if a == b => self,
            _ => Self::Many,
        }
    }
}

/// Elements that asking a step how an element follows counts for: forests look at
/// all of their leaves
pub(super) fn cost(step: &Step) -> usize {
    let trees = if step.kernel.trees().is_some() {
        1 << 12
    } else {
        1
    };
    trees + step.operands.len() / 16
}

/// An element of the graph: where its value lies, and where in a row of it
pub(super) type Element = (Operand, usize);

/// The graph, followed from results to what they follow from
#[derive(Debug)]
pub(super) struct Graph<'a> {
    pub(super) plan: &'a Plan,
    /// For each slot the step that fills it
    makers: Vec<usize>,
    /// For each input its first column among all, and its number of columns
    columns: Vec<(usize, usize)>,
    known: BTreeMap<Element, Players>,
    whole: Vec<Option<Players>>,
    left: usize,
}

impl<'a> Graph<'a> {
    /// Prepares to follow `plan`.
    pub(super) fn new(plan: &'a Plan, signature: &Signature) -> Self {
        let mut makers = vec![0; plan.n_slots];
        for (idx, step) in plan.steps.iter().enumerate() {
            let slots = makers.iter_mut().skip(step.first_slot).take(step.n_slots);
            slots.for_each(|maker| *maker = idx);
        }
        let mut first = 0;
        let columns = signature.inputs.iter().map(|input| {
            first += input.width;
            (first - input.width, input.width)
        });
        Self {
            plan,
            makers,
            columns: columns.collect(),
            known: BTreeMap::new(),
            whole: vec![None; plan.n_slots],
            left: MAX_ELEMENTS,
        }
    }

    /// Finds the step that fills a slot, and which of its results that is.
    pub(super) fn maker(&self, slot: usize) -> Option<(usize, &'a Step, usize)> {
        let idx = *self.makers.get(slot)?;
        let step = self.plan.steps.get(idx)?;
        Some((idx, step, slot.checked_sub(step.first_slot)?))
    }

    /// Returns the value of a constant's element.
    pub(super) fn constant(&self, (operand, at): Element) -> Option<f64> {
        let Operand::Constant(constant) = operand else {
            return None;
        };
        match &self.plan.constants.get(constant)?.data {
            Buffer::Float(all) => all.get(at).copied().map(f64::from),
            Buffer::Double(all) => all.get(at).copied(),
            Buffer::Integer(all) => all.get(at).map(|&x| x as f64),
            Buffer::Boolean(all) => all.get(at).map(|&x| f64::from(u8::from(x))),
            Buffer::Text(_) => None,
        }
    }

    /// Counts an element that is followed.
    pub(super) fn pay(&mut self, count: usize, depth: usize) -> Result<(), NotExplained> {
        self.left = self.left.saturating_sub(count);
        if self.left == 0 || depth > MAX_DEPTH {
            let reason = format!(
                "following its graph takes more than {MAX_ELEMENTS} elements or {MAX_DEPTH} steps"
            );
            return Err(NotExplained::Form { reason });
        }
        Ok(())
    }

    /// Finds the input columns that an element depends on.
    pub(super) fn players(
        &mut self,
        element: Element,
        depth: usize,
    ) -> Result<Players, NotExplained> {
        let (operand, at) = element;
        let slot = match operand {
            Operand::Constant(_) => return Ok(Players::None),
            Operand::Input(input) => {
                let first = self.columns.get(input).map_or(0, |&(first, _)| first);
                return Ok(Players::One(first + at));
            }
            Operand::Slot(slot) => slot,
        };
        if let Some(&known) = self.known.get(&element) {
            return Ok(known);
        }
        let Some((_, step, result)) = self.maker(slot) else {
            return Ok(Players::Many);
        };
        self.pay(cost(step), depth)?;
        let traced = step.kernel.trace(result, at);
        let players = match traced {
            Traced::Anything | Traced::Refused(_) => self.whole(operand, depth)?,
            Traced::Same(place) => self.of(step, &[place], depth)?,
            Traced::Of(places) => self.of(step, &places, depth)?,
            Traced::Product(a, b) | Traced::Quotient(a, b) => self.of(step, &[a, b], depth)?,
            Traced::Share(_) => self.whole(operand, depth)?,
            Traced::Probability(super::Link::Softmax, _) => self.whole(operand, depth)?,
            Traced::Sum(sum) | Traced::Probability(_, sum) => self.of_sum(step, &sum, depth)?,
        };
        self.known.insert(element, players);
        Ok(players)
    }

    fn of_sum(&mut self, step: &Step, sum: &Sum, depth: usize) -> Result<Players, NotExplained> {
        if sum.trees.is_some() {
            let mut all = Players::None;
            for &operand in &step.operands {
                all = all.with(self.whole(operand, depth + 1)?);
            }
            return Ok(all);
        }
        let places: Vec<Place> = sum.terms.iter().map(|&(place, _)| place).collect();
        self.of(step, &places, depth)
    }

    fn of(&mut self, step: &Step, places: &[Place], depth: usize) -> Result<Players, NotExplained> {
        self.pay(places.len(), depth)?;
        let mut all = Players::None;
        for place in places {
            let Some(&operand) = step.operands.get(place.operand) else {
                return Ok(Players::Many);
            };
            all = all.with(self.players((operand, place.at), depth + 1)?);
            if all == Players::Many {
                break;
            }
        }
        Ok(all)
    }

    /// Finds the input columns that any element of a value depends on.
    fn whole(&mut self, operand: Operand, depth: usize) -> Result<Players, NotExplained> {
        let slot = match operand {
            Operand::Constant(_) => return Ok(Players::None),
            Operand::Input(input) => {
                return Ok(match self.columns.get(input) {
                    Some(&(first, 1)) => Players::One(first),
                    _ => Players::Many,
                });
            }
            Operand::Slot(slot) => slot,
        };
        if let Some(Some(known)) = self.whole.get(slot) {
            return Ok(*known);
        }
        let Some((_, step, _)) = self.maker(slot) else {
            return Ok(Players::Many);
        };
        self.pay(1, depth)?;
        let mut all = Players::None;
        for &operand in &step.operands {
            all = all.with(self.whole(operand, depth + 1)?);
        }
        if let Some(known) = self.whole.get_mut(slot) {
            *known = Some(all);
        }
        Ok(all)
    }
}

//! What is made of all elements of a list or series. Each element's used fields go
//! into slots like any others, so that the code over them is the same.

use crate::ast::AggregateKind;
use crate::limits::MAX_STEPS;
use crate::program::{AggregateCode, ElementsCode, Kind, RowField, unpacked};
use crate::{Exact, NumberFault};

use super::fault::FaultKind;
use super::model::Answers;
use super::run::{Run, Stop};
use super::state::SlotState;
use super::text::Text;

/// A value that elements come to
pub(super) trait Folded: Sized {
    /// How many elements count
    fn count(_: u64) -> Option<Self> {
        None
    }
    /// The label of this position
    fn label(_: usize) -> Option<Self> {
        None
    }
    /// What `any` and `every` say
    fn truth(_: bool) -> Option<Self> {
        None
    }
    /// The sum of no element
    fn zero() -> Option<Self> {
        None
    }
    /// One more element of a sum, rounded where it goes on from a quotient
    fn add(self, _: Self, _: bool) -> Result<Self, NumberFault> {
        Ok(self)
    }
    /// A sum divided by the number of its elements
    fn divide(self, _: u64) -> Result<Self, NumberFault> {
        Ok(self)
    }
    /// Whether it comes before another one
    fn before(&self, _: &Self) -> bool {
        false
    }
}

impl Folded for bool {
    fn truth(truth: bool) -> Option<Self> {
        Some(truth)
    }
}

impl Folded for i64 {
    fn count(count: u64) -> Option<Self> {
        i64::try_from(count).ok()
    }
    fn label(at: usize) -> Option<Self> {
        i64::try_from(at).ok()
    }
    fn zero() -> Option<Self> {
        Some(0)
    }
    fn add(self, other: Self, _: bool) -> Result<Self, NumberFault> {
        self.checked_add(other).ok_or(NumberFault::TooLarge)
    }
    fn before(&self, other: &Self) -> bool {
        self < other
    }
}

impl Folded for Exact {
    fn zero() -> Option<Self> {
        Some(Exact::ZERO)
    }
    fn add(self, other: Self, rounds: bool) -> Result<Self, NumberFault> {
        match rounds {
            true => self.add_rounded(other),
            false => Exact::add(self, other),
        }
    }
    fn divide(self, count: u64) -> Result<Self, NumberFault> {
        let count = i64::try_from(count).map_err(|_| NumberFault::TooLarge)?;
        Exact::divide(self, Exact::from_integer(count))
    }
    fn before(&self, other: &Self) -> bool {
        self < other
    }
}

impl Folded for Text<'_> {}

impl<A: Answers> Run<'_, '_, A> {
    pub(super) fn aggregate<'w, T, V: Folded>(
        &mut self,
        code: &'w AggregateCode<T>,
        compute: impl Fn(&mut Self, &'w T) -> Result<V, Stop>,
    ) -> Result<V, Stop> {
        if !code.nested {
            self.frame.begin_site(code.site);
        }
        let mut count = 0_u64;
        let mut so_far: Option<V> = None;
        let (start, length) = self.range(&code.elements)?;
        for position in start..start + length {
            if !self.frame.look_at_one(code.site) {
                return Err(self.fault(FaultKind::TooManySteps, code.span));
            }
            self.bind_element(&code.elements, position)?;
            let holds = match &code.condition {
                Some(condition) => self.truth(condition)?,
                None => true,
            };
            match (code.kind, holds) {
                (AggregateKind::Any, true) | (AggregateKind::Every, false) => {
                    so_far = V::truth(holds);
                    break;
                }
                (AggregateKind::Any | AggregateKind::Every, _) | (_, false) => continue,
                (_, true) => count += 1,
            }
            let Some(value) = &code.value else {
                continue;
            };
            let value = compute(self, value)?;
            so_far = Some(match (code.kind, so_far) {
                (AggregateKind::Sum | AggregateKind::Average, Some(sum)) => sum
                    .add(value, code.rounds)
                    .map_err(|fault| self.sum_fault(code, fault))?,
                (AggregateKind::Min, Some(least)) if !value.before(&least) => least,
                (AggregateKind::Max, Some(most)) if !most.before(&value) => most,
                _ => value,
            });
            if code.kind == AggregateKind::First {
                break;
            }
        }
        let found = match code.kind {
            AggregateKind::Count => V::count(count),
            AggregateKind::Sum => so_far.or_else(V::zero),
            AggregateKind::Any => so_far.or_else(|| V::truth(false)),
            AggregateKind::Every => so_far.or_else(|| V::truth(true)),
            AggregateKind::Average => match so_far {
                Some(sum) => Some(
                    sum.divide(count)
                        .map_err(|fault| self.number_fault(fault, code.span))?,
                ),
                None => None,
            },
            AggregateKind::Min | AggregateKind::Max | AggregateKind::First => so_far,
        };
        match (found, &code.if_none) {
            (Some(found), _) => Ok(found),
            (None, Some(if_none)) => compute(self, if_none),
            // The checker made sure of an element; were it wrong, it is a fault.
            (None, None) => Err(self.fault(FaultKind::Missing, code.span)),
        }
    }

    #[cold]
    fn sum_fault<T>(&mut self, code: &AggregateCode<T>, fault: NumberFault) -> Stop {
        match code.of_time {
            true => self.fault(FaultKind::Calendar, code.span),
            false => self.number_fault(fault, code.span),
        }
    }

    /// Where the elements begin, and how many there are.
    fn range(&mut self, elements: &ElementsCode) -> Result<(usize, usize), Stop> {
        match elements {
            ElementsCode::Series { inputs, .. } => Ok((0, inputs.len())),
            ElementsCode::Labels { answers, .. } => Ok((0, answers.len())),
            ElementsCode::Rows { table, fields } => {
                self.find_rows(*table)?;
                for field in fields {
                    self.ready(field.list)?;
                }
                Ok((0, self.frame.rows(*table).len()))
            }
            ElementsCode::List { range, .. } => Ok(unpacked(self.whole_slot(*range)?)),
        }
    }

    /// Fills the slots that an element's parts are read from.
    fn bind_element(&mut self, elements: &ElementsCode, position: usize) -> Result<(), Stop> {
        match elements {
            ElementsCode::Series { each: None, .. } => {}
            ElementsCode::Series {
                inputs,
                each: Some((slot, kind)),
            } => {
                let Some(input) = inputs.get(position) else {
                    return Ok(());
                };
                if !self.ready(*input)? {
                    self.frame.set_state(*slot, SlotState::Missing);
                    return Ok(());
                }
                match kind {
                    Kind::Whole => self.frame.set_whole(*slot, self.frame.whole(*input)),
                    Kind::Exact => self.frame.set_exact(*slot, self.frame.exact(*input)),
                    Kind::Text => {
                        let range = self.frame.text_range(*input);
                        self.frame.set_text_range(*slot, range);
                    }
                }
            }
            ElementsCode::Rows { table, fields } => {
                for field in fields {
                    let RowField { output, slot, .. } = *field;
                    self.frame.load_cell(*table, output, position, slot);
                }
            }
            ElementsCode::Labels {
                answers,
                label,
                probability,
            } => {
                if let (Some(slot), Some(answer)) = (probability, answers.get(position)) {
                    let value = self.exact_slot(*answer)?;
                    self.frame.set_exact(*slot, value);
                }
                if let (Some(slot), Ok(label)) = (label, i64::try_from(position)) {
                    self.frame.set_whole(*slot, label);
                }
            }
            ElementsCode::List {
                list,
                fields,
                inner,
                ..
            } => {
                for (field, slot) in fields {
                    self.frame.load_field(*list, *field, position, *slot);
                }
                for (inner, slot) in inner {
                    self.frame.load_range(*inner, position, *slot);
                }
            }
        }
        Ok(())
    }
}

/// Elements that aggregates have looked at
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    /// By outermost aggregate: what it has looked at, those within it included
    by_site: Box<[u64]>,
    total: u64,
}

impl Steps {
    pub(super) fn new(sites: usize) -> Self {
        Self {
            by_site: vec![0; sites].into_boxed_slice(),
            total: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        // Filling nothing is no cheap nothing: an empty box stands at no address, where
        // a masked store of no bytes costs some CPUs a fifth of a decision.
        if !self.by_site.is_empty() {
            self.by_site.fill(0);
        }
        self.total = 0;
    }

    /// Forgets what an aggregate has looked at that is asked once more, since
    /// something was pending the first time: a case that waits decides the same.
    pub(super) fn begin(&mut self, site: u32) {
        if let Some(looked_at) = self.by_site.get_mut(site as usize) {
            self.total = self.total.saturating_sub(*looked_at);
            *looked_at = 0;
        }
    }

    /// Counts an element; tells whether it may be looked at.
    pub(super) fn one_more(&mut self, site: u32) -> bool {
        if let Some(looked_at) = self.by_site.get_mut(site as usize) {
            *looked_at += 1;
            self.total += 1;
        }
        self.total <= MAX_STEPS
    }
}

//! Axes: the values of a slot, cut where conditions change, each piece with a code.
//!
//! Pieces of numbers are coded in order; of texts, those that are named have codes from
//! one on, and all others zero. The last code is that of a missing value.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::clause::MOST_PLACES;
use super::set::{Cut, Missing, SlotSet, Values};
use super::texts::TextCodes;
use crate::Exact;
use crate::packed::prefix;
use crate::program::{Constant, Slot};

/// Whole numbers that lie so close are coded by a table of them
const MOST_DENSE: u64 = 256;

/// So many cuts are compared at once
const FEW: usize = 4;

/// What of a slot every axis has
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) slot: Slot,
    /// The code of a missing value
    pub(crate) missing: u32,
    /// The code where nothing was given: that of the default, or as missing
    pub(crate) not_given: u32,
    /// Whether there are conditions that must not be asked where it is missing
    pub(crate) proven: bool,
    /// Of an index that is one leaf, unless it is a [`Shape::Tree`](super::Shape::Tree):
    /// where the masks of its codes begin
    pub(crate) masks: u32,
}

/// Whole numbers close to each other
#[derive(Clone, Debug)]
pub(crate) struct DenseAxis {
    pub(crate) place: Place,
    /// The number that the first code of the table is for, and all below it
    least: i64,
    codes: Box<[u16]>,
}

/// Where numbers are cut, in order
#[derive(Clone, Debug)]
struct Cuts {
    /// The first ones, filled up with the largest number
    few: [i64; FEW],
    n_few: u32,
    more: Box<[i64]>,
}

/// Whole numbers
#[derive(Clone, Debug)]
pub(crate) struct WholeAxis {
    pub(crate) place: Place,
    cuts: Cuts,
}

/// Exact numbers
#[derive(Clone, Debug)]
pub(crate) struct ExactAxis {
    pub(crate) place: Place,
    /// Digits behind the point of the keys
    places: u32,
    /// As [`Exact::key`] makes them of exact numbers
    cuts: Cuts,
}

/// Texts
#[derive(Clone, Debug)]
pub(crate) struct TextAxis {
    pub(crate) place: Place,
    pub(crate) codes: TextCodes,
}

/// Whether there is a value at all: its code is zero
#[derive(Clone, Debug)]
pub(crate) struct StateAxis {
    pub(crate) place: Place,
}

/// The axes of an index: their numbers go through these in order
#[derive(Clone, Debug, Default)]
pub(crate) struct Axes {
    pub(crate) dense: Box<[DenseAxis]>,
    pub(crate) whole: Box<[WholeAxis]>,
    pub(crate) exact: Box<[ExactAxis]>,
    pub(crate) text: Box<[TextAxis]>,
    pub(crate) state: Box<[StateAxis]>,
}

impl DenseAxis {
    #[inline]
    pub(crate) fn code(&self, value: i64) -> u32 {
        let last = self.codes.len().saturating_sub(1);
        let at = usize::try_from(value.saturating_sub(self.least)).unwrap_or(0);
        self.codes.get(at.min(last)).copied().unwrap_or(0).into()
    }
}

impl WholeAxis {
    #[inline]
    pub(crate) fn code(&self, value: i64) -> u32 {
        self.cuts.at_or_below(value)
    }
}

impl ExactAxis {
    #[inline]
    pub(crate) fn code(&self, value: Exact) -> u32 {
        self.cuts.at_or_below(value.key(self.places))
    }
}

impl Cuts {
    fn new(cuts: &[i64]) -> Self {
        let (few, more) = cuts.split_at_checked(FEW).unwrap_or((cuts, &[]));
        let cut = |at: usize| few.get(at).copied().unwrap_or(i64::MAX);
        Self {
            few: std::array::from_fn(cut),
            n_few: few.len() as u32,
            more: more.into(),
        }
    }

    /// How many lie at a value or below it.
    #[inline]
    fn at_or_below(&self, value: i64) -> u32 {
        // Without a branch that depends on the value
        let [a, b, c, d] = self.few.map(|cut| u32::from(cut <= value));
        let few = (a + b + c + d).min(self.n_few);
        match self.more.is_empty() {
            true => few,
            false => few + self.more.partition_point(|cut| *cut <= value) as u32,
        }
    }
}

impl Axes {
    /// How many there are
    #[inline]
    pub(crate) fn len(&self) -> usize {
        let numbers = self.dense.len() + self.whole.len() + self.exact.len();
        numbers + self.text.len() + self.state.len()
    }

    pub(super) fn places_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        let numbers = self.dense.iter_mut().map(|axis| &mut axis.place);
        let numbers = numbers.chain(self.whole.iter_mut().map(|axis| &mut axis.place));
        let numbers = numbers.chain(self.exact.iter_mut().map(|axis| &mut axis.place));
        let others = self.text.iter_mut().map(|axis| &mut axis.place);
        numbers.chain(others.chain(self.state.iter_mut().map(|axis| &mut axis.place)))
    }

    fn places(&self) -> impl Iterator<Item = &Place> {
        let numbers = self.dense.iter().map(|axis| &axis.place);
        let numbers = numbers.chain(self.whole.iter().map(|axis| &axis.place));
        let numbers = numbers.chain(self.exact.iter().map(|axis| &axis.place));
        let others = self.text.iter().map(|axis| &axis.place);
        numbers.chain(others.chain(self.state.iter().map(|axis| &axis.place)))
    }
}

/// Codes that a set holds: ranges, from the first to before the second, in order
pub(super) type Codes = Vec<(u32, u32)>;

/// Axes, with what conditions come to on them
pub(super) struct Coded {
    pub(super) axes: Axes,
    /// By axis: how many codes it has
    pub(super) counts: Vec<u32>,
    /// By set: its axis, and the codes that it holds
    pub(super) sets: Vec<(u32, Codes)>,
}

/// What conditions say of a slot
struct Met {
    slot: Slot,
    /// In order, each once
    cuts: Vec<Cut>,
    /// In order, each once
    texts: Vec<Arc<str>>,
    proven: bool,
}

/// Makes an axis of each slot. `defaults` are what slots have where nothing is given.
pub(super) fn coded(sets: &[(Slot, SlotSet)], defaults: &BTreeMap<u32, Constant>) -> Coded {
    let mut met: BTreeMap<u32, Met> = BTreeMap::new();
    for (slot, set) in sets {
        let met = met.entry(slot.id).or_insert_with(|| Met {
            slot: *slot,
            cuts: Vec::new(),
            texts: Vec::new(),
            proven: false,
        });
        met.take(set);
    }
    for met in met.values_mut() {
        met.cuts.sort_unstable();
        met.cuts.dedup();
        met.texts.sort_unstable();
        met.texts.dedup();
    }
    let (mut dense, mut whole, mut exact) = (Vec::new(), Vec::new(), Vec::new());
    let (mut text, mut state) = (Vec::new(), Vec::new());
    for met in met.values() {
        let default = defaults.get(&met.slot.id);
        match (met.cuts.first(), met.cuts.last()) {
            (Some(Cut::Whole(first)), Some(Cut::Whole(last))) => {
                let close = first.abs_diff(*last) < MOST_DENSE && *first > i64::MIN;
                match close {
                    true => dense.push(met.dense_axis(default)),
                    false => whole.push(met.whole_axis(default)),
                }
            }
            (Some(_), _) => exact.push(met.exact_axis(default)),
            (None, _) if !met.texts.is_empty() => text.push(met.text_axis(default)),
            (None, _) => state.push(StateAxis {
                place: met.place(1, default.map(|_| 0)),
            }),
        }
    }
    let axes = Axes {
        dense: dense.into(),
        whole: whole.into(),
        exact: exact.into(),
        text: text.into(),
        state: state.into(),
    };
    let numbers: BTreeMap<u32, u32> = axes
        .places()
        .zip(0..)
        .map(|(place, number)| (place.slot.id, number))
        .collect();
    let sets = sets.iter().map(|(slot, set)| {
        let met = met.get(&slot.id).map(|met| met.codes(set));
        let number = numbers.get(&slot.id).copied();
        // Each slot has an axis.
        (number.unwrap_or(u32::MAX), met.unwrap_or_default())
    });
    Coded {
        counts: axes.places().map(|place| place.missing + 1).collect(),
        sets: sets.collect(),
        axes,
    }
}

impl Met {
    fn take(&mut self, set: &SlotSet) {
        self.proven |= set.missing == Missing::Unasked;
        match &set.values {
            Values::Every(_) => {}
            Values::Spans(spans) => {
                let ends = spans.iter().flat_map(|(from, to)| [*from, *to]);
                self.cuts.extend(ends.flatten());
            }
            Values::Texts(texts, _) => self.texts.extend(texts.iter().cloned()),
        }
    }

    fn place(&self, n_values: u32, default: Option<u32>) -> Place {
        Place {
            slot: self.slot,
            missing: n_values,
            not_given: default.unwrap_or(n_values),
            proven: self.proven,
            masks: 0,
        }
    }

    /// How many codes values have
    fn n_values(&self) -> u32 {
        match self.cuts.len() + self.texts.len() {
            0 => 1,
            some => u32::try_from(some + 1).unwrap_or(u32::MAX),
        }
    }

    fn whole_cuts(&self) -> Vec<i64> {
        let cuts = self.cuts.iter().filter_map(|cut| match cut {
            Cut::Whole(value) => Some(*value),
            Cut::Exact(..) => None,
        });
        cuts.collect()
    }

    fn dense_axis(&self, default: Option<&Constant>) -> DenseAxis {
        let cuts = self.whole_cuts();
        let first = cuts.first().copied().unwrap_or_default();
        let last = cuts.last().copied().unwrap_or_default();
        let least = first.saturating_sub(1);
        let codes = (least..=last).map(|value| {
            let code = cuts.partition_point(|cut| *cut <= value);
            u16::try_from(code).unwrap_or(u16::MAX)
        });
        let mut axis = DenseAxis {
            place: self.place(self.n_values(), None),
            least,
            codes: codes.collect(),
        };
        if let Some(Constant::Whole(value)) = default {
            axis.place.not_given = axis.code(*value);
        }
        axis
    }

    fn whole_axis(&self, default: Option<&Constant>) -> WholeAxis {
        let mut axis = WholeAxis {
            place: self.place(self.n_values(), None),
            cuts: Cuts::new(&self.whole_cuts()),
        };
        if let Some(Constant::Whole(value)) = default {
            axis.place.not_given = axis.code(*value);
        }
        axis
    }

    fn exact_axis(&self, default: Option<&Constant>) -> ExactAxis {
        let values = self.cuts.iter().filter_map(|cut| match cut {
            Cut::Exact(value, behind) => Some((*value, *behind)),
            Cut::Whole(_) => None,
        });
        let digits = values.clone().map(|(value, _)| value.places());
        let places = digits.max().unwrap_or(0).min(MOST_PLACES);
        // Behind a number is before what lies between it and the next one.
        let keys = values.map(|(value, behind)| value.key(places) + i64::from(behind));
        let mut axis = ExactAxis {
            place: self.place(self.n_values(), None),
            places,
            cuts: Cuts::new(&keys.collect::<Vec<_>>()),
        };
        if let Some(Constant::Exact(value)) = default {
            axis.place.not_given = axis.code(*value);
        }
        axis
    }

    fn text_axis(&self, default: Option<&Constant>) -> TextAxis {
        let codes = TextCodes::new(self.texts.iter().cloned());
        let default = match default {
            Some(Constant::Text(value)) => Some(codes.find(prefix(value), value)),
            _ => None,
        };
        TextAxis {
            place: self.place(self.n_values(), default),
            codes,
        }
    }

    /// The codes of the values that a set holds.
    fn codes(&self, set: &SlotSet) -> Codes {
        let n_values = self.n_values();
        let behind = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
        let at = |cut: &Cut| behind(self.cuts.partition_point(|known| known < cut));
        let mut codes: Codes = match &set.values {
            Values::Every(true) => vec![(0, n_values)],
            Values::Every(false) => Vec::new(),
            Values::Spans(spans) => {
                let spans = spans.iter();
                let ends = |(from, to): &(Option<Cut>, Option<Cut>)| {
                    (
                        from.as_ref().map_or(0, at),
                        to.as_ref().map_or(n_values, at),
                    )
                };
                spans.map(ends).collect()
            }
            Values::Texts(texts, among) => {
                let mut codes = Codes::new();
                let mut next = 0;
                for text in texts {
                    let code = behind(self.texts.partition_point(|known| known < text));
                    match among {
                        true => push(&mut codes, (code, code + 1)),
                        false => push(&mut codes, (next, code)),
                    }
                    next = code + 1;
                }
                if !among {
                    push(&mut codes, (next, n_values));
                }
                codes
            }
        };
        if set.missing == Missing::Holds {
            push(&mut codes, (n_values, n_values + 1));
        }
        codes
    }
}

/// Adds a range behind the others, unless it is empty.
fn push(codes: &mut Codes, range: (u32, u32)) {
    match codes.last_mut() {
        _ if range.0 >= range.1 => {}
        Some((_, end)) if *end == range.0 => *end = range.1,
        _ => codes.push(range),
    }
}

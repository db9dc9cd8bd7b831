//! The values of one thing that tests tell apart, in a row: from here on, sets are ranges
//! of small numbers, whatever the type.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cut::Cut;
use super::domain::Domain;
use super::set::{Set, Values};
use crate::ir::Literal;

/// Positions on an axis: half-open ranges in order, none touching another
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// Joins ranges that touch; they come in any order.
    pub(super) fn new(mut all: Vec<(u32, u32)>) -> Ranges {
        all.retain(|(from, to)| from < to);
        all.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (from, to) in all {
            match joined.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => joined.push((from, to)),
            }
        }
        Ranges(joined)
    }

    pub(super) fn parts(&self) -> &[(u32, u32)] {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(feature = "testing")]
    pub(super) fn has(&self, at: u32) -> bool {
        self.0.iter().any(|(from, to)| (*from..*to).contains(&at))
    }

    /// How many positions there are.
    pub(super) fn len(&self) -> u64 {
        self.0.iter().map(|(from, to)| u64::from(to - from)).sum()
    }

    pub(super) fn and(&self, other: &Ranges) -> Ranges {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some((from, to)), Some((other_from, other_to))) = (one.peek(), two.peek()) {
            common.push((*from.max(other_from), *to.min(other_to)));
            match to < other_to {
                true => one.next(),
                false => two.next(),
            };
        }
        Ranges::new(common)
    }

    /// The positions that are not among others.
    pub(super) fn without(&self, other: &Ranges) -> Ranges {
        let mut rest = Vec::new();
        for (from, to) in &self.0 {
            let mut from = *from;
            for (low, high) in &other.0 {
                rest.push((from, (*low).min(*to)));
                from = from.max(*high);
            }
            rest.push((from, *to));
        }
        Ranges::new(rest)
    }

    pub(super) fn or(&self, other: &Ranges) -> Ranges {
        Ranges::new(self.0.iter().chain(&other.0).copied().collect())
    }
}

/// What one position of an axis stands for
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Atom {
    /// The numbers between two cuts
    Span(Cut, Cut),
    /// A label; no or yes
    Label(u32),
    /// A text that a test names
    Text(Arc<str>),
    /// All texts that none names
    OtherTexts,
    /// That the value is not there
    Missing,
}

/// The values of a domain that some sets tell apart
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) domain: Domain,
    atoms: Vec<Atom>,
    /// Where a text or label stands
    texts: BTreeMap<Arc<str>, u32>,
}

impl Axis {
    /// The axis on which each of these sets is made of whole positions.
    pub(super) fn new<'s>(domain: Domain, sets: impl Iterator<Item = &'s Set>) -> Axis {
        let mut atoms = Vec::new();
        let mut texts = BTreeMap::new();
        match &domain.set.values {
            Values::Labels(labels) => {
                let labels = (0_u32..).zip(labels).filter(|(_, within)| **within);
                atoms.extend(labels.map(|(label, _)| Atom::Label(label)));
            }
            Values::Texts { .. } => {
                let named: BTreeSet<&Arc<str>> = sets
                    .filter_map(|set| match &set.values {
                        Values::Texts { named, .. } => Some(named),
                        _ => None,
                    })
                    .flatten()
                    .collect();
                for (at, text) in (0_u32..).zip(named) {
                    texts.insert(Arc::clone(text), at);
                    atoms.push(Atom::Text(Arc::clone(text)));
                }
                atoms.push(Atom::OtherTexts);
            }
            Values::Spans(all) => {
                let parts = sets.filter_map(|set| match &set.values {
                    Values::Spans(spans) => Some(spans.parts()),
                    _ => None,
                });
                let mut cuts: Vec<Cut> = parts
                    .flatten()
                    .chain(all.parts())
                    .flat_map(|(low, high)| [*low, *high])
                    .collect();
                cuts.sort_unstable();
                cuts.dedup();
                let pairs = cuts.iter().zip(cuts.iter().skip(1));
                let inside = |low: &Cut, high: &Cut| {
                    let mut parts = all.parts().iter();
                    parts.any(|(from, to)| from <= low && high <= to)
                };
                let pairs = pairs.filter(|(low, high)| inside(low, high));
                atoms.extend(pairs.map(|(low, high)| Atom::Span(*low, *high)));
            }
        }
        if domain.set.missing {
            atoms.push(Atom::Missing);
        }
        Axis {
            domain,
            atoms,
            texts,
        }
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.atoms.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn all(&self) -> Ranges {
        Ranges::new(vec![(0, self.len())])
    }

    pub(super) fn atom(&self, at: u32) -> Option<&Atom> {
        self.atoms.get(at as usize)
    }

    /// Where a set lies on the axis, as far as it lies in the domain.
    pub(super) fn place(&self, set: &Set) -> Ranges {
        let mut found = Vec::new();
        match &set.values {
            Values::Spans(spans) => {
                for (low, high) in spans.parts() {
                    let before = |cut: &Cut| {
                        let at = self.atoms.partition_point(
                            |atom| matches!(atom, Atom::Span(from, _) if from < cut),
                        );
                        u32::try_from(at).unwrap_or(u32::MAX)
                    };
                    found.push((before(low), before(high)));
                }
            }
            Values::Labels(labels) => {
                let within = |atom: &Atom| match atom {
                    Atom::Label(label) => labels.get(*label as usize) == Some(&true),
                    _ => false,
                };
                let atoms = (0_u32..).zip(&self.atoms);
                found.extend(
                    atoms
                        .filter(|(_, atom)| within(atom))
                        .map(|(at, _)| (at, at + 1)),
                );
            }
            Values::Texts { named, others } => {
                let places = named.iter().filter_map(|text| self.texts.get(text));
                let named = Ranges::new(places.map(|at| (*at, at + 1)).collect());
                let texts = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
                match others {
                    false => found.extend(named.parts()),
                    true => {
                        let mut from = 0;
                        for (low, high) in named.parts() {
                            found.push((from, *low));
                            from = *high;
                        }
                        found.push((from, texts + 1));
                    }
                }
            }
        }
        if set.missing && self.domain.set.missing {
            found.push((self.len() - 1, self.len()));
        }
        Ranges::new(found)
    }

    /// A value at a position; `None` within where it is missing.
    pub(super) fn sample(&self, at: u32) -> Option<Option<Literal>> {
        Some(match self.atom(at)? {
            Atom::Span(low, high) => Some(self.domain.between(*low, *high)?),
            Atom::Label(label) => Some(self.labelled(*label)),
            Atom::Text(text) => Some(Literal::Text(Arc::clone(text))),
            Atom::OtherTexts => Some(Literal::Text(self.other_text())),
            Atom::Missing => None,
        })
    }

    /// Where a value lies, `None` for one that is missing; nothing for what is not in the
    /// domain.
    #[cfg(feature = "testing")]
    pub(super) fn position(&self, value: Option<&Literal>) -> Option<u32> {
        let Some(value) = value else {
            return self.domain.set.missing.then(|| self.len() - 1);
        };
        if let Literal::Text(text) = value {
            let others = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            return Some(self.texts.get(text).copied().unwrap_or(others));
        }
        let Values::Spans(spans) = self.domain.point(value)? else {
            let values = self.domain.point(value)?;
            let (at, _) = *self
                .place(&Set {
                    missing: false,
                    values,
                })
                .parts()
                .first()?;
            return Some(at);
        };
        let (point, _) = *spans.parts().first()?;
        let at = self.atoms.iter().position(
            |atom| matches!(atom, Atom::Span(low, high) if *low <= point && point < *high),
        )?;
        u32::try_from(at).ok()
    }

    /// A text that no test names.
    fn other_text(&self) -> Arc<str> {
        let mut text = "other".to_owned();
        while self.texts.contains_key(text.as_str()) {
            text.push('_');
        }
        Arc::from(text)
    }
}

//! Values of an axis in the words of the language.

use super::axis::{Atom, Axis, Ranges};
use super::cut::Cut;
use super::domain::Domain;
use super::set::Values;
use crate::Exact;
use crate::ir::{Literal, Policy};

impl Axis {
    /// Writes positions as a cell of a test does, such as `500 to 599, missing`.
    pub(super) fn words(&self, policy: &Policy, places: &Ranges) -> String {
        self.parts(policy, places).join(", ")
    }

    /// Writes positions in a sentence: of many only some.
    pub(super) fn summary(&self, policy: &Policy, places: &Ranges) -> String {
        let parts = self.parts(policy, places);
        match parts.get(..3) {
            Some(first) if parts.len() > 8 => {
                format!(
                    "{} and {} more",
                    first.join(", "),
                    parts.len() - first.len()
                )
            }
            _ => parts.join(", "),
        }
    }

    fn parts(&self, policy: &Policy, places: &Ranges) -> Vec<String> {
        let parts = places.parts().iter();
        parts
            .flat_map(|(from, to)| self.stretch(policy, *from, *to))
            .collect()
    }

    fn stretch(&self, policy: &Policy, from: u32, to: u32) -> Vec<String> {
        let atoms: Vec<&Atom> = (from..to).filter_map(|at| self.atom(at)).collect();
        let mut words = Vec::new();
        let mut spans: Option<(Cut, Cut)> = None;
        for atom in &atoms {
            match (atom, &mut spans) {
                (Atom::Span(low, high), Some((_, end))) if end == low => *end = *high,
                (Atom::Span(low, high), spans) => {
                    words.extend(
                        spans
                            .replace((*low, *high))
                            .map(|(low, high)| self.domain.span(policy, low, high)),
                    );
                }
                _ => {}
            }
        }
        words.extend(spans.map(|(low, high)| self.domain.span(policy, low, high)));
        let others = atoms
            .iter()
            .position(|atom| matches!(atom, Atom::OtherTexts));
        if others.is_some() && atoms.len() > 1 {
            words.push("other texts".to_owned());
        }
        for atom in &atoms {
            match atom {
                Atom::Label(label) => {
                    words.push(policy.written(&self.labelled(*label), self.domain.ty))
                }
                Atom::Text(text) => {
                    words.push(policy.written(&Literal::Text(text.clone()), self.domain.ty))
                }
                Atom::OtherTexts if atoms.len() == 1 => words.push("any other text".to_owned()),
                Atom::Missing => words.push("missing".to_owned()),
                Atom::OtherTexts | Atom::Span(..) => {}
            }
        }
        words
    }

    pub(super) fn labelled(&self, label: u32) -> Literal {
        match self.domain.ty {
            crate::types::Ty::Boolean => Literal::Boolean(label == 1),
            _ => Literal::Label(label),
        }
    }
}

impl Domain {
    /// Numbers between two cuts, by the shortest bounds that say so.
    pub(super) fn span(&self, policy: &Policy, low: Cut, high: Cut) -> String {
        let written = |number: Exact| {
            let literal = self.literal(number);
            literal.map_or_else(String::new, |literal| policy.written(&literal, self.ty))
        };
        let (low, high) = self.open(low, high);
        let grid = self.grid;
        let step = grid.and_then(|places| Exact::new(1, places).ok());
        let before = |number: Exact| number.subtract(step?).ok();
        // On a grid each bound can be said from either side: what is shorter is said
        let shorter = |outer: Option<Exact>, inner: Exact, inner_is_in: bool| {
            let inner = written(inner);
            match outer
                .map(written)
                .filter(|outer| outer.len() < inner.len() + usize::from(!inner_is_in))
            {
                Some(outer) => (outer, !inner_is_in),
                None => (inner, inner_is_in),
            }
        };
        let from = match low {
            Cut::Lowest | Cut::Highest => None,
            Cut::After(low) => Some((written(low), false)),
            Cut::Before(low) => Some(shorter(before(low), low, true)),
        };
        let to = match high {
            Cut::Lowest | Cut::Highest => None,
            Cut::After(high) => Some((written(high), true)),
            Cut::Before(high) => Some(shorter(before(high), high, false)),
        };
        let one = match (low, high) {
            (Cut::Before(low), Cut::After(high)) if low == high => Some(low),
            (Cut::Before(low), Cut::Before(high)) if before(high) == Some(low) => Some(low),
            _ => None,
        };
        match (one, from, to) {
            (Some(one), ..) => written(one),
            (None, None, None) => "any".to_owned(),
            (None, Some((low, true)), None) => format!("{low} and above"),
            (None, Some((low, false)), None) => format!("above {low}"),
            (None, None, Some((high, true))) => format!("up to {high}"),
            (None, None, Some((high, false))) => format!("below {high}"),
            (None, Some((low, inclusive)), Some((high, to_end))) => {
                let above = if inclusive { "" } else { "above " };
                let below = if to_end { "" } else { "below " };
                format!("{above}{low} to {below}{high}")
            }
        }
    }

    /// The numbers of the domain in words, such as `0 to 1`; nothing where it holds all
    /// numbers, or no numbers.
    pub(super) fn numbers(&self, policy: &Policy) -> Option<String> {
        let Values::Spans(spans) = &self.set.values else {
            return None;
        };
        let parts = spans.parts().iter();
        let parts = parts.map(|(low, high)| self.span(policy, *low, *high));
        let words = parts.collect::<Vec<_>>().join(", ");
        (words != "any").then_some(words)
    }
}

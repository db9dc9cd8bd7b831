//! The stretches of the number line on which a row of a feature is the first that holds.

use super::Reads;
use crate::Exact;
use crate::program::{Number, Relation, Slot, TableCode, Truth, Whole};

/// What the rows of a feature test
pub(super) struct Column<'t> {
    reads: Reads,
    /// Numbers that a test names
    named: Vec<Exact>,
    /// By row: its tests
    rows: Vec<Vec<&'t Truth>>,
}

impl<'t> Column<'t> {
    /// Reads the tests of a table; `None` where one is not of constants.
    pub(super) fn of(table: &'t TableCode, subject: Slot) -> Option<Self> {
        let rows = table.rows.iter().map(|row| {
            let tests = table.tests(row).iter();
            tests.map(|cell| table.test(*cell)).collect()
        });
        let mut column = Self {
            reads: Reads::Whole,
            named: Vec::new(),
            rows: rows.collect(),
        };
        let mut kinds = Kinds::default();
        for test in column.rows.iter().flatten() {
            name(test, subject, &mut column.named, &mut kinds)?;
        }
        // Of a value that no test compares, the kind is not known here.
        column.reads = match (kinds.whole, kinds.exact) {
            (true, false) => Reads::Whole,
            (false, true) => {
                let places = column.named.iter().map(|named| named.places());
                Reads::Exact(places.max().unwrap_or(0))
            }
            _ => return None,
        };
        Some(column)
    }

    pub(super) fn reads(&self) -> Reads {
        self.reads
    }

    /// The bounds between stretches in order, and of each stretch the first row that
    /// holds, if any; `None` where 64 bits do not hold a bound.
    pub(super) fn stretches(&self) -> Option<(Vec<i64>, Vec<Option<u32>>)> {
        let mut cuts = Vec::with_capacity(2 * self.named.len());
        for named in &self.named {
            let place = self.place(*named)?;
            cuts.push(place);
            cuts.extend(place.checked_add(1));
        }
        cuts.sort_unstable();
        cuts.dedup();
        let (mut bounds, mut rows) = (Vec::new(), vec![self.first(Some(i64::MIN))?]);
        for cut in cuts {
            let row = self.first(Some(cut))?;
            if rows.last() != Some(&row) {
                bounds.push(cut);
                rows.push(row);
            }
        }
        Some((bounds, rows))
    }

    /// The row of a missing value; `None` also where that is for the tables to say.
    pub(super) fn row_of_missing(&self) -> Option<u32> {
        self.first(None)?
    }

    /// The first row that holds for a value at this place, or for a missing one.
    fn first(&self, place: Option<i64>) -> Option<Option<u32>> {
        for (row, tests) in (0..).zip(&self.rows) {
            if self.all(tests.iter().copied(), place)? {
                return Some(Some(row));
            }
        }
        Some(None)
    }

    fn all<'a>(
        &self,
        mut tests: impl Iterator<Item = &'a Truth>,
        place: Option<i64>,
    ) -> Option<bool> {
        // In order: what follows a test that does not hold is not asked.
        tests.try_fold(true, |all, test| match all {
            true => self.holds(test, place),
            false => Some(false),
        })
    }

    /// Tells whether a test holds; `None` where it cannot be asked of a missing value.
    fn holds(&self, test: &Truth, place: Option<i64>) -> Option<bool> {
        let at = |number: &Exact| self.place(*number);
        Some(match test {
            Truth::Constant(value) => *value,
            Truth::Present(_) => place.is_some(),
            Truth::Missing(_) => place.is_none(),
            Truth::Not(inner) => !self.holds(inner, place)?,
            Truth::All(parts) => self.all(parts.iter(), place)?,
            Truth::Any(parts) => {
                let mut parts = parts.iter();
                parts.try_fold(false, |any, part| match any {
                    true => Some(true),
                    false => self.holds(part, place),
                })?
            }
            Truth::WholeWithin(_, low, high) => {
                let value = place?;
                *low <= value && value <= *high
            }
            Truth::WholeAmong(_, bits) => {
                let value = place?;
                (0..64).contains(&value) && bits >> value & 1 == 1
            }
            Truth::WholeOneOf(_, values) => {
                let value = place?;
                let mut values = values.iter();
                values.any(|one| matches!(one, Whole::Constant(one) if *one == value))
            }
            Truth::ExactIs(_, relation, constant) => relation.holds(place?, at(constant)?),
            Truth::ExactWithin(_, range) => {
                let place = place?;
                let meets = |bound: &Option<(Exact, bool)>, open, closed| match bound {
                    None => Some(true),
                    Some((bound, true)) => Some(Relation::holds(closed, place, at(bound)?)),
                    Some((bound, false)) => Some(Relation::holds(open, place, at(bound)?)),
                };
                meets(&range.low, Relation::Greater, Relation::GreaterOrEqual)?
                    && meets(&range.high, Relation::Less, Relation::LessOrEqual)?
            }
            Truth::ExactOneOf(_, values) => {
                let place = place?;
                let mut values = values.iter();
                values.any(|one| matches!(one, Number::Constant(one) if at(one) == Some(place)))
            }
            _ => return None,
        })
    }

    /// Where a number that is named lies on the line that values are compared on.
    fn place(&self, number: Exact) -> Option<i64> {
        match self.reads {
            // The least of 64 bits among them, which opens `below 25`
            Reads::Whole => number.to_integer(),
            Reads::Exact(places) => {
                let key = number.key(places);
                // Larger numbers have this one, too.
                (key.unsigned_abs() < i64::MAX.unsigned_abs()).then_some(key)
            }
        }
    }
}

/// What values are compared as
#[derive(Default)]
struct Kinds {
    whole: bool,
    exact: bool,
}

/// Adds the numbers that a test names; `None` where it tests anything but the subject, or
/// not against constants.
fn name(test: &Truth, subject: Slot, named: &mut Vec<Exact>, kinds: &mut Kinds) -> Option<()> {
    let of_subject = match test {
        Truth::Constant(_) => true,
        Truth::Present(slot) | Truth::Missing(slot) => *slot == subject,
        Truth::Not(inner) => return name(inner, subject, named, kinds),
        Truth::All(parts) | Truth::Any(parts) => {
            let mut parts = parts.iter();
            return parts.try_for_each(|part| name(part, subject, named, kinds));
        }
        Truth::WholeWithin(slot, low, high) => {
            kinds.whole = true;
            named.extend([*low, *high].map(Exact::from_integer));
            *slot == subject
        }
        Truth::WholeAmong(slot, bits) => {
            kinds.whole = true;
            let members = (0..64).filter(|member| bits >> member & 1 == 1);
            named.extend(members.map(Exact::from_integer));
            *slot == subject
        }
        Truth::WholeOneOf(of, values) => {
            kinds.whole = true;
            for value in values {
                let Whole::Constant(value) = value else {
                    return None;
                };
                named.push(Exact::from_integer(*value));
            }
            matches!(**of, Whole::Slot(slot) if slot == subject)
        }
        Truth::ExactIs(slot, _, constant) => {
            kinds.exact = true;
            named.push(*constant);
            *slot == subject
        }
        Truth::ExactWithin(slot, range) => {
            kinds.exact = true;
            named.extend(
                [range.low, range.high]
                    .into_iter()
                    .flatten()
                    .map(|(bound, _)| bound),
            );
            *slot == subject
        }
        Truth::ExactOneOf(of, values) => {
            kinds.exact = true;
            for value in values {
                let Number::Constant(value) = value else {
                    return None;
                };
                named.push(*value);
            }
            matches!(**of, Number::Slot(slot) if slot == subject)
        }
        _ => false,
    };
    of_subject.then_some(())
}

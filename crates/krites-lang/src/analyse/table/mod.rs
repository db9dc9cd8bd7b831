//! Tables over all cases: gaps, overlaps, rows that nothing reaches.

mod bins;
mod followed;
#[cfg(feature = "testing")]
mod looked;
mod report;
mod space;
mod stretch;
mod sweep;
mod trend;

use crate::Diagnostic;
use crate::ir::{HitPolicy, Policy};
#[cfg(feature = "testing")]
pub use looked::Looked;
use space::Space;
use sweep::{Counts, Found, Region, sweep};

/// So many times rows are looked at, at most: a few seconds
const BUDGET: u64 = 100_000_000;

/// Looks at all tables of a policy.
pub(super) fn analyse(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    for table in &policy.tables {
        // Which rows of a rank are open is no matter of gaps, and nothing hides one.
        if table.policy == HitPolicy::Rank || table.validity.off {
            continue;
        }
        let space = Space::new(policy, table);
        let seen = Seen::of(&space, BUDGET);
        let before = diagnostics.len();
        report::report(&space, &seen, diagnostics);
        bins::report(&space, diagnostics);
        followed::report(&space, diagnostics);
        for found in diagnostics.iter_mut().skip(before) {
            found.about = Some(table.name.clone());
        }
    }
}

/// What comes of a table over all cases
#[derive(Debug)]
struct Seen {
    /// Of all rows but the one for the rest
    rows: Found,
    /// Where no row is taken, not the one for the rest either
    gaps: Vec<Region>,
    /// Whether the row for the rest is taken somewhere
    rest_taken: bool,
}

impl Seen {
    fn of(space: &Space<'_>, budget: u64) -> Seen {
        let counts = match space.table.policy {
            HitPolicy::First | HitPolicy::Priority => Counts::Best,
            HitPolicy::Unique | HitPolicy::Any => Counts::Alone,
            HitPolicy::RuleOrder
            | HitPolicy::OutputOrder
            | HitPolicy::Collect(_)
            | HitPolicy::Rank => Counts::Each,
        };
        let mut rows = sweep(&space.boxes, counts, budget);
        let open = std::mem::take(&mut rows.gaps);
        let Some(rest) = &space.rest else {
            return Seen {
                rows,
                gaps: open,
                rest_taken: false,
            };
        };
        let rest_taken = open.iter().any(|region| match &rest.days {
            Some((axis, days)) => region.get(*axis).is_some_and(|at| !at.and(days).is_empty()),
            None => true,
        });
        let without = |mut region: Region| {
            let (axis, days) = rest.days.as_ref()?;
            let at = region.get_mut(*axis)?;
            *at = at.without(days);
            (!at.is_empty()).then_some(region)
        };
        Seen {
            rows,
            gaps: open.into_iter().filter_map(without).collect(),
            rest_taken,
        }
    }
}

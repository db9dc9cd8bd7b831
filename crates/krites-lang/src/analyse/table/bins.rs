//! Bins of a scorecard's feature that meet, though neither is within the other: of a
//! special bin before a general one the first is meant to count, of these the analyst
//! rarely knows.

use super::report::named;
use super::space::Space;
use crate::Diagnostic;
use crate::analyse::axis::{Axis, Ranges};
use crate::analyse::codes;
use crate::ir::{Row, TableForm};

/// So many bins are held against those behind them, at most
const MAX_BINS: usize = 1_000;

pub(super) fn report(space: &Space<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let ([axis], TableForm::Bins) = (space.axes.as_slice(), space.table.form) else {
        return;
    };
    let bins = (0_u32..).zip(&space.boxes.rows).take(MAX_BINS);
    let bins = bins.filter_map(|(at, bin)| {
        let place = (*bin.at.first()?)?;
        let places = space.boxes.ranges.first()?.get(place as usize)?;
        Some((space.row(at)?, places))
    });
    let bins: Vec<(Row<'_>, &Ranges)> = bins.collect();
    for (at, (first, taken)) in bins.iter().enumerate() {
        for (second, places) in bins.iter().skip(at + 1) {
            let both = taken.and(places);
            if both.is_empty() || both == **taken || both == **places {
                continue;
            }
            diagnostics.push(meet(space, axis, (*first, *second), &both, places));
        }
    }
}

fn meet(
    space: &Space<'_>,
    axis: &Axis,
    (first, second): (Row<'_>, Row<'_>),
    both: &Ranges,
    places: &Ranges,
) -> Diagnostic {
    let headline = format!(
        "bins {} and {} of `{}` both take {}",
        named(first),
        named(second),
        space.table.name,
        axis.summary(space.policy, both)
    );
    let rest = axis.words(space.policy, &places.without(both));
    Diagnostic::warning(codes::BINS_MEET, headline, second.span)
        .label("the other one counts there, as it comes first")
        .evidence(first.span, "the other bin")
        .help(format!("write `{rest}`, which is what this one counts for"))
}

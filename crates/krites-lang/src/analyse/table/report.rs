//! What was seen of a table, in words.

use super::Seen;
use super::space::Space;
use super::sweep::Region;
use crate::Diagnostic;
use crate::analyse::axis::{Axis, Ranges};
use crate::analyse::codes;
use crate::ir::{HitPolicy, Literal, Row, TableForm, Value};

/// So many gaps of a table, and so many pairs of rows, are told one by one
const MAX_TOLD: usize = 200;

pub(super) fn report(space: &Space<'_>, seen: &Seen, diagnostics: &mut Vec<Diagnostic>) {
    if takes_one(space.table.policy) {
        gaps(space, seen, diagnostics);
    }
    meetings(space, seen, diagnostics);
    if seen.rows.whole {
        untaken(space, seen, diagnostics);
    } else {
        diagnostics.push(
            Diagnostic::note(
                codes::TOO_LARGE,
                format!("`{}` is looked at only in part", space.table.name),
                space.table.span,
            )
            .label("its rows meet in too many ways to look at all of them")
            .help("split it, or let its rows exclude each other in the first columns"),
        );
    }
}

/// Tells whether one row must match.
fn takes_one(policy: HitPolicy) -> bool {
    matches!(
        policy,
        HitPolicy::Unique | HitPolicy::First | HitPolicy::Any | HitPolicy::Priority
    )
}

fn gaps(space: &Space<'_>, seen: &Seen, diagnostics: &mut Vec<Diagnostic>) {
    let noun = noun(space.table.form);
    for gap in seen.gaps.iter().take(MAX_TOLD) {
        let place = space.described(gap);
        let headline = match place.is_empty() {
            true => format!("no {noun} of `{}` matches", space.table.name),
            false => format!("no {noun} of `{}` is for {place}", space.table.name),
        };
        diagnostics.push(
            Diagnostic::warning(codes::GAP, headline, space.table.span)
                .label(space.sampled(gap))
                .help(space.help_with_gap(gap)),
        );
    }
    more(space, seen.gaps.len(), codes::GAP, "gaps", diagnostics);
}

/// Says how many of a kind are not told one by one.
fn more(
    space: &Space<'_>,
    found: usize,
    code: crate::Code,
    things: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if found > MAX_TOLD {
        let headline = format!(
            "{} more {things} in `{}`",
            found - MAX_TOLD,
            space.table.name
        );
        diagnostics.push(Diagnostic::warning(code, headline, space.table.span));
    }
}

fn meetings(space: &Space<'_>, seen: &Seen, diagnostics: &mut Vec<Diagnostic>) {
    let any = space.table.policy == HitPolicy::Any;
    let rows = |pair: &(u32, u32)| space.row(pair.0).zip(space.row(pair.1));
    let pairs = seen.rows.meeting.iter();
    let pairs = pairs.filter_map(|(pair, region)| Some((rows(pair)?, region)));
    let pairs: Vec<_> = pairs
        .filter(|((one, two), _)| !any || one.because != two.because || one.values != two.values)
        .collect();
    for ((one, two), region) in pairs.iter().take(MAX_TOLD) {
        let (code, verb, help) = match any {
            true => (
                codes::ROWS_DIFFER,
                "both match, and give different things",
                "let them give the same, or let one of them exclude the other",
            ),
            false => (
                codes::OVERLAP,
                "both match",
                "let one of them exclude the other, or write `first match` if the first counts",
            ),
        };
        let place = space.described(region);
        let headline = format!(
            "rows {} and {} of `{}` {verb}{}",
            named(*one),
            named(*two),
            space.table.name,
            match place.is_empty() {
                true => String::new(),
                false => format!(", for {place}"),
            },
        );
        diagnostics.push(
            Diagnostic::warning(code, headline, two.span)
                .label(space.sampled(region))
                .evidence(one.span, "the other row")
                .help(help),
        );
    }
    more(
        space,
        pairs.len(),
        codes::OVERLAP,
        "pairs of rows that both match",
        diagnostics,
    );
}

fn untaken(space: &Space<'_>, seen: &Seen, diagnostics: &mut Vec<Diagnostic>) {
    for (at, by) in seen.rows.untaken() {
        let Some(row) = space.row(at) else {
            continue;
        };
        let by: Vec<Row<'_>> = by.iter().filter_map(|at| space.row(*at)).collect();
        let Some(first) = by.first() else {
            diagnostics.push(
                Diagnostic::warning(
                    codes::MATCHES_NOTHING,
                    format!(
                        "{} {} of `{}` matches no case",
                        noun(space.table.form),
                        named(row),
                        space.table.name
                    ),
                    row.span,
                )
                .help(
                    "its cells exclude each other, or what the values may be: correct or remove it",
                ),
            );
            continue;
        };
        let names: Vec<String> = by.iter().map(|row| named(*row)).collect();
        let (why, help) = match space.table.policy {
            HitPolicy::Priority => (
                "more severe rows match",
                "remove it, or give it a more severe label".to_owned(),
            ),
            _ => match space.table.form {
                TableForm::Rows => (
                    "rows before it match",
                    format!("move it before row {}, or remove it", named(*first)),
                ),
                TableForm::Grid => (
                    "cells before it are found",
                    "let its heads come before theirs, or remove it".to_owned(),
                ),
                TableForm::Bins => (
                    "bins before it match",
                    format!("move it before {}, or remove it", named(*first)),
                ),
            },
        };
        let mut found = Diagnostic::warning(
            codes::HIDDEN,
            format!(
                "{} {} of `{}` is never taken",
                noun(space.table.form),
                named(row),
                space.table.name
            ),
            row.span,
        )
        .label(format!("wherever it matches, {why}: {}", names.join(", ")));
        for row in &by {
            found = found.evidence(row.span, format!("this {}", noun(space.table.form)));
        }
        diagnostics.push(found.help(help));
    }
    if let Some(rest) = &space.rest
        && !seen.rest_taken
    {
        diagnostics.push(
            Diagnostic::warning(
                codes::REST_DEAD,
                format!(
                    "the row of `otherwise` of `{}` is never taken",
                    space.table.name
                ),
                rest.row.span,
            )
            .label("the other rows match every case")
            .help("remove it"),
        );
    }
}

/// What a row is called.
fn noun(form: TableForm) -> &'static str {
    match form {
        TableForm::Rows => "row",
        TableForm::Grid => "cell",
        TableForm::Bins => "bin",
    }
}

pub(super) fn named(row: Row<'_>) -> String {
    format!("`{}`", row.id)
}

impl Space<'_> {
    /// What is tested along an axis, as the policy writes it.
    pub(super) fn subject(&self, axis: usize) -> &str {
        let subject = self.subjects.get(axis).copied();
        let mut columns = self.table.columns.iter();
        match columns.find(|column| column.subject.is_some() && column.subject == subject) {
            Some(column) => &column.header,
            None if subject == Some(Value::DecisionDate) => "decision_date",
            None => "",
        }
    }

    /// The axes along which a region is not everything.
    pub(super) fn narrowed<'s>(
        &'s self,
        region: &'s Region,
    ) -> impl Iterator<Item = (usize, &'s Axis, &'s Ranges)> {
        let axes = self.axes.iter().zip(region).enumerate();
        axes.filter(|(_, (axis, at))| axis.all() != **at)
            .map(|(position, (axis, at))| (position, axis, at))
    }

    /// A region in words: `score` 500 to 599 and `employment` student.
    fn described(&self, region: &Region) -> String {
        let parts = self.narrowed(region).map(|(position, axis, at)| {
            format!(
                "`{}` {}",
                self.subject(position),
                axis.summary(self.policy, at)
            )
        });
        parts.collect::<Vec<_>>().join(" and ")
    }

    /// A case of a region, by what is tested.
    pub(super) fn sample(&self, region: &Region) -> Vec<(Value, Option<Literal>)> {
        let along = self.subjects.iter().zip(&self.axes).zip(region);
        let values = along.filter_map(|((subject, axis), at)| {
            let (first, _) = at.parts().first()?;
            Some((*subject, axis.sample(*first)?))
        });
        values.collect()
    }

    /// A case of a region in words: such as `score = 500, employment = student`.
    fn sampled(&self, region: &Region) -> String {
        let values = self.sample(region);
        let parts = values.iter().zip(&self.axes).enumerate();
        let parts = parts.map(|(position, ((_, value), axis))| {
            let value = match value {
                Some(literal) => self.policy.written(literal, axis.domain.ty),
                None => "missing".to_owned(),
            };
            format!("{} = {value}", self.subject(position))
        });
        let parts: Vec<String> = parts.collect();
        match parts.is_empty() {
            true => String::new(),
            false => format!("such as a case with {}", parts.join(", ")),
        }
    }

    /// What to write where no row matches.
    fn help_with_gap(&self, gap: &Region) -> String {
        match self.table.form {
            TableForm::Rows => format!(
                "add a row, as `{}`, or a last row of `otherwise`",
                self.row_for(gap)
            ),
            TableForm::Grid => {
                "add a row or a column for it, or `otherwise` as the last head".to_owned()
            }
            TableForm::Bins => {
                let bin = self
                    .narrowed(gap)
                    .map(|(_, axis, at)| axis.words(self.policy, at));
                let bin = bin.last().unwrap_or_else(|| "any".to_owned());
                format!("add a bin, as `{bin} : …`")
            }
        }
    }

    /// A row that is for a region, its outputs left to be written.
    fn row_for(&self, region: &Region) -> String {
        let mut row = String::from("|");
        for column in &self.table.columns {
            let axis = self
                .subjects
                .iter()
                .position(|subject| column.subject == Some(*subject));
            let found = axis.and_then(|at| self.narrowed(region).find(|(axis, ..)| *axis == at));
            let cell = match found {
                Some((_, axis, at)) => axis.words(self.policy, at),
                None => "any".to_owned(),
            };
            row.push_str(&format!(" {cell} |"));
        }
        row.push_str(" … |");
        row
    }
}

//! What became of outputs that are said to rise or fall with a value, in words.

use super::space::Space;
use super::sweep::Region;
use super::trend::{Followed, follow};
use crate::Diagnostic;
use crate::analyse::cell::constant;
use crate::analyse::codes;
use crate::ir::{Literal, Row, TableOutput, Trend};

/// Follows all that outputs of a table are said to rise or fall with.
pub(super) fn report(space: &Space<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (position, output) in space.table.outputs.iter().enumerate() {
        for trend in &output.trends {
            if let Some(followed) = follow(space, position, trend) {
                Told {
                    space,
                    position,
                    output,
                    trend,
                }
                .all(&followed, diagnostics);
            }
        }
    }
}

/// A trend that is told of
struct Told<'s, 'p> {
    space: &'s Space<'p>,
    position: usize,
    output: &'p TableOutput,
    trend: &'p Trend,
}

impl<'p> Told<'_, 'p> {
    fn all(&self, followed: &Followed, diagnostics: &mut Vec<Diagnostic>) {
        let broken = followed.broken.iter();
        let broken = broken.filter_map(|(rows, case)| self.broken(*rows, case));
        diagnostics.extend(broken);
        let rows = &self.space.table.rows;
        let unknown = followed.unknown.iter().find_map(|row| rows.get(*row));
        let why = match unknown {
            Some(row) => format!("row `{}` is not told by constants", row.id),
            None if !followed.whole => "its rows meet in too many ways".to_owned(),
            None => return,
        };
        let (output, with) = (&self.output.name, self.with());
        let verb = if self.trend.rises { "rise" } else { "fall" };
        let headline = format!("it is not shown that `{output}` always {verb}s with `{with}`");
        let mut found =
            Diagnostic::note(codes::TREND_UNKNOWN, headline, self.trend.span).label(why);
        if let Some(row) = unknown {
            found = found.evidence(row.span, "this row");
        }
        diagnostics.push(found.help("rows whose cells are constants were held to it"));
    }

    /// Two rows that go the wrong way.
    fn broken(&self, rows: (usize, usize), case: &(Region, u32, u32)) -> Option<Diagnostic> {
        let table = self.space.table;
        let (less, more) = (table.rows.get(rows.0)?, table.rows.get(rows.1)?);
        let (region, from, to) = case;
        let goes = if self.trend.rises { "falls" } else { "rises" };
        let (gives, gives_then) = (self.given(less)?, self.given(more)?);
        let with = self.with();
        let others = self.others(region);
        let headline = format!(
            "`{}` {goes} from {gives} to {gives_then} as `{with}` rises",
            self.output.name
        );
        let at = |at: u32| self.at(at);
        let said = if self.trend.rises { "rise" } else { "fall" };
        Some(
            Diagnostic::error(codes::TREND_BROKEN, headline, more.span)
                .label(format!(
                    "a case with `{with}` = {}{others} takes row `{}`",
                    at(*to)?,
                    more.id
                ))
                .evidence(
                    less.span,
                    format!(
                        "one with {}, alike in all else, takes row `{}`",
                        at(*from)?,
                        less.id
                    ),
                )
                .evidence(self.trend.span, format!("it is said to {said} here"))
                .help(format!(
                    "correct one of the two rows, or leave out `{said}s with {with}`"
                )),
        )
    }

    fn with(&self) -> &'p str {
        self.space.policy.name_of(self.trend.with)
    }

    fn given(&self, row: Row<'_>) -> Option<String> {
        let cell = self.space.table.cell(row, self.position)?;
        Some(
            self.space
                .policy
                .written(constant(&cell)?, self.output.ty.ty),
        )
    }

    /// A value of the axis that is followed.
    fn at(&self, at: u32) -> Option<String> {
        let mut axes = self.space.subjects.iter().zip(&self.space.axes);
        let (_, axis) = axes.find(|(subject, _)| **subject == self.trend.with)?;
        let value: Literal = axis.sample(at)??;
        Some(self.space.policy.written(&value, axis.domain.ty))
    }

    /// What the two cases have in common, such as `, employment = student`.
    fn others(&self, region: &Region) -> String {
        let narrowed = self.space.narrowed(region);
        let narrowed =
            narrowed.filter(|(axis, ..)| self.space.subjects.get(*axis) != Some(&self.trend.with));
        let parts = narrowed.filter_map(|(position, axis, at)| {
            let (first, _) = at.parts().first()?;
            let value = match axis.sample(*first)? {
                Some(value) => self.space.policy.written(&value, axis.domain.ty),
                None => "missing".to_owned(),
            };
            Some(format!(", `{}` = {value}", self.space.subject(position)))
        });
        parts.collect()
    }
}

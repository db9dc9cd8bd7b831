//! What a line says of tables, scorecards and ranks that were asked.

use std::io::{self, Write};

use krites::lang::{CandidateState, TableState};
use krites::{Candidate, Decision, Exact, Explained, Score};

use super::{comma, write_text, write_value};

/// Writes the rows of tables that count, points and bins of scorecards, what models were
/// fed and their training did not hold, contributions to models' answers, and what became
/// of the rows of ranks.
pub(super) fn write(out: &mut impl Write, decision: &Decision<'_>) -> io::Result<()> {
    let tables: Vec<_> = decision.tables().collect();
    let tables = tables.iter().filter(|table| !table.rows.is_empty());
    group(out, "rows", tables, |out, table| {
        named(out, table.name)?;
        list(out, table.rows.iter(), |out, row| write_text(out, row))
    })?;
    let scores: Vec<Score<'_>> = decision.scores().filter(Score::is_asked).collect();
    group(out, "scores", scores.iter(), |out, score| {
        named(out, score.name())?;
        self::score(out, score)
    })?;
    let outside: Vec<_> = decision.outside_training().collect();
    group(out, "outside_training", outside.iter(), |out, outside| {
        named(out, outside.0)?;
        list(out, outside.1.iter(), |out, column| write_text(out, column))
    })?;
    let explained: Vec<_> = decision.explained().collect();
    group(out, "contributions", explained.iter(), |out, explained| {
        named(out, explained.model)?;
        contributions(out, explained)
    })?;
    let ranks: Vec<_> = decision.ranks().collect();
    let asked = ranks
        .iter()
        .filter(|rank| rank.state != TableState::NotAsked);
    group(out, "ranks", asked, |out, rank| {
        named(out, rank.name)?;
        list(out, rank.candidates.iter(), candidate)
    })
}

/// Writes an object under its name, unless nothing stands in it.
fn group<W: Write, T>(
    out: &mut W,
    name: &str,
    parts: impl Iterator<Item = T>,
    mut each: impl FnMut(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    let mut open = false;
    for (position, part) in parts.enumerate() {
        match position {
            0 => write!(out, ",\"{name}\":{{")?,
            _ => comma(out, position)?,
        }
        open = true;
        each(out, part)?;
    }
    if open { out.write_all(b"}") } else { Ok(()) }
}

fn list<W: Write, T>(
    out: &mut W,
    parts: impl Iterator<Item = T>,
    mut each: impl FnMut(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    for (position, part) in parts.enumerate() {
        comma(out, position)?;
        each(out, part)?;
    }
    out.write_all(b"]")
}

fn named(out: &mut impl Write, name: &str) -> io::Result<()> {
    write_text(out, name)?;
    out.write_all(b":")
}

fn score(out: &mut impl Write, score: &Score<'_>) -> io::Result<()> {
    write!(out, "{{\"base\":{},\"points\":", score.base())?;
    number(out, score.points())?;
    out.write_all(b",\"features\":{")?;
    for (position, feature) in score.features().enumerate() {
        comma(out, position)?;
        named(out, feature.name)?;
        out.write_all(b"{\"points\":")?;
        number(out, feature.points)?;
        if let Some(bin) = feature.bin.filter(|_| !feature.private) {
            out.write_all(b",\"bin\":")?;
            write_text(out, bin)?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"},\"shortfalls\":{")?;
    for (position, shortfall) in score.shortfalls().iter().enumerate() {
        comma(out, position)?;
        named(out, shortfall.feature)?;
        write!(out, "{}", shortfall.points)?;
    }
    out.write_all(b"}}")
}

fn number(out: &mut impl Write, number: Option<Exact>) -> io::Result<()> {
    match number {
        Some(number) => write!(out, "{number}"),
        None => out.write_all(b"null"),
    }
}

fn candidate(out: &mut impl Write, candidate: &Candidate<'_>) -> io::Result<()> {
    out.write_all(b"{\"row\":")?;
    write_text(out, candidate.row)?;
    if candidate.value.is_some() {
        out.write_all(b",\"value\":")?;
        write_value(out, candidate.value)?;
    }
    let words = match (candidate.state, candidate.closed_by) {
        (CandidateState::Closed(_), Some(by)) => format!("closed by {}: {}", by.column, by.cell),
        (state, _) => state.to_string(),
    };
    out.write_all(b",\"state\":")?;
    write_text(out, &words)?;
    out.write_all(b"}")
}

/// Writes by how much each feature that has a reason moved a model's answer; numbers of
/// private inputs are left out.
fn contributions(out: &mut impl Write, explained: &Explained<'_>) -> io::Result<()> {
    out.write_all(b"{\"answer\":")?;
    write_text(out, explained.answer)?;
    out.write_all(b",\"unit\":")?;
    write_text(out, &explained.unit.to_string())?;
    write!(out, ",\"base\":{}", explained.base)?;
    match explained.fault {
        None => write!(out, ",\"margin\":{}", explained.margin)?,
        Some(fault) => {
            out.write_all(b",\"fault\":")?;
            write_text(out, &fault.to_string())?;
        }
    }
    out.write_all(b",\"features\":")?;
    list(out, explained.features.iter(), |out, feature| {
        out.write_all(b"{\"feature\":")?;
        write_text(out, feature.name)?;
        out.write_all(b",\"because\":")?;
        write_text(out, feature.because)?;
        if !feature.private {
            write!(out, ",\"contribution\":{}", feature.contribution)?;
            if let Some(Ok(tried)) = feature.tried {
                write!(out, ",\"answer_without\":{}", tried.averaged())?;
            }
        }
        if let Some(Err(fault)) = feature.tried {
            out.write_all(b",\"not_tried\":")?;
            write_text(out, &fault.to_string())?;
        }
        write!(out, ",\"gives\":{}}}", feature.gives)
    })?;
    out.write_all(b"}")
}

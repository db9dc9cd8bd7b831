//! What the record says of tables, scorecards and ranks: which rows count, what became
//! of the others.

use krites_lang::{Exact, TableState};
use serde::Serialize;

use crate::decision::{Candidate, Decision, Score};

/// A table, scorecards' features and ranks aside
#[derive(Clone, Debug, Serialize)]
pub(super) struct TableRecord {
    /// `not asked`, `asked`, `off` or `fault`
    state: &'static str,
    /// The rows that count, in their order
    rows: Vec<String>,
}

/// A scorecard of which a feature was asked
#[derive(Clone, Debug, Serialize)]
pub(super) struct ScoreRecord {
    base: String,
    /// All points together, where something asked for them
    points: Option<String>,
    features: Vec<FeatureRecord>,
    /// The largest first
    shortfalls: Vec<ShortfallRecord>,
}

#[derive(Clone, Debug, Serialize)]
struct FeatureRecord {
    feature: String,
    /// Left out where the feature's value is a private input, or the feature was not
    /// asked
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<String>,
    points: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct ShortfallRecord {
    feature: String,
    points: String,
    because: Option<String>,
}

/// A rank
#[derive(Clone, Debug, Serialize)]
pub(super) struct RankRecord {
    /// `not asked`, `asked`, `off` or `fault`
    state: &'static str,
    /// Those with a value in the rank's order, then the others as written
    candidates: Vec<CandidateRecord>,
}

#[derive(Clone, Debug, Serialize)]
struct CandidateRecord {
    row: String,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// The header and the cell that closed it
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_by: Option<(String, String)>,
}

/// All tables by name, but for the features of scorecards, and ranks.
pub(super) fn table_records(decision: &Decision<'_>) -> Vec<(String, TableRecord)> {
    let records = decision.tables().map(|table| {
        let record = TableRecord {
            state: table_state(table.state),
            rows: table.rows.into_iter().map(str::to_owned).collect(),
        };
        (table.name.to_owned(), record)
    });
    records.collect()
}

/// The scorecards of which something was asked, by name.
pub(super) fn score_records(decision: &Decision<'_>) -> Vec<(String, ScoreRecord)> {
    let asked = decision.scores().filter(Score::is_asked);
    let records = asked.map(|score| {
        let features = score.features().map(|feature| FeatureRecord {
            feature: feature.name.to_owned(),
            bin: feature.bin.filter(|_| !feature.private).map(str::to_owned),
            points: feature.points.map(shortest),
        });
        let shortfalls = score.shortfalls().into_iter();
        let shortfalls = shortfalls.map(|shortfall| ShortfallRecord {
            feature: shortfall.feature.to_owned(),
            points: shortest(shortfall.points),
            because: shortfall.because.map(str::to_owned),
        });
        let record = ScoreRecord {
            base: shortest(score.base()),
            points: score.points().map(shortest),
            features: features.collect(),
            shortfalls: shortfalls.collect(),
        };
        (score.name().to_owned(), record)
    });
    records.collect()
}

/// All ranks by name.
pub(super) fn rank_records(decision: &Decision<'_>) -> Vec<(String, RankRecord)> {
    let records = decision.ranks().map(|rank| {
        let candidates = rank.candidates.iter().map(candidate);
        let record = RankRecord {
            state: table_state(rank.state),
            candidates: candidates.collect(),
        };
        (rank.name.to_owned(), record)
    });
    records.collect()
}

fn candidate(candidate: &Candidate<'_>) -> CandidateRecord {
    let closed_by = candidate.closed_by;
    let closed_by = closed_by.map(|by| (by.column.to_owned(), by.cell.to_owned()));
    CandidateRecord {
        row: candidate.row.to_owned(),
        state: candidate.state.to_string(),
        value: candidate.value.map(|value| value.to_string()),
        closed_by,
    }
}

fn shortest(points: Exact) -> String {
    points.to_string()
}

fn table_state(state: TableState) -> &'static str {
    match state {
        TableState::NotAsked => "not asked",
        TableState::Off => "off",
        TableState::Row(_) | TableState::Rows => "asked",
        TableState::Fault(_) => "fault",
    }
}

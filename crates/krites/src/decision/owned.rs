//! Decisions that are taken along.

use std::sync::Arc;

use krites_lang::{Exact, ModelState, ShadowState};

use super::Decision;
use crate::release::Release;

impl Decision<'_> {
    /// Takes the decision along.
    #[must_use]
    pub fn to_owned(&self) -> OwnedDecision {
        let (name, version) = self.policy();
        OwnedDecision {
            policy: name.to_owned(),
            version: version.map(str::to_owned),
            release: self.release.clone(),
            outcome: self.outcome().to_owned(),
            outputs: self
                .outputs()
                .map(|(name, value)| (name.to_owned(), value.map(|value| value.to_string())))
                .collect(),
            decided: self
                .decided()
                .map(|(name, value)| (name.to_owned(), value.map(|value| value.to_string())))
                .collect(),
            tags: self.tags().map(str::to_owned).collect(),
            reasons: self
                .reasons()
                .map(|reason| reason.code.to_owned())
                .collect(),
            rows: self
                .all_rows()
                .map(|(name, rows)| {
                    (
                        name.to_owned(),
                        rows.into_iter().map(str::to_owned).collect(),
                    )
                })
                .collect(),
            scores: self
                .scores()
                .filter_map(|score| Some((score.name().to_owned(), score.points()?)))
                .collect(),
            models_run: self
                .models()
                .filter(|(_, state)| *state != ModelState::NotRun)
                .map(|(name, _)| name.to_owned())
                .collect(),
            shadows: self
                .shadows()
                .map(|shadow| (shadow.name.to_owned(), shadow.state))
                .collect(),
            groups_asked: self
                .groups()
                .filter(|group| group.state.is_asked())
                .map(|group| group.name.to_owned())
                .collect(),
        }
    }
}

/// A decision that was taken along
#[derive(Clone, Debug)]
pub struct OwnedDecision {
    policy: String,
    version: Option<String>,
    release: Arc<Release>,
    outcome: String,
    outputs: Vec<(String, Option<String>)>,
    decided: Vec<(String, Option<String>)>,
    tags: Vec<String>,
    reasons: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
    scores: Vec<(String, Exact)>,
    models_run: Vec<String>,
    groups_asked: Vec<String>,
    shadows: Vec<(String, ShadowState)>,
}

impl OwnedDecision {
    /// Returns the policy's name and version.
    #[must_use]
    pub fn policy(&self) -> (&str, Option<&str>) {
        (&self.policy, self.version.as_deref())
    }

    /// Returns the release that decided.
    #[must_use]
    pub fn release(&self) -> &Arc<Release> {
        &self.release
    }

    /// Returns the outcome's text on the wire.
    #[must_use]
    pub fn outcome(&self) -> &str {
        &self.outcome
    }

    /// Returns an output as text, numbers in the shortest form; `None` where it
    /// is not given or missing.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&str> {
        named(&self.outputs, name)
    }

    /// Returns what is decided with the outcome as text, by full name, such as
    /// `action.change`; `None` where it is missing.
    #[must_use]
    pub fn decided(&self, name: &str) -> Option<&str> {
        named(&self.decided, name)
    }

    /// Returns the tags, each once, in order.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// Returns the codes of the reasons that are owed.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }

    /// Returns the rows of a table that count, or that a rank kept, in their order, by
    /// name; none where it was not asked. The bin of a scorecard's feature is the row of
    /// a table that has the feature's full name.
    #[must_use]
    pub fn rows(&self, table: &str) -> &[String] {
        let found = self.rows.iter().find(|(known, _)| known == table);
        found.map_or(&[], |(_, rows)| rows)
    }

    /// Returns the points of a scorecard; `None` where nothing asked for them.
    #[must_use]
    pub fn score(&self, scorecard: &str) -> Option<Exact> {
        let found = self.scores.iter().find(|(known, _)| known == scorecard);
        found.map(|(_, points)| *points)
    }

    /// Returns the names of the models that were asked.
    #[must_use]
    pub fn models_run(&self) -> &[String] {
        &self.models_run
    }

    /// Returns the names of the groups of inputs on request that were asked for, be
    /// they given or not.
    #[must_use]
    pub fn groups_asked(&self) -> &[String] {
        &self.groups_asked
    }

    /// Returns what the case came to where it was decided again in shadow, by the name
    /// of the block.
    #[must_use]
    pub fn shadows(&self) -> &[(String, ShadowState)] {
        &self.shadows
    }
}

fn named<'v>(values: &'v [(String, Option<String>)], name: &str) -> Option<&'v str> {
    let found = values.iter().find(|(known, _)| known == name);
    found.and_then(|(_, value)| value.as_deref())
}

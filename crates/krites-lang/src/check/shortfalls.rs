//! Shortfalls of scorecards among the reasons that are owed.

use super::names::Meaning;
use super::{Checker, codes};
use crate::ids::ScorecardId;
use crate::{Diagnostic, Id as _, ast, ir};

impl Checker<'_> {
    /// Resolves `behaviour.shortfalls`, which stands for outcomes.
    pub(super) fn owed_shortfalls(
        &mut self,
        owed: &ast::OwedShortfalls,
        outcomes: &[u32],
    ) -> Option<ir::OwedShortfalls> {
        let path = &owed.path;
        let scorecard = path.text.strip_suffix(".shortfalls");
        let found = scorecard.and_then(|name| self.names.get(name));
        let Some((Meaning::Scorecard(position), _)) = found else {
            if !matches!(found, Some((Meaning::Broken, _))) && !self.names.unread {
                self.no_shortfalls(path);
            }
            return None;
        };
        let head = self.scorecards.get(position)?;
        if head
            .ast
            .features
            .iter()
            .all(|feature| feature.because.is_none())
        {
            let declared = head.ast.name.span;
            self.report(
                Diagnostic::error(
                    codes::NO_FEATURE_REASONS,
                    "no feature of this scorecard has a reason",
                    path.span,
                )
                .evidence(declared, "declared here")
                .help("give its features reasons, as in `age because R32 { … }`"),
            );
            return None;
        }
        Some(ir::OwedShortfalls {
            outcomes: outcomes.to_vec(),
            scorecard: ScorecardId::new(position),
            if_asked: owed.if_asked.is_some(),
        })
    }

    fn no_shortfalls(&mut self, path: &ast::Path) {
        let names: Vec<String> = self
            .names
            .having(|meaning| matches!(meaning, Meaning::Scorecard(_)))
            .map(|name| format!("{name}.shortfalls"))
            .collect();
        let help = match self.close(&path.text, names.iter().map(String::as_str)) {
            Some(close) => close.meant(),
            None if names.is_empty() => "the policy has no scorecard".into(),
            None => format!("write `{}`", names.join("` or `")).into(),
        };
        self.report(
            Diagnostic::error(
                codes::NOT_SHORTFALLS,
                format!("`{}` are not the shortfalls of a scorecard", path.text),
                path.span,
            )
            .help(help),
        );
    }
}

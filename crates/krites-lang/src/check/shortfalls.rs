//! Shortfalls of scorecards and contributions of models among the reasons that are owed.

use super::names::Meaning;
use super::{Checker, codes};
use crate::ids::{ModelId, ScorecardId};
use crate::{Diagnostic, Id as _, ast, ir};

impl Checker<'_> {
    /// Resolves `behaviour.shortfalls` or `default_risk.contributions`, which stands for
    /// outcomes.
    pub(super) fn owed_behind(
        &mut self,
        owed: &ast::OwedBehind,
        outcomes: &[u32],
    ) -> Option<ir::OwedBehind> {
        let path = &owed.path;
        let scorecard = path.text.strip_suffix(".shortfalls");
        let model = path.text.strip_suffix(".contributions");
        let found = scorecard.or(model).and_then(|name| self.names.get(name));
        let of = match (found, scorecard, model) {
            (Some((Meaning::Scorecard(position), _)), Some(_), _) => {
                self.owed_shortfalls(position, path)?
            }
            (Some((Meaning::Model(position), _)), _, Some(_)) => {
                self.owed_contributions(position, path)?
            }
            (Some((Meaning::Broken, _)), ..) => return None,
            _ if self.names.unread => return None,
            _ => {
                self.not_owed(path);
                return None;
            }
        };
        Some(ir::OwedBehind {
            outcomes: outcomes.to_vec(),
            of,
            if_asked: owed.if_asked.is_some(),
        })
    }

    fn owed_contributions(&mut self, position: usize, path: &ast::Path) -> Option<ir::OwedOf> {
        let model = self.model_heads.get(position)?.ast;
        if model.reasons.is_none() {
            self.report(
                Diagnostic::error(
                    codes::NO_MODEL_REASONS,
                    "this model has no reasons",
                    path.span,
                )
                .evidence(model.name.span, "declared here")
                .help("say which it gives, as in `reasons { income : R32 }` within the model"),
            );
            return None;
        }
        Some(ir::OwedOf::Contributions(ModelId::new(position)))
    }

    fn owed_shortfalls(&mut self, position: usize, path: &ast::Path) -> Option<ir::OwedOf> {
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
        Some(ir::OwedOf::Shortfalls(ScorecardId::new(position)))
    }

    fn not_owed(&mut self, path: &ast::Path) {
        let cards = self
            .names
            .having(|meaning| matches!(meaning, Meaning::Scorecard(_)));
        let mut names: Vec<String> = cards.map(|name| format!("{name}.shortfalls")).collect();
        let with_reasons = self.model_heads.iter().map(|head| head.ast);
        let with_reasons = with_reasons.filter(|model| model.reasons.is_some());
        names.extend(with_reasons.map(|model| format!("{}.contributions", model.name.text)));
        let help = match self.close(&path.text, names.iter().map(String::as_str)) {
            Some(close) => close.meant(),
            None if names.is_empty() => {
                "the policy has no scorecard, and no model with `reasons`".into()
            }
            None => format!("write `{}`", names.join("` or `")).into(),
        };
        let headline = if path.text.ends_with(".contributions") {
            format!("`{}` are not the contributions of a model", path.text)
        } else {
            format!("`{}` are not the shortfalls of a scorecard", path.text)
        };
        self.report(Diagnostic::error(codes::NOT_OWED, headline, path.span).help(help));
    }
}

//! Reasons for what a model answers: which answer, which way, and what of what is fed.

use std::collections::BTreeMap;

use super::model::ModelInterface;
use super::{Checker, codes};
use crate::ast::{self, Adverse};
use crate::ir::{self, Element};
use crate::{Code, Diagnostic, Span};

/// Found where a release is put together, since the model's graph tells it
const NOT_EXPLAINED: Code = Code(654);

/// A model for which another backend, or no background, tells contributions is refused
/// where its reasons stand.
///
/// `model` is the file, `why` what says so, `declared` where the reasons are.
#[must_use]
pub fn not_explained(model: &str, why: &str, declared: Span) -> Diagnostic {
    let headline = format!("what `{model}` answers cannot be explained: {why}");
    Diagnostic::error(NOT_EXPLAINED, headline, declared)
        .help("leave `reasons` out, or use trees, a linear model or a scorecard that runs natively")
}

impl Checker<'_> {
    /// Checks `reasons … { … }` of a model; `None` where it is wrong.
    pub(super) fn model_reasons(
        &mut self,
        decl: &ast::ModelDecl,
        reasons: &ast::ModelReasons,
        interface: &ModelInterface,
        inputs: &[ir::ModelInput],
        gives: &[ir::Give],
    ) -> Option<ir::ModelReasons> {
        let no_single = match (&decl.each, decl.shadow) {
            (Some(_), _) => Some("it is asked for each row of a rank"),
            (None, Some(_)) => Some("it runs in shadow, and speaks for nothing"),
            (None, None) => None,
        };
        if let Some(why) = no_single {
            let name = &decl.name.text;
            self.report(
                Diagnostic::error(
                    codes::EXPLAINED,
                    format!("`{name}` gives no reasons: {why}"),
                    reasons.span,
                )
                .help("remove `reasons`"),
            );
            return None;
        }
        let explained = self.explained(decl, reasons, interface, gives);
        let features = self.features(decl, reasons, inputs);
        if !interface.has_background {
            let stem = decl.file.text.strip_suffix(".onnx");
            let file = stem.unwrap_or(&decl.file.text);
            self.report(
                Diagnostic::error(
                    codes::NO_BACKGROUND,
                    format!("there are no cases to explain `{}` against", decl.name.text),
                    reasons.span,
                )
                .help(format!(
                    "put `{file}.background.csv` beside the model, some hundred cases of what it is fed"
                )),
            );
            return None;
        }
        let (give, adverse) = explained?;
        Some(ir::ModelReasons {
            give,
            adverse,
            verified: reasons.verified.is_some(),
            features: features?,
            span: reasons.span,
        })
    }

    /// Finds the answer that is explained.
    fn explained(
        &mut self,
        decl: &ast::ModelDecl,
        reasons: &ast::ModelReasons,
        interface: &ModelInterface,
        gives: &[ir::Give],
    ) -> Option<(usize, Adverse)> {
        // The labels of a distribution lie among the answers, without a name of their own.
        let written = |give: &ast::Give| matches!(give.given, ast::Given::Value { .. });
        let is_score = |give: &ir::Give| {
            let output = interface.outputs.get(give.output);
            output.is_some_and(|output| matches!(output.element, Element::Float | Element::Double))
        };
        let full = |name: &str| format!("{}.{name}", decl.name.text);
        let scores: Vec<(usize, &str)> = decl
            .gives
            .iter()
            .filter(|give| written(give))
            .filter_map(|declared| {
                let name = full(&declared.name.text);
                let at = gives.iter().position(|give| *give.name == *name)?;
                is_score(gives.get(at)?).then_some((at, declared.name.text.as_str()))
            })
            .collect();
        let known = || {
            let names: Vec<String> = scores
                .iter()
                .map(|(_, name)| format!("`reasons for high {name} {{ … }}`"))
                .collect();
            names.join(" or ")
        };
        let (headline, span, help) = match (&reasons.of, scores.as_slice()) {
            (Some((adverse, name)), _) => {
                match scores.iter().find(|(_, score)| *score == name.text) {
                    Some((at, _)) => return Some((*at, *adverse)),
                    None => (
                        format!("`{}` is no score of the model", name.text),
                        name.span,
                        match self.close(&name.text, scores.iter().map(|(_, name)| *name)) {
                            Some(close) => close.meant(),
                            None if scores.is_empty() => {
                                "give a number that the model scores".into()
                            }
                            None => format!("write {}", known()).into(),
                        },
                    ),
                }
            }
            (None, [(at, _)]) => return Some((*at, Adverse::High)),
            (None, []) => (
                "the model gives no score that could be explained".to_owned(),
                reasons.span,
                "give a number, such as the probability of a class, and not labels alone".into(),
            ),
            (None, _) => (
                "the model gives several scores".to_owned(),
                reasons.span,
                format!("say which is explained: {}", known()).into(),
            ),
        };
        self.report(Diagnostic::error(codes::EXPLAINED, headline, span).help(help));
        None
    }

    /// Resolves what is fed, and the reasons.
    fn features(
        &mut self,
        decl: &ast::ModelDecl,
        reasons: &ast::ModelReasons,
        inputs: &[ir::ModelInput],
    ) -> Option<Vec<ir::ModelFeature>> {
        let fed: Vec<(&str, usize, usize)> = inputs
            .iter()
            .enumerate()
            .flat_map(|(input, fed)| {
                let columns = fed.columns.iter().enumerate();
                columns.map(move |(column, fed)| (fed.name.as_str(), input, column))
            })
            .collect();
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        let mut sound = true;
        let mut features = Vec::with_capacity(reasons.features.len());
        for feature in &reasons.features {
            let name = &feature.feature;
            let because = self.reason(&feature.because);
            if let Some(first) = seen.insert(name.text.as_str(), name.span) {
                self.report(
                    Diagnostic::error(
                        codes::FEATURE_TWICE,
                        format!("`{}` has a reason twice", name.text),
                        name.span,
                    )
                    .evidence(first, "the first one")
                    .help("remove one of them"),
                );
                sound = false;
                continue;
            }
            let Some((_, input, column)) = fed.iter().find(|(fed, ..)| *fed == name.text) else {
                let help = match self.close(&name.text, fed.iter().map(|(name, ..)| *name)) {
                    Some(close) => close.meant(),
                    None => {
                        let names: Vec<&str> = fed.iter().map(|(name, ..)| *name).collect();
                        format!("it is fed {}", names.join(", ")).into()
                    }
                };
                self.report(
                    Diagnostic::error(
                        codes::FEATURE_UNKNOWN,
                        format!("`{}` is not fed `{}`", decl.name.text, name.text),
                        name.span,
                    )
                    .help(help),
                );
                sound = false;
                continue;
            };
            let Some(because) = because else {
                sound = false;
                continue;
            };
            features.push(ir::ModelFeature {
                name: name.text.as_str().into(),
                input: *input,
                column: *column,
                because,
            });
        }
        sound.then_some(features)
    }
}

//! Cases decided again behind the decision: which model stands for which, and what is
//! compared.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, codes, items};
use crate::ast;
use crate::ids::{List, ModelId, OutputId};
use crate::ir::{self, Compared, ConstRange};
use crate::{Diagnostic, Id as _, Span};

impl Checker<'_> {
    /// What a test expects of a shadow block.
    pub(super) fn expected_in_shadow(
        &mut self,
        path: &ast::Path,
        state: ir::ShadowExpected,
    ) -> Option<ir::Expectation> {
        match self.names.get(&path.text) {
            Some((Meaning::Shadow(position), _)) => {
                Some(ir::Expectation::Shadow(position, state, path.span))
            }
            Some((Meaning::Broken, _)) => None,
            _ => {
                let blocks = self
                    .names
                    .having(|meaning| matches!(meaning, Meaning::Shadow(_)));
                let help = match self.close(&path.text, blocks) {
                    Some(close) => close.meant(),
                    None => "name a `shadow` block".into(),
                };
                let headline = format!("`{}` is not decided again in shadow", path.text);
                self.report(
                    Diagnostic::error(codes::CANNOT_EXPECT, headline, path.span).help(help),
                );
                None
            }
        }
    }

    pub(super) fn check_shadow_blocks(
        &mut self,
        models: Option<&List<ModelId, ir::Model>>,
        outputs: Option<&List<OutputId, ir::Output>>,
    ) -> Option<Vec<ir::ShadowBlock>> {
        let file = self.file;
        let blocks: Vec<Option<ir::ShadowBlock>> = items!(file, Shadow)
            .map(|decl| self.shadow_block(decl, models, outputs))
            .collect();
        blocks.into_iter().collect()
    }

    fn shadow_block(
        &mut self,
        decl: &ast::ShadowDecl,
        models: Option<&List<ModelId, ir::Model>>,
        outputs: Option<&List<OutputId, ir::Output>>,
    ) -> Option<ir::ShadowBlock> {
        let lacking = match (decl.with.is_empty(), decl.compare.is_empty()) {
            (true, _) => Some("with default_risk = challenger"),
            (_, true) => Some("compare outcome"),
            _ => None,
        };
        if let Some(lacking) = lacking {
            let name = &decl.name;
            let headline = format!("`{}` does not say what it decides again", name.text);
            self.report(
                Diagnostic::error(codes::SHADOW_EMPTY, headline, name.span)
                    .help(format!("add a line such as `{lacking}`")),
            );
        }
        let mut set: HashMap<ModelId, Span> = HashMap::new();
        let with: Vec<Option<ir::Replaced>> = decl
            .with
            .iter()
            .map(|replaced| {
                let found = self.replaced(replaced, models);
                let model = found.as_ref()?.model;
                if let Some(before) = set.insert(model, replaced.model.span) {
                    self.set_twice(&replaced.model.text, replaced.model.span, before);
                    return None;
                }
                found
            })
            .collect();
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let compare: Vec<Option<Compared>> = decl
            .compare
            .iter()
            .map(|path| {
                if let Some(before) = seen.insert(&path.text, path.span) {
                    self.set_twice(&path.text, path.span, before);
                    return None;
                }
                self.compared(path, outputs)
            })
            .collect();
        if lacking.is_some() {
            return None;
        }
        Some(ir::ShadowBlock {
            name: Arc::from(decl.name.text.as_str()),
            with: with.into_iter().collect::<Option<_>>()?,
            compare: compare.into_iter().collect::<Option<_>>()?,
            span: decl.name.span,
        })
    }

    fn replaced(
        &mut self,
        replaced: &ast::Replaced,
        models: Option<&List<ModelId, ir::Model>>,
    ) -> Option<ir::Replaced> {
        let model = self.model_with(&replaced.model, false);
        let by = self.model_with(&replaced.by, true);
        let (model, by, models) = (model?, by?, models?);
        let gives = self.covered((&models[model], &models[by]), replaced.by.span)?;
        Some(ir::Replaced { model, by, gives })
    }

    /// Finds a model that decides, or one that is in shadow.
    fn model_with(&mut self, name: &ast::Name, in_shadow: bool) -> Option<ModelId> {
        let found = self.names.get(&name.text);
        let unread = found.is_none() && self.names.unread;
        if unread || matches!(found, Some((Meaning::Broken, _))) {
            return None;
        }
        let model = match found {
            Some((Meaning::Model(position), _)) => self.model_heads.get(position),
            _ => None,
        };
        let fits = model
            .is_some_and(|head| head.ast.shadow.is_some() == in_shadow && head.ast.each.is_none());
        if let (true, Some((Meaning::Model(position), _))) = (fits, found) {
            return Some(ModelId::new(position));
        }
        let (wanted, help) = match in_shadow {
            true => (
                "no model in shadow",
                "declare it as `model challenger from \"…\" shadow { … }`",
            ),
            false => (
                "no model that decides, asked once a case",
                "on the left stands the model that decides, on the right the one in shadow",
            ),
        };
        let headline = format!("`{}` is {wanted}", name.text);
        let mut diagnostic = Diagnostic::error(codes::SHADOW_WITH, headline, name.span).help(help);
        if let Some((_, declared)) = found {
            diagnostic = diagnostic.evidence(declared, "declared here");
        }
        self.report(diagnostic);
        None
    }

    /// Finds what stands for each answer: one of the same name and type, which promises
    /// no less.
    fn covered(&mut self, (model, by): (&ir::Model, &ir::Model), span: Span) -> Option<Vec<u32>> {
        let own = |model: &ir::Model, give: &ir::Give| -> Option<String> {
            let below = give.name.strip_prefix(&*model.name)?.strip_prefix('.')?;
            Some(below.to_owned())
        };
        let mut found = Vec::with_capacity(model.gives.len());
        for give in &model.gives {
            let name = own(model, give);
            let at = by.gives.iter().position(|other| own(by, other) == name);
            let other = at.and_then(|at| by.gives.get(at));
            let name = name.unwrap_or_default();
            let lacks = match other {
                None => format!("`{}` gives no `{name}`", by.name),
                Some(other) if other.ty != give.ty => {
                    format!("`{}` is of another type than `{}`", other.name, give.name)
                }
                Some(other) if !is_within(other.range.as_ref(), give.range.as_ref()) => {
                    format!("`{}` promises less than `{}`", other.name, give.name)
                }
                Some(_) => {
                    found.extend(at.and_then(|at| u32::try_from(at).ok()));
                    continue;
                }
            };
            self.report(
                Diagnostic::error(codes::SHADOW_COVERS, lacks, span)
                    .evidence(give.span, "what it stands for")
                    .help("give it under the same name, of the same type and in the same range"),
            );
            return None;
        }
        Some(found)
    }

    fn compared(
        &mut self,
        path: &ast::Path,
        outputs: Option<&List<OutputId, ir::Output>>,
    ) -> Option<Compared> {
        let file = self.file;
        let decided = items!(file, Decide).next();
        if decided.is_some_and(|decide| decide.name.text == path.text) {
            return Some(Compared::Outcome);
        }
        let mut known = outputs?.iter_ids();
        if let Some((id, _)) = known.find(|(_, output)| *output.name == *path.text) {
            return Some(Compared::Output(id));
        }
        if self.names.unread || self.is_broken(path) {
            return None;
        }
        let names = self.output_names.iter().copied();
        let names = names.chain(decided.map(|decide| decide.name.text.as_str()));
        let help = match self.close(&path.text, names) {
            Some(close) => close.meant(),
            None => "name the outcome, or an output".into(),
        };
        self.report(
            Diagnostic::error(
                codes::SHADOW_COMPARES,
                format!("`{}` is neither the outcome nor an output", path.text),
                path.span,
            )
            .help(help),
        );
        None
    }
}

/// Tells whether all values of a range lie in another one, too.
fn is_within(range: Option<&ConstRange>, wider: Option<&ConstRange>) -> bool {
    let Some(wider) = wider else {
        return true;
    };
    let Some(range) = range else {
        return wider.low.is_none() && wider.high.is_none();
    };
    // A bound that is out may lie on one that is out.
    let inside =
        |bound: &Option<(ir::Literal, bool)>, of: &Option<(ir::Literal, bool)>| match (bound, of) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some((bound, inclusive)), Some((of, of_inclusive))) => {
                wider.contains(bound) || (bound == of && (*of_inclusive || !inclusive))
            }
        };
    inside(&range.low, &wider.low) && inside(&range.high, &wider.high)
}

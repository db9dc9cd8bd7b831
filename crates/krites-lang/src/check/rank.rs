//! Ranks: tables whose rows go by a value, and models that are asked for each row.

use std::collections::BTreeMap;

use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, Env, codes};
use crate::ast::{self, HitPolicy};
use crate::ids::{LocalId, ModelId, TableId};
use crate::ir;
use crate::types::DeclaredTy;
use crate::{Diagnostic, Id as _, Span};

/// How many models may be asked for each row of one rank
const MAX_MODELS_OF_ROWS: usize = 16;

/// What is known of a row, by name
type RowNames = BTreeMap<String, (LocalId, Span)>;

impl Checker<'_> {
    /// Makes what is read of the row at hand, by output; nothing for other tables.
    pub(super) fn rows_at_hand(
        &mut self,
        decl: &ast::TableDecl,
        outputs: &[Option<DeclaredTy>],
    ) -> Vec<Option<LocalId>> {
        if decl.policy != HitPolicy::Rank {
            return Vec::new();
        }
        let outputs = decl.outputs.iter().zip(outputs);
        let at_hand = outputs.map(|(output, ty)| Some(self.add_local(&output.name.text, (*ty)?)));
        at_hand.collect()
    }

    /// Types the order of a rank, and which rows it keeps.
    pub(super) fn ranking(
        &mut self,
        decl: &ast::TableDecl,
        ranking: &ast::Ranking,
        outputs: &[Option<DeclaredTy>],
    ) -> Option<ir::Ranking> {
        let by = &ranking.by;
        let mut positions = (0_u32..).zip(&decl.outputs);
        let Some((position, output)) = positions.find(|(_, output)| output.name.text == by.text)
        else {
            let names = decl.outputs.iter().map(|output| output.name.text.as_str());
            let help = match self.close(&by.text, names) {
                Some(close) => close.meant(),
                None => format!("declare it behind `->`: `{} : decimal`", by.text).into(),
            };
            let headline = format!("`{}` has no output `{}`", decl.name.text, by.text);
            self.report(Diagnostic::error(codes::RANKED_BY, headline, by.span).help(help));
            return None;
        };
        let ty = outputs.get(position as usize).copied().flatten()?;
        if !ty.ty.is_ordered() {
            let words = self.words(ty.ty);
            self.report(
                Diagnostic::error(
                    codes::RANKED_BY,
                    format!("rows go by a value with an order, `{}` is {words}", by.text),
                    by.span,
                )
                .evidence(output.ty.span, "declared here")
                .help("rank by a number, an amount, a percentage, a date or a duration"),
            );
            return None;
        }
        if let Some((0, span)) = ranking.at_most {
            self.report(
                Diagnostic::error(codes::RANKED_BY, "this rank keeps no row", span)
                    .help("keep at least one: `at most 1`"),
            );
            return None;
        }
        let at_least = match &ranking.at_least {
            Some(floor) => {
                let typed = self.expr(floor, Some(ty.ty), &Env::default())?;
                Some(self.coerce(typed, ty.ty)?)
            }
            None => None,
        };
        Some(ir::Ranking {
            by: position,
            at_least,
            at_most: ranking.at_most.map(|(count, _)| count),
        })
    }

    /// Brings in what is known of a row where an output of it is computed: the outputs
    /// before it, and the answers of models that are asked for each row.
    pub(super) fn enter_row(&mut self, table: usize, output: usize) -> bool {
        let Some(head) = self.tables.get(table) else {
            return false;
        };
        if head.at_hand.is_empty() {
            return false;
        }
        let rank = &head.ast.name.text;
        let mut names = RowNames::new();
        let outputs = head.ast.outputs.iter().zip(&head.at_hand);
        for (found, local) in outputs.take(output) {
            let Some(local) = local else {
                continue;
            };
            let name = &found.name;
            names.insert(format!("{rank}.{}", name.text), (*local, name.span));
            names.insert(name.text.clone(), (*local, name.span));
        }
        for model in &self.model_heads {
            let each = model.ast.each.as_ref();
            if each.is_none_or(|each| each.text != *rank) {
                continue;
            }
            for answer in &model.answers {
                if let Some(local) = answer.at_hand {
                    let name = &answer.ast.name;
                    let whole = format!("{}.{}", model.ast.name.text, name.text);
                    names.insert(whole, (local, name.span));
                }
            }
        }
        self.scopes.push(Scope::Row(names));
        true
    }

    pub(super) fn leave_row(&mut self, entered: bool) {
        if entered {
            self.scopes.pop();
        }
    }

    /// The rank for each row of which a model is asked, with what it may be fed of a
    /// row; `None` for other models, and where it was reported.
    pub(super) fn each_row(&mut self, model: usize) -> Option<(ir::EachRow, RowNames)> {
        let head = self.model_heads.get(model)?;
        let each = head.ast.each.as_ref()?;
        let answers: Option<Vec<LocalId>> =
            head.answers.iter().map(|answer| answer.at_hand).collect();
        let position = match self.names.get(&each.text) {
            Some((Meaning::Table(position), _)) => Some(position),
            Some((Meaning::Broken, _)) => return None,
            _ => None,
        };
        let table = position.and_then(|position| self.tables.get(position));
        let Some(table) = table.filter(|table| table.ast.policy == HitPolicy::Rank) else {
            let mut tables = self.tables.iter();
            let help = match tables.find(|table| table.ast.policy == HitPolicy::Rank) {
                Some(rank) => format!("write `for each of {}`", rank.ast.name.text),
                None => "a model is asked for each row of a `rank` alone".to_owned(),
            };
            let headline = format!("`{}` is no rank", each.text);
            self.report(Diagnostic::error(codes::EACH_OF, headline, each.span).help(help));
            return None;
        };
        let outputs = table.ast.outputs.iter().zip(&table.at_hand);
        let names = outputs.filter_map(|(output, local)| {
            let whole = format!("{}.{}", each.text, output.name.text);
            Some((whole, ((*local)?, output.name.span)))
        });
        let names = names.collect();
        let table = TableId::new(position?);
        let answers = answers?;
        Some((ir::EachRow { table, answers }, names))
    }

    /// Reports a distribution for each row.
    pub(super) fn single_values_of_rows(&mut self, give: &ast::Give, each: &ast::Name) {
        self.report(
            Diagnostic::error(
                codes::SINGLE_VALUES,
                "a model that is asked for each row gives single values",
                give.name.span,
            )
            .evidence(each.span, "asked for each row here")
            .help("read one class: `give p : decimal in 0 to 1 = probabilities of class …`"),
        );
    }

    /// Nothing that a model is fed for a row rests on what it answers for the row, and
    /// no more than so many models are asked for one rank.
    pub(super) fn check_models_of_rows(&mut self, policy: &ir::Policy) {
        let needs: Vec<Vec<usize>> = policy
            .models
            .iter_ids()
            .map(|(id, _)| policy.needs_of_feed(id).models)
            .map(|models| models.iter().map(|model| model.position()).collect())
            .collect();
        for cycle in super::order::order(&needs).cycles {
            let Some(first) = cycle.first() else {
                continue;
            };
            let model = &policy.models[ModelId::new(*first)];
            self.report(
                Diagnostic::error(
                    codes::FED_WITH_ITSELF,
                    format!("`{}` is fed with what rests on its own answers", model.name),
                    model.span,
                )
                .help("feed outputs that are computed without it"),
            );
        }
        for (id, table) in policy.tables.iter_ids() {
            let mut models = policy.models.iter().filter(|model| model.is_for(id));
            if let Some(model) = models.nth(MAX_MODELS_OF_ROWS) {
                let name = &table.name;
                self.report(
                    Diagnostic::error(
                        codes::TOO_MANY_OF_ROWS,
                        format!("more than {MAX_MODELS_OF_ROWS} models are asked for each row of `{name}`"),
                        model.span,
                    )
                    .help("let one model give several answers"),
                );
            }
        }
    }
}

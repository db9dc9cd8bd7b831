//! Inputs that no result may rest on: what the names stand for. Whether a result rests
//! on them is found out in `analyse`.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Meaning;
use super::series::written;
use super::{Checker, Env, codes, items};
use crate::ast::ForbiddenInput;
use crate::ids::{InputId, ListId};
use crate::ir::{Forbidden, Value};
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn check_forbidden(&mut self) -> Option<Vec<Forbidden>> {
        let file = self.file;
        let inputs = items!(file, Forbid).flat_map(|decl| &decl.inputs);
        let found: Vec<_> = inputs.map(|input| self.forbidden(input)).collect();
        let found: Vec<Forbidden> = found.into_iter().collect::<Option<_>>()?;
        let mut inputs: HashMap<InputId, Span> = HashMap::new();
        let mut lists: HashMap<ListId, Span> = HashMap::new();
        for forbidden in &found {
            let of_inputs = forbidden.inputs.iter();
            let of_inputs = of_inputs.map(|id| inputs.insert(*id, forbidden.span));
            let of_lists = forbidden.lists.iter();
            let of_lists = of_lists.map(|id| lists.insert(*id, forbidden.span));
            let before: Vec<Span> = of_inputs.chain(of_lists).flatten().collect();
            if let Some(before) = before.first() {
                self.forbidden_twice(forbidden, *before);
            }
        }
        Some(found)
    }

    fn forbidden(&mut self, input: &ForbiddenInput) -> Option<Forbidden> {
        let path = &input.path;
        let mut found = Forbidden {
            name: Arc::from(written(path, input.index)),
            inputs: Vec::new(),
            lists: Vec::new(),
            span: path.span,
        };
        let meaning = match input.index {
            Some(_) => {
                let (value, _) = self.place(path, input.index, &Env::default())?;
                Some(Meaning::Value(value))
            }
            None => self.names.get(&path.text).map(|(meaning, _)| meaning),
        };
        if meaning.is_none_or(|meaning| matches!(meaning, Meaning::Fields | Meaning::Group(_))) {
            let prefix = format!("{}.", path.text);
            let below = self.names.below(&prefix).map(|(_, meaning, _)| meaning);
            let below: Vec<Meaning> = below.collect();
            for meaning in below {
                self.forbids(meaning, &mut found);
            }
        } else if let Some(meaning) = meaning {
            self.forbids(meaning, &mut found);
        }
        if !found.inputs.is_empty() || !found.lists.is_empty() {
            return Some(found);
        }
        let (meaning, declared) = self.resolve(path, &Env::after_decide())?;
        let kind = Self::kind_words(meaning);
        self.report(
            Diagnostic::error(
                codes::FORBIDS_INPUTS,
                format!("`{}` is {kind}, not an input", path.text),
                path.span,
            )
            .evidence(declared, "declared here")
            .help("name an input, a record, a list or a series of the case, or a group on request"),
        );
        None
    }

    /// Adds the inputs that a name stands for.
    fn forbids(&self, meaning: Meaning, found: &mut Forbidden) {
        match meaning {
            Meaning::Value(Value::Input(id)) => found.inputs.push(id),
            Meaning::Series(position) => {
                let series = self.series.get(position);
                found
                    .inputs
                    .extend(series.iter().flat_map(|series| &series.inputs));
            }
            Meaning::List(id) => found.lists.push(id),
            _ => {}
        }
    }

    fn forbidden_twice(&mut self, forbidden: &Forbidden, before: Span) {
        self.report(
            Diagnostic::error(
                codes::FORBIDDEN_TWICE,
                format!("`{}` is forbidden twice", forbidden.name),
                forbidden.span,
            )
            .label("forbidden again here")
            .evidence(before, "first forbidden here")
            .help("keep one of the two"),
        );
    }
}

//! `evaluate`: the sets and values that speak.

use super::decide::is_always;
use super::names::Meaning;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::TableId;
use crate::ir::{self, Value};
use crate::types::Ty;
use crate::{Diagnostic, Id as _, Span};

impl<'a> Checker<'a> {
    /// `speaks` is set where the step proves that something speaks.
    pub(super) fn evaluate(
        &mut self,
        path: &'a ast::Path,
        with: &'a [ast::WithValue],
        sets: &[&'a ast::RuleSet],
        speaks: &mut Option<Span>,
    ) -> Option<ir::Step> {
        match self.names.get(&path.text) {
            Some((Meaning::Rules(id), _)) => {
                let set = sets.get(id.position())?;
                let proves = |rule: &ast::Rule| {
                    rule.when.is_none() && rule.shadow.is_none() && is_always(&rule.validity)
                };
                // A rule that only tags ends a `first` set without a word
                let mut acting = set.rules.iter().filter(|rule| rule.shadow.is_none());
                let speak = acting.all(|rule| rule.then.outcome.is_some());
                if is_always(&set.validity) && speak && set.rules.last().is_some_and(proves) {
                    speaks.get_or_insert(path.span);
                }
                if let Some(value) = with.first() {
                    self.report(
                        Diagnostic::error(
                            codes::NOT_DECIDED_WITH,
                            format!(
                                "the rules of `{}` say themselves what is decided",
                                path.text
                            ),
                            value.name.span,
                        )
                        .help("move `with …` to the rules"),
                    );
                    return None;
                }
                Some(ir::Step::Rules(id))
            }
            Some((meaning, declared)) if speaking(meaning).is_some() => {
                let value = speaking(meaning)?;
                let ty = self.value_type(value)?;
                if self
                    .outcome
                    .is_some_and(|outcome| ty.ty != Ty::Enum(outcome))
                {
                    let (found, wanted) = (
                        self.words(ty.ty),
                        self.outcome
                            .map_or(String::new(), |id| self.words(Ty::Enum(id))),
                    );
                    self.report(
                        Diagnostic::error(
                            codes::CANNOT_EVALUATE,
                            format!("{wanted} is decided, `{}` is {found}", path.text),
                            path.span,
                        )
                        .evidence(declared, "declared here")
                        .help("evaluate a value of the decided type"),
                    );
                    return None;
                }
                let sure = match meaning {
                    Meaning::Rows(table, _) => self.always_has_a_row(table),
                    _ => true,
                };
                if sure && !ty.optional {
                    speaks.get_or_insert(path.span);
                }
                // Where it speaks it is there
                let env = Env {
                    present: vec![value],
                    ..Env::default()
                };
                Some(ir::Step::Evaluate(Box::new(ir::Evaluate {
                    value,
                    with: self.decided_with(with, path.span, &env)?,
                    span: path.span,
                })))
            }
            Some((Meaning::Broken, _)) => {
                // What could not be read may always speak.
                speaks.get_or_insert(path.span);
                None
            }
            Some((Meaning::Table(position), _)) => {
                let verdict = self.verdict_of(TableId::new(position));
                let help = match verdict {
                    Some(name) => format!("write `evaluate {}.{name}`", path.text),
                    None => "name the output that speaks".to_owned(),
                };
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EVALUATE,
                        format!("say which output of `{}` speaks", path.text),
                        path.span,
                    )
                    .help(help),
                );
                None
            }
            Some((meaning, declared)) => {
                let kind = Self::kind_words(meaning);
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EVALUATE,
                        format!("`{}` is {kind}: it cannot be evaluated", path.text),
                        path.span,
                    )
                    .evidence(declared, "declared here")
                    .help("evaluate a rule set, or a value of the decided type"),
                );
                None
            }
            None if self.names.unread || self.is_broken(path) => None,
            None => {
                let candidates: Vec<String> = self
                    .names
                    .having(|meaning| {
                        matches!(
                            meaning,
                            Meaning::Rules(_)
                                | Meaning::Value(Value::Table(..) | Value::Definition(_))
                        )
                    })
                    .map(str::to_owned)
                    .collect();
                let help = match self.close(&path.text, candidates.iter().map(String::as_str)) {
                    Some(close) => close.meant(),
                    None => format!("declare it: `rules {} all {{ … }}`", path.text).into(),
                };
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_NAME,
                        format!("there is no rule set `{}`", path.text),
                        path.span,
                    )
                    .help(help),
                );
                None
            }
        }
    }

    fn verdict_of(&self, id: TableId) -> Option<String> {
        let outcome = self.outcome?;
        let head = self.tables.get(id.position())?;
        let found = head
            .outputs
            .iter()
            .zip(&head.ast.outputs)
            .find(|(ty, _)| ty.is_some_and(|ty| ty.ty == Ty::Enum(outcome)));
        found.map(|(_, output)| output.name.text.clone())
    }
}

/// The value that speaks, of what is such a one: of a table's list each row.
fn speaking(meaning: Meaning) -> Option<Value> {
    match meaning {
        Meaning::Rows(table, output) => Some(Value::Table(table, output)),
        Meaning::Value(
            Value::Outcome | Value::Decided(_) | Value::Local(_) | Value::DecisionDate,
        ) => None,
        Meaning::Value(value) => Some(value),
        _ => None,
    }
}

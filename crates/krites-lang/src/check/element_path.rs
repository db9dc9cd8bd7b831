//! Which elements a path means.

use super::elements::{Elements, Of};
use super::list::Member;
use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::{ListId, LocalId};
use crate::ir::Value;
use crate::{Diagnostic, Id as _, Span};

impl Checker<'_> {
    /// Finds the elements that a path means; reports one that means none.
    pub(super) fn elements(
        &mut self,
        over: &ast::ElementPath,
        kind: ast::AggregateKind,
        env: &Env,
    ) -> Option<Of> {
        let path = &over.path;
        if let Some((list, elements, rest)) = self.list_named(&path.text) {
            self.as_a_whole(over, "a list is", Some(self.lists[list].span))?;
            let field = match rest {
                "" => None,
                rest => Some(self.field_named(list, path, rest, kind)?),
            };
            return Some(Of::List {
                list,
                field,
                elements,
            });
        }
        let in_element = self.scopes.iter().any(|scope| match scope {
            Scope::Elements(elements) => self.element_has(elements, &path.text),
            Scope::Function(_) | Scope::Row(_) => false,
        });
        if !in_element && let Some(rows) = self.rows_meant(&path.text) {
            self.as_a_whole(over, "rows are", None)?;
            return Some(rows);
        }
        match self.resolve(path, env)? {
            (Meaning::Series(position), _) => {
                let inputs = self.some_of(position, over)?;
                Some(Of::Series(inputs))
            }
            (Meaning::Distribution(position), declared) => {
                self.as_a_whole(over, "a distribution is", Some(declared))?;
                Some(Of::Labels(position))
            }
            (meaning, declared) => {
                let kind = match meaning {
                    Meaning::Value(_) => "one value",
                    _ => Self::kind_words(meaning),
                };
                let mut diagnostic = Diagnostic::error(
                    codes::NO_ELEMENTS,
                    format!("`{}` is {kind}, which has no elements", path.text),
                    path.span,
                )
                .help("name a list, a field of a list's records, or a series");
                if meaning != Meaning::Value(Value::DecisionDate) {
                    diagnostic = diagnostic.evidence(declared, "declared here");
                }
                self.report(diagnostic);
                None
            }
        }
    }

    /// Reports indices of what has none.
    fn as_a_whole(
        &mut self,
        over: &ast::ElementPath,
        what: &str,
        declared: Option<Span>,
    ) -> Option<()> {
        let Some((.., span)) = over.slice else {
            return Some(());
        };
        let headline = format!("only a series has indices, {what} looked at as a whole");
        let mut diagnostic = Diagnostic::error(codes::SLICE, headline, span).help("leave them out");
        if let Some(declared) = declared {
            diagnostic = diagnostic.evidence(declared, "declared here");
        }
        self.report(diagnostic);
        None
    }

    /// Finds the list that a path begins with, from the innermost part outward, the
    /// local that holds its elements, and what follows of the path.
    fn list_named<'p>(&mut self, path: &'p str) -> Option<(ListId, Option<LocalId>, &'p str)> {
        for position in (0..self.scopes.len()).rev() {
            let elements = match self.scopes.get(position) {
                Some(Scope::Elements(elements)) => elements,
                Some(Scope::Row(_)) => continue,
                Some(Scope::Function(_)) | None => return None,
            };
            if let Some((list, rest)) = self.list_within(elements, path) {
                let local = self.inner_local(position, list);
                return Some((list, local, rest));
            }
            // Its own field comes before all others of this name.
            if self.element_has(elements, path) {
                return None;
            }
        }
        beginnings(path).find_map(|(front, rest)| match self.names.get(front)? {
            (Meaning::List(list), _) => Some((list, None, rest)),
            _ => None,
        })
    }

    /// A list within the elements at hand that a path begins with.
    fn list_within<'p>(&self, elements: &Elements, path: &'p str) -> Option<(ListId, &'p str)> {
        let Of::List { list, .. } = elements.of else {
            return None;
        };
        let names = &self.list_heads.get(list.position())?.names;
        beginnings(path).find_map(|(front, rest)| match names.get(front)? {
            (Member::List(inner), _) => Some((*inner, rest)),
            _ => None,
        })
    }

    /// What a path means whose own mistakes are looked for elsewhere.
    pub(super) fn probed(&self, path: &str) -> Of {
        match self.list_meant(path) {
            Some((list, rest)) => Of::List {
                list,
                field: (!rest.is_empty()).then_some(0),
                elements: None,
            },
            None => match self.names.get(path) {
                Some((Meaning::Distribution(position), _)) => Of::Labels(position),
                _ => self.rows_meant(path).unwrap_or(Of::Series(Vec::new())),
            },
        }
    }

    /// The list that a path begins with and what follows of it, without a report and
    /// without a use.
    pub(super) fn list_meant<'p>(&self, path: &'p str) -> Option<(ListId, &'p str)> {
        for scope in self.scopes.iter().rev() {
            let elements = match scope {
                Scope::Elements(elements) => elements,
                Scope::Row(_) => continue,
                Scope::Function(_) => return None,
            };
            if let Some(found) = self.list_within(elements, path) {
                return Some(found);
            }
        }
        beginnings(path).find_map(|(front, rest)| match self.names.get(front)? {
            (Meaning::List(list), _) => Some((list, rest)),
            _ => None,
        })
    }

    /// Finds a field of a list's records; reports a name that is none.
    fn field_named(
        &mut self,
        list: ListId,
        path: &ast::Path,
        rest: &str,
        kind: ast::AggregateKind,
    ) -> Option<usize> {
        let names = &self.list_heads.get(list.position())?.names;
        let outer = path.text.strip_suffix(rest)?.trim_end_matches('.');
        match names.get(rest) {
            Some((Member::Field(field), _)) => return Some(*field),
            Some((Member::Broken, _)) => return None,
            Some((Member::Fields, _)) => {
                let below = format!("{rest}.");
                let fields = names.range(below.clone()..);
                let fields = fields.take_while(|(name, _)| name.starts_with(&below));
                let fields = fields.filter(|(_, (member, _))| matches!(member, Member::Field(_)));
                let listed: Vec<String> = fields
                    .take(3)
                    .map(|(name, _)| format!("`{outer}.{name}`"))
                    .collect();
                let help = format!("name one of its fields: {}", listed.join(", "));
                self.element_is_a_record(&format!("`{}`", path.text), path.span, help);
                return None;
            }
            Some((Member::List(_), _)) | None => {}
        }
        let within = beginnings(rest).find_map(|(front, rest)| match names.get(front)? {
            (Member::List(inner), span) => Some((*inner, *span, front, rest)),
            _ => None,
        });
        if let Some((_, span, inner, _)) = within {
            self.through_two_lists(path, (outer, inner, rest), span, kind);
            return None;
        }
        // A name below something that was reported is not reported again.
        let broken = beginnings(rest)
            .any(|(front, _)| matches!(names.get(front), Some((Member::Broken, _))));
        if broken || self.names.unread {
            return None;
        }
        let known: Vec<&str> = names.keys().map(String::as_str).collect();
        let help = match self.close(rest, known.iter().copied()) {
            Some(near) => format!("did you mean `{outer}.{}`?", near.name),
            None if known.is_empty() => {
                format!("its elements are plain values: write `{outer}` alone")
            }
            None => format!("declare it, as in `{rest} : integer`"),
        };
        let declared = self.lists[list].span;
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("the elements of `{outer}` have no `{rest}`"),
                path.span,
            )
            .evidence(declared, "declared here")
            .help(help),
        );
        None
    }
}

/// The beginnings of a dotted name, the longest first, each with what follows it.
pub(super) fn beginnings(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let dots = path.rmatch_indices('.');
    let shorter = dots.filter_map(|(dot, _)| Some((path.get(..dot)?, path.get(dot + 1..)?)));
    std::iter::once((path, "")).chain(shorter)
}

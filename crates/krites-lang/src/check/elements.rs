//! The elements of a list or series: which ones a path means, and the names that
//! are there within one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::distribution::{DistributionHead, zero_to_one};
use super::list::Member;
use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::{EnumId, InputId, ListId, LocalId, TableId};
use crate::ir::{self, Bounds, LocalTy, Over, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Id as _, Span};

/// What a label of a distribution has: itself, and its probability
const LABEL: usize = 0;
pub(super) const PROBABILITY: usize = 1;

/// The elements that an aggregate looks at, and which of their names are used
pub(super) struct Elements {
    /// What they are of
    pub(super) of: Of,
    /// Used fields, by position; of a series, its one value
    fields: BTreeMap<usize, LocalId>,
    /// Used lists within
    inner: BTreeMap<ListId, LocalId>,
}

/// What elements are of
#[derive(Clone)]
pub(super) enum Of {
    /// A series, or some of it
    Series(Vec<InputId>),
    /// A distribution, by position
    Labels(usize),
    /// The rows of a table that count
    Rows {
        table: TableId,
        /// The output that the path names
        output: Option<usize>,
    },
    /// A list
    List {
        list: ListId,
        /// The field that the path names
        field: Option<usize>,
        /// Of a list within a record: what holds this record's elements
        elements: Option<LocalId>,
    },
}

impl Elements {
    pub(super) fn new(of: Of) -> Self {
        Self {
            of,
            fields: BTreeMap::new(),
            inner: BTreeMap::new(),
        }
    }

    /// Notes the local that a field is read from.
    pub(super) fn bind(&mut self, field: usize, local: LocalId) {
        self.fields.insert(field, local);
    }

    /// Returns what the aggregate looks at.
    pub(super) fn into_over(self, distributions: &[DistributionHead]) -> Option<Over> {
        Some(match self.of {
            Of::Labels(position) => Over::Labels {
                labels: distributions.get(position)?.labels,
                label: self.fields.get(&LABEL).copied(),
                probability: self.fields.get(&PROBABILITY).copied(),
            },
            Of::Rows { table, .. } => {
                let fields = self.fields.into_iter();
                let fields =
                    fields.map(|(output, local)| Some((u32::try_from(output).ok()?, local)));
                Over::Rows {
                    table,
                    fields: fields.collect::<Option<_>>()?,
                }
            }
            Of::Series(inputs) => Over::Series {
                inputs,
                each: self.fields.into_values().next()?,
            },
            Of::List { list, elements, .. } => Over::List {
                list,
                elements,
                fields: self.fields.into_iter().collect(),
                inner: self.inner.into_iter().collect(),
            },
        })
    }
}

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
            if let Some((.., span)) = over.slice {
                let headline = "only a series has indices, a list is looked at as a whole";
                self.report(
                    Diagnostic::error(codes::SLICE, headline, span)
                        .evidence(self.lists[list].span, "declared here")
                        .help("leave them out"),
                );
                return None;
            }
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
            if let Some((.., span)) = over.slice {
                let headline = "only a series has indices, rows are looked at as a whole";
                self.report(Diagnostic::error(codes::SLICE, headline, span).help("leave them out"));
                return None;
            }
            return Some(rows);
        }
        match self.resolve(path, env)? {
            (Meaning::Series(position), _) => {
                let inputs = self.some_of(position, over)?;
                Some(Of::Series(inputs))
            }
            (Meaning::Distribution(position), declared) => {
                if let Some((.., span)) = over.slice {
                    let headline =
                        "only a series has indices, a distribution is looked at as a whole";
                    self.report(
                        Diagnostic::error(codes::SLICE, headline, span)
                            .evidence(declared, "declared here")
                            .help("leave them out"),
                    );
                    return None;
                }
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
            Some(close) => format!("did you mean `{outer}.{close}`?"),
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

    /// What a name stands for in the element of a scope; its use is kept.
    pub(super) fn of_element(&mut self, scope: usize, name: &str) -> Option<(Meaning, Span)> {
        let Some(Scope::Elements(elements)) = self.scopes.get(scope) else {
            return None;
        };
        match &elements.of {
            Of::Labels(position) => {
                let span = self.distributions.get(*position)?.span;
                let local = self.field_local(scope, of_a_label(name)?)?;
                Some((Meaning::Value(Value::Local(local)), span))
            }
            Of::Rows { table, output } => {
                let table = *table;
                let (output, span) = self.output_of_row(table, *output, name)?;
                let local = self.field_local(scope, output)?;
                Some((Meaning::Value(Value::Local(local)), span))
            }
            Of::Series(inputs) => {
                let input = inputs.first().filter(|_| name == "each")?;
                let span = self.inputs[*input].span;
                let local = self.field_local(scope, 0)?;
                Some((Meaning::Value(Value::Local(local)), span))
            }
            Of::List { list, field, .. } => {
                let (list, named) = (*list, *field);
                let (member, span) = match self.member(list, named, name)? {
                    (Member::Field(field), span) => {
                        let local = self.field_local(scope, field)?;
                        (Meaning::Value(Value::Local(local)), span)
                    }
                    (Member::List(inner), span) => (Meaning::List(inner), span),
                    (Member::Fields, span) => (Meaning::Fields, span),
                    (Member::Broken, span) => (Meaning::Broken, span),
                };
                Some((member, span))
            }
        }
    }

    /// Tells whether an element has a name.
    pub(super) fn element_has(&self, elements: &Elements, name: &str) -> bool {
        match &elements.of {
            Of::Labels(_) => of_a_label(name).is_some(),
            Of::Rows { table, output } => self.output_of_row(*table, *output, name).is_some(),
            Of::Series(_) => name == "each",
            Of::List { list, field, .. } => self.member(*list, *field, name).is_some(),
        }
    }

    /// What a name stands for in the elements of a list, of which the path names a
    /// field or none.
    fn member(&self, list: ListId, named: Option<usize>, name: &str) -> Option<(Member, Span)> {
        let head = self.list_heads.get(list.position())?;
        let found = head.names.get(name).copied();
        found.or_else(|| {
            // The value that each element is, or that the path names of each
            let plain = head.names.is_empty().then_some(0);
            let field = named.or(plain).filter(|_| name == "each")?;
            let input = self.lists[list].fields.get(field)?;
            Some((Member::Field(field), input.span))
        })
    }

    /// The local of a used field.
    pub(super) fn field_local(&mut self, scope: usize, field: usize) -> Option<LocalId> {
        let Some(Scope::Elements(elements)) = self.scopes.get(scope) else {
            return None;
        };
        if let Some(local) = elements.fields.get(&field) {
            return Some(*local);
        }
        if let Of::Labels(position) = &elements.of {
            let ty = self.distributions.get(*position)?.ty;
            return self.label_local(scope, field, ty);
        }
        if let Of::Rows { table, .. } = elements.of {
            return self.row_local(scope, table, field);
        }
        let (input, unranged) = match &elements.of {
            Of::Labels(_) | Of::Rows { .. } => return None,
            Of::Series(inputs) => {
                let id = *inputs.first()?;
                (&self.inputs[id], self.unranged.contains(&id))
            }
            Of::List { list, .. } => (
                self.lists[*list].fields.get(field)?,
                self.list_heads
                    .get(list.position())?
                    .unranged
                    .contains(&field),
            ),
        };
        let name = match &elements.of {
            Of::List { .. } if !input.name.is_empty() => Arc::clone(&input.name),
            _ => "each".into(),
        };
        let (ty, range) = (input.ty, input.range.clone());
        let local = self.add_local(&name, ty);
        if let Some(range) = &range {
            self.local_bounds.insert(local, Bounds::declared(range));
        }
        // What was meant by a broken range is not known: no follow-on error.
        if unranged {
            self.local_bounds
                .insert(local, Bounds::ANY.without_zero(true));
        }
        if let Some(Scope::Elements(elements)) = self.scopes.get_mut(scope) {
            elements.fields.insert(field, local);
        }
        Some(local)
    }

    /// The local of a label of a distribution, or of its probability.
    fn label_local(&mut self, scope: usize, field: usize, ty: EnumId) -> Option<LocalId> {
        let local = match field {
            LABEL => self.add_local("label", DeclaredTy::bare(Ty::Enum(ty))),
            _ => {
                let local = self.add_local("probability", DeclaredTy::bare(Ty::Decimal));
                let bounds = Bounds::declared(&zero_to_one());
                self.local_bounds.insert(local, bounds);
                local
            }
        };
        if let Some(Scope::Elements(elements)) = self.scopes.get_mut(scope) {
            elements.fields.insert(field, local);
        }
        Some(local)
    }

    /// The local that holds the elements of a list within a scope's record.
    fn inner_local(&mut self, scope: usize, list: ListId) -> Option<LocalId> {
        let Some(Scope::Elements(elements)) = self.scopes.get_mut(scope) else {
            return None;
        };
        if let Some(local) = elements.inner.get(&list) {
            return Some(*local);
        }
        let local = self.locals.push(ir::Local {
            name: self.lists[list].name.clone(),
            ty: LocalTy::Elements(list),
        });
        elements.inner.insert(list, local);
        Some(local)
    }
}

/// What a name stands for in a label of a distribution.
fn of_a_label(name: &str) -> Option<usize> {
    match name {
        "label" => Some(LABEL),
        "probability" | "each" => Some(PROBABILITY),
        _ => None,
    }
}

/// The beginnings of a dotted name, the longest first, each with what follows it.
pub(super) fn beginnings(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let dots = path.rmatch_indices('.');
    let shorter = dots.filter_map(|(dot, _)| Some((path.get(..dot)?, path.get(dot + 1..)?)));
    std::iter::once((path, "")).chain(shorter)
}

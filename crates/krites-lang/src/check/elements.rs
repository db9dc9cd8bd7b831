//! The elements of a list, series, table or distribution: the names that are there
//! within one, and the locals that hold what is used of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Checker;
use super::distribution::{DistributionHead, zero_to_one};
use super::list::Member;
use super::names::Meaning;
use super::scope::Scope;
use crate::ids::{EnumId, InputId, ListId, LocalId, TableId};
use crate::ir::{self, Bounds, LocalTy, Over, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Id as _, Span};

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
    pub(super) fn inner_local(&mut self, scope: usize, list: ListId) -> Option<LocalId> {
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

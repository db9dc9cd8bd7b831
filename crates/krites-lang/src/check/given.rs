//! What a test gives an input, and the elements of a list.

use std::collections::HashMap;

use super::list::Member;
use super::series::written;
use super::{Checker, codes};
use crate::ast::{AssignedValue, Assignment};
use crate::ids::ListId;
use crate::ir::{self, Literal};
use crate::{Diagnostic, Id as _, MAX_LIST, Span};

/// What a value comes to
pub(super) enum Given {
    /// It is there
    Value(Literal),
    /// It is missing
    Missing,
    /// It stands for a missing one, in whose place is the default
    Default,
}

impl Checker<'_> {
    /// Takes a value for an input or a field called `name`; `None` where it was
    /// reported.
    pub(super) fn given(
        &mut self,
        input: &ir::Input,
        name: &str,
        value: &AssignedValue,
    ) -> Option<Given> {
        let value = match value {
            AssignedValue::Value(value) => value,
            AssignedValue::Missing(span) => {
                if !input.ty.optional {
                    self.report(
                        Diagnostic::error(
                            codes::CANNOT_SET,
                            format!("`{name}` is never missing"),
                            *span,
                        )
                        .evidence(input.span, "declared without `?`")
                        .help("give it a value"),
                    );
                }
                return Some(Given::Missing);
            }
            other => {
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_SET,
                        format!("`{name}` takes a value, or `missing`"),
                        other.span(),
                    )
                    .evidence(input.span, "declared here")
                    .help("write a value of its type"),
                );
                return None;
            }
        };
        let literal = self.constant(value, input.ty.ty)?;
        if input.missing_when.as_ref() == Some(&literal) {
            return Some(match input.ty.optional {
                true => Given::Missing,
                false => Given::Default,
            });
        }
        self.check_digits(&literal, input.ty, value.span);
        let (range, declared) = (input.range.as_ref(), Some(input.span));
        self.check_inside(&literal, range, name, declared, value.span);
        Some(Given::Value(literal))
    }

    /// Takes the elements of a list; `None` where one was reported. Recursion
    /// follows brackets, which are capped.
    pub(super) fn given_list(
        &mut self,
        list: ListId,
        values: &[AssignedValue],
        span: Span,
    ) -> Option<Vec<ir::GivenElement>> {
        if values.len() > MAX_LIST {
            self.report(
                Diagnostic::error(
                    codes::LIST_SIZE,
                    format!("a list of a case has at most {MAX_LIST} elements"),
                    span,
                )
                .label(format!("{} elements", values.len()))
                .help("list fewer"),
            );
            return None;
        }
        let elements: Vec<Option<ir::GivenElement>> = values
            .iter()
            .map(|value| self.given_element(list, value))
            .collect();
        elements.into_iter().collect()
    }

    fn given_element(&mut self, list: ListId, value: &AssignedValue) -> Option<ir::GivenElement> {
        let head = self.list_heads.get(list.position())?;
        let name = self.lists[list].name.clone();
        let is_record = !head.names.is_empty();
        match value {
            AssignedValue::Record(assignments, span) if is_record => {
                self.given_record(list, assignments, *span)
            }
            AssignedValue::Value(_) | AssignedValue::Missing(_) if !is_record => {
                let field = self.lists[list].fields.first()?.clone();
                let value = self.given(&field, &name, value)?;
                Some(ir::GivenElement {
                    fields: vec![or_default(&field, value)],
                    lists: Vec::new(),
                })
            }
            other => {
                let fields = &self.lists[list].fields;
                let help = match fields.first().filter(|_| is_record) {
                    Some(field) => format!("write its fields: `{{ {} = …, … }}`", field.name),
                    None => "write a value, or `missing`".to_owned(),
                };
                let what = if is_record { "records" } else { "values" };
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_SET,
                        format!("the elements of `{name}` are {what}"),
                        other.span(),
                    )
                    .evidence(self.lists[list].span, "declared here")
                    .help(help),
                );
                None
            }
        }
    }

    fn given_record(
        &mut self,
        list: ListId,
        assignments: &[Assignment],
        span: Span,
    ) -> Option<ir::GivenElement> {
        let fields = self.lists[list].fields.clone();
        let mut values: Vec<Option<Option<Literal>>> = fields
            .iter()
            .map(|field| match &field.default {
                Some(default) => Some(Some(default.clone())),
                None => field.ty.optional.then_some(None),
            })
            .collect();
        let mut lists = Vec::new();
        let mut set: HashMap<String, Span> = HashMap::new();
        let mut sound = true;
        let mut misspelt = false;
        for assignment in assignments {
            let name = written(&assignment.path, assignment.index);
            let place = assignment.path.span;
            if let Some(before) = set.insert(name.clone(), place) {
                self.set_twice(&name, place, before);
                continue;
            }
            let head = self.list_heads.get(list.position())?;
            match head.names.get(&name) {
                Some((Member::Field(position), _)) => {
                    let (position, field) = (*position, fields.get(*position)?);
                    let value = self.given(field, &name, &assignment.value);
                    sound &= value.is_some();
                    if let (Some(value), Some(slot)) = (value, values.get_mut(position)) {
                        *slot = Some(or_default(field, value));
                    }
                }
                Some((Member::List(inner), declared)) => {
                    let (inner, declared) = (*inner, *declared);
                    let AssignedValue::List(values, span) = &assignment.value else {
                        self.no_list_given(&name, place, declared);
                        sound = false;
                        continue;
                    };
                    match self.given_list(inner, values, *span) {
                        Some(elements) => lists.push((inner, elements)),
                        None => sound = false,
                    }
                }
                Some((Member::Broken, _)) => sound = false,
                Some((Member::Fields, _)) | None => {
                    misspelt = true;
                    self.no_such_field(list, &name, place);
                }
            }
        }
        // A misspelt name may be the one that is lacking.
        if misspelt {
            return None;
        }
        if let Some(lacking) = self.lacking_in_element(list, &values, &set) {
            self.element_lacks(list, &lacking, span);
            return None;
        }
        if !sound {
            return None;
        }
        Some(ir::GivenElement {
            fields: values.into_iter().collect::<Option<_>>()?,
            lists,
        })
    }

    /// The first field, or list within, that an element must have and does not.
    fn lacking_in_element(
        &self,
        list: ListId,
        values: &[Option<Option<Literal>>],
        set: &HashMap<String, Span>,
    ) -> Option<String> {
        let fields = self.lists[list].fields.iter().zip(values);
        let mut lacking =
            fields.filter(|(field, value)| value.is_none() && !set.contains_key(&*field.name));
        if let Some((field, _)) = lacking.next() {
            return Some(field.name.to_string());
        }
        let mut inner = self.lists.iter().filter(|inner| {
            inner.within == Some(list) && !inner.default_empty && !set.contains_key(&*inner.name)
        });
        inner.next().map(|inner| inner.name.to_string())
    }

    fn element_lacks(&mut self, list: ListId, field: &str, span: Span) {
        let declared = self.lists[list].span;
        self.report(
            Diagnostic::error(
                codes::INPUT_NOT_GIVEN,
                format!("this element lacks `{field}`"),
                span,
            )
            .evidence(declared, "an element of this list")
            .help(format!("add `{field} = …`")),
        );
    }

    fn no_list_given(&mut self, name: &str, span: Span, declared: Span) {
        self.report(
            Diagnostic::error(
                codes::CANNOT_SET,
                format!("`{name}` is set to a list"),
                span,
            )
            .evidence(declared, "declared as a list")
            .help(format!("list its elements in order: `{name} = [ … ]`")),
        );
    }

    fn no_such_field(&mut self, list: ListId, name: &str, span: Span) {
        let Some(head) = self.list_heads.get(list.position()) else {
            return;
        };
        if self.names.unread {
            return;
        }
        let known = head.names.iter();
        let known = known.filter(|(_, (member, _))| *member != Member::Fields);
        let help = match self.close(name, known.map(|(name, _)| name.as_str())) {
            Some(close) => close.meant(),
            None => "name a field of its record".into(),
        };
        let headline = format!(
            "the elements of `{}` have no `{name}`",
            self.lists[list].name
        );
        let declared = self.lists[list].span;
        self.report(
            Diagnostic::error(codes::UNKNOWN_NAME, headline, span)
                .evidence(declared, "declared here")
                .help(help),
        );
    }
}

fn or_default(field: &ir::Input, value: Given) -> Option<Literal> {
    match value {
        Given::Value(value) => Some(value),
        Given::Missing => None,
        Given::Default => field.default.clone(),
    }
}

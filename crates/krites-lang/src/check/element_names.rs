//! Names that are none within elements, and what is meant instead.

use super::element_path::beginnings;
use super::elements::{Elements, Of};
use super::list::Member;
use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, codes};
use crate::ids::ListId;
use crate::{Diagnostic, Id as _, Span, ast};

impl Checker<'_> {
    /// Reports a name that is there for each element alone, or for none; tells
    /// whether it is such a one.
    pub(super) fn unknown_of_elements(&mut self, path: &ast::Path) -> bool {
        let name = &path.text;
        let inside = self
            .scopes
            .iter()
            .any(|scope| matches!(scope, Scope::Elements(_)));
        if name == "each" && inside {
            let help = "name one of its fields".to_owned();
            self.element_is_a_record("each element", path.span, help);
            return true;
        }
        let Some((list, rest)) = self.list_meant(name) else {
            return false;
        };
        let names = self.list_heads.get(list.position()).map(|head| &head.names);
        let through = names.is_some_and(|names| {
            beginnings(rest)
                .any(|(front, _)| matches!(names.get(front), Some((Member::List(_), _))))
        });
        let outer = name
            .strip_suffix(rest)
            .unwrap_or(name)
            .trim_end_matches('.');
        let help = match through {
            true => {
                format!("say what is made of them, as in `sum of (sum of {rest}) over {outer}`")
            }
            false => format!("say what is made of them, as in `first of {name} if none …`"),
        };
        let list = &self.lists[list];
        let diagnostic = Diagnostic::error(
            codes::FIELD_OF_ELEMENTS,
            format!("`{name}` is no value: each element has its own"),
            path.span,
        )
        .evidence(list.span, "this is a list")
        .help(help);
        self.report(diagnostic);
        true
    }

    pub(super) fn through_two_lists(
        &mut self,
        path: &ast::Path,
        (outer, inner, rest): (&str, &str, &str),
        declared: Span,
        kind: ast::AggregateKind,
    ) {
        use ast::AggregateKind::{Any, Count, Every, Max, Min, Sum};
        let help = match kind {
            Count => format!("write `sum of (count of {rest}) over {outer}`"),
            Sum => format!("write `sum of (sum of {rest}) over {outer}`"),
            Min => format!("write `min of (min of {rest} if none …) over {outer}`"),
            Max => format!("write `max of (max of {rest} if none …) over {outer}`"),
            Any => format!("write `any of {outer} where (any {rest} …)`"),
            Every => format!("write `every of {outer} where (every {rest} …)`"),
            _ => format!("look at the inner list within brackets: `(sum of {rest})`"),
        };
        self.report(
            Diagnostic::error(
                codes::THROUGH_TWO_LISTS,
                format!("`{}` leads through two lists", path.text),
                path.span,
            )
            .evidence(declared, format!("`{inner}` is a list within `{outer}`"))
            .help(help),
        );
    }

    /// The names within the elements at hand, for "did you mean".
    pub(super) fn element_names(&self) -> impl Iterator<Item = &str> {
        let heads = self.scopes.iter().rev().filter_map(|scope| match scope {
            Scope::Elements(Elements {
                of: Of::List { list, .. },
                ..
            }) => self.list_heads.get(list.position()),
            Scope::Elements(_) | Scope::Row(_) | Scope::Function(_) => None,
        });
        heads.flat_map(|head| head.names.keys().map(String::as_str))
    }

    /// Values that are named below a name, where it stands for a record.
    pub(super) fn named_below(&self, name: &str) -> Vec<String> {
        let below = format!("{name}.");
        for scope in self.scopes.iter().rev() {
            let Scope::Elements(elements) = scope else {
                break;
            };
            let Of::List { list, .. } = elements.of else {
                continue;
            };
            let Some(head) = self.list_heads.get(list.position()) else {
                continue;
            };
            if head.names.contains_key(name) {
                let names = head.names.range(below.clone()..);
                let fields = names
                    .take_while(|(name, _)| name.starts_with(&below))
                    .filter(|(_, (member, _))| matches!(member, Member::Field(_)));
                return fields.map(|(name, _)| name.clone()).collect();
            }
        }
        let values = self.names.below(&below);
        let values = values.filter(|(_, meaning, _)| matches!(meaning, Meaning::Value(_)));
        values.map(|(name, ..)| name.to_owned()).collect()
    }

    /// What may be named instead of a list as a value.
    pub(super) fn of_a_list(&self, list: ListId, written: &str) -> String {
        let fields = &self.lists[list].fields;
        match fields.iter().find(|field| !field.name.is_empty()) {
            Some(field) => format!(
                "say what is made of its elements: `count of {written}`, `first of {written}.{} if none …`",
                field.name
            ),
            None => format!("say what is made of its elements, as in `count of {written}`"),
        }
    }
}

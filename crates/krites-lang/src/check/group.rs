//! Groups of inputs on request: what is in them, how old they may be, what follows
//! where they are not there.

use super::names::Meaning;
use super::record::Prefix;
use super::{Checker, codes};
use crate::ast::{self, Unit};
use crate::ids::{GroupId, InputId, ListId};
use crate::ir::{self, Value};
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Declares a group, and the inputs within it.
    pub(super) fn declare_group(&mut self, decl: &'a ast::GroupDecl) {
        let (name, span) = (&decl.path.text, decl.path.span);
        if let Some((above, declared)) = self.parent_input(name)
            && above.len() < name.len()
        {
            self.report_below(name, span, &above, declared);
            let _ = self.names.insert(name, Meaning::Broken, span);
            return;
        }
        let group = self.groups.push(ir::Group {
            name: name.as_str().into(),
            wire: decl
                .wire
                .as_ref()
                .map_or(name, |wire| &wire.text)
                .as_str()
                .into(),
            inputs: Vec::new(),
            lists: Vec::new(),
            as_of: None,
            stale_after: None,
            on_fault: None,
            doc: decl.doc.as_ref().map(|doc| doc.text.clone()),
            span,
        });
        self.group_decls.push(decl);
        if !self.declare(name, Meaning::Group(group), span) {
            return;
        }
        self.check_group_wire(decl);
        let prefix = Prefix {
            name: name.clone(),
            wire: self.groups[group].wire.to_string(),
            private: decl.private.is_some(),
            renamed: decl.wire.as_ref().map(|wire| wire.span),
            group: Some(group),
        };
        let fields = self.fields_held(&decl.fields);
        if !decl.fields.is_empty() {
            let _ = self.spread_below(&fields, &prefix, None);
        }
    }

    fn check_group_wire(&mut self, decl: &ast::GroupDecl) {
        let Some(wire) = decl.wire.as_ref().filter(|wire| wire.text.is_empty()) else {
            return;
        };
        self.report(
            Diagnostic::error(
                codes::WIRE_NAME,
                format!("`{}` has no name on the wire", decl.path.text),
                wire.span,
            )
            .help("write the name that the facts have for it"),
        );
    }

    /// Finds what each group holds, once all inputs are declared.
    pub(super) fn settle_groups(&mut self) {
        for (id, input) in self.inputs.iter_ids() {
            if let Some(group) = input.group {
                self.groups[group].inputs.push(id);
            }
        }
        for (id, list) in self.lists.iter_ids() {
            if let Some(group) = list.group {
                self.groups[group].lists.push(id);
            }
        }
        for (group, decl) in self.groups_written() {
            self.check_names_inside(group);
            self.check_sure(group, decl);
            self.check_age(group, decl);
        }
        self.check_group_currencies();
    }

    fn groups_written(&self) -> Vec<(GroupId, &'a ast::GroupDecl)> {
        let ids = self.groups.iter_ids().map(|(id, _)| id);
        ids.zip(self.group_decls.iter().copied()).collect()
    }

    /// Reports inputs that go by a name below a group's and are given apart.
    fn check_names_inside(&mut self, group: GroupId) {
        let name = self.groups[group].name.clone();
        let is_outside = |meaning: Meaning| match meaning {
            Meaning::Value(Value::Input(_)) | Meaning::List(_) | Meaning::Series(_) => {
                self.group_of(meaning).is_none()
            }
            Meaning::Group(_) => true,
            _ => false,
        };
        let outside: Vec<(String, Span)> = self
            .names
            .below(&format!("{name}."))
            .filter(|(_, meaning, _)| is_outside(*meaning))
            .map(|(name, _, span)| (name.to_owned(), span))
            .collect();
        let declared = self.groups[group].span;
        for (input, span) in outside {
            self.report(
                Diagnostic::error(
                    codes::OUTSIDE_OF_GROUP,
                    format!("`{input}` goes by the name of `{name}`, and is not given with it"),
                    span,
                )
                .evidence(declared, "given on request, as a whole")
                .help("write it in the block of the group, or give it another name"),
            );
        }
    }

    /// Reports a group in which nothing is sure to be there: whether it was given
    /// could not be told.
    fn check_sure(&mut self, group: GroupId, decl: &ast::GroupDecl) {
        let found = &self.groups[group];
        let sure = |id: &InputId| {
            let input = &self.inputs[*id];
            !input.ty.optional && input.default.is_none()
        };
        let sure_list = |id: &ListId| !self.lists[*id].default_empty;
        if self.names.unread || found.inputs.iter().any(sure) || found.lists.iter().any(sure_list) {
            return;
        }
        let name = &decl.path.text;
        self.report(
            Diagnostic::error(
                codes::NOTHING_SURE,
                format!("nothing in `{name}` is sure to be there"),
                decl.path.span,
            )
            .label("whether it was given cannot be told")
            .help("add an input without `?` and without a default, such as `as_of : date`"),
        );
    }

    /// Checks the day that a group's values are of.
    fn check_age(&mut self, group: GroupId, decl: &ast::GroupDecl) {
        let name = &decl.path.text;
        let as_of = self.as_of(name);
        let usable = as_of.filter(|id| {
            let input = &self.inputs[*id];
            let dated = matches!(input.ty.ty, Ty::Date | Ty::DateTime);
            dated && !input.ty.optional && input.default.is_none()
        });
        self.groups[group].as_of = usable;
        let Some(stale) = decl.stale_after else {
            return;
        };
        if matches!(stale.unit, Unit::Seconds | Unit::Minutes | Unit::Hours) {
            self.report(
                Diagnostic::error(
                    codes::STALE_UNIT,
                    "how old a group may be is counted in days, weeks, months or years",
                    stale.span,
                )
                .label("a case is decided on a day, not at an hour")
                .help("write `stale after 1 day`"),
            );
            return;
        }
        match (usable, as_of) {
            (Some(id), _) => {
                if self.inputs[id].ty.ty == Ty::DateTime {
                    self.zone("the day of a datetime", self.inputs[id].span);
                }
                self.reads_date.get_or_insert(stale.span);
                self.groups[group].stale_after = Some(ir::Age {
                    count: stale.count,
                    unit: stale.unit,
                });
            }
            (None, Some(id)) => {
                let declared = self.inputs[id].span;
                let headline = format!("how old `{name}` is cannot be told from `{name}.as_of`");
                self.report_as_of(headline, stale.span, Some(declared));
            }
            (None, None) if self.names.unread => {}
            (None, None) => {
                let headline = format!("how old `{name}` is cannot be told: it has no `as_of`");
                self.report_as_of(headline, stale.span, None);
            }
        }
    }

    /// The input `as_of` of a group.
    fn as_of(&self, name: &str) -> Option<InputId> {
        match self.names.get(&format!("{name}.as_of"))? {
            (Meaning::Value(Value::Input(id)), _) => Some(id),
            _ => None,
        }
    }

    fn report_as_of(&mut self, headline: String, span: Span, declared: Option<Span>) {
        let mut diagnostic = Diagnostic::error(codes::AS_OF, headline, span);
        if let Some(declared) = declared {
            let label = "a `date` or `datetime` without `?` and without a default tells it";
            diagnostic = diagnostic.evidence(declared, label);
        }
        self.report(diagnostic.help("declare it in the group: `as_of : date`"));
    }

    /// Reports amounts in a currency that only another group says.
    fn check_group_currencies(&mut self) {
        let listed = self
            .lists
            .iter_ids()
            .filter(|(_, list)| list.within.is_none());
        let of_lists =
            listed.flat_map(|(_, list)| list.fields.iter().map(move |field| (field, list.group)));
        let of_inputs = self.inputs.iter().map(|input| (input, input.group));
        let apart: Vec<(Span, InputId)> = of_inputs
            .chain(of_lists)
            .filter_map(|(input, group)| match input.ty.ty {
                Ty::MoneyOf(currency) => {
                    let named_in = self.inputs[currency].group;
                    let apart = named_in.is_some() && named_in != group;
                    apart.then_some((input.span, currency))
                }
                _ => None,
            })
            .collect();
        for (span, currency) in apart {
            let currency = &self.inputs[currency];
            let (name, declared) = (currency.name.clone(), currency.span);
            self.report(
                Diagnostic::error(
                    codes::GROUP_CURRENCY,
                    format!(
                        "the currency is given on request, with `{name}`, and the amount is not"
                    ),
                    span,
                )
                .evidence(declared, "given with its group alone")
                .help("let an input outside of the group name the currency"),
            );
        }
    }

    /// Finds what a fault of each group leads to.
    pub(super) fn check_group_faults(&mut self) {
        for (group, decl) in self.groups_written() {
            if let Some(on_fault) = &decl.on_fault {
                self.groups[group].on_fault = self.handling(on_fault);
                continue;
            }
            if self.header_handles_faults() {
                continue;
            }
            let name = &decl.path.text;
            self.report(
                Diagnostic::error(
                    codes::NOT_GIVEN_UNHANDLED,
                    format!("nothing says what happens when `{name}` is not given"),
                    decl.path.span,
                )
                .help("add `on fault refer because …` to the group or to the policy header"),
            );
        }
    }
}

//! What policies share: names of other files, named lists, functions.

use super::expr::{self, whole};
use super::items::{alone, titled};
use super::lines::{Entry, Writer};
use super::phrase::{COLUMNS, Phrase, width};
use super::{lookup, names, types};
use crate::ast::{ExprKind, FunctionDecl, ListValues, NamedListDecl, UseDecl};

impl Writer<'_> {
    pub(super) fn function(&mut self, function: &FunctionDecl, at: u32) {
        let mut head = function_head(function);
        head.push(" =");
        self.open(at, head);
        for binding in &function.bindings {
            let name = names::declared(&binding.name.text);
            let line = super::fields::defined(&name, binding.ty.as_ref(), &binding.value);
            self.entry(binding.span.start, line);
        }
        let mut value = Phrase::default();
        whole(&function.value, &mut value);
        self.entry(function.value.span.start, alone(value));
        self.close(at);
    }
}

pub(super) fn use_decl(decl: &UseDecl) -> Entry {
    let mut line = Phrase::from("use ");
    names::list(&decl.names, &mut line);
    line.push(" from ");
    line.push(&names::text(&decl.from.text));
    alone(line)
}

pub(super) fn named_list(list: &NamedListDecl) -> Entry {
    let mut line = Phrase::default();
    match &list.values {
        ListValues::File(file) => lookup::list_file(file, &mut line),
        ListValues::Written(values) => {
            line.push("= ");
            for (at, value) in values.iter().enumerate() {
                expr::separate(at, &mut line);
                match &value.kind {
                    ExprKind::Text(word) if names::is_plain(word) && !word.contains('.') => {
                        line.push(word);
                    }
                    _ => whole(value, &mut line),
                }
            }
        }
    }
    Entry {
        columns: vec![titled("list", &list.name.text, None)],
        parts: vec![line],
    }
}

fn function_head(function: &FunctionDecl) -> Phrase {
    let mut head = titled("function", &function.name.text, None);
    head.open("(");
    for (at, parameter) in function.parameters.iter().enumerate() {
        expr::separate(at, &mut head);
        head.push(&names::declared(&parameter.name.text));
        head.push(" : ");
        types::write(&parameter.ty, &mut head);
        super::fields::in_range(parameter.range.as_ref(), &mut head);
    }
    head.close(")");
    head.push(" : ");
    types::write(&function.ty, &mut head);
    head
}

/// Writes a function without values of its own, where it fits on a line.
pub(super) fn one_line_function(function: &FunctionDecl) -> Option<Entry> {
    if !function.bindings.is_empty() {
        return None;
    }
    let mut line = function_head(function);
    line.push(" = ");
    whole(&function.value, &mut line);
    (width(line.flat()) <= COLUMNS).then(|| alone(line))
}

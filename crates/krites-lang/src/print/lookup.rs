//! Lookups, lists from files, and what reads a lookup.

use super::arithmetic::signed;
use super::expr::{Level, level, separate, whole};
use super::items::{alone, titled};
use super::lines::Entry;
use super::phrase::Phrase;
use super::{names, time, types};
use crate::ast::{Expr, ExprKind, FileColumn, IfNone, ListFile, LookupDecl, LookupUse};

/// Writes a lookup.
pub(super) fn lookup(decl: &LookupDecl) -> Entry {
    let mut line = titled("lookup", &decl.name.text, None);
    line.push(" from ");
    line.push(&names::text(&decl.file.text));
    line.push(" key ");
    column(&decl.key, &mut line);
    line.push(" -> ");
    for (at, found) in decl.columns.iter().enumerate() {
        separate(at, &mut line);
        column(found, &mut line);
    }
    alone(line)
}

fn column(column: &FileColumn, out: &mut Phrase) {
    out.push(&names::declared(&column.name.text));
    out.push(" : ");
    types::write(&column.ty, out);
}

/// Writes where the values of a list stand.
pub(super) fn list_file(file: &ListFile, out: &mut Phrase) {
    out.push(": ");
    types::write(&file.ty, out);
    out.push(" from ");
    out.push(&names::text(&file.file.text));
    if let Some(column) = &file.column {
        out.push(" column ");
        out.push(&names::text(&column.text));
    }
}

/// Writes `routing(intent).queue if none general`.
pub(super) fn looked_up(looked_up: &LookupUse, out: &mut Phrase) {
    out.name(&looked_up.lookup.text);
    out.open("(");
    for (at, argument) in looked_up.arguments.iter().enumerate() {
        separate(at, out);
        whole(argument, out);
    }
    out.close(")");
    out.push(".");
    out.push(&names::behind_dot(&looked_up.column.text));
    match &looked_up.if_none {
        None => {}
        Some(IfNone::Fault) => out.push(" if none fault"),
        Some(IfNone::Value(value)) => {
            out.push(" if none ");
            out.beware(names::FAULT);
            plain(value, out);
        }
    }
}

/// Writes what stands in for a row: a value with its sign and unit, all else in
/// brackets.
fn plain(value: &Expr, out: &mut Phrase) {
    match &value.kind {
        ExprKind::Quantity { amount, unit } if level(amount) == Level::Value => {
            time::quantity(amount, *unit, out);
        }
        _ => signed(value, Level::Value, out),
    }
}

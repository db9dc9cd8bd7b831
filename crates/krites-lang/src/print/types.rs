//! Written types.

use super::names;
use super::phrase::Phrase;
use crate::ast::{TypeExpr, TypeKind};

/// Writes a type.
pub(super) fn write(ty: &TypeExpr, out: &mut Phrase) {
    let mut ty = ty;
    let mut optional = ty.optional;
    while let TypeKind::List(inner) = &ty.kind {
        out.push("list of ");
        ty = inner;
        optional |= ty.optional;
    }
    match &ty.kind {
        TypeKind::Integer => out.push("integer"),
        TypeKind::Decimal(digits) => with_digits("decimal", *digits, out),
        TypeKind::Percent(digits) => with_digits("percent", *digits, out),
        TypeKind::Money {
            currency,
            unrounded,
        } => {
            out.push("money(");
            out.name(&currency.text);
            out.push(if *unrounded { ") unrounded" } else { ")" });
        }
        TypeKind::Boolean => out.push("boolean"),
        TypeKind::Text => out.push("text"),
        TypeKind::Date => out.push("date"),
        TypeKind::Datetime => out.push("datetime"),
        TypeKind::Duration => out.push("duration"),
        TypeKind::Named(name) => out.push(&names::type_name(&name.text)),
        TypeKind::List(_) => {}
    }
    if optional {
        out.push("?");
    }
}

fn with_digits(word: &str, digits: Option<u32>, out: &mut Phrase) {
    out.push(word);
    if let Some(digits) = digits {
        out.push(&format!("({digits})"));
    }
}
